//! Scans braces and brackets, which may be left open.

use super::{CursorScan, OpenCollection, ScanPosition, WordAtCursor};
use gainsay_analysis::source::Span;

impl CursorScan<'_> {
    /// Reads a flow collection. If it is left open, it ends before a line that is not indented further than its key.
    pub(super) fn flow(&mut self, start: usize, column: usize) -> usize {
        let floor = self.frames.len();
        let mut at = start;
        loop {
            if at == self.byte && at > start {
                self.note_in_flow(at);
            }
            let Some(&byte) = self.bytes.get(at) else {
                self.close(floor);
                return at + 1;
            };
            match byte {
                b'{' | b'[' => {
                    self.begin(OpenCollection::new(byte == b'[', true, column));
                    at += 1;
                }
                b'}' | b']' => {
                    at += 1;
                    self.close(self.frames.len().saturating_sub(1).max(floor));
                    if self.frames.len() == floor {
                        return self.line_end(at) + 1;
                    }
                }
                b',' => {
                    at += 1;
                    if let Some(top) = self.frames.last_mut() {
                        top.at = None;
                    }
                }
                b'\n' => {
                    at += 1;
                    if self.leaves(at, column) {
                        self.close(floor);
                        return at;
                    }
                }
                b' ' | b'\t' | b'\r' | b':' => at += 1,
                b'#' if self.is_blank(at - 1) => {
                    let end = self.line_end(at);
                    if (at + 1..=end).contains(&self.byte) {
                        self.note_nothing();
                    }
                    at = end;
                }
                _ => at = self.flow_word(at, column),
            }
        }
    }

    /// Whether the line that begins at `line` ends a collection that is left open.
    fn leaves(&self, line: usize, column: usize) -> bool {
        let first = self.skip_blanks(line);
        match self.bytes.get(first) {
            Some(b'\r' | b'\n') | None => {
                // In a blank line with less indentation, the byte is no longer inside the braces.
                let is_here = (line..=first).contains(&self.byte) && self.byte - line <= column;
                is_here && self.is_left_open(first, column)
            }
            Some(b'}' | b']') => false,
            Some(_) => first - line <= column,
        }
    }

    /// Whether an open collection ends at a blank line, because the next line does not continue it.
    fn is_left_open(&self, end: usize, column: usize) -> bool {
        let rest = self.text.get(end..).unwrap_or_default();
        let next = rest.lines().find(|line| !line.trim().is_empty());
        next.is_none_or(|next| {
            let content = next.trim_start_matches(' ');
            next.len() - content.len() <= column && !content.starts_with(['}', ']'])
        })
    }

    /// Reads a word inside braces: a key if a colon follows, otherwise a value or an item.
    fn flow_word(&mut self, first: usize, column: usize) -> usize {
        let (word, mut next) = self.word_in_flow(first, column);
        let Some(top) = self.frames.last() else { return next };
        let colon = self.skip_blanks(next);
        if !top.is_list && top.at.is_none() && self.bytes.get(colon) == Some(&b':') {
            let quotes = usize::from(word.is_quoted);
            let span = Span::new(word.start - quotes, word.end + quotes);
            self.add_key(self.text[word.start..word.end].into(), span);
            next = colon + 1;
            if (word.end + quotes + 1..next).contains(&self.byte) {
                self.note_nothing();
            }
            return next;
        }
        let at = match top.current() {
            _ if top.is_list => ScanPosition::Value,
            None => ScanPosition::Key,
            Some(field) if field.has_value => ScanPosition::Nothing,
            Some(_) => ScanPosition::Value,
        };
        if at == ScanPosition::Value {
            self.set_value(&word);
        }
        if (first..=word.end).contains(&self.byte) || (self.byte <= next && self.is_behind(&word)) {
            self.note_word(at, word);
        }
        next
    }

    /// The word that begins at a byte inside braces, and the byte after it. An open quote ends with its line.
    fn word_in_flow(&self, first: usize, column: usize) -> (WordAtCursor, usize) {
        let quote = self.bytes[first];
        if !matches!(quote, b'"' | b'\'') {
            let length = self.text.len();
            let limit = (first..length).find(|&at| self.ends_flow_word(at, first)).unwrap_or(length);
            let length = self.text[first..limit].trim_end().len().max(1);
            return (
                WordAtCursor { start: first, end: first + length, ..WordAtCursor::default() },
                limit.max(first + 1),
            );
        }
        let word = WordAtCursor { start: first + 1, is_quoted: true, ..WordAtCursor::default() };
        if let Some(close) = self.closing(first, quote, Some(column)) {
            return (WordAtCursor { end: close, ..word }, close + 1);
        }
        let end = self.line_end(first);
        (WordAtCursor { end: self.without_return(end).max(first + 1), ..word }, end)
    }

    /// Whether an unquoted word inside braces ends at a byte.
    fn ends_flow_word(&self, at: usize, first: usize) -> bool {
        let closes =
            |at: usize| self.is_blank(at) || matches!(self.bytes[at], b',' | b'}' | b']' | b'{' | b'[');
        match self.bytes[at] {
            b',' | b'}' | b']' | b'{' | b'[' | b'\r' | b'\n' => true,
            b':' => closes(at + 1),
            b'#' => at > first && self.is_blank(at - 1),
            _ => false,
        }
    }

    /// Notes that the byte is between the words of a flow collection.
    fn note_in_flow(&mut self, at: usize) {
        let is_before = self
            .bytes
            .get(at)
            .is_none_or(|&byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'}' | b']'));
        if is_before && at < self.text.len() {
            return;
        }
        let Some(top) = self.frames.last() else { return };
        let state = match top.current() {
            _ if top.is_list => ScanPosition::Value,
            None => ScanPosition::Key,
            Some(field) if field.has_value => ScanPosition::Nothing,
            Some(_) => ScanPosition::Value,
        };
        let lead = if state == ScanPosition::Value && self.bytes.get(at.wrapping_sub(1)) == Some(&b':') {
            " "
        } else {
            ""
        };
        self.note(state, WordAtCursor { lead, ..self.empty_word() });
    }
}
