//! Pages that say why there is nothing to see.

use maud::html;

use super::components::page;
use super::dispute::typed;
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
                h1 { "There is nothing at this address" }
                @if let Some((address, id)) = meant { p .lede { "Did you mean " a href=(address) { (said(id)) } "?" } }
                p .mt {
                    "Its id may have changed, or it may have been removed from the files. "
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
                    p .notice { b { "Not saved." } " The question or review of this form is no longer in the files." }
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
                p .mt { "This page reloads by itself as soon as the folder can be read again." }
            },
        )
    }
}
