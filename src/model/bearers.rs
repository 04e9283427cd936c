//! What a name that nothing bears as its id may have meant: who is called so, here or elsewhere.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::definitions::BUILT_IN;
use super::global_facts::{GlobalFacts, NoGlobals};
use crate::document::Document;
use crate::document::mention::Kind;
use crate::id::FileId;
use crate::names::fold_key;

/// The documents at hand by the names people give to things, and the workspace beyond them.
#[derive(Debug)]
pub(super) struct Bearers<'e> {
    documents: &'e [(FileId, &'e Document)],
    pub(super) elsewhere: &'e dyn GlobalFacts,
    /// Ids by name and alias, folded; made when a name is first looked for in vain.
    called: OnceLock<FxHashMap<(Kind, String), Vec<SmolStr>>>,
}

/// Nobody is known but what is built in.
pub(super) static NOBODY: Bearers<'static> =
    Bearers { documents: &[], elsewhere: &NoGlobals, called: OnceLock::new() };

impl<'e> Bearers<'e> {
    pub(super) fn new(documents: &'e [(FileId, &'e Document)], elsewhere: &'e dyn GlobalFacts) -> Self {
        Self { documents, elsewhere, called: OnceLock::new() }
    }

    /// The ids of all that bear a name or have it as an alias, however it is spelt: sorted, each once.
    pub(super) fn called(&self, kind: Kind, name: &str) -> Vec<SmolStr> {
        let folded = fold_key(name);
        if folded.is_empty() {
            return Vec::new();
        }
        let mut ids = self.elsewhere.called(kind, &folded);
        ids.extend(self.here().get(&(kind, folded)).into_iter().flatten().cloned());
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn here(&self) -> &FxHashMap<(Kind, String), Vec<SmolStr>> {
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
