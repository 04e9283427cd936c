//! An index of definitions and mentions, by entry and by name. It is updated when texts change, and finds the places
//! of a name and the entries that an entry refers to.
//!
//! Entries and names have ids that stay the same while they exist, so that an update costs only what changed. Each
//! reference has a role, which says how the entry depends on the thing. Nothing is read or resolved here.

mod changes;
mod globals;
mod references;

pub(super) use changes::EntryMatches;
pub(super) use globals::IndexGlobals;
pub(super) use references::Role;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::Workspace;
use crate::document::Document;
use crate::document::mention::{Definition, ITEMS, Kind, Mention};
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::source::Span;
use references::{NameKey, Reference};

/// All definitions and mentions of a workspace, by file and by name.
#[derive(Clone, Debug, Default)]
pub struct DefinitionIndex {
    files: Vec<FileEntries>,
    /// All entries, by id.
    entries: Vec<IndexedEntry>,
    /// Ids of removed entries, to be used again.
    free_entries: Vec<EntryId>,
    by_name: BTreeMap<NameKey, NameId>,
    names: Vec<NameRecord>,
    free_names: Vec<NameId>,
    /// Names that may have lost all their entries.
    maybe_unused: Vec<NameId>,
}

/// The definitions and mentions of one file.
#[derive(Clone, Debug, Default)]
pub struct FileNames {
    /// The definitions, in the order of [`Document::entries`].
    pub definitions: Vec<Definition>,
    /// The mentions, in the order of the definitions that contain them.
    pub mentions: Vec<Mention>,
}

/// The entries of one file.
#[derive(Clone, Debug, Default)]
struct FileEntries {
    names: FileNames,
    /// The entry of each definition.
    ids: Vec<EntryId>,
    /// Start, end and entry, sorted by start.
    by_place: Vec<(u32, u32, EntryId)>,
    /// The id of the source of the file.
    source: Option<SmolStr>,
}

#[derive(Clone, Debug)]
struct IndexedEntry {
    file: FileId,
    /// Its position in the definitions of its file.
    position: u32,
    kind: Kind,
    name: NameId,
    /// Its name and aliases in canonical form.
    aliases: Box<[Box<str>]>,
    references: Box<[Reference]>,
    /// The names that it uses, as the rule `unused-id` counts them.
    uses: Box<[NameId]>,
}

/// A name with the entries that define and mention it.
#[derive(Clone, Debug)]
struct NameRecord {
    key: NameKey,
    defined_by: Vec<EntryId>,
    mentioned_by: Vec<(EntryId, Role)>,
    /// For an actor: the sources that mention it, so those that it published.
    sources_published: Vec<EntryId>,
    /// How many entries use it.
    use_count: u32,
}

impl DefinitionIndex {
    /// Indexes all documents of a workspace.
    pub fn new(workspace: &Workspace) -> Self {
        let mut index =
            Self { files: vec![FileEntries::default(); workspace.documents().len()], ..Self::default() };
        for (at, document) in workspace.documents().iter().enumerate() {
            index.replace(FileId::new(at), document);
        }
        index
    }

    /// Indexes a new document of a file, in place of the one before.
    pub fn replace(&mut self, file: FileId, document: &Document) {
        let matches = self.match_entries(file, document);
        let changed: Vec<usize> = (0..matches.now.len()).collect();
        self.update(file, document, &matches, &changed);
        self.remove_unused_names();
    }

    /// The definitions and mentions of a file.
    pub fn of(&self, file: FileId) -> &FileNames {
        &self.files[file.index()].names
    }

