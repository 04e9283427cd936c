//! Texts and places in them: files by id, byte spans, lines and columns.
//!
//! All other modules refer to a place by its file and byte span. Only this module converts bytes to lines, columns and
//! the UTF-16 units that editors count in. It knows neither YAML nor disks.

use std::sync::{Arc, OnceLock};

pub use crate::id::FileId;
use crate::id::Id as _;

/// A range of bytes in one text: from `start` up to, but not including, `end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The first byte after the range.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`; empty if `end` is before `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end.max(start) as u32 }
    }

    /// The empty span before a byte.
    pub fn at(byte: u32) -> Self {
        Self { start: byte, end: byte }
    }

    /// Whether it contains another span.
    pub fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether two spans overlap or are next to each other: a cursor at the end of a word touches it.
    pub fn touches(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// The smallest span that contains both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The part from `start` to `end`, which count from the start of this span. It is cut off at the end of this span.
    #[must_use]
    pub fn part(self, start: usize, end: usize) -> Self {
        let cut = |at: usize| (self.start as usize + at).min(self.end as usize);
        Self::new(cut(start), cut(end))
    }

    /// The span as a range, to index a text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A file and a span in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The span in the file.
    pub span: Span,
}

/// A byte that is not text, with its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadByte {
    /// The position in the text.
    pub at: usize,
    /// The value of the byte.
    pub byte: u8,
}

/// Decodes UTF-8 without a byte-order mark. Invalid bytes and NUL bytes are returned, and replaced by `?` in the text,
/// and every other byte keeps its place.
pub fn decode(mut bytes: Vec<u8>) -> (String, Vec<BadByte>) {
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.drain(..3);
    }
    let mut bad: Vec<BadByte> = Vec::new();
    let nuls = bytes.iter().enumerate().filter(|&(_, &byte)| byte == 0);
    bad.extend(nuls.map(|(at, &byte)| BadByte { at, byte }));
    for &BadByte { at, .. } in &bad {
        bytes[at] = b'?';
    }
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(&bytes[from..]) {
        let start = from + error.valid_up_to();
        let end = error.error_len().map_or(bytes.len(), |length| start + length);
        bad.extend((start..end).map(|at| BadByte { at, byte: bytes[at] }));
        bytes[start..end].fill(b'?');
        from = end;
    }
    bad.sort_by_key(|bad| bad.at);
    (String::from_utf8(bytes).unwrap_or_default(), bad)
}

/// A value with its place in the file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The place of the value.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value with its span.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// The unit in which a column is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Bytes of UTF-8.
    Byte,
    /// UTF-16 code units.
    Utf16,
    /// Characters.
    Character,
}

/// One text of the workspace with the starts of its lines. A clone shares both.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: String,
    text: Arc<str>,
    lines: Arc<[u32]>,
    /// The number of characters and of UTF-16 units before each block. Only counted when a place far along its line is
    /// asked for.
    blocks: OnceLock<Arc<[(u32, u32)]>>,
}

/// The size of a block in bytes: at most so many bytes are counted for one place.
const BLOCK: usize = 1024;

