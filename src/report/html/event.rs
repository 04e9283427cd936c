//! The page of an event, a proposition or a series, with its timeline.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::id::SubjectId;

impl Desk<'_> {
    /// The page of an event, a proposition or a series, with its timeline.
    pub fn event(&self, id: SubjectId) -> Page {
        page(self.model().subjects[id].name.to_string(), Part::Events, html! { h1 { (self.subject(id)) } })
    }
}
