//! The findings of a workspace as they stand now, by the entry in which each is at home: that of its first label.
//!
//! Places move with the entries they stand in. What shows only while every file can be read is kept as if it could.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::{self, Collector, Evidence, Finding, Found, Label, Limit, Omitted};
use crate::id::{ClaimId, EntryId, FileId, Id as _};
use crate::model::Model;
use crate::source::Location;

/// Where a finding is at home.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Home {
    /// An entry.
    Entry(EntryId),
    /// The settings of a file, or whatever stands in no entry.
    File(FileId),
}

/// What can change a finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// Claims and definitions that could not be resolved: while there is any, the workspace is not complete.
    Unresolved,
    /// Claims that bear on each other.
    Claims,
    /// A silence that silences nothing: as claims, and shown only while the workspace is complete.
    Idle,
    /// Whether anything uses a thing; shown only while the workspace is complete.
    Unused,
    /// All definitions beside each other.
    Names,
}

impl Sort {
    fn shows_incomplete(self) -> bool {
        !matches!(self, Self::Idle | Self::Unused)
    }
}

/// A finding and what can change it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct KeptFinding {
    pub(super) sort: Sort,
    pub(super) finding: Finding,
}

/// All findings but those of reading.
#[derive(Debug, Default)]
pub(super) struct Kept {
    of: FxHashMap<Home, Vec<KeptFinding>>,
    /// The homes of findings that point into each file.
    pointing: Vec<FxHashSet<Home>>,
    /// The homes of what shows only while the workspace is complete, and of what all names say.
    idle: FxHashSet<Home>,
    pub(super) of_names: FxHashSet<Home>,
    /// The entries in which something could not be resolved.
    pub(super) unresolved: FxHashSet<Home>,
    /// How many findings are kept.
    count: usize,
    /// What is not kept, by file: it was counted only.
    omitted: Vec<Vec<(Sort, Omitted)>>,
    has_omitted: bool,
    /// How many findings of each lint are shown in a file.
    limit: Limit,
    shown: Vec<OnceLock<Found>>,
    changed: Vec<bool>,
}

impl Kept {
    /// Nothing is found in so many files, and nobody was told. The limit is that of findings shown in a file.
    pub(super) fn new(files: usize, limit: Limit) -> Self {
        Self {
            limit: Limit { in_all: usize::MAX, ..limit },
            omitted: vec![Vec::new(); files],
            pointing: vec![FxHashSet::default(); files],
            shown: (0..files).map(|_| OnceLock::new()).collect(),
            changed: vec![true; files],
            ..Self::default()
        }
    }

    /// Whether some findings are only counted, or more than so many are kept.
    pub(super) fn is_full(&self, most: usize) -> bool {
        self.count > most || self.has_omitted
    }

    /// Replaces what is only counted.
    pub(super) fn set_omitted(&mut self, omitted: Vec<(Sort, Omitted)>) {
        let mut before = vec![Vec::new(); self.omitted.len()];
        std::mem::swap(&mut before, &mut self.omitted);
        self.has_omitted = false;
        self.add_omitted(omitted);
        for (at, before) in before.into_iter().enumerate() {
            if before != self.omitted[at] {
                self.change(FileId::new(at));
            }
        }
    }

    /// Adds to what is only counted.
    pub(super) fn add_omitted(&mut self, omitted: Vec<(Sort, Omitted)>) {
        self.has_omitted |= !omitted.is_empty();
        for (sort, omitted) in omitted {
            self.omitted[omitted.file.index()].push((sort, omitted));
        }
    }

    /// All homes.
    pub(super) fn homes(&self) -> Vec<Home> {
        self.of.keys().copied().collect()
    }

    /// The findings at home somewhere.
    pub(super) fn at(&self, home: Home) -> &[KeptFinding] {
        self.of.get(&home).map_or(&[], Vec::as_slice)
    }

    /// Notes that the findings of a file are others.
    pub(super) fn change(&mut self, file: FileId) {
        self.changed[file.index()] = true;
        self.shown[file.index()].take();
    }

    /// The files noted, once.
    pub(super) fn take_changed(&mut self) -> Vec<FileId> {
        let changed = self.changed.iter_mut().enumerate();
        changed.filter_map(|(at, changed)| std::mem::take(changed).then_some(FileId::new(at))).collect()
    }

    /// Puts what is found at a home of a file now in the place of what was, of those sorts that `is_meant` tells.
    pub(super) fn set(
        &mut self,
        home: Home,
        file: FileId,
        is_meant: impl Fn(Sort) -> bool,
        now: Vec<KeptFinding>,
    ) {
        if now.is_empty() && !self.of.contains_key(&home) {
            return;
        }
        let before = self.of.remove(&home).unwrap_or_default();
        self.count -= before.len();
        let (old, mut all): (Vec<_>, Vec<_>) = before.into_iter().partition(|kept| is_meant(kept.sort));
        if !is_equal(&old, &now) {
            self.change(file);
            for location in old.iter().flat_map(|kept| places(&kept.finding)) {
                self.pointing[location.file.index()].remove(&home);
            }
            for location in now.iter().chain(&all).flat_map(|kept| places(&kept.finding)) {
                self.pointing[location.file.index()].insert(home);
            }
        }
        all.extend(now);
        note(&mut self.idle, home, all.iter().any(|kept| !kept.sort.shows_incomplete()));
        note(&mut self.of_names, home, all.iter().any(|kept| kept.sort == Sort::Names));
        note(&mut self.unresolved, home, all.iter().any(|kept| kept.sort == Sort::Unresolved));
        self.count += all.len();
        if !all.is_empty() {
            self.of.insert(home, all);
        }
    }

