//! A tree printed anew, with what stands between its keys and values: mappings and lists go on lines of their own,
//! and between braces where they fit one line. How scalars are printed is in `scalar`, what goes between braces in
//! `flow`.

use std::ops::Range;

use super::between::{Lead, Reader, column};
use super::lines::Lines;
use crate::document::begins_with_group;
use crate::edit::layout::{Obscure, line_break};
use crate::yaml::{NodeRef, Shape, Tree};

/// How far in sections and their entries are to stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Margins {
    /// Two blanks a level.
    Even,
    /// As far as they stand, so that one of them can be changed alone.
    AsTheyAre,
}

/// The new lines, and where its entries went.
#[derive(Debug)]
pub(super) struct Printed {
    lines: Vec<(bool, String)>,
    /// Whether the text ended in the middle of a line that may not be ended.
    is_bare: bool,
    pub(super) comments: Vec<String>,
    pub(super) entries: Vec<Entry>,
}

/// One entry of a section, or a section between braces.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it stood.
    pub(super) span: Range<usize>,
    /// Its new lines.
    pub(super) lines: Range<usize>,
    /// How far in it stood.
    column: usize,
}

impl Printed {
    /// The whole new text, with line breaks as `text` has them.
    pub(super) fn text(&self, text: &str) -> String {
        self.lines_of(0..self.lines.len(), line_break(text), !self.is_bare)
    }

    /// Some of the lines as a text; no blank line before the first.
    pub(super) fn lines_of(&self, lines: Range<usize>, line_break: &str, is_ended: bool) -> String {
        let mut text = String::new();
        for (nth, (is_set_apart, line)) in self.lines[lines].iter().enumerate() {
            if nth > 0 {
                text.push_str(line_break);
                text.push_str(if *is_set_apart { line_break } else { "" });
            }
            text.push_str(line);
        }
        if is_ended && !text.is_empty() {
            text.push_str(line_break);
        }
        text
    }
}

/// A mapping or list that is open, or was just closed: how far in it stood, and stands now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) was: usize,
    pub(super) is: usize,
}

/// How the parts of a mapping or list are parted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parted {
    /// By lines.
    ByLines,
    /// By commas, between brackets; the bracket that closes it.
    ByCommas(char),
    /// Not at all: one key and its value as an item between brackets.
    Alone,
}

pub(super) fn print(text: &str, tree: &Tree<'_>, margins: Margins) -> Result<Printed, Obscure> {
    let mut printer = Printer {
        reader: Reader::new(text),
        lines: Lines::default(),
        levels: vec![Level { was: 0, is: 0 }],
        margins,
        comments: Vec::new(),
        entries: Vec::new(),
        sections: Vec::new(),
        kept: Vec::new(),
        is_bare: false,
    };
    printer.document(tree)?;
    printer.part_sections();
    let Printer { lines, is_bare, comments, entries, .. } = printer;
    Ok(Printed { lines: lines.done(), is_bare, comments, entries })
}

pub(super) struct Printer<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) lines: Lines,
    /// The mappings and lists in which the last thing printed stands, outermost first.
    pub(super) levels: Vec<Level>,
    margins: Margins,
    comments: Vec<String>,
    entries: Vec<Entry>,
    /// The first line of each section, comments above it included.
    sections: Vec<usize>,
    /// The lines before which blank lines belong to a text in lines.
    pub(super) kept: Vec<usize>,
    /// Whether the text ends in a text in lines that has no line break behind it.
    pub(super) is_bare: bool,
}

