//! The files with their lints, and the lines of one.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};


impl Desk<'_> {
    /// The files with their lints, and the lines of one.
    pub fn files_page(&self) -> Page {
        page("Files", Part::Files, html! { h1 { "Files" } })
    }
}
