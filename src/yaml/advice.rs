//! What to do about a text that is no YAML, in words for whoever never heard of YAML.
//!
//! Only the mistakes that people make when they write claims; of any other the parser's own words are all there is.

/// What the parser says of a place, put right where it is wrong, and what mends it.
pub(super) fn on(text: &str, at: usize, message: &str) -> (String, Option<String>) {
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    let is = |words: &str| message.contains(words);
    if is("invalid trailing content after double-quoted") {
        return after_a_quote(text, at);
    }
    let help = if is("mapping values are not allowed") {
        // The first colon of a line stands behind its key; the text before another one was meant as a whole.
        let has_key = line.contains(": ");
        Some(if has_key { IN_QUOTES } else { LINE_UP }.to_owned())
    } else if is("tab") && !is("expected") {
        Some("indent with blanks, not tabs".to_owned())
    } else if is("did not find expected key")
        || is("did not find expected '-' indicator")
        || is("invalid indentation")
    {
        Some(LINE_UP.to_owned())
    } else if is("flow mapping") {
        Some("close the bracket with `}`, and put a comma between what stands in it".to_owned())
    } else if is("flow sequence") {
        Some("close the bracket with `]`, and put a comma between what stands in it".to_owned())
    } else if is("quoted scalar, found unexpected end") {
        Some("close the quotes".to_owned())
    } else if is("unexpected character") {
        let sign = message.split('`').nth(1).and_then(|rest| rest.chars().next());
        sign.map(|sign| format!("a text cannot begin with {sign}: put it between quotes"))
    } else {
        None
    };
    (message.to_owned(), help)
}

const IN_QUOTES: &str = "put the text between double quotes";
const LINE_UP: &str = "line this up with the keys above";

/// The parser says double-quoted of either.
fn after_a_quote(text: &str, at: usize) -> (String, Option<String>) {
    let before = text[..at].trim_end_matches([' ', '\t']);
    let (kind, help) = if before.ends_with('\'') {
        ("single", "write '' for ' inside single quotes")
    } else {
        ("double", "write \\\" for \" inside double quotes")
    };
    (format!("something stands behind a {kind}-quoted text"), Some(help.to_owned()))
}
