//! Finds out which answers are still the position of their party.
//!
//! An answer is superseded by a later answer of the same party to the same question that describes the same
//! day or a later one. A later answer about an earlier day does not withdraw today's figure. Declines and
//! conditional claims supersede nothing. An answer also stays current if the later one does not replace it: a
//! figure that the later one only repeats less exactly, ids of a choice that is not single until one is
//! denied, and steps of a scale, which are read as that step or any above it.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::choices::LowestItems;
use super::dominance::Dominance;
use super::statements::content_of;
use super::{Content, RatioBasis, ValidDays};
use crate::document::MeasureType;
use crate::graph::Graph;
use crate::id::{ActorId, AnswerId, Id as _, QuestionId};
use crate::model::{Days, Model};
use gainsay_reading::figure::Range;

/// The number of questions that one thread takes at a time; with fewer, no other thread is started.
const MIN_PARALLEL_QUESTIONS: usize = 256;

/// For each answer, whether it is current.
pub(super) fn current(model: &Model, graph: &Graph, valid_days: &[ValidDays]) -> Vec<bool> {
    let questions: Vec<QuestionId> = model.question_ids().collect();
    let of_questions: Vec<Vec<bool>> = questions
        .par_iter()
        .with_min_len(MIN_PARALLEL_QUESTIONS)
        .map(|&question| current_in_question(model, graph, valid_days, question))
        .collect();
    of_questions.into_iter().flatten().collect()
}

/// The superseded answers to a question, each with the answer that first replaced it.
pub(super) fn superseded(
    model: &Model,
    graph: &Graph,
    valid_days: &[ValidDays],
    question: QuestionId,
) -> Vec<(AnswerId, AnswerId)> {
    let answers: Vec<AnswerId> = model.answers_to(question).collect();
    let replaced = replaced(model, graph, question, timed_answers(model, valid_days, &answers));
    replaced.into_iter().map(|(old, new)| (answers[old], answers[new])).collect()
}

/// One answer with its content and its days.
struct TimedAnswer {
    /// Its index among the answers to its question.
    at: usize,
    content: Content,
    days: Days,
    valid_days: ValidDays,
}

fn current_in_question(
    model: &Model,
    graph: &Graph,
    valid_days: &[ValidDays],
    question: QuestionId,
) -> Vec<bool> {
    let answers: Vec<AnswerId> = model.answers_to(question).collect();
    let mut current = vec![false; answers.len()];
    let rows = timed_answers(model, valid_days, &answers);
    for (_, row) in &rows {
        current[row.at] = true;
    }
    for (old, _) in replaced(model, graph, question, rows) {
        current[old] = false;
    }
    current
}

/// The answers that express a position, with their parties.
fn timed_answers(
    model: &Model,
    valid_days: &[ValidDays],
    answers: &[AnswerId],
) -> Vec<(ActorId, TimedAnswer)> {
    let row = |(at, &answer): (usize, &AnswerId)| {
        let content = content_of(model, answer)?;
        let (days, valid_days) = (model.answers.said[answer.index()], valid_days[answer.index()]);
        Some((model.answers.party[answer.index()], TimedAnswer { at, content, days, valid_days }))
    };
    answers.iter().enumerate().filter_map(row).collect()
}

/// The indexes of the superseded answers to a question, each with the index of its replacement.
fn replaced(
    model: &Model,
    graph: &Graph,
    question: QuestionId,
    mut rows: Vec<(ActorId, TimedAnswer)>,
) -> Vec<(usize, usize)> {
    let mut replaced = Vec::new();
    if rows.len() < 2 {
        return replaced;
    }
    let measure = model.measure_of(question);
    let later = match measure.kind {
        MeasureType::Choice if !measure.single => LaterEffect::Coexists,
        MeasureType::Scale => LaterEffect::Excludes,
        _ => LaterEffect::Replaces,
    };
    rows.sort_by_key(|(party, row)| (*party, row.days.first, row.at));
    for rows in rows.chunk_by(|a, b| a.0 == b.0) {
        if rows.len() > 1 {
            supersede(graph, rows, later, &mut replaced);
        }
    }
    replaced
}

/// The effect of a later answer on an earlier one of the same party, denials aside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LaterEffect {
    /// It replaces it.
    Replaces,
    /// It replaces it if the two exclude each other.
    Excludes,
    /// Both stay current.
    Coexists,
}

