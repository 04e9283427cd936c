//! The server during a long analysis: every request is answered, nothing waits for the analysis, and nothing is lost
//! when it ends. A hook delays each analysis as long as a test wants.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use gainsay::lsp::{AnalysisHook, LspSettings};
use gen_lsp_types as lsp;
use lsp_server::{Connection, Request, ResponseError};
use serde_json::{Value, json};

use super::client::{Client, position};
use super::{ONE, TWO, folder};
use crate::support::TIMEOUT;

/// Delays analyses while it is closed.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    is_closed: bool,
    /// How many analyses are waiting.
    held: usize,
}

impl Gate {
    fn hook(&self) -> AnalysisHook {
        let gate = self.clone();
        AnalysisHook::new(move || {
            let (state, changed) = &*gate.0;
            let mut state = state.lock().unwrap();
            if state.is_closed {
                state.held += 1;
                changed.notify_all();
                let mut state = changed.wait_while(state, |state| state.is_closed).unwrap();
                state.held -= 1;
            }
        })
    }

    fn close(&self) {
        self.0.0.lock().unwrap().is_closed = true;
    }

    fn open(&self) {
        self.0.0.lock().unwrap().is_closed = false;
        self.0.1.notify_all();
    }

    /// Waits until an analysis is waiting.
    fn wait(&self) {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap();
        let waited = changed.wait_timeout_while(state, TIMEOUT, |state| state.held == 0).unwrap();
        assert!(!waited.1.timed_out(), "no analysis started");
    }
}

/// Opens the gate, so that a failing test does not leave an analysis waiting.
impl Drop for Gate {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.open();
        }
    }
}

fn settings(gate: &Gate, grace: Duration) -> LspSettings {
    LspSettings { grace: Some(grace), before_analysis: Some(gate.hook()), ..LspSettings::default() }
}

/// The capabilities of an editor that can do everything.
fn capabilities() -> Value {
    json!({
        "textDocument": {
            "hover": { "contentFormat": ["markdown"] },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } },
        },
        "workspace": {
            "workspaceEdit": { "documentChanges": true },
            "codeLens": { "refreshSupport": true },
            "inlayHint": { "refreshSupport": true },
            "diagnostics": { "refreshSupport": true },
        },
        "window": { "workDoneProgress": true },
    })
}

/// The text typed while the analysis of the previous text runs: a comment moves everything down by a line.
const NEWER: &str = "\
# moved down
source: { id: paper-2, publisher: paper, published: 2026-02-24 }
claims:
  toll: { by: south, about: raid, measure: killed, value: 37, at: p2 }
  new: { by: north,   about: raid, measure: killed, of: civilians, value: 12, at: p3 }
";

/// An editor with a text that is newer than the delayed analysis, and that text.
fn typing(folder: &Path, gate: &Gate, capabilities: Value, grace: Duration) -> Client {
    let mut editor = Client::start_with(folder, capabilities, settings(gate, grace));
    editor.open("two.yaml", TWO);
    editor.diagnostics("two.yaml", 1);
    gate.close();
    editor.write("two.yaml", 2, &TWO.replace("36", "37"));
    gate.wait();
    editor.write("two.yaml", 3, NEWER);
    editor
}

fn code(answer: Result<Value, ResponseError>) -> i32 {
    answer.unwrap_err().code
}

