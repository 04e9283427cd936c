//! Pairs of names to compare, without duplicates.

use rayon::prelude::*;

use super::NEIGHBOURS;
use super::keys::Keys;
use super::rows::NameRow;

/// Pairs of ranks, the lower rank first.
#[derive(Default)]
pub(super) struct Pairs {
    /// Both ranks in one number, which is fast to sort.
    pairs: Vec<u64>,
    /// The number of pairs when they were last sorted.
    sorted: usize,
}

impl Pairs {
    pub(super) fn add(&mut self, left: usize, right: usize) {
        self.pairs.push((left.min(right) as u64) << 32 | left.max(right) as u64);
        self.sort_if_large();
    }

    fn and(mut self, other: Self) -> Self {
        self.pairs.extend(other.pairs);
        self.sort_if_large();
        self
    }

    /// Removes duplicates from time to time, so that names that share many blocks do not fill the memory.
    fn sort_if_large(&mut self) {
        if self.pairs.len() > 2 * self.sorted + (1 << 20) {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.pairs.par_sort_unstable();
        self.pairs.dedup();
        self.sorted = self.pairs.len();
    }

    /// The pairs, sorted and without duplicates; [`ranks`] splits them.
    pub(super) fn sorted(mut self) -> Vec<u64> {
        self.sort();
        self.pairs
    }

    /// Keeps only the pairs for which `is_wanted` returns true.
    pub(super) fn retain(&mut self, is_wanted: impl Fn(u32, u32) -> bool) {
        self.sort();
        self.pairs.retain(|&pair| {
            let (left, right) = ranks(pair);
            is_wanted(left, right)
        });
    }
}

/// The ranks of a pair, the lower rank first.
pub(super) fn ranks(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32)
}

/// The pairs to compare, and the groups in which not all pairs are.
#[derive(Default)]
pub(super) struct SharedKeys {
    pub(super) pairs: Pairs,
    /// Groups in which not all pairs are compared: the rank that identifies the group, and its size.
    pub(super) crowds: Vec<(usize, usize)>,
}

impl SharedKeys {
    /// Pairs each name with the next few names that share a key.
    pub(super) fn new(rows: &[NameRow<'_>], keys: &Keys) -> Self {
        let parts = keys.parts().into_par_iter();
        let met = parts.fold(Self::default, |mut met, part| {
            for block in keys.shared(part).chunk_by(|&a, &b| keys.is_one_block(a, b)) {
                met.pair_with_next(rows, block.len(), block.iter().map(|&key| keys.rank(key)));
                met.record_if_large(keys.rank(block[0]), block.len());
            }
            met
        });
        met.reduce(Self::default, |mut met, other| {
            met.crowds.extend(other.crowds);
            Self { pairs: met.pairs.and(other.pairs), ..met }
        })
    }

    /// Pairs each of the `first` names in `ranks` with the next few.
    pub(super) fn pair_with_next(
        &mut self,
        rows: &[NameRow<'_>],
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

    /// Records a group, if it is too large to compare all pairs.
    pub(super) fn record_if_large(&mut self, first: usize, names: usize) {
        if names > NEIGHBOURS + 1 {
            self.crowds.push((first, names));
        }
    }
}