    /// Whether everything could be resolved.
    pub(super) fn is_resolved(&self) -> bool {
        self.unresolved.is_empty()
    }

    /// Notes every file in which something shows only while the workspace is complete.
    pub(super) fn change_completeness(&mut self, file_of: impl Fn(Home) -> FileId) {
        let mut files: FxHashSet<FileId> = self.idle.iter().map(|&home| file_of(home)).collect();
        if self.has_omitted {
            let omitted = self.omitted.iter().flatten();
            let idle = omitted.filter(|(sort, _)| !sort.shows_incomplete());
            files.extend(idle.map(|(_, omitted)| omitted.file));
        }
        for file in files {
            self.change(file);
        }
    }

    /// Moves all places in a file: to where `moved` says, and whether that shows. Of findings in other files only
    /// those are noted whose places show elsewhere than before.
    pub(super) fn move_in(
        &mut self,
        file: FileId,
        file_of: impl Fn(Home) -> FileId,
        moved: impl Fn(Location) -> (Location, bool),
    ) {
        for home in self.pointing[file.index()].iter().copied().collect::<Vec<_>>() {
            let (mut has_moved, mut shows) = (false, false);
            for kept in self.of.get_mut(&home).into_iter().flatten() {
                for place in places_mut(&mut kept.finding).filter(|place| place.file == file) {
                    let (to, differs) = moved(*place);
                    has_moved |= to != *place;
                    shows |= differs;
                    *place = to;
                }
            }
            let in_file = file_of(home);
            if has_moved {
                self.shown[in_file.index()].take();
            }
            if shows {
                self.change(in_file);
            }
        }
    }

    /// The findings of a file by place: those at home in it, and those of reading it.
    pub(super) fn show(
        &self,
        file: FileId,
        homes: impl Iterator<Item = Home>,
        reading: &Found,
        is_complete: bool,
    ) -> &Found {
        self.shown[file.index()].get_or_init(|| {
            let shows = |sort: Sort| is_complete || sort.shows_incomplete();
            let mut all = Collector::new(self.limit);
            all.merge_found(reading.clone());
            let kept = homes.flat_map(|home| self.at(home)).filter(|kept| shows(kept.sort));
            kept.for_each(|kept| all.push(kept.finding.clone()));
            let omitted = self.omitted[file.index()].iter().filter(|(sort, _)| shows(*sort));
            let omitted = omitted.map(|(_, omitted)| *omitted).collect();
            all.merge_found(Found { findings: Vec::new(), omitted });
            let mut found = all.finish();
            found.findings.sort_by(by_place);
            found.findings.dedup_by(|later, first| later.grade.is_lint() && later == first);
            found
        })
    }
}

fn note(homes: &mut FxHashSet<Home>, home: Home, is_so: bool) {
    if is_so {
        homes.insert(home);
    } else {
        homes.remove(&home);
    }
}

/// Whether two lists hold the same findings, in whatever order.
fn is_equal(one: &[KeptFinding], other: &[KeptFinding]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut left: Vec<&KeptFinding> = one.iter().collect();
    let mut right: Vec<&KeptFinding> = other.iter().collect();
    left.sort_by(|a, b| by_place(&a.finding, &b.finding));
    right.sort_by(|a, b| by_place(&a.finding, &b.finding));
    left == right
}

/// The order of findings in a file: by place, then by what they say.
pub(super) fn by_place(one: &Finding, other: &Finding) -> std::cmp::Ordering {
    let id = |finding: &Finding| finding.evidence.as_ref().map(|evidence| evidence.id.clone());
    finding::by_place(one, other).then_with(|| id(one).cmp(&id(other)))
}

/// A finding without what only means something within one analysis: the ids in its evidence. Of the claims that no
/// label shows the places are kept.
pub(super) fn without_ids(model: &Model, mut finding: Finding) -> Finding {
    if let Some(evidence) = finding.evidence.take() {
        let is_shown = |claim: &ClaimId| {
            let row = model.claim(*claim);
            let mut labels = finding.labels.iter().map(|label| label.location);
            labels.any(|at| at.file == row.location.file && row.span.holds(at.span))
        };
        let place = |claim: ClaimId| {
            let row = model.claim(claim);
            Location { file: row.location.file, span: row.value_span }
        };
        let mut also_at: Vec<Location> =
            evidence.all_claims().filter(|claim| !is_shown(claim)).map(place).collect();
        also_at.sort_unstable();
        also_at.dedup();
        let Evidence { id, across, steps, repairs, gap, rests_on, opposing, .. } = *evidence;
        let kept =
            Evidence { id, also_at, across, steps, repairs, gap, rests_on, opposing, ..Evidence::default() };
        finding.evidence = Some(Box::new(kept));
    }
    finding
}

fn places(finding: &Finding) -> impl Iterator<Item = Location> {
    let labels = finding.labels.iter().map(|label| label.location);
    let also = finding.evidence.iter().flat_map(|evidence| evidence.also_at.iter().copied());
    labels.chain(also).chain(finding.fixes().flat_map(|fix| fix.edits.iter().map(|edit| edit.location)))
}

fn places_mut(finding: &mut Finding) -> impl Iterator<Item = &mut Location> {
    let labels = finding.labels.iter_mut().map(|Label { location, .. }| location);
    let also = finding.evidence.iter_mut().flat_map(|evidence| &mut evidence.also_at);
    let fixes = finding.fix.iter_mut().chain(&mut finding.guesses);
    labels.chain(also).chain(fixes.flat_map(|fix| fix.edits.iter_mut().map(|edit| &mut edit.location)))
}
