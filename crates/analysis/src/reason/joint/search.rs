//! Which sets of claims clash in one part of the workspace that hangs together.
//!
//! The widest look comes first: all current claims, whatever their certainty. Where nothing clashes there,
//! nothing clashes in any narrower one, and that is the end of it for nearly all parts. Otherwise each party's
//! claims in one source, each party's, the certain ones of all, and all are searched in turn.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::part::Part;
use super::pass::{Pass, Site};
use super::system::Set;
use crate::document::Certainty;
use crate::id::AnswerId;
use gainsay_reading::figure::OPEN;

/// A smallest set of claims that cannot hold together.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Its ends, shares and changes.
    pub(super) set: Set,
    /// For each end how far it would have to give way.
    pub(super) gives: Vec<i64>,
    /// By how much all low ends at the site pass the broken one; no less than what the set needs.
    pub(super) excess: i64,
    /// The end that is broken, by its place.
    pub(super) broken: u32,
    /// High ends that the same other claims break as well: of larger wholes, or of other days.
    pub(super) echoes: Vec<u32>,
    /// Further sets of low ends that break the same high end by the same row.
    pub(super) further: Vec<Vec<u32>>,
}

/// The low ends of a set, whether one party states all of it, and whether it has no hedged claims.
type Lows = (Vec<u32>, bool, bool);

/// What was found in a part.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) found: Vec<Found>,
    /// Whether something was too large to be searched to the end.
    pub(super) unsearched: bool,
    /// Each set found by carrying low ends up, with its place among those found.
    known: FxHashMap<Lows, usize>,
    /// The answers of each set.
    sets: FxHashSet<Vec<AnswerId>>,
    /// The wholes and rows that certain claims broke.
    broken: FxHashSet<(u32, u32)>,
}

impl Findings {
    /// Whether a set of answers has not been found before.
    pub(super) fn is_new(&mut self, answers: Vec<AnswerId>) -> bool {
        self.sets.insert(answers)
    }
}

/// The least cost of finding and showing one set, in steps.
const STEPS_PER_SET: usize = 500;

/// The cost of gathering one low end for a high end that it breaks. A long chain of events in which each is too low
/// for what its parts add up to gathers the same ends again for every event.
const STEPS_PER_LOW: usize = 16;

/// A party's own claims are searched apart from the rest if the part has this many times as many ends.
const MUCH_LARGER: usize = 8;

