//! Whether a set of claims can hold, exactly, on no more cells than that takes.

use rustc_hash::{FxHashMap, FxHashSet};

use super::elimination::{Elimination, Settled};
use super::ends::{End, Ratio};
use super::gate::Needs;
use super::network::{Frame, Key, Network, Reason};
use super::part::Part;
use super::search::Findings;
use super::system::{Clashing, Set, System, Verdict};
use super::work::Work;

/// With more different shares and changes than this, unknowns are eliminated one by one before the exact test is made:
/// its numbers grow with each link of a chain.
const MAX_RATIOS: usize = 16;

/// The same of ends, shares and changes together: the exact test looks at all of them again for each set.
const MAX_CLAIMS: usize = 200;

/// Sets up to this size are looked at by themselves.
const SMALL: usize = 8;

/// Larger sets are looked at by themselves as well if a part has more cells than this,
const MANY_CELLS: usize = 256;

/// and this many times as many as the set has ends, shares and changes.
const MUCH_LARGER: usize = 8;

impl Part<'_> {
    /// Whether a scope can hold; what cannot be searched to the end is taken to.
    pub(super) fn holds(&self, scope: &Set, needs: Needs, findings: &mut Findings) -> bool {
        match self.test(scope, needs.rests) {
            Verdict::Holds => true,
            Verdict::Clashes(..) => false,
            Verdict::Unsearched => {
                findings.unsearched = true;
                true
            }
        }
    }

    /// Whether a set surely holds.
    pub(super) fn can_hold(&self, set: &Set) -> bool {
        matches!(self.test(set, true), Verdict::Holds)
    }

    /// The exact test of a set.
    pub(super) fn test(&self, set: &Set, rests: bool) -> Verdict {
        self.try_test(set, rests).unwrap_or(Verdict::Unsearched)
    }

    fn try_test(&self, set: &Set, rests: bool) -> Option<Verdict> {
        self.work.spend(2 * (set.ends.len() + set.ratios.len()))?;
        let tight = self.tightest(set);
        let size = tight.ends.len() + tight.ratios.len();
        let cells = self.network.cells.len();
        let verdict = if is_large(&tight) {
            self.test_by_elimination(&tight, rests)?
        } else if size > SMALL
            && cells <= MANY_CELLS.max(MUCH_LARGER * size)
            && (!rests || self.index().is_even)
        {
            let ends: Vec<End> = tight.ends.iter().map(|&at| self.ends[at as usize]).collect();
            let ratios: Vec<Ratio> = tight.ratios.iter().map(|&at| self.ratios[at as usize]).collect();
            let system = System::new(self.frame, &self.network, &ends, &ratios, rests, &self.work)?;
            system.test(&ends, &self.work)
        } else {
            let small = Small::new(self, &tight, rests)?;
            small.system(self.frame, &self.work)?.test(&small.ends, &self.work)
        };
        Some(match verdict {
            Verdict::Clashes(found) => Verdict::Clashes(Clashing { set: among(&tight, &found.set), ..found }),
            other => other,
        })
    }

    /// The test of a large set: unknowns are eliminated one by one, and what that does not decide is left to the
    /// simplex method.
    fn test_by_elimination(&self, set: &Set, rests: bool) -> Option<Verdict> {
        let large = Large::new(self, set, rests)?;
        let (system, work) = (&large.system, &self.work);
        let mut elimination = large.elimination;
        match elimination.settle(work) {
            Settled::OutOfWork => None,
            Settled::Clash(unknown) => elimination.clash(unknown, work).map(Verdict::Clashes),
            Settled::Done if elimination.is_exact() || elimination.has_witness(work) => Some(Verdict::Holds),
            Settled::Done => Some(system.test(&large.small.ends, work)),
        }
    }

    /// A set without the ends that others of it say more tightly (a low end binds from its day on, a high end up to
    /// its day), and with one of those shares and changes that say exactly the same.
    fn tightest(&self, set: &Set) -> Set {
        let mut tight = Set { ends: Vec::new(), ratios: self.different(&set.ratios) };
        for is_low in [true, false] {
            let mut known: FxHashMap<u32, End> = FxHashMap::default();
            let mut keep = |at: u32, kept: &mut Vec<u32>| {
                let end = self.ends[at as usize];
                let tighter =
                    |other: &End| if is_low { end.value > other.value } else { end.value < other.value };
                if end.is_low == is_low && known.get(&end.cell).is_none_or(tighter) {
                    // Those of one cell and day stand together.
                    if known.insert(end.cell, end).is_some_and(|other| other.day == end.day) {
                        kept.pop();
                    }
                    kept.push(at);
                }
            };
            if is_low {
                set.ends.iter().for_each(|&at| keep(at, &mut tight.ends));
            } else {
                set.ends.iter().rev().for_each(|&at| keep(at, &mut tight.ends));
            }
        }
        tight.ends.sort_unstable();
        tight
    }

    /// Of shares and changes that say exactly the same the first.
    pub(super) fn different(&self, ratios: &[u32]) -> Vec<u32> {
        if ratios.len() < 2 {
            return ratios.to_vec();
        }
        let first_twin = &self.index().first_twin;
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        ratios.iter().copied().filter(|&at| seen.insert(first_twin[at as usize])).collect()
    }

    /// Whether what some populations leave of a whole may matter: somebody else's rest is compared with it.
    pub(super) fn compares_rests(&self) -> bool {
        self.network.rows.iter().any(|row| row.reason != Reason::Populations)
    }
}

