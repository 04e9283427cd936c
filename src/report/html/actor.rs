//! The page of an actor: what it said, when it changed, who contradicts it.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::id::ActorId;

impl Desk<'_> {
    /// The page of an actor: what it said, when it changed, who contradicts it.
    pub fn actor(&self, id: ActorId) -> Page {
        page(self.model().actors[id].name.to_string(), Part::Actors, html! { h1 { (self.party(id)) } })
    }
}
