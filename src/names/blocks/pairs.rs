//! Pairs of names that meet, each once however often they do.

use rayon::prelude::*;

use super::NEIGHBOURS;
use super::keys::Keys;
use super::rows::Row;

/// Pairs of ranks, the lower first.
#[derive(Default)]
pub(super) struct Pairs {
    /// Both ranks in one number, which is quick to sort.
    pairs: Vec<u64>,
    /// How many stood there when they were last sorted.
    sorted: usize,
}

impl Pairs {
    pub(super) fn add(&mut self, left: usize, right: usize) {
        self.pairs.push((left.min(right) as u64) << 32 | left.max(right) as u64);
        self.settle();
    }

    fn and(mut self, other: Self) -> Self {
        self.pairs.extend(other.pairs);
        self.settle();
        self
    }

    /// Keeps names that meet in every block from filling the memory.
    fn settle(&mut self) {
        if self.pairs.len() > 2 * self.sorted + (1 << 20) {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.pairs.par_sort_unstable();
        self.pairs.dedup();
        self.sorted = self.pairs.len();
    }

    /// In order, each once; what they are is told by [`ranks`].
    pub(super) fn sorted(mut self) -> Vec<u64> {
        self.sort();
        self.pairs
    }

    /// Only those of which it is true.
    pub(super) fn retain(&mut self, is_wanted: impl Fn(u32, u32) -> bool) {
        self.sort();
        self.pairs.retain(|&pair| {
            let (left, right) = ranks(pair);
            is_wanted(left, right)
        });
    }
}

/// The ranks of a pair, the lower first.
pub(super) fn ranks(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32)
}

/// Who met whom.
#[derive(Default)]
pub(super) struct Met {
    pub(super) pairs: Pairs,
    /// The rank that a meeting goes by, and how many were there, where not all met.
    pub(super) crowds: Vec<(usize, usize)>,
}

impl Met {
    /// Who shares a key, each with the next few.
    pub(super) fn of(rows: &[Row<'_>], keys: &Keys) -> Self {
        let parts = keys.parts().into_par_iter();
        let met = parts.fold(Self::default, |mut met, part| {
            for block in keys.shared(part).chunk_by(|&a, &b| keys.is_one_block(a, b)) {
                met.introduce(rows, block.len(), block.iter().map(|&key| keys.rank(key)));
                met.note(keys.rank(block[0]), block.len());
            }
            met
        });
        met.reduce(Self::default, |mut met, other| {
            met.crowds.extend(other.crowds);
            Self { pairs: met.pairs.and(other.pairs), ..met }
        })
    }

    /// Lets each of the first so many meet the next few.
    pub(super) fn introduce(
        &mut self,
        rows: &[Row<'_>],
        first: usize,
        ranks: impl Iterator<Item = usize> + Clone,
    ) {
        let mut rest = ranks.clone();
        for left in ranks.take(first) {
            rest.next();
            for right in rest.clone().take(NEIGHBOURS) {
                if rows[left].owner != rows[right].owner {
                    self.pairs.add(left, right);
                }
            }
        }
    }

    /// Notes that so many were there, if they were too many.
    pub(super) fn note(&mut self, first: usize, names: usize) {
        if names > NEIGHBOURS + 1 {
            self.crowds.push((first, names));
        }
    }
}
