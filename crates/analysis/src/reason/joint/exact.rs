//! Tests exactly whether a set of claims can hold, on a network that is as small as possible.

use rustc_hash::{FxHashMap, FxHashSet};

use super::bounds::{Bound, Ratio};
use super::component::Component;
use super::elimination::{Elimination, EliminationResult};
use super::needs_exact::ExactNeeds;
use super::network::{ConstraintKind, Entities, Network, QuantityKey};
use super::search::SearchResult;
use super::system::{BoundSet, Feasibility, InfeasibleSet, System};
use super::work::WorkBudget;

/// With more different shares and changes than this, elimination runs before the simplex method, whose numbers grow
/// with each link of a chain.
const MAX_RATIOS: usize = 16;

/// The same limit for bounds, shares and changes together.
const MAX_CLAIMS: usize = 200;

/// The largest number of quantities of an exact problem. One takes about a kilobyte; a larger problem counts as more
/// work than any budget has.
const MAX_QUANTITIES: usize = 1 << 15;

/// Sets up to this size are tested on a network of their own.
const SMALL: usize = 8;

/// Larger sets are tested on a network of their own if the component has more quantities than this
const MANY_QUANTITIES: usize = 256;

/// and at least this many times as many as the set has bounds, shares and changes.
const MUCH_LARGER: usize = 8;

impl Component<'_> {
    /// Whether a scope can hold. Returns `true` and notes it in `result` if this is not decided.
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

    /// Whether it is certain that a set can hold.
    pub(super) fn is_surely_feasible(&self, set: &BoundSet) -> bool {
        matches!(self.test(set, true), Feasibility::Feasible)
    }

    /// Tests a set exactly. `remainders` says whether the remainders of populations are included.
    pub(super) fn test(&self, set: &BoundSet, remainders: bool) -> Feasibility {
        self.try_test(set, remainders).unwrap_or(Feasibility::Undecided)
    }

    fn try_test(&self, set: &BoundSet, remainders: bool) -> Option<Feasibility> {
        self.work.spend(2 * (set.bounds.len() + set.ratios.len()))?;
        let tight = self.tightest(set);
        let size = tight.bounds.len() + tight.ratios.len();
        let quantities = self.network.quantities.len();
        let verdict = if is_large(&tight) {
            LargeProblem::new(self, &tight, remainders)?.test(&self.work)
        } else if size > SMALL
            && quantities <= MANY_QUANTITIES.max(MUCH_LARGER * size)
            && (!remainders || self.index().has_same_populations)
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

    /// Leaves out bounds that another bound of the set implies (a low bound holds from its day on, a high bound up to
    /// its day), and repeated shares and changes.
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
                    // Bounds with the same quantity and day are adjacent.
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

    /// Shares and changes without those whose content is the same as that of an earlier one.
    pub(super) fn distinct_ratios(&self, ratios: &[u32]) -> Vec<u32> {
        if ratios.len() < 2 {
            return ratios.to_vec();
        }
        let first_equal_ratio = &self.index().first_equal_ratio;
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        ratios.iter().copied().filter(|&at| seen.insert(first_equal_ratio[at as usize])).collect()
    }

    /// Whether remainders of populations can matter: some constraint compares them between events or measures.
    pub(super) fn compares_remainders(&self) -> bool {
        self.network.constraints.iter().any(|row| row.kind != ConstraintKind::Populations)
    }
}

/// Whether a set is too large for the simplex method alone.
pub(super) fn is_large(tight: &BoundSet) -> bool {
    tight.ratios.len() > MAX_RATIOS || tight.bounds.len() + tight.ratios.len() > MAX_CLAIMS
}

/// Translates indexes into a set to the bounds and ratios of that set.
pub(super) fn indexed_from(of: &BoundSet, places: &BoundSet) -> BoundSet {
    BoundSet {
        bounds: places.bounds.iter().map(|&at| of.bounds[at as usize]).collect(),
        ratios: places.ratios.iter().map(|&at| of.ratios[at as usize]).collect(),
    }
}

/// The problem of a large set, for elimination. Its bounds and ratios are in the order of the set.
pub(super) struct LargeProblem {
    pub(super) system: System,
    pub(super) elimination: Elimination,
    /// Whether the remainders of populations are included.
    pub(super) remainders: bool,
}

