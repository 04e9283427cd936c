//! Which answers are still their party's position.
//!
//! An answer is superseded by one of its party on the same question, said later, that describes the same day
//! or later: a later word about an earlier day does not withdraw today's figure. A decline supersedes
//! nothing, a conditional claim neither. What the later answer leaves standing stays: a figure that the later
//! one only tells less exactly, ids of a choice that
//! is not single until one is denied, and steps of a scale, which read as that step or any above.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::statements::said;
use super::{Said, Slot, choices};
use crate::document::MeasureType;
use crate::figure::{OPEN, Range};
use crate::graph::Graph;
use crate::id::{AnswerId, Id as _, QuestionId};
use crate::model::{Days, Model};

/// For each answer whether it is current.
pub(super) fn current(model: &Model, graph: &Graph, slots: &[Slot]) -> Vec<bool> {
    let questions: Vec<QuestionId> = model.question_ids().collect();
    let of_questions: Vec<Vec<bool>> =
        questions.par_iter().map(|&question| of_question(model, graph, slots, question)).collect();
    of_questions.into_iter().flatten().collect()
}

/// One answer while it is looked at.
struct Row {
    at: usize,
    said: Said,
    days: Days,
    slot: Slot,
}

fn of_question(model: &Model, graph: &Graph, slots: &[Slot], question: QuestionId) -> Vec<bool> {
    let answers: Vec<AnswerId> = model.answers_to(question).collect();
    let mut current = vec![false; answers.len()];
    let mut by_party: Vec<(_, Row)> = Vec::with_capacity(answers.len());
    for (at, &answer) in answers.iter().enumerate() {
        let Some(said) = said(model, answer) else { continue };
        current[at] = true;
        let slot = slots[answer.index()];
        let days = model.answers.said[answer.index()];
        by_party.push((model.answers.party[answer.index()], Row { at, said, days, slot }));
    }
    if by_party.len() < 2 {
        return current;
    }
    let measure = model.measure_of(question);
    let later = match measure.kind {
        MeasureType::Choice if !measure.single => Later::StandsBeside,
        MeasureType::Scale => Later::Excludes,
        _ => Later::Replaces,
    };
    by_party.sort_by_key(|(party, row)| (*party, row.days.first, row.at));
    for rows in by_party.chunk_by(|a, b| a.0 == b.0) {
        if rows.len() > 1 {
            supersede(graph, rows, later, &mut current);
        }
    }
    current
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

/// Marks the answers of one party, in the order in which they were said, that a later one supersedes.
fn supersede<P>(graph: &Graph, rows: &[(P, Row)], later: Later, current: &mut [bool]) {
    // The latest day described by any answer from here on, and what all of them leave room for.
    let mut latest = vec![i32::MIN; rows.len() + 1];
    let mut room = vec![Range { low: i64::MIN, high: OPEN }; rows.len() + 1];
    for at in (0..rows.len()).rev() {
        let row = &rows[at].1;
        let plain = matches!(row.said, Said::Line(..) | Said::Choice(_));
        latest[at] = latest[at + 1].max(if plain { row.slot.last } else { i32::MIN });
        room[at] = room[at + 1];
        if let Said::Line(hard, _) = &row.said {
            room[at] = Range { low: room[at].low.max(hard.low), high: room[at].high.min(hard.high) };
        }
    }
    let reversals = Reversals::new(graph, rows);
    for (_, row) in rows {
        let from = rows.partition_point(|(_, other)| !is_after(other, row));
        let replaced = match (later, &row.said) {
            // Whoever only says less than before, as "dozens" after "46", takes nothing back.
            (Later::Replaces, Said::Line(hard, _)) => {
                from < rows.len()
                    && latest[from] >= row.slot.first
                    && (hard.low < room[from].low || room[from].high < hard.high)
            }
            (Later::Replaces, Said::Ratio(_, against)) => rows[from..]
                .iter()
                .any(|(_, later)| matches!(&later.said, Said::Ratio(_, other) if other == against)),
            (Later::Replaces, Said::Choice(_)) => from < rows.len() && latest[from] >= row.slot.first,
            (Later::Excludes, Said::Line(hard, _)) => {
                hard.low > room[from].high || hard.high < room[from].low
            }
            _ => false,
        };
        current[row.at] &= !replaced && !reversals.after(graph, &row.said, from);
    }
}

/// What each distinct denial of a party denies, the last row that makes it, and the last row it reverses.
struct Reversals<'a>(FxHashMap<&'a Said, (usize, Option<usize>)>);

impl<'a> Reversals<'a> {
    fn new<P>(graph: &Graph, rows: &'a [(P, Row)]) -> Self {
        let mut denials: FxHashMap<&Said, (usize, Option<usize>)> = FxHashMap::default();
        for (at, (_, row)) in rows.iter().enumerate() {
            if matches!(row.said, Said::Not(_) | Said::NotChoice(_)) {
                denials.insert(&row.said, (at, None));
            }
        }
        for (denied, (_, last)) in &mut denials {
            *last = rows.iter().rposition(|(_, row)| is_reversed(graph, denied, &row.said));
        }
        Self(denials)
    }

    /// Whether a row from `later` on takes back what was said.
    fn after(&self, graph: &Graph, said: &Said, later: usize) -> bool {
        match self.0.get(said) {
            Some((_, last)) => last.is_some_and(|last| last >= later),
            None => {
                self.0.iter().any(|(denied, (last, _))| *last >= later && is_reversed(graph, denied, said))
            }
        }
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
