//! The rules, which of them fired, and each with its examples.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};


impl Desk<'_> {
    /// The rules, which of them fired, and each with its examples.
    pub fn rules(&self) -> Page {
        page("Rules", Part::Rules, html! { h1 { "Rules" } })
    }
}
