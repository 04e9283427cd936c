//! Exact figures that may be one figure, rounded.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "rounding",
    grade: Grade::Note,
    summary: "exact figures so close that one may be the other, rounded",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
The figures are exact, and so close that one may be the other, rounded. They differ by 1, or by at most half a
unit of the last digit of either that is not zero; and they differ by at most 5% of the larger. That is true
of 169 and 170, and of 1,000 and 1,034. It is not true of 20 and 25, or of 2 and 3.

Spans of time also count as rounded if they differ by at most half of the coarser unit, such as a week and six
days. If there are several figures, every two of them must be this close: 1,000 may be 1,002 or 1,018,
rounded, but 1,002 and 1,018 disagree.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: injured, value: 169 }
  south-toll: { by: south, about: raid, measure: injured, value: 170 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: injured, value: 20 }
  south-toll: { by: south, about: raid, measure: injured, value: 25 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Rounding) {
        if clash.joint.is_some() {
            findings.push(
                facts.joint_clash_finding(&RULE, clash).note("within the rounding of one of these figures"),
            );
            continue;
        }
        let question = facts.model.question_in_words(clash.questions[0]);
        let message =
            format!("{question}: {} may be the same figure, rounded", facts.quotes(&clash.statements));
        findings.push(facts.clash_finding(&RULE, clash, message).help("the figure as first counted"));
    }
}
