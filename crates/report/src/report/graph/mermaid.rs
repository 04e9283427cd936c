//! Mermaid: a flowchart for Markdown pages, readable with up to a few dozen nodes.

use std::fmt::Write as _;

use super::{DrawnEdge, DrawnNode, GraphView};

/// The colours of each kind, in addition to its shape.
const CLASSES: [(&str, &str); 5] = [
    ("source", "fill:#eee,stroke:#777,color:#222"),
    ("actor", "fill:#dbe9f6,stroke:#5b7fa3,color:#222"),
    ("subject", "fill:#fbe7c6,stroke:#a3834b,color:#222"),
    ("question", "fill:#f3e3f3,stroke:#8d5b8d,color:#222"),
    ("vocabulary", "fill:#e0efe0,stroke:#5f8f5f,color:#222"),
];

pub(super) fn render(view: &GraphView) -> String {
    let mut text = String::from("flowchart LR\n");
    for (at, node) in view.nodes.iter().enumerate() {
        let _ = writeln!(text, "  n{at}{}", shape(node));
    }
    for link in &view.edges {
        let _ = writeln!(text, "  {}", arrow(link));
    }
    for (class, look) in CLASSES {
        let members = view.nodes.iter().enumerate().filter(|(_, node)| class_of(node.kind) == class);
        let members: Vec<String> = members.map(|(at, _)| format!("n{at}")).collect();
        if !members.is_empty() {
            let _ = writeln!(text, "  classDef {class} {look}\n  class {} {class}", members.join(","));
        }
    }
    text.push_str(&clashes_in_red(view));
    text
}

/// A label in the shape of its kind.
fn shape(node: &DrawnNode) -> String {
    let (open, close) = match class_of(node.kind) {
        "source" => ("[/", "/]"),
        "actor" => ("([", "])"),
        "subject" => ("[[", "]]"),
        "question" => ("{{", "}}"),
        "vocabulary" => (">", "]"),
        _ => ("[", "]"),
    };
    // Mermaid rejects an empty label.
    let label = if node.label.trim().is_empty() { &node.id } else { &node.label };
    format!("{open}\"{}\"{close}", escape(label))
}

fn class_of(kind: &'static str) -> &'static str {
    match kind {
        "event" | "proposition" | "series" => "subject",
        "population" | "place" | "term" => "vocabulary",
        other => other,
    }
}

fn arrow(link: &DrawnEdge) -> String {
    let arrow = if link.is_directed() { "-->" } else { "===" };
    format!("n{} {arrow}|{}| n{}", link.from, link.edge.name(), link.to)
}

fn clashes_in_red(view: &GraphView) -> String {
    let clashes = view.edges.iter().enumerate().filter(|(_, link)| !link.is_directed());
    let places: Vec<String> = clashes.map(|(at, _)| at.to_string()).collect();
    if places.is_empty() {
        String::new()
    } else {
        format!("  linkStyle {} stroke:#b3261e\n", places.join(","))
    }
}

/// Escapes a text within quotes: everything that Mermaid, its Markdown or HTML would interpret becomes an entity in
/// Mermaid's spelling. That includes syntax it reads before quotes (directives in `%%{…}%%`) and after (formulas in
/// `$$`, icons such as `fa:fa-car`, addresses).
fn escape(text: &str) -> String {
    let text = text.trim();
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let is_special = match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '*' | '_' | ';' | '%' | '$' | '~' | '[' | ']'
            | '@' => true,
            ':' => text[at + 1..].starts_with("//") || text[at + 1..].starts_with("fa-"),
            '.' => text[..at].ends_with("www") || text[..at].ends_with("WWW"),
            _ => false,
        };
        if is_special {
            let _ = write!(escaped, "#{};", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    if begins_a_list(&escaped) { format!("#8203;{escaped}") } else { escaped }
}

/// Whether a label begins like a list, which some versions of Mermaid reject.
fn begins_a_list(label: &str) -> bool {
    let after_digits = label.trim_start_matches(|c: char| c.is_ascii_digit());
    let after_sign = after_digits.strip_prefix(['.', ')']).filter(|_| after_digits.len() < label.len());
    after_sign.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')) || label.starts_with(['-', '+'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::graph::hostile_view;

    #[test]
    fn escape_keeps_mermaid_labels_within_quotes() {
        let text = render(&hostile_view());
        let label = "n0[\"#34;#93;#59; x --#62; #92;#34; #60;script#62;#38;lt#59;#35;#96;|\"]";
        assert!(text.contains(label), "{text}");
        assert!(text.contains("n0 ===|clashes with| n0"), "{text}");
        assert!(text.contains("linkStyle 1 stroke"), "{text}");
    }

    #[test]
    fn escape_prevents_mermaid_directives_and_markup() {
        for (label, escaped) in [
            ("%%{init: {'theme': 'x'}}%%", "#37;#37;{init: {'theme': 'x'}}#37;#37;"),
            ("$$x^2$$", "#36;#36;x^2#36;#36;"),
            ("fa:fa-car x", "fa#58;fa-car x"),
            ("[a](https://b.example)", "#91;a#93;(https#58;//b.example)"),
            ("a@b.example www.c.example", "a#64;b.example www#46;c.example"),
            ("1. a", "#8203;1. a"),
            ("- a", "#8203;- a"),
            ("1.5 million", "1.5 million"),
            ("Officials: at least 36", "Officials: at least 36"),
        ] {
            assert_eq!(escape(label), escaped);
        }
    }
}
