//! Snippets for new entries, with placeholders.
//!
//! Editors indent all lines after the first as far as the first. The texts are fixed, and contain no text from files.

use gen_lsp_types::CompletionItemKind;

use super::CompletionOffer;
use crate::lsp::cursor::{CursorContext, TextCursor};
use gainsay_analysis::document::shape;

/// A snippet: its section, its label, its description, and its text, indented by two spaces.
type Snippet = (&'static str, &'static str, &'static str, &'static str);

const SNIPPETS: [Snippet; 14] = [
    (
        "claims",
        "new claim",
        "who says what about an event",
        "${1:id}:\n  by: $2\n  about: $3\n  measure: ${4:killed}\n  value: $5\n  at: p$6",
    ),
    (
        "claims",
        "new response",
        "who denies, confirms or declines claims",
        "${1:id}:\n  by: $2\n  ${3|denies,confirms,declines|}: [$4]\n  at: p$5",
    ),
    (
        "claims",
        "new series figure",
        "a figure for a period",
        "${1:id}:\n  about: $2\n  measure: ${3:killed}\n  during: ${4:2026}\n  value: $5\n  at: p$6",
    ),
    (
        "actors",
        "new actor",
        "a person, organisation, state or publisher",
        "${1:id}:\n  name: $2\n  kind: $3\n  speaks-for: $4",
    ),
    (
        "events",
        "new event",
        "something that happened",
        "${1:id}:\n  name: $2\n  kind: $3\n  date: $4\n  place: $5",
    ),
    (
        "propositions",
        "new proposition",
        "a statement that can be true or false, without a date",
        "${1:id}:\n  name: $2\n  parties: [$3]",
    ),
    (
        "series",
        "new series",
        "figures published period by period",
        "${1:id}:\n  name: $2\n  publisher: $3\n  territory: $4",
    ),
    ("places", "new place", "a place that values may name", "${1:id}:\n  name: $2\n  part-of: $3"),
    ("terms", "new term", "a term that values may name", "${1:id}:\n  name: $2\n  part-of: $3"),
    ("populations", "new population", "who is counted", "${1:id}:\n  name: $2\n  part-of: ${3:people}"),
    (
        "measures",
        "new measure",
        "what is counted or stated",
        "${1:id}:\n  type: ${2|count,amount,scale,yes-no,choice,date|}\n  asks: $3",
    ),
    (
        "reviews",
        "new review",
        "a decision on a dispute",
        "${1:id}:\n  question: $2\n  verdict: ${3|open,explained,settled,irreconcilable|}\n  because: ${4|rounding,scope,definition,timing,translation,retracted,source-error,other|}\n  by: $5\n  on: $6",
    ),
    (
        "",
        "new source",
        "a source and its claims, for a new file",
        "source:\n  id: ${1:id}\n  publisher: $2\n  published: $3\n  title: $4\n  url: $5\n\nclaims:\n  $0",
    ),
    ("", "new reviews", "the section for reviews", "reviews:\n  $0"),
];

/// The snippets for the cursor, if its line is empty.
pub(super) fn offers(cursor: &TextCursor<'_>, text: &str, snippets: bool) -> Vec<CompletionOffer> {
    if cursor.is_flow || !cursor.is_alone() {
        return Vec::new();
    }
    let unit = indent(text);
    let section = cursor.path.first().map_or("", String::as_str);
    match cursor.context {
        CursorContext::Id(_) => {
            in_section(section).map(|snippet| offer(snippet, &unit, 0, snippets)).collect()
        }
        CursorContext::Key(shape) if shape.is(&shape::FILE) => {
            let has = |section: &str| cursor.fields.iter().any(|field| field.key == section);
            let sections =
                in_section("").filter(|(.., text)| !has(text.split(':').next().unwrap_or_default()));
            // At the start of a line below a section, a further entry of that section is also possible.
            let above = section_above(text, cursor.word.start);
            let entries = in_section(above).filter(|_| !above.is_empty());
            let sections = sections.map(|snippet| offer(snippet, &unit, 0, snippets));
            sections.chain(entries.map(|snippet| offer(snippet, &unit, 1, snippets))).collect()
        }
        _ => Vec::new(),
    }
}

