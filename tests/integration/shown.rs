//! Parts of reports and pages other than findings: further sets of claims that clash, positions over time, incomplete
//! searches, and the state of a day.

use gainsay::finding::{Evidence, Finding};
use gainsay::graph;
use gainsay::id::{AnswerId, ClaimId, Id as _};
use gainsay::period::Period;
use gainsay::report::graph::{GraphFormat, GraphView};
use gainsay::report::show::{self, Style};
use gainsay::report::{Report, Selection, markdown, text, unsearched};
use gainsay::workspace::{Analysis, Options, Workspace};

use crate::support::{analyse, report, workspace};

const STYLE: Style = Style { color: false, width: 100 };

/// A campaign with three strikes; the general retracts a claim about it.
const CAMPAIGN: &str = "\
actors: { north: {}, general: { speaks-for: north }, south: {}, east: {}, west: {}, paper: {} }
terms: { homes: {} }
events:
  war: {}
  campaign: { date: 2026-01-01/2026-01-07, part-of: war }
  monday: { date: 2026-01-05, part-of: campaign }
  tuesday: { date: 2026-01-06, part-of: campaign }
  sunday: { date: 2026-01-04, part-of: campaign }
";

const CLAIMS: &str = "\
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  some: { by: north, about: campaign, measure: killed, value: dozens, said: 2026-03-01, at: p1 }
  toll: { by: general, about: campaign, measure: killed, value: 60, said: 2026-03-10, at: p2 }
  lower: { by: north, about: campaign, measure: killed, value: 40, said: 2026-04-01, at: p3 }
  vague: { by: north, about: campaign, measure: killed, value: dozens, said: 2026-05-01, at: p4 }
  in-the-war: { by: east, about: war, measure: killed, value: at most 45, at: p5 }
  on-monday: { by: south, about: monday, measure: killed, value: 50, at: p6 }
  monday-too: { by: west, about: monday, measure: killed, value: at least 47, at: p7 }
  on-tuesday: { by: south, about: tuesday, measure: killed, value: 30, at: p8 }
  on-sunday: { by: south, about: sunday, measure: killed, value: 29, at: p9 }
";

fn campaign() -> Workspace {
    workspace([("claims.yaml", CLAIMS), ("shared.yaml", CAMPAIGN)])
}

/// The page of a question or finding.
fn page(workspace: &Workspace, analysis: &Analysis, id: &str) -> String {
    let [node] = *graph::named(&analysis.model, id) else { panic!("{id} is not a unique name") };
    show::render(workspace.files(), analysis, node, STYLE)
}

/// The only finding across questions, with its evidence.
fn joint(analysis: &Analysis) -> (&Finding, &Evidence) {
    let found: Vec<_> = analysis
        .on_claims()
        .filter_map(|finding| Some((finding, finding.evidence.as_deref()?)))
        .filter(|(_, evidence)| evidence.across)
        .collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0]
}

#[test]
fn finding_lists_other_sets_of_claims_that_also_clash() {
    let workspace = campaign();
    let analysis = analyse(&workspace);
    let (finding, evidence) = joint(&analysis);
    let names = |claims: &[ClaimId]| -> Vec<String> {
        claims.iter().map(|&claim| analysis.model.claim(claim).name.to_string()).collect()
    };
    assert_eq!(finding.rule, "part-exceeds-whole");
    assert_eq!(names(&evidence.claims), ["lower", "on-monday"]);
    assert_eq!(names(&evidence.also), ["in-the-war", "monday-too"]);
    let further: Vec<_> = evidence.further.iter().map(|set| names(set)).collect();
    assert_eq!(further, [["lower", "on-sunday", "on-tuesday"]]);
    let row = &report(&workspace, &analysis)["findings"][0];
    let full = |names: &[&str]| names.iter().map(|name| format!("paper-1/{name}")).collect::<Vec<_>>();
    assert_eq!(row["also"], serde_json::json!(full(&["in-the-war", "monday-too"])));
    assert_eq!(row["further"], serde_json::json!([full(&["lower", "on-sunday", "on-tuesday"])]));
}

