//! The positions on a question: largest groups of current statements that can hold together.

use rustc_hash::FxHashSet;

use super::{MAX_POSITIONS, Position};
use crate::figure::{OPEN, Range};
use crate::graph::Graph;
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::{Item, Model};
use crate::reason::{Nature, Reasoning, Said, Slot, Statement, is_rival, is_same_answer, sweep};

/// The positions on a question, and beside them those of claims on other questions that its findings name.
pub(super) fn of(
    model: &Model,
    graph: &Graph,
    reasoning: &Reasoning,
    question: QuestionId,
    named: &FxHashSet<ClaimId>,
) -> (Vec<Position>, usize) {
    let mut statements = reasoning.statements(model, graph, question);
    statements.retain(|statement| statement.current);
    let (mut groups, mut left_out) = on_a_line(&statements, over_time(model, reasoning, question));
    let (chosen, unlisted) = choices(model, graph, question, &statements);
    groups.extend(chosen);
    left_out += unlisted;
    groups.extend(denials(&statements));
    let maker = Maker { model, graph };
    let mut positions: Vec<Position> = groups
        .into_iter()
        .map(|group| {
            maker.position(
                group.members.iter().map(|&at| &statements[at]),
                &statements[group.named_by],
                group.range,
            )
        })
        .collect();
    positions.extend(maker.elsewhere(reasoning, question, named));
    (positions, left_out)
}

/// Statements that can hold together, by index.
struct Group {
    named_by: usize,
    members: Vec<usize>,
    range: Option<Range>,
}

/// Figures, steps, days, yes and no: the fewest points that meet all ranges. A high end of a toll that may
/// still grow binds up to its day only, so earlier figures are read as they bind at the latest day.
fn on_a_line(statements: &[Statement], over_time: bool) -> (Vec<Group>, usize) {
    let slots = statements.iter().map(|statement| statement.slot);
    let last = slots.max_by_key(|slot| slot.first).filter(|_| over_time);
    let lines: Vec<(usize, Range)> = statements
        .iter()
        .enumerate()
        .filter_map(|(at, statement)| statement.hard().map(|hard| (at, binding(hard, statement.slot, last))))
        .collect();
    let ranges: Vec<Range> = lines.iter().map(|(_, range)| *range).collect();
    let found = sweep::positions(&ranges);
    let count = found.openers.len();
    let kept = |position: &usize| *position < MAX_POSITIONS / 2 || *position + MAX_POSITIONS / 2 >= count;
    let groups = (0..count)
        .filter(kept)
        .map(|position| {
            let members: Vec<usize> = found.members(position).collect();
            let low = members.iter().map(|&at| ranges[at].low).max().unwrap_or(0);
            let high = members.iter().map(|&at| ranges[at].high).min().unwrap_or(OPEN);
            Group {
                named_by: lines[found.openers[position]].0,
                members: members.iter().map(|&at| lines[at].0).collect(),
                range: Some(Range { low, high }),
            }
        })
        .collect();
    (groups, count.saturating_sub(MAX_POSITIONS))
}

/// Whether figures of a question may be told apart by their days alone: not where some of one day clash, or
/// a later one fell.
fn over_time(model: &Model, reasoning: &Reasoning, question: QuestionId) -> bool {
    let of_question = reasoning.clashes_of(question);
    model.measure_of(question).grows
        && !of_question.iter().any(|clash| matches!(clash.nature, Nature::Unsettled | Nature::Drop))
}

fn binding(hard: Range, slot: Slot, last: Option<Slot>) -> Range {
    let is_earlier = last.is_some_and(|last| slot.is_before(last));
    if is_earlier { Range { low: hard.low, high: OPEN } } else { hard }
}

