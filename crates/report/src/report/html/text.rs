//! Escapes texts from claim files for pages.

use maud::{Markup, html};

use crate::report::hidden::HiddenScan;

/// Longer texts are cut, with a note on how much is left out.
const MAX_TEXT_CHARS: usize = 300;

/// A text from a claim file: with its own writing direction, cut if it is very long, and with invisible characters
/// made visible.
pub(super) fn said(text: &str) -> Markup {
    html! { bdi { (visible(text)) } }
}

/// A message with texts from claim files in it. Values between backticks get quotation marks.
pub(super) fn prose(text: &str) -> Markup {
    let ticks = text.matches('`').count();
    if ticks == 0 || !ticks.is_multiple_of(2) {
        return said(text);
    }
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { "“" (said(part)) "”" } @else { (visible(part)) }
        }
    }
}

/// A text for a place without markup, such as a title: on one line, cut, hidden characters replaced.
pub(super) fn plain(text: &str) -> String {
    let (text, rest) = cut(text);
    let mut scan = HiddenScan::default();
    let line: String = text.chars().map(|c| if scan.is_hidden(c) { '\u{fffd}' } else { c }).collect();
    if rest > 0 { format!("{line} …") } else { line }
}

fn visible(text: &str) -> Markup {
    let (text, rest) = cut(text);
    html! {
        @for (piece, hidden) in pieces(text) {
            (piece)
            @if let Some(c) = hidden { span .ctl { (format!("U+{:04X}", u32::from(c))) } }
        }
        @if rest > 0 { " … " span .muted { "(" (rest) " characters more)" } }
    }
}

/// A text in pieces, each with the hidden character after it.
fn pieces(text: &str) -> Vec<(&str, Option<char>)> {
    let mut scan = HiddenScan::default();
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, c) in text.char_indices() {
        if scan.is_hidden(c) {
            pieces.push((&text[from..at], Some(c)));
            from = at + c.len_utf8();
        }
    }
    pieces.push((&text[from..], None));
    pieces
}

/// The part of a text that is shown, and the number of characters left out.
fn cut(text: &str) -> (&str, usize) {
    match text.char_indices().nth(MAX_TEXT_CHARS) {
        Some((at, _)) => (&text[..at], text[at..].chars().count()),
        None => (text, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn said_escapes_markup() {
        assert_eq!(said("<script>").into_string(), "<bdi>&lt;script&gt;</bdi>");
        assert_eq!(said("a\u{202e}b").into_string(), "<bdi>a<span class=\"ctl\">U+202E</span>b</bdi>");
        assert!(said(&"x".repeat(1_000_000)).into_string().len() < 400);
        assert_eq!(prose("`a<` against `b`").into_string(), "“<bdi>a&lt;</bdi>” against “<bdi>b</bdi>”");
        assert_eq!(plain("a\u{202e}\u{1b}b"), "a\u{fffd}\u{fffd}b");
    }
}