#[test]
fn requests_are_answered_from_the_newest_text_while_an_analysis_runs() {
    let (folder, gate) = (folder(&[("one.yaml", ONE), ("two.yaml", TWO)]), Gate::default());
    let mut editor = typing(folder.path(), &gate, capabilities(), Duration::ZERO);
    let at = |editor: &Client, marked: &str| editor.at("two.yaml", NEWER, marked);
    let document = json!({ "textDocument": { "uri": editor.uri("two.yaml") } });

    let key = at(&editor, "mea|sure: killed, of");
    let hover = editor.call("textDocument/hover", key).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("measure of a claim"), "{hover}");
    let thing = at(&editor, "by: nor|th");
    let hover = editor.call("textDocument/hover", thing.clone()).unwrap();
    let hover_text = hover["contents"]["value"].as_str().unwrap();
    assert!(
        hover_text.contains("actor north") && hover_text.contains("still being analysed"),
        "{hover_text}"
    );
    assert_eq!(hover["range"]["start"], position(NEWER, NEWER.find("north").unwrap()));

    let items = editor.call("textDocument/completion", at(&editor, "by: |north")).unwrap();
    let labels: Vec<&str> =
        items["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
    assert!(["north", "south", "paper"].iter().all(|id| labels.contains(id)), "{labels:?}");
    let help = editor.call("textDocument/signatureHelp", at(&editor, "value: 1|2")).unwrap();
    assert!(help["signatures"][0]["label"].as_str().unwrap().contains("at least"), "{help}");

    let symbols = editor.call("textDocument/documentSymbol", document.clone()).unwrap();
    assert!(symbols.to_string().contains("\"new\""), "{symbols}");
    let folds = editor.call("textDocument/foldingRange", document.clone()).unwrap();
    assert_eq!(folds[0]["startLine"], 2);
    let links = editor.call("textDocument/documentLink", document.clone()).unwrap();
    assert_eq!(links, json!([]));

    let definition = editor.call("textDocument/definition", thing.clone()).unwrap();
    assert_eq!(definition[0]["uri"], json!(editor.uri("one.yaml")));
    let mut asked = thing.clone();
    asked["context"] = json!({ "includeDeclaration": true });
    let references = editor.call("textDocument/references", asked).unwrap();
    let places: Vec<_> = references.as_array().unwrap().iter().map(|at| at["uri"].clone()).collect();
    assert_eq!(places.len(), 3, "references in both files: {references}");
    let highlights = editor.call("textDocument/documentHighlight", thing.clone()).unwrap();
    assert_eq!(highlights.as_array().unwrap().len(), 1);
    let renamed = editor.call("textDocument/prepareRename", thing.clone()).unwrap();
    assert_eq!(renamed["placeholder"], "north");
    let named = editor.call("workspace/symbol", json!({ "query": "paper-2/new" })).unwrap();
    assert_eq!(named[0]["location"]["range"]["start"]["line"], 4, "{named}");

    let mut asked = document.clone();
    asked["options"] = json!({ "tabSize": 2, "insertSpaces": true });
    let edits = editor.call("textDocument/formatting", asked).unwrap();
    let edits: Vec<lsp::TextEdit> = serde_json::from_value(edits).unwrap();
    let changed: Vec<u32> = edits.iter().map(|edit| edit.range.start.line).collect();
    assert_eq!(changed, [2, 4], "a blank line, and the blanks in the new line: {edits:?}");
    gate.open();
    assert_eq!(editor.diagnostics("two.yaml", 3).len(), 1);
}

#[test]
fn requests_that_need_the_analysis_are_refused_while_it_runs() {
    let (folder, gate) = (folder(&[("one.yaml", ONE), ("two.yaml", TWO)]), Gate::default());
    let mut editor = typing(folder.path(), &gate, capabilities(), Duration::ZERO);
    let document = json!({ "textDocument": { "uri": editor.uri("two.yaml") } });
    let mut asked = editor.at("two.yaml", NEWER, "by: nor|th");
    asked["newName"] = json!("other");
    for (method, asked) in [
        ("textDocument/references", {
            let mut asked = editor.at("two.yaml", NEWER, "ne|w:");
            asked["context"] = json!({ "includeDeclaration": true });
            asked
        }),
        ("textDocument/definition", editor.at("two.yaml", NEWER, "ne|w:")),
    ] {
        assert_eq!(code(editor.call(method, asked)), -32803, "{method}");
    }
    let refused = editor.call("textDocument/rename", asked).unwrap_err();
    assert_eq!(refused.code, -32803);
    assert!(refused.message.contains("still being analysed; try again"), "{refused:?}");

    let mut asked = document.clone();
    let start = json!({ "line": 0, "character": 0 });
    asked["range"] = json!({ "start": start, "end": { "line": 9, "character": 0 } });
    asked["context"] = json!({ "diagnostics": [] });
    for method in ["codeAction", "inlayHint", "codeLens"] {
        assert_eq!(code(editor.call(&format!("textDocument/{method}"), asked.clone())), -32801, "{method}");
    }
    for (method, asked) in
        [("textDocument/diagnostic", document), ("workspace/diagnostic", json!({ "previousResultIds": [] }))]
    {
        let refused = editor.call(method, asked).unwrap_err();
        assert_eq!((refused.code, refused.data), (-32802, Some(json!({ "retriggerRequest": false }))));
    }
    // When the analysis is finished, the editor is asked to repeat its automatic requests.
    editor.asks.clear();
    gate.open();
    let refreshes =
        ["workspace/codeLens/refresh", "workspace/inlayHint/refresh", "workspace/diagnostic/refresh"];
    while !refreshes.iter().all(|refresh| editor.asks.iter().any(|it| it.method == *refresh)) {
        editor.receive();
    }
}

