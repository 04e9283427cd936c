//! The page of a source: its claims in the order of the text.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::id::SourceId;

impl Desk<'_> {
    /// The page of a source: its claims in the order of the text.
    pub fn source(&self, id: SourceId) -> Page {
        page(self.model().sources.name(id).to_string(), Part::Sources, html! { h1 { (self.source_link(id)) } })
    }
}
