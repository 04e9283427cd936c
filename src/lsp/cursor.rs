//! What stands under the cursor: the way of keys that leads there, also in a half-written file.
//!
//! `scan` finds mappings, lists and words by indents and braces; here the table of keys says what they are. Nothing
//! is known here of what the words name.

mod scan;
#[cfg(test)]
mod tests;

use crate::document::shape::{self, Key, Shape, Takes};
use crate::source::Span;
pub(super) use scan::{Field, WordAtCursor};
use scan::{OpenCollection, ScanPosition, ScanResult};

/// A place of a text in which something may be written.
#[derive(Debug)]
pub(super) struct TextCursor<'t> {
    text: &'t str,
    byte: usize,
    /// What may stand there.
    pub(super) context: CursorContext,
    /// The word that stands there, which may be empty.
    pub(super) word: WordAtCursor,
    /// Whether it stands between braces or brackets.
    pub(super) is_flow: bool,
    /// The ids and sections that lead there, from the outermost: `claims`, then the id of the claim.
    pub(super) path: Vec<String>,
    /// The other keys of the mapping it belongs to, with their values.
    pub(super) fields: Vec<Field>,
}

/// What may stand in a place.
#[derive(Clone, Copy, Debug)]
pub(super) enum CursorContext {
    /// A comment, a text over several lines, or a mapping that is not known.
    Nothing,
    /// A key of such a mapping.
    Key(&'static Shape),
    /// The id of an entry of such mappings.
    Id(&'static Shape),
    /// The value of a key, or an item of its list.
    Value(&'static Key),
    /// A key in a mapping from names that a file does not make up: of rules, of claims.
    NamedKey(&'static Key),
    /// What stands behind such a name.
    NamedValue(&'static Key),
}

impl<'t> TextCursor<'t> {
    /// Reads a text for what stands at a byte, which is the beginning of a character.
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

    /// The word, as far as it is written before the cursor.
    pub(super) fn typed(&self) -> &'t str {
        self.text.get(self.word.start..self.byte.clamp(self.word.start, self.word.end)).unwrap_or_default()
    }

    /// The whole word.
    pub(super) fn text(&self) -> &'t str {
        self.text.get(self.word.start..self.word.end).unwrap_or_default()
    }

    /// Where the word stands.
    pub(super) fn span(&self) -> Span {
        Span::new(self.word.start, self.word.end)
    }

    /// The value of another key of the mapping.
    pub(super) fn field(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.key == key)?.value.as_deref()
    }

    /// Whether the mapping has this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.fields.iter().any(|field| field.key == key)
    }

    /// Whether nothing but blanks stands in the line.
    pub(super) fn is_alone(&self) -> bool {
        let before = self.text[..self.word.start].rsplit('\n').next().unwrap_or_default();
        let after = self.text[self.word.end..].split('\n').next().unwrap_or_default();
        before.trim().is_empty() && after.trim().is_empty()
    }
}

/// What may stand where something was seen, and in which level the mapping is that it belongs to.
fn context_of(seen: &ScanResult) -> (CursorContext, Option<usize>) {
    let mut known = SchemaNode::In(&shape::FILE);
    let mut holder = None;
    let is_under = seen.at == ScanPosition::Under;
    // The outermost mapping is there even where it is written between braces, and so again.
    let skipped = usize::from(seen.levels.len() > 1 && !seen.levels[0].is_list && seen.ways[0].is_none());
    for at in skipped..seen.ways.len() {
        let level = &seen.levels[at];
        if level.is_list {
            continue;
        }
        if matches!(known, SchemaNode::In(_)) {
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

/// What is known of a mapping or a value by the keys that lead to it.
#[derive(Clone, Copy)]
enum SchemaNode {
    /// A mapping with these keys.
    In(&'static Shape),
    /// A mapping from ids to such mappings.
    Ids(&'static Shape),
    Value(&'static Key),
    Names(&'static Key),
    OfName(&'static Key),
    Nothing,
}

impl SchemaNode {
    fn under(self, name: &str) -> Self {
        let shape = match self {
            Self::In(shape) => shape,
            Self::Ids(shape) => return Self::In(shape),
            Self::Names(key) => return Self::OfName(key),
            Self::Value(..) | Self::OfName(_) | Self::Nothing => return Self::Nothing,
        };
        let Some(at) = shape.position(name) else { return Self::Nothing };
        let key = &shape.keys[at];
        match key.takes {
            Takes::Entries(shape) => Self::Ids(shape),
            Takes::One(shape) => Self::In(shape),
            Takes::Grades(_) | Takes::Lines(_) => Self::Names(key),
            _ => Self::Value(key),
        }
    }

    fn as_key(self) -> CursorContext {
        match self {
            Self::In(shape) => CursorContext::Key(shape),
            Self::Ids(shape) => CursorContext::Id(shape),
            Self::Names(key) => CursorContext::NamedKey(key),
            Self::Value(..) | Self::OfName(_) | Self::Nothing => CursorContext::Nothing,
        }
    }

    fn as_value(self) -> CursorContext {
        match self {
            Self::Value(key) => CursorContext::Value(key),
            Self::OfName(key) => CursorContext::NamedValue(key),
            Self::In(_) | Self::Ids(_) | Self::Names(_) | Self::Nothing => CursorContext::Nothing,
        }
    }
}