impl SourceFile {
    /// A text with its path as displayed.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect();
        Self { path: path.into(), text, lines, blocks: OnceLock::new() }
    }

    /// The path as displayed.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty if the span is not within the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The number of lines. A line break at the end of the text does not start another line.
    pub fn line_count(&self) -> usize {
        let is_ended = self.text.is_empty() || self.text.ends_with('\n');
        self.lines.len() - usize::from(is_ended)
    }

    /// The text of a line without its line break; empty if there is no such line. The first line has the number 1.
    pub fn line_text(&self, number: usize) -> &str {
        let start = number.checked_sub(1).and_then(|at| self.lines.get(at));
        let Some(&start) = start else { return "" };
        let end = self.lines.get(number).map_or(self.text.len(), |&next| next as usize - 1);
        let line = &self.text[start as usize..end];
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The line of a byte, from 1. Past the end of the text it is the last line. The cost does not depend on the length
    /// of the line.
    pub fn line(&self, byte: u32) -> usize {
        self.lines.partition_point(|&start| start <= byte)
    }

    /// The line and column of a byte. Past the end of the text they are those of the end.
    pub fn line_column(&self, byte: u32) -> LineColumn {
        let (line, column) = self.position(byte, Unit::Character);
        LineColumn { line: line + 1, column: column + 1 }
    }

    /// The line of a byte, from 0, and the number of units of that line before it. Past the end of the text they are
    /// those of the end. A byte inside a character counts as its start. At most one block of a line is read, however
    /// long it is.
    pub fn position(&self, byte: u32, unit: Unit) -> (usize, usize) {
        let line = self.line(byte) - 1;
        let start = self.lines[line] as usize;
        let mut end = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let end = end.max(start);
        let units = match unit {
            Unit::Byte => end - start,
            _ if end - start <= BLOCK => units(&self.text.as_bytes()[start..end], unit),
            _ => self.units_before(end, unit) - self.units_before(start, unit),
        };
        (line, units)
    }

    /// The number of units of the text before a byte.
    fn units_before(&self, byte: usize, unit: Unit) -> usize {
        let blocks = self.blocks.get_or_init(|| {
            let (mut characters, mut utf16) = (0, 0);
            let before = |block: &[u8]| {
                let before = (characters, utf16);
                characters += units(block, Unit::Character) as u32;
                utf16 += units(block, Unit::Utf16) as u32;
                before
            };
            // An empty block at the end is for a text that ends with a full block.
            self.text.as_bytes().chunks(BLOCK).chain([&[][..]]).map(before).collect()
        });
        let (characters, utf16) = blocks[byte / BLOCK];
        let before = if unit == Unit::Character { characters } else { utf16 };
        before as usize + units(&self.text.as_bytes()[byte - byte % BLOCK..byte], unit)
    }
}

/// The number of units of some bytes. Each character is counted at its first byte.
fn units(bytes: &[u8], unit: Unit) -> usize {
    let characters = || bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    match unit {
        Unit::Byte => bytes.len(),
        Unit::Character => characters(),
        // A character of four bytes has two units.
        Unit::Utf16 => characters() + bytes.iter().filter(|&&byte| byte >= 0xf0).count(),
    }
}

/// All texts of a workspace, by file id, in the order of their paths.
#[derive(Clone, Debug, Default)]
pub struct Files(Vec<SourceFile>);

impl Files {
    /// Sorts texts by path. Their ids follow that order.
    pub fn new(mut files: Vec<SourceFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self(files)
    }

    /// The ids and texts in the order of paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.0.iter().enumerate().map(|(at, file)| (FileId::new(at), file))
    }

    /// The file with a path as displayed; none if there is no such file.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.0.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(FileId::new)
    }

    /// Replaces the text of a file.
    pub fn replace(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        let file = &mut self.0[id.index()];
        *file = SourceFile::new(std::mem::take(&mut file.path), text);
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the workspace has no file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::ops::Index<FileId> for Files {
    type Output = SourceFile;

    fn index(&self, id: FileId) -> &SourceFile {
        &self.0[id.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_column_counts_characters() {
        let file = SourceFile::new("a.yaml", "a: 1\nb: 𝄞é x\n");
        let x = file.text().find('x').unwrap() as u32;
        assert_eq!(file.line_column(x), LineColumn { line: 2, column: 7 });
        assert_eq!(file.line_column(4), LineColumn { line: 1, column: 5 });
        assert_eq!(file.line_column(999).line, 3);
    }

    proptest::proptest! {
        #[test]
        fn position_is_right_on_long_lines(text in "[ab é–𝄞\n]{0,40}", times in 1_usize..300, at in 0_u32..20_000) {
            let file = SourceFile::new("a.yaml", text.repeat(times));
            let mut byte = (at as usize).min(file.text().len());
            while !file.text().is_char_boundary(byte) {
                byte -= 1;
            }
            let line = file.text()[..byte].rsplit('\n').next().unwrap_or_default();
            let columns = [Unit::Byte, Unit::Character, Unit::Utf16].map(|unit| file.position(at, unit).1);
            assert_eq!(columns, [line.len(), line.chars().count(), line.encode_utf16().count()]);
        }
    }

    #[test]
    fn line_column_of_a_byte_inside_a_character_is_its_start() {
        let file = SourceFile::new("a.yaml", "é");
        assert_eq!(file.line_column(1).column, 1);
    }
}
