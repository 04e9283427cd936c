//! Sources that report one speaker's statement of one day with answers that do not meet.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::reason::Nature;

pub(super) static RULE: Rule = Rule {
    id: "reports-differ",
    grade: Grade::Tension,
    summary: "sources that report the same statement of one speaker differently",
    weight: Weight::Position,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Several sources report what one speaker said on one day, and their reports cannot all hold. It is the reports
that clash. The speaker may have said only one thing.

Bad:

```yaml
# one.yaml
actors: { north: {}, paper: {}, radio: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  toll: { by: north, about: raid, measure: killed, value: 36, said: 2026-05-30 }
# two.yaml
source: { id: radio-1, publisher: radio, published: 2026-06-01 }
claims:
  toll: { by: north, about: raid, measure: killed, value: 63, said: 2026-05-30 }
```

Good:

```yaml
# one.yaml
actors: { north: {}, paper: {}, radio: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  toll: { by: north, about: raid, measure: killed, value: 36, said: 2026-05-30 }
# two.yaml
source: { id: radio-1, publisher: radio, published: 2026-06-01 }
claims:
  toll: { by: north, about: raid, measure: killed, value: more than 30, said: 2026-05-30 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Reports) {
        let model = facts.model;
        let claim = facts.claim(facts.claim_of(clash.statements[0].main_answer()));
        let reports: Vec<String> = clash
            .statements
            .iter()
            .map(|statement| {
                let source = facts.claim(facts.claim_of(statement.main_answer())).source;
                format!(
                    "`{}` in {}",
                    model.answer_in_words(statement.main_answer()),
                    model.sources.name(source)
                )
            })
            .collect();
        let message = format!(
            "{}: {} is reported to have said {}",
            model.question_in_words(clash.questions[0]),
            model.actors[claim.by].name,
            reports.join(" and "),
        );
        findings.push(
            facts.clash_finding(&RULE, clash, message).help("the statement in the speaker's own words"),
        );
    }
}
