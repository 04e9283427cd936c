//! An editor for tests, which talks to a server in a thread or to `gainsay lsp`.
#![expect(clippy::needless_pass_by_value, reason = "`json!` is written as an argument")]

use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::Arc;

use gainsay::lsp::LspSettings;
use gen_lsp_types as lsp;
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use crate::support::TIMEOUT;

/// An editor with one folder open.
pub(crate) struct Client {
    transport: Transport,
    pub(crate) root: PathBuf,
    asked: i32,
    /// Messages of the server that no test has read yet.
    notifications: Vec<Notification>,
    /// Requests of the server to the editor; each is answered with `null`.
    pub(crate) asks: Vec<Request>,
    pub(crate) capabilities: Value,
}

enum Transport {
    Memory(Connection, Option<std::thread::JoinHandle<()>>),
    Process(Child, ChildStdin, BufReader<ChildStdout>),
}

impl Client {
    /// Starts a server in this process; `capabilities` holds the capabilities of the editor.
    pub(crate) fn start(root: &Path, capabilities: Value) -> Self {
        Self::start_with(root, capabilities, LspSettings { grace: Some(TIMEOUT), ..LspSettings::default() })
    }

    /// Starts a server in this process with other settings.
    pub(crate) fn start_with(root: &Path, capabilities: Value, settings: LspSettings) -> Self {
        let (theirs, ours) = Connection::memory();
        let serve = move || {
            let desk = |_: &Path, _: Option<&Path>| Ok("http://127.0.0.1:4880/".to_owned());
            let watch = |_: &Path, _| {};
            gainsay::lsp::serve(&theirs.receiver, &theirs.sender, settings, Arc::new(desk), Arc::new(watch))
                .unwrap();
        };
        Self::initialized(Transport::Memory(ours, Some(std::thread::spawn(serve))), root, &capabilities)
    }

    /// Starts the program and talks to it over its standard input and output.
    pub(crate) fn spawn(root: &Path, capabilities: Value) -> Self {
        let mut child = crate::support::program()
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self::initialized(Transport::Process(child, input, output), root, &capabilities)
    }

