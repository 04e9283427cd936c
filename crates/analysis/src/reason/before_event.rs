//! Claims about an event that were made before it began.
//!
//! An event began on one of the days that claims give for it. A part does not begin before its whole, and an
//! event does not begin before one that it came after. If those claims cannot all hold, one of them is wrong
//! about the start, and only claims made before the earliest start count as early; otherwise one date that is
//! far off would make all claims about the event early. A party is not compared with the dates of others if
//! its own dates allow the claim.

use rustc_hash::FxHashMap;

use super::event_dates::{DatedAnswer, EventDates, Moment, path_of_events};
use super::occurrence::{OccurrenceSign, OccurrenceSigns};
use super::statements::{NamedStatements, content_of, merge_same_claims, pair_first};
use super::{Clash, Content, Nature};
use crate::id::{ActorId, AnswerId, Id as _, QuestionId, SubjectId};
use gainsay_reading::period::Day;

/// One clash for each event with claims that were made too early. It names the claim said first.
pub(super) fn clashes(days: &EventDates<'_>) -> Vec<Clash> {
    let model = days.reader.model;
    let search = EarlySearch {
        days,
        certain: starts(days, true),
        all: starts(days, false),
        own: days.starts_by_party(),
    };
    let signs = OccurrenceSigns::new(model);
    let mut early: FxHashMap<SubjectId, Vec<EarlyAnswer>> = FxHashMap::default();
    for question in model.question_ids() {
        if let Some(sign) = signs.sign(question) {
            let event = model.question(question).subject;
            let found: Vec<EarlyAnswer> = search.early(event, question, sign).collect();
            if !found.is_empty() {
                early.entry(event).or_default().extend(found);
            }
        }
    }
    let mut named = NamedStatements::default();
    let clashes = early.into_iter().filter_map(|(event, early)| search.clash(event, &early, &mut named));
    merge_same_claims(days.reader, clashes.collect())
}

/// The earliest start of an event that claims allow, with the claim that sets it.
#[derive(Clone, Copy)]
struct EventStart {
    end: DatedAnswer,
    /// The moment it was carried from; none if it is claimed for the event itself.
    from: Option<Moment>,
}

/// An answer that was given before its event began.
struct EarlyAnswer {
    answer: AnswerId,
    start: DatedAnswer,
    /// Whether neither the answer nor the date is hedged.
    certain: bool,
}

/// The earliest start of each event according to current claims: those without a hedge, or all.
fn starts(days: &EventDates<'_>, only_certain: bool) -> Vec<Option<EventStart>> {
    let claimed = days.claimed(only_certain);
    // The latest start of each event according to claims on itself, its parts and the events after it.
    let mut by: Vec<i64> = claimed.iter().map(|own| own.high.map_or(i64::MAX, |high| high.day)).collect();
    for &moment in days.order.iter().rev() {
        let later = days.later.get(moment).iter().map(|later| by[later.index()]);
        by[moment.index()] = later.fold(by[moment.index()], i64::min);
    }
    let mut starts: Vec<Option<EventStart>> = vec![None; claimed.len()];
    for &moment in &days.order {
        let (own, by) = (claimed[moment.index()], by[moment.index()]);
        let own_start = |end: Option<DatedAnswer>| end.map(|end| EventStart { end, from: None });
        let carried = days.earlier.get(moment).iter().filter_map(|&from| {
            starts[from.index()].map(|start| EventStart { end: start.end, from: Some(from) })
        });
        let latest =
            |best: EventStart, start: EventStart| if start.end.day > best.end.day { start } else { best };
        let carried = carried.reduce(latest);
        let tightest = own_start(own.low).into_iter().chain(carried).reduce(latest);
        let allowed = |start: &EventStart| start.end.day <= by;
        starts[moment.index()] = tightest
            .filter(allowed)
            .or_else(|| own_start(own.earliest).filter(allowed))
            .or_else(|| carried.filter(allowed));
    }
    starts
}

