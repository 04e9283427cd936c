//! Formats claim files: indentation, spaces, blank lines, comments, and braces that are too long for a line. The order
//! of entries and keys, quotes, and the line breaks of texts stay the same. The meaning of a file never changes: the
//! new text is parsed and compared, and refused if it is different.

mod between;
mod flow;
mod lines;
mod print;
mod scalar;

use std::ops::Range;

use similar::{Algorithm, DiffTag};

use super::layout::{Edits, UnsupportedLayout, line_break, line_start};
use super::{DIFF_TIMEOUT, MAX_DIFF_LINES, Refusal, splice, verify};
use gainsay_analysis::finding::Finding;
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::source::SourceFile;
use gainsay_analysis::yaml::{self, Tree};
use print::{Indentation, PrintedFile};

/// The largest width of a mapping or list in braces that stays on one line, in columns.
const MAX_WIDTH: usize = 120;
/// The byte-order mark that some editors write at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Formats the text of a claim file; a formatted text stays the same. `path` is only used in errors.
///
/// # Errors
/// If the text is not valid YAML, or has a layout that is not supported.
pub fn format(path: &str, text: &str) -> Result<String, Refusal> {
    let (mark, body) = split_byte_order_mark(text);
    let format_body = format_body(body).map_err(|why| refusal(path, text, mark.len(), why))?;
    Ok(format!("{mark}{format_body}"))
}

/// As [`format()`], but returns edits of the lines that change, in the order of the text.
///
/// # Errors
/// As [`format()`].
pub fn format_edits(path: &str, text: &str) -> Result<Vec<(Range<usize>, String)>, Refusal> {
    Ok(edits_between(text, &format(path, text)?))
}

/// Formats only the entries (an actor, an event, a claim) that are on some lines, which count from 0. The indentation
/// of these entries as a whole stays the same.
///
/// # Errors
/// As [`format()`].
pub fn format_range(
    path: &str,
    text: &str,
    lines: Range<usize>,
) -> Result<Vec<(Range<usize>, String)>, Refusal> {
    let (mark, body) = split_byte_order_mark(text);
    let refused = |why| refusal(path, text, mark.len(), why);
    let edits = format_entries(body, lines).map_err(refused)?;
    Ok(edits.into_iter().map(|(span, new)| (span.start + mark.len()..span.end + mark.len(), new)).collect())
}

fn split_byte_order_mark(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 })
}

fn refusal(
    path: &str,
    text: &str,
    before: usize,
    UnsupportedLayout { at, why }: UnsupportedLayout,
) -> Refusal {
    let line = SourceFile::new(path, text).line((before + at) as u32);
    Refusal::Layout { path: path.to_owned(), line, why }
}

fn format_body(text: &str) -> Result<String, UnsupportedLayout> {
    let tree = read(text)?;
    let printed = print::print(text, &tree, Indentation::Even)?;
    let after = printed.text(text);
    check_result(&tree, &printed, &after, Indentation::Even)?;
    Ok(after)
}

/// Parses a text. Returns an error if it is not valid YAML, or uses YAML that claim files do not allow.
fn read(text: &str) -> Result<Tree<'_>, UnsupportedLayout> {
    if let Some((at, _)) =
        text.match_indices('\r').find(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n'))
    {
        return Err(UnsupportedLayout { at, why: "there is a carriage return without a line feed".into() });
    }
    let (tree, findings) = yaml::parse(FileId::new(0), text);
    match findings.first() {
        None => Ok(tree),
        Some(Finding { message, labels, .. }) => {
            let at = labels.first().map_or(0, |label| label.location.span.start as usize);
            Err(UnsupportedLayout { at, why: format!("{message}; fix it first") })
        }
    }
}

/// Returns an error if the new text has another meaning, lost a comment, or would change again if it were formatted
/// again.
fn check_result(
    before: &Tree<'_>,
    printed: &PrintedFile,
    after: &str,
    indentation: Indentation,
) -> Result<(), UnsupportedLayout> {
    let damaged = |what: &str| {
        let why = format!("the layout is not supported, because {what}; the file was not changed");
        UnsupportedLayout { at: 0, why }
    };
    let tree = read(after).map_err(|_| damaged("the result could not be read"))?;
    if !verify::have_same_content(before, &tree) {
        return Err(damaged("the result would have another meaning"));
    }
    let again = print::print(after, &tree, indentation)?;
    if again.comments != printed.comments {
        return Err(damaged("a comment would be lost"));
    }
    let is_stable = indentation == Indentation::Keep || again.text(after) == after;
    is_stable.then_some(()).ok_or_else(|| damaged("the result would be different each time"))
}

fn format_entries(text: &str, lines: Range<usize>) -> Result<Edits, UnsupportedLayout> {
    let tree = read(text)?;
    let printed = print::print(text, &tree, Indentation::Keep)?;
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |at: usize| starts.partition_point(|&start| start <= at) - 1;
    let mut edits = Edits::new();
    for entry in &printed.entries {
        let (first, last) = (line_of(entry.span.start), line_of(entry.span.end));
        if last < lines.start || first >= lines.end.max(lines.start + 1) {
            continue;
        }
        let start = line_start(text, entry.span.start);
        let end = starts.get(last + 1).copied().unwrap_or(text.len());
        let new = printed.lines_of(entry.lines.clone(), line_break(text), text[start..end].ends_with('\n'));
        let within = edits_between(&text[start..end], &new);
        edits.extend(within.into_iter().map(|(span, new)| (span.start + start..span.end + start, new)));
    }
    let spans = edits.iter().map(|(span, new)| (span.clone(), new.as_str()));
    let after = splice(text, spans).ok_or_else(|| UnsupportedLayout {
        at: 0,
        why: "several entries are on one line, so one of them cannot be formatted alone".into(),
    })?;
    check_result(&tree, &printed, &after, Indentation::Keep)?;
    Ok(edits)
}

/// The differing lines, as edits.
fn edits_between(before: &str, after: &str) -> Edits {
    if before == after {
        return Edits::new();
    }
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    if old.len() + new.len() > MAX_DIFF_LINES {
        return vec![(0..before.len(), after.to_owned())];
    }
    let offset = |lines: &[&str]| {
        let mut at = 0;
        let ends = lines.iter().map(|line| {
            at += line.len();
            at
        });
        std::iter::once(0).chain(ends).collect::<Vec<usize>>()
    };
    let (old_at, new_at) = (offset(&old), offset(&new));
    let deadline = std::time::Instant::now().checked_add(DIFF_TIMEOUT);
    let ops = similar::capture_diff_slices_deadline(Algorithm::Myers, &old, &new, deadline);
    let mut edits = Edits::new();
    let (mut was, mut is) = (0, 0);
    let alike =
        ops.into_iter().filter(|op| op.tag() == DiffTag::Equal).map(|op| (op.old_range(), op.new_range()));
    for (old_alike, new_alike) in alike.chain([(old.len()..old.len(), new.len()..new.len())]) {
        if was < old_alike.start || is < new_alike.start {
            let text = &after[new_at[is]..new_at[new_alike.start]];
            edits.push((old_at[was]..old_at[old_alike.start], text.to_owned()));
        }
        (was, is) = (old_alike.end, new_alike.end);
    }
    edits
}
