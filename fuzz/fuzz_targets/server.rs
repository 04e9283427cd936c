//! Any sequence of messages to the language server: it never panics, and it answers every request once.
//!
//! The first byte describes the editor: the encoding in which it counts columns, its capabilities, and whether it waits
//! for each response or sends everything at once. A byte 0x1e separates messages. The first byte of a message is the
//! action, the next five are the place: the file, the line and column where a range begins, and its length. The rest is
//! the text, or an argument of a request.
#![no_main]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gainsay::lsp::{LspSettings, serve};
use libfuzzer_sys::fuzz_target;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// Short, so that some requests are answered without the analysis.
const GRACE: Duration = Duration::from_millis(2);

const FILES: [&str; 3] = ["claims.yaml", "other.yaml", "unsaved.yaml"];

/// The content of the disk when the server starts.
const CLAIMS: &str = "\
actors: { north: { name: The North }, south: {}, paper: {} }
events: { raid: { date: 2026-02-22, parties: [north, south] } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: injured, value: 36, at: p1 }
  south-toll: { by: south, about: raid, measure: injured, value: 90, at: p2 }
";
const OTHER: &str = "\
source: { id: paper-2, publisher: paper, published: 2026-06-02 }
claims:
  denied:
    by: south
    denies: [paper-1/north-toll]
    at: p1
";

const REQUESTS: [&str; 21] = [
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/signatureHelp",
    "textDocument/inlayHint",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/documentLink",
    "textDocument/codeLens",
    "textDocument/codeAction",
    "textDocument/formatting",
    "textDocument/rangeFormatting",
    "textDocument/diagnostic",
    "workspace/diagnostic",
    "workspace/symbol",
    "workspace/executeCommand",
    "gainsay/unheard-of",
];

const COMMANDS: [&str; 2] = ["gainsay.openDesk", "gainsay.explain"];

fuzz_target!(|data: &[u8]| {
    let Some((&kind, messages)) = data.split_first() else { return };
    let (theirs, ours) = Connection::memory();
    let mut editor =
        Editor { connection: &ours, asked: 0, answered: BTreeMap::new(), version: 1, waits: kind & 4 != 0 };
    if editor.waits {
        std::thread::scope(|scope| {
            scope.spawn(|| run_server(&theirs));
            editor.work(kind, messages);
        });
    } else {
        editor.work(kind, messages);
        run_server(&theirs);
    }
    while let Ok(message) = ours.receiver.try_recv() {
        editor.receive(message);
    }
    for id in 1..=editor.asked {
        assert_eq!(editor.answered.remove(&RequestId::from(id)), Some(1), "request {id}");
    }
    assert!(editor.answered.is_empty(), "responses to unknown requests: {:?}", editor.answered);
});

/// Runs the server until the editor exits.
fn run_server(connection: &Connection) {
    let no_desk = |_: &Path, _: Option<&Path>| Err("there is no desk".to_owned());
    let settings = LspSettings { grace: Some(GRACE), ..LspSettings::default() };
    let (desk, watch) = (Arc::new(no_desk), Arc::new(|_: &Path, _| {}));
    serve(&connection.receiver, &connection.sender, settings, desk, watch)
        .expect("the editor keeps to the protocol");
}

struct Editor<'a> {
    connection: &'a Connection,
    asked: i32,
    /// How often each request was answered.
    answered: BTreeMap<RequestId, usize>,
    version: i32,
    /// Whether the editor waits for each response.
    waits: bool,
}

