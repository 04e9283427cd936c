//! Applies a change of a text to the index and to the stored findings, and determines the entries it invalidates.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::changes::{Reach, TextChanges};
use super::finding_store::{Owner, StoredFinding};
use super::invalidate::Invalidated;
use super::{IncrementalWorkspace, file_of};
use crate::document::mention::{ITEMS, Kind};
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::lint;
use crate::model::GlobalFacts as _;
use crate::source::{Location, SourceFile, Span};
use crate::workspace::index::IndexGlobals;

impl IncrementalWorkspace {
    /// Updates the index and moves the stored findings; returns the entries that the change invalidates. `before` is
    /// the file with its old text, `settings` are the spans of the settings before and after.
    pub(super) fn apply_change(
        &mut self,
        file: FileId,
        changes: &TextChanges,
        (before, settings): (&SourceFile, [Option<Span>; 2]),
    ) -> FxHashSet<EntryId> {
        let mut old = Invalidated::new(&self.index);
        for change in changes.entries.iter().filter(|change| change.existed) {
            old.add_connected(change.entry);
        }
        let old = old.entries;
        let source = self.workspace.documents[file.index()].source.as_ref();
        let publisher = source.and_then(|source| source.body.publisher.clone());
        let publishers = self.publishers(changes, publisher.as_ref());
        let spans: Vec<(Span, EntryId)> =
            self.index.entries(file).iter().map(|&entry| (self.index.span(entry), entry)).collect();
        let now = &self.workspace.documents[file.index()];
        Arc::make_mut(&mut self.index).update(file, now, &changes.matches, &changes.positions);
        self.move_findings(file, before, spans, settings, changes);
        for &(entry, _) in &changes.matches.removed {
            self.store.replace(Owner::Entry(entry), file, |_| true, Vec::new());
        }
        let is_removed =
            |entry: &EntryId| changes.matches.removed.iter().any(|(removed, _)| removed == entry);
        let mut invalidated = Invalidated::new(&self.index);
        old.into_iter().filter(|entry| !is_removed(entry)).for_each(|entry| invalidated.add_connected(entry));
        for change in &changes.entries {
            if change.exists {
                invalidated.add_connected(change.entry);
            }
            invalidated.invalidate_dependents(change.entry, change.reach);
            for &same in self.index.entries_defining(self.index.name_of(change.entry)) {
                invalidated.add_connected(same);
            }
        }
        let globals = IndexGlobals::new(&self.index, std::iter::empty());
        for (name, published) in publishers {
            if globals.publishes(self.index.text(name)) != published {
                for &actor in self.index.entries_defining(name) {
                    invalidated.add_connected(actor);
                    invalidated.invalidate_dependents(actor, Reach::Deep);
                }
            }
        }
        let has_no_source = self.workspace.documents[file.index()].source.is_none();
        if has_no_source {
            // The missing source is reported at the first claim of the file, which may be another one now.
            let entries = self.index.entries(file).iter().copied();
            entries
                .filter(|&entry| self.index.kind(entry) == Kind::Claim)
                .for_each(|claim| invalidated.add_connected(claim));
        }
        for entry in self.unresolved_affected_by(changes) {
            invalidated.add_connected(entry);
        }
        invalidated.entries
    }

    /// The actors that changed sources name as publisher, before or after the change, and whether each published
    /// anything before it.
    fn publishers(
        &mut self,
        changes: &TextChanges,
        now: Option<&crate::document::Name>,
    ) -> Vec<(NameId, bool)> {
        let sources = changes.entries.iter().filter(|change| change.kind == Kind::Source);
        let mut names: Vec<NameId> = Vec::new();
        for change in sources {
            names.extend(now.map(|name| self.index_mut().intern((Some(Kind::Actor), name.value.clone()))));
            if change.existed {
                let same = self.index.entries_defining(self.index.name_of(change.entry));
                let mentioned =
                    same.iter().flat_map(|&source| self.index.references(source)).map(|(name, _)| name);
                names.extend(mentioned.filter(|&name| self.index.kind_of(name) == Some(Kind::Actor)));
            }
        }
        names.sort_unstable();
        names.dedup();
        let globals = IndexGlobals::new(&self.index, std::iter::empty());
        names.into_iter().map(|name| (name, globals.publishes(self.index.text(name)))).collect()
    }

    /// The entries with an undefined name whose finding may suggest another id after these changes.
    fn unresolved_affected_by(&self, changes: &TextChanges) -> Vec<EntryId> {
        let has_aliases = |kind: Kind| !matches!(kind, Kind::Source | Kind::Claim | Kind::Review);
        let renamed = changes
            .entries
            .iter()
            .filter(|change| change.existed != change.exists || has_aliases(change.kind));
        let kinds: Vec<Kind> = renamed.map(|change| change.kind).collect();
        if kinds.is_empty() {
            return Vec::new();
        }
        let includes_items = kinds.iter().any(|kind| ITEMS.contains(kind));
        let index = &self.index;
        let is_affected = |&entry: &EntryId| {
            let mut references = index.references(entry);
            references.any(|(name, _)| {
                let kind = index.kind_of(name);
                index.entries_defining(name).is_empty()
                    && kind.map_or(includes_items, |kind| kinds.contains(&kind))
            }) || includes_items && self.store.owned_by(Owner::Entry(entry)).iter().any(is_unreadable)
        };
        let owners = self.store.unresolved.iter();
        owners
            .filter_map(|owner| if let Owner::Entry(entry) = owner { Some(*entry) } else { None })
            .filter(is_affected)
            .collect()
    }

    /// Moves the places of the stored findings along with the entries of a file. `spans` are the entries as they were
    /// before the change.
    fn move_findings(
        &mut self,
        file: FileId,
        before: &SourceFile,
        mut spans: Vec<(Span, EntryId)>,
        settings: [Option<Span>; 2],
        changes: &TextChanges,
    ) {
        let (now, index) = (&self.workspace.files()[file], &self.index);
        spans.sort_unstable_by_key(|(span, _)| *span);
        let removed: FxHashSet<EntryId> = changes.matches.removed.iter().map(|(entry, _)| *entry).collect();
        // The start of what contains a byte, before and after the change.
        let starts = |at: u32| -> Option<(u32, u32)> {
            let behind = spans.partition_point(|(span, _)| span.start <= at);
            let entry =
                spans[..behind].last().filter(|(span, entry)| at <= span.end && !removed.contains(entry));
            if let Some(&(span, entry)) = entry {
                return Some((span.start, index.span(entry).start));
            }
            let [was, is] = settings;
            was.filter(|was| was.start <= at && at <= was.end).zip(is).map(|(was, is)| (was.start, is.start))
        };
        let moved = |place: Location| {
            let Some((was, is)) = starts(place.span.start) else { return (place, false) };
            let to = |at: u32| at.wrapping_sub(was).wrapping_add(is);
            let span = Span { start: to(place.span.start), end: to(place.span.end) };
            let positions =
                |file: &SourceFile, span: Span| [span.start, span.end].map(|at| file.line_column(at));
            let is_shown_elsewhere = positions(before, place.span) != positions(now, span);
            (Location { file, span }, is_shown_elsewhere)
        };
        self.store.move_locations(file, |owner| file_of(index, owner), moved);
    }
}

/// Whether a finding is on an unreadable value: its help may list the ids that exist.
fn is_unreadable(stored: &StoredFinding) -> bool {
    stored.finding.rule == lint::UNREADABLE_VALUE.id
}
