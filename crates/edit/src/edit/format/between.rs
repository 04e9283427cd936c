//! Reads the gaps between the keys and values of a text: spaces, line breaks, comments, and punctuation. The printer
//! reads them in order, so that no part of the text is skipped.

use unicode_width::UnicodeWidthStr as _;

use crate::edit::layout::{UnsupportedLayout, end_of_line};

/// A comment of the original text.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    /// The text with its `#`, without spaces at the end.
    pub(super) text: String,
    /// Whether it is alone on its line.
    pub(super) is_on_own_line: bool,
    /// Whether its line follows a blank line.
    pub(super) has_blank_line_before: bool,
    /// Its column on the screen.
    pub(super) column: usize,
    /// The byte at which it starts.
    pub(super) start: usize,
}

/// A gap between two parts of the text: its comments, and how the next part follows.
#[derive(Clone, Debug, Default)]
pub(super) struct LayoutGap {
    pub(super) comments: Vec<Comment>,
    /// Whether there is a blank line before the next part.
    pub(super) has_blank_line_before: bool,
    /// Whether the next part is on a later line than the previous one.
    pub(super) is_on_new_line: bool,
}

impl LayoutGap {
    /// Joins this gap with the next one, which follows after a comma or a bracket.
    pub(super) fn and(mut self, next: Self) -> Self {
        self.comments.extend(next.comments);
        let has_blank_line_before = self.has_blank_line_before || next.has_blank_line_before;
        Self {
            comments: self.comments,
            has_blank_line_before,
            is_on_new_line: self.is_on_new_line || next.is_on_new_line,
        }
    }
}

/// A reader of a text that knows up to where it has read.
pub(super) struct GapReader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// The start of a comment that was printed early, so that it is not printed again.
    pub(super) is_printed: Option<usize>,
}

impl<'a> GapReader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, is_printed: None }
    }

    /// The rest of the text.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Reads a gap: spaces, line breaks and comments.
    pub(super) fn gap(&mut self) -> LayoutGap {
        let mut gap = LayoutGap { is_on_new_line: self.at == 0, ..LayoutGap::default() };
        let mut breaks = 0;
        while let Some(next) = self.rest().chars().next() {
            match next {
                '\n' => {
                    breaks += 1;
                    gap.is_on_new_line = true;
                    self.at += 1;
                }
                ' ' | '\t' | '\r' => self.at += 1,
                '#' => {
                    let comment = self.comment(gap.is_on_new_line, breaks > 1);
                    gap.comments.extend(comment);
                    breaks = 0;
                }
                _ => break,
            }
        }
        gap.has_blank_line_before = breaks > 1;
        gap
    }

    /// Reads a comment that follows on the same line.
    pub(super) fn comment_on_line(&mut self) -> Option<Comment> {
        let blanks = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let is_present = self.rest()[blanks..].starts_with('#');
        self.at += if is_present { blanks } else { 0 };
        if is_present { self.comment(false, false) } else { None }
    }

    /// Reads the comment that starts here.
    pub(super) fn comment(&mut self, is_on_own_line: bool, has_blank_line_before: bool) -> Option<Comment> {
        let start = self.at;
        self.at = end_of_line(self.text, start);
        let column = column(self.text, start);
        let text = spaced(self.text[start..self.at].trim_end());
        (self.is_printed != Some(start)).then_some(Comment {
            text,
            is_on_own_line,
            has_blank_line_before,
            column,
            start,
        })
    }

    /// Reads one character. Returns an error if it is another one.
    pub(super) fn expect_char(&mut self, expect_char: char) -> Result<(), UnsupportedLayout> {
        if self.try_char(expect_char) { Ok(()) } else { Err(self.unexpected(&format!("a `{expect_char}`"))) }
    }

    pub(super) fn try_char(&mut self, expect_char: char) -> bool {
        let is_present = self.rest().starts_with(expect_char);
        self.at += if is_present { expect_char.len_utf8() } else { 0 };
        is_present
    }

    /// Returns an error if the next part does not start here.
    pub(super) fn is_at(&self, start: usize) -> Result<(), UnsupportedLayout> {
        if self.at == start { Ok(()) } else { Err(self.unexpected("a key or value")) }
    }

    pub(super) fn unexpected(&self, sought: &str) -> UnsupportedLayout {
        let why = format!("the layout is not supported here: expected {sought}");
        UnsupportedLayout { at: self.at.min(self.text.len()), why }
    }
}

/// Lines are rarely longer. Without a limit, the columns of one long line would take time with its square.
const MAX_COLUMN_BYTES: usize = 4096;

/// The column of a byte on the screen. On a line of more than [`MAX_COLUMN_BYTES`] the count begins that far before the
/// byte: such a column only has to be large.
pub(super) fn column(text: &str, at: usize) -> usize {
    let mut from = at.saturating_sub(MAX_COLUMN_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = &text[from..at];
    before.rsplit('\n').next().unwrap_or(before).width()
}

/// Adds a space after the `#` of a comment, if a letter or digit follows.
fn spaced(comment: &str) -> String {
    match comment.strip_prefix('#') {
        Some(rest) if rest.starts_with(char::is_alphanumeric) => format!("# {rest}"),
        _ => comment.to_owned(),
    }
}
