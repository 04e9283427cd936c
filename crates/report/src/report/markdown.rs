//! The report as Markdown, for a shared document, a pull request or a page: the same content as the text.
//!
//! All text from claim files goes through `escape`, so this file writes the only markup.

use std::fmt::Write as _;

use super::Report;
use super::outline::{self, Depth, Remark};
use super::snippets::one_line;
use super::wording::{self, AnswerRow, mark, rows, without_question, witnesses};
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::finding::Finding;
use gainsay_analysis::workspace::Analysis;

/// The whole report.
pub fn render(report: &Report<'_>) -> String {
    let mut page = MarkdownWriter::default();
    page.line("# Contradiction report");
    page.blank();
    page.items("", outline::counts(report));
    for (dispute, findings) in &report.disputes {
        page.dispute(report.analysis, dispute, findings);
    }
    if !report.selected {
        for section in outline::across(report.analysis) {
            page.heading(section.title);
            page.table(&section.header, section.rows);
        }
    }
    page.0
}

/// A Markdown document under construction.
#[derive(Default)]
struct MarkdownWriter(String);

impl MarkdownWriter {
    /// A dispute with everything a reader needs who sees nothing else.
    fn dispute(&mut self, analysis: &Analysis, dispute: &Dispute, findings: &[&Finding]) {
        let model = &analysis.model;
        let question = model.question_in_words(dispute.question);
        self.heading(&format!("{} {question}", mark(dispute.grade)));
        let name = escape(&model.question_name(dispute.question));
        let standing = escape(&wording::review_status(model, dispute));
        self.line(&format!("{name} · **{}** · {standing}", dispute.grade));
        self.positions(analysis, dispute);
        self.remarks("", outline::silent(model, dispute));
        for finding in findings {
            let message = escape(without_question(model, dispute.question, &finding.message));
            let head = format!("{} **{}**", mark(finding.grade), finding.grade);
            self.line(&format!("- {head} ({}): {message}", finding.rule));
            self.remarks("  ", outline::remarks(model, finding, Depth::Brief));
        }
        self.remarks("", outline::named_in(analysis, dispute));
        self.remarks("", outline::reviews(model, dispute, Depth::Brief));
    }

    fn positions(&mut self, analysis: &Analysis, dispute: &Dispute) {
        let (rows, left_out) = rows(analysis, dispute);
        self.table(&wording::HEADER, rows.into_iter().map(AnswerRow::cells));
        self.remarks("", outline::left_out(&analysis.model, dispute, left_out));
        for (at, position) in dispute.positions.iter().enumerate() {
            if position.sources.len() > 1 {
                self.line(&format!("- position {}: {}", at + 1, witnesses(position)));
            }
        }
    }

    fn heading(&mut self, text: &str) {
        self.blank();
        let _ = write!(self.0, "## {}\n\n", escape(text));
    }

    fn remarks(&mut self, indent: &str, remarks: impl IntoIterator<Item = Remark>) {
        let lines = remarks.into_iter().map(|remark| format!("{} {}", remark.head, remark.text));
        self.items(indent, lines);
    }

    fn items(&mut self, indent: &str, lines: impl IntoIterator<Item = String>) {
        for line in lines {
            self.line(&format!("{indent}- {}", escape(&line)));
        }
    }

    /// A table between blank lines.
    fn table<R: IntoIterator<Item = String>>(&mut self, header: &[&str], rows: impl IntoIterator<Item = R>) {
        self.blank();
        self.line(&format!("| {} |", header.join(" | ")));
        self.line(&format!("|{}", " --- |".repeat(header.len())));
        for row in rows {
            let cells: Vec<String> = row.into_iter().map(|cell| escape(&cell)).collect();
            self.line(&format!("| {} |", cells.join(" | ")));
        }
        self.blank();
    }

    /// Ends the text with exactly one blank line, also when called repeatedly.
    fn blank(&mut self) {
        if !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }
}

