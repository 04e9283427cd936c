//! Parses a text with a YAML mistake entry by entry, so that the mistake costs only one entry.
//!
//! Claim files have two levels of mappings: sections at the margin (`claims:`), and entries one level below
//! (`raid-militants:`). A text that cannot be parsed is cut at the lines that start a section or an entry, and each
//! piece is parsed separately. The pieces do not overlap, so the work stays linear.

use super::{NodeContent, ParseFailure, TreeBuilder};
use crate::source::Span;

/// Parses every piece of `text` that is YAML, to one mapping of sections. `failure` is the error of the whole text. It
/// is reported if no piece fails.
pub(super) fn read_by_entries<'t>(builder: &mut TreeBuilder<'t>, text: &'t str, failure: &ParseFailure) {
    let mut sections = Vec::new();
    let mut failed = false;
    for section in cut_into_pieces(text, 0, 0) {
        failed |= read_section(builder, text, section, &mut sections);
    }
    if !failed {
        builder.report_failure(text, failure);
    }
    if !sections.is_empty() {
        builder.tree.root = Some(push_mapping(builder, &sections));
    }
}

/// Parses one section, as a whole if possible, else by entries; returns whether something failed.
fn read_section<'t>(
    builder: &mut TreeBuilder<'t>,
    text: &'t str,
    piece: TextPiece,
    sections: &mut Vec<u32>,
) -> bool {
    if let Ok(read) = parse_piece(builder, text, piece) {
        sections.extend(read);
        return false;
    }
    let line = &text[piece.start..piece.end];
    let header = line.find('\n').map_or(line, |end| &line[..end]);
    let body = piece.start + header.len();
    let key = header.trim_end().strip_suffix(':').filter(|key| !key.contains([':', '#', '{', '[']));
    let Some(key) = key else {
        return parse_piece(builder, text, piece)
            .map_err(|failure| builder.report_failure(text, &failure))
            .is_err();
    };
    let mut entries = Vec::new();
    let mut failed = false;
    for entry in cut_into_pieces(&text[..piece.end], body, indent_of_first_line(&text[body..piece.end])) {
        match parse_piece(builder, text, entry) {
            Ok(read) => entries.extend(read),
            Err(failure) => {
                failed = true;
                builder.report_failure(text, &failure);
                entries.extend(refused_entry(builder, text, entry).into_iter().flatten());
            }
        }
    }
    let span = Span::new(piece.start, piece.start + key.len());
    let name = builder.push(span, NodeContent::Scalar { text: key.trim().into(), plain: true });
    let value = push_mapping(builder, &entries);
    sections.extend([name, value]);
    failed
}

/// Parses a piece that should be a mapping; returns its keys and values in turn. On failure no findings are added.
fn parse_piece<'t>(
    builder: &mut TreeBuilder<'t>,
    text: &'t str,
    piece: TextPiece,
) -> Result<Vec<u32>, ParseFailure> {
    let own = builder.findings.like();
    let before = std::mem::replace(&mut builder.findings, own);
    let content = text[piece.start..piece.end].trim_end();
    let read = builder.read(&text[piece.start..piece.end], piece.start);
    let own = std::mem::replace(&mut builder.findings, before);
    let root = read.map_err(|failure| {
        // If the parser stops after the end of this entry, the mistake is reported at its end.
        ParseFailure { at: failure.at.min(piece.start + content.len()), ..failure }
    })?;
    builder.findings.merge(own);
    let Some(root) = root else { return Ok(Vec::new()) };
    match builder.tree.nodes[root as usize].content {
        NodeContent::Mapping { first, count, .. } => {
            Ok(builder.tree.children[first as usize..(first + count) as usize].to_vec())
        }
        NodeContent::Refused => Ok(Vec::new()),
        _ => Err(ParseFailure { at: piece.start, message: "a `key:` is missing".into() }),
    }
}

/// The key of an entry that cannot be parsed, with a refused value: other entries may refer to it.
fn refused_entry<'t>(builder: &mut TreeBuilder<'t>, text: &'t str, entry: TextPiece) -> Option<[u32; 2]> {
    let line = text[entry.start..entry.end].lines().next()?;
    let (key, _) = line.split_once(':')?;
    let start = entry.start + key.len() - key.trim_start().len();
    let span = Span::new(start, entry.start + key.len());
    let is_plain = !key.trim().is_empty() && !key.contains(['"', '\'', '{', '[', '#', '&', '*', '!']);
    is_plain.then(|| {
        let name = builder.push(span, NodeContent::Scalar { text: key.trim().into(), plain: true });
        [name, builder.push(span, NodeContent::Refused)]
    })
}

fn push_mapping(builder: &mut TreeBuilder<'_>, children: &[u32]) -> u32 {
    let spans = children.iter().map(|&id| builder.tree.nodes[id as usize].span);
    let span = spans.reduce(Span::to).unwrap_or_default();
    let (first, count) = (builder.tree.children.len() as u32, children.len() as u32);
    builder.tree.children.extend(children);
    builder.push(span, NodeContent::Mapping { first, count, flow: false })
}

/// A part of a text, from byte `start` to byte `end`.
#[derive(Clone, Copy)]
struct TextPiece {
    start: usize,
    end: usize,
}

/// Cuts the text after `from` into pieces. A piece starts at each line that is indented by at most `indent` and is not
/// a comment, a list item or a closing bracket.
fn cut_into_pieces(text: &str, from: usize, indent: usize) -> Vec<TextPiece> {
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
    starts.iter().zip(ends).map(|(&start, end)| TextPiece { start, end }).collect()
}

/// The indent of the first line that is not empty and not a comment.
fn indent_of_first_line(text: &str) -> usize {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
    lines.map(|line| line.len() - line.trim_start_matches(' ').len()).next().unwrap_or(0)
}
