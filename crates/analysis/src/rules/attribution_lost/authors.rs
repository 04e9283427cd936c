//! Attributed answers, indexed by the core of what they say, and what changed when somebody repeated them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Facts;
use crate::document::Certainty;
use crate::id::{AnswerId, Id as _, PopulationId, QuestionId, SourceId};
use crate::model::{ChoiceItem, Claim, Value};
use gainsay_reading::figure::Range;
use gainsay_reading::period::Period;

/// Attributed answers by their core and period, so that only answers with the same core are compared.
#[derive(Default)]
pub(super) struct AttributedAnswers(FxHashMap<(AnswerCore, Option<Period>), SameCore>);

/// To find the answer nearest to one in the outlet's voice, at most this many answers from each source are compared
/// with it. In longer lists, each variant is represented by its first published answer.
const MAX_ANSWERS_PER_SOURCE: usize = 256;

/// Attributed answers with the same core.
#[derive(Default)]
struct SameCore {
    /// The answers by source.
    by_source: FxHashMap<SourceId, Vec<AnswerId>>,
    /// For each variant, the first published answers of two parties.
    firsts: FxHashMap<AnswerVariant, Vec<AnswerId>>,
}

/// What can change when an answer is repeated: its population, its ranges and its certainty.
type AnswerVariant = (Option<PopulationId>, Option<(Range, Range)>, Certainty);

/// The content of an answer without its qualifier, population and certainty.
#[derive(Clone, PartialEq, Eq, Hash)]
enum AnswerCore {
    Numbers(Vec<i64>),
    Words(String),
    YesNo(bool),
    Items(Vec<ChoiceItem>),
    AnyStep,
}

impl AttributedAnswers {
    pub(super) fn new(facts: &Facts<'_>, answers: &[AnswerId]) -> Self {
        let mut answers = answers.to_vec();
        answers.sort_by_key(|&answer| publication_order(facts, answer));
        let mut authors = Self::default();
        for answer in answers {
            let Some(core) = core(facts, answer) else { continue };
            let claim = facts.claim(facts.claim_of(answer));
            let same = authors.0.entry((core, period(facts, answer))).or_default();
            let in_source = same.by_source.entry(claim.source).or_default();
            if in_source.len() < MAX_ANSWERS_PER_SOURCE {
                in_source.push(answer);
            }
            let ranges = facts.model.answers.value[answer.index()].ranges();
            let firsts = same.firsts.entry((population(facts, answer), ranges, claim.certainty)).or_default();
            let party = |answer: AnswerId| facts.claim(facts.claim_of(answer)).party;
            if firsts.len() < 2 && firsts.iter().all(|&first| party(first) != claim.party) {
                firsts.push(answer);
            }
        }
        authors
    }

    /// The attributed answers with the same core in the same source.
    pub(super) fn in_same_source(&self, facts: &Facts<'_>, answer: AnswerId) -> &[AnswerId] {
        self.in_source(facts, answer, facts.claim(facts.claim_of(answer)).source)
    }

    /// The attributed answers with the same core in some source.
    pub(super) fn in_source(&self, facts: &Facts<'_>, answer: AnswerId, source: SourceId) -> &[AnswerId] {
        self.same_core(facts, answer).and_then(|same| same.by_source.get(&source)).map_or(&[], Vec::as_slice)
    }

    /// The first published answers with the same core, for each variant.
    pub(super) fn first_published(
        &self,
        facts: &Facts<'_>,
        answer: AnswerId,
    ) -> impl Iterator<Item = AnswerId> {
        self.same_core(facts, answer).into_iter().flat_map(|same| same.firsts.values().flatten().copied())
    }

    /// Whether all speakers quoted with an answer of the same core belong to one party.
    pub(super) fn is_of_one_party(&self, facts: &Facts<'_>, answer: AnswerId) -> bool {
        let mut parties =
            self.first_published(facts, answer).map(|first| facts.claim(facts.claim_of(first)).party);
        let first = parties.next();
        parties.all(|party| Some(party) == first)
    }

    /// All attributed answers with the core and period of an answer.
    fn same_core(&self, facts: &Facts<'_>, answer: AnswerId) -> Option<&SameCore> {
        self.0.get(&(core(facts, answer)?, period(facts, answer)))
    }
}

