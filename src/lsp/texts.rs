//! The texts that are open in the editor, as it typed them last.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::{TextDocumentContentChangeEvent as Typed, Uri};

use super::position::Encoding;

/// A text that is open in the editor.
#[derive(Clone, Debug)]
pub(super) struct OpenText {
    /// As the editor spells it.
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: Arc<str>,
}

/// All of them, by path.
#[derive(Debug, Default)]
pub(super) struct OpenTexts {
    texts: BTreeMap<PathBuf, OpenText>,
    /// By path, the number of changes, including those by opening and closing.
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

    /// The number of changes at a path.
    pub(super) fn revision(&self, path: &Path) -> u64 {
        self.revisions.get(path).copied().unwrap_or_default()
    }

    /// A copy of all, for another thread.
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
