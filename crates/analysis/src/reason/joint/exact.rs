//! Whether a set of claims can hold, exactly, on no more quantities than that takes.

use rustc_hash::{FxHashMap, FxHashSet};

use super::bounds::{Bound, Ratio};
use super::component::Component;
use super::elimination::{Elimination, EliminationResult};
use super::needs_exact::ExactNeeds;
use super::network::{ConstraintKind, Entities, Network, QuantityKey};
use super::search::SearchResult;
use super::system::{BoundSet, Feasibility, InfeasibleSet, System};
use super::work::WorkBudget;

/// With more different shares and changes than this, variables are eliminated one by one before the exact test is made:
/// its numbers grow with each link of a chain.
const MAX_RATIOS: usize = 16;

/// The same of bounds, shares and changes together: the exact test looks at all of them again for each set.
const MAX_CLAIMS: usize = 200;

/// Sets up to this size are looked at by themselves.
const SMALL: usize = 8;

/// Larger sets are looked at by themselves as well if a component has more quantities than this,
const MANY_CELLS: usize = 256;

/// and this many times as many as the set has bounds, shares and changes.
const MUCH_LARGER: usize = 8;

impl Component<'_> {
    /// Whether a scope can hold; what cannot be searched to the bound is taken to.
    pub(super) fn is_feasible(&self, scope: &BoundSet, needs: ExactNeeds, result: &mut SearchResult) -> bool {
        match self.test(scope, needs.remainders) {
            Feasibility::Feasible => true,
            Feasibility::Infeasible(..) => false,
            Feasibility::Undecided => {
                result.unsearched = true;
                true
            }
        }
    }

    /// Whether a set surely holds.
    pub(super) fn is_surely_feasible(&self, set: &BoundSet) -> bool {
        matches!(self.test(set, true), Feasibility::Feasible)
    }

    /// The exact test of a set.
    pub(super) fn test(&self, set: &BoundSet, remainders: bool) -> Feasibility {
        self.try_test(set, remainders).unwrap_or(Feasibility::Undecided)
    }

    fn try_test(&self, set: &BoundSet, remainders: bool) -> Option<Feasibility> {
        self.work.spend(2 * (set.bounds.len() + set.ratios.len()))?;
        let tight = self.tightest(set);
        let size = tight.bounds.len() + tight.ratios.len();
        let quantities = self.network.quantities.len();
        let verdict = if is_large(&tight) {
            self.test_by_elimination(&tight, remainders)?
        } else if size > SMALL
            && quantities <= MANY_CELLS.max(MUCH_LARGER * size)
            && (!remainders || self.index().is_even)
        {
            let bounds: Vec<Bound> = tight.bounds.iter().map(|&at| self.bounds[at as usize]).collect();
            let ratios: Vec<Ratio> = tight.ratios.iter().map(|&at| self.ratios[at as usize]).collect();
            let system = System::new(self.entities, &self.network, &bounds, &ratios, remainders, &self.work)?;
            system.test(&bounds, &self.work)
        } else {
            let small = SubProblem::new(self, &tight, remainders)?;
            small.system(self.entities, &self.work)?.test(&small.bounds, &self.work)
        };
        Some(match verdict {
            Feasibility::Infeasible(found) => {
                Feasibility::Infeasible(InfeasibleSet { set: indexed_from(&tight, &found.set), ..found })
            }
            other => other,
        })
    }

    /// The test of a large set: variables are eliminated one by one, and what that does not decide is left to the
    /// simplex method.
    fn test_by_elimination(&self, set: &BoundSet, remainders: bool) -> Option<Feasibility> {
        let large = LargeProblem::new(self, set, remainders)?;
        let (system, work) = (&large.system, &self.work);
        let mut elimination = large.elimination;
        match elimination.propagate(work) {
            EliminationResult::OutOfWork => None,
            EliminationResult::Clash(variable) => {
                elimination.clash(variable, work).map(Feasibility::Infeasible)
            }
            EliminationResult::Done if elimination.is_exact() || elimination.has_witness(work) => {
                Some(Feasibility::Feasible)
            }
            EliminationResult::Done => Some(system.test(&large.small.bounds, work)),
        }
    }

    /// A set without the bounds that others of it say more tightly (a low bound binds from its day on, a high bound up to
    /// its day), and with one of those shares and changes that say exactly the same.
    fn tightest(&self, set: &BoundSet) -> BoundSet {
        let mut tight = BoundSet { bounds: Vec::new(), ratios: self.distinct_ratios(&set.ratios) };
        for is_low in [true, false] {
            let mut known: FxHashMap<u32, Bound> = FxHashMap::default();
            let mut keep = |at: u32, kept: &mut Vec<u32>| {
                let bound = self.bounds[at as usize];
                let tighter = |other: &Bound| {
                    if is_low { bound.value > other.value } else { bound.value < other.value }
                };
                if bound.is_low == is_low && known.get(&bound.quantity).is_none_or(tighter) {
                    // Those of one quantity and day stand together.
                    if known.insert(bound.quantity, bound).is_some_and(|other| other.day == bound.day) {
                        kept.pop();
                    }
                    kept.push(at);
                }
            };
            if is_low {
                set.bounds.iter().for_each(|&at| keep(at, &mut tight.bounds));
            } else {
                set.bounds.iter().rev().for_each(|&at| keep(at, &mut tight.bounds));
            }
        }
        tight.bounds.sort_unstable();
        tight
    }

    /// Of shares and changes that say exactly the same the first.
    pub(super) fn distinct_ratios(&self, ratios: &[u32]) -> Vec<u32> {
        if ratios.len() < 2 {
            return ratios.to_vec();
        }
        let first_twin = &self.index().first_twin;
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        ratios.iter().copied().filter(|&at| seen.insert(first_twin[at as usize])).collect()
    }

    /// Whether what some populations leave of a whole may matter: somebody else's rest is compared with it.
    pub(super) fn compares_remainders(&self) -> bool {
        self.network.constraints.iter().any(|row| row.kind != ConstraintKind::Populations)
    }
}

