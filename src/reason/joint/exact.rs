//! The sets that only the exact test finds: where parts are all of their whole, where figures are told as
//! shares or changes, where the rest of a whole matters.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ends::{End, Ratio};
use super::gate::Needs;
use super::network::{Frame, Key, Network};
use super::search::{Findings, Found, Part};
use super::steps::carried_clash;
use super::system::{Clashing, Set, System, Verdict};
use crate::id::AnswerId;

/// Once exact tests have gone through so many rows of a part, what is left of it is not searched.
const MOST_WORK: usize = 200_000;

/// With more shares and changes than this a clash is looked for by carrying first.
const FEW: usize = 16;

/// Where carrying finds nothing, with more of them than this the exact test is not made.
const MOST_RATIOS: usize = 128;

/// Sets up to this size are looked at by themselves.
const SMALL: usize = 8;

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

    /// The same part with other claims.
    pub(super) fn with(&self, ends: Vec<End>, ratios: Vec<Ratio>) -> Self {
        Self::of(self.reader, self.frame, self.network.clone(), ends, ratios)
    }

    /// What of a set some answers say.
    pub(super) fn part_of(&self, set: &Set, wanted: impl Fn(AnswerId) -> bool) -> Set {
        let ends = set.ends.iter().copied().filter(|&at| wanted(self.ends[at as usize].answer));
        let ratios = set.ratios.iter().copied().filter(|&at| wanted(self.ratios[at as usize].answer));
        Set { ends: ends.collect(), ratios: ratios.collect() }
    }

    /// Whether a set surely holds.
    pub(super) fn can_hold(&self, set: &Set) -> bool {
        matches!(self.test(set, true), Verdict::Holds)
    }

    /// The exact test of a set. A small one is looked at on no more cells than it needs.
    pub(super) fn test(&self, set: &Set, rests: bool) -> Verdict {
        let tight = self.tightest(set);
        if tight.ratios.len() > FEW {
            // Long chains of shares and changes: exact numbers would grow with each link.
            if let Some((found, gives)) = carried_clash(self, &tight) {
                let ends = found.ends.iter().map(|&at| tight.ends[at as usize]).collect();
                let ratios = found.ratios.iter().map(|&at| tight.ratios[at as usize]).collect();
                return Verdict::Clashes(Clashing { set: Set { ends, ratios }, gives, by_ratios: true });
            }
            if tight.ratios.len() > MOST_RATIOS {
                return Verdict::Unsearched;
            }
        }
        let verdict = if tight.ends.len() + tight.ratios.len() > SMALL && (!rests || self.is_even) {
            let ends: Vec<End> = tight.ends.iter().map(|&at| self.ends[at as usize]).collect();
            let ratios: Vec<Ratio> = tight.ratios.iter().map(|&at| self.ratios[at as usize]).collect();
            System::new(self.frame, &self.network, &ends, &ratios, rests).test(&ends)
        } else {
            let small = Small::new(self, &tight, rests);
            small.system(self.frame).test(&small.ends)
        };
        match verdict {
            Verdict::Clashes(found) => {
                let ends = found.set.ends.iter().map(|&at| tight.ends[at as usize]).collect();
                let ratios = found.set.ratios.iter().map(|&at| tight.ratios[at as usize]).collect();
                Verdict::Clashes(Clashing { set: Set { ends, ratios }, ..found })
            }
            other => other,
        }
    }

    /// A set without the ends that others of it say more tightly: a low end binds from its day on, a high end up
    /// to its day.
    fn tightest(&self, set: &Set) -> Set {
        let mut tight = Set { ends: Vec::new(), ratios: set.ratios.clone() };
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

    /// Finds sets until nothing clashes any more: each found, its broken end goes aside. Then once more without
    /// the shares and changes named so far, so that each that clashes is named.
    pub(super) fn complete(&self, scope: &Set, broken: &[u32], needs: Needs, findings: &mut Findings) {
        let mut scope = scope.clone();
        let mut aside: FxHashSet<u32> = FxHashSet::default();
        for &at in broken {
            self.put_aside(at, &scope, &mut aside);
        }
        loop {
            let mut named: FxHashSet<u32> = FxHashSet::default();
            for without in self.without_disputes(&scope, &aside) {
                self.complete_one(without, needs, &mut named, findings);
            }
            if named.is_empty() {
                return;
            }
            scope.ratios.retain(|at| !named.contains(at));
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

    fn complete_one(
        &self,
        mut scope: Set,
        needs: Needs,
        named: &mut FxHashSet<u32>,
        findings: &mut Findings,
    ) {
        loop {
            findings.work += self.network.rows.len();
            if findings.work > MOST_WORK {
                findings.unsearched = true;
                return;
            }
            let clash = match self.test(&scope, needs.rests) {
                Verdict::Holds => return,
                Verdict::Unsearched => {
                    findings.unsearched = true;
                    return;
                }
                Verdict::Clashes(clash) => clash,
            };
            let (set, gives) = self.shrink_from(clash, needs.rests);
            let Some(broken) = self.broken(&set) else { return };
            named.extend(&set.ratios);
            if let Some((set, gives)) = self.as_claims(set, gives, needs.rests) {
                self.add_exact(set, gives, &scope, findings);
            }
            let mut aside = FxHashSet::default();
            self.put_aside(broken, &scope, &mut aside);
            scope.ends.retain(|at| !aside.contains(at));
        }
    }

    /// The set with both ends of each of its claims, cut down again: where fewer claims clash, those. None
    /// where they clash on one question, which is told of that question.
    fn as_claims(&self, set: Set, gives: Vec<i64>, rests: bool) -> Option<(Set, Vec<i64>)> {
        let answers = self.answers(&set);
        let mut whole = self.all(|answer| answers.binary_search(&answer).is_ok());
        whole.ends.extend(set.ends.iter().filter(|&&at| self.ends[at as usize].usual));
        whole.ends.sort_unstable();
        let (smaller, by) = self.shrink(&whole, rests)?;
        if self.answers(&smaller).len() == answers.len() {
            return Some((set, gives));
        }
        let cells: FxHashSet<u32> = smaller.ends.iter().map(|&at| self.ends[at as usize].cell).collect();
        (cells.len() > 1 || !smaller.ratios.is_empty()).then_some((smaller, by))
    }

    fn add_exact(&self, mut set: Set, gives: Vec<i64>, scope: &Set, findings: &mut Findings) {
        for at in &mut set.ends {
            *at = self.told_by(*at, scope);
        }

        let Some(broken) = self.broken(&set) else { return };
        if findings.is_new(self.answers(&set)) {
            findings.found.push(Found { set, gives, broken, ..Found::default() });
        }
    }

    /// The end on the highest cell, a high end rather than a low one.
    fn broken(&self, set: &Set) -> Option<u32> {
        set.ends.iter().copied().max_by_key(|&at| {
            let end = &self.ends[at as usize];
            (end.cell, !end.is_low)
        })
    }

    /// An end, and those beside it that bind at least as tightly.
    fn put_aside(&self, broken: u32, scope: &Set, aside: &mut FxHashSet<u32>) {
        let own = self.ends[broken as usize];
        let tighter = |at: &&u32| {
            let end = &self.ends[**at as usize];
            let tight = if own.is_low {
                end.value >= own.value && end.day <= own.day
            } else {
                end.value <= own.value && end.day >= own.day
            };
            end.cell == own.cell && end.is_low == own.is_low && tight
        };
        aside.extend(scope.ends.iter().filter(tighter));
        aside.insert(broken);
    }

    /// The fewest claims of a set that clash.
    pub(super) fn shrink(&self, set: &Set, rests: bool) -> Option<(Set, Vec<i64>)> {
        match self.test(set, rests) {
            Verdict::Clashes(found) => Some(self.shrink_from(found, rests)),
            Verdict::Holds | Verdict::Unsearched => None,
        }
    }

    /// Takes away what can be spared, one after the other; what cannot is needed in every smaller set as well.
    fn shrink_from(&self, mut found: Clashing, rests: bool) -> (Set, Vec<i64>) {
        let mut needed = 0;
        while needed < found.set.ends.len() + found.set.ratios.len() && !self.is_chain(&found) {
            let mut spare = found.set.clone();
            match needed.checked_sub(spare.ends.len()) {
                None => spare.ends.remove(needed),
                Some(at) => spare.ratios.remove(at),
            };
            match self.test(&spare, rests) {
                Verdict::Clashes(smaller) => found = smaller,
                Verdict::Holds | Verdict::Unsearched => needed += 1,
            }
        }
        (found.set, found.gives)
    }

    /// Whether a clash is one chain of shares and changes from a figure to another, or around to itself. Nothing
    /// of it can be spared: without a link its halves hold a figure at most, and scale.
    fn is_chain(&self, found: &Clashing) -> bool {
        if !found.by_ratios || found.set.ends.len() > 2 {
            return false;
        }
        let mut links: FxHashMap<u32, u32> = FxHashMap::default();
        for &at in &found.set.ratios {
            let ratio = self.ratios[at as usize];
            *links.entry(ratio.own).or_default() += 1;
            *links.entry(ratio.base).or_default() += 1;
        }
        let loose = links.values().filter(|&&links| links == 1).count();
        let is_one = links.values().all(|&links| links <= 2)
            && matches!((loose, found.set.ends.len()), (0, 1) | (2, 2));
        is_one && {
            // No part and whole among them, which might clash by fewer.
            let small = Small::new(self, &found.set, false);
            let mut cells = small.ratios.iter().flat_map(|ratio| [ratio.own, ratio.base]);
            cells.all(|cell| small.network.rows_into(cell).is_empty())
        }
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
    pub(super) fn new(part: &Part<'_>, set: &Set, rests: bool) -> Self {
        let key = |cell: u32| part.network.cells[cell as usize];
        let ends: Vec<End> = set.ends.iter().map(|&at| part.ends[at as usize]).collect();
        let ratios: Vec<Ratio> = set.ratios.iter().map(|&at| part.ratios[at as usize]).collect();
        let mut keys: Vec<Key> = ends.iter().map(|end| key(end.cell)).collect();
        keys.extend(ratios.iter().flat_map(|ratio| [key(ratio.own), key(ratio.base)]));
        if rests {
            // The rest is beside the same populations everywhere.
            let populations = part.network.populations();
            let all = keys.iter().flat_map(|key| populations.iter().map(|&population| key.of(population)));
            keys = all.collect();
        }
        keys.sort_unstable();
        keys.dedup();
        let network = Network::whole(part.frame, keys);
        let cell = |old: u32| network.find(key(old)).unwrap_or(0);
        let ends = ends.into_iter().map(|end| End { cell: cell(end.cell), ..end }).collect();
        let ratios = ratios
            .into_iter()
            .map(|ratio| Ratio { own: cell(ratio.own), base: cell(ratio.base), ..ratio })
            .collect();
        Self { network, ends, ratios, rests }
    }

    /// Its constraints.
    pub(super) fn system(&self, frame: &Frame<'_>) -> System<'_> {
        System::new(frame, &self.network, &self.ends, &self.ratios, self.rests)
    }
}
