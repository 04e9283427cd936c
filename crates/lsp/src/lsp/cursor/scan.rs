//! Scans a text for what is around one byte, even if the text is half-written.
//!
//! The parser in `yaml` refuses incomplete text, so this scanner reads lines, indentation, braces and quotes on its
//! own. It never fails: an open brace or quote ends where the indentation shows that it must. It finds mappings, lists
//! and scalars with their spans, and does not know any keys. It reads each byte once or twice.

mod characters;
mod flow;

use smol_str::SmolStr;

use gainsay_analysis::source::Span;

/// A mapping or a list that contains the byte.
#[derive(Clone, Debug)]
pub(in crate::lsp) struct OpenCollection {
    pub(super) is_list: bool,
    pub(super) is_flow: bool,
    /// The column of its keys or list marks, in block style.
    pub(super) column: usize,
    pub(super) entries: Vec<Field>,
    /// The index of the entry that is being read.
    at: Option<usize>,
    /// Its index in `ScanResult::levels`, once the byte was reached.
    slot: Option<usize>,
}

/// A key of a mapping, with its value if that is a scalar.
#[derive(Clone, Debug)]
pub(in crate::lsp) struct Field {
    pub(in crate::lsp) key: SmolStr,
    pub(in crate::lsp) value: Option<SmolStr>,
    has_value: bool,
    /// Whether the byte is in the key.
    is_seen: bool,
}

/// What is at the byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScanPosition {
    /// A key of the innermost mapping, or the start of one.
    Key,
    /// The value of the current entry, or an item of the innermost list.
    Value,
    /// Below a key without a value: either its value, or the first key of a mapping.
    Under,
    /// A comment, a text over several lines, or a place where nothing can be written.
    Nothing,
}

/// The word at the byte, without quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::lsp) struct WordAtCursor {
    pub(in crate::lsp) start: usize,
    pub(in crate::lsp) end: usize,
    /// Whether it is in quotes.
    pub(in crate::lsp) is_quoted: bool,
    /// Whether a colon follows it.
    pub(in crate::lsp) has_colon: bool,
    /// What must be inserted before a value here: a space after `key:`, or a list mark.
    pub(in crate::lsp) lead: &'static str,
}

/// The result of a scan: what is at the byte, and what contains it.
#[derive(Debug)]
pub(super) struct ScanResult {
    pub(super) at: ScanPosition,
    pub(super) word: WordAtCursor,
    /// The mappings and lists that contain the byte, from the outermost to the innermost, with all their entries, also
    /// those after the byte.
    pub(super) levels: Vec<OpenCollection>,
    /// For each level, the index of the entry that contains the byte.
    pub(super) ways: Vec<Option<usize>>,
}

/// Scans a text for what is at a byte, which must be the start of a character.
pub(super) fn scan_at(text: &str, byte: usize) -> ScanResult {
    let mut scan = CursorScan {
        text,
        bytes: text.as_bytes(),
        byte,
        frames: vec![OpenCollection::new(false, false, 0)],
        seen: None,
        expected_mapping: None,
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

    /// All fields except the one whose key contains the byte.
    pub(super) fn others(&self) -> impl Iterator<Item = &Field> {
        self.entries.iter().filter(|field| !field.is_seen)
    }
}

struct CursorScan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    byte: usize,
    /// The open mappings and lists. The outermost mapping is always open.
    frames: Vec<OpenCollection>,
    seen: Option<ScanResult>,
    /// The level and entry below which a mapping can begin at the byte. If one begins, it is added to the result.
    expected_mapping: Option<(usize, Option<usize>)>,
}

