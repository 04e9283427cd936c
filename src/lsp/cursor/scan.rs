//! A text read for what stands around one byte of it, however much of it is half-written.
//!
//! The parser of `yaml` refuses what people have just begun to write, so this reads lines, indents, braces and
//! quotes by itself and goes on where it cannot: what is left open ends where the indent says that it must. It
//! finds mappings, lists and scalars with their places and knows no key. Each byte is looked at once or twice.

mod flow;
mod letters;

use smol_str::SmolStr;

use crate::source::Span;

/// A mapping or a list that the byte stands in.
#[derive(Clone, Debug)]
pub(in crate::lsp) struct OpenCollection {
    pub(super) is_list: bool,
    pub(super) is_flow: bool,
    /// Where its keys or marks stand, in block style.
    pub(super) column: usize,
    pub(super) entries: Vec<Field>,
    /// The entry that is being read.
    at: Option<usize>,
    /// Its place among the levels seen, once the byte was.
    slot: Option<usize>,
}

/// A key of a mapping with its value, where that is one scalar.
#[derive(Clone, Debug)]
pub(in crate::lsp) struct Field {
    pub(in crate::lsp) key: SmolStr,
    pub(in crate::lsp) value: Option<SmolStr>,
    has_value: bool,
    /// Whether the byte stands in the key.
    is_seen: bool,
}

/// What stands at the byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScanPosition {
    /// A key of the innermost mapping, or the beginning of one.
    Key,
    /// The value of the entry that is being written, or an item of the innermost list.
    Value,
    /// Under a key without a value: its value or the first key of it.
    Under,
    /// A comment, a text that goes over lines, or no place for anything.
    Nothing,
}

/// The word at the byte, without quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::lsp) struct WordAtCursor {
    pub(in crate::lsp) start: usize,
    pub(in crate::lsp) end: usize,
    /// Whether quotes stand around it.
    pub(in crate::lsp) is_quoted: bool,
    /// Whether a colon stands behind it.
    pub(in crate::lsp) has_colon: bool,
    /// What has to come before a value here: a blank behind `key:`, a mark for an item.
    pub(in crate::lsp) lead: &'static str,
}

/// All that was seen of the byte.
#[derive(Debug)]
pub(super) struct ScanResult {
    pub(super) at: ScanPosition,
    pub(super) word: WordAtCursor,
    /// From the outermost to the innermost, with everything that stands in them also behind the byte.
    pub(super) levels: Vec<OpenCollection>,
    /// In each, the entry the byte belongs to.
    pub(super) ways: Vec<Option<usize>>,
}

/// Reads a text for what stands at a byte, which is the beginning of a character.
pub(super) fn scan_at(text: &str, byte: usize) -> ScanResult {
    let mut scan = CursorScan {
        text,
        bytes: text.as_bytes(),
        byte,
        frames: vec![OpenCollection::new(false, false, 0)],
        seen: None,
        awaited: None,
    };
    let mut line = 0;
    while line <= text.len() {
        line = scan.line(line);
    }
    scan.close(0);
    let nothing = ScanResult {
        at: ScanPosition::Nothing,
        word: WordAtCursor::default(),
        levels: Vec::new(),
        ways: Vec::new(),
    };
    scan.seen.unwrap_or(nothing)
}

impl OpenCollection {
    fn new(is_list: bool, is_flow: bool, column: usize) -> Self {
        Self { is_list, is_flow, column, entries: Vec::new(), at: None, slot: None }
    }

    fn current(&self) -> Option<&Field> {
        self.entries.get(self.at?)
    }

    /// The key of an entry.
    pub(super) fn key(&self, at: usize) -> String {
        self.entries.get(at).map(|field| field.key.to_string()).unwrap_or_default()
    }

    /// The fields but the one at whose key the byte stands.
    pub(super) fn others(&self) -> impl Iterator<Item = &Field> {
        self.entries.iter().filter(|field| !field.is_seen)
    }
}

struct CursorScan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    byte: usize,
    /// The mappings and lists open here; the outermost mapping is always there.
    frames: Vec<OpenCollection>,
    seen: Option<ScanResult>,
    /// The mapping that would begin at the byte under this entry of this level: if it does begin, it is the one seen.
    awaited: Option<(usize, Option<usize>)>,
}

