//! Which sets of claims clash in one part of the workspace that hangs together.
//!
//! The widest look comes first: all current claims, whatever their certainty. Where nothing clashes there,
//! nothing clashes in any narrower one, and that is the end of it for nearly all parts. Otherwise each party's
//! claims in one source, each party's, the certain ones of all, and all are searched in turn.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::ends::{End, Ratio, Stated, stated};
use super::network::{Frame, Key, Network};
use super::pass::{Pass, Site};
use super::system::Set;
use crate::document::Certainty;
use crate::figure::OPEN;
use crate::id::{ActorId, AnswerId, Id as _, QuestionId, SourceId};
use crate::model::{Claim, Value};
use crate::reason::statements::Reader;

/// One part of a workspace that hangs together.
pub(super) struct Part<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) frame: &'a Frame<'a>,
    pub(super) network: Network,
    /// In the order of days, low ends before high ends, by cells, values and answers.
    pub(super) ends: Vec<End>,
    pub(super) ratios: Vec<Ratio>,
    /// Whether the same populations are looked at everywhere.
    pub(super) is_even: bool,
}

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

/// So many low ends are gathered in one part for the high ends that they break. A long chain of events in which each is
/// too low for all that is told of its parts gathers the same again for every one of them.
const MAX_TRACED: usize = 1 << 19;

/// What was found in a part.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) found: Vec<Found>,
    /// Whether something was too large to be searched to the end.
    pub(super) unsearched: bool,
    /// How many low ends were gathered so far at ends that they break.
    traced: usize,
    /// How many rows exact tests have gone through so far.
    pub(super) work: usize,
    /// The low ends of each set, whether it is all of one party and whether it is without hedged claims, with its
    /// place among those found.
    known: FxHashMap<(Vec<u32>, bool, bool), usize>,
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

impl<'a> Part<'a> {
    /// What the answers to some questions say together; none where nothing of it can clash.
    pub(super) fn new(
        reader: &'a Reader<'a>,
        frame: &'a Frame<'a>,
        questions: &[QuestionId],
    ) -> Option<Self> {
        let mut figures: Vec<(Key, End)> = Vec::new();
        let mut ratios: Vec<(Key, Key, Ratio)> = Vec::new();
        let mut at_least: Vec<(Key, End)> = Vec::new();
        for answer in questions.iter().flat_map(|&question| reader.model.answers_to(question)) {
            match stated(reader, frame, answer) {
                Some(Stated::Figure { key, range, slot, is_denial, is_at_least }) => {
                    let end = |is_low, day, value| End { cell: 0, is_low, day, value, answer, usual: false };
                    if range.low > 0 {
                        figures.push((key, end(true, slot.first, range.low)));
                    }
                    if range.high != OPEN {
                        let day = if is_denial { i32::MAX } else { slot.last };
                        figures.push((key, end(false, day, range.high)));
                    }
                    if is_at_least {
                        at_least.push((key, End { usual: true, ..end(false, slot.last, range.low) }));
                    }
                }
                Some(Stated::Ratio { own, base, low, high, day }) => {
                    ratios.push((own, base, Ratio { own: 0, base: 0, low, high, day, answer }));
                }
                None => {}
            }
        }
        let changes: FxHashSet<_> =
            ratios.iter().filter_map(|(.., ratio)| change_by(reader, ratio.answer)).collect();
        at_least.retain(|(_, end)| changes.contains(&stated_by(reader, end.answer)));
        figures.append(&mut at_least);
        let told = figures.windows(2).any(|pair| pair[0].0 != pair[1].0);
        let alone = questions.first().is_some_and(|&id| frame.stands_beside(reader.model.question(id)));
        if !told && ratios.is_empty() && !alone {
            return None;
        }
        let mut asked: Vec<Key> = figures.iter().map(|(key, _)| *key).collect();
        asked.extend(ratios.iter().flat_map(|&(own, base, _)| [own, base]));
        asked.sort_unstable();
        asked.dedup();
        let network = Network::whole(frame, asked);
        if network.rows.is_empty() && ratios.is_empty() && !alone {
            return None;
        }
        let cell = |key| network.find(key).unwrap_or(0);
        let mut ends: Vec<End> =
            figures.into_iter().map(|(key, end)| End { cell: cell(key), ..end }).collect();
        ends.sort_unstable_by_key(|end| (end.day, !end.is_low, end.cell, end.value, end.answer));
        let ratios =
            ratios.into_iter().map(|(own, base, ratio)| Ratio { own: cell(own), base: cell(base), ..ratio });
        let ratios = ratios.collect();
        Some(Self::of(reader, frame, network, ends, ratios))
    }

