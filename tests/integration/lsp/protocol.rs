//! Edge cases of the protocol: messages that are too early, too late, repeated, malformed or missing.

use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;

use gainsay::lsp::{Abrupt, LspSettings};
use gen_lsp_types::{Diagnostic, Uri};
use lsp_server::{Connection, Message, Notification, Request, Response};
use serde_json::{Value, json};

use super::client::Client;
use super::{ONE, TWO, folder};

const PULLS: &str =
    r#"{ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } }"#;

fn pulls() -> Value {
    serde_json::from_str(PULLS).unwrap()
}

fn request(id: i32, method: &str, params: Value) -> Message {
    Request::new(id.into(), method.to_owned(), params).into()
}

fn notification(method: &str, params: Value) -> Message {
    Notification::new(method.to_owned(), params).into()
}

fn hello(id: i32) -> Message {
    request(id, "initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }))
}

/// Sends all messages before the server starts; returns its responses and how it ended.
fn all_at_once(messages: Vec<Message>) -> (Vec<Response>, Result<(), Abrupt>) {
    let (theirs, ours) = Connection::memory();
    for message in messages {
        ours.sender.send(message).unwrap();
    }
    let no_desk = |_: &Path, _: Option<&Path>| Err("no desk".to_owned());
    let left = gainsay::lsp::serve(
        &theirs.receiver,
        &theirs.sender,
        LspSettings::default(),
        Arc::new(no_desk),
        Arc::new(|_: &Path, _| {}),
    );
    drop(theirs);
    let responses = ours.receiver.iter().filter_map(|message| match message {
        Message::Response(response) => Some(response),
        _ => None,
    });
    (responses.collect(), left)
}

fn code(response: &Response) -> Option<i32> {
    response.response_result.as_ref().err().map(|error| error.code)
}

#[test]
fn messages_before_initialization_are_refused_and_do_no_harm() {
    let (answers, left) = all_at_once(vec![
        request(1, "textDocument/hover", json!({})),
        notification("textDocument/didOpen", json!({})),
        request(2, "shutdown", Value::Null),
        request(3, "initialize", json!({ "capabilities": 5 })),
        hello(4),
        // Some editors send requests before `initialized`.
        request(5, "workspace/symbol", json!({ "query": "" })),
        notification("initialized", json!({})),
        hello(6),
        request(7, "shutdown", Value::Null),
        request(8, "workspace/symbol", json!({ "query": "" })),
        notification("exit", Value::Null),
    ]);
    // An immediate refusal may be sent before the responses to earlier requests.
    let mut codes: Vec<_> = answers.iter().map(|answer| (answer.id.to_string(), code(answer))).collect();
    codes.sort();
    let expected = [
        ("1", Some(-32002)),
        ("2", Some(-32002)),
        ("3", Some(-32602)),
        ("4", None),
        ("5", None),
        ("6", Some(-32600)),
        ("7", None),
        ("8", Some(-32600)),
    ];
    assert_eq!(codes, expected.map(|(id, code)| (id.to_owned(), code)));
    assert!(left.is_ok());
}

#[test]
fn request_cancelled_while_it_waits_is_not_started() {
    let symbols = |id| request(id, "workspace/symbol", json!({ "query": "" }));
    let cancel = |id: Value| notification("$/cancelRequest", json!({ "id": id }));
    let named = Request::new("a".to_owned().into(), "workspace/symbol".to_owned(), json!({ "query": "" }));
    let (answers, left) = all_at_once(vec![
        hello(1),
        symbols(2),
        symbols(3),
        named.into(),
        cancel(json!(2)),
        cancel(json!("a")),
        cancel(json!(99)),
        cancel(json!(1)),
        notification("$/cancelRequest", json!({})),
        request(4, "shutdown", Value::Null),
        notification("exit", Value::Null),
    ]);
    let mut codes: Vec<_> = answers.iter().map(|answer| (answer.id.to_string(), code(answer))).collect();
    codes.sort();
    let expected = [("\"a\"", Some(-32800)), ("1", None), ("2", Some(-32800)), ("3", None), ("4", None)];
    assert_eq!(codes, expected.map(|(id, code)| (id.to_owned(), code)));
    assert!(left.is_ok());
}

#[test]
fn exit_without_shutdown_is_a_failure() {
    assert!(all_at_once(vec![hello(1), notification("exit", Value::Null)]).1.is_err());
    assert!(all_at_once(vec![notification("exit", Value::Null)]).1.is_err());
    let leave = || request(2, "shutdown", Value::Null);
    let (answers, left) = all_at_once(vec![hello(1), leave(), notification("exit", Value::Null)]);
    assert!(left.is_ok() && answers.len() == 2);
}

/// Runs the program with these bytes as its whole input; returns its exit code and standard error.
fn program(bytes: &[u8]) -> (Option<i32>, String) {
    let mut child: Child = crate::support::program()
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // The program may have ended after reading enough.
    input.write_all(bytes).ok();
    drop(input);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn written(messages: &[Message]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for message in messages {
        message.write(&mut bytes).unwrap();
    }
    bytes
}

#[test]
fn program_ends_when_the_editor_does() {
    let leave = request(2, "shutdown", Value::Null);
    let exit = notification("exit", Value::Null);
    let ends = |messages: &[Message]| program(&written(messages)).0;
    assert_eq!(ends(&[]), Some(1), "no input at all");
    assert_eq!(ends(&[hello(1)]), Some(1), "input ends without `exit`");
    assert_eq!(ends(&[hello(1), exit.clone()]), Some(1), "an orderly end");
    assert_eq!(ends(&[hello(1), leave.clone()]), Some(0));
    assert_eq!(ends(&[hello(1), leave, exit]), Some(0));
}

#[test]
fn malformed_message_ends_the_program_with_the_reason() {
    let hello = written(&[hello(1)]);
    for broken in [
        &b"Content-Length: 5\r\n\r\n{bad}"[..],
        b"Content-Length: x\r\n\r\n{}",
        b"Content-Type: text\r\n\r\n{}",
        b"{\"jsonrpc\": \"2.0\"}\r\n\r\n",
        b"Content-Length: 2\r\n\r\n\xff\xff",
        b"Content-Length: 999\r\n\r\n{}",
        b"Content-Length: 2\n\n{}",
        b"Content-Le",
    ] {
        let (code, said) = program(&[&hello, broken].concat());
        let broken = String::from_utf8_lossy(broken);
        if *broken == *"Content-Le" || broken.contains("999") {
            // Truncated: the editor has gone.
            assert!(matches!(code, Some(1 | 2)), "{broken}: {code:?}");
        } else {
            assert_eq!(code, Some(2), "{broken}");
            assert!(!said.is_empty() && !said.contains("panicked"), "{broken}: {said}");
        }
    }
}

#[test]
fn unknown_methods_and_bad_parameters_are_answered() {
    let folder = folder(&[("one.yaml", ONE)]);
    let mut editor = Client::start(folder.path(), json!({}));
    let code = |answer: Result<Value, lsp_server::ResponseError>| answer.unwrap_err().code;
    assert_eq!(code(editor.call("gainsay/none", json!({}))), -32601);
    assert_eq!(code(editor.call("$/none", Value::Null)), -32601);
    assert_eq!(code(editor.call("textDocument/hover", json!({}))), -32602);
    assert_eq!(code(editor.call("textDocument/hover", json!([1, 2]))), -32602);
    assert_eq!(code(editor.call("textDocument/hover", Value::Null)), -32602);
    let negative = json!({
        "textDocument": { "uri": editor.uri("one.yaml") },
        "position": { "line": -1, "character": 0 },
    });
    assert_eq!(code(editor.call("textDocument/hover", negative)), -32602);

    editor.notify("gainsay/none", json!({}));
    editor.notify("$/setTrace", json!({ "value": "verbose" }));
    editor.notify("$/progress", json!({ "token": 1, "value": {} }));
    editor.send(Response::new_ok(77.into(), Value::Null).into());
    editor.send(Response::new_err(78.into(), 1, "no".to_owned()).into());
    editor.notify("textDocument/didChange", json!({ "contentChanges": 3 }));
    editor.notify("textDocument/didOpen", Value::Null);
    editor.call("workspace/symbol", json!({ "query": "raid" })).unwrap();
    let logged: Vec<String> = editor.messages_of("window/logMessage").iter().map(Value::to_string).collect();
    assert!(logged.iter().any(|it| it.contains("textDocument/didChange")), "{logged:?}");
    assert!(logged.iter().any(|it| it.contains("textDocument/didOpen")), "{logged:?}");
}

/// Sends every request that takes a position or range.
fn ask_everything_at(editor: &mut Client, uri: &str, line: u32, character: u32) {
    let document = json!({ "uri": uri });
    let position = json!({ "line": line, "character": character });
    let range = json!({ "start": position, "end": { "line": 0, "character": 0 } });
    let context =
        json!({ "includeDeclaration": true, "diagnostics": [], "triggerKind": 1, "isRetrigger": false });
    let at = json!({
        "textDocument": document, "position": position, "range": range, "context": context,
        "options": { "tabSize": 2, "insertSpaces": true }, "newName": "other",
    });
    for method in [
        "completion",
        "hover",
        "signatureHelp",
        "definition",
        "references",
        "documentHighlight",
        "prepareRename",
        "rename",
        "codeAction",
        "rangeFormatting",
        "inlayHint",
        "formatting",
        "documentSymbol",
        "foldingRange",
        "documentLink",
        "codeLens",
        "diagnostic",
    ] {
        match editor.call(&format!("textDocument/{method}"), at.clone()) {
            // A refusal must have a reason, for example that nothing can be renamed here.
            Err(error) => assert_eq!(error.code, -32803, "{method}: {error:?}"),
            Ok(Value::Null | Value::Array(_) | Value::Object(_)) => {}
            Ok(other) => panic!("{method}: {other}"),
        }
    }
}

#[test]
fn requests_at_any_position_are_answered() {
    let folder = folder(&[("one.yaml", ONE)]);
    let mut editor = Client::start(folder.path(), json!({}));
    let uri = editor.uri("one.yaml");
    let before = editor.pulled(&uri);
    for (line, character) in
        [(0, 0), (0, u32::MAX), (u32::MAX, 0), (i32::MAX as u32, i32::MAX as u32), (5, 0), (6, 1)]
    {
        ask_everything_at(&mut editor, uri.as_ref(), line, character);
    }
    for uri in [
        "",
        ":",
        "nonsense",
        "untitled:Untitled-1",
        "file:",
        "file://",
        "file:///",
        "file://elsewhere/a.yaml",
        "file:///%00.yaml",
        "file:///%ff%fe/%80.yaml",
        "vscode-notebook-cell:/a.yaml#1",
        "http://[",
        "file:///nowhere.yaml",
    ] {
        editor.notify(
            "textDocument/didOpen",
            json!({
                "textDocument": { "uri": uri, "languageId": "yaml", "version": 1, "text": TWO },
            }),
        );
        ask_everything_at(&mut editor, uri, 0, 3);
        editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
        ask_everything_at(&mut editor, uri, 0, 3);
    }
    assert_eq!(editor.pulled(&uri), before, "no trace of it remains");
}

/// The messages of the diagnostics of a text in its own folder.
fn messages(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|it| serde_json::to_value(&it.message).unwrap().as_str().unwrap().to_owned())
        .collect()
}

/// The unknown key of a one-line text. Its diagnostic names it, which shows the text that the server has.
fn key_of(editor: &mut Client, file: &str) -> String {
    let uri = editor.uri(file);
    let diagnostics = messages(&editor.pulled(&uri));
    let message =
        diagnostics.iter().find(|it| it.contains("has no key")).unwrap_or_else(|| panic!("{diagnostics:?}"));
    message.split('`').nth(1).unwrap().to_owned()
}

fn change(from: (u32, u32), to: (u32, u32), text: &str) -> Value {
    let (start, end) =
        (json!({ "line": from.0, "character": from.1 }), json!({ "line": to.0, "character": to.1 }));
    json!({ "range": { "start": start, "end": end }, "text": text })
}

#[test]
fn text_edits_are_applied_where_the_protocol_says() {
    let folder = folder(&[("one.yaml", ONE)]);
    let mut editor = Client::start(folder.path(), pulls());
    let text = "claims: {}\r\nx𝄞y: 1\r\n";
    let mut version = 1;
    let mut edited = |changes: Value| {
        editor.open("two.yaml", text);
        version += 1;
        editor.change("two.yaml", version, &changes);
        key_of(&mut editor, "two.yaml")
    };
    assert_eq!(edited(json!([])), "x𝄞y", "nothing");
    assert_eq!(edited(json!([change((1, 3), (1, 3), "Z")])), "x𝄞Zy");
    assert_eq!(edited(json!([change((1, 2), (1, 2), "Z")])), "xZ𝄞y", "inside a surrogate pair: before it");
    assert_eq!(edited(json!([change((1, 0), (1, 4), "q")])), "q");
    assert_eq!(
        edited(json!([change((1, 4), (1, 1), "Z")])),
        "x𝄞yZ",
        "a range that ends before it starts is empty"
    );
    assert_eq!(edited(json!([change((1, 9), (1, 99), " # end")])), "x𝄞y", "past the end of the line");
    assert_eq!(
        edited(json!([change((0, 99), (1, 0), "\r\n")])),
        "x𝄞y",
        "the end of a line is before what ends it"
    );
    assert_eq!(edited(json!([change((99, 0), (99, 5), "more: 2\r\n"), change((1, 0), (2, 0), "")])), "more");
    let whole = json!({ "text": "claims: {}\nab: 1\n" });
    assert_eq!(edited(json!([change((1, 0), (1, 1), "Q"), whole, change((1, 1), (1, 2), "c")])), "ac");
    assert_eq!(edited(json!([change((0, 0), (u32::MAX, u32::MAX), "claims: {}\nab: 1")])), "ab");
    // Common editors do this: a carriage return alone does not end a line.
    assert_eq!(edited(json!([{ "text": "claims: {} # a\rb\nab: 1\n" }, change((1, 2), (1, 2), "c")])), "abc");
    assert_eq!(
        edited(
            json!([{ "text": "claims: {}\nab: 1 #\r" }, change((1, 7), (1, 8), ""), change((1, 1), (1, 1), "-")])
        ),
        "a-b"
    );
}

#[test]
fn document_versions_may_come_in_any_order() {
    let folder = folder(&[("one.yaml", ONE), ("two.yaml", TWO)]);
    let mut editor = Client::start(folder.path(), json!({}));
    editor.change("two.yaml", 7, &json!([{ "text": "nothing is open" }]));
    editor.close("two.yaml");
    editor.close("three.yaml");
    editor.open("two.yaml", TWO);
    assert_eq!(editor.diagnostics("two.yaml", 1).len(), 1, "a change before it was open is ignored");
    editor.write("two.yaml", 9, &TWO.replace("36", "90"));
    assert_eq!(editor.diagnostics("two.yaml", 9), []);
    editor.write("two.yaml", 3, TWO);
    assert_eq!(editor.diagnostics("two.yaml", 3).len(), 1, "the last text counts, whatever its version");
    editor.change("two.yaml", 4, &json!([]));
    assert_eq!(editor.diagnostics("two.yaml", 4).len(), 1, "the version changes, the text does not");
    editor.open("two.yaml", &TWO.replace("36", "90"));
    assert_eq!(editor.diagnostics("two.yaml", 1), [], "open twice: the second text counts");
    let uri = editor.uri("two.yaml");
    editor.close("two.yaml");
    editor.close("two.yaml");
    editor.published(&uri, |diagnostics| diagnostics.len() == 1);
}

/// The diagnostics of a text by a server that has it open and by one that reads it.
fn open_and_read(text: &str) -> [Vec<Diagnostic>; 2] {
    let file = "two.yaml";
    let open = {
        let folder = folder(&[("one.yaml", ONE), (file, "")]);
        let mut editor = Client::start(folder.path(), pulls());
        editor.open(file, "claims: {}");
        let uri = editor.uri(file);
        editor.pulled(&uri);
        editor.write(file, 2, text);
        without_folder(&editor.pulled(&uri), &editor)
    };
    let folder = folder(&[("one.yaml", ONE), (file, text)]);
    let mut editor = Client::start(folder.path(), pulls());
    let uri = editor.uri(file);
    [open, without_folder(&editor.pulled(&uri), &editor)]
}

/// Diagnostics with the folder removed from their paths.
pub(super) fn without_folder(diagnostics: &[Diagnostic], editor: &Client) -> Vec<Diagnostic> {
    let root = editor.uri("");
    let text = serde_json::to_string(diagnostics).unwrap().replace(root.as_ref(), "file:///root");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn open_texts_get_the_diagnostics_of_the_same_files_on_disk() {
    for text in [
        TWO.replace('\n', "\r\n"),
        TWO.replace('\n', "\r"),
        TWO.replace("36", "3\u{0}6"),
        TWO.replace("36", "3\u{7}6 \u{85} \u{2028}"),
        format!("{TWO}x𝄞: 1\r\n\r\n"),
        "\u{0}\u{0}\u{0}".to_owned(),
        "\u{0}".to_owned(),
        "\t\t- [".to_owned(),
        "- ".repeat(200),
        "[".repeat(5000),
        String::new(),
        "%YAML 9.9\n---\n...\n---\na: *b\n".to_owned(),
    ] {
        let [open, read] = open_and_read(&text);
        assert_eq!(open, read, "{:?}", &text[..text.len().min(200)]);
    }
    let [open, read] = open_and_read(&format!("\u{feff}{TWO}"));
    assert_eq!(messages(&open), messages(&read), "a byte-order mark is not part of the text");
    assert!(!open.is_empty());
}

#[test]
fn uris_are_kept_as_the_editor_spells_them() {
    let folder = folder(&[("one.yaml", ONE), ("a b é#%.yaml", TWO)]);
    let mut editor = Client::start(folder.path(), json!({}));
    let plain = editor.uri("a b é#%.yaml");
    let spelled = Uri::from(plain.as_ref().replace("a%20b", "%61%20%62").replace(".yaml", "%2Eyaml"));
    assert_ne!(plain, spelled);
    let document = json!({ "uri": spelled, "languageId": "yaml", "version": 1, "text": TWO });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    editor.published(&spelled, |diagnostics| diagnostics.len() == 1);
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": spelled } }));
    assert_eq!(editor.pulled(&plain).len(), 1);
}

#[test]
fn path_that_is_not_utf8_does_no_harm() {
    let folder = folder(&[("one.yaml", ONE), ("two.yaml", TWO)]);
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"\xff\xfe.yaml"));
    std::fs::write(&odd, TWO.replace("paper-2", "paper-3")).unwrap();
    let mut editor = Client::start(folder.path(), pulls());
    let two = editor.uri("two.yaml");
    let before = editor.pulled(&two);
    let uri = url::Url::from_file_path(&odd).unwrap();
    let document = json!({ "uri": uri.as_str(), "languageId": "yaml", "version": 1, "text": "claims: {" });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    assert_ne!(editor.pulled(&two), before, "the open text counts");
    ask_everything_at(&mut editor, uri.as_str(), 0, 1);
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri.as_str() } }));
    assert_eq!(editor.pulled(&two), before);
}