/// The claims of each set clash by themselves, and all of them are needed.
#[test]
fn further_sets_of_claims_clash_by_themselves() {
    let analysis = analyse(&campaign());
    let (_, evidence) = joint(&analysis);
    let clash = |claims: &[ClaimId]| {
        let named = |name: &str| claims.iter().any(|&claim| analysis.model.claim(claim).name == name);
        let is_kept = |line: &&str| {
            !line.starts_with("  ") || named(line.trim_start().split(':').next().unwrap_or_default())
        };
        let kept: String = CLAIMS.lines().filter(is_kept).flat_map(|line| [line, "\n"]).collect();
        let alone = analyse(&workspace([("claims.yaml", kept.as_str()), ("shared.yaml", CAMPAIGN)]));
        alone.on_claims().any(|finding| finding.claims().len() == claims.len())
    };
    assert!(evidence.further.iter().all(|set| clash(set)));
    for &other in &evidence.also {
        let in_place_of = |place: usize| {
            let mut claims = evidence.claims.clone();
            claims[place] = other;
            claims
        };
        assert!((0..evidence.claims.len()).any(|place| clash(&in_place_of(place))));
    }
}

#[test]
fn report_counts_further_sets_of_claims() {
    let workspace = campaign();
    let analysis = analyse(&workspace);
    let report = Report::new(workspace.files(), &analysis, &Selection::default());
    for text in [text::render(&report, STYLE), markdown::render(&report)] {
        assert!(
            text.contains("2 other claims with the same effect: paper-1/in-the-war, paper-1/monday-too"),
            "{text}"
        );
        assert!(text.contains("and 1 further set (see "), "{text}");
    }
}

#[test]
fn question_page_is_unchanged() {
    let workspace = campaign();
    insta::assert_snapshot!("question", page(&workspace, &analyse(&workspace), "campaign/killed/people"));
}

#[test]
fn finding_page_is_unchanged() {
    let workspace = campaign();
    let analysis = analyse(&workspace);
    let (_, evidence) = joint(&analysis);
    let page = show::finding(workspace.files(), &analysis, &evidence.id, STYLE);
    insta::assert_snapshot!("finding", page.unwrap());
    assert_eq!(show::finding(workspace.files(), &analysis, "0123456789ab", STYLE), None);
}

/// Each superseded answer with the one that superseded it, by the names of the claims.
fn superseded(claims: &str) -> Vec<(String, String)> {
    let head = "source: { id: paper-1, publisher: paper, published: 2026-06-01 }\nclaims:\n";
    let text = format!("{head}{claims}");
    let analysis = analyse(&workspace([("claims.yaml", text.as_str()), ("shared.yaml", CAMPAIGN)]));
    let model = &analysis.model;
    let name = |answer: AnswerId| model.claim(model.answers.claim[answer.index()]).name.to_string();
    let mut pairs = Vec::new();
    for question in model.question_ids() {
        let found = analysis.reasoning.superseded(model, &analysis.graph, question);
        assert!(found.iter().all(|(old, _)| !analysis.reasoning.current[old.index()]));
        pairs.extend(found.into_iter().map(|(old, new)| (name(old), name(new))));
    }
    pairs.sort();
    pairs
}

#[test]
fn answer_is_superseded_by_the_first_that_replaces_it() {
    let pairs = superseded(
        "  a: { by: north, about: sunday, measure: killed, value: 10, said: 2026-03-01 }
  b: { by: general, about: sunday, measure: killed, value: dozens, said: 2026-03-02 }
  c: { by: north, about: sunday, measure: killed, value: at least 5, said: 2026-03-03 }
  d: { by: north, about: sunday, measure: killed, value: 46, said: 2026-03-04 }
  other: { by: south, about: sunday, measure: killed, value: 12, said: 2026-03-05 }
  if: { by: north, about: sunday, measure: killed, value: 99, said: 2026-03-06, certainty: conditional }
",
    );
    let names: Vec<_> = pairs.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    assert_eq!(names, [("a", "b"), ("b", "d"), ("c", "d")]);
}