impl CursorScan<'_> {
    /// Reads from the beginning of a line on; gives the beginning of the line to go on with.
    fn line(&mut self, start: usize) -> usize {
        let end = self.line_end(start);
        let first = self.skip_blanks(start);
        if first >= end || self.bytes[first] == b'\r' {
            if (start..=first.max(end)).contains(&self.byte) {
                self.see_blank(self.byte - start);
            }
            return end + 1;
        }
        let is_mark = self.text[start..end].starts_with("---") || self.text[start..end].starts_with("...");
        if self.bytes[first] == b'#' || is_mark {
            if (start..=end).contains(&self.byte) {
                self.see_nothing();
            }
            return end + 1;
        }
        self.content(start, first)
    }

    /// Reads what stands in a line from its first letter on.
    fn content(&mut self, line: usize, mut first: usize) -> usize {
        let end = self.line_end(first);
        while self.bytes[first] == b'-' && self.is_blank(first + 1) {
            self.leave(first - line, true);
            let is_in = self.frames.last().is_some_and(|top| top.is_list && top.column == first - line);
            if !is_in {
                self.begin(OpenCollection::new(true, false, first - line));
            }
            let rest = self.skip_blanks(first + 1);
            if rest >= end || matches!(self.bytes[rest], b'#' | b'\r') {
                if (first + 1..=rest).contains(&self.byte) {
                    let lead = if self.byte == first + 1 { " " } else { "" };
                    self.see(ScanPosition::Value, WordAtCursor { lead, ..self.nowhere() });
                }
                return end + 1;
            }
            first = rest;
        }
        self.leave(first - line, false);
        match self.key(first, end) {
            Some((key, span, colon)) => {
                self.enter_mapping(first - line);
                self.add_key(key, span);
                self.value(colon + 1, first - line)
            }
            None if matches!(self.bytes[first], b'{' | b'[') => {
                let column = self.frames.last().map_or(0, |top| top.column);
                self.flow(first, column)
            }
            None => self.bare(first, first - line),
        }
    }

    /// A key that begins at a byte: its text, its place with quotes, and where its colon stands.
    fn key(&self, first: usize, end: usize) -> Option<(SmolStr, Span, usize)> {
        if let quote @ (b'"' | b'\'') = self.bytes[first] {
            let close = self.closing(first, quote, None)?;
            let colon = self.skip_blanks(close + 1);
            let is_key = self.bytes.get(colon) == Some(&b':') && self.is_blank(colon + 1);
            let key = self.text[first + 1..close].into();
            return is_key.then(|| (key, Span::new(first, close + 1), colon));
        }
        if matches!(self.bytes[first], b'{' | b'[') {
            return None;
        }
        let limit = self.comment(first, end);
        let colon = (first..limit).find(|&at| self.bytes[at] == b':' && self.is_blank(at + 1))?;
        let key = self.text[first..colon].trim_end();
        Some((key.into(), Span::new(first, first + key.len()), colon))
    }

    fn add_key(&mut self, key: SmolStr, span: Span) {
        let is_seen = self.seen.is_none() && (span.start as usize..=span.end as usize).contains(&self.byte);
        let field = Field { key, value: None, has_value: false, is_seen };
        let Some(top) = self.frames.last_mut() else { return };
        top.entries.push(field);
        top.at = Some(top.entries.len() - 1);
        if is_seen {
            let quotes = usize::from(matches!(self.bytes.get(span.start as usize), Some(b'"' | b'\'')));
            let word = WordAtCursor {
                start: span.start as usize + quotes,
                end: span.end as usize - quotes,
                is_quoted: quotes > 0,
                has_colon: true,
                lead: "",
            };
            // Before and behind the quotes nothing is typed.
            let is_within = (word.start..=word.end).contains(&self.byte);
            self.see(if is_within { ScanPosition::Key } else { ScanPosition::Nothing }, word);
        }
    }

    /// Reads the value behind a colon.
    fn value(&mut self, from: usize, column: usize) -> usize {
        let end = self.line_end(from);
        let first = self.skip_blanks(from);
        if first >= end || matches!(self.bytes[first], b'\r') || (self.bytes[first] == b'#' && first > from) {
            if (from..=first).contains(&self.byte) {
                let lead = if self.byte == from { " " } else { "" };
                self.see(ScanPosition::Value, WordAtCursor { lead, ..self.nowhere() });
            }
            return end + 1;
        }
        if (from..first).contains(&self.byte) {
            self.see(ScanPosition::Value, self.nowhere());
        }
        match self.bytes[first] {
            b'{' | b'[' => self.flow(first, column),
            b'|' | b'>' if self.is_block_mark(first, end) => self.block(end + 1, column),
            _ => self.scalar(first, column, ScanPosition::Value),
        }
    }

    /// Reads a scalar that is the value of what is being written.
    fn scalar(&mut self, first: usize, column: usize, at: ScanPosition) -> usize {
        let (word, next) = self.word(first, column);
        self.give(&word);
        if (first..=word.end).contains(&self.byte) || self.is_behind(&word) {
            self.see_word(at, word);
        }
        next
    }

    /// A scalar without a key in its line: an item, a key that is not yet one, the next line of a text, or a value
    /// on a line of its own.
    fn bare(&mut self, first: usize, column: usize) -> usize {
        let Some(top) = self.frames.last() else { return self.line_end(first) + 1 };
        let is_value = top.current().is_some_and(|field| !field.has_value);
        let at = match top {
            top if top.is_list => ScanPosition::Value,
            top if top.column == column || top.entries.is_empty() => ScanPosition::Key,
            _ if is_value => ScanPosition::Under,
            _ => ScanPosition::Nothing,
        };
        let column = top.column;
        let (word, next) = self.word(first, column);
        if (first..=word.end).contains(&self.byte) || self.is_behind(&word) {
            self.see_word(at, word);
        } else if at == ScanPosition::Under {
            self.give(&word);
        }
        next
    }

    /// The scalar that begins at a byte, and the beginning of the line behind it. What is left open ends with its line.
    fn word(&self, first: usize, column: usize) -> (WordAtCursor, usize) {
        let end = self.line_end(first);
        if let quote @ (b'"' | b'\'') = self.bytes[first] {
            let word = WordAtCursor { start: first + 1, is_quoted: true, ..WordAtCursor::default() };
            return match self.closing(first, quote, Some(column)) {
                Some(close) => (WordAtCursor { end: close, ..word }, self.line_end(close) + 1),
                None => (WordAtCursor { end: self.without_return(end).max(first + 1), ..word }, end + 1),
            };
        }
        let limit = self.comment(first, end);
        let length = self.text[first..limit].trim_end().len();
        (WordAtCursor { start: first, end: first + length, ..WordAtCursor::default() }, end + 1)
    }

    /// Whether only blanks lie between a word that needs no quotes and the byte.
    fn is_behind(&self, word: &WordAtCursor) -> bool {
        !word.is_quoted
            && self.byte > word.end
            && self.text[word.end..self.byte].bytes().all(|byte| byte == b' ')
    }

    /// Passes over a text that is marked by `|` or `>`.
    fn block(&mut self, mut line: usize, column: usize) -> usize {
        while line < self.text.len() {
            let (first, end) = (self.skip_blanks(line), self.line_end(line));
            let is_empty = first >= end || self.bytes[first] == b'\r';
            let is_here = (line..=end).contains(&self.byte);
            let indent = if is_empty && is_here { self.byte - line } else { first - line };
            if indent <= column && (!is_empty || is_here) {
                break;
            }
            if is_here {
                self.see_nothing();
            }
            line = end + 1;
        }
        line
    }

    /// The byte stands in an empty line, so many blanks in.
    fn see_blank(&mut self, column: usize) {
        let is_left =
            |level: &OpenCollection| level.column > column || (level.is_list && level.column == column);
        let mut depth = self.frames.len();
        while depth > 1 && is_left(&self.frames[depth - 1]) {
            let is_item = self.frames[depth - 1].column == column && self.frames[depth - 2].column < column;
            if is_item {
                return self.see_within(
                    depth,
                    ScanPosition::Value,
                    WordAtCursor { lead: "- ", ..self.nowhere() },
                );
            }
            depth -= 1;
        }
        let top = &self.frames[depth - 1];
        let at = match top.current() {
            _ if !top.is_list && (top.column == column || top.entries.is_empty()) => ScanPosition::Key,
            Some(field) if !field.has_value && depth == self.frames.len() => ScanPosition::Under,
            _ => ScanPosition::Nothing,
        };
        self.see_within(depth, at, self.nowhere());
    }

    fn see_word(&mut self, at: ScanPosition, word: WordAtCursor) {
        let end = if word.is_quoted { word.end } else { word.end.max(self.byte) };
        let is_over_lines = self.text[word.start..end.max(word.start)].contains('\n');
        let is_before = self.byte < word.start;
        let at = if is_over_lines || is_before { ScanPosition::Nothing } else { at };
        self.see(at, WordAtCursor { end, ..word });
    }

    fn see_nothing(&mut self) {
        self.see(ScanPosition::Nothing, WordAtCursor::default());
    }

    fn see(&mut self, at: ScanPosition, word: WordAtCursor) {
        self.see_within(self.frames.len(), at, word);
    }

    /// Keeps what stands at the byte, and the levels up to a depth.
    fn see_within(&mut self, depth: usize, at: ScanPosition, word: WordAtCursor) {
        if self.seen.is_some() {
            return;
        }
        let mut ways: Vec<Option<usize>> = Vec::with_capacity(depth);
        for (slot, frame) in self.frames[..depth].iter_mut().enumerate() {
            frame.slot = Some(slot);
            ways.push(frame.at);
        }
        if at == ScanPosition::Key
            && !word.has_colon
            && let Some(way) = ways.last_mut()
        {
            *way = None;
        }
        if at == ScanPosition::Under {
            self.awaited = Some((depth - 1, self.frames[depth - 1].at));
        }
        let levels = self.frames[..depth].to_vec();
        self.seen = Some(ScanResult { at, word, levels, ways });
    }

    /// No word, at the byte.
    fn nowhere(&self) -> WordAtCursor {
        WordAtCursor { start: self.byte, end: self.byte, ..WordAtCursor::default() }
    }

    /// Leaves what is indented further than a line.
    fn leave(&mut self, column: usize, is_item: bool) {
        let is_left = |level: &OpenCollection| {
            level.column > column || (level.is_list && level.column == column && !is_item)
        };
        while self.frames.len() > 1 && self.frames.last().is_some_and(is_left) {
            self.close(self.frames.len() - 1);
        }
    }

    /// The mapping whose keys stand in a column.
    fn enter_mapping(&mut self, column: usize) {
        if let [root] = &mut self.frames[..]
            && root.entries.is_empty()
        {
            root.column = column;
        }
        let is_in = self.frames.last().is_some_and(|top| !top.is_list && top.column == column);
        if !is_in {
            self.begin(OpenCollection::new(false, false, column));
        }
    }

    /// Goes into a mapping or a list, which is the value of what is being written.
    fn begin(&mut self, mut level: OpenCollection) {
        let Some(top) = self.frames.last_mut() else { return };
        if let Some(at) = top.at {
            top.entries[at].has_value = true;
        }
        if let Some((slot, entry)) = self.awaited
            && top.slot == Some(slot)
            && top.at == entry
            && !level.is_list
        {
            level.slot = Some(slot + 1);
            self.awaited = None;
        }
        self.frames.push(level);
    }

    /// Leaves all but the outermost levels, and keeps those that were seen.
    fn close(&mut self, depth: usize) {
        for frame in self.frames.drain(depth..).rev() {
            let (Some(slot), Some(seen)) = (frame.slot, &mut self.seen) else { continue };
            if slot < seen.levels.len() {
                seen.levels[slot] = frame;
            } else if slot == seen.levels.len() {
                seen.levels.push(frame);
            }
        }
    }

    /// Gives the entry that is being written its value.
    fn give(&mut self, word: &WordAtCursor) {
        let text = &self.text[word.start..word.end];
        if let Some(top) = self.frames.last_mut()
            && let Some(at) = top.at
        {
            top.entries[at].value = Some(text.into());
            top.entries[at].has_value = true;
        }
    }
}
