//! Reviews are matched to disputes: by question, latest first, stale once the claims changed.

use gainsay::dispute::{Dispute, ReviewStatus};
use gainsay::workspace::{Analysis, Options};

use crate::support::{File, examine};

const CLAIMS: &str = "\
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22, parties: [north, south] } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: injured, value: 36 }
  south-toll: { by: south, about: raid, measure: injured, value: 90 }
";

fn analysis(claims: &str, reviews: &str) -> Analysis {
    let file = |name: &str, text: &str| File { name: name.to_owned(), text: text.to_owned() };
    examine(&[file("claims.yaml", claims), file("reviews.yaml", reviews)], Options::default()).1
}

/// The only dispute, in files without mistakes.
fn dispute(claims: &str, reviews: &str) -> Dispute {
    let mut analysis = analysis(claims, reviews);
    let errors: Vec<_> = analysis.on_files().filter(|found| found.grade.name() == "error").collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(analysis.disputes.len(), 1);
    analysis.disputes.remove(0)
}

fn status(claims: &str, reviews: &str) -> ReviewStatus {
    dispute(claims, reviews).standing
}

fn review(id: &str, fields: &str) -> String {
    format!("  {id}: {{ question: raid/injured/people, {fields} }}\n")
}

#[test]
fn dispute_without_a_review_is_open() {
    assert_eq!(status(CLAIMS, ""), ReviewStatus::Open);
}

#[test]
fn verdict_of_a_review_becomes_that_of_the_dispute() {
    for (verdict, wanted) in [
        ("open", ReviewStatus::Open),
        ("explained, because: scope", ReviewStatus::Explained),
        ("settled, figure: 169-170", ReviewStatus::Settled),
        ("irreconcilable", ReviewStatus::Irreconcilable),
    ] {
        let reviews = format!("reviews:\n{}", review("one", &format!("verdict: {verdict}")));
        assert_eq!(status(CLAIMS, &reviews), wanted, "{verdict}");
    }
}

#[test]
fn latest_review_counts() {
    let older = review("a", "verdict: settled, on: 2026-07-01");
    let newer = review("b", "verdict: explained, on: 2026-07-02");
    for reviews in [format!("reviews:\n{older}{newer}"), format!("reviews:\n{newer}{older}")] {
        let dispute = dispute(CLAIMS, &reviews);
        assert_eq!(dispute.standing, ReviewStatus::Explained);
        assert_eq!(dispute.reviews.len(), 2);
    }
}

#[test]
fn review_is_stale_once_the_claims_changed() {
    let seen = dispute(CLAIMS, "").seen;
    assert!(seen.len() == 8 && seen.bytes().all(|byte| byte.is_ascii_hexdigit()), "{seen}");
    let reviews = format!("reviews:\n{}", review("one", &format!("verdict: settled, seen: \"{seen}\"")));
    assert_eq!(status(CLAIMS, &reviews), ReviewStatus::Settled);
    let changed = [
        CLAIMS.replace("value: 90", "value: 91"),
        CLAIMS.replace("by: south", "by: paper"),
        CLAIMS.replace("value: 90", "value: 90, said: 2026-05-01"),
        CLAIMS.replace("value: 90", "value: 90, certainty: probable"),
        CLAIMS.replace("south-toll", "southern-toll"),
        format!("{CLAIMS}  third: {{ about: raid, measure: injured, value: 40 }}\n"),
    ];
    for claims in &changed {
        assert_eq!(status(claims, &reviews), ReviewStatus::Stale, "{claims}");
    }
    assert!(ReviewStatus::Stale.is_open());
}

#[test]
fn review_stays_current_after_unrelated_changes() {
    let seen = dispute(CLAIMS, "").seen;
    let reviews = format!("reviews:\n{}", review("one", &format!("verdict: settled, seen: \"{seen}\"")));
    let untouched = [
        format!("# a comment\n\n{CLAIMS}"),
        format!("{CLAIMS}  other: {{ about: raid, measure: occurred, value: yes }}\n"),
        CLAIMS.replace("value: 90 }", "value: 90, note: looked up again, at: p3 }"),
        CLAIMS.replace("south: {}", "south: { role: the other side }"),
        CLAIMS.replace("by: north, about: raid,", "about: raid, by: north,"),
    ];
    for claims in &untouched {
        assert_eq!(status(claims, &reviews), ReviewStatus::Settled, "{claims}");
    }
}

