//! Reviews written into claim files and withdrawn: typed text is read back unchanged, and nothing else changes.

use gainsay::dispute::{self, Decision, ReviewStatus};
use gainsay::document::{Because, Verdict};
use gainsay::edit::{self, FileChange, Refusal};
use gainsay::finding::print;
use gainsay::id::QuestionId;
use gainsay::period::Day;
use gainsay::workspace::{Analysis, Workspace};
use proptest::prelude::*;

use crate::support::{CLAIMS, QUESTION, analyse, workspace};

fn today() -> Day {
    Day::from_ymd(2026, 7, 3).unwrap()
}

fn decision() -> Decision {
    Decision {
        verdict: Some(Verdict::Explained),
        because: Some(Because::Scope),
        by: "desk".to_owned(),
        ..Decision::default()
    }
}

/// A workspace of claims and files of reviews, with its analysis and its disputed question.
fn disputed_workspace(reviews: &[(&str, &str)]) -> (Workspace, Analysis, QuestionId) {
    let workspace = workspace([("claims.yaml", CLAIMS)].iter().chain(reviews).copied());
    let analysis = analyse(&workspace);
    let question = analysis.model.find_question(QUESTION).unwrap();
    (workspace, analysis, question)
}

fn record(reviews: &[(&str, &str)], decision: &Decision) -> Result<FileChange, Refusal> {
    let (workspace, analysis, question) = disputed_workspace(reviews);
    edit::review(&workspace, &analysis, question, decision, today(), "reviews.yaml")
}

/// The change of `reviews.yaml`, the only file of reviews.
fn change(before: &str, decision: &Decision) -> FileChange {
    record(&[("reviews.yaml", before)], decision).unwrap()
}

/// A review of another question, to fill files of reviews.
fn other_review(id: &str) -> String {
    format!("  {id}:\n    question: raid/injured/people\n    verdict: open\n    on: 2026-06-02\n")
}

#[test]
fn review_records_the_decision_and_the_claims_it_saw() {
    let (_, analysis, _) = disputed_workspace(&[]);
    let change = record(&[], &Decision { note: "They cover other hospitals.".into(), ..decision() }).unwrap();
    let seen = &analysis.disputes[0].seen;
    assert_eq!((change.path.as_str(), change.before.as_deref()), ("reviews.yaml", None));
    let wanted = "reviews:\n  raid-injured:\n    question: raid/injured/people\n    verdict: explained\n    because: scope\n    \
         note: They cover other hospitals.\n    by: desk\n    on: 2026-07-03\n    seen: SEEN\n    saw:\n      \
         paper-1/north-toll: 36; north; said 2026-06-01\n      paper-1/south-toll: 90; south; said 2026-06-01\n";
    assert!(
        change.after == wanted.replace("SEEN", seen)
            || change.after == wanted.replace("SEEN", &format!("'{seen}'")),
        "{}",
        change.after
    );
    let (_, analysis, _) = disputed_workspace(&[("reviews.yaml", &change.after)]);
    assert_eq!(analysis.disputes[0].standing, ReviewStatus::Explained);
    assert!(change.diff().starts_with("--- /dev/null\n+++ b/reviews.yaml\n@@ -0,0 +1,"), "{}", change.diff());
}

#[test]
fn second_review_on_one_day_replaces_the_first() {
    let first = change("", &decision());
    let second = change(&first.after, &Decision { verdict: Some(Verdict::Irreconcilable), ..decision() });
    assert!(second.after.contains("  raid-injured-2:\n"), "{}", second.after);
    let (workspace, analysis, question) = disputed_workspace(&[("reviews.yaml", &second.after)]);
    assert_eq!(analysis.disputes[0].standing, ReviewStatus::Irreconcilable);
    let latest = analysis.model.latest_review(question).unwrap();
    assert_eq!(latest.id, "raid-injured-2");
    assert_eq!(edit::withdraw(&workspace, &latest.id).unwrap().after, first.after);
}

