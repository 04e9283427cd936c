//! A later figure below an earlier one that another party has not taken back.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "toll-drops",
    grade: Grade::Contradiction,
    summary: "a later toll below an earlier one that another party has not taken back",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
While a toll is being counted, it can only rise. So `at least 40` on Monday also holds on Tuesday, and
`at most 40` on Tuesday also held on Monday. A later figure below an earlier one cannot hold together with it,
unless the party that gave the earlier figure takes it back.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-28 }
claims:
  north-toll: { by: north, about: raid, measure: killed, value: at least 40, said: 2026-02-23 }
  south-toll: { by: south, about: raid, measure: killed, value: 12, said: 2026-02-27 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-28 }
claims:
  south-toll: { by: south, about: raid, measure: killed, value: 12, said: 2026-02-23 }
  north-toll: { by: north, about: raid, measure: killed, value: at least 40, said: 2026-02-27 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Drop) {
        let question = facts.model.question_in_words(clash.questions[0]);
        let message =
            format!("{question}: {}, though a toll only rises", facts.quotes_by_date(&clash.statements));
        findings.push(
            facts.clash_finding(&RULE, clash, message).help("whether the earlier figure was taken back"),
        );
    }
}
