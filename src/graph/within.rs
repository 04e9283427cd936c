//! What lies within what, and what excludes what, among things of one kind.
//!
//! Nothing is stored for pairs of things, so a long chain costs no more than its length. A walk down from the widest
//! things gives each a place; the parts of a thing fill few runs of places, one where every part has one whole. An
//! exclusion is a rectangle of runs.

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
use runs::{Run, Runs};

pub use lowest::Lowest;
pub use marks::Marks;
pub use nearest::Nearest;

/// Parts and wholes, and pairs that exclude each other, with all that follows from them.
#[derive(Debug)]
pub struct Nesting<I> {
    /// For each thing the wholes written for it, sorted, without itself.
    above: Vec<Box<[I]>>,
    /// For each thing its place; the things of a circle share one.
    places: Vec<u32>,
    /// For each thing how many steps lead up from it at most.
    depths: Vec<u32>,
    /// For each place the places of all that lies there or within, as runs.
    runs: Vec<Box<[Run]>>,
    /// Which things are themselves written to exclude others, or to be excluded.
    excluding: FixedBitSet,
    /// Which places exclude which.
    exclusions: Exclusions,
}

impl<I: Id> Nesting<I> {
    /// The nesting of things given in the order of their ids, each with its wholes and what it excludes.
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
        let Placed { places, depths, runs } = Placed::new(&above);
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (at, others) in excludes.into_iter().enumerate() {
            pairs.extend(others.iter().map(|other| (at, other.index())));
        }
        let mut excluding = FixedBitSet::with_capacity(above.len());
        excluding.extend(pairs.iter().flat_map(|&(one, other)| [one, other]));
        let of = |thing: usize| &*runs[places[thing] as usize];
        let exclusions =
            Exclusions::new(runs.len(), pairs.into_iter().map(|(one, other)| [of(one), of(other)]));
        Self { above, places, depths, runs, excluding, exclusions }
    }

    /// The wholes written for a thing, sorted, without itself.
    pub fn above(&self, part: I) -> &[I] {
        &self.above[part.index()]
    }

    /// A thing itself and all it lies in, sorted. It takes time for each of them: walk [`Self::above`] to stop early,
    /// and use [`Self::wholes_of_all`] for several things.
    pub fn wholes(&self, part: I) -> Vec<I> {
        self.wholes_of_all([part])
    }

    /// Some things and all they lie in, sorted, each once.
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

    /// What lies between a part and one of its wholes, with the part and without the whole, sorted.
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

    /// Some wholes of one thing without those that others of them lie in. Wholes on a circle are left out.
    pub fn nearest_of(&self, wholes: &[I]) -> Vec<I> {
        if wholes.len() <= FEW_WHOLES {
            let holds_other =
                |&whole: &I| wholes.iter().any(|&other| other != whole && self.is_within(other, whole));
            return wholes.iter().copied().filter(|whole| !holds_other(whole)).collect();
        }
        let implied = self.wholes_of_all(wholes.iter().flat_map(|&whole| self.above(whole)).copied());
        wholes.iter().copied().filter(|whole| implied.binary_search(whole).is_err()).collect()
    }

    /// How many steps lead from a thing to the widest that it lies in, by the longest way: what lies within another
    /// is deeper, circles aside.
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

    /// Whether nothing can be both: some whole of one is written to exclude some whole of the other.
    pub fn is_apart(&self, a: I, b: I) -> bool {
        self.exclusions.exclude(self.places[a.index()], self.places[b.index()])
    }

    /// Whether anything at all excludes a thing.
    pub fn is_excluded_by_some(&self, thing: I) -> bool {
        self.exclusions.any(self.places[thing.index()])
    }

    /// Whether a thing is itself written to exclude another or to be excluded, whatever it lies in.
    pub fn is_excluding(&self, thing: I) -> bool {
        self.excluding.contains(thing.index())
    }

    /// Pairs of things with a part in common, by their numbers in the list: enough of them to join all that hang
    /// together so.
    pub fn sharing(&self, things: &[I]) -> Vec<(usize, usize)> {
        let runs = |(at, &thing): (usize, &I)| self.runs_of(thing).iter().map(move |&run| (run, at));
        let mut runs: Vec<(Run, usize)> = things.iter().enumerate().flat_map(runs).collect();
        runs.sort_unstable();
        let mut pairs = Vec::new();
        let mut widest: Option<(Run, usize)> = None;
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

    /// The places of a thing and of all its parts.
    fn runs_of(&self, thing: I) -> &[Run] {
        &self.runs[self.places[thing.index()] as usize]
    }

    /// The wholes both lie in that hold no smaller such whole, sorted.
    pub fn nearest_common(&self, a: I, b: I) -> Vec<I> {
        let mut seen = FxHashSet::from_iter([a]);
        let (mut way, mut common) = (vec![a], Vec::new());
        while let Some(at) = way.pop() {
            if self.is_within(b, at) {
                common.push(at);
            } else {
                way.extend(self.above(at).iter().copied().filter(|&whole| seen.insert(whole)));
            }
        }
        let holds_smaller =
            |&whole: &I| common.iter().any(|&other| other != whole && self.is_within(other, whole));
        let mut nearest: Vec<I> = common.iter().copied().filter(|whole| !holds_smaller(whole)).collect();
        nearest.sort_unstable();
        nearest
    }
}