#[test]
fn review_goes_into_the_file_that_has_reviews() {
    let elsewhere = "reviews:\n  one:\n    question: raid/killed/people\n    verdict: open\n";
    let own = format!("reviews:\n{}", other_review("two"));
    for (files, wanted) in [
        (vec![], "reviews.yaml"),
        (vec![("a.yaml", elsewhere), ("z.yaml", elsewhere)], "z.yaml"),
        (vec![("a.yaml", &own), ("z.yaml", elsewhere)], "a.yaml"),
        (vec![("a.yaml", "reviews: {}\n"), ("z.yaml", "places: {}\n")], "a.yaml"),
        (vec![("reviews.yaml", "places: {}\n")], "reviews.yaml"),
    ] {
        let (workspace, analysis, question) = disputed_workspace(&files);
        assert_eq!(edit::home(&workspace, &analysis, question, "reviews.yaml"), wanted);
        assert_eq!(record(&files, &decision()).unwrap().path, wanted);
    }
    let alone = workspace([("claims.yaml", CLAIMS)]);
    let analysis = analyse(&alone);
    let question = analysis.model.find_question(QUESTION).unwrap();
    let change = edit::review(&alone, &analysis, question, &decision(), today(), "claims.yaml").unwrap();
    assert!(change.after.starts_with(&format!("{CLAIMS}\nreviews:\n  raid-injured:\n")), "{}", change.after);
}

#[test]
fn decision_is_refused_with_the_reason() {
    let settled =
        |figure: &str| Decision { verdict: Some(Verdict::Settled), figure: figure.into(), ..decision() };
    for (decision, why) in [
        (Decision { verdict: None, ..decision() }, "choose a verdict"),
        (Decision { by: "  ".into(), ..decision() }, "the name of the reviewer is missing"),
        (Decision { by: "a\nb".into(), ..decision() }, "on one line"),
        (Decision { by: "a\u{1b}[1m".into(), ..decision() }, "U+001B"),
        (Decision { note: "a\0".into(), ..decision() }, "U+0000"),
        (Decision { because: Some(Because::Other), ..decision() }, "needs a note"),
        (Decision { figure: "36".into(), ..decision() }, "only `settled`"),
        (settled(""), "needs a figure"),
        (settled("1,5"), "`1,5`"),
        (settled("about many"), "about many"),
    ] {
        let refusal = record(&[], &decision).unwrap_err();
        assert!(matches!(refusal, Refusal::Undecided(_)) && refusal.to_string().contains(why), "{refusal}");
    }
    // The words are those of the lint for a manual edit.
    let by_hand =
        "reviews: { one: { question: raid/injured/people, verdict: settled, figure: about many } }\n";
    let (_, analysis, _) = disputed_workspace(&[("reviews.yaml", by_hand)]);
    let lint = analysis.on_files().find(|finding| finding.rule == "unreadable-figure").unwrap();
    assert_eq!(record(&[], &settled("about many")).unwrap_err().to_string(), lint.message);
    let (workspace, mut analysis, question) = disputed_workspace(&[]);
    analysis.disputes.clear();
    let nothing = edit::review(&workspace, &analysis, question, &decision(), today(), "reviews.yaml");
    assert!(matches!(nothing, Err(Refusal::Unknown(_))));
}

#[test]
fn review_that_would_not_be_the_latest_is_refused() {
    let future = "reviews:\n  one: { question: raid/injured/people, verdict: open, on: 2027-01-01 }\n";
    let refusal = record(&[("reviews.yaml", future)], &decision()).unwrap_err();
    assert!(refusal.to_string().contains("has the later date 2027-01-01"), "{refusal}");
}

#[test]
fn layouts_that_cannot_be_edited_are_refused_with_the_line() {
    let entry = "question: raid/injured/people, verdict: open";
    for (text, at, why) in [
        (format!("reviews: {{ one: {{ {entry} }} }}\n"), 1, "written in braces"),
        (format!("# a\n{{ reviews: {{ one: {{ {entry} }} }} }}\n"), 2, "whole file"),
        (format!("reviews:\n  one: {{ {entry} }}\nactors:\n  bad: [\n"), 4, "fix it first"),
        (format!("reviews:\n  ? one\n  : {{ {entry} }}\n"), 2, "before the key"),
    ] {
        let refusal = record(&[("reviews.yaml", &text)], &decision()).unwrap_err();
        let Refusal::Layout { line, .. } = refusal else { panic!("{refusal}") };
        assert!(line == at && refusal.to_string().contains(why), "{refusal}");
    }
    // Some edits can only be found wrong by reading the result: text behind the end of a document, or text that would
    // become part of another text.
    for text in [
        "actors: {}\n...\n",
        "reviews:\n  one:\n    question: raid/injured/people\n    verdict: open\n    note: |+\n      a\n\n\n",
    ] {
        let refusal = record(&[("reviews.yaml", text)], &decision()).unwrap_err();
        assert!(matches!(refusal, Refusal::Misread(_)), "{refusal}");
    }
}