const FOREIGN: &str = "version: 3\nservices: { web: { image: nginx, image: apache } }\n";

#[test]
fn yaml_that_is_not_a_claim_file_has_no_diagnostics() {
    // Outside of a folder `claims/`, a file is a claim file if it has a section of claim files.
    let folder = folder(&[("one.yaml", ONE), ("compose.yaml", FOREIGN), ("two.yaml", TWO)]);
    let outside = self::folder(&[("foreign.yaml", FOREIGN), ("claims.yaml", "claims: 5\n")]);
    let mut editor = Client::start(folder.path(), json!({}));
    editor.open("compose.yaml", FOREIGN);
    assert_eq!(editor.diagnostics("compose.yaml", 1), []);
    let foreign = outside.path().join("foreign.yaml");
    editor.open(foreign.to_str().unwrap(), FOREIGN);
    assert_eq!(editor.diagnostics(foreign.to_str().unwrap(), 1), []);

    // Typing turns it into a claim file, with the findings it had before, and back.
    editor.write("compose.yaml", 2, &format!("{FOREIGN}claims: {{}}\n"));
    let diagnostics = editor.diagnostics("compose.yaml", 2);
    assert!(messages(&diagnostics).iter().any(|it| it.contains("`services`")), "{diagnostics:?}");
    editor.write("compose.yaml", 3, FOREIGN);
    assert_eq!(editor.diagnostics("compose.yaml", 3), []);

    // An open file outside of the folders is analysed alone until it is closed.
    let claims = outside.path().join("claims.yaml");
    let claims = claims.to_str().unwrap();
    editor.open(claims, "claims: 5\n");
    assert_ne!(editor.diagnostics(claims, 1), []);
    let uri = editor.uri(claims);
    editor.close(claims);
    editor.published(&uri, <[Diagnostic]>::is_empty);
    assert_eq!(editor.pulled(&uri), []);
}

