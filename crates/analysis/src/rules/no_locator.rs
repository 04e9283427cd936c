//! A claim that does not say where in its source it is found.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;

/// The record of this rule.
pub static RULE: Rule = Rule {
    id: "no-locator",
    grade: Grade::Warning,
    summary: "a claim that does not say where in its source it is found",
    weight: Weight::File,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
`at` says where in its source a claim is found, so that a reader who doubts it can look it up. `p12` is the
twelfth line of the archived text, not counting blank lines; `p3-4` is two lines; `00:12:40` is a moment in a
recording. If the archived text is available, gainsay looks for the `words` of the claim at that place.

Bad:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { about: raid, measure: killed, value: at least 80 }
```

Good:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { about: raid, measure: killed, value: at least 80, at: p12 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    // A claim that could not be read completely may have an `at` that was not read.
    for claim in facts.model.claims.iter().filter(|claim| claim.at.is_none() && !claim.broken) {
        findings.push_lint(&RULE, claim.location, || {
            let message = format!("claim `{}` has no `at`", claim.name);
            let help = "say where in the source it is: `at: p12`, or `at: 00:12:40` in a recording";
            RULE.lint(claim.location, message, "no place in the source given").help(help)
        });
    }
}