    pub(super) fn of(
        reader: &'a Reader<'a>,
        frame: &'a Frame<'a>,
        network: Network,
        ends: Vec<End>,
        ratios: Vec<Ratio>,
    ) -> Self {
        let mut groups = network.cells.chunk_by(|a, b| a.is_fellow(*b)).map(<[Key]>::len);
        let first = groups.next();
        let is_even = groups.all(|size| Some(size) == first) && first == Some(network.populations().len());
        Self { reader, frame, network, ends, ratios, is_even }
    }

    /// The sets that clash.
    pub(super) fn search(&self) -> Findings {
        let mut findings = Findings { unsearched: self.network.cut, ..Findings::default() };
        let mut pass = Pass::new(&self.network);
        let all = self.all(|_| true);
        let mut clashes = false;
        pass.run(&self.network, &self.ends, all.ends.iter().copied(), |_, _| clashes = true);
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
                at <= before || self.is_usual(found)
            });
        }
        findings
    }

    /// The looks, narrow to wide.
    fn look_around(&self, pass: &mut Pass, all: &Set, findings: &mut Findings) {
        let is_certain = |answer| self.claim(answer).certainty == Certainty::Certain;
        for own in self.own_scopes() {
            findings.broken.clear();
            let certain = self.part_of(&own, is_certain);
            if certain != own {
                self.look(pass, &certain, false, findings);
            }
            self.look(pass, &own, true, findings);
        }
        findings.broken.clear();
        let certain = self.all(is_certain);
        self.between(pass, &certain, false, findings);
        self.between(pass, all, true, findings);
    }

    /// Everything, usual readings included.
    pub(super) fn as_usual(&self) -> Set {
        Set { ends: (0..self.ends.len() as u32).collect(), ratios: (0..self.ratios.len() as u32).collect() }
    }

    /// Whether a set leans on a usual reading, and on a change stated beside it.
    pub(super) fn is_usual(&self, found: &Found) -> bool {
        let usual = found.set.ends.iter().map(|&at| self.ends[at as usize]).filter(|end| end.usual);
        let beside = |end: &End| {
            let own = Some(stated_by(self.reader, end.answer));
            found.set.ratios.iter().any(|&at| change_by(self.reader, self.ratios[at as usize].answer) == own)
        };
        let mut usual = usual.peekable();
        usual.peek().is_some() && usual.all(|end| beside(&end))
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
        pass.run(&self.network, &self.ends, scope.ends.iter().copied(), |pass, site| {
            broken.push(site.high);
            let high = i128::from(self.ends[site.high as usize].value);
            if findings.traced > MAX_TRACED {
                findings.unsearched = true;
                return;
            }
            if covered.get(&site.row).is_none_or(|sum| *sum <= high) {
                let leaves = pass.trace(&self.network, site.row);
                findings.traced += leaves.len();
                covered.extend(self.add(site, leaves, scope, is_wide, findings).map(|sum| (site.row, sum)));
            }
        });
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
        let is_certain = answers.iter().all(|&answer| self.claim(answer).certainty == Certainty::Certain);
        let known = |certain: bool| findings.known.get(&(lows.clone(), is_of_one, certain)).copied();
        if let Some(at) = known(true).or_else(|| known(false).filter(|_| !is_certain)) {
            findings.found[at].echoes.push(broken);
            return Some(sum);
        }
        if is_wide && findings.broken.contains(&place) {
            return Some(sum);
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

    /// Of the ends that say the same as one, that by which it is told: without a hedge, said first, by name.
    pub(super) fn told_by(&self, at: u32, scope: &Set) -> u32 {
        let of = |at: u32| {
            let End { cell, is_low, day, value, .. } = self.ends[at as usize];
            (cell, is_low, day, value)
        };
        let key = |end: &End| (end.day, !end.is_low, end.cell, end.value);
        let own = key(&self.ends[at as usize]);
        let from = self.ends.partition_point(|end| key(end) < own) as u32;
        let same = (from..self.ends.len() as u32).take_while(|&other| of(other) == of(at));
        same.filter(|other| scope.ends.binary_search(other).is_ok())
            .min_by_key(|&other| self.in_time(other))
            .unwrap_or(at)
    }

    /// The order in which ends that do as well as each other are named.
    pub(super) fn in_time(&self, at: u32) -> impl Ord + use<> {
        Reverse(self.reader.standing(self.ends[at as usize].answer))
    }

    /// The first of its questions.
    pub(super) fn question(&self) -> Option<QuestionId> {
        let answers =
            self.ends.iter().map(|end| end.answer).chain(self.ratios.iter().map(|ratio| ratio.answer));
        answers.map(|answer| self.reader.model.answers.question[answer.index()]).min()
    }

    /// The claim of an answer.
    pub(super) fn claim(&self, answer: AnswerId) -> &Claim {
        self.reader.model.claim(self.reader.model.answers.claim[answer.index()])
    }

    /// The answers of a set, each once, in order.
    pub(super) fn answers(&self, set: &Set) -> Vec<AnswerId> {
        let ends = set.ends.iter().map(|&at| self.ends[at as usize].answer);
        let mut answers: Vec<AnswerId> =
            ends.chain(set.ratios.iter().map(|&at| self.ratios[at as usize].answer)).collect();
        answers.sort_unstable();
        answers.dedup();
        answers
    }

    fn is_of_one(&self, set: &Set) -> bool {
        let mut parties = self.answers(set).into_iter().map(|answer| self.claim(answer).party);
        let first = parties.next();
        parties.all(|party| Some(party) == first)
    }

    /// All ends and ratios of some answers, without usual readings.
    pub(super) fn all(&self, wanted: impl Fn(AnswerId) -> bool) -> Set {
        let is_hard = |&at: &u32| !self.ends[at as usize].usual;
        let ends =
            (0..self.ends.len() as u32).filter(is_hard).filter(|&at| wanted(self.ends[at as usize].answer));
        let ratios = (0..self.ratios.len() as u32).filter(|&at| wanted(self.ratios[at as usize].answer));
        Set { ends: ends.collect(), ratios: ratios.collect() }
    }

    /// What each party says in one source, and in all, where it gives several answers.
    fn own_scopes(&self) -> Vec<Set> {
        let mut own: BTreeMap<(u8, Option<SourceId>, ActorId), Set> = BTreeMap::new();
        let mut said = |answer: AnswerId, put: &dyn Fn(&mut Set)| {
            let claim = self.claim(answer);
            put(own.entry((0, Some(claim.source), claim.party)).or_default());
            put(own.entry((1, None, claim.party)).or_default());
        };
        for (at, end) in self.ends.iter().enumerate().filter(|(_, end)| !end.usual) {
            said(end.answer, &|set| set.ends.push(at as u32));
        }
        for (at, ratio) in self.ratios.iter().enumerate() {
            said(ratio.answer, &|set| set.ratios.push(at as u32));
        }
        own.into_values().filter(|set| self.answers(set).len() > 1).collect()
    }
}

/// The question, the speaker and the source of an answer.
fn stated_by(reader: &Reader<'_>, answer: AnswerId) -> (QuestionId, ActorId, SourceId) {
    let claim = reader.model.claim(reader.model.answers.claim[answer.index()]);
    (reader.model.answers.question[answer.index()], claim.by, claim.source)
}

/// The same of an answer that is a change.
fn change_by(reader: &Reader<'_>, answer: AnswerId) -> Option<(QuestionId, ActorId, SourceId)> {
    let is_change = matches!(reader.model.answers.value[answer.index()], Value::Change(..));
    is_change.then(|| stated_by(reader, answer))
}
