//! Parties against parties, and figures that only one side gives.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::id::ActorId;

impl Desk<'_> {
    /// Parties against parties, and figures that only one side gives.
    pub fn parties(&self, number: usize) -> Page {
        let _ = number;
        page("Parties", Part::Parties, html! { h1 { "Parties" } })
    }

    /// What sets two parties against each other, or one against itself: `/parties/ONE/OTHER`, in either order.
    pub fn pair(&self, one: ActorId, other: ActorId, number: usize) -> Page {
        let _ = (one, other, number);
        page("Parties", Part::Parties, html! { h1 { "Parties" } })
    }
}
