//! Advice on text that is not YAML, for people who do not know YAML.
//!
//! It covers the mistakes that people make when they write claims. For other mistakes only the parser's message is
//! shown.

/// The parser's message about a place, corrected if it is misleading, and how to fix the mistake.
pub(super) fn explain(text: &str, at: usize, message: &str) -> (String, Option<String>) {
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    let says = |words: &str| message.contains(words);
    if says("invalid trailing content after double-quoted") {
        return after_a_quote(text, at);
    }
    let help = if says("mapping values are not allowed") {
        // The first colon of a line follows its key. A second one belongs to the text, which needs quotes.
        let has_key = line.contains(": ");
        Some(if has_key { IN_QUOTES } else { LINE_UP }.to_owned())
    } else if says("tab") && !says("expected") {
        Some("indent with spaces, not tabs".to_owned())
    } else if says("did not find expected key")
        || says("did not find expected '-' indicator")
        || says("invalid indentation")
    {
        Some(LINE_UP.to_owned())
    } else if says("flow mapping") {
        Some("close the bracket with `}`, and separate the entries with commas".to_owned())
    } else if says("flow sequence") {
        Some("close the bracket with `]`, and separate the items with commas".to_owned())
    } else if says("quoted scalar, found unexpected end") {
        Some("close the quotes".to_owned())
    } else if says("unexpected character") {
        let sign = message.split('`').nth(1).and_then(|rest| rest.chars().next());
        sign.map(|sign| format!("a text cannot begin with {sign}: put it in quotes"))
    } else {
        None
    };
    (message.to_owned(), help)
}

const IN_QUOTES: &str = "put the text in double quotes";
const LINE_UP: &str = "line this up with the keys above";

/// The parser's message says "double-quoted" for single quotes too.
fn after_a_quote(text: &str, at: usize) -> (String, Option<String>) {
    let before = text[..at].trim_end_matches([' ', '\t']);
    let (kind, help) = if before.ends_with('\'') {
        ("single", "write '' for ' inside single quotes")
    } else {
        ("double", "write \\\" for \" inside double quotes")
    };
    (format!("text after the end of a {kind}-quoted text"), Some(help.to_owned()))
}