#[test]
fn open_review_is_never_stale() {
    let reviews = format!("reviews:\n{}", review("one", "verdict: open, seen: \"00000000\""));
    assert_eq!(status(CLAIMS, &reviews), ReviewStatus::Open);
}

#[test]
fn reviewed_dispute_keeps_its_findings_and_positions() {
    let dispute = dispute(CLAIMS, &format!("reviews:\n{}", review("one", "verdict: irreconcilable")));
    assert_eq!((dispute.findings.len(), dispute.positions.len()), (1, 2));
    assert!(dispute.silent.is_empty());
}

#[test]
fn silent_parties_are_those_that_neither_answer_nor_decline() {
    let third = CLAIMS
        .replace("paper: {}", "paper: {}, east: {}, west: {}")
        .replace("[north, south]", "[north, east, west]");
    let mut found = dispute(&third, "");
    assert_eq!(found.silent.len(), 2);
    let declines = format!("{third}  east-silent: {{ by: east, declines: raid/injured/people }}\n");
    found = dispute(&declines, "");
    assert_eq!((found.silent.len(), found.aside.len()), (1, 1));
}

#[test]
fn question_with_many_claims_has_few_positions() {
    let mut claims = CLAIMS.to_owned();
    for at in 0..300 {
        claims += &format!(
            "  c{at}: {{ by: north, about: raid, measure: injured, value: {} }}\n",
            36 + at % 2 * 54
        );
    }
    let dispute = dispute(&claims, "");
    assert_eq!(dispute.positions.len(), 2);
    assert!(dispute.findings.len() < 10, "{}", dispute.findings.len());
}

#[test]
fn positions_count_independent_origins() {
    let cited = "\
actors: { radio: {} }
source: { id: radio-1, publisher: radio, published: 2026-06-02, cites: paper-1 }
claims:
  toll: { by: south, about: raid, measure: injured, value: 90 }
  own: { about: raid, measure: injured, value: 36 }
";
    let analysis = analysis(CLAIMS, cited);
    let question = analysis.model.find_question("raid/injured/people").unwrap();
    let dispute = analysis.disputes.iter().find(|dispute| dispute.question == question).unwrap();
    let origins: Vec<(usize, usize)> =
        dispute.positions.iter().map(|position| (position.sources.len(), position.origins)).collect();
    // South is quoted in two sources and is one origin; north and the radio are two.
    assert_eq!(origins, [(2, 2), (2, 1)]);
}

/// The claims of the only dispute in the form in which a review records them.
fn seen_lines(claims: &str) -> String {
    let analysis = analysis(claims, "");
    let lines = gainsay::dispute::seen_lines(&analysis.model, &analysis.disputes[0]);
    let lines: Vec<String> = lines.iter().map(|(claim, line)| format!("      {claim}: {line}\n")).collect();
    lines.concat()
}

/// A review that saw these claims.
fn review_of(claims: &str) -> String {
    let (seen, saw) = (dispute(claims, "").seen, seen_lines(claims));
    format!(
        "reviews:\n  one:\n    question: raid/injured/people\n    verdict: settled\n    figure: 36\n    seen: \"{seen}\"\n    \
         saw:\n{saw}"
    )
}

/// The changes since the review of [`CLAIMS`], as `claim | then | now`.
fn changes_since(claims: &str, reviews: &str) -> Option<Vec<String>> {
    let analysis = analysis(claims, reviews);
    let dispute = &analysis.disputes[0];
    let review = &analysis.model.reviews[dispute.reviews[0]];
    let differences = gainsay::dispute::since(&analysis.model, dispute, review)?;
    let shown = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let line = |found: gainsay::dispute::Difference| {
        format!("{} | {} | {}", found.claim, shown(found.then), shown(found.now))
    };
    Some(differences.into_iter().map(line).collect())
}

