//! A claim that dates an event outside the event's own date.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::Stance;
use crate::finding::{Finding, Grade};
use crate::id::{AnswerId, Id as _, QuestionId};
use crate::model::Value;
use crate::source::{Location, Spanned};
use gainsay_reading::period::Period;

pub(super) static RULE: Rule = Rule {
    id: "outside-event-dates",
    grade: Grade::Warning,
    summary: "a claim that dates an event outside the event's own `date`",
    weight: Weight::File,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
An event's own `date` is not a claim. It is the period in which the event can lie, and should be wide enough
for every date that anyone gives for it. If a claim gives a date outside of it, the claim is about another
event, or the period is too narrow.

Bad:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  day: { about: raid, measure: date, value: 2026-03-22, at: p2 }
```

Good:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22/2026-03-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  day: { about: raid, measure: date, value: 2026-03-22, at: p2 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let model = facts.model;
    let Some(measure) = model.measures.find("date") else { return };
    for id in model.question_ids().filter(|&id| model.question(id).measure == measure) {
        let Some(frame) = model.subjects[model.question(id).subject].date else { continue };
        for answer in model.answers_to(id) {
            let days = asserted_days(facts, answer).filter(|days| !days.meets(&frame.value));
            findings.extend(days.map(|days| finding(facts, id, answer, days, frame)));
        }
    }
}

/// The days that a claim itself asserts. A response that confirms another claim does not count, because that claim is
/// reported already; and a conditional claim asserts nothing.
fn asserted_days(facts: &Facts<'_>, answer: AnswerId) -> Option<Period> {
    let (answers, at) = (&facts.model.answers, answer.index());
    let claim = answers.claim[at];
    let is_its_own = answers.stance[at] == Stance::Asserts && answers.origin[at] == claim;
    match answers.value[at] {
        Value::Days(days) if is_its_own && !facts.is_conditional(claim) => Some(days),
        _ => None,
    }
}

fn finding(
    facts: &Facts<'_>,
    question: QuestionId,
    answer: AnswerId,
    days: Period,
    frame: Spanned<Period>,
) -> Finding {
    let subject = &facts.model.subjects[facts.model.question(question).subject];
    let claim = facts.claim_of(answer);
    let (days, framed) = (days.in_words(), frame.value.in_words());
    let message = format!("claim `{}` dates {} outside its own date", facts.claim(claim).name, subject.name);
    let mut finding = RULE.lint(facts.value_location(claim), message, days);
    if let Some((file, ..)) = subject.defined.place {
        finding = finding.at(Location { file, span: frame.span }, framed);
    }
    finding.help("widen the `date` of the event, or let the claim be about another event")
}