struct EarlySearch<'a> {
    days: &'a EventDates<'a>,
    certain: Vec<Option<EventStart>>,
    all: Vec<Option<EventStart>>,
    /// The earliest start that each party gives for an event.
    own: FxHashMap<(SubjectId, ActorId), i64>,
}

impl EarlySearch<'_> {
    /// The answers to a question that were given before its event began.
    fn early(
        &self,
        event: SubjectId,
        question: QuestionId,
        sign: OccurrenceSign,
    ) -> impl Iterator<Item = EarlyAnswer> {
        let at = Moment::start(event).index();
        let starts = [self.certain[at], self.all[at]];
        let answers = starts.iter().any(Option::is_some).then(|| self.days.reader.model.answers_to(question));
        answers.into_iter().flatten().filter_map(move |answer| {
            if !self.asserts(answer, sign) {
                return None;
            }
            let reader = self.days.reader;
            let claim = reader.model.claim(reader.claim_of(answer));
            let last = i64::from(claim.said.last.map(Day::number)?);
            if self.own.get(&(event, claim.party)).is_some_and(|&own| own <= last) {
                return None;
            }
            let is_early = |start: &EventStart| last < start.end.day;
            let certain = starts[0].filter(|start| reader.is_certain(answer) && is_early(start));
            let start = certain.or(starts[0].filter(is_early)).or(starts[1].filter(is_early))?;
            Some(EarlyAnswer { answer, start: start.end, certain: certain.is_some() })
        })
    }

    /// Whether a current answer asserts something that only an event that began can have: a count above zero,
    /// who did it, what was hit, or that it occurred.
    fn asserts(&self, answer: AnswerId, sign: OccurrenceSign) -> bool {
        let reader = self.days.reader;
        let is_current = reader.current[answer.index()];
        is_current
            && match (sign, content_of(reader.model, answer)) {
                (OccurrenceSign::Count, Some(Content::Interval { hard, .. })) => hard.high > 0,
                (OccurrenceSign::Occurred, Some(Content::Interval { hard, .. })) => hard.low > 0,
                (OccurrenceSign::Choice, Some(Content::Choice(_))) => true,
                _ => false,
            }
    }

    /// The clash of the date with the early answer said first, if possible one without a hedge; the other
    /// answers are listed as well.
    fn clash(&self, event: SubjectId, early: &[EarlyAnswer], named: &mut NamedStatements) -> Option<Clash> {
        let reader = self.days.reader;
        let first = early.iter().max_by_key(|early| (early.certain, reader.naming_rank(early.answer)))?;
        let two = [first.answer, first.start.by];
        let question = |answer: AnswerId| reader.model.answers.question[answer.index()];
        let statements = vec![named.statement(reader, two[0])?, named.statement(reader, two[1])?];
        let mut also: Vec<AnswerId> = early.iter().map(|early| early.answer).collect();
        let questions = pair_first(two.map(question), also.iter().copied().map(question));
        also.extend(&statements[1].answers);
        Some(Clash {
            questions,
            nature: Nature::BeforeEvent,
            statements,
            also: reader.other_claims(&two, also),
            gap: None,
            certain: first.certain,
            through: self.through(event, first.start),
            joint: None,
        })
    }

    /// The events from this one to the one whose date is claimed.
    fn through(&self, event: SubjectId, start: DatedAnswer) -> Vec<SubjectId> {
        let at = Moment::start(event).index();
        let is_meant = |starts: &&Vec<Option<EventStart>>| starts[at].is_some_and(|own| own.end == start);
        let starts = [&self.certain, &self.all].into_iter().find(is_meant);
        let model = self.days.reader.model;
        let claimed = model.question(model.answers.question[start.by.index()]).subject;
        path_of_events(Moment::start(event), claimed, |moment| {
            starts.and_then(|starts| starts[moment.index()]).and_then(|start| start.from)
        })
    }
}
