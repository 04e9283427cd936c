//! Finds the positions on a question: the largest groups of current statements that can hold together.

use rustc_hash::FxHashSet;

use super::{MAX_POSITIONS, Position};
use crate::graph::Graph;
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, MeasureId, PopulationId, QuestionId, SubjectId};
use crate::model::{AnswersByClaim, ChoiceItem, Model};
use crate::reason::{ChoiceAnswer, Content, Nature, Reasoning, Statement, ValidDays, denies, sweep};
use gainsay_reading::figure::{OPEN, Range};

/// The positions on a question, including those of claims on other questions that its findings name, and how
/// many are left out.
pub(super) fn positions_on(
    model: &Model,
    graph: &Graph,
    reasoning: &Reasoning,
    question: QuestionId,
    named: &FxHashSet<ClaimId>,
    by_claim: &AnswersByClaim,
) -> (Vec<Position>, usize) {
    let mut statements = reasoning.statements(model, graph, question);
    statements.retain(|statement| statement.current);
    let (mut groups, mut left_out) =
        positions_of_ranges(&statements, is_explained_by_days(model, reasoning, question));
    let (chosen, unlisted) = positions_of_choices(model, graph, question, &statements);
    groups.extend(chosen);
    left_out += unlisted;
    let alone = add_denials(graph, &statements, &mut groups);
    groups.extend(alone);
    let builder = PositionBuilder { model, graph, by_claim };
    let mut positions: Vec<Position> = groups
        .into_iter()
        .map(|group| {
            builder.position(
                group.members.iter().map(|&at| &statements[at]),
                &statements[group.named_by],
                group.range,
            )
        })
        .collect();
    let elsewhere = builder.statements_elsewhere(reasoning, question, named);
    builder.add_statements_elsewhere(question, &mut positions, elsewhere);
    (positions, left_out)
}

/// The number of statements of a position that are compared with one that would join it.
const MAX_COMPARED: usize = 64;

/// A position by the indexes of its statements.
struct PositionGroup {
    named_by: usize,
    members: Vec<usize>,
    range: Option<Range>,
}

/// The positions of answers with ranges (figures, steps, days, yes and no): the smallest set of points that
/// pierces all ranges. If the figures may still grow, a high end applies only up to its day, so earlier
/// figures are read as they apply on the latest day.
fn positions_of_ranges(statements: &[Statement], over_time: bool) -> (Vec<PositionGroup>, usize) {
    let valid_days = statements.iter().map(|statement| statement.days);
    let last = valid_days.max_by_key(|days| days.first).filter(|_| over_time);
    let lines: Vec<(usize, Range)> = statements
        .iter()
        .enumerate()
        .filter_map(|(at, statement)| {
            statement.hard().map(|hard| (at, range_on_last_day(hard, statement.days, last)))
        })
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
            PositionGroup {
                named_by: lines[found.openers[position]].0,
                members: members.iter().map(|&at| lines[at].0).collect(),
                range: Some(Range { low, high }),
            }
        })
        .collect();
    (groups, count.saturating_sub(MAX_POSITIONS))
}

/// Whether differences between figures can be explained by their days alone. That is not so if figures for
/// the same day clash, or a later figure is lower.
fn is_explained_by_days(model: &Model, reasoning: &Reasoning, question: QuestionId) -> bool {
    let of_question = reasoning.clashes_of(question);
    model.measure_of(question).grows
        && !of_question.iter().any(|clash| matches!(clash.nature, Nature::Unsettled | Nature::Drop))
}

fn range_on_last_day(hard: Range, days: ValidDays, last: Option<ValidDays>) -> Range {
    let is_earlier = last.is_some_and(|last| days.is_before(last));
    if is_earlier { Range { low: hard.low, high: OPEN } } else { hard }
}

