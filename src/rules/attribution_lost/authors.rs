//! Attributed answers, held ready by what they say at heart, and what changed on the way from them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Facts;
use crate::document::Certainty;
use crate::figure::Range;
use crate::id::{AnswerId, Id as _, PopulationId, QuestionId, SourceId};
use crate::model::{ChoiceItem, Claim, Value};
use crate::period::Period;

/// Attributed answers by what they say at heart, so that like is only held against like.
#[derive(Default)]
pub(super) struct Authors(FxHashMap<(Core, Option<Period>), Alike>);

/// So many answers of one source are held against each in the outlet's voice, to find the nearest; of more, the
/// first published of each kind stand for the rest.
const BESIDE: usize = 256;

/// Attributed answers that say the same at heart.
#[derive(Default)]
struct Alike {
    /// Those of each source.
    of_source: FxHashMap<SourceId, Vec<AnswerId>>,
    /// Of those alike in population, range and certainty the first published, for two parties.
    firsts: FxHashMap<Variant, Vec<AnswerId>>,
}

/// What can change on the way.
type Variant = (Option<PopulationId>, Option<(Range, Range)>, Certainty);

/// What an answer says at heart, whatever its qualifier, population or certainty.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Core {
    Numbers(Vec<i64>),
    Words(String),
    YesNo(bool),
    Items(Vec<ChoiceItem>),
    AnyStep,
}

impl Authors {
    pub(super) fn new(facts: &Facts<'_>, answers: &[AnswerId]) -> Self {
        let mut answers = answers.to_vec();
        answers.sort_by_key(|&answer| order(facts, answer));
        let mut authors = Self::default();
        for answer in answers {
            let Some(core) = core(facts, answer) else { continue };
            let claim = facts.claim(facts.claim_of(answer));
            let alike = authors.0.entry((core, period(facts, answer))).or_default();
            let beside = alike.of_source.entry(claim.source).or_default();
            if beside.len() < BESIDE {
                beside.push(answer);
            }
            let ranges = facts.model.answers.value[answer.index()].ranges();
            let firsts =
                alike.firsts.entry((population(facts, answer), ranges, claim.certainty)).or_default();
            let party = |answer: AnswerId| facts.claim(facts.claim_of(answer)).party;
            if firsts.len() < 2 && firsts.iter().all(|&first| party(first) != claim.party) {
                firsts.push(answer);
            }
        }
        authors
    }

    /// The attributed answers that say the same at heart, in the same source.
    pub(super) fn beside(&self, facts: &Facts<'_>, answer: AnswerId) -> &[AnswerId] {
        self.of_source(facts, answer, facts.claim(facts.claim_of(answer)).source)
    }

    /// The attributed answers of a source that say the same at heart.
    pub(super) fn of_source(&self, facts: &Facts<'_>, answer: AnswerId, source: SourceId) -> &[AnswerId] {
        self.alike(facts, answer).and_then(|alike| alike.of_source.get(&source)).map_or(&[], Vec::as_slice)
    }

    /// The first published of the attributed answers that say the same at heart, of each variant.
    pub(super) fn firsts(&self, facts: &Facts<'_>, answer: AnswerId) -> impl Iterator<Item = AnswerId> {
        self.alike(facts, answer).into_iter().flat_map(|alike| alike.firsts.values().flatten().copied())
    }

    /// Whether all who are quoted with an answer that says the same at heart are of one party.
    pub(super) fn is_of_one_party(&self, facts: &Facts<'_>, answer: AnswerId) -> bool {
        let mut parties = self.firsts(facts, answer).map(|first| facts.claim(facts.claim_of(first)).party);
        let first = parties.next();
        parties.all(|party| Some(party) == first)
    }

    fn alike(&self, facts: &Facts<'_>, answer: AnswerId) -> Option<&Alike> {
        self.0.get(&(core(facts, answer)?, period(facts, answer)))
    }
}

fn period(facts: &Facts<'_>, answer: AnswerId) -> Option<Period> {
    facts.model.question(facts.model.answers.question[answer.index()]).period
}

fn core(facts: &Facts<'_>, answer: AnswerId) -> Option<Core> {
    let written = || facts.claim(facts.model.answers.origin[answer.index()]).written.to_lowercase();
    match &facts.model.answers.value[answer.index()] {
        Value::Figure(figure) if figure.stated.is_empty() => Some(Core::Words(written())),
        Value::Figure(figure) => Some(Core::Numbers(figure.stated.clone())),
        Value::Share(..) | Value::Change(..) => Some(Core::Words(written())),
        Value::YesNo(yes) => Some(Core::YesNo(*yes)),
        Value::Choice(items) => Some(Core::Items(items.to_vec())),
        Value::Step(..) => Some(Core::AnyStep),
        Value::Unstated | Value::Days(_) => None,
    }
}

/// The order in which answers are sure to have been published, ties by name, then by question.
pub(super) fn order(facts: &Facts<'_>, answer: AnswerId) -> impl Ord + use<> {
    let claim = facts.claim_of(answer);
    (facts.model.sources[facts.claim(claim).source].published.latest(), claim, answer)
}

/// The population an answer counts.
fn population(facts: &Facts<'_>, answer: AnswerId) -> Option<PopulationId> {
    facts.model.question(facts.model.answers.question[answer.index()]).population
}

/// Whether two answers count one population.
pub(super) fn same_population(facts: &Facts<'_>, a: AnswerId, b: AnswerId) -> bool {
    population(facts, a) == population(facts, b)
}

/// Whether two answers count one population, or one a part of the other.
pub(super) fn is_nested(facts: &Facts<'_>, a: AnswerId, b: AnswerId) -> bool {
    match (population(facts, a), population(facts, b)) {
        (Some(a), Some(b)) => facts.graph.populations.is_nested(a, b),
        (a, b) => a == b,
    }
}

/// What changed from one answer to the other.
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

/// What actors say of themselves, by question: what its own doer admits needs no other author.
pub(super) fn admissions(facts: &Facts<'_>, answers: &[AnswerId]) -> FxHashSet<(QuestionId, ChoiceItem)> {
    let model = facts.model;
    let own = |answer: &AnswerId| {
        let party = facts.claim(facts.claim_of(*answer)).party;
        let question = model.answers.question[answer.index()];
        let items = match &model.answers.value[answer.index()] {
            Value::Choice(items) => items.to_vec(),
            _ => Vec::new(),
        };
        let of_itself = move |item: &ChoiceItem| matches!(item, ChoiceItem::Actor(actor) if model.actors[*actor].party == party);
        items.into_iter().filter(of_itself).map(move |item| (question, item))
    };
    answers.iter().flat_map(own).collect()
}

/// Whether everybody an answer names has admitted it.
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
