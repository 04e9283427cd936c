//! The evidence of a finding: its claims and the others, the steps, the gap, its assumptions, and a stable name.

use gainsay::finding::{Evidence, Finding};
use gainsay::id::Id as _;
use gainsay::workspace::{Analysis, Options};

use crate::support::{File, analyse, examine, workspace};

const HEAD: &str = "\
actors: { north: {}, south: {}, east: {}, general: { speaks-for: north }, minister: { speaks-for: north }, paper: {} }
events: { raid: { date: 2026-02-22, parties: [north, south] } }
populations: { worshippers: { part-of: civilians, inferred: true } }
terms: { camps: { excludes: homes }, homes: {} }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
";

fn analysis(claims: &str) -> Analysis {
    let text = format!("{HEAD}{claims}");
    examine(&[File { name: "claims.yaml".to_owned(), text }], Options::default()).1
}

/// The single finding of a rule.
fn finding<'a>(analysis: &'a Analysis, rule: &str) -> &'a Finding {
    let found: Vec<&Finding> = analysis.findings.iter().filter(|finding| finding.rule == rule).collect();
    assert_eq!(found.len(), 1, "{rule}: {found:#?}");
    found[0]
}

fn evidence<'a>(analysis: &'a Analysis, rule: &str) -> &'a Evidence {
    finding(analysis, rule).evidence.as_deref().unwrap()
}

fn claim_names(analysis: &Analysis, claims: &[gainsay::id::ClaimId]) -> Vec<String> {
    claims.iter().map(|&claim| analysis.model.claim(claim).name.to_string()).collect()
}

#[test]
fn statement_is_named_after_its_first_claim_and_lists_its_witnesses() {
    let analysis = analysis(
        "  a-late: { by: minister, about: raid, measure: injured, value: 36, said: 2026-05-20 }
  b-early: { by: general, about: raid, measure: injured, value: thirty-six, said: 2026-05-10 }
  south: { by: south, about: raid, measure: injured, value: 90, said: 2026-05-15 }
  east: { by: east, about: raid, measure: injured, value: 200, said: 2026-05-15 }
  between: { by: paper, about: raid, measure: injured, value: 36-90 }
",
    );
    let evidence = evidence(&analysis, "figures-disagree");
    assert_eq!(claim_names(&analysis, &evidence.claims), ["b-early", "south", "east"]);
    assert_eq!(claim_names(&analysis, &evidence.also), ["a-late", "between"]);
    assert_eq!(evidence.parties.len(), 3);
}

#[test]
fn finding_names_two_exact_counts_and_lists_a_round_figure_beside_them() {
    let analysis = analysis(
        "  round: { by: north, about: raid, measure: injured, value: 1000 }
  low: { by: south, about: raid, measure: injured, value: 1002 }
  high: { by: east, about: raid, measure: injured, value: 1018 }
",
    );
    let evidence = evidence(&analysis, "figures-disagree");
    assert_eq!(claim_names(&analysis, &evidence.claims), ["low", "high"]);
    assert_eq!(claim_names(&analysis, &evidence.also), ["round"]);
    assert_eq!(evidence.gap.map(|gap| gap.absolute), Some(16 * gainsay::figure::ONE));
}

#[test]
fn thousand_answers_give_one_finding_and_a_few_positions() {
    let mut claims = String::new();
    for at in 0..1000 {
        let party = ["north", "south", "east"][at % 3];
        claims += &format!(
            "  c{at}: {{ by: {party}, about: raid, measure: arrested, value: {} }}\n",
            at % 3 * 50 + 10
        );
    }
    let analysis = analysis(&claims);
    let evidence = evidence(&analysis, "figures-disagree");
    assert_eq!((evidence.claims.len(), evidence.also.len()), (3, 997));
    assert_eq!(analysis.disputes[0].positions.len(), 3);
}

