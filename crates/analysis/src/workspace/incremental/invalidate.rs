//! Which entries a change invalidates: those whose findings may now differ.
//!
//! Claims affect each other if they are connected: by their subjects, by responses, and by the relations between
//! events, series and propositions. An event does not connect its parts if no claim is about it or about a whole
//! that it is part of: then no bound and no date passes through it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Reach;
use crate::document::mention::Kind;
use crate::id::{EntryId, NameId};
use crate::workspace::index::{DefinitionIndex, Role};

/// The entries found so far, and the state of the search.
pub(super) struct Invalidated<'i> {
    index: &'i DefinitionIndex,
    pub(super) entries: FxHashSet<EntryId>,
    /// The entries whose connections were, or will be, followed.
    expanded: FxHashSet<EntryId>,
    stack: Vec<EntryId>,
    /// Whether an event connects its parts, for the events asked about so far.
    connects_parts: FxHashMap<EntryId, bool>,
    /// The definitions whose dependents were invalidated, with the reach of the change.
    visited: FxHashSet<(EntryId, Reach)>,
}

impl<'i> Invalidated<'i> {
    pub(super) fn new(index: &'i DefinitionIndex) -> Self {
        Self {
            index,
            entries: FxHashSet::default(),
            expanded: FxHashSet::default(),
            stack: Vec::new(),
            connects_parts: FxHashMap::default(),
            visited: FxHashSet::default(),
        }
    }

    /// Adds an entry and all entries that it is connected with.
    pub(super) fn add_connected(&mut self, entry: EntryId) {
        self.insert(entry);
        while let Some(entry) = self.stack.pop() {
            match self.index.kind(entry) {
                Kind::Claim | Kind::Review => self.follow_claim(entry),
                Kind::Subject => self.follow_subject(entry),
                _ => {}
            }
            self.insert_definitions(self.index.name_of(entry));
        }
    }

    fn insert(&mut self, entry: EntryId) {
        self.entries.insert(entry);
        if self.expanded.insert(entry) {
            self.stack.push(entry);
        }
    }

    fn insert_definitions(&mut self, name: NameId) {
        let index = self.index;
        for &entry in index.entries_defining(name) {
            self.insert(entry);
        }
    }

    fn follow_claim(&mut self, claim: EntryId) {
        let index = self.index;
        for (name, role) in index.references(claim) {
            if role == Role::Coupled {
                self.insert_definitions(name);
            }
        }
        for &(entry, role) in index.entries_mentioning(index.name_of(claim)) {
            if role == Role::Coupled {
                self.insert(entry);
            }
        }
    }

    fn follow_subject(&mut self, subject: EntryId) {
        let index = self.index;
        for (name, role) in index.references(subject) {
            match role {
                Role::Coupled => self.insert_definitions(name),
                Role::Part => {
                    for &whole in index.entries_defining(name) {
                        if self.connects_parts(whole) {
                            self.insert(whole);
                        }
                    }
                }
                _ => {}
            }
        }
        for &(entry, role) in index.entries_mentioning(index.name_of(subject)) {
            if role == Role::Coupled || role == Role::Part && self.connects_parts(subject) {
                self.insert(entry);
            }
        }
    }

    /// Whether an event, or a whole that it is part of, has claims or is ordered before or after other events.
    fn connects_parts(&mut self, event: EntryId) -> bool {
        if let Some(&known) = self.connects_parts.get(&event) {
            return known;
        }
        let index = self.index;
        let mut seen: FxHashSet<EntryId> = FxHashSet::default();
        let mut stack = vec![event];
        let mut connects = false;
        while let Some(at) = stack.pop() {
            if !seen.insert(at) {
                continue;
            }
            let is_coupled =
                |&(by, role): &(EntryId, Role)| role == Role::Coupled && index.kind(by) != Kind::Review;
            let mut references = index.references(at);
            if references.any(|(_, role)| role == Role::Coupled)
                || index.entries_mentioning(index.name_of(at)).iter().any(is_coupled)
            {
                connects = true;
                break;
            }
            let wholes = index.references(at).filter(|(_, role)| *role == Role::Part);
            stack.extend(wholes.flat_map(|(name, _)| index.entries_defining(name)));
        }
        self.connects_parts.insert(event, connects);
        connects
    }

    /// Adds the entries that depend on a definition, as far as the change of it reaches.
    pub(super) fn invalidate_dependents(&mut self, definition: EntryId, reach: Reach) {
        let mut stack = vec![definition];
        while let Some(at) = stack.pop() {
            if reach == Reach::Itself || !self.visited.insert((at, reach)) {
                continue;
            }
            let index = self.index;
            for name in index.names_of(at) {
                for &(entry, role) in index.entries_mentioning(name) {
                    match (role, index.kind(entry)) {
                        (Role::MentionOnly, _) => {}
                        (_, Kind::Claim | Kind::Review) => self.add_connected(entry),
                        (Role::Sibling, _) => _ = self.entries.insert(entry),
                        (_, Kind::Subject) if reach == Reach::Direct => _ = self.entries.insert(entry),
                        _ => {
                            self.add_connected(entry);
                            stack.push(entry);
                        }
                    }
                }
            }
        }
    }
}