impl Part<'_> {
    /// The sets that clash.
    pub(super) fn search(&self) -> Findings {
        let mut findings = Findings { unsearched: self.network.cut, ..Findings::default() };
        let mut pass = Pass::new(&self.network);
        let all = self.all(|_| true);
        let mut clashes = false;
        pass.run(&self.network, &self.ends, all.ends.iter().copied(), |_, _| {
            clashes = true;
            None
        });
        let needs = self.needs(&pass, &all);
        if clashes || needs.any && !self.holds(&all, needs, &mut findings) {
            self.look_around(&mut pass, &all, &mut findings);
        }
        let usual = self.as_usual();
        if usual.ends.len() > all.ends.len() && !self.holds(&usual, needs, &mut findings) {
            let before = findings.found.len();
            self.complete(&usual, &[], needs, &mut findings);
            let mut at = 0;
            findings.found.retain(|found| {
                at += 1;
                at <= before || self.is_usual(&found.set)
            });
        }
        findings
    }

    /// The looks, narrow to wide. The narrow ones leave at least half of the work to the wide ones.
    fn look_around(&self, pass: &mut Pass, all: &Set, findings: &mut Findings) {
        self.work.with_half(|| {
            for own in self.own_scopes() {
                if self.work.spend(own.ends.len() + own.ratios.len()).is_none() {
                    findings.unsearched = true;
                    return;
                }
                if (own.ends.len() + own.ratios.len()) * MUCH_LARGER < self.ends.len() {
                    self.look_at_own_apart(&own, findings);
                } else {
                    self.look_at_own(pass, &own, findings);
                }
            }
        });
        findings.broken.clear();
        let certain = self.all(|answer| self.is_certain(answer));
        self.between(pass, &certain, false, findings);
        self.between(pass, all, true, findings);
    }

    /// Searches the claims of one party, the certain ones first.
    fn look_at_own(&self, pass: &mut Pass, own: &Set, findings: &mut Findings) {
        findings.broken.clear();
        let certain = self.part_of(own, |answer| self.is_certain(answer));
        if certain != *own {
            self.look(pass, &certain, false, findings);
        }
        self.look(pass, own, true, findings);
    }

    /// The same in a part that holds nothing else.
    fn look_at_own_apart(&self, own: &Set, findings: &mut Findings) {
        let Some(part) = self.of_set(own) else {
            findings.unsearched = true;
            return;
        };
        let mut apart = Findings::default();
        part.look_at_own(&mut Pass::new(&part.network), &part.as_usual(), &mut apart);
        self.merge(own, apart, findings);
    }

    /// Takes over what was found in a part of some claims.
    fn merge(&self, of: &Set, apart: Findings, findings: &mut Findings) {
        findings.unsearched |= apart.unsearched;
        let ends = |places: &[u32]| -> Vec<u32> { places.iter().map(|&at| of.ends[at as usize]).collect() };
        let mut lows: Vec<Option<Lows>> = vec![None; apart.found.len()];
        for ((own, is_of_one, is_certain), at) in apart.known {
            lows[at] = Some((ends(&own), is_of_one, is_certain));
        }
        for (found, lows) in apart.found.into_iter().zip(lows) {
            let ratios = found.set.ratios.iter().map(|&at| of.ratios[at as usize]);
            let set = Set { ends: ends(&found.set.ends), ratios: ratios.collect() };
            let found = Found {
                broken: of.ends[found.broken as usize],
                echoes: ends(&found.echoes),
                further: found.further.iter().map(|lows| ends(lows)).collect(),
                set,
                ..found
            };
            let known = lows.as_ref().and_then(|lows| findings.known.get(lows).copied());
            match known {
                Some(at) if findings.found[at].broken != found.broken => {
                    findings.found[at].echoes.push(found.broken);
                    findings.found[at].echoes.extend(found.echoes);
                }
                Some(_) => {}
                None => {
                    if findings.is_new(self.answers(&found.set)) {
                        findings.known.extend(lows.map(|lows| (lows, findings.found.len())));
                        findings.found.push(found);
                    }
                }
            }
        }
    }

    fn is_certain(&self, answer: AnswerId) -> bool {
        self.claim(answer).certainty == Certainty::Certain
    }

    /// What the claims of all say; where some party clashes with itself, also without either end of that, so
    /// that it does not hide a clash with others.
    fn between(&self, pass: &mut Pass, scope: &Set, is_wide: bool, findings: &mut Findings) {
        let own = findings.found.iter().filter(|found| self.is_of_one(&found.set));
        let own: FxHashSet<u32> = own.flat_map(|found| found.set.ends.iter().copied()).collect();
        self.look(pass, scope, is_wide, findings);
        if own.is_empty() {
            return;
        }
        for is_low in [true, false] {
            let mut without = scope.clone();
            without.ends.retain(|at| self.ends[*at as usize].is_low != is_low || !own.contains(at));
            self.look(pass, &without, is_wide, findings);
        }
    }

    /// One look: low ends carried up, then, where that is not all, the exact test.
    fn look(&self, pass: &mut Pass, scope: &Set, is_wide: bool, findings: &mut Findings) {
        pass.clear(&self.network);
        let mut broken: Vec<u32> = Vec::new();
        // What the low ends of the last set at a row come to: every high end below that they break as well.
        let mut covered: FxHashMap<u32, i128> = FxHashMap::default();
        let is_done = pass.run(&self.network, &self.ends, scope.ends.iter().copied(), |pass, site| {
            self.work.spend(1)?;
            if broken.last() != Some(&site.high) {
                broken.push(site.high);
            }
            let high = i128::from(self.ends[site.high as usize].value);
            if covered.get(&site.row).is_none_or(|sum| *sum <= high) {
                let leaves = pass.trace(&self.network, site.row);
                self.work.spend(STEPS_PER_LOW * leaves.len())?;
                covered.extend(self.add(site, leaves, scope, is_wide, findings).map(|sum| (site.row, sum)));
            }
            Some(())
        });
        if is_done.is_none() {
            findings.unsearched = true;
            return;
        }
        let needs = self.needs(pass, scope);
        if needs.any {
            self.complete(scope, &broken, needs, findings);
        }
    }

    /// Adds the smallest set at a site, unless it is known; says what its low ends come to.
    fn add(
        &self,
        site: Site,
        mut leaves: Vec<u32>,
        scope: &Set,
        is_wide: bool,
        findings: &mut Findings,
    ) -> Option<i128> {
        leaves.sort_by_key(|&at| (Reverse(self.ends[at as usize].value), self.in_time(at)));
        let high = self.ends[site.high as usize];
        let mut rest = leaves.as_slice();
        let (taken, left) = self.cut(rest, high.value)?;
        rest = left;
        let sum_of =
            |ends: &[u32]| -> i128 { ends.iter().map(|&at| i128::from(self.ends[at as usize].value)).sum() };
        let sum = sum_of(taken);
        let past = |sum: i128| i64::try_from(sum - i128::from(high.value)).unwrap_or(OPEN);
        let mut lows: Vec<u32> = taken.iter().map(|&at| self.told_by(at, scope)).collect();
        lows.sort_unstable();
        let broken = self.told_by(site.high, scope);
        let mut set = Set { ends: lows.clone(), ratios: Vec::new() };
        set.ends.push(broken);
        let is_of_one = self.is_of_one(&set);
        let place = (high.cell, site.row);
        let answers = self.answers(&set);
        if findings.sets.contains(&answers) {
            return Some(sum);
        }
        // What needs a hedged claim may be another like a set that does not, and not the other way round.
        let is_certain = answers.iter().all(|&answer| self.is_certain(answer));
        let known = |certain: bool| findings.known.get(&(lows.clone(), is_of_one, certain)).copied();
        if let Some(at) = known(true).or_else(|| known(false).filter(|_| !is_certain)) {
            findings.found[at].echoes.push(broken);
            return Some(sum);
        }
        if is_wide && findings.broken.contains(&place) {
            return Some(sum);
        }
        if !self.may_add(findings) {
            return None;
        }
        let mut further = Vec::new();
        while let Some((taken, left)) = self.cut(rest, high.value) {
            further.push(taken.to_vec());
            rest = left;
        }
        findings.broken.insert(place);
        findings.sets.insert(answers);
        findings.known.insert((lows, is_of_one, is_certain), findings.found.len());
        let gives = vec![past(sum); set.ends.len()];
        let excess = past(sum_of(&leaves));
        findings.found.push(Found { set, gives, excess, broken, echoes: Vec::new(), further });
        Some(sum)
    }

    /// Spends what one more set costs. Returns whether enough was left.
    pub(super) fn may_add(&self, findings: &mut Findings) -> bool {
        let may = self.work.spend(STEPS_PER_SET).is_some();
        findings.unsearched |= !may;
        may
    }

    /// The fewest of some low ends, the largest first, that together pass a high end; and what is left.
    fn cut<'l>(&self, leaves: &'l [u32], high: i64) -> Option<(&'l [u32], &'l [u32])> {
        let mut sum: i128 = 0;
        for (at, &leaf) in leaves.iter().enumerate() {
            sum += i128::from(self.ends[leaf as usize].value);
            if sum > i128::from(high) {
                return Some(leaves.split_at(at + 1));
            }
        }
        None
    }
}
