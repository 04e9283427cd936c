//! GraphML: plain node ids, everything else as data, which programs show in their table of nodes.

use super::{DrawnEdge, DrawnNode, GraphView};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="name" for="node" attr.name="name" attr.type="string"/>
  <key id="kind" for="node" attr.name="kind" attr.type="string"/>
  <key id="label" for="node" attr.name="label" attr.type="string"/>
  <key id="grade" for="node" attr.name="grade" attr.type="string"/>
  <key id="relation" for="edge" attr.name="relation" attr.type="string"/>
  <graph id="gainsay" edgedefault="directed">
"#;

pub(super) fn render(view: &GraphView) -> String {
    let mut text = String::from(HEAD);
    for (at, node) in view.nodes.iter().enumerate() {
        text.push_str(&node_text(at, node));
    }
    for link in &view.edges {
        text.push_str(&edge_text(link));
    }
    text.push_str("  </graph>\n</graphml>\n");
    text
}

fn node_text(at: usize, node: &DrawnNode) -> String {
    let grade = node.grade.map(|grade| data("grade", grade.name())).unwrap_or_default();
    let (name, kind, label) = (data("name", &node.id), data("kind", node.kind), data("label", &node.label));
    format!("    <node id=\"n{at}\">{name}{kind}{label}{grade}</node>\n")
}

fn edge_text(link: &DrawnEdge) -> String {
    let directed = if link.is_directed() { "" } else { " directed=\"false\"" };
    let relation = data("relation", link.edge.name());
    format!("    <edge source=\"n{}\" target=\"n{}\"{directed}>{relation}</edge>\n", link.from, link.to)
}

fn data(key: &str, text: &str) -> String {
    format!("<data key=\"{key}\">{}</data>", escape(text))
}

/// Escapes a text between tags. Characters that XML does not allow become `?`.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('?'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::graph::hostile_view;

    #[test]
    fn escape_keeps_graphml_labels_between_tags() {
        let text = render(&hostile_view());
        assert!(
            text.contains("<data key=\"label\">\"]; x --&gt; \\\" &lt;script&gt;&amp;lt;#`|</data>"),
            "{text}"
        );
        assert!(text.contains("<edge source=\"n0\" target=\"n0\" directed=\"false\">"), "{text}");
        assert_eq!(escape("\u{ffff}"), "?");
    }
}
