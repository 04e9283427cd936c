//! Parties that count the dead of one event only in populations that exclude each other, or name targets that exclude
//! each other.

use std::collections::BTreeMap;

use super::{Facts, Findings, MAX_PAIRS, Rule, Scope, Weight};
use crate::document::{Stance, SubjectKind};
use crate::figure::ONE;
use crate::finding::{Finding, Grade};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, MeasureId, QuestionId, SubjectId};
use crate::model::{ChoiceItem, Question, Value};
use crate::reason::{Answer, Marked, is_apart, is_excluded_by_some};

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
            findings.extend(rivals(facts, family.clone().map(QuestionId::new), counted, Across::OneMeasure));
            findings.extend(across_a_sum(facts, subject, measure));
        }
        if model.measures.name(measure) == "target" {
            let family = family.clone().map(QuestionId::new);
            findings.extend(rivals(facts, family, named_targets, Across::OneMeasure));
        }
        at = family.end;
    }
}

/// Those counted in a sum, such as killed or injured, against those counted in one of its summands: militants
/// killed and civilians hit are two accounts of the same people, militants killed and civilians injured are not.
fn across_a_sum(facts: &Facts<'_>, subject: SubjectId, sum: MeasureId) -> Option<Finding> {
    let parts = &facts.model.measures[sum].sum_of;
    if parts.is_empty() {
        return None;
    }
    let measures = [sum].into_iter().chain(parts.iter().copied());
    let family = measures.flat_map(|measure| facts.model.family(subject, measure)).map(QuestionId::new);
    rivals(facts, family, counted, Across::Sum(sum))
}

/// Which answers of a family are held against each other.
#[derive(Clone, Copy)]
enum Across {
    /// The family asks one thing.
    OneMeasure,
    /// The family is a sum and its summands: the sum against each. What two answers to one of them say is told
    /// where that is asked.
    Sum(MeasureId),
}

/// Something an answer names, with what was asked.
type Told = (MeasureId, ChoiceItem);

impl Across {
    /// Whether two accounts describe rivals.
    fn are_rivals(self, facts: &Facts<'_>, one: &Account, other: &Account) -> bool {
        if !Answer::new(facts.graph, &one.items).is_rival(&Answer::new(facts.graph, &other.items)) {
            return false;
        }
        let Self::Sum(sum) = self else { return true };
        let of_measure = |account: &Account, is_meant: &dyn Fn(MeasureId) -> bool| -> Vec<ChoiceItem> {
            account.told.iter().filter(|told| is_meant(told.0)).map(|told| told.1).collect()
        };
        let are_apart = |of_one: &dyn Fn(MeasureId) -> bool, of_other: &dyn Fn(MeasureId) -> bool| {
            let [one, other] = [of_measure(one, of_one), of_measure(other, of_other)];
            Answer::new(facts.graph, &one).is_partly_apart(&Answer::new(facts.graph, &other))
        };
        let mut measures: Vec<MeasureId> = one.told.iter().map(|told| told.0).collect();
        measures.dedup();
        let is_told_elsewhere = measures.iter().any(|&own| are_apart(&|of| of == own, &|of| of == own));
        let (is_sum, is_part) = (|of| of == sum, |of| of != sum);
        !is_told_elsewhere && (are_apart(&is_sum, &is_part) || are_apart(&is_part, &is_sum))
    }

    /// Whether answers to two questions may be held against each other.
    fn fit(self, a: MeasureId, b: MeasureId) -> bool {
        match self {
            Self::OneMeasure => true,
            Self::Sum(sum) => (a == sum) != (b == sum),
        }
    }
}

/// The population an answer counts somebody of.
fn counted(facts: &Facts<'_>, question: QuestionId, answer: AnswerId) -> Vec<ChoiceItem> {
    let counts = facts.model.answers.value[answer.index()].ranges().is_some_and(|(hard, _)| hard.low >= ONE);
    let population = facts.model.question(question).population.filter(|_| counts);
    population.map(ChoiceItem::Population).into_iter().collect()
}

/// The targets an answer names.
fn named_targets(facts: &Facts<'_>, _: QuestionId, answer: AnswerId) -> Vec<ChoiceItem> {
    match &facts.model.answers.value[answer.index()] {
        Value::Choice(items) => items.to_vec(),
        _ => Vec::new(),
    }
}

/// An answer and what it names.
type Named = (AnswerId, Vec<ChoiceItem>);

/// One description of who or what was hit: all that a party names, and who gives it.
struct Account {
    items: Vec<ChoiceItem>,
    told: Vec<Told>,
    answers: Vec<Named>,
}

