//! Any text as a claim file with edits of every kind: reviews are written and withdrawn, ids renamed, entries and keys
//! added, two ids merged. Each edit is refused, or it changes exactly what it should, the rest has the same content,
//! and no existing line changes. A byte 0x1e separates the file from a reviewer's note, which is also the new id and
//! name, and the note from the reviewer's figure.
#![no_main]

use gainsay::dispute::Decision;
use gainsay::document::Verdict;
use gainsay::document::mention::Kind;
use gainsay::edit::{self, Added, FieldValue, FileChange, NewEntry};
use gainsay::finding::Grade;
use gainsay::period::Day;
use gainsay::workspace::{Input, Options, Workspace};
use libfuzzer_sys::fuzz_target;

/// Two parties that clash on one question, so that there is a dispute to review.
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
        if let Ok(change) = edit::review(&before, &analysis, dispute.question, &decision, on, "reviews.yaml")
        {
            let after = apply(file, &change);
            assert_eq!(count_reviews(&after), count_reviews(&before) + 1);
            assert_keeps_lines(change.before.as_deref().unwrap_or_default(), &change.after);
        }
    }
    check_renaming(&before, &decision.note);
    check_adding(file, &before, &decision.note);
    check_merging(file, &before);
    let written = before.documents().iter().flat_map(|document| &document.reviews).take(4);
    for review in written {
        if let Ok(change) = edit::withdraw(&before, &review.id.value) {
            assert_eq!(count_reviews(&apply(file, &change)) + 1, count_reviews(&before));
            assert_keeps_lines(&change.after, change.before.as_deref().unwrap_or_default());
        }
    }
});

/// Renames things of all kinds and renames them back, which must restore the files.
fn check_renaming(before: &Workspace, to: &str) {
    let options = Options::default();
    let analysis = before.analyse(&options);
    for (kind, id) in ids(before) {
        let Ok(there) = edit::rename(before, &analysis, &options, Some(kind), &id, to) else { continue };
        let after = edit::changed(before, &there.changes);
        assert_no_new_errors(before, &after, &format!("{id} to {to:?}"));
        let analysis = after.analyse(&options);
        let back = edit::rename(&after, &analysis, &options, Some(there.kind), &there.to, &there.from);
        let back = back.unwrap_or_else(|why| panic!("{id} to {to:?} and not back: {why}"));
        let back = edit::changed(&after, &back.changes);
        for (file, text) in before.files().iter() {
            assert_eq!(
                without_quotes(text.text()),
                without_quotes(back.files()[file].text()),
                "{id} to {to:?} and back"
            );
        }
    }
}

/// A text without quotes: an edit may add or remove the quotes of an id.
fn without_quotes(text: &str) -> String {
    text.replace(['"', '\''], "")
}

/// A few ids of each kind; claims by their full names.
fn ids(workspace: &Workspace) -> Vec<(Kind, String)> {
    let mut ids = Vec::new();
    for document in workspace.documents() {
        let actors = document.actors.iter().map(|entry| (Kind::Actor, entry.id.value.to_string()));
        let subjects = document.subjects.iter().map(|entry| (Kind::Subject, entry.id.value.to_string()));
        let places = document.places.iter().map(|entry| (Kind::Place, entry.id.value.to_string()));
        ids.extend(actors.take(2).chain(subjects.take(2)).chain(places.take(1)));
        if let Some(source) = &document.source {
            let id = source.id.value.to_string();
            ids.extend(
                document.claims.iter().take(1).map(|claim| (Kind::Claim, format!("{id}/{}", claim.id.value))),
            );
            ids.push((Kind::Source, id));
        }
    }
    ids
}