#[test]
fn answers_without_the_analysis_equal_those_with_it() {
    let methods = [
        "completion",
        "signatureHelp",
        "definition",
        "documentHighlight",
        "prepareRename",
        "documentSymbol",
        "foldingRange",
        "documentLink",
        "formatting",
    ];
    let (folder, gate) = (folder(&[("one.yaml", ONE), ("two.yaml", TWO)]), Gate::default());
    let mut answers = Vec::new();
    for is_held in [false, true] {
        let mut editor = if is_held {
            typing(folder.path(), &gate, capabilities(), Duration::ZERO)
        } else {
            let mut editor = Client::start(folder.path(), capabilities());
            editor.open("two.yaml", NEWER);
            editor
        };
        let mut all: BTreeMap<(usize, &str), Value> = BTreeMap::new();
        let uri = editor.uri("two.yaml");
        for byte in (0..NEWER.len()).step_by(3) {
            for method in methods {
                let asked = json!({
                    "textDocument": { "uri": uri }, "position": position(NEWER, byte),
                    "options": { "tabSize": 2, "insertSpaces": true },
                });
                let answer = editor.call(&format!("textDocument/{method}"), asked);
                let answer = answer.unwrap_or_else(|error| json!([error.code, error.message]));
                all.insert((byte, method), answer);
            }
        }
        answers.push(all);
        gate.open();
    }
    let [with, without] = answers.try_into().unwrap();
    for (place, answer) in &with {
        if place.1 == "definition" && without[place][0] == -32803 {
            // The id of a claim leads to others that answer the same question, which needs the analysis.
            let ids =
                ["toll:", "new:"].map(|id| NEWER.find(id).unwrap()..=NEWER.find(id).unwrap() + id.len());
            assert!(ids.iter().any(|id| id.contains(&place.0)), "{place:?}");
            continue;
        }
        assert_eq!(*answer, without[place], "{place:?}");
    }
}

#[test]
fn diagnostics_arrive_for_the_newest_text_only() {
    let (folder, gate) = (folder(&[("one.yaml", ONE), ("two.yaml", TWO)]), Gate::default());
    let mut editor = typing(folder.path(), &gate, capabilities(), Duration::ZERO);
    for version in 4..20 {
        editor.write("two.yaml", version, &NEWER.replace("value: 37", &format!("value: {version}")));
    }
    // After this answer the message loop has received all of them.
    editor
        .call("textDocument/foldingRange", json!({ "textDocument": { "uri": editor.uri("two.yaml") } }))
        .unwrap();
    let published = |editor: &mut Client| editor.messages_of("textDocument/publishDiagnostics");
    let uri = json!(editor.uri("two.yaml"));
    let before = published(&mut editor);
    assert!(
        before.iter().all(|it| it["uri"] != uri),
        "nothing is published while the analysis runs: {before:?}"
    );
    gate.open();
    let of_text = |it: &Value| it["uri"] == uri;
    let first = loop {
        if let Some(first) = published(&mut editor).into_iter().find(of_text) {
            break first;
        }
        editor.receive();
    };
    assert_eq!(first["version"], 19, "no diagnostics of an outdated text");
    assert!(first["diagnostics"].to_string().contains("`19`"), "{first}");
}

