//! What is asserted of an event before it began.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::id::Id as _;
use crate::reason::{Clash, Nature};

pub(super) static RULE: Rule = Rule {
    id: "said-too-early",
    grade: Grade::Contradiction,
    summary: "something asserted of an event before it began",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Nobody can count the dead of an event that has not begun, nor say who did it, what was hit or that it occurred.
Where the days on which something was said all come before the event began, as claims date it, either the
date is wrong, or when it was said, or it was said of another event. A part begins no earlier than its whole, and
an event no earlier than what it came `after`. Dates, places and other arrangements are announced in advance, and
so are `conditional` claims.

An event's own `date` is nobody's claim and shows nothing here. Where claimed dates do not meet, the earliest
counts; and a party whose own date allows what it said is left alone.

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
    for clash in facts.clashes(Nature::Early) {
        findings.extend(tell(facts, clash));
    }
}

fn tell(facts: &Facts<'_>, clash: &Clash) -> Option<Finding> {
    let model = facts.model;
    let [asserted, date] = clash.statements.as_slice() else { return None };
    let said = facts.claim(facts.claim_of(asserted.first())).said.in_words();
    let dated = model.question(model.answers.question[date.first().index()]).subject;
    let message = format!(
        "{}: {}, said {said}, before {} began: {}",
        model.question_in_words(clash.questions[0]),
        facts.quote(asserted),
        model.subjects[dated].name,
        facts.quote(date),
    );
    let mut finding = facts.tell(&RULE, clash, message);
    if let Some(evidence) = &mut finding.evidence {
        evidence.steps.extend(facts.along(clash));
    }
    Some(
        finding.help("on which day it was said, when the event began, and whether it was said of this event"),
    )
}
