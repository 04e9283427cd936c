//! The rules, which of them fired, and each with its examples.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::rules::Known;

impl Desk<'_> {
    /// Every rule and lint, and how often it fired.
    pub fn rules(&self) -> Page {
        page("Rules", Part::Rules, html! { h1 { "Rules" } })
    }

    /// What a rule or a lint means, with its examples.
    pub fn rule(&self, known: Known) -> Page {
        let _ = known;
        page("Rules", Part::Rules, html! { h1 { "Rules" } })
    }
}
