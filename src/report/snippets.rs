//! Lints and findings in the lines of YAML they are about, as compilers show errors.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Padding, Renderer, Snippet};
use unicode_width::UnicodeWidthChar as _;

use super::hidden::HiddenScan;
use super::wording::grouped;
use crate::finding::{Finding, Grade, shortened};
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

/// So many places of one finding are drawn.
const MOST_PLACES: usize = 20;

/// A message, a note or a help of a finding is shown up to so many characters.
const LONGEST_TEXT: usize = 1_000;

/// One finding with the lines it is about, a caret under each place, and what would mend it. Of a long line only what
/// is around the place is drawn.
pub fn render(files: &Files, finding: &Finding, style: Style) -> String {
    let width = style.width.max(40);
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(width).decor_style(DecorStyle::Ascii);
    let message = shortened(&one_line(&finding.message), LONGEST_TEXT);
    let title = level(finding.grade).primary_title(message).id(finding.rule);
    let mut group = Group::with_title(title);
    let mut columns = Vec::new();
    for (file, labels) in groups(files, finding) {
        group = group.element(snippet(&files[file], &labels, width, &mut columns));
    }
    let mut remarks: Vec<Element<'_>> = Vec::new();
    for note in &finding.notes {
        remarks.push(Level::NOTE.message(shortened(&one_line(note), LONGEST_TEXT)).into());
    }
    if finding.labels.len() > MOST_PLACES {
        let more = finding.labels.len() - MOST_PLACES;
        remarks.push(Level::NOTE.message(format!("{} more places are not shown", grouped(more))).into());
    }
    for help in &finding.help {
        remarks.push(Level::HELP.message(shortened(&one_line(help), LONGEST_TEXT)).into());
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

/// The labels of a finding in groups that are drawn in one piece of a file, the primary one's first. Far apart in a
/// large file, or on a long line, each is drawn by itself.
fn groups<'f>(files: &Files, finding: &'f Finding) -> Vec<(FileId, Labels<'f>)> {
    let mut in_order: Vec<usize> = (0..finding.labels.len().min(MOST_PLACES)).collect();
    in_order.sort_by_key(|&at| (finding.labels[at].location, at));
    let place = |at: usize| finding.labels[at].location;
    let is_long = |at: usize| is_on_long_line(&files[place(at).file], place(at).span);
    let is_near = |&a: &usize, &b: &usize| {
        place(a).file == place(b).file
            && place(b).span.start - place(a).span.start <= FAR
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

/// How many bytes may lie between two labels that are drawn in one piece.
const FAR: u32 = 32_000;

/// A line with more bytes is cut around each label.
const LONG_LINE: usize = 1_000;

/// However little the characters of a long line show, no more bytes of it are drawn on one side of a label.
const REACH: usize = 4_000;

/// Takes the place of the column in the place of a snippet that does not begin with its line; nothing that is shown
/// holds it.
const CUT: char = '\u{1}';

/// The columns of snippets that do not begin with their line: as drawn, and as they are.
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
    // The last line may end as Windows ends lines, which shows nothing.
    let end = end - usize::from(text[start..end].ends_with('\r'));
    let line = file.line(start as u32);
    let shown = clean(&text[start..end]);
    let mut path = one_line(file.path());
    if start > 0 && text.as_bytes()[start - 1] != b'\n' {
        path.push(CUT);
        let drawn = shown[..first - start].chars().count() + 1;
        let column = file.line_column(first as u32).column;
        columns.push((format!("{CUT}:{line}:{drawn}"), format!(":{line}:{column}")));
    }
    let mut snippet = Snippet::source(shown).path(path).line_start(line);
    for &(span, label, primary) in labels {
        let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let from = (span.start as usize).clamp(start, end) - start;
        let line_end = text[start + from..end].find('\n').unwrap_or(end - start - from) + from;
        let to = ((span.end as usize).clamp(start, end) - start).min(line_end).max(from);
        let to = if to == from { next_boundary(&text[start..end], from) } else { to };
        let annotation = kind.span(from..to);
        let label = shortened(&one_line(label), LONGEST_TEXT);
        snippet = snippet.annotation(if label.is_empty() { annotation } else { annotation.label(label) });
    }
    snippet
}

/// Puts the columns of snippets that do not begin with their line in the place of those that were drawn.
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

/// The line of a byte, without its end, of a long one no more than [`FAR`] bytes on either side.
fn line_around(text: &str, at: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let (from, to) = (at.saturating_sub(FAR as usize), text.len().min(at + FAR as usize));
    let start =
        bytes[from..at].iter().rposition(|&byte| byte == b'\n').map_or(from, |found| from + found + 1);
    let end = bytes[at..to].iter().position(|&byte| byte == b'\n').map_or(to, |found| at + found);
    (boundary(text, start), boundary(text, end))
}

/// The start of a piece that ends at `at` and fills so many columns, not before `start`.
fn back(text: &str, start: usize, at: usize, width: usize) -> usize {
    let start = boundary(text, start.max(at.saturating_sub(REACH)));
    let mut columns = 0;
    let letters = text[start..at].char_indices().rev();
    let piece = letters.take_while(|&(_, letter)| {
        let is_within = columns < width;
        columns += letter.width().unwrap_or(1);
        is_within
    });
    piece.last().map_or(at, |(begin, _)| start + begin)
}

/// The end of a piece that begins at `at`, or `width` columns into the label from `first` to `at`, and fills so many
/// columns, not behind `end`.
fn ahead(text: &str, at: usize, end: usize, first: usize, width: usize) -> usize {
    let at = boundary(text, at.min(first + REACH));
    let end = boundary(text, end.min(at + REACH));
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
