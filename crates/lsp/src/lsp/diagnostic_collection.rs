//! The diagnostics of each file, and which of them the editor has.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types::Diagnostic;

use gainsay_analysis::id::{FileId, Id as _};

/// The diagnostics of each file, and which of them the editor has.
///
/// A finding belongs to one file, but its diagnostics can be shown in several: each label has one. Diagnostics are made
/// late. First those that are shown in open files are made, the others when the editor is quiet.
#[derive(Default)]
pub(super) struct DiagnosticCollection {
    /// The diagnostics that are shown in each file, by the file whose findings they are made from.
    pub(super) by_file: Vec<BTreeMap<FileId, Vec<Diagnostic>>>,
    /// For each file, the files in which its findings are shown.
    pub(super) shown_in: Vec<BTreeSet<FileId>>,
    /// Files whose findings changed. Their diagnostics are not made yet, in no file.
    pub(super) unmade: BTreeSet<FileId>,
    /// Files whose findings changed. Their diagnostics are made only in the files of `made_for`.
    pub(super) partly_made: BTreeSet<FileId>,
    /// The files in which the diagnostics of `partly_made` are made.
    pub(super) made_for: Vec<FileId>,
    /// Files with diagnostics that the editor does not have yet.
    pub(super) unpublished: BTreeSet<FileId>,
    /// The paths of files for which the editor has diagnostics. If such a file is removed, they must be cleared.
    pub(super) published_paths: BTreeSet<String>,
    /// Whether a path of `published_paths` may belong to a file that was removed.
    pub(super) may_have_removed_files: bool,
    /// Files with a new text. They may have become claim files, or may no longer be.
    reread: BTreeSet<FileId>,
    /// The result id of the diagnostics of a file, if it was asked for.
    pub(super) result_ids: BTreeMap<FileId, String>,
    /// Whether any findings changed since this was last asked.
    has_news: bool,
}

impl DiagnosticCollection {
    /// Notes that the text of a file changed. Its diagnostics are published even if they stay the same, so that the
    /// editor knows that they are up to date.
    pub(super) fn text_changed(&mut self, file: FileId) {
        self.unpublished.insert(file);
        self.reread.insert(file);
    }

    /// Notes that the findings of these files changed, or that their texts did.
    pub(super) fn findings_changed(&mut self, files: Vec<FileId>) {
        self.has_news |= !files.is_empty();
        self.unmade.extend(files);
        self.unmade.append(&mut self.reread);
    }

    /// Whether any findings changed since this was last asked.
    pub(super) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.has_news)
    }

    /// Whether there are diagnostics that the editor does not have yet.
    pub(super) fn has_more(&self) -> bool {
        let are_all_made = self.unmade.is_empty() && self.partly_made.is_empty();
        !are_all_made || !self.unpublished.is_empty() || self.may_have_removed_files
    }

    /// Notes that the diagnostics shown in a file changed.
    pub(super) fn diagnostics_changed(&mut self, file: FileId) {
        self.unpublished.insert(file);
        self.result_ids.remove(&file);
    }

    /// Forgets all diagnostics, for a workspace that was read again and has this number of files. The
    /// published paths are kept.
    pub(super) fn reset(&mut self, files: usize) {
        self.by_file = vec![BTreeMap::new(); files];
        self.shown_in = vec![BTreeSet::new(); files];
        self.unpublished = (0..files).map(FileId::new).collect();
        self.may_have_removed_files = true;
        self.reread.clear();
        self.partly_made.clear();
        self.unmade.clear();
        self.result_ids.clear();
        self.has_news = true;
    }
}
