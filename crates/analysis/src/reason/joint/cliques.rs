//! The constraints among the populations that are counted for one event and measure. Each population is at least as
//! large as each of its parts, and at least as large as the sum of any parts that exclude each other.

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::Nesting;
use crate::id::PopulationId;

/// A population and parts of it that exclude each other, as indexes in the list of populations.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct PopulationSum {
    /// The index of the whole.
    pub(super) whole: usize,
    /// The indexes of its parts.
    pub(super) parts: Vec<usize>,
}

/// The highest number of sums with several parts for one whole. Sums are taken in the order of names.
pub(super) const MAX_SUMS_PER_WHOLE: usize = 256;

/// The highest number of steps that finding the sums of one event can take. After that, a whole is compared with each
/// of its parts only.
const MAX_STEPS: usize = 1 << 20;

/// The sums among some populations, and whether some were left out. `present` lists parts before wholes.
///
/// A sum is also left out if a smaller whole gives a tighter one: if a population `w` contains some of the parts and
/// excludes all others. For example, people as the sum of civilians, militants and soldiers follows from civilians
/// plus combatants.
pub(super) fn sums(
    populations: &Nesting<PopulationId>,
    present: &[PopulationId],
) -> (Vec<PopulationSum>, bool) {
    let relations = PopulationRelations::new(populations, present);
    let mut found = Vec::new();
    let mut cut = false;
    let mut steps = 0;
    for whole in 0..present.len() {
        let (sums, left_out) = relations.sums_of(whole, &mut steps);
        cut |= left_out;
        found.extend(sums.into_iter().map(|parts| PopulationSum { whole, parts }));
    }
    (found, cut)
}

/// The relations between some populations, as indexes in the list of populations.
///
/// A population is *plain* if it is directly part of exactly one other population and its own entry excludes nothing,
/// so that it excludes only what its whole excludes. A sum with a plain population becomes tighter if its whole takes
/// its place. So a plain population is compared with its whole only, and by itself.
struct PopulationRelations<'n> {
    populations: &'n Nesting<PopulationId>,
    present: &'n [PopulationId],
    /// For each population its direct parts, sorted.
    direct: Vec<Vec<usize>>,
    /// The populations that are not plain.
    excluding: FixedBitSet,
    /// The populations that are not plain or contain one that is not plain.
    branches: FixedBitSet,
    /// Whether some population excludes itself. This is an error in the claim files. The shortcuts for plain
    /// populations are not used then.
    is_contradictory: bool,
}

impl<'n> PopulationRelations<'n> {
    fn new(populations: &'n Nesting<PopulationId>, present: &'n [PopulationId]) -> Self {
        let none = || FixedBitSet::with_capacity(present.len());
        let mut direct = vec![Vec::new(); present.len()];
        let (mut excluding, mut branches) = (none(), none());
        let places: FxHashMap<PopulationId, usize> = present.iter().copied().zip(0..).collect();
        for (part, &name) in present.iter().enumerate() {
            let wholes = direct_wholes(populations, name);
            let is_in_cycle = populations.above(name).iter().any(|&at| populations.is_within(at, name));
            excluding.set(part, wholes.len() > 1 || is_in_cycle || populations.is_excluding(name));
            // Parts come before wholes, so this is already known for everything inside the part.
            let is_branch = excluding.contains(part) || branches.contains(part);
            branches.set(part, is_branch);
            for whole in wholes.iter().filter_map(|whole| places.get(whole).copied()) {
                direct[whole].push(part);
                branches.set(whole, is_branch || branches.contains(whole));
            }
        }
        let is_contradictory = present.iter().any(|&name| populations.is_apart(name, name));
        Self { populations, present, direct, excluding, branches, is_contradictory }
    }

    /// The sums of one whole, each as a list of parts, and whether some were left out.
    fn sums_of(&self, whole: usize, steps: &mut usize) -> (Vec<Vec<usize>>, bool) {
        let direct = &self.direct[whole];
        let single = || direct.iter().map(|&part| vec![part]).collect::<Vec<_>>();
        let branches: Vec<usize> =
            direct.iter().copied().filter(|&part| self.branches.contains(part)).collect();
        // The populations inside one direct part never add up to more than that part.
        if branches.len() < 2 && !self.is_contradictory {
            return (single(), false);
        }
        let Some(among) = self.excluding_in(whole, steps) else { return (single(), true) };
        let exclusions: Vec<FixedBitSet> = among.iter().map(|&part| self.exclusions(part, &among)).collect();
        let (cliques, left_out) = cliques(&exclusions);
        let named = cliques.into_iter().map(|parts| parts.into_iter().map(|at| among[at]).collect());
        let mut sums: Vec<Vec<usize>> =
            named.filter(|parts: &Vec<usize>| !self.is_reducible(parts, &branches, &among)).collect();
        let known: FxHashSet<usize> = among.into_iter().collect();
        sums.extend(direct.iter().filter(|part| !known.contains(part)).map(|&part| vec![part]));
        sums.sort_by_key(|parts| parts[0]);
        (sums, left_out)
    }

    /// All populations in a whole that are not plain, sorted, or all populations in it if some population excludes
    /// itself. `None` if finding them or comparing each pair takes more steps than are left.
    fn excluding_in(&self, whole: usize, steps: &mut usize) -> Option<Vec<usize>> {
        let mut seen: FxHashSet<usize> = FxHashSet::default();
        let (mut stack, mut found) = (vec![whole], Vec::new());
        while let Some(at) = stack.pop() {
            for &part in &self.direct[at] {
                *steps += 1;
                let is_meant = self.is_contradictory || self.branches.contains(part);
                if is_meant && seen.insert(part) {
                    stack.push(part);
                    if self.is_contradictory || self.excluding.contains(part) {
                        found.push(part);
                    }
                }
            }
            if *steps > MAX_STEPS {
                return None;
            }
        }
        found.sort_unstable();
        *steps = steps.saturating_add(found.len().saturating_mul(found.len()));
        (*steps <= MAX_STEPS).then_some(found)
    }

