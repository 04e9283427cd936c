//! Lints and findings in the lines of YAML they are about, as compilers show errors.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Padding, Renderer, Snippet};

use super::hidden::HiddenScan;
use crate::finding::{Finding, Grade};
use crate::id::FileId;
use crate::source::{Files, SourceFile, Span};

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to use colour.
    pub color: bool,
    /// How many columns there are.
    pub width: usize,
}

/// One finding with the lines it is about, a caret under each place, and what would mend it.
pub fn render(files: &Files, finding: &Finding, style: Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width.max(40)).decor_style(DecorStyle::Ascii);
    let message = one_line(&finding.message);
    let title = level(finding.grade).primary_title(message).id(finding.rule);
    let mut group = Group::with_title(title);
    for (file, labels) in groups(finding) {
        group = group.element(snippet(&files[file], &labels));
    }
    let mut remarks: Vec<Element<'_>> = Vec::new();
    for note in &finding.notes {
        remarks.push(Level::NOTE.message(one_line(note)).into());
    }
    for help in &finding.help {
        remarks.push(Level::HELP.message(one_line(help)).into());
    }
    if !remarks.is_empty() {
        group = group.element(Padding);
    }
    renderer.render(&[group.elements(remarks)])
}

fn level(grade: Grade) -> Level<'static> {
    match grade {
        Grade::Error => Level::ERROR,
        Grade::Contradiction => Level::ERROR.with_name("contradiction"),
        Grade::Warning => Level::WARNING,
        Grade::Tension => Level::WARNING.with_name("tension"),
        Grade::Note => Level::NOTE,
    }
}

type Labels<'a> = Vec<(Span, &'a str, bool)>;

/// The labels of a finding in groups that are drawn in one piece of a file, the primary one's first: far apart
/// in a large file, each is drawn by itself.
fn groups(finding: &Finding) -> Vec<(FileId, Labels<'_>)> {
    let mut in_order: Vec<usize> = (0..finding.labels.len()).collect();
    in_order.sort_by_key(|&at| (finding.labels[at].location, at));
    let place = |at: usize| finding.labels[at].location;
    let is_near = |&a: &usize, &b: &usize| {
        place(a).file == place(b).file && place(b).span.start - place(a).span.start <= FAR
    };
    let mut groups: Vec<Vec<usize>> = in_order.chunk_by(is_near).map(<[usize]>::to_vec).collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    let label = |at: usize| (place(at).span, finding.labels[at].text.as_str(), at == 0);
    groups.into_iter().map(|group| (place(group[0]).file, group.into_iter().map(label).collect())).collect()
}

/// How many bytes may lie between two labels that are drawn in one piece.
const FAR: u32 = 32_000;

/// The longest piece of a file that is shown around labels; a line of a megabyte is cut.
const REACH: usize = 4_000;

fn snippet<'a>(file: &'a SourceFile, labels: &Labels<'a>) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = file.text();
    let first = labels.iter().map(|label| label.0.start as usize).min().unwrap_or(0);
    let last = labels.iter().map(|label| label.0.start as usize).max().unwrap_or(0);
    let start = window_start(text, first);
    // The last line may end as Windows ends lines, which shows nothing.
    let end = window_end(text, last);
    let end = end - usize::from(text[start..end].ends_with('\r'));
    let line = file.line(start as u32);
    let shown = clean(&text[start..end]);
    let mut snippet = Snippet::source(shown).path(one_line(file.path())).line_start(line);
    for &(span, label, primary) in labels {
        let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let from = (span.start as usize).clamp(start, end) - start;
        let line_end = text[start + from..end].find('\n').unwrap_or(end - start - from) + from;
        let to = ((span.end as usize).clamp(start, end) - start).min(line_end).max(from);
        let to = if to == from { next_boundary(&text[start..end], from) } else { to };
        let annotation = kind.span(from..to);
        snippet =
            snippet.annotation(if label.is_empty() { annotation } else { annotation.label(one_line(label)) });
    }
    snippet
}

/// The start of the line of a byte, or a place not far before it.
fn window_start(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    let from = at.saturating_sub(REACH);
    let line = text.as_bytes()[from..at].iter().rposition(|&byte| byte == b'\n');
    boundary(text, line.map_or(from, |found| from + found + 1))
}

/// The end of the line of a byte, or a place not far behind it.
fn window_end(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    let to = text.len().min(at + REACH);
    let line = text.as_bytes()[at..to].iter().position(|&byte| byte == b'\n');
    boundary(text, line.map_or(to, |found| at + found))
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn next_boundary(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(at, |next| at + next.len_utf8())
}

/// A text without hidden characters: controls, marks that change the direction of writing and characters without a
/// shape are replaced by `?`, one for each byte of theirs, so that places in the text stay where they are. So is a
/// number sign of what Azure Pipelines and `TeamCity` would obey in a log, as `##vso[…]`.
pub fn clean(text: &str) -> String {
    let is_clean = |text: &str| is_printable_ascii(text) || !HiddenScan::finds_any(text);
    if !text.contains("##") && is_clean(text) {
        return text.to_owned();
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut scan = HiddenScan::default();
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        let is_hidden = scan.is_hidden(c);
        // The end of a line as Windows writes it shows nothing.
        if c == '\r' && after.starts_with('\n') {
            cleaned.push(' ');
        } else if is_hidden || (c == '#' && is_log_command(&text[..at], after)) {
            cleaned.extend(std::iter::repeat_n('?', c.len_utf8()));
        } else {
            cleaned.push(c);
        }
    }
    cleaned
}

/// Whether a number sign between two texts completes the beginning of a command in a log: `##`, a name, a bracket.
fn is_log_command(before: &str, after: &str) -> bool {
    let name = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    before.ends_with('#') && name.starts_with('[')
}

/// A text [cleaned](clean) and on one line, so that nothing a file says can pass for a line of the report.
pub fn one_line(text: &str) -> String {
    if is_printable_ascii(text) && !text.contains("##") && !text.contains("::") {
        return text.to_owned();
    }
    let lines = text.replace(['\u{2028}', '\u{2029}'], " ");
    disarmed(clean(&lines).replace(['\n', '\t'], " "))
}

/// A line that GitHub Actions does not obey in a log: it begins with no `::`, as `::add-mask::` does.
pub fn disarmed(mut line: String) -> String {
    let start = line.len() - line.trim_start().len();
    if line[start..].starts_with("::") {
        line.replace_range(start..=start, "?");
    }
    line
}

/// Whether a text needs no cleaning: nearly all do not, and this is quickly seen.
fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_commands_of_a_log() {
        for (text, shown) in [
            ("::add-mask::x", "?:add-mask::x"),
            ("  ::error::x", "  ?:error::x"),
            ("a::b", "a::b"),
            ("x ##vso[task.setvariable variable=a]b", "x #?vso[task.setvariable variable=a]b"),
            ("##[group]x", "#?[group]x"),
            ("##teamcity[x]", "#?teamcity[x]"),
            ("## a [b]", "## a [b]"),
            ("#[x]", "#[x]"),
        ] {
            assert_eq!(one_line(text), shown);
        }
        assert_eq!(clean("a\r\nb\u{202e}"), "a \nb???");
    }
}
