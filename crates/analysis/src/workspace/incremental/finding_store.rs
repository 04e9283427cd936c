//! The current findings of a workspace, by owner: the entry that contains the first label.
//!
//! When a text changes, the stored places move along with their entries. Findings that are shown only while every file
//! can be read and resolved are always stored, and filtered when they are shown.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::{self, CollectedFindings, Collector, Evidence, Finding, Label, Limit, Omitted};
use crate::id::{ClaimId, EntryId, FileId, Id as _};
use crate::model::Model;
use crate::source::Location;

/// The part of a text that a finding belongs to: the one with its first label.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Owner {
    /// An entry.
    Entry(EntryId),
    /// The settings of a file, or text outside of every entry.
    File(FileId),
}

/// The part of a workspace that a finding depends on, and whose changes can make it outdated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum DependsOn {
    /// Names and values that could not be resolved. While there is such a finding, the workspace is not complete.
    Resolution,
    /// Claims that affect each other.
    Claims,
    /// Claims that affect each other; about a silence without effect. Shown only while the workspace is complete.
    Silences,
    /// All uses of a definition. Shown only while the workspace is complete.
    Uses,
    /// All definitions of a kind, which are compared with each other.
    Names,
}

impl DependsOn {
    fn is_shown_while_incomplete(self) -> bool {
        !matches!(self, Self::Silences | Self::Uses)
    }
}

/// A finding and what it depends on.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct StoredFinding {
    pub(super) depends_on: DependsOn,
    pub(super) finding: Finding,
}

/// All findings except those of reading the files.
#[derive(Debug, Default)]
pub(super) struct FindingStore {
    by_owner: FxHashMap<Owner, Vec<StoredFinding>>,
    /// For each file, the owners of findings with a place in it.
    owners_by_file: Vec<FxHashSet<Owner>>,
    /// The owners of findings that are shown only while the workspace is complete.
    with_hidden_findings: FxHashSet<Owner>,
    /// The owners of findings that depend on names.
    pub(super) with_name_findings: FxHashSet<Owner>,
    /// The owners of findings on unresolved names and values.
    pub(super) unresolved: FxHashSet<Owner>,
    /// How many findings are stored.
    count: usize,
    /// The counts of findings that are not stored, by file.
    omitted: Vec<Vec<(DependsOn, Omitted)>>,
    has_omitted: bool,
    /// The limit for the findings to show in a file.
    limit: Limit,
    /// The findings to show in each file, once asked for.
    shown: Vec<OnceLock<CollectedFindings>>,
    changed: Vec<bool>,
}

impl FindingStore {
    /// An empty store for `files` files, all marked as changed. `limit` applies to the findings shown in a file.
    pub(super) fn new(files: usize, limit: Limit) -> Self {
        Self {
            limit: Limit { in_all: usize::MAX, ..limit },
            omitted: vec![Vec::new(); files],
            owners_by_file: vec![FxHashSet::default(); files],
            shown: (0..files).map(|_| OnceLock::new()).collect(),
            changed: vec![true; files],
            ..Self::default()
        }
    }

    /// Whether more than `max` findings are stored, or some are only counted.
    pub(super) fn exceeds(&self, max: usize) -> bool {
        self.count > max || self.has_omitted
    }

    /// Replaces the counts of findings that are not stored.
    pub(super) fn set_omitted(&mut self, omitted: Vec<(DependsOn, Omitted)>) {
        let mut before = vec![Vec::new(); self.omitted.len()];
        std::mem::swap(&mut before, &mut self.omitted);
        self.has_omitted = false;
        self.add_omitted(omitted);
        for (at, before) in before.into_iter().enumerate() {
            if before != self.omitted[at] {
                self.mark_changed(FileId::new(at));
            }
        }
    }

    /// Adds counts of findings that are not stored.
    pub(super) fn add_omitted(&mut self, omitted: Vec<(DependsOn, Omitted)>) {
        self.has_omitted |= !omitted.is_empty();
        for (depends_on, omitted) in omitted {
            self.omitted[omitted.file.index()].push((depends_on, omitted));
        }
    }

    /// The owners of all stored findings.
    pub(super) fn owners(&self) -> Vec<Owner> {
        self.by_owner.keys().copied().collect()
    }

