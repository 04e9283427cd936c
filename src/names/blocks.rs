//! Which pairs of names are worth a look, in time that grows with the names and not with their pairs.
//!
//! Every name gives keys (`keys`): its forms, each form without one letter, and a few more. Names that share a
//! key are one *block*; only inside a block are names compared (`pairs`), and then the misspellings of one name
//! (`stars`). Leaving out a letter on both sides finds one edit or
//! swap without listing what could have been typed: Mor and Fraenkel, "A hash code method for detecting and
//! correcting spelling errors" (CACM 1982), better known from Garbe's `SymSpell` (2012). A block in which
//! everybody stands is not compared all with all: it is in the order of the alphabet, and each name meets the
//! next [`NEIGHBOURS`] only (sorted neighbourhood: Hernández and Stolfo 1995), which is reported. So the work
//! is at most [`NEIGHBOURS`] comparisons a key.

mod keys;
mod pairs;
mod rows;
mod stars;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use rayon::prelude::*;

use super::alike::{Reason, Sieve, alike};
use keys::Keys;
use pairs::{Met, Pairs};
use rows::{Order, Row};

/// A name and whose it is; names of one owner are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// Any number that stands for the actor, event or place.
    pub owner: u32,
    /// Its name or an alias, as written.
    pub name: &'a str,
}

/// Two names of different owners that may be one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Index of the name with the smaller owner.
    pub left: usize,
    /// Index of the other.
    pub right: usize,
    /// 0..=1, 1 for names that differ in nothing that counts. For ordering; no probability.
    pub score: f64,
    /// Why they are thought alike: the surest of the reasons that hold.
    pub reason: Reason,
}

/// A block too large to compare all with all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// Index of its first name in alphabetical order.
    pub first: usize,
    /// How many names share the key.
    pub names: usize,
    /// Pairs not compared for this key; some may have met in another block.
    pub left_out: usize,
}

/// What was found and what was not looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// By owner and index of `left`, then of `right`. Of names of one owner that differ in nothing that
    /// counts, only the first takes part, so a pair of owners may still stand here more than once, but never
    /// for the same two spellings.
    pub likenesses: Vec<Likeness>,
    /// Pairs compared.
    pub comparisons: usize,
    /// Blocks compared in part, largest first. Empty on anything written by hand.
    pub crowds: Vec<Crowd>,
    /// Indices of names of more than [`LONGEST`](super::LONGEST) letters, which are alike only where they
    /// fold alike.
    pub long: Vec<usize>,
}

/// How many of the names after it, in alphabetical order, a name meets in one block. Blocks of one more are
/// compared entirely.
pub const NEIGHBOURS: usize = 16;

/// Names of different owners so alike that they may be one thing.
///
/// The result depends on owners and names, not on their order. Time and memory grow with the letters of all
/// names together: 100,000 names of 16 letters take less than two tenths of a second of processor time, most of
/// it shared among processors.
#[must_use]
pub fn near_duplicates(names: &[Named<'_>], sieve: Sieve) -> Outcome {
    let order = Order::of(names);
    let rows = order.rows(names);
    let mut search = Search { rows: &rows, sieve, comparisons: 0, found: Vec::new(), crowds: Vec::new() };
    search.compare_blocks();
    if sieve == Sieve::Loose {
        search.compare_stars();
    }
    search.outcome()
}

/// Two names that are alike, by rank, the lower first.
struct Found {
    left: u32,
    right: u32,
    reason: Reason,
    score: f64,
}

struct Search<'a> {
    rows: &'a [Row<'a>],
    sieve: Sieve,
    comparisons: usize,
    found: Vec<Found>,
    crowds: Vec<Crowd>,
}

impl Search<'_> {
    /// Compares the names of every block, each with the next few.
    fn compare_blocks(&mut self) {
        let met = Met::of(self.rows, &Keys::of(self.rows, self.sieve));
        met.crowds.into_iter().for_each(|(first, names)| self.note_crowd(first, names));
        self.found = self.compare(met.pairs, 1);
    }

    /// Compares the misspellings of one name, which may be two edits apart and share no key.
    fn compare_stars(&mut self) {
        let met = stars::met(self.rows, &self.found);
        met.crowds.into_iter().for_each(|(centre, names)| self.note_crowd(centre, names));
        let further = self.compare(met.pairs, 2);
        self.found.extend(further);
    }

    /// What is alike of the pairs, in their order.
    fn compare(&mut self, pairs: Pairs, edits: usize) -> Vec<Found> {
        let pairs = pairs.sorted();
        self.comparisons += pairs.len();
        let form = |rank: u32| self.rows[rank as usize].form;
        let compared = pairs.into_par_iter().filter_map(|pair| {
            let (left, right) = pairs::ranks(pair);
            let (reason, score) = alike(form(left), form(right), self.sieve, edits)?;
            Some(Found { left, right, reason, score })
        });
        compared.collect()
    }

    fn note_crowd(&mut self, first: usize, names: usize) {
        let beyond = names - NEIGHBOURS - 1;
        let first = self.rows[first].index;
        self.crowds.push(Crowd { first, names, left_out: beyond * (beyond + 1) / 2 });
    }

    fn outcome(self) -> Outcome {
        let place = |rank: u32| (self.rows[rank as usize].owner, self.rows[rank as usize].index);
        let placed = |found: &Found| {
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
        Outcome { likenesses, comparisons: self.comparisons, crowds, long }
    }
}
