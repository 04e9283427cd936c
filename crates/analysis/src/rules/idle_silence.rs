//! An `allow` that silences nothing. Only after all rules have run is it known which silences were used: `rules::run_some`
//! then asks for these findings, so the check itself does nothing.

use super::{Facts, Rule, Scope, Weight, known, names};
use crate::document::Name;
use crate::finding::{Finding, Grade};
use crate::id::ClaimId;
use crate::source::Location;
use gainsay_reading::names::DidYouMean;

/// The record of this rule.
pub static RULE: Rule = Rule {
    id: "idle-silence",
    grade: Grade::Warning,
    summary: "an `allow` that silences nothing",
    weight: Weight::File,
    scope: Scope::Silences,
    since: "0.1.0",
    doc: DOC,
    check: |_, _| {},
};

const DOC: &str = r"
An `allow` has no finding to silence. The finding that it was written for is gone, or it names the wrong rule.
If it stays, it may one day hide a finding that nobody has looked at.

Bad:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { about: raid, measure: killed, value: 80, at: p2, allow: no-locator, note: Told by telephone. }
```

Good:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { about: raid, measure: killed, value: 80, allow: no-locator, note: Told by telephone. }
```
";

/// A finding on an entry of `allow` that has silenced nothing.
pub(super) fn finding(facts: &Facts<'_>, claim: ClaimId, name: &Name) -> Finding {
    let row = facts.claim(claim);
    let at = Location { span: name.span, ..row.location };
    let id = name.value.as_str();
    if known(id).is_none() {
        return unknown(at, id);
    }
    let message = format!("`{id}` has no finding on claim `{}` to silence", row.name);
    let finding = RULE.lint(at, message, "silences nothing").help("remove it");
    if is_off(facts, id) {
        return finding.note(format!("the settings turn `{id}` off everywhere"));
    }
    finding
}

fn unknown(at: Location, id: &str) -> Finding {
    let finding = RULE.lint(at, format!("no rule or lint is called `{id}`"), "silences nothing");
    finding.meant(at, &DidYouMean::of(id, names()))
}

fn is_off(facts: &Facts<'_>, id: &str) -> bool {
    facts.model.settings.grades.iter().any(|(rule, grade)| rule.value == id && grade.value == "off")
}
