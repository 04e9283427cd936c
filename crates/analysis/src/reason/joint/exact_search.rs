//! Finds the conflicts that only the exact test finds: those with shares, changes, or complete parts.
//!
//! After each conflict, its violated bound is disabled, until the rest can hold. Then all bounds are enabled again,
//! and the shares and changes named so far are removed for good, so that each share and change that clashes is named
//! in some conflict.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::component::Component;
use super::exact::{LargeProblem, indexed_from, is_large};
use super::needs_exact::ExactNeeds;
use super::search::{Conflict, SearchResult};
use super::system::{BoundSet, Feasibility, InfeasibleSet};
use crate::id::{ActorId, Id as _, QuestionId};
use crate::reason::ValidDays;

/// If several parties state the same share or change, this many conflicts are repeated for each of them. After that,
/// each of them is named in one conflict only.
const MAX_REPEATED: usize = 256;

impl Component<'_> {
    /// Finds conflicts until the rest can hold. It starts without the bounds that are known to be violated.
    pub(super) fn find_exact_conflicts(
        &self,
        scope: &BoundSet,
        violated: &[u32],
        needs: ExactNeeds,
        result: &mut SearchResult,
    ) {
        let disabled = self.at_least_as_tight(violated, scope);
        let scopes = self.without_disputed(scope, &disabled);
        let mut searches: Vec<ExactSearch<'_, '_>> = Vec::new();
        for scope in scopes {
            match ExactSearch::new(self, scope, needs) {
                Some(search) => searches.push(search),
                None => result.unsearched = true,
            }
        }
        let mut equal_ratios = EqualRatios::new(self, &scope.ratios);
        loop {
            let mut round = SearchRound::default();
            for search in &mut searches {
                result.unsearched |= search.run(&mut round, result).is_none();
            }
            if round.named.is_empty() {
                return;
            }
            let named = equal_ratios.name(round, result);
            for search in &mut searches {
                search.drop_ratios(&named);
            }
        }
    }

    /// The rest of a scope without the bounds in `disabled`. If the figures for a question disagree with each other,
    /// there are two scopes: one without the high bounds of such disagreements, one without the low bounds.
    fn without_disputed(&self, scope: &BoundSet, disabled: &FxHashSet<u32>) -> Vec<BoundSet> {
        let bounds: Vec<u32> = scope.bounds.iter().copied().filter(|at| !disabled.contains(at)).collect();
        let mut disputed: [FxHashSet<u32>; 2] = Default::default();
        let mut by_quantity: Vec<(u32, u32)> =
            bounds.iter().map(|&at| (self.bounds[at as usize].quantity, at)).collect();
        by_quantity.sort_unstable();
        for quantity in by_quantity.chunk_by(|a, b| a.0 == b.0) {
            // Goes through the days in order and compares the highest low bound so far with each high bound.
            let mut low = 0;
            for &(_, at) in quantity {
                let bound = &self.bounds[at as usize];
                if bound.is_low {
                    low = low.max(bound.value);
                } else if bound.value < low {
                    disputed[0].insert(at);
                }
            }
            let mut high = i64::MAX;
            for &(_, at) in quantity.iter().rev() {
                let bound = &self.bounds[at as usize];
                if !bound.is_low {
                    high = high.min(bound.value);
                } else if bound.value > high {
                    disputed[1].insert(at);
                }
            }
        }
        let left = |disputed: &FxHashSet<u32>| BoundSet {
            bounds: bounds.iter().copied().filter(|at| !disputed.contains(at)).collect(),
            ratios: scope.ratios.clone(),
        };
        if disputed[0].is_empty() { vec![left(&disputed[0])] } else { disputed.iter().map(left).collect() }
    }

    /// Some bounds, and all bounds of a scope that are at least as tight as one of them.
    fn at_least_as_tight(&self, violated: &[u32], scope: &BoundSet) -> FxHashSet<u32> {
        let mut sides: FxHashMap<(u32, bool), Vec<u32>> = FxHashMap::default();
        for &at in violated {
            let bound = &self.bounds[at as usize];
            sides.entry((bound.quantity, bound.is_low)).or_default().push(at);
        }
        let mut disabled: FxHashSet<u32> = violated.iter().copied().collect();
        for ((quantity, is_low), mut own) in sides {
            // Of several bounds for one day, it is enough to compare with the loosest.
            own.sort_unstable_by_key(|&at| {
                let bound = &self.bounds[at as usize];
                (bound.day, if is_low { bound.value } else { -bound.value })
            });
            own.dedup_by_key(|at| self.bounds[*at as usize].day);
            let same_side = self.bounds_on(quantity, is_low);
            if self.work.spend(same_side.len().saturating_mul(own.len())).is_none() {
                return disabled;
            }
            let is_tight = |&at: &u32| own.iter().any(|&own| self.is_as_tight(at, own));
            disabled.extend(same_side.iter().copied().filter(is_tight));
        }
        disabled.retain(|at| scope.bounds.binary_search(at).is_ok());
        disabled
    }

    /// Whether a bound is at least as tight as another bound on the same side of the same quantity.
    fn is_as_tight(&self, at: u32, other: u32) -> bool {
        let (bound, own) = (&self.bounds[at as usize], &self.bounds[other as usize]);
        if own.is_low {
            bound.value >= own.value && bound.day <= own.day
        } else {
            bound.value <= own.value && bound.day >= own.day
        }
    }

    /// Shrinks a conflict, records it, and returns the bounds to disable. `None` if the search has to stop.
    fn record(
        &self,
        conflict: InfeasibleSet,
        scope: &BoundSet,
        needs: ExactNeeds,
        round: &mut SearchRound,
        result: &mut SearchResult,
    ) -> Option<Vec<u32>> {
        let (set, relaxations) = self.shrink_from(conflict, needs.remainders)?;
        let violated = self.violated_bound(&set)?;
        round.named.extend(&set.ratios);
        if let Some((set, relaxations)) = self.with_whole_claims(set, relaxations, needs.remainders)? {
            self.add_exact(set, relaxations, scope, round, result)?;
        }
        let own = self.bounds[violated as usize];
        let same_side = self.bounds_on(own.quantity, own.is_low);
        self.work.spend(same_side.len())?;
        let is_tight = |at: &u32| self.is_as_tight(*at, violated) && scope.bounds.binary_search(at).is_ok();
        Some(same_side.iter().copied().filter(is_tight).collect())
    }

    /// Shrinks a set again with both bounds of each of its claims, because fewer claims may be enough. `Some(None)`
    /// if the result is about one question only; such a clash is reported for that question. `None` if this is not
    /// decided.
    #[expect(clippy::option_option, reason = "the outer one says that work has run out")]
    fn with_whole_claims(
        &self,
        set: BoundSet,
        relaxations: Vec<i64>,
        remainders: bool,
    ) -> Option<Option<(BoundSet, Vec<i64>)>> {
        let answers = self.answers(&set);
        let (smaller, by) = self.shrink(&self.with_both_bounds(&set), remainders)?;
        if self.answers(&smaller).len() == answers.len() {
            return Some(Some((set, relaxations)));
        }
        let quantities: FxHashSet<u32> =
            smaller.bounds.iter().map(|&at| self.bounds[at as usize].quantity).collect();
        Some((quantities.len() > 1 || !smaller.ratios.is_empty()).then_some((smaller, by)))
    }

    fn add_exact(
        &self,
        mut set: BoundSet,
        relaxations: Vec<i64>,
        scope: &BoundSet,
        round: &mut SearchRound,
        result: &mut SearchResult,
    ) -> Option<()> {
        for at in &mut set.bounds {
            *at = self.representative(*at, scope);
        }
        let Some(violated) = self.violated_bound(&set) else { return Some(()) };
        let conflict = Conflict { set, relaxations, violated, ..Conflict::default() };
        round.sets.push(conflict.clone());
        self.add_if_new(conflict, result)
    }

    fn add_if_new(&self, conflict: Conflict, result: &mut SearchResult) -> Option<()> {
        if !self.has_work_for_conflict(result) {
            return None;
        }
        if result.is_new(self.answers(&conflict.set)) {
            result.conflicts.push(conflict);
        }
        Some(())
    }

    /// The violated bound: the one on the last quantity, a high bound rather than a low one.
    fn violated_bound(&self, set: &BoundSet) -> Option<u32> {
        set.bounds.iter().copied().max_by_key(|&at| {
            let bound = &self.bounds[at as usize];
            (bound.quantity, !bound.is_low)
        })
    }
}

