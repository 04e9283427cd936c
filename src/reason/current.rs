//! Which answers are still their party's position.
//!
//! An answer is superseded by one of its party on the same question, said later, that describes the same day
//! or later: a later word about an earlier day does not withdraw today's figure. A decline supersedes
//! nothing, a conditional claim neither. What the later answer leaves standing stays: a figure that the later
//! one only tells less exactly, ids of a choice that
//! is not single until one is denied, and steps of a scale, which read as that step or any above.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::choices::LowestItems;
use super::dominance::Dominance;
use super::statements::said;
use super::{Against, Said, Slot};
use crate::document::MeasureType;
use crate::figure::Range;
use crate::graph::Graph;
use crate::id::{ActorId, AnswerId, Id as _, QuestionId};
use crate::model::{Days, Model};

/// So many questions go at once: for fewer, no other thread is woken.
const AT_ONCE: usize = 256;

/// For each answer whether it is current.
pub(super) fn current(model: &Model, graph: &Graph, slots: &[Slot]) -> Vec<bool> {
    let questions: Vec<QuestionId> = model.question_ids().collect();
    let of_questions: Vec<Vec<bool>> = questions
        .par_iter()
        .with_min_len(AT_ONCE)
        .map(|&question| of_question(model, graph, slots, question))
        .collect();
    of_questions.into_iter().flatten().collect()
}

/// The superseded answers to a question, each with the one that first took its place.
pub(super) fn superseded(
    model: &Model,
    graph: &Graph,
    slots: &[Slot],
    question: QuestionId,
) -> Vec<(AnswerId, AnswerId)> {
    let answers: Vec<AnswerId> = model.answers_to(question).collect();
    let replaced = replaced(model, graph, question, rows(model, slots, &answers));
    replaced.into_iter().map(|(old, new)| (answers[old], answers[new])).collect()
}

/// One answer while it is looked at.
struct Row {
    /// Its place among the answers to its question.
    at: usize,
    said: Said,
    days: Days,
    slot: Slot,
}

fn of_question(model: &Model, graph: &Graph, slots: &[Slot], question: QuestionId) -> Vec<bool> {
    let answers: Vec<AnswerId> = model.answers_to(question).collect();
    let mut current = vec![false; answers.len()];
    let rows = rows(model, slots, &answers);
    for (_, row) in &rows {
        current[row.at] = true;
    }
    for (old, _) in replaced(model, graph, question, rows) {
        current[old] = false;
    }
    current
}

/// The answers that hold a position, with their parties.
fn rows(model: &Model, slots: &[Slot], answers: &[AnswerId]) -> Vec<(ActorId, Row)> {
    let row = |(at, &answer): (usize, &AnswerId)| {
        let said = said(model, answer)?;
        let (days, slot) = (model.answers.said[answer.index()], slots[answer.index()]);
        Some((model.answers.party[answer.index()], Row { at, said, days, slot }))
    };
    answers.iter().enumerate().filter_map(row).collect()
}

/// The places of the superseded answers to a question, each with that of the one that took its place.
fn replaced(
    model: &Model,
    graph: &Graph,
    question: QuestionId,
    mut rows: Vec<(ActorId, Row)>,
) -> Vec<(usize, usize)> {
    let mut replaced = Vec::new();
    if rows.len() < 2 {
        return replaced;
    }
    let measure = model.measure_of(question);
    let later = match measure.kind {
        MeasureType::Choice if !measure.single => Later::StandsBeside,
        MeasureType::Scale => Later::Excludes,
        _ => Later::Replaces,
    };
    rows.sort_by_key(|(party, row)| (*party, row.days.first, row.at));
    for rows in rows.chunk_by(|a, b| a.0 == b.0) {
        if rows.len() > 1 {
            supersede(graph, rows, later, &mut replaced);
        }
    }
    replaced
}

/// What a later answer does to an earlier one of the same party, denials aside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Later {
    /// It takes its place.
    Replaces,
    /// It takes its place where the two cannot stand together.
    Excludes,
    /// It stands beside it.
    StandsBeside,
}

