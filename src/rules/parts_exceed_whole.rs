//! Parts that add up past their whole, or short of it; any other joint clash of figures.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "parts-exceed-whole",
    grade: Grade::Contradiction,
    summary: "figures that cannot all hold together, as parts that add up past their whole",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Three claims may clash of which every two can stand: 40 were killed, says one; 25 civilians, the second; 20
combatants, the third. Civilians and combatants exclude each other, so these are 45. The same goes for parts
of an event, for killed and injured against casualties, and for any mix of them. Where parts are all of their
whole (`parts-complete`) they may fall short of it as well.

Figures are carried along what must hold, whoever is right: from populations and events to those they are part
of, from killed and injured to casualties and to whatever else is `sum-of` others, to later days while a toll can
only rise, along shares and changes from one figure to the other, and within a series. Of denials only that of any at all is carried, as a
zero. Usual readings are not, but for a change stated beside `at least 36`, which is taken to be worked out from
36: where a clash needs that, it is a tension.

The finding names the fewest claims that show it: take any one away and the rest can hold. First comes the claim
that the others break; each `because` is one sum; what would settle it is how far each claim alone would have to
give way. Claims that would do as well in the place of one of these are counted, as are further sets that break
the same claim; the page of the question (`gainsay show`) lists them.

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
    findings.extend(facts.clashes(Nature::Parts).map(|clash| facts.tell_across(&RULE, clash)));
}
