//! Which entries a change touches: those of which something else may be found now.
//!
//! Claims that bear on each other are walked through as they hang together: by what they are about, by what they
//! respond to, by how events, series and propositions stand to each other. An event of which nothing is told, nor
//! of anything it is part of, does not tie its parts together: no bound and no day passes through it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Reach;
use crate::document::mention::Kind;
use crate::id::{EntryId, NameId};
use crate::workspace::index::{DefinitionIndex, Role};

/// What was walked through.
pub(super) struct Touched<'i> {
    index: &'i DefinitionIndex,
    pub(super) entries: FxHashSet<EntryId>,
    /// Those of them from which all that bears on them was reached.
    walked: FxHashSet<EntryId>,
    way: Vec<EntryId>,
    /// Whether an event ties its parts together, once it was asked.
    ties: FxHashMap<EntryId, bool>,
    /// Definitions whose mentions were gone through, with how far.
    felt: FxHashSet<(EntryId, Reach)>,
}

impl<'i> Touched<'i> {
    pub(super) fn new(index: &'i DefinitionIndex) -> Self {
        Self {
            index,
            entries: FxHashSet::default(),
            walked: FxHashSet::default(),
            way: Vec::new(),
            ties: FxHashMap::default(),
            felt: FxHashSet::default(),
        }
    }

    /// Adds an entry and all that bears on it.
    pub(super) fn add(&mut self, entry: EntryId) {
        self.reach(entry);
        while let Some(entry) = self.way.pop() {
            match self.index.kind(entry) {
                Kind::Claim | Kind::Review => self.go_on_from_claim(entry),
                Kind::Subject => self.go_on_from_subject(entry),
                _ => {}
            }
            let index = self.index;
            for &same in index.defined(index.name_of(entry)) {
                self.reach(same);
            }
        }
    }

    fn reach(&mut self, entry: EntryId) {
        self.entries.insert(entry);
        if self.walked.insert(entry) {
            self.way.push(entry);
        }
    }

    fn reach_all(&mut self, name: NameId) {
        let index = self.index;
        for &entry in index.defined(name) {
            self.reach(entry);
        }
    }

    fn go_on_from_claim(&mut self, claim: EntryId) {
        let index = self.index;
        for (name, role) in index.ties(claim) {
            if role == Role::Bound {
                self.reach_all(name);
            }
        }
        for &(entry, role) in index.mentioned(index.name_of(claim)) {
            if role == Role::Bound {
                self.reach(entry);
            }
        }
    }

    fn go_on_from_subject(&mut self, subject: EntryId) {
        let index = self.index;
        for (name, role) in index.ties(subject) {
            match role {
                Role::Bound => self.reach_all(name),
                Role::Part => {
                    for &whole in index.defined(name) {
                        if self.ties_parts(whole) {
                            self.reach(whole);
                        }
                    }
                }
                _ => {}
            }
        }
        for &(entry, role) in index.mentioned(index.name_of(subject)) {
            if role == Role::Bound || role == Role::Part && self.ties_parts(subject) {
                self.reach(entry);
            }
        }
    }

    /// Whether anything is told of an event or of what it is part of, or they stand before or behind others.
    fn ties_parts(&mut self, event: EntryId) -> bool {
        if let Some(&known) = self.ties.get(&event) {
            return known;
        }
        let index = self.index;
        let mut seen: FxHashSet<EntryId> = FxHashSet::default();
        let mut way = vec![event];
        let mut is_tied = false;
        while let Some(at) = way.pop() {
            if !seen.insert(at) {
                continue;
            }
            let is_told =
                |&(by, role): &(EntryId, Role)| role == Role::Bound && index.kind(by) != Kind::Review;
            let mut own = index.ties(at);
            if own.any(|(_, role)| role == Role::Bound)
                || index.mentioned(index.name_of(at)).iter().any(is_told)
            {
                is_tied = true;
                break;
            }
            let wholes = index.ties(at).filter(|(_, role)| *role == Role::Part);
            way.extend(wholes.flat_map(|(name, _)| index.defined(name)));
        }
        self.ties.insert(event, is_tied);
        is_tied
    }

    /// Adds what feels the change of a definition.
    pub(super) fn feel(&mut self, definition: EntryId, reach: Reach) {
        let mut way = vec![definition];
        while let Some(at) = way.pop() {
            if reach == Reach::Itself || !self.felt.insert((at, reach)) {
                continue;
            }
            let index = self.index;
            for name in index.names_of(at) {
                for &(entry, role) in index.mentioned(name) {
                    match (role, index.kind(entry)) {
                        (Role::Named, _) => {}
                        (_, Kind::Claim | Kind::Review) => self.add(entry),
                        (Role::Beside, _) => _ = self.entries.insert(entry),
                        (_, Kind::Subject) if reach == Reach::Direct => _ = self.entries.insert(entry),
                        _ => {
                            self.add(entry);
                            way.push(entry);
                        }
                    }
                }
            }
        }
    }
}
