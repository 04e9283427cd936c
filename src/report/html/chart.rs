//! Charts of answers, drawn here as SVG: nothing is summed, rounded or averaged.

use maud::Markup;

use super::Desk;
use crate::id::{AnswerId, QuestionId};
use crate::period::Period;

/// A lane of a timeline.
pub(super) struct Lane {
    /// What it is called.
    pub name: String,
    /// The hue of the party that speaks; none for what happened, which is in ink.
    pub hue: Option<u8>,
    /// Whether outlets speak in it in their own voice.
    pub own: bool,
    /// What stands in it.
    pub marks: Vec<Mark>,
}

/// Something on a timeline.
pub(super) struct Mark {
    /// When it was.
    pub days: Period,
    /// What it was, in a few words.
    pub label: String,
    /// Whether it was announced only.
    pub planned: bool,
}

impl Desk<'_> {
    /// Who says what on a question, as a figure; none where words say it all.
    pub(super) fn chart(&self, question: QuestionId) -> Option<Markup> {
        let _ = (self, question);
        None
    }

    /// A small strip for each answer, all on one scale; none for an answer without a figure.
    pub(super) fn strips(&self, answers: &[AnswerId]) -> Vec<Option<Markup>> {
        let _ = self;
        answers.iter().map(|_| None).collect()
    }

    /// Tolls of the parts of an event under a heading each, all on one axis, never summed.
    pub(super) fn tolls(&self, rows: &[(String, Vec<AnswerId>)]) -> Option<Markup> {
        let _ = (self, rows);
        None
    }

    /// What happened, and who said what when: lanes over days, months or years.
    pub(super) fn timeline(&self, lanes: &[Lane]) -> Option<Markup> {
        let _ = (self, lanes);
        None
    }
}