impl Printer<'_> {
    fn document(&mut self, tree: &Tree<'_>) -> Result<(), Obscure> {
        let mut lead = self.reader.lead();
        if self.reader.rest().starts_with("---") {
            self.lead(lead, 0, false);
            self.reader.at += 3;
            self.lines.start(0, false);
            self.lines.push("---");
            lead = self.reader.lead();
        }
        match tree.root() {
            Some(root) if root.shape() == Shape::Mapping && !root.is_flow() => {
                let start = root.span().start as usize;
                let was = column(self.reader.text, start);
                let is = if self.margins == Margins::Even { 0 } else { was };
                self.levels[0] = Level { was, is };
                self.mapping(root, 0, Parted::ByLines, Some(lead))?;
            }
            Some(root) if matches!(root.shape(), Shape::Mapping | Shape::List) => {
                self.lead(lead, 0, false);
                self.lines.start(0, false);
                self.collection(root, 0, Lead::default())?;
            }
            Some(root) if root.shape() != Shape::Empty => {
                let at = root.span().start as usize;
                return Err(Obscure { at, why: "the file is no mapping of sections".into() });
            }
            _ => self.lead(lead, 0, false),
        }
        let lead = self.reader.lead();
        self.lead(lead, 0, false);
        if self.reader.rest().is_empty() { Ok(()) } else { Err(self.reader.lost("the end of the file")) }
    }

    /// One blank line between sections, unless both go on one line.
    fn part_sections(&mut self) {
        if self.margins == Margins::AsTheyAre {
            return;
        }
        let ends: Vec<usize> = self.sections.iter().skip(1).copied().chain([self.lines.len()]).collect();
        let is_long = |nth: usize| ends[nth] - self.sections[nth] > 1;
        for nth in 1..self.sections.len() {
            let is_kept = self.kept.contains(&self.sections[nth]);
            if !is_kept && (is_long(nth - 1) || is_long(nth)) {
                self.lines.set_apart(self.sections[nth]);
            }
        }
    }

    /// Prints the comments of a lead: those behind something on its line, others as far in as what they go with. What
    /// comes next stands at the level `depth`; deeper ones end here.
    pub(super) fn lead(&mut self, lead: Lead, depth: usize, is_first: bool) {
        for (nth, comment) in lead.comments.into_iter().enumerate() {
            self.comments.push(comment.text.trim_start_matches('#').trim().to_owned());
            if comment.is_alone || !self.lines.comment(&comment) {
                // A second comment behind one line goes below it.
                let column = if comment.is_alone { comment.column } else { usize::MAX };
                let level = self.levels[depth..].iter().find(|level| level.was >= column);
                let indent = level.or(self.levels.last()).map_or(0, |level| level.is);
                let is_set_apart = comment.is_set_apart && !(is_first && nth == 0);
                self.lines.comment_alone(indent, &comment, is_set_apart);
                self.extend_entry(comment.column, comment.start + 1);
            }
        }
        self.levels.truncate(depth + 1);
    }

    /// A comment further in than the entry above it goes with that.
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

    /// Notes a comment that is printed elsewhere.
    pub(super) fn note(&mut self, comment: &str) {
        self.comments.push(comment.trim_start_matches('#').trim().to_owned());
    }

    /// A mapping whose keys go on lines of their own, at the level `depth`, the last there is. With a `first` lead its
    /// first key begins a line; else it goes on behind a dash.
    pub(super) fn mapping(
        &mut self,
        node: NodeRef<'_, '_>,
        depth: usize,
        parted: Parted,
        first: Option<Lead>,
    ) -> Result<(), Obscure> {
        let is_compact = first.is_none();
        let mut lead = first.unwrap_or_default();
        for (nth, (key, value)) in node.entries().enumerate() {
            if nth > 0 {
                lead = self.next(parted)?;
            }
            self.reader.is_at(key.span().start as usize)?;
            let line = self.lines.len();
            let is_set_apart = lead.is_set_apart && (nth > 0 || !lead.comments.is_empty());
            let is_under_comment = !lead.comments.is_empty();
            self.lead(lead, depth, nth == 0);
            if nth > 0 || !is_compact {
                self.lines.start(self.levels[depth].is, is_set_apart);
            } else if is_under_comment {
                return Err(self.reader.lost("a key"));
            }
            if depth == 0 {
                self.section(line);
            }
            self.pair(key, value, depth, parted)?;
            lead = Lead::default();
        }
        self.close(parted, depth)
    }

    /// Where a section begins: with the first comment above it that stands at the margin.
    fn section(&mut self, before: usize) {
        let margin = self.levels[0].is;
        let first = (before..self.lines.len()).find(|&line| self.lines.indent(line) <= margin);
        let first = first.unwrap_or(before);
        let is_parted = first > 0 && self.lines.is_any_set_apart(first..self.lines.len());
        // Where a comment is set apart from what it stands above, that parts the sections already.
        let line = if is_parted {
            (first..self.lines.len()).find(|&line| self.lines.is_any_set_apart(line..line + 1))
        } else {
            None
        };
        self.sections.push(line.unwrap_or(first));
    }

    /// A key with its value.
    fn pair(
        &mut self,
        key: NodeRef<'_, '_>,
        value: NodeRef<'_, '_>,
        depth: usize,
        parted: Parted,
    ) -> Result<(), Obscure> {
        let start = key.span().start as usize;
        let line = self.lines.len() - 1;
        let was = column(self.reader.text, start);
        self.key(key)?;
        let before = self.reader.at;
        let lead = self.reader.lead();
        if !self.reader.try_sign(':') {
            if value.shape() != Shape::Empty {
                return Err(self.reader.lost("a `:`"));
            }
            if key.text().is_some_and(begins_with_group) {
                let why = "YAML cuts a figure at its comma here; put the figure in quotes first".to_owned();
                return Err(Obscure { at: start, why });
            }
            // A key alone between braces.
            self.reader.at = before;
        } else if !lead.comments.is_empty() || lead.is_below {
            return Err(Obscure { at: start, why: "the `:` of this key stands on another line".into() });
        }
        self.lines.push(":");
        let is = self.levels[depth].is + 2;
        if value.shape() == Shape::Empty {
            // A comment further in than the key belongs to it.
            self.levels.push(Level { was: was + 1, is });
        } else {
            let lead = self.reader.lead();
            self.value(value, depth, lead)?;
        }
        let is_section = value.shape() == Shape::Mapping && !value.is_flow();
        if (depth == 1 && parted == Parted::ByLines) || (depth == 0 && !is_section) {
            let lines = line..self.lines.len();
            self.entries.push(Entry { span: start..self.reader.at, lines, column: was });
        }
        Ok(())
    }

    fn key(&mut self, key: NodeRef<'_, '_>) -> Result<(), Obscure> {
        let text = &self.reader.text[key.span().range()];
        let text = text.trim_end();
        if key.shape() != Shape::Scalar && key.text().is_none() || text.contains('\n') {
            let why = "a key goes on one line and is a name".into();
            return Err(Obscure { at: key.span().start as usize, why });
        }
        self.lines.push(text);
        self.reader.at = key.span().start as usize + text.len();
        Ok(())
    }

    /// A value behind `key:` or `-` of a mapping or list at the level `depth`.
    pub(super) fn value(&mut self, node: NodeRef<'_, '_>, depth: usize, lead: Lead) -> Result<(), Obscure> {
        match node.shape() {
            Shape::Mapping | Shape::List => self.collection(node, depth + 1, lead),
            _ => self.scalar(node, depth, lead),
        }
    }

    /// A mapping or list behind `key:`, or in the place of the whole text; its parts go to the level `depth`.
    pub(super) fn collection(
        &mut self,
        node: NodeRef<'_, '_>,
        depth: usize,
        lead: Lead,
    ) -> Result<(), Obscure> {
        if self.is_between_brackets(node) {
            return self.flow(node, depth, lead);
        }
        let lead = match node.shape() {
            Shape::List => {
                self.open(column(self.reader.text, self.reader.at), depth);
                return self.list(node, depth, Parted::ByLines, lead);
            }
            _ => lead,
        };
        self.open(column(self.reader.text, node.span().start as usize), depth);
        self.mapping(node, depth, Parted::ByLines, Some(lead))
    }

    /// Opens a level within the last one, for something in lines.
    fn open(&mut self, was: usize, depth: usize) {
        self.open_between(was, depth);
        if self.margins == Margins::AsTheyAre && depth <= 1 {
            self.levels[depth].is = was;
        }
    }

    /// The same for something between brackets.
    pub(super) fn open_between(&mut self, was: usize, depth: usize) {
        let is = self.levels.get(depth.wrapping_sub(1)).map_or(0, |level| level.is + 2);
        self.levels.truncate(depth);
        self.levels.push(Level { was, is });
    }

    /// Whether a mapping or list, which is the next to be read, opens with a bracket.
    pub(super) fn is_between_brackets(&self, node: NodeRef<'_, '_>) -> bool {
        self.reader.rest().starts_with(['{', '[']) && (node.shape() == Shape::List || node.is_flow())
    }

    /// A list with each item on lines of its own.
    pub(super) fn list(
        &mut self,
        node: NodeRef<'_, '_>,
        depth: usize,
        parted: Parted,
        first: Lead,
    ) -> Result<(), Obscure> {
        let mut lead = first;
        for (nth, item) in node.items().enumerate() {
            if nth > 0 {
                lead = self.next(parted)?;
            }
            let is_set_apart = lead.is_set_apart && (nth > 0 || !lead.comments.is_empty());
            self.lead(lead, depth, nth == 0);
            self.lines.start(self.levels[depth].is, is_set_apart);
            self.item(item, depth, parted)?;
            lead = Lead::default();
        }
        self.close(parted, depth)
    }

    /// One item of a list, with its dash.
    fn item(&mut self, item: NodeRef<'_, '_>, depth: usize, parted: Parted) -> Result<(), Obscure> {
        let was = column(self.reader.text, self.reader.at);
        self.lines.push("-");
        if parted == Parted::ByLines {
            self.reader.sign('-')?;
        }
        if item.shape() == Shape::Empty {
            self.levels.push(Level { was: was + 1, is: self.levels[depth].is + 2 });
            return Ok(());
        }
        let lead = if parted == Parted::ByLines { self.reader.lead() } else { Lead::default() };
        let is_compact = lead.comments.is_empty();
        let is_mapping = item.shape() == Shape::Mapping && !self.is_between_brackets(item);
        if is_mapping && is_compact {
            self.lines.push(" ");
            self.open(column(self.reader.text, item.span().start as usize), depth + 1);
            let parted = if parted == Parted::ByLines { Parted::ByLines } else { Parted::Alone };
            return self.mapping(item, depth + 1, parted, None);
        }
        self.value(item, depth, lead)
    }

    /// Reads on to the next part of a mapping or list.
    fn next(&mut self, parted: Parted) -> Result<Lead, Obscure> {
        let lead = self.reader.lead();
        match parted {
            Parted::ByLines | Parted::Alone => Ok(lead),
            Parted::ByCommas(_) => {
                self.reader.sign(',')?;
                Ok(lead.and(self.reader.lead()))
            }
        }
    }

    /// Reads the bracket behind the last part.
    fn close(&mut self, parted: Parted, depth: usize) -> Result<(), Obscure> {
        let Parted::ByCommas(bracket) = parted else { return Ok(()) };
        let mut lead = self.reader.lead();
        if self.reader.try_sign(',') {
            lead = lead.and(self.reader.lead());
        }
        self.lead(lead, depth, false);
        self.reader.sign(bracket)?;
        // What stands behind the bracket is a part of the entry still.
        let comment = self.reader.comment_on_line();
        self.lead(Lead { comments: comment.into_iter().collect(), ..Lead::default() }, depth, false);
        Ok(())
    }
}
