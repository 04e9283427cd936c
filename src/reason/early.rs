//! What is asserted of an event on days wholly before it began.
//!
//! An event began on the days that claims give for it; a part no earlier than its whole, an event no earlier
//! than what it came after. Where those claims cannot all hold, one of them is wrong about when it began, and
//! only what was said before the earliest of its starts counts as early: a date far off does not make all that
//! was said of an event early. Nobody is held to another's date whose own allows it.

use rustc_hash::FxHashMap;

use super::days::{Days, End, Moment, way};
use super::occurrence::{Sign, Signs};
use super::statements::{Named, each_set_once, first_of, said};
use super::{Clash, Nature, Said};
use crate::id::{ActorId, AnswerId, Id as _, QuestionId, SubjectId};
use crate::period::Day;

/// One clash for each event of which something was asserted too early: what was said first.
pub(super) fn clashes(days: &Days<'_>) -> Vec<Clash> {
    let model = days.reader.model;
    let search =
        Search { days, certain: starts(days, true), all: starts(days, false), own: days.starts_by_party() };
    let signs = Signs::new(model);
    let mut early: FxHashMap<SubjectId, Vec<Early>> = FxHashMap::default();
    for question in model.question_ids() {
        if let Some(sign) = signs.of(question) {
            let event = model.question(question).subject;
            let found: Vec<Early> = search.early(event, question, sign).collect();
            if !found.is_empty() {
                early.entry(event).or_default().extend(found);
            }
        }
    }
    let mut named = Named::default();
    let clashes = early.into_iter().filter_map(|(event, early)| search.clash(event, &early, &mut named));
    each_set_once(days.reader, clashes.collect())
}

/// The first day of an event that claims leave, and where the claim stands that sets it.
#[derive(Clone, Copy)]
struct Start {
    end: End,
    /// The moment it came from; none where it is claimed of the event itself.
    from: Option<Moment>,
}

/// Something said before an event began.
struct Early {
    answer: AnswerId,
    start: End,
    /// Whether neither it nor the date is hedged.
    certain: bool,
}

/// When each event began at the earliest, by current claims without a hedge or by all.
fn starts(days: &Days<'_>, only_certain: bool) -> Vec<Option<Start>> {
    let claimed = days.claimed(only_certain);
    // By when it began at the latest: by its own claims, those of its parts and of what came after it.
    let mut by: Vec<i64> = claimed.iter().map(|own| own.high.map_or(i64::MAX, |high| high.day)).collect();
    for &moment in days.order.iter().rev() {
        let later = days.later.of(moment).iter().map(|later| by[later.index()]);
        by[moment.index()] = later.fold(by[moment.index()], i64::min);
    }
    let mut starts: Vec<Option<Start>> = vec![None; claimed.len()];
    for &moment in &days.order {
        let (own, by) = (claimed[moment.index()], by[moment.index()]);
        let own_start = |end: Option<End>| end.map(|end| Start { end, from: None });
        let carried =
            days.earlier.of(moment).iter().filter_map(|&from| {
                starts[from.index()].map(|start| Start { end: start.end, from: Some(from) })
            });
        let latest = |best: Start, start: Start| if start.end.day > best.end.day { start } else { best };
        let carried = carried.reduce(latest);
        let tightest = own_start(own.low).into_iter().chain(carried).reduce(latest);
        let allowed = |start: &Start| start.end.day <= by;
        starts[moment.index()] = tightest
            .filter(allowed)
            .or_else(|| own_start(own.earliest).filter(allowed))
            .or_else(|| carried.filter(allowed));
    }
    starts
}

struct Search<'a> {
    days: &'a Days<'a>,
    certain: Vec<Option<Start>>,
    all: Vec<Option<Start>>,
    /// The earliest start that each party gives an event.
    own: FxHashMap<(SubjectId, ActorId), i64>,
}

impl Search<'_> {
    /// The answers to a question that were said before its event began.
    fn early(&self, event: SubjectId, question: QuestionId, sign: Sign) -> impl Iterator<Item = Early> {
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
            let is_early = |start: &Start| last < start.end.day;
            let certain = starts[0].filter(|start| reader.is_certain(answer) && is_early(start));
            let start = certain.or(starts[0].filter(is_early)).or(starts[1].filter(is_early))?;
            Some(Early { answer, start: start.end, certain: certain.is_some() })
        })
    }

    /// Whether a current answer asserts what only an event that began can have: a count that is no zero, who did
    /// it, what was hit, or that it occurred.
    fn asserts(&self, answer: AnswerId, sign: Sign) -> bool {
        let reader = self.days.reader;
        let is_current = reader.current[answer.index()];
        is_current
            && match (sign, said(reader.model, answer)) {
                (Sign::Count, Some(Said::Line(hard, _))) => hard.high > 0,
                (Sign::Occurred, Some(Said::Line(hard, _))) => hard.low > 0,
                (Sign::Choice, Some(Said::Choice(_))) => true,
                _ => false,
            }
    }

    /// What was said first, without a hedge where that is early, with the date; the rest beside it.
    fn clash(&self, event: SubjectId, early: &[Early], named: &mut Named) -> Option<Clash> {
        let reader = self.days.reader;
        let first = early.iter().max_by_key(|early| (early.certain, reader.standing(early.answer)))?;
        let two = [first.answer, first.start.by];
        let question = |answer: AnswerId| reader.model.answers.question[answer.index()];
        let statements = vec![named.statement(reader, two[0])?, named.statement(reader, two[1])?];
        let mut also: Vec<AnswerId> = early.iter().map(|early| early.answer).collect();
        let questions = first_of(two.map(question), also.iter().copied().map(question));
        also.extend(&statements[1].answers);
        Some(Clash {
            questions,
            nature: Nature::Early,
            statements,
            also: reader.others(&two, also),
            gap: None,
            certain: first.certain,
            through: self.through(event, first.start),
            joint: None,
        })
    }

    /// The events from one to that of which the date is claimed.
    fn through(&self, event: SubjectId, start: End) -> Vec<SubjectId> {
        let at = Moment::start(event).index();
        let is_meant = |starts: &&Vec<Option<Start>>| starts[at].is_some_and(|own| own.end == start);
        let starts = [&self.certain, &self.all].into_iter().find(is_meant);
        let model = self.days.reader.model;
        let claimed = model.question(model.answers.question[start.by.index()]).subject;
        way(Moment::start(event), claimed, |moment| {
            starts.and_then(|starts| starts[moment.index()]).and_then(|start| start.from)
        })
    }
}
