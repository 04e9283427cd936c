//! The looks at a workspace: at all of it, at a part of it, at all names of some kinds; what each finds takes the place
//! of what was found before.

use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Changes;
use super::kept::{Home, KeptFinding, Sort, without_ids};
use super::slice::Slice;
use super::{IncrementalWorkspace, file_of};
use crate::document::mention::Kind;
use crate::finding::Omitted;
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::model::NoGlobals;
use crate::rules::{self, Scope};
use crate::workspace::examined::{Examined, View};

/// Findings by where they are at home.
type ByHome = FxHashMap<Home, Vec<KeptFinding>>;

impl IncrementalWorkspace {
    /// Analyses everything anew.
    pub(super) fn look_at_all(&mut self) {
        self.begin_analysis();
        let documents = self.workspace.by_file();
        let view = View {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            elsewhere: &NoGlobals,
            limit: self.limit(),
        };
        let examined = view.examine(None, |_| true);
        self.looked_at = self.claims;
        let entries =
            (0..self.workspace.files().len()).flat_map(|at| self.index.entries(FileId::new(at)).to_vec());
        let entries: FxHashSet<EntryId> = entries.collect();
        self.note_uses(&examined, &entries);
        let (mut found, omitted) = self.by_home(examined);
        self.kept.set_omitted(omitted);
        for home in self.kept.homes() {
            found.entry(home).or_default();
        }
        for (home, found) in found {
            self.kept.set(home, file_of(&self.index, home), |_| true, found);
        }
    }

    /// Analyses some entries with what is needed for them; of what their definitions and those of some names are
    /// used by, all is known.
    pub(super) fn look_at(&mut self, touched: &FxHashSet<EntryId>, names: &[NameId]) {
        let (examined, slice) = self.examined(touched, names, true);
        self.note_uses(&examined, touched);
        let (mut found, omitted) = self.by_home(examined);
        self.kept.add_omitted(omitted);
        for &entry in &slice.entries {
            let home = Home::Entry(entry);
            let mut now = found.remove(&home).unwrap_or_default();
            let file = self.index.file_of(entry);
            if touched.contains(&entry) {
                self.kept.set(home, file, |sort| sort != Sort::Names, now);
            } else {
                now.retain(|kept| kept.sort == Sort::Unused);
                self.kept.set(home, file, |sort| sort == Sort::Unused, now);
            }
        }
    }

    /// Holds all names of these kinds against each other.
    pub(super) fn look_at_names(&mut self, kinds: &[Kind]) {
        if kinds.is_empty() {
            return;
        }
        self.begin_analysis();
        let slice = Slice::of_names(&self.workspace, kinds);
        let documents = slice.as_documents();
        let view = View {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            elsewhere: &NoGlobals,
            limit: self.limit(),
        };
        let (mut found, omitted) = self.by_home(view.examine(Some(Scope::Names), |_| true));
        self.kept.add_omitted(omitted);
        for &home in &self.kept.of_names {
            found.entry(home).or_default();
        }
        let is_meant = |home: &Home| match home {
            Home::Entry(entry) => kinds.contains(&self.index.kind(*entry)),
            Home::File(_) => true,
        };
        found.retain(|home, _| is_meant(home));
        for (home, mut found) in found {
            found.retain(|kept| kept.sort == Sort::Names);
            self.kept.set(home, file_of(&self.index, home), |sort| sort == Sort::Names, found);
        }
    }

    /// Puts down what each of some entries uses.
    fn note_uses(&mut self, examined: &Examined, entries: &FxHashSet<EntryId>) {
        let mut uses: FxHashMap<EntryId, Vec<NameId>> = FxHashMap::default();
        for (by, thing) in rules::uses(examined.model()) {
            let entry = by.and_then(|by| self.index.entry_at(by.file, by.span.start));
            if let Some(entry) = entry.filter(|entry| entries.contains(entry)) {
                let (kind, name) = thing.name(examined.model());
                let name = self.index_mut().intern((Some(kind), name.clone()));
                uses.entry(entry).or_default().push(name);
            }
        }
        for &entry in entries {
            self.index_mut().set_uses(entry, uses.remove(&entry).unwrap_or_default());
        }
    }

    /// What was found, by where it is at home; and what was only counted.
    fn by_home(&self, examined: Examined) -> (ByHome, Vec<(Sort, Omitted)>) {
        let mut by_home = ByHome::default();
        let (model, unresolved, told) = examined.into_found();
        let omitted = unresolved.omitted.into_iter().map(|omitted| (Sort::Unresolved, omitted));
        let omitted = omitted.chain(told.omitted.into_iter().map(|omitted| (sort_of(omitted.rule), omitted)));
        let unresolved = unresolved.findings.into_iter().map(|finding| (Sort::Unresolved, finding));
        let told = told.findings.into_iter().map(|finding| (sort_of(finding.rule), finding));
        for (sort, finding) in unresolved.chain(told) {
            let Some(at) = finding.labels.first().map(|label| label.location) else { continue };
            let entry = self.index.entry_at(at.file, at.span.start);
            let home = entry.map_or(Home::File(at.file), Home::Entry);
            by_home
                .entry(home)
                .or_default()
                .push(KeptFinding { sort, finding: without_ids(&model, finding) });
        }
        (by_home, omitted.collect())
    }
}

/// The kinds of things that have to be held against each other by their names after a change: those of what changed,
/// and events, which are told apart by their places.
pub(super) fn kinds_of_names(changes: &Changes) -> Vec<Kind> {
    let named = [Kind::Actor, Kind::Subject, Kind::Place, Kind::Term];
    let has_changed = |kind: Kind| changes.entries.iter().any(|change| change.kind == kind);
    let is_meant = |kind: &Kind| has_changed(*kind) || *kind == Kind::Subject && has_changed(Kind::Place);
    named.into_iter().filter(is_meant).collect()
}

fn sort_of(rule: &str) -> Sort {
    match rules::find(rule) {
        Some(rule) if rule.scope == Scope::Names => Sort::Names,
        Some(rule) if rule.id == "unused-id" => Sort::Unused,
        Some(rule) if rule.id == "idle-silence" => Sort::Idle,
        _ => Sort::Claims,
    }
}