/// The conflicts that were found before bounds are enabled again.
#[derive(Default)]
struct SearchRound {
    /// The shares and changes of all these conflicts.
    named: FxHashSet<u32>,
    sets: Vec<Conflict>,
}

/// A search for conflicts in one scope.
struct ExactSearch<'p, 'a> {
    component: &'p Component<'a>,
    scope: BoundSet,
    needs: ExactNeeds,
    /// The elimination, for large scopes.
    large: Option<LargeProblem>,
}

impl<'p, 'a> ExactSearch<'p, 'a> {
    fn new(component: &'p Component<'a>, scope: BoundSet, needs: ExactNeeds) -> Option<Self> {
        let different =
            BoundSet { bounds: scope.bounds.clone(), ratios: component.distinct_ratios(&scope.ratios) };
        let large = if is_large(&different) {
            Some(LargeProblem::new(component, &scope, needs.remainders)?)
        } else {
            None
        };
        Some(Self { component, scope, needs, large })
    }

    /// Finds conflicts until the rest can hold, and enables all bounds again. `None` if the search was stopped.
    fn run(&mut self, round: &mut SearchRound, result: &mut SearchResult) -> Option<()> {
        let mut disabled: Vec<u32> = Vec::new();
        let done = self.run_until_feasible(&mut disabled, round, result);
        for at in disabled {
            self.set_disabled(at, false);
        }
        done
    }

