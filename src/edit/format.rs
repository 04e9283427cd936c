//! The layout of a claim file evened out: indentation, blanks, blank lines, comments, mappings between braces that
//! are too long for a line. The order of entries and of keys, quotes, and the lines of texts stay as people wrote
//! them. What a file says never changes: the new text is read again, and refused where it says anything else.

mod between;
mod flow;
mod lines;
mod print;
mod scalar;

use std::ops::Range;

use similar::{Algorithm, DiffTag};

use super::layout::{Edits, Obscure, line_break, line_start};
use super::{MOST_LINES, Refusal, TO_COMPARE, splice, verify};
use crate::finding::Finding;
use crate::id::{FileId, Id as _};
use crate::source::SourceFile;
use crate::yaml::{self, Tree};
use print::{Margins, Printed};

/// Columns of the longest mapping or list between braces that stays on its line.
const WIDTH: usize = 120;
/// The mark that some editors put before a text.
const MARK: char = '\u{feff}';

/// The text of a claim file with its layout evened out; the same text where there is nothing to even out. `path` is
/// what a refusal calls the file.
///
/// # Errors
/// Where the file is not YAML as a whole, or is written in a way that is not understood.
pub fn format(path: &str, text: &str) -> Result<String, Refusal> {
    let (mark, body) = split_mark(text);
    let formatted = formatted(body).map_err(|why| refusal(path, text, mark.len(), why))?;
    Ok(format!("{mark}{formatted}"))
}

/// The same as the fewest edits of lines, in the order of the text.
///
/// # Errors
/// As [`format()`].
pub fn format_edits(path: &str, text: &str) -> Result<Vec<(Range<usize>, String)>, Refusal> {
    Ok(edits_between(text, &format(path, text)?))
}

/// Evens out the entries (an actor, an event, a claim) that some lines touch, and nothing around them; `lines` are
/// counted from 0. Entries stay as far in as they stand.
///
/// # Errors
/// As [`format()`].
pub fn format_range(
    path: &str,
    text: &str,
    lines: Range<usize>,
) -> Result<Vec<(Range<usize>, String)>, Refusal> {
    let (mark, body) = split_mark(text);
    let refused = |why| refusal(path, text, mark.len(), why);
    let edits = ranged(body, lines).map_err(refused)?;
    Ok(edits.into_iter().map(|(span, new)| (span.start + mark.len()..span.end + mark.len(), new)).collect())
}

fn split_mark(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with(MARK) { MARK.len_utf8() } else { 0 })
}

fn refusal(path: &str, text: &str, before: usize, Obscure { at, why }: Obscure) -> Refusal {
    let line = SourceFile::new(path, text).line((before + at) as u32);
    Refusal::Layout { path: path.to_owned(), line, why }
}

fn formatted(text: &str) -> Result<String, Obscure> {
    let tree = read(text)?;
    let printed = print::print(text, &tree, Margins::Even)?;
    let after = printed.text(text);
    verified(&tree, &printed, &after, Margins::Even)?;
    Ok(after)
}

/// A text that is YAML as a whole and does without what claim files do without.
fn read(text: &str) -> Result<Tree<'_>, Obscure> {
    if let Some((at, _)) =
        text.match_indices('\r').find(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n'))
    {
        return Err(Obscure { at, why: "a carriage return stands alone, where a line should end".into() });
    }
    let (tree, findings) = yaml::parse(FileId::new(0), text);
    match findings.first() {
        None => Ok(tree),
        Some(Finding { message, labels, .. }) => {
            let at = labels.first().map_or(0, |label| label.location.span.start as usize);
            Err(Obscure { at, why: format!("{message}; mend it first") })
        }
    }
}

/// Refuses a text that says anything else, lost a comment, or would come out otherwise the next time.
fn verified(before: &Tree<'_>, printed: &Printed, after: &str, margins: Margins) -> Result<(), Obscure> {
    let damaged = |what: &str| {
        let why = format!("the way it is laid out is not understood, and {what}; it is left alone");
        Obscure { at: 0, why }
    };
    let tree = read(after).map_err(|_| damaged("it could not be read any more"))?;
    if !verify::says_the_same(before, &tree) {
        return Err(damaged("it would say something else"));
    }
    let again = print::print(after, &tree, margins)?;
    if again.comments != printed.comments {
        return Err(damaged("a comment would be lost"));
    }
    let is_stable = margins == Margins::AsTheyAre || again.text(after) == after;
    is_stable.then_some(()).ok_or_else(|| damaged("it would come out otherwise each time"))
}

fn ranged(text: &str, lines: Range<usize>) -> Result<Edits, Obscure> {
    let tree = read(text)?;
    let printed = print::print(text, &tree, Margins::AsTheyAre)?;
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
    let after = splice(text, spans).ok_or_else(|| Obscure {
        at: 0,
        why: "entries stand on one line, where one cannot be laid out alone".into(),
    })?;
    verified(&tree, &printed, &after, Margins::AsTheyAre)?;
    Ok(edits)
}

/// The lines that differ, as edits.
fn edits_between(before: &str, after: &str) -> Edits {
    if before == after {
        return Edits::new();
    }
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    if old.len() + new.len() > MOST_LINES {
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
    let deadline = std::time::Instant::now().checked_add(TO_COMPARE);
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
