//! What a change of a text does to its entries, and how far beyond an entry its change is felt.

use crate::document::entries::{EntryRef, are_same_settings};
use crate::document::mention::Kind;
use crate::document::{Document, Entry, Source, Subject};
use crate::id::{EntryId, FileId, NameId};
use crate::workspace::index::{DefinitionIndex, Matched};

/// How far a change of a definition is felt by what mentions it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Reach {
    /// Not at all.
    Itself,
    /// By what mentions it.
    Direct,
    /// By what mentions that as well, and so on.
    Deep,
}

/// An entry that is new, gone or says something else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) entry: EntryId,
    pub(super) kind: Kind,
    pub(super) reach: Reach,
    /// Whether it stood before.
    pub(super) stood: bool,
    /// Whether it stands now.
    pub(super) stands: bool,
}

/// What a change of a text comes to.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) matched: Matched,
    pub(super) entries: Vec<Change>,
    /// The places of the entries that changed, among those that stand now.
    pub(super) places: Vec<usize>,
    /// What the entries that changed mentioned before.
    pub(super) mentioned: Vec<NameId>,
    /// Whether it bears on everything there is.
    pub(super) is_everywhere: bool,
}

impl Changes {
    /// Holds what a file says now against what it said before, which the index still knows.
    pub(super) fn between(
        index: &mut DefinitionIndex,
        file: FileId,
        before: &Document,
        now: &Document,
    ) -> Self {
        let matched = index.matched(file, now);
        let (old, new) = (before.entries(), now.entries());
        let mut changes = Self {
            is_everywhere: !are_same_settings(before.settings.as_ref(), now.settings.as_ref()),
            ..Self::default()
        };
        let overtaken = overtaken(&matched, &old, &new);
        for (at, &(entry, stood)) in matched.now.iter().enumerate() {
            let was = stood.map(|stood| old[stood]);
            if was.is_some_and(|was| was.is_same(new[at])) && !overtaken[at] {
                continue;
            }
            changes.places.push(at);
            changes.add(index, entry, was, Some(new[at]));
        }
        for &(entry, at) in &matched.gone {
            changes.add(index, entry, Some(old[at]), None);
        }
        changes.matched = matched;
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
        // Whoever counts people without saying whom counts all of them.
        let is_all =
            |entry: EntryRef<'_>| matches!(entry, EntryRef::Population(of) if of.id.value == "people");
        self.is_everywhere |= is_all(one);
        if was.is_some() {
            self.mentioned.extend(index.ties(entry).map(|(name, _)| name));
        }
        let reach = match (was, is) {
            (Some(was), Some(is)) => reach(was, is),
            _ => Reach::Deep,
        };
        let (stood, stands) = (was.is_some(), is.is_some());
        self.entries.push(Change { entry, kind: one.kind(), reach, stood, stands });
    }
}

/// Which of the entries that stand now come behind one that they stood before: which of two comes first decides
/// which of them counts, and which says again what the other said.
fn overtaken(matched: &Matched, old: &[EntryRef<'_>], new: &[EntryRef<'_>]) -> Vec<bool> {
    let mut in_order: Vec<usize> = (0..new.len()).collect();
    in_order.sort_by_key(|&at| new[at].span().start);
    let mut overtaken = vec![false; new.len()];
    let mut furthest = 0;
    for at in in_order {
        let Some(stood) = matched.now[at].1 else { continue };
        let start = old[stood].span().start;
        overtaken[at] = start < furthest;
        furthest = furthest.max(start);
    }
    overtaken
}

/// How far the change of a definition is felt. A claim is felt by what it bears on, whatever changed in it.
fn reach(was: EntryRef<'_>, is: EntryRef<'_>) -> Reach {
    match (was, is) {
        (EntryRef::Actor(was), EntryRef::Actor(is)) => {
            let told = |entry: &Entry<crate::document::Actor>| {
                let name = entry.body.name.as_ref().map(|name| name.value.clone());
                let speaks_for = entry.body.speaks_for.as_ref().map(|name| name.value.clone());
                (entry.broken, name, speaks_for)
            };
            if told(was) == told(is) { Reach::Itself } else { Reach::Deep }
        }
        (EntryRef::Subject(was), EntryRef::Subject(is)) => reach_of_subject(was, is),
        (EntryRef::Source(was), EntryRef::Source(is)) => {
            if is_told_alike(was, is) {
                Reach::Itself
            } else {
                Reach::Deep
            }
        }
        (EntryRef::Place(was), EntryRef::Place(is)) | (EntryRef::Term(was), EntryRef::Term(is)) => {
            let told = |entry: &Entry<crate::document::Term>| {
                let names = |names: &[crate::document::Name]| -> Vec<_> {
                    names.iter().map(|name| name.value.clone()).collect()
                };
                let name = entry.body.name.as_ref().map(|name| name.value.clone());
                (entry.broken, name, names(&entry.body.part_of), names(&entry.body.excludes))
            };
            if told(was) == told(is) { Reach::Itself } else { Reach::Deep }
        }
        _ => Reach::Deep,
    }
}

/// What is part of a subject, or names it in a value, hangs on what it is and what it is part of.
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

/// Whether two readings of a source tell the same of it to its claims, titles and addresses aside.
fn is_told_alike(was: &Entry<Source>, is: &Entry<Source>) -> bool {
    let place = |entry: &Entry<Source>| entry.id.span.start.wrapping_sub(entry.span.start);
    let told = |entry: &Entry<Source>| {
        let body = &entry.body;
        let cites: Vec<_> = body.cites.iter().map(|name| name.value.clone()).collect();
        let text = body.text.as_ref().map(|name| name.value.clone());
        let publisher = body.publisher.as_ref().map(|name| name.value.clone());
        (entry.broken, publisher, body.published.map(|day| day.value), cites, text)
    };
    told(was) == told(is) && place(was) == place(is)
}
