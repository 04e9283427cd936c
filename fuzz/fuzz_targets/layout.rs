//! Any text as a claim file that is formatted: it is refused, or the result is already formatted, has the same data as
//! the text, and equals the text with the edits applied.
#![no_main]

use gainsay::edit::{format, format_edits, format_range};
use gainsay::report::{Report, Selection, json};
use gainsay::workspace::{Input, Options, Workspace};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let lines = text.lines().count();
    let _ = format_range("a.yaml", text, lines / 3..lines / 2);
    let Ok(even) = format("a.yaml", text) else { return };
    assert_eq!(format("a.yaml", &even).ok().as_ref(), Some(&even), "formatting the result changes it again");
    let edits = format_edits("a.yaml", text).expect("it is not refused as a whole");
    let mut edited = text.to_owned();
    for (span, new) in edits.into_iter().rev() {
        edited.replace_range(span, &new);
    }
    assert_eq!(edited, even);
    assert_eq!(data_and_findings(&even), data_and_findings(text));
});

/// The data of a file and its findings, without lines.
fn data_and_findings(text: &str) -> (Value, Vec<String>) {
    let content = Ok(text.as_bytes().to_vec());
    let workspace = Workspace::read(vec![Input { path: "a.yaml".to_owned(), content }]);
    let analysis = workspace.analyse(&Options::default());
    let mut found: Vec<String> =
        analysis.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.message)).collect();
    found.sort();
    let report = Report::new(workspace.files(), &analysis, &Selection::default());
    let report = json::render(&report).expect("a report fits into JSON");
    let mut report: Value = serde_json::from_str(&report).expect("a report is JSON");
    for claim in report["claims"].as_object_mut().into_iter().flatten() {
        claim.1["line"] = Value::Null;
    }
    (report, found)
}
