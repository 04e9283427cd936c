//! A share or a change that, with one figure, implies another that somebody contradicts.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "implied-figure-disagrees",
    grade: Grade::Contradiction,
    summary: "a share or a change that, with one figure, implies another that somebody contradicts",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A figure told as a share of another, or as a change on it, binds the two: 1,034 dead, 21% more than in 2024,
says that there were 852 to 858 in 2024. The percentage is good to half a unit of its last digit. A figure of
950 for 2024 cannot hold with that, whoever gives it and wherever it stands.

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
    findings.extend(facts.clashes(Nature::Implied).map(|clash| facts.tell_across(&RULE, clash)));
}