/// The positions of answers to a choice. Answers that exclude each other open positions, and every answer
/// joins each position that it does not exclude. Also returns how many further answers would have opened a
/// position.
fn positions_of_choices(
    model: &Model,
    graph: &Graph,
    question: QuestionId,
    statements: &[Statement],
) -> (Vec<PositionGroup>, usize) {
    let single = model.measure_of(question).single;
    let exclude =
        |a: &ChoiceAnswer<'_>, b: &ChoiceAnswer<'_>| if single { !a.is_same(b) } else { a.is_rival(b) };
    let chosen: Vec<(usize, &[ChoiceItem])> = statements
        .iter()
        .enumerate()
        .filter_map(|(at, statement)| match &statement.content {
            Content::Choice(items) => Some((at, &**items)),
            _ => None,
        })
        .collect();
    let mut groups: Vec<PositionGroup> = Vec::new();
    let mut openers: Vec<ChoiceAnswer<'_>> = Vec::new();
    let mut unlisted: FxHashSet<&[ChoiceItem]> = FxHashSet::default();
    for &(at, items) in &chosen {
        let own = ChoiceAnswer::new(graph, items);
        let opens = openers.iter().all(|opener| exclude(&own, opener));
        if opens && groups.len() < MAX_POSITIONS {
            groups.push(PositionGroup { named_by: at, members: Vec::new(), range: None });
            openers.push(own);
        } else if opens {
            unlisted.insert(items);
        }
    }
    for &(at, items) in &chosen {
        let own = ChoiceAnswer::new(graph, items);
        let joining: Vec<usize> =
            (0..groups.len()).filter(|&group| !exclude(&own, &openers[group])).collect();
        let of_party = |&group: &usize| statements[groups[group].named_by].party == statements[at].party;
        // An answer that fits several positions joins those named by its own party, if there are any.
        let own: Vec<usize> = joining.iter().copied().filter(of_party).collect();
        for group in if own.is_empty() { joining } else { own } {
            groups[group].members.push(at);
        }
    }
    (groups, unlisted.len())
}

/// Adds denials that leave no range to the positions of their own party, if both can hold. The others form
/// one position, because none of them says what is true.
fn add_denials(
    graph: &Graph,
    statements: &[Statement],
    groups: &mut [PositionGroup],
) -> Option<PositionGroup> {
    let is_bare =
        |at: &usize| matches!(statements[*at].content, Content::NotRange(_) | Content::NotChoice(_));
    let mut members: Vec<usize> = (0..statements.len()).filter(is_bare).collect();
    let parties: Vec<FxHashSet<ActorId>> =
        groups.iter().map(|group| group.members.iter().map(|&at| statements[at].party).collect()).collect();
    members.retain(|&at| {
        let denial = &statements[at];
        let mut is_alone = true;
        for (group, parties) in groups.iter_mut().zip(&parties) {
            let mut held = group.members.iter().take(MAX_COMPARED).map(|&at| &statements[at]);
            if parties.contains(&denial.party) && held.all(|other| !denies(graph, denial, other)) {
                group.members.push(at);
                is_alone = false;
            }
        }
        is_alone
    });
    let named_by = *members.first()?;
    Some(PositionGroup { named_by, members, range: None })
}

/// A figure for a part of what is counted in a dispute.
#[derive(Clone, Copy)]
struct PartFigure {
    measure: MeasureId,
    population: PopulationId,
    range: Range,
}

struct PositionBuilder<'a> {
    model: &'a Model,
    graph: &'a Graph,
    by_claim: &'a AnswersByClaim,
}