impl CursorScan<'_> {
    /// Reads from the start of a line, and returns the start of the next line to read.
    fn line(&mut self, start: usize) -> usize {
        let end = self.line_end(start);
        let first = self.skip_blanks(start);
        if first >= end || self.bytes[first] == b'\r' {
            if (start..=first.max(end)).contains(&self.byte) {
                self.note_blank_line(self.byte - start);
            }
            return end + 1;
        }
        let is_mark = self.text[start..end].starts_with("---") || self.text[start..end].starts_with("...");
        if self.bytes[first] == b'#' || is_mark {
            if (start..=end).contains(&self.byte) {
                self.note_nothing();
            }
            return end + 1;
        }
        self.content(start, first)
    }

    /// Reads the content of a line, from its first character that is not blank.
    fn content(&mut self, line: usize, mut first: usize) -> usize {
        let end = self.line_end(first);
        while self.bytes[first] == b'-' && self.is_blank(first + 1) {
            self.close_deeper(first - line, true);
            let is_in = self.frames.last().is_some_and(|top| top.is_list && top.column == first - line);
            if !is_in {
                self.begin(OpenCollection::new(true, false, first - line));
            }
            let rest = self.skip_blanks(first + 1);
            if rest >= end || matches!(self.bytes[rest], b'#' | b'\r') {
                if (first + 1..=rest).contains(&self.byte) {
                    let lead = if self.byte == first + 1 { " " } else { "" };
                    self.note(ScanPosition::Value, WordAtCursor { lead, ..self.empty_word() });
                }
                return end + 1;
            }
            first = rest;
        }
        self.close_deeper(first - line, false);
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

    /// The key that begins at a byte: its text, its span with quotes, and the position of its colon. None if no key
    /// begins there.
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
            // Outside of the quotes, nothing can be written.
            let is_within = (word.start..=word.end).contains(&self.byte);
            self.note(if is_within { ScanPosition::Key } else { ScanPosition::Nothing }, word);
        }
    }

    /// Reads the value after a colon.
    fn value(&mut self, from: usize, column: usize) -> usize {
        let end = self.line_end(from);
        let first = self.skip_blanks(from);
        if first >= end || matches!(self.bytes[first], b'\r') || (self.bytes[first] == b'#' && first > from) {
            if (from..=first).contains(&self.byte) {
                let lead = if self.byte == from { " " } else { "" };
                self.note(ScanPosition::Value, WordAtCursor { lead, ..self.empty_word() });
            }
            return end + 1;
        }
        if (from..first).contains(&self.byte) {
            self.note(ScanPosition::Value, self.empty_word());
        }
        match self.bytes[first] {
            b'{' | b'[' => self.flow(first, column),
            b'|' | b'>' if self.is_block_mark(first, end) => self.block(end + 1, column),
            _ => self.scalar(first, column, ScanPosition::Value),
        }
    }

    /// Reads a scalar that is the value of the current entry.
    fn scalar(&mut self, first: usize, column: usize, at: ScanPosition) -> usize {
        let (word, next) = self.word(first, column);
        self.set_value(&word);
        if (first..=word.end).contains(&self.byte) || self.is_behind(&word) {
            self.note_word(at, word);
        }
        next
    }

    /// Reads a scalar on a line without a key: an item, a key without its colon, a continued text, or a value on a
    /// line of its own.
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
            self.note_word(at, word);
        } else if at == ScanPosition::Under {
            self.set_value(&word);
        }
        next
    }

    /// The scalar that begins at a byte, and the start of the line after it. An open quote ends with its line.
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

    /// Whether the byte follows an unquoted word, with only spaces between.
    fn is_behind(&self, word: &WordAtCursor) -> bool {
        !word.is_quoted
            && self.byte > word.end
            && self.text[word.end..self.byte].bytes().all(|byte| byte == b' ')
    }

    /// Skips a block scalar, which begins with `|` or `>`.
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
                self.note_nothing();
            }
            line = end + 1;
        }
        line
    }

    /// Notes that the byte is in a blank line, at this column.
    fn note_blank_line(&mut self, column: usize) {
        let is_left =
            |level: &OpenCollection| level.column > column || (level.is_list && level.column == column);
        let mut depth = self.frames.len();
        while depth > 1 && is_left(&self.frames[depth - 1]) {
            let is_item = self.frames[depth - 1].column == column && self.frames[depth - 2].column < column;
            if is_item {
                return self.note_at_depth(
                    depth,
                    ScanPosition::Value,
                    WordAtCursor { lead: "- ", ..self.empty_word() },
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
        self.note_at_depth(depth, at, self.empty_word());
    }

    fn note_word(&mut self, at: ScanPosition, word: WordAtCursor) {
        let end = if word.is_quoted { word.end } else { word.end.max(self.byte) };
        let is_over_lines = self.text[word.start..end.max(word.start)].contains('\n');
        let is_before = self.byte < word.start;
        let at = if is_over_lines || is_before { ScanPosition::Nothing } else { at };
        self.note(at, WordAtCursor { end, ..word });
    }

    fn note_nothing(&mut self) {
        self.note(ScanPosition::Nothing, WordAtCursor::default());
    }

    fn note(&mut self, at: ScanPosition, word: WordAtCursor) {
        self.note_at_depth(self.frames.len(), at, word);
    }

    /// Notes what is at the byte, with the levels up to a depth.
    fn note_at_depth(&mut self, depth: usize, at: ScanPosition, word: WordAtCursor) {
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
            self.expected_mapping = Some((depth - 1, self.frames[depth - 1].at));
        }
        let levels = self.frames[..depth].to_vec();
        self.seen = Some(ScanResult { at, word, levels, ways });
    }

    /// An empty word at the byte.
    fn empty_word(&self) -> WordAtCursor {
        WordAtCursor { start: self.byte, end: self.byte, ..WordAtCursor::default() }
    }

    /// Closes all levels that are indented further than a line.
    fn close_deeper(&mut self, column: usize, is_item: bool) {
        let is_left = |level: &OpenCollection| {
            level.column > column || (level.is_list && level.column == column && !is_item)
        };
        while self.frames.len() > 1 && self.frames.last().is_some_and(is_left) {
            self.close(self.frames.len() - 1);
        }
    }

    /// Opens a mapping with this column, if it is not open yet.
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

    /// Opens a mapping or list, which is the value of the current entry.
    fn begin(&mut self, mut level: OpenCollection) {
        let Some(top) = self.frames.last_mut() else { return };
        if let Some(at) = top.at {
            top.entries[at].has_value = true;
        }
        if let Some((slot, entry)) = self.expected_mapping
            && top.slot == Some(slot)
            && top.at == entry
            && !level.is_list
        {
            level.slot = Some(slot + 1);
            self.expected_mapping = None;
        }
        self.frames.push(level);
    }

    /// Closes all levels except the `depth` outermost ones, and adds those that contain the byte to the result.
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

    /// Sets the value of the current entry.
    fn set_value(&mut self, word: &WordAtCursor) {
        let text = &self.text[word.start..word.end];
        if let Some(top) = self.frames.last_mut()
            && let Some(at) = top.at
        {
            top.entries[at].value = Some(text.into());
            top.entries[at].has_value = true;
        }
    }
}
