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

use super::statements::said;
use super::{Against, Said, Slot, choices};
use crate::document::MeasureType;
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
    let reversals = Reversals::new(graph, rows);
    // Each row with the first one said after it, the latest of those first.
    let after = |row: &Row| rows.partition_point(|(_, other)| !is_after(other, row));
    let mut order: Vec<(usize, &Row)> = rows.iter().map(|(_, row)| (after(row), row)).collect();
    order.sort_by_key(|(from, _)| Reverse(*from));
    let (mut ahead, mut seen) = (Ahead::default(), rows.len());
    for (from, row) in order {
        while seen > from {
            seen -= 1;
            ahead.push(seen, &rows[seen].1);
        }
        let by = [ahead.replaces(row, later), reversals.after(graph, &row.said, from)];
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

/// Each distinct denial of a party: the rows that make it, and those it reverses or that reverse it.
struct Reversals<'a>(FxHashMap<&'a Said, (Vec<usize>, Vec<usize>)>);

impl<'a> Reversals<'a> {
    fn new<P>(graph: &Graph, rows: &'a [(P, Row)]) -> Self {
        let mut denials: FxHashMap<&Said, (Vec<usize>, Vec<usize>)> = FxHashMap::default();
        for (at, (_, row)) in rows.iter().enumerate() {
            if matches!(row.said, Said::Not(_) | Said::NotChoice(_)) {
                denials.entry(&row.said).or_default().0.push(at);
            }
        }
        for (denied, (_, reversed)) in &mut denials {
            let said = rows.iter().enumerate();
            reversed
                .extend(said.filter(|(_, (_, row))| is_reversed(graph, denied, &row.said)).map(|(at, _)| at));
        }
        Self(denials)
    }

    /// The first row from `later` on that takes back what was said.
    fn after(&self, graph: &Graph, said: &Said, later: usize) -> Option<usize> {
        let first = |rows: &[usize]| rows.get(rows.partition_point(|&at| at < later)).copied();
        if let Some((_, reversed)) = self.0.get(said) {
            return first(reversed);
        }
        let denials = self.0.iter().filter(|(denied, _)| is_reversed(graph, denied, said));
        denials.filter_map(|(_, (made, _))| first(made)).min()
    }
}

/// Whether an answer was surely said after another.
fn is_after(answer: &Row, other: &Row) -> bool {
    other.days.last < answer.days.first
}

/// Whether one of two answers denies the other.
fn is_reversed(graph: &Graph, a: &Said, b: &Said) -> bool {
    match (a, b) {
        (Said::Not(denied), Said::Line(hard, _)) | (Said::Line(hard, _), Said::Not(denied)) => {
            denied.contains(hard)
        }
        (Said::NotChoice(denied), Said::Choice(items)) | (Said::Choice(items), Said::NotChoice(denied)) => {
            choices::is_denied(graph, items, denied)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::figure::{OPEN, Range};

    /// Ranges and the days described, said on a day each; several on the same day.
    fn said() -> impl Strategy<Value = Vec<(i64, i64, i32, i32)>> {
        let one = (0..6_i64, prop_oneof![0..4_i64, Just(OPEN)], 0..4_i32, 0..6_i32);
        proptest::collection::vec(one, 1..12)
    }

    fn row(at: usize, (low, width, day, said): (i64, i64, i32, i32)) -> ((), Row) {
        let hard = Range { low, high: low.saturating_add(width) };
        let days = Days { first: said, last: said };
        let slot = Slot { first: day, last: day, settled: true };
        ((), Row { at, said: Said::Line(hard, hard), days, slot })
    }

    /// The first later row that stands against one, looked for row by row.
    fn by_search(rows: &[((), Row)], row: &Row, later: Later) -> Option<usize> {
        let line = |row: &Row| match row.said {
            Said::Line(hard, _) => hard,
            _ => Range { low: 0, high: OPEN },
        };
        let own = line(row);
        let after = rows.iter().filter(|((), other)| is_after(other, row));
        let describes = after.clone().any(|((), other)| other.slot.last >= row.slot.first);
        let mut against = after.filter(|((), other)| {
            let other = line(other);
            match later {
                Later::Replaces => describes && (other.low > own.low || other.high < own.high),
                Later::Excludes => other.low > own.high || other.high < own.low,
                Later::StandsBeside => false,
            }
        });
        against.next().map(|((), other)| other.at)
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
