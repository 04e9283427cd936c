//! One party asserts what another denies.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::{MeasureType, Names};
use crate::finding::{Finding, Grade};
use crate::id::{Id as _, QuestionId};
use crate::reason::{Clash, Nature, Statement};

pub(super) static RULE: Rule = Rule {
    id: "denied",
    grade: Grade::Contradiction,
    summary: "one party asserts what another denies",
    weight: Weight::Denial,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
One party asserts something, and another denies it. A denial can be a response (`denies:`), the stance
`denies`, a no to a yes-or-no question, or a zero where the other party counts more than zero. The populations
may differ: a party that says that no civilians were killed denies that three cricketers were, because
cricketers are civilians.

A denial clashes only with answers that lie wholly inside what it denies. It asserts nothing about the rest: a
party that denies that at least 80 were killed has not said how many were.

A party that denies that an event occurred also denies every target, every perpetrator and every figure above
zero of that event and of its parts, and that any of its parts occurred. All of that is one finding, however
much is claimed about the event.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
populations: { cricketers: { part-of: civilians } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  cricketers: { by: north, about: raid, measure: killed, of: cricketers, value: three }
  no-civilians: { by: south, about: raid, measure: killed, of: civilians, value: some, stance: denies }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  some-hurt: { by: north, about: raid, measure: killed, value: at least 17 }
  not-eighty: { by: south, about: raid, measure: killed, value: at least 80, stance: denies }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Denial) {
        findings.push(finding(facts, clash));
    }
}

fn finding(facts: &Facts<'_>, clash: &Clash) -> Finding {
    let model = facts.model;
    let [asserted, denial] = clash.statements.as_slice() else {
        return facts.clash_finding(&RULE, clash, facts.quotes(&clash.statements));
    };
    let question = *clash.questions.get(1).unwrap_or(&clash.questions[0]);
    if clash.questions.len() > 1 && model.measure_of(clash.questions[0]).kind == MeasureType::YesNo {
        return occurrence_finding(facts, clash, asserted, denial);
    }
    let message = format!(
        "{}: {}, {}",
        model.question_in_words(question),
        facts.quote(asserted),
        reply(facts, question, denial)
    );
    facts.clash_finding(&RULE, clash, message).help(what_would_settle(facts, question, denial))
}

/// How an answer is denied, in words: by whom, or, if the denial is about another question, with what.
fn reply(facts: &Facts<'_>, question: QuestionId, denial: &Statement) -> String {
    let model = facts.model;
    let answer = denial.main_answer();
    let claim = facts.claim_of(answer);
    let speaker = &model.actors[facts.claim(claim).by].name;
    if model.answers.question[answer.index()] != question {
        return format!("against {} ({speaker})", facts.denied_elsewhere(answer, question));
    }
    if model.is_own_voice(claim) && !denial.is_outright {
        return format!("against {}", facts.quote(denial));
    }
    format!("denied by {speaker}")
}

/// What would settle the clash: if somebody counts none, who the people were; otherwise evidence for the answer.
fn what_would_settle(facts: &Facts<'_>, question: QuestionId, denial: &Statement) -> String {
    let model = facts.model;
    let denier = &model.actors[facts.claim(facts.claim_of(denial.main_answer())).by].name;
    let measure = model.measure_of(question);
    let is_none = denial.hard().is_some_and(|hard| hard.high == 0);
    match measure.kind {
        MeasureType::Count if measure.of_people && is_none => {
            "who they were, by name or by status".to_owned()
        }
        MeasureType::Count if is_none => "where and when each was counted".to_owned(),
        MeasureType::Count | MeasureType::Amount => {
            format!("a figure from {denier}, since a denial gives none")
        }
        MeasureType::Date => format!("a date from {denier}, or a document with a date"),
        MeasureType::Choice if measure.names == [Names::Places] => {
            "the name of the place, or pictures of it".to_owned()
        }
        MeasureType::Choice => "evidence from either party: a name, a document, a witness".to_owned(),
        MeasureType::YesNo | MeasureType::Scale => {
            "evidence from either party: a day, a place, a name, a document".to_owned()
        }
    }
}

/// A finding on an answer that implies that an event occurred, against a denial that it did.
fn occurrence_finding(facts: &Facts<'_>, clash: &Clash, asserted: &Statement, denial: &Statement) -> Finding {
    let model = facts.model;
    let [whole, part] =
        [clash.questions[0], clash.questions[1]].map(|question| model.question(question).subject);
    let denier = &model.actors[facts.claim(facts.claim_of(denial.main_answer())).by].name;
    let question = model.question_in_words(clash.questions[1]);
    let event = model.subject_in_words(whole);
    let message =
        format!("{question}: {}, though {denier} denies that {event} occurred", facts.quote(asserted));
    let mut finding =
        facts.clash_finding(&RULE, clash, message).help(format!("whether {event} occurred at all"));
    if let Some(evidence) = &mut finding.evidence {
        let (part_name, whole_name) = (&model.subjects[part].name, &model.subjects[whole].name);
        evidence.steps.push(format!("so {part_name} occurred"));
        if part != whole {
            evidence.steps.push(format!("{part_name} is part of {whole_name}, so {whole_name} occurred"));
        }
    }
    finding
}
