//! The HTML of the list of disputes and of the pages of questions.

use std::collections::BTreeSet;

use gainsay::dispute::Decision;
use gainsay::document::Verdict;
use gainsay::report::html::{Filter, Form, Links, PageContext, PageIndex, Refused, Reviewing};
use gainsay::workspace::{Analysis, Workspace};

use crate::support::{analyse, real_files, workspace};

const FORM: Form<'static> = Form { token: "t0ken", file: "claims/reviews.yaml", print: "0badcafe" };

/// Calls a function with the desk of a workspace.
fn with_desk<T>(
    workspace: &Workspace,
    analysis: &Analysis,
    links: Links,
    reviewing: Reviewing<'_>,
    look: impl FnOnce(&PageContext<'_>) -> T,
) -> T {
    let index = PageIndex::new(analysis);
    let files = workspace.files();
    look(&PageContext { files, analysis, index: &index, links, reviewing, place: "claims/", read: "today" })
}

/// Calls a function with the live desk of a workspace, with forms.
fn with_live_desk<T>(text: &str, look: impl FnOnce(&PageContext<'_>) -> T) -> T {
    let workspace = workspace([("a.yaml", text)]);
    let analysis = analyse(&workspace);
    with_desk(&workspace, &analysis, Links::Served, Reviewing::Form(FORM), look)
}

fn with_real_desk<T>(look: impl FnOnce(&PageContext<'_>) -> T) -> T {
    let workspace = workspace(real_files());
    let analysis = analyse(&workspace);
    with_desk(&workspace, &analysis, Links::Served, Reviewing::Form(FORM), look)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// The list of disputes with a filter.
fn list(desk: &PageContext<'_>, asked: &[(&str, &str)]) -> String {
    desk.disputes(&Filter::from_query(&desk.analysis.model, &pairs(asked))).body.into_string()
}

/// The page of a question.
fn question(desk: &PageContext<'_>, name: &str) -> String {
    desk.question(desk.analysis.model.find_question(name).unwrap(), None).body.into_string()
}

fn row_count(html: &str) -> usize {
    html.matches("<li class=\"drow\">").count()
}

/// Every id of a page, in order.
fn ids(html: &str) -> Vec<&str> {
    html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn assert_ids_are_unique(html: &str) {
    let ids = ids(html);
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    assert!(ids.iter().all(|id| !id.contains(char::is_whitespace)), "{ids:?}");
}

const CLASH: &str = "\
actors: { north: { name: North }, south: { name: South }, paper: { name: The Paper } }
events: { raid: { name: The raid, date: 2026-02-22, parties: [north, south] } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: killed, of: militants, value: 36, said: 2026-05-30, at: p2, words: thirty-six militants }
  south-toll: { by: south, about: raid, measure: killed, of: militants, value: at least 50, said: 2026-05-30, at: p3 }
  women: { about: raid, measure: killed, of: women, value: 3, at: p4 }
";

#[test]
fn filter_survives_conversion_to_an_address_and_back() {
    with_real_desk(|desk| {
        let model = &desk.analysis.model;
        let asked = [
            ("q", "camps & homes"),
            ("event", "raids-2026-02-22"),
            ("actor", "pakistan-gov"),
            ("source", "al-jazeera-2026-02-24"),
            ("rule", "denied"),
            ("grade", "contradiction"),
            ("grade", "tension"),
            ("verdict", "unreviewed"),
            ("by", "event"),
            ("page", "3"),
        ];
        let filter = Filter::from_query(model, &pairs(&asked));
        assert!(filter.unknown.is_empty(), "{:?}", filter.unknown);
        let query = filter.query(model);
        assert_eq!(
            query,
            "?q=camps%20%26%20homes&event=raids-2026-02-22&actor=pakistan-gov&source=al-jazeera-2026-02-24&rule=denied\
             &grade=contradiction&grade=tension&verdict=unreviewed&by=event&page=3"
        );
        let reversed: Vec<(&str, &str)> = asked.into_iter().rev().collect();
        let mut again = Filter::from_query(model, &pairs(&reversed));
        again.selection.grades.sort();
        again.selection.verdicts.sort();
        assert_eq!(again.query(model), query);
        for verdict in ["reviewed", "open", "stale", "explained", "settled", "irreconcilable"] {
            let filter = Filter::from_query(model, &pairs(&[("verdict", verdict)]));
            assert_eq!(filter.query(model), format!("?verdict={verdict}"));
        }
        let all = [
            ("grade", "note"),
            ("grade", "tension"),
            ("grade", "contradiction"),
            ("verdict", ""),
            ("q", " "),
        ];
        assert_eq!(Filter::from_query(model, &pairs(&all)).query(model), "");
    });
}

#[test]
fn unknown_filter_values_are_reported_and_ignored() {
    with_real_desk(|desk| {
        let asked = [
            ("event", "<nowhere>"),
            ("grade", "grave"),
            ("page", "-1"),
            ("flavour", "mint"),
            ("verdict", "any"),
        ];
        let filter = Filter::from_query(&desk.analysis.model, &pairs(&asked));
        assert_eq!(filter.unknown.len(), 4);
        let html = list(desk, &asked);
        assert_eq!(row_count(&html), desk.analysis.disputes.len());
        assert!(html.contains(" called <bdi>&lt;nowhere&gt;</bdi>. That part of the filter is ignored."));
    });
}

#[test]
fn list_is_filtered_by_words_and_counts_the_rest() {
    with_real_desk(|desk| {
        let all = desk.analysis.disputes.len();
        assert_eq!(row_count(&list(desk, &[])), all);
        let found = list(desk, &[("q", "MILITANTS Paktika"), ("grade", "contradiction")]);
        assert!((1..all).contains(&row_count(&found)));
        assert!(found.contains(&format!("{} hidden by the filter", all - row_count(&found))));
        assert!(found.contains("href=\"/question/raids-2026-02-22/killed/militants\""));
        let contradictions = list(desk, &[("grade", "contradiction")]);
        assert!(
            !contradictions.contains("Tensions</span>") && contradictions.contains("Contradictions</span>")
        );
        let nothing = list(desk, &[("q", "<zzz>")]);
        assert!(nothing.contains("No dispute matches “<bdi>&lt;zzz&gt;</bdi>”"));
        assert!(nothing.contains(&format!("{all} disputes are hidden by this filter")));
        let by_event = list(desk, &[("by", "event")]);
        assert_eq!(row_count(&by_event), all);
        for html in [found, contradictions, nothing, by_event] {
            assert_ids_are_unique(&html);
        }
    });
}

#[test]
fn search_of_quoted_words_ignores_case_and_accents() {
    let text = CLASH.replace("thirty-six militants", "trente-six à Névache");
    with_live_desk(&text, |desk| {
        assert_eq!(row_count(&list(desk, &[("q", "nevache paper")])), 1);
        assert_eq!(row_count(&list(desk, &[("q", "nevache elsewhere")])), 0);
    });
}

#[test]
fn long_list_is_paged_on_the_desk_and_complete_in_the_frozen_report() {
    let mut text = CLASH.replace("killed, of: militants", "injured");
    for event in 0..120 {
        text +=
            &format!("  n{event}: {{ by: north, about: e{event}, measure: killed, value: 36, at: p1 }}\n");
        text +=
            &format!("  s{event}: {{ by: south, about: e{event}, measure: killed, value: 50, at: p1 }}\n");
    }
    let events: Vec<_> = (0..120).map(|event| format!(", e{event}: {{ date: 2020-01-01 }}")).collect();
    let events = events.concat();
    let text = text.replace("parties: [north, south] }", &format!("parties: [north, south] }}{events}"));
    let workspace = workspace([("a.yaml", text)]);
    let analysis = analyse(&workspace);
    let all = analysis.disputes.len();
    assert!(all > 120);
    with_desk(&workspace, &analysis, Links::Served, Reviewing::Form(FORM), |desk| {
        let first = list(desk, &[("actor", "north")]);
        assert_eq!(row_count(&first), 100);
        assert!(first.contains(&format!("<b>1–100</b> of {all} disputes")));
        assert!(
            first.contains("rel=\"next\" href=\"/?actor=north&amp;page=2\"")
                && !first.contains("rel=\"prev\"")
        );
        let second = list(desk, &[("actor", "north"), ("page", "2")]);
        assert_eq!(row_count(&second), all - 100);
        assert!(second.contains("rel=\"prev\" href=\"/?actor=north\"") && !second.contains("rel=\"next\""));
        assert_eq!(list(desk, &[("page", "99")]), list(desk, &[("page", "2")]));
    });
    with_desk(&workspace, &analysis, Links::Frozen, Reviewing::Command, |desk| {
        let html = list(desk, &[]);
        assert_eq!(row_count(&html), all);
        assert!(!html.contains("<form") && !html.contains("class=\"pager\""));
    });
}

#[test]
fn empty_list_says_what_to_do() {
    assert!(
        with_live_desk("actors: { a: {} }\n", |desk| list(desk, &[])).contains("No claims in this folder")
    );
    // A reader whose claims are in a broken file is not told to start with an example.
    let broken = with_live_desk(&CLASH.replace("claims:\n", "claims: [\n"), |desk| list(desk, &[]));
    assert!(broken.contains("No readable claims") && !broken.contains("gainsay init"), "{broken}");
    let html = with_live_desk(&CLASH.replace("at least 50", "about 36"), |desk| list(desk, &[]));
    assert!(
        html.contains("No disputes") && html.contains("3 claims on 2 questions can all be true together")
    );
    assert!(html.contains("1 question has answers from one party only"));
}

#[test]
fn dispute_page_is_unchanged() {
    with_live_desk(CLASH, |desk| {
        insta::assert_snapshot!("dispute_page", one_piece_per_line(&question(desk, "raid/killed/militants")));
    });
}

/// Puts each tag and piece of text on its own line.
fn one_piece_per_line(html: &str) -> String {
    html.replace("><", ">\n<")
}

#[test]
fn question_page_works_without_a_dispute() {
    let html = with_live_desk(CLASH, |desk| question(desk, "raid/killed/women"));
    assert!(html.contains("No findings on it") && html.contains("How many women were killed?"));
    assert!(html.contains("<td data-l=\"read as\">3</td>"));
    assert!(html.contains("are parties here, but no claim in this folder gives their answer"));
    assert!(!html.contains("<form"));
}

const REVIEW: &str = "reviews:
  raid-1: { question: raid/killed/militants, verdict: open, by: one, on: 2026-06-02 }
  raid-2:
    { question: raid/killed/militants, verdict: explained, because: scope, note: two sides, by: two, on: 2026-06-03, seen: 00000000 }
";

#[test]
fn stale_review_remains_in_the_form_and_in_the_history() {
    let html = with_live_desk(&format!("{CLASH}{REVIEW}"), |desk| question(desk, "raid/killed/militants"));
    assert!(
        html.contains("class=\"stalebox\"")
            && html.contains("Reviewed as <b>explained</b> on 3 Jun 2026 by <bdi>two</bdi>")
    );
    assert!(html.contains("value=\"explained\" required checked"));
    assert!(html.contains("<option value=\"scope\" selected>"));
    assert_eq!(html.matches("action=\"/undo\"").count(), 1);
    assert!(html.contains("name=\"review\" value=\"raid-2\""));
    assert_ids_are_unique(&html);
}

#[test]
fn refused_review_keeps_the_typed_text() {
    let refused = Refused {
        decision: Decision {
            verdict: Some(Verdict::Settled),
            figure: "at least 36".to_owned(),
            note: "\nmy \"own\" words".to_owned(),
            by: "three".to_owned(),
            ..Decision::default()
        },
        why: "`a.yaml` changed on disk".to_owned(),
        diff: "@@ -1 +1 @@\n-verdict: open\n+verdict: settled\n".to_owned(),
    };
    with_live_desk(&format!("{CLASH}{REVIEW}"), |desk| {
        let id = desk.analysis.model.find_question("raid/killed/militants").unwrap();
        let html = desk.question(id, Some(&refused)).body.into_string();
        assert!(html.contains("<b>Not saved.</b>"));
        assert!(
            html.contains("−<del><bdi>verdict: open</bdi></del>")
                && html.contains("+<ins><bdi>verdict: settled</bdi></ins>")
        );
        assert!(
            html.contains("value=\"settled\" required checked") && html.contains("value=\"at least 36\"")
        );
        assert!(html.contains("name=\"note\">\n\nmy &quot;own&quot; words</textarea>"));
        assert!(html.contains("form=\"review-form\" name=\"anyway\""));
        assert_ids_are_unique(&html);
    });
}

#[test]
fn page_without_a_form_shows_the_command() {
    let workspace = workspace([("a.yaml", CLASH)]);
    let analysis = analyse(&workspace);
    for links in [Links::Served, Links::Frozen] {
        with_desk(&workspace, &analysis, links, Reviewing::Command, |desk| {
            let html = question(desk, "raid/killed/militants");
            assert!(html.contains("gainsay review raid/killed/militants --verdict explained"));
            assert!(!html.contains("<form") && html.contains("as-text") == (links == Links::Served));
        });
    }
}

#[test]
fn question_page_with_very_many_answers_is_bounded() {
    let mut text = CLASH.to_owned();
    for claim in 0..6_000 {
        let by = ["north", "south"][claim % 2];
        text += &format!(
            "  c{claim}: {{ by: {by}, about: raid, measure: killed, value: {}, at: p1 }}\n",
            claim % 977 + 3
        );
    }
    with_live_desk(&text, |desk| {
        let html = question(desk, "raid/killed/people");
        assert!(html.len() < 700_000, "{}", html.len());
        assert!(html.contains("more statement") && html.contains("href=\"/answers/raid/killed/people\""));
        let id = desk.analysis.model.find_question("raid/killed/people").unwrap();
        let last = desk.answers(id, 60).body.into_string();
        assert!(
            last.contains("<b>5,901–6,000</b> of 6,000") && last.matches("data-l=\"said\"").count() == 100
        );
        assert_eq!(desk.answers(id, 61).body.into_string(), last);
        assert_ids_are_unique(&html);
    });
}

#[test]
fn hostile_text_is_escaped_in_every_place() {
    let bad = r#""<script>alert(1)</script>'\"><img src=x onerror=a>\u202e\u0002`""#;
    let text = format!(
        "actors:\n  north: {{ name: {bad}, role: {bad} }}\n  south: {{ name: {bad} }}\n  paper: {{ name: {bad} }}\n\
         events:\n  raid: {{ name: {bad}, date: 2026-02-22, parties: [north, south, other] }}\n\
         populations:\n  folk: {{ name: {bad}, part-of: people }}\n\
         measures:\n  odd: {{ name: {bad}, type: count, counts: people, asks: {bad} }}\n  step: {{ type: scale, steps: [{bad}, b] }}\n\
         source: {{ id: paper-1, publisher: paper, published: 2026-06-01, title: {bad}, url: \"javascript:alert(1)\" }}\n\
         claims:\n  one: {{ by: north, about: raid, measure: odd, of: folk, value: 36, at: p1, words: {bad}, note: {bad} }}\n\
         \x20 two: {{ by: south, about: raid, measure: odd, of: folk, value: 50, at: p1, via: [paper], words: {bad} }}\n\
         \x20 bad: {{ about: raid, measure: odd, value: {bad}, at: p1 }}\n\
         reviews:\n  r: {{ question: raid/odd/folk, verdict: settled, figure: {bad}, note: {bad}, by: {bad}, on: 2026-06-02 }}\n"
    );
    with_live_desk(&text, |desk| {
        let model = &desk.analysis.model;
        assert!(!desk.analysis.disputes.is_empty());
        let mut pages: Vec<_> = model.question_ids().map(|id| desk.question(id, None)).collect();
        pages.extend(model.question_ids().map(|id| desk.answers(id, 1)));
        let asked = pairs(&[("q", "<script>alert(1)"), ("event", "\"><img src=x onerror=a>"), ("<b>", "x")]);
        pages.push(desk.disputes(&Filter::from_query(model, &asked)));
        pages.push(desk.disputes(&Filter::default()));
        for page in &pages {
            let html = desk.whole(page);
            assert_eq!(html.matches("<script").count(), 1, "{html}");
            assert!(
                !html.contains("<img") && !html.contains("style=") && !html.contains("href=\"javascript")
            );
            assert!(!html.contains(['\u{202e}', '\u{2}']), "{html}");
            assert_ids_are_unique(&html);
        }
    });
}

#[test]
fn settled_figure_is_shown_in_the_list_and_on_the_page() {
    let review =
        "question: raid/killed/militants, verdict: settled, figure: about 36, because: scope, by: desk";
    let settled = format!("{CLASH}reviews: {{ a: {{ {review}, on: 2026-07-01 }} }}\n");
    with_live_desk(&settled, |desk| {
        let figure = "Settled</span> at <b><bdi>about 36</bdi></b>";
        let list = list(desk, &[]);
        assert_eq!(list.matches(figure).count(), 1, "{list}");
        let page = question(desk, "raid/killed/militants");
        // In the head of the page, and in the history.
        assert_eq!(page.matches(figure).count(), 2, "{page}");
        assert!(page.contains("scope: they cover different ground"), "{page}");
    });
}

#[test]
fn review_form_offers_the_same_reasons_as_the_terminal() {
    with_live_desk(CLASH, |desk| {
        let page = question(desk, "raid/killed/militants");
        for (reason, means) in gainsay::dispute::REASONS {
            let word = gainsay::document::Word::word(reason);
            assert!(page.contains(&format!("<option value=\"{word}\">{word}: {means}</option>")), "{page}");
        }
    });
}
