//! Figures for one question whose hard ranges do not meet.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "figures-disagree",
    grade: Grade::Contradiction,
    summary: "figures for the same question that cannot all hold",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Two parties answer the same question with figures whose hard ranges do not meet. The hard range of a figure is
every value that its words allow: `at least 50` allows 50 and more. No number fits both figures, so they
cannot both be true.

Tolls that are still being counted are not compared here: `toll-rising`, `toll-unsettled` and `toll-drops`
look at them. The setting `settles` says how many days after an event its toll is final.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: killed, value: 36 }
  south-toll: { by: south, about: raid, measure: killed, value: at least 50 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: killed, value: 36 }
  south-toll: { by: south, about: raid, measure: killed, value: at least 30 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Figures) {
        let question = facts.model.question_in_words(clash.questions[0]);
        let message = format!("{question}: {} cannot all hold", facts.quotes(&clash.statements));
        let mut finding = facts.clash_finding(&RULE, clash, message);
        for line in facts.how_to_reconcile(clash) {
            finding = finding.help(line);
        }
        findings.push(finding);
    }
}
