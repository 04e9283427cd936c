//! Gathers answers into statements: one party, one answer, the same days, with all its witnesses.

use std::hash::{BuildHasher as _, Hash};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Clash, Content, RatioBasis, Statement, ValidDays};
use crate::document::{Certainty, MeasureType, Stance};
use crate::graph::Graph;
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::{Model, Value, below};
use gainsay_reading::figure::{ONE, OPEN, Range};

/// Reads the statements on a question from the model.
#[derive(Clone, Copy)]
pub(super) struct StatementReader<'a> {
    pub(super) model: &'a Model,
    pub(super) graph: &'a Graph,
    pub(super) valid_days: &'a [ValidDays],
    pub(super) current: &'a [bool],
}

impl StatementReader<'_> {
    /// Whether nothing on a question can clash because all its answers have ranges that overlap, hard and
    /// usual. It takes one pass and is true for most questions.
    pub(super) fn is_clean(&self, question: QuestionId) -> bool {
        let answers = self.model.answers_to(question);
        if answers.len() < 2 {
            return true;
        }
        let (mut hard, mut usual) =
            (Range { low: i64::MIN, high: OPEN }, Range { low: i64::MIN, high: OPEN });
        for answer in answers {
            match content_of(self.model, answer) {
                Some(Content::Interval { hard: own_hard, usual: own_usual }) => {
                    hard = Range { low: hard.low.max(own_hard.low), high: hard.high.min(own_hard.high) };
                    usual = Range { low: usual.low.max(own_usual.low), high: usual.high.min(own_usual.high) };
                }
                None | Some(Content::Ratio(..)) => {}
                Some(_) => return false,
            }
        }
        hard.low <= hard.high && usual.low <= usual.high
    }

    /// The statements on a question, including superseded ones, in the order of time, then of names.
    pub(super) fn statements(&self, question: QuestionId) -> Vec<Statement> {
        let answers = self.by_date(question);
        let mut places: HashTable<usize> = HashTable::with_capacity(answers.len());
        let mut statements: Vec<Statement> = Vec::new();
        for answer in answers {
            let Some(content) = content_of(self.model, answer) else { continue };
            let claim = self.model.claim(self.model.answers.claim[answer.index()]);
            let days = self.valid_days[answer.index()];
            // A denial holds no matter when it was said; a zero holds for the count so far.
            let is_outright = self.model.answers.stance[answer.index()] == Stance::Denies;
            let new = Statement {
                party: claim.party,
                content,
                days,
                is_denial: false,
                is_outright,
                answers: Vec::new(),
                main_answer: answer,
                certain: false,
                current: false,
            };
            let hash_of = |statement: &Statement| FxBuildHasher.hash_one(statement.key());
            let is_same = |&place: &usize| statements[place].key() == new.key();
            let entry = places.entry(hash_of(&new), is_same, |&place| hash_of(&statements[place]));
            let place = match entry {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => {
                    let place = statements.len();
                    entry.insert(place);
                    statements.push(new);
                    place
                }
            };
            let statement = &mut statements[place];
            statement.answers.push(answer);
            statement.is_denial |= is_denial(self.model, answer);
            if claim.certainty == Certainty::Certain && !statement.certain {
                statement.main_answer = answer;
                statement.certain = true;
            }
            statement.current |= self.current[answer.index()];
        }
        statements
    }

    /// The answers to a question, sorted by the day on which they were said, then by name.
    fn by_date(&self, question: QuestionId) -> Vec<AnswerId> {
        let mut answers: Vec<AnswerId> = self.model.answers_to(question).collect();
        answers.sort_by_key(|answer| {
            let claim = self.model.answers.claim[answer.index()];
            (self.model.claim(claim).said_on(), claim)
        });
        answers
    }

    /// Whether the claim of an answer is made without a hedge.
    pub(super) fn is_certain(&self, answer: AnswerId) -> bool {
        self.model.claim(self.claim_of(answer)).certainty == Certainty::Certain
    }

    /// The claim of an answer.
    pub(super) fn claim_of(&self, answer: AnswerId) -> ClaimId {
        self.model.answers.claim[answer.index()]
    }

    /// The claims of `answers`, sorted by name, without the claims of `named`.
    pub(super) fn other_claims(&self, named: &[AnswerId], answers: Vec<AnswerId>) -> Vec<ClaimId> {
        let named: Vec<ClaimId> = named.iter().map(|&answer| self.claim_of(answer)).collect();
        let mut claims: Vec<ClaimId> = answers.into_iter().map(|answer| self.claim_of(answer)).collect();
        claims.retain(|claim| !named.contains(claim));
        claims.sort_unstable();
        claims.dedup();
        claims
    }

    /// The sort key for the answer to name, the greatest first: without a hedge, then said first, then by
    /// name.
    pub(super) fn naming_rank(&self, answer: AnswerId) -> impl Ord + use<> {
        let claim = self.claim_of(answer);
        let said = self.model.claim(claim).said_on();
        (self.is_certain(answer), std::cmp::Reverse((said, claim)))
    }
}

impl Statement {
    /// Answers with the same key form one statement.
    fn key(&self) -> impl Eq + Hash {
        (self.party, &self.content, self.days, self.is_outright)
    }
}

