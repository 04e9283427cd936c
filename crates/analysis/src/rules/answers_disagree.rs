//! Different answers to a question with one answer, or steps of a scale that cannot all hold.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "answers-disagree",
    grade: Grade::Contradiction,
    summary: "different answers to a question that has only one answer",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A measure marked `single` has only one answer, such as the place of an event. Two parties give answers that
cannot both be that answer.

A more exact answer does not clash with a less exact one: a province and a town in it are the same answer, and
so are a list and a part of that list. Steps of a scale, such as `damaged` and `destroyed`, are compared like
figures: a step means that step or any above it.

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
        findings.push(facts.clash_finding(&RULE, clash, message));
    }
}
