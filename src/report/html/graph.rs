//! The graph of sources, actors and disputed questions; without script, its edges as a table.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};


impl Desk<'_> {
    /// The graph of sources, actors and disputed questions; without script, its edges as a table.
    pub fn graph(&self) -> Page {
        page("Graph", Part::Graph, html! { h1 { "Graph" } })
    }
}
