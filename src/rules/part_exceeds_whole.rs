//! A part's figure above its whole's.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "part-exceeds-whole",
    grade: Grade::Contradiction,
    summary: "a part of an event, a population or a sum with a figure above that of the whole",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Whatever anyone says, no more civilians were killed than people, no more in one strike than in the campaign it
was part of, and no more killed than killed and injured. A part's least figure above its whole's greatest
cannot hold with it. The finding belongs to the question on the whole.

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
    findings.extend(facts.clashes(Nature::Part).map(|clash| facts.tell_across(&RULE, clash)));
}
