//! The speed of the language server: the time from a keystroke to updated diagnostics, to a completion, and to a hover.
//!
//! `cargo bench --bench editor -- FOLDER…` measures folders of generated claims, written by `cargo bench --bench reason
//! -- generate mixed 20000 FOLDER`. Each server is its own process, driven over its standard input as an editor does;
//! it keeps running for all keystrokes. They change values, ids and words of claims in random files and are undone, so
//! half of the texts are half-written. Wall times show what a writer waits for on an idle machine.
#![expect(clippy::print_stdout, reason = "a benchmark prints tables")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files that it generated")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

/// The number of files in which something is typed, and of keystrokes in each.
const FILES: usize = 20;
const KEYS: usize = 12;

fn main() {
    let folders = std::env::args().skip(1).filter(|argument| argument != "--bench").map(PathBuf::from);
    println!(
        "| folder | ready s | MiB | what | times | median ms | 95 of 100 ms | worst ms | MiB at the end |"
    );
    println!("|---|---:|---:|---|---:|---:|---:|---:|---:|");
    for folder in folders {
        measure(&folder);
    }
}

fn measure(folder: &Path) {
    let start = Instant::now();
    let mut editor = Editor::start(folder);
    let files = files(folder);
    editor.open(&files[0]);
    let (ready, mib) = (start.elapsed().as_secs_f64(), editor.peak());
    let mut times = [const { Vec::new() }; 9];
    let step = (files.len() / FILES).max(1);
    for path in files.iter().step_by(step).take(FILES) {
        editor.open(path);
        let text = std::fs::read_to_string(path).expect("a file of the folder");
        for (at, what) in
            [(place(&text, "value: "), 0), (place(&text, "by: "), 1), (place(&text, "name: "), 2)]
        {
            let Some(at) = at else { continue };
            times[what].extend(editor.type_at(at));
        }
        for (at, method, what) in
            [(place(&text, "by: "), "completion", 3), (place(&text, "value: "), "hover", 4)]
        {
            let Some((line, character)) = at else { continue };
            for _ in 0..KEYS {
                editor.type_one((line, character), "x");
                let place = json!({ "line": line, "character": character + 1 });
                let start = Instant::now();
                editor.ask(&format!("textDocument/{method}"), &place);
                times[what].push(start.elapsed().as_secs_f64());
                editor.erase_one((line, character));
            }
        }
        let all =
            json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 100_000, "character": 0 } });
        let of_file = [("codeLens", 5), ("inlayHint", 6), ("documentSymbol", 7), ("codeAction", 8)];
        if let Some((line, character)) = place(&text, "value: ") {
            let here = json!({ "line": line, "character": character });
            let here = json!({ "start": here, "end": here });
            for _ in 0..KEYS / 4 {
                for (method, what) in of_file {
                    editor.type_one((line, character), "1");
                    let range = if method == "codeAction" { &here } else { &all };
                    let start = Instant::now();
                    editor.ask_in(&format!("textDocument/{method}"), range);
                    times[what].push(start.elapsed().as_secs_f64());
                    editor.erase_one((line, character));
                }
            }
        }
        editor.close();
    }
    let whats = [
        "key in a value",
        "key in an id",
        "key in a name",
        "completion",
        "hover",
        "code lenses",
        "inlay hints",
        "symbols",
        "code actions",
    ];
    let last = editor.peak();
    for (what, mut times) in whats.into_iter().zip(times) {
        if times.is_empty() {
            continue;
        }
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[(times.len() - 1) * share / 100] * 1e3;
        println!(
            "| {} | {ready:.2} | {mib:.0} | {what} | {} | {:.2} | {:.2} | {:.2} | {last:.0} |",
            folder.display(),
            times.len(),
            at(50),
            at(95),
            at(100),
        );
    }
}

/// The line and column after some words in the middle of a text, which is ASCII up to there on its line.
fn place(text: &str, words: &str) -> Option<(usize, usize)> {
    let middle = text.len() / 2;
    let middle = (middle..text.len()).find(|&at| text.is_char_boundary(at))?;
    let at = text[middle..].find(words).map(|at| middle + at).or_else(|| text.find(words))? + words.len();
    let line = text[..at].matches('\n').count();
    Some((line, at - text[..at].rfind('\n').map_or(0, |end| end + 1)))
}

