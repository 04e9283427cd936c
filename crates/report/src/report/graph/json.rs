//! The graph as JSON, `gainsay.graph/1`: nodes by id, edges from id to id.

use serde::Serialize;

use super::GraphView;
use crate::report::json_text;

#[derive(Serialize)]
struct JsonGraph<'a> {
    format: &'static str,
    nodes: Vec<JsonNode<'a>>,
    edges: Vec<JsonEdge<'a>>,
}

#[derive(Serialize)]
struct JsonNode<'a> {
    id: &'a str,
    kind: &'a str,
    label: &'a str,
    grade: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonEdge<'a> {
    from: &'a str,
    to: &'a str,
    relation: &'a str,
    directed: bool,
}

pub(super) fn render(view: &GraphView) -> anyhow::Result<String> {
    let nodes = view.nodes.iter().map(|node| JsonNode {
        id: &node.id,
        kind: node.kind,
        label: &node.label,
        grade: node.grade.map(gainsay_analysis::finding::Grade::name),
    });
    let edges = view.edges.iter().map(|link| JsonEdge {
        from: &view.nodes[link.from].id,
        to: &view.nodes[link.to].id,
        relation: link.edge.name(),
        directed: link.is_directed(),
    });
    let document = JsonGraph { format: "gainsay.graph/1", nodes: nodes.collect(), edges: edges.collect() };
    Ok(json_text::pretty(&document)?)
}
