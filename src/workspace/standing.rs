//! A workspace that stays analysed while its texts change, for whoever edits it.

use std::sync::Arc;

use super::{Analysis, Index, Options, Workspace};
use crate::finding::Finding;
use crate::id::{FileId, Id as _};

/// A workspace with what is known of it now.
#[derive(Debug)]
pub struct Standing {
    workspace: Workspace,
    options: Options,
    index: Index,
    analysis: Arc<Analysis>,
    /// The findings of each file: those whose first label stands in it, by place.
    findings: Vec<Vec<Finding>>,
    /// Files whose findings are others since they were taken last.
    changed: Vec<FileId>,
}

impl Standing {
    /// Analyses a workspace for the first time.
    pub fn new(workspace: Workspace, options: Options) -> Self {
        let index = Index::new(&workspace);
        let analysis = Arc::new(workspace.analyse(&options));
        let files = workspace.files().len();
        let mut standing = Self {
            workspace,
            options,
            index,
            analysis,
            findings: vec![Vec::new(); files],
            changed: (0..files).map(FileId::new).collect(),
        };
        standing.findings = standing.by_file();
        standing
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

    /// Puts another text in the place of a file's and brings up to date what that touches.
    pub fn replace(&mut self, file: FileId, text: String) {
        self.workspace.replace(file, text);
        self.index.replace(file, &self.workspace.documents()[file.index()]);
        self.analysis = Arc::new(self.workspace.analyse(&self.options));
        let before = std::mem::take(&mut self.findings);
        self.findings = self.by_file();
        for (at, (before, now)) in before.iter().zip(&self.findings).enumerate() {
            let file = FileId::new(at);
            if before != now && !self.changed.contains(&file) {
                self.changed.push(file);
            }
        }
    }

    /// Looks at the same texts with other options, such as archived texts that changed.
    pub fn look_with(&mut self, options: Options) {
        let workspace = std::mem::replace(&mut self.workspace, Workspace::read(Vec::new()));
        *self = Self::new(workspace, options);
    }

    /// The findings whose first label stands in a file, by place: the same as those of [`Workspace::analyse`], but
    /// that the ids in their evidence are those of no analysis at hand.
    pub fn findings(&self, file: FileId) -> &[Finding] {
        &self.findings[file.index()]
    }

    /// The files whose findings are others than when they were taken last; all of them the first time.
    pub fn take_changed(&mut self) -> Vec<FileId> {
        std::mem::take(&mut self.changed)
    }

    /// An analysis that says of everything in a file what that of the whole workspace says: its claims, the
    /// questions they answer with all answers, positions and findings, and whatever it names. Of the rest of the
    /// workspace it may know nothing.
    pub fn around(&mut self, file: FileId) -> Arc<Analysis> {
        let _ = file;
        Arc::clone(&self.analysis)
    }

    /// The analysis of the whole workspace.
    pub fn whole(&mut self) -> Arc<Analysis> {
        Arc::clone(&self.analysis)
    }

    fn by_file(&self) -> Vec<Vec<Finding>> {
        let mut by_file = vec![Vec::new(); self.workspace.files().len()];
        for finding in &self.analysis.findings {
            if let Some(label) = finding.labels.first() {
                by_file[label.location.file.index()].push(finding.clone());
            }
        }
        for findings in &mut by_file {
            findings.sort_by_cached_key(Finding::lint_order);
        }
        by_file
    }
}
