//! A share or a change that, together with a figure, implies another figure that somebody contradicts.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "implied-figure-disagrees",
    grade: Grade::Contradiction,
    summary: "a figure that follows from a share or a change, and that another claim contradicts",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A share of another figure, or a change relative to one, ties the two together. If 1,034 people died, 21% more
than in 2024, then 852 to 858 died in 2024. The percentage is taken to be exact to half a unit of its last
digit. A claim of 950 for 2024 cannot hold together with these two, whoever makes it and in whichever source.

Bad:

```yaml
actors: { institute: {}, ministry: {}, paper: {} }
series: { attacks-count: { publisher: institute } }
source: { id: paper-1, publisher: paper, published: 2026-02-01 }
claims:
  dead: { by: institute, about: attacks-count, measure: killed, during: 2025, value: '1,034' }
  change: { by: institute, about: attacks-count, measure: killed, during: 2025, value: +21% on 2024 }
  before: { by: ministry, about: attacks-count, measure: killed, during: 2024, value: 950 }
```

Good:

```yaml
actors: { institute: {}, ministry: {}, paper: {} }
series: { attacks-count: { publisher: institute } }
source: { id: paper-1, publisher: paper, published: 2026-02-01 }
claims:
  dead: { by: institute, about: attacks-count, measure: killed, during: 2025, value: '1,034' }
  change: { by: institute, about: attacks-count, measure: killed, during: 2025, value: +21% on 2024 }
  before: { by: ministry, about: attacks-count, measure: killed, during: 2024, value: 855 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    findings.extend(facts.clashes(Nature::Implied).map(|clash| facts.joint_clash_finding(&RULE, clash)));
}
