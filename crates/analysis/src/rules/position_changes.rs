//! A party whose later statement cannot hold together with its earlier one.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::message::capped;
use super::{Facts, Findings, MAX_PAIRS, Rule, Scope, Weight};
use crate::document::{Certainty, MeasureType, Stance};
use crate::finding::{Finding, Grade, Label};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::{ChoiceItem, Value};
use crate::reason::{ChoiceAnswer, Clash, Content, MarkedItems, Nature, Statement, is_excluded_by_some};
use gainsay_reading::period::Day;

/// The record of this rule.
pub static RULE: Rule = Rule {
    id: "position-changes",
    grade: Grade::Tension,
    summary: "a party that later contradicts what it said, or confirms what it had declined to confirm",
    weight: Weight::Position,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r#"
A party makes a statement that excludes an earlier one of its own. Or it confirms what it had denied. Or, for
choices and yes-or-no questions, it confirms what it had declined to confirm. The finding quotes the
statements by date, with their speakers.

If a question has room for several answers, only an answer that excludes the earlier one is a change. A toll
that rises while it is being counted is not a change of position, and neither is a toll after "none
confirmed".

Bad:

```yaml
actors: { north: {}, general: { speaks-for: north }, minister: { speaks-for: north }, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  silent: { by: general, about: raid, measure: occurred, value: yes, stance: declines, said: 2026-02-23 }
  admitted: { by: minister, about: raid, measure: occurred, value: yes, said: 2026-03-20 }
```

Good:

```yaml
actors: { north: {}, general: { speaks-for: north }, minister: { speaks-for: north }, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  none-yet: { by: general, about: raid, measure: killed, value: some, stance: declines, said: 2026-02-23 }
  toll: { by: minister, about: raid, measure: killed, value: 4, said: 2026-03-20 }
```
"#;

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let mut confirmations = Confirmations::default();
    let mut choices = Vec::new();
    for question in facts.model.question_ids() {
        confirmed_after_declining(facts, question, &mut confirmations);
        choices.extend(changed_choices(facts, question));
    }
    for clash in facts.clashes(Nature::OverTime).chain(&choices) {
        let key = (clash.questions[0], clash.statements[0].party);
        let decline = confirmations.remove(&key).map(|confirmation| confirmation.declined);
        findings.push(change_finding(facts, clash, decline));
    }
    findings.extend(
        confirmations.into_iter().map(|((question, _), confirmation)| confirmation.finding(facts, question)),
    );
}

/// The confirmations after a decline, by question and party.
type Confirmations = BTreeMap<(QuestionId, ActorId), Confirmation>;

/// A party that declined to answer and later confirmed.
struct Confirmation {
    declined: AnswerId,
    confirmed: AnswerId,
    also: Vec<ClaimId>,
}

/// A finding on a party that changed its answer: its statements by date, after an earlier decline if there was one.
fn change_finding(facts: &Facts<'_>, clash: &Clash, decline: Option<AnswerId>) -> Finding {
    let model = facts.model;
    let party = &model.actors[clash.statements[0].party].name;
    let first = clash.statements[0].main_answer();
    let decline = decline.filter(|&decline| by_date(facts, decline) < by_date(facts, first));
    let mut story: Vec<AnswerId> = decline.into_iter().collect();
    story.extend(clash.statements.iter().map(Statement::main_answer));
    let story = capped(&story, |&answer| quote_with_day(facts, answer));
    let question = model.question_in_words(clash.questions[0]);
    let message = format!("{question}: {party} changes its answer: {}", story.join(", then "));
    let mut finding = facts.clash_finding(&RULE, clash, message);
    if let (Some(decline), Some(evidence)) = (decline, &mut finding.evidence) {
        let claim = facts.claim_of(decline);
        evidence.claims.insert(0, claim);
        let label = Label { location: facts.value_location(claim), text: facts.label(decline) };
        finding.labels.insert(0, label);
    }
    finding.help("whether the later statement withdraws the earlier one")
}

/// An answer in the words of its source, with its speaker and its day.
fn quote_with_day(facts: &Facts<'_>, answer: AnswerId) -> String {
    let said = facts.claim(facts.claim_of(answer)).said;
    format!("{} {}", facts.quote_answer(answer), said.when_in_words())
}

/// Clashes of a party with itself on a choice with room for many answers: for each party its first answer that a later one
/// excludes, and that later one. Other answers that exclude either are listed as further claims.
fn changed_choices(facts: &Facts<'_>, question: QuestionId) -> Vec<Clash> {
    let measure = facts.model.measure_of(question);
    if measure.kind != MeasureType::Choice || measure.single || !may_have_rivals(facts, question) {
        return Vec::new();
    }
    let mut by_party: BTreeMap<ActorId, Vec<Statement>> = BTreeMap::new();
    for statement in facts.reasoning.statements(facts.model, facts.graph, question) {
        if matches!(statement.content, Content::Choice(_)) {
            by_party.entry(statement.party).or_default().push(statement);
        }
    }
    by_party.into_values().filter_map(|statements| first_rivals(facts, question, &statements)).collect()
}