#[test]
fn request_cancelled_while_it_waits_for_an_analysis_is_answered() {
    let (folder, gate) = (folder(&[("one.yaml", ONE), ("two.yaml", TWO)]), Gate::default());
    let mut editor = typing(folder.path(), &gate, capabilities(), TIMEOUT);
    let asked = editor.at("two.yaml", NEWER, "by: nor|th");
    let id = editor.send_request("textDocument/hover", asked);
    editor.notify("$/cancelRequest", json!({ "id": serde_json::to_value(&id).unwrap() }));
    assert_eq!(code(editor.response_to(&id)), -32800);
    gate.open();
    assert_eq!(editor.diagnostics("two.yaml", 3).len(), 1);
}

#[test]
fn request_about_a_text_that_changed_meanwhile_is_refused() {
    let (folder, gate) = (folder(&[("one.yaml", ONE), ("two.yaml", TWO)]), Gate::default());
    let mut editor = typing(folder.path(), &gate, capabilities(), Duration::from_millis(50));
    let asked = editor.at("two.yaml", NEWER, "by: nor|th");
    // On a busy machine the change may arrive after the answer.
    let is_refused = (4..1000).any(|version| {
        let id = editor.send_request("textDocument/definition", asked.clone());
        editor.write("two.yaml", version, NEWER);
        editor.response_to(&id).is_err_and(|error| error.code == -32801)
    });
    assert!(is_refused);
    gate.open();
}

#[test]
fn session_ends_while_an_analysis_runs() {
    for grace in [Duration::ZERO, Duration::from_millis(1)] {
        let (folder, gate) = (folder(&[("one.yaml", ONE), ("two.yaml", TWO)]), Gate::default());
        let mut editor = typing(folder.path(), &gate, capabilities(), grace);
        let asked = editor.at("two.yaml", NEWER, "by: nor|th");
        let id = editor.send_request("textDocument/hover", asked);
        editor.response_to(&id).unwrap();
        // When dropped, the editor sends `shutdown` and `exit` and waits for the server to return.
        drop(editor);
        gate.wait();
        gate.open();
    }
}

#[test]
fn server_answers_before_its_workspace_is_read() {
    let (folder, gate) = (folder(&[("one.yaml", ONE), ("two.yaml", TWO)]), Gate::default());
    gate.close();
    let mut editor = Client::start_with(folder.path(), capabilities(), settings(&gate, Duration::ZERO));
    editor.open("two.yaml", NEWER);
    let document = json!({ "textDocument": { "uri": editor.uri("two.yaml") } });
    let symbols = editor.call("textDocument/documentSymbol", document).unwrap();
    assert!(symbols.to_string().contains("\"new\""), "{symbols}");
    while !editor.asks.iter().any(|it| it.method == "window/workDoneProgress/create") {
        editor.receive();
    }
    let created = editor.asks.iter().find(|it| it.method == "window/workDoneProgress/create").unwrap();
    let token = created.params["token"].clone();
    gate.open();
    assert_eq!(editor.diagnostics("two.yaml", 1).len(), 1, "the file that is not open is included");
    let mut kinds: Vec<Value> = Vec::new();
    while kinds.last() != Some(&json!("end")) {
        editor.receive();
        let progress = editor.messages_of("$/progress").into_iter().filter(|it| it["token"] == token);
        kinds.extend(progress.map(|it| it["value"]["kind"].clone()));
    }
    assert_eq!(kinds, ["begin", "end"]);
}

#[test]
fn panic_of_the_analysis_ends_the_server() {
    let (theirs, ours) = Connection::memory();
    let hook = AnalysisHook::new(|| panic!("an analysis that fails"));
    let settings = LspSettings { before_analysis: Some(hook), ..LspSettings::default() };
    let serving = std::thread::spawn(move || {
        let (desk, watch) = (|_: &Path, _: Option<&Path>| Err(String::new()), |_: &Path, _| {});
        gainsay::lsp::serve(&theirs.receiver, &theirs.sender, settings, Arc::new(desk), Arc::new(watch))
    });
    let folder = folder(&[("one.yaml", ONE)]);
    let uri = url::Url::from_file_path(folder.path()).unwrap();
    let folders = json!([{ "uri": uri.as_str(), "name": "claims" }]);
    let params = json!({ "capabilities": {}, "workspaceFolders": folders });
    ours.sender.send(Request::new(1.into(), "initialize".to_owned(), params).into()).unwrap();
    assert!(serving.join().is_err(), "the editor can restart it");
}
