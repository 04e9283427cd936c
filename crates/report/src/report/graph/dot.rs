//! Graphviz: a shape and a colour for each kind of node, clashes in bold and without an arrow.

use std::fmt::Write as _;

use super::{DrawnEdge, DrawnNode, GraphView};
use crate::report::terminal::wrap;

/// The width of a label, in letters.
const LABEL_WIDTH: usize = 32;

pub(super) fn render(view: &GraphView) -> String {
    let mut text = String::from("digraph gainsay {\n");
    text.push_str("  graph [rankdir=LR, fontname=\"sans-serif\"];\n");
    text.push_str("  node [fontname=\"sans-serif\", fontsize=10, style=filled];\n");
    text.push_str(
        "  edge [fontname=\"sans-serif\", fontsize=8, color=\"#777777\", fontcolor=\"#555555\"];\n",
    );
    for node in &view.nodes {
        text.push_str(&node_text(node));
    }
    for link in &view.edges {
        text.push_str(&edge_text(view, link));
    }
    text.push_str("}\n");
    text
}

fn node_text(node: &DrawnNode) -> String {
    let (shape, color) = look(node.kind);
    let border = if node.grade.is_some() { ", color=\"#b3261e\", penwidth=2" } else { "" };
    let lines: Vec<String> = wrap(&node.label, LABEL_WIDTH, 0, 0).iter().map(|line| escape(line)).collect();
    let (id, label) = (quote(&node.id), lines.join("\\n"));
    let class = node.kind;
    format!(
        "  {id} [label=\"{label}\", shape={shape}, fillcolor=\"{color}\", class={class}, tooltip={id}{border}];\n"
    )
}

fn edge_text(view: &GraphView, link: &DrawnEdge) -> String {
    let (from, to) = (quote(&view.nodes[link.from].id), quote(&view.nodes[link.to].id));
    let mut text = format!("  {from} -> {to} [label=\"{}\"", link.edge.name());
    if !link.is_directed() {
        let _ = write!(text, ", dir=none, penwidth=2, color=\"#b3261e\", fontcolor=\"#b3261e\"");
    }
    text + "];\n"
}

/// The shape and the fill of a kind of node.
fn look(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "source" => ("note", "#eeeeee"),
        "actor" => ("ellipse", "#dbe9f6"),
        "event" | "proposition" | "series" => ("folder", "#fbe7c6"),
        "question" => ("hexagon", "#f3e3f3"),
        "claim" => ("box", "#ffffff"),
        "population" => ("tab", "#e0efe0"),
        "place" => ("house", "#e0efe0"),
        _ => ("component", "#e0efe0"),
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", escape(text))
}

/// Escapes a text within quotes, where Graphviz interprets backslashes and HTML entities.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::graph::hostile_view;

    #[test]
    fn escape_keeps_dot_labels_within_quotes() {
        let text = render(&hostile_view());
        assert!(text.contains(r#"label="\"]; x --> \\\" <script>&amp;lt;#`|""#), "{text}");
        assert!(text.contains(r#"label="it's\\""#), "{text}");
        assert!(text.contains(r#""claims/a/b" -> "claims/a/b" [label="clashes with", dir=none"#), "{text}");
    }
}
