//! Parties against parties, and figures that only one side gives.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};


impl Desk<'_> {
    /// Parties against parties, and figures that only one side gives.
    pub fn parties(&self) -> Page {
        page("Parties", Part::Parties, html! { h1 { "Parties" } })
    }
}
