//! When events began and ended: which moments cannot be later than which, and the days that claims give for
//! them.
//!
//! A claimed `date` gives the days on which an event may have begun, and a claimed `ended` the days on which
//! it may have ended; an interval means one of its days. A `date` says nothing about the end.
//! `2026-02-22/2026-02-25` can mean from the one to the other, a day between them, or a beginning between
//! them of something that continued. In all three cases the event began on one of those days, and only that
//! is compared with other claims.

use rustc_hash::FxHashMap;

use super::Content;
use super::statements::{StatementReader, content_of};
use crate::document::{MeasureType, SubjectKind};
use crate::id::{ActorId, AnswerId, Id as _, QuestionId, SubjectId};
use crate::model::Model;
use gainsay_reading::figure::OPEN;
use gainsay_reading::period::Day;

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

    /// Its index in tables of moments.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A day and the answer that gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct DatedAnswer {
    pub(super) day: i64,
    pub(super) by: AnswerId,
}

/// The days that claims give for one moment.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct ClaimedDays {
    /// The latest of the first days.
    pub(super) low: Option<DatedAnswer>,
    /// The earliest of the last days.
    pub(super) high: Option<DatedAnswer>,
    /// The earliest of the first days; an open start counts as earlier than all others.
    pub(super) earliest: Option<DatedAnswer>,
}

/// The starts and ends of all events, with the order between them that the definitions require.
pub(super) struct EventDates<'a> {
    pub(super) reader: &'a StatementReader<'a>,
    /// For each moment, those that are not later. For a start: the starts of the wholes and of the events it
    /// came after. For an end: its own start and the ends of the parts.
    pub(super) earlier: MomentLists,
    /// For each moment, those that are not earlier.
    pub(super) later: MomentLists,
    /// All moments, each after those that are not later.
    pub(super) order: Vec<Moment>,
    /// The questions that ask when an event began or ended.
    questions: Vec<(QuestionId, Moment)>,
}

impl<'a> EventDates<'a> {
    /// None if no claim gives a date.
    pub(super) fn new(reader: &'a StatementReader<'a>) -> Option<Self> {
        let model = reader.model;
        let questions: Vec<_> =
            model.question_ids().filter_map(|id| Some((id, moment_of_question(model, id)?))).collect();
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
        let later = MomentLists::new(count, &pairs);
        let back: Vec<_> = pairs.into_iter().map(|(a, b)| (b, a)).collect();
        let earlier = MomentLists::new(count, &back);
        let order = order(count, &earlier, &later);
        Some(Self { reader, earlier, later, order, questions })
    }

    /// The days that current claims give for each moment: claims without a hedge, or all.
    pub(super) fn claimed(&self, only_certain: bool) -> Vec<ClaimedDays> {
        let mut claimed = vec![ClaimedDays::default(); 2 * self.reader.model.subjects.len()];
        for &(question, moment) in &self.questions {
            for (answer, low, high) in self.days_given(question) {
                if !only_certain || self.reader.is_certain(answer) {
                    self.add(&mut claimed[moment.index()], answer, low, high);
                }
            }
        }
        claimed
    }

    /// The current answers to a question, each with the first and the last day that it gives.
    fn days_given(&self, question: QuestionId) -> impl Iterator<Item = (AnswerId, i64, i64)> {
        let current = self.reader.model.answers_to(question).filter(|at| self.reader.current[at.index()]);
        current.filter_map(|answer| match content_of(self.reader.model, answer) {
            Some(Content::Interval { hard, .. }) => Some((answer, hard.low, hard.high)),
            _ => None,
        })
    }

    /// Adds the days of an answer. If several answers give the same day, it is attributed to one without a
    /// hedge, and among those to the one said first.
    fn add(&self, claimed: &mut ClaimedDays, by: AnswerId, low: i64, high: i64) {
        let rank = |end: DatedAnswer, sign: i64| (sign * end.day, self.reader.naming_rank(end.by));
        let keep = |kept: &mut Option<DatedAnswer>, day: i64, sign: i64| {
            let end = DatedAnswer { day, by };
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

    /// For each event, and each party that gives its `date`, the earliest first day that it gives.
    pub(super) fn starts_by_party(&self) -> FxHashMap<(SubjectId, ActorId), i64> {
        let model = self.reader.model;
        let mut starts = FxHashMap::default();
        for &(question, moment) in &self.questions {
            if moment == Moment::start(moment.event()) {
                for (answer, low, _) in self.days_given(question) {
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
fn moment_of_question(model: &Model, id: QuestionId) -> Option<Moment> {
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

/// The events from a moment back to the one for which the carried day was claimed. A long path is cut to its
/// first steps and its end.
pub(super) fn path_of_events(
    moment: Moment,
    claimed: SubjectId,
    before: impl Fn(Moment) -> Option<Moment>,
) -> Vec<SubjectId> {
    const MAX_LISTED_EVENTS: usize = 16;
    let mut events = vec![moment.event()];
    let mut next = before(moment);
    while let Some(at) = next.filter(|_| events.len() < MAX_LISTED_EVENTS) {
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

/// For each moment, a list of others.
pub(super) struct MomentLists {
    first: Vec<u32>,
    to: Vec<Moment>,
}

impl MomentLists {
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

    pub(super) fn get(&self, moment: Moment) -> &[Moment] {
        let at = moment.index();
        &self.to[self.first[at] as usize..self.first[at + 1] as usize]
    }
}

/// Sorts moments so that each is after those that are not later. A cycle, which is an error in the files, is
/// cut at the moment that is reached first.
fn order(count: usize, earlier: &MomentLists, later: &MomentLists) -> Vec<Moment> {
    let all = || (0..count as u32).map(Moment);
    let mut waiting: Vec<usize> = all().map(|moment| earlier.get(moment).len()).collect();
    let mut placed = vec![false; count];
    let mut order = Vec::with_capacity(count);
    let mut ready: Vec<Moment> = Vec::new();
    let free = all().filter(|moment| earlier.get(*moment).is_empty());
    for start in free.chain(all()) {
        ready.push(start);
        while let Some(moment) = ready.pop() {
            if std::mem::replace(&mut placed[moment.index()], true) {
                continue;
            }
            order.push(moment);
            for next in later.get(moment) {
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
        let (later, earlier) =
            (MomentLists::new(count as usize, &pairs), MomentLists::new(count as usize, &back));
        order(count as usize, &earlier, &later).into_iter().map(|moment| moment.0).collect()
    }

    #[test]
    fn order_cuts_a_cycle_and_puts_dependent_moments_after_it() {
        assert_eq!(ordered(4, &[(1, 2), (2, 1), (2, 3), (0, 1)]), [0, 1, 2, 3]);
    }

    proptest::proptest! {
        #[test]
        fn order_has_each_moment_once_and_after_those_that_are_not_later(
            pairs in proptest::collection::vec((0_u32..30, 0_u32..30), 0..80),
        ) {
            // Pairs of a higher and a lower number form no cycle, and they oppose the order of indexes.
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
                assert!(place(a) < place(b), "{a} is not later than {b}: {order:?}");
            }
        }
    }
}
