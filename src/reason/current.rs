//! Which answers are still their party's position.
//!
//! An answer is superseded by one of its party on the same question, said later, that describes the same day
//! or later (design, decision 6). A decline supersedes nothing, a conditional claim neither; answers to a
//! choice that is not single stand side by side until one is denied.

use rayon::prelude::*;

use super::statements::said;
use super::{Said, Slot, choices};
use crate::document::MeasureType;
use crate::graph::Graph;
use crate::id::{AnswerId, Id as _, QuestionId};
use crate::model::Model;
use crate::period::Day;

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
    first: Option<Day>,
    last: Option<Day>,
    slot: Slot,
}

fn of_question(model: &Model, graph: &Graph, slots: &[Slot], question: QuestionId) -> Vec<bool> {
    let answers: Vec<AnswerId> = model.answers_to(question).collect();
    let mut current = vec![false; answers.len()];
    let mut by_party: Vec<(_, Row)> = Vec::with_capacity(answers.len());
    for (at, &answer) in answers.iter().enumerate() {
        let Some(said) = said(model, answer) else { continue };
        current[at] = true;
        let claim = model.claim(model.answers.claim[answer.index()]);
        let slot = slots[answer.index()];
        by_party.push((claim.party, Row { at, said, first: claim.said.first, last: claim.said.last, slot }));
    }
    if by_party.len() < 2 {
        return current;
    }
    let measure = model.measure_of(question);
    let replaces = measure.kind != MeasureType::Choice || measure.single;
    by_party.sort_by_key(|(party, row)| (*party, row.first, row.at));
    for rows in by_party.chunk_by(|a, b| a.0 == b.0) {
        if rows.len() > 1 {
            supersede(graph, rows, replaces, &mut current);
        }
    }
    current
}

/// Marks the answers of one party, in the order in which they were said, that a later one supersedes.
fn supersede<P>(graph: &Graph, rows: &[(P, Row)], replaces: bool, current: &mut [bool]) {
    // The latest day described by any answer from here on.
    let mut latest = vec![i32::MIN; rows.len() + 1];
    for at in (0..rows.len()).rev() {
        let plain = matches!(rows[at].1.said, Said::Line(..) | Said::Choice(_)) && replaces;
        latest[at] = latest[at + 1].max(if plain { rows[at].1.slot.last } else { i32::MIN });
    }
    for (_, row) in rows {
        let later = rows.partition_point(|(_, other)| !is_after(other, row));
        let is_plain = matches!(row.said, Said::Line(..) | Said::Choice(_));
        let superseded = (is_plain && latest[later] >= row.slot.first && later < rows.len())
            || rows[later..].iter().any(|(_, other)| is_reversed(graph, &row.said, &other.said));
        current[row.at] &= !superseded;
    }
}

/// Whether an answer was surely said after another.
fn is_after(answer: &Row, other: &Row) -> bool {
    matches!((other.last, answer.first), (Some(last), Some(first)) if last < first)
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
