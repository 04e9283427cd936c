//! Reading a text that is not YAML as a whole: by entries, so that a mistake costs one entry.
//!
//! Claim files are two levels of mappings: sections at the margin (`claims:`), entries one level in
//! (`raid-militants:`). A text that breaks is cut at the lines that start one of these, and each piece is
//! read alone, at its place. All pieces together are the text once, so the work stays linear.

use super::{Broken, Builder, Kind};
use crate::source::Span;

/// Reads every piece of `text` that is YAML into one mapping of sections. `broken` is what the whole text
/// failed with; it is reported where no piece fails by itself.
pub(super) fn read_by_entries<'t>(builder: &mut Builder<'t>, text: &'t str, broken: &Broken) {
    let mut sections = Vec::new();
    let mut failed = false;
    for section in pieces(text, 0, 0) {
        failed |= read_section(builder, text, section, &mut sections);
    }
    if !failed {
        builder.break_off(text, broken);
    }
    if !sections.is_empty() {
        builder.tree.root = Some(mapping(builder, &sections));
    }
}

/// Reads one section, whole if it can be, else by entries; says whether something in it failed.
fn read_section<'t>(builder: &mut Builder<'t>, text: &'t str, piece: Piece, sections: &mut Vec<u32>) -> bool {
    if let Ok(read) = attempt(builder, text, piece) {
        sections.extend(read);
        return false;
    }
    let line = &text[piece.start..piece.end];
    let header = line.find('\n').map_or(line, |end| &line[..end]);
    let body = piece.start + header.len();
    let key = header.trim_end().strip_suffix(':').filter(|key| !key.contains([':', '#', '{', '[']));
    let Some(key) = key else {
        return attempt(builder, text, piece).map_err(|broken| builder.break_off(text, &broken)).is_err();
    };
    let mut entries = Vec::new();
    let mut failed = false;
    for entry in pieces(&text[..piece.end], body, indent_of_first_line(&text[body..piece.end])) {
        match attempt(builder, text, entry) {
            Ok(read) => entries.extend(read),
            Err(broken) => {
                failed = true;
                builder.break_off(text, &broken);
                entries.extend(refused(builder, text, entry).into_iter().flatten());
            }
        }
    }
    let span = Span::new(piece.start, piece.start + key.len());
    let name = builder.push(span, Kind::Scalar { text: key.trim().into(), plain: true });
    let value = mapping(builder, &entries);
    sections.extend([name, value]);
    failed
}

/// Reads a piece that should be a mapping; gives its keys and values in turn. Leaves no trace if it fails.
fn attempt<'t>(builder: &mut Builder<'t>, text: &'t str, piece: Piece) -> Result<Vec<u32>, Broken> {
    let own = builder.findings.like();
    let before = std::mem::replace(&mut builder.findings, own);
    let content = text[piece.start..piece.end].trim_end();
    let read = builder.read(&text[piece.start..piece.end], piece.start);
    let own = std::mem::replace(&mut builder.findings, before);
    let root = read.map_err(|broken| {
        // A parser that runs on to the next entry has seen nothing of this one that is at fault there.
        Broken { at: broken.at.min(piece.start + content.len()), ..broken }
    })?;
    builder.findings.merge(own);
    let Some(root) = root else { return Ok(Vec::new()) };
    match builder.tree.nodes[root as usize].kind {
        Kind::Mapping { first, count, .. } => {
            Ok(builder.tree.children[first as usize..(first + count) as usize].to_vec())
        }
        Kind::Refused => Ok(Vec::new()),
        _ => Err(Broken { at: piece.start, message: "a `key:` is missing".into() }),
    }
}

/// The key of an entry that cannot be read, with nothing to read under it: others may refer to it.
fn refused<'t>(builder: &mut Builder<'t>, text: &'t str, entry: Piece) -> Option<[u32; 2]> {
    let line = text[entry.start..entry.end].lines().next()?;
    let (key, _) = line.split_once(':')?;
    let start = entry.start + key.len() - key.trim_start().len();
    let span = Span::new(start, entry.start + key.len());
    let is_plain = !key.trim().is_empty() && !key.contains(['"', '\'', '{', '[', '#', '&', '*', '!']);
    is_plain.then(|| {
        let name = builder.push(span, Kind::Scalar { text: key.trim().into(), plain: true });
        [name, builder.push(span, Kind::Refused)]
    })
}

fn mapping(builder: &mut Builder<'_>, children: &[u32]) -> u32 {
    let spans = children.iter().map(|&id| builder.tree.nodes[id as usize].span);
    let span = spans.reduce(Span::to).unwrap_or_default();
    let (first, count) = (builder.tree.children.len() as u32, children.len() as u32);
    builder.tree.children.extend(children);
    builder.push(span, Kind::Mapping { first, count, flow: false })
}

/// Part of a text, in bytes of it.
#[derive(Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
}

/// Cuts the text from `from` on at each line that starts with something other than a comment or a list
/// item at this indent or left of it.
fn pieces(text: &str, from: usize, indent: usize) -> Vec<Piece> {
    let mut starts = Vec::new();
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let content = line.trim_start_matches(' ');
        let first = content.trim_end_matches(['\r', '\n', ' ']).chars().next();
        let starts_piece = first.is_some_and(|first| !matches!(first, '#' | '-' | '}' | ']' | '\t'));
        if starts_piece && line.len() - content.len() <= indent {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| Piece { start, end }).collect()
}

/// The indent of the first line that holds more than a comment.
fn indent_of_first_line(text: &str) -> usize {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
    lines.map(|line| line.len() - line.trim_start_matches(' ').len()).next().unwrap_or(0)
}
