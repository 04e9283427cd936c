//! Two claims in one source that say the same.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::Locator;
use crate::finding::{Finding, Grade};
use crate::id::{AnswerId, ClaimId, Id as _};
use crate::model::{Model, Value};

pub(super) static RULE: Rule = Rule {
    id: "repeated-claim",
    grade: Grade::Warning,
    summary: "two claims in one source that say the same",
    weight: Weight::File,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
One speaker gives one answer to one question in one part of one source. That is one claim. Recorded as two, it
counts as two witnesses although there is only one.

It is not a repeat if a headline repeats the body, if another speaker says the same, if it was said at another
time, or if it is at another place of the source (`at`).

Bad:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { about: raid, measure: killed, value: at least 80, at: p2 }
  toll-again: { about: raid, measure: killed, value: at least 80, at: p2 }
```

Good:

```yaml
actors: { paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { about: raid, measure: killed, value: at least 80, at: p2 }
  toll-again: { about: raid, measure: killed, value: at least 80, at: p9 }
  toll-headline: { about: raid, measure: killed, value: at least 80, at: p1, part: headline }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let mut repeats: FxHashMap<ClaimId, (ClaimId, AnswerId)> = FxHashMap::default();
    for question in facts.model.question_ids() {
        let answers: Vec<AnswerId> = facts.model.answers_to(question).collect();
        let source = |answer: &AnswerId| facts.claim(facts.claim_of(*answer)).source;
        for in_source in answers.chunk_by(|a, b| source(a) == source(b)).filter(|run| run.len() > 1) {
            for (again, first, answer) in repeated(facts, in_source) {
                // A claim about several subjects is reported once, for the first of them.
                repeats.entry(again).or_insert((first, answer));
            }
        }
    }
    findings.extend(repeats.into_iter().map(|(again, (first, answer))| finding(facts, again, first, answer)));
}

/// The claims that repeat an earlier claim of their source on the same question: each with the earlier claim and the
/// answer that they share.
fn repeated(facts: &Facts<'_>, answers: &[AnswerId]) -> Vec<(ClaimId, ClaimId, AnswerId)> {
    let mut in_order: Vec<(u64, AnswerId)> =
        answers.iter().map(|&answer| (content_hash(facts.model, answer), answer)).collect();
    in_order.sort_by_key(|&(hash, answer)| (hash, facts.claim(facts.claim_of(answer)).location));
    let mut repeats: Vec<(AnswerId, AnswerId)> = Vec::new();
    for same_hash in in_order.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        let mut groups: Vec<EqualAnswers> = Vec::new();
        for &(_, answer) in same_hash {
            let at = facts.claim(facts.claim_of(answer)).at;
            match groups.iter_mut().find(|group| is_same(facts.model, group.first, answer)) {
                Some(group) => repeats.extend(group.add(answer, at).map(|first| (answer, first))),
                None => groups.push(EqualAnswers::new(answer, at)),
            }
        }
    }
    repeats.sort_by_key(|&(answer, _)| facts.claim(facts.claim_of(answer)).location);
    let claims = |(again, first)| (facts.claim_of(again), facts.claim_of(first), again);
    repeats.into_iter().map(claims).filter(|(again, first, _)| again != first).collect()
}

/// Equal answers, with the first of them at each locator.
struct EqualAnswers {
    first: AnswerId,
    /// The first answer without a locator.
    without_locator: Option<AnswerId>,
    by_locator: FxHashMap<Locator, AnswerId>,
}

impl EqualAnswers {
    fn new(answer: AnswerId, at: Option<Locator>) -> Self {
        let mut group = Self { first: answer, without_locator: None, by_locator: FxHashMap::default() };
        group.add(answer, at);
        group
    }

    /// Adds an answer. Returns the earlier answer that it repeats: one with the same locator, or one if either of the two has
    /// no locator.
    fn add(&mut self, answer: AnswerId, at: Option<Locator>) -> Option<AnswerId> {
        let Some(at) = at else {
            let anywhere = (self.first != answer).then_some(self.first);
            self.without_locator.get_or_insert(answer);
            return anywhere;
        };
        let here = self.by_locator.get(&at).copied();
        self.by_locator.entry(at).or_insert(answer);
        here.or(self.without_locator)
    }
}

/// A hash of what an answer says. Equal answers have the same hash.
fn content_hash(model: &Model, answer: AnswerId) -> u64 {
    let mut hash = FxHasher::default();
    let value = &model.answers.value[answer.index()];
    match (value, value.ranges()) {
        (Value::Choice(items), _) => items.hash(&mut hash),
        (Value::Share(..) | Value::Change(..), _) => format!("{value:?}").hash(&mut hash),
        (_, Some((hard, usual))) => [hard.low, hard.high, usual.low, usual.high].hash(&mut hash),
        (_, None) => {}
    }
    let claim = model.claim(model.answers.claim[answer.index()]);
    (claim.by, claim.part, claim.said, claim.as_of, claim.certainty, claim.attributes_to).hash(&mut hash);
    (&claim.via, model.answers.stance[answer.index()]).hash(&mut hash);
    hash.finish()
}

/// Whether two answers from one source to one question are equal: same speaker, same `via`, same value.
fn is_same(model: &Model, a: AnswerId, b: AnswerId) -> bool {
    let answers = &model.answers;
    let (x, y) = (a.index(), b.index());
    let (one, other) = (model.claim(answers.claim[x]), model.claim(answers.claim[y]));
    (answers.stance[x], one.by, one.attributes_to) == (answers.stance[y], other.by, other.attributes_to)
        && (one.part, one.said, one.as_of, one.certainty)
            == (other.part, other.said, other.as_of, other.certainty)
        && one.via == other.via
        && answers.value[x] == answers.value[y]
}

fn finding(facts: &Facts<'_>, again: ClaimId, first: ClaimId, answer: AnswerId) -> Finding {
    let (again, first) = (facts.claim(again), facts.claim(first));
    let question = facts.model.question_in_words(facts.model.answers.question[answer.index()]);
    let words = facts.model.stance_in_words(answer);
    let message = format!("claim `{}` says the same as `{}`: {question}: `{words}`", again.name, first.name);
    let finding = RULE.lint(again.location, message, "said again here").at(first.location, "first said here");
    finding.help("remove one of them; if the source says it in two places, give each its own `at`")
}
