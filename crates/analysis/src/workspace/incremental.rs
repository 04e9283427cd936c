//! A workspace that stays analysed while its texts change, as in an editor.
//!
//! Only entries affected by a change are analysed again; their findings replace the old ones. The affected entries
//! and all that they depend on form a smaller workspace, which goes through the same pipeline as the whole one. If
//! most of the workspace is affected, all of it is analysed again.

mod apply;
mod changes;
mod finding_store;
mod invalidate;
mod recheck;
mod scoped;
mod subset;

pub use scoped::ClaimGroup;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Analysis, DefinitionIndex, Options, ReadObserver, ReadWorkspace, Workspace};
use crate::document::Document;
use crate::document::mention::Kind;
use crate::finding::{CollectedFindings, Collector, Finding, Limit, Omitted};
use crate::id::{EntryId, FileId, Id as _};
use crate::model::{self, Model, NoGlobals};
use changes::TextChanges;
use finding_store::{FindingStore, Owner};
use recheck::changed_name_kinds;
use scoped::{CachedGroup, ScopedAnalysis};

/// The maximum number of findings to store of one lint, in one file or in all. It is far more than are shown, so that
/// another finding is there to show when one goes away. If there are more, every change leads to an analysis of the
/// whole workspace.
const MAX_STORED_FINDINGS: usize = 100_000;

/// From this many entries with unresolved names on, the model may stop looking for similar names. The finding on one
/// such entry then depends on all the others.
const MANY_UNRESOLVED: usize = 500;

/// A workspace with more claims than this is analysed as a whole if more than three in four are affected.
const MIN_CLAIMS_FOR_MAJORITY: usize = 1_000;

/// A workspace with its current findings.
#[derive(Debug)]
pub struct IncrementalWorkspace {
    workspace: Arc<Workspace>,
    options: Arc<Options>,
    index: Arc<DefinitionIndex>,
    /// Receives the workspace as read, before each analysis.
    observer: Option<Arc<dyn ReadObserver>>,
    store: FindingStore,
    /// The number of findings of reading all files.
    reading_findings: usize,
    /// The number of claims.
    claims: usize,
    scoped: Option<ScopedAnalysis>,
    groups: Vec<CachedGroup>,
    whole: Option<Arc<Analysis>>,
    vocabulary: Option<Arc<Model>>,
    /// How many claims were analysed again for the last change.
    rechecked: usize,
    /// The maximum number of findings to store of one lint.
    max_stored: usize,
}

impl IncrementalWorkspace {
    /// Analyses a workspace for the first time.
    pub fn new(workspace: Workspace, options: Options) -> Self {
        Self::with_limit(MAX_STORED_FINDINGS, workspace, options)
    }

    /// Like [`Self::new`], but stores at most `max_stored` findings of one lint. If there are more, every change leads
    /// to an analysis of the whole workspace.
    pub fn with_limit(max_stored: usize, workspace: Workspace, options: Options) -> Self {
        let read = ReadWorkspace { options: Arc::new(options), ..ReadWorkspace::new(workspace) };
        let mut incremental = Self { max_stored, ..Self::unanalysed(read) };
        incremental.reanalyse();
        incremental
    }

    /// A workspace as read, without an analysis. It has the findings of reading only.
    pub fn unanalysed(read: ReadWorkspace) -> Self {
        let ReadWorkspace { workspace, index, options } = read;
        Self {
            reading_findings: workspace.reading.iter().map(CollectedFindings::count).sum(),
            claims: workspace.documents().iter().map(|document| document.claims.len()).sum(),
            store: FindingStore::new(workspace.files().len(), workspace.limit),
            workspace,
            options,
            index,
            observer: None,
            scoped: None,
            groups: Vec::new(),
            whole: None,
            vocabulary: None,
            rechecked: 0,
            max_stored: MAX_STORED_FINDINGS,
        }
    }