    /// The findings of an owner.
    pub(super) fn owned_by(&self, owner: Owner) -> &[StoredFinding] {
        self.by_owner.get(&owner).map_or(&[], Vec::as_slice)
    }

    /// Marks a file whose findings changed.
    pub(super) fn mark_changed(&mut self, file: FileId) {
        self.changed[file.index()] = true;
        self.shown[file.index()].take();
    }

    /// The marked files; removes the marks.
    pub(super) fn take_changed(&mut self) -> Vec<FileId> {
        let changed = self.changed.iter_mut().enumerate();
        changed.filter_map(|(at, changed)| std::mem::take(changed).then_some(FileId::new(at))).collect()
    }

    /// Replaces the findings of `owner` for which `is_replaced` holds. `file` is the file of the owner.
    pub(super) fn replace(
        &mut self,
        owner: Owner,
        file: FileId,
        is_replaced: impl Fn(DependsOn) -> bool,
        now: Vec<StoredFinding>,
    ) {
        if now.is_empty() && !self.by_owner.contains_key(&owner) {
            return;
        }
        let before = self.by_owner.remove(&owner).unwrap_or_default();
        self.count -= before.len();
        let (old, mut all): (Vec<_>, Vec<_>) =
            before.into_iter().partition(|stored| is_replaced(stored.depends_on));
        if !are_equal_sets(&old, &now) {
            self.mark_changed(file);
            for location in old.iter().flat_map(|stored| locations(&stored.finding)) {
                self.owners_by_file[location.file.index()].remove(&owner);
            }
            for location in now.iter().chain(&all).flat_map(|stored| locations(&stored.finding)) {
                self.owners_by_file[location.file.index()].insert(owner);
            }
        }
        all.extend(now);
        let has = |is_meant: fn(DependsOn) -> bool| all.iter().any(|stored| is_meant(stored.depends_on));
        let has_hidden = has(|depends_on| !depends_on.is_shown_while_incomplete());
        insert_or_remove(&mut self.with_hidden_findings, owner, has_hidden);
        let has_name_findings = has(|depends_on| depends_on == DependsOn::Names);
        insert_or_remove(&mut self.with_name_findings, owner, has_name_findings);
        let is_unresolved = has(|depends_on| depends_on == DependsOn::Resolution);
        insert_or_remove(&mut self.unresolved, owner, is_unresolved);
        self.count += all.len();
        if !all.is_empty() {
            self.by_owner.insert(owner, all);
        }
    }

    /// Whether everything could be resolved.
    pub(super) fn is_resolved(&self) -> bool {
        self.unresolved.is_empty()
    }

    /// Marks every file with a finding that is shown only while the workspace is complete.
    pub(super) fn mark_completeness_changed(&mut self, file_of: impl Fn(Owner) -> FileId) {
        let mut files: FxHashSet<FileId> =
            self.with_hidden_findings.iter().map(|&owner| file_of(owner)).collect();
        if self.has_omitted {
            let omitted = self.omitted.iter().flatten();
            let hidden = omitted.filter(|(depends_on, _)| !depends_on.is_shown_while_incomplete());
            files.extend(hidden.map(|(_, omitted)| omitted.file));
        }
        for file in files {
            self.mark_changed(file);
        }
    }

    /// Moves all places in a file. `moved` returns the new location of a place, and whether its line or column
    /// differs; only then is the file of the finding marked as changed.
    pub(super) fn move_locations(
        &mut self,
        file: FileId,
        file_of: impl Fn(Owner) -> FileId,
        moved: impl Fn(Location) -> (Location, bool),
    ) {
        for owner in self.owners_by_file[file.index()].iter().copied().collect::<Vec<_>>() {
            let (mut has_moved, mut is_shown_elsewhere) = (false, false);
            for stored in self.by_owner.get_mut(&owner).into_iter().flatten() {
                for place in locations_mut(&mut stored.finding).filter(|place| place.file == file) {
                    let (to, differs) = moved(*place);
                    has_moved |= to != *place;
                    is_shown_elsewhere |= differs;
                    *place = to;
                }
            }
            let owner_file = file_of(owner);
            if has_moved {
                self.shown[owner_file.index()].take();
            }
            if is_shown_elsewhere {
                self.mark_changed(owner_file);
            }
        }
    }

