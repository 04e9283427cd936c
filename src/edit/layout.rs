//! Which spans of a file to edit: where an entry goes in, and what goes out with it. Layouts that are not
//! understood are refused; `verify` holds the result against what was meant in any case.

use std::ops::Range;

use crate::yaml::{NodeRef, Shape, Tree};

const LF: &str = "\n";
const CRLF: &str = "\r\n";

/// Edits of one text: what is replaced, and by what.
pub(super) type Edits = Vec<(Range<usize>, String)>;

/// Why a file cannot be changed, and the byte to look at.
#[derive(Debug)]
pub(super) struct Obscure {
    pub(super) at: usize,
    pub(super) why: String,
}

pub(super) fn obscure(at: usize, why: impl Into<String>) -> Obscure {
    Obscure { at, why: why.into() }
}

/// How far in an entry stands, and its keys within it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Margin {
    /// Blanks before the id.
    pub(super) indent: usize,
    /// Blanks more before its keys.
    pub(super) step: usize,
}

/// The edits that append an entry to a section, which is begun where it is missing. `lines` makes the lines of
/// the entry for a margin; they end with `line_break` where the text has no line end yet.
pub(super) fn append(
    text: &str,
    tree: &Tree<'_>,
    section: &str,
    line_break: &'static str,
    lines: &dyn Fn(Margin) -> Vec<String>,
) -> Result<Edits, Obscure> {
    let line_break = known_line_break(text).unwrap_or(line_break);
    let Some(root) = tree.root().filter(|root| root.shape() != Shape::Empty) else {
        return Ok(begin(text, 0, section, line_break, lines));
    };
    let outer = margin_of(text, root)?;
    let Some((key, value)) = root.entries().find(|(key, _)| key.text() == Some(section)) else {
        return Ok(begin(text, outer, section, line_break, lines));
    };
    let inner = Margin { indent: outer + 2, step: 2 };
    match value.shape() {
        Shape::Empty => {
            let colon = colon(text, key)?;
            let at = header_end(text, colon, outer)?;
            Ok(vec![(at..at, joined(line_break, &lines(inner), false))])
        }
        Shape::Mapping if value.entries().len() == 0 => {
            let (colon, braces) = (colon(text, key)?, value.span().range());
            let within = text[braces.clone()].trim_matches(['{', '}', ' ']);
            if !within.is_empty() || !text[colon..braces.start].trim().is_empty() {
                return Err(obscure(braces.start, "a comment stands between the braces; write `{}`"));
            }
            let at = header_end(text, braces.end, outer)?;
            Ok(vec![(colon..braces.end, String::new()), (at..at, joined(line_break, &lines(inner), false))])
        }
        Shape::Mapping if value.is_flow() => Err(between_braces(value, section)),
        Shape::Mapping => {
            let entries: Vec<_> = value.entries().collect();
            let (last, body) = *entries.last().ok_or_else(|| obscure(key.span().start as usize, ""))?;
            let indent = own_line(text, last)?;
            let margin = Margin { indent, step: step(text, &entries, indent) };
            let at = end_of(text, last, body, indent);
            let spaced = entries.len() > 1 && is_blank(text, line_before(text, last.span().start as usize));
            Ok(vec![(at..at, joined(line_break, &lines(margin), spaced))])
        }
        _ => Err(obscure(value.span().start as usize, format!("`{section}` is no mapping of ids"))),
    }
}

