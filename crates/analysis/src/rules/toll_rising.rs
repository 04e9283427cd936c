//! Later, higher figures while the toll may still grow: all steps of one question in one note.

use rustc_hash::FxHashSet;

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::finding::{Finding, Gap, Grade};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId};
use crate::model::Value;
use crate::reason::{Content, Nature, Statement, ValidDays};
use gainsay_reading::figure::{OPEN, Range, within_rounding};

pub(super) static RULE: Rule = Rule {
    id: "toll-rising",
    grade: Grade::Note,
    summary: "a later, higher figure while the toll may still grow",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A toll that is still being counted may rise. 17, then 36, then 40 is not a contradiction, but a reader who has
seen only the 17 may want to know. All steps of a question are in one note, those of all parties, including a
party's updates of its own figure. They are in the order of the days that they describe, not of the days on
which they were said.

A figure is a step if its lowest value is above the lowest value of the step before, and the usual ranges of
the two do not overlap: `dozens`, then 150; `at least 17`, then 36. If both figures are open, the later one is
a step if both ends of its usual range are higher: `at least 17`, then `at least 20`.

The rule stays silent about an exact figure inside an `at least`, and about a figure that may be the one
before, rounded. Figures that clash are left to the rules on clashes.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-28 }
claims:
  first: { by: north, about: raid, measure: killed, value: at least 17, said: 2026-02-23 }
  later: { by: south, about: raid, measure: killed, value: 36, said: 2026-02-25 }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-28 }
claims:
  first: { by: north, about: raid, measure: killed, value: at least 17, said: 2026-02-23 }
  later: { by: south, about: raid, measure: killed, value: 20, said: 2026-02-25 }