    fn is_within(&self, part: usize, whole: usize) -> bool {
        self.populations.is_within(self.present[part], self.present[whole])
    }

    fn is_apart(&self, one: usize, other: usize) -> bool {
        self.populations.is_apart(self.present[one], self.present[other])
    }

    /// The populations in `among` that one population excludes, as indexes in `among`.
    fn exclusions(&self, one: usize, among: &[usize]) -> FixedBitSet {
        let mut exclusions = FixedBitSet::with_capacity(among.len());
        if self.populations.is_excluded_by_some(self.present[one]) {
            exclusions.extend((0..among.len()).filter(|&at| self.is_apart(one, among[at])));
        }
        exclusions
    }

    /// Whether a smaller population gives a tighter sum: a direct part of the whole, or one that is not plain.
    fn is_reducible(&self, parts: &[usize], branches: &[usize], among: &[usize]) -> bool {
        let says_more = |&nearer: &usize| {
            parts.iter().any(|&part| part != nearer && self.is_within(part, nearer))
                && parts.iter().all(|&part| {
                    part == nearer || self.is_within(part, nearer) || self.is_apart(part, nearer)
                })
        };
        branches.iter().chain(among).any(says_more)
    }
}

/// The direct wholes of a population. Populations that contain each other are reported elsewhere and do not count as
/// wholes.
fn direct_wholes(populations: &Nesting<PopulationId>, part: PopulationId) -> Vec<PopulationId> {
    let above = populations.above(part).iter().copied();
    let wholes: Vec<PopulationId> = above.filter(|&whole| !populations.is_within(whole, part)).collect();
    populations.nearest_of(&wholes)
}

/// The maximal sets whose members all exclude each other (Bron and Kerbosch 1973), and whether there are more than
/// [`MAX_SUMS_PER_WHOLE`]. It does not recurse, because the list of populations can be long.
fn cliques(exclusions: &[FixedBitSet]) -> (Vec<Vec<usize>>, bool) {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut among = FixedBitSet::with_capacity(exclusions.len());
    among.insert_range(..);
    let mut open = vec![(Vec::new(), among.ones().collect::<Vec<_>>(), Vec::new())];
    if among.is_clear() {
        return (found, false);
    }
    while let Some((chosen, may, mut done)) = open.pop() {
        if may.is_empty() {
            if done.is_empty() {
                found.push(chosen);
            }
            if found.len() > MAX_SUMS_PER_WHOLE {
                found.truncate(MAX_SUMS_PER_WHOLE);
                return (found, true);
            }
            continue;
        }
        // Candidates that the pivot excludes are visited in the branch of the pivot.
        let allowed: FixedBitSet = may.iter().copied().collect();
        let excluded = |pivot: usize| exclusions[pivot].intersection_count(&allowed);
        let pivot = may.iter().chain(&done).copied().max_by_key(|&pivot| excluded(pivot)).unwrap_or(may[0]);
        let branch: Vec<usize> =
            may.iter().copied().filter(|&other| !exclusions[pivot].contains(other)).collect();
        let mut next = Vec::with_capacity(branch.len());
        let mut left = allowed;
        for choice in branch {
            let mut larger: Vec<usize> = chosen.clone();
            larger.push(choice);
            let excluded = &exclusions[choice];
            // Most populations exclude none of the others.
            if excluded.is_disjoint(&among) {
                next.push((larger, Vec::new(), Vec::new()));
            } else {
                let still = may.iter().copied().filter(|&it| left.contains(it) && excluded.contains(it));
                next.push((
                    larger,
                    still.collect(),
                    done.iter().copied().filter(|&it| excluded.contains(it)).collect(),
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
    fn sum_that_follows_from_a_smaller_whole_is_left_out() {
        assert_eq!(sums_of_people(), [vec![3, 1, 2], vec![6, 0, 3], vec![6, 4, 5]]);
    }

    #[test]
    fn chain_has_one_sum_for_each_whole() {
        let id = PopulationId::new;
        // 0 is the largest population; each of the others is part of the one before it.
        let above: Vec<Vec<PopulationId>> =
            (0..2_000).map(|at: usize| at.checked_sub(1).map(id).into_iter().collect()).collect();
        let nesting = Nesting::new(above.iter().map(|wholes| (wholes.as_slice(), &[][..])));
        let present: Vec<PopulationId> = (0..2_000).rev().map(id).collect();
        let (found, cut) = sums(&nesting, &present);
        assert!(!cut);
        let expected: Vec<PopulationSum> =
            (1..2_000).map(|whole| PopulationSum { whole, parts: vec![whole - 1] }).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn plain_parts_of_a_wide_whole_are_never_left_out() {
        let id = PopulationId::new;
        let whole = [id(0)];
        let above = (0..1_000).map(|at| if at == 0 { (&[][..], &[][..]) } else { (&whole[..], &[][..]) });
        let nesting = Nesting::new(above);
        let present: Vec<PopulationId> = (0..1_000).rev().map(id).collect();
        let (found, cut) = sums(&nesting, &present);
        assert!(!cut && found.len() == 999);
    }
}
