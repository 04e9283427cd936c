//! The messages of results and the help of rules, in plain text and in Markdown.
//!
//! In a plain message, SARIF reads `[text](number)` as a link and `{0}` as a placeholder. Text from files must not
//! become either.

use super::super::markdown::escape;
use super::super::outline::{self, Depth};
use super::super::snippets::one_line;
use super::super::{Report, explain};
use super::log::SarifMessage;
use gainsay_analysis::finding::{Finding, Label};
use gainsay_analysis::rules::RuleOrLint;

/// A finding in lines: message, reasons, what would settle it, and related places.
pub(super) fn message(report: &Report<'_>, finding: &Finding) -> SarifMessage {
    let lines = lines(report, finding);
    let mut text = vec![plain(&finding.message)];
    let mut markdown = vec![marked(&finding.message)];
    text.extend(lines.iter().map(|line| plain(line)));
    markdown.extend(lines.iter().map(|line| format!("- {}", marked(line))));
    for (at, label) in finding.labels.iter().enumerate().skip(1) {
        let place = place(report, label);
        text.push(format!("see [{}]({at})", plain(&place)));
        markdown.push(format!("- see [{}]({at})", marked(&place)));
    }
    SarifMessage { text: text.join("\n"), markdown: markdown.join("\n") }
}

fn lines(report: &Report<'_>, finding: &Finding) -> Vec<String> {
    if finding.evidence.is_some() {
        let remarks = outline::remarks(&report.analysis.model, finding, Depth::Brief);
        return remarks.iter().map(|remark| format!("{} {}", remark.head, remark.text)).collect();
    }
    finding.notes.iter().chain(&finding.help).cloned().collect()
}

/// A place: its label, file and line.
fn place(report: &Report<'_>, label: &Label) -> String {
    let file = &report.files[label.location.file];
    let at = format!("{}:{}", file.path(), file.line(label.location.span.start));
    if label.text.is_empty() { at } else { format!("{}, {at}", label.text) }
}

/// Escapes a text for a plain message. Some viewers ignore backslashes, so a bracket is never directly followed by
/// a parenthesis, and they do not see a link either.
pub(super) fn plain(text: &str) -> String {
    let text = one_line(text);
    let mut plain = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        match c {
            '\\' | '[' | ']' => plain.extend(['\\', c]),
            '(' if text[..at].ends_with(']') => plain.push_str(" ("),
            _ => plain.push(c),
        }
    }
    unfilled(&plain)
}

/// The same in Markdown.
fn marked(text: &str) -> String {
    unfilled(&escape(text))
}

/// Escapes placeholders only. Other braces stay unchanged, because few viewers understand doubled braces.
fn unfilled(text: &str) -> String {
    let mut unfilled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        let length = placeholder(from);
        unfilled.push_str(before);
        let found = &from[..length];
        let doubled = if length > 1 { ["{", found, "}"] } else { ["", found, ""] };
        unfilled.extend(doubled);
        rest = &from[length..];
    }
    unfilled + rest
}

/// The length of the placeholder at the start of a text; 1 if it starts with a brace only.
fn placeholder(text: &str) -> usize {
    let digits = text[1..].bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && text[1 + digits..].starts_with('}') { digits + 2 } else { 1 }
}

/// The help of a rule or a lint.
pub(super) fn help(known: RuleOrLint) -> SarifMessage {
    let (doc, silence) = match known {
        RuleOrLint::Rule(rule) => (rule.doc, explain::silencing(rule)),
        RuleOrLint::Lint(lint) => (lint.doc, Vec::new()),
    };
    let page = std::iter::once(doc.trim()).chain(silence.iter().map(String::as_str));
    let page = page.collect::<Vec<_>>().join("\n\n");
    SarifMessage { text: page.clone(), markdown: page }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_prevents_links_and_placeholders() {
        for (text, expected) in [
            ("`36` (north)", "`36` (north)"),
            ("[x](https://a.example)", "\\[x\\] (https://a.example)"),
            ("a\\b", "a\\\\b"),
            ("{0} {a: 1} {12} {}", "{{0}} {a: 1} {{12}} {}"),
            ("a\nb\u{202e}", "a b???"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
