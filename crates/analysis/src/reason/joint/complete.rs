//! The sets that only the exact test finds: with shares, changes, or parts that are all of their whole.
//!
//! Each set found, its broken end is put aside, until nothing clashes any more. Then everything is taken back but the
//! shares and changes named so far, so that each that clashes is named.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::elimination::Settled;
use super::exact::{Large, among, is_large};
use super::gate::Needs;
use super::part::Part;
use super::search::{Findings, Found};
use super::system::{Clashing, Set, Verdict};
use crate::id::{ActorId, Id as _, QuestionId};
use crate::reason::ValidDays;

/// Where several parties state one share or change, so many sets are repeated for each of them. Then each is named in
/// one set only: any of them would also clash in the others.
const MAX_REPEATED: usize = 256;

impl Part<'_> {
    /// Finds sets until nothing clashes any more, first without the ends that are broken already.
    pub(super) fn complete(&self, scope: &Set, broken: &[u32], needs: Needs, findings: &mut Findings) {
        let aside = self.as_tight(broken, scope);
        let scopes = self.without_disputes(scope, &aside);
        let mut searches: Vec<Search<'_, '_>> = Vec::new();
        for scope in scopes {
            match Search::new(self, scope, needs) {
                Some(search) => searches.push(search),
                None => findings.unsearched = true,
            }
        }
        let mut twins = Twins::new(self, &scope.ratios);
        loop {
            let mut round = Round::default();
            for search in &mut searches {
                findings.unsearched |= search.run(&mut round, findings).is_none();
            }
            if round.named.is_empty() {
                return;
            }
            let named = twins.name(round, findings);
            for search in &mut searches {
                search.drop_ratios(&named);
            }
        }
    }

    /// What is left of a scope without what has been put aside, for questions on which figures disagree once
    /// without the high ends that clash and once without the low ends.
    fn without_disputes(&self, scope: &Set, aside: &FxHashSet<u32>) -> Vec<Set> {
        let ends: Vec<u32> = scope.ends.iter().copied().filter(|at| !aside.contains(at)).collect();
        let mut disputed: [FxHashSet<u32>; 2] = Default::default();
        let mut by_cell: Vec<(u32, u32)> = ends.iter().map(|&at| (self.ends[at as usize].cell, at)).collect();
        by_cell.sort_unstable();
        for cell in by_cell.chunk_by(|a, b| a.0 == b.0) {
            // In the order of days, low ends first: what was a low end so far, against each high end.
            let mut low = 0;
            for &(_, at) in cell {
                let end = &self.ends[at as usize];
                if end.is_low {
                    low = low.max(end.value);
                } else if end.value < low {
                    disputed[0].insert(at);
                }
            }
            let mut high = i64::MAX;
            for &(_, at) in cell.iter().rev() {
                let end = &self.ends[at as usize];
                if !end.is_low {
                    high = high.min(end.value);
                } else if end.value > high {
                    disputed[1].insert(at);
                }
            }
        }
        let left = |disputed: &FxHashSet<u32>| Set {
            ends: ends.iter().copied().filter(|at| !disputed.contains(at)).collect(),
            ratios: scope.ratios.clone(),
        };
        if disputed[0].is_empty() { vec![left(&disputed[0])] } else { disputed.iter().map(left).collect() }
    }

    /// Some ends, and those of a scope beside each that bind at least as tightly.
    fn as_tight(&self, broken: &[u32], scope: &Set) -> FxHashSet<u32> {
        let mut sides: FxHashMap<(u32, bool), Vec<u32>> = FxHashMap::default();
        for &at in broken {
            let end = &self.ends[at as usize];
            sides.entry((end.cell, end.is_low)).or_default().push(at);
        }
        let mut aside: FxHashSet<u32> = broken.iter().copied().collect();
        for ((cell, is_low), mut own) in sides {
            // On one day, every end that is as tight as another is also as tight as the loosest.
            own.sort_unstable_by_key(|&at| {
                let end = &self.ends[at as usize];
                (end.day, if is_low { end.value } else { -end.value })
            });
            own.dedup_by_key(|at| self.ends[*at as usize].day);
            let beside = self.ends_of(cell, is_low);
            if self.work.spend(beside.len().saturating_mul(own.len())).is_none() {
                return aside;
            }
            let is_tight = |&at: &u32| own.iter().any(|&own| self.is_as_tight(at, own));
            aside.extend(beside.iter().copied().filter(is_tight));
        }
        aside.retain(|at| scope.ends.binary_search(at).is_ok());
        aside
    }

    /// Whether an end binds at least as tightly as another of the same side of the same cell.
    fn is_as_tight(&self, at: u32, other: u32) -> bool {
        let (end, own) = (&self.ends[at as usize], &self.ends[other as usize]);
        if own.is_low {
            end.value >= own.value && end.day <= own.day
        } else {
            end.value <= own.value && end.day >= own.day
        }
    }

    /// Cuts a clash down, records it, and returns the ends that have to be put aside; none where no more is searched.
    fn record(
        &self,
        clash: Clashing,
        scope: &Set,
        needs: Needs,
        round: &mut Round,
        findings: &mut Findings,
    ) -> Option<Vec<u32>> {
        let (set, gives) = self.shrink_from(clash, needs.rests)?;
        let broken = self.broken(&set)?;
        round.named.extend(&set.ratios);
        if let Some((set, gives)) = self.as_claims(set, gives, needs.rests)? {
            self.add_exact(set, gives, scope, round, findings)?;
        }
        let own = self.ends[broken as usize];
        let beside = self.ends_of(own.cell, own.is_low);
        self.work.spend(beside.len())?;
        let is_tight = |at: &u32| self.is_as_tight(*at, broken) && scope.ends.binary_search(at).is_ok();
        Some(beside.iter().copied().filter(is_tight).collect())
    }

    /// The set with both ends of each of its claims, cut down again: where fewer claims clash, those. `Some(None)`
    /// where they clash on one question, which is reported for that question; `None` where that is not decided.
    #[expect(clippy::option_option, reason = "the outer one says that work has run out")]
    fn as_claims(&self, set: Set, gives: Vec<i64>, rests: bool) -> Option<Option<(Set, Vec<i64>)>> {
        let answers = self.answers(&set);
        let (smaller, by) = self.shrink(&self.whole(&set), rests)?;
        if self.answers(&smaller).len() == answers.len() {
            return Some(Some((set, gives)));
        }
        let cells: FxHashSet<u32> = smaller.ends.iter().map(|&at| self.ends[at as usize].cell).collect();
        Some((cells.len() > 1 || !smaller.ratios.is_empty()).then_some((smaller, by)))
    }

    fn add_exact(
        &self,
        mut set: Set,
        gives: Vec<i64>,
        scope: &Set,
        round: &mut Round,
        findings: &mut Findings,
    ) -> Option<()> {
        for at in &mut set.ends {
            *at = self.told_by(*at, scope);
        }
        let Some(broken) = self.broken(&set) else { return Some(()) };
        let found = Found { set, gives, broken, ..Found::default() };
        round.sets.push(found.clone());
        self.add_found(found, findings)
    }

    fn add_found(&self, found: Found, findings: &mut Findings) -> Option<()> {
        if !self.may_add(findings) {
            return None;
        }
        if findings.is_new(self.answers(&found.set)) {
            findings.found.push(found);
        }
        Some(())
    }

    /// The end on the highest cell, a high end rather than a low one.
    fn broken(&self, set: &Set) -> Option<u32> {
        set.ends.iter().copied().max_by_key(|&at| {
            let end = &self.ends[at as usize];
            (end.cell, !end.is_low)
        })
    }
}

