//! A party whose answers at one time cannot all hold.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::reason::{Clash, Nature};

pub(super) static RULE: Rule = Rule {
    id: "self-contradiction",
    grade: Grade::Contradiction,
    summary: "one party that gives answers at one time that cannot all hold",
    weight: Weight::Position,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
One party gives answers at one time that exclude each other. It is a contradiction if one speaker gives them
in one source. Otherwise it is a tension, because two speakers of the party, or two reports, may not have
known of each other.

Bad:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  headline: { about: raid, measure: killed, value: 40, part: headline }
  body: { about: raid, measure: killed, value: 17 }
```

Good:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  headline: { about: raid, measure: killed, value: more than a dozen, part: headline }
  body: { about: raid, measure: killed, value: 17 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Within) {
        findings.push(finding(facts, clash));
    }
}

fn finding(facts: &Facts<'_>, clash: &Clash) -> Finding {
    let claims: Vec<_> = clash
        .statements
        .iter()
        .map(|statement| facts.claim(facts.claim_of(statement.main_answer())))
        .collect();
    let question = facts.model.question_in_words(clash.questions[0]);
    let party = &facts.model.actors[clash.statements[0].party].name;
    let message = format!("{question}: {party} says both {}", facts.quotes(&clash.statements));
    let mut finding = facts.clash_finding(&RULE, clash, message);
    let is_one_voice =
        claims.windows(2).all(|pair| (pair[0].by, pair[0].source) == (pair[1].by, pair[1].source));
    if !is_one_voice {
        finding.grade = finding.grade.max(Grade::Tension);
        finding = finding.note("said by several speakers, or in several sources");
    }
    finding
}
