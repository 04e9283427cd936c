//! Series that are `beside` each other, with figures for one period that do not meet.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::reason::{Clash, Nature};

pub(super) static RULE: Rule = Rule {
    id: "series-differ",
    grade: Grade::Tension,
    summary: "two series that count the same thing, with figures for one period that do not meet",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Series that are declared `beside` each other count the same thing by different methods. Their figures for one
period do not meet, whether stated or implied by a change. That is always a tension and never a contradiction:
both may have counted correctly, in different ways. Series that are not declared `beside` each other are never
compared.

Bad:

```yaml
actors: { institute: {}, index: {}, paper: {} }
series: { attacks-count: { publisher: institute, beside: [attacks-index] }, attacks-index: { publisher: index } }
source: { id: paper-1, publisher: paper, published: 2026-02-01 }
claims:
  dead: { by: institute, about: attacks-count, measure: killed, during: 2025, value: '1,034' }
  change: { by: institute, about: attacks-count, measure: killed, during: 2025, value: +21% on 2024 }
  before: { by: index, about: attacks-index, measure: killed, during: 2024, value: '1,081' }
```

Good:

```yaml
actors: { institute: {}, index: {}, paper: {} }
series: { attacks-count: { publisher: institute }, attacks-index: { publisher: index } }
source: { id: paper-1, publisher: paper, published: 2026-02-01 }
claims:
  dead: { by: institute, about: attacks-count, measure: killed, during: 2024, value: 855 }
  before: { by: index, about: attacks-index, measure: killed, during: 2024, value: '1,081' }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    findings.extend(facts.clashes(Nature::Series).map(|clash| finding(facts, clash)));
}

fn finding(facts: &Facts<'_>, clash: &Clash) -> Finding {
    let model = facts.model;
    let mut finding = facts.joint_clash_finding(&RULE, clash);
    let subjects = clash.questions.iter().map(|&question| model.question(question).subject);
    let mut subjects: Vec<_> = subjects.collect();
    subjects.sort_unstable();
    subjects.dedup();
    let methods: Vec<String> = subjects
        .into_iter()
        .map(|id| &model.subjects[id])
        .filter_map(|series| series.method.as_ref().map(|method| format!("{}: {method}", series.name)))
        .collect();
    for method in methods {
        finding = finding.note(format!("the method of {method}"));
    }
    finding.help("what each series counts, and where")
}