#[test]
fn decision_on_changed_claims_is_refused_with_the_changes() {
    let (then, before, question) = disputed_workspace(&[]);
    let seen = before.disputes[0].seen.clone();
    let saw = dispute::seen_lines(&before.model, &before.disputes[0]);
    assert!(edit::check_claims_unchanged(&before, question, &seen, &saw).is_ok());

    let changed = analyse(&workspace([("claims.yaml", CLAIMS.replace("value: 90", "value: 91"))]));
    let refusal = edit::check_claims_unchanged(&changed, question, &seen, &saw).unwrap_err();
    assert!(matches!(refusal, Refusal::ClaimsChanged { .. }));
    assert_eq!(
        refusal.diff(),
        "-paper-1/south-toll: 90; south; said 2026-06-01\n+paper-1/south-toll: 91; south; said 2026-06-01\n"
    );

    let reviews = format!("reviews:\n{}", other_review("one"));
    let reviewed = workspace([("claims.yaml", CLAIMS), ("reviews.yaml", &reviews)]);
    let check = |printed: &str| {
        edit::check_file_unchanged(reviewed.files(), "reviews.yaml", printed, Some(then.files()))
    };
    let refusal = check("").unwrap_err();
    assert!(matches!(refusal, Refusal::FileChanged { .. }));
    assert!(refusal.diff().contains("+  one:\n"), "{}", refusal.diff());
    assert!(check(&print(&reviews)).is_ok());
}

#[test]
fn unknown_review_cannot_be_withdrawn() {
    let (workspace, _, _) =
        disputed_workspace(&[("reviews.yaml", &format!("reviews:\n{}", other_review("one")))]);
    assert!(matches!(edit::withdraw(&workspace, "two"), Err(Refusal::Unknown(_))));
    assert_eq!(edit::withdraw(&workspace, "one").unwrap().after, "reviews: {}\n");
}

#[test]
fn review_of_many_claims_has_only_their_fingerprint() {
    let mut claims = CLAIMS.to_owned();
    for at in 0..200 {
        claims += &format!("  c{at}: {{ by: north, about: raid, measure: injured, value: {at} }}\n");
    }
    let workspace = workspace([("claims.yaml", claims)]);
    let analysis = analyse(&workspace);
    let question = analysis.model.find_question(QUESTION).unwrap();
    let change = edit::review(&workspace, &analysis, question, &decision(), today(), "reviews.yaml").unwrap();
    assert!(change.after.contains("    seen: ") && !change.after.contains("saw:"), "{}", change.after);
}

