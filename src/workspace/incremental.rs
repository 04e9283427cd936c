//! A workspace that stays analysed while its texts change, for whoever edits it.
//!
//! A change is analysed as far as it is felt: the entries it touches are put together to a part of the workspace,
//! which goes through the same pipeline as the whole, and what is found there takes the place of what was. Where
//! little would be left out, the whole is analysed.

mod around;
mod changes;
mod kept;
mod looks;
mod slice;
mod taken;
mod touched;

pub use around::Piece;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Analysis, DefinitionIndex, Options, ReadObserver, ReadWorkspace, Workspace};
use crate::document::Document;
use crate::document::mention::Kind;
use crate::finding::{Collector, Finding, Found, Limit, Omitted};
use crate::id::{EntryId, FileId, Id as _};
use crate::model::{self, Model, NoGlobals};
use around::{Around, KeptPiece};
use changes::Changes;
use kept::{Home, Kept};
use looks::kinds_of_names;

/// So many findings of one lint are kept, in one file or in all: far more than are shown, so that one that goes makes
/// room for the next. Where there are more, each change is analysed as a whole.
const MOST_KEPT: usize = 100_000;

/// Above so many entries in which names could not be resolved, near ones may not be looked for any more; what is said
/// of one then hangs on all the others.
const MANY_UNRESOLVED: usize = 500;

/// Of a workspace with more claims than this the whole is analysed where three in four are touched.
const FEW: usize = 1_000;

/// A workspace with what is known of it now.
#[derive(Debug)]
pub struct IncrementalWorkspace {
    workspace: Arc<Workspace>,
    options: Arc<Options>,
    index: Arc<DefinitionIndex>,
    /// Receives the workspace as read, before each analysis.
    observer: Option<Arc<dyn ReadObserver>>,
    kept: Kept,
    /// How many findings reading all files came to.
    unread: usize,
    /// How many claims there are.
    claims: usize,
    around: Option<Around>,
    pieces: Vec<KeptPiece>,
    whole: Option<Arc<Analysis>>,
    vocabulary: Option<Arc<Model>>,
    /// How many claims were looked at for the last change.
    looked_at: usize,
    /// So many findings are kept of one lint.
    most_kept: usize,
}

impl IncrementalWorkspace {
    /// Analyses a workspace for the first time.
    pub fn new(workspace: Workspace, options: Options) -> Self {
        Self::keeping(MOST_KEPT, workspace, options)
    }

    /// The same, which keeps no more than so many findings of one lint. Where there are more, each change is analysed
    /// as a whole.
    pub fn keeping(most_kept: usize, workspace: Workspace, options: Options) -> Self {
        let read = ReadWorkspace { options: Arc::new(options), ..ReadWorkspace::new(workspace) };
        let mut standing = Self { most_kept, ..Self::unanalysed(read) };
        standing.analyse_anew();
        standing
    }

    /// A workspace as read, without an analysis: its findings are those of reading alone.
    pub fn unanalysed(read: ReadWorkspace) -> Self {
        let ReadWorkspace { workspace, index, options } = read;
        Self {
            unread: workspace.reading.iter().map(Found::count).sum(),
            claims: workspace.documents().iter().map(|document| document.claims.len()).sum(),
            kept: Kept::new(workspace.files().len(), workspace.limit),
            workspace,
            options,
            index,
            observer: None,
            around: None,
            pieces: Vec::new(),
            whole: None,
            vocabulary: None,
            looked_at: 0,
            most_kept: MOST_KEPT,
        }
    }

