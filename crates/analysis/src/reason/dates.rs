//! Clashes of dates across events. A part does not begin before its whole and does not end after it, an event
//! does not begin before one that it came after, and nothing ends before it began.
//!
//! First days are carried from moment to moment in one pass. If a carried first day is after a claimed last
//! day, the two claims cannot both hold. Each such last day is reported once, with the latest first day that
//! passes it. A reported first day is carried on as reported: later last days that it passes belong to the
//! same clash.

use rustc_hash::FxHashMap;

use super::event_dates::{ClaimedDays, DatedAnswer, EventDates, Moment, path_of_events};
use super::statements::{NamedStatements, merge_same_claims, pair_first};
use super::{Clash, Nature};
use crate::id::{AnswerId, Id as _, SubjectId};

/// All clashes between claimed dates of different events, or between the start and the end of one event.
pub(super) fn clashes(days: &EventDates<'_>) -> Vec<Clash> {
    let mut search = DateSearch { days, found: Vec::new(), reported_at: FxHashMap::default() };
    search.pass(&days.claimed(true));
    search.pass(&days.claimed(false));
    let mut named = NamedStatements::default();
    let clashes = search.found.into_iter().filter_map(|broken| broken.clash(days, &mut named));
    merge_same_claims(days.reader, clashes.collect())
}

/// A first day that is carried from moment to moment.
#[derive(Clone, Copy)]
struct CarriedDay {
    end: DatedAnswer,
    /// The moment it was carried from; none if it is claimed for this moment.
    from: Option<Moment>,
    /// The index of the clash that reports it, if it is reported.
    reported: Option<usize>,
}

/// The latest first days that reach a moment.
#[derive(Clone, Copy, Default)]
struct CarriedDays {
    fresh: Option<CarriedDay>,
    reported: Option<CarriedDay>,
}

/// A claimed last day that is before a carried first day.
struct BrokenDate {
    low: DatedAnswer,
    high: DatedAnswer,
    /// The events between the two, from that of the last day to that of the first day.
    through: Vec<SubjectId>,
    also: Vec<AnswerId>,
}

struct DateSearch<'a> {
    days: &'a EventDates<'a>,
    found: Vec<BrokenDate>,
    reported_at: FxHashMap<Moment, usize>,
}

impl DateSearch<'_> {
    /// Carries the first days that claims give. Clashes found by a pass over claims without a hedge are kept.
    fn pass(&mut self, claimed: &[ClaimedDays]) {
        let mut carried = vec![CarriedDays::default(); claimed.len()];
        for &moment in &self.days.order {
            let here = self.carry(moment, claimed[moment.index()], &carried);
            carried[moment.index()] = here;
        }
    }

    /// The days that are carried on from a moment, after those that reach it are compared with the last day
    /// claimed for it.
    fn carry(&mut self, moment: Moment, claimed: ClaimedDays, carried: &[CarriedDays]) -> CarriedDays {
        let days = self.days;
        let from = |&at: &Moment| (at, carried[at.index()]);
        let coming = || days.earlier.get(moment).iter().map(from);
        let on =
            |(at, low): (Moment, Option<CarriedDay>)| low.map(|low| CarriedDay { from: Some(at), ..low });
        let fresh = coming().filter_map(|(at, here)| on((at, here.fresh)));
        let mut reported = latest(coming().filter_map(|(at, here)| on((at, here.reported))));
        let high = claimed.high.filter(|_| !days.earlier.get(moment).is_empty());
        let passes = |low: &CarriedDay| high.is_some_and(|high| low.end.day > high.day);
        let (passing, mut fresh): (Vec<CarriedDay>, Vec<CarriedDay>) = fresh.partition(passes);
        if let (Some(echo), Some(high)) = (reported.filter(passes).and_then(|low| low.reported), high) {
            self.found[echo].also.push(high.by);
        }
        if let (Some(low), Some(high)) = (latest(passing.iter().copied()), high) {
            let at = *self.reported_at.entry(moment).or_insert_with(|| {
                let carried_from = |at: Moment| carried[at.index()].fresh.and_then(|low| low.from);
                let before = |at: Moment| if at == moment { low.from } else { carried_from(at) };
                let reader = days.reader;
                let claimed = reader.model.answers.question[low.end.by.index()];
                let through = path_of_events(moment, reader.model.question(claimed).subject, before);
                self.found.push(BrokenDate { low: low.end, high, through, also: Vec::new() });
                self.found.len() - 1
            });
            self.found[at].also.extend(passing.iter().map(|low| low.end.by).chain([high.by]));
            reported = latest(reported.into_iter().chain([CarriedDay { reported: Some(at), ..low }]));
        }
        fresh.extend(claimed.low.map(|end| CarriedDay { end, from: None, reported: None }));
        CarriedDays { fresh: latest(fresh.into_iter()), reported }
    }
}

/// The latest of some days; of equal days, the first.
fn latest(lows: impl Iterator<Item = CarriedDay>) -> Option<CarriedDay> {
    lows.reduce(|best, low| if low.end.day > best.end.day { low } else { best })
}

impl BrokenDate {
    /// The clash: the claim that gives the last day, then the claim that gives the first day.
    fn clash(mut self, days: &EventDates<'_>, named: &mut NamedStatements) -> Option<Clash> {
        let (reader, model) = (&days.reader, days.reader.model);
        let ends = [self.high.by, self.low.by];
        let statements = vec![named.statement(reader, ends[0])?, named.statement(reader, ends[1])?];
        let named_in = self.also.iter().map(|answer| model.answers.question[answer.index()]);
        let questions = pair_first(ends.map(|end| model.answers.question[end.index()]), named_in);
        self.also.extend(statements.iter().flat_map(|statement| statement.answers.iter().copied()));
        let certain = statements.iter().all(|statement| statement.certain);
        let (also, through) = (reader.other_claims(&ends, self.also), self.through);
        Some(Clash {
            questions,
            nature: Nature::Dates,
            statements,
            also,
            gap: None,
            certain,
            through,
            joint: None,
        })
    }
}
