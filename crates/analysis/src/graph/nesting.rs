//! The nesting of entities of one kind: which lies within which, and which exclude each other.
//!
//! Nothing is stored for pairs of entities, so the memory for a long chain grows only with its length. A walk
//! down from the widest entities gives each one a number, its place; the places of the parts of an entity
//! form a few runs, or one run if every part has only one whole. An exclusion is a rectangle of runs.

mod exclusions;
mod lowest;
mod marks;
mod nearest;
mod runs;

use fixedbitset::FixedBitSet;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashSet;

use crate::id::Id;
use exclusions::Exclusions;
use runs::{PlaceRun, PlaceRuns};

pub use lowest::Lowest;
pub use marks::Marks;
pub use nearest::Nearest;

/// The parts, wholes and exclusions of entities of one kind, with everything that follows from them.
#[derive(Debug)]
pub struct Nesting<I> {
    /// For each entity, the wholes written for it, sorted, without itself.
    above: Vec<Box<[I]>>,
    /// For each entity, its place. The entities of a cycle share one place.
    places: Vec<u32>,
    /// For each entity, the length of the longest path upwards from it.
    depths: Vec<u32>,
    /// For each place, the places of everything that is there or within it, as runs.
    runs: Vec<Box<[PlaceRun]>>,
    /// The entities that are written to exclude others or to be excluded.
    excluding: FixedBitSet,
    /// The pairs of places that exclude each other.
    exclusions: Exclusions,
}

impl<I: Id> Nesting<I> {
    /// Builds the nesting from entities in the order of their ids, each with its wholes and the entities that
    /// it excludes.
    pub fn new<'a>(rows: impl Iterator<Item = (&'a [I], &'a [I])>) -> Self
    where
        I: 'a,
    {
        let (above, excludes): (Vec<Box<[I]>>, Vec<&[I]>) = rows
            .enumerate()
            .map(|(at, (wholes, excludes))| {
                let mut above: Vec<I> = wholes.iter().copied().filter(|whole| whole.index() != at).collect();
                above.sort_unstable();
                above.dedup();
                (above.into_boxed_slice(), excludes)
            })
            .unzip();
        let PlacedSets { places, depths, runs } = PlacedSets::new(&above);
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (at, others) in excludes.into_iter().enumerate() {
            pairs.extend(others.iter().map(|other| (at, other.index())));
        }
        let mut excluding = FixedBitSet::with_capacity(above.len());
        excluding.extend(pairs.iter().flat_map(|&(one, other)| [one, other]));
        let runs_of = |thing: usize| &*runs[places[thing] as usize];
        let exclusions =
            Exclusions::new(runs.len(), pairs.into_iter().map(|(one, other)| [runs_of(one), runs_of(other)]));
        Self { above, places, depths, runs, excluding, exclusions }
    }

    /// The direct wholes of an entity, as written, sorted and without itself.
    pub fn above(&self, part: I) -> &[I] {
        &self.above[part.index()]
    }

    /// An entity and all its wholes, sorted. It takes time for each of them: use [`Self::above`] to stop
    /// early, and [`Self::wholes_of_all`] for several entities.
    pub fn wholes(&self, part: I) -> Vec<I> {
        self.wholes_of_all([part])
    }

    /// Some entities and all their wholes, sorted and without duplicates.
    pub fn wholes_of_all(&self, parts: impl IntoIterator<Item = I>) -> Vec<I> {
        let mut seen = FxHashSet::default();
        let mut found: Vec<I> = parts.into_iter().filter(|&part| seen.insert(part)).collect();
        let mut at = 0;
        while let Some(&next) = found.get(at) {
            found.extend(self.above(next).iter().copied().filter(|&whole| seen.insert(whole)));
            at += 1;
        }
        found.sort_unstable();
        found
    }

    /// The entities between a part and one of its wholes, including the part and not the whole, sorted.
    pub fn between(&self, part: I, whole: I) -> Vec<I> {
        let is_between = |at: I| at != whole && self.is_within(at, whole);
        let mut seen = FxHashSet::default();
        let mut found: Vec<I> =
            [part].into_iter().filter(|&part| is_between(part) && seen.insert(part)).collect();
        let mut at = 0;
        while let Some(&next) = found.get(at) {
            let above = self.above(next).iter().copied();
            found.extend(above.filter(|&whole| is_between(whole) && seen.insert(whole)));
            at += 1;
        }
        found.sort_unstable();
        found
    }