/// The edits that take an entry out of a section, by the byte at which its id starts. Comments above it stay; the
/// last entry leaves `{}`.
pub(super) fn remove(text: &str, tree: &Tree<'_>, section: &str, id: usize) -> Result<Edits, Obscure> {
    let sections = tree.root().into_iter().flat_map(NodeRef::entries);
    let found = sections.filter(|(key, _)| key.text() == Some(section)).find_map(|(header, value)| {
        let at = value.entries().position(|(key, _)| key.span().start as usize == id)?;
        Some((header, value, at))
    });
    let Some((header, value, at)) = found else {
        return Err(obscure(id, "the entry is not where it was read"));
    };
    if value.is_flow() {
        return Err(between_braces(value, section));
    }
    let (key, body) = value.entries().nth(at).ok_or_else(|| obscure(id, "the entry is gone"))?;
    let indent = own_line(text, key)?;
    let mut span = end_of_line(text, line_before(text, id))..end_of(text, key, body, indent);
    if at > 0 || value.entries().len() == 1 {
        // The blank lines that set it apart from the one before go with it.
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

fn between_braces(value: NodeRef<'_, '_>, section: &str) -> Obscure {
    let why =
        format!("`{section}` stands between braces; write each entry on lines of its own, then try again");
    obscure(value.span().start as usize, why)
}

/// A section with its first entry, at the end of the text.
fn begin(
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
    new.push_str(&joined(line_break, &lines(Margin { indent: indent + 2, step: 2 }), false));
    if ended {
        new.push_str(line_break);
    }
    vec![(text.len()..text.len(), new)]
}

/// How far in the sections stand.
fn margin_of(text: &str, root: NodeRef<'_, '_>) -> Result<usize, Obscure> {
    let start = root.span().start as usize;
    if root.shape() != Shape::Mapping {
        return Err(obscure(start, "the file is no mapping of sections"));
    }
    if root.is_flow() {
        return Err(obscure(
            start,
            "the whole file stands between braces; write its sections on lines of their own",
        ));
    }
    root.entries().next().map_or(Ok(0), |(key, _)| own_line(text, key))
}

/// The byte after the colon of a key.
pub(super) fn colon(text: &str, key: NodeRef<'_, '_>) -> Result<usize, Obscure> {
    let end = key.span().end as usize;
    let blanks = text[end..].len() - text[end..].trim_start_matches(' ').len();
    let found = text[end + blanks..].starts_with(':').then_some(end + blanks + 1);
    found.ok_or_else(|| obscure(end, "no colon stands behind the key"))
}

/// Where the first entry of an empty section goes: behind its line, and behind the comments in it.
pub(super) fn header_end(text: &str, from: usize, outer: usize) -> Result<usize, Obscure> {
    let end = end_of_line(text, from);
    let rest = text[from..end].trim();
    if !(rest.is_empty() || rest.starts_with('#')) {
        return Err(obscure(from, "more stands on the line of the section than its name"));
    }
    Ok(with_comments(text, end, outer))
}

/// How far in a key stands that begins its line.
pub(super) fn own_line(text: &str, key: NodeRef<'_, '_>) -> Result<usize, Obscure> {
    let at = key.span().start as usize;
    let start = line_start(text, at);
    let begins = text[start..at].bytes().all(|byte| byte == b' ');
    begins.then_some(at - start).ok_or_else(|| obscure(at, "something stands before the key on its line"))
}

/// How much further in the keys of the entries stand, as the last entry with keys on lines of their own has it.
fn step(text: &str, entries: &[(NodeRef<'_, '_>, NodeRef<'_, '_>)], indent: usize) -> usize {
    let in_lines = entries.iter().rev().filter(|(_, body)| !body.is_flow());
    let keys = in_lines.filter_map(|(_, body)| body.entries().next());
    let steps = keys.filter_map(|(key, _)| own_line(text, key).ok()?.checked_sub(indent));
    steps.into_iter().find(|&step| step > 0).unwrap_or(2)
}

/// Where the text of an entry ends: on its last line, comments further in than its id included.
pub(super) fn end_of(text: &str, key: NodeRef<'_, '_>, value: NodeRef<'_, '_>, indent: usize) -> usize {
    match last(text, key, value) {
        Last::At(end) => {
            let end = text[..end].trim_end().len().max(key.span().end as usize);
            with_comments(text, end_of_line(text, end), indent)
        }
        Last::Block(start) => {
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

/// What the last line of an entry belongs to.
enum Last {
    /// Something that ends at this byte.
    At(usize),
    /// A text in lines, which goes on as far as they are indented.
    Block(usize),
}

fn last<'a, 't>(text: &str, mut key: NodeRef<'a, 't>, mut value: NodeRef<'a, 't>) -> Last {
    loop {
        let start = value.span().start as usize;
        let is_block = !text[start.min(text.len())..].starts_with(['{', '[']);
        let inner = match value.shape() {
            Shape::Empty => return Last::At(key.span().end as usize),
            Shape::Mapping if is_block => value.entries().last(),
            Shape::List if is_block => value.items().last().map(|item| (value, item)),
            Shape::Scalar if text[start..].starts_with(['|', '>']) => return Last::Block(start),
            _ => None,
        };
        match inner {
            Some((inner_key, inner_value)) => (key, value) = (inner_key, inner_value),
            None => return Last::At(value.span().end as usize),
        }
    }
}

/// The end of the comments that follow a line and stand further in than `indent`; else the end of the line.
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

/// Lines behind what stands before them.
fn joined(line_break: &str, lines: &[String], spaced: bool) -> String {
    let mut joined = String::new();
    if spaced {
        joined.push_str(line_break);
    }
    for line in lines {
        joined.push_str(line_break);
        joined.push_str(line);
    }
    joined
}

/// How the lines of a text end.
pub(super) fn line_break(text: &str) -> &'static str {
    known_line_break(text).unwrap_or(LF)
}

/// How the first line of a text ends; none where it has no line end.
fn known_line_break(text: &str) -> Option<&'static str> {
    let first = text.find('\n')?;
    Some(if text[..first].ends_with('\r') { CRLF } else { LF })
}

/// How the lines of most of these texts end. A text without a line end does not count; where both are as
/// frequent, a line feed alone.
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

/// Where the line ends in which a byte stands, without its break.
pub(super) fn end_of_line(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// Where the line starts that stands before the line of a byte; that line itself where it is the first.
fn line_before(text: &str, at: usize) -> usize {
    line_start(text, line_start(text, at).saturating_sub(1))
}

/// Where the line starts that stands behind the line of a byte.
fn line_after(text: &str, at: usize) -> Option<usize> {
    let next = at + text[at..].find('\n')? + 1;
    (next < text.len()).then_some(next)
}

/// Whether a line that starts at a byte holds nothing.
fn is_blank(text: &str, start: usize) -> bool {
    text[start..end_of_line(text, start)].trim().is_empty()
}

fn indent_of(text: &str, start: usize) -> usize {
    text[start..].len() - text[start..].trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{FileId, Id as _};
    use crate::yaml;

    fn edited(text: &str, edits: &Edits) -> String {
        crate::edit::splice(text, edits.iter().map(|(span, new)| (span.clone(), new.as_str()))).unwrap()
    }

    fn appended(text: &str) -> Result<String, Obscure> {
        let (tree, _) = yaml::parse(FileId::new(0), text);
        let entry = |Margin { indent, step }: Margin| {
            vec![format!("{:indent$}new:", ""), format!("{:1$}k: v", "", indent + step)]
        };
        append(text, &tree, "reviews", CRLF, &entry).map(|edits| edited(text, &edits))
    }

    fn removed(text: &str, id: &str) -> Result<String, Obscure> {
        let (tree, _) = yaml::parse(FileId::new(0), text);
        remove(text, &tree, "reviews", text.find(&format!("{id}:")).unwrap())
            .map(|edits| edited(text, &edits))
    }

    #[test]
    fn an_entry_goes_in_behind_the_last_one() {
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
    fn what_is_not_understood_is_refused() {
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
    fn an_entry_goes_out_with_its_own_lines() {
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
