//! Dates that do not meet.

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Grade};
use crate::id::Id as _;
use crate::reason::{Clash, Nature, Statement};
use gainsay_reading::figure::Range;

pub(super) static RULE: Rule = Rule {
    id: "dates-disagree",
    grade: Grade::Contradiction,
    summary: "dates of the same thing that cannot all hold",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Two parties date the same thing, and no day fits both dates. A date covers all days from its first to its
last, and more with `~` (about). An event's own `date` is the period in which the event can lie. It is not a
claim, so it clashes with nothing.

The rule also compares dates of different events. A part cannot begin before its whole or end after it. An
event cannot begin before the event that it came `after`, and nothing ends before it began. A claimed `date`
says on which day an event began; an interval says that it began on one of several days. Only a claimed
`ended` says when it ended.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-date: { by: north, about: raid, measure: date, value: 2026-02-21 }
  south-date: { by: south, about: raid, measure: date, value: 2026-02-22 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-date: { by: north, about: raid, measure: date, value: 2026-02-21~ }
  south-date: { by: south, about: raid, measure: date, value: 2026-02-22 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for clash in facts.clashes(Nature::Dates) {
        findings.push(match clash.statements.as_slice() {
            [last, first] if clash.questions.len() > 1 => across_events(facts, clash, last, first),
            _ => {
                let question = facts.model.question_in_words(clash.questions[0]);
                let message = format!("{question}: {} are different days", facts.quotes(&clash.statements));
                facts.clash_finding(&RULE, clash, message)
            }
        });
    }
}

/// A finding on dates of different events, or on the start and the end of one event. `last` is the date that would have to
/// be later than `first` allows.
fn across_events(facts: &Facts<'_>, clash: &Clash, last: &Statement, first: &Statement) -> Finding {
    let model = facts.model;
    let asked =
        |statement: &Statement| model.question(model.answers.question[statement.main_answer().index()]);
    let subject_of = |statement: &Statement| asked(statement).subject;
    let verb = |statement: &Statement| match model.measures.name(asked(statement).measure).as_str() {
        "ended" => "ended",
        _ => "began",
    };
    let limit = |statement: &Statement, than: &str, day: i64| {
        let day = model.range_in_words(clash.questions[0], Range { low: day, high: day });
        format!("{} {} no {than} than {day}", model.subjects[subject_of(statement)].name, verb(statement))
    };
    let message = format!(
        "{}: {}, before {} {}: {}",
        model.question_in_words(clash.questions[0]),
        facts.quote(last),
        model.subjects[subject_of(first)].name,
        verb(first),
        facts.quote(first),
    );
    let mut finding = facts.clash_finding(&RULE, clash, message);
    if let (Some(evidence), Some(late), Some(early)) = (&mut finding.evidence, last.hard(), first.hard()) {
        evidence.steps.push(limit(first, "earlier", early.low));
        evidence.steps.extend(facts.event_links(clash));
        evidence.steps.push(limit(last, "later", late.high));
    }
    finding
}
