//! Analyses of a part of a workspace as they are asked for: all that is to be known of some entries, or of all.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::kept::{Home, Sort};
use super::slice::Slice;
use super::touched::Touched;
use super::{FEW, Standing};
use crate::document::mention::Kind;
use crate::finding::Finding;
use crate::id::{EntryId, FileId, Id as _};
use crate::source::Span;
use crate::workspace::Analysis;
use crate::workspace::examined::View;
use crate::workspace::index::Beyond;

/// An analysis of all that is around the entries of a file.
#[derive(Debug)]
pub(super) struct Around {
    file: FileId,
    entries: FxHashSet<EntryId>,
    files: FxHashSet<FileId>,
    analysis: Arc<Analysis>,
}

impl Around {
    /// Whether a change of a file that touches these entries touches it: it knows places in the file, or claims that
    /// are others now.
    pub(super) fn is_touched(&self, file: FileId, touched: &FxHashSet<EntryId>) -> bool {
        self.file == file
            || self.files.contains(&file)
            || touched.iter().any(|entry| self.entries.contains(entry))
    }
}

impl Standing {
    /// An analysis that says of everything in a file what that of the whole workspace says: its claims, the
    /// questions they answer with all answers, positions and findings, and whatever it names. Of the rest of the
    /// workspace it may know nothing. It is made when first asked for, and again once a change touched it.
    pub fn around(&mut self, file: FileId) -> Arc<Analysis> {
        if let Some(known) = self.around.iter().find(|around| around.file == file) {
            return Arc::clone(&known.analysis);
        }
        let Some((analysis, slice)) = self.part(file, self.index.entries(file)) else { return self.whole() };
        let files = slice.documents.iter().map(|(file, _)| *file).collect();
        let analysis = Arc::new(analysis);
        let kept = Arc::clone(&analysis);
        self.around.push(Around { file, entries: slice.entries, files, analysis });
        kept
    }

    /// The same of what stands at a place of a file; it is made anew each time.
    pub fn around_place(&mut self, file: FileId, span: Span) -> Arc<Analysis> {
        let entries: Vec<EntryId> = self.index.entries_in(file, span).collect();
        match self.part(file, &entries) {
            Some((analysis, _)) => Arc::new(analysis),
            None => self.whole(),
        }
    }

    /// The analysis of the whole workspace, made when it is asked for after a change.
    pub fn whole(&mut self) -> Arc<Analysis> {
        let whole = self.whole.get_or_insert_with(|| Arc::new(self.workspace.analyse(&self.options)));
        Arc::clone(whole)
    }

    /// The analysis of what is around some entries of a file; none where that is most of the workspace.
    fn part(&self, file: FileId, entries: &[EntryId]) -> Option<(Analysis, Slice)> {
        let mut touched = Touched::new(&self.index);
        for &entry in entries {
            touched.add(entry);
        }
        let touched = touched.entries;
        let claims = touched.iter().filter(|&&entry| self.index.kind(entry) == Kind::Claim).count();
        if self.claims > FEW && claims * 4 > self.claims * 3 {
            return None;
        }
        let slice = Slice::around(&self.index, &self.workspace, &touched, &[]);
        let documents = slice.as_documents();
        let view = View {
            files: self.workspace.files(),
            documents: &documents,
            options: &self.options,
            elsewhere: &Beyond::new(&self.index, touched.iter().copied()),
        };
        let examined = view.examine(Some(crate::rules::Scope::Claims), |_| self.is_complete());
        let mut otherwise: Vec<Finding> = self.workspace.reading[file.index()].clone();
        let names = entries.iter().flat_map(|&entry| self.kept.at(Home::Entry(entry)));
        let names = names.filter(|kept| kept.sort == Sort::Names);
        otherwise.extend(names.map(|kept| kept.finding.clone()));
        Some((examined.in_order(otherwise), slice))
    }
}
