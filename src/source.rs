//! Texts and places in them: files by id, byte spans, lines and columns.
//!
//! Everything later refers to a place by file and byte span. This is the one module that turns bytes into
//! lines, columns and the UTF-16 units editors count in. It knows nothing of YAML or of disks.

use std::sync::{Arc, OnceLock};

pub use crate::id::FileId;
use crate::id::Id as _;

/// A run of bytes in one file: from `start` up to, not including, `end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after the run.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end.max(start) as u32 }
    }

    /// The place before a byte, with nothing in it.
    pub fn at(byte: u32) -> Self {
        Self { start: byte, end: byte }
    }

    /// Whether another lies in it.
    pub fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether two have anything in common; a cursor right behind a word is at it.
    pub fn touches(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The part of this span from `start` up to `end`, counted from its own start and cut to it.
    #[must_use]
    pub fn part(self, start: usize, end: usize) -> Self {
        let cut = |at: usize| (self.start as usize + at).min(self.end as usize);
        Self::new(cut(start), cut(end))
    }

    /// The same bytes as a range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A span in a named file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

/// A byte that is no text, and its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadByte {
    /// Where it stands.
    pub at: usize,
    /// The byte.
    pub byte: u8,
}

/// Bytes as text, without a byte-order mark. Bytes that are not UTF-8, and NUL bytes, are named and stand as
/// `?` in the text, so that every other place in it stays what it was.
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

/// A value and the place in its file where it was written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// In what a place within a line is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Bytes of UTF-8.
    Byte,
    /// Units of UTF-16.
    Utf16,
    /// Characters.
    Character,
}

/// One text of the workspace with the start of each of its lines; a clone shares both.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: String,
    text: Arc<str>,
    lines: Arc<[u32]>,
    /// Characters and units of UTF-16 before each block, counted once a place lies far along its line.
    blocks: OnceLock<Arc<[(u32, u32)]>>,
}

/// So many bytes of a text are counted anew for a place.
const BLOCK: usize = 1024;

impl SourceFile {
    /// A text under the path by which people know it.
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect();
        Self { path: path.into(), text, lines, blocks: OnceLock::new() }
    }

    /// The path as shown to people.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// How many lines it has; what ends the last one begins no other.
    pub fn line_count(&self) -> usize {
        let is_ended = self.text.is_empty() || self.text.ends_with('\n');
        self.lines.len() - usize::from(is_ended)
    }

    /// A line, from 1, without what ends it; empty where there is none of this number.
    pub fn line_text(&self, number: usize) -> &str {
        let start = number.checked_sub(1).and_then(|at| self.lines.get(at));
        let Some(&start) = start else { return "" };
        let end = self.lines.get(number).map_or(self.text.len(), |&next| next as usize - 1);
        let line = &self.text[start as usize..end];
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The line of a byte, from 1; past the end, that of the end. However long the line is, it is not read.
    pub fn line(&self, byte: u32) -> usize {
        self.lines.partition_point(|&start| start <= byte)
    }

    /// Line and column of a byte; past the end, those of the end.
    pub fn line_column(&self, byte: u32) -> LineColumn {
        let (line, column) = self.position(byte, Unit::Character);
        LineColumn { line: line + 1, column: column + 1 }
    }

    /// The line of a byte, from 0, and how many units of that line are before it; past the end, those of the end. A
    /// byte inside a character counts as its start. However long the line is, no more than a block of it is read.
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

    /// How many units of the text are before a byte.
    fn units_before(&self, byte: usize, unit: Unit) -> usize {
        let blocks = self.blocks.get_or_init(|| {
            let (mut characters, mut utf16) = (0, 0);
            let before = |block: &[u8]| {
                let before = (characters, utf16);
                characters += units(block, Unit::Character) as u32;
                utf16 += units(block, Unit::Utf16) as u32;
                before
            };
            // A block that ends the text is followed by an empty one.
            self.text.as_bytes().chunks(BLOCK).chain([&[][..]]).map(before).collect()
        });
        let (characters, utf16) = blocks[byte / BLOCK];
        let before = if unit == Unit::Character { characters } else { utf16 };
        before as usize + units(&self.text.as_bytes()[byte - byte % BLOCK..byte], unit)
    }
}

/// How many units some bytes of a text have, each character counted at its first byte.
fn units(bytes: &[u8], unit: Unit) -> usize {
    let characters = || bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    match unit {
        Unit::Byte => bytes.len(),
        Unit::Character => characters(),
        // Characters of four bytes have two units.
        Unit::Utf16 => characters() + bytes.iter().filter(|&&byte| byte >= 0xf0).count(),
    }
}

/// All texts of a workspace, by file id, in the order of their paths.
#[derive(Clone, Debug, Default)]
pub struct Files(Vec<SourceFile>);

impl Files {
    /// Takes the texts, sorts them by path and numbers them.
    pub fn new(mut files: Vec<SourceFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self(files)
    }

    /// Ids and texts in the order of paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.0.iter().enumerate().map(|(at, file)| (FileId::new(at), file))
    }

    /// The file with this path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.0.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(FileId::new)
    }

    /// Puts another text in the place of a file's.
    pub fn replace(&mut self, id: FileId, text: impl Into<Arc<str>>) {
        let file = &mut self.0[id.index()];
        *file = SourceFile::new(std::mem::take(&mut file.path), text);
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no file.
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
    fn columns_count_characters() {
        let file = SourceFile::new("a.yaml", "a: 1\nb: 𝄞é x\n");
        let x = file.text().find('x').unwrap() as u32;
        assert_eq!(file.line_column(x), LineColumn { line: 2, column: 7 });
        assert_eq!(file.line_column(4), LineColumn { line: 1, column: 5 });
        assert_eq!(file.line_column(999).line, 3);
    }

    proptest::proptest! {
        #[test]
        fn position_on_a_long_line_is_counted_as_on_a_short_one(text in "[ab é–𝄞\n]{0,40}", times in 1_usize..300, at in 0_u32..20_000) {
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
    fn a_byte_inside_a_character_counts_as_its_start() {
        let file = SourceFile::new("a.yaml", "é");
        assert_eq!(file.line_column(1).column, 1);
    }
}
