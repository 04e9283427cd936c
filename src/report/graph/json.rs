//! The graph as JSON, `gainsay.graph/1`: nodes by id, edges from id to id.

use serde::Serialize;

use super::View;
use crate::report::json_text;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
}

#[derive(Serialize)]
struct Node<'a> {
    id: &'a str,
    kind: &'a str,
    label: &'a str,
    grade: Option<&'a str>,
}

#[derive(Serialize)]
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    relation: &'a str,
    directed: bool,
}

pub(super) fn render(view: &View) -> anyhow::Result<String> {
    let nodes = view.nodes.iter().map(|node| Node {
        id: &node.id,
        kind: node.kind,
        label: &node.label,
        grade: node.grade.map(crate::finding::Grade::name),
    });
    let edges = view.edges.iter().map(|link| Edge {
        from: &view.nodes[link.from].id,
        to: &view.nodes[link.to].id,
        relation: link.edge.name(),
        directed: link.is_directed(),
    });
    let document = Document { format: "gainsay.graph/1", nodes: nodes.collect(), edges: edges.collect() };
    Ok(json_text::pretty(&document)?)
}