/// So many wholes of one thing are held against each other pair by pair.
const FEW_WHOLES: usize = 16;

/// Where things are placed by a walk down from the widest.
struct Placed {
    places: Vec<u32>,
    depths: Vec<u32>,
    runs: Vec<Box<[Run]>>,
}

impl Placed {
    fn new<I: Id>(above: &[Box<[I]>]) -> Self {
        let (sets, set_of) = sets(above);
        // What each set lies in, of which the deepest is the way by which the walk reaches it.
        let above = |set: usize| {
            let wholes = sets[set].iter().flat_map(|thing| above[thing.index()].iter());
            wholes.map(|whole| set_of[whole.index()] as usize).filter(move |&whole| whole != set)
        };
        let ways: Vec<Option<usize>> = (0..sets.len()).map(|set| above(set).max()).collect();
        let mut depths = vec![0; sets.len()];
        for set in 0..sets.len() {
            depths[set] = above(set).map(|whole| depths[whole] + 1).max().unwrap_or(0);
        }
        let (places, own) = walk(&ways);
        let mut inside: Vec<Runs> = own.iter().map(|&run| Runs::from(run)).collect();
        for set in (0..sets.len()).rev() {
            let own = std::mem::take(&mut inside[set]).merged();
            for whole in above(set) {
                inside[whole].extend(own.iter().copied());
            }
            inside[set] = Runs::from_iter(own);
        }
        let mut runs = vec![Box::default(); sets.len()];
        for (set, inside) in inside.into_iter().enumerate() {
            runs[places[set] as usize] = inside.merged().into_boxed_slice();
        }
        let of_thing = |values: &[u32]| set_of.iter().map(|&set| values[set as usize]).collect();
        Self { places: of_thing(&places), depths: of_thing(&depths), runs }
    }
}

/// The sets of things that lie within each other, wholes before parts, and the set of each thing. Without circles
/// every thing is a set by itself.
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

/// The place of each set and the run of those reached through it. Each set is reached by one way; wholes come before
/// parts.
fn walk(ways: &[Option<usize>]) -> (Vec<u32>, Vec<Run>) {
    let mut sizes = vec![1_u32; ways.len()];
    for set in (0..ways.len()).rev() {
        if let Some(whole) = ways[set] {
            sizes[whole] += sizes[set];
        }
    }
    let (mut places, mut next) = (vec![0; ways.len()], vec![0; ways.len()]);
    let mut free = 0;
    for (set, way) in ways.iter().enumerate() {
        let from = way.map_or(&mut free, |whole| &mut next[whole]);
        places[set] = *from;
        *from += sizes[set];
        next[set] = places[set] + 1;
    }
    let runs = places.iter().zip(&sizes).map(|(&from, &size)| Run { from, to: from + size });
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
    fn exclusion_is_inherited_and_holds_both_ways() {
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
    fn a_circle_ends() {
        let rows: [(&[_], &[_]); 2] = [(&[id(1)], &[]), (&[id(0)], &[])];
        let nesting = Nesting::new(rows.into_iter());
        assert!(nesting.is_within(id(0), id(1)) && nesting.is_within(id(1), id(0)));
    }

    /// How many runs are stored for `n` things of which each lies in those that `wholes` names.
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
        // 0..n is a chain; each link is excluded by a thing of its own.
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

    /// A few things, each with wholes and with things it excludes; there may be circles.
    fn things() -> impl Strategy<Value = Vec<(Vec<usize>, Vec<usize>)>> {
        (1..10_usize).prop_flat_map(|n| {
            let some = || proptest::collection::vec(0..n, 0..3);
            let excluded = prop_oneof![3 => Just(Vec::new()), 1 => some()];
            proptest::collection::vec((some(), excluded), n)
        })
    }

    proptest! {
        #[test]
        fn nesting_equals_a_search_of_all_ways_up(things in things()) {
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
