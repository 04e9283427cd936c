//! Finds the spans of a file to edit when an entry is added or removed. Layouts that are not supported are refused. The
//! result is checked by `verify` in any case.

use std::ops::Range;

use gainsay_analysis::yaml::{NodeKind, NodeRef, Tree};

const LF: &str = "\n";
const CRLF: &str = "\r\n";

/// Edits to a text: the replaced spans and the new texts.
pub(super) type Edits = Vec<(Range<usize>, String)>;

/// The layout of a file is not supported: the byte to look at, and the reason.
#[derive(Debug)]
pub(super) struct UnsupportedLayout {
    pub(super) at: usize,
    pub(super) why: String,
}

pub(super) fn unsupported(at: usize, why: impl Into<String>) -> UnsupportedLayout {
    UnsupportedLayout { at, why: why.into() }
}

/// The indentation of an entry and of its keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Margin {
    /// The number of spaces before the id.
    pub(super) indent: usize,
    /// The number of further spaces before its keys.
    pub(super) step: usize,
}

/// The edits that append an entry to a section, which is created if it is missing. `lines` makes the lines of the
/// entry for a margin. `line_break` is used if the text has no line break yet.
pub(super) fn append(
    text: &str,
    tree: &Tree<'_>,
    section: &str,
    line_break: &'static str,
    lines: &dyn Fn(Margin) -> Vec<String>,
) -> Result<Edits, UnsupportedLayout> {
    let line_break = known_line_break(text).unwrap_or(line_break);
    let Some(root) = tree.root().filter(|root| root.shape() != NodeKind::Empty) else {
        return Ok(new_section(text, 0, section, line_break, lines));
    };
    let outer = margin_of(text, root)?;
    let Some((key, value)) = root.entries().find(|(key, _)| key.text() == Some(section)) else {
        return Ok(new_section(text, outer, section, line_break, lines));
    };
    let inner = Margin { indent: outer + 2, step: 2 };
    match value.shape() {
        NodeKind::Empty => {
            let colon = colon(text, key)?;
            let at = header_end(text, colon, outer)?;
            Ok(vec![(at..at, join_lines(line_break, &lines(inner), false))])
        }
        NodeKind::Mapping if value.entries().len() == 0 => {
            let (colon, braces) = (colon(text, key)?, value.span().range());
            let within = text[braces.clone()].trim_matches(['{', '}', ' ']);
            if !within.is_empty() || !text[colon..braces.start].trim().is_empty() {
                return Err(unsupported(braces.start, "there is a comment inside the braces; write `{}`"));
            }
            let at = header_end(text, braces.end, outer)?;
            Ok(vec![
                (colon..braces.end, String::new()),
                (at..at, join_lines(line_break, &lines(inner), false)),
            ])
        }
        NodeKind::Mapping if value.is_flow() => Err(in_braces(value, section)),
        NodeKind::Mapping => {
            let entries: Vec<_> = value.entries().collect();
            let (last, body) = *entries.last().ok_or_else(|| unsupported(key.span().start as usize, ""))?;
            let indent = indent_on_own_line(text, last)?;
            let margin = Margin { indent, step: step(text, &entries, indent) };
            let at = end_of(text, last, body, indent);
            let has_blank_line =
                entries.len() > 1 && is_blank(text, line_before(text, last.span().start as usize));
            Ok(vec![(at..at, join_lines(line_break, &lines(margin), has_blank_line))])
        }
        _ => Err(unsupported(value.span().start as usize, format!("`{section}` is not a mapping of ids"))),
    }
}

/// The edits that remove the entry whose id starts at the byte `id`. Comments above it stay. If it is the only entry,
/// the section becomes `{}`.
pub(super) fn remove(
    text: &str,
    tree: &Tree<'_>,
    section: &str,
    id: usize,
) -> Result<Edits, UnsupportedLayout> {
    let sections = tree.root().into_iter().flat_map(NodeRef::entries);
    let found = sections.filter(|(key, _)| key.text() == Some(section)).find_map(|(header, value)| {
        let at = value.entries().position(|(key, _)| key.span().start as usize == id)?;
        Some((header, value, at))
    });
    let Some((header, value, at)) = found else {
        return Err(unsupported(id, "the entry is not where it was read"));
    };
    if value.is_flow() {
        return Err(in_braces(value, section));
    }
    let (key, body) = value.entries().nth(at).ok_or_else(|| unsupported(id, "the entry is gone"))?;
    let indent = indent_on_own_line(text, key)?;
    let mut span = end_of_line(text, line_before(text, id))..end_of(text, key, body, indent);
    if at > 0 || value.entries().len() == 1 {
        // Also remove the blank lines before the entry.
        while span.start > 0 && is_blank(text, line_start(text, span.start)) {
            span.start = end_of_line(text, line_before(text, span.start));
        }
    } else {
        while let Some(next) = line_after(text, span.end).filter(|&next| is_blank(text, next)) {
            span.end = end_of_line(text, next);
        }
    }
    let mut edits = vec![(span, String::new())];
    if value.entries().len() == 1 {
        let colon = colon(text, header)?;
        edits.insert(0, (colon..colon, " {}".to_owned()));
    }
    Ok(edits)
}

