//! Error pages.

use maud::html;

use super::components::page;
use super::dispute::typed;
use super::text::said;
use super::{DeskSection, Page, PageContext};
use gainsay_analysis::dispute::Decision;

impl PageContext<'_> {
    /// The page for an unknown URL, with the URL and id that were probably meant.
    pub fn not_found(&self, meant: Option<&(String, String)>) -> Page {
        page(
            "Not found",
            DeskSection::Disputes,
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

    /// The page for a review that was not saved because its question is no longer in the files. Shows the typed text.
    pub fn gone(&self, decision: &Decision) -> Page {
        page(
            "Not saved",
            DeskSection::Disputes,
            html! {
                div .refused role="alert" {
                    p .notice { b { "Not saved." } " The question or review of this form is no longer in the files." }
                    (typed(decision))
                }
                p .mt { a href=(self.links.disputes()) { "All disputes" } ", " a href=(self.links.list("files")) { "all files" } "." }
            },
        )
    }

    /// The page for a folder that cannot be read, with the error of the system.
    pub fn out_of_reach(&self, why: &str) -> Page {
        page(
            "Nothing to read",
            DeskSection::Disputes,
            html! {
                h1 { "The folder cannot be read" }
                p .lede { (said(why)) }
                p .mt { "This page reloads by itself as soon as the folder can be read again." }
            },
        )
    }
}
