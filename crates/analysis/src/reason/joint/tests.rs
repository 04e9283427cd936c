//! Counts the steps of the search.

use super::*;
use crate::graph::Graph;
use crate::reason::{current, time};
use crate::workspace::{Input, Options, Workspace};

const HEAD: &str = "actors: { aa: { name: A }, bb: { name: B }, pp: { name: The Paper, kind: media } }
events: { raid: { name: Air raid } }
series: { fires: { name: Fires, publisher: pp } }
source: { id: src, publisher: pp, published: 2026-04-02 }
claims:
";

/// The number of steps of the search and the explanations, and the number of clashes. Asserts that the budget is
/// enough.
fn steps_and_clashes(claims: &str) -> (u64, usize) {
    let content = Ok([HEAD, claims].concat().into_bytes());
    let workspace = Workspace::read(vec![Input { path: "a.yaml".into(), content }]);
    let (model, mistakes) = workspace.resolve(&Options::default());
    assert!(mistakes.is_empty(), "{:?}", mistakes[0].message);
    let (graph, _) = Graph::build(&model);
    let finality = time::Finality::new(&model, &graph);
    let valid_days = time::valid_days(&model, &finality);
    let current = current::current(&model, &graph, &valid_days);
    let reader = StatementReader { model: &model, graph: &graph, valid_days: &valid_days, current: &current };
    let entities = Entities::new(&model, &graph, finality);
    let (mut steps, mut found) = (0, 0);
    for questions in connected_questions(&reader, &entities) {
        let Some(component) = Component::new(&reader, &entities, &questions) else { continue };
        let result = component.search();
        steps += component.work.spent();
        component.work.refill();
        let (clashes, is_explained) = clash::clashes(&component, &result);
        steps += component.work.spent();
        assert!(is_explained && !result.unsearched);
        found += clashes.len();
    }
    (steps, found)
}

/// Asserts that twice as many claims take little more than twice as many steps.
fn assert_linear(shape: impl Fn(usize) -> String, n: usize) {
    let [(small, _), (large, _)] = [n, 2 * n].map(|n| steps_and_clashes(&shape(n)));
    assert!(large <= small * 9 / 4, "{large} steps for {}, {small} for {n}", 2 * n);
}

fn one_share_repeated(n: usize) -> String {
    let figures = "  c1: { by: aa, about: raid, measure: killed, of: militants, value: at least 80 }
  c3: { by: bb, about: raid, measure: killed, of: civilians, value: 12 }
  c4: { by: aa, about: raid, measure: killed, of: civilians, value: 3 }\n";
    let share = |i| {
        format!("  d{i}: {{ by: aa, about: raid, measure: killed, of: civilians, value: half of people }}\n")
    };
    [figures.to_owned(), (0..n).map(share).collect()].concat()
}

fn yearly_changes(n: usize) -> String {
    let year = |i| {
        format!(
            "  c{i}: {{ by: aa, about: fires, measure: killed, during: {}, value: +1% on {} }}\n  \
             k{i}: {{ by: bb, about: fires, measure: killed, during: {}, value: {} }}\n",
            1001 + i,
            1000 + i,
            1001 + i,
            10 + i
        )
    };
    let first = "  z: { by: aa, about: fires, measure: killed, during: 1000, value: 10 }\n";
    [first.to_owned(), (0..n).map(year).collect()].concat()
}

#[test]
fn one_share_repeated_takes_few_steps_for_each_claim() {
    let (few, clashes) = steps_and_clashes(&one_share_repeated(1));
    let (many, clashes_of_many) = steps_and_clashes(&one_share_repeated(201));
    assert_eq!(clashes_of_many, clashes, "it is one statement");
    assert!(many < few + 200 * 200, "{many} steps, {few} for one share");
}

#[test]
fn yearly_changes_take_steps_in_proportion_to_their_clashes() {
    assert_eq!(steps_and_clashes(&yearly_changes(50)).1, 50);
    assert_linear(yearly_changes, 25);
    // Up to here the clashes name ever longer chains. After that, the length stays the same.
    assert_linear(yearly_changes, 200);
}

#[test]
fn changes_that_fit_take_steps_in_proportion_to_their_number() {
    let fitting = |n: usize| -> String {
        let year = |i| {
            format!(
                "  c{i}: {{ by: aa, about: fires, measure: killed, during: {}, value: +1% on {} }}\n  \
                 k{i}: {{ by: bb, about: fires, measure: killed, during: {}, value: 1000-9000 }}\n",
                1001 + i,
                1000 + i,
                1001 + i
            )
        };
        (0..n).map(year).collect()
    };
    assert_eq!(steps_and_clashes(&fitting(200)).1, 0);
    assert_linear(fitting, 200);
}
