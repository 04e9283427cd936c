//! A workspace as read, for other threads to use while an analysis runs.
//!
//! Texts, documents and the index of definitions are shared. They are withdrawn before a change, and copied only if
//! another thread uses them at that moment.

use std::fmt;
use std::sync::Arc;

use super::{DefinitionIndex, Options, Workspace};
use crate::id::FileId;
use crate::source::Files;

/// The texts, documents and definitions of a workspace at one moment, without analysis results. Cloning is cheap: the
/// clones share everything.
#[derive(Clone, Debug)]
pub struct ReadWorkspace {
    pub(super) workspace: Arc<Workspace>,
    pub(super) index: Arc<DefinitionIndex>,
    pub(super) options: Arc<Options>,
}

impl ReadWorkspace {
    /// Indexes a workspace. The options are the default ones.
    pub fn new(workspace: Workspace) -> Self {
        let index = Arc::new(DefinitionIndex::new(&workspace));
        Self { workspace: Arc::new(workspace), index, options: Arc::default() }
    }

    /// The texts.
    pub fn files(&self) -> &Files {
        self.workspace.files()
    }

    /// Replaces the text of a file, reads it and updates the index. Other clones keep the old text.
    pub fn replace(&mut self, file: FileId, text: Arc<str>) {
        let read = self.workspace.read_text(file, &text);
        Arc::make_mut(&mut self.index).replace(file, &read.0);
        Arc::make_mut(&mut self.workspace).exchange(file, text, read);
    }
}

/// Receives an incremental workspace as read, before it is analysed.
pub trait ReadObserver: fmt::Debug + Send + Sync {
    /// Receives the workspace as read. Nothing in it changes until [`Self::withdraw`].
    fn publish(&self, read: ReadWorkspace);

    /// Called before the workspace changes: the one published last must not be handed out any more.
    fn withdraw(&self);

    /// Called before an analysis, which may take long.
    fn before_analysis(&self) {}
}