    /// The same; from now on `observer` receives the workspace as read, before each analysis.
    #[must_use]
    pub fn with_observer(self, observer: Arc<dyn ReadObserver>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// Analyses everything again.
    fn analyse_anew(&mut self) {
        self.kept = Kept::new(self.workspace.files().len(), self.workspace.limit);
        self.pieces.clear();
        (self.around, self.whole, self.vocabulary) = (None, None, None);
        self.look_at_all();
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

    /// Tells the observer that an analysis of the workspace as read begins.
    fn begin_analysis(&self) {
        self.publish();
        if let Some(observer) = &self.observer {
            observer.before_analysis();
        }
    }

    /// The index, to be changed; it is withdrawn from the observer first.
    fn index_mut(&mut self) -> &mut DefinitionIndex {
        withdraw(self.observer.as_deref());
        Arc::make_mut(&mut self.index)
    }

    /// Begins anew with another workspace, as where files came or went.
    pub fn reload(&mut self, workspace: Workspace) {
        let read = ReadWorkspace { options: Arc::clone(&self.options), ..ReadWorkspace::new(workspace) };
        // Until it publishes the new workspace, the observer hands out the old one.
        let (observer, most_kept) = (self.observer.take(), self.most_kept);
        let mut standing = Self { observer, most_kept, ..Self::unanalysed(read) };
        standing.analyse_anew();
        *self = standing;
    }

    /// The texts and what each says.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// What it is looked at with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Where everything is defined and mentioned.
    pub fn index(&self) -> &DefinitionIndex {
        &self.index
    }

    /// How many claims were looked at for the last change: what it cost follows from that.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }

    /// Analyses the same texts with other options, such as archived texts that changed.
    pub fn look_with(&mut self, options: Options) {
        withdraw(self.observer.as_deref());
        self.options = Arc::new(options);
        self.analyse_anew();
    }

    /// The settings, measures and populations of the workspace, resolved: how values may be worded follows from
    /// them alone, so that no analysis is needed.
    pub fn vocabulary(&mut self) -> Arc<Model> {
        let vocabulary = self.vocabulary.get_or_insert_with(|| {
            let is_in = |document: &Document| {
                document.settings.is_some()
                    || !document.measures.is_empty()
                    || !document.populations.is_empty()
            };
            let documents = self.workspace.by_file();
            let documents: Vec<(FileId, Document)> = documents
                .into_iter()
                .filter(|(_, document)| is_in(document))
                .map(|(file, document)| {
                    let (settings, measures) = (document.settings.clone(), document.measures.clone());
                    let populations = document.populations.clone();
                    (file, Document { settings, populations, measures, ..Document::default() })
                })
                .collect();
            let documents: Vec<(FileId, &Document)> =
                documents.iter().map(|(file, document)| (*file, document)).collect();
            // Its findings are those of the workspace, which are collected elsewhere.
            let mut findings = Collector::new(self.workspace.limit);
            Arc::new(model::resolve_part(&documents, self.options.as_of, &NoGlobals, &mut findings))
        });
        Arc::clone(vocabulary)
    }

    /// The findings whose first label stands in a file, by place: the same as those of [`Workspace::analyse`], but
    /// for the ids in their evidence, which mean nothing outside an analysis and are left out. Of each lint no more
    /// are given than the workspace allows in one file; where more than 100,000 are in all files, the later files may
    /// give fewer.
    pub fn findings(&self, file: FileId) -> &[Finding] {
        &self.found(file).findings
    }

    /// The findings in a file that [`Self::findings`] leaves out, counted.
    pub fn omitted(&self, file: FileId) -> &[Omitted] {
        &self.found(file).omitted
    }

    fn found(&self, file: FileId) -> &Found {
        let homes = self.index.entries(file).iter().map(|&entry| Home::Entry(entry));
        let homes = homes.chain([Home::File(file)]);
        self.kept.show(file, homes, &self.workspace.reading[file.index()], self.is_complete())
    }

    /// How many findings of each lint are kept.
    fn limit(&self) -> Limit {
        Limit { in_file: self.most_kept, in_all: self.most_kept, focus: None }
    }

    /// The files whose findings are others, or show elsewhere, than when they were taken last; all of them the first
    /// time.
    pub fn take_changed(&mut self) -> Vec<FileId> {
        self.kept.take_changed()
    }

    /// Replaces the text of a file and brings up to date what that touches.
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
        self.count(file, &document, &reading);
        let now = &self.workspace.documents[file.index()];
        let changes = Changes::between(Arc::make_mut(&mut self.index), file, &document, now);
        let settings = [&document, now].map(|document| document.settings.as_ref().map(|it| it.span));
        let touched = self.take_over(file, &changes, (&before, settings));
        self.looked_at = self.claims_among(&touched);
        if changes.is_everywhere || self.is_most(self.looked_at) || self.is_beyond_parts() {
            self.look_at_all();
        } else {
            self.look_at(&touched, &changes.mentioned);
            if self.is_beyond_parts() {
                self.look_at_all();
            } else {
                self.look_at_names(&kinds_of_names(&changes));
            }
        }
        self.index_mut().purge();
        self.publish();
        if was_complete != self.is_complete() {
            let index = &self.index;
            self.kept.change_completeness(|home| file_of(index, home));
        }
        self.pieces.retain(|piece| !changes.is_everywhere && !piece.is_touched(&touched));
        (self.around, self.whole, self.vocabulary) = (None, None, None);
    }

    fn claims_among(&self, entries: &FxHashSet<EntryId>) -> usize {
        entries.iter().filter(|&&entry| self.index.kind(entry) == Kind::Claim).count()
    }

    /// Whether so many claims are most of the workspace, which then is looked at as a whole.
    fn is_most(&self, claims: usize) -> bool {
        self.claims > FEW && claims * 4 > self.claims * 3
    }

    /// Whether there are so many findings that only an analysis of the whole says which of them there are.
    fn is_beyond_parts(&self) -> bool {
        self.kept.unresolved.len() >= MANY_UNRESOLVED || self.kept.is_full(self.most_kept)
    }

    /// Whether everything can be read, so that what nothing uses can be told.
    fn is_complete(&self) -> bool {
        self.unread == 0 && self.kept.is_resolved()
    }

    /// Counts what a file says now instead of what it said.
    fn count(&mut self, file: FileId, before: &Document, reading: &Found) {
        let (now, found) = (&self.workspace.documents[file.index()], &self.workspace.reading[file.index()]);
        self.claims = self.claims + now.claims.len() - before.claims.len();
        self.unread = self.unread + found.count() - reading.count();
        // Findings at the same bytes may show in other lines.
        if !found.is_empty() || !reading.is_empty() {
            self.kept.change(file);
        }
    }
}

/// Tells an observer that what it was handed is about to change.
fn withdraw(observer: Option<&dyn ReadObserver>) {
    if let Some(observer) = observer {
        observer.withdraw();
    }
}

/// The file of a home.
fn file_of(index: &DefinitionIndex, home: Home) -> FileId {
    match home {
        Home::Entry(entry) => index.file_of(entry),
        Home::File(file) => file,
    }
}
