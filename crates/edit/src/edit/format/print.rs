//! Prints a tree with a new layout and all its comments. Block mappings and lists are printed in lines. `scalar` prints
//! scalars, `flow` prints braces and brackets.

use std::ops::Range;

use super::between::{GapReader, LayoutGap, column};
use super::lines::PrintedLines;
use crate::edit::layout::{UnsupportedLayout, line_break};
use gainsay_analysis::document::begins_with_group;
use gainsay_analysis::yaml::{NodeKind, NodeRef, Tree};

/// The indentation of sections and their entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Indentation {
    /// Two spaces for each level.
    Even,
    /// As in the text, so that one entry can be changed alone.
    Keep,
}

/// The new lines, and the positions of the entries in them.
#[derive(Debug)]
pub(super) struct PrintedFile {
    lines: Vec<(bool, String)>,
    /// Whether the text ends with a block scalar without a final line break, which must not be added.
    lacks_line_break: bool,
    pub(super) comments: Vec<String>,
    pub(super) entries: Vec<PrintedEntry>,
}

/// One entry of a section, or a section in braces.
#[derive(Debug)]
pub(super) struct PrintedEntry {
    /// Its span in the original text.
    pub(super) span: Range<usize>,
    /// Its new lines.
    pub(super) lines: Range<usize>,
    /// Its column in the original text.
    column: usize,
}

impl PrintedFile {
    /// The whole new text, with the line breaks of `text`.
    pub(super) fn text(&self, text: &str) -> String {
        self.lines_of(0..self.lines.len(), line_break(text), !self.lacks_line_break)
    }

    /// Some of the lines as a text, without a blank line before the first.
    pub(super) fn lines_of(&self, lines: Range<usize>, line_break: &str, is_ended: bool) -> String {
        let mut text = String::new();
        for (nth, (has_blank_line_before, line)) in self.lines[lines].iter().enumerate() {
            if nth > 0 {
                text.push_str(line_break);
                text.push_str(if *has_blank_line_before { line_break } else { "" });
            }
            text.push_str(line);
        }
        if is_ended && !text.is_empty() {
            text.push_str(line_break);
        }
        text
    }
}

/// The old and the new indentation of a mapping or list that is open, or was just closed.
#[derive(Clone, Copy, Debug)]
pub(super) struct IndentLevel {
    pub(super) was: usize,
    pub(super) is: usize,
}

/// How the parts of a mapping or list are separated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Separation {
    /// By lines.
    Lines,
    /// By commas inside brackets, with the closing bracket.
    Commas(char),
    /// Not separated: one key with its value, as an item inside brackets.
    SinglePair,
}

pub(super) fn print(
    text: &str,
    tree: &Tree<'_>,
    indentation: Indentation,
) -> Result<PrintedFile, UnsupportedLayout> {
    let mut printer = Printer {
        reader: GapReader::new(text),
        lines: PrintedLines::default(),
        levels: vec![IndentLevel { was: 0, is: 0 }],
        indentation,
        comments: Vec::new(),
        entries: Vec::new(),
        sections: Vec::new(),
        literal_blank_lines: Vec::new(),
        lacks_line_break: false,
    };
    printer.document(tree)?;
    printer.separate_sections();
    let Printer { lines, lacks_line_break, comments, entries, .. } = printer;
    Ok(PrintedFile { lines: lines.done(), lacks_line_break, comments, entries })
}

pub(super) struct Printer<'a> {
    pub(super) reader: GapReader<'a>,
    pub(super) lines: PrintedLines,
    /// The indentation of the mappings and lists around the last printed part, outermost first.
    pub(super) levels: Vec<IndentLevel>,
    indentation: Indentation,
    comments: Vec<String>,
    entries: Vec<PrintedEntry>,
    /// The first line of each section, including the comments above it.
    sections: Vec<usize>,
    /// Lines before which the blank lines belong to a block scalar.
    pub(super) literal_blank_lines: Vec<usize>,
    /// Whether the text ends with a block scalar without a final line break.
    pub(super) lacks_line_break: bool,
}