/// Answers to a choice: those that exclude each other open positions, every answer joins where it can. With
/// them, how many further answers would have opened one.
fn choices(
    model: &Model,
    graph: &Graph,
    question: QuestionId,
    statements: &[Statement],
) -> (Vec<Group>, usize) {
    let single = model.measure_of(question).single;
    let exclude = |a: &[Item], b: &[Item]| {
        if single { !is_same_answer(graph, a, b) } else { is_rival(graph, a, b) }
    };
    let items = |at: usize| match &statements[at].said {
        Said::Choice(items) => Some(items),
        _ => None,
    };
    let mut groups: Vec<Group> = Vec::new();
    let mut unlisted: FxHashSet<&[Item]> = FxHashSet::default();
    for at in 0..statements.len() {
        let Some(own) = items(at) else { continue };
        let opens = groups.iter().all(|group| items(group.named_by).is_some_and(|other| exclude(own, other)));
        if opens && groups.len() < MAX_POSITIONS {
            groups.push(Group { named_by: at, members: Vec::new(), range: None });
        } else if opens {
            unlisted.insert(own);
        }
    }
    for at in 0..statements.len() {
        let Some(own) = items(at) else { continue };
        let joins = |group: &Group| items(group.named_by).is_some_and(|opener| !exclude(own, opener));
        let of_party = |group: &Group| statements[group.named_by].party == statements[at].party;
        // What could stand with several positions stands with those of its own party, where it has one.
        let with_party = groups.iter().any(|group| joins(group) && of_party(group));
        for group in groups.iter_mut().filter(|group| joins(group) && (of_party(group) || !with_party)) {
            group.members.push(at);
        }
    }
    (groups, unlisted.len())
}

/// Denials that leave no range stand together: none of them says what is so.
fn denials(statements: &[Statement]) -> Option<Group> {
    let is_bare = |at: &usize| matches!(statements[*at].said, Said::Not(_) | Said::NotChoice(_));
    let members: Vec<usize> = (0..statements.len()).filter(is_bare).collect();
    let named_by = *members.first()?;
    Some(Group { named_by, members, range: None })
}

struct Maker<'a> {
    model: &'a Model,
    graph: &'a Graph,
}

impl Maker<'_> {
    fn position<'s>(
        &self,
        statements: impl Iterator<Item = &'s Statement>,
        named_by: &Statement,
        range: Option<Range>,
    ) -> Position {
        let mut answers: Vec<AnswerId> =
            statements.flat_map(|statement| statement.answers.iter().copied()).collect();
        let claim = |answer: AnswerId| self.model.answers.claim[answer.index()];
        answers.sort_by_key(|&answer| (self.model.claim(claim(answer)).said_on(), claim(answer)));
        let mut parties = Vec::new();
        let mut sources = Vec::new();
        let mut origins = Vec::new();
        for &answer in &answers {
            let row = self.model.claim(claim(answer));
            parties.push(row.party);
            sources.push(row.source);
            origins.push(self.graph.origin(claim(answer)));
        }
        let mut seen = FxHashSet::default();
        parties.retain(|&party| seen.insert(party));
        sources.sort_unstable();
        sources.dedup();
        origins.sort_unstable();
        origins.dedup();
        Position { answers, parties, range, named_by: named_by.first(), sources, origins: origins.len() }
    }

    /// One position for each statement on another question that a finding of this dispute names.
    fn elsewhere(
        &self,
        reasoning: &Reasoning,
        question: QuestionId,
        named: &FxHashSet<ClaimId>,
    ) -> Vec<Position> {
        let mut positions: Vec<Position> = Vec::new();
        let mut questions: Vec<QuestionId> = named
            .iter()
            .flat_map(|claim| self.graph.questions_of(*claim))
            .filter(|&other| other != question && self.is_family(question, other))
            .collect();
        questions.sort_unstable();
        questions.dedup();
        for other in questions {
            for statement in reasoning.statements(self.model, self.graph, other) {
                let claim = |answer: &AnswerId| self.model.answers.claim[answer.index()];
                if statement.answers.iter().any(|answer| named.contains(&claim(answer))) {
                    positions.push(self.position(std::iter::once(&statement), &statement, statement.hard()));
                }
            }
        }
        positions
    }

    fn is_family(&self, a: QuestionId, b: QuestionId) -> bool {
        let (a, b) = (self.model.question(a), self.model.question(b));
        (a.subject, a.measure) == (b.subject, b.measure)
    }
}