#[test]
fn review_can_list_the_claims_it_saw() {
    let claims = "\
actors: { north: {}, general: { speaks-for: north }, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  toll: { by: north, about: raid, measure: injured, value: at least 80, said: 2026-02-22 }
  no-toll: { by: south, denies: [toll, dead], said: 2026-02-23, certainty: probable }
  none: { by: south, about: raid, measure: injured, stance: denies, value: some, as-of: 2026-05-01 }
  silent: { by: general, declines: raid/injured/people }
  dead: { by: north, about: raid, measure: killed, value: 3 }
";
    let analysis = analysis(claims, "");
    let injured = analysis.model.find_question("raid/injured/people").unwrap();
    let dispute = analysis.disputes.iter().find(|dispute| dispute.question == injured).unwrap();
    let lines: Vec<String> = gainsay::dispute::seen_lines(&analysis.model, dispute)
        .into_iter()
        .map(|(claim, line)| format!("{claim}: {line}"))
        .collect();
    assert_eq!(
        lines,
        [
            "paper-1/no-toll: denies toll; south; said 2026-02-23; probable",
            "paper-1/none: denies some; south; said 2026-06-01; as of 2026-05-01",
            "paper-1/silent: declines; general; said 2026-06-01",
            "paper-1/toll: at least 80; north; said 2026-02-22",
        ]
    );
}

#[test]
fn seen_claims_on_other_questions_name_their_question() {
    let claims =
        format!("{CLAIMS}  dead-and-injured: {{ by: south, about: raid, measure: casualties, value: 20 }}\n");
    let analysis = analysis(&claims, "");
    let lines: Vec<String> = analysis
        .disputes
        .iter()
        .flat_map(|dispute| gainsay::dispute::seen_lines(&analysis.model, dispute))
        .map(|(_, line)| line)
        .filter(|line| line.contains("; on "))
        .collect();
    assert!(!lines.is_empty());
    for line in lines {
        assert!(
            line.ends_with("; on raid/injured/people") || line.ends_with("; on raid/casualties/people"),
            "{line}"
        );
    }
}

#[test]
fn changes_since_a_review_are_listed_by_claim() {
    let reviews = review_of(CLAIMS);
    assert_eq!(changes_since(CLAIMS, &reviews).unwrap(), Vec::<String>::new());
    assert_eq!(status(CLAIMS, &reviews), ReviewStatus::Settled);
    let (north, south) = ("36; north; said 2026-06-01", "90; south; said 2026-06-01");
    for (claims, wanted) in [
        (
            CLAIMS.replace("value: 90", "value: 91"),
            vec![format!("paper-1/south-toll | {south} | 91; south; said 2026-06-01")],
        ),
        (
            CLAIMS.replace("value: 90", "value: 90, certainty: possible"),
            vec![format!("paper-1/south-toll | {south} | {south}; possible")],
        ),
        (
            CLAIMS.replace("north-toll", "a-toll"),
            vec![format!("paper-1/a-toll | - | {north}"), format!("paper-1/north-toll | {north} | -")],
        ),
        (
            format!("{CLAIMS}  third: {{ by: north, about: raid, measure: injured, value: 40 }}\n"),
            vec!["paper-1/third | - | 40; north; said 2026-06-01".to_owned()],
        ),
    ] {
        assert_eq!(changes_since(&claims, &reviews).unwrap(), wanted, "{claims}");
        assert_eq!(status(&claims, &reviews), ReviewStatus::Stale, "{claims}");
    }
    let without = format!("reviews:\n{}", review("one", "verdict: settled"));
    assert_eq!(changes_since(CLAIMS, &without), None);
}

#[test]
fn seen_claims_count_without_a_fingerprint_and_in_any_wrapping() {
    let reviews = review_of(CLAIMS);
    let seen = reviews.lines().find(|line| line.contains("seen:")).unwrap();
    let alone = reviews.replace(&format!("{seen}\n"), "").replace("; said", ";\n        said");
    assert_eq!(status(CLAIMS, &alone), ReviewStatus::Settled);
    assert_eq!(status(&CLAIMS.replace("value: 90", "value: 91"), &alone), ReviewStatus::Stale);
    assert_eq!(changes_since(CLAIMS, &alone).unwrap(), Vec::<String>::new());
}