/// Of the answers of one party, in the order in which they were said, those that a later one supersedes.
fn supersede<P>(graph: &Graph, rows: &[(P, Row)], later: Later, replaced: &mut Vec<(usize, usize)>) {
    let mut reversals = Reversals::new(graph, rows);
    // Each row with the first one said after it, the latest of those first.
    let after = |row: &Row| rows.partition_point(|(_, other)| !is_after(other, row));
    let mut order: Vec<(usize, &Row)> = rows.iter().map(|(_, row)| (after(row), row)).collect();
    order.sort_by_key(|(from, _)| Reverse(*from));
    let (mut ahead, mut seen) = (Ahead::default(), rows.len());
    for (from, row) in order {
        while seen > from {
            seen -= 1;
            ahead.push(seen, &rows[seen].1);
            if let Some(reversals) = &mut reversals {
                reversals.push(seen, &rows[seen].1.said);
            }
        }
        let reversed = reversals.as_ref().and_then(|reversals| reversals.first(&row.said));
        let by = [ahead.replaces(row, later), reversed];
        if let Some(by) = by.into_iter().flatten().min() {
            replaced.push((row.at, rows[by].1.at));
        }
    }
}

/// What a party says from some row on.
#[derive(Default)]
struct Ahead {
    lows: Nearest,
    /// High ends, turned around.
    highs: Nearest,
    /// The last days described.
    days: Nearest,
    ratios: FxHashMap<Against, usize>,
}

impl Ahead {
    fn push(&mut self, at: usize, row: &Row) {
        match &row.said {
            Said::Line(hard, _) => {
                self.lows.push(hard.low, at);
                self.highs.push(!hard.high, at);
                self.days.push(row.slot.last.into(), at);
            }
            Said::Choice(_) => self.days.push(row.slot.last.into(), at),
            Said::Ratio(_, against) => _ = self.ratios.insert(*against, at),
            Said::Not(_) | Said::NotChoice(_) => {}
        }
    }

    /// The first row that takes the place of one.
    fn replaces(&self, row: &Row, later: Later) -> Option<usize> {
        let describes = || self.days.above(i64::from(row.slot.first) - 1);
        match (later, &row.said) {
            // Whoever only says less than before, as "dozens" after "46", takes nothing back.
            (Later::Replaces, Said::Line(hard, _)) => {
                let tighter = [self.lows.above(hard.low), self.highs.above(!hard.high)];
                describes().and(tighter.into_iter().flatten().min())
            }
            (Later::Replaces, Said::Ratio(_, against)) => self.ratios.get(against).copied(),
            (Later::Replaces, Said::Choice(_)) => describes(),
            (Later::Excludes, Said::Line(hard, _)) => {
                let apart = [self.lows.above(hard.high), self.highs.above(!hard.low)];
                apart.into_iter().flatten().min()
            }
            _ => None,
        }
    }
}

/// Rows put in front of each other, each with a value; those that no nearer one reaches are kept.
#[derive(Default)]
struct Nearest(Vec<(i64, usize)>);

impl Nearest {
    fn push(&mut self, value: i64, at: usize) {
        while self.0.last().is_some_and(|&(last, _)| last <= value) {
            self.0.pop();
        }
        self.0.push((value, at));
    }

    /// The nearest row with more than a value.
    fn above(&self, value: i64) -> Option<usize> {
        let above = self.0.partition_point(|&(other, _)| other > value);
        self.0[..above].last().map(|&(_, at)| at)
    }
}

/// The denials of a party and what they deny, from some row on: the first row that takes back another.
struct Reversals<'g> {
    lines: Dominance,
    denied_lines: Dominance,
    named: LowestItems<'g>,
    denied: LowestItems<'g>,
}

impl<'g> Reversals<'g> {
    /// Room for some rows; none where nothing is denied.
    fn new<P>(graph: &'g Graph, rows: &[(P, Row)]) -> Option<Self> {
        let said = || rows.iter().map(|(_, row)| &row.said);
        if !said().any(|said| matches!(said, Said::Not(_) | Said::NotChoice(_))) {
            return None;
        }
        let lines = said().filter_map(|said| if let Said::Line(hard, _) = said { Some(*hard) } else { None });
        let denied =
            said().filter_map(|said| if let Said::Not(denied) = said { Some(*denied) } else { None });
        Some(Self {
            lines: Dominance::new(lines.map(inside)),
            denied_lines: Dominance::new(denied.map(around)),
            named: LowestItems::new(graph),
            denied: LowestItems::new(graph),
        })
    }

