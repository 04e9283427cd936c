//! A dependency-closed subset of the workspace: some entries with everything that is needed to read and word them.

use rustc_hash::FxHashSet;

use crate::document::Document;
use crate::document::mention::Kind;
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::workspace::Workspace;
use crate::workspace::index::{DefinitionIndex, Role};

/// Some entries of a workspace as documents, with the same file ids and in the same order.
#[derive(Debug, Default)]
pub(super) struct SubWorkspace {
    /// All entries in it.
    pub(super) entries: FxHashSet<EntryId>,
    pub(super) documents: Vec<(FileId, Document)>,
}

impl SubWorkspace {
    /// `entries` and the definitions of `names`, with all their dependencies.
    pub(super) fn with_dependencies(
        index: &DefinitionIndex,
        workspace: &Workspace,
        entries: &FxHashSet<EntryId>,
        names: &[NameId],
    ) -> Self {
        let mut closure = DependencyClosure { index, included: FxHashSet::default(), stack: Vec::new() };
        for &entry in entries {
            closure.add_analysed(entry);
        }
        for &name in names {
            closure.add_definitions(name);
        }
        // A claim without `of` counts `people`. A source without a publisher has the publisher `?`.
        for (kind, name) in [(Kind::Population, "people"), (Kind::Actor, "?")] {
            if let Some(name) = index.find(kind, name) {
                closure.add_definitions(name);
            }
        }
        closure.close();
        let entries = closure.included;
        let documents = documents(index, workspace, &entries);
        Self { entries, documents }
    }

    /// All definitions of some kinds, with what distinguishes them: events also need the places they happened at.
    pub(super) fn definitions_of(workspace: &Workspace, kinds: &[Kind]) -> Self {
        fn cloned_if<T: Clone>(is_included: bool, entries: &[T]) -> Vec<T> {
            if is_included { entries.to_vec() } else { Vec::new() }
        }
        let is_included = |kind| kinds.contains(&kind);
        // Two events are not compared by their parties.
        let subjects = |document: &Document| {
            let mut subjects = cloned_if(is_included(Kind::Subject), &document.subjects);
            for subject in &mut subjects {
                (subject.body.parties, subject.body.publisher) = (Vec::new(), None);
            }
            subjects
        };
        let named = |document: &Document| Document {
            settings: document.settings.clone(),
            actors: cloned_if(is_included(Kind::Actor), &document.actors),
            subjects: subjects(document),
            places: cloned_if(is_included(Kind::Place) || is_included(Kind::Subject), &document.places),
            terms: cloned_if(is_included(Kind::Term), &document.terms),
            ..Document::default()
        };
        let documents = workspace.documents().iter().enumerate();
        let documents = documents.map(|(at, document)| (FileId::new(at), named(document)));
        Self { documents: documents.collect(), ..Self::default() }
    }

    /// The documents by reference, as the pipeline takes them.
    pub(super) fn document_refs(&self) -> Vec<(FileId, &Document)> {
        self.documents.iter().map(|(file, document)| (*file, document)).collect()
    }
}

/// Collects entries with their dependencies.
struct DependencyClosure<'i> {
    index: &'i DefinitionIndex,
    included: FxHashSet<EntryId>,
    /// Included entries whose dependencies are still to be added.
    stack: Vec<EntryId>,
}

impl DependencyClosure<'_> {
    /// Adds an entry that findings may be about: everything that it mentions is needed.
    fn add_analysed(&mut self, entry: EntryId) {
        self.included.insert(entry);
        if self.index.kind(entry) == Kind::Claim {
            // In a file without a source, this is reported at its first claim.
            self.included.extend(self.index.first_without_source(self.index.file_of(entry)));
        }
        self.add_definitions(self.index.name_of(entry));
        for (name, role) in self.index.references(entry) {
            match role {
                // Sibling subjects only have to exist. For a place or a party, its parts and wholes are needed too.
                Role::Sibling if self.index.kind_of(name) == Some(Kind::Subject) => {
                    self.included.extend(self.index.entries_defining(name));
                }
                Role::MentionOnly => {}
                _ => self.add_definitions(name),
            }
        }
    }

    /// Adds all definitions of a name, except claims and reviews: the caller adds those that affect the result.
    fn add_definitions(&mut self, name: NameId) {
        for &entry in self.index.entries_defining(name) {
            if !matches!(self.index.kind(entry), Kind::Claim | Kind::Review) {
                self.included.insert(entry);
                self.stack.push(entry);
            }
        }
    }

    /// Adds what the included definitions are part of, speak for, cite or sum, and so on.
    fn close(&mut self) {
        let mut seen: FxHashSet<EntryId> = FxHashSet::default();
        while let Some(entry) = self.stack.pop() {
            if !seen.insert(entry) {
                continue;
            }
            let is_subject = self.index.kind(entry) == Kind::Subject;
            for (name, role) in self.index.references(entry) {
                if matches!(role, Role::Requires | Role::Part) || role == Role::Sibling && !is_subject {
                    self.add_definitions(name);
                }
            }
        }
    }
}

/// Builds documents that contain these entries, and the settings of all files.
fn documents(
    index: &DefinitionIndex,
    workspace: &Workspace,
    entries: &FxHashSet<EntryId>,
) -> Vec<(FileId, Document)> {
    let mut in_order: Vec<(FileId, usize)> =
        entries.iter().map(|&entry| (index.file_of(entry), index.position(entry))).collect();
    in_order.sort_unstable();
    let mut documents: Vec<(FileId, Document)> = Vec::new();
    for run in in_order.chunk_by(|a, b| a.0 == b.0) {
        let (file, original) = (run[0].0, &workspace.documents()[run[0].0.index()]);
        let mut document = Document { settings: original.settings.clone(), ..Document::default() };
        for &(_, at) in run {
            document.add(original, at);
        }
        documents.push((file, document));
    }
    let with_settings =
        workspace.documents().iter().enumerate().filter(|(_, document)| document.settings.is_some());
    for (at, original) in with_settings {
        if let Err(before) = documents.binary_search_by_key(&FileId::new(at), |(file, _)| *file) {
            let document = Document { settings: original.settings.clone(), ..Document::default() };
            documents.insert(before, (FileId::new(at), document));
        }
    }
    documents
}