#[test]
fn workspace_folders_can_be_added_and_removed() {
    let (first, second) = (folder(&[("one.yaml", ONE), ("two.yaml", TWO)]), tempfile::tempdir().unwrap());
    std::fs::create_dir(second.path().join("claims")).unwrap();
    let inner = second.path().canonicalize().unwrap().join("claims");
    std::fs::write(inner.join("one.yaml"), ONE).unwrap();
    std::fs::write(inner.join("two.yaml"), TWO).unwrap();
    std::fs::write(second.path().join("three.yaml"), TWO.replace("36", "400")).unwrap();
    let path = inner.join("two.yaml");
    let two = path.to_str().unwrap();
    let mut editor = Client::start(first.path(), json!({}));
    let named = |path: &Path| json!({ "uri": url::Url::from_file_path(path).unwrap().as_str(), "name": "x" });
    let changed = |added: Value, removed: Value| json!({ "event": { "added": added, "removed": removed } });

    editor.open(two, TWO);
    let alone = editor.diagnostics(two, 1);
    assert!(messages(&alone).iter().all(|it| !it.contains("at least 80")), "by itself: {alone:?}");
    let root = second.path().canonicalize().unwrap();
    editor.notify("workspace/didChangeWorkspaceFolders", changed(json!([named(&root)]), json!([])));
    let uri = editor.uri(two);
    editor.published(&uri, |diagnostics| {
        diagnostics.len() == 1 && messages(diagnostics)[0].contains("at least 80")
    });
    let firsts = editor.uri("two.yaml");
    editor.published(&firsts, |diagnostics| diagnostics.len() == 1);
    assert_eq!(editor.pulled(&firsts).len(), 1, "the other folder has its own");

    // Typed before, while and after its folder belongs to the workspace: the text is always the editor's.
    editor.write(two, 2, &TWO.replace("36", "35"));
    editor.published(&uri, |diagnostics| messages(diagnostics).iter().any(|it| it.contains("`35`")));
    editor.notify("workspace/didChangeWorkspaceFolders", changed(json!([]), json!([named(&root)])));
    editor.published(&uri, |diagnostics| messages(diagnostics).iter().all(|it| !it.contains("at least 80")));
    editor.write(two, 3, &TWO.replace("killed", "killd"));
    editor.published(&uri, |diagnostics| messages(diagnostics).iter().any(|it| it.contains("killd")));
    let one = Uri::from(url::Url::from_file_path(inner.join("one.yaml")).unwrap().as_str());
    assert_eq!(editor.pulled(&one), [], "a removed folder has no diagnostics");
    let event = changed(json!([]), json!([named(&first.path().canonicalize().unwrap())]));
    editor.notify("workspace/didChangeWorkspaceFolders", event);
    editor.published(&firsts, <[Diagnostic]>::is_empty);
}

