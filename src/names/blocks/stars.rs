//! The misspellings of one name among each other: they may be two edits apart, and then share no key.

use rayon::prelude::*;

use super::Found;
use super::pairs::Met;
use super::rows::Row;
use crate::names::alike::{Reason, differing};

/// Misspellings of one name that are few enough to be all compared.
const FEW: usize = 3;

/// From a name to one that is an edit away.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    centre: u32,
    other_letter: bool,
    end: u32,
}

/// Which misspellings of one name to compare, beside what was found, which is in order. A letter dropped,
/// doubled or swapped is a slip; another letter in its place makes another name, so of those no two are
/// compared where a name has many.
pub(super) fn met(rows: &[Row<'_>], found: &[Found]) -> Met {
    let mut met = Met::default();
    for star in edges(rows, found).chunk_by(|a, b| a.centre == b.centre) {
        let slips = star.partition_point(|edge| !edge.other_letter);
        let bases = if star.len() > FEW { slips } else { star.len() };
        met.introduce(rows, bases, star.iter().map(|edge| edge.end as usize));
        if bases > 0 {
            met.note(star[0].centre as usize, star.len());
        }
    }
    met.pairs
        .retain(|left, right| found.binary_search_by_key(&(left, right), |f| (f.left, f.right)).is_err());
    met
}

/// What was found one edit apart, both ways, slips first.
fn edges(rows: &[Row<'_>], found: &[Found]) -> Vec<Edge> {
    let spelling = found.par_iter().filter(|found| found.reason == Reason::Spelling);
    let both_ways = spelling.flat_map_iter(|&Found { left, right, .. }| {
        let plain = |rank: u32| rows[rank as usize].form.plain;
        let (_, l, r) = differing(plain(left), plain(right));
        let edge = |centre, end| Edge { centre, other_letter: l.len() == 1 && r.len() == 1, end };
        [edge(left, right), edge(right, left)]
    });
    let mut edges: Vec<Edge> = both_ways.collect();
    edges.par_sort_unstable();
    edges
}
