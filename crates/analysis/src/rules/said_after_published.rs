//! A claim said after its source was published.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::model::{Claim, Source};
use crate::source::Location;

pub(super) static RULE: Rule = Rule {
    id: "said-after-published",
    grade: Grade::Warning,
    summary: "a claim said after its source was published",
    weight: Weight::File,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A source can report only what was said before it was published. If `said` is later, it is a mistake, or the
text was changed after it was first published. If it was changed, `published` should be the day of the version
that was read. If one of the dates is approximate or gives only the month, the rule reports the claim only if
no reading of the two dates fits.

Bad:

```yaml
actors: { minister: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { by: minister, about: raid, measure: killed, value: 80, said: 2026-03-22, at: p2 }
```

Good:

```yaml
actors: { minister: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { by: minister, about: raid, measure: killed, value: 80, said: 2026-02-22, at: p2 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for claim in &facts.model.claims {
        let source = &facts.model.sources[claim.source];
        if source.published.entirely_before(&claim.said) {
            findings.push(finding(claim, source));
        }
    }
}

fn finding(claim: &Claim, source: &Source) -> Finding {
    let (said, published) = (claim.said.in_words(), source.published.in_words());
    let message = format!("claim `{}` was said after its source was published", claim.name);
    let at = Location { span: claim.said_span.unwrap_or(claim.location.span), ..claim.location };
    let finding = RULE.lint(at, message, format!("said {said}"));
    match source.defined.location() {
        Some(there) => finding.at(there, format!("published {published}")),
        None => finding.note(format!("published {published}")),
    }
}