/// Adds the superseded answers of one party to `replaced`. `rows` are in the order in which they were said.
fn supersede<P>(
    graph: &Graph,
    rows: &[(P, TimedAnswer)],
    later: LaterEffect,
    replaced: &mut Vec<(usize, usize)>,
) {
    let mut reversals = Reversals::new(graph, rows);
    // Each answer with the index of the first one said after it, sorted by that index, highest first.
    let after = |row: &TimedAnswer| rows.partition_point(|(_, other)| !is_after(other, row));
    let mut order: Vec<(usize, &TimedAnswer)> = rows.iter().map(|(_, row)| (after(row), row)).collect();
    order.sort_by_key(|(from, _)| Reverse(*from));
    let (mut ahead, mut seen) = (LaterAnswers::default(), rows.len());
    for (from, row) in order {
        while seen > from {
            seen -= 1;
            ahead.push(seen, &rows[seen].1);
            if let Some(reversals) = &mut reversals {
                reversals.push(seen, &rows[seen].1.content);
            }
        }
        let reversed = reversals.as_ref().and_then(|reversals| reversals.first(&row.content));
        let by = [ahead.replaces(row, later), reversed];
        if let Some(by) = by.into_iter().flatten().min() {
            replaced.push((row.at, rows[by].1.at));
        }
    }
}

/// An index of the answers of a party from some answer on.
#[derive(Default)]
struct LaterAnswers {
    lows: NearestAbove,
    /// High ends, negated bit by bit so that lower ones are greater.
    highs: NearestAbove,
    /// The last days that the answers describe.
    days: NearestAbove,
    ratios: FxHashMap<RatioBasis, usize>,
}

impl LaterAnswers {
    fn push(&mut self, at: usize, row: &TimedAnswer) {
        match &row.content {
            Content::Interval { hard, .. } => {
                self.lows.push(hard.low, at);
                self.highs.push(!hard.high, at);
                self.days.push(row.valid_days.last.into(), at);
            }
            Content::Choice(_) => self.days.push(row.valid_days.last.into(), at),
            Content::Ratio(_, against) => _ = self.ratios.insert(*against, at),
            Content::NotRange(_) | Content::NotChoice(_) => {}
        }
    }

    /// The first answer that replaces this one.
    fn replaces(&self, row: &TimedAnswer, later: LaterEffect) -> Option<usize> {
        let describes = || self.days.above(i64::from(row.valid_days.first) - 1);
        match (later, &row.content) {
            // A party that only says less than before, such as "dozens" after "46", takes nothing back.
            (LaterEffect::Replaces, Content::Interval { hard, .. }) => {
                let tighter = [self.lows.above(hard.low), self.highs.above(!hard.high)];
                describes().and(tighter.into_iter().flatten().min())
            }
            (LaterEffect::Replaces, Content::Ratio(_, against)) => self.ratios.get(against).copied(),
            (LaterEffect::Replaces, Content::Choice(_)) => describes(),
            (LaterEffect::Excludes, Content::Interval { hard, .. }) => {
                let apart = [self.lows.above(hard.high), self.highs.above(!hard.low)];
                apart.into_iter().flatten().min()
            }
            _ => None,
        }
    }
}

/// A stack of answers with a value each. An answer is dropped when one pushed later has at least its value.
#[derive(Default)]
struct NearestAbove(Vec<(i64, usize)>);

impl NearestAbove {
    fn push(&mut self, value: i64, at: usize) {
        while self.0.last().is_some_and(|&(last, _)| last <= value) {
            self.0.pop();
        }
        self.0.push((value, at));
    }

    /// The answer pushed last that has more than a value.
    fn above(&self, value: i64) -> Option<usize> {
        let above = self.0.partition_point(|&(other, _)| other > value);
        self.0[..above].last().map(|&(_, at)| at)
    }
}

/// An index of the answers and denials of a party from some answer on, to find the first that contradicts
/// another.
struct Reversals<'g> {
    lines: Dominance,
    denied_lines: Dominance,
    named: LowestItems<'g>,
    denied: LowestItems<'g>,
}

impl<'g> Reversals<'g> {
    /// An empty index for these answers. None if nothing is denied.
    fn new<P>(graph: &'g Graph, rows: &[(P, TimedAnswer)]) -> Option<Self> {
        let contents = || rows.iter().map(|(_, row)| &row.content);
        if !contents().any(|content| matches!(content, Content::NotRange(_) | Content::NotChoice(_))) {
            return None;
        }
        let lines = contents().filter_map(|content| {
            if let Content::Interval { hard, .. } = content { Some(*hard) } else { None }
        });
        let denied = contents()
            .filter_map(|content| if let Content::NotRange(denied) = content { Some(*denied) } else { None });
        Some(Self {
            lines: Dominance::new(lines.map(inside)),
            denied_lines: Dominance::new(denied.map(around)),
            named: LowestItems::new(graph),
            denied: LowestItems::new(graph),
        })
    }

