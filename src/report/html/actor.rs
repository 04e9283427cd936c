//! The page of an actor: what it said, when it changed, who contradicts it.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::id::ActorId;

impl Desk<'_> {
    /// Parties with who speaks for them, outlets apart.
    pub fn actors(&self, number: usize) -> Page {
        let _ = number;
        page("Actors", Part::Actors, html! { h1 { "Actors" } })
    }

    /// The page of an actor: what it said, when it changed, who contradicts it.
    pub fn actor(&self, id: ActorId, number: usize) -> Page {
        let _ = number;
        page(self.model().actors[id].name.to_string(), Part::Actors, html! { h1 { (self.party(id)) } })
    }
}
