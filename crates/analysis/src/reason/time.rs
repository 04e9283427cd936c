//! The days for which figures are compared.
//!
//! A growing toll is compared for the day that it describes until it is final. Final tolls and all other
//! figures are compared no matter which day they describe.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::document::SubjectKind;
use crate::graph::Graph;
use crate::id::{AnswerId, Id as _, MeasureId, QuestionId, SubjectId};
use crate::model::{Days, Model};
use gainsay_reading::period::Day;

/// The first and the last day for which an answer's figure is compared, counted from 1970-01-01. A figure
/// given after its toll is final is compared for all days from then on. For figures to which time does not
/// matter, see [`ValidDays::ALWAYS`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ValidDays {
    /// The first day the figure may describe.
    pub first: i32,
    /// The last day the figure may describe.
    pub last: i32,
    /// Whether the figure is final or time does not matter to it.
    pub is_final: bool,
}

impl ValidDays {
    /// The days of all figures to which time does not matter.
    pub const ALWAYS: Self = Self { first: i32::MAX, last: i32::MAX, is_final: true };

    /// Whether all days of this one are before all days of the other.
    pub fn is_before(self, other: Self) -> bool {
        self.last < other.first
    }

    /// Whether the two overlap, so that figures for them are compared.
    pub fn overlaps(self, other: Self) -> bool {
        !self.is_before(other) && !other.is_before(self)
    }
}

/// The number of answers that one thread takes at a time; with fewer, no other thread is started.
const MIN_PARALLEL_ANSWERS: usize = 4_096;

/// For each answer, the days for which its figure is compared.
pub(super) fn valid_days(model: &Model, finality: &Finality) -> Vec<ValidDays> {
    let answers: Vec<_> = (0..model.answers.len()).collect();
    answers
        .par_iter()
        .with_min_len(MIN_PARALLEL_ANSWERS)
        .map(|&at| answer_days(model, finality, AnswerId::new(at)))
        .collect()
}

fn answer_days(model: &Model, finality: &Finality, answer: AnswerId) -> ValidDays {
    let question = model.question(model.answers.question[answer.index()]);
    let Days { first, last } = model.answers.as_of[answer.index()];
    if model.measures[question.measure].varies {
        return ValidDays { first, last, is_final: true };
    }
    match finality.final_from(question.subject, question.measure) {
        Some(settled) => {
            let last = if last >= settled { i32::MAX } else { last };
            ValidDays { first: first.min(settled), last, is_final: first >= settled }
        }
        None => ValidDays::ALWAYS,
    }
}

/// The days from which figures are final.
#[derive(Debug)]
pub(super) struct Finality {
    /// The last day of each event and of all its parts, because a whole is not final before its parts. None
    /// if no date is known, and for propositions and series; their figures are final at once.
    ends: Vec<Option<i32>>,
    /// For each measure that grows, the number of days from then until figures are final; for a sum at least
    /// that of its summands.
    spans: Vec<Option<i32>>,
}

impl Finality {
    pub(super) fn new(model: &Model, graph: &Graph) -> Self {
        let ends = event_ends(model, graph);
        let own = |measure: MeasureId| model.measures[measure].settles.unwrap_or(model.settings.settles);
        let span = |id: MeasureId| {
            let summands = model.summands(id).into_iter().filter(|&part| model.measures[part].grows);
            model.measures[id].grows.then(|| summands.map(own).fold(own(id), i32::max))
        };
        let spans = model.measures.ids().map(span).collect();
        Self { ends, spans }
    }

    /// The day from which figures of a measure of an event are final; none if time does not matter to them.
    pub(super) fn final_from(&self, subject: SubjectId, measure: MeasureId) -> Option<i32> {
        Some(self.ends[subject.index()]?.saturating_add(self.spans[measure.index()]?))
    }
}

/// The last day of each event and of all its parts. The latest ends are carried up first, so that each path
/// upwards is followed once.
fn event_ends(model: &Model, graph: &Graph) -> Vec<Option<i32>> {
    let dated = model.subjects.iter().filter(|(_, subject)| subject.kind == SubjectKind::Event);
    let mut latest: Vec<(Reverse<i32>, SubjectId)> = dated
        .filter_map(|(id, subject)| {
            let last = subject.date?.value.last;
            Some((Reverse(last.map_or(i32::MAX, Day::number)), id))
        })
        .collect();
    latest.sort_unstable();
    let mut ends: Vec<Option<i32>> = vec![None; model.subjects.len()];
    for (Reverse(end), event) in latest {
        let mut stack = vec![event];
        while let Some(at) = stack.pop() {
            let known = &mut ends[at.index()];
            if known.is_none() {
                *known = Some(end);
                stack.extend(graph.events.above(at));
            }
        }
    }
    ends
}

/// Whether figures of a question are compared by the days that they describe.
pub(super) fn is_over_time(model: &Model, question: QuestionId) -> bool {
    let measure = model.measure_of(question);
    measure.grows || measure.varies
}
