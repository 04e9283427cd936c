//! Claims that constrain each other, as ends and ratios, with an index of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashSet;

use super::ends::{End, Ratio, Stated, stated};
use super::exact::Small;
use super::network::{Frame, Key, Network};
use super::system::Set;
use super::work::Work;
use crate::id::{ActorId, AnswerId, Id as _, QuestionId, SourceId};
use crate::model::{Claim, Value};
use crate::reason::statements::StatementReader;
use gainsay_reading::figure::OPEN;

/// One part of a workspace that hangs together.
pub(super) struct Part<'a> {
    pub(super) reader: &'a StatementReader<'a>,
    pub(super) frame: &'a Frame<'a>,
    pub(super) network: Network,
    /// In the order of days, low ends before high ends, by cells and values; of equal ends the one to name first.
    pub(super) ends: Vec<End>,
    pub(super) ratios: Vec<Ratio>,
    /// The work that is left, also for parts of this one.
    pub(super) work: Arc<Work>,
    index: OnceLock<Index>,
}

/// Where things are in a part. Most parts hold no clash and need none of it.
pub(super) struct Index {
    /// The places of all populations.
    pub(super) populations: Vec<u32>,
    /// Whether the same populations are looked at everywhere.
    pub(super) is_even: bool,
    /// The ends by cells, low ends first.
    by_cell: Vec<u32>,
    /// For each answer its ends, and its ratio, counted on from the ends.
    by_answer: Vec<(AnswerId, u32)>,
    /// For each ratio the first one that says exactly the same.
    pub(super) first_twin: Vec<u32>,
}