/// Adds an entry to each section that takes one, and a key to an entry of each.
fn check_adding(file: &str, before: &Workspace, name: &str) {
    let fields = [("name".to_owned(), FieldValue::One(name.to_owned()))];
    for section in ["actors", "events", "places"] {
        for path in ["claims.yaml", "other.yaml", "new.yaml"] {
            let entry = NewEntry { section, id: "one-more", fields: &fields };
            if let Ok(change) = edit::new_entry(before, &entry, path) {
                let after = apply(file, &change);
                let count = |workspace: &Workspace| {
                    workspace
                        .documents()
                        .iter()
                        .map(|one| one.actors.len() + one.subjects.len() + one.places.len())
                        .sum::<usize>()
                };
                assert_eq!(count(&after), count(before) + 1, "{}", change.diff());
                assert_keeps_lines(change.before.as_deref().unwrap_or_default(), &change.after);
            }
        }
    }
    for ((at, _), document) in before.files().iter().zip(before.documents()) {
        for actor in document.actors.iter().take(2) {
            let aliases = [Added::ChoiceItem("aliases", name)];
            if let Ok(change) = edit::add(before, at, "actors", actor.id.span, &aliases) {
                apply(file, &change);
            }
        }
        for claim in document.claims.iter().take(2) {
            let note = [Added::Key("note", name)];
            if let Ok(change) = edit::add(before, at, "claims", claim.id.span, &note) {
                apply(file, &change);
            }
        }
    }
}

/// Merges the first two entries of each kind.
fn check_merging(file: &str, before: &Workspace) {
    let claims =
        |workspace: &Workspace| workspace.documents().iter().map(|one| one.claims.len()).sum::<usize>();
    let ids = ids(before);
    for kind in [Kind::Actor, Kind::Subject, Kind::Place] {
        let of_kind: Vec<&String> = ids.iter().filter(|(it, _)| *it == kind).map(|(_, id)| id).collect();
        let [.., one, other] = of_kind.as_slice() else { continue };
        if let Ok(changes) = edit::merge(before, kind, one, other) {
            let after = edit::changed(before, &changes);
            assert_eq!(claims(&after), claims(before));
            assert_no_new_errors(before, &after, &format!("{other} into {one}"));
        }
        if kind == Kind::Subject
            && let Ok(changes) = edit::mark_as_different(before, one, other)
        {
            changes.iter().for_each(|change| drop(apply(file, change)));
        }
    }
}

fn workspace(file: &str) -> Workspace {
    let input =
        |path: &str, text: &str| Input { path: path.to_owned(), content: Ok(text.as_bytes().to_vec()) };
    Workspace::read(vec![input("claims.yaml", CLAIMS), input("other.yaml", file)])
}

/// The workspace after a change, which must not add errors.
fn apply(file: &str, change: &FileChange) -> Workspace {
    let input =
        |path: &str, text: &str| Input { path: path.to_owned(), content: Ok(text.as_bytes().to_vec()) };
    let mut inputs = vec![input("claims.yaml", CLAIMS), input("other.yaml", file)];
    inputs.retain(|input| input.path != change.path);
    inputs.push(input(&change.path, &change.after));
    let after = Workspace::read(inputs);
    assert_no_new_errors(&workspace(file), &after, &change.diff());
    if let Ok(even) = edit::format(&change.path, &change.after) {
        assert_eq!(edit::format(&change.path, &even).ok().as_ref(), Some(&even));
    }
    after
}

/// Asserts that a change adds no errors.
fn assert_no_new_errors(before: &Workspace, after: &Workspace, change: &str) {
    let errors = |workspace: &Workspace| {
        let findings = workspace.analyse(&Options::default()).findings.into_iter();
        let errors = findings.filter(|finding| finding.grade == Grade::Error);
        errors.map(|finding| format!("{} {}", finding.rule, finding.message)).collect::<Vec<_>>()
    };
    let (then, now) = (errors(before), errors(after));
    assert!(now.len() <= then.len(), "{change}\nthen: {then:#?}\nnow: {now:#?}");
}

fn count_reviews(workspace: &Workspace) -> usize {
    workspace.documents().iter().map(|document| document.reviews.len()).sum()
}

/// Asserts that every line of the shorter text is in the longer one, in the same order. Only empty values may
/// disappear, like the `{}` of an empty section, and a flow mapping becomes a different line when it gets an entry.
fn assert_keeps_lines(shorter: &str, longer: &str) {
    let is_flow = |line: &str| line.contains(['{', '}']);
    let mut lines = longer.lines();
    for line in shorter.lines().filter(|line| !is_flow(line) && !line.trim().is_empty()) {
        assert!(lines.any(|other| other == line), "`{line}` is gone from\n{longer}");
    }
}