    /// The given wholes of one entity, without those that contain others of them. Wholes on a cycle are left
    /// out.
    pub fn nearest_of(&self, wholes: &[I]) -> Vec<I> {
        if wholes.len() <= MAX_PAIRWISE_WHOLES {
            let holds_other =
                |&whole: &I| wholes.iter().any(|&other| other != whole && self.is_within(other, whole));
            return wholes.iter().copied().filter(|whole| !holds_other(whole)).collect();
        }
        let implied = self.wholes_of_all(wholes.iter().flat_map(|&whole| self.above(whole)).copied());
        wholes.iter().copied().filter(|whole| implied.binary_search(whole).is_err()).collect()
    }

    /// The length of the longest path from an entity to its widest whole. A part is deeper than its whole,
    /// except in cycles.
    pub fn depth(&self, thing: I) -> u32 {
        self.depths[thing.index()]
    }

    /// Whether `part` is `whole` or lies in it.
    pub fn is_within(&self, part: I, whole: I) -> bool {
        let [part, whole] = [part, whole].map(|thing| self.places[thing.index()]);
        part == whole || runs::holds(&self.runs[whole as usize], part)
    }

    /// Whether one of the two lies in the other, or they are one.
    pub fn is_nested(&self, a: I, b: I) -> bool {
        self.is_within(a, b) || self.is_within(b, a)
    }

    /// Whether the two exclude each other, because some whole of one is written to exclude some whole of the
    /// other.
    pub fn is_apart(&self, a: I, b: I) -> bool {
        self.exclusions.exclude(self.places[a.index()], self.places[b.index()])
    }

    /// Whether an entity is excluded by any other.
    pub fn is_excluded_by_some(&self, thing: I) -> bool {
        self.exclusions.any(self.places[thing.index()])
    }

    /// Whether an entity is itself written to exclude another or to be excluded, apart from its wholes.
    pub fn is_excluding(&self, thing: I) -> bool {
        self.excluding.contains(thing.index())
    }

    /// Pairs of entities that have a part in common, by their indexes in `things`: enough pairs to connect
    /// all that are connected in this way.
    pub fn sharing(&self, things: &[I]) -> Vec<(usize, usize)> {
        let runs = |(at, &thing): (usize, &I)| self.runs_of(thing).iter().map(move |&run| (run, at));
        let mut runs: Vec<(PlaceRun, usize)> = things.iter().enumerate().flat_map(runs).collect();
        runs.sort_unstable();
        let mut pairs = Vec::new();
        let mut widest: Option<(PlaceRun, usize)> = None;
        for (run, at) in runs {
            if let Some((_, other)) = widest.filter(|(widest, _)| run.from < widest.to) {
                pairs.push((other, at));
            }
            if widest.is_none_or(|(widest, _)| widest.to < run.to) {
                widest = Some((run, at));
            }
        }
        pairs.retain(|(one, other)| one != other);
        pairs
    }

    /// The places of an entity and of all its parts.
    fn runs_of(&self, thing: I) -> &[PlaceRun] {
        &self.runs[self.places[thing.index()] as usize]
    }

    /// The smallest wholes that contain both, sorted.
    pub fn nearest_common(&self, a: I, b: I) -> Vec<I> {
        let mut seen = FxHashSet::from_iter([a]);
        let (mut stack, mut common) = (vec![a], Vec::new());
        while let Some(at) = stack.pop() {
            if self.is_within(b, at) {
                common.push(at);
            } else {
                stack.extend(self.above(at).iter().copied().filter(|&whole| seen.insert(whole)));
            }
        }
        let holds_smaller =
            |&whole: &I| common.iter().any(|&other| other != whole && self.is_within(other, whole));
        let mut nearest: Vec<I> = common.iter().copied().filter(|whole| !holds_smaller(whole)).collect();
        nearest.sort_unstable();
        nearest
    }
}

/// Up to this many wholes of an entity are compared pair by pair.
const MAX_PAIRWISE_WHOLES: usize = 16;

/// The places of entities, from a walk down from the widest.
struct PlacedSets {
    places: Vec<u32>,
    depths: Vec<u32>,
    runs: Vec<Box<[PlaceRun]>>,
}

