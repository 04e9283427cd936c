//! Days that do not meet.

use super::{Facts, Rule, Weight};
use crate::finding::{Finding, Grade};
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "dates-disagree",
    grade: Grade::Contradiction,
    summary: "dates of one thing that do not meet",
    weight: Weight::Answer,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A date reads to a first and a last day, `~` included. Where the days that two parties give do not meet, one
of them is wrong about when it happened. An event's own `date` frames it and is nobody's claim.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-date: { by: north, about: raid, measure: date, value: 2026-02-21 }
  south-date: { by: south, about: raid, measure: date, value: 2026-02-22 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-date: { by: north, about: raid, measure: date, value: 2026-02-21~ }
  south-date: { by: south, about: raid, measure: date, value: 2026-02-22 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    for clash in facts.clashes(Nature::Dates) {
        let question = facts.model.question_in_words(clash.questions[0]);
        let message = format!("{question}: {} are different days", facts.quotes(&clash.statements));
        findings.push(facts.tell(&RULE, clash, message));
    }
}
