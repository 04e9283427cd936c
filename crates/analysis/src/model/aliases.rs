//! An index of ids by name and alias, to suggest an id where a name was written instead.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::definitions::BUILT_IN;
use super::global_facts::{GlobalFacts, NoGlobals};
use crate::document::Document;
use crate::document::mention::Kind;
use crate::id::FileId;
use gainsay_reading::names::fold_key;

/// Finds ids by name or alias, in the documents that are analysed and in the rest of the workspace.
#[derive(Debug)]
pub(super) struct AliasIndex<'e> {
    documents: &'e [(FileId, &'e Document)],
    pub(super) elsewhere: &'e dyn GlobalFacts,
    /// Ids by kind and folded name or alias; built when it is first needed.
    called: OnceLock<FxHashMap<(Kind, String), Vec<SmolStr>>>,
}

/// An index of built-in entities only.
pub(super) static EMPTY: AliasIndex<'static> =
    AliasIndex { documents: &[], elsewhere: &NoGlobals, called: OnceLock::new() };

impl<'e> AliasIndex<'e> {
    pub(super) fn new(documents: &'e [(FileId, &'e Document)], elsewhere: &'e dyn GlobalFacts) -> Self {
        Self { documents, elsewhere, called: OnceLock::new() }
    }

    /// The ids of all entities of a kind with this name or alias in any spelling, sorted and without
    /// duplicates.
    pub(super) fn ids_by_alias(&self, kind: Kind, name: &str) -> Vec<SmolStr> {
        let folded = fold_key(name);
        if folded.is_empty() {
            return Vec::new();
        }
        let mut ids = self.elsewhere.called(kind, &folded);
        ids.extend(self.local_ids().get(&(kind, folded)).into_iter().flatten().cloned());
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn local_ids(&self) -> &FxHashMap<(Kind, String), Vec<SmolStr>> {
        self.called.get_or_init(|| {
            let mut called: FxHashMap<(Kind, String), Vec<SmolStr>> = FxHashMap::default();
            let documents = self.documents.iter().map(|&(_, document)| document);
            for document in documents.chain(std::iter::once(&*BUILT_IN)) {
                for entry in document.entries() {
                    for name in entry.called() {
                        called.entry((entry.kind(), name)).or_default().push(entry.id().value.clone());
                    }
                }
            }
            called
        })
    }
}
