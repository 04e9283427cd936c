//! Entities marked with numbers that never increase; one lookup finds the lowest number within or around
//! another entity.

use rustc_hash::FxHashMap;

use super::Nesting;
use super::exclusions::{cover, path_to_root};
use crate::id::Id;

/// Marks with numbers that never increase, so that the last mark is always the lowest.
///
/// They are stored in two segment trees over all places. In the first tree, each node holds the
/// lowest mark among its places; in the second, the lowest mark that covers them. Only nodes with a mark
/// take memory.
#[derive(Debug)]
pub struct Lowest<'n, I> {
    nesting: &'n Nesting<I>,
    inside: FxHashMap<usize, usize>,
    around: FxHashMap<usize, usize>,
}

impl<'n, I: Id> Lowest<'n, I> {
    /// No marks yet.
    pub fn new(nesting: &'n Nesting<I>) -> Self {
        Self { nesting, inside: FxHashMap::default(), around: FxHashMap::default() }
    }

    /// Marks an entity with a number that is not higher than any before.
    pub fn mark(&mut self, thing: I, number: usize) {
        let places = self.nesting.runs.len();
        for node in path_to_root(places, self.nesting.places[thing.index()]) {
            self.inside.insert(node, number);
        }
        for &run in self.nesting.runs_of(thing) {
            cover(places, run, |node| _ = self.around.insert(node, number));
        }
    }

    /// The lowest number of a mark at an entity or within it.
    pub fn inside(&self, thing: I) -> Option<usize> {
        let mut lowest: Option<usize> = None;
        for &run in self.nesting.runs_of(thing) {
            cover(self.nesting.runs.len(), run, |node| {
                lowest = lowest.into_iter().chain(self.inside.get(&node).copied()).min();
            });
        }
        lowest
    }

    /// The lowest number of a mark at an entity or around it.
    pub fn around(&self, thing: I) -> Option<usize> {
        let nodes = path_to_root(self.nesting.runs.len(), self.nesting.places[thing.index()]);
        nodes.filter_map(|node| self.around.get(&node).copied()).min()
    }
}