#[test]
fn change_of_answer_lists_three_claims_in_order_of_time() {
    let analysis = analysis(
        "  c-first: { by: general, about: raid, measure: arrested, value: 10, said: 2026-03-01 }
  a-second: { by: minister, about: raid, measure: arrested, value: 20, said: 2026-04-01 }
  b-third: { by: north, about: raid, measure: arrested, value: 30, said: 2026-05-01 }
",
    );
    let evidence = evidence(&analysis, "position-changes");
    assert_eq!(claim_names(&analysis, &evidence.claims), ["c-first", "a-second", "b-third"]);
    assert_eq!(evidence.parties.len(), 1);
}

#[test]
fn gap_is_measured_between_the_outermost_figures() {
    let analysis = analysis(
        "  a: { by: north, about: raid, measure: arrested, value: at most 40 }
  b: { by: south, about: raid, measure: arrested, value: at least 50 }
",
    );
    let evidence = evidence(&analysis, "figures-disagree");
    let gap = evidence.gap.unwrap();
    assert_eq!((gap.absolute, gap.relative), (10_000, 200_000));
    assert!(evidence.steps.iter().any(|step| step.contains("10")), "{:?}", evidence.steps);
    assert!(finding(&analysis, "figures-disagree").help.iter().any(|help| help.contains("reach up to 50")));
}

#[test]
fn evidence_lists_the_assumptions_of_a_finding() {
    let vague = analysis(
        "  a: { by: north, about: raid, measure: arrested, value: dozens }
  b: { by: south, about: raid, measure: arrested, value: 150 }
",
    );
    let leaned_on = &evidence(&vague, "figures-diverge").rests_on;
    assert!(leaned_on.iter().any(|line| line.starts_with("dozens: 12")), "{leaned_on:?}");

    let inferred = analysis(
        "  a: { by: north, about: raid, measure: killed, of: worshippers, value: 3 }
  b: { by: south, about: raid, measure: killed, of: civilians, value: none }
",
    );
    let evidence = evidence(&inferred, "denied");
    assert!(evidence.rests_on.iter().any(|line| line.contains("by the desk")), "{:?}", evidence.rests_on);
    let questions: Vec<String> =
        evidence.questions.iter().map(|&question| inferred.model.question_name(question)).collect();
    assert_eq!(questions, ["raid/killed/civilians", "raid/killed/worshippers"]);
}

#[test]
fn rival_characterisation_is_on_the_nearest_common_population() {
    let analysis = analysis(
        "  a: { by: north, about: raid, measure: killed, of: militants, value: 80, said: 2026-02-23 }
  b: { by: south, about: raid, measure: killed, of: worshippers, value: 17 }
",
    );
    let evidence = evidence(&analysis, "rival-characterisation");
    assert_eq!(analysis.model.question_name(evidence.questions[0]), "raid/killed/people");
    assert_eq!(evidence.questions.len(), 3);
    assert!(evidence.opposing);
}

#[test]
fn names_of_findings_survive_edits_of_lines_words_and_neighbours() {
    let a = "  a: { by: north, about: raid, measure: arrested, value: 36 }\n";
    let b = "  b: { by: south, about: raid, measure: arrested, value: 90 }\n";
    let id = |claims: &str| evidence(&analysis(claims), "figures-disagree").id.clone();
    let first = id(&format!("{a}{b}"));
    assert!(first.len() == 12 && first.bytes().all(|byte| byte.is_ascii_hexdigit()), "{first}");
    assert_eq!(first, id(&format!("  # moved down\n\n{b}{a}")));
    assert_eq!(first, id(&format!("{a}{b}  c: {{ about: raid, measure: occurred, value: yes }}\n")));
    assert_eq!(first, id(&format!("{}{b}", a.replace("36", "35"))));
    assert_ne!(first, id(&format!("{}{b}", a.replace("a:", "c:"))));
}