/// The files with claims.
fn files(folder: &Path) -> Vec<PathBuf> {
    let inputs = gainsay::folder::read(
        &folder.canonicalize().expect("a folder"),
        &gainsay::folder::Access::default(),
        &|_, _| {},
    )
    .expect("files")
    .inputs;
    let made = |input: &&gainsay::workspace::Input| {
        input.content.as_ref().is_ok_and(|bytes| bytes.windows(8).any(|bytes| bytes == b"\nclaims:"))
    };
    let mut files: Vec<PathBuf> =
        inputs.iter().filter(made).map(|input| PathBuf::from(&input.path)).collect();
    files.sort();
    files
}

/// A message from the server.
#[derive(serde::Deserialize)]
struct IncomingMessage {
    id: Option<RequestId>,
    params: Option<DiagnosticsOf>,
}

/// The document that a notification is about.
#[derive(serde::Deserialize)]
struct DiagnosticsOf {
    uri: Option<String>,
    version: Option<i32>,
}

/// An editor with one file open.
struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    uri: String,
    version: i32,
    asked: i32,
}

impl Editor {
    fn start(folder: &Path) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_gainsay"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = server.stdin.take().expect("a pipe");
        let output = BufReader::new(server.stdout.take().expect("a pipe"));
        let mut editor = Self { server, input, output, uri: String::new(), version: 0, asked: 0 };
        let root = uri(&folder.canonicalize().expect("a folder"));
        let folders = json!([{ "uri": root, "name": "claims" }]);
        editor.request("initialize", json!({ "capabilities": {}, "workspaceFolders": folders }));
        editor.notify("initialized", json!({}));
        editor
    }

    fn open(&mut self, path: &Path) {
        let text = std::fs::read_to_string(path).expect("a file");
        (self.uri, self.version) = (uri(path), 1);
        let document = json!({ "uri": self.uri, "languageId": "yaml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.wait_for_diagnostics();
    }

    fn close(&mut self) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": self.uri } }));
    }

    /// Types digits and letters and deletes them; returns the time of each keystroke.
    fn type_at(&mut self, at: (usize, usize)) -> Vec<f64> {
        let mut times = Vec::new();
        for key in 0..KEYS {
            times.push(self.type_one(at, ["1", "a", "-", "9"][key % 4]));
            times.push(self.erase_one(at));
        }
        times
    }

    fn type_one(&mut self, (line, character): (usize, usize), key: &str) -> f64 {
        let here = json!({ "line": line, "character": character });
        self.change(&json!({ "range": { "start": here, "end": here }, "text": key }))
    }

    fn erase_one(&mut self, (line, character): (usize, usize)) -> f64 {
        let start = json!({ "line": line, "character": character });
        let end = json!({ "line": line, "character": character + 1 });
        self.change(&json!({ "range": { "start": start, "end": end }, "text": "" }))
    }

    /// Sends a change and waits for the diagnostics of the resulting text.
    fn change(&mut self, change: &Value) -> f64 {
        self.version += 1;
        let document = json!({ "uri": self.uri, "version": self.version });
        let start = Instant::now();
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [change] }),
        );
        self.wait_for_diagnostics();
        start.elapsed().as_secs_f64()
    }

    fn wait_for_diagnostics(&mut self) {
        loop {
            if let Some(DiagnosticsOf { uri, version }) = self.receive().params
                && (uri.as_deref(), version) == (Some(&self.uri), Some(self.version))
            {
                return;
            }
        }
    }

    fn ask(&mut self, method: &str, position: &Value) {
        self.request(method, json!({ "textDocument": { "uri": self.uri }, "position": position }));
    }

    /// Sends a request about a range of the file.
    fn ask_in(&mut self, method: &str, range: &Value) {
        let document = json!({ "uri": self.uri });
        self.request(
            method,
            json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } }),
        );
    }

    fn request(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(&Request::new(id.clone(), method.to_owned(), params).into());
        while self.receive().id.as_ref() != Some(&id) {}
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&Notification::new(method.to_owned(), params).into());
    }

    fn send(&mut self, message: &Message) {
        message.write(&mut self.input).expect("the server listens");
        self.input.flush().expect("the server listens");
    }

    /// The next message. Only its address is parsed; the time that an editor spends on the content is not measured.
    fn receive(&mut self) -> IncomingMessage {
        let mut size = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("the server is there");
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", bytes)) => size = bytes.parse().expect("a size"),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; size];
        self.output.read_exact(&mut body).expect("a message");
        serde_json::from_slice(&body).expect("a message is JSON")
    }

    /// The peak memory of the server in MiB (Linux).
    fn peak(&self) -> f64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        kib.unwrap_or(f64::NAN) / 1024.0
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

fn uri(path: &Path) -> String {
    url::Url::from_file_path(path).expect("an absolute path").to_string()
}
