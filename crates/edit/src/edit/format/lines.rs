//! The lines of the new text while they are made, with their comments and the blank lines between them.

use unicode_width::UnicodeWidthStr as _;

use super::between::Comment;

/// A line without its comment.
#[derive(Debug, Default)]
struct PrintedLine {
    text: String,
    /// The comment at its end, with the column that it had.
    comment: Option<(String, usize)>,
    has_blank_line_before: bool,
    /// Whether nothing can be added to it: a comment, or a line of a block scalar.
    is_complete: bool,
}

/// The lines so far. The last one is still being written.
#[derive(Debug, Default)]
pub(super) struct PrintedLines(Vec<PrintedLine>);

impl PrintedLines {
    /// The number of lines.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Begins a line.
    pub(super) fn start(&mut self, indent: usize, has_blank_line_before: bool) {
        self.0.push(PrintedLine {
            text: " ".repeat(indent),
            has_blank_line_before,
            ..PrintedLine::default()
        });
    }

    /// Adds a line of a block scalar, unchanged.
    pub(super) fn push_literal(&mut self, text: String) {
        self.0.push(PrintedLine { text, is_complete: true, ..PrintedLine::default() });
    }

    /// Adds a comment on a line of its own.
    pub(super) fn comment_alone(&mut self, indent: usize, comment: &Comment, has_blank_line_before: bool) {
        self.start(indent, has_blank_line_before);
        self.push(&comment.text);
        if let Some(line) = self.0.last_mut() {
            line.is_complete = true;
        }
    }

    /// Appends to the last line.
    pub(super) fn push(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(line) => line.text.push_str(text),
            None => self.push_literal(text.to_owned()),
        }
    }

    /// Whether the last line only has the dash of an item.
    pub(super) fn ends_with_dash(&self) -> bool {
        self.0
            .last()
            .is_some_and(|line| line.comment.is_none() && !line.is_complete && line.text.trim() == "-")
    }

    /// The width of the last line, in columns.
    pub(super) fn width(&self) -> usize {
        self.0.last().map_or(0, |line| line.text.width())
    }

    /// The indentation of a line.
    pub(super) fn indent(&self, line: usize) -> usize {
        self.0.get(line).map_or(0, |line| line.text.len() - line.text.trim_start_matches(' ').len())
    }

    /// Adds a comment at the end of the last line. Returns false if that is not possible.
    pub(super) fn comment(&mut self, comment: &Comment) -> bool {
        let Some(line) = self.0.last_mut().filter(|line| line.comment.is_none() && !line.is_complete) else {
            return false;
        };
        line.comment = Some((comment.text.clone(), comment.column));
        true
    }

    /// Whether there is a blank line before one of these lines.
    pub(super) fn has_any_blank_line(&self, lines: std::ops::Range<usize>) -> bool {
        self.0[lines].iter().any(|line| line.has_blank_line_before)
    }

    /// Adds a blank line before a line.
    pub(super) fn add_blank_line_before(&mut self, line: usize) {
        if let Some(line) = self.0.get_mut(line) {
            line.has_blank_line_before = true;
        }
    }

    /// The finished lines, each with whether a blank line comes before it. Comments that were aligned stay aligned.
    pub(super) fn done(self) -> Vec<(bool, String)> {
        let mut done = Vec::with_capacity(self.0.len());
        let column = |line: &PrintedLine| line.comment.as_ref().map(|(_, column)| *column);
        let is_on_new_line = |a: &PrintedLine, b: &PrintedLine| {
            column(a).is_some() && column(a) == column(b) && !b.has_blank_line_before
        };
        for run in self.0.chunk_by(is_on_new_line) {
            let width = run.iter().map(|line| line.text.width()).max().unwrap_or(0);
            for line in run {
                let mut text = line.text.clone();
                if let Some((comment, _)) = &line.comment {
                    text.push_str(&" ".repeat(width - line.text.width() + 1));
                    text.push_str(comment);
                }
                done.push((line.has_blank_line_before, text));
            }
        }
        done
    }
}
