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

use super::{Analysis, Index, Options, Workspace};
use crate::document::mention::Kind;
use crate::finding::{Finding, Found, Limit, Omitted};
use crate::id::{EntryId, FileId, Id as _};
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
pub struct Standing {
    workspace: Workspace,
    options: Options,
    index: Index,
    kept: Kept,
    /// How many findings reading all files came to.
    unread: usize,
    /// How many claims there are.
    claims: usize,
    around: Option<Around>,
    pieces: Vec<KeptPiece>,
    whole: Option<Arc<Analysis>>,
    /// How many claims were looked at for the last change.
    looked_at: usize,
    /// So many findings are kept of one lint.
    most_kept: usize,
}

impl Standing {
    /// Analyses a workspace for the first time.
    pub fn new(workspace: Workspace, options: Options) -> Self {
        Self::keeping(MOST_KEPT, workspace, options)
    }

    /// The same, which keeps no more than so many findings of one lint. Where there are more, each change is analysed
    /// as a whole.
    pub fn keeping(most_kept: usize, workspace: Workspace, options: Options) -> Self {
        let index = Index::new(&workspace);
        let (files, limit) = (workspace.files().len(), workspace.limit);
        let mut standing = Self {
            unread: workspace.reading.iter().map(Found::count).sum(),
            claims: workspace.documents().iter().map(|document| document.claims.len()).sum(),
            workspace,
            options,
            index,
            kept: Kept::new(files, limit),
            around: None,
            pieces: Vec::new(),
            whole: None,
            looked_at: 0,
            most_kept,
        };
        standing.look_at_all();
        standing
    }

    /// Begins anew with another workspace, as where files came or went.
    pub fn reload(&mut self, workspace: Workspace) {
        *self = Self::keeping(self.most_kept, workspace, std::mem::take(&mut self.options));
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
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// How many claims were looked at for the last change: what it cost follows from that.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }

    /// Looks at the same texts with other options, such as archived texts that changed.
    pub fn look_with(&mut self, options: Options) {
        let workspace = std::mem::replace(&mut self.workspace, Workspace::read(Vec::new()));
        *self = Self::keeping(self.most_kept, workspace, options);
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

    /// Puts another text in the place of a file's and brings up to date what that touches.
    pub fn replace(&mut self, file: FileId, text: String) {
        if self.workspace.files()[file].text() == text {
            return;
        }
        let before = self.workspace.files()[file].clone();
        let (document, reading) = self.workspace.exchange(file, text);
        let was_complete = self.is_complete();
        self.count(file, &document, &reading);
        let now = &self.workspace.documents[file.index()];
        let changes = Changes::between(&mut self.index, file, &document, now);
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
        self.index.purge();
        if was_complete != self.is_complete() {
            let index = &self.index;
            self.kept.change_completeness(|home| file_of(index, home));
        }
        self.pieces.retain(|piece| !changes.is_everywhere && !piece.is_touched(&touched));
        (self.around, self.whole) = (None, None);
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
    fn count(&mut self, file: FileId, before: &crate::document::Document, reading: &Found) {
        let (now, found) = (&self.workspace.documents[file.index()], &self.workspace.reading[file.index()]);
        self.claims = self.claims + now.claims.len() - before.claims.len();
        self.unread = self.unread + found.count() - reading.count();
        // Findings at the same bytes may show in other lines.
        if !found.is_empty() || !reading.is_empty() {
            self.kept.change(file);
        }
    }
}

/// The file of a home.
fn file_of(index: &Index, home: Home) -> FileId {
    match home {
        Home::Entry(entry) => index.file_of(entry),
        Home::File(file) => file,
    }
}
