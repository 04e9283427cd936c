//! Any bytes as claim files: they are read, analysed and reported without a panic, and the places of findings exist. A
//! byte 0x1e begins the next file.
#![no_main]

use gainsay::finding::Finding;
use gainsay::report::{Report, Selection, csv, json, markdown, sarif, snippets, text};
use gainsay::source::Files;
use gainsay::workspace::{Input, Options, Workspace};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let file =
        |(at, bytes): (usize, &[u8])| Input { path: format!("{at}.yaml"), content: Ok(bytes.to_vec()) };
    let workspace = Workspace::read(data.split(|&byte| byte == 0x1e).enumerate().map(file).collect());
    let analysis = workspace.analyse(&Options::default());
    for finding in &analysis.findings {
        assert_has_places(workspace.files(), finding);
    }
    let style = text::Style { color: false, width: 100 };
    for finding in analysis.findings.iter().take(20) {
        snippets::render(workspace.files(), finding, style);
    }
    let report = Report::new(workspace.files(), &analysis, &Selection::default());
    text::render(&report, style);
    markdown::render(&report);
    csv::render(&report).expect("a report fits into CSV");
    json::render(&report).expect("a report fits into JSON");
    sarif::render(&report).expect("a report fits into SARIF");
});

fn assert_has_places(files: &Files, finding: &Finding) {
    assert!(!finding.labels.is_empty(), "no place: {}", finding.message);
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let places = finding.labels.iter().map(|label| label.location).chain(edits.map(|edit| edit.location));
    for place in places {
        let text = files[place.file].text();
        let is_there = text.is_empty() || text.get(place.span.range()).is_some();
        assert!(is_there, "{}: no such place: {:?}", finding.message, place.span);
    }
}
