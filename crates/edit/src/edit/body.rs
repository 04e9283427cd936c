//! Adds keys and list items to the body of an entry, in its own layout.

use std::ops::Range;

use super::layout::{
    Edits, UnsupportedLayout, colon, end_of, header_end, indent_on_own_line, line_break, unsupported,
};
use gainsay_analysis::yaml::{NodeKind, NodeRef};

/// An entry of a section: its id and its body.
#[derive(Clone, Copy)]
pub(super) struct EntryBody<'a, 't> {
    pub(super) text: &'a str,
    pub(super) id: NodeRef<'a, 't>,
    pub(super) value: NodeRef<'a, 't>,
}

impl<'a, 't> EntryBody<'a, 't> {
    /// The node of a key, and that of its value.
    pub(super) fn get(self, key: &str) -> Option<(NodeRef<'a, 't>, NodeRef<'a, 't>)> {
        self.value.entries().find(|(name, _)| name.text() == Some(key))
    }

    /// The edits that append items to a list, which is created if it is missing. The items must be written as they are
    /// inside brackets.
    pub(super) fn add_items(self, key: &str, items: &[String]) -> Result<Edits, UnsupportedLayout> {
        let all = items.join(", ");
        let Some((name, value)) = self.get(key) else {
            return self.add_key(&format!("{key}: [{all}]"), key == "aliases");
        };
        let span = value.span().range();
        match value.shape() {
            NodeKind::Empty => {
                let at = colon(self.text, name)?;
                Ok(vec![(at..at, format!(" [{all}]"))])
            }
            NodeKind::Scalar => {
                let written = &self.text[span.clone()];
                if !is_plain_in_flow(written) && !written.starts_with(['"', '\'']) || written.contains('\n') {
                    return Err(unsupported(
                        span.start,
                        format!("put the value of `{key}` in brackets first"),
                    ));
                }
                Ok(vec![(span, format!("[{written}, {all}]"))])
            }
            NodeKind::List if self.text[span.start..].starts_with('[') => match value.items().last() {
                Some(last) => {
                    let at = last.span().start as usize + self.written(last).len();
                    Ok(vec![(at..at, format!(", {all}"))])
                }
                None if self.text[span.clone()].trim_matches(['[', ']', ' ']).is_empty() => {
                    Ok(vec![(span, format!("[{all}]"))])
                }
                None => Err(unsupported(span.start, "there is a comment inside empty brackets")),
            },
            NodeKind::List => self.add_lines(value, items),
            _ => Err(unsupported(span.start, format!("`{key}` is not a list"))),
        }
    }

    /// The edits that append items on lines of their own.
    fn add_lines(self, value: NodeRef<'a, 't>, items: &[String]) -> Result<Edits, UnsupportedLayout> {
        let start = value.span().start as usize;
        let last = value.items().last().ok_or_else(|| unsupported(start, "the list is empty"))?;
        let from = last.span().start as usize;
        let line = super::layout::line_start(self.text, from);
        let dash = self.text[line..from].trim_end();
        let indent = dash.strip_suffix('-').filter(|indent| indent.trim().is_empty());
        let indent =
            indent.ok_or_else(|| unsupported(from, "the item does not start with a dash on its line"))?;
        let at = super::layout::end_of_line(self.text, last.span().start as usize + self.written(last).len());
        let line = |item: &String| format!("{}{indent}- {item}", line_break(self.text));
        Ok(vec![(at..at, items.iter().map(line).collect())])
    }

    /// Whether the body is empty braces.
    pub(super) fn is_braces(self) -> bool {
        self.value.shape() == NodeKind::Mapping && self.value.entries().len() == 0
    }

    /// The edits that add a key with its value, on one line, after the other keys. With `is_name`, it is added after
    /// `name`.
    pub(super) fn add_key(self, line: &str, is_name: bool) -> Result<Edits, UnsupportedLayout> {
        let start = self.value.span().start as usize;
        let is_braced = self.text[start.min(self.text.len())..].starts_with('{');
        let last = self.value.entries().last();
        let named = if is_name { self.get("name").or(last) } else { last };
        match (self.value.shape(), named) {
            (NodeKind::Empty, _) => {
                let indent = indent_on_own_line(self.text, self.id)? + 2;
                let after = colon(self.text, self.id)?;
                let at = header_end(self.text, after, usize::MAX)?;
                Ok(vec![(at..at, format!("{}{:indent$}{line}", line_break(self.text), ""))])
            }
            (NodeKind::Mapping, None)
                if self.text[self.value.span().range()].trim_matches(['{', '}', ' ']).is_empty() =>
            {
                Ok(vec![(self.value.span().range(), format!("{{ {line} }}"))])
            }
            (NodeKind::Mapping, Some((key, value))) if is_braced => {
                if value.shape() == NodeKind::Empty {
                    return Err(unsupported(key.span().start as usize, "this key has no value"));
                }
                let at = value.span().start as usize + self.written(value).len();
                Ok(vec![(at..at, format!(", {line}"))])
            }
            (NodeKind::Mapping, Some((key, value))) => {
                let indent = indent_on_own_line(self.text, key)?;
                let at = end_of(self.text, key, value, indent);
                Ok(vec![(at..at, format!("{}{:indent$}{line}", line_break(self.text), ""))])
            }
            _ => Err(unsupported(start, "the layout of this entry is not supported")),
        }
    }

    /// A key with its value as it is written. Returns an error if it is not on one line.
    pub(super) fn key_line(
        self,
        key: NodeRef<'a, 't>,
        value: NodeRef<'a, 't>,
    ) -> Result<String, UnsupportedLayout> {
        let written = self.written(value);
        if written.contains(['\n', '#'])
            || value.shape() == NodeKind::Empty
            || written.starts_with(['|', '>'])
        {
            let why = "this value is on several lines; move it to the other entry by hand first";
            return Err(unsupported(key.span().start as usize, why));
        }
        Ok(format!("{}: {written}", self.written(key)))
    }

    fn written(self, node: NodeRef<'a, 't>) -> &'a str {
        let span: Range<usize> = node.span().range();
        self.text[span].trim_end()
    }
}

/// Whether a plain scalar can also be written inside brackets.
pub(super) fn is_plain_in_flow(written: &str) -> bool {
    !written.contains(['[', ']', '{', '}', ','])
}