#[test]
fn gravest_finding_comes_first() {
    let analysis = analysis(
        "  round-a: { by: north, about: raid, measure: displaced, value: 169 }
  round-b: { by: south, about: raid, measure: displaced, value: 170 }
  vague-a: { by: north, about: raid, measure: missing, value: dozens }
  vague-b: { by: south, about: raid, measure: missing, value: 150 }
  small-a: { by: north, about: raid, measure: injured, value: 36 }
  small-b: { by: south, about: raid, measure: injured, value: 40 }
  wide-a: { by: north, about: raid, measure: arrested, value: 36 }
  wide-b: { by: south, about: raid, measure: arrested, value: 400 }
  outlet-a: { by: east, about: raid, measure: explosions, value: 1 }
  outlet-b: { about: raid, measure: explosions, value: 400 }
  yes: { by: north, about: raid, measure: occurred, value: yes }
  no: { by: south, about: raid, measure: occurred, value: no }
  militants: { by: north, about: raid, measure: killed, of: militants, value: 80, said: 2026-02-23 }
  villagers: { by: south, about: raid, measure: killed, of: civilians, value: 17 }
",
    );
    let order: Vec<String> = analysis
        .on_claims()
        .map(|finding| format!("{} {}", finding.rule, analysis.model.claim(finding.claims()[0]).name))
        .collect();
    assert_eq!(
        order,
        [
            "denied yes",
            "denied outlet-b",
            "figures-disagree small-a",
            "figures-disagree wide-a",
            "figures-disagree outlet-a",
            "rival-characterisation militants",
            "figures-diverge vague-a",
            "rounding round-a",
        ]
    );
}

#[test]
fn disputes_list_events_before_propositions_and_the_oldest_first() {
    let text = "
actors: { north: {}, south: {}, paper: {} }
events: { later: { date: 2026-03-01 }, earlier: { date: 2026-02-01 }, undated: {} }
propositions: { havens: {} }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  a-havens: { by: north, about: havens, measure: holds, value: yes }
  a-not: { by: south, denies: a-havens }
  b-undated: { by: north, about: undated, measure: responsible, value: south }
  b-not: { by: south, denies: b-undated }
  c-later: { by: north, about: later, measure: responsible, value: south }
  c-not: { by: south, denies: c-later }
  d-earlier: { by: north, about: earlier, measure: responsible, value: south }
  d-not: { by: south, denies: d-earlier }
  e-toll: { by: north, about: later, measure: killed, of: civilians, value: 3 }
  e-not: { by: south, denies: e-toll }
";
    let analysis = analyse(&workspace([("claims.yaml", text)]));
    let first = |at: usize| analysis.model.claim(analysis.findings[at].claims()[0]).name.to_string();
    let order: Vec<String> = analysis.disputes.iter().map(|dispute| first(dispute.findings[0])).collect();
    assert_eq!(order, ["e-toll", "d-earlier", "c-later", "b-undated", "a-havens"]);
}

#[test]
fn positions_list_a_party_once_and_a_part_with_its_whole() {
    let analysis = analysis(
        "  camps: { by: north, about: raid, measure: target, value: camps }
  homes: { by: south, about: raid, measure: target, value: homes }
  not-camps: { by: south, denies: camps }
  toll: { about: raid, measure: killed, value: at least 46 }
  villagers: { by: south, about: raid, measure: killed, of: civilians, value: 46 }
  fighters: { by: north, about: raid, measure: killed, of: militants, value: some }
",
    );
    let positions = |measure: &str| -> Vec<Vec<String>> {
        let model = &analysis.model;
        let of = |question| model.measures.name(model.question(question).measure) == measure;
        let dispute = analysis.disputes.iter().find(|dispute| of(dispute.question)).unwrap();
        let name = |answer: &gainsay::id::AnswerId| {
            model.claim(model.answers.claim[answer.index()]).name.to_string()
        };
        dispute.positions.iter().map(|position| position.answers.iter().map(name).collect()).collect()
    };
    assert_eq!(positions("target"), [vec!["camps"], vec!["homes", "not-camps"]]);
    assert_eq!(positions("killed"), [["fighters", "toll", "villagers"]]);
}

/// The steps of the single finding of a rule.
fn steps<'a>(analysis: &'a Analysis, rule: &str) -> Vec<&'a str> {
    evidence(analysis, rule).steps.iter().map(String::as_str).collect()
}