    /// Sets the observer that receives the workspace as read, before each analysis.
    #[must_use]
    pub fn with_observer(self, observer: Arc<dyn ReadObserver>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Discards all results and analyses the whole workspace.
    fn reanalyse(&mut self) {
        self.store = FindingStore::new(self.workspace.files().len(), self.workspace.limit);
        self.groups.clear();
        (self.scoped, self.whole, self.vocabulary) = (None, None, None);
        self.recheck_all();
        self.publish();
    }

    /// Hands the workspace as read to the observer.
    fn publish(&self) {
        if let Some(observer) = &self.observer {
            observer.publish(ReadWorkspace {
                workspace: Arc::clone(&self.workspace),
                index: Arc::clone(&self.index),
                options: Arc::clone(&self.options),
            });
        }
    }

    /// Notifies the observer that an analysis of the workspace as read begins.
    fn begin_analysis(&self) {
        self.publish();
        if let Some(observer) = &self.observer {
            observer.before_analysis();
        }
    }

    /// The index, for changes. It is withdrawn from the observer first.
    fn index_mut(&mut self) -> &mut DefinitionIndex {
        withdraw(self.observer.as_deref());
        Arc::make_mut(&mut self.index)
    }

    /// Starts again with another workspace, for example after files were added or removed.
    pub fn reload(&mut self, workspace: Workspace) {
        let read = ReadWorkspace { options: Arc::clone(&self.options), ..ReadWorkspace::new(workspace) };
        // The observer hands out the old workspace until the new one is published.
        let (observer, max_stored) = (self.observer.take(), self.max_stored);
        let mut incremental = Self { observer, max_stored, ..Self::unanalysed(read) };
        incremental.reanalyse();
        *self = incremental;
    }

    /// The texts and their documents.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The options of the analysis.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The index of definitions and mentions.
    pub fn index(&self) -> &DefinitionIndex {
        &self.index
    }

    /// How many claims were analysed again for the last change. The time that the change took depends on it.
    pub fn rechecked(&self) -> usize {
        self.rechecked
    }

    /// Analyses the same texts with other options, for example after archived texts changed.
    pub fn set_options(&mut self, options: Options) {
        withdraw(self.observer.as_deref());
        self.options = Arc::new(options);
        self.reanalyse();
    }

    /// The settings, measures and populations of the workspace, resolved. They alone decide how values may be worded,
    /// so this needs no analysis.
    pub fn vocabulary(&mut self) -> Arc<Model> {
        let vocabulary = self.vocabulary.get_or_insert_with(|| {
            let has_vocabulary = |document: &Document| {
                document.settings.is_some()
                    || !document.measures.is_empty()
                    || !document.populations.is_empty()
            };
            let documents = self.workspace.by_file();
            let documents: Vec<(FileId, Document)> = documents
                .into_iter()
                .filter(|(_, document)| has_vocabulary(document))
                .map(|(file, document)| {
                    let (settings, measures) = (document.settings.clone(), document.measures.clone());
                    let populations = document.populations.clone();
                    (file, Document { settings, populations, measures, ..Document::default() })
                })
                .collect();
            let documents: Vec<(FileId, &Document)> =
                documents.iter().map(|(file, document)| (*file, document)).collect();
            // The analysis reports the same findings, so these are dropped.
            let mut findings = Collector::new(self.workspace.limit);
            Arc::new(model::resolve_part(&documents, self.options.as_of, &NoGlobals, &mut findings))
        });
        Arc::clone(vocabulary)
    }

    /// The findings whose first label is in a file, by place. They are the same as those of [`Workspace::analyse`],
    /// except that their evidence has no ids, which mean nothing outside one analysis. The limit of the workspace
    /// applies to each lint. If all files together have more than 100,000 findings of one lint, the later files may
    /// show fewer.
    pub fn findings(&self, file: FileId) -> &[Finding] {
        &self.found(file).findings
    }

    /// The counts of the findings in a file that [`Self::findings`] leaves out.
    pub fn omitted(&self, file: FileId) -> &[Omitted] {
        &self.found(file).omitted
    }

    fn found(&self, file: FileId) -> &CollectedFindings {
        let owners = self.index.entries(file).iter().map(|&entry| Owner::Entry(entry));
        let owners = owners.chain([Owner::File(file)]);
        self.store.in_file(file, owners, &self.workspace.reading[file.index()], self.is_complete())
    }

    /// The limit for stored findings.
    fn limit(&self) -> Limit {
        Limit { in_file: self.max_stored, in_all: self.max_stored, focus: None }
    }

    /// The files whose findings, or the places where they are shown, changed since the last call. The first call
    /// returns all files.
    pub fn take_changed(&mut self) -> Vec<FileId> {
        self.store.take_changed()
    }

    /// Replaces the text of a file and analyses again what the change affects.
    pub fn replace(&mut self, file: FileId, text: impl Into<Arc<str>>) {
        let text = text.into();
        if self.workspace.files()[file].text() == &*text {
            return;
        }
        let read = self.workspace.read_text(file, &text);
        let was_complete = self.is_complete();
        withdraw(self.observer.as_deref());
        let before = self.workspace.files()[file].clone();
        let (document, reading) = Arc::make_mut(&mut self.workspace).exchange(file, text, read);
        self.update_counts(file, &document, &reading);
        let now = &self.workspace.documents[file.index()];
        let changes = TextChanges::between(Arc::make_mut(&mut self.index), file, &document, now);
        let settings = [&document, now].map(|document| document.settings.as_ref().map(|it| it.span));
        let invalidated = self.apply_change(file, &changes, (&before, settings));
        self.rechecked = self.claims_among(&invalidated);
        if changes.affects_everything || self.is_majority(self.rechecked) || self.needs_whole_analysis() {
            self.recheck_all();
        } else {
            self.recheck(&invalidated, &changes.mentioned_before);
            if self.needs_whole_analysis() {
                self.recheck_all();
            } else {
                self.recheck_names(&changed_name_kinds(&changes));
            }
        }
        self.index_mut().remove_unused_names();
        self.publish();
        if was_complete != self.is_complete() {
            let index = &self.index;
            self.store.mark_completeness_changed(|owner| file_of(index, owner));
        }
        self.groups.retain(|group| !changes.affects_everything && !group.is_invalidated_by(&invalidated));
        (self.scoped, self.whole, self.vocabulary) = (None, None, None);
    }

    fn claims_among(&self, entries: &FxHashSet<EntryId>) -> usize {
        entries.iter().filter(|&&entry| self.index.kind(entry) == Kind::Claim).count()
    }

    /// Whether this many claims are most of the workspace, so that an analysis of all of it costs little more.
    fn is_majority(&self, claims: usize) -> bool {
        self.claims > MIN_CLAIMS_FOR_MAJORITY && claims * 4 > self.claims * 3
    }

    /// Whether there are so many findings that only an analysis of the whole workspace finds the right ones.
    fn needs_whole_analysis(&self) -> bool {
        self.store.unresolved.len() >= MANY_UNRESOLVED || self.store.exceeds(self.max_stored)
    }

    /// Whether every file can be read and resolved, so that unused ids and idle silences can be reported.
    fn is_complete(&self) -> bool {
        self.reading_findings == 0 && self.store.is_resolved()
    }

    /// Updates the counts of claims and of reading findings after a file changed.
    fn update_counts(&mut self, file: FileId, before: &Document, reading: &CollectedFindings) {
        let (now, found) = (&self.workspace.documents[file.index()], &self.workspace.reading[file.index()]);
        self.claims = self.claims + now.claims.len() - before.claims.len();
        self.reading_findings = self.reading_findings + found.count() - reading.count();
        // Findings at the same bytes may now be on other lines.
        if !found.is_empty() || !reading.is_empty() {
            self.store.mark_changed(file);
        }
    }
}

/// Notifies an observer that the workspace it received is about to change.
fn withdraw(observer: Option<&dyn ReadObserver>) {
    if let Some(observer) = observer {
        observer.withdraw();
    }
}

/// The file that an owner of findings is in.
fn file_of(index: &DefinitionIndex, owner: Owner) -> FileId {
    match owner {
        Owner::Entry(entry) => index.file_of(entry),
        Owner::File(file) => file,
    }
}
