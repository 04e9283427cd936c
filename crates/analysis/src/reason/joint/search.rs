//! Which sets of claims clash in one component of the workspace that hangs together.
//!
//! The widest look comes first: all current claims, whatever their certainty. Where nothing clashes there,
//! nothing clashes in any narrower one, and that is the bound of it for nearly all components. Otherwise each party's
//! claims in one source, each party's, the certain ones of all, and all are searched in turn.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::component::Component;
use super::propagate::{Propagation, Violation};
use super::system::BoundSet;
use crate::document::Certainty;
use crate::id::AnswerId;
use gainsay_reading::figure::OPEN;

/// A smallest set of claims that cannot hold together.
#[derive(Clone, Debug, Default)]
pub(super) struct Conflict {
    /// Its bounds, shares and changes.
    pub(super) set: BoundSet,
    /// For each bound how far it would have to give way.
    pub(super) relaxations: Vec<i64>,
    /// By how much all low bounds at the violation pass the broken one; no less than what the set needs.
    pub(super) excess: i64,
    /// The bound that is broken, by its place.
    pub(super) broken: u32,
    /// High bounds that the same other claims break as well: of larger wholes, or of other days.
    pub(super) echoes: Vec<u32>,
    /// Further sets of low bounds that break the same high bound by the same row.
    pub(super) further: Vec<Vec<u32>>,
}

/// The low bounds of a set, whether one party states all of it, and whether it has no hedged claims.
type Lows = (Vec<u32>, bool, bool);

/// What was conflict in a component.
#[derive(Default)]
pub(super) struct SearchResult {
    pub(super) conflicts: Vec<Conflict>,
    /// Whether something was too large to be searched to the bound.
    pub(super) unsearched: bool,
    /// Each set conflict by carrying low bounds up, with its place among those conflict.
    known: FxHashMap<Lows, usize>,
    /// The answers of each set.
    sets: FxHashSet<Vec<AnswerId>>,
    /// The wholes and rows that certain claims broke.
    broken: FxHashSet<(u32, u32)>,
}

impl SearchResult {
    /// Whether a set of answers has not been conflict before.
    pub(super) fn is_new(&mut self, answers: Vec<AnswerId>) -> bool {
        self.sets.insert(answers)
    }
}

/// The least cost of finding and showing one set, in steps.
const STEPS_PER_SET: usize = 500;

/// The cost of gathering one low bound for a high bound that it breaks. A long chain of events in which each is too low
/// for what its components add up to gathers the same bounds again for every event.
const STEPS_PER_LOW: usize = 16;

/// A party's own claims are searched apart from the rest if the component has this many times as many bounds.
const MUCH_LARGER: usize = 8;

