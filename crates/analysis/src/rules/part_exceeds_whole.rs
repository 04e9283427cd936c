//! A part with a figure above that of its whole.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "part-exceeds-whole",
    grade: Grade::Contradiction,
    summary: "a part of an event, population or sum with a figure above that of the whole",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
No matter who is right, the civilians killed cannot outnumber the people killed; one strike cannot kill more
people than the campaign that it was part of; and there cannot be more killed than killed and injured. Here
the lowest value for a part is above the highest value for its whole, so the two claims cannot both hold. The
finding appears at the question about the whole.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { campaign: { date: 2026-02 }, raid: { date: 2026-02-22, part-of: campaign } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  in-all: { by: north, about: campaign, measure: killed, value: up to 40 }
  in-the-raid: { by: south, about: raid, measure: killed, of: civilians, value: at least 45 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { campaign: { date: 2026-02 }, raid: { date: 2026-02-22, part-of: campaign } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  in-all: { by: north, about: campaign, measure: killed, value: 80 }
  in-the-raid: { by: south, about: raid, measure: killed, of: civilians, value: at least 45 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    findings.extend(facts.clashes(Nature::Part).map(|clash| facts.joint_clash_finding(&RULE, clash)));
}
