//! The page of a source: its claims in the order of the text.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::id::SourceId;

impl Desk<'_> {
    /// All sources, by the day they were published.
    pub fn sources(&self, number: usize) -> Page {
        let _ = number;
        page("Sources", Part::Sources, html! { h1 { "Sources" } })
    }

    /// The page of a source: its claims in the order of the text. With the name of a claim, the part of the list
    /// that holds it, else the part with this number.
    pub fn source(&self, id: SourceId, number: usize, claim: Option<&str>) -> Page {
        let _ = (number, claim);
        page(self.model().sources.name(id).to_string(), Part::Sources, html! { h1 { (self.source_link(id)) } })
    }
}
