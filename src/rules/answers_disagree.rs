//! Different answers to a single choice, or steps of a scale, that cannot stand together.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "answers-disagree",
    grade: Grade::Contradiction,
    summary: "answers to a question with one answer that cannot stand together",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A choice that is `single` has one answer. An id and one it is part of are the same answer, told more or less
exactly; a list and some of it are the same answer, told more or less fully. Steps of a scale clash as
figures do: a step reads as that step or any above.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
places: { paktika: {}, khost: {} }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-place: { by: north, about: raid, measure: place, value: paktika }
  south-place: { by: south, about: raid, measure: place, value: khost }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
places: { paktika: {}, barmal: { part-of: paktika } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-place: { by: north, about: raid, measure: place, value: paktika }
  south-place: { by: south, about: raid, measure: place, value: barmal }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Answers) {
        let question = facts.model.question_in_words(clash.questions[0]);
        let message = format!("{question}: {} cannot all be the answer", facts.quotes(&clash.statements));
        findings.push(facts.tell(&RULE, clash, message));
    }
}