```
";

/// How many steps a message quotes. Of a longer rise it quotes the first steps and the last one.
const MAX_STEPS: usize = 8;

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for question in facts.model.question_ids() {
        if facts.model.measure_of(question).grows && covers_several_days(facts, question) {
            findings.extend(rising(facts, question));
        }
    }
}

/// Whether some answer describes a later day than another. This cheap check is false for most questions.
fn covers_several_days(facts: &Facts<'_>, question: QuestionId) -> bool {
    let valid_days =
        || facts.model.answers_to(question).map(|answer| facts.reasoning.valid_days[answer.index()]);
    let (ended, begun) =
        (valid_days().map(|days| days.last).min(), valid_days().map(|days| days.first).max());
    ended < begun
}

/// A toll that a statement gives for some days.
struct TollCount<'s> {
    statement: &'s Statement,
    days: ValidDays,
    hard: Range,
    usual: Range,
}

/// The note on a question whose toll rises in at least one step.
fn rising(facts: &Facts<'_>, question: QuestionId) -> Option<Finding> {
    let statements = facts.reasoning.statements(facts.model, facts.graph, question);
    let clashing = ClashingClaims::new(facts, question);
    let denying: FxHashSet<ActorId> = statements
        .iter()
        .filter(|statement| statement.is_outright && statement.current)
        .map(|statement| statement.party)
        .collect();
    // A zero from a party that denies that there were any is a denial, not a first count.
    let is_denied = |statement: &Statement| statement.is_denial && denying.contains(&statement.party);
    let remaining =
        statements.iter().filter(|statement| !is_denied(statement) && !clashing.excludes(facts, statement));
    let mut counts: Vec<TollCount<'_>> = remaining.filter_map(count).collect();
    counts.sort_by_key(|count| (count.days.last, count.hard.low));
    let steps = steps(facts, &counts);
    let (first, last) = (*steps.first()?, *steps.last()?);
    if steps.len() < 2 {
        return None;
    }
    // Values and days rise from step to step, so a count above any step is also above the first.
    let takes_part = |count: &&TollCount<'_>| is_step(facts, first, count) || is_step(facts, count, last);
    let named: FxHashSet<ClaimId> =
        steps.iter().map(|step| facts.claim_of(step.statement.main_answer())).collect();
    let witnesses = counts.iter().filter(takes_part).flat_map(|count| &count.statement.answers);
    let mut also: Vec<ClaimId> =
        witnesses.map(|&answer| facts.claim_of(answer)).filter(|claim| !named.contains(claim)).collect();
    also.sort_unstable();
    also.dedup();
    Some(finding(facts, question, &steps, also))
}

/// The claims of a question that are named by clashes.
struct ClashingClaims {
    /// Claims with figures that do not meet. None of them is a step.
    apart: FxHashSet<ClaimId>,
    /// Claims of a party that later gave a lower figure. The figures that it took back are not steps; its last one is.
    taken_back: FxHashSet<ClaimId>,
}

impl ClashingClaims {
    fn new(facts: &Facts<'_>, question: QuestionId) -> Self {
        let named_by = |is_wanted: fn(Nature) -> bool| -> FxHashSet<ClaimId> {
            let clashes = facts.reasoning.clashes_of(question).iter().filter(|clash| is_wanted(clash.nature));
            clashes
                .flat_map(|clash| {
                    let named =
                        clash.statements.iter().map(|statement| facts.claim_of(statement.main_answer()));
                    named.chain(clash.also.iter().copied())
                })
                .collect()
        };
        let is_apart = |nature| {
            use Nature::{Drop, Figures, Reports, Unsettled, Within};
            matches!(nature, Reports | Within | Drop | Unsettled | Figures)
        };
        Self { apart: named_by(is_apart), taken_back: named_by(|nature| nature == Nature::OverTime) }
    }

    /// Whether a statement takes no part in the rise because of a clash.
    fn excludes(&self, facts: &Facts<'_>, statement: &Statement) -> bool {
        let is_in = |claims: &FxHashSet<ClaimId>| {
            !claims.is_empty()
                && statement.answers.iter().any(|&answer| claims.contains(&facts.claim_of(answer)))
        };
        is_in(&self.apart) || (!statement.current && is_in(&self.taken_back))
    }
}

/// The count that a statement gives. `None` for a denial, which is not a count.
fn count(statement: &Statement) -> Option<TollCount<'_>> {
    match statement.content {
        Content::Interval { hard, usual } if !statement.is_outright => {
            Some(TollCount { statement, days: statement.days, hard, usual })
        }
        _ => None,
    }
}

/// The steps among counts sorted by day. A more exact count replaces the last step, so that `dozens` does not hide how 40
/// became 60.
fn steps<'c, 's>(facts: &Facts<'_>, counts: &'c [TollCount<'s>]) -> Vec<&'c TollCount<'s>> {
    let mut steps: Vec<&TollCount<'_>> = Vec::new();
    for count in counts {
        let Some(&last) = steps.last() else {
            steps.push(count);
            continue;
        };
        let is_more_exact = last.hard.low <= count.hard.low && count.usual.high < last.usual.high;
        let before = steps.len().checked_sub(2).map(|at| steps[at]);
        if is_step(facts, last, count) {
            steps.push(count);
        } else if is_more_exact && before.is_none_or(|before| is_step(facts, before, count)) {
            steps.pop();
            steps.push(count);
        }
    }
    steps
}

/// Whether a toll rises from one count to the other.
fn is_step(facts: &Facts<'_>, from: &TollCount<'_>, to: &TollCount<'_>) -> bool {
    let is_above = to.usual.low > from.usual.high;
    let are_open = from.hard.high == OPEN && to.hard.high == OPEN;
    let are_higher = to.usual.low > from.usual.low && to.usual.high > from.usual.high;
    from.days.is_before(to.days)
        && to.hard.low > from.hard.low
        && (is_above || (are_open && are_higher))
        && !is_rounding(facts, from, to)
}

/// Whether two parties' counts may be the same figure, rounded. If one party gives two counts, they are separate.
fn is_rounding(facts: &Facts<'_>, from: &TollCount<'_>, to: &TollCount<'_>) -> bool {
    let value = |count: &TollCount<'_>| &facts.model.answers.value[count.statement.main_answer().index()];
    match (value(from), value(to)) {
        (Value::Figure(a), Value::Figure(b)) => {
            from.statement.party != to.statement.party && within_rounding(a, b)
        }
        _ => false,
    }
}

fn finding(facts: &Facts<'_>, question: QuestionId, steps: &[&TollCount<'_>], also: Vec<ClaimId>) -> Finding {
    let answers: Vec<AnswerId> = steps.iter().map(|step| step.statement.main_answer()).collect();
    let message = format!("{}: {}", facts.model.question_in_words(question), describe_steps(facts, &answers));
    let mut finding = Finding::new(RULE.id, RULE.grade, message);
    for &answer in answers.iter().take(MAX_STEPS) {
        finding = finding.at(facts.value_location(facts.claim_of(answer)), facts.label(answer));
    }
    let on_usual = steps.windows(2).any(|pair| pair[1].hard.low <= pair[0].hard.high);
    let mut evidence = facts.evidence_with_usual(&[question], &answers, on_usual);
    evidence.also = also;
    evidence
        .steps
        .push("each describes a later day than the one before, while the toll may still grow".to_owned());
    if let [first, .., last] = steps
        && last.hard.low > first.hard.high
    {
        evidence.gap = Some(Gap::between(last.hard.low, first.hard.high));
    }
    if steps.last().is_some_and(|last| !last.days.is_final) {
        finding = finding.help("a figure from after the toll is final");
    }
    finding.on(evidence)
}

/// The steps in words, each with the day that it describes.
fn describe_steps(facts: &Facts<'_>, answers: &[AnswerId]) -> String {
    let quote_with_day = |&answer: &AnswerId| {
        let day = facts.claim(facts.claim_of(answer)).as_of.when_in_words();
        format!("{} {day}", facts.quote_answer(answer))
    };
    let quotes: Vec<String> = match answers {
        [first @ .., last] if answers.len() > MAX_STEPS => {
            let (shown, left_out) = first.split_at(MAX_STEPS - 1);
            let left_out = format!("{} more", left_out.len());
            shown.iter().map(quote_with_day).chain([left_out, quote_with_day(last)]).collect()
        }
        _ => answers.iter().map(quote_with_day).collect(),
    };
    quotes.join(", then ")
}
