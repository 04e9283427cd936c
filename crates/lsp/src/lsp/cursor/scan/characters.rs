//! Finds lines, blanks, comments and quotes in the text.

use super::CursorScan;

impl CursorScan<'_> {
    pub(super) fn line_end(&self, from: usize) -> usize {
        let from = from.min(self.text.len());
        self.text[from..].find('\n').map_or(self.text.len(), |end| from + end)
    }

    pub(super) fn without_return(&self, end: usize) -> usize {
        if end > 0 && self.bytes[end - 1] == b'\r' { end - 1 } else { end }
    }

    pub(super) fn skip_blanks(&self, from: usize) -> usize {
        let from = from.min(self.text.len());
        let blanks = self.bytes[from..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        from + blanks
    }

    /// Whether a byte is a blank, the end of a line or the end of the text.
    pub(super) fn is_blank(&self, at: usize) -> bool {
        self.bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
    }

    /// The start of the comment in a line, or the end of the line.
    pub(super) fn comment(&self, from: usize, end: usize) -> usize {
        (from + 1..end).find(|&at| self.bytes[at] == b'#' && self.is_blank(at - 1)).unwrap_or(end)
    }

    /// Whether the `|` or `>` at a byte begins a block scalar.
    pub(super) fn is_block_mark(&self, at: usize, end: usize) -> bool {
        let mark = self.text[at + 1..self.comment(at, end)].trim();
        mark.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9'))
    }

    /// The position of the closing quote for the quote at a byte; none if it is left open. It must be on the same line
    /// or, if `column` is given, before the next line that is not indented further.
    pub(super) fn closing(&self, open: usize, quote: u8, column: Option<usize>) -> Option<usize> {
        let mut at = open + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' if quote == b'"' && self.bytes.get(at + 1) != Some(&b'\n') => at += 2,
                b'\'' if quote == b'\'' && self.bytes.get(at + 1) == Some(&b'\'') => at += 2,
                b'\n' => {
                    let first = self.skip_blanks(at + 1);
                    let is_empty = matches!(self.bytes.get(first), Some(b'\r' | b'\n'));
                    if !is_empty && first - at - 1 <= column? {
                        return None;
                    }
                    at = first;
                }
                byte if byte == quote => return Some(at),
                _ => at += 1,
            }
        }
        None
    }
}
