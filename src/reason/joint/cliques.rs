//! What must hold among the populations counted in one place: each whole holds at least each part, and as
//! many as any of its parts that exclude one another do together.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

use crate::graph::Nesting;
use crate::id::PopulationId;

/// A whole and the parts of it that exclude one another, as places in the list of populations.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Sum {
    /// The whole.
    pub(super) whole: usize,
    /// Its parts.
    pub(super) parts: Vec<usize>,
}

/// At most so many sums of one whole are looked at, by the order of names.
pub(super) const MOST: usize = 256;

/// The sums among some populations, given parts before wholes, and whether some were left out.
///
/// A sum is left out as well where one nearer says more: where a smaller population `w` holds some of the
/// parts and each other part excludes it (civilians, militants and soldiers are civilians and combatants).
pub(super) fn sums(populations: &Nesting<PopulationId>, present: &[PopulationId]) -> (Vec<Sum>, bool) {
    let relations = Relations::new(populations, present);
    let mut found = Vec::new();
    let mut cut = false;
    for whole in 0..present.len() {
        let inside = &relations.parts[whole];
        let (cliques, left_out) = cliques(inside, &relations.apart);
        cut |= left_out;
        let nearest = cliques.into_iter().filter(|parts| !relations.is_reducible(parts, inside));
        found.extend(nearest.map(|parts| Sum { whole, parts }));
    }
    (found, cut)
}

/// How some populations stand to each other, by their places in the list.
struct Relations {
    /// Of each what excludes it.
    apart: Vec<FixedBitSet>,
    /// Of each what it lies in.
    wholes: Vec<FixedBitSet>,
    /// Of each what lies in it.
    parts: Vec<FixedBitSet>,
}

impl Relations {
    fn new(populations: &Nesting<PopulationId>, present: &[PopulationId]) -> Self {
        let none = || vec![FixedBitSet::with_capacity(present.len()); present.len()];
        let mut all = Self { apart: none(), wholes: none(), parts: none() };
        let places: FxHashMap<PopulationId, usize> = present.iter().copied().zip(0..).collect();
        for (part, &name) in present.iter().enumerate() {
            let wholes = populations.wholes(name).iter().copied();
            // Two that lie in each other are told as such and taken for neither.
            let wholes = wholes.filter(|&whole| !populations.is_within(whole, name));
            for whole in wholes.filter_map(|whole| places.get(&whole).copied()) {
                all.wholes[part].insert(whole);
                all.parts[whole].insert(part);
            }
            if populations.is_excluded_by_some(name) {
                all.apart[part]
                    .extend((0..present.len()).filter(|&other| populations.is_apart(name, present[other])));
            }
        }
        all
    }

    /// Whether something smaller than the whole, of what is `inside` it, says more.
    fn is_reducible(&self, parts: &[usize], inside: &FixedBitSet) -> bool {
        let mut holding = FixedBitSet::with_capacity(inside.len());
        for &part in parts {
            holding.union_with(&self.wholes[part]);
        }
        holding.intersect_with(inside);
        holding.ones().any(|nearer| {
            let (within, apart) = (&self.parts[nearer], &self.apart[nearer]);
            parts.iter().all(|&part| part == nearer || within.contains(part) || apart.contains(part))
        })
    }
}

/// The largest sets of which every two stand apart (Bron and Kerbosch 1973), and whether there are more than
/// [`MOST`]. Without recursion: a vocabulary may be large.
fn cliques(among: &FixedBitSet, apart: &[FixedBitSet]) -> (Vec<Vec<usize>>, bool) {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut open = vec![(Vec::new(), among.ones().collect::<Vec<_>>(), Vec::new())];
    if among.is_clear() {
        return (found, false);
    }
    while let Some((chosen, may, mut done)) = open.pop() {
        if may.is_empty() {
            if done.is_empty() {
                found.push(chosen);
            }
            if found.len() > MOST {
                found.truncate(MOST);
                return (found, true);
            }
            continue;
        }
        // What stands apart from the pivot comes up again under it.
        let allowed: FixedBitSet = may.iter().copied().collect();
        let beside = |pivot: usize| apart[pivot].intersection_count(&allowed);
        let pivot = may.iter().chain(&done).copied().max_by_key(|&pivot| beside(pivot)).unwrap_or(may[0]);
        let branch: Vec<usize> = may.iter().copied().filter(|&other| !apart[pivot].contains(other)).collect();
        let mut next = Vec::with_capacity(branch.len());
        let mut left = allowed;
        for choice in branch {
            let mut larger: Vec<usize> = chosen.clone();
            larger.push(choice);
            let beside = &apart[choice];
            // Most populations exclude none of the others.
            if beside.is_disjoint(among) {
                next.push((larger, Vec::new(), Vec::new()));
            } else {
                let still = may.iter().copied().filter(|&it| left.contains(it) && beside.contains(it));
                next.push((
                    larger,
                    still.collect(),
                    done.iter().copied().filter(|&it| beside.contains(it)).collect(),
                ));
            }
            left.set(choice, false);
            done.push(choice);
        }
        open.extend(next.into_iter().rev());
    }
    (found, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;

    /// civilians 0, militants 1, soldiers 2, combatants 3, women 4, men 5, people 6.
    fn sums_of_people() -> Vec<Vec<usize>> {
        let id = PopulationId::new;
        let all = [id(6)];
        let fighters = [id(3)];
        let rows: [(&[_], &[_]); 7] = [
            (&all, &[id(3)]),
            (&fighters, &[id(2)]),
            (&fighters, &[]),
            (&all, &[]),
            (&all, &[id(5)]),
            (&all, &[]),
            (&[], &[]),
        ];
        let nesting = Nesting::new(rows.into_iter());
        let present: Vec<PopulationId> = [1, 2, 0, 3, 4, 5, 6].map(id).to_vec();
        let (found, cut) = sums(&nesting, &present);
        assert!(!cut);
        let mut named: Vec<Vec<usize>> = found
            .iter()
            .map(|sum| {
                let mut parts: Vec<usize> = sum.parts.iter().map(|&at| present[at].index()).collect();
                parts.sort_unstable();
                [vec![present[sum.whole].index()], parts].concat()
            })
            .collect();
        named.sort();
        named
    }

    #[test]
    fn a_sum_that_one_nearer_holds_is_left_out() {
        assert_eq!(sums_of_people(), [vec![3, 1, 2], vec![6, 0, 3], vec![6, 4, 5]]);
    }
}
