//! A claim that silences a rule without saying why.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::Grade;
use crate::source::Location;

/// The record of this rule.
pub static RULE: Rule = Rule {
    id: "silence-without-reason",
    grade: Grade::Warning,
    summary: "a claim that silences a rule without a `note` that says why",
    weight: Weight::File,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
`allow` hides a finding from everyone who reads the report. The `note` next to it tells the next reader why.
Then others can judge the silence, and remove it when the reason is gone.

Bad:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { about: raid, measure: killed, value: 80, allow: no-locator }
```

Good:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll:
    about: raid
    measure: killed
    value: 80
    allow: no-locator
    note: Told by telephone; nothing was printed.
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for claim in &facts.model.claims {
        let is_explained = claim.note.as_ref().is_some_and(|note| !note.trim().is_empty());
        let Some(first) = claim.allow.first().filter(|_| !is_explained && !claim.broken) else { continue };
        let names: Vec<String> = claim.allow.iter().map(|name| format!("`{}`", name.value)).collect();
        let message = format!(
            "claim `{}` silences {} and does not say why",
            claim.name,
            super::message::listed(&names)
        );
        let at = Location { span: first.span, ..claim.location };
        findings
            .push(RULE.lint(at, message, "silenced here").help("give the reason in a `note` on the claim"));
    }
}