    fn run_until_feasible(
        &mut self,
        disabled: &mut Vec<u32>,
        round: &mut SearchRound,
        result: &mut SearchResult,
    ) -> Option<()> {
        let mut scope = self.scope.clone();
        loop {
            let conflict = match &mut self.large {
                Some(large) => next_conflict(self.component, &self.scope, large),
                None => self.component.test(&scope, self.needs.remainders),
            };
            let conflict = match conflict {
                Feasibility::Feasible => return Some(()),
                Feasibility::Undecided => return None,
                Feasibility::Infeasible(conflict) => conflict,
            };
            let violated = self.component.record(conflict, &scope, self.needs, round, result)?;
            if self.large.is_some() {
                for &at in &violated {
                    self.set_disabled(at, true);
                }
                disabled.extend(violated);
            } else {
                scope.bounds.retain(|at| !violated.contains(at));
            }
        }
    }

    fn set_disabled(&mut self, at: u32, is_disabled: bool) {
        if let (Some(large), Ok(place)) = (&mut self.large, self.scope.bounds.binary_search(&at)) {
            large.elimination.set_disabled(place as u32, is_disabled);
        }
    }

    /// Removes some shares and changes for good.
    fn drop_ratios(&mut self, named: &FxHashSet<u32>) {
        if let Some(large) = &mut self.large {
            for at in named {
                if let Ok(place) = self.scope.ratios.binary_search(at) {
                    large.elimination.drop_ratio(place as u32, &large.system);
                }
            }
        } else {
            self.scope.ratios.retain(|at| !named.contains(at));
        }
    }
}

/// The next conflict in a large scope without disabled bounds.
fn next_conflict(component: &Component<'_>, scope: &BoundSet, large: &mut LargeProblem) -> Feasibility {
    let conflict = match large.test(&component.work) {
        Feasibility::Infeasible(conflict) => conflict,
        other => return other,
    };
    let conflict = InfeasibleSet { set: indexed_from(scope, &conflict.set), ..conflict };
    // The exact test may need fewer claims, and it computes exactly how far each bound would have to change.
    match component.test(&conflict.set, large.remainders) {
        Feasibility::Infeasible(conflict) => Feasibility::Infeasible(conflict),
        Feasibility::Feasible | Feasibility::Undecided => Feasibility::Infeasible(conflict),
    }
}

