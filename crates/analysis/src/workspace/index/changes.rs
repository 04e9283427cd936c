//! Updates of the index: the entries of a new text are matched with those of the text before, and only those that
//! were added, removed or changed are indexed again.

use rustc_hash::FxHashMap;

use super::references::{NameKey, Reference, references_of};
use super::{DefinitionIndex, FileNames, IndexedEntry, NameRecord, Role};
use crate::document::Document;
use crate::document::entries::EntryRef;
use crate::document::mention::{self, Definition, ITEMS, Kind};
use crate::id::{EntryId, FileId, Id as _, NameId};

/// The entries of a new text of a file, matched with those of the text before.
#[derive(Debug, Default)]
pub(in crate::workspace) struct EntryMatches {
    /// Each entry of the new text, with its position in the text before; none for a new entry.
    pub(in crate::workspace) now: Vec<(EntryId, Option<usize>)>,
    /// The removed entries, with their positions in the text before.
    pub(in crate::workspace) removed: Vec<(EntryId, usize)>,
}

impl DefinitionIndex {
    /// Matches the entries of a new document of a file with the indexed ones, by kind and name.
    pub(in crate::workspace) fn match_entries(&mut self, file: FileId, document: &Document) -> EntryMatches {
        let before = &self.files[file.index()];
        let mut by_name: FxHashMap<(Kind, &str), Vec<usize>> = FxHashMap::default();
        for (at, definition) in before.names.definitions.iter().enumerate().rev() {
            by_name.entry((definition.kind, definition.name.as_str())).or_default().push(at);
        }
        let mut matches = EntryMatches::default();
        let now = mention::definitions(document);
        let found: Vec<Option<usize>> = now
            .iter()
            .map(|definition| by_name.get_mut(&(definition.kind, definition.name.as_str()))?.pop())
            .collect();
        let removed = by_name.into_values().flatten();
        matches.removed = removed.map(|at| (before.ids[at], at)).collect();
        let kept: Vec<Option<EntryId>> = found.iter().map(|at| at.map(|at| before.ids[at])).collect();
        for (at, entry) in found.into_iter().zip(kept) {
            let entry = entry.unwrap_or_else(|| self.new_entry(file));
            matches.now.push((entry, at));
        }
        matches
    }

    fn new_entry(&mut self, file: FileId) -> EntryId {
        let placeholder = IndexedEntry {
            file,
            position: 0,
            kind: Kind::Claim,
            name: NameId::new(0),
            aliases: Box::default(),
            references: Box::default(),
            uses: Box::default(),
        };
        if let Some(entry) = self.free_entries.pop() {
            self.entries[entry.index()] = placeholder;
            return entry;
        }
        self.entries.push(placeholder);
        EntryId::new(self.entries.len() - 1)
    }

    /// Replaces the entries of a file. `changed` are the positions of the entries that were added or changed.
    pub(in crate::workspace) fn update(
        &mut self,
        file: FileId,
        document: &Document,
        matches: &EntryMatches,
        changed: &[usize],
    ) {
        for &(entry, _) in &matches.removed {
            self.unindex(entry);
            self.free_entries.push(entry);
        }
        for &at in changed {
            let (entry, before) = matches.now[at];
            if before.is_some() {
                self.unindex(entry);
            }
        }
        let entries = &mut self.files[file.index()];
        let names =
            FileNames { definitions: mention::definitions(document), mentions: mention::mentions(document) };
        entries.ids = matches.now.iter().map(|(entry, _)| *entry).collect();
        let definitions = names.definitions.iter().zip(&entries.ids);
        entries.by_place = definitions.map(|(it, &entry)| (it.span.start, it.span.end, entry)).collect();
        entries.by_place.sort_unstable();
        entries.source = document.source.as_ref().map(|source| source.id.value.clone());
        entries.names = names;
        for (at, &(entry, _)) in matches.now.iter().enumerate() {
            self.entries[entry.index()].position = at as u32;
        }
        for &at in changed {
            self.index_entry(file, document, at);
        }
    }