/// The first two accounts that are rivals (see [`Answer::is_rival`]); others stand beside.
fn rivals(
    facts: &Facts<'_>,
    family: impl Iterator<Item = QuestionId>,
    items: impl Fn(&Facts<'_>, QuestionId, AnswerId) -> Vec<ChoiceItem>,
    across: Across,
) -> Option<Finding> {
    let accounts = accounts(facts, family, items);
    let apart = |a: &Account, b: &Account| across.are_rivals(facts, a, b);
    let (one, other) = first_rivals(facts, &accounts, apart)?;
    let also = accounts.iter().filter(|account| apart(account, one) || apart(account, other));
    let also = also.flat_map(|account| &account.answers).map(|(answer, _)| facts.claim_of(*answer)).collect();
    Some(tell(facts, one, other, also, across))
}

/// The first two accounts that are rivals, as far as pairs are compared. What nothing in any account excludes is held
/// against none.
fn first_rivals<'a>(
    facts: &Facts<'_>,
    accounts: &'a [Account],
    are_rivals: impl Fn(&Account, &Account) -> bool,
) -> Option<(&'a Account, &'a Account)> {
    let items = accounts.iter().flat_map(|account| &account.items);
    let all = Marked::new(facts.graph, items.map(|&item| (item, ())));
    let mut left = MAX_PAIRS;
    for (at, one) in accounts.iter().enumerate() {
        if !one.items.iter().any(|&item| all.any_apart(item)) {
            continue;
        }
        for other in &accounts[at + 1..] {
            if are_rivals(one, other) {
                return Some((one, other));
            }
            left -= 1;
            if left == 0 {
                facts.stop_at(facts.model.answers.question[one.answers[0].0.index()]);
                return None;
            }
        }
    }
    None
}

/// The accounts of all parties that something could exclude, those given first in front; parties with one
/// account share it.
fn accounts(
    facts: &Facts<'_>,
    family: impl Iterator<Item = QuestionId>,
    items: impl Fn(&Facts<'_>, QuestionId, AnswerId) -> Vec<ChoiceItem>,
) -> Vec<Account> {
    let model = facts.model;
    let mut by_party: BTreeMap<ActorId, (Vec<Told>, Vec<Named>)> = BTreeMap::new();
    for question in family {
        for answer in model.answers_to(question) {
            let asserts = model.answers.stance[answer.index()] == Stance::Asserts;
            if !asserts || !facts.reasoning.current[answer.index()] {
                continue;
            }
            let named = items(facts, question, answer);
            if !named.is_empty() {
                let party = facts.claim(facts.claim_of(answer)).party;
                let (told, answers) = by_party.entry(party).or_default();
                let measure = model.question(question).measure;
                told.extend(named.iter().map(|&item| (measure, item)));
                answers.push((answer, named));
            }
        }
    }
    let mut shared: BTreeMap<Vec<Told>, Vec<Named>> = BTreeMap::new();
    for (mut told, answers) in by_party.into_values() {
        told.sort_unstable();
        told.dedup();
        shared.entry(told).or_default().extend(answers);
    }
    let in_time = |(answer, _): &Named| {
        let claim = facts.claim_of(*answer);
        (facts.claim(claim).said_on(), claim)
    };
    let mut accounts: Vec<Account> = shared
        .into_iter()
        .map(|(told, mut answers)| {
            answers.sort_by_key(in_time);
            let mut items: Vec<ChoiceItem> = told.iter().map(|&(_, item)| item).collect();
            items.sort_unstable();
            items.dedup();
            Account { items, told, answers }
        })
        .collect();
    accounts.retain(|account| account.items.iter().any(|&item| is_excluded_by_some(facts.graph, item)));
    accounts.sort_by_key(|account| in_time(&account.answers[0]));
    accounts
}

fn tell(facts: &Facts<'_>, one: &Account, other: &Account, also: Vec<ClaimId>, across: Across) -> Finding {
    let model = facts.model;
    let sides = opposed(facts, one, other, across);
    let [first, second] = sides.map(|answer| model.answers.question[answer.index()]);
    let common = match across {
        Across::Sum(sum) if model.question(first).measure != sum => common_question(facts, second, first),
        _ => common_question(facts, first, second),
    };
    let quoted: Vec<String> = sides.iter().map(|&answer| described(facts, answer, across)).collect();
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
fn opposed(facts: &Facts<'_>, one: &Account, other: &Account, across: Across) -> [AnswerId; 2] {
    let measure = |named: &Named| facts.model.question(facts.model.answers.question[named.0.index()]).measure;
    let fits = |a: &Named| other.answers.iter().filter(|b| across.fit(measure(a), measure(b))).collect();
    let mut known: BTreeMap<MeasureId, (Vec<&Named>, Marked<'_, ()>)> = BTreeMap::new();
    let pair = one.answers.iter().find_map(|a| {
        let (others, marked) = known.entry(measure(a)).or_insert_with(|| {
            let others: Vec<&Named> = fits(a);
            let items = others.iter().flat_map(|b| &b.1).map(|&item| (item, ()));
            let marked = Marked::new(facts.graph, items);
            (others, marked)
        });
        let is_apart = |b: &&&Named| a.1.iter().any(|&a| b.1.iter().any(|&b| is_apart(facts.graph, a, b)));
        let other = a.1.iter().any(|&item| marked.any_apart(item)).then(|| others.iter().find(is_apart));
        other.flatten().map(|b| [a.0, b.0])
    });
    pair.unwrap_or([one.answers[0].0, other.answers[0].0])
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
/// backticks; across a sum, with what was asked.
fn described(facts: &Facts<'_>, answer: AnswerId, across: Across) -> String {
    let model = facts.model;
    let question = model.question(model.answers.question[answer.index()]);
    let speaker = &model.actors[facts.claim(facts.claim_of(answer)).by].name;
    let words = model.answer_in_words(answer);
    match question.population {
        Some(population) if matches!(across, Across::Sum(_)) => {
            let asked = &model.measures[question.measure].name;
            format!("`{words}` {}, {asked} ({speaker})", model.populations[population].name)
        }
        Some(population) => format!("`{words}` {} ({speaker})", model.populations[population].name),
        None => format!("`{words}` ({speaker})"),
    }
}
