//! Parties that count the dead of one event only in populations that exclude each other, or name targets that exclude
//! each other.

use std::collections::BTreeMap;

use super::{Facts, Findings, MAX_PAIRS, Rule, Scope, Weight};
use crate::document::{Stance, SubjectKind};
use crate::finding::{Finding, Grade};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, MeasureId, QuestionId, SubjectId};
use crate::model::{ChoiceItem, Question, Value};
use crate::reason::{ChoiceAnswer, MarkedItems, is_apart, is_excluded_by_some};
use gainsay_reading::figure::ONE;

pub(super) static RULE: Rule = Rule {
    id: "rival-characterisation",
    grade: Grade::Tension,
    summary: "parties that describe who or what was hit in ways that exclude each other",
    weight: Weight::WhoWasHit,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Among the dead of an event, one party counts only militants and the other only civilians. Both figures may be
true, but readers of one source get a different picture from readers of the other. The same goes for the
injured and for everyone else who is counted, and for targets that exclude each other, such as camps and
homes. A sum, such as killed or injured, is also compared with each of its parts.

The rule stays silent if a party also counts people of both kinds, or people without saying of which kind.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  militants: { by: north, about: raid, measure: killed, of: militants, value: at least 80 }
  villagers: { by: south, about: raid, measure: killed, of: civilians, value: 17 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  militants: { by: north, about: raid, measure: killed, of: militants, value: at least 80 }
  people: { by: south, about: raid, measure: killed, value: at least 17 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let model = facts.model;
    let mut at = 0;
    while at < model.questions.len() {
        let Question { subject, measure, .. } = model.questions[at];
        let family = model.family(subject, measure);
        if model.subjects[subject].kind == SubjectKind::Event && model.measures[measure].of_people {
            findings.extend(rivals(
                facts,
                family.clone().map(QuestionId::new),
                counted_population,
                MeasureScope::OneMeasure,
            ));
            findings.extend(rivals_across_sum(facts, subject, measure));
        }
        if model.measures.name(measure) == "target" {
            let family = family.clone().map(QuestionId::new);
            findings.extend(rivals(facts, family, named_targets, MeasureScope::OneMeasure));
        }
        at = family.end;
    }
}

/// Compares a sum, such as killed or injured, with each of its parts. Militants killed and civilians hit can be the same
/// people; militants killed and civilians injured cannot.
fn rivals_across_sum(facts: &Facts<'_>, subject: SubjectId, sum: MeasureId) -> Option<Finding> {
    let parts = &facts.model.measures[sum].sum_of;
    if parts.is_empty() {
        return None;
    }
    let measures = [sum].into_iter().chain(parts.iter().copied());
    let family = measures.flat_map(|measure| facts.model.family(subject, measure)).map(QuestionId::new);
    rivals(facts, family, counted_population, MeasureScope::Sum(sum))
}

/// Which answers of a family are compared with each other.
#[derive(Clone, Copy)]
enum MeasureScope {
    /// All of them, because they answer one measure.
    OneMeasure,
    /// Answers to this sum with answers to its parts. Two answers to the same measure are compared under that measure.
    Sum(MeasureId),
}

/// An item that an answer names, with the measure of the question.
type MeasuredItem = (MeasureId, ChoiceItem);

impl MeasureScope {
    /// Whether two descriptions exclude each other.
    fn are_rivals(self, facts: &Facts<'_>, one: &Characterisation, other: &Characterisation) -> bool {
        if !ChoiceAnswer::new(facts.graph, &one.items).is_rival(&ChoiceAnswer::new(facts.graph, &other.items))
        {
            return false;
        }
        let Self::Sum(sum) = self else { return true };
        let items_of =
            |description: &Characterisation, is_wanted: &dyn Fn(MeasureId) -> bool| -> Vec<ChoiceItem> {
                description.measured.iter().filter(|item| is_wanted(item.0)).map(|item| item.1).collect()
            };
        let are_apart = |of_one: &dyn Fn(MeasureId) -> bool, of_other: &dyn Fn(MeasureId) -> bool| {
            let [one, other] = [items_of(one, of_one), items_of(other, of_other)];
            ChoiceAnswer::new(facts.graph, &one).is_partly_apart(&ChoiceAnswer::new(facts.graph, &other))
        };
        let mut measures: Vec<MeasureId> = one.measured.iter().map(|item| item.0).collect();
        measures.dedup();
        let is_reported_for_one_measure =
            measures.iter().any(|&measure| are_apart(&|other| other == measure, &|other| other == measure));
        let (is_sum, is_part) = (|measure| measure == sum, |measure| measure != sum);
        !is_reported_for_one_measure && (are_apart(&is_sum, &is_part) || are_apart(&is_part, &is_sum))
    }

    /// Whether answers to two measures are compared with each other.
    fn compares(self, a: MeasureId, b: MeasureId) -> bool {
        match self {
            Self::OneMeasure => true,
            Self::Sum(sum) => (a == sum) != (b == sum),
        }
    }
}

/// The population that an answer counts, if the count is above zero.
fn counted_population(facts: &Facts<'_>, question: QuestionId, answer: AnswerId) -> Vec<ChoiceItem> {
    let counts = facts.model.answers.value[answer.index()].ranges().is_some_and(|(hard, _)| hard.low >= ONE);
    let population = facts.model.question(question).population.filter(|_| counts);
    population.map(ChoiceItem::Population).into_iter().collect()
}

/// The targets that an answer names.
fn named_targets(facts: &Facts<'_>, _: QuestionId, answer: AnswerId) -> Vec<ChoiceItem> {
    match &facts.model.answers.value[answer.index()] {
        Value::Choice(items) => items.to_vec(),
        _ => Vec::new(),
    }
}

/// An answer and the items that it names.
type AnswerWithItems = (AnswerId, Vec<ChoiceItem>);

/// One description of who or what was hit, and the answers of all parties that give it.
struct Characterisation {
    /// The items without their measures, sorted and without duplicates.
    items: Vec<ChoiceItem>,
    /// The items with their measures, sorted and without duplicates.
    measured: Vec<MeasuredItem>,
    /// The answers that give the description, sorted by date.
    answers: Vec<AnswerWithItems>,
}

/// A finding on the first two descriptions that exclude each other (see [`ChoiceAnswer::is_rival`]). The claims of other rivals
/// are listed as further claims.
fn rivals(
    facts: &Facts<'_>,
    family: impl Iterator<Item = QuestionId>,
    items: impl Fn(&Facts<'_>, QuestionId, AnswerId) -> Vec<ChoiceItem>,
    scope: MeasureScope,
) -> Option<Finding> {
    let characterisations = characterisations(facts, family, items);
    let apart = |a: &Characterisation, b: &Characterisation| scope.are_rivals(facts, a, b);
    let (one, other) = first_rivals(facts, &characterisations, apart)?;
    let also =
        characterisations.iter().filter(|description| apart(description, one) || apart(description, other));
    let also = also
        .flat_map(|description| &description.answers)
        .map(|(answer, _)| facts.claim_of(*answer))
        .collect();
    Some(finding(facts, one, other, also, scope))
}

/// The first two descriptions that are rivals, among the first [`MAX_PAIRS`] pairs. A description is skipped if no other
/// one excludes any of its items.
fn first_rivals<'a>(
    facts: &Facts<'_>,
    characterisations: &'a [Characterisation],
    are_rivals: impl Fn(&Characterisation, &Characterisation) -> bool,
) -> Option<(&'a Characterisation, &'a Characterisation)> {
    let items = characterisations.iter().flat_map(|description| &description.items);
    let all = MarkedItems::new(facts.graph, items.map(|&item| (item, ())));
    let mut left = MAX_PAIRS;
    for (at, one) in characterisations.iter().enumerate() {
        if !one.items.iter().any(|&item| all.has_excluded(item)) {
            continue;
        }
        for other in &characterisations[at + 1..] {
            if are_rivals(one, other) {
                return Some((one, other));
            }
            left -= 1;
            if left == 0 {
                facts.note_unsearched(facts.model.answers.question[one.answers[0].0.index()]);
                return None;
            }
        }
    }
    None
}

/// The descriptions of all parties that some item could exclude, sorted by date. Parties with the same description share
/// one.
fn characterisations(
    facts: &Facts<'_>,
    family: impl Iterator<Item = QuestionId>,
    items: impl Fn(&Facts<'_>, QuestionId, AnswerId) -> Vec<ChoiceItem>,
) -> Vec<Characterisation> {
    let model = facts.model;
    let mut by_party: BTreeMap<ActorId, (Vec<MeasuredItem>, Vec<AnswerWithItems>)> = BTreeMap::new();
    for question in family {
        for answer in model.answers_to(question) {
            let asserts = model.answers.stance[answer.index()] == Stance::Asserts;
            if !asserts || !facts.reasoning.current[answer.index()] {
                continue;
            }
            let named = items(facts, question, answer);
            if !named.is_empty() {
                let party = facts.claim(facts.claim_of(answer)).party;
                let (measured, answers) = by_party.entry(party).or_default();
                let measure = model.question(question).measure;
                measured.extend(named.iter().map(|&item| (measure, item)));
                answers.push((answer, named));
            }
        }
    }
    let mut shared: BTreeMap<Vec<MeasuredItem>, Vec<AnswerWithItems>> = BTreeMap::new();
    for (mut measured, answers) in by_party.into_values() {
        measured.sort_unstable();
        measured.dedup();
        shared.entry(measured).or_default().extend(answers);
    }
    let by_date = |(answer, _): &AnswerWithItems| {
        let claim = facts.claim_of(*answer);
        (facts.claim(claim).said_on(), claim)
    };
    let mut characterisations: Vec<Characterisation> = shared
        .into_iter()
        .map(|(measured, mut answers)| {
            answers.sort_by_key(by_date);
            let mut items: Vec<ChoiceItem> = measured.iter().map(|&(_, item)| item).collect();
            items.sort_unstable();
            items.dedup();
            Characterisation { items, measured, answers }
        })
        .collect();
    characterisations
        .retain(|description| description.items.iter().any(|&item| is_excluded_by_some(facts.graph, item)));
    characterisations.sort_by_key(|description| by_date(&description.answers[0]));
    characterisations
}

fn finding(
    facts: &Facts<'_>,
    one: &Characterisation,
    other: &Characterisation,
    also: Vec<ClaimId>,
    scope: MeasureScope,
) -> Finding {
    let model = facts.model;
    let sides = first_opposed(facts, one, other, scope);
    let [first, second] = sides.map(|answer| model.answers.question[answer.index()]);
    let common = match scope {
        MeasureScope::Sum(sum) if model.question(first).measure != sum => {
            common_question(facts, second, first)
        }
        _ => common_question(facts, first, second),
    };
    let quoted: Vec<String> = sides.iter().map(|&answer| describe_answer(facts, answer, scope)).collect();
    let message = format!("{}: {}, against {}", model.question_in_words(common), quoted[0], quoted[1]);
    let mut finding = Finding::new(RULE.id, RULE.grade, message);
    for answer in sides {
        finding = finding.at(facts.value_location(facts.claim_of(answer)), facts.label(answer));
    }
    let mut questions = vec![common, first, second];
    let mut seen = Vec::new();
    questions.retain(|question| {
        !seen.contains(question) && {
            seen.push(*question);
            true
        }
    });
    let mut evidence = facts.evidence(&questions, &sides);
    evidence.rests_on.clear(); // conventions for figures do not matter for who was hit
    evidence.also = also;
    evidence.also.sort_unstable();
    evidence.also.dedup();
    evidence.also.retain(|claim| !evidence.claims.contains(claim));
    evidence.steps.push("the two descriptions exclude each other".to_owned());
    let populations = [first, second].map(|question| model.question(question).population);
    if let [Some(a), Some(b)] = populations {
        for whole in facts.graph.populations.nearest_common(a, b) {
            evidence.rests_on.extend(facts.inferred_between(a, whole));
            evidence.rests_on.extend(facts.inferred_between(b, whole));
        }
    }
    let missing =
        if populations[0].is_some() { "who they were, by name or by status" } else { "what was hit" };
    finding.on(evidence).help(missing)
}

/// The first answers of two descriptions that exclude each other.
fn first_opposed(
    facts: &Facts<'_>,
    one: &Characterisation,
    other: &Characterisation,
    scope: MeasureScope,
) -> [AnswerId; 2] {
    let measure =
        |named: &AnswerWithItems| facts.model.question(facts.model.answers.question[named.0.index()]).measure;
    let comparable = |a: &AnswerWithItems| {
        other.answers.iter().filter(|b| scope.compares(measure(a), measure(b))).collect()
    };
    let mut known: BTreeMap<MeasureId, (Vec<&AnswerWithItems>, MarkedItems<'_, ()>)> = BTreeMap::new();
    let pair = one.answers.iter().find_map(|a| {
        let (others, marked) = known.entry(measure(a)).or_insert_with(|| {
            let others: Vec<&AnswerWithItems> = comparable(a);
            let items = others.iter().flat_map(|b| &b.1).map(|&item| (item, ()));
            let marked = MarkedItems::new(facts.graph, items);
            (others, marked)
        });
        let is_apart =
            |b: &&&AnswerWithItems| a.1.iter().any(|&a| b.1.iter().any(|&b| is_apart(facts.graph, a, b)));
        let other = a.1.iter().any(|&item| marked.has_excluded(item)).then(|| others.iter().find(is_apart));
        other.flatten().map(|b| [a.0, b.0])
    });
    pair.unwrap_or([one.answers[0].0, other.answers[0].0])
}

/// The question about the nearest population that contains both; for targets, the question itself.
fn common_question(facts: &Facts<'_>, first: QuestionId, second: QuestionId) -> QuestionId {
    let (a, b) = (facts.model.question(first), facts.model.question(second));
    let (Some(one), Some(other)) = (a.population, b.population) else { return first };
    let nearest = facts.graph.populations.nearest_common(one, other);
    let mut family = facts.model.family(a.subject, a.measure).map(QuestionId::new);
    family
        .find(|&question| {
            let asked = facts.model.question(question);
            asked.period == a.period
                && asked.population.is_some_and(|population| nearest.contains(&population))
        })
        .unwrap_or(first)
}

/// An answer with its population and speaker: `` `at least 80` militants (Pakistani authorities) ``. For a sum, its
/// measure is named too.
fn describe_answer(facts: &Facts<'_>, answer: AnswerId, scope: MeasureScope) -> String {
    let model = facts.model;
    let question = model.question(model.answers.question[answer.index()]);
    let speaker = &model.actors[facts.claim(facts.claim_of(answer)).by].name;
    let words = model.answer_in_words(answer);
    match question.population {
        Some(population) if matches!(scope, MeasureScope::Sum(_)) => {
            let asked = &model.measures[question.measure].name;
            format!("`{words}` {}, {asked} ({speaker})", model.populations[population].name)
        }
        Some(population) => format!("`{words}` {} ({speaker})", model.populations[population].name),
        None => format!("`{words}` ({speaker})"),
    }
}
