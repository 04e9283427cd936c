//! Finds the pairs of names that are worth comparing, in time that grows with the number of names and not of
//! pairs.
//!
//! Every name has keys (`keys`): its forms, each form without one letter, and a few more. Names that share a
//! key form a *block*. Names are compared only within blocks (`pairs`), and then the misspellings of one name
//! with each other (`two_edits`). Removing a letter on both sides finds one edit or swap without listing all
//! possible typing errors (Mor and Fraenkel, "A hash code method for detecting and correcting spelling
//! errors", CACM 1982; better known from Garbe's `SymSpell`, 2012). In a very large block not all pairs are
//! compared: it is sorted by name, and each name is compared with the next [`NEIGHBOURS`] only (sorted
//! neighbourhood: Hernández and Stolfo 1995), which is reported. So there are at most [`NEIGHBOURS`]
//! comparisons per key.

mod keys;
mod pairs;
mod rows;
mod two_edits;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use rayon::prelude::*;

use super::alike::{AlikeReason, Strictness, alike};
use keys::Keys;
use pairs::{Pairs, SharedKeys};
use rows::{NameRow, SortedNames};

/// A name with its owner. Names of the same owner are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// A number that identifies the actor, event or place.
    pub owner: u32,
    /// Its name or an alias, as written.
    pub name: &'a str,
}

/// Two names of different owners that may mean the same entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Index of the name with the smaller owner.
    pub left: usize,
    /// Index of the other.
    pub right: usize,
    /// From 0 to 1, where 1 means no relevant difference. For sorting; not a probability.
    pub score: f64,
    /// The most certain reason that applies.
    pub reason: AlikeReason,
}

/// A block that is too large to compare all pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// Index of its first name in alphabetical order.
    pub first: usize,
    /// The number of names that share the key.
    pub names: usize,
    /// The number of pairs that were not compared for this key; some may have been compared in another block.
    pub left_out: usize,
}

/// The pairs found, and a record of what was not compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BlockingOutcome {
    /// Sorted by owner and index of `left`, then of `right`. If names of an owner are equal, only the first
    /// takes part. A pair of owners may appear more than once, but never with the same two spellings.
    pub likenesses: Vec<Likeness>,
    /// The number of pairs compared.
    pub comparisons: usize,
    /// Blocks that were only partly compared, largest first. Empty for names written by hand.
    pub crowds: Vec<Crowd>,
    /// Indexes of names with more than [`LONGEST`](super::LONGEST) letters; they are alike only if their
    /// folded forms are equal.
    pub long: Vec<usize>,
}

/// The number of following names, in alphabetical order, with which a name is compared in one block. All
/// pairs are compared in blocks with at most one name more than that.
pub const NEIGHBOURS: usize = 16;

/// Finds names of different owners that are so alike that they may mean the same entity.
///
/// The result depends on owners and names, not on their order. Time and memory grow with the total number of
/// letters: 100,000 names of 16 letters take less than 0.2 seconds of processor time, most of it on all
/// processors.
#[must_use]
pub fn near_duplicates(names: &[Named<'_>], sieve: Strictness) -> BlockingOutcome {
    let order = SortedNames::new(names);
    let rows = order.rows(names);
    let mut search =
        NameComparison { rows: &rows, sieve, comparisons: 0, found: Vec::new(), crowds: Vec::new() };
    search.compare_blocks();
    if sieve == Strictness::Loose {
        search.compare_two_edits();
    }
    search.outcome()
}

/// Two names that are alike, by rank, the lower rank first.
struct AlikePair {
    left: u32,
    right: u32,
    reason: AlikeReason,
    score: f64,
}

struct NameComparison<'a> {
    rows: &'a [NameRow<'a>],
    sieve: Strictness,
    comparisons: usize,
    found: Vec<AlikePair>,
    crowds: Vec<Crowd>,
}

impl NameComparison<'_> {
    /// Compares each name in every block with the next few.
    fn compare_blocks(&mut self) {
        let met = SharedKeys::new(self.rows, &Keys::new(self.rows, self.sieve));
        met.crowds.into_iter().for_each(|(first, names)| self.note_crowd(first, names));
        self.found = self.compare(met.pairs, 1);
    }

    /// Compares the misspellings of one name with each other. They may be two edits apart and share no key.
    fn compare_two_edits(&mut self) {
        let met = two_edits::pairs_to_compare(self.rows, &self.found);
        met.crowds.into_iter().for_each(|(centre, names)| self.note_crowd(centre, names));
        let further = self.compare(met.pairs, 2);
        self.found.extend(further);
    }

    /// The pairs that are alike, in the order of `pairs`.
    fn compare(&mut self, pairs: Pairs, edits: usize) -> Vec<AlikePair> {
        let pairs = pairs.sorted();
        self.comparisons += pairs.len();
        let form = |rank: u32| self.rows[rank as usize].form;
        let compared = pairs.into_par_iter().filter_map(|pair| {
            let (left, right) = pairs::ranks(pair);
            let (reason, score) = alike(form(left), form(right), self.sieve, edits)?;
            Some(AlikePair { left, right, reason, score })
        });
        compared.collect()
    }

    fn note_crowd(&mut self, first: usize, names: usize) {
        let beyond = names - NEIGHBOURS - 1;
        let first = self.rows[first].index;
        self.crowds.push(Crowd { first, names, left_out: beyond * (beyond + 1) / 2 });
    }

    fn outcome(self) -> BlockingOutcome {
        let place = |rank: u32| (self.rows[rank as usize].owner, self.rows[rank as usize].index);
        let placed = |found: &AlikePair| {
            let (left, right) = (place(found.left), place(found.right));
            (left.min(right), left.max(right), found.reason, found.score)
        };
        let mut placed: Vec<_> = self.found.iter().map(placed).collect();
        placed.par_sort_unstable_by_key(|&(left, right, ..)| (left, right));
        let likeness = |((_, left), (_, right), reason, score)| Likeness { left, right, score, reason };
        let likenesses = placed.into_iter().map(likeness).collect();
        let mut crowds = self.crowds;
        crowds.sort_unstable_by_key(|crowd| (Reverse(crowd.names), crowd.first));
        let mut long: Vec<usize> =
            self.rows.iter().filter(|row| row.form.is_long()).map(|row| row.index).collect();
        long.sort_unstable();
        BlockingOutcome { likenesses, comparisons: self.comparisons, crowds, long }
    }
}
