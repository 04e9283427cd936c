//! A statement about an event from before the event began.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::id::Id as _;
use crate::reason::{Clash, Nature};

pub(super) static RULE: Rule = Rule {
    id: "said-too-early",
    grade: Grade::Contradiction,
    summary: "a statement about an event, made before the event began",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Nobody can count the dead of an event that has not begun, or say who did it, what was hit or that it occurred.
If claims date the event after the statement, then the date of the event is wrong, or the date of the
statement is, or the statement is about another event.

A part begins no earlier than its whole, and an event no earlier than the event that it came `after`. So the
date of one event can show that a statement about another was made too early.

The rule stays silent about dates, places and other arrangements, because they are announced in advance, and
about `conditional` claims. An event's own `date` is not a claim and shows nothing here. If claimed dates do
not meet, the earliest counts. If a party's own date for the event allows its statement, the rule leaves it
alone.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  day: { by: south, about: raid, measure: date, value: 2026-02-22 }
  toll: { by: north, about: raid, measure: killed, value: at least 17, said: 2026-02-21 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  day: { by: south, about: raid, measure: date, value: 2026-02-22 }
  threat: { by: north, about: raid, measure: killed, value: some, said: 2026-02-21, certainty: conditional }
  toll: { by: north, about: raid, measure: killed, value: at least 17, said: 2026-02-22 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::BeforeEvent) {
        findings.extend(finding(facts, clash));
    }
}

fn finding(facts: &Facts<'_>, clash: &Clash) -> Option<Finding> {
    let model = facts.model;
    let [asserted, date] = clash.statements.as_slice() else { return None };
    let said = facts.claim(facts.claim_of(asserted.main_answer())).said.in_words();
    let dated = model.question(model.answers.question[date.main_answer().index()]).subject;
    let message = format!(
        "{}: {}, said {said}, before {} began: {}",
        model.question_in_words(clash.questions[0]),
        facts.quote(asserted),
        model.subjects[dated].name,
        facts.quote(date),
    );
    let mut finding = facts.clash_finding(&RULE, clash, message);
    if let Some(evidence) = &mut finding.evidence {
        evidence.steps.extend(facts.event_links(clash));
    }
    Some(
        finding.help("on which day it was said, when the event began, and whether it was said of this event"),
    )
}
