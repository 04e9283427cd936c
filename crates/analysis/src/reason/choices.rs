//! Compares answers to a choice: whether two answers are the same, given more or less exactly, and whether
//! two exclude each other.
//!
//! Two short lists are compared pair by pair. For long lists, and when one list is compared with many, the
//! ids on one side are marked first: see [`MarkedItems`].

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::{Graph, Lowest, Marks};
use crate::id::{ActorId, PlaceId, PopulationId, SubjectId, TermId};
use crate::model::ChoiceItem;

/// Up to this many pairs are compared directly.
const MAX_DIRECT_PAIRS: usize = 64;

/// Whether `part` is `whole` or lies in it. Entities of different kinds never do.
fn is_within(graph: &Graph, part: ChoiceItem, whole: ChoiceItem) -> bool {
    match (part, whole) {
        (ChoiceItem::Place(part), ChoiceItem::Place(whole)) => graph.places.is_within(part, whole),
        (ChoiceItem::Term(part), ChoiceItem::Term(whole)) => graph.terms.is_within(part, whole),
        (ChoiceItem::Population(part), ChoiceItem::Population(whole)) => {
            graph.populations.is_within(part, whole)
        }
        (ChoiceItem::Event(part), ChoiceItem::Event(whole)) => graph.events.is_within(part, whole),
        (part, whole) => part == whole,
    }
}

fn is_nested(graph: &Graph, a: ChoiceItem, b: ChoiceItem) -> bool {
    is_within(graph, a, b) || is_within(graph, b, a)
}

/// The direct wholes of an item.
fn above(graph: &Graph, item: ChoiceItem) -> Vec<ChoiceItem> {
    match item {
        ChoiceItem::Place(id) => graph.places.above(id).iter().copied().map(ChoiceItem::Place).collect(),
        ChoiceItem::Term(id) => graph.terms.above(id).iter().copied().map(ChoiceItem::Term).collect(),
        ChoiceItem::Population(id) => {
            graph.populations.above(id).iter().copied().map(ChoiceItem::Population).collect()
        }
        ChoiceItem::Event(id) => graph.events.above(id).iter().copied().map(ChoiceItem::Event).collect(),
        ChoiceItem::Actor(_) => Vec::new(),
    }
}

/// Adds an item and all its wholes to a set. The wholes of items that are already in the set are not visited
/// again.
pub(super) fn add_with_wholes(graph: &Graph, item: ChoiceItem, to: &mut FxHashSet<ChoiceItem>) {
    let mut stack = vec![item];
    while let Some(at) = stack.pop() {
        if to.insert(at) {
            stack.extend(above(graph, at));
        }
    }
}

/// All wholes of the items of some answers, without the items themselves unless they are wholes of others.
pub(super) fn wholes_of_all<'a>(
    graph: &Graph,
    answers: impl Iterator<Item = &'a [ChoiceItem]>,
) -> FxHashSet<ChoiceItem> {
    let mut found = FxHashSet::default();
    let items: FxHashSet<ChoiceItem> = answers.flatten().copied().collect();
    for whole in items.into_iter().flat_map(|item| above(graph, item)) {
        add_with_wholes(graph, whole, &mut found);
    }
    found
}

/// Whether the two exclude each other.
pub(super) fn is_apart(graph: &Graph, a: ChoiceItem, b: ChoiceItem) -> bool {
    match (a, b) {
        (ChoiceItem::Place(a), ChoiceItem::Place(b)) => graph.places.is_apart(a, b),
        (ChoiceItem::Term(a), ChoiceItem::Term(b)) => graph.terms.is_apart(a, b),
        (ChoiceItem::Population(a), ChoiceItem::Population(b)) => graph.populations.is_apart(a, b),
        _ => false,
    }
}

/// An answer that is compared with others.
pub struct ChoiceAnswer<'a> {
    graph: &'a Graph,
    items: &'a [ChoiceItem],
    /// The items, marked when that is first worth it.
    marked: OnceCell<MarkedItems<'a, ()>>,
}

impl<'a> ChoiceAnswer<'a> {
    /// An answer with these items.
    pub fn new(graph: &'a Graph, items: &'a [ChoiceItem]) -> Self {
        Self { graph, items, marked: OnceCell::new() }
    }

    /// Whether this and another answer are the same, given more or less exactly (an id and one it is part of)
    /// or more or less completely (a list and some of it).
    pub fn is_same(&self, other: &ChoiceAnswer<'_>) -> bool {
        self.is_covered_by(other) || other.is_covered_by(self)
    }

    /// Whether two accounts of who or what was hit exclude each other: some item of one excludes some item of
    /// the other, and no items are nested.
    pub fn is_rival(&self, other: &ChoiceAnswer<'_>) -> bool {
        self.is_partly_apart(other) && !self.is_partly_nested(other)
    }