/// Whether at least two answers name items that some other item excludes. If not, no two answers are rivals.
fn may_have_rivals(facts: &Facts<'_>, question: QuestionId) -> bool {
    let excluded = facts.model.answers_to(question).filter(|answer| {
        let value = &facts.model.answers.value[answer.index()];
        matches!(value, Value::Choice(items) if items.iter().any(|&item| is_excluded_by_some(facts.graph, item)))
    });
    excluded.take(2).count() == 2
}

/// The first statement of a party that a later one excludes, and that later one. `statements` are sorted by date.
fn first_rivals(facts: &Facts<'_>, question: QuestionId, statements: &[Statement]) -> Option<Clash> {
    let said = |statement: &Statement| facts.claim(facts.claim_of(statement.main_answer())).said;
    let are_rivals = |one: &Statement, other: &Statement| match (&one.content, &other.content) {
        (Content::Choice(one), Content::Choice(other)) => {
            ChoiceAnswer::new(facts.graph, one).is_rival(&ChoiceAnswer::new(facts.graph, other))
        }
        _ => false,
    };
    let items = statements.iter().filter_map(|statement| match &statement.content {
        Content::Choice(items) => Some(items.iter()),
        _ => None,
    });
    let all = MarkedItems::new(facts.graph, items.flatten().map(|&item| (item, ())));
    let may_be_rival = |statement: &Statement| match &statement.content {
        Content::Choice(items) => items.iter().any(|&item| all.has_excluded(item)),
        _ => false,
    };
    let mut left = MAX_PAIRS;
    let (earlier, later) = statements.iter().filter(|earlier| may_be_rival(earlier)).find_map(|earlier| {
        if left == 0 {
            return None;
        }
        left = left.saturating_sub(statements.len());
        if left == 0 {
            facts.note_unsearched(question);
        }
        let is_later =
            |other: &&Statement| are_rivals(earlier, other) && said(earlier).entirely_before(&said(other));
        Some((earlier, statements.iter().find(is_later)?))
    })?;
    let others = statements.iter().filter(|other| are_rivals(earlier, other) || are_rivals(other, later));
    let named = [earlier, later].map(|statement| facts.claim_of(statement.main_answer()));
    let mut also: Vec<ClaimId> =
        others.flat_map(|other| &other.answers).map(|&answer| facts.claim_of(answer)).collect();
    also.sort_unstable();
    also.dedup();
    also.retain(|claim| !named.contains(claim));
    Some(Clash {
        questions: vec![question],
        nature: Nature::OverTime,
        statements: vec![earlier.clone(), later.clone()],
        also,
        gap: None,
        certain: earlier.certain && later.certain,
        through: Vec::new(),
        joint: None,
    })
}

/// Adds the parties that declined to answer and later confirmed: for each, its first decline and the first later answer
/// that confirms it.
fn confirmed_after_declining(facts: &Facts<'_>, question: QuestionId, confirmations: &mut Confirmations) {
    let model = facts.model;
    if !matches!(model.measure_of(question).kind, MeasureType::YesNo | MeasureType::Choice) {
        return;
    }
    let stance = |answer: &AnswerId| model.answers.stance[answer.index()];
    if !model.answers_to(question).any(|answer| stance(&answer) == Stance::Declines) {
        return;
    }
    let mut by_party: BTreeMap<ActorId, Vec<AnswerId>> = BTreeMap::new();
    for answer in model.answers_to(question) {
        by_party.entry(facts.claim(facts.claim_of(answer)).party).or_default().push(answer);
    }
    for (party, mut answers) in by_party {
        answers.sort_by_key(|&answer| by_date(facts, answer));
        let (declines, others): (Vec<AnswerId>, Vec<AnswerId>) =
            answers.into_iter().partition(|answer| stance(answer) == Stance::Declines);
        let assertions = LastAssertions::new(facts, &others);
        let first = declines.iter().find(|&&declined| assertions.confirm_later(facts, declined));
        let confirming = first.and_then(|&declined| confirming(facts, declined, &others));
        if let Some((declined, confirmed, rest)) = confirming {
            let other_declines = declines.iter().filter(|&&other| other != declined);
            let also = other_declines.chain(&rest).map(|&answer| facts.claim_of(answer)).collect();
            confirmations.insert((question, party), Confirmation { declined, confirmed, also });
        }
    }
}

/// For each thing that can be asserted, the last day on which a party asserted it.
#[derive(Default)]
struct LastAssertions(FxHashMap<Asserted, Day>);