/// What is found before everything is taken back.
#[derive(Default)]
struct Round {
    /// The shares and changes of all sets.
    named: FxHashSet<u32>,
    sets: Vec<Found>,
}

/// A search for sets in one scope.
struct Search<'p, 'a> {
    part: &'p Part<'a>,
    scope: Set,
    needs: Needs,
    /// Where there is much to search.
    large: Option<Large>,
}

impl<'p, 'a> Search<'p, 'a> {
    fn new(part: &'p Part<'a>, scope: Set, needs: Needs) -> Option<Self> {
        let different = Set { ends: scope.ends.clone(), ratios: part.different(&scope.ratios) };
        let large = if is_large(&different) { Some(Large::new(part, &scope, needs.rests)?) } else { None };
        Some(Self { part, scope, needs, large })
    }

    /// Finds sets until nothing clashes any more, and takes back all ends. `None` where not everything was searched.
    fn run(&mut self, round: &mut Round, findings: &mut Findings) -> Option<()> {
        let mut aside: Vec<u32> = Vec::new();
        let done = self.run_without(&mut aside, round, findings);
        for at in aside {
            self.set_aside(at, false);
        }
        done
    }

    fn run_without(
        &mut self,
        aside: &mut Vec<u32>,
        round: &mut Round,
        findings: &mut Findings,
    ) -> Option<()> {
        let mut scope = self.scope.clone();
        loop {
            let clash = match &mut self.large {
                Some(large) => next_clash(self.part, &self.scope, large),
                None => self.part.test(&scope, self.needs.rests),
            };
            let clash = match clash {
                Verdict::Holds => return Some(()),
                Verdict::Unsearched => return None,
                Verdict::Clashes(clash) => clash,
            };
            let broken = self.part.record(clash, &scope, self.needs, round, findings)?;
            if self.large.is_some() {
                for &at in &broken {
                    self.set_aside(at, true);
                }
                aside.extend(broken);
            } else {
                scope.ends.retain(|at| !broken.contains(at));
            }
        }
    }