/// Whether a set is too large for the exact test alone.
pub(super) fn is_large(tight: &BoundSet) -> bool {
    tight.ratios.len() > MAX_RATIOS || tight.bounds.len() + tight.ratios.len() > MAX_CLAIMS
}

/// A set by its places in another one.
pub(super) fn indexed_from(of: &BoundSet, places: &BoundSet) -> BoundSet {
    BoundSet {
        bounds: places.bounds.iter().map(|&at| of.bounds[at as usize]).collect(),
        ratios: places.ratios.iter().map(|&at| of.ratios[at as usize]).collect(),
    }
}

/// A large set, to be settled by elimination. Its bounds and ratios are in the order of the set.
pub(super) struct LargeProblem {
    pub(super) small: SubProblem,
    pub(super) system: System,
    pub(super) elimination: Elimination,
    /// Whether the rests of wholes are looked at.
    pub(super) remainders: bool,
}

impl LargeProblem {
    pub(super) fn new(component: &Component<'_>, set: &BoundSet, remainders: bool) -> Option<Self> {
        let remainders = remainders && component.compares_remainders();
        let small = SubProblem::new(component, set, remainders)?;
        let system = small.system(component.entities, &component.work)?;
        let bounds = small.bounds.iter().map(|bound| system.bound(bound)).collect();
        let elimination = Elimination::new(&system, bounds, small.ratios.len(), &component.work)?;
        Some(Self { small, system, elimination, remainders })
    }
}

/// A set on a network that holds no more quantities than it needs; its bounds and ratios in the order of the set.
pub(super) struct SubProblem {
    pub(super) network: Network,
    pub(super) bounds: Vec<Bound>,
    pub(super) ratios: Vec<Ratio>,
    remainders: bool,
}

impl SubProblem {
    /// `None` if there is not enough work left.
    pub(super) fn new(component: &Component<'_>, set: &BoundSet, remainders: bool) -> Option<Self> {
        let key = |quantity: u32| component.network.quantities[quantity as usize];
        let bounds: Vec<Bound> = set.bounds.iter().map(|&at| component.bounds[at as usize]).collect();
        let ratios: Vec<Ratio> = set.ratios.iter().map(|&at| component.ratios[at as usize]).collect();
        let mut keys: Vec<QuantityKey> = bounds.iter().map(|bound| key(bound.quantity)).collect();
        keys.extend(ratios.iter().flat_map(|ratio| [key(ratio.own), key(ratio.base)]));
        keys.sort_unstable();
        keys.dedup();
        if remainders {
            // The rest is beside the same populations everywhere.
            let populations = &component.index().populations;
            component.work.spend(keys.len().saturating_mul(populations.len()))?;
            let all = keys
                .iter()
                .flat_map(|key| populations.iter().map(|&population| key.with_population(population)));
            keys = all.collect();
            keys.sort_unstable();
            keys.dedup();
        }
        component.work.spend(8 * keys.len())?;
        let network = Network::closed_over(component.entities, keys);
        component.work.spend(network.quantities.len() + network.constraints.len())?;
        let quantity = |old: u32| network.find(key(old)).unwrap_or(0);
        let bounds =
            bounds.into_iter().map(|bound| Bound { quantity: quantity(bound.quantity), ..bound }).collect();
        let ratios = ratios
            .into_iter()
            .map(|ratio| Ratio { own: quantity(ratio.own), base: quantity(ratio.base), ..ratio })
            .collect();
        Some(Self { network, bounds, ratios, remainders })
    }

    /// Its constraints.
    pub(super) fn system(&self, entities: &Entities<'_>, work: &WorkBudget) -> Option<System> {
        System::new(entities, &self.network, &self.bounds, &self.ratios, self.remainders, work)
    }
}
