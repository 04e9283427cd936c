//! Where each thing of a workspace is defined and mentioned, entry by entry: kept up as texts change, and asked by
//! whoever goes from a name to its places, or from an entry to those it bears on.
//!
//! Entries and names have numbers that stay while they stand, so that a change costs what it touches. What a
//! mention means for the claims is told by its role; nothing is read or resolved here.

mod changes;
mod globals;
mod ties;

pub(super) use changes::Matched;
pub(super) use globals::IndexGlobals;
pub(super) use ties::Role;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::Workspace;
use crate::document::Document;
use crate::document::mention::{Definition, ITEMS, Kind, Mention};
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::source::Span;
use ties::{Key, Tie};

/// Every definition and every mention of a workspace, by file and by name.
#[derive(Clone, Debug, Default)]
pub struct DefinitionIndex {
    files: Vec<Entries>,
    rows: Vec<Row>,
    free: Vec<EntryId>,
    by_name: BTreeMap<Key, NameId>,
    names: Vec<Places>,
    free_names: Vec<NameId>,
    /// Names that may have lost all their entries.
    emptied: Vec<NameId>,
}

/// What one file names.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// What it defines.
    pub definitions: Vec<Definition>,
    /// What it refers to.
    pub mentions: Vec<Mention>,
}

/// The entries of one file.
#[derive(Clone, Debug, Default)]
struct Entries {
    named: Named,
    /// The entry of each of its definitions.
    ids: Vec<EntryId>,
    /// Start, end and entry, in the order of places.
    by_place: Vec<(u32, u32, EntryId)>,
    /// The id of its source.
    source: Option<SmolStr>,
}

/// One entry.
#[derive(Clone, Debug)]
struct Row {
    file: FileId,
    /// Its place in the definitions of its file.
    at: u32,
    kind: Kind,
    name: NameId,
    /// Its name and aliases, folded.
    called: Box<[Box<str>]>,
    ties: Box<[Tie]>,
    /// What it uses, as the rule on unused ids means it.
    uses: Box<[NameId]>,
}

/// Who bears a name, and who mentions it.
#[derive(Clone, Debug)]
struct Places {
    key: Key,
    defined: Vec<EntryId>,
    mentioned: Vec<(EntryId, Role)>,
    /// Of an actor: the sources among those that mention it.
    published: Vec<EntryId>,
    used: u32,
}

impl DefinitionIndex {
    /// The index of all documents.
    pub fn new(workspace: &Workspace) -> Self {
        let mut index =
            Self { files: vec![Entries::default(); workspace.documents().len()], ..Self::default() };
        for (at, document) in workspace.documents().iter().enumerate() {
            index.replace(FileId::new(at), document);
        }
        index
    }

    /// Puts what a file names now in the place of what it named.
    pub fn replace(&mut self, file: FileId, document: &Document) {
        let matched = self.matched(file, document);
        let changed: Vec<usize> = (0..matched.now.len()).collect();
        self.update(file, document, &matched, &changed);
        self.purge();
    }

    /// What a file names.
    pub fn of(&self, file: FileId) -> &Named {
        &self.files[file.index()].named
    }

