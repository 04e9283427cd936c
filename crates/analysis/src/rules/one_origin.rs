//! Several sources that have an answer from one origin, which is not corroboration.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::Stance;
use crate::finding::{Finding, Grade};
use crate::graph::Origin;
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId, SourceId};
use crate::reason::Content;

pub(super) static RULE: Rule = Rule {
    id: "one-origin",
    grade: Grade::Note,
    summary: "several sources that give the same answer, all from the same origin",
    weight: Weight::Attribution,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Several sources give the same answer, and all of them have it from the same origin. That is one witness quoted
several times. It is not corroboration.

The origin is the last actor in `via`. Without `via` it is the speaker, unless the outlet speaks for itself;
then it is the first source in the chain of `cites`, or the source itself if it cites nothing.

Bad:

```yaml
# one.yaml
actors: { north: {}, paper: {}, radio: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { by: north, about: raid, measure: killed, value: 36 }
# two.yaml
source: { id: radio-1, publisher: radio, published: 2026-02-24 }
claims:
  toll: { by: north, about: raid, measure: killed, value: 36 }
```

Good:

```yaml
# one.yaml
actors: { north: {}, south: {}, paper: {}, radio: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { by: north, about: raid, measure: killed, value: 36 }
# two.yaml
source: { id: radio-1, publisher: radio, published: 2026-02-24 }
claims:
  toll: { by: south, about: raid, measure: killed, value: 36 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for question in facts.model.question_ids().filter(|&question| has_several_sources(facts, question)) {
        for (origins, answers) in answers_by_content(facts, question).into_values() {
            let [origin] = origins.as_slice() else { continue };
            let mut sources: Vec<SourceId> =
                answers.iter().map(|&answer| facts.claim(facts.claim_of(answer)).source).collect();
            sources.sort_unstable();
            sources.dedup();
            if sources.len() > 1 {
                findings.push(finding(facts, question, *origin, &answers, sources.len()));
            }
        }
    }
}

/// Whether more than one source asserts an answer. This cheap check is false for most questions.
fn has_several_sources(facts: &Facts<'_>, question: QuestionId) -> bool {
    let model = facts.model;
    let asserted =
        model.answers_to(question).filter(|answer| model.answers.stance[answer.index()] == Stance::Asserts);
    let mut sources = asserted.map(|answer| facts.claim(facts.claim_of(answer)).source);
    sources.next().is_some_and(|first| sources.any(|source| source != first))
}

/// The asserted answers to a question, grouped by what they say, each group with its origins.
fn answers_by_content(
    facts: &Facts<'_>,
    question: QuestionId,
) -> BTreeMap<Content, (Vec<Origin>, Vec<AnswerId>)> {
    let mut groups: BTreeMap<Content, (Vec<Origin>, Vec<AnswerId>)> = BTreeMap::new();
    for statement in facts.reasoning.statements(facts.model, facts.graph, question) {
        for &answer in &statement.answers {
            if facts.model.answers.stance[answer.index()] == Stance::Asserts {
                let (origins, answers) = groups.entry(statement.content.clone()).or_default();
                origins.push(facts.graph.origin(facts.claim_of(answer)));
                answers.push(answer);
            }
        }
    }
    for (origins, _) in groups.values_mut() {
        origins.sort_unstable();
        origins.dedup();
    }
    groups
}

fn finding(
    facts: &Facts<'_>,
    question: QuestionId,
    origin: Origin,
    answers: &[AnswerId],
    sources: usize,
) -> Finding {
    let model = facts.model;
    let name = match origin {
        Origin::Actor(actor) => model.actors[actor].name.to_string(),
        Origin::Source(source) => model.sources.name(source).to_string(),
    };
    let message = format!(
        "{}: `{}` appears in {sources} sources, but all have it from {name}",
        model.question_in_words(question),
        model.answer_in_words(answers[0]),
    );
    let mut finding = Finding::new(RULE.id, RULE.grade, message);
    for &answer in answers.iter().take(2) {
        finding = finding.at(facts.value_location(facts.claim_of(answer)), facts.label(answer));
    }
    let source = |answer: AnswerId| facts.claim(facts.claim_of(answer)).source;
    let mut seen = FxHashSet::default();
    let (firsts, others): (Vec<AnswerId>, Vec<AnswerId>) =
        answers.iter().partition(|&&answer| seen.insert(source(answer)));
    let mut evidence = facts.evidence(&[question], &firsts);
    let named: FxHashSet<ClaimId> = evidence.claims.iter().copied().collect();
    evidence.also = others.into_iter().map(|answer| facts.claim_of(answer)).collect();
    evidence.also.retain(|claim| !named.contains(claim));
    evidence.also.sort_unstable();
    finding.on(evidence).help("a second witness who does not depend on the first")
}
