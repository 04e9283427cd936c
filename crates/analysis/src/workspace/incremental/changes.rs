//! Which entries of a file a new text changes, and how far the change of an entry reaches.

use crate::document::entries::{EntryRef, are_same_settings};
use crate::document::mention::Kind;
use crate::document::{Document, Entry, Source, Subject};
use crate::id::{EntryId, FileId, NameId};
use crate::workspace::index::{DefinitionIndex, EntryMatches};

/// Which entries the change of a definition affects, apart from itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Reach {
    /// None.
    Itself,
    /// Those that mention it.
    Direct,
    /// Those that mention it, those that mention them, and so on.
    Deep,
}

/// An entry that was added, removed or changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryChange {
    pub(super) entry: EntryId,
    pub(super) kind: Kind,
    pub(super) reach: Reach,
    /// Whether it existed before the change.
    pub(super) existed: bool,
    /// Whether it exists after the change.
    pub(super) exists: bool,
}

/// The differences between two texts of a file.
#[derive(Debug, Default)]
pub(super) struct TextChanges {
    pub(super) matches: EntryMatches,
    pub(super) entries: Vec<EntryChange>,
    /// The positions of the changed entries in the new document.
    pub(super) positions: Vec<usize>,
    /// The names that the changed entries mentioned before.
    pub(super) mentioned_before: Vec<NameId>,
    /// Whether the whole workspace has to be analysed again.
    pub(super) affects_everything: bool,
}

impl TextChanges {
    /// Compares two documents of a file. `index` must still describe the one before.
    pub(super) fn between(
        index: &mut DefinitionIndex,
        file: FileId,
        before: &Document,
        now: &Document,
    ) -> Self {
        let matches = index.match_entries(file, now);
        let (old, new) = (before.entries(), now.entries());
        let mut changes = Self {
            affects_everything: !are_same_settings(before.settings.as_ref(), now.settings.as_ref()),
            ..Self::default()
        };
        let moved_back = moved_back(&matches, &old, &new);
        for (at, &(entry, position_before)) in matches.now.iter().enumerate() {
            let was = position_before.map(|position| old[position]);
            if was.is_some_and(|was| was.is_same(new[at])) && !moved_back[at] {
                continue;
            }
            changes.positions.push(at);
            changes.add(index, entry, was, Some(new[at]));
        }
        for &(entry, at) in &matches.removed {
            changes.add(index, entry, Some(old[at]), None);
        }
        changes.matches = matches;
        changes
    }

    fn add(
        &mut self,
        index: &DefinitionIndex,
        entry: EntryId,
        was: Option<EntryRef<'_>>,
        is: Option<EntryRef<'_>>,
    ) {
        let Some(one) = is.or(was) else { return };
        // Every claim without `of` counts `people`.
        let is_people =
            |entry: EntryRef<'_>| matches!(entry, EntryRef::Population(it) if it.id.value == "people");
        self.affects_everything |= is_people(one);
        if was.is_some() {
            self.mentioned_before.extend(index.references(entry).map(|(name, _)| name));
        }
        let reach = match (was, is) {
            (Some(was), Some(is)) => reach(was, is),
            _ => Reach::Deep,
        };
        let (existed, exists) = (was.is_some(), is.is_some());
        self.entries.push(EntryChange { entry, kind: one.kind(), reach, existed, exists });
    }
}

/// For each new entry, whether it now follows one that it preceded before. The order matters: if two entries
/// have one id, the first is used, and if two claims are equal, the second is a repetition.
fn moved_back(matches: &EntryMatches, old: &[EntryRef<'_>], new: &[EntryRef<'_>]) -> Vec<bool> {
    let mut in_order: Vec<usize> = (0..new.len()).collect();
    in_order.sort_by_key(|&at| new[at].span().start);
    let mut moved_back = vec![false; new.len()];
    let mut furthest = 0;
    for at in in_order {
        let Some(position_before) = matches.now[at].1 else { continue };
        let start = old[position_before].span().start;
        moved_back[at] = start < furthest;
        furthest = furthest.max(start);
    }
    moved_back
}

/// How far the change of an entry reaches. It depends on the fields that entries which mention it are read or worded
/// by. Any change of a claim reaches everything that is connected with it.
fn reach(was: EntryRef<'_>, is: EntryRef<'_>) -> Reach {
    match (was, is) {
        (EntryRef::Actor(was), EntryRef::Actor(is)) => {
            let shared = |entry: &Entry<crate::document::Actor>| {
                let name = entry.body.name.as_ref().map(|name| name.value.clone());
                let speaks_for = entry.body.speaks_for.as_ref().map(|name| name.value.clone());
                (entry.broken, name, speaks_for)
            };
            if shared(was) == shared(is) { Reach::Itself } else { Reach::Deep }
        }
        (EntryRef::Subject(was), EntryRef::Subject(is)) => reach_of_subject(was, is),
        (EntryRef::Source(was), EntryRef::Source(is)) => {
            if is_same_for_claims(was, is) {
                Reach::Itself
            } else {
                Reach::Deep
            }
        }
        (EntryRef::Place(was), EntryRef::Place(is)) | (EntryRef::Term(was), EntryRef::Term(is)) => {
            let shared = |entry: &Entry<crate::document::Term>| {
                let names = |names: &[crate::document::Name]| -> Vec<_> {
                    names.iter().map(|name| name.value.clone()).collect()
                };
                let name = entry.body.name.as_ref().map(|name| name.value.clone());
                (entry.broken, name, names(&entry.body.part_of), names(&entry.body.excludes))
            };
            if shared(was) == shared(is) { Reach::Itself } else { Reach::Deep }
        }
        _ => Reach::Deep,
    }
}

/// The parts of a subject, and values that name it, depend on its kind and on what it is part of.
fn reach_of_subject(was: &Entry<Subject>, is: &Entry<Subject>) -> Reach {
    let nesting = |entry: &Entry<Subject>| {
        let wholes: Vec<_> = entry.body.part_of.iter().map(|name| name.value.clone()).collect();
        (entry.broken, entry.body.kind, wholes)
    };
    let name = |entry: &Entry<Subject>| entry.body.name.as_ref().map(|name| name.value.clone());
    if nesting(was) != nesting(is) {
        Reach::Deep
    } else if name(was) == name(is) {
        Reach::Itself
    } else {
        Reach::Direct
    }
}

/// Whether two versions of a source are the same for its claims, which do not depend on title and address.
fn is_same_for_claims(was: &Entry<Source>, is: &Entry<Source>) -> bool {
    let id_offset = |entry: &Entry<Source>| entry.id.span.start.wrapping_sub(entry.span.start);
    let shared = |entry: &Entry<Source>| {
        let body = &entry.body;
        let cites: Vec<_> = body.cites.iter().map(|name| name.value.clone()).collect();
        let text = body.text.as_ref().map(|name| name.value.clone());
        let publisher = body.publisher.as_ref().map(|name| name.value.clone());
        (entry.broken, publisher, body.published.map(|day| day.value), cites, text)
    };
    shared(was) == shared(is) && id_offset(was) == id_offset(is)
}
