//! The language server from the view of an editor.

mod busy;
pub(crate) mod client;
mod code_actions;
mod editing;
mod navigation;
mod protocol;
mod typing_help;

use gen_lsp_types::{DiagnosticSeverity, DocumentDiagnosticRequest, Message};
use serde_json::json;

use client::Client;

const ONE: &str = "\
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { by: north, about: raid, measure: killed, value: at least 80, at: p2 }
";
const TWO: &str = "\
source: { id: paper-2, publisher: paper, published: 2026-02-24 }
claims:
  toll: { by: south, about: raid, measure: killed, value: 36, at: p2 }
";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn clash_is_shown_in_both_files_with_links_to_each_other() {
    let folder = folder(&[("one.yaml", ONE), ("two.yaml", TWO)]);
    for spawn in [Client::start, Client::spawn] {
        let mut editor = spawn(folder.path(), json!({}));
        editor.open("two.yaml", TWO);
        let [clash] = editor.diagnostics("two.yaml", 1).try_into().unwrap();
        assert_eq!(clash.severity, Some(DiagnosticSeverity::Information));
        let Message::String(message) = &clash.message else { panic!() };
        assert!(message.contains("at least 80") && message.contains("36"), "{message}");
        let related = clash.related_information.unwrap();
        assert_eq!(related[0].location.uri, editor.uri("one.yaml"));

        editor.write("two.yaml", 2, &TWO.replace("36", "90"));
        assert_eq!(editor.diagnostics("two.yaml", 2), []);
        editor.close("two.yaml");
        let asked = json!({ "textDocument": { "uri": editor.uri("two.yaml") } });
        let report = serde_json::to_value(editor.ask::<DocumentDiagnosticRequest>(asked)).unwrap();
        assert_eq!(report["items"].as_array().unwrap().len(), 1, "closed: the text on the disk counts again");
    }
}

#[test]
fn change_on_disk_updates_diagnostics_of_open_files() {
    let folder = folder(&[("one.yaml", ONE), ("two.yaml", TWO)]);
    let mut editor = Client::spawn(folder.path(), json!({}));
    editor.open("two.yaml", TWO);
    assert_eq!(editor.diagnostics("two.yaml", 1).len(), 1);

    std::fs::write(folder.path().join("one.yaml"), ONE.replace("at least 80", "36")).unwrap();
    assert_eq!(editor.diagnostics("two.yaml", 1), [], "the text of another file changed");
    std::fs::write(folder.path().join("two.yaml"), TWO.replace("36", "99")).unwrap();
    std::fs::write(folder.path().join("three.yaml"), TWO.replace("36", "90").replace("paper-2", "paper-3"))
        .unwrap();
    let diagnostics = editor.diagnostics("two.yaml", 1);
    assert!(
        diagnostics.iter().all(|it| !format!("{:?}", it.message).contains("99")),
        "open: the text on the disk does not count"
    );
    assert!(!diagnostics.is_empty(), "a new file");
    std::fs::remove_file(folder.path().join("three.yaml")).unwrap();
    assert_eq!(editor.diagnostics("two.yaml", 1), [], "a deleted file");
}

#[test]
fn messages_sent_all_at_once_are_all_answered() {
    let (theirs, ours) = lsp_server::Connection::memory();
    let request = |id: i32, method: &str| {
        lsp_server::Request::new(id.into(), method.to_owned(), json!({ "capabilities": {} }))
    };
    let notify = |method: &str| lsp_server::Notification::new(method.to_owned(), json!({}));
    let said: [lsp_server::Message; 6] = [
        request(1, "initialize").into(),
        notify("initialized").into(),
        request(2, "workspace/symbol").into(),
        request(3, "shutdown").into(),
        request(4, "textDocument/hover").into(),
        notify("exit").into(),
    ];
    for message in said {
        ours.sender.send(message).unwrap();
    }
    let no_desk = |_: &std::path::Path, _: Option<&std::path::Path>| Err(String::new());
    gainsay::lsp::serve(
        &theirs.receiver,
        &theirs.sender,
        gainsay::lsp::LspSettings::default(),
        std::sync::Arc::new(no_desk),
        std::sync::Arc::new(|_: &std::path::Path, _| {}),
    )
    .unwrap();
    let answers = ours.receiver.try_iter().filter_map(|message| match message {
        lsp_server::Message::Response(response) => Some((response.id, response.response_result.is_ok())),
        _ => None,
    });
    let answers: Vec<_> = answers.filter(|(id, _)| *id != 2.into()).collect();
    assert_eq!(answers, [(1.into(), true), (3.into(), true), (4.into(), false)]);
}
