//! The language server as an editor sees it.

pub(crate) mod client;
mod editing;
mod protocol;

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
fn a_clash_shows_in_both_files_with_a_link_to_the_other() {
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
        assert_eq!(report["items"].as_array().unwrap().len(), 1, "closed: as on the disk again");
    }
}

#[test]
fn what_changes_on_the_disk_shows_in_what_is_open() {
    let folder = folder(&[("one.yaml", ONE), ("two.yaml", TWO)]);
    let mut editor = Client::spawn(folder.path(), json!({}));
    editor.open("two.yaml", TWO);
    assert_eq!(editor.diagnostics("two.yaml", 1).len(), 1);

    std::fs::write(folder.path().join("one.yaml"), ONE.replace("at least 80", "36")).unwrap();
    assert_eq!(editor.diagnostics("two.yaml", 1), [], "another text in another file");
    std::fs::write(folder.path().join("two.yaml"), TWO.replace("36", "99")).unwrap();
    std::fs::write(folder.path().join("three.yaml"), TWO.replace("36", "90").replace("paper-2", "paper-3"))
        .unwrap();
    let told = editor.diagnostics("two.yaml", 1);
    assert!(told.iter().all(|it| !format!("{:?}", it.message).contains("99")), "open: the disk is not asked");
    assert!(!told.is_empty(), "a new file");
    std::fs::remove_file(folder.path().join("three.yaml")).unwrap();
    assert_eq!(editor.diagnostics("two.yaml", 1), [], "a file that went");
}