#[test]
fn denial_is_superseded_by_the_answer_that_it_denied() {
    let pairs = superseded(
        "  no: { by: north, about: sunday, measure: target, value: homes, stance: denies, said: 2026-03-01 }
  yes: { by: north, about: sunday, measure: target, value: homes, said: 2026-03-02 }
  no-more: { by: north, about: sunday, measure: target, value: homes, stance: denies, said: 2026-03-03 }
",
    );
    let names: Vec<_> = pairs.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    assert_eq!(names, [("no", "yes"), ("yes", "no-more")]);
}

#[test]
fn pages_and_graphs_can_show_one_day() {
    let workspace = campaign();
    let late = CLAIMS.replace("paper-1", "paper-2").replace("2026-06-01", "2026-07-01");
    let both = crate::support::workspace([
        ("claims.yaml", CLAIMS),
        ("late.yaml", late.as_str()),
        ("shared.yaml", CAMPAIGN),
    ]);
    let by = |workspace: &Workspace, day: &str| {
        let as_of = Period::read(day).unwrap().last;
        workspace.analyse(&Options { as_of, ..Options::default() })
    };
    let (then, now) = (by(&both, "2026-06-30"), analyse(&both));
    let question = "campaign/killed/people";
    assert_eq!(page(&both, &then, question), page(&workspace, &analyse(&workspace), question));
    assert!(page(&both, &now, question).contains("paper-2"));
    assert!(!page(&both, &then, "paper").contains("paper-2"));
    assert!(page(&both, &then, "paper-2/toll").contains("so it is left out"));
    let graph = |analysis: &Analysis| GraphView::new(analysis, &[], 1).render(GraphFormat::Json).unwrap();
    assert_eq!(graph(&then), graph(&analyse(&workspace)));
    assert!(graph(&now).contains("paper-2"));
}

/// Weeks that together are a whole war, each with one day that is all of the week, on which nobody was killed.
fn weeks(count: usize) -> Workspace {
    let mut events =
        "actors: { north: {}, south: {}, paper: {} }\nevents:\n  war: { parts-complete: true }\n".to_owned();
    let mut claims = "source: { id: paper-1, publisher: paper, published: 2026-06-01 }\nclaims:
  all: { by: north, about: war, measure: killed, value: 9 }
"
    .to_owned();
    for week in 0..count {
        events += &format!("  week-{week}: {{ part-of: war, parts-complete: true }}\n");
        events += &format!("  day-{week}: {{ part-of: week-{week} }}\n");
        for (name, of) in [("people", ""), ("civilians", "of: civilians, ")] {
            let asked = format!("about: day-{week}, measure: killed, {of}value: 0");
            claims += &format!("  {name}-{week}: {{ by: south, {asked} }}\n");
        }
    }
    workspace([("claims.yaml", claims), ("events.yaml", events)])
}

/// A total of nine cannot be the sum of zeros: found over three weeks; over four hundred the search stops early.
/// SECURITY: R10.
#[test]
fn incomplete_search_is_reported() {
    let few = weeks(3);
    let analysis = analyse(&few);
    assert_eq!((unsearched(&analysis), joint(&analysis).1.claims.len()), (None, 4));
    assert_eq!(report(&few, &analysis)["unsearched"], serde_json::json!([]));

    let many = weeks(400);
    let analysis = analyse(&many);
    let said = unsearched(&analysis).expect("the search over so many weeks is incomplete");
    assert!(said.contains("day-0/killed/civilians"), "{said}");
    assert_eq!(report(&many, &analysis)["unsearched"], serde_json::json!(["day-0/killed/civilians"]));
    let shown = Report::new(many.files(), &analysis, &Selection::default());
    assert!(text::render(&shown, STYLE).contains(&said));
    assert!(markdown::render(&shown).contains(&said));
    assert_eq!(analysis.on_claims().count(), 0);
}
