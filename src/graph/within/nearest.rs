//! The nearest marked things around others, each way up walked once.

use std::collections::hash_map::Entry;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Nesting;
use crate::id::Id;

/// Finds the marked wholes of things, up to the first on each way up, and remembers them.
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

    /// The marked wholes of a thing, without itself, up to the first on each way up; sorted. A circle is walked
    /// once.
    pub fn of(&mut self, thing: I) -> Rc<[I]> {
        let mut way = vec![(thing, false)];
        while let Some((at, is_back)) = way.pop() {
            if is_back {
                let found = self.gathered(at);
                self.known.insert(at, found);
            } else if let Entry::Vacant(unknown) = self.known.entry(at) {
                // Empty for whatever leads back here.
                unknown.insert(Rc::default());
                way.push((at, true));
                let above = self.nesting.above(at).iter().copied();
                way.extend(above.filter(|&whole| !(self.is_marked)(whole)).map(|whole| (whole, false)));
            }
        }
        self.known[&thing].clone()
    }

    /// What is found above a thing once it is known of all its wholes.
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
