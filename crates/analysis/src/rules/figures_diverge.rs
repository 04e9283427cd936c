//! Figures for one question whose hard ranges meet, although their usual ranges do not.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::MeasureType;
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "figures-diverge",
    grade: Grade::Tension,
    summary: "figures that can all hold, but that readers understand differently",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
`at least 36` allows 90, but nobody who reads it expects 90. The hard ranges of the two figures meet, so both
can be true. Their usual ranges, the values that readers expect, do not meet. So readers of the two sources
get different impressions.

The rule reports the pair that is furthest apart on each question. The usual ranges come from the table of
conventions, which `settings` can change.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: killed, value: at least 36 }
  south-toll: { by: south, about: raid, measure: killed, value: at least 90 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: killed, value: at least 36 }
  south-toll: { by: south, about: raid, measure: killed, value: 40 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Usual) {
        let question = facts.model.question_in_words(clash.questions[0]);
        let message =
            format!("{question}: {} give readers different impressions", facts.quotes(&clash.statements));
        let is_step = facts.model.measure_of(clash.questions[0]).kind == MeasureType::Scale;
        let missing = if is_step {
            "how far the party that said less would go"
        } else {
            "an upper limit from the party that gave the open figure"
        };
        findings.push(facts.clash_finding(&RULE, clash, message).help(missing));
    }
}