impl Component<'_> {
    /// The sets that clash.
    pub(super) fn search(&self) -> SearchResult {
        let mut result = SearchResult { unsearched: self.network.is_truncated, ..SearchResult::default() };
        let mut pass = Propagation::new(&self.network);
        let all = self.all(|_| true);
        let mut clashes = false;
        pass.run(&self.network, &self.bounds, all.bounds.iter().copied(), |_, _| {
            clashes = true;
            None
        });
        let needs = self.exact_needs(&pass, &all);
        if clashes || needs.any && !self.is_feasible(&all, needs, &mut result) {
            self.search_scopes(&mut pass, &all, &mut result);
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

    /// The looks, narrow to wide. The narrow ones leave at least half of the work to the wide ones.
    fn search_scopes(&self, pass: &mut Propagation, all: &BoundSet, result: &mut SearchResult) {
        self.work.with_half(|| {
            for own in self.party_scopes() {
                if self.work.spend(own.bounds.len() + own.ratios.len()).is_none() {
                    result.unsearched = true;
                    return;
                }
                if (own.bounds.len() + own.ratios.len()) * MUCH_LARGER < self.bounds.len() {
                    self.search_party_separately(&own, result);
                } else {
                    self.search_party(pass, &own, result);
                }
            }
        });
        result.broken.clear();
        let certain = self.all(|answer| self.is_certain(answer));
        self.search_between_parties(pass, &certain, false, result);
        self.search_between_parties(pass, all, true, result);
    }

    /// Searches the claims of one party, the certain ones first.
    fn search_party(&self, pass: &mut Propagation, own: &BoundSet, result: &mut SearchResult) {
        result.broken.clear();
        let certain = self.subset(own, |answer| self.is_certain(answer));
        if certain != *own {
            self.search_scope(pass, &certain, false, result);
        }
        self.search_scope(pass, own, true, result);
    }

    /// The same in a component that holds nothing else.
    fn search_party_separately(&self, own: &BoundSet, result: &mut SearchResult) {
        let Some(component) = self.sub_component(own) else {
            result.unsearched = true;
            return;
        };
        let mut apart = SearchResult::default();
        component.search_party(
            &mut Propagation::new(&component.network),
            &component.everything(),
            &mut apart,
        );
        self.merge(own, apart, result);
    }

    /// Takes over what was conflict in a component of some claims.
    fn merge(&self, of: &BoundSet, apart: SearchResult, result: &mut SearchResult) {
        result.unsearched |= apart.unsearched;
        let bounds =
            |places: &[u32]| -> Vec<u32> { places.iter().map(|&at| of.bounds[at as usize]).collect() };
        let mut lows: Vec<Option<Lows>> = vec![None; apart.conflicts.len()];
        for ((own, is_of_one_party, is_certain), at) in apart.known {
            lows[at] = Some((bounds(&own), is_of_one_party, is_certain));
        }
        for (conflict, lows) in apart.conflicts.into_iter().zip(lows) {
            let ratios = conflict.set.ratios.iter().map(|&at| of.ratios[at as usize]);
            let set = BoundSet { bounds: bounds(&conflict.set.bounds), ratios: ratios.collect() };
            let conflict = Conflict {
                broken: of.bounds[conflict.broken as usize],
                echoes: bounds(&conflict.echoes),
                further: conflict.further.iter().map(|lows| bounds(lows)).collect(),
                set,
                ..conflict
            };
            let known = lows.as_ref().and_then(|lows| result.known.get(lows).copied());
            match known {
                Some(at) if result.conflicts[at].broken != conflict.broken => {
                    result.conflicts[at].echoes.push(conflict.broken);
                    result.conflicts[at].echoes.extend(conflict.echoes);
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

    /// What the claims of all say; where some party clashes with itself, also without either bound of that, so
    /// that it does not hide a clash with others.
    fn search_between_parties(
        &self,
        pass: &mut Propagation,
        scope: &BoundSet,
        is_wide: bool,
        result: &mut SearchResult,
    ) {
        let own = result.conflicts.iter().filter(|conflict| self.is_of_one_party(&conflict.set));
        let own: FxHashSet<u32> = own.flat_map(|conflict| conflict.set.bounds.iter().copied()).collect();
        self.search_scope(pass, scope, is_wide, result);
        if own.is_empty() {
            return;
        }
        for is_low in [true, false] {
            let mut without = scope.clone();
            without.bounds.retain(|at| self.bounds[*at as usize].is_low != is_low || !own.contains(at));
            self.search_scope(pass, &without, is_wide, result);
        }
    }

    /// One look: low bounds carried up, then, where that is not all, the exact test.
    fn search_scope(
        &self,
        pass: &mut Propagation,
        scope: &BoundSet,
        is_wide: bool,
        result: &mut SearchResult,
    ) {
        pass.clear(&self.network);
        let mut broken: Vec<u32> = Vec::new();
        // What the low bounds of the last set at a row come to: every high bound below that they break as well.
        let mut covered: FxHashMap<u32, i128> = FxHashMap::default();
        let is_done =
            pass.run(&self.network, &self.bounds, scope.bounds.iter().copied(), |pass, violation| {
                self.work.spend(1)?;
                if broken.last() != Some(&violation.high) {
                    broken.push(violation.high);
                }
                let high = i128::from(self.bounds[violation.high as usize].value);
                if covered.get(&violation.constraint).is_none_or(|sum| *sum <= high) {
                    let leaves = pass.trace(&self.network, violation.constraint);
                    self.work.spend(STEPS_PER_LOW * leaves.len())?;
                    covered.extend(
                        self.add_conflict(violation, leaves, scope, is_wide, result)
                            .map(|sum| (violation.constraint, sum)),
                    );
                }
                Some(())
            });
        if is_done.is_none() {
            result.unsearched = true;
            return;
        }
        let needs = self.exact_needs(pass, scope);
        if needs.any {
            self.find_exact_conflicts(scope, &broken, needs, result);
        }
    }

    /// Adds the smallest set at a violation, unless it is known; says what its low bounds come to.
    fn add_conflict(
        &self,
        violation: Violation,
        mut leaves: Vec<u32>,
        scope: &BoundSet,
        is_wide: bool,
        result: &mut SearchResult,
    ) -> Option<i128> {
        leaves.sort_by_key(|&at| (Reverse(self.bounds[at as usize].value), self.naming_rank(at)));
        let high = self.bounds[violation.high as usize];
        let mut rest = leaves.as_slice();
        let (taken, left) = self.fewest_past(rest, high.value)?;
        rest = left;
        let sum_of = |bounds: &[u32]| -> i128 {
            bounds.iter().map(|&at| i128::from(self.bounds[at as usize].value)).sum()
        };
        let sum = sum_of(taken);
        let past = |sum: i128| i64::try_from(sum - i128::from(high.value)).unwrap_or(OPEN);
        let mut lows: Vec<u32> = taken.iter().map(|&at| self.representative(at, scope)).collect();
        lows.sort_unstable();
        let broken = self.representative(violation.high, scope);
        let mut set = BoundSet { bounds: lows.clone(), ratios: Vec::new() };
        set.bounds.push(broken);
        let is_of_one_party = self.is_of_one_party(&set);
        let place = (high.quantity, violation.constraint);
        let answers = self.answers(&set);
        if result.sets.contains(&answers) {
            return Some(sum);
        }
        // What needs a hedged claim may be another like a set that does not, and not the other way round.
        let is_certain = answers.iter().all(|&answer| self.is_certain(answer));
        let known = |certain: bool| result.known.get(&(lows.clone(), is_of_one_party, certain)).copied();
        if let Some(at) = known(true).or_else(|| known(false).filter(|_| !is_certain)) {
            result.conflicts[at].echoes.push(broken);
            return Some(sum);
        }
        if is_wide && result.broken.contains(&place) {
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
        result.broken.insert(place);
        result.sets.insert(answers);
        result.known.insert((lows, is_of_one_party, is_certain), result.conflicts.len());
        let relaxations = vec![past(sum); set.bounds.len()];
        let excess = past(sum_of(&leaves));
        result.conflicts.push(Conflict { set, relaxations, excess, broken, echoes: Vec::new(), further });
        Some(sum)
    }

    /// Spends what one more set costs. Returns whether enough was left.
    pub(super) fn has_work_for_conflict(&self, result: &mut SearchResult) -> bool {
        let may = self.work.spend(STEPS_PER_SET).is_some();
        result.unsearched |= !may;
        may
    }

    /// The fewest of some low bounds, the largest first, that together pass a high bound; and what is left.
    fn fewest_past<'l>(&self, leaves: &'l [u32], high: i64) -> Option<(&'l [u32], &'l [u32])> {
        let mut sum: i128 = 0;
        for (at, &leaf) in leaves.iter().enumerate() {
            sum += i128::from(self.bounds[leaf as usize].value);
            if sum > i128::from(high) {
                return Some(leaves.split_at(at + 1));
            }
        }
        None
    }
}
