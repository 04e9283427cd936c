//! How an index is kept up: entries are matched with those of the text before, and only what is new, gone or says
//! something else is taken out of the names it bears and mentions, and put under them again.

use rustc_hash::FxHashMap;

use super::ties::{self, Key, Tie};
use super::{DefinitionIndex, Named, Places, Row};
use crate::document::Document;
use crate::document::entries::EntryRef;
use crate::document::mention::{self, Definition, ITEMS, Kind};
use crate::id::{EntryId, FileId, Id as _, NameId};

/// How the entries of a file came out of a change of it.
#[derive(Debug, Default)]
pub(in crate::workspace) struct Matched {
    /// Each entry that stands now, with its place before: none where it is new.
    pub(in crate::workspace) now: Vec<(EntryId, Option<usize>)>,
    /// The places before of the entries that are gone.
    pub(in crate::workspace) gone: Vec<(EntryId, usize)>,
}

impl DefinitionIndex {
    /// Which of the entries of a file are those of another text of it: by what they are and how they are called.
    pub(in crate::workspace) fn matched(&mut self, file: FileId, document: &Document) -> Matched {
        let before = &self.files[file.index()];
        let mut by_name: FxHashMap<(Kind, &str), Vec<usize>> = FxHashMap::default();
        for (at, definition) in before.named.definitions.iter().enumerate().rev() {
            by_name.entry((definition.kind, definition.name.as_str())).or_default().push(at);
        }
        let mut matched = Matched::default();
        let now = mention::definitions(document);
        let found: Vec<Option<usize>> = now
            .iter()
            .map(|definition| by_name.get_mut(&(definition.kind, definition.name.as_str()))?.pop())
            .collect();
        let gone = by_name.into_values().flatten();
        matched.gone = gone.map(|at| (before.ids[at], at)).collect();
        let kept: Vec<Option<EntryId>> = found.iter().map(|at| at.map(|at| before.ids[at])).collect();
        for (at, entry) in found.into_iter().zip(kept) {
            let entry = entry.unwrap_or_else(|| self.new_entry(file));
            matched.now.push((entry, at));
        }
        matched
    }

    fn new_entry(&mut self, file: FileId) -> EntryId {
        let row = Row {
            file,
            at: 0,
            kind: Kind::Claim,
            name: NameId::new(0),
            called: Box::default(),
            ties: Box::default(),
            uses: Box::default(),
        };
        if let Some(entry) = self.free.pop() {
            self.rows[entry.index()] = row;
            return entry;
        }
        self.rows.push(row);
        EntryId::new(self.rows.len() - 1)
    }

    /// Takes over what a file says now; `changed` are the places of the entries that are new or say something else.
    pub(in crate::workspace) fn update(
        &mut self,
        file: FileId,
        document: &Document,
        matched: &Matched,
        changed: &[usize],
    ) {
        for &(entry, _) in &matched.gone {
            self.forget(entry);
            self.free.push(entry);
        }
        for &at in changed {
            let (entry, before) = matched.now[at];
            if before.is_some() {
                self.forget(entry);
            }
        }
        let entries = &mut self.files[file.index()];
        let named =
            Named { definitions: mention::definitions(document), mentions: mention::mentions(document) };
        entries.ids = matched.now.iter().map(|(entry, _)| *entry).collect();
        let places = named.definitions.iter().zip(&entries.ids);
        entries.by_place = places.map(|(it, &entry)| (it.span.start, it.span.end, entry)).collect();
        entries.by_place.sort_unstable();
        entries.source = document.source.as_ref().map(|source| source.id.value.clone());
        entries.named = named;
        for (at, &(entry, _)) in matched.now.iter().enumerate() {
            self.rows[entry.index()].at = at as u32;
        }
        for &at in changed {
            self.learn(file, document, at);
        }
    }

    /// Takes an entry out of the names it bears and mentions.
    fn forget(&mut self, entry: EntryId) {
        let names: Vec<NameId> = self.names_of(entry).collect();
        for name in names {
            self.names[name.index()].defined.retain(|&other| other != entry);
            self.emptied.push(name);
        }
        for tie in std::mem::take(&mut self.rows[entry.index()].ties) {
            let places = &mut self.names[tie.name.index()];
            places.published.retain(|&source| source != entry);
            let mentioned = &mut places.mentioned;
            if let Some(at) = mentioned.iter().position(|&(other, role)| (other, role) == (entry, tie.role)) {
                mentioned.swap_remove(at);
            }
            self.emptied.push(tie.name);
        }
        self.set_uses(entry, Vec::new());
    }

    /// Puts an entry under the names it bears and mentions.
    fn learn(&mut self, file: FileId, document: &Document, at: usize) {
        let entries = &self.files[file.index()];
        let entry = entries.ids[at];
        let Definition { kind, name, .. } = entries.named.definitions[at].clone();
        let row = Row { at: at as u32, ..self.rows[entry.index()].clone() };
        let keys = ties::of(kind, self.mentions_in(&row), document, entries.source.as_ref(), at);
        let own = self.intern((Some(kind), name.clone()));
        self.names[own.index()].defined.push(entry);
        if ITEMS.contains(&kind) {
            let item = self.intern((None, name));
            self.names[item.index()].defined.push(entry);
        }
        let ties: Vec<Tie> =
            keys.into_iter().map(|(key, role)| Tie { name: self.intern(key), role }).collect();
        for tie in &ties {
            let places = &mut self.names[tie.name.index()];
            places.mentioned.push((entry, tie.role));
            if kind == Kind::Source && places.key.0 == Some(Kind::Actor) {
                places.published.push(entry);
            }
        }
        let called = document.entry(at).into_iter().flat_map(EntryRef::called);
        self.rows[entry.index()] = Row {
            file,
            at: at as u32,
            kind,
            name: own,
            called: called.map(String::into_boxed_str).collect(),
            ties: ties.into(),
            uses: Box::default(),
        };
    }

    /// The number of a name, a new one where it has none.
    pub(in crate::workspace) fn intern(&mut self, key: Key) -> NameId {
        if let Some(&name) = self.by_name.get(&key) {
            return name;
        }
        let places = Places {
            key: key.clone(),
            defined: Vec::new(),
            mentioned: Vec::new(),
            published: Vec::new(),
            used: 0,
        };
        let name = if let Some(name) = self.free_names.pop() {
            self.names[name.index()] = places;
            name
        } else {
            self.names.push(places);
            NameId::new(self.names.len() - 1)
        };
        self.by_name.insert(key, name);
        name
    }

    /// Puts down what an entry uses.
    pub(in crate::workspace) fn set_uses(&mut self, entry: EntryId, mut uses: Vec<NameId>) {
        uses.sort_unstable();
        uses.dedup();
        for name in &uses {
            self.names[name.index()].used += 1;
        }
        let before = std::mem::replace(&mut self.rows[entry.index()].uses, uses.into());
        for name in before {
            self.names[name.index()].used -= 1;
            self.emptied.push(name);
        }
    }

    /// Lets go of the names that nothing bears, mentions or uses any more.
    pub(in crate::workspace) fn purge(&mut self) {
        for name in std::mem::take(&mut self.emptied) {
            let places = &self.names[name.index()];
            let is_empty = places.defined.is_empty() && places.mentioned.is_empty() && places.used == 0;
            if is_empty && self.by_name.get(&places.key) == Some(&name) {
                self.by_name.remove(&places.key);
                self.free_names.push(name);
            }
        }
    }
}
