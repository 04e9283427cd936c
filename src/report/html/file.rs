//! The files with their lints, and the lines of one.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};
use crate::id::FileId;

impl Desk<'_> {
    /// The files with what is wrong in them.
    pub fn files(&self, number: usize) -> Page {
        let _ = number;
        page("Files", Part::Files, html! { h1 { "Files" } })
    }

    /// The lines of a file. With a line, the part of the file that holds it, else the part with this number.
    pub fn file(&self, id: FileId, number: usize, line: Option<usize>) -> Page {
        let _ = (id, number, line);
        page("Files", Part::Files, html! { h1 { "Files" } })
    }
}