#[test]
fn reports_show_changes_since_a_review() {
    let changed = CLAIMS.replace("value: 90", "value: 91");
    let file = |name: &str, text: &str| File { name: name.to_owned(), text: text.to_owned() };
    let files = [file("claims.yaml", &changed), file("reviews.yaml", &review_of(CLAIMS))];
    let (workspace, analysis) = examine(&files, Options::default());
    let report =
        gainsay::report::Report::new(workspace.files(), &analysis, &gainsay::report::Selection::default());
    let style = gainsay::report::text::Style { color: false, width: 160 };
    let text = gainsay::report::text::render(&report, style);
    let expected =
        "changed paper-1/south-toll: from `90; south; said 2026-06-01` to `91; south; said 2026-06-01`";
    assert!(text.contains("stale, open again: 1 claim changed since") && text.contains(expected), "{text}");
    let markdown = gainsay::report::markdown::render(&report);
    assert!(
        markdown.contains("from “90; south; said 2026-06-01” to “91; south; said 2026-06-01”"),
        "{markdown}"
    );
    let expected = &crate::support::report(&workspace, &analysis)["disputes"][0]["review"];
    let line = |value: u32| format!("{value}; south; said 2026-06-01");
    assert_eq!(expected["saw"]["paper-1/south-toll"], line(90));
    let changed = serde_json::json!([{ "claim": "paper-1/south-toll", "then": line(90), "now": line(91) }]);
    assert_eq!(expected["changed"], changed);
    let schema = serde_json::from_str(gainsay::report::json::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&crate::support::report(&workspace, &analysis)));
}

#[test]
fn current_review_and_review_without_seen_claims_list_no_changes() {
    let report = |reviews: &str| {
        let file = |name: &str, text: &str| File { name: name.to_owned(), text: text.to_owned() };
        let files = [file("claims.yaml", CLAIMS), file("reviews.yaml", reviews)];
        let (workspace, analysis) = examine(&files, Options::default());
        crate::support::report(&workspace, &analysis)["disputes"][0]["review"].clone()
    };
    let fits = report(&review_of(CLAIMS));
    assert!(fits["saw"].is_object() && fits["changed"].is_null(), "{fits}");
    let older = report(&format!("reviews:\n{}", review("a", "verdict: explained, on: 2026-02-23")));
    assert!(older["saw"].is_null() && older["changed"].is_null(), "{older}");
}

#[test]
fn settled_figure_is_reported_with_the_verdict() {
    let reviews = format!(
        "reviews:\n{}",
        review(
            "a",
            "verdict: settled, because: source-error, figure: about 36, by: desk, on: 2026-07-01, note: counted"
        )
    );
    let file = |name: &str, text: &str| File { name: name.to_owned(), text: text.to_owned() };
    let files = [file("claims.yaml", CLAIMS), file("reviews.yaml", &reviews)];
    let (workspace, analysis) = examine(&files, Options::default());
    let report =
        gainsay::report::Report::new(workspace.files(), &analysis, &gainsay::report::Selection::default());
    let style = gainsay::report::text::Style { color: false, width: 160 };
    let text = gainsay::report::text::render(&report, style);
    assert!(text.contains(" · settled at about 36\n"), "{text}");
    let expected = "review: settled at about 36 (source-error: a source made a mistake), by desk, on 1 July 2026; note: counted";
    assert!(text.contains(expected), "{text}");
    assert!(gainsay::report::markdown::render(&report).contains(" · settled at about 36\n"));
}

#[test]
fn later_of_two_reviews_on_one_day_counts() {
    for ids in [("a", "b"), ("b", "a")] {
        let first = review(ids.0, "verdict: settled, figure: 36, on: 2026-07-01");
        let second = review(ids.1, "verdict: explained, on: 2026-07-01");
        assert_eq!(status(CLAIMS, &format!("reviews:\n{first}{second}")), ReviewStatus::Explained, "{ids:?}");
    }
}
