//! The open texts of the editor in their newest version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::{TextDocumentContentChangeEvent as Typed, Uri};

use super::position::Encoding;

/// A text that is open in the editor.
#[derive(Clone, Debug)]
pub(super) struct OpenText {
    /// The URI in the spelling of the editor.
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: Arc<str>,
}

/// All open texts, by path.
#[derive(Debug, Default)]
pub(super) struct OpenTexts {
    texts: BTreeMap<PathBuf, OpenText>,
    /// The number of changes of each path; opening and closing count as changes.
    revisions: BTreeMap<PathBuf, u64>,
}

impl OpenTexts {
    /// Opens a text.
    pub(super) fn open(&mut self, path: &Path, text: OpenText) {
        self.count(path);
        self.texts.insert(path.to_owned(), text);
    }

    /// Applies changes in their order and returns the text after them; none if the text is not open.
    pub(super) fn change(
        &mut self,
        path: &Path,
        version: i32,
        changes: Vec<Typed>,
        encoding: Encoding,
    ) -> Option<OpenText> {
        let open = self.texts.get_mut(path)?;
        open.version = version;
        if !changes.is_empty() {
            let mut text = String::from(&*open.text);
            for change in changes {
                apply(&mut text, change, encoding);
            }
            open.text = text.into();
        }
        let after = open.clone();
        self.count(path);
        Some(after)
    }

    /// Closes a text.
    pub(super) fn close(&mut self, path: &Path) {
        self.count(path);
        self.texts.remove(path);
    }

    /// The number of changes of a path so far.
    pub(super) fn revision(&self, path: &Path) -> u64 {
        self.revisions.get(path).copied().unwrap_or_default()
    }

    /// A copy of all open texts, for another thread.
    pub(super) fn all(&self) -> BTreeMap<PathBuf, OpenText> {
        self.texts.clone()
    }

    fn count(&mut self, path: &Path) {
        *self.revisions.entry(path.to_owned()).or_default() += 1;
    }
}

/// Applies one change to a text. A range that ends before it starts is empty.
fn apply(text: &mut String, change: Typed, encoding: Encoding) {
    match change {
        Typed::TextDocumentContentChangePartial(change) => {
            let start = encoding.byte(text, change.range.start);
            let end = encoding.byte(text, change.range.end).max(start);
            text.replace_range(start..end, &change.text);
        }
        Typed::TextDocumentContentChangeWholeDocument(change) => *text = change.text,
    }
}