impl Editor<'_> {
    /// Starts the session, sends all messages and ends the session.
    fn work(&mut self, kind: u8, messages: &[u8]) {
        let folder = json!({ "uri": uri(""), "name": "claims" });
        let capabilities = capabilities(kind);
        self.request(
            "initialize",
            json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": [folder] }),
        );
        self.notify("initialized", json!({}));
        for message in messages.split(|&byte| byte == 0x1e).take(64) {
            self.perform(message);
        }
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
    }

    fn receive(&mut self, message: Message) {
        match message {
            Message::Response(response) => *self.answered.entry(response.id).or_default() += 1,
            // Requests of the server are refused; it has to cope with that.
            Message::Request(request) => {
                let refusal =
                    Response::new_err(request.id, ErrorCode::MethodNotFound as i32, "no".to_owned());
                self.connection.sender.send(refusal.into()).ok();
            }
            Message::Notification(_) => {}
        }
    }

    /// Performs the action of a message. Every path is inside the folder, so that no run depends on another disk.
    fn perform(&mut self, message: &[u8]) {
        let [what, file, line, column, lines, columns, rest @ ..] = message else { return };
        let text = String::from_utf8_lossy(rest).into_owned();
        let uri = uri(FILES[usize::from(*file) % FILES.len()]);
        let start = json!({ "line": line, "character": column });
        let end = json!({ "line": line.saturating_add(*lines), "character": columns });
        let range = json!({ "start": start, "end": end });
        self.version += 1;
        let known = json!({ "uri": uri, "version": self.version });
        let changed = |change: Value| json!({ "textDocument": known.clone(), "contentChanges": [change] });
        match what {
            b'o' => {
                let opened =
                    json!({ "uri": uri, "languageId": "yaml", "version": self.version, "text": text });
                self.notify("textDocument/didOpen", json!({ "textDocument": opened }));
            }
            b't' => self.notify("textDocument/didChange", changed(json!({ "range": range, "text": text }))),
            b'w' => self.notify("textDocument/didChange", changed(json!({ "text": text }))),
            b'x' => self.notify("textDocument/didClose", json!({ "textDocument": known })),
            b'd' => {
                let change = json!({ "uri": uri, "type": 1 + line % 3 });
                self.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
            }
            b's' => self.notify(
                "workspace/didChangeConfiguration",
                json!({ "settings": { "inlayHints": lines % 2 == 0 } }),
            ),
            b'k' => self.notify("$/cancelRequest", json!({ "id": column })),
            // Parameters of any shape that name no file.
            b'j' if !text.contains(['/', '\\']) => {
                let params = serde_json::from_str(&text).unwrap_or(Value::Null);
                self.request(REQUESTS[usize::from(*line) % REQUESTS.len()], params);
            }
            _ => {
                let method = REQUESTS[usize::from(*what) % REQUESTS.len()];
                let command = COMMANDS[usize::from(*lines) % COMMANDS.len()];
                self.request(
                    method,
                    parameters(&uri, &start, &range, if text.is_empty() { command } else { &text }),
                );
            }
        }
    }

    fn request(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(Request::new(id.clone(), method.to_owned(), params).into());
        while self.waits && !self.answered.contains_key(&id) {
            let message = self.connection.receiver.recv().expect("the server has not gone yet");
            self.receive(message);
        }
    }

    fn notify(&self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params).into());
    }

    fn send(&self, message: Message) {
        self.connection.sender.send(message).expect("the server has not gone yet");
    }
}

/// Parameters that fit every request; a request ignores those that it does not know.
fn parameters(uri: &str, start: &Value, range: &Value, text: &str) -> Value {
    json!({
        "textDocument": { "uri": uri },
        "position": start,
        "range": range,
        "newName": text,
        "query": text,
        "command": text,
        "arguments": [uri, text],
        "options": { "tabSize": 2, "insertSpaces": true },
        "context": { "includeDeclaration": true, "diagnostics": [], "triggerKind": 1 },
        "previousResultIds": [],
    })
}

/// The capabilities of the editor: few or many, and the encoding in which it counts.
fn capabilities(kind: u8) -> Value {
    let encodings = [json!(null), json!(["utf-8"]), json!(["utf-16", "utf-8"]), json!(["utf-32"])];
    let general = json!({ "positionEncodings": encodings[usize::from(kind & 3)] });
    let mut document = json!({});
    if kind & 8 != 0 {
        document["diagnostic"] = json!({});
    }
    if kind & 16 == 0 {
        return json!({ "general": general, "textDocument": document });
    }
    document["completion"] = json!({ "completionItem": { "snippetSupport": true } });
    document["hover"] = json!({ "contentFormat": ["markdown"] });
    document["documentSymbol"] = json!({ "hierarchicalDocumentSymbolSupport": true });
    document["definition"] = json!({ "linkSupport": true });
    document["codeAction"] = json!({
        "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } },
        "disabledSupport": true,
    });
    let edit =
        json!({ "documentChanges": true, "resourceOperations": ["create"], "snippetEditSupport": true });
    let refresh = json!({ "refreshSupport": true });
    let workspace =
        json!({ "workspaceEdit": edit, "diagnostics": refresh, "inlayHint": refresh, "codeLens": refresh });
    let window = json!({ "showDocument": { "support": true } });
    json!({ "general": general, "textDocument": document, "workspace": workspace, "window": window })
}

/// The URI of a file in the folder, which is created on first use.
fn uri(file: &str) -> String {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("gainsay-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for temporary files");
        for (name, text) in FILES.into_iter().zip([CLAIMS, OTHER]) {
            std::fs::write(folder.join(name), text).expect("a folder for temporary files");
        }
        folder
    });
    format!("file://{}", folder.join(file).display())
}