#[test]
fn review_records_claims_of_any_form() {
    let claims = "\
actors: { north: {}, south: {}, paper: {} }
terms: { homes: { excludes: school }, school: {} }
events: { raid: {} }
measures: { length: { type: amount, unit: km } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  one: { by: north, about: raid, measure: injured, value: \"about\\n   169\", said: ../2026-02-22 }
  two: { by: south, about: raid, measure: injured, value: '~20', as-of: 2026-02~, certainty: probable }
  three: { by: south, denies: [one, '4'] }
  '4': { about: raid, measure: injured, value: 1 500 }
  five: { about: raid, measure: length, value: \"1,034 km\" }
  six: { by: north, about: raid, measure: length, value: '3 km' }
";
    let before = workspace([("claims.yaml", claims)]);
    let analysis = analyse(&before);
    assert!(analysis.disputes.len() >= 2);
    for dispute in &analysis.disputes {
        let change =
            edit::review(&before, &analysis, dispute.question, &decision(), today(), "reviews.yaml").unwrap();
        assert!(change.after.contains("    saw:\n"), "{}", change.after);
        // Either of the two alone shows that nothing changed.
        for without in [&["    seen: "][..], &["    saw:", "      "]] {
            let is_kept = |line: &&str| !without.iter().any(|start| line.starts_with(start));
            let kept: Vec<&str> = change.after.lines().filter(is_kept).collect();
            let after = workspace([("claims.yaml", claims), ("reviews.yaml", &(kept.join("\n") + "\n"))]);
            let name = analysis.model.question_name(dispute.question);
            let after = analyse(&after);
            let question = after.model.find_question(&name).unwrap();
            let again = after.disputes.iter().find(|dispute| dispute.question == question).unwrap();
            assert_eq!(again.standing, ReviewStatus::Explained, "{}", kept.join("\n"));
        }
    }
}

// --- any typed text in any file ----------------------------------------------------------------

/// Texts that are hard to write as YAML.
fn hard_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "yes",
        "null",
        "~",
        "36",
        "1e3",
        "0x1f",
        "1_000",
        ".inf",
        "2026-02-22",
        "12:30",
        "- a",
        "? a",
        "a: b",
        "a #b",
        "#",
        "'",
        "\"",
        "''",
        "\\",
        "\\n",
        "{a}",
        "[a]",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%",
        "@",
        "`",
        "---",
        "...",
        "<<",
        " ",
        "\t",
        "\n",
        "\n\n",
        "é",
        "日本",
        "𝄞",
        "\u{202e}",
        "\u{2028}",
        "\u{a0}",
        "a:",
        ":a",
        ",",
        "=",
        "\r\n",
    ]);
    let piece = prop_oneof![3 => odd.prop_map(str::to_owned), 2 => "[ -~]{0,12}", 1 => "\\PC{0,6}"];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

/// A text without line breaks.
fn single_line_text() -> impl Strategy<Value = String> {
    hard_text().prop_map(|text| text.replace(['\n', '\r'], " "))
}

/// One entry of a file of reviews, by its number. Block entries are indented by two further blanks.
fn review_entry() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "I: { question: raid/injured/people, verdict: open, on: 2026-06-02 }",
        "I: { question: raid/injured/people, # why\n     verdict: open }",
        "I: {\n    question: raid/injured/people, verdict: open\n  }",
        "I:\n    question: raid/injured/people # the question\n    verdict: open",
        "I:\n    question: raid/injured/people\n    verdict: open\n    # to be looked at again\n\n    # soon",
        "I:\n    question: 'raid/injured/people'\n    verdict: \"open\"\n    note: |\n      one\n\n      two\n",
        "I:\n    question: raid/injured/people\n    note: >-\n      folded\n      text\n    verdict: open",
        "I:\n    question: raid/injured/people\n    verdict: open\n    note: plain\n      goes on\n      # and on",
        "I:\n    question: raid/injured/people\n    verdict: open\n    note: 'it''s\n      quoted'",
        "I:\n    question: raid/injured/people\n    verdict: open\n    saw: { a/b: \"c: d\" }",
        "I:\n    question: raid/injured/people\n    verdict: open\n    saw:\n      a/b: c\n      # d",
        "\"I\":\n    verdict: settled\n    figure: \"1,034\"\n    question: raid/injured/people",
    ])
    .prop_map(str::to_owned)
}

/// A file of reviews: text before the entries, the entries, and text between and after them.
fn review_file() -> impl Strategy<Value = String> {
    let before =
        prop::sample::select(vec!["", "# Reviews\n\n", "places: {}\n", "---\nterms:\n  huts: {}\n\n"]);
    let head =
        prop::sample::select(vec!["reviews:\n", "reviews: # of the desk\n\n", "\"reviews\" :\n  # first\n"]);
    let between =
        prop::sample::select(vec!["", "\n", "  # next\n", "\n  # next\n", "# at the margin\n", "\n\n"]);
    let behind = prop::sample::select(vec![
        "",
        "\n\n",
        "  # end\n",
        "\n# end",
        "places:\n  tor: {}\n",
        "\n# of places\nplaces: {}",
        "  # end\n\nmeasures: {}\n",
    ]);
    let entries = prop::collection::vec(review_entry(), 1..5);
    (before, head, entries, between, behind, any::<bool>(), any::<bool>()).prop_map(
        |(before, head, entries, between, behind, crlf, ended)| {
            let before =
                if behind.contains("places") { before.replace("places", "terms") } else { before.to_owned() };
            let mut text = before + head;
            for (at, entry) in entries.iter().enumerate() {
                text += if at == 0 { "" } else { between };
                text += &format!("  {}\n", entry.replace('I', &format!("r{at}")));
            }
            text += behind;
            // A block text ends with a line break. Without one in the file, it takes the break of the line after it.
            if !ended && !text.trim_end().ends_with("two") {
                text.truncate(text.trim_end().len());
            }
            if crlf { text.replace('\n', "\r\n") } else { text }
        },
    )
}

