//! Prints scalars. Quotes stay the same. The lines of a block scalar only change their common indentation.

use unicode_width::UnicodeWidthStr as _;

use super::MAX_WIDTH;
use super::between::{LayoutGap, column};
use super::print::{IndentLevel, Printer};
use crate::edit::layout::{UnsupportedLayout, end_of_line};
use gainsay_analysis::yaml::NodeRef;

const BLANK: [char; 2] = [' ', '\t'];

impl Printer<'_> {
    /// Prints a scalar after `key:` or `-`, for a mapping or list at the level `depth`.
    pub(super) fn scalar(
        &mut self,
        node: NodeRef<'_, '_>,
        depth: usize,
        gap: LayoutGap,
    ) -> Result<(), UnsupportedLayout> {
        let start = node.span().start as usize;
        self.reader.is_at(start)?;
        if self.reader.rest().starts_with(['|', '>']) {
            return self.block_scalar(depth, &gap);
        }
        let text = self.reader.text[node.span().range()].trim_end();
        let outer = self.levels[depth];
        let indent = outer.is + 2;
        let is_long = text.contains('\n') || self.lines.width() + 1 + text.width() > MAX_WIDTH;
        if !gap.comments.is_empty() || (gap.is_on_new_line && is_long) {
            self.levels.push(IndentLevel { was: column(self.reader.text, start), is: indent });
            self.print_gap(gap, depth + 1, true);
            self.levels.truncate(depth + 1);
            self.lines.start(indent, false);
        } else {
            self.lines.push(" ");
        }
        let is_double = text.starts_with('"');
        let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).peekable();
        let mut is_first = true;
        while let Some(line) = lines.next() {
            let is_last = lines.peek().is_none();
            let line = if is_first { line } else { line.trim_start_matches(BLANK) };
            let ended = line.trim_end_matches(BLANK);
            // Keep an escaped space.
            let line = if is_last || (is_double && ended.ends_with('\\')) { line } else { ended };
            match (is_first, line.is_empty()) {
                (true, _) => self.lines.push(line),
                (_, true) => self.lines.push_literal(String::new()),
                _ => {
                    self.lines.start(indent, false);
                    self.lines.push(line);
                }
            }
            is_first = false;
        }
        self.reader.at = start + text.len();
        Ok(())
    }

    /// Prints a block scalar, which starts with `|` or `>`.
    fn block_scalar(&mut self, depth: usize, gap: &LayoutGap) -> Result<(), UnsupportedLayout> {
        let (text, start) = (self.reader.text, self.reader.at);
        let end = end_of_line(text, start);
        let (header, rest) = text[start..end].split_once(BLANK).unwrap_or((&text[start..end], ""));
        if !gap.comments.is_empty() {
            let why = "there is a comment between the key and its block scalar".into();
            return Err(UnsupportedLayout { at: start, why });
        }
        self.lines.push(" ");
        self.lines.push(header);
        self.header_comment(start + header.len(), rest)?;
        self.reader.at = end;
        let IndentLevel { was, is } = self.levels[depth];
        let digit = header.chars().find_map(|c| c.to_digit(10)).map(|digit| digit as usize);
        let mut body = BlockScalarLines {
            text,
            at: end,
            column: digit.map(|digit| was + digit),
            outer: was,
            is_content: false,
        };
        let indent = is + digit.unwrap_or(2);
        let mut blank = 0;
        while let Some(line) = body.next_line() {
            if line.is_empty() && !body.is_content {
                blank += 1;
                if header.contains('+') {
                    self.reader.at = body.at;
                }
                continue;
            }
            (0..std::mem::take(&mut blank)).for_each(|_| self.lines.push_literal(String::new()));
            self.lines.push_literal(format!("{:indent$}{line}", ""));
            self.reader.at = body.at;
        }
        if header.contains('+') {
            (0..blank).for_each(|_| self.lines.push_literal(String::new()));
            self.literal_blank_lines.push(self.lines.len());
        }
        self.lacks_line_break = self.reader.at == text.len() && !text.ends_with('\n');
        Ok(())
    }

    fn header_comment(&mut self, from: usize, rest: &str) -> Result<(), UnsupportedLayout> {
        let comment = rest.trim();
        if comment.is_empty() {
            return Ok(());
        }
        let at = from
            + (self.reader.text[from..].len() - self.reader.text[from..].trim_start_matches(BLANK).len());
        if !comment.starts_with('#') {
            return Err(UnsupportedLayout {
                at,
                why: "there is text after the sign of a block scalar".into(),
            });
        }
        self.reader.at = at;
        if let Some(comment) = self.reader.comment(false, false) {
            self.note(&comment.text);
            self.lines.comment(&comment);
        }
        Ok(())
    }
}

/// The lines of a block scalar, up to the first line with less indentation.
struct BlockScalarLines<'a> {
    text: &'a str,
    /// The end of the last line that was read.
    at: usize,
    /// The indentation of its lines, once it is known.
    column: Option<usize>,
    /// The indentation of the mapping or list that contains it.
    outer: usize,
    /// Whether the last line that was read has content, which can be spaces.
    is_content: bool,
}

impl<'a> BlockScalarLines<'a> {
    /// The next line without its indentation.
    fn next_line(&mut self) -> Option<&'a str> {
        let start = self.at + self.text[self.at..].find('\n')? + 1;
        if start == self.text.len() {
            return None;
        }
        let end = end_of_line(self.text, start);
        let line = &self.text[start..end];
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let is_blank = blanks == line.len();
        if !is_blank && self.column.is_none() {
            self.column = Some(blanks).filter(|&blanks| blanks > self.outer);
        }
        let column = self.column.unwrap_or(usize::MAX);
        if !is_blank && blanks < column {
            return None;
        }
        self.at = end;
        self.is_content = !is_blank || blanks > column;
        Some(line.get(column..).unwrap_or_default())
    }
}