    /// The definitions of a thing, given by its full name. More than one is a mistake in the files.
    pub fn definitions(
        &self,
        kind: Kind,
        name: &str,
    ) -> impl Iterator<Item = (FileId, &Definition)> + use<'_> {
        let entries = self.in_order(self.find(kind, name).map_or(&[], |name| self.entries_defining(name)));
        entries.into_iter().map(|entry| {
            let indexed = self.entry(entry);
            (indexed.file, &self.of(indexed.file).definitions[indexed.position as usize])
        })
    }

    /// The mentions of a thing, given by its full name. One in a value may be part of a figure instead of an id, see
    /// [`Mention::is_sure`].
    pub fn mentions(&self, kind: Kind, name: &str) -> impl Iterator<Item = (FileId, &Mention)> + use<'_> {
        let of_kind = self.find(kind, name);
        let as_item = self.find_item(name).filter(|_| ITEMS.contains(&kind));
        let names = of_kind.into_iter().chain(as_item);
        let entries: Vec<EntryId> =
            names.flat_map(|name| self.entries_mentioning(name)).map(|&(entry, _)| entry).collect();
        let name = SmolStr::from(name);
        self.in_order(&entries).into_iter().flat_map(move |entry| {
            let (indexed, name) = (self.entry(entry), name.clone());
            let mentions = self.mentions_in(indexed);
            let is_meant = move |mention: &&Mention| mention.kinds.contains(&kind) && mention.name == name;
            mentions.iter().filter(is_meant).map(|mention| (indexed.file, mention))
        })
    }

    /// The names of all defined things of a kind, sorted.
    pub fn names(&self, kind: Kind) -> impl Iterator<Item = &SmolStr> {
        self.of_kind(kind).filter(|(_, name)| !self.entries_defining(*name).is_empty()).map(|(name, _)| name)
    }

    /// The ids of all things of a kind with this name or alias, given in canonical form; sorted.
    pub(super) fn ids_by_alias(&self, kind: Kind, folded: &str) -> impl Iterator<Item = &SmolStr> {
        let has_alias =
            move |&entry: &EntryId| self.entry(entry).aliases.iter().any(|alias| **alias == *folded);
        let names =
            self.of_kind(kind).filter(move |(_, name)| self.entries_defining(*name).iter().any(has_alias));
        names.map(|(name, _)| name)
    }

    /// The names of a kind, defined or only mentioned, sorted.
    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&SmolStr, NameId)> {
        let from = (Some(kind), SmolStr::default());
        let of_kind = self.by_name.range(from..).take_while(move |((other, _), _)| *other == Some(kind));
        of_kind.map(|((_, text), name)| (text, *name))
    }

    // --- entries by id ----------------------------------------------------------------------------------------

    /// The file that contains an entry.
    pub(super) fn file_of(&self, entry: EntryId) -> FileId {
        self.entry(entry).file
    }

    /// The position of an entry in the definitions of its file.
    pub(super) fn position(&self, entry: EntryId) -> usize {
        self.entry(entry).position as usize
    }

    /// The kind of thing that an entry defines.
    pub(super) fn kind(&self, entry: EntryId) -> Kind {
        self.entry(entry).kind
    }

    /// The name that an entry defines.
    pub(super) fn name_of(&self, entry: EntryId) -> NameId {
        self.entry(entry).name
    }

    /// The names that an entry defines: its own and, if a value may name it, the same name without a kind.
    pub(super) fn names_of(&self, entry: EntryId) -> impl Iterator<Item = NameId> {
        let name = self.entry(entry).name;
        let (kind, text) = &self.names[name.index()].key;
        let item = self.find_item(text).filter(|_| kind.is_some_and(|kind| ITEMS.contains(&kind)));
        std::iter::once(name).chain(item)
    }

    /// The names that an entry refers to, with their roles.
    pub(super) fn references(&self, entry: EntryId) -> impl Iterator<Item = (NameId, Role)> {
        self.entry(entry).references.iter().map(|reference| (reference.name, reference.role))
    }

    /// The entries that define a name.
    pub(super) fn entries_defining(&self, name: NameId) -> &[EntryId] {
        &self.names[name.index()].defined_by
    }

    /// The entries that mention a name, with the role of each mention. An entry can occur several times.
    pub(super) fn entries_mentioning(&self, name: NameId) -> &[(EntryId, Role)] {
        &self.names[name.index()].mentioned_by
    }

    /// The kind of thing that a name is for; none for an id in a value.
    pub(super) fn kind_of(&self, name: NameId) -> Option<Kind> {
        self.names[name.index()].key.0
    }

    /// A name as written.
    pub(super) fn text(&self, name: NameId) -> &SmolStr {
        &self.names[name.index()].key.1
    }

    /// The id of a name, if an entry defines or mentions it.
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

    /// The first claim of a file without a source; none if the file has one.
    pub(super) fn first_without_source(&self, file: FileId) -> Option<EntryId> {
        let entries = &self.files[file.index()];
        let first_claim = || entries.ids.iter().copied().find(|&entry| self.kind(entry) == Kind::Claim);
        if entries.source.is_none() { first_claim() } else { None }
    }

    /// The entry that contains a byte of a file.
    pub(super) fn entry_at(&self, file: FileId, at: u32) -> Option<EntryId> {
        let by_place = &self.files[file.index()].by_place;
        let behind = by_place.partition_point(|&(start, ..)| start <= at);
        let &(_, end, entry) = by_place[..behind].last()?;
        (at <= end).then_some(entry)
    }

    /// The entries of a file that overlap or touch a span.
    pub(super) fn entries_in(&self, file: FileId, span: Span) -> impl Iterator<Item = EntryId> {
        let by_place = &self.files[file.index()].by_place;
        let touches = move |&&(start, end, _): &&(u32, u32, EntryId)| Span { start, end }.touches(span);
        by_place.iter().filter(touches).map(|&(.., entry)| entry)
    }

    /// The span of an entry in its file.
    pub(super) fn span(&self, entry: EntryId) -> Span {
        let indexed = self.entry(entry);
        self.of(indexed.file).definitions[indexed.position as usize].span
    }

    /// The first of several entries, in the order of files and positions. It is the one that is used.
    pub(super) fn first_in_order(&self, entries: &[EntryId]) -> Option<EntryId> {
        entries.iter().copied().min_by_key(|&entry| (self.entry(entry).file, self.entry(entry).position))
    }

    fn entry(&self, entry: EntryId) -> &IndexedEntry {
        &self.entries[entry.index()]
    }

    /// Entries in the order of files and positions, without duplicates.
    fn in_order(&self, entries: &[EntryId]) -> Vec<EntryId> {
        let mut entries = entries.to_vec();
        entries.sort_unstable_by_key(|&entry| (self.entry(entry).file, self.entry(entry).position, entry));
        entries.dedup();
        entries
    }

    fn mentions_in(&self, entry: &IndexedEntry) -> &[Mention] {
        let mentions = &self.of(entry.file).mentions;
        let at = Some(entry.position as usize);
        let from = mentions.partition_point(|mention| mention.within < at);
        let to = mentions.partition_point(|mention| mention.within <= at);
        &mentions[from..to]
    }
}
