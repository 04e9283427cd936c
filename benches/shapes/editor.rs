//! The language server on one file: it is opened, keys are typed in its middle, and a completion is requested after
//! each.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

/// The number of typed keys.
const KEYS: i32 = 4;

/// Runs a server through one session. Returns whether it answered every request, and how many bytes it sent.
pub(crate) fn run(mut server: Command, folder: &Path) -> (bool, usize) {
    let mut server =
        server.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server starts");
    let input = server.stdin.take().expect("a pipe");
    let output = BufReader::new(server.stdout.take().expect("a pipe"));
    let mut editor = Editor { input, output, asked: 0, bytes: 0 };
    let has_answered = editor.session(folder).is_some();
    let bytes = editor.bytes;
    drop(editor);
    let status = server.wait().expect("a child can be waited for");
    (has_answered && status.code().is_some(), bytes)
}

struct Editor {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    asked: i32,
    bytes: usize,
}

impl Editor {
    /// One whole session. None if the server ends earlier.
    fn session(&mut self, folder: &Path) -> Option<()> {
        let root = url::Url::from_file_path(folder).expect("an absolute path").to_string();
        let file = url::Url::from_file_path(folder.join("a.yaml")).expect("an absolute path").to_string();
        let text = std::fs::read_to_string(folder.join("a.yaml")).expect("the file of the shape");
        let folders = json!([{ "uri": root, "name": "claims" }]);
        self.request("initialize", &json!({ "capabilities": {}, "workspaceFolders": folders }))?;
        self.notify("initialized", &json!({}))?;
        let document = json!({ "uri": file, "languageId": "yaml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }))?;
        let lines = text.lines().count();
        let line = lines / 2;
        let column = text.lines().nth(line).unwrap_or_default().encode_utf16().count();
        let here = json!({ "line": line, "character": column });
        for key in 0..KEYS {
            let document = json!({ "uri": file, "version": key + 2 });
            let change = json!({ "range": { "start": here, "end": here }, "text": "x" });
            self.notify(
                "textDocument/didChange",
                &json!({ "textDocument": document, "contentChanges": [change] }),
            )?;
            self.request(
                "textDocument/completion",
                &json!({ "textDocument": { "uri": file }, "position": here }),
            )?;
            self.request("textDocument/diagnostic", &json!({ "textDocument": { "uri": file } }))?;
        }
        self.request("shutdown", &Value::Null)?;
        self.notify("exit", &Value::Null)
    }

    fn request(&mut self, method: &str, params: &Value) -> Option<()> {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(&Request::new(id.clone(), method.to_owned(), params).into())?;
        loop {
            let answer = self.receive()?;
            if answer.method.is_none() && answer.id.as_ref() == Some(&id) {
                return Some(());
            }
        }
    }

    fn notify(&mut self, method: &str, params: &Value) -> Option<()> {
        self.send(&Notification::new(method.to_owned(), params).into())
    }

    fn send(&mut self, message: &Message) -> Option<()> {
        message.write(&mut self.input).ok()?;
        self.input.flush().ok()
    }

    /// The next message. None if the server has ended.
    fn receive(&mut self) -> Option<MessageHead> {
        let mut size = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", bytes)) => size = bytes.parse().ok()?,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; size];
        self.output.read_exact(&mut body).ok()?;
        self.bytes += size;
        serde_json::from_slice(&body).ok()
    }
}

/// The parsed part of a message: requests and notifications of the server have a method, responses have none.
#[derive(serde::Deserialize)]
struct MessageHead {
    id: Option<RequestId>,
    method: Option<String>,
}