/// The period of an answer's question.
fn period(facts: &Facts<'_>, answer: AnswerId) -> Option<Period> {
    facts.model.question(facts.model.answers.question[answer.index()]).period
}

/// The core of an answer. `None` for an answer without a value and for dates.
fn core(facts: &Facts<'_>, answer: AnswerId) -> Option<AnswerCore> {
    let written = || facts.claim(facts.model.answers.origin[answer.index()]).written.to_lowercase();
    match &facts.model.answers.value[answer.index()] {
        Value::Figure(figure) if figure.stated.is_empty() => Some(AnswerCore::Words(written())),
        Value::Figure(figure) => Some(AnswerCore::Numbers(figure.stated.clone())),
        Value::Share(..) | Value::Change(..) => Some(AnswerCore::Words(written())),
        Value::YesNo(yes) => Some(AnswerCore::YesNo(*yes)),
        Value::Choice(items) => Some(AnswerCore::Items(items.to_vec())),
        Value::Step(..) => Some(AnswerCore::AnyStep),
        Value::Unstated | Value::Days(_) => None,
    }
}

/// The key that sorts answers by the latest possible day of publication, then by claim and question.
pub(super) fn publication_order(facts: &Facts<'_>, answer: AnswerId) -> impl Ord + use<> {
    let claim = facts.claim_of(answer);
    (facts.model.sources[facts.claim(claim).source].published.latest(), claim, answer)
}

/// The population that an answer counts.
fn population(facts: &Facts<'_>, answer: AnswerId) -> Option<PopulationId> {
    facts.model.question(facts.model.answers.question[answer.index()]).population
}

/// Whether two answers count the same population.
pub(super) fn same_population(facts: &Facts<'_>, a: AnswerId, b: AnswerId) -> bool {
    population(facts, a) == population(facts, b)
}

/// Whether two answers count the same population, or one counts a part of the other's.
pub(super) fn is_nested(facts: &Facts<'_>, a: AnswerId, b: AnswerId) -> bool {
    match (population(facts, a), population(facts, b)) {
        (Some(a), Some(b)) => facts.graph.populations.is_nested(a, b),
        (a, b) => a == b,
    }
}

/// In which respects one answer differs from another, in words.
pub(super) fn changes(facts: &Facts<'_>, from: AnswerId, to: AnswerId) -> Vec<&'static str> {
    let value = |answer: AnswerId| &facts.model.answers.value[answer.index()];
    let claim = |answer: AnswerId| -> &Claim { facts.claim(facts.claim_of(answer)) };
    let mut changes = Vec::new();
    if !same_population(facts, from, to) {
        changes.push("population");
    }
    match (value(from), value(to)) {
        (Value::Figure(a), Value::Figure(b)) if a.hard != b.hard || a.usual != b.usual => {
            changes.push("qualifier");
        }
        (Value::Step(a, _), Value::Step(b, _)) if a != b => changes.push("step"),
        _ => {}
    }
    if claim(from).certainty != claim(to).certainty {
        changes.push("certainty");
    }
    changes
}

/// What actors admit about themselves, by question. An admission needs no other author.
pub(super) fn admissions(facts: &Facts<'_>, answers: &[AnswerId]) -> FxHashSet<(QuestionId, ChoiceItem)> {
    let model = facts.model;
    let admitted_by = |answer: &AnswerId| {
        let party = facts.claim(facts.claim_of(*answer)).party;
        let question = model.answers.question[answer.index()];
        let items = match &model.answers.value[answer.index()] {
            Value::Choice(items) => items.to_vec(),
            _ => Vec::new(),
        };
        let is_speaker = move |item: &ChoiceItem| matches!(item, ChoiceItem::Actor(actor) if model.actors[*actor].party == party);
        items.into_iter().filter(is_speaker).map(move |item| (question, item))
    };
    answers.iter().flat_map(admitted_by).collect()
}

/// Whether everyone named by an answer has admitted it.
pub(super) fn is_admitted(
    facts: &Facts<'_>,
    admissions: &FxHashSet<(QuestionId, ChoiceItem)>,
    answer: AnswerId,
) -> bool {
    let question = facts.model.answers.question[answer.index()];
    match &facts.model.answers.value[answer.index()] {
        Value::Choice(items) => items.iter().all(|&item| admissions.contains(&(question, item))),
        _ => false,
    }
}
