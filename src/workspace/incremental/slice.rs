//! A part of a workspace that can be analysed by itself: some entries, with all that they are read and told by.

use rustc_hash::FxHashSet;

use crate::document::Document;
use crate::document::mention::Kind;
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::workspace::Workspace;
use crate::workspace::index::{DefinitionIndex, Role};

/// Some entries of a workspace as documents, under the same files and in the same order.
#[derive(Debug, Default)]
pub(super) struct Slice {
    /// Every entry in it.
    pub(super) entries: FxHashSet<EntryId>,
    pub(super) documents: Vec<(FileId, Document)>,
}

impl Slice {
    /// These entries, and these names' definitions, with what is needed for them.
    pub(super) fn around(
        index: &DefinitionIndex,
        workspace: &Workspace,
        entries: &FxHashSet<EntryId>,
        names: &[NameId],
    ) -> Self {
        let mut needed = Needed { index, taken: FxHashSet::default(), way: Vec::new() };
        for &entry in entries {
            needed.of_home(entry);
        }
        for &name in names {
            needed.defined(name);
        }
        // Whoever counts people without saying whom counts all; whoever names no publisher has one all the same.
        for (kind, name) in [(Kind::Population, "people"), (Kind::Actor, "?")] {
            if let Some(name) = index.find(kind, name) {
                needed.defined(name);
            }
        }
        needed.close();
        let entries = needed.taken;
        let documents = documents(index, workspace, &entries);
        Self { entries, documents }
    }

    /// Every definition of some kinds, and of those they are told apart by: events by where they happened.
    pub(super) fn of_names(workspace: &Workspace, kinds: &[Kind]) -> Self {
        fn taken<T: Clone>(is_so: bool, entries: &[T]) -> Vec<T> {
            if is_so { entries.to_vec() } else { Vec::new() }
        }
        let is_of = |kind| kinds.contains(&kind);
        // Who takes part tells no two events apart.
        let subjects = |document: &Document| {
            let mut subjects = taken(is_of(Kind::Subject), &document.subjects);
            for subject in &mut subjects {
                (subject.body.parties, subject.body.publisher) = (Vec::new(), None);
            }
            subjects
        };
        let names = |document: &Document| Document {
            settings: document.settings.clone(),
            actors: taken(is_of(Kind::Actor), &document.actors),
            subjects: subjects(document),
            places: taken(is_of(Kind::Place) || is_of(Kind::Subject), &document.places),
            terms: taken(is_of(Kind::Term), &document.terms),
            ..Document::default()
        };
        let documents = workspace.documents().iter().enumerate();
        let documents = documents.map(|(at, document)| (FileId::new(at), names(document)));
        Self { documents: documents.collect(), ..Self::default() }
    }

    /// Its documents as the pipeline takes them.
    pub(super) fn as_documents(&self) -> Vec<(FileId, &Document)> {
        self.documents.iter().map(|(file, document)| (*file, document)).collect()
    }
}

/// What is needed, as far as it was gone through.
struct Needed<'i> {
    index: &'i DefinitionIndex,
    taken: FxHashSet<EntryId>,
    way: Vec<EntryId>,
}

impl Needed<'_> {
    /// An entry of which something may be found: all that it mentions has to be there.
    fn of_home(&mut self, entry: EntryId) {
        self.taken.insert(entry);
        if self.index.kind(entry) == Kind::Claim {
            // The first claim of a file is told where the file has no source.
            self.taken.extend(self.index.first_without_source(self.index.file_of(entry)));
        }
        self.defined(self.index.name_of(entry));
        for (name, role) in self.index.ties(entry) {
            match role {
                // Subjects told apart have to be there, and no more; a place or a party has parts and wholes.
                Role::Beside if self.index.kind_of(name) == Some(Kind::Subject) => {
                    self.taken.extend(self.index.defined(name));
                }
                Role::Named => {}
                _ => self.defined(name),
            }
        }
    }

    /// Everything that bears a name; claims are there by themselves where they bear on something.
    fn defined(&mut self, name: NameId) {
        for &entry in self.index.defined(name) {
            if !matches!(self.index.kind(entry), Kind::Claim | Kind::Review) {
                self.taken.insert(entry);
                self.way.push(entry);
            }
        }
    }

    /// Whatever is needed only to read others needs what it is a part of, speaks for, cites, sums.
    fn close(&mut self) {
        let mut seen: FxHashSet<EntryId> = FxHashSet::default();
        while let Some(entry) = self.way.pop() {
            if !seen.insert(entry) {
                continue;
            }
            let is_subject = self.index.kind(entry) == Kind::Subject;
            for (name, role) in self.index.ties(entry) {
                if matches!(role, Role::Needs | Role::Part) || role == Role::Beside && !is_subject {
                    self.defined(name);
                }
            }
        }
    }
}

fn documents(
    index: &DefinitionIndex,
    workspace: &Workspace,
    entries: &FxHashSet<EntryId>,
) -> Vec<(FileId, Document)> {
    let mut in_order: Vec<(FileId, usize)> =
        entries.iter().map(|&entry| (index.file_of(entry), index.at(entry))).collect();
    in_order.sort_unstable();
    let mut documents: Vec<(FileId, Document)> = Vec::new();
    for run in in_order.chunk_by(|a, b| a.0 == b.0) {
        let (file, of) = (run[0].0, &workspace.documents()[run[0].0.index()]);
        let mut document = Document { settings: of.settings.clone(), ..Document::default() };
        for &(_, at) in run {
            document.add(of, at);
        }
        documents.push((file, document));
    }
    for (at, of) in workspace.documents().iter().enumerate().filter(|(_, of)| of.settings.is_some()) {
        if let Err(before) = documents.binary_search_by_key(&FileId::new(at), |(file, _)| *file) {
            let document = Document { settings: of.settings.clone(), ..Document::default() };
            documents.insert(before, (FileId::new(at), document));
        }
    }
    documents
}
