//! Positions of the protocol: lines count from 0, columns are in the agreed units, and files are URIs.

use std::path::{Path, PathBuf};

use gen_lsp_types::{Position, PositionEncodingKind, Range, Uri};

use gainsay_analysis::source::{SourceFile, Span, Unit};

/// The unit in which columns are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, the default of the protocol.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The best unit that the editor supports: bytes, because spans are bytes, then UTF-16, then characters.
    pub(super) fn agreed(offered: Option<&[PositionEncodingKind]>) -> Self {
        let knows = |kind: &PositionEncodingKind| offered.is_some_and(|offered| offered.contains(kind));
        if knows(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.is_none()
            || knows(&PositionEncodingKind::UTF16)
            || !knows(&PositionEncodingKind::UTF32)
        {
            Self::Utf16
        } else {
            Self::Utf32
        }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// The number of units that a character has.
    fn units(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// The position of a byte; for a byte after the end of the text, the position of the end.
    pub(super) fn position(self, file: &SourceFile, byte: u32) -> Position {
        let unit = match self {
            Self::Utf8 => Unit::Byte,
            Self::Utf16 => Unit::Utf16,
            Self::Utf32 => Unit::Character,
        };
        let (line, units) = file.position(byte, unit);
        Position::new(line as u32, units as u32)
    }

    /// The range of a span.
    pub(super) fn range(self, file: &SourceFile, span: Span) -> Range {
        Range::new(self.position(file, span.start), self.position(file, span.end))
    }

    /// The byte at a position. A position after the end of a line gives that end, one after the last line gives the
    /// end of the text, and one inside a character gives its start, as the protocol requires.
    pub(super) fn byte(self, text: &str, position: Position) -> usize {
        let mut start = 0;
        for _ in 0..position.line {
            match text[start..].find('\n') {
                Some(end) => start += end + 1,
                None => return text.len(),
            }
        }
        // A carriage return only ends a line before a line feed. The protocol says otherwise, but the tested editors
        // count like this.
        let line = text[start..].split_inclusive('\n').next().unwrap_or_default();
        let line = line.strip_suffix("\r\n").or(line.strip_suffix('\n')).unwrap_or(line);
        let mut units = 0;
        for (at, letter) in line.char_indices() {
            units += self.units(letter);
            if units > position.character as usize {
                return start + at;
            }
        }
        start + line.len()
    }
}

/// The path of a `file:` URI; none for other schemes.
pub(super) fn path_from_uri(uri: &Uri) -> Option<PathBuf> {
    url::Url::parse(uri.as_ref()).ok().filter(|url| url.scheme() == "file")?.to_file_path().ok()
}

/// The URI of an absolute path.
pub(super) fn uri_from_path(path: &Path) -> Uri {
    url::Url::from_file_path(path)
        .map_or_else(|()| Uri::from(path.display().to_string()), |url| Uri::from(url.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a: é𝄞x\r\nb\n";

    #[test]
    fn byte_and_position_are_inverse() {
        let file = SourceFile::new("a.yaml", TEXT);
        for (encoding, column) in [(Encoding::Utf8, 9), (Encoding::Utf16, 6), (Encoding::Utf32, 5)] {
            let byte = TEXT.find('x').unwrap();
            let position = encoding.position(&file, byte as u32);
            assert_eq!(position, Position::new(0, column));
            assert_eq!(encoding.byte(TEXT, position), byte);
            for at in TEXT.char_indices().map(|(at, _)| at).filter(|&at| TEXT.as_bytes()[at] != b'\n') {
                let position = encoding.position(&file, at as u32);
                assert_eq!(encoding.byte(TEXT, position), at, "{encoding:?} {position:?}");
            }
        }
    }

    #[test]
    fn byte_of_a_position_outside_of_the_text_is_within_it() {
        let at = |line, character| Encoding::Utf16.byte(TEXT, Position::new(line, character));
        assert_eq!(at(0, 99), TEXT.find('\r').unwrap());
        assert_eq!(at(9, 0), TEXT.len());
        assert_eq!(at(0, 5), TEXT.find('𝄞').unwrap());
        assert_eq!(at(2, 3), TEXT.len());
    }

    #[test]
    fn uri_of_a_path_with_spaces_gives_the_path_again() {
        let there = Path::new("/tmp/a b/ü#.yaml");
        assert_eq!(path_from_uri(&uri_from_path(there)).as_deref(), Some(there));
        assert_eq!(path_from_uri(&Uri::from("untitled:Untitled-1")), None);
    }
}
