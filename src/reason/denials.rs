//! One party asserts what another denies: by a response, a stance, a no, or a zero against more than zero.

use super::statements::Reader;
use super::{Clash, Nature, Said, Statement, choices};
use crate::figure::{ONE, Range};
use crate::graph::Graph;
use crate::id::{ClaimId, Id as _, QuestionId};
use crate::model::Model;

/// Whether `denial` denies what `other` asserts: the answer lies wholly inside what is denied.
pub(super) fn denies(graph: &Graph, denial: &Statement, other: &Statement) -> bool {
    match (&denial.said, &other.said) {
        (Said::Not(denied), Said::Line(hard, _)) => denied.contains(hard),
        (Said::NotChoice(denied), Said::Choice(items)) => choices::is_denied(graph, items, denied),
        (Said::Line(left, _), Said::Line(hard, _)) => {
            denial.is_denial && !other.is_denial && !left.meets(hard) && !other.slot_is_after(denial)
        }
        _ => false,
    }
}

impl Statement {
    /// Whether this figure describes a day after that of a zero that was counted: a toll may rise from none.
    /// A denial holds whenever it was said.
    fn slot_is_after(&self, denial: &Statement) -> bool {
        !denial.is_outright && denial.slot.is_before(self.slot)
    }
}

/// The assertion said first among those denied, and the denial of it said first; empty where there is none.
/// `fits` says which two may be paired. The statements are in the order of time.
pub(super) fn reversed<'s>(
    graph: &Graph,
    statements: &[&'s Statement],
    fits: impl Fn(&Statement, &Statement) -> bool,
) -> Vec<&'s Statement> {
    let denials: Vec<&Statement> =
        statements.iter().copied().filter(|statement| may_deny(statement)).collect();
    if denials.is_empty() {
        return Vec::new();
    }
    for &asserted in statements {
        let denial =
            denials.iter().copied().find(|denial| fits(asserted, denial) && denies(graph, denial, asserted));
        if let Some(denial) = denial {
            return vec![asserted, denial];
        }
    }
    Vec::new()
}

fn may_deny(statement: &Statement) -> bool {
    statement.is_denial || matches!(statement.said, Said::Not(_) | Said::NotChoice(_))
}

/// A zero for a population against more than zero for a part of it, however far down.
pub(super) fn across_populations(reader: &Reader<'_>) -> Vec<Clash> {
    let model = reader.model;
    let mut clashes = Vec::new();
    let mut at = 0;
    while at < model.questions.len() {
        let question = &model.questions[at];
        let family = model.family(question.subject, question.measure);
        if question.population.is_some() && family.len() > 1 {
            let zeros = family.clone().map(QuestionId::new).filter(|&question| has_zero(model, question));
            clashes.extend(zeros.filter_map(|zero| below_zero(reader, zero, family.clone())));
        }
        at = family.end;
    }
    clashes
}

fn has_zero(model: &Model, question: QuestionId) -> bool {
    let is_zero = |said| matches!(said, Some(Said::Line(Range { high: 0, .. }, _)));
    model.answers_to(question).any(|answer| is_zero(super::statements::said(model, answer)))
}

/// What clashes with a zero in the parts of its population; told at the zero's question.
fn below_zero(reader: &Reader<'_>, zero: QuestionId, family: std::ops::Range<usize>) -> Option<Clash> {
    let model = reader.model;
    let whole = model.question(zero).population?;
    let current = |question| reader.statements(question).into_iter().filter(|statement| statement.current);
    let zeros: Vec<Statement> =
        current(zero).filter(|statement| statement.hard().is_some_and(|range| range.high == 0)).collect();
    let mut found: Vec<(QuestionId, Statement, Statement)> = Vec::new();
    for part in family.map(QuestionId::new) {
        let question = model.question(part);
        let inside = question
            .population
            .is_some_and(|part| part != whole && reader.graph.populations.is_within(part, whole));
        if !inside || question.period != model.question(zero).period {
            continue;
        }
        for counted in
            current(part).filter(|statement| statement.hard().is_some_and(|range| range.low >= ONE))
        {
            let denial =
                zeros.iter().find(|zero| zero.party != counted.party && !counted.slot_is_after(zero));
            found.extend(denial.map(|denial| (part, counted, denial.clone())));
        }
    }
    found.sort_by_key(|(_, counted, denial)| (!(counted.certain && denial.certain), time(model, counted)));
    let mut also: Vec<ClaimId> = Vec::new();
    for (_, counted, denial) in &found {
        also.extend(
            counted.answers.iter().chain(&denial.answers).map(|answer| model.answers.claim[answer.index()]),
        );
    }
    let mut questions: Vec<QuestionId> = found.iter().map(|(part, ..)| *part).collect();
    let (part, counted, denial) = found.into_iter().next()?;
    let named = [counted.first(), denial.first()].map(|answer| model.answers.claim[answer.index()]);
    also.sort_unstable();
    also.dedup();
    also.retain(|claim| !named.contains(claim));
    questions.retain(|&question| question != part);
    questions.sort_unstable();
    questions.dedup();
    questions.splice(0..0, [zero, part]);
    let certain = counted.certain && denial.certain;
    Some(Clash {
        questions,
        nature: Nature::Denial,
        statements: vec![counted, denial],
        also,
        gap: None,
        certain,
        through: Vec::new(),
    })
}

fn time(model: &Model, statement: &Statement) -> impl Ord + use<> {
    (statement.claim(model).said_on(), model.answers.claim[statement.first().index()])
}