/// Shares and changes with the same content. One of them is used in the search; the conflicts are then repeated for
/// the others.
struct EqualRatios<'p, 'a> {
    component: &'p Component<'a>,
    /// The ratios that are not yet named, by the first ratio with the same content.
    left: FxHashMap<u32, VecDeque<u32>>,
    /// The statements that are already named.
    stated: FxHashSet<(u32, QuestionId, ActorId, ValidDays)>,
    /// The number of repeated conflicts.
    repeated: usize,
}

impl<'p, 'a> EqualRatios<'p, 'a> {
    fn new(component: &'p Component<'a>, ratios: &[u32]) -> Self {
        let mut left: FxHashMap<u32, VecDeque<u32>> = FxHashMap::default();
        if !ratios.is_empty() {
            let first_equal_ratio = &component.index().first_equal_ratio;
            for &at in ratios {
                left.entry(first_equal_ratio[at as usize]).or_default().push_back(at);
            }
        }
        Self { component, left, stated: FxHashSet::default(), repeated: 0 }
    }

    /// Records the ratios that a round has named, and repeats its conflicts with other ratios of the same content, as
    /// long as each named ratio has another one. Returns all ratios that are now named.
    fn name(&mut self, round: SearchRound, result: &mut SearchResult) -> FxHashSet<u32> {
        let mut named: Vec<u32> = round.named.iter().copied().collect();
        named.sort_unstable();
        for &at in &named {
            let first = self.first(at);
            self.left.entry(first).or_default().retain(|other| *other != at);
            let statement = self.statement(at);
            self.stated.insert(statement);
        }
        let mut all = round.named;
        while let Some(others) = self.next(&named) {
            all.extend(others.values());
            self.repeat(&round.sets, &others, result);
            for &at in others.values() {
                let statement = self.statement(at);
                self.stated.insert(statement);
            }
        }
        all
    }

    fn first(&self, at: u32) -> u32 {
        self.component.index().first_equal_ratio[at as usize]
    }

    /// For each ratio another one with the same content that is not yet named. `None` if some ratio has none.
    fn next(&mut self, named: &[u32]) -> Option<FxHashMap<u32, u32>> {
        let has_other = |at: &u32| self.left.get(&self.first(*at)).is_some_and(|left| !left.is_empty());
        if !named.iter().all(has_other) {
            return None;
        }
        let mut others = FxHashMap::default();
        for &at in named {
            let first = self.first(at);
            others.insert(at, self.left.get_mut(&first)?.pop_front()?);
        }
        Some(others)
    }

    /// Adds conflicts with replaced ratios, unless their statements are already named.
    fn repeat(&mut self, sets: &[Conflict], others: &FxHashMap<u32, u32>, result: &mut SearchResult) {
        let mut named: FxHashSet<u32> = FxHashSet::default();
        for conflict in sets {
            let replaced = |at: &u32| others.get(at).copied().unwrap_or(*at);
            let mut ratios: Vec<u32> = conflict.set.ratios.iter().map(replaced).collect();
            ratios.sort_unstable();
            let is_new = |&at: &u32| !self.stated.contains(&self.statement(at));
            let is_named = self.repeated >= MAX_REPEATED && ratios.iter().all(|at| named.contains(at));
            if is_named || !ratios.iter().any(is_new) {
                continue;
            }
            self.repeated += 1;
            named.extend(&ratios);
            let set = BoundSet { bounds: conflict.set.bounds.clone(), ratios };
            if self.component.add_if_new(Conflict { set, ..conflict.clone() }, result).is_none() {
                return;
            }
        }
    }

    /// The statement that a ratio belongs to: its content, question, party and days.
    fn statement(&self, at: u32) -> (u32, QuestionId, ActorId, ValidDays) {
        let answer = self.component.ratios[at as usize].answer;
        let (model, valid_days) = (self.component.reader.model, self.component.reader.valid_days);
        let question = model.answers.question[answer.index()];
        (self.first(at), question, self.component.claim(answer).party, valid_days[answer.index()])
    }
}