impl PlacedSets {
    fn new<I: Id>(above: &[Box<[I]>]) -> Self {
        let (sets, set_of) = sets(above);
        // The wholes of each set. The walk reaches the set through the deepest of them.
        let above = |set: usize| {
            let wholes = sets[set].iter().flat_map(|thing| above[thing.index()].iter());
            wholes.map(|whole| set_of[whole.index()] as usize).filter(move |&whole| whole != set)
        };
        let main_wholes: Vec<Option<usize>> = (0..sets.len()).map(|set| above(set).max()).collect();
        let mut depths = vec![0; sets.len()];
        for set in 0..sets.len() {
            depths[set] = above(set).map(|whole| depths[whole] + 1).max().unwrap_or(0);
        }
        let (places, own) = walk(&main_wholes);
        let mut inside: Vec<PlaceRuns> = own.iter().map(|&run| PlaceRuns::from(run)).collect();
        for set in (0..sets.len()).rev() {
            let own = std::mem::take(&mut inside[set]).merged();
            for whole in above(set) {
                inside[whole].extend(own.iter().copied());
            }
            inside[set] = PlaceRuns::from_iter(own);
        }
        let mut runs = vec![Box::default(); sets.len()];
        for (set, inside) in inside.into_iter().enumerate() {
            runs[places[set] as usize] = inside.merged().into_boxed_slice();
        }
        let of_thing = |values: &[u32]| set_of.iter().map(|&set| values[set as usize]).collect();
        Self { places: of_thing(&places), depths: of_thing(&depths), runs }
    }
}

/// The sets of entities that lie within each other, wholes before parts, and the set of each entity. Without
/// cycles every entity is a set of its own.
fn sets<I: Id>(above: &[Box<[I]>]) -> (Vec<Vec<NodeIndex>>, Vec<u32>) {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(above.len(), above.len());
    for _ in above {
        graph.add_node(());
    }
    for (part, wholes) in above.iter().enumerate() {
        for whole in wholes {
            graph.add_edge(NodeIndex::new(part), NodeIndex::new(whole.index()), ());
        }
    }
    let sets = kosaraju_scc(&graph);
    let mut set_of = vec![0; above.len()];
    for (at, set) in sets.iter().enumerate() {
        for thing in set {
            set_of[thing.index()] = at as u32;
        }
    }
    (sets, set_of)
}

