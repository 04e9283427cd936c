//! Re-analysis of the whole workspace, of some entries, or of the names of some kinds. New findings replace old ones.

use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::TextChanges;
use super::finding_store::{DependsOn, Owner, StoredFinding, without_ids};
use super::subset::SubWorkspace;
use super::{IncrementalWorkspace, file_of};
use crate::document::mention::Kind;
use crate::finding::Omitted;
use crate::id::{EntryId, FileId, Id as _, NameId};
use crate::model::NoGlobals;
use crate::rules::{self, Scope};
use crate::workspace::pipeline::{PipelineInput, PipelineOutput};

type FindingsByOwner = FxHashMap<Owner, Vec<StoredFinding>>;

impl IncrementalWorkspace {
    /// Analyses the whole workspace and replaces all findings.
    pub(super) fn recheck_all(&mut self) {
        self.begin_analysis();
        let documents = self.workspace.by_file();
        let input = PipelineInput {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            globals: &NoGlobals,
            limit: self.limit(),
        };
        let output = input.run(|_| true, |_| true);
        self.rechecked = self.claims;
        let entries =
            (0..self.workspace.files().len()).flat_map(|at| self.index.entries(FileId::new(at)).to_vec());
        let entries: FxHashSet<EntryId> = entries.collect();
        self.record_uses(&output, &entries);
        let (mut found, omitted) = self.findings_by_owner(output);
        self.store.set_omitted(omitted);
        for owner in self.store.owners() {
            found.entry(owner).or_default();
        }
        for (owner, found) in found {
            self.store.replace(owner, file_of(&self.index, owner), |_| true, found);
        }
    }

    /// Re-analyses `invalidated` with its dependencies and the definitions of `names`. Uses of all these definitions
    /// are known from the whole workspace.
    pub(super) fn recheck(&mut self, invalidated: &FxHashSet<EntryId>, names: &[NameId]) {
        let (output, subset) = self.analyse_subset(invalidated, names, true);
        self.record_uses(&output, invalidated);
        let (mut found, omitted) = self.findings_by_owner(output);
        self.store.add_omitted(omitted);
        for &entry in &subset.entries {
            let owner = Owner::Entry(entry);
            let mut now = found.remove(&owner).unwrap_or_default();
            let file = self.index.file_of(entry);
            if invalidated.contains(&entry) {
                self.store.replace(owner, file, |depends_on| depends_on != DependsOn::Names, now);
            } else {
                // For a mere dependency, the subset shows only whether it is used.
                now.retain(|stored| stored.depends_on == DependsOn::Uses);
                self.store.replace(owner, file, |depends_on| depends_on == DependsOn::Uses, now);
            }
        }
    }

    /// Compares all names of these kinds with each other again.
    pub(super) fn recheck_names(&mut self, kinds: &[Kind]) {
        if kinds.is_empty() {
            return;
        }
        self.begin_analysis();
        let subset = SubWorkspace::definitions_of(&self.workspace, kinds);
        let documents = subset.document_refs();
        let input = PipelineInput {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            globals: &NoGlobals,
            limit: self.limit(),
        };
        let (mut found, omitted) = self.findings_by_owner(input.run(|scope| scope == Scope::Names, |_| true));
        self.store.add_omitted(omitted);
        for &owner in &self.store.with_name_findings {
            found.entry(owner).or_default();
        }
        let is_rechecked = |owner: &Owner| match owner {
            Owner::Entry(entry) => kinds.contains(&self.index.kind(*entry)),
            Owner::File(_) => true,
        };
        found.retain(|owner, _| is_rechecked(owner));
        for (owner, mut found) in found {
            found.retain(|stored| stored.depends_on == DependsOn::Names);
            let file = file_of(&self.index, owner);
            self.store.replace(owner, file, |depends_on| depends_on == DependsOn::Names, found);
        }
    }

    /// Records in the index which names each of `entries` uses.
    fn record_uses(&mut self, output: &PipelineOutput, entries: &FxHashSet<EntryId>) {
        let mut uses: FxHashMap<EntryId, Vec<NameId>> = FxHashMap::default();
        for (by, thing) in rules::uses(output.model()) {
            let entry = by.and_then(|by| self.index.entry_at(by.file, by.span.start));
            if let Some(entry) = entry.filter(|entry| entries.contains(entry)) {
                let (kind, name) = thing.name(output.model());
                let name = self.index_mut().intern((Some(kind), name.clone()));
                uses.entry(entry).or_default().push(name);
            }
        }
        for &entry in entries {
            self.index_mut().set_uses(entry, uses.remove(&entry).unwrap_or_default());
        }
    }

    /// The findings of an output by owner, and the counts of omitted findings.
    fn findings_by_owner(&self, output: PipelineOutput) -> (FindingsByOwner, Vec<(DependsOn, Omitted)>) {
        let mut by_owner = FindingsByOwner::default();
        let (model, unresolved, from_rules) = output.into_findings();
        let omitted = unresolved.omitted.into_iter().map(|omitted| (DependsOn::Resolution, omitted));
        let omitted =
            omitted.chain(from_rules.omitted.into_iter().map(|omitted| (depends_on(omitted.rule), omitted)));
        let unresolved = unresolved.findings.into_iter().map(|finding| (DependsOn::Resolution, finding));
        let from_rules = from_rules.findings.into_iter().map(|finding| (depends_on(finding.rule), finding));
        for (depends_on, finding) in unresolved.chain(from_rules) {
            let Some(at) = finding.labels.first().map(|label| label.location) else { continue };
            let entry = self.index.entry_at(at.file, at.span.start);
            let owner = entry.map_or(Owner::File(at.file), Owner::Entry);
            by_owner
                .entry(owner)
                .or_default()
                .push(StoredFinding { depends_on, finding: without_ids(&model, finding) });
        }
        (by_owner, omitted.collect())
    }
}

/// The kinds whose names have to be compared again after a change: those of the changed entries, and events if a place
/// changed, since events are distinguished by their places.
pub(super) fn changed_name_kinds(changes: &TextChanges) -> Vec<Kind> {
    let named = [Kind::Actor, Kind::Subject, Kind::Place, Kind::Term];
    let has_changed = |kind: Kind| changes.entries.iter().any(|change| change.kind == kind);
    let is_affected = |kind: &Kind| has_changed(*kind) || *kind == Kind::Subject && has_changed(Kind::Place);
    named.into_iter().filter(is_affected).collect()
}

fn depends_on(rule: &str) -> DependsOn {
    match rules::find(rule).map(|rule| rule.scope) {
        Some(Scope::Names) => DependsOn::Names,
        Some(Scope::Uses) => DependsOn::Uses,
        Some(Scope::Silences) => DependsOn::Silences,
        Some(Scope::Claims) | None => DependsOn::Claims,
    }
}
