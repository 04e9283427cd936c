//! What must hold among the populations counted in one place: each whole holds at least each part, and as
//! many as any of its parts that exclude one another do together.

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
    let mut found = Vec::new();
    let mut cut = false;
    for (whole, &name) in present.iter().enumerate() {
        let inside: Vec<usize> = (0..present.len())
            .filter(|&at| at != whole && is_inside(populations, present[at], name))
            .collect();
        let apart = |a: usize, b: usize| populations.is_apart(present[a], present[b]);
        let is_reducible = |parts: &[usize]| {
            inside.iter().any(|&nearer| {
                let holds =
                    |&part: &usize| part != nearer && is_inside(populations, present[part], present[nearer]);
                parts.iter().any(holds)
                    && parts.iter().all(|part| *part == nearer || holds(part) || apart(*part, nearer))
            })
        };
        let (cliques, left_out) = cliques(&inside, apart);
        cut |= left_out;
        found.extend(
            cliques.into_iter().filter(|parts| !is_reducible(parts)).map(|parts| Sum { whole, parts }),
        );
    }
    (found, cut)
}

/// Whether a population lies in another; two that lie in each other are told as such and taken for neither.
fn is_inside(populations: &Nesting<PopulationId>, part: PopulationId, whole: PopulationId) -> bool {
    populations.is_within(part, whole) && !populations.is_within(whole, part)
}

/// The largest sets of which every two stand apart (Bron and Kerbosch 1973), and whether there are more than
/// [`MOST`]. Without recursion: a vocabulary may be large.
fn cliques(among: &[usize], apart: impl Fn(usize, usize) -> bool) -> (Vec<Vec<usize>>, bool) {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut open = vec![(Vec::new(), among.to_vec(), Vec::new())];
    if among.is_empty() {
        return (found, false);
    }
    while let Some((chosen, mut may, mut done)) = open.pop() {
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
        let beside = |pivot: usize| may.iter().filter(|&&other| apart(pivot, other)).count();
        let pivot = may.iter().chain(&done).copied().max_by_key(|&pivot| beside(pivot)).unwrap_or(may[0]);
        let branch: Vec<usize> = may.iter().copied().filter(|&other| !apart(pivot, other)).collect();
        let mut next = Vec::with_capacity(branch.len());
        for choice in branch {
            let with = |set: &[usize]| set.iter().copied().filter(|&other| apart(choice, other)).collect();
            let mut larger: Vec<usize> = chosen.clone();
            larger.push(choice);
            next.push((larger, with(&may), with(&done)));
            may.retain(|&other| other != choice);
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
