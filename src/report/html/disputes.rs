//! The first page: disputes to review, gravest first.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::report::Selection;

/// What a reader asked to see of the disputes.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The part of the analysis.
    pub selection: Selection,
    /// Words that stand in the question, a name, a source or the words of a claim; empty asks for nothing.
    pub words: String,
    /// The page of the list, from 1; 0 is 1.
    pub page: usize,
}

impl Desk<'_> {
    /// The disputes that a filter leaves.
    pub fn disputes(&self, filter: &Filter) -> Page {
        let _ = filter;
        let disputes = self.analysis.disputes.iter();
        page("Disputes", Part::Disputes, html! {
            h1 { "Disputes" }
            ol { @for dispute in disputes { li { (self.question_link(dispute.question)) } } }
        })
    }
}