/// The place of each set, and the run of places of the sets reached through it. Each set is reached through
/// its entry in `main_wholes`; wholes come before parts.
fn walk(main_wholes: &[Option<usize>]) -> (Vec<u32>, Vec<PlaceRun>) {
    let mut sizes = vec![1_u32; main_wholes.len()];
    for set in (0..main_wholes.len()).rev() {
        if let Some(whole) = main_wholes[set] {
            sizes[whole] += sizes[set];
        }
    }
    let (mut places, mut next) = (vec![0; main_wholes.len()], vec![0; main_wholes.len()]);
    let mut free = 0;
    for (set, whole) in main_wholes.iter().enumerate() {
        let from = whole.map_or(&mut free, |whole| &mut next[whole]);
        places[set] = *from;
        *from += sizes[set];
        next[set] = places[set] + 1;
    }
    let runs = places.iter().zip(&sizes).map(|(&from, &size)| PlaceRun { from, to: from + size });
    let runs = runs.collect();
    (places, runs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::PopulationId;

    fn id(at: usize) -> PopulationId {
        PopulationId::new(at)
    }

    #[test]
    fn exclusion_is_inherited_and_symmetric() {
        // 0 people; 1 civilians and 2 combatants exclude each other; 3 cricketers in 1; 4 militants in 2.
        let rows: [(&[_], &[_]); 5] =
            [(&[], &[]), (&[id(0)], &[id(2)]), (&[id(0)], &[]), (&[id(1)], &[]), (&[id(2)], &[])];
        let nesting = Nesting::new(rows.into_iter());
        assert!(nesting.is_apart(id(3), id(4)) && nesting.is_apart(id(4), id(3)));
        assert!(!nesting.is_apart(id(3), id(1)) && nesting.is_within(id(3), id(0)));
        assert_eq!(nesting.nearest_common(id(3), id(4)), [id(0)]);
        assert_eq!(nesting.nearest_common(id(3), id(1)), [id(1)]);
    }

    #[test]
    fn is_within_ends_on_a_cycle() {
        let rows: [(&[_], &[_]); 2] = [(&[id(1)], &[]), (&[id(0)], &[])];
        let nesting = Nesting::new(rows.into_iter());
        assert!(nesting.is_within(id(0), id(1)) && nesting.is_within(id(1), id(0)));
    }

    /// The number of runs stored for `n` entities, each with the wholes that `wholes` returns.
    fn stored_runs(n: usize, wholes: impl Fn(usize) -> Vec<usize>) -> usize {
        let above: Vec<Vec<PopulationId>> =
            (0..n).map(|at| wholes(at).into_iter().map(id).collect()).collect();
        let nesting = Nesting::new(above.iter().map(|wholes| (wholes.as_slice(), &[][..])));
        nesting.runs.iter().map(|runs| runs.len()).sum()
    }

    #[test]
    fn stored_runs_grow_with_the_things_and_not_with_their_pairs() {
        let n = 10_000;
        assert_eq!(stored_runs(n, |at| at.checked_sub(1).into_iter().collect()), n, "chain");
        assert_eq!(stored_runs(n, |at| vec![(at + 1) % n]), 1, "circle");
        assert_eq!(
            stored_runs(n, |at| if at == 0 { vec![] } else { vec![0, at - 1] }),
            n,
            "chain in one whole"
        );
        let ladder = |at: usize| (at / 2).checked_sub(1).map_or(vec![], |step| vec![2 * step, 2 * step + 1]);
        assert!(stored_runs(n, ladder) < 3 * n, "ladder");
    }

    #[test]
    fn exclusions_of_a_long_chain_are_not_listed_for_each_part() {
        // 0..n is a chain; each entity in it is excluded by another one outside it.
        let n = 5_000;
        let rows: Vec<(Vec<PopulationId>, Vec<PopulationId>)> = (0..2 * n)
            .map(|at| match at {
                at if at >= n => (vec![], vec![]),
                0 => (vec![], vec![id(n)]),
                at => (vec![id(at - 1)], vec![id(at + n)]),
            })
            .collect();
        let nesting =
            Nesting::new(rows.iter().map(|(wholes, excludes)| (wholes.as_slice(), excludes.as_slice())));
        assert!(nesting.exclusions.stored() < 40 * n, "{}", nesting.exclusions.stored());
        assert!(nesting.is_apart(id(n - 1), id(n)) && !nesting.is_apart(id(0), id(n + 1)));
    }

    /// A few entities, each with wholes and exclusions; cycles are possible.
    fn things() -> impl Strategy<Value = Vec<(Vec<usize>, Vec<usize>)>> {
        (1..10_usize).prop_flat_map(|n| {
            let some = || proptest::collection::vec(0..n, 0..3);
            let excluded = prop_oneof![3 => Just(Vec::new()), 1 => some()];
            proptest::collection::vec((some(), excluded), n)
        })
    }

    proptest! {
        #[test]
        fn nesting_equals_a_search_of_all_paths_upwards(things in things()) {
            let ids = |of: &[usize]| of.iter().copied().map(id).collect::<Vec<_>>();
            let rows: Vec<_> = things.iter().map(|(wholes, excludes)| (ids(wholes), ids(excludes))).collect();
            let nesting = Nesting::new(rows.iter().map(|(wholes, excludes)| (wholes.as_slice(), excludes.as_slice())));
            let closure = |start: usize| {
                let mut found = vec![start];
                let mut at = 0;
                while let Some(&next) = found.get(at) {
                    let new: Vec<usize> =
                        things[next].0.iter().copied().filter(|whole| !found.contains(whole)).collect();
                    found.extend(new);
                    found.dedup();
                    at += 1;
                }
                found.sort_unstable();
                found.dedup();
                found
            };
            let excludes = |a: usize, b: usize| things[a].1.contains(&b) || things[b].1.contains(&a);
            for a in 0..things.len() {
                let around = closure(a);
                prop_assert_eq!(nesting.wholes(id(a)), ids(&around));
                let by_some = around.iter().any(|&whole| (0..things.len()).any(|other| excludes(whole, other)));
                prop_assert_eq!(nesting.is_excluded_by_some(id(a)), by_some);
                for b in 0..things.len() {
                    prop_assert_eq!(nesting.is_within(id(a), id(b)), around.contains(&b));
                    let apart = around.iter().any(|&a| closure(b).iter().any(|&b| excludes(a, b)));
                    prop_assert_eq!(nesting.is_apart(id(a), id(b)), apart, "{} and {}", a, b);
                    if around.contains(&b) && !closure(b).contains(&a) {
                        prop_assert!(nesting.depth(id(a)) > nesting.depth(id(b)));
                    }
                    let common: Vec<usize> = around.iter().copied().filter(|c| closure(b).contains(c)).collect();
                    let is_nearest = |&whole: &usize| {
                        common.iter().all(|&other| other == whole || !closure(other).contains(&whole))
                    };
                    let has_circle = (0..things.len()).any(|one| closure(one).iter().any(|&other| other != one && closure(other).contains(&one)));
                    if !has_circle {
                        let nearest: Vec<usize> = common.iter().copied().filter(is_nearest).collect();
                        prop_assert_eq!(nesting.nearest_common(id(a), id(b)), ids(&nearest));
                    }
                }
            }
        }
    }
}