fn in_braces(value: NodeRef<'_, '_>, section: &str) -> UnsupportedLayout {
    let why =
        format!("`{section}` is written in braces; write each entry on lines of its own, then try again");
    unsupported(value.span().start as usize, why)
}

/// The edits that add a section with its first entry at the end of the text.
fn new_section(
    text: &str,
    indent: usize,
    section: &str,
    line_break: &str,
    lines: &dyn Fn(Margin) -> Vec<String>,
) -> Edits {
    let mut new = String::new();
    let ended = text.is_empty() || text.ends_with('\n');
    if !ended {
        new.push_str(line_break);
    }
    let is_set_apart = text.trim().is_empty() || (ended && is_blank(text, line_before(text, text.len())));
    if !is_set_apart {
        new.push_str(line_break);
    }
    new.extend([" ".repeat(indent).as_str(), section, ":"]);
    new.push_str(&join_lines(line_break, &lines(Margin { indent: indent + 2, step: 2 }), false));
    if ended {
        new.push_str(line_break);
    }
    vec![(text.len()..text.len(), new)]
}

/// The indentation of the sections.
fn margin_of(text: &str, root: NodeRef<'_, '_>) -> Result<usize, UnsupportedLayout> {
    let start = root.span().start as usize;
    if root.shape() != NodeKind::Mapping {
        return Err(unsupported(start, "the file is not a mapping of sections"));
    }
    if root.is_flow() {
        return Err(unsupported(
            start,
            "the whole file is written in braces; write its sections on lines of their own",
        ));
    }
    root.entries().next().map_or(Ok(0), |(key, _)| indent_on_own_line(text, key))
}

/// The byte after the colon of a key.
pub(super) fn colon(text: &str, key: NodeRef<'_, '_>) -> Result<usize, UnsupportedLayout> {
    let end = key.span().end as usize;
    let blanks = text[end..].len() - text[end..].trim_start_matches(' ').len();
    let found = text[end + blanks..].starts_with(':').then_some(end + blanks + 1);
    found.ok_or_else(|| unsupported(end, "there is no colon after the key"))
}

/// The position for the first entry of an empty section: after its line and the comments in it.
pub(super) fn header_end(text: &str, from: usize, outer: usize) -> Result<usize, UnsupportedLayout> {
    let end = end_of_line(text, from);
    let rest = text[from..end].trim();
    if !(rest.is_empty() || rest.starts_with('#')) {
        return Err(unsupported(from, "there is more than the name on the line of the section"));
    }
    Ok(with_comments(text, end, outer))
}

/// The indentation of a key. Returns an error if the key does not begin its line.
pub(super) fn indent_on_own_line(text: &str, key: NodeRef<'_, '_>) -> Result<usize, UnsupportedLayout> {
    let at = key.span().start as usize;
    let start = line_start(text, at);
    let begins = text[start..at].bytes().all(|byte| byte == b' ');
    begins
        .then_some(at - start)
        .ok_or_else(|| unsupported(at, "there is something before the key on its line"))
}

/// The additional indentation of the keys of an entry, as in the last entry with keys on lines of their own.
fn step(text: &str, entries: &[(NodeRef<'_, '_>, NodeRef<'_, '_>)], indent: usize) -> usize {
    let in_lines = entries.iter().rev().filter(|(_, body)| !body.is_flow());
    let keys = in_lines.filter_map(|(_, body)| body.entries().next());
    let steps = keys.filter_map(|(key, _)| indent_on_own_line(text, key).ok()?.checked_sub(indent));
    steps.into_iter().find(|&step| step > 0).unwrap_or(2)
}

/// The end of the text of an entry, including comments that are indented further than its id.
pub(super) fn end_of(text: &str, key: NodeRef<'_, '_>, value: NodeRef<'_, '_>, indent: usize) -> usize {
    match entry_end(text, key, value) {
        EntryEnd::At(end) => {
            let end = text[..end].trim_end().len().max(key.span().end as usize);
            with_comments(text, end_of_line(text, end), indent)
        }
        EntryEnd::Block(start) => {
            let mut end = end_of_line(text, start);
            let mut at = end;
            while let Some(next) = line_after(text, at) {
                at = end_of_line(text, next);
                if is_blank(text, next) {
                    continue;
                }
                if indent_of(text, next) <= indent {
                    break;
                }
                end = at;
            }
            end
        }
    }
}

