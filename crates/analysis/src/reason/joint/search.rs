//! Searches one component for sets of claims that cannot all hold.
//!
//! The first scope is the widest: all current claims with any certainty. If it can hold, every smaller scope can hold
//! too. This ends the search of nearly all components. Otherwise several scopes are searched in order: the claims of
//! each party in one source, all claims of each party, all certain claims, and all claims.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::component::Component;
use super::propagate::{Propagation, Violation};
use super::system::BoundSet;
use crate::document::Certainty;
use crate::id::AnswerId;
use gainsay_reading::figure::OPEN;

/// A smallest set of claims that cannot all hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Conflict {
    /// Its bounds, shares and changes.
    pub(super) set: BoundSet,
    /// For each bound, how far it would have to change to end the conflict.
    pub(super) relaxations: Vec<i64>,
    /// The excess of the violated constraint's low bounds over the high bound, including those outside the set.
    pub(super) excess: i64,
    /// The index of the violated bound.
    pub(super) violated: u32,
    /// Further high bounds that the same claims violate: of larger wholes, or on other days.
    pub(super) also_violated: Vec<u32>,
    /// Further sets of low bounds that violate the same high bound by the same constraint.
    pub(super) further: Vec<Vec<u32>>,
}

/// The low bounds of a set, whether all of it is from one party, and whether all of it is certain.
type Lows = (Vec<u32>, bool, bool);

/// The result of searching a component.
#[derive(Default)]
pub(super) struct SearchResult {
    pub(super) conflicts: Vec<Conflict>,
    /// Whether something was too large to search completely.
    pub(super) unsearched: bool,
    /// The index of each conflict that propagation found.
    known: FxHashMap<Lows, usize>,
    /// The answers of each conflict.
    sets: FxHashSet<Vec<AnswerId>>,
    /// The quantities and constraints that certain claims violate.
    violated: FxHashSet<(u32, u32)>,
}

impl SearchResult {
    /// Adds a set of answers. Returns whether it is new.
    pub(super) fn is_new(&mut self, answers: Vec<AnswerId>) -> bool {
        self.sets.insert(answers)
    }
}

/// The lowest cost of finding and explaining one conflict.
const STEPS_PER_SET: usize = 500;

/// The cost of collecting one low bound for a violated high bound. In a long chain of events, each of which is below
/// the sum of its parts, the same bounds are collected again for every event.
const STEPS_PER_LOW: usize = 16;

/// The claims of a party are searched in a component of their own if the component has this many times as many
/// bounds.
const MUCH_LARGER: usize = 8;

