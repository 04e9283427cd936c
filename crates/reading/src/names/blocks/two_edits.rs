//! Pairs of misspellings of one name. They may be two edits apart and then share no key.

use rayon::prelude::*;

use super::AlikePair;
use super::pairs::SharedKeys;
use super::rows::NameRow;
use crate::names::alike::{AlikeReason, differing};

/// Up to this many misspellings of a name are all compared with each other.
const MAX_FULLY_COMPARED: usize = 3;

/// A link from a name to one that is one edit away.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Misspelling {
    centre: u32,
    other_letter: bool,
    end: u32,
}

/// The pairs of misspellings of one name to compare, without those in `found`, which is sorted. A letter that
/// is dropped, doubled or swapped is a slip. A different letter may make another name, so if a name has many
/// misspellings, two of that kind are not compared.
pub(super) fn pairs_to_compare(rows: &[NameRow<'_>], found: &[AlikePair]) -> SharedKeys {
    let mut met = SharedKeys::default();
    for star in edges(rows, found).chunk_by(|a, b| a.centre == b.centre) {
        let slips = star.partition_point(|edge| !edge.other_letter);
        let bases = if star.len() > MAX_FULLY_COMPARED { slips } else { star.len() };
        met.pair_with_next(rows, bases, star.iter().map(|edge| edge.end as usize));
        if bases > 0 {
            met.record_if_large(star[0].centre as usize, star.len());
        }
    }
    met.pairs
        .retain(|left, right| found.binary_search_by_key(&(left, right), |f| (f.left, f.right)).is_err());
    met
}

/// The pairs found one edit apart, in both directions, slips first.
fn edges(rows: &[NameRow<'_>], found: &[AlikePair]) -> Vec<Misspelling> {
    let spelling = found.par_iter().filter(|found| found.reason == AlikeReason::Spelling);
    let both_ways = spelling.flat_map_iter(|&AlikePair { left, right, .. }| {
        let plain = |rank: u32| rows[rank as usize].form.plain;
        let (_, l, r) = differing(plain(left), plain(right));
        let edge = |centre, end| Misspelling { centre, other_letter: l.len() == 1 && r.len() == 1, end };
        [edge(left, right), edge(right, left)]
    });
    let mut edges: Vec<Misspelling> = both_ways.collect();
    edges.par_sort_unstable();
    edges
}
