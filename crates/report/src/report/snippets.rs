//! Findings with the lines of YAML they are about, in the style of compiler errors.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Padding, Renderer, Snippet};
use unicode_width::UnicodeWidthChar as _;

use super::hidden::HiddenScan;
use super::wording::grouped;
use gainsay_analysis::finding::{Finding, Grade, shortened};
use gainsay_analysis::id::FileId;
use gainsay_analysis::source::{Files, SourceFile, Span};

/// How to draw on a terminal.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to use colour.
    pub color: bool,
    /// The number of columns.
    pub width: usize,
}

/// The most places that are drawn for a finding.
const MAX_PLACES: usize = 20;

/// The most characters of a message, note or help that are shown.
const MAX_MESSAGE_CHARS: usize = 1_000;

/// One finding with the lines it is about, a caret under each place, and help on fixing it. Of a long line, only the
/// text around the place is drawn.
pub fn render(files: &Files, finding: &Finding, style: Style) -> String {
    let width = style.width.max(40);
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(width).decor_style(DecorStyle::Ascii);
    let message = shortened(&one_line(&finding.message), MAX_MESSAGE_CHARS);
    let title = level(finding.grade).primary_title(message).id(finding.rule);
    let mut group = Group::with_title(title);
    let mut columns = Vec::new();
    for (file, labels) in groups(files, finding) {
        group = group.element(snippet(&files[file], &labels, width, &mut columns));
    }
    let mut remarks: Vec<Element<'_>> = Vec::new();
    for note in &finding.notes {
        remarks.push(Level::NOTE.message(shortened(&one_line(note), MAX_MESSAGE_CHARS)).into());
    }
    if finding.labels.len() > MAX_PLACES {
        let more = finding.labels.len() - MAX_PLACES;
        remarks.push(Level::NOTE.message(format!("{} more places are not shown", grouped(more))).into());
    }
    for help in &finding.help {
        remarks.push(Level::HELP.message(shortened(&one_line(help), MAX_MESSAGE_CHARS)).into());
    }
    if !remarks.is_empty() {
        group = group.element(Padding);
    }
    with_columns(&renderer.render(&[group.elements(remarks)]), &columns)
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

/// The labels of a finding in groups, each drawn as one piece of a file, the primary label's group first. Labels that
/// are far apart or on a long line are drawn separately.
fn groups<'f>(files: &Files, finding: &'f Finding) -> Vec<(FileId, Labels<'f>)> {
    let mut in_order: Vec<usize> = (0..finding.labels.len().min(MAX_PLACES)).collect();
    in_order.sort_by_key(|&at| (finding.labels[at].location, at));
    let place = |at: usize| finding.labels[at].location;
    let is_long = |at: usize| is_on_long_line(&files[place(at).file], place(at).span);
    let is_near = |&a: &usize, &b: &usize| {
        place(a).file == place(b).file
            && place(b).span.start - place(a).span.start <= MAX_GAP_BYTES
            && (place(a).span == place(b).span || (!is_long(a) && !is_long(b)))
    };
    let mut groups: Vec<Vec<usize>> = in_order.chunk_by(is_near).map(<[usize]>::to_vec).collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    let label = |at: usize| (place(at).span, finding.labels[at].text.as_str(), at == 0);
    groups.into_iter().map(|group| (place(group[0]).file, group.into_iter().map(label).collect())).collect()
}

/// The most bytes between two labels that are drawn in one piece.
const MAX_GAP_BYTES: u32 = 32_000;

/// Lines with more bytes are cut around each label.
const LONG_LINE: usize = 1_000;

/// The most bytes of a long line that are drawn on each side of a label, even if they have no width.
const MAX_BYTES_PER_SIDE: usize = 4_000;

/// A placeholder for the column number of a snippet that does not begin at the start of its line. Cleaned text never
/// contains it.
const CUT_MARKER: char = '\u{1}';

/// The columns of snippets that do not begin at the start of their line: as drawn, and the real ones.
type Columns = Vec<(String, String)>;