/// The content of a file according to serde, with every scalar as text.
fn read_by_serde(text: &str) -> serde_yaml::Value {
    fn as_text(value: serde_yaml::Value) -> serde_yaml::Value {
        match value {
            serde_yaml::Value::Number(number) => number.to_string().into(),
            serde_yaml::Value::Mapping(mapping) => serde_yaml::Value::Mapping(
                mapping.into_iter().map(|(key, value)| (key, as_text(value))).collect(),
            ),
            other => other,
        }
    }
    as_text(serde_yaml::from_str(text).unwrap())
}

/// The inserted piece if `after` is `before` with one piece of text inserted.
fn inserted_piece<'a>(before: &str, after: &'a str) -> Option<&'a str> {
    let start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let longest = before.len() - start;
    let end = before.bytes().rev().zip(after.bytes().rev()).take(longest).take_while(|(a, b)| a == b).count();
    (start + end == before.len()).then(|| &after[start..after.len() - end])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn typed_text_is_read_back_by_both_readers(note in hard_text(), by in single_line_text(), crlf in any::<bool>()) {
        prop_assume!(!by.trim().is_empty());
        let decision = Decision { note: note.clone(), by: by.clone(), ..decision() };
        let before = if crlf { "places: {}\r\n" } else { "" };
        let change = change(before, &decision);
        let note = note.replace("\r\n", "\n").replace('\r', "\n");
        let note = Some(note).filter(|note| !note.trim().is_empty());
        let (workspace, analysis, _) = disputed_workspace(&[("reviews.yaml", &change.after)]);
        let review = &analysis.model.reviews[0];
        prop_assert_eq!(review.note.as_deref(), note.as_deref());
        prop_assert_eq!(review.by.as_deref(), Some(by.as_str()));
        prop_assert_eq!(analysis.disputes[0].standing, ReviewStatus::Explained);
        let theirs = read_by_serde(&change.after);
        let entry = &theirs["reviews"]["raid-injured"];
        prop_assert_eq!(entry["by"].as_str(), Some(by.as_str()));
        prop_assert_eq!(entry.get("note").and_then(|note| note.as_str()), note.as_deref());
        prop_assert!(workspace.documents().iter().all(|document| document.reviews.iter().all(|entry| !entry.broken)));
    }

    #[test]
    fn review_changes_nothing_else_and_can_be_undone(before in review_file(), note in hard_text()) {
        let change = change(&before, &Decision { note, ..decision() });
        let piece = inserted_piece(&before, &change.after);
        prop_assert!(piece.is_some_and(|piece| piece.contains("raid-injured:")), "{}", change.diff());
        let (mut then, mut now) = (read_by_serde(&before), read_by_serde(&change.after));
        prop_assert!(now["reviews"].as_mapping_mut().unwrap().remove("raid-injured").is_some());
        prop_assert_eq!(&then, &now);
        if before.contains("\r\n") {
            prop_assert_eq!(change.after.matches('\n').count(), change.after.matches("\r\n").count());
        }
        let (workspace, _, _) = disputed_workspace(&[("reviews.yaml", &change.after)]);
        prop_assert_eq!(&edit::withdraw(&workspace, "raid-injured").unwrap().after, &before);
        // Any other review can be withdrawn too, which removes only its own lines.
        let taken = edit::withdraw(&disputed_workspace(&[("reviews.yaml", &before)]).0, "r0").unwrap();
        then["reviews"].as_mapping_mut().unwrap().remove("r0");
        prop_assert_eq!(&read_by_serde(&taken.after), &then);
    }
}
