//! Mermaid: a flowchart for Markdown pages, readable up to some dozens of nodes.

use std::fmt::Write as _;

use super::{Link, Shown, View};

/// How each kind is filled; its shape says it as well.
const CLASSES: [(&str, &str); 5] = [
    ("source", "fill:#eee,stroke:#777,color:#222"),
    ("actor", "fill:#dbe9f6,stroke:#5b7fa3,color:#222"),
    ("subject", "fill:#fbe7c6,stroke:#a3834b,color:#222"),
    ("question", "fill:#f3e3f3,stroke:#8d5b8d,color:#222"),
    ("vocabulary", "fill:#e0efe0,stroke:#5f8f5f,color:#222"),
];

pub(super) fn render(view: &View) -> String {
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
fn shape(node: &Shown) -> String {
    let (open, close) = match class_of(node.kind) {
        "source" => ("[/", "/]"),
        "actor" => ("([", "])"),
        "subject" => ("[[", "]]"),
        "question" => ("{{", "}}"),
        "vocabulary" => (">", "]"),
        _ => ("[", "]"),
    };
    format!("{open}\"{}\"{close}", escape(&node.label))
}

fn class_of(kind: &'static str) -> &'static str {
    match kind {
        "event" | "proposition" | "series" => "subject",
        "population" | "place" | "term" => "vocabulary",
        other => other,
    }
}

fn arrow(link: &Link) -> String {
    let arrow = if link.is_directed() { "-->" } else { "===" };
    format!("n{} {arrow}|{}| n{}", link.from, link.edge.name(), link.to)
}

fn clashes_in_red(view: &View) -> String {
    let clashes = view.edges.iter().enumerate().filter(|(_, link)| !link.is_directed());
    let places: Vec<String> = clashes.map(|(at, _)| at.to_string()).collect();
    if places.is_empty() {
        String::new()
    } else {
        format!("  linkStyle {} stroke:#b3261e\n", places.join(","))
    }
}

/// A text within quotes: what Mermaid, its Markdown or HTML would obey is written as an entity, in Mermaid's
/// own spelling.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '*' | '_' | ';' => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            other => escaped.push(other),
        }
    }
    // A label that begins like a list would be told that it may not be one.
    let listed = escaped.strip_prefix(['-', '+']).map(|rest| format!("#8203;{}{rest}", &escaped[..1]));
    listed.unwrap_or(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::graph::hostile_view;

    #[test]
    fn labels_stay_within_their_quotes() {
        let text = render(&hostile_view());
        let label = "n0[\"#34;]#59; x --#62; #92;#34; #60;script#62;#38;lt#59;#35;#96;|\"]";
        assert!(text.contains(label), "{text}");
        assert!(text.contains("n0 ===|clashes with| n0"), "{text}");
        assert!(text.contains("linkStyle 1 stroke"), "{text}");
    }
}