    /// Whether some item of this answer and some item of the other are nested.
    fn is_partly_nested(&self, other: &ChoiceAnswer<'_>) -> bool {
        if self.has_few_pairs(other) {
            let mut pairs = self.items.iter().flat_map(|&a| other.items.iter().map(move |&b| (a, b)));
            return pairs.any(|(a, b)| is_nested(self.graph, a, b));
        }
        if self.items.len() > other.items.len() {
            return other.items.iter().any(|&item| self.marked().has_nested(item));
        }
        self.items.iter().any(|&item| other.marked().has_nested(item))
    }

    /// Whether some item of this answer excludes some item of the other.
    pub fn is_partly_apart(&self, other: &ChoiceAnswer<'_>) -> bool {
        if self.has_few_pairs(other) {
            let mut pairs = self.items.iter().flat_map(|&a| other.items.iter().map(move |&b| (a, b)));
            return pairs.any(|(a, b)| is_apart(self.graph, a, b));
        }
        if self.items.len() > other.items.len() {
            return other.items.iter().any(|&item| self.marked().has_excluded(item));
        }
        self.items.iter().any(|&item| other.marked().has_excluded(item))
    }

    /// Whether this answer names an item that `denied` lists, or a part of one.
    pub fn is_denied_by(&self, denied: &ChoiceAnswer<'_>) -> bool {
        if self.has_few_pairs(denied) {
            let is_denied =
                |&item: &ChoiceItem| denied.items.iter().any(|&whole| is_within(self.graph, item, whole));
            return self.items.iter().any(is_denied);
        }
        let marked = denied.marked();
        self.items.iter().any(|&item| marked.has_around(item))
    }

    /// Whether each item of this answer is nested with some item of `all`.
    fn is_covered_by(&self, all: &ChoiceAnswer<'_>) -> bool {
        if self.has_few_pairs(all) {
            let is_covered =
                |&item: &ChoiceItem| all.items.iter().any(|&other| is_nested(self.graph, item, other));
            return self.items.iter().all(is_covered);
        }
        let marked = all.marked();
        self.items.iter().all(|&item| marked.has_nested(item))
    }

    fn has_few_pairs(&self, other: &ChoiceAnswer<'_>) -> bool {
        self.items.len().saturating_mul(other.items.len()) <= MAX_DIRECT_PAIRS
    }

    fn marked(&self) -> &MarkedItems<'a, ()> {
        self.marked.get_or_init(|| MarkedItems::new(self.graph, self.items.iter().map(|&item| (item, ()))))
    }
}

/// Whether an answer names a denied item, or a part of one.
pub(super) fn is_denied(graph: &Graph, items: &[ChoiceItem], denied: &[ChoiceItem]) -> bool {
    ChoiceAnswer::new(graph, items).is_denied_by(&ChoiceAnswer::new(graph, denied))
}

/// Marked ids of all kinds, each with a tag such as the party that names it. One lookup finds out whether any of them
/// lies around or within an id.
pub struct MarkedItems<'a, T> {
    graph: &'a Graph,
    /// Actors have no wholes: for each, the first tag and whether there is another.
    actors: FxHashMap<ActorId, (T, bool)>,
    places: Marks<T>,
    events: Marks<T>,
    terms: Marks<T>,
    populations: Marks<T>,
}

impl<'a, T: Copy + Ord> MarkedItems<'a, T> {
    /// Marks ids.
    pub fn new(graph: &'a Graph, marks: impl Iterator<Item = (ChoiceItem, T)>) -> Self {
        let mut actors: FxHashMap<ActorId, (T, bool)> = FxHashMap::default();
        let mut places: Vec<(PlaceId, T)> = Vec::new();
        let mut events: Vec<(SubjectId, T)> = Vec::new();
        let mut terms: Vec<(TermId, T)> = Vec::new();
        let mut populations: Vec<(PopulationId, T)> = Vec::new();
        for (item, tag) in marks {
            match item {
                ChoiceItem::Actor(id) => {
                    let (first, several) = actors.entry(id).or_insert((tag, false));
                    *several |= *first != tag;
                }
                ChoiceItem::Place(id) => places.push((id, tag)),
                ChoiceItem::Event(id) => events.push((id, tag)),
                ChoiceItem::Term(id) => terms.push((id, tag)),
                ChoiceItem::Population(id) => populations.push((id, tag)),
            }
        }
        Self {
            graph,
            actors,
            places: Marks::new(&graph.places, places),
            events: Marks::new(&graph.events, events),
            terms: Marks::new(&graph.terms, terms),
            populations: Marks::new(&graph.populations, populations),
        }
    }

    /// Whether an item is marked or lies in one that is.
    pub fn has_around(&self, item: ChoiceItem) -> bool {
        let graph = self.graph;
        match item {
            ChoiceItem::Actor(id) => self.actors.contains_key(&id),
            ChoiceItem::Place(id) => self.places.any_around(&graph.places, id),
            ChoiceItem::Event(id) => self.events.any_around(&graph.events, id),
            ChoiceItem::Term(id) => self.terms.any_around(&graph.terms, id),
            ChoiceItem::Population(id) => self.populations.any_around(&graph.populations, id),
        }
    }