fn in_section(section: &str) -> impl Iterator<Item = &'static Snippet> {
    SNIPPETS.iter().filter(move |(of, ..)| *of == section)
}

fn offer((_, label, what, text): &Snippet, unit: &str, levels: usize, snippets: bool) -> CompletionOffer {
    let margin = unit.repeat(levels);
    let lines = text.split('\n').map(|line| {
        let content = line.trim_start_matches(' ');
        let indent = unit.repeat((line.len() - content.len()) / 2);
        if content.is_empty() { String::new() } else { format!("{margin}{indent}{content}") }
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    let insert = if snippets { text } else { plain(&text) };
    let offer = CompletionOffer::new(*label, CompletionItemKind::Snippet).detail(*what).rank(8);
    CompletionOffer { insert: Some(insert), is_snippet: snippets, ..offer }
}

/// The text of a snippet for an editor without snippets: each placeholder becomes its first choice, or nothing.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, place)) = rest.split_once('$') {
        out.push_str(before);
        rest = match place.strip_prefix('{').and_then(|place| place.split_once('}')) {
            Some((place, after)) => {
                let suggested = place.trim_start_matches(|letter: char| letter.is_ascii_digit());
                let choices = suggested.trim_matches(['|', ':']);
                out.push_str(choices.split(',').next().unwrap_or_default());
                after
            }
            None => place.trim_start_matches(|letter: char| letter.is_ascii_digit()),
        };
    }
    out + rest
}

/// One step of indentation as in the file; two spaces if it has none.
fn indent(text: &str) -> String {
    let indented = text
        .lines()
        .find(|line| line.starts_with(' ') && !line.trim().is_empty() && !line.trim().starts_with('#'));
    let blanks = indented.map_or(2, |line| line.len() - line.trim_start_matches(' ').len());
    " ".repeat(blanks.min(8))
}

/// The section above a line without indentation; empty if there is none.
fn section_above(text: &str, byte: usize) -> &str {
    let at_margin = |line: &&str| line.starts_with(|letter: char| letter.is_ascii_lowercase());
    let line = text[..byte].lines().rev().find(at_margin).unwrap_or_default();
    line.split_once(':')
        .filter(|(_, rest)| rest.trim().is_empty() || rest.trim_start().starts_with('#'))
        .map_or("", |(section, _)| section)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_snippets_are_valid_in_a_claim_file() {
        use gainsay_analysis::document::shape::{FILE, Takes};
        for (section, label, _, text) in &SNIPPETS {
            let plain = plain(text);
            assert!(!plain.contains(['$', '{', '}', '|']), "{plain}");
            let file = if section.is_empty() {
                plain
            } else {
                format!("{section}:\n  {}", plain.replace('\n', "\n  "))
            };
            let id = gainsay_analysis::id::Id::new(0);
            let (tree, findings) = gainsay_analysis::yaml::parse(id, &file);
            assert!(findings.is_empty(), "{label}: {findings:?}");
            let (_, findings) = gainsay_analysis::document::read(id, &tree);
            let unknown: Vec<_> = findings.iter().filter(|finding| finding.rule == "unknown-key").collect();
            assert!(unknown.is_empty(), "{label}: {unknown:?}");
            if let Some(at) = FILE.position(section) {
                assert!(matches!(FILE.keys[at].takes, Takes::Entries(_)));
            }
        }
    }

    #[test]
    fn snippet_is_indented_like_the_file() {
        assert_eq!(indent("a:\n    b: 1\n"), "    ");
        assert_eq!(
            offer(&SNIPPETS[3], "    ", 1, false).insert.as_deref(),
            Some("    id:\n        name: \n        kind: \n        speaks-for: ")
        );
        assert_eq!(section_above("claims:\n  a: {}\n", 16), "claims");
        assert_eq!(section_above("claims: {}\n", 11), "");
    }
}