#[test]
fn settings_can_change_while_files_are_open() {
    let folder = folder(&[("one.yaml", ONE), ("two.yaml", TWO)]);
    std::fs::create_dir_all(folder.path().join("other")).unwrap();
    let mut editor = Client::start(folder.path(), json!({}));
    editor.open("two.yaml", TWO);
    assert_eq!(editor.diagnostics("two.yaml", 1).len(), 1);
    let uri = editor.uri("two.yaml");
    let configure = |claims: &str| json!({ "settings": { "gainsay": { "claims": claims } } });
    editor.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    editor.notify("workspace/didChangeConfiguration", configure("other"));
    editor.published(&uri, |diagnostics| messages(diagnostics).iter().all(|it| !it.contains("at least 80")));
    editor.notify("workspace/didChangeConfiguration", configure("."));
    editor.published(&uri, |diagnostics| diagnostics.len() == 1);
}

/// Sends file events as an editor that watches files does.
fn watched(editor: &mut Client, changes: &[(&str, u8)]) {
    let changes: Vec<Value> =
        changes.iter().map(|(file, kind)| json!({ "uri": editor.uri(file), "type": kind })).collect();
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
}

#[test]
fn changes_on_disk_are_followed() {
    let folder = folder(&[("one.yaml", ONE), ("two.yaml", TWO)]);
    let at = |file: &str| folder.path().join(file);
    let mut editor = Client::start(folder.path(), json!({}));
    let [one, two, three] = ["one.yaml", "two.yaml", "sub/three.yaml"].map(|file| editor.uri(file));
    editor.published(&one, |diagnostics| diagnostics.len() == 1);
    editor.published(&two, |diagnostics| diagnostics.len() == 1);

    std::fs::write(at("two.yaml"), TWO.replace("36", "90")).unwrap();
    watched(&mut editor, &[("two.yaml", 2)]);
    editor.published(&two, <[Diagnostic]>::is_empty);

    // Renamed into a new folder; the editor reports only the folder.
    std::fs::create_dir(at("sub")).unwrap();
    std::fs::rename(at("two.yaml"), at("sub/three.yaml")).unwrap();
    std::fs::write(at("sub/three.yaml"), TWO).unwrap();
    watched(&mut editor, &[("two.yaml", 3), ("sub", 1)]);
    editor.published(&three, |diagnostics| diagnostics.len() == 1);
    assert_eq!(editor.pulled(&two), []);

    // Open, then deleted on disk: the text of the editor counts until the editor closes it.
    editor.open("sub/three.yaml", TWO);
    std::fs::remove_dir_all(at("sub")).unwrap();
    watched(&mut editor, &[("sub", 3)]);
    assert_eq!(editor.pulled(&one).len(), 1);
    editor.write("sub/three.yaml", 2, &TWO.replace("36", "35"));
    assert!(messages(&editor.pulled(&three))[0].contains("`35`"));
    editor.close("sub/three.yaml");
    editor.published(&one, |diagnostics| messages(diagnostics).iter().all(|it| !it.contains("at least 80")));
    assert_eq!(editor.pulled(&three), []);

    // A file that is created and opened before any event arrives.
    std::fs::write(at("four.yaml"), TWO).unwrap();
    editor.open("four.yaml", TWO);
    assert_eq!(editor.diagnostics("four.yaml", 1).len(), 1, "it belongs to the folder");
    // A new file that exists only in the editor.
    editor.open("five.yaml", &TWO.replace("paper-2", "paper-5").replace("36", "12"));
    assert_ne!(editor.diagnostics("five.yaml", 1), []);
    editor.close("five.yaml");
    let five = editor.uri("five.yaml");
    editor.published(&five, <[Diagnostic]>::is_empty);
}

