//! Finds what the cursor is in: the path of keys that leads there, and what can be written there. It also works in a
//! half-written file.
//!
//! `scan` finds mappings, lists and words by indentation and braces. This module finds their meaning in the table of
//! keys. It does not look up ids.

mod scan;
#[cfg(test)]
mod tests;

use gainsay_analysis::document::shape::{self, Key, Shape, Takes};
use gainsay_analysis::source::Span;
pub(super) use scan::{Field, WordAtCursor};
use scan::{OpenCollection, ScanPosition, ScanResult};

/// The surroundings of the cursor in a text.
#[derive(Debug)]
pub(super) struct TextCursor<'t> {
    text: &'t str,
    byte: usize,
    /// The kind of text that can be written there.
    pub(super) context: CursorContext,
    /// The word at the cursor, which can be empty.
    pub(super) word: WordAtCursor,
    /// Whether the cursor is inside braces or brackets.
    pub(super) is_flow: bool,
    /// The path of sections and ids that leads there, such as `claims`, then the id of the claim.
    pub(super) path: Vec<String>,
    /// The other keys of the mapping, with their values.
    pub(super) fields: Vec<Field>,
}

/// The kind of text that can be written at the cursor.
#[derive(Clone, Copy, Debug)]
pub(super) enum CursorContext {
    /// Nothing known: a comment, a text over several lines, or an unknown mapping.
    Nothing,
    /// A key of a mapping with this shape.
    Key(&'static Shape),
    /// The id of an entry with this shape.
    Id(&'static Shape),
    /// The value of a key, or an item of its list.
    Value(&'static Key),
    /// A name that is used as a key: of a rule or of a claim.
    NamedKey(&'static Key),
    /// The value of such a name.
    NamedValue(&'static Key),
}

impl<'t> TextCursor<'t> {
    /// Scans a text for what is at a byte, which must be the start of a character.
    pub(super) fn at(text: &'t str, byte: usize) -> Self {
        let seen = scan::scan_at(text, byte);
        let (context, holder) = context_of(&seen);
        let ScanResult { word, levels, ways, .. } = seen;
        let path = levels.iter().zip(&ways).filter_map(|(level, way)| Some(level.key((*way)?)));
        let fields = |level: Option<&OpenCollection>| {
            level.into_iter().flat_map(OpenCollection::others).cloned().collect()
        };
        Self {
            text,
            byte,
            context,
            word,
            is_flow: levels.last().is_some_and(|level| level.is_flow),
            path: path.collect(),
            fields: fields(holder.and_then(|at| levels.get(at))),
        }
    }

    /// The part of the word before the cursor.
    pub(super) fn typed(&self) -> &'t str {
        self.text.get(self.word.start..self.byte.clamp(self.word.start, self.word.end)).unwrap_or_default()
    }

    /// The whole word.
    pub(super) fn text(&self) -> &'t str {
        self.text.get(self.word.start..self.word.end).unwrap_or_default()
    }

    /// The span of the word.
    pub(super) fn span(&self) -> Span {
        Span::new(self.word.start, self.word.end)
    }

    /// The value of another key of the mapping, if it is a scalar.
    pub(super) fn field(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.key == key)?.value.as_deref()
    }

    /// Whether the mapping has this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|field| field.key == key)
    }

    /// Whether the rest of the line is blank.
    pub(super) fn is_alone(&self) -> bool {
        let before = self.text[..self.word.start].rsplit('\n').next().unwrap_or_default();
        let after = self.text[self.word.end..].split('\n').next().unwrap_or_default();
        before.trim().is_empty() && after.trim().is_empty()
    }
}

/// What can be written at the scanned position, and the index of the mapping that it belongs to.
fn context_of(seen: &ScanResult) -> (CursorContext, Option<usize>) {
    let mut known = SchemaNode::Mapping(&shape::FILE);
    let mut holder = None;
    let is_under = seen.at == ScanPosition::Under;
    // If the outermost mapping is written in braces, it is in the list twice.
    let skipped = usize::from(seen.levels.len() > 1 && !seen.levels[0].is_list && seen.ways[0].is_none());
    for at in skipped..seen.ways.len() {
        let level = &seen.levels[at];
        if level.is_list {
            continue;
        }
        if matches!(known, SchemaNode::Mapping(_)) {
            holder = Some(at);
        }
        let is_last = at + 1 == seen.ways.len();
        match seen.ways[at] {
            Some(way) if !(is_last && seen.at == ScanPosition::Key) => known = known.under(&level.key(way)),
            _ if seen.at == ScanPosition::Key && is_last => return (known.as_key(), Some(at)),
            _ => return (CursorContext::Nothing, None),
        }
    }
    let inner = is_under.then_some(seen.ways.len()).filter(|at| *at < seen.levels.len());
    match (seen.at, known) {
        (ScanPosition::Value, known) => (known.as_value(), holder),
        (ScanPosition::Under, SchemaNode::Value(key)) => (CursorContext::Value(key), holder),
        (ScanPosition::Under, known) => (known.as_key(), inner),
        _ => (CursorContext::Nothing, None),
    }
}

/// A node of the schema: the meaning of a mapping or value, according to the keys that lead to it.
#[derive(Clone, Copy)]
enum SchemaNode {
    /// A mapping with these keys.
    Mapping(&'static Shape),
    /// A mapping from ids to mappings with this shape.
    Entries(&'static Shape),
    Value(&'static Key),
    NamedKeys(&'static Key),
    NamedValue(&'static Key),
    Nothing,
}

impl SchemaNode {
    fn under(self, name: &str) -> Self {
        let shape = match self {
            Self::Mapping(shape) => shape,
            Self::Entries(shape) => return Self::Mapping(shape),
            Self::NamedKeys(key) => return Self::NamedValue(key),
            Self::Value(..) | Self::NamedValue(_) | Self::Nothing => return Self::Nothing,
        };
        let Some(at) = shape.position(name) else { return Self::Nothing };
        let key = &shape.keys[at];
        match key.takes {
            Takes::Entries(shape) => Self::Entries(shape),
            Takes::One(shape) => Self::Mapping(shape),
            Takes::Grades(_) | Takes::Lines(_) => Self::NamedKeys(key),
            _ => Self::Value(key),
        }
    }

    fn as_key(self) -> CursorContext {
        match self {
            Self::Mapping(shape) => CursorContext::Key(shape),
            Self::Entries(shape) => CursorContext::Id(shape),
            Self::NamedKeys(key) => CursorContext::NamedKey(key),
            Self::Value(..) | Self::NamedValue(_) | Self::Nothing => CursorContext::Nothing,
        }
    }

    fn as_value(self) -> CursorContext {
        match self {
            Self::Value(key) => CursorContext::Value(key),
            Self::NamedValue(key) => CursorContext::NamedValue(key),
            Self::Mapping(_) | Self::Entries(_) | Self::NamedKeys(_) | Self::Nothing => {
                CursorContext::Nothing
            }
        }
    }
}
