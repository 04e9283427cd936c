//! Long chains, long lists, rings and crowds: their findings, their limits, and how much is kept. The tests count work
//! and do not measure time.

use gainsay::finding::{Finding, Grade};
use gainsay::report::html::{Links, PageContext, PageIndex, Reviewing};
use gainsay::report::{Report, Selection};
use gainsay::workspace::{Analysis, Workspace};

use crate::support::{analyse, workspace};

#[path = "../../benches/shapes/claims.rs"]
#[expect(dead_code, unreachable_pub, reason = "the benchmark shares them and measures all")]
mod claims;
#[path = "../../benches/shapes/joint.rs"]
#[expect(unreachable_pub, reason = "the benchmark shares them")]
mod shares;

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
    assert_eq!(file.matches("In full: <bdi>k0, k1, ").count(), 2, "once for each of the two claims");
}

#[test]
fn pages_of_a_ring_show_the_nearest_speakers_and_count_the_others() {
    let page = |n: usize| {
        let (workspace, analysis) = read(claims::speaker_ring(n));
        assert_eq!(errors(&analysis), ["cycle"]);
        frozen(&workspace, &analysis)
    };
    let (small, large) = (page(200), page(400));
    assert_eq!(small.matches("the 16 nearest of 199 speakers").count(), 200);
    assert_eq!(large.matches("the 16 nearest of 399 speakers").count(), 400);
    assert!(large.len() < small.len() * 2 + small.len() / 4, "{} against {}", small.len(), large.len());
}

#[test]
fn pages_of_a_shallow_tree_show_every_speaker() {
    let (workspace, analysis) = read(claims::speaker_star(300));
    let file = frozen(&workspace, &analysis);
    assert!(file.contains("300 speakers speak for it") && !file.contains("nearest of"));
}

#[test]
fn pages_of_a_long_chain_of_events_show_the_nearest_parts_and_count_the_others() {
    let page = |n: usize| {
        let (workspace, analysis) = read(claims::event_chain_alone(n));
        frozen(&workspace, &analysis)
    };
    let (small, large) = (page(200), page(400));
    assert!(small.contains("the 16 nearest parts"), "the raid has all 200 in it");
    assert!(large.len() < small.len() * 2 + small.len() / 4, "{} against {}", small.len(), large.len());
}

/// The findings in which a share, a change or a sum implies a figure.
fn implied(analysis: &Analysis) -> Vec<&Finding> {
    analysis.on_claims().filter(|finding| finding.rule == "implied-figure-disagrees").collect()
}

#[test]
fn share_repeated_by_one_party_is_one_statement_with_all_its_witnesses() {
    let found = |n: usize| {
        let (_, analysis) = read(shares::one_share_repeated(n));
        assert_eq!(errors(&analysis), [""; 0]);
        assert!(analysis.reasoning.unsearched.is_empty());
        implied(&analysis)
            .iter()
            .map(|finding| (finding.claims().len(), finding.evidence.as_ref().map_or(0, |it| it.also.len())))
            .collect::<Vec<_>>()
    };
    let once = found(1);
    assert!(!once.is_empty());
    let repeated: Vec<(usize, usize)> = once.iter().map(|&(claims, also)| (claims, also + 399)).collect();
    assert_eq!(found(400), repeated, "the same findings, each with 399 more witnesses");
}

#[test]
fn share_stated_by_many_parties_is_named_for_each() {
    let (_, analysis) = read(shares::one_share_by_many_parties(300));
    assert!(analysis.reasoning.unsearched.is_empty());
    let mut named: Vec<_> =
        implied(&analysis).into_iter().flat_map(|finding| finding.claims().to_vec()).collect();
    named.sort_unstable();
    named.dedup();
    // Three figures clash with each of the 300 shares.
    assert!(named.len() >= 300, "{}", named.len());
}

#[test]
fn changes_from_year_to_year_are_searched_from_end_to_end() {
    let (_, analysis) = read(shares::yearly_changes(200));
    assert!(analysis.reasoning.unsearched.is_empty());
    assert_eq!(analysis.on_claims().count(), 200, "one for each figure");
    let (_, analysis) = read(shares::clash_at_the_far_end(300));
    let found = implied(&analysis);
    assert_eq!(found.iter().map(|finding| finding.claims().len()).collect::<Vec<_>>(), [302]);
    assert!(analysis.reasoning.unsearched.is_empty());
}