impl<'a> Part<'a> {
    /// What the answers to some questions say together; none where nothing of it can clash.
    pub(super) fn new(
        reader: &'a StatementReader<'a>,
        frame: &'a Frame<'a>,
        questions: &[QuestionId],
    ) -> Option<Self> {
        let mut figures: Vec<(Key, End)> = Vec::new();
        let mut ratios: Vec<(Key, Key, Ratio)> = Vec::new();
        let mut at_least: Vec<(Key, End)> = Vec::new();
        let mut claims = 0;
        for answer in questions.iter().flat_map(|&question| reader.model.answers_to(question)) {
            let stated = stated(reader, frame, answer);
            claims += usize::from(stated.is_some());
            match stated {
                Some(Stated::Figure { key, range, days, is_denial, is_at_least }) => {
                    let end = |is_low, day, value| End { cell: 0, is_low, day, value, answer, usual: false };
                    if range.low > 0 {
                        figures.push((key, end(true, days.first, range.low)));
                    }
                    if range.high != OPEN {
                        let day = if is_denial { i32::MAX } else { days.last };
                        figures.push((key, end(false, day, range.high)));
                    }
                    if is_at_least {
                        at_least.push((key, End { usual: true, ..end(false, days.last, range.low) }));
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
        let place = |end: &End| (end.day, !end.is_low, end.cell, end.value);
        let rank = |end: &End| (Reverse(reader.naming_rank(end.answer)), end.usual);
        ends.sort_unstable_by(|a, b| place(a).cmp(&place(b)).then_with(|| rank(a).cmp(&rank(b))));
        let ratios =
            ratios.into_iter().map(|(own, base, ratio)| Ratio { own: cell(own), base: cell(base), ..ratio });
        let ratios = ratios.collect();
        Some(Self::of(reader, frame, network, ends, ratios, Arc::new(Work::new(claims))))
    }

    fn of(
        reader: &'a StatementReader<'a>,
        frame: &'a Frame<'a>,
        network: Network,
        ends: Vec<End>,
        ratios: Vec<Ratio>,
        work: Arc<Work>,
    ) -> Self {
        Self { reader, frame, network, ends, ratios, work, index: OnceLock::new() }
    }

    /// A part of some of the ends and ratios, in the order of the set, with no more cells than they need.
    pub(super) fn of_set(&self, set: &Set) -> Option<Self> {
        let Small { network, ends, ratios, .. } = Small::new(self, set, false)?;
        Some(Self::of(self.reader, self.frame, network, ends, ratios, Arc::clone(&self.work)))
    }

    /// The same part with one end more, on a cell of the same frame.
    pub(super) fn with_end(&self, key: Key, end: End) -> Self {
        let mut asked = self.network.cells.clone();
        asked.push(key);
        asked.sort_unstable();
        asked.dedup();
        let network = Network::whole(self.frame, asked);
        let cell = |cell: u32| network.find(self.network.cells[cell as usize]).unwrap_or(0);
        let mut ends: Vec<End> = self.ends.iter().map(|end| End { cell: cell(end.cell), ..*end }).collect();
        ends.push(End { cell: network.find(key).unwrap_or(0), ..end });
        let ratios = self.ratios.iter();
        let ratios = ratios.map(|ratio| Ratio { own: cell(ratio.own), base: cell(ratio.base), ..*ratio });
        let ratios = ratios.collect();
        Self::of(self.reader, self.frame, network, ends, ratios, Arc::clone(&self.work))
    }

    pub(super) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self))
    }

    /// The ends of one side of a cell.
    pub(super) fn ends_of(&self, cell: u32, is_low: bool) -> &[u32] {
        let place = |&at: &u32| {
            let end = &self.ends[at as usize];
            (end.cell, !end.is_low)
        };
        let by_cell = &self.index().by_cell;
        let from = by_cell.partition_point(|at| place(at) < (cell, !is_low));
        let to = by_cell.partition_point(|at| place(at) <= (cell, !is_low));
        &by_cell[from..to]
    }

    /// The ends and ratios in a set that come from some answers.
    pub(super) fn part_of(&self, set: &Set, wanted: impl Fn(AnswerId) -> bool) -> Set {
        let ends = set.ends.iter().copied().filter(|&at| wanted(self.ends[at as usize].answer));
        let ratios = set.ratios.iter().copied().filter(|&at| wanted(self.ratios[at as usize].answer));
        Set { ends: ends.collect(), ratios: ratios.collect() }
    }

    /// Everything, usual readings included.
    pub(super) fn as_usual(&self) -> Set {
        Set { ends: (0..self.ends.len() as u32).collect(), ratios: (0..self.ratios.len() as u32).collect() }
    }

    /// All ends and ratios of some answers, without usual readings.
    pub(super) fn all(&self, wanted: impl Fn(AnswerId) -> bool) -> Set {
        let is_hard = |&at: &u32| !self.ends[at as usize].usual;
        let ends =
            (0..self.ends.len() as u32).filter(is_hard).filter(|&at| wanted(self.ends[at as usize].answer));
        let ratios = (0..self.ratios.len() as u32).filter(|&at| wanted(self.ratios[at as usize].answer));
        Set { ends: ends.collect(), ratios: ratios.collect() }
    }

    /// The same for a list of answers.
    pub(super) fn all_of(&self, answers: &[AnswerId]) -> Set {
        let by_answer = &self.index().by_answer;
        let mut set = Set::default();
        for &answer in answers {
            let from = by_answer.partition_point(|(known, _)| *known < answer);
            for &(_, at) in by_answer[from..].iter().take_while(|(known, _)| *known == answer) {
                match (at as usize).checked_sub(self.ends.len()) {
                    Some(ratio) => set.ratios.push(ratio as u32),
                    None if self.ends[at as usize].usual => {}
                    None => set.ends.push(at),
                }
            }
        }
        set.ends.sort_unstable();
        set.ratios.sort_unstable();
        set
    }

    /// A set with both ends of each of its claims.
    pub(super) fn whole(&self, set: &Set) -> Set {
        let mut whole = self.all_of(&self.answers(set));
        whole.ends.extend(set.ends.iter().filter(|&&at| self.ends[at as usize].usual));
        whole.ends.sort_unstable();
        whole
    }

    /// What each party says in one source, and in all, where it gives several answers.
    pub(super) fn own_scopes(&self) -> Vec<Set> {
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

    /// Among the ends that say the same as one, the end that is named for all: without a hedge, said first, by name.
    pub(super) fn told_by(&self, at: u32, scope: &Set) -> u32 {
        let place = |end: &End| (end.day, !end.is_low, end.cell, end.value);
        let own = place(&self.ends[at as usize]);
        let from = self.ends.partition_point(|end| place(end) < own) as u32;
        let mut same =
            (from..self.ends.len() as u32).take_while(|&other| place(&self.ends[other as usize]) == own);
        same.find(|other| scope.ends.binary_search(other).is_ok()).unwrap_or(at)
    }

    /// The order in which ends are named that would clash equally.
    pub(super) fn in_time(&self, at: u32) -> impl Ord + use<> {
        Reverse(self.reader.naming_rank(self.ends[at as usize].answer))
    }

    /// The first of its questions.
    pub(super) fn question(&self) -> Option<QuestionId> {
        let answers =
            self.ends.iter().map(|end| end.answer).chain(self.ratios.iter().map(|ratio| ratio.answer));
        answers.map(|answer| self.reader.model.answers.question[answer.index()]).min()
    }

    /// The claim of an answer.
    pub(super) fn claim(&self, answer: AnswerId) -> &'a Claim {
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

    /// Whether all answers of a set are of one party.
    pub(super) fn is_of_one(&self, set: &Set) -> bool {
        let mut parties = self.answers(set).into_iter().map(|answer| self.claim(answer).party);
        let first = parties.next();
        parties.all(|party| Some(party) == first)
    }

    /// Whether a set needs a usual reading, and a change that the same speaker states in the same source.
    pub(super) fn is_usual(&self, set: &Set) -> bool {
        let usual = set.ends.iter().map(|&at| self.ends[at as usize]).filter(|end| end.usual);
        let beside = |end: &End| {
            let own = Some(stated_by(self.reader, end.answer));
            set.ratios.iter().any(|&at| change_by(self.reader, self.ratios[at as usize].answer) == own)
        };
        let mut usual = usual.peekable();
        usual.peek().is_some() && usual.all(|end| beside(&end))
    }
}

impl Index {
    fn new(part: &Part<'_>) -> Self {
        let populations = part.network.populations();
        let mut groups = part.network.cells.chunk_by(|a, b| a.is_fellow(*b)).map(<[Key]>::len);
        let first = groups.next();
        let is_even = groups.all(|size| Some(size) == first) && first == Some(populations.len());
        let mut by_cell: Vec<u32> = (0..part.ends.len() as u32).collect();
        by_cell.sort_unstable_by_key(|&at| {
            let end = &part.ends[at as usize];
            (end.cell, !end.is_low, at)
        });
        let answers = part.ends.iter().map(|end| end.answer);
        let answers = answers.chain(part.ratios.iter().map(|ratio| ratio.answer));
        let mut by_answer: Vec<(AnswerId, u32)> = answers.zip(0..).collect();
        by_answer.sort_unstable();
        let first_twin = first_twins(&part.ratios);
        Self { populations, is_even, by_cell, by_answer, first_twin }
    }
}

fn first_twins(ratios: &[Ratio]) -> Vec<u32> {
    let says = |at: u32| {
        let Ratio { own, base, low, high, day, .. } = ratios[at as usize];
        (own, base, low, high, day)
    };
    let mut order: Vec<u32> = (0..ratios.len() as u32).collect();
    order.sort_unstable_by_key(|&at| (says(at), at));
    let mut first = vec![0; ratios.len()];
    for twins in order.chunk_by(|&a, &b| says(a) == says(b)) {
        for &at in twins {
            first[at as usize] = twins[0];
        }
    }
    first
}

/// The question, the speaker and the source of an answer.
fn stated_by(reader: &StatementReader<'_>, answer: AnswerId) -> (QuestionId, ActorId, SourceId) {
    let claim = reader.model.claim(reader.model.answers.claim[answer.index()]);
    (reader.model.answers.question[answer.index()], claim.by, claim.source)
}

/// The same of an answer that is a change.
fn change_by(reader: &StatementReader<'_>, answer: AnswerId) -> Option<(QuestionId, ActorId, SourceId)> {
    let is_change = matches!(reader.model.answers.value[answer.index()], Value::Change(..));
    is_change.then(|| stated_by(reader, answer))
}
