//! One party asserts what another denies.

use super::{Facts, Rule, Weight};
use crate::document::MeasureType;
use crate::finding::{Finding, Grade};
use crate::reason::{Clash, Nature, Statement};

pub(super) static RULE: Rule = Rule {
    id: "denied",
    grade: Grade::Contradiction,
    summary: "one party asserts what another denies",
    weight: Weight::Denial,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A denial is a response, a stance, a no, or a zero against more than zero, however far apart in populations:
no civilians, three cricketers. It clashes with answers that lie wholly inside what it denies and asserts
nothing of the rest: whoever denies that at least 80 were killed has not said how many were.

Whoever denies that an event occurred denies all figures above zero, targets and perpetrators of it and of its
parts, and that any of its parts occurred. That is one finding, however much is told of the event.

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

fn check(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    for clash in facts.clashes(Nature::Denial) {
        findings.push(tell(facts, clash));
    }
}

fn tell(facts: &Facts<'_>, clash: &Clash) -> Finding {
    let model = facts.model;
    let [asserted, denial] = clash.statements.as_slice() else {
        return facts.tell(&RULE, clash, facts.quotes(&clash.statements));
    };
    let question = *clash.questions.get(1).unwrap_or(&clash.questions[0]);
    if clash.questions.len() > 1 && model.measure_of(clash.questions[0]).kind == MeasureType::YesNo {
        return tell_occurrence(facts, clash, asserted, denial);
    }
    let denier = &model.actors[facts.claim(facts.claim_of(denial.first())).by].name;
    let message =
        format!("{}: {}, denied by {denier}", model.question_in_words(question), facts.quote(asserted));
    let mut finding = facts.tell(&RULE, clash, message);
    if model.measure_of(question).kind == MeasureType::Count {
        finding = finding.help(format!("a figure of its own from {denier}: a denial gives none"));
    }
    finding
}

/// What only an event that occurred has, of one that somebody says did not.
fn tell_occurrence(facts: &Facts<'_>, clash: &Clash, asserted: &Statement, denial: &Statement) -> Finding {
    let model = facts.model;
    let [whole, part] =
        [clash.questions[0], clash.questions[1]].map(|question| model.question(question).subject);
    let denier = &model.actors[facts.claim(facts.claim_of(denial.first())).by].name;
    let question = model.question_in_words(clash.questions[1]);
    let event = model.subject_in_words(whole);
    let message =
        format!("{question}: {}, though {denier} denies that {event} occurred", facts.quote(asserted));
    let mut finding = facts.tell(&RULE, clash, message).help(format!("whether {event} occurred at all"));
    if let Some(evidence) = &mut finding.evidence {
        let (part_name, whole_name) = (&model.subjects[part].name, &model.subjects[whole].name);
        evidence.steps.push(format!("so {part_name} occurred"));
        if part != whole {
            evidence.steps.push(format!("{part_name} is part of {whole_name}, so {whole_name} occurred"));
        }
    }
    finding
}