#[test]
fn steps_include_the_events_in_between() {
    let events = "events: { war: {}, strike: { part-of: war }, reply: { after: strike } }";
    let text = HEAD.replace("events: { raid: { date: 2026-02-22, parties: [north, south] } }", events);
    let analysis_of = |claims: &str| {
        let file = File { name: "claims.yaml".to_owned(), text: format!("{text}{claims}") };
        examine(&[file], Options::default()).1
    };
    let dates = analysis_of(
        "  war: { by: north, about: war, measure: date, value: 2026-02-22 }
  reply: { by: south, about: reply, measure: date, value: 2026-02 }
  until: { by: south, about: reply, measure: ended, value: ../2026-02-20 }
",
    );
    let through = ["strike is part of war", "reply came after strike"];
    assert_eq!(
        steps(&dates, "dates-disagree"),
        [
            "war began no earlier than 22 February 2026",
            through[0],
            through[1],
            "reply ended no later than 20 February 2026"
        ]
    );
    let early = analysis_of(
        "  war: { by: north, about: war, measure: date, value: 2026-02-22 }
  toll: { by: south, about: reply, measure: killed, value: 3, said: 2026-02-20 }
",
    );
    assert_eq!(steps(&early, "said-too-early"), through);
    let denied = analysis_of(
        "  no-war: { by: north, about: war, measure: occurred, value: no }
  toll: { by: south, about: strike, measure: killed, value: 3 }
",
    );
    assert_eq!(steps(&denied, "denied"), ["so strike occurred", "strike is part of war, so war occurred"]);
}

#[test]
fn denied_event_is_one_finding_with_all_claims_about_it() {
    let analysis = analysis(
        "  no: { by: north, about: raid, measure: occurred, value: no }
  never: { by: general, about: raid, measure: occurred, value: yes, stance: denies }
  toll: { by: south, about: raid, measure: injured, value: 17 }
  arrests: { by: east, about: raid, measure: arrested, value: 40 }
  camps: { by: south, about: raid, measure: responsible, value: north }
",
    );
    let evidence = evidence(&analysis, "denied");
    assert_eq!(claim_names(&analysis, &evidence.claims), ["arrests", "never"]);
    assert_eq!(claim_names(&analysis, &evidence.also), ["camps", "no", "toll"]);
    let questions = evidence.questions.iter().map(|&question| analysis.model.question_name(question));
    assert_eq!(
        questions.collect::<Vec<_>>(),
        ["raid/occurred", "raid/arrested/people", "raid/injured/people", "raid/responsible"]
    );
}

/// In a thousand nested wholes whose ends one part violates, one finding names the nearest whole and lists the others
/// as well. Ten thousand parts before their whole are reported one by one.
#[test]
fn long_chain_is_one_finding_and_parts_before_their_whole_are_one_each() {
    let source = "source: { id: s, publisher: p, published: 2026-06-01 }\nclaims:\n";
    let mut events = String::from("actors: { p: {}, q: {} }\nevents:\n  e0: {}\n");
    let mut claims = String::from(source);
    for at in 1..1000 {
        events += &format!("  e{at}: {{ part-of: e{} }}\n", at - 1);
        claims += &format!("  c{at}: {{ about: e{}, measure: ended, value: 2026-02-22 }}\n", at - 1);
    }
    claims += "  late: { by: q, about: e999, measure: ended, value: 2026-03-01 }\n";
    let chain = File { name: "chain.yaml".to_owned(), text: events + &claims };
    let analysis = examine(&[chain], Options::default()).1;
    let chained = evidence(&analysis, "dates-disagree");
    assert_eq!(claim_names(&analysis, &chained.claims), ["c999", "late"]);
    assert_eq!((chained.also.len(), chained.questions.len()), (998, 1000));

    let mut events = String::from("actors: { p: {}, q: {} }\nevents:\n  whole: {}\n");
    let mut claims = format!("{source}  whole: {{ about: whole, measure: date, value: 2026-02-22 }}\n");
    for at in 0..10_000 {
        events += &format!("  e{at}: {{ part-of: whole }}\n");
        claims += &format!("  c{at}: {{ by: q, about: e{at}, measure: date, value: 2026-02-21 }}\n");
    }
    let star = File { name: "star.yaml".to_owned(), text: events + &claims };
    let analysis = examine(&[star], Options::default()).1;
    let findings = analysis.on_claims().filter(|finding| finding.rule == "dates-disagree");
    assert_eq!(findings.count(), 10_000);
}