impl LargeProblem {
    pub(super) fn new(component: &Component<'_>, set: &BoundSet, remainders: bool) -> Option<Self> {
        let remainders = remainders && component.compares_remainders();
        let small = SubProblem::new(component, set, remainders)?;
        let system = small.system(component.entities, &component.work)?;
        let bounds = small.bounds.iter().map(|bound| system.bound(bound)).collect();
        let elimination = Elimination::new(&system, bounds, small.ratios.len(), &component.work)?;
        Some(Self { system, elimination, remainders })
    }

    /// Tests the bounds that are not disabled by elimination. If that does not decide it, the simplex method does.
    pub(super) fn test(&mut self, work: &WorkBudget) -> Feasibility {
        let elimination = &mut self.elimination;
        match elimination.propagate(work) {
            EliminationResult::OutOfWork => Feasibility::Undecided,
            EliminationResult::Clash(variable) => {
                elimination.clash(variable, work).map_or(Feasibility::Undecided, Feasibility::Infeasible)
            }
            EliminationResult::Done if elimination.is_exact() || elimination.has_witness(work) => {
                Feasibility::Feasible
            }
            EliminationResult::Done => {
                let bounds: Vec<u32> = elimination.active_bounds().collect();
                let is_active = |row: usize| elimination.is_active_row(row);
                self.system.test_some(elimination.claimed_bounds(), &bounds, is_active, work)
            }
        }
    }
}

/// A set on a network with only the quantities that it needs. Its bounds and ratios are in the order of the set.
pub(super) struct SubProblem {
    pub(super) network: Network,
    pub(super) bounds: Vec<Bound>,
    pub(super) ratios: Vec<Ratio>,
    remainders: bool,
}

/// Spends the work for some quantities, and for what comes with them. More than [`MAX_QUANTITIES`] spend everything.
fn spend_on_quantities(work: &WorkBudget, quantities: usize, others: usize) -> Option<()> {
    work.spend(if quantities > MAX_QUANTITIES { usize::MAX } else { quantities + others })
}

impl SubProblem {
    /// Builds the network. `None` if the budget is not enough.
    pub(super) fn new(component: &Component<'_>, set: &BoundSet, remainders: bool) -> Option<Self> {
        let key = |quantity: u32| component.network.quantities[quantity as usize];
        let bounds: Vec<Bound> = set.bounds.iter().map(|&at| component.bounds[at as usize]).collect();
        let ratios: Vec<Ratio> = set.ratios.iter().map(|&at| component.ratios[at as usize]).collect();
        let mut keys: Vec<QuantityKey> = bounds.iter().map(|bound| key(bound.quantity)).collect();
        keys.extend(ratios.iter().flat_map(|ratio| [key(ratio.own), key(ratio.base)]));
        keys.sort_unstable();
        keys.dedup();
        if remainders {
            // Remainders are compared between quantities, so each has the same populations.
            let populations = &component.index().populations;
            let quantities = keys.len().saturating_mul(populations.len());
            spend_on_quantities(&component.work, quantities, 0)?;
            let all = keys
                .iter()
                .flat_map(|key| populations.iter().map(|&population| key.with_population(population)));
            keys = all.collect();
            keys.sort_unstable();
            keys.dedup();
        }
        component.work.spend(8 * keys.len())?;
        let network = Network::closed_over(component.entities, keys);
        spend_on_quantities(&component.work, network.quantities.len(), network.constraints.len())?;
        let quantity = |old: u32| network.find(key(old)).unwrap_or(0);
        let bounds =
            bounds.into_iter().map(|bound| Bound { quantity: quantity(bound.quantity), ..bound }).collect();
        let ratios = ratios
            .into_iter()
            .map(|ratio| Ratio { own: quantity(ratio.own), base: quantity(ratio.base), ..ratio })
            .collect();
        Some(Self { network, bounds, ratios, remainders })
    }

    /// The linear constraints of this set.
    pub(super) fn system(&self, entities: &Entities<'_>, work: &WorkBudget) -> Option<System> {
        System::new(entities, &self.network, &self.bounds, &self.ratios, self.remainders, work)
    }
}
