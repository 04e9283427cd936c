//! The lines of the new text as they are made: each with its comment, and with a blank line before it or not.

use unicode_width::UnicodeWidthStr as _;

use super::between::Comment;

/// A line without its comment.
#[derive(Debug, Default)]
struct Line {
    text: String,
    /// The comment at its end, and in which column it stood.
    comment: Option<(String, usize)>,
    is_set_apart: bool,
    /// Whether it is a comment itself, or part of a text in lines.
    is_full: bool,
}

/// Lines, of which the last is being written.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<Line>);

impl Lines {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Begins a line.
    pub(super) fn start(&mut self, indent: usize, is_set_apart: bool) {
        self.0.push(Line { text: " ".repeat(indent), is_set_apart, ..Line::default() });
    }

    /// A line of a text in lines, as it is.
    pub(super) fn whole(&mut self, text: String) {
        self.0.push(Line { text, is_full: true, ..Line::default() });
    }

    /// A comment on a line of its own.
    pub(super) fn comment_alone(&mut self, indent: usize, comment: &Comment, is_set_apart: bool) {
        self.start(indent, is_set_apart);
        self.push(&comment.text);
        if let Some(line) = self.0.last_mut() {
            line.is_full = true;
        }
    }

    /// Goes on with the last line.
    pub(super) fn push(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(line) => line.text.push_str(text),
            None => self.whole(text.to_owned()),
        }
    }

    /// Whether the last line holds the dash of an item and nothing else.
    pub(super) fn is_at_dash(&self) -> bool {
        self.0.last().is_some_and(|line| line.comment.is_none() && !line.is_full && line.text.trim() == "-")
    }

    /// How wide the last line is.
    pub(super) fn width(&self) -> usize {
        self.0.last().map_or(0, |line| line.text.width())
    }

    /// How far in a line stands.
    pub(super) fn indent(&self, line: usize) -> usize {
        self.0.get(line).map_or(0, |line| line.text.len() - line.text.trim_start_matches(' ').len())
    }

    /// Puts a comment behind the last line; says whether there was room for it.
    pub(super) fn comment(&mut self, comment: &Comment) -> bool {
        let Some(line) = self.0.last_mut().filter(|line| line.comment.is_none() && !line.is_full) else {
            return false;
        };
        line.comment = Some((comment.text.clone(), comment.column));
        true
    }

    /// Whether one of some lines is set apart from the one before it.
    pub(super) fn is_any_set_apart(&self, lines: std::ops::Range<usize>) -> bool {
        self.0[lines].iter().any(|line| line.is_set_apart)
    }

    /// Sets a line apart from the one before it.
    pub(super) fn set_apart(&mut self, line: usize) {
        if let Some(line) = self.0.get_mut(line) {
            line.is_set_apart = true;
        }
    }

    /// The lines with their comments, each with whether a blank line goes before it. Comments that stood below one
    /// another do so still.
    pub(super) fn done(self) -> Vec<(bool, String)> {
        let mut done = Vec::with_capacity(self.0.len());
        let column = |line: &Line| line.comment.as_ref().map(|(_, column)| *column);
        let is_below = |a: &Line, b: &Line| column(a).is_some() && column(a) == column(b) && !b.is_set_apart;
        for run in self.0.chunk_by(is_below) {
            let width = run.iter().map(|line| line.text.width()).max().unwrap_or(0);
            for line in run {
                let mut text = line.text.clone();
                if let Some((comment, _)) = &line.comment {
                    text.push_str(&" ".repeat(width - line.text.width() + 1));
                    text.push_str(comment);
                }
                done.push((line.is_set_apart, text));
            }
        }
        done
    }
}