    fn set_aside(&mut self, at: u32, is_aside: bool) {
        if let (Some(large), Ok(place)) = (&mut self.large, self.scope.ends.binary_search(&at)) {
            large.elimination.set_aside(place as u32, is_aside);
        }
    }

    /// Leaves out some shares and changes for good.
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

/// The next clash in a large scope without what is put aside.
fn next_clash(part: &Part<'_>, scope: &Set, large: &mut Large) -> Verdict {
    let (elimination, work) = (&mut large.elimination, &part.work);
    let clash = match elimination.settle(work) {
        Settled::OutOfWork => return Verdict::Unsearched,
        Settled::Clash(unknown) => elimination.clash(unknown, work),
        Settled::Done if elimination.is_exact() || elimination.has_witness(work) => return Verdict::Holds,
        Settled::Done => {
            let ends: Vec<u32> = elimination.active_ends().collect();
            let is_active = |row: usize| elimination.is_active_row(row);
            match large.system.test_some(elimination.ends(), &ends, is_active, work) {
                Verdict::Clashes(clash) => Some(clash),
                other => return other,
            }
        }
    };
    let Some(clash) = clash else { return Verdict::Unsearched };
    let clash = Clashing { set: among(scope, &clash.set), ..clash };
    // Fewer claims may do, and how far each would have to give way is known exactly.
    match part.test(&clash.set, large.rests) {
        Verdict::Clashes(clash) => Verdict::Clashes(clash),
        Verdict::Holds | Verdict::Unsearched => Verdict::Clashes(clash),
    }
}

/// Shares and changes that say exactly the same: found once, and named each.
struct Twins<'p, 'a> {
    part: &'p Part<'a>,
    /// The ratios that are not named yet, by the first ratio that says the same.
    left: FxHashMap<u32, VecDeque<u32>>,
    /// What is named already, as statements.
    stated: FxHashSet<(u32, QuestionId, ActorId, ValidDays)>,
    /// How many sets were repeated.
    repeated: usize,
}

impl<'p, 'a> Twins<'p, 'a> {
    fn new(part: &'p Part<'a>, ratios: &[u32]) -> Self {
        let mut left: FxHashMap<u32, VecDeque<u32>> = FxHashMap::default();
        if !ratios.is_empty() {
            let first_twin = &part.index().first_twin;
            for &at in ratios {
                left.entry(first_twin[at as usize]).or_default().push_back(at);
            }
        }
        Self { part, left, stated: FxHashSet::default(), repeated: 0 }
    }

    /// Takes note of the ratios that a round has named, and repeats its sets for others that say the same, as long as
    /// each ratio has such another. Returns all that are named now.
    fn name(&mut self, round: Round, findings: &mut Findings) -> FxHashSet<u32> {
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
            self.repeat(&round.sets, &others, findings);
            for &at in others.values() {
                let statement = self.statement(at);
                self.stated.insert(statement);
            }
        }
        all
    }

    fn first(&self, at: u32) -> u32 {
        self.part.index().first_twin[at as usize]
    }

    /// For each ratio another that says the same and is not named yet; none where one has none.
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

    /// Adds sets with other ratios in the place of theirs, unless they are the same statements.
    fn repeat(&mut self, sets: &[Found], others: &FxHashMap<u32, u32>, findings: &mut Findings) {
        let mut named: FxHashSet<u32> = FxHashSet::default();
        for found in sets {
            let replaced = |at: &u32| others.get(at).copied().unwrap_or(*at);
            let mut ratios: Vec<u32> = found.set.ratios.iter().map(replaced).collect();
            ratios.sort_unstable();
            let is_new = |&at: &u32| !self.stated.contains(&self.statement(at));
            let is_named = self.repeated >= MAX_REPEATED && ratios.iter().all(|at| named.contains(at));
            if is_named || !ratios.iter().any(is_new) {
                continue;
            }
            self.repeated += 1;
            named.extend(&ratios);
            let set = Set { ends: found.set.ends.clone(), ratios };
            if self.part.add_found(Found { set, ..found.clone() }, findings).is_none() {
                return;
            }
        }
    }

    /// The statement of a ratio: one party's answer to one question, with the first ratio that says the same.
    fn statement(&self, at: u32) -> (u32, QuestionId, ActorId, ValidDays) {
        let answer = self.part.ratios[at as usize].answer;
        let (model, valid_days) = (self.part.reader.model, self.part.reader.valid_days);
        let question = model.answers.question[answer.index()];
        (self.first(at), question, self.part.claim(answer).party, valid_days[answer.index()])
    }
}