impl Printer<'_> {
    fn document(&mut self, tree: &Tree<'_>) -> Result<(), UnsupportedLayout> {
        let mut gap = self.reader.gap();
        if self.reader.rest().starts_with("---") {
            self.print_gap(gap, 0, false);
            self.reader.at += 3;
            self.lines.start(0, false);
            self.lines.push("---");
            gap = self.reader.gap();
        }
        match tree.root() {
            Some(root) if root.shape() == NodeKind::Mapping && !root.is_flow() => {
                let start = root.span().start as usize;
                let was = column(self.reader.text, start);
                let is = if self.indentation == Indentation::Even { 0 } else { was };
                self.levels[0] = IndentLevel { was, is };
                self.mapping(root, 0, Separation::Lines, Some(gap))?;
            }
            Some(root) if matches!(root.shape(), NodeKind::Mapping | NodeKind::List) => {
                self.print_gap(gap, 0, false);
                self.lines.start(0, false);
                self.collection(root, 0, LayoutGap::default())?;
            }
            Some(root) if root.shape() != NodeKind::Empty => {
                let at = root.span().start as usize;
                return Err(UnsupportedLayout { at, why: "the file is not a mapping of sections".into() });
            }
            _ => self.print_gap(gap, 0, false),
        }
        let gap = self.reader.gap();
        self.print_gap(gap, 0, false);
        if self.reader.rest().is_empty() {
            Ok(())
        } else {
            Err(self.reader.unexpected("the end of the file"))
        }
    }

    /// Adds one blank line between sections, unless both are on one line.
    fn separate_sections(&mut self) {
        if self.indentation == Indentation::Keep {
            return;
        }
        let ends: Vec<usize> = self.sections.iter().skip(1).copied().chain([self.lines.len()]).collect();
        let is_long = |nth: usize| ends[nth] - self.sections[nth] > 1;
        for nth in 1..self.sections.len() {
            let is_kept = self.literal_blank_lines.contains(&self.sections[nth]);
            if !is_kept && (is_long(nth - 1) || is_long(nth)) {
                self.lines.add_blank_line_before(self.sections[nth]);
            }
        }
    }

    /// Prints the comments of a gap. A comment at the end of a line stays there; the others are indented like the part
    /// that they belong to. The next part is at the level `depth`, so deeper levels are closed.
    pub(super) fn print_gap(&mut self, gap: LayoutGap, depth: usize, is_first: bool) {
        for (nth, comment) in gap.comments.into_iter().enumerate() {
            self.comments.push(comment.text.trim_start_matches('#').trim().to_owned());
            if comment.is_on_own_line || !self.lines.comment(&comment) {
                // A second comment at the end of the same line is moved below it.
                let column = if comment.is_on_own_line { comment.column } else { usize::MAX };
                let level = self.levels[depth..].iter().find(|level| level.was >= column);
                let indent = level.or(self.levels.last()).map_or(0, |level| level.is);
                let has_blank_line_before = comment.has_blank_line_before && !(is_first && nth == 0);
                self.lines.comment_alone(indent, &comment, has_blank_line_before);
                self.extend_entry(comment.column, comment.start + 1);
            }
        }
        self.levels.truncate(depth + 1);
    }

    /// Extends the previous entry by a comment that is indented further than the entry.
    fn extend_entry(&mut self, column: usize, end: usize) {
        let line = self.lines.len();
        if let Some(entry) = self.entries.last_mut()
            && entry.lines.end + 1 == line
            && entry.column < column
        {
            entry.lines.end = line;
            entry.span.end = end;
        }
    }

    /// Records a comment that is printed elsewhere.
    pub(super) fn note(&mut self, comment: &str) {
        self.comments.push(comment.trim_start_matches('#').trim().to_owned());
    }

    /// Prints a mapping in lines, at the level `depth`, which must be the last. With `first`, the first key begins a
    /// new line; otherwise it follows a dash.
    pub(super) fn mapping(
        &mut self,
        node: NodeRef<'_, '_>,
        depth: usize,
        separation: Separation,
        first: Option<LayoutGap>,
    ) -> Result<(), UnsupportedLayout> {
        let is_compact = first.is_none();
        let mut gap = first.unwrap_or_default();
        for (nth, (key, value)) in node.entries().enumerate() {
            if nth > 0 {
                gap = self.next(separation)?;
            }
            self.reader.is_at(key.span().start as usize)?;
            let line = self.lines.len();
            let has_blank_line_before = gap.has_blank_line_before && (nth > 0 || !gap.comments.is_empty());
            let is_under_comment = !gap.comments.is_empty();
            self.print_gap(gap, depth, nth == 0);
            if nth > 0 || !is_compact {
                self.lines.start(self.levels[depth].is, has_blank_line_before);
            } else if is_under_comment {
                return Err(self.reader.unexpected("a key"));
            }
            if depth == 0 {
                self.section(line);
            }
            self.pair(key, value, depth, separation)?;
            gap = LayoutGap::default();
        }
        self.close(separation, depth)
    }

    /// Records the first line of a section: the first comment above it that is not indented further.
    fn section(&mut self, before: usize) {
        let margin = self.levels[0].is;
        let first = (before..self.lines.len()).find(|&line| self.lines.indent(line) <= margin);
        let first = first.unwrap_or(before);
        let is_parted = first > 0 && self.lines.has_any_blank_line(first..self.lines.len());
        // A blank line after one of the comments separates the sections already.
        let line = if is_parted {
            (first..self.lines.len()).find(|&line| self.lines.has_any_blank_line(line..line + 1))
        } else {
            None
        };
        self.sections.push(line.unwrap_or(first));
    }

    /// Prints a key with its value.
    fn pair(
        &mut self,
        key: NodeRef<'_, '_>,
        value: NodeRef<'_, '_>,
        depth: usize,
        separation: Separation,
    ) -> Result<(), UnsupportedLayout> {
        let start = key.span().start as usize;
        let line = self.lines.len() - 1;
        let was = column(self.reader.text, start);
        self.key(key)?;
        let before = self.reader.at;
        let gap = self.reader.gap();
        if !self.reader.try_char(':') {
            if value.shape() != NodeKind::Empty {
                return Err(self.reader.unexpected("a `:`"));
            }
            if key.text().is_some_and(begins_with_group) {
                let why = "YAML splits this figure at its comma; put the figure in quotes first".to_owned();
                return Err(UnsupportedLayout { at: start, why });
            }
            // A key without a value inside braces.
            self.reader.at = before;
        } else if !gap.comments.is_empty() || gap.is_on_new_line {
            return Err(UnsupportedLayout {
                at: start,
                why: "the `:` of this key is on another line".into(),
            });
        }
        self.lines.push(":");
        let is = self.levels[depth].is + 2;
        if value.shape() == NodeKind::Empty {
            // A comment that is indented further than the key belongs to it.
            self.levels.push(IndentLevel { was: was + 1, is });
        } else {
            let gap = self.reader.gap();
            self.value(value, depth, gap)?;
        }
        let is_section = value.shape() == NodeKind::Mapping && !value.is_flow();
        if (depth == 1 && separation == Separation::Lines) || (depth == 0 && !is_section) {
            let lines = line..self.lines.len();
            self.entries.push(PrintedEntry { span: start..self.reader.at, lines, column: was });
        }
        Ok(())
    }

    fn key(&mut self, key: NodeRef<'_, '_>) -> Result<(), UnsupportedLayout> {
        let text = &self.reader.text[key.span().range()];
        let text = text.trim_end();
        if key.shape() != NodeKind::Scalar && key.text().is_none() || text.contains('\n') {
            let why = "a key must be a name on one line".into();
            return Err(UnsupportedLayout { at: key.span().start as usize, why });
        }
        self.lines.push(text);
        self.reader.at = key.span().start as usize + text.len();
        Ok(())
    }

    /// Prints a value after `key:` or `-`, for a mapping or list at the level `depth`.
    pub(super) fn value(
        &mut self,
        node: NodeRef<'_, '_>,
        depth: usize,
        gap: LayoutGap,
    ) -> Result<(), UnsupportedLayout> {
        match node.shape() {
            NodeKind::Mapping | NodeKind::List => self.collection(node, depth + 1, gap),
            _ => self.scalar(node, depth, gap),
        }
    }

    /// Prints a mapping or list after `key:`, or as the whole text, with its parts at the level `depth`.
    pub(super) fn collection(
        &mut self,
        node: NodeRef<'_, '_>,
        depth: usize,
        gap: LayoutGap,
    ) -> Result<(), UnsupportedLayout> {
        if self.starts_flow(node) {
            return self.flow(node, depth, gap);
        }
        let gap = match node.shape() {
            NodeKind::List => {
                self.open(column(self.reader.text, self.reader.at), depth);
                return self.list(node, depth, Separation::Lines, gap);
            }
            _ => gap,
        };
        self.open(column(self.reader.text, node.span().start as usize), depth);
        self.mapping(node, depth, Separation::Lines, Some(gap))
    }

    /// Opens a level inside the last one, for a block collection.
    fn open(&mut self, was: usize, depth: usize) {
        self.open_flow(was, depth);
        if self.indentation == Indentation::Keep && depth <= 1 {
            self.levels[depth].is = was;
        }
    }

    /// As [`Self::open`], for a flow collection.
    pub(super) fn open_flow(&mut self, was: usize, depth: usize) {
        let is = self.levels.get(depth.wrapping_sub(1)).map_or(0, |level| level.is + 2);
        self.levels.truncate(depth);
        self.levels.push(IndentLevel { was, is });
    }

    /// Whether the next mapping or list starts with a bracket.
    pub(super) fn starts_flow(&self, node: NodeRef<'_, '_>) -> bool {
        self.reader.rest().starts_with(['{', '[']) && (node.shape() == NodeKind::List || node.is_flow())
    }

    /// Prints a list with each item on lines of its own.
    pub(super) fn list(
        &mut self,
        node: NodeRef<'_, '_>,
        depth: usize,
        separation: Separation,
        first: LayoutGap,
    ) -> Result<(), UnsupportedLayout> {
        let mut gap = first;
        for (nth, item) in node.items().enumerate() {
            if nth > 0 {
                gap = self.next(separation)?;
            }
            let has_blank_line_before = gap.has_blank_line_before && (nth > 0 || !gap.comments.is_empty());
            self.print_gap(gap, depth, nth == 0);
            self.lines.start(self.levels[depth].is, has_blank_line_before);
            self.item(item, depth, separation)?;
            gap = LayoutGap::default();
        }
        self.close(separation, depth)
    }

    /// Prints one item of a list with its dash.
    fn item(
        &mut self,
        item: NodeRef<'_, '_>,
        depth: usize,
        separation: Separation,
    ) -> Result<(), UnsupportedLayout> {
        let was = column(self.reader.text, self.reader.at);
        self.lines.push("-");
        if separation == Separation::Lines {
            self.reader.expect_char('-')?;
        }
        if item.shape() == NodeKind::Empty {
            self.levels.push(IndentLevel { was: was + 1, is: self.levels[depth].is + 2 });
            return Ok(());
        }
        let gap = if separation == Separation::Lines { self.reader.gap() } else { LayoutGap::default() };
        let is_compact = gap.comments.is_empty();
        let is_mapping = item.shape() == NodeKind::Mapping && !self.starts_flow(item);
        if is_mapping && is_compact {
            self.lines.push(" ");
            self.open(column(self.reader.text, item.span().start as usize), depth + 1);
            let separation =
                if separation == Separation::Lines { Separation::Lines } else { Separation::SinglePair };
            return self.mapping(item, depth + 1, separation, None);
        }
        self.value(item, depth, gap)
    }

    /// Reads up to the next part of a mapping or list.
    fn next(&mut self, separation: Separation) -> Result<LayoutGap, UnsupportedLayout> {
        let gap = self.reader.gap();
        match separation {
            Separation::Lines | Separation::SinglePair => Ok(gap),
            Separation::Commas(_) => {
                self.reader.expect_char(',')?;
                Ok(gap.and(self.reader.gap()))
            }
        }
    }

    /// Reads the closing bracket after the last part.
    fn close(&mut self, separation: Separation, depth: usize) -> Result<(), UnsupportedLayout> {
        let Separation::Commas(bracket) = separation else { return Ok(()) };
        let mut gap = self.reader.gap();
        if self.reader.try_char(',') {
            gap = gap.and(self.reader.gap());
        }
        self.print_gap(gap, depth, false);
        self.reader.expect_char(bracket)?;
        // A comment after the bracket is still part of the entry.
        let comment = self.reader.comment_on_line();
        self.print_gap(
            LayoutGap { comments: comment.into_iter().collect(), ..LayoutGap::default() },
            depth,
            false,
        );
        Ok(())
    }
}
