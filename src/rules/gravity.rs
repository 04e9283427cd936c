//! How grave a finding is beside others of its grade.
//!
//! Events before propositions and series; who was hit and denials before numbers, harm to people first;
//! opposing parties before outlets; the wider gap; then the date of the event and the names. The size of a
//! number alone never counts.

use std::cmp::Reverse;

use super::Weight;
use crate::document::SubjectKind;
use crate::finding::Finding;
use crate::id::QuestionId;
use crate::model::Model;

/// What was done to people: a denial of any of it tells who was hit as much as two accounts of it do.
const HARM: [&str; 4] = ["killed", "injured", "casualties", "target"];

/// The order of findings, gravest first; the date is that of the event, the oldest first.
pub(super) fn order(model: &Model, finding: &Finding, weight: Weight) -> impl Ord + use<> {
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
    HARM.contains(&model.measures.name(model.question(question).measure).as_str())
}
