//! The order of findings of the same grade.
//!
//! Events come before propositions and series; who was hit and denials come before numbers, and harm to people comes
//! first; opposing parties come before outlets; wider gaps come before narrower ones. Then the date of the event and the
//! names decide. The size of a number alone never matters.

use std::cmp::Reverse;

use super::Weight;
use crate::document::SubjectKind;
use crate::finding::Finding;
use crate::id::QuestionId;
use crate::model::Model;

/// Measures of harm to people. A denial of one of them ranks like two accounts of who was hit.
const HARM_MEASURES: [&str; 4] = ["killed", "injured", "casualties", "target"];

/// The key by which findings are sorted, most serious first. Events with an earlier date come first.
pub(super) fn sort_key(model: &Model, finding: &Finding, weight: Weight) -> impl Ord + use<> {
    let evidence = finding.evidence.as_deref();
    let opposing = evidence.is_some_and(|evidence| evidence.opposing);
    let gap = evidence.and_then(|evidence| evidence.gap).map_or(0, |gap| gap.relative);
    let question = finding.questions().first().copied();
    let is_harm = question.is_some_and(|question| is_harm(model, question));
    let weight = if weight == Weight::Denial && is_harm { Weight::WhoWasHit } else { weight };
    let subject = question.map(|question| &model.subjects[model.question(question).subject]);
    let is_event = subject.is_some_and(|subject| subject.kind == SubjectKind::Event);
    let date = subject.and_then(|subject| subject.date).and_then(|date| date.value.first);
    let name = subject.map(|subject| subject.name.clone());
    let (questions, claims) = (finding.questions().to_vec(), finding.claims().to_vec());
    (
        (finding.grade, !is_event, weight, !is_harm, !opposing, Reverse(gap)),
        (date.is_none(), date, name),
        (questions, claims, finding.rule),
    )
}

fn is_harm(model: &Model, question: QuestionId) -> bool {
    HARM_MEASURES.contains(&model.measures.name(model.question(question).measure).as_str())
}