    /// Adds a row before all that were added so far.
    fn push(&mut self, at: usize, said: &Said) {
        match said {
            Said::Line(hard, _) => self.lines.add(inside(*hard), at),
            Said::Not(denied) => self.denied_lines.add(around(*denied), at),
            Said::Choice(items) => items.iter().for_each(|&item| self.named.mark(item, at)),
            Said::NotChoice(items) => items.iter().for_each(|&item| self.denied.mark(item, at)),
            Said::Ratio(..) => {}
        }
    }

    /// The first of the added rows of which one denies the other.
    fn first(&self, said: &Said) -> Option<usize> {
        match said {
            Said::Line(hard, _) => self.denied_lines.lowest(around(*hard)),
            Said::Not(denied) => self.lines.lowest(inside(*denied)),
            Said::Choice(items) => items.iter().filter_map(|&item| self.denied.around(item)).min(),
            Said::NotChoice(items) => items.iter().filter_map(|&item| self.named.inside(item)).min(),
            Said::Ratio(..) => None,
        }
    }
}

/// A range as a point, so that the ranges inside it are no lower and no further to the right.
fn inside(range: Range) -> (i64, i64) {
    (range.low, range.high)
}

/// A range as a point, so that the ranges around it are no lower and no further to the right.
fn around(range: Range) -> (i64, i64) {
    (!range.low, !range.high)
}

/// Whether an answer was surely said after another.
fn is_after(answer: &Row, other: &Row) -> bool {
    other.days.last < answer.days.first
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::figure::OPEN;

    /// Ranges, whether they are denied, and the days described, said on a day each; several on the same day.
    fn said() -> impl Strategy<Value = Vec<(i64, i64, bool, i32, i32)>> {
        let one = (0..6_i64, prop_oneof![0..4_i64, Just(OPEN)], any::<bool>(), 0..4_i32, 0..6_i32);
        proptest::collection::vec(one, 1..12)
    }

    fn row(at: usize, (low, width, denied, day, said): (i64, i64, bool, i32, i32)) -> ((), Row) {
        let hard = Range { low, high: low.saturating_add(width) };
        let days = Days { first: said, last: said };
        let slot = Slot { first: day, last: day, settled: true };
        let said = if denied { Said::Not(hard) } else { Said::Line(hard, hard) };
        ((), Row { at, said, days, slot })
    }

    /// The first later row that stands against one, looked for row by row.
    fn by_search(rows: &[((), Row)], row: &Row, later: Later) -> Option<usize> {
        let mut after = rows.iter().map(|((), other)| other).filter(|other| is_after(other, row));
        let is_line = |other: &Row| matches!(other.said, Said::Line(..));
        let describes = after.clone().any(|other| is_line(other) && other.slot.last >= row.slot.first);
        let against = after.find(|other| match (&row.said, &other.said) {
            (Said::Line(own, _), Said::Line(other, _)) => match later {
                Later::Replaces => describes && (other.low > own.low || other.high < own.high),
                Later::Excludes => other.low > own.high || other.high < own.low,
                Later::StandsBeside => false,
            },
            (Said::Not(denied), Said::Line(line, _)) | (Said::Line(line, _), Said::Not(denied)) => {
                denied.contains(line)
            }
            _ => false,
        });
        against.map(|other| other.at)
    }

    proptest! {
        #[test]
        fn what_takes_a_place_is_the_first_that_stands_against_it(said in said()) {
            let (model, _) = crate::model::resolve(&[], None);
            let (graph, _) = Graph::build(&model);
            let mut rows: Vec<_> = said.into_iter().enumerate().map(|(at, said)| row(at, said)).collect();
            rows.sort_by_key(|((), row)| (row.days.first, row.at));
            for later in [Later::Replaces, Later::Excludes, Later::StandsBeside] {
                let mut replaced = Vec::new();
                supersede(&graph, &rows, later, &mut replaced);
                replaced.sort_unstable();
                let mut expected: Vec<_> = rows
                    .iter()
                    .filter_map(|((), row)| Some((row.at, by_search(&rows, row, later)?)))
                    .collect();
                expected.sort_unstable();
                prop_assert_eq!(replaced, expected);
            }
        }
    }
}
