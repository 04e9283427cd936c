//! Answers that are ids: what is one answer told more or less exactly, and what cannot stand together.

use rustc_hash::FxHashSet;

use crate::graph::Graph;
use crate::model::Item;

/// Whether `part` is `whole` or lies in it. Things of different kinds never do.
fn is_within(graph: &Graph, part: Item, whole: Item) -> bool {
    match (part, whole) {
        (Item::Place(part), Item::Place(whole)) => graph.places.is_within(part, whole),
        (Item::Term(part), Item::Term(whole)) => graph.terms.is_within(part, whole),
        (Item::Population(part), Item::Population(whole)) => graph.populations.is_within(part, whole),
        (Item::Event(part), Item::Event(whole)) => graph.events.is_within(part, whole),
        (part, whole) => part == whole,
    }
}

/// An item itself and all it lies in.
pub(super) fn wholes(graph: &Graph, item: Item) -> Vec<Item> {
    match item {
        Item::Place(id) => graph.places.wholes(id).iter().map(|&id| Item::Place(id)).collect(),
        Item::Term(id) => graph.terms.wholes(id).iter().map(|&id| Item::Term(id)).collect(),
        Item::Population(id) => graph.populations.wholes(id).iter().map(|&id| Item::Population(id)).collect(),
        Item::Event(id) => graph.events.wholes(id).iter().map(|&id| Item::Event(id)).collect(),
        Item::Actor(_) => vec![item],
    }
}

/// Everything that some item of some answer lies in, without the item itself.
pub(super) fn wholes_of_all<'a>(graph: &Graph, answers: impl Iterator<Item = &'a [Item]>) -> FxHashSet<Item> {
    let mut found = FxHashSet::default();
    for &item in answers.flatten() {
        found.extend(wholes(graph, item).into_iter().filter(|&whole| whole != item));
    }
    found
}

/// Whether nothing can be both.
pub(super) fn is_apart(graph: &Graph, a: Item, b: Item) -> bool {
    match (a, b) {
        (Item::Place(a), Item::Place(b)) => graph.places.is_apart(a, b),
        (Item::Term(a), Item::Term(b)) => graph.terms.is_apart(a, b),
        (Item::Population(a), Item::Population(b)) => graph.populations.is_apart(a, b),
        _ => false,
    }
}

/// Whether two answers are one, told more or less exactly (an id and one it is part of) or more or less
/// fully (a list and some of it).
pub(super) fn is_same_answer(graph: &Graph, a: &[Item], b: &[Item]) -> bool {
    let nested = |a: Item, b: Item| is_within(graph, a, b) || is_within(graph, b, a);
    let told_by =
        |some: &[Item], all: &[Item]| some.iter().all(|&item| all.iter().any(|&other| nested(item, other)));
    told_by(a, b) || told_by(b, a)
}

/// Whether an answer names something denied, or a part of it.
pub(super) fn is_denied(graph: &Graph, items: &[Item], denied: &[Item]) -> bool {
    items.iter().any(|&item| denied.iter().any(|&whole| is_within(graph, item, whole)))
}
