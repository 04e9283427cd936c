//! What stands between the keys and values of a text: blanks, line breaks, comments, and the signs of YAML. Read
//! piece by piece as the printer goes along, so that nothing is passed over unseen.

use unicode_width::UnicodeWidthStr as _;

use crate::edit::layout::{Obscure, end_of_line, line_start};

/// A comment as it stood.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    /// With its `#`, without blanks at the end.
    pub(super) text: String,
    /// Whether nothing but blanks stands before it on its line.
    pub(super) is_alone: bool,
    /// Whether a blank line stands before its line.
    pub(super) is_set_apart: bool,
    /// How far in it stands, in columns of a screen.
    pub(super) column: usize,
    /// The byte at which it starts.
    pub(super) start: usize,
}

/// The comments before something, and how it stands behind them.
#[derive(Clone, Debug, Default)]
pub(super) struct Lead {
    pub(super) comments: Vec<Comment>,
    /// Whether a blank line stands before what comes next.
    pub(super) is_set_apart: bool,
    /// Whether what comes next stands on a later line than what came before.
    pub(super) is_below: bool,
}

impl Lead {
    /// This lead and the one that follows it, where a comma or the like stood between them.
    pub(super) fn and(mut self, next: Self) -> Self {
        self.comments.extend(next.comments);
        let is_set_apart = self.is_set_apart || next.is_set_apart;
        Self { comments: self.comments, is_set_apart, is_below: self.is_below || next.is_below }
    }
}

/// A place in a text, up to which everything is read.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// A comment that was printed before its turn, by the byte where it starts.
    pub(super) is_printed: Option<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, is_printed: None }
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Reads blanks, line breaks and comments.
    pub(super) fn lead(&mut self) -> Lead {
        let mut lead = Lead { is_below: self.at == 0, ..Lead::default() };
        let mut breaks = 0;
        while let Some(next) = self.rest().chars().next() {
            match next {
                '\n' => {
                    breaks += 1;
                    lead.is_below = true;
                    self.at += 1;
                }
                ' ' | '\t' | '\r' => self.at += 1,
                '#' => {
                    let comment = self.comment(lead.is_below, breaks > 1);
                    lead.comments.extend(comment);
                    breaks = 0;
                }
                _ => break,
            }
        }
        lead.is_set_apart = breaks > 1;
        lead
    }

    /// Reads the comment behind what was read last, on the same line.
    pub(super) fn comment_on_line(&mut self) -> Option<Comment> {
        let blanks = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let is_there = self.rest()[blanks..].starts_with('#');
        self.at += if is_there { blanks } else { 0 };
        if is_there { self.comment(false, false) } else { None }
    }

    /// Reads the comment that starts here.
    pub(super) fn comment(&mut self, is_alone: bool, is_set_apart: bool) -> Option<Comment> {
        let start = self.at;
        self.at = end_of_line(self.text, start);
        let column = column(self.text, start);
        let text = spaced(self.text[start..self.at].trim_end());
        (self.is_printed != Some(start)).then_some(Comment { text, is_alone, is_set_apart, column, start })
    }

    /// Reads one sign.
    pub(super) fn sign(&mut self, sign: char) -> Result<(), Obscure> {
        if self.try_sign(sign) { Ok(()) } else { Err(self.lost(&format!("a `{sign}`"))) }
    }

    pub(super) fn try_sign(&mut self, sign: char) -> bool {
        let is_there = self.rest().starts_with(sign);
        self.at += if is_there { sign.len_utf8() } else { 0 };
        is_there
    }

    /// Makes sure that something starts here.
    pub(super) fn is_at(&self, start: usize) -> Result<(), Obscure> {
        if self.at == start { Ok(()) } else { Err(self.lost("a key or value")) }
    }

    pub(super) fn lost(&self, sought: &str) -> Obscure {
        let why = format!("the layout is not understood here: {sought} was looked for");
        Obscure { at: self.at.min(self.text.len()), why }
    }
}

/// How far in a byte stands on its line, in columns of a screen.
pub(super) fn column(text: &str, at: usize) -> usize {
    text[line_start(text, at)..at].width()
}

/// A comment with a blank behind its `#`, where letters follow.
fn spaced(comment: &str) -> String {
    match comment.strip_prefix('#') {
        Some(rest) if rest.starts_with(char::is_alphanumeric) => format!("# {rest}"),
        _ => comment.to_owned(),
    }
}
