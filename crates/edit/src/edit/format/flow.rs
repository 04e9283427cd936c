//! Prints mappings and lists in brackets: on one line if they fit and have no comments, otherwise in lines.

use unicode_width::UnicodeWidthStr as _;

use super::MAX_WIDTH;
use super::between::{LayoutGap, column};
use super::print::{Printer, Separation};
use crate::edit::layout::UnsupportedLayout;
use gainsay_analysis::yaml::{NodeKind, NodeRef};

impl Printer<'_> {
    /// Prints a flow collection, after `key:` or `-`, or as the whole text.
    pub(super) fn flow(
        &mut self,
        node: NodeRef<'_, '_>,
        depth: usize,
        gap: LayoutGap,
    ) -> Result<(), UnsupportedLayout> {
        let start = node.span().start as usize;
        self.reader.is_at(start)?;
        let mut flat = String::new();
        let is_flat = self.flat(node, &mut flat)?;
        let is_empty = node.entries().len() == 0 && node.items().len() == 0;
        let blank = usize::from(self.lines.width() > 0);
        if gap.comments.is_empty()
            && is_flat
            && (is_empty || self.lines.width() + blank + flat.width() <= MAX_WIDTH)
        {
            self.lines.push(if blank > 0 { " " } else { "" });
            self.lines.push(&flat);
            return Ok(());
        }
        let is_on_own_line = gap.comments.is_empty();
        self.open_flow(column(self.reader.text, start), depth);
        if is_flat && !is_empty && is_on_own_line {
            self.move_closing_comment();
        }
        self.print_gap(gap, depth, true);
        if is_empty {
            return self.empty_flow(node.shape(), depth, start);
        }
        self.reader.at = start + 1;
        let first = self.reader.gap();
        match node.shape() {
            NodeKind::List => self.list(node, depth, Separation::Commas(']'), first),
            _ if first.comments.is_empty() && self.lines.ends_with_dash() => {
                self.lines.push(" ");
                self.mapping(node, depth, Separation::Commas('}'), None)
            }
            _ => self.mapping(node, depth, Separation::Commas('}'), Some(first)),
        }
    }

    /// Prints empty brackets after comments. Some of the comments may be inside the brackets.
    fn empty_flow(&mut self, shape: NodeKind, depth: usize, start: usize) -> Result<(), UnsupportedLayout> {
        let (both, close) = if shape == NodeKind::List { ("[]", ']') } else { ("{}", '}') };
        self.reader.at = start + 1;
        let within = self.reader.gap();
        self.print_gap(within, depth, true);
        self.reader.expect_char(close)?;
        self.lines.start(self.levels[depth].is, false);
        self.lines.push(both);
        Ok(())
    }

    /// Prints the comment after the closing bracket early, after the key, because it is about the whole collection.
    fn move_closing_comment(&mut self) {
        let gap = self.reader.gap();
        let Some(comment) = gap.comments.first().filter(|comment| !comment.is_on_own_line) else { return };
        if self.lines.width() > 0 && self.lines.comment(comment) {
            self.note(&comment.text);
            self.reader.is_printed = Some(comment.start);
        }
    }

    /// Appends a node on one line to `flat`. Returns false if that is not possible, because it has a comment or
    /// several lines; then the reader can be anywhere inside the node.
    fn flat(&mut self, node: NodeRef<'_, '_>, flat: &mut String) -> Result<bool, UnsupportedLayout> {
        if !matches!(node.shape(), NodeKind::Mapping | NodeKind::List) {
            let text = self.reader.text[node.span().range()].trim_end();
            self.reader.is_at(node.span().start as usize)?;
            self.reader.at += text.len();
            flat.push_str(text);
            return Ok(!text.contains('\n'));
        }
        let is_mapping = node.shape() == NodeKind::Mapping;
        let lacks_line_break = is_mapping && !self.starts_flow(node);
        let count = if is_mapping { node.entries().len() } else { node.items().len() };
        let (opens, closes) = match (lacks_line_break, is_mapping, count) {
            (true, ..) => ("", ""),
            (_, false, _) => ("[", "]"),
            (_, true, 0) => ("{", "}"),
            (_, true, _) => ("{ ", " }"),
        };
        flat.push_str(opens);
        self.reader.at += opens.trim_end().len();
        let mut parts = 0;
        let mut keys = node.entries();
        let mut items = node.items();
        while parts < count {
            if parts > 0 {
                if !self.has_no_comment() {
                    return Ok(false);
                }
                self.reader.expect_char(',')?;
                flat.push_str(", ");
            }
            if !self.has_no_comment() {
                return Ok(false);
            }
            let is_fine = match (keys.next(), items.next()) {
                (Some((key, value)), _) => self.flat_pair(key, value, flat)?,
                (_, Some(item)) => self.flat(item, flat)?,
                _ => true,
            };
            if !is_fine {
                return Ok(false);
            }
            parts += 1;
        }
        if lacks_line_break {
            return Ok(true);
        }
        let has_no_comment = self.has_no_comment() && (!self.reader.try_char(',') || self.has_no_comment());
        if has_no_comment {
            self.reader.expect_char(if is_mapping { '}' } else { ']' })?;
            flat.push_str(closes);
        }
        Ok(has_no_comment)
    }

    fn flat_pair(
        &mut self,
        key: NodeRef<'_, '_>,
        value: NodeRef<'_, '_>,
        flat: &mut String,
    ) -> Result<bool, UnsupportedLayout> {
        if !self.flat(key, flat)? {
            return Ok(false);
        }
        let before = self.reader.at;
        if !self.has_no_comment() {
            return Ok(false);
        }
        if !self.reader.try_char(':') {
            self.reader.at = before;
            return if value.shape() == NodeKind::Empty {
                Ok(true)
            } else {
                Err(self.reader.unexpected("a `:`"))
            };
        }
        flat.push(':');
        if value.shape() == NodeKind::Empty {
            return Ok(true);
        }
        flat.push(' ');
        Ok(self.has_no_comment() && self.flat(value, flat)?)
    }

    /// Reads a gap, and returns whether it has no comment.
    fn has_no_comment(&mut self) -> bool {
        self.reader.gap().comments.is_empty()
    }
}
