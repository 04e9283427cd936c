//! Parts that add up to more than their whole, or to less, and every other joint clash of figures.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "parts-exceed-whole",
    grade: Grade::Contradiction,
    summary: "figures that cannot all hold together, such as parts that add up to more than their whole",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Three claims can clash although any two of them can hold together. The first says that 40 people were killed,
the second that 25 civilians were, the third that 20 combatants were. Nobody is both a civilian and a
combatant, so the second and the third make 45. The same goes for the parts of an event, for killed and
injured against casualties, and for any mix of these. If the parts make up all of their whole
(`parts-complete`), they can also add up to too little.

A figure for one thing limits the figures for others, no matter who is right: from a population or event to
the one that it is part of; from killed and injured to casualties, and to every other measure that is the
`sum-of` others; to later days, while a toll can only rise; along shares and changes; and within a series.
Only a denial that there were any at all limits others; it counts as zero. Usual ranges limit nothing else,
with one exception: a change given together with `at least 36` is taken to be computed from 36. A clash that
needs this is a tension.

The finding names a smallest set of claims that cannot all hold: remove any claim and the rest can hold. The
first claim is the one that the others contradict. Each `because` is one calculation. What would settle it is
how far each claim alone would have to move. The finding also counts claims that could replace one of these,
and further sets that contradict the same claim. `gainsay show` lists them on the page of the question.

Bad:

```yaml
actors: { north: {}, south: {}, east: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  in-all: { by: north, about: raid, measure: killed, value: 40 }
  civilians: { by: south, about: raid, measure: killed, of: civilians, value: 25 }
  fighters: { by: east, about: raid, measure: killed, of: militants, value: at least 20 }
```

Good:

```yaml
actors: { north: {}, south: {}, east: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  in-all: { by: north, about: raid, measure: killed, value: 40 }
  civilians: { by: south, about: raid, measure: killed, of: civilians, value: 25 }
  children: { by: east, about: raid, measure: killed, of: children, value: at least 20 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    findings.extend(facts.clashes(Nature::Parts).map(|clash| facts.joint_clash_finding(&RULE, clash)));
}
