//! When events began and ended: what cannot be later than what, and which days claims give.
//!
//! A claimed `date` says on which days its event may have begun, and a claimed `ended` on which it may have
//! ended: an interval is the days of which it was one. Of the end a `date` says nothing. Whoever writes
//! `2026-02-22/2026-02-25` may mean from the one to the other, some day between them, or a beginning between
//! them of something that went on; under all three it began in those days, and only that is held against
//! others.

use rustc_hash::FxHashMap;

use super::Said;
use super::statements::{Reader, said};
use crate::document::{MeasureType, SubjectKind};
use crate::figure::OPEN;
use crate::id::{ActorId, AnswerId, Id as _, QuestionId, SubjectId};
use crate::model::Model;
use crate::period::Day;

/// The start or the end of an event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Moment(u32);

impl Moment {
    /// When an event began.
    pub(super) fn start(event: SubjectId) -> Self {
        Self(2 * event.index() as u32)
    }

    /// When an event ended.
    fn end(event: SubjectId) -> Self {
        Self(2 * event.index() as u32 + 1)
    }

    /// The event.
    pub(super) fn event(self) -> SubjectId {
        SubjectId::new(self.0 as usize / 2)
    }

    /// Its place in tables of moments.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A day, and the answer that gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct End {
    pub(super) day: i64,
    pub(super) by: AnswerId,
}

/// The days that claims give for one moment.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Claimed {
    /// The latest of the first days.
    pub(super) low: Option<End>,
    /// The earliest of the last days.
    pub(super) high: Option<End>,
    /// The earliest of the first days; an open start counts as the earliest of all.
    pub(super) earliest: Option<End>,
}

/// All moments, with what cannot be later than what.
pub(super) struct Days<'a> {
    pub(super) reader: &'a Reader<'a>,
    /// For each moment those that are no later: of a start those of the wholes and of what it came after, of an
    /// end its own start and the ends of the parts.
    pub(super) earlier: Rows,
    /// The same the other way round.
    pub(super) later: Rows,
    /// All moments, each behind those that are no later.
    pub(super) order: Vec<Moment>,
    /// The questions that ask for a moment of an event.
    questions: Vec<(QuestionId, Moment)>,
}

impl<'a> Days<'a> {
    /// None where nobody gives a date.
    pub(super) fn new(reader: &'a Reader<'a>) -> Option<Self> {
        let model = reader.model;
        let questions: Vec<_> = model.question_ids().filter_map(|id| Some((id, asked(model, id)?))).collect();
        if questions.is_empty() {
            return None;
        }
        let mut pairs: Vec<(Moment, Moment)> = Vec::new();
        for (event, row) in model.subjects.iter().filter(|(_, row)| row.kind == SubjectKind::Event) {
            pairs.push((Moment::start(event), Moment::end(event)));
            for &whole in row.part_of.iter().filter(|&&whole| whole != event) {
                pairs.push((Moment::start(whole), Moment::start(event)));
                pairs.push((Moment::end(event), Moment::end(whole)));
            }
            let others = row.after.iter().filter(|&&other| other != event);
            pairs.extend(others.map(|&other| (Moment::start(other), Moment::start(event))));
        }
        let count = 2 * model.subjects.len();
        let later = Rows::new(count, &pairs);
        let back: Vec<_> = pairs.into_iter().map(|(a, b)| (b, a)).collect();
        let earlier = Rows::new(count, &back);
        let order = order(count, &earlier, &later);
        Some(Self { reader, earlier, later, order, questions })
    }

    /// The days that current claims give for each moment: those without a hedge, or all.
    pub(super) fn claimed(&self, only_certain: bool) -> Vec<Claimed> {
        let mut claimed = vec![Claimed::default(); 2 * self.reader.model.subjects.len()];
        for &(question, moment) in &self.questions {
            for (answer, low, high) in self.given(question) {
                if !only_certain || self.reader.is_certain(answer) {
                    self.add(&mut claimed[moment.index()], answer, low, high);
                }
            }
        }
        claimed
    }

    /// The current answers to a question, each with the first and the last day it gives.
    fn given(&self, question: QuestionId) -> impl Iterator<Item = (AnswerId, i64, i64)> {
        let current = self.reader.model.answers_to(question).filter(|at| self.reader.current[at.index()]);
        current.filter_map(|answer| match said(self.reader.model, answer) {
            Some(Said::Line(hard, _)) => Some((answer, hard.low, hard.high)),
            _ => None,
        })
    }

    /// Among answers that give one day, one without a hedge sets it, and of those the one said first.
    fn add(&self, claimed: &mut Claimed, by: AnswerId, low: i64, high: i64) {
        let rank = |end: End, sign: i64| (sign * end.day, self.reader.standing(end.by));
        let keep = |kept: &mut Option<End>, day: i64, sign: i64| {
            let end = End { day, by };
            if kept.is_none_or(|kept| rank(end, sign) > rank(kept, sign)) {
                *kept = Some(end);
            }
        };
        if low > i64::MIN {
            keep(&mut claimed.low, low, 1);
        }
        if high < OPEN {
            keep(&mut claimed.high, high, -1);
        }
        keep(&mut claimed.earliest, low.max(i64::from(Day::MIN.number())), -1);
    }

