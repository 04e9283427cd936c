//! Parties that count the dead of one event only in populations that exclude each other, or name targets
//! that do.

use std::collections::BTreeMap;

use super::{Facts, Rule, Weight};
use crate::document::{Stance, SubjectKind};
use crate::figure::ONE;
use crate::finding::{Finding, Grade};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::{Item, Question, Value};
use crate::reason::{is_apart, is_excluded_by_some, is_rival};

pub(super) static RULE: Rule = Rule {
    id: "rival-characterisation",
    grade: Grade::Tension,
    summary: "parties that describe who or what was hit in ways that exclude each other",
    weight: Weight::WhoWasHit,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
One party counts only militants, the other only civilians, among the dead, the injured or whoever else is
counted: both figures may hold, and a reader of one is led
away from the other. The same goes for targets that exclude each other, such as camps and homes. A party that
also counts people of both kinds, or of no stated kind, describes no rival.

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

fn check(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    let model = facts.model;
    let mut at = 0;
    while at < model.questions.len() {
        let Question { subject, measure, .. } = model.questions[at];
        let family = model.family(subject, measure);
        if model.subjects[subject].kind == SubjectKind::Event && model.measures[measure].of_people {
            findings.extend(rivals(facts, family.clone().map(QuestionId::new), counted));
        }
        if model.measures.name(measure) == "target" {
            findings.extend(rivals(facts, family.clone().map(QuestionId::new), named_targets));
        }
        at = family.end;
    }
}

/// The population an answer counts somebody of.
fn counted(facts: &Facts<'_>, question: QuestionId, answer: AnswerId) -> Vec<Item> {
    let counts = facts.model.answers.value[answer.index()].ranges().is_some_and(|(hard, _)| hard.low >= ONE);
    let population = facts.model.question(question).population.filter(|_| counts);
    population.map(Item::Population).into_iter().collect()
}

/// The targets an answer names.
fn named_targets(facts: &Facts<'_>, _: QuestionId, answer: AnswerId) -> Vec<Item> {
    match &facts.model.answers.value[answer.index()] {
        Value::Choice(items) => items.to_vec(),
        _ => Vec::new(),
    }
}

/// An answer and what it names.
type Named = (AnswerId, Vec<Item>);

/// One description of who or what was hit: all that a party names, and who gives it.
struct Account {
    items: Vec<Item>,
    answers: Vec<Named>,
}

/// The first two accounts that are rivals (see [`is_rival`]); others stand beside.
fn rivals(
    facts: &Facts<'_>,
    family: impl Iterator<Item = QuestionId>,
    items: impl Fn(&Facts<'_>, QuestionId, AnswerId) -> Vec<Item>,
) -> Option<Finding> {
    let accounts = accounts(facts, family, items);
    let apart = |a: &Account, b: &Account| is_rival(facts.graph, &a.items, &b.items);
    let (one, other) = accounts.iter().enumerate().find_map(|(at, one)| {
        accounts[at + 1..].iter().find(|other| apart(one, other)).map(|other| (one, other))
    })?;
    let also = accounts.iter().filter(|account| apart(account, one) || apart(account, other));
    let also = also.flat_map(|account| &account.answers).map(|(answer, _)| facts.claim_of(*answer)).collect();
    Some(tell(facts, one, other, also))
}

/// The accounts of all parties that something could exclude, those given first in front; parties with one
/// account share it.
fn accounts(
    facts: &Facts<'_>,
    family: impl Iterator<Item = QuestionId>,
    items: impl Fn(&Facts<'_>, QuestionId, AnswerId) -> Vec<Item>,
) -> Vec<Account> {
    let model = facts.model;
    let mut by_party: BTreeMap<ActorId, Account> = BTreeMap::new();
    for question in family {
        for answer in model.answers_to(question) {
            let asserts = model.answers.stance[answer.index()] == Stance::Asserts;
            if !asserts || !facts.reasoning.current[answer.index()] {
                continue;
            }
            let named = items(facts, question, answer);
            if !named.is_empty() {
                let party = facts.claim(facts.claim_of(answer)).party;
                let account = by_party
                    .entry(party)
                    .or_insert_with(|| Account { items: Vec::new(), answers: Vec::new() });
                account.items.extend(&named);
                account.answers.push((answer, named));
            }
        }
    }
    let mut shared: BTreeMap<Vec<Item>, Vec<Named>> = BTreeMap::new();
    for Account { mut items, answers } in by_party.into_values() {
        items.sort_unstable();
        items.dedup();
        shared.entry(items).or_default().extend(answers);
    }
    let in_time = |(answer, _): &Named| {
        let claim = facts.claim_of(*answer);
        (facts.claim(claim).said_on(), claim)
    };
    let mut accounts: Vec<Account> = shared
        .into_iter()
        .map(|(items, mut answers)| {
            answers.sort_by_key(in_time);
            Account { items, answers }
        })
        .collect();
    accounts.retain(|account| account.items.iter().any(|&item| is_excluded_by_some(facts.graph, item)));
    accounts.sort_by_key(|account| in_time(&account.answers[0]));
    accounts
}

fn tell(facts: &Facts<'_>, one: &Account, other: &Account, also: Vec<ClaimId>) -> Finding {
    let model = facts.model;
    let sides = opposed(facts, one, other);
    let [first, second] = sides.map(|answer| model.answers.question[answer.index()]);
    let common = common_question(facts, first, second);
    let quoted: Vec<String> = sides.iter().map(|&answer| described(facts, answer)).collect();
    let message = format!("{}: {}, against {}", model.question_in_words(common), quoted[0], quoted[1]);
    let mut finding = Finding::new(RULE.id, RULE.grade, message);
    for answer in sides {
        finding = finding.at(facts.value_place(facts.claim_of(answer)), facts.label(answer));
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
    evidence.rests_on.clear(); // who was hit does not hang on how many
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

/// Of two accounts the answers given first that exclude each other.
fn opposed(facts: &Facts<'_>, one: &Account, other: &Account) -> [AnswerId; 2] {
    let pairs = one.answers.iter().flat_map(|a| other.answers.iter().map(move |b| (a, b)));
    let apart =
        |(a, b): &(&Named, &Named)| a.1.iter().any(|&a| b.1.iter().any(|&b| is_apart(facts.graph, a, b)));
    let mut pairs = pairs.filter(apart);
    pairs.next().map_or([one.answers[0].0, other.answers[0].0], |(a, b)| [a.0, b.0])
}

/// The question on the nearest population both are part of; for targets the question itself.
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

/// An answer with the population it counts: at least 80 militants (Pakistani authorities), the words in
/// backticks.
fn described(facts: &Facts<'_>, answer: AnswerId) -> String {
    let model = facts.model;
    let question = model.question(model.answers.question[answer.index()]);
    let speaker = &model.actors[facts.claim(facts.claim_of(answer)).by].name;
    let words = model.answer_in_words(answer);
    match question.population {
        Some(population) => format!("`{words}` {} ({speaker})", model.populations[population].name),
        None => format!("`{words}` ({speaker})"),
    }
}