/// The end of an entry.
enum EntryEnd {
    /// A value that ends at this byte.
    At(usize),
    /// A block scalar that starts at this byte, and goes on as long as its lines are indented.
    Block(usize),
}

fn entry_end<'a, 't>(text: &str, mut key: NodeRef<'a, 't>, mut value: NodeRef<'a, 't>) -> EntryEnd {
    loop {
        let start = value.span().start as usize;
        let is_block = !text[start.min(text.len())..].starts_with(['{', '[']);
        let inner = match value.shape() {
            NodeKind::Empty => return EntryEnd::At(key.span().end as usize),
            NodeKind::Mapping if is_block => value.entries().last(),
            NodeKind::List if is_block => value.items().last().map(|item| (value, item)),
            NodeKind::Scalar if text[start..].starts_with(['|', '>']) => return EntryEnd::Block(start),
            _ => None,
        };
        match inner {
            Some((inner_key, inner_value)) => (key, value) = (inner_key, inner_value),
            None => return EntryEnd::At(value.span().end as usize),
        }
    }
}

/// The end of the comments that follow a line and are indented further than `indent`; the end of the line if there are
/// none.
fn with_comments(text: &str, end: usize, indent: usize) -> usize {
    let (mut with, mut at) = (end, end);
    while let Some(next) = line_after(text, at) {
        at = end_of_line(text, next);
        if is_blank(text, next) {
            continue;
        }
        if !text[next..at].trim_start().starts_with('#') || indent_of(text, next) <= indent {
            break;
        }
        with = at;
    }
    with
}

/// Joins lines, each with a line break before it.
fn join_lines(line_break: &str, lines: &[String], has_blank_line: bool) -> String {
    let mut join_lines = String::new();
    if has_blank_line {
        join_lines.push_str(line_break);
    }
    for line in lines {
        join_lines.push_str(line_break);
        join_lines.push_str(line);
    }
    join_lines
}

/// The line break of a text; a line feed if it has none.
pub(super) fn line_break(text: &str) -> &'static str {
    known_line_break(text).unwrap_or(LF)
}

/// The first line break of a text; none if it has none.
fn known_line_break(text: &str) -> Option<&'static str> {
    let first = text.find('\n')?;
    Some(if text[..first].ends_with('\r') { CRLF } else { LF })
}