fn snippet<'a>(
    file: &'a SourceFile,
    labels: &Labels<'a>,
    width: usize,
    columns: &mut Columns,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = file.text();
    let first = labels.iter().map(|label| label.0.start as usize).min().unwrap_or(0).min(text.len());
    let last = labels.iter().map(|label| label.0.start as usize).max().unwrap_or(0).min(text.len());
    let (first, last) = (boundary(text, first), boundary(text, last));
    let (start, end) = match labels.first() {
        Some(label) if is_on_long_line(file, label.0) => {
            let (start, end) = line_around(text, first);
            let end_of_label = (label.0.end as usize).clamp(first, end);
            (back(text, start, first, width), ahead(text, boundary(text, end_of_label), end, first, width))
        }
        _ => (line_around(text, first).0, line_around(text, last).1),
    };
    // Leave out the carriage return of a Windows line ending.
    let end = end - usize::from(text[start..end].ends_with('\r'));
    let line = file.line(start as u32);
    let shown = clean(&text[start..end]);
    let mut path = one_line(file.path());
    if start > 0 && text.as_bytes()[start - 1] != b'\n' {
        path.push(CUT_MARKER);
        let drawn = shown[..first - start].chars().count() + 1;
        let column = file.line_column(first as u32).column;
        columns.push((format!("{CUT_MARKER}:{line}:{drawn}"), format!(":{line}:{column}")));
    }
    let mut snippet = Snippet::source(shown).path(path).line_start(line);
    for &(span, label, primary) in labels {
        let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let from = (span.start as usize).clamp(start, end) - start;
        let line_end = text[start + from..end].find('\n').unwrap_or(end - start - from) + from;
        let to = ((span.end as usize).clamp(start, end) - start).min(line_end).max(from);
        let to = if to == from { next_boundary(&text[start..end], from) } else { to };
        let annotation = kind.span(from..to);
        let label = shortened(&one_line(label), MAX_MESSAGE_CHARS);
        snippet = snippet.annotation(if label.is_empty() { annotation } else { annotation.label(label) });
    }
    snippet
}

/// Replaces the drawn columns with the real ones.
fn with_columns(drawn: &str, columns: &Columns) -> String {
    let mut right = String::with_capacity(drawn.len());
    let mut rest = drawn;
    for (wrong, column) in columns {
        let Some((before, after)) = rest.split_once(wrong.as_str()) else { continue };
        right += before;
        right += column;
        rest = after;
    }
    right + rest
}

fn is_on_long_line(file: &SourceFile, span: Span) -> bool {
    let text = file.text();
    let (start, end) = line_around(text, boundary(text, (span.start as usize).min(text.len())));
    end - start > LONG_LINE
}

/// The line around a byte, without its line ending, and at most [`MAX_GAP_BYTES`] bytes on either side.
fn line_around(text: &str, at: usize) -> (usize, usize) {
    let from = boundary(text, at.saturating_sub(MAX_GAP_BYTES as usize));
    let to = boundary(text, text.len().min(at + MAX_GAP_BYTES as usize));
    // Searching a text for a character compares several bytes at once; searching its bytes does not.
    let start = text[from..at].rfind('\n').map_or(from, |found| from + found + 1);
    let end = text[at..to].find('\n').map_or(to, |found| at + found);
    (start, end)
}

/// The start of a piece of text that ends at `at` and fills `width` columns, but not before `start`.
fn back(text: &str, start: usize, at: usize, width: usize) -> usize {
    let start = boundary(text, start.max(at.saturating_sub(MAX_BYTES_PER_SIDE)));
    let mut columns = 0;
    let letters = text[start..at].char_indices().rev();
    let piece = letters.take_while(|&(_, letter)| {
        let is_within = columns < width;
        columns += letter.width().unwrap_or(1);
        is_within
    });
    piece.last().map_or(at, |(begin, _)| start + begin)
}

/// The end of a piece of text that begins at `at`, or within [`MAX_BYTES_PER_SIDE`] of `first`, and fills `width`
/// columns, but not after `end`.
fn ahead(text: &str, at: usize, end: usize, first: usize, width: usize) -> usize {
    let at = boundary(text, at.min(first + MAX_BYTES_PER_SIDE));
    let end = boundary(text, end.min(at + MAX_BYTES_PER_SIDE));
    let mut columns = 0;
    let letters = text[at..end].char_indices();
    let piece = letters.take_while(|&(_, letter)| {
        let is_within = columns < width;
        columns += letter.width().unwrap_or(1);
        is_within
    });
    piece.last().map_or(at, |(begin, letter)| at + begin + letter.len_utf8())
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

/// Replaces each byte of a hidden character (controls, direction marks, characters without a shape) with `?`, so that
/// byte offsets do not change. Also replaces a number sign that would begin a command for Azure Pipelines or `TeamCity`
/// in a log, as in `##vso[…]`.
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
        // The carriage return of a Windows line ending is not visible.
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

/// Whether a number sign between two texts completes the start of a log command: `##`, a name, a bracket.
fn is_log_command(before: &str, after: &str) -> bool {
    let name = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    before.ends_with('#') && name.starts_with('[')
}

/// A [cleaned](clean) text on one line, so that text from a file cannot pass for a line of the report.
pub fn one_line(text: &str) -> String {
    if is_printable_ascii(text) && !text.contains("##") && !text.contains("::") {
        return text.to_owned();
    }
    let lines = text.replace(['\u{2028}', '\u{2029}'], " ");
    disarmed(clean(&lines).replace(['\n', '\t'], " "))
}

/// A line that GitHub Actions does not take for a command such as `::add-mask::`: a leading `::` becomes `?:`.
pub fn disarmed(mut line: String) -> String {
    let start = line.len() - line.trim_start().len();
    if line[start..].starts_with("::") {
        line.replace_range(start..=start, "?");
    }
    line
}

/// A fast check for the common case of text that needs no cleaning.
fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_disarms_log_commands() {
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
