//! A party whose later statement cannot stand with its earlier one.

use super::{Facts, Rule, Weight};
use crate::document::{MeasureType, Stance};
use crate::finding::{Finding, Grade};
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::Value;
use crate::reason::{Clash, Nature};

pub(super) static RULE: Rule = Rule {
    id: "position-changes",
    grade: Grade::Tension,
    summary: "a party that later says what cannot stand with what it said, or confirms what it would not",
    weight: Weight::Position,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r#"
A party's later statement excludes its earlier one, or it confirms what it had denied or, for yes-no and
choices, declined to confirm. A toll that rises while it is counted is no change of position, nor is a toll
after "none confirmed". The statements stand in the order of time, with their speakers.

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

fn check(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    for clash in facts.clashes(Nature::OverTime) {
        findings.push(changed(facts, clash));
    }
    for question in facts.model.question_ids() {
        confirmed_after_declining(facts, question, findings);
    }
}

fn changed(facts: &Facts<'_>, clash: &Clash) -> Finding {
    let model = facts.model;
    let party = &model.actors[clash.statements[0].party].name;
    let story: Vec<String> = clash.statements.iter().map(|statement| told(facts, statement.first())).collect();
    let question = model.question_in_words(clash.questions[0]);
    let message = format!("{question}: {party} changes its answer: {}", story.join(", then "));
    facts.tell(&RULE, clash, message).help("whether the later statement withdraws the earlier one")
}

/// An answer with its speaker and its day.
fn told(facts: &Facts<'_>, answer: AnswerId) -> String {
    let said = facts.claim(facts.claim_of(answer)).said;
    format!("{} on {}", facts.quote_answer(answer), said.in_words())
}

/// A party that first would not say, and later says so: for each party its first decline and the first
/// later answer of the same kind.
fn confirmed_after_declining(facts: &Facts<'_>, question: QuestionId, findings: &mut Vec<Finding>) {
    let model = facts.model;
    if !matches!(model.measure_of(question).kind, MeasureType::YesNo | MeasureType::Choice) {
        return;
    }
    let stance = |answer: AnswerId| model.answers.stance[answer.index()];
    let mut declines: Vec<AnswerId> =
        model.answers_to(question).filter(|&answer| stance(answer) == Stance::Declines).collect();
    declines.sort_by_key(|&answer| order(facts, answer));
    let mut told_of = Vec::new();
    for &declined in &declines {
        let claim = facts.claim(facts.claim_of(declined));
        if told_of.contains(&claim.party) {
            continue;
        }
        let mut later: Vec<AnswerId> = model
            .answers_to(question)
            .filter(|&answer| {
                let other = facts.claim(facts.claim_of(answer));
                stance(answer) == Stance::Asserts
                    && other.party == claim.party
                    && claim.said.entirely_before(&other.said)
                    && !facts.is_conditional(facts.claim_of(answer))
                    && confirms(&model.answers.value[declined.index()], &model.answers.value[answer.index()])
            })
            .collect();
        later.sort_by_key(|&answer| order(facts, answer));
        let Some((&confirmed, rest)) = later.split_first() else { continue };
        told_of.push(claim.party);
        let party = |answer: &&AnswerId| facts.claim(facts.claim_of(**answer)).party == claim.party;
        let others = declines.iter().filter(party).filter(|&&other| other != declined).chain(rest);
        let also: Vec<ClaimId> = others.map(|&answer| facts.claim_of(answer)).collect();
        findings.push(confirmation(facts, question, declined, confirmed, also));
    }
}

fn order(facts: &Facts<'_>, answer: AnswerId) -> impl Ord + use<> {
    let claim = facts.claim_of(answer);
    (facts.claim(claim).said_on(), claim)
}

/// Whether an answer confirms what was declined: all or some of it, where a value was named.
fn confirms(declined: &Value, confirmed: &Value) -> bool {
    match (declined, confirmed) {
        (Value::Unstated, _) => true,
        (Value::YesNo(declined), Value::YesNo(confirmed)) => declined == confirmed,
        (Value::Choice(declined), Value::Choice(confirmed)) => declined.iter().any(|item| confirmed.contains(item)),
        _ => false,
    }
}

fn confirmation(
    facts: &Facts<'_>,
    question: QuestionId,
    declined: AnswerId,
    confirmed: AnswerId,
    also: Vec<ClaimId>,
) -> Finding {
    let model = facts.model;
    let (before, after) = (facts.claim(facts.claim_of(declined)), facts.claim(facts.claim_of(confirmed)));
    let message = format!(
        "{}: {} neither confirms nor denies on {}, then {}",
        model.question_in_words(question),
        model.actors[before.by].name,
        before.said.in_words(),
        told(facts, confirmed),
    );
    let mut finding = Finding::new(RULE.id, RULE.grade, message);
    for answer in [declined, confirmed] {
        finding = finding.at(facts.value_place(facts.claim_of(answer)), facts.label(answer));
    }
    let mut evidence = facts.evidence(&[question], &[declined, confirmed]);
    evidence.also = also;
    evidence.also.sort_unstable();
    evidence.also.dedup();
    if before.party == before.by || before.by == after.by {
        return finding.on(evidence);
    }
    evidence.steps.push(format!("both speak for {}", model.actors[before.party].name));
    finding.on(evidence)
}