    /// Whether an item, or one it lies in, is marked with another tag.
    pub fn has_other_around(&self, item: ChoiceItem, tag: T) -> bool {
        let graph = self.graph;
        match item {
            ChoiceItem::Actor(id) => {
                self.actors.get(&id).is_some_and(|&(first, several)| several || first != tag)
            }
            ChoiceItem::Place(id) => self.places.other_around(&graph.places, id, tag),
            ChoiceItem::Event(id) => self.events.other_around(&graph.events, id, tag),
            ChoiceItem::Term(id) => self.terms.other_around(&graph.terms, id, tag),
            ChoiceItem::Population(id) => self.populations.other_around(&graph.populations, id, tag),
        }
    }

    /// Whether an item is marked, lies in one that is, or contains one that is.
    pub fn has_nested(&self, item: ChoiceItem) -> bool {
        let graph = self.graph;
        let inside = match item {
            ChoiceItem::Actor(_) => false,
            ChoiceItem::Place(id) => self.places.any_inside(&graph.places, id),
            ChoiceItem::Event(id) => self.events.any_inside(&graph.events, id),
            ChoiceItem::Term(id) => self.terms.any_inside(&graph.terms, id),
            ChoiceItem::Population(id) => self.populations.any_inside(&graph.populations, id),
        };
        inside || self.has_around(item)
    }

    /// Whether each marked item is nested with some item of `items`.
    pub fn are_all_nested(&self, items: &[ChoiceItem]) -> bool {
        let graph = self.graph;
        let (mut places, mut events) = (Vec::new(), Vec::new());
        let (mut terms, mut populations) = (Vec::new(), Vec::new());
        let mut actors: FxHashSet<ActorId> = FxHashSet::default();
        for &item in items {
            match item {
                ChoiceItem::Actor(id) => _ = actors.insert(id),
                ChoiceItem::Place(id) => places.push(id),
                ChoiceItem::Event(id) => events.push(id),
                ChoiceItem::Term(id) => terms.push(id),
                ChoiceItem::Population(id) => populations.push(id),
            }
        }
        self.actors.keys().all(|actor| actors.contains(actor))
            && self.places.all_nested(&graph.places, &places)
            && self.events.all_nested(&graph.events, &events)
            && self.terms.all_nested(&graph.terms, &terms)
            && self.populations.all_nested(&graph.populations, &populations)
    }

    /// Whether a marked item excludes an item.
    pub fn has_excluded(&self, item: ChoiceItem) -> bool {
        let graph = self.graph;
        match item {
            ChoiceItem::Place(id) => self.places.any_apart(&graph.places, id),
            ChoiceItem::Term(id) => self.terms.any_apart(&graph.terms, id),
            ChoiceItem::Population(id) => self.populations.any_apart(&graph.populations, id),
            ChoiceItem::Actor(_) | ChoiceItem::Event(_) => false,
        }
    }
}

/// Ids of all kinds, marked with numbers that never increase.
pub(super) struct LowestItems<'a> {
    actors: FxHashMap<ActorId, usize>,
    places: Lowest<'a, PlaceId>,
    events: Lowest<'a, SubjectId>,
    terms: Lowest<'a, TermId>,
    populations: Lowest<'a, PopulationId>,
}

impl<'a> LowestItems<'a> {
    /// No marks yet.
    pub(super) fn new(graph: &'a Graph) -> Self {
        Self {
            actors: FxHashMap::default(),
            places: Lowest::new(&graph.places),
            events: Lowest::new(&graph.events),
            terms: Lowest::new(&graph.terms),
            populations: Lowest::new(&graph.populations),
        }
    }

    /// Marks an item with a number that is not higher than any before.
    pub(super) fn mark(&mut self, item: ChoiceItem, number: usize) {
        match item {
            ChoiceItem::Actor(id) => _ = self.actors.insert(id, number),
            ChoiceItem::Place(id) => self.places.mark(id, number),
            ChoiceItem::Event(id) => self.events.mark(id, number),
            ChoiceItem::Term(id) => self.terms.mark(id, number),
            ChoiceItem::Population(id) => self.populations.mark(id, number),
        }
    }

    /// The lowest number of a marked item that is this one or lies in it.
    pub(super) fn inside(&self, item: ChoiceItem) -> Option<usize> {
        match item {
            ChoiceItem::Actor(id) => self.actors.get(&id).copied(),
            ChoiceItem::Place(id) => self.places.inside(id),
            ChoiceItem::Event(id) => self.events.inside(id),
            ChoiceItem::Term(id) => self.terms.inside(id),
            ChoiceItem::Population(id) => self.populations.inside(id),
        }
    }

    /// The lowest number of a marked item that is this one or that it lies in.
    pub(super) fn around(&self, item: ChoiceItem) -> Option<usize> {
        match item {
            ChoiceItem::Actor(id) => self.actors.get(&id).copied(),
            ChoiceItem::Place(id) => self.places.around(id),
            ChoiceItem::Event(id) => self.events.around(id),
            ChoiceItem::Term(id) => self.terms.around(id),
            ChoiceItem::Population(id) => self.populations.around(id),
        }
    }
}