    /// Where a thing is defined, by its name in the whole workspace: once, or several times by mistake.
    pub fn definitions(
        &self,
        kind: Kind,
        name: &str,
    ) -> impl Iterator<Item = (FileId, &Definition)> + use<'_> {
        let entries = self.in_order(self.find(kind, name).map_or(&[], |name| self.defined(name)));
        entries.into_iter().map(|entry| {
            let row = self.row(entry);
            (row.file, &self.of(row.file).definitions[row.at as usize])
        })
    }

    /// Where a thing is referred to; a value among them may be no id but a figure, see [`Mention::is_sure`].
    pub fn mentions(&self, kind: Kind, name: &str) -> impl Iterator<Item = (FileId, &Mention)> + use<'_> {
        let of_kind = self.find(kind, name);
        let as_item = self.find_item(name).filter(|_| ITEMS.contains(&kind));
        let names = of_kind.into_iter().chain(as_item);
        let entries: Vec<EntryId> =
            names.flat_map(|name| self.mentioned(name)).map(|&(entry, _)| entry).collect();
        let name = SmolStr::from(name);
        self.in_order(&entries).into_iter().flat_map(move |entry| {
            let (row, name) = (self.row(entry), name.clone());
            let mentions = self.mentions_in(row);
            let is_meant = move |mention: &&Mention| mention.kinds.contains(&kind) && mention.name == name;
            mentions.iter().filter(is_meant).map(|mention| (row.file, mention))
        })
    }

    /// The names of all things of a kind that some file defines, sorted.
    pub fn names(&self, kind: Kind) -> impl Iterator<Item = &SmolStr> {
        self.of_kind(kind).filter(|(_, name)| !self.defined(*name).is_empty()).map(|(name, _)| name)
    }

    /// The names of all things of a kind that bear a name or have it as an alias, given folded; sorted.
    pub(super) fn called(&self, kind: Kind, folded: &str) -> impl Iterator<Item = &SmolStr> {
        let is_called =
            move |&entry: &EntryId| self.row(entry).called.iter().any(|called| **called == *folded);
        let names = self.of_kind(kind).filter(move |(_, name)| self.defined(*name).iter().any(is_called));
        names.map(|(name, _)| name)
    }

    /// The names of a kind, sorted, be they of things or only mentioned.
    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&SmolStr, NameId)> {
        let from = (Some(kind), SmolStr::default());
        let of_kind = self.by_name.range(from..).take_while(move |((of, _), _)| *of == Some(kind));
        of_kind.map(|((_, text), name)| (text, *name))
    }

    // --- entries by number ------------------------------------------------------------------------------------

    /// The file of an entry.
    pub(super) fn file_of(&self, entry: EntryId) -> FileId {
        self.row(entry).file
    }

    /// Its place in the definitions of its file.
    pub(super) fn at(&self, entry: EntryId) -> usize {
        self.row(entry).at as usize
    }

    /// What an entry defines.
    pub(super) fn kind(&self, entry: EntryId) -> Kind {
        self.row(entry).kind
    }

    /// The name an entry bears.
    pub(super) fn name_of(&self, entry: EntryId) -> NameId {
        self.row(entry).name
    }

    /// The names an entry bears: its own and, where a value may name it, that name as any kind of thing.
    pub(super) fn names_of(&self, entry: EntryId) -> impl Iterator<Item = NameId> {
        let name = self.row(entry).name;
        let (kind, text) = &self.names[name.index()].key;
        let item = self.find_item(text).filter(|_| kind.is_some_and(|kind| ITEMS.contains(&kind)));
        std::iter::once(name).chain(item)
    }

    /// What an entry mentions, and as what.
    pub(super) fn ties(&self, entry: EntryId) -> impl Iterator<Item = (NameId, Role)> {
        self.row(entry).ties.iter().map(|tie| (tie.name, tie.role))
    }

    /// The entries that bear a name.
    pub(super) fn defined(&self, name: NameId) -> &[EntryId] {
        &self.names[name.index()].defined
    }

    /// The entries that mention a name, and as what; one may stand there several times.
    pub(super) fn mentioned(&self, name: NameId) -> &[(EntryId, Role)] {
        &self.names[name.index()].mentioned
    }

    /// The kind of thing a name is of; none for what a value names.
    pub(super) fn kind_of(&self, name: NameId) -> Option<Kind> {
        self.names[name.index()].key.0
    }

    /// A name as written.
    pub(super) fn text(&self, name: NameId) -> &SmolStr {
        &self.names[name.index()].key.1
    }

    /// The number of a name that some entry bears or mentions.
    pub(super) fn find(&self, kind: Kind, name: &str) -> Option<NameId> {
        self.by_name.get(&(Some(kind), name.into())).copied()
    }

    fn find_item(&self, name: &str) -> Option<NameId> {
        self.by_name.get(&(None, name.into())).copied()
    }

    /// All entries of a file, in the order of its definitions.
    pub(super) fn entries(&self, file: FileId) -> &[EntryId] {
        &self.files[file.index()].ids
    }

    /// The first claim of a file that has no source.
    pub(super) fn first_without_source(&self, file: FileId) -> Option<EntryId> {
        let entries = &self.files[file.index()];
        let claims = || entries.ids.iter().copied().find(|&entry| self.kind(entry) == Kind::Claim);
        if entries.source.is_none() { claims() } else { None }
    }

    /// The entry at a place of a file.
    pub(super) fn entry_at(&self, file: FileId, at: u32) -> Option<EntryId> {
        let by_place = &self.files[file.index()].by_place;
        let behind = by_place.partition_point(|&(start, ..)| start <= at);
        let &(_, end, entry) = by_place[..behind].last()?;
        (at <= end).then_some(entry)
    }

    /// The entries of a file that share something with a span.
    pub(super) fn entries_in(&self, file: FileId, span: Span) -> impl Iterator<Item = EntryId> {
        let by_place = &self.files[file.index()].by_place;
        let meeting = move |&&(start, end, _): &&(u32, u32, EntryId)| Span { start, end }.touches(span);
        by_place.iter().filter(meeting).map(|&(.., entry)| entry)
    }

    /// Where an entry stands.
    pub(super) fn span(&self, entry: EntryId) -> Span {
        let row = self.row(entry);
        self.of(row.file).definitions[row.at as usize].span
    }

    /// Of several entries the one that stands first, which is the one that counts.
    pub(super) fn first_of(&self, entries: &[EntryId]) -> Option<EntryId> {
        entries.iter().copied().min_by_key(|&entry| (self.row(entry).file, self.row(entry).at))
    }

    fn row(&self, entry: EntryId) -> &Row {
        &self.rows[entry.index()]
    }

    /// Entries in the order of files, then of places, each once.
    fn in_order(&self, entries: &[EntryId]) -> Vec<EntryId> {
        let mut entries = entries.to_vec();
        entries.sort_unstable_by_key(|&entry| (self.row(entry).file, self.row(entry).at, entry));
        entries.dedup();
        entries
    }

    fn mentions_in(&self, row: &Row) -> &[Mention] {
        let mentions = &self.of(row.file).mentions;
        let at = Some(row.at as usize);
        let from = mentions.partition_point(|mention| mention.within < at);
        let to = mentions.partition_point(|mention| mention.within <= at);
        &mentions[from..to]
    }
}
