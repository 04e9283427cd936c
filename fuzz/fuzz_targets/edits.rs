//! Any text as a claim file into which a review is written and out of which one is taken: both are refused, or one
//! review is there more, or less, the rest reads as before, and no line that was there is another. A byte 0x1e parts
//! the file from the reviewer's note, and the note from their figure.
#![no_main]

use gainsay::dispute::Decision;
use gainsay::document::Verdict;
use gainsay::edit::{self, Change};
use gainsay::finding::Grade;
use gainsay::period::Day;
use gainsay::workspace::{Input, Options, Workspace};
use libfuzzer_sys::fuzz_target;

/// Two parties that clash on one question, so that there is something to decide on.
const CLAIMS: &str = "\
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: injured, value: 36, at: p1 }
  south-toll: { by: south, about: raid, measure: injured, value: 90, at: p2 }
";

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(3, '\u{1e}');
    let file = parts.next().unwrap_or_default();
    let decision = Decision {
        note: parts.next().unwrap_or_default().to_owned(),
        figure: parts.next().unwrap_or("40").to_owned(),
        by: "desk".to_owned(),
        verdict: Some(Verdict::Settled),
        ..Decision::default()
    };
    let before = workspace(file);
    let analysis = before.analyse(&Options::default());
    let on = Day::from_ymd(2026, 7, 3).expect("a day of the calendar");
    for dispute in analysis.disputes.iter().take(2) {
        if let Ok(change) =
            edit::review(&before, &analysis, dispute.question, &decision, on, "reviews.yaml")
        {
            let after = made(file, &change);
            assert_eq!(reviews(&after), reviews(&before) + 1);
            keeps_lines(change.before.as_deref().unwrap_or_default(), &change.after);
        }
    }
    let written = before.documents().iter().flat_map(|document| &document.reviews).take(4);
    for review in written {
        if let Ok(change) = edit::withdraw(&before, &review.id.value) {
            assert_eq!(reviews(&made(file, &change)) + 1, reviews(&before));
            keeps_lines(&change.after, change.before.as_deref().unwrap_or_default());
        }
    }
});

fn workspace(file: &str) -> Workspace {
    let input = |path: &str, text: &str| Input { path: path.to_owned(), content: Ok(text.as_bytes().to_vec()) };
    Workspace::read(vec![input("claims.yaml", CLAIMS), input("other.yaml", file)])
}

/// The workspace after a change of it, which must read no worse than before.
fn made(file: &str, change: &Change) -> Workspace {
    let input = |path: &str, text: &str| Input { path: path.to_owned(), content: Ok(text.as_bytes().to_vec()) };
    let mut inputs = vec![input("claims.yaml", CLAIMS), input("other.yaml", file)];
    inputs.retain(|input| input.path != change.path);
    inputs.push(input(&change.path, &change.after));
    let after = Workspace::read(inputs);
    let errors = |workspace: &Workspace| {
        let findings = workspace.analyse(&Options::default()).findings;
        findings.iter().filter(|finding| finding.grade == Grade::Error).count()
    };
    assert!(errors(&after) <= errors(&workspace(file)), "{}", change.diff());
    after
}

fn reviews(workspace: &Workspace) -> usize {
    workspace.documents().iter().map(|document| document.reviews.len()).sum()
}

/// Every line of the shorter text stands in the longer one, in the same order. Only what was empty may go, as the
/// `{}` of an empty section does, and a flow mapping is another line with one more entry in it.
fn keeps_lines(shorter: &str, longer: &str) {
    let is_flow = |line: &str| line.contains(['{', '}']);
    let mut lines = longer.lines();
    for line in shorter.lines().filter(|line| !is_flow(line) && !line.trim().is_empty()) {
        assert!(lines.any(|other| other == line), "`{line}` is gone from\n{longer}");
    }
}
