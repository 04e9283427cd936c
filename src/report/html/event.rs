//! The page of an event, a proposition or a series, with its timeline.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::id::SubjectId;

impl Desk<'_> {
    /// Events in the order of time, parts under their wholes; propositions; series.
    pub fn events(&self, number: usize) -> Page {
        let _ = number;
        page("Events", Part::Events, html! { h1 { "Events" } })
    }

    /// The page of an event, a proposition or a series; long lists are paged.
    pub fn event(&self, id: SubjectId, number: usize) -> Page {
        let _ = number;
        page(self.model().subjects[id].name.to_string(), Part::Events, html! { h1 { (self.subject(id)) } })
    }
}