    /// The findings to show in a file, by place: those of its `owners`, and those of `reading` it.
    pub(super) fn in_file(
        &self,
        file: FileId,
        owners: impl Iterator<Item = Owner>,
        reading: &CollectedFindings,
        is_complete: bool,
    ) -> &CollectedFindings {
        self.shown[file.index()].get_or_init(|| {
            let is_shown = |depends_on: DependsOn| is_complete || depends_on.is_shown_while_incomplete();
            let mut all = Collector::new(self.limit);
            all.merge_found(reading.clone());
            let stored =
                owners.flat_map(|owner| self.owned_by(owner)).filter(|stored| is_shown(stored.depends_on));
            stored.for_each(|stored| all.push(stored.finding.clone()));
            let omitted = self.omitted[file.index()].iter().filter(|(depends_on, _)| is_shown(*depends_on));
            let omitted = omitted.map(|(_, omitted)| *omitted).collect();
            all.merge_found(CollectedFindings { findings: Vec::new(), omitted });
            let mut found = all.finish();
            found.findings.sort_by(by_place);
            found.findings.dedup_by(|later, first| later.grade.is_lint() && later == first);
            found
        })
    }
}

fn insert_or_remove(owners: &mut FxHashSet<Owner>, owner: Owner, is_member: bool) {
    if is_member {
        owners.insert(owner);
    } else {
        owners.remove(&owner);
    }
}

/// Whether two lists contain the same findings, in any order.
fn are_equal_sets(one: &[StoredFinding], other: &[StoredFinding]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut left: Vec<&StoredFinding> = one.iter().collect();
    let mut right: Vec<&StoredFinding> = other.iter().collect();
    left.sort_by(|a, b| by_place(&a.finding, &b.finding));
    right.sort_by(|a, b| by_place(&a.finding, &b.finding));
    left == right
}

/// The order of findings in a file: by place, then by content.
pub(super) fn by_place(one: &Finding, other: &Finding) -> std::cmp::Ordering {
    let id = |finding: &Finding| finding.evidence.as_ref().map(|evidence| evidence.id.clone());
    finding::by_place(one, other).then_with(|| id(one).cmp(&id(other)))
}

/// Removes the ids from the evidence of a finding, since they mean nothing outside one analysis. The places of claims
/// that no label shows are stored instead.
pub(super) fn without_ids(model: &Model, mut finding: Finding) -> Finding {
    if let Some(evidence) = finding.evidence.take() {
        let has_label = |claim: &ClaimId| {
            let row = model.claim(*claim);
            let mut labels = finding.labels.iter().map(|label| label.location);
            labels.any(|at| at.file == row.location.file && row.span.holds(at.span))
        };
        let place = |claim: ClaimId| {
            let row = model.claim(claim);
            Location { file: row.location.file, span: row.value_span }
        };
        let mut also_at: Vec<Location> =
            evidence.all_claims().filter(|claim| !has_label(claim)).map(place).collect();
        also_at.sort_unstable();
        also_at.dedup();
        let Evidence { id, across, steps, repairs, gap, rests_on, opposing, .. } = *evidence;
        let evidence =
            Evidence { id, also_at, across, steps, repairs, gap, rests_on, opposing, ..Evidence::default() };
        finding.evidence = Some(Box::new(evidence));
    }
    finding
}

/// All places in a finding: of its labels, its evidence and its fixes.
fn locations(finding: &Finding) -> impl Iterator<Item = Location> {
    let labels = finding.labels.iter().map(|label| label.location);
    let also = finding.evidence.iter().flat_map(|evidence| evidence.also_at.iter().copied());
    labels.chain(also).chain(finding.fixes().flat_map(|fix| fix.edits.iter().map(|edit| edit.location)))
}

fn locations_mut(finding: &mut Finding) -> impl Iterator<Item = &mut Location> {
    let labels = finding.labels.iter_mut().map(|Label { location, .. }| location);
    let also = finding.evidence.iter_mut().flat_map(|evidence| &mut evidence.also_at);
    let fixes = finding.fix.iter_mut().chain(&mut finding.guesses);
    labels.chain(also).chain(fixes.flat_map(|fix| fix.edits.iter_mut().map(|edit| &mut edit.location)))
}