/// Two questions followed by all others, sorted and without duplicates.
pub(super) fn pair_first(two: [QuestionId; 2], others: impl Iterator<Item = QuestionId>) -> Vec<QuestionId> {
    let mut questions: Vec<QuestionId> = others.filter(|other| !two.contains(other)).collect();
    questions.sort_unstable();
    questions.dedup();
    questions.splice(0..0, two);
    questions.dedup();
    questions
}

/// Merges clashes between the same two claims. A claim about a whole and its part, or a response to both,
/// then clashes with another claim only once, on questions about the same event if possible.
pub(super) fn merge_same_claims(reader: &StatementReader<'_>, mut clashes: Vec<Clash>) -> Vec<Clash> {
    let claims = |clash: &Clash| -> Vec<ClaimId> {
        let mut claims: Vec<ClaimId> =
            clash.statements.iter().map(|statement| reader.claim_of(statement.main_answer())).collect();
        claims.sort_unstable();
        claims
    };
    let is_of_two = |clash: &Clash| {
        let mut events = clash.questions.iter().take(2).map(|&id| reader.model.question(id).subject);
        events.next() != events.next()
    };
    clashes.sort_by_cached_key(|clash| (claims(clash), is_of_two(clash), clash.questions[0]));
    clashes.dedup_by(|again, kept| {
        let is_same = claims(again) == claims(kept);
        if is_same {
            let others = kept.questions.iter().skip(2).chain(&again.questions).copied();
            kept.questions = pair_first([kept.questions[0], kept.questions[1]], others);
            kept.also.append(&mut again.also);
            kept.also.sort_unstable();
            kept.also.dedup();
        }
        is_same
    });
    clashes
}

/// A cache of statements by answer.
#[derive(Default)]
pub(super) struct NamedStatements(FxHashMap<AnswerId, Statement>);

impl NamedStatements {
    /// The statement that an answer belongs to, named by that answer.
    pub(super) fn statement(&mut self, reader: &StatementReader<'_>, answer: AnswerId) -> Option<Statement> {
        if let Some(known) = self.0.get(&answer) {
            return Some(known.clone());
        }
        let question = reader.model.answers.question[answer.index()];
        let mut statements = reader.statements(question).into_iter();
        let mut found = statements.find(|statement| statement.answers.contains(&answer))?;
        found.main_answer = answer;
        found.certain = reader.is_certain(answer);
        self.0.insert(answer, found.clone());
        Some(found)
    }
}

/// The content of an answer, in the form in which statements are compared. None for declines, conditional
/// claims, and denied shares or changes.
pub(super) fn content_of(model: &Model, answer: AnswerId) -> Option<Content> {
    let at = answer.index();
    if model.answers.certainty[at] == Certainty::Conditional {
        return None;
    }
    let value = &model.answers.value[at];
    match (model.answers.stance[at], value) {
        (Stance::Declines, _) | (_, Value::Unstated) => None,
        (Stance::Asserts, Value::Choice(items)) => Some(Content::Choice(items.clone())),
        (Stance::Denies, Value::Choice(items)) => Some(Content::NotChoice(items.clone())),
        (Stance::Asserts, Value::Share(share, of)) => {
            Some(Content::Ratio(Range { low: share.low, high: share.high }, RatioBasis::Population(*of)))
        }
        (Stance::Asserts, Value::Change(change, base)) => {
            Some(Content::Ratio(Range { low: change.low, high: change.high }, RatioBasis::Base(*base)))
        }
        (Stance::Asserts, _) => value.ranges().map(|(hard, usual)| Content::Interval { hard, usual }),
        (Stance::Denies, _) => value.ranges().map(|(hard, _)| denied_content(model, answer, value, hard)),
    }
}

/// The content of a denial. It is a range if the denial leaves one: the opposite of yes or no, the steps
/// below a step, or zero if everything above zero is denied. Otherwise it is the range that is denied.
fn denied_content(model: &Model, answer: AnswerId, value: &Value, hard: Range) -> Content {
    let only = |range| Content::Interval { hard: range, usual: range };
    let measure = model.measure_of(model.answers.question[answer.index()]);
    let (kind, steps) = (measure.kind, measure.steps.len() as i64);
    match value {
        Value::YesNo(yes) => only(Range { low: i64::from(!yes), high: i64::from(!yes) }),
        Value::Step(..) if hard.low > 0 => only(below(hard)),
        // To deny that it went at most so far is to say that it went further.
        Value::Step(..) if hard.high < steps => only(Range { low: hard.high + 1, high: steps }),
        _ if kind == MeasureType::Count && hard.low <= ONE && hard.low > 0 && hard.high == OPEN => {
            only(Range { low: 0, high: 0 })
        }
        _ => Content::NotRange(hard),
    }
}

/// Whether an answer denies something: by its stance, by a no, or by a zero.
pub(super) fn is_denial(model: &Model, answer: AnswerId) -> bool {
    let at = answer.index();
    match (&model.answers.value[at], model.answers.stance[at]) {
        (Value::YesNo(yes), stance) => *yes == (stance == Stance::Denies),
        (Value::Figure(figure), Stance::Asserts) => figure.hard.high == 0,
        (_, stance) => stance == Stance::Denies,
    }
}