    /// Adds an answer that was said before all those added so far.
    fn push(&mut self, at: usize, content: &Content) {
        match content {
            Content::Interval { hard, .. } => self.lines.add(inside(*hard), at),
            Content::NotRange(denied) => self.denied_lines.add(around(*denied), at),
            Content::Choice(items) => items.iter().for_each(|&item| self.named.mark(item, at)),
            Content::NotChoice(items) => items.iter().for_each(|&item| self.denied.mark(item, at)),
            Content::Ratio(..) => {}
        }
    }

    /// The first added answer that denies this content or is denied by it.
    fn first(&self, content: &Content) -> Option<usize> {
        match content {
            Content::Interval { hard, .. } => self.denied_lines.lowest(around(*hard)),
            Content::NotRange(denied) => self.lines.lowest(inside(*denied)),
            Content::Choice(items) => items.iter().filter_map(|&item| self.denied.around(item)).min(),
            Content::NotChoice(items) => items.iter().filter_map(|&item| self.named.inside(item)).min(),
            Content::Ratio(..) => None,
        }
    }
}

/// A range as a point, such that the ranges inside it have a first coordinate that is not lower and a second
/// that is not higher.
fn inside(range: Range) -> (i64, i64) {
    (range.low, range.high)
}

/// A range as a point, such that the ranges around it have a first coordinate that is not lower and a second
/// that is not higher.
fn around(range: Range) -> (i64, i64) {
    (!range.low, !range.high)
}

/// Whether an answer was certainly said after another.
fn is_after(answer: &TimedAnswer, other: &TimedAnswer) -> bool {
    other.days.last < answer.days.first
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use gainsay_reading::figure::OPEN;

    /// Answers as low end, width, whether it is a denial, the day it describes and the day it was said.
    fn said() -> impl Strategy<Value = Vec<(i64, i64, bool, i32, i32)>> {
        let one = (0..6_i64, prop_oneof![0..4_i64, Just(OPEN)], any::<bool>(), 0..4_i32, 0..6_i32);
        proptest::collection::vec(one, 1..12)
    }

    fn row(at: usize, (low, width, denied, day, said): (i64, i64, bool, i32, i32)) -> ((), TimedAnswer) {
        let hard = Range { low, high: low.saturating_add(width) };
        let days = Days { first: said, last: said };
        let valid_days = ValidDays { first: day, last: day, is_final: true };
        let content = if denied { Content::NotRange(hard) } else { Content::Interval { hard, usual: hard } };
        ((), TimedAnswer { at, content, days, valid_days })
    }

    /// The first later answer that replaces or contradicts this one, found by comparing one by one.
    fn first_by_search(rows: &[((), TimedAnswer)], row: &TimedAnswer, later: LaterEffect) -> Option<usize> {
        let mut after = rows.iter().map(|((), other)| other).filter(|other| is_after(other, row));
        let is_line = |other: &TimedAnswer| matches!(other.content, Content::Interval { .. });
        let describes =
            after.clone().any(|other| is_line(other) && other.valid_days.last >= row.valid_days.first);
        let against = after.find(|other| match (&row.content, &other.content) {
            (Content::Interval { hard: own, .. }, Content::Interval { hard: other, .. }) => match later {
                LaterEffect::Replaces => describes && (other.low > own.low || other.high < own.high),
                LaterEffect::Excludes => other.low > own.high || other.high < own.low,
                LaterEffect::Coexists => false,
            },
            (Content::NotRange(denied), Content::Interval { hard: line, .. })
            | (Content::Interval { hard: line, .. }, Content::NotRange(denied)) => denied.contains(line),
            _ => false,
        });
        against.map(|other| other.at)
    }

    proptest! {
        #[test]
        fn replacement_is_the_first_of_a_search_through_all(said in said()) {
            let (model, _) = crate::model::resolve(&[], None);
            let (graph, _) = Graph::build(&model);
            let mut rows: Vec<_> = said.into_iter().enumerate().map(|(at, said)| row(at, said)).collect();
            rows.sort_by_key(|((), row)| (row.days.first, row.at));
            for later in [LaterEffect::Replaces, LaterEffect::Excludes, LaterEffect::Coexists] {
                let mut replaced = Vec::new();
                supersede(&graph, &rows, later, &mut replaced);
                replaced.sort_unstable();
                let mut expected: Vec<_> = rows
                    .iter()
                    .filter_map(|((), row)| Some((row.at, first_by_search(&rows, row, later)?)))
                    .collect();
                expected.sort_unstable();
                prop_assert_eq!(replaced, expected);
            }
        }
    }
}