/// The line break of most of these texts. Texts without a line break are ignored. If both kinds are equally frequent,
/// it is a line feed.
pub(super) fn usual_line_break<'t>(texts: impl IntoIterator<Item = &'t str>) -> &'static str {
    let (mut lf, mut crlf) = (0, 0);
    for known in texts.into_iter().filter_map(known_line_break) {
        *(if known == CRLF { &mut crlf } else { &mut lf }) += 1;
    }
    if crlf > lf { CRLF } else { LF }
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The end of the line that contains a byte, without its line break.
pub(super) fn end_of_line(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// The start of the line before the line of a byte; for the first line, its own start.
fn line_before(text: &str, at: usize) -> usize {
    line_start(text, line_start(text, at).saturating_sub(1))
}

/// The start of the line after the line of a byte; none if there is none.
fn line_after(text: &str, at: usize) -> Option<usize> {
    let next = at + text[at..].find('\n')? + 1;
    (next < text.len()).then_some(next)
}

/// Whether the line that starts at a byte is blank.
fn is_blank(text: &str, start: usize) -> bool {
    text[start..end_of_line(text, start)].trim().is_empty()
}

fn indent_of(text: &str, start: usize) -> usize {
    text[start..].len() - text[start..].trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_analysis::id::{FileId, Id as _};
    use gainsay_analysis::yaml;

    fn edited(text: &str, edits: &Edits) -> String {
        crate::edit::splice(text, edits.iter().map(|(span, new)| (span.clone(), new.as_str()))).unwrap()
    }

    fn appended(text: &str) -> Result<String, UnsupportedLayout> {
        let (tree, _) = yaml::parse(FileId::new(0), text);
        let entry = |Margin { indent, step }: Margin| {
            vec![format!("{:indent$}new:", ""), format!("{:1$}k: v", "", indent + step)]
        };
        append(text, &tree, "reviews", CRLF, &entry).map(|edits| edited(text, &edits))
    }

    fn removed(text: &str, id: &str) -> Result<String, UnsupportedLayout> {
        let (tree, _) = yaml::parse(FileId::new(0), text);
        remove(text, &tree, "reviews", text.find(&format!("{id}:")).unwrap())
            .map(|edits| edited(text, &edits))
    }

    #[test]
    fn append_adds_an_entry_after_the_last_one() {
        for (before, after) in [
            ("", "reviews:\r\n  new:\r\n    k: v\r\n"),
            ("# notes\n", "# notes\n\nreviews:\n  new:\n    k: v\n"),
            ("actors: {}\n\n", "actors: {}\n\nreviews:\n  new:\n    k: v\n"),
            ("actors: {}", "actors: {}\r\n\r\nreviews:\r\n  new:\r\n    k: v"),
            ("reviews: {}", "reviews:\r\n  new:\r\n    k: v"),
            ("actors: {}\r\n", "actors: {}\r\n\r\nreviews:\r\n  new:\r\n    k: v\r\n"),
            ("reviews:\n", "reviews:\n  new:\n    k: v\n"),
            (
                "reviews: # ours\n  # one each\n# others\n",
                "reviews: # ours\n  # one each\n  new:\n    k: v\n# others\n",
            ),
            ("reviews: {} # none\nactors: {}\n", "reviews: # none\n  new:\n    k: v\nactors: {}\n"),
            ("reviews:\n a:\n    k: v", "reviews:\n a:\n    k: v\n new:\n    k: v"),
            (
                "reviews:\n  a: { k: v } # x\n  # end\nactors: {}\n",
                "reviews:\n  a: { k: v } # x\n  new:\n    k: v\n  # end\nactors: {}\n",
            ),
            ("reviews:\n  a: {\n    k: v\n  }\n\n", "reviews:\n  a: {\n    k: v\n  }\n  new:\n    k: v\n\n"),
            (
                "reviews:\n  a:\n\n  b:\n    # deeper\n  # end\n",
                "reviews:\n  a:\n\n  b:\n    # deeper\n\n  new:\n    k: v\n  # end\n",
            ),
            (
                "reviews:\n  a:\n    k: |\n      x\n\n     # y\n\nactors:\n",
                "reviews:\n  a:\n    k: |\n      x\n\n     # y\n  new:\n    k: v\n\nactors:\n",
            ),
            (
                "reviews:\n  a:\n    k: x\n     y\n    l: [1,\n      2]\n",
                "reviews:\n  a:\n    k: x\n     y\n    l: [1,\n      2]\n  new:\n    k: v\n",
            ),
        ] {
            assert_eq!(appended(before).unwrap(), after, "{before:?}");
        }
    }

    #[test]
    fn usual_line_break_is_that_of_most_texts() {
        for (texts, usual) in [
            (&[][..], LF),
            (&["a", "", "b\r\n"], CRLF),
            (&["a\n", "b\r\n"], LF),
            (&["a\r\nb\n", "b\r\n", "c\n"], CRLF),
            (&["a\n", "b\n", "c\r\n"], LF),
            (&["a\r"], LF),
        ] {
            assert_eq!(usual_line_break(texts.iter().copied()), usual, "{texts:?}");
        }
    }

    #[test]
    fn append_refuses_unsupported_layouts() {
        for (text, at) in [
            ("reviews: { a: {} }\n", 9),
            ("{ reviews: {} }\n", 0),
            ("- a\n", 0),
            ("reviews: []\n", 9),
            ("reviews: { # none\n  }\n", 9),
            ("reviews:\n  ? a\n  : {}\n", 13),
        ] {
            assert_eq!(appended(text).unwrap_err().at, at, "{text:?}");
        }
    }

    #[test]
    fn remove_deletes_the_lines_of_an_entry() {
        for (before, id, after) in [
            ("reviews:\n  aa: {}\n  bb: {}\n", "aa", "reviews:\n  bb: {}\n"),
            ("reviews:\n  aa: {}\n\n  bb: {}\n\nactors:\n", "aa", "reviews:\n  bb: {}\n\nactors:\n"),
            ("reviews:\n  aa: {}\n\n  bb: {}\n\nactors:\n", "bb", "reviews:\n  aa: {}\n\nactors:\n"),
            (
                "reviews:\n  # of aa\n  aa:\n    k: v # x\n    # y\n  # end\n  bb:",
                "aa",
                "reviews:\n  # of aa\n  # end\n  bb:",
            ),
            ("reviews: # ours\n\n  aa:\n    k: |\n      v\n\n# z\n", "aa", "reviews: {} # ours\n\n# z\n"),
            ("reviews:\r\n  aa: {}", "aa", "reviews: {}"),
        ] {
            assert_eq!(removed(before, id).unwrap(), after, "{before:?}");
        }
        assert!(removed("reviews: { aa: {} }\n", "aa").is_err());
    }
}