impl Component<'_> {
    /// Finds the conflicts of the component.
    pub(super) fn search(&self) -> SearchResult {
        let mut result = SearchResult { unsearched: self.network.is_truncated, ..SearchResult::default() };
        let mut propagation = Propagation::new(&self.network);
        let all = self.all(|_| true);
        let mut clashes = false;
        propagation.run(&self.network, &self.bounds, all.bounds.iter().copied(), |_, _| {
            clashes = true;
            None
        });
        let needs = self.exact_needs(&propagation, &all);
        if clashes || needs.any && !self.is_feasible(&all, needs, &mut result) {
            self.search_scopes(&mut propagation, &all, &mut result);
        }
        let usual = self.everything();
        if usual.bounds.len() > all.bounds.len() && !self.is_feasible(&usual, needs, &mut result) {
            let before = result.conflicts.len();
            self.find_exact_conflicts(&usual, &[], needs, &mut result);
            let mut at = 0;
            result.conflicts.retain(|conflict| {
                at += 1;
                at <= before || self.is_usual(&conflict.set)
            });
        }
        result
    }

    /// Searches all scopes, small ones first. Small ones leave at least half of the budget to the large ones.
    fn search_scopes(&self, propagation: &mut Propagation, all: &BoundSet, result: &mut SearchResult) {
        self.work.with_half(|| {
            for own in self.party_scopes() {
                if self.work.spend(own.bounds.len() + own.ratios.len()).is_none() {
                    result.unsearched = true;
                    return;
                }
                if (own.bounds.len() + own.ratios.len()) * MUCH_LARGER < self.bounds.len() {
                    self.search_party_separately(&own, result);
                } else {
                    self.search_party(propagation, &own, result);
                }
            }
        });
        result.violated.clear();
        let certain = self.all(|answer| self.is_certain(answer));
        self.search_between_parties(propagation, &certain, false, result);
        self.search_between_parties(propagation, all, true, result);
    }

    /// Searches the claims of one party, certain ones first.
    fn search_party(&self, propagation: &mut Propagation, own: &BoundSet, result: &mut SearchResult) {
        result.violated.clear();
        let certain = self.subset(own, |answer| self.is_certain(answer));
        if certain != *own {
            self.search_scope(propagation, &certain, false, result);
        }
        self.search_scope(propagation, own, true, result);
    }

    /// The same in a component of its own.
    fn search_party_separately(&self, own: &BoundSet, result: &mut SearchResult) {
        let Some(component) = self.sub_component(own) else {
            result.unsearched = true;
            return;
        };
        let mut separate = SearchResult::default();
        component.search_party(
            &mut Propagation::new(&component.network),
            &component.everything(),
            &mut separate,
        );
        self.merge(own, separate, result);
    }

    /// Adds the result of a smaller component with the bounds and ratios `of`.
    fn merge(&self, of: &BoundSet, separate: SearchResult, result: &mut SearchResult) {
        result.unsearched |= separate.unsearched;
        let bounds =
            |places: &[u32]| -> Vec<u32> { places.iter().map(|&at| of.bounds[at as usize]).collect() };
        let mut lows: Vec<Option<Lows>> = vec![None; separate.conflicts.len()];
        for ((own, is_of_one_party, is_certain), at) in separate.known {
            lows[at] = Some((bounds(&own), is_of_one_party, is_certain));
        }
        for (conflict, lows) in separate.conflicts.into_iter().zip(lows) {
            let ratios = conflict.set.ratios.iter().map(|&at| of.ratios[at as usize]);
            let set = BoundSet { bounds: bounds(&conflict.set.bounds), ratios: ratios.collect() };
            let conflict = Conflict {
                violated: of.bounds[conflict.violated as usize],
                also_violated: bounds(&conflict.also_violated),
                further: conflict.further.iter().map(|lows| bounds(lows)).collect(),
                set,
                ..conflict
            };
            let known = lows.as_ref().and_then(|lows| result.known.get(lows).copied());
            match known {
                Some(at) if result.conflicts[at].violated != conflict.violated => {
                    result.conflicts[at].also_violated.push(conflict.violated);
                    result.conflicts[at].also_violated.extend(conflict.also_violated);
                }
                Some(_) => {}
                None => {
                    if result.is_new(self.answers(&conflict.set)) {
                        result.known.extend(lows.map(|lows| (lows, result.conflicts.len())));
                        result.conflicts.push(conflict);
                    }
                }
            }
        }
    }

    fn is_certain(&self, answer: AnswerId) -> bool {
        self.claim(answer).certainty == Certainty::Certain
    }

    /// Searches claims of all parties. If some party contradicts itself, it also searches without the low and without
    /// the high bounds of that contradiction, so that it does not hide conflicts with others.
    fn search_between_parties(
        &self,
        propagation: &mut Propagation,
        scope: &BoundSet,
        is_wide: bool,
        result: &mut SearchResult,
    ) {
        let own = result.conflicts.iter().filter(|conflict| self.is_of_one_party(&conflict.set));
        let own: FxHashSet<u32> = own.flat_map(|conflict| conflict.set.bounds.iter().copied()).collect();
        self.search_scope(propagation, scope, is_wide, result);
        if own.is_empty() {
            return;
        }
        for is_low in [true, false] {
            let mut without = scope.clone();
            without.bounds.retain(|at| self.bounds[*at as usize].is_low != is_low || !own.contains(at));
            self.search_scope(propagation, &without, is_wide, result);
        }
    }

    /// Searches one scope: first by propagation, then by the exact test if that is needed.
    fn search_scope(
        &self,
        propagation: &mut Propagation,
        scope: &BoundSet,
        is_wide: bool,
        result: &mut SearchResult,
    ) {
        propagation.clear(&self.network);
        let mut violated: Vec<u32> = Vec::new();
        // For each constraint, the sum of the low bounds of its last conflict. They also violate each high bound
        // below that sum.
        let mut covered: FxHashMap<u32, i128> = FxHashMap::default();
        let is_done = propagation.run(
            &self.network,
            &self.bounds,
            scope.bounds.iter().copied(),
            |propagation, violation| {
                self.work.spend(1)?;
                if violated.last() != Some(&violation.high) {
                    violated.push(violation.high);
                }
                let high = i128::from(self.bounds[violation.high as usize].value);
                if covered.get(&violation.constraint).is_none_or(|sum| *sum <= high) {
                    let low_bounds = propagation.trace(&self.network, violation.constraint);
                    self.work.spend(STEPS_PER_LOW * low_bounds.len())?;
                    covered.extend(
                        self.add_conflict(violation, low_bounds, scope, is_wide, result)
                            .map(|sum| (violation.constraint, sum)),
                    );
                }
                Some(())
            },
        );
        if is_done.is_none() {
            result.unsearched = true;
            return;
        }
        let needs = self.exact_needs(propagation, scope);
        if needs.any {
            self.find_exact_conflicts(scope, &violated, needs, result);
        }
    }

    /// Adds the smallest conflict at a violation, unless it is known. Returns the sum of its low bounds.
    fn add_conflict(
        &self,
        violation: Violation,
        mut low_bounds: Vec<u32>,
        scope: &BoundSet,
        is_wide: bool,
        result: &mut SearchResult,
    ) -> Option<i128> {
        low_bounds.sort_by_key(|&at| (Reverse(self.bounds[at as usize].value), self.naming_rank(at)));
        let high = self.bounds[violation.high as usize];
        let mut rest = low_bounds.as_slice();
        let (taken, left) = self.fewest_past(rest, high.value)?;
        rest = left;
        let sum_of = |bounds: &[u32]| -> i128 {
            bounds.iter().map(|&at| i128::from(self.bounds[at as usize].value)).sum()
        };
        let sum = sum_of(taken);
        let past = |sum: i128| i64::try_from(sum - i128::from(high.value)).unwrap_or(OPEN);
        let mut lows: Vec<u32> = taken.iter().map(|&at| self.representative(at, scope)).collect();
        lows.sort_unstable();
        let violated = self.representative(violation.high, scope);
        let mut set = BoundSet { bounds: lows.clone(), ratios: Vec::new() };
        set.bounds.push(violated);
        let is_of_one_party = self.is_of_one_party(&set);
        let place = (high.quantity, violation.constraint);
        let answers = self.answers(&set);
        if result.sets.contains(&answers) {
            return Some(sum);
        }
        // A conflict that needs a hedged claim can be listed with one that does not, but not the other way round.
        let is_certain = answers.iter().all(|&answer| self.is_certain(answer));
        let known = |certain: bool| result.known.get(&(lows.clone(), is_of_one_party, certain)).copied();
        if let Some(at) = known(true).or_else(|| known(false).filter(|_| !is_certain)) {
            result.conflicts[at].also_violated.push(violated);
            return Some(sum);
        }
        if is_wide && result.violated.contains(&place) {
            return Some(sum);
        }
        if !self.has_work_for_conflict(result) {
            return None;
        }
        let mut further = Vec::new();
        while let Some((taken, left)) = self.fewest_past(rest, high.value) {
            further.push(taken.to_vec());
            rest = left;
        }
        result.violated.insert(place);
        result.sets.insert(answers);
        result.known.insert((lows, is_of_one_party, is_certain), result.conflicts.len());
        let relaxations = vec![past(sum); set.bounds.len()];
        let excess = past(sum_of(&low_bounds));
        result.conflicts.push(Conflict {
            set,
            relaxations,
            excess,
            violated,
            also_violated: Vec::new(),
            further,
        });
        Some(sum)
    }

    /// Spends the cost of one more conflict. Returns whether the budget was enough.
    pub(super) fn has_work_for_conflict(&self, result: &mut SearchResult) -> bool {
        let is_enough = self.work.spend(STEPS_PER_SET).is_some();
        result.unsearched |= !is_enough;
        is_enough
    }

    /// Splits off the fewest low bounds, largest first, whose sum is above a high bound.
    fn fewest_past<'l>(&self, low_bounds: &'l [u32], high: i64) -> Option<(&'l [u32], &'l [u32])> {
        let mut sum: i128 = 0;
        for (at, &low) in low_bounds.iter().enumerate() {
            sum += i128::from(self.bounds[low as usize].value);
            if sum > i128::from(high) {
                return Some(low_bounds.split_at(at + 1));
            }
        }
        None
    }
}