/// Something that an answer to a yes-or-no question or a choice can assert.
#[derive(PartialEq, Eq, Hash)]
enum Asserted {
    Anything,
    YesNo(bool),
    ChoiceItem(ChoiceItem),
}

impl LastAssertions {
    fn new(facts: &Facts<'_>, answers: &[AnswerId]) -> Self {
        let mut assertions = Self::default();
        for &answer in answers {
            let claim = facts.claim(facts.claim_of(answer));
            let asserts = facts.model.answers.stance[answer.index()] == Stance::Asserts;
            let Some(day) = claim.said.first.filter(|_| asserts && claim.certainty != Certainty::Conditional)
            else {
                continue;
            };
            let asserted: Vec<Asserted> = match &facts.model.answers.value[answer.index()] {
                Value::YesNo(true) => vec![Asserted::Anything, Asserted::YesNo(true)],
                Value::YesNo(false) => vec![Asserted::YesNo(false)],
                Value::Choice(items) => {
                    let items = items.iter().map(|&item| Asserted::ChoiceItem(item));
                    items.chain([Asserted::Anything]).collect()
                }
                _ => vec![Asserted::Anything],
            };
            for asserted in asserted {
                let known = assertions.0.entry(asserted).or_insert(day);
                *known = day.max(*known);
            }
        }
        assertions
    }

    /// Whether a declined answer is asserted on a later day.
    fn confirm_later(&self, facts: &Facts<'_>, declined: AnswerId) -> bool {
        let Some(before) = facts.claim(facts.claim_of(declined)).said.last else { return false };
        let is_later = |asserted: Asserted| self.0.get(&asserted).is_some_and(|&day| before < day);
        match &facts.model.answers.value[declined.index()] {
            Value::Unstated => is_later(Asserted::Anything),
            Value::YesNo(yes) => is_later(Asserted::YesNo(*yes)),
            Value::Choice(items) => items.iter().any(|&item| is_later(Asserted::ChoiceItem(item))),
            _ => false,
        }
    }
}

/// The decline, the first later answer of the party that confirms it, and all further answers that do.
fn confirming(
    facts: &Facts<'_>,
    declined: AnswerId,
    others: &[AnswerId],
) -> Option<(AnswerId, AnswerId, Vec<AnswerId>)> {
    let answers = &facts.model.answers;
    let before = facts.claim(facts.claim_of(declined));
    let mut later = others.iter().copied().filter(|&answer| {
        let after = facts.claim(facts.claim_of(answer));
        answers.stance[answer.index()] == Stance::Asserts
            && before.said.entirely_before(&after.said)
            && !facts.is_conditional(facts.claim_of(answer))
            && confirms(&answers.value[declined.index()], &answers.value[answer.index()])
    });
    let confirmed = later.next()?;
    Some((declined, confirmed, later.collect()))
}

/// The key that sorts answers by date, then by claim.
fn by_date(facts: &Facts<'_>, answer: AnswerId) -> impl Ord + use<> {
    let claim = facts.claim_of(answer);
    (facts.claim(claim).said_on(), claim)
}

/// Whether an answer confirms a declined one. If the decline named items, one of them is enough.
fn confirms(declined: &Value, confirmed: &Value) -> bool {
    match (declined, confirmed) {
        (Value::Unstated, Value::YesNo(confirmed)) => *confirmed,
        (Value::Unstated, _) => true,
        (Value::YesNo(declined), Value::YesNo(confirmed)) => declined == confirmed,
        (Value::Choice(declined), Value::Choice(confirmed)) => {
            declined.iter().any(|item| confirmed.contains(item))
        }
        _ => false,
    }
}

impl Confirmation {
    fn finding(self, facts: &Facts<'_>, question: QuestionId) -> Finding {
        let model = facts.model;
        let Self { declined, confirmed, also } = self;
        let (before, after) = (facts.claim(facts.claim_of(declined)), facts.claim(facts.claim_of(confirmed)));
        let message = format!(
            "{}: {} neither confirms nor denies {}, then {}",
            model.question_in_words(question),
            model.actors[before.by].name,
            before.said.when_in_words(),
            quote_with_day(facts, confirmed),
        );
        let mut finding = Finding::new(RULE.id, RULE.grade, message);
        for answer in [declined, confirmed] {
            finding = finding.at(facts.value_location(facts.claim_of(answer)), facts.label(answer));
        }
        let mut evidence = facts.evidence(&[question], &[declined, confirmed]);
        evidence.also = also;
        evidence.also.sort_unstable();
        evidence.also.dedup();
        if before.party != before.by && before.by != after.by {
            evidence.steps.push(format!("both speak for {}", model.actors[before.party].name));
        }
        finding.on(evidence)
    }
}