/// Whether a set is too large for the exact test alone.
pub(super) fn is_large(tight: &Set) -> bool {
    tight.ratios.len() > MAX_RATIOS || tight.ends.len() + tight.ratios.len() > MAX_CLAIMS
}

/// A set by its places in another one.
pub(super) fn among(of: &Set, places: &Set) -> Set {
    Set {
        ends: places.ends.iter().map(|&at| of.ends[at as usize]).collect(),
        ratios: places.ratios.iter().map(|&at| of.ratios[at as usize]).collect(),
    }
}

/// A large set, to be settled by elimination. Its ends and ratios are in the order of the set.
pub(super) struct Large {
    pub(super) small: Small,
    pub(super) system: System,
    pub(super) elimination: Elimination,
    /// Whether the rests of wholes are looked at.
    pub(super) rests: bool,
}

impl Large {
    pub(super) fn new(part: &Part<'_>, set: &Set, rests: bool) -> Option<Self> {
        let rests = rests && part.compares_rests();
        let small = Small::new(part, set, rests)?;
        let system = small.system(part.frame, &part.work)?;
        let ends = small.ends.iter().map(|end| system.end(end)).collect();
        let elimination = Elimination::new(&system, ends, small.ratios.len(), &part.work)?;
        Some(Self { small, system, elimination, rests })
    }
}

/// A set on a network that holds no more cells than it needs; its ends and ratios in the order of the set.
pub(super) struct Small {
    pub(super) network: Network,
    pub(super) ends: Vec<End>,
    pub(super) ratios: Vec<Ratio>,
    rests: bool,
}

impl Small {
    /// `None` if there is not enough work left.
    pub(super) fn new(part: &Part<'_>, set: &Set, rests: bool) -> Option<Self> {
        let key = |cell: u32| part.network.cells[cell as usize];
        let ends: Vec<End> = set.ends.iter().map(|&at| part.ends[at as usize]).collect();
        let ratios: Vec<Ratio> = set.ratios.iter().map(|&at| part.ratios[at as usize]).collect();
        let mut keys: Vec<Key> = ends.iter().map(|end| key(end.cell)).collect();
        keys.extend(ratios.iter().flat_map(|ratio| [key(ratio.own), key(ratio.base)]));
        keys.sort_unstable();
        keys.dedup();
        if rests {
            // The rest is beside the same populations everywhere.
            let populations = &part.index().populations;
            part.work.spend(keys.len().saturating_mul(populations.len()))?;
            let all = keys.iter().flat_map(|key| populations.iter().map(|&population| key.of(population)));
            keys = all.collect();
            keys.sort_unstable();
            keys.dedup();
        }
        part.work.spend(8 * keys.len())?;
        let network = Network::whole(part.frame, keys);
        part.work.spend(network.cells.len() + network.rows.len())?;
        let cell = |old: u32| network.find(key(old)).unwrap_or(0);
        let ends = ends.into_iter().map(|end| End { cell: cell(end.cell), ..end }).collect();
        let ratios = ratios
            .into_iter()
            .map(|ratio| Ratio { own: cell(ratio.own), base: cell(ratio.base), ..ratio })
            .collect();
        Some(Self { network, ends, ratios, rests })
    }

    /// Its constraints.
    pub(super) fn system(&self, frame: &Frame<'_>, work: &Work) -> Option<System> {
        System::new(frame, &self.network, &self.ends, &self.ratios, self.rests, work)
    }
}
