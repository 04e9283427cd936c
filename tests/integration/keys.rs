//! The table of keys: every example is read without an error in its place, and without a lint on it.

use gainsay::document::shape::{FILE, Key, Shape, Takes};
use gainsay::finding::Grade;

use crate::support::{analyse, workspace};

/// The definitions that the examples refer to. Places and terms have the same keys, and so the same examples.
const DEFINED: &str = "\
actors: { islamabad: {}, kabul: {}, the-paper: {}, the-agency: {} }
events: { raid: { date: 2026-02-22 }, second-raid: {}, bombing: {}, border-conflict: {} }
propositions: { kabul-shelters: {} }
series: { report: {}, other-yearly-report: {} }
places: { nangarhar: {}, camps: {}, civilian-sites: {} }
terms: { camps: {}, civilian-sites: {} }
measures: { ranked: { type: scale, steps: [one, two] } }
";

/// A source that other sources cite, with a claim to respond to.
const AGENCY: &str = "\
source: { id: the-agency-2026-04-01, publisher: the-agency, published: 2026-04-01 }
claims: { militants: { by: islamabad, about: raid, measure: killed, of: militants, value: at least 80, at: p1 } }
";

/// A claim of the source under test to which others respond.
const MILITANTS: &str = "  militants: { by: islamabad, about: raid, measure: killed, of: militants, value: at least 80, at: p1 }\n";

const SOURCE: &str = "source: { id: the-paper-2026-04-02, publisher: the-paper, published: 2026-04-02 }\n";

/// Other keys that the mapping needs for the example to mean something.
fn other_required_keys(shape: &Shape, key: &str) -> &'static [(&'static str, &'static str)] {
    match (shape.name, key) {
        ("a claim", "denies" | "confirms" | "declines") => &[("by", "kabul"), ("at", "p2")],
        ("a claim", "during") => &[("about", "report"), ("measure", "killed"), ("value", "36"), ("at", "p2")],
        ("a claim", "allow") => {
            &[("about", "raid"), ("measure", "killed"), ("value", "36"), ("note", "Stands in no line.")]
        }
        ("a claim", _) => &[
            ("by", "kabul"),
            ("about", "raid"),
            ("measure", "killed"),
            ("of", "civilians"),
            ("value", "some"),
            ("at", "p2"),
        ],
        ("a measure", "unit") => &[("type", "amount")],
        ("a measure", "single") => &[("type", "choice"), ("names", "actors")],
        ("a measure", "names") => &[("type", "choice")],
        ("a measure", "steps") => &[("type", "scale")],
        ("a measure", _) => &[("type", "count")],
        ("a source", _) => &[("id", "a-paper"), ("publisher", "the-paper"), ("published", "2026-04-02")],
        ("a review", "because") => &[
            ("question", "raid/killed/militants"),
            ("verdict", "explained"),
            ("by", "desk"),
            ("on", "2026-04-03"),
        ],
        ("a review", _) => &[
            ("question", "raid/killed/militants"),
            ("verdict", "settled"),
            ("figure", "at least 80"),
            ("by", "desk"),
            ("on", "2026-04-03"),
        ],
        ("the ranges of a word", "hard") => &[("usual", "24-99")],
        ("the ranges of a word", "usual") => &[("hard", "12..")],
        _ => &[],
    }
}

/// The lines of a mapping with the example in it, indented by `indent`.
fn body(shape: &Shape, key: &Key, indent: usize) -> String {
    let others = other_required_keys(shape, key.name).iter().filter(|(name, _)| *name != key.name);
    let lines = others.copied().chain([(key.name, key.example)]);
    lines.map(|(name, value)| format!("{}{name}: {value}\n", " ".repeat(indent))).collect::<Vec<_>>().concat()
}

/// A file with the example, at the path of keys that leads to its mapping.
fn file(path: &[&str], shape: &Shape, key: &Key) -> String {
    let mut text = String::new();
    for (depth, name) in path.iter().enumerate() {
        text += &format!("{}{name}:\n", "  ".repeat(depth));
        if *name == "claims" {
            text = format!("{SOURCE}{text}{MILITANTS}");
        }
    }
    if path.is_empty() && key.name == "claims" {
        text += SOURCE;
    }
    text + &body(shape, key, 2 * path.len())
}

/// Every key with the path to its mapping, each mapping once.
fn keys() -> Vec<(Vec<&'static str>, &'static Shape, &'static Key)> {
    let mut shapes: Vec<(Vec<&'static str>, &'static Shape)> = vec![(Vec::new(), &FILE)];
    let mut at = 0;
    while let Some((path, shape)) = shapes.get(at).cloned() {
        for key in shape.keys {
            let own = |more: &[&'static str]| {
                path.iter().copied().chain([key.name]).chain(more.iter().copied()).collect()
            };
            match key.takes {
                // A vague word; only a known word can be one.
                Takes::Entries(inner) if inner.name == "the ranges of a word" => {
                    shapes.push((own(&["dozens"]), inner));
                }
                Takes::Entries(inner) => shapes.push((own(&["the-example"]), inner)),
                Takes::One(inner) => shapes.push((own(&[]), inner)),
                _ => {}
            }
        }
        at += 1;
    }
    shapes
        .into_iter()
        .flat_map(|(path, shape)| shape.keys.iter().map(move |key| (path.clone(), shape, key)))
        .collect()
}

#[test]
fn key_examples_are_read_without_errors() {
    let (mut read, mut wrong) = (0, Vec::new());
    for (path, shape, key) in keys() {
        let text = file(&path, shape, key);
        // Ids that the example itself defines are not defined again and have no references.
        let is_section = |line: &&str| path.is_empty() && line.starts_with(&format!("{}:", key.name));
        let defined: Vec<&str> = DEFINED.split_inclusive('\n').filter(|line| !is_section(line)).collect();
        let defined = defined.concat();
        let agency = if path.is_empty() && key.name == "actors" { "" } else { AGENCY };
        let files = [("example.yaml", text.as_str()), ("agency.yaml", agency), ("defined.yaml", &defined)];
        let workspace = workspace(files);
        let analysis = analyse(&workspace);
        let example = workspace.files().find("example.yaml").unwrap();
        let line = text.lines().count();
        for finding in analysis.on_files() {
            let at = finding.labels[0].location;
            let is_on_it = at.file == example && workspace.files()[example].line(at.span.start) == line;
            let is_idle = ["unused-id", "similar-names", "similar-events"].contains(&finding.rule);
            let counts = finding.grade == Grade::Error || (is_on_it && !is_idle);
            if counts {
                wrong.push(format!(
                    "{} of {}: {}
{text}",
                    key.name, shape.name, finding.message
                ));
            }
        }
        read += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read > 90, "only {read} examples");
}
