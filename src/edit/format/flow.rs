//! Mappings and lists between brackets: on one line where they fit and hold no comments, else in lines.

use unicode_width::UnicodeWidthStr as _;

use super::WIDTH;
use super::between::{Lead, column};
use super::print::{Parted, Printer};
use crate::edit::layout::Obscure;
use crate::yaml::{NodeRef, Shape};

impl Printer<'_> {
    /// What stands between brackets behind `key:` or `-`, or in the place of the whole text.
    pub(super) fn flow(&mut self, node: NodeRef<'_, '_>, depth: usize, lead: Lead) -> Result<(), Obscure> {
        let start = node.span().start as usize;
        self.reader.is_at(start)?;
        let mut flat = String::new();
        let is_flat = self.flat(node, &mut flat)?;
        let is_empty = node.entries().len() == 0 && node.items().len() == 0;
        let blank = usize::from(self.lines.width() > 0);
        if lead.comments.is_empty()
            && is_flat
            && (is_empty || self.lines.width() + blank + flat.width() <= WIDTH)
        {
            self.lines.push(if blank > 0 { " " } else { "" });
            self.lines.push(&flat);
            return Ok(());
        }
        let is_alone = lead.comments.is_empty();
        self.open_between(column(self.reader.text, start), depth);
        if is_flat && !is_empty && is_alone {
            self.comment_ahead();
        }
        self.lead(lead, depth, true);
        if is_empty {
            return self.empty_below(node.shape(), depth, start);
        }
        self.reader.at = start + 1;
        let first = self.reader.lead();
        match node.shape() {
            Shape::List => self.list(node, depth, Parted::ByCommas(']'), first),
            _ if first.comments.is_empty() && self.lines.is_at_dash() => {
                self.lines.push(" ");
                self.mapping(node, depth, Parted::ByCommas('}'), None)
            }
            _ => self.mapping(node, depth, Parted::ByCommas('}'), Some(first)),
        }
    }

    /// Empty brackets under comments, of which some may stand within them.
    fn empty_below(&mut self, shape: Shape, depth: usize, start: usize) -> Result<(), Obscure> {
        let (both, close) = if shape == Shape::List { ("[]", ']') } else { ("{}", '}') };
        self.reader.at = start + 1;
        let within = self.reader.lead();
        self.lead(within, depth, true);
        self.reader.sign(close)?;
        self.lines.start(self.levels[depth].is, false);
        self.lines.push(both);
        Ok(())
    }

    /// The comment behind the closing bracket goes with the whole: it is printed behind the key already.
    fn comment_ahead(&mut self) {
        let lead = self.reader.lead();
        let Some(comment) = lead.comments.first().filter(|comment| !comment.is_alone) else { return };
        if self.lines.width() > 0 && self.lines.comment(comment) {
            self.note(&comment.text);
            self.reader.is_printed = Some(comment.start);
        }
    }

    /// Appends a node on one line; false where it holds a comment or goes on several lines as it must. Reads up to
    /// its end, or somewhere in it.
    fn flat(&mut self, node: NodeRef<'_, '_>, flat: &mut String) -> Result<bool, Obscure> {
        if !matches!(node.shape(), Shape::Mapping | Shape::List) {
            let text = self.reader.text[node.span().range()].trim_end();
            self.reader.is_at(node.span().start as usize)?;
            self.reader.at += text.len();
            flat.push_str(text);
            return Ok(!text.contains('\n'));
        }
        let is_mapping = node.shape() == Shape::Mapping;
        let is_bare = is_mapping && !self.is_between_brackets(node);
        let count = if is_mapping { node.entries().len() } else { node.items().len() };
        let (opens, closes) = match (is_bare, is_mapping, count) {
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
                if !self.is_clear() {
                    return Ok(false);
                }
                self.reader.sign(',')?;
                flat.push_str(", ");
            }
            if !self.is_clear() {
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
        if is_bare {
            return Ok(true);
        }
        let is_clear = self.is_clear() && (!self.reader.try_sign(',') || self.is_clear());
        if is_clear {
            self.reader.sign(if is_mapping { '}' } else { ']' })?;
            flat.push_str(closes);
        }
        Ok(is_clear)
    }

    fn flat_pair(
        &mut self,
        key: NodeRef<'_, '_>,
        value: NodeRef<'_, '_>,
        flat: &mut String,
    ) -> Result<bool, Obscure> {
        if !self.flat(key, flat)? {
            return Ok(false);
        }
        let before = self.reader.at;
        if !self.is_clear() {
            return Ok(false);
        }
        if !self.reader.try_sign(':') {
            self.reader.at = before;
            return if value.shape() == Shape::Empty { Ok(true) } else { Err(self.reader.lost("a `:`")) };
        }
        flat.push(':');
        if value.shape() == Shape::Empty {
            return Ok(true);
        }
        flat.push(' ');
        Ok(self.is_clear() && self.flat(value, flat)?)
    }

    /// Reads on; whether no comment stands there.
    fn is_clear(&mut self) -> bool {
        self.reader.lead().comments.is_empty()
    }
}