#[test]
fn small_groups_of_shares_are_all_searched() {
    let (_, analysis) = read(shares::many_small_clashes(300));
    assert_eq!(implied(&analysis).len(), 300);
    assert!(analysis.reasoning.unsearched.is_empty());
}

#[test]
fn groups_that_use_up_their_work_are_named_and_do_not_keep_others_from_theirs() {
    let mut text = shares::many_hard_groups(120);
    text.push_str(
        "  y: { by: aa, about: raid, measure: killed, of: q0, value: half of people, at: p1 }
  z: { by: bb, about: raid, measure: killed, of: q0, value: 80, at: p1 }
  u: { by: bb, about: raid, measure: killed, value: 100, at: p1 }\n",
    );
    let (workspace, analysis) = read(text);
    assert_eq!(analysis.reasoning.unsearched.len(), 3, "one question of each of the three hard groups");
    let message = gainsay::report::unsearched(&analysis).expect("three questions");
    assert!(
        message.starts_with("the search for clashes across questions stopped at its limit of work"),
        "{message}"
    );
    assert!(message.contains("e0/killed") && message.contains("e2/killed"), "{message}");
    assert!(!message.contains("raid/killed"), "{message}");
    let of_raid = |finding: &&&Finding| finding.message.contains("Air raid");
    assert_eq!(implied(&analysis).iter().filter(of_raid).count(), 1);
    let page = frozen(&workspace, &analysis);
    assert!(page.contains("stopped at its limit of work"), "the page says so as well");
}

#[test]
fn shapes_of_shares_are_claim_files_without_mistakes() {
    let shapes: [(&str, Shape); 31] = [
        ("one_share_repeated", shares::one_share_repeated),
        ("one_share_by_many_parties", shares::one_share_by_many_parties),
        ("shares_and_figures_by_many_parties", shares::shares_and_figures_by_many_parties),
        ("different_shares_of_one_whole", shares::different_shares_of_one_whole),
        ("shares_of_many_populations", shares::shares_of_many_populations),
        ("shares_in_a_chain", shares::shares_in_a_chain),
        ("shares_of_several_wholes", shares::shares_of_several_wholes),
        ("all_and_most", shares::all_and_most),
        ("twice_another_event", shares::twice_another_event),
        ("events_in_a_chain", shares::events_in_a_chain),
        ("changes_in_a_tree", shares::changes_in_a_tree),
        ("changes_in_diamonds", shares::changes_in_diamonds),
        ("shares_in_a_tree", shares::shares_in_a_tree),
        ("shares_in_diamonds", shares::shares_in_diamonds),
        ("different_shares_by_one_party", shares::different_shares_by_one_party),
        ("one_share_on_many_days", shares::one_share_on_many_days),
        ("changes_both_ways", shares::changes_both_ways),
        ("chains_of_ten_parties", shares::chains_of_ten_parties),
        ("many_small_clashes", shares::many_small_clashes),
        ("many_hard_groups", shares::many_hard_groups),
        ("yearly_changes", shares::yearly_changes),
        ("changes_on_one_base", shares::changes_on_one_base),
        ("different_changes_on_one_base", shares::different_changes_on_one_base),
        ("changes_in_a_circle", shares::changes_in_a_circle),
        ("monthly_series", shares::monthly_series),
        ("monthly_series_without_a_clash", shares::monthly_series_without_a_clash),
        ("clash_at_the_far_end", shares::clash_at_the_far_end),
        ("series_beside_each_other", shares::series_beside_each_other),
        ("shares_across_parts", shares::shares_across_parts),
        ("complete_parts", shares::complete_parts),
        ("shares_of_growing_tolls", shares::shares_of_growing_tolls),
    ];
    for (name, shape) in shapes {
        let (_, analysis) = read(shape(6));
        assert!(errors(&analysis).is_empty(), "{name}: {:?}", errors(&analysis));
    }
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