    fn initialized(transport: Transport, root: &Path, capabilities: &Value) -> Self {
        let root = root.canonicalize().unwrap();
        let mut client = Self {
            transport,
            root,
            asked: 0,
            notifications: Vec::new(),
            asks: Vec::new(),
            capabilities: Value::Null,
        };
        let folder = json!({ "uri": client.uri(""), "name": "claims" });
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": [folder] });
        let answer = client.call("initialize", params).unwrap();
        client.capabilities = answer["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    /// The URI of a file of the folder.
    pub(crate) fn uri(&self, file: &str) -> lsp::Uri {
        let path = if file.is_empty() { self.root.clone() } else { self.root.join(file) };
        lsp::Uri::from(url::Url::from_file_path(path).unwrap().as_str())
    }

    pub(crate) fn open(&mut self, file: &str, text: &str) {
        let document = json!({ "uri": self.uri(file), "languageId": "yaml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces a whole text.
    pub(crate) fn write(&mut self, file: &str, version: i32, text: &str) {
        self.change(file, version, &json!([{ "text": text }]));
    }

    /// Sends `changes` in the form of the protocol.
    pub(crate) fn change(&mut self, file: &str, version: i32, changes: &Value) {
        let document = json!({ "uri": self.uri(file), "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    pub(crate) fn close(&mut self, file: &str) {
        let document = json!({ "uri": self.uri(file) });
        self.notify("textDocument/didClose", json!({ "textDocument": document }));
    }

    /// Waits for the diagnostics of a version of an open file.
    pub(crate) fn diagnostics(&mut self, file: &str, version: i32) -> Vec<lsp::Diagnostic> {
        let uri = self.uri(file);
        loop {
            let at = self.notifications.iter().position(|it| {
                it.method == "textDocument/publishDiagnostics"
                    && it.params["uri"] == json!(uri)
                    && it.params["version"] == json!(version)
            });
            if let Some(at) = at {
                let published = self.notifications.remove(at);
                return serde_json::from_value(published.params["diagnostics"].clone()).unwrap();
            }
            self.receive();
        }
    }

    /// Waits until the published diagnostics of a URI are as wanted.
    pub(crate) fn published(&mut self, uri: &lsp::Uri, wanted: impl Fn(&[lsp::Diagnostic]) -> bool) {
        loop {
            for params in self.messages_of("textDocument/publishDiagnostics") {
                let published: lsp::PublishDiagnosticsParams = serde_json::from_value(params).unwrap();
                if published.uri == *uri && wanted(&published.diagnostics) {
                    return;
                }
            }
            self.receive();
        }
    }

    /// Requests the diagnostics of a file.
    pub(crate) fn pulled(&mut self, uri: &lsp::Uri) -> Vec<lsp::Diagnostic> {
        let report = self.call("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } })).unwrap();
        serde_json::from_value(report["items"].clone()).unwrap()
    }

    /// Sends a typed request and returns its result.
    pub(crate) fn ask<R: lsp::Request>(&mut self, params: Value) -> R::Result {
        let answer = self.call(R::METHOD.as_str(), params);
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error:?}", R::METHOD.as_str()));
        serde_json::from_value(answer).unwrap()
    }

    /// Request parameters for a place in a file. `marked` is a piece of its text with `|` at the cursor.
    pub(crate) fn at(&self, file: &str, text: &str, marked: &str) -> Value {
        let (before, after) = marked.split_once('|').expect("the marked text has a cursor");
        let start = text.find(&format!("{before}{after}")).unwrap_or_else(|| panic!("`{marked}` in {text}"));
        let position = position(text, start + before.len());
        json!({ "textDocument": { "uri": self.uri(file) }, "position": position })
    }

    /// Sends a request and waits for its response.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Result<Value, lsp_server::ResponseError> {
        let id = self.send_request(method, params);
        self.response_to(&id)
    }

    /// Sends a request whose response is read later.
    pub(crate) fn send_request(&mut self, method: &str, params: Value) -> RequestId {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(Request::new(id.clone(), method.to_owned(), params).into());
        id
    }

    /// Waits for the response to a request; other messages are kept.
    pub(crate) fn response_to(&mut self, id: &RequestId) -> Result<Value, lsp_server::ResponseError> {
        loop {
            if let Some(response) = self.receive().filter(|response| response.id == *id) {
                return response.response_result;
            }
        }
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params).into());
    }

    /// The parameters of all messages with this method so far.
    pub(crate) fn messages_of(&mut self, method: &str) -> Vec<Value> {
        let (wanted, rest) =
            std::mem::take(&mut self.notifications).into_iter().partition(|it| it.method == method);
        self.notifications = rest;
        let wanted: Vec<Notification> = wanted;
        wanted.into_iter().map(|it| it.params).collect()
    }

    pub(crate) fn send(&mut self, message: Message) {
        match &mut self.transport {
            Transport::Memory(connection, _) => connection.sender.send(message).unwrap(),
            Transport::Process(_, input, _) => {
                message.write(input).unwrap();
                input.flush().unwrap();
            }
        }
    }

    /// Reads the next message: returns a response, keeps a notification, answers a request.
    pub(crate) fn receive(&mut self) -> Option<Response> {
        let message = match &mut self.transport {
            Transport::Memory(connection, _) => {
                connection.receiver.recv_timeout(TIMEOUT).expect("the server sends a message")
            }
            Transport::Process(_, _, output) => {
                Message::read(output).unwrap().expect("the server is running")
            }
        };
        match message {
            Message::Response(response) => return Some(response),
            Message::Notification(notification) => self.notifications.push(notification),
            Message::Request(request) => {
                self.send(Response::new_ok(request.id.clone(), Value::Null).into());
                self.asks.push(request);
            }
        }
        None
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        assert_eq!(self.call("shutdown", Value::Null).unwrap(), Value::Null);
        self.notify("exit", Value::Null);
        match &mut self.transport {
            Transport::Memory(_, thread) => thread.take().unwrap().join().unwrap(),
            Transport::Process(child, ..) => assert!(child.wait().unwrap().success()),
        }
    }
}

/// The protocol position of a byte offset in the default encoding.
pub(crate) fn position(text: &str, byte: usize) -> Value {
    let before = &text[..byte];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": before[start..].encode_utf16().count() })
}
