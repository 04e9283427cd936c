//! Long chains, long lists, rings and crowds: their findings, their limits, and how much is kept. The tests count work
//! and do not measure time.

use gainsay::finding::Grade;
use gainsay::report::html::{Links, PageContext, PageIndex, Reviewing};
use gainsay::report::{Report, Selection};
use gainsay::workspace::{Analysis, Workspace};

use crate::support::{analyse, workspace};

#[path = "../../benches/shapes/claims.rs"]
#[expect(dead_code, unreachable_pub, reason = "the benchmark shares them and measures all")]
mod claims;

/// Writes a file of a given size.
type Shape = fn(usize) -> String;

/// Reads and analyses one file.
fn read(text: String) -> (Workspace, Analysis) {
    let workspace = workspace([("shape.yaml", text)]);
    let analysis = analyse(&workspace);
    (workspace, analysis)
}

fn errors(analysis: &Analysis) -> Vec<&'static str> {
    let errors = analysis.on_files().filter(|finding| finding.grade == Grade::Error);
    errors.map(|finding| finding.rule).collect()
}

/// The rules with findings on claims.
fn found(analysis: &Analysis) -> Vec<&'static str> {
    analysis.on_claims().map(|finding| finding.rule).collect()
}

/// The report as one file.
fn frozen(workspace: &Workspace, analysis: &Analysis) -> String {
    let index = PageIndex::new(analysis);
    let desk = PageContext {
        files: workspace.files(),
        analysis,
        index: &index,
        links: Links::Frozen,
        reviewing: Reviewing::Command,
        place: "claims",
        read: "",
    };
    desk.frozen(&Report::new(workspace.files(), analysis, &Selection::default()))
}

#[test]
fn chain_of_populations_is_compared_from_end_to_end() {
    let mut text = claims::population_chain(2_000);
    let (_, analysis) = read(text.clone());
    assert!(errors(&analysis).is_empty() && found(&analysis).is_empty(), "{:?}", found(&analysis));
    assert!(analysis.reasoning.unsearched.is_empty());
    // The deepest populations are counted higher than the widest.
    text.push_str("  z: { by: bb, about: raid, measure: killed, of: p1999, value: 9000, at: p1 }\n");
    let (_, analysis) = read(text);
    assert!(found(&analysis).contains(&"part-exceeds-whole"), "{:?}", found(&analysis));
    assert!(analysis.reasoning.unsearched.is_empty());
}

#[test]
fn denial_of_a_long_list_is_one_finding_and_shares_its_values() {
    let (_, analysis) = read(claims::denies_list(500));
    let denied: Vec<_> = analysis.on_claims().filter(|finding| finding.rule == "denied").collect();
    assert_eq!(denied.len(), 1);
    let answers = &analysis.model.answers;
    let response = |at: &usize| answers.origin[*at] != answers.claim[*at];
    let responses: Vec<usize> = (0..answers.len()).filter(response).collect();
    assert_eq!(responses.len(), 500);
    for at in responses {
        let origin = (0..answers.len()).find(|&own| answers.claim[own] == answers.origin[at]).unwrap();
        assert!(
            std::ptr::eq(&raw const answers.value[at], &raw const answers.value[origin]),
            "a value is held once"
        );
    }
}

#[test]
fn responses_that_name_too_many_claims_are_an_error_and_the_others_are_read() {
    // 60 confirmations of a list of 5,000 places name 300,000.
    let mut text = claims::choice_list(5_000);
    for at in 0..60 {
        text.push_str(&format!("  r{at}: {{ by: bb, confirms: [a], at: p2 }}\n"));
    }
    let (_, analysis) = read(text);
    let too_many = errors(&analysis).into_iter().filter(|rule| *rule == "too-many-answers").count();
    // 262,144 things more, and 16 for each of 62 listed claims and subjects, are 52 lists.
    assert_eq!(too_many, 8);
    assert_eq!(analysis.model.answers.len(), 2 + 52);
}

#[test]
fn long_lists_show_their_first_names_and_once_all_of_them() {
    let (workspace, analysis) = read(claims::choice_list_denied(100));
    let message = &analysis.on_claims().next().unwrap().message;
    assert!(message.contains("68 more") && !message.contains("k99"), "{message}");
    let file = frozen(&workspace, &analysis);
    assert_eq!(file.matches("In full: k0, k1, ").count(), 2, "once for each of the two claims");
}

#[test]
fn pages_of_a_ring_show_the_nearest_speakers_and_count_the_others() {
    let page = |n: usize| {
        let (workspace, analysis) = read(claims::speaker_ring(n));
        assert_eq!(errors(&analysis), ["cycle"]);
        frozen(&workspace, &analysis)
    };
    let (small, large) = (page(200), page(400));
    assert_eq!(small.matches("16 of 199 speakers shown here").count(), 200);
    assert_eq!(large.matches("16 of 399 speakers shown here").count(), 400);
    assert!(large.len() < small.len() * 2 + small.len() / 4, "{} against {}", small.len(), large.len());
}

#[test]
fn pages_of_a_shallow_tree_show_every_speaker() {
    let (workspace, analysis) = read(claims::speaker_star(300));
    let file = frozen(&workspace, &analysis);
    assert!(file.contains("300 speakers speak for it") && !file.contains("speakers shown here"));
}

#[test]
fn pages_of_a_long_chain_of_events_show_the_nearest_parts_and_count_the_others() {
    let page = |n: usize| {
        let (workspace, analysis) = read(claims::event_chain_alone(n));
        frozen(&workspace, &analysis)
    };
    let (small, large) = (page(200), page(400));
    assert!(small.contains("16 of 200 parts shown here"), "the raid has all 200 in it");
    assert!(large.len() < small.len() * 2 + small.len() / 4, "{} against {}", small.len(), large.len());
}

#[test]
fn shapes_of_the_benchmark_are_claim_files_without_mistakes() {
    let shapes: [(&str, Shape); 12] = [
        ("everybody_denies_everybody", claims::everybody_denies_everybody),
        ("everybody_denies_everything", claims::everybody_denies_everything),
        ("event_ladder", claims::event_ladder),
        ("overlaps_chain", claims::overlaps_chain),
        ("excluded_chain", claims::excluded_chain),
        ("scale_steps", claims::scale_steps),
        ("figures_over_days", claims::figures_over_days),
        ("toll_over_days", claims::toll_over_days),
        ("declined_choices", claims::declined_choices),
        ("charges_in_a_chain", claims::charges_in_a_chain),
        ("crowds", claims::crowds),
        ("inferred_chain", claims::inferred_chain),
    ];
    for (name, shape) in shapes {
        let (_, analysis) = read(shape(12));
        assert!(errors(&analysis).is_empty(), "{name}: {:?}", errors(&analysis));
    }
}
