//! Charts of answers, drawn here as SVG: nothing is summed, rounded or averaged.

use maud::Markup;

use super::Desk;
use crate::id::{AnswerId, QuestionId};

impl Desk<'_> {
    /// The chart of the answers to a question, where there is something to draw.
    pub(super) fn chart(&self, question: QuestionId) -> Option<Markup> {
        let _ = (self.model(), question);
        None
    }

    /// A strip for each of some answers, all on one scale; none for an answer that is on no line.
    pub(super) fn strips(&self, answers: &[AnswerId]) -> Vec<Option<Markup>> {
        let _ = self.model();
        answers.iter().map(|_| None).collect()
    }
}
