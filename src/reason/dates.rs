//! Dates across events: a part begins no earlier than its whole and ends no later, an event begins no earlier
//! than what it came after, and nothing ends before it began.
//!
//! First days are carried from moment to moment in one pass; where one passes a claimed last day, the two
//! claims cannot both hold. Each last day that is passed is told once, against the latest day that passes it.
//! A day that was told goes on as told: what else it passes further along is the same clash again.

use rustc_hash::FxHashMap;

use super::days::{Claimed, Days, End, Moment, way};
use super::statements::{Named, each_set_once, first_of};
use super::{Clash, Nature};
use crate::id::{AnswerId, Id as _, SubjectId};

/// Every clash of claimed dates of different events, or of the start of an event with its end.
pub(super) fn clashes(days: &Days<'_>) -> Vec<Clash> {
    let mut search = Search { days, found: Vec::new(), told_at: FxHashMap::default() };
    search.pass(&days.claimed(true));
    search.pass(&days.claimed(false));
    let mut named = Named::default();
    let clashes = search.found.into_iter().filter_map(|broken| broken.clash(days, &mut named));
    each_set_once(days.reader, clashes.collect())
}

/// A first day on its way.
#[derive(Clone, Copy)]
struct Low {
    end: End,
    /// The moment it came from; none where it is claimed.
    from: Option<Moment>,
    /// What was found of it, once something was.
    told: Option<usize>,
}

/// The latest first days that reached a moment.
#[derive(Clone, Copy, Default)]
struct Carried {
    fresh: Option<Low>,
    told: Option<Low>,
}

/// A claimed last day that a carried first day passes.
struct Broken {
    low: End,
    high: End,
    /// The events it follows through, from that of the last day to that of the first day.
    through: Vec<SubjectId>,
    also: Vec<AnswerId>,
}

struct Search<'a> {
    days: &'a Days<'a>,
    found: Vec<Broken>,
    told_at: FxHashMap<Moment, usize>,
}

impl Search<'_> {
    /// Carries the first days that claims give. What a pass over claims without a hedge found stays found.
    fn pass(&mut self, claimed: &[Claimed]) {
        let mut carried = vec![Carried::default(); claimed.len()];
        for &moment in &self.days.order {
            let here = self.meet(moment, claimed[moment.index()], &carried);
            carried[moment.index()] = here;
        }
    }

    /// What goes on from a moment: the days that reach it, held against the last day claimed for it.
    fn meet(&mut self, moment: Moment, claimed: Claimed, carried: &[Carried]) -> Carried {
        let days = self.days;
        let from = |&at: &Moment| (at, carried[at.index()]);
        let coming = || days.earlier.of(moment).iter().map(from);
        let on = |(at, low): (Moment, Option<Low>)| low.map(|low| Low { from: Some(at), ..low });
        let fresh = coming().filter_map(|(at, here)| on((at, here.fresh)));
        let mut told = latest(coming().filter_map(|(at, here)| on((at, here.told))));
        let high = claimed.high.filter(|_| !days.earlier.of(moment).is_empty());
        let passes = |low: &Low| high.is_some_and(|high| low.end.day > high.day);
        let (passing, mut fresh): (Vec<Low>, Vec<Low>) = fresh.partition(passes);
        if let (Some(echo), Some(high)) = (told.filter(passes).and_then(|low| low.told), high) {
            self.found[echo].also.push(high.by);
        }
        if let (Some(low), Some(high)) = (latest(passing.iter().copied()), high) {
            let at = *self.told_at.entry(moment).or_insert_with(|| {
                let of = |at: Moment| carried[at.index()].fresh.and_then(|low| low.from);
                let before = |at: Moment| if at == moment { low.from } else { of(at) };
                let reader = days.reader;
                let claimed = reader.model.answers.question[low.end.by.index()];
                let through = way(moment, reader.model.question(claimed).subject, before);
                self.found.push(Broken { low: low.end, high, through, also: Vec::new() });
                self.found.len() - 1
            });
            self.found[at].also.extend(passing.iter().map(|low| low.end.by).chain([high.by]));
            told = latest(told.into_iter().chain([Low { told: Some(at), ..low }]));
        }
        fresh.extend(claimed.low.map(|end| Low { end, from: None, told: None }));
        Carried { fresh: latest(fresh.into_iter()), told }
    }
}

/// The latest of some days; of equal ones the first.
fn latest(lows: impl Iterator<Item = Low>) -> Option<Low> {
    lows.reduce(|best, low| if low.end.day > best.end.day { low } else { best })
}

impl Broken {
    /// The clash: the claim of the last day, then that of the first.
    fn clash(mut self, days: &Days<'_>, named: &mut Named) -> Option<Clash> {
        let (reader, model) = (&days.reader, days.reader.model);
        let ends = [self.high.by, self.low.by];
        let statements = vec![named.statement(reader, ends[0])?, named.statement(reader, ends[1])?];
        let named_in = self.also.iter().map(|answer| model.answers.question[answer.index()]);
        let questions = first_of(ends.map(|end| model.answers.question[end.index()]), named_in);
        self.also.extend(statements.iter().flat_map(|statement| statement.answers.iter().copied()));
        let certain = statements.iter().all(|statement| statement.certain);
        let (also, through) = (reader.others(&ends, self.also), self.through);
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