    /// Removes an entry from the names that it defines and mentions.
    fn unindex(&mut self, entry: EntryId) {
        let names: Vec<NameId> = self.names_of(entry).collect();
        for name in names {
            self.names[name.index()].defined_by.retain(|&other| other != entry);
            self.maybe_unused.push(name);
        }
        for reference in std::mem::take(&mut self.entries[entry.index()].references) {
            let record = &mut self.names[reference.name.index()];
            record.sources_published.retain(|&source| source != entry);
            let mentioned = &mut record.mentioned_by;
            let is_this = |&(other, role): &(EntryId, Role)| (other, role) == (entry, reference.role);
            if let Some(at) = mentioned.iter().position(is_this) {
                mentioned.swap_remove(at);
            }
            self.maybe_unused.push(reference.name);
        }
        self.set_uses(entry, Vec::new());
    }

    /// Adds an entry to the names that it defines and mentions.
    fn index_entry(&mut self, file: FileId, document: &Document, at: usize) {
        let entries = &self.files[file.index()];
        let entry = entries.ids[at];
        let Definition { kind, name, .. } = entries.names.definitions[at].clone();
        let placed = IndexedEntry { position: at as u32, ..self.entries[entry.index()].clone() };
        let keys = references_of(kind, self.mentions_in(&placed), document, entries.source.as_ref(), at);
        let own = self.intern((Some(kind), name.clone()));
        self.names[own.index()].defined_by.push(entry);
        if ITEMS.contains(&kind) {
            let item = self.intern((None, name));
            self.names[item.index()].defined_by.push(entry);
        }
        let references: Vec<Reference> =
            keys.into_iter().map(|(key, role)| Reference { name: self.intern(key), role }).collect();
        for reference in &references {
            let record = &mut self.names[reference.name.index()];
            record.mentioned_by.push((entry, reference.role));
            if kind == Kind::Source && record.key.0 == Some(Kind::Actor) {
                record.sources_published.push(entry);
            }
        }
        let aliases = document.entry(at).into_iter().flat_map(EntryRef::called);
        self.entries[entry.index()] = IndexedEntry {
            file,
            position: at as u32,
            kind,
            name: own,
            aliases: aliases.map(String::into_boxed_str).collect(),
            references: references.into(),
            uses: Box::default(),
        };
    }

    /// The id of a name; a new id for a new name.
    pub(in crate::workspace) fn intern(&mut self, key: NameKey) -> NameId {
        if let Some(&name) = self.by_name.get(&key) {
            return name;
        }
        let record = NameRecord {
            key: key.clone(),
            defined_by: Vec::new(),
            mentioned_by: Vec::new(),
            sources_published: Vec::new(),
            use_count: 0,
        };
        let name = if let Some(name) = self.free_names.pop() {
            self.names[name.index()] = record;
            name
        } else {
            self.names.push(record);
            NameId::new(self.names.len() - 1)
        };
        self.by_name.insert(key, name);
        name
    }

    /// Sets the names that an entry uses.
    pub(in crate::workspace) fn set_uses(&mut self, entry: EntryId, mut uses: Vec<NameId>) {
        uses.sort_unstable();
        uses.dedup();
        for name in &uses {
            self.names[name.index()].use_count += 1;
        }
        let before = std::mem::replace(&mut self.entries[entry.index()].uses, uses.into());
        for name in before {
            self.names[name.index()].use_count -= 1;
            self.maybe_unused.push(name);
        }
    }

    /// Frees the ids of names that no entry defines, mentions or uses any more.
    pub(in crate::workspace) fn remove_unused_names(&mut self) {
        for name in std::mem::take(&mut self.maybe_unused) {
            let record = &self.names[name.index()];
            let is_unused =
                record.defined_by.is_empty() && record.mentioned_by.is_empty() && record.use_count == 0;
            if is_unused && self.by_name.get(&record.key) == Some(&name) {
                self.by_name.remove(&record.key);
                self.free_names.push(name);
            }
        }
    }
}
