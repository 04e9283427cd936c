//! Pages that say why there is nothing to see.

use maud::html;

use super::dispute::typed;
use super::piece::page;
use super::text::said;
use super::{Desk, Page, Part};
use crate::dispute::Decision;

impl Desk<'_> {
    /// That an address names nothing; with the address and the id that were likely meant.
    pub fn not_found(&self, meant: Option<&(String, String)>) -> Page {
        page(
            "Not found",
            Part::Disputes,
            html! {
                h1 { "Nothing is found at this address" }
                @if let Some((address, id)) = meant { p .lede { "Did you mean " a href=(address) { (said(id)) } "?" } }
                p .mt {
                    "What it named may have another id since, or be gone from the files. "
                    a href=(self.links.disputes()) { "All disputes" } ", "
                    a href=(self.links.list("files")) { "all files" } "."
                }
            },
        )
    }

    /// That a review was not written because the files no longer hold its question; with what was typed.
    pub fn gone(&self, decision: &Decision) -> Page {
        page(
            "Not saved",
            Part::Disputes,
            html! {
                div .refused role="alert" {
                    p .notice { b { "Not saved." } " What this form is about is no longer in the files." }
                    (typed(decision))
                }
                p .mt { a href=(self.links.disputes()) { "All disputes" } ", " a href=(self.links.list("files")) { "all files" } "." }
            },
        )
    }

    /// That the folder as a whole cannot be read; what the system says of it.
    pub fn out_of_reach(&self, why: &str) -> Page {
        page(
            "Nothing to read",
            Part::Disputes,
            html! {
                h1 { "The folder cannot be read" }
                p .lede { (said(why)) }
                p .mt { "This page follows the folder: what can be read again is shown again." }
            },
        )
    }
}
