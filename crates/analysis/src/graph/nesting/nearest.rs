//! Finds the nearest marked wholes of entities; each path upwards is followed once.

use std::collections::hash_map::Entry;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Nesting;
use crate::id::Id;

/// Finds the first marked whole on each path upwards from an entity, and caches the results.
#[derive(Debug)]
pub struct Nearest<'n, I, F> {
    nesting: &'n Nesting<I>,
    is_marked: F,
    known: FxHashMap<I, Rc<[I]>>,
}

impl<'n, I: Id + Ord + std::hash::Hash, F: Fn(I) -> bool> Nearest<'n, I, F> {
    /// Finds wholes for which `is_marked` holds.
    pub fn new(nesting: &'n Nesting<I>, is_marked: F) -> Self {
        Self { nesting, is_marked, known: FxHashMap::default() }
    }

    /// The first marked whole on each path upwards from an entity, without the entity itself, sorted. A cycle
    /// is followed once.
    pub fn of(&mut self, thing: I) -> Rc<[I]> {
        let mut stack = vec![(thing, false)];
        while let Some((at, is_back)) = stack.pop() {
            if is_back {
                let found = self.gathered(at);
                self.known.insert(at, found);
            } else if let Entry::Vacant(unknown) = self.known.entry(at) {
                // Empty for paths that lead back here.
                unknown.insert(Rc::default());
                stack.push((at, true));
                let above = self.nesting.above(at).iter().copied();
                stack.extend(above.filter(|&whole| !(self.is_marked)(whole)).map(|whole| (whole, false)));
            }
        }
        self.known[&thing].clone()
    }

    /// The result for an entity whose wholes all have results.
    fn gathered(&self, at: I) -> Rc<[I]> {
        let above = self.nesting.above(at);
        if let [whole] = above
            && !(self.is_marked)(*whole)
        {
            return self.known[whole].clone();
        }
        let mut found: Vec<I> = Vec::new();
        for &whole in above {
            if (self.is_marked)(whole) {
                found.push(whole);
            } else {
                found.extend(self.known[&whole].iter());
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into()
    }
}