impl PositionBuilder<'_> {
    fn position<'s>(
        &self,
        statements: impl Iterator<Item = &'s Statement>,
        named_by: &Statement,
        range: Option<Range>,
    ) -> Position {
        let answers = statements.flat_map(|statement| statement.answers.iter().copied()).collect();
        self.position_of_answers(answers, named_by.main_answer(), range)
    }

    fn position_of_answers(
        &self,
        mut answers: Vec<AnswerId>,
        named_by: AnswerId,
        range: Option<Range>,
    ) -> Position {
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
        Position { answers, parties, range, named_by, sources, origins: origins.len() }
    }

    /// The statements on related questions that a finding of this dispute names.
    fn statements_elsewhere(
        &self,
        reasoning: &Reasoning,
        question: QuestionId,
        named: &FxHashSet<ClaimId>,
    ) -> Vec<(QuestionId, Statement)> {
        let mut questions: Vec<QuestionId> = named
            .iter()
            .flat_map(|&claim| self.on_subject(claim, self.model.question(question).subject))
            .filter(|&other| other != question && self.is_family(question, other))
            .collect();
        questions.sort_unstable();
        questions.dedup();
        let claim = |answer: &AnswerId| self.model.answers.claim[answer.index()];
        let of_question = |other| {
            let mut statements = reasoning.statements(self.model, self.graph, other);
            statements
                .retain(|statement| statement.answers.iter().any(|answer| named.contains(&claim(answer))));
            statements.into_iter().map(move |statement| (other, statement))
        };
        questions.into_iter().flat_map(of_question).collect()
    }

    /// The questions on this subject that a claim answers.
    fn on_subject(&self, claim: ClaimId, subject: SubjectId) -> impl Iterator<Item = QuestionId> + '_ {
        let answers = self.by_claim.of(claim);
        let asked = |answer: &AnswerId| self.model.answers.question[answer.index()];
        let subject_of = move |answer: &AnswerId| self.model.question(asked(answer)).subject;
        let from = answers.partition_point(|answer| subject_of(answer) < subject);
        answers[from..].iter().take_while(move |answer| subject_of(answer) == subject).map(asked)
    }

    /// Adds figures for parts to every position that has room for them together with the parts already added.
    /// A figure that fits nowhere becomes a position of its own.
    fn add_statements_elsewhere(
        &self,
        asked: QuestionId,
        positions: &mut Vec<Position>,
        elsewhere: Vec<(QuestionId, Statement)>,
    ) {
        let open = positions.len();
        let mut parts: Vec<Vec<PartFigure>> = vec![Vec::new(); open];
        for (question, statement) in elsewhere {
            let mut is_alone = true;
            if let Some(part) = self.part_figure(asked, question, &statement) {
                for (position, beside) in positions.iter_mut().zip(&mut parts) {
                    let room = position.range.is_some_and(|whole| self.has_room(whole, beside, part));
                    if room && beside.len() < MAX_COMPARED {
                        beside.push(part);
                        position.answers.extend(&statement.answers);
                        is_alone = false;
                    }
                }
            }
            if is_alone {
                positions.push(self.position(std::iter::once(&statement), &statement, statement.hard()));
            }
        }
        for (position, _) in positions.iter_mut().zip(&parts).filter(|(_, parts)| !parts.is_empty()) {
            let answers = std::mem::take(&mut position.answers);
            *position = self.position_of_answers(answers, position.named_by, position.range);
        }
    }

    /// A statement's figure as a part of the figure asked for; none if its question is not about a part.
    fn part_figure(
        &self,
        asked: QuestionId,
        question: QuestionId,
        statement: &Statement,
    ) -> Option<PartFigure> {
        let (whole, own) = (self.model.question(asked), self.model.question(question));
        let (whole_of, own_of) = (whole.population?, own.population?);
        let is_part = whole.period == own.period && self.graph.populations.is_within(own_of, whole_of);
        let range = statement.hard().filter(|_| is_part)?;
        Some(PartFigure { measure: own.measure, population: own_of, range })
    }

    /// Whether a part fits into a whole together with the parts that are already there.
    fn has_room(&self, whole: Range, beside: &[PartFigure], part: PartFigure) -> bool {
        let populations = &self.graph.populations;
        let mut taken = part.range.low;
        for other in beside {
            let is_same = (other.measure, other.population) == (part.measure, part.population);
            let is_inside = |a: &PartFigure, b: &PartFigure| {
                a.measure == b.measure && populations.is_within(a.population, b.population)
            };
            if is_same && !other.range.meets(&part.range)
                || is_inside(other, &part) && other.range.low > part.range.high
                || is_inside(&part, other) && part.range.low > other.range.high
            {
                return false;
            }
            if populations.is_apart(other.population, part.population) {
                taken = taken.saturating_add(other.range.low);
            }
        }
        taken <= whole.high
    }

    fn is_family(&self, a: QuestionId, b: QuestionId) -> bool {
        let (a, b) = (self.model.question(a), self.model.question(b));
        let is_summand = self.model.measures[a.measure].sum_of.contains(&b.measure);
        a.subject == b.subject && (a.measure == b.measure || is_summand)
    }
}