/// Escapes a text so that it is shown literally anywhere in Markdown, including GitHub's: on one line, without
/// markup, HTML, links, mentions or table cells. The backticks around values in messages become quotation marks.
///
/// A zero-width space stops GitHub from linking text after it has resolved escapes: mentions, issues, mail addresses
/// and the names of emoji.
pub fn escape(text: &str) -> String {
    let text = one_line(text);
    let text = quoted(text.trim());
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' if is_mention(before, after) => escaped.push_str("&#64;&#8203;"),
            '@' => escaped.push_str("&#64;"),
            '#' if after.starts_with(|c: char| c.is_ascii_digit()) => escaped.push_str("\\#&#8203;"),
            // A URL would become a link.
            ':' if after.starts_with("//") => escaped.push_str("&#58;"),
            ':' if is_emoji(before, after) => escaped.push_str(":&#8203;"),
            '.' if ends_with_www(before) => escaped.push_str("&#46;"),
            _ if is_markup(&text, at, c) => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Whether an `@` between two texts would mention a user or turn a mail address into a link.
fn is_mention(before: &str, after: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let rest = after.trim_start_matches(is_name);
    let is_domain = rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(is_name));
    let in_word = before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    rest.len() < after.len() && (is_domain || !in_word)
}

/// Whether a colon between two texts begins the name of an emoji, as in `:smile:`. The colon in a time of day does not.
fn is_emoji(before: &str, after: &str) -> bool {
    let rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '_'));
    rest.len() < after.len() && rest.starts_with(':') && !before.ends_with(|c: char| c.is_ascii_digit())
}

fn ends_with_www(text: &str) -> bool {
    text.get(text.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// Replaces pairs of backticks with quotation marks.
fn quoted(text: &str) -> String {
    let ticks = text.matches('`').count();
    if ticks == 0 || !ticks.is_multiple_of(2) {
        return text.to_owned();
    }
    let mut opens = true;
    let mut turn = |c: char| {
        if c != '`' {
            return c;
        }
        opens = !opens;
        if opens { '”' } else { '“' }
    };
    text.chars().map(&mut turn).collect()
}

/// Whether a character would be markup, either anywhere or at the start of a list or a rule.
fn is_markup(text: &str, at: usize, c: char) -> bool {
    let behind_digits = || at > 0 && text[..at].bytes().all(|byte| byte.is_ascii_digit());
    match c {
        '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '$' => true,
        '-' | '+' | '=' => at == 0,
        '.' | ')' => behind_digits() && text[at + 1..].chars().next().is_none_or(char::is_whitespace),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_prevents_markup_and_table_cells() {
        for (text, escaped) in [
            ("36 | 37 |", "36 \\| 37 \\|"),
            ("a\n\n# b\r\n| c |", "a  \\# b  \\| c \\|"),
            ("*x* _y_ ~~z~~ [a](b) ![c](d)", "\\*x\\* \\_y\\_ \\~\\~z\\~\\~ \\[a\\](b) !\\[c\\](d)"),
            ("<script>&lt;", "&lt;script&gt;&amp;lt;"),
            ("\\| `x", "\\\\\\| \\`x"),
            ("`at least 80` (`a`)", "“at least 80” (“a”)"),
            ("- a", "\\- a"),
            ("1. a", "1\\. a"),
            ("36", "36"),
            ("1.5 million", "1.5 million"),
            ("+21%", "\\+21%"),
            ("@all, x@all", "&#64;&#8203;all, x&#64;all"),
            ("raid/killed@2024", "raid/killed&#64;2024"),
            ("mailto:a.b@c.example", "mailto:a.b&#64;&#8203;c.example"),
            ("#12 a#b", "\\#&#8203;12 a\\#b"),
            (":smile: 12:30:45 a: b: c", ":&#8203;smile: 12:30:45 a: b: c"),
            (":+1:", ":&#8203;+1:"),
            ("- [ ] x", "\\- \\[ \\] x"),
            ("![x](https://a.example/i.png)", "!\\[x\\](https&#58;//a.example/i.png)"),
            ("<https://a.example>", "&lt;https&#58;//a.example&gt;"),
            ("https://a.example www.b.example", "https&#58;//a.example www&#46;b.example"),
            ("a\u{202e}b\u{1b}[1m", "a???b?\\[1m"),
        ] {
            assert_eq!(escape(text), escaped, "{text:?}");
        }
    }
}