    /// For each event and party that gives its `date`, the earliest first day it gives.
    pub(super) fn starts_by_party(&self) -> FxHashMap<(SubjectId, ActorId), i64> {
        let model = self.reader.model;
        let mut starts = FxHashMap::default();
        for &(question, moment) in &self.questions {
            if moment == Moment::start(moment.event()) {
                for (answer, low, _) in self.given(question) {
                    let party = model.claim(model.answers.claim[answer.index()]).party;
                    let known = starts.entry((moment.event(), party)).or_insert(low);
                    *known = low.min(*known);
                }
            }
        }
        starts
    }
}

/// The moment that a question asks for.
fn asked(model: &Model, id: QuestionId) -> Option<Moment> {
    let question = model.question(id);
    let is_event = model.subjects[question.subject].kind == SubjectKind::Event;
    if !is_event || model.measures[question.measure].kind != MeasureType::Date {
        return None;
    }
    match model.measures.name(question.measure).as_str() {
        "date" => Some(Moment::start(question.subject)),
        "ended" => Some(Moment::end(question.subject)),
        _ => None,
    }
}

/// The events from a moment back to the one for which a day that reached it was claimed. Of a long way only the first
/// steps and the end.
pub(super) fn way(
    moment: Moment,
    claimed: SubjectId,
    before: impl Fn(Moment) -> Option<Moment>,
) -> Vec<SubjectId> {
    const LONGEST: usize = 16;
    let mut events = vec![moment.event()];
    let mut next = before(moment);
    while let Some(at) = next.filter(|_| events.len() < LONGEST) {
        next = before(at);
        if events.last() != Some(&at.event()) {
            events.push(at.event());
        }
    }
    if next.is_some() && events.last() != Some(&claimed) {
        events.push(claimed);
    }
    events
}

/// For each moment a list of others.
pub(super) struct Rows {
    first: Vec<u32>,
    to: Vec<Moment>,
}

impl Rows {
    fn new(count: usize, pairs: &[(Moment, Moment)]) -> Self {
        let mut pairs = pairs.to_vec();
        pairs.sort_unstable();
        pairs.dedup();
        let mut first = vec![0; count + 1];
        for (from, _) in &pairs {
            first[from.index() + 1] += 1;
        }
        for at in 0..count {
            first[at + 1] += first[at];
        }
        Self { first, to: pairs.into_iter().map(|(_, to)| to).collect() }
    }

    pub(super) fn of(&self, moment: Moment) -> &[Moment] {
        let at = moment.index();
        &self.to[self.first[at] as usize..self.first[at + 1] as usize]
    }
}

/// Each moment behind those that are no later. A circle, which is an error of the files, is cut where it is
/// first met.
fn order(count: usize, earlier: &Rows, later: &Rows) -> Vec<Moment> {
    let all = || (0..count as u32).map(Moment);
    let mut waiting: Vec<usize> = all().map(|moment| earlier.of(moment).len()).collect();
    let mut placed = vec![false; count];
    let mut order = Vec::with_capacity(count);
    let mut ready: Vec<Moment> = Vec::new();
    let free = all().filter(|moment| earlier.of(*moment).is_empty());
    for start in free.chain(all()) {
        ready.push(start);
        while let Some(moment) = ready.pop() {
            if std::mem::replace(&mut placed[moment.index()], true) {
                continue;
            }
            order.push(moment);
            for next in later.of(moment) {
                waiting[next.index()] = waiting[next.index()].saturating_sub(1);
                if waiting[next.index()] == 0 {
                    ready.push(*next);
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(count: u32, pairs: &[(u32, u32)]) -> Vec<u32> {
        let pairs: Vec<_> = pairs.iter().map(|&(a, b)| (Moment(a), Moment(b))).collect();
        let back: Vec<_> = pairs.iter().map(|&(a, b)| (b, a)).collect();
        let (later, earlier) = (Rows::new(count as usize, &pairs), Rows::new(count as usize, &back));
        order(count as usize, &earlier, &later).into_iter().map(|moment| moment.0).collect()
    }

    #[test]
    fn a_circle_is_cut_and_what_hangs_on_it_comes_behind() {
        assert_eq!(ordered(4, &[(1, 2), (2, 1), (2, 3), (0, 1)]), [0, 1, 2, 3]);
    }

    proptest::proptest! {
        #[test]
        fn each_moment_comes_once_and_behind_what_is_no_later(
            pairs in proptest::collection::vec((0_u32..30, 0_u32..30), 0..80),
        ) {
            // Numbers that only rise make no circle; turned round, they stand against the order of indices.
            let pairs: Vec<_> = pairs
                .into_iter()
                .filter(|(a, b)| a != b)
                .map(|(a, b)| (29 - a.min(b), 29 - a.max(b)))
                .collect();
            let order = ordered(30, &pairs);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..30).collect::<Vec<_>>());
            let place = |moment| order.iter().position(|&other| other == moment);
            for (a, b) in pairs {
                assert!(place(a) < place(b), "{a} is no later than {b}: {order:?}");
            }
        }
    }
}
