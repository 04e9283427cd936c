//! Figures for one day that do not meet, while the toll may still grow.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "toll-unsettled",
    grade: Grade::Tension,
    summary: "figures for one day that do not meet, while the toll may still grow",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Soon after an event, counts differ because people are still counting. Two figures for one day that do not meet
are a tension until the toll is final, by default 30 days after the event. After that they are a
contradiction.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-23 }
claims:
  north-toll: { by: north, about: raid, measure: killed, value: at least 40 }
  south-toll: { by: south, about: raid, measure: killed, value: 12 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-27 }
claims:
  south-toll: { by: south, about: raid, measure: killed, value: 12, said: 2026-02-23 }
  north-toll: { by: north, about: raid, measure: killed, value: at least 40, said: 2026-02-27 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Unsettled) {
        let question = facts.model.question_in_words(clash.questions[0]);
        let message = format!(
            "{question}: {} for one day, while the toll may still grow",
            facts.quotes(&clash.statements)
        );
        findings
            .push(facts.clash_finding(&RULE, clash, message).help("figures from after the toll is final"));
    }
}