#[test]
fn folder_renamed_without_a_notification_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("claims")).unwrap();
    std::fs::create_dir(folder.path().join("claims/a")).unwrap();
    std::fs::write(folder.path().join("claims/one.yaml"), ONE).unwrap();
    std::fs::write(folder.path().join("claims/a/two.yaml"), TWO).unwrap();
    let mut editor = Client::spawn(folder.path(), json!({}));
    let [before, after] = ["claims/a/two.yaml", "claims/b/two.yaml"].map(|file| editor.uri(file));
    editor.published(&before, |diagnostics| diagnostics.len() == 1);
    std::fs::rename(folder.path().join("claims/a"), folder.path().join("claims/b")).unwrap();
    editor.published(&after, |diagnostics| diagnostics.len() == 1);
    assert_eq!(editor.pulled(&before), []);
}

#[test]
fn diagnostics_are_not_published_to_editors_that_pull_them() {
    let folder = folder(&[("one.yaml", ONE), ("two.yaml", TWO)]);
    let mut editor = Client::start(folder.path(), pulls());
    let [one, two] = ["one.yaml", "two.yaml"].map(|file| editor.uri(file));
    let ask =
        |uri: &Uri, previous: Value| json!({ "textDocument": { "uri": uri }, "previousResultId": previous });
    let first = editor.call("textDocument/diagnostic", ask(&one, Value::Null)).unwrap();
    assert_eq!((first["kind"].as_str(), first["items"].as_array().unwrap().len()), (Some("full"), 1));
    let same = editor.call("textDocument/diagnostic", ask(&one, first["resultId"].clone())).unwrap();
    assert_eq!(same, json!({ "kind": "unchanged", "resultId": first["resultId"] }));

    // Typing in one file changes the diagnostics of the other: the editor is asked to pull again.
    let refreshes =
        |editor: &Client| editor.asks.iter().filter(|it| it.method == "workspace/diagnostic/refresh").count();
    let before = refreshes(&editor);
    editor.open("two.yaml", &TWO.replace("36", "90"));
    assert_eq!(editor.pulled(&two), []);
    while refreshes(&editor) == before {
        editor.receive();
    }
    let other = editor.call("textDocument/diagnostic", ask(&one, first["resultId"].clone())).unwrap();
    assert_eq!(other["kind"], "full");
    assert_eq!(other["items"], json!([]));

    let known = json!([
        { "uri": one, "value": other["resultId"] },
        { "uri": two, "value": "old" },
        { "uri": "file:///gone.yaml", "value": "old" },
    ]);
    let all = editor.call("workspace/diagnostic", json!({ "previousResultIds": known })).unwrap();
    let kinds: Vec<_> =
        all["items"].as_array().unwrap().iter().map(|it| (it["uri"].clone(), it["kind"].clone())).collect();
    let expected = [
        (json!(one), json!("unchanged")),
        (json!(two), json!("full")),
        (json!("file:///gone.yaml"), json!("full")),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(all["items"][1]["version"], 1);
    assert_eq!(editor.messages_of("textDocument/publishDiagnostics"), Vec::<Value>::new());
}

#[test]
fn columns_are_counted_in_the_negotiated_encoding() {
    let text = TWO.replace("value: 36", "words: 'é𝄞', value: 36");
    let column = |units: fn(&str) -> usize| {
        let line = text.lines().find(|line| line.contains("36")).unwrap();
        units(&line[..line.find("36").unwrap()]) as u32
    };
    let (bytes, pairs, letters) =
        (column(str::len), column(|it| it.encode_utf16().count()), column(|it| it.chars().count()));
    for (offered, agreed, column) in [
        (json!(["utf-8"]), "utf-8", bytes),
        (json!(["utf-16", "utf-8"]), "utf-8", bytes),
        (json!(["utf-16"]), "utf-16", pairs),
        (json!(["utf-32", "utf-16"]), "utf-16", pairs),
        (json!(["utf-32"]), "utf-32", letters),
        (json!(["utf-7"]), "utf-16", pairs),
        (json!([]), "utf-16", pairs),
        (Value::Null, "utf-16", pairs),
    ] {
        let folder = folder(&[("one.yaml", ONE), ("two.yaml", &text)]);
        let mut editor = Client::start(folder.path(), json!({ "general": { "positionEncodings": offered } }));
        assert_eq!(editor.capabilities["positionEncoding"], agreed);
        editor.open("two.yaml", &text);
        let diagnostics = editor.diagnostics("two.yaml", 1);
        assert_eq!(
            (diagnostics[0].range.start.character, diagnostics[0].range.end.character),
            (column, column + 2)
        );
        // Typed in the same columns.
        editor.change(
            "two.yaml",
            2,
            &json!([change(
                (diagnostics[0].range.start.line, column),
                (diagnostics[0].range.start.line, column + 2),
                "99"
            )]),
        );
        assert_eq!(editor.diagnostics("two.yaml", 2), []);
    }
}
