//! A change taken in: into the index, into the places of what is kept; and which entries it touches.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::changes::{Changes, Reach};
use super::kept::{Home, KeptFinding};
use super::touched::Touched;
use super::{IncrementalWorkspace, file_of};
use crate::document::mention::{ITEMS, Kind};
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::lint;
use crate::model::GlobalFacts as _;
use crate::source::{Location, SourceFile, Span};
use crate::workspace::index::IndexGlobals;

impl IncrementalWorkspace {
    /// Takes what a file says now into the index, moves what is kept, and tells which entries the change touches.
    pub(super) fn take_over(
        &mut self,
        file: FileId,
        changes: &Changes,
        (before, settings): (&SourceFile, [Option<Span>; 2]),
    ) -> FxHashSet<EntryId> {
        let mut old = Touched::new(&self.index);
        for change in changes.entries.iter().filter(|change| change.stood) {
            old.add(change.entry);
        }
        let old = old.entries;
        let source = self.workspace.documents[file.index()].source.as_ref();
        let publisher = source.and_then(|source| source.body.publisher.clone());
        let publishers = self.publishers(changes, publisher.as_ref());
        let places: Vec<(Span, EntryId)> =
            self.index.entries(file).iter().map(|&entry| (self.index.span(entry), entry)).collect();
        let now = &self.workspace.documents[file.index()];
        Arc::make_mut(&mut self.index).update(file, now, &changes.matched, &changes.places);
        self.move_in(file, before, places, settings, changes);
        for &(entry, _) in &changes.matched.gone {
            self.kept.set(Home::Entry(entry), file, |_| true, Vec::new());
        }
        let is_gone = |entry: &EntryId| changes.matched.gone.iter().any(|(gone, _)| gone == entry);
        let mut touched = Touched::new(&self.index);
        old.into_iter().filter(|entry| !is_gone(entry)).for_each(|entry| touched.add(entry));
        for change in &changes.entries {
            if change.stands {
                touched.add(change.entry);
            }
            touched.feel(change.entry, change.reach);
            for &same in self.index.defined(self.index.name_of(change.entry)) {
                touched.add(same);
            }
        }
        let beyond = IndexGlobals::new(&self.index, std::iter::empty());
        for (name, published) in publishers {
            if beyond.publishes(self.index.text(name)) != published {
                for &actor in self.index.defined(name) {
                    touched.add(actor);
                    touched.feel(actor, Reach::Deep);
                }
            }
        }
        let is_sourceless = self.workspace.documents[file.index()].source.is_none();
        if is_sourceless {
            // Of all of them the first is told that it has none.
            let entries = self.index.entries(file).iter().copied();
            entries
                .filter(|&entry| self.index.kind(entry) == Kind::Claim)
                .for_each(|claim| touched.add(claim));
        }
        for entry in self.mistaken(changes) {
            touched.add(entry);
        }
        touched.entries
    }

    /// The actors that sources which changed are published by, before and now, and whether they publish any before.
    fn publishers(&mut self, changes: &Changes, now: Option<&crate::document::Name>) -> Vec<(NameId, bool)> {
        let sources = changes.entries.iter().filter(|change| change.kind == Kind::Source);
        let mut names: Vec<NameId> = Vec::new();
        for change in sources {
            names.extend(now.map(|name| self.index_mut().intern((Some(Kind::Actor), name.value.clone()))));
            if change.stood {
                let same = self.index.defined(self.index.name_of(change.entry));
                let ties = same.iter().flat_map(|&source| self.index.ties(source)).map(|(name, _)| name);
                names.extend(ties.filter(|&name| self.index.kind_of(name) == Some(Kind::Actor)));
            }
        }
        names.sort_unstable();
        names.dedup();
        let beyond = IndexGlobals::new(&self.index, std::iter::empty());
        names.into_iter().map(|name| (name, beyond.publishes(self.index.text(name)))).collect()
    }

    /// The entries that mention a name nothing bears, where another name may be the nearest to it now, or something
    /// else is called so.
    fn mistaken(&self, changes: &Changes) -> Vec<EntryId> {
        let is_called = |kind: Kind| !matches!(kind, Kind::Source | Kind::Claim | Kind::Review);
        let renamed =
            changes.entries.iter().filter(|change| change.stood != change.stands || is_called(change.kind));
        let kinds: Vec<Kind> = renamed.map(|change| change.kind).collect();
        if kinds.is_empty() {
            return Vec::new();
        }
        let is_item = kinds.iter().any(|kind| ITEMS.contains(kind));
        let index = &self.index;
        let is_mistaken = |&entry: &EntryId| {
            let mut ties = index.ties(entry);
            ties.any(|(name, _)| {
                let kind = index.kind_of(name);
                index.defined(name).is_empty() && kind.map_or(is_item, |kind| kinds.contains(&kind))
            }) || is_item && self.kept.at(Home::Entry(entry)).iter().any(is_unreadable)
        };
        let homes = self.kept.unresolved.iter();
        homes
            .filter_map(|home| if let Home::Entry(entry) = home { Some(*entry) } else { None })
            .filter(is_mistaken)
            .collect()
    }

    /// Moves the places of what is kept with the entries of a file that say what they said.
    fn move_in(
        &mut self,
        file: FileId,
        before: &SourceFile,
        mut places: Vec<(Span, EntryId)>,
        settings: [Option<Span>; 2],
        changes: &Changes,
    ) {
        let (now, index) = (&self.workspace.files()[file], &self.index);
        places.sort_unstable_by_key(|(span, _)| *span);
        let gone: FxHashSet<EntryId> = changes.matched.gone.iter().map(|(entry, _)| *entry).collect();
        let start = |at: u32| -> Option<(u32, u32)> {
            let behind = places.partition_point(|(span, _)| span.start <= at);
            let entry =
                places[..behind].last().filter(|(span, entry)| at <= span.end && !gone.contains(entry));
            if let Some(&(span, entry)) = entry {
                return Some((span.start, index.span(entry).start));
            }
            let [was, is] = settings;
            was.filter(|was| was.start <= at && at <= was.end).zip(is).map(|(was, is)| (was.start, is.start))
        };
        let moved = |place: Location| {
            let Some((was, is)) = start(place.span.start) else { return (place, false) };
            let to = |at: u32| at.wrapping_sub(was).wrapping_add(is);
            let span = Span { start: to(place.span.start), end: to(place.span.end) };
            let shows = |file: &SourceFile, span: Span| [span.start, span.end].map(|at| file.line_column(at));
            let differs = shows(before, place.span) != shows(now, span);
            (Location { file, span }, differs)
        };
        self.kept.move_in(file, |home| file_of(index, home), moved);
    }
}

/// Whether an unresolved finding is on a value that may list what there is instead.
fn is_unreadable(kept: &KeptFinding) -> bool {
    kept.finding.rule == lint::UNREADABLE_VALUE.id
}
