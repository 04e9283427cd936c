//! A workspace as it was read, for other threads while an analysis of it runs.
//!
//! Texts, documents and the index of definitions are shared, not copied. They are withdrawn before a change, and
//! copied only if another thread uses them at that moment.

use std::fmt;
use std::sync::Arc;

use super::{DefinitionIndex, Options, Workspace};
use crate::id::FileId;
use crate::source::Files;

/// The texts, documents and definitions of a workspace at one moment, without what an analysis finds in them.
/// A clone shares all of it.
#[derive(Clone, Debug)]
pub struct ReadWorkspace {
    pub(super) workspace: Arc<Workspace>,
    pub(super) index: Arc<DefinitionIndex>,
    pub(super) options: Arc<Options>,
}

impl ReadWorkspace {
    /// A workspace with its index.
    pub fn new(workspace: Workspace) -> Self {
        let index = Arc::new(DefinitionIndex::new(&workspace));
        Self { workspace: Arc::new(workspace), index, options: Arc::default() }
    }

    /// The texts.
    pub fn files(&self) -> &Files {
        self.workspace.files()
    }

    /// Replaces the text of a file, reads it and updates the index. Other clones keep the text before.
    pub fn replace(&mut self, file: FileId, text: Arc<str>) {
        let read = self.workspace.read_text(file, &text);
        Arc::make_mut(&mut self.index).replace(file, &read.0);
        Arc::make_mut(&mut self.workspace).exchange(file, text, read);
    }
}

/// Receives the files of an incremental workspace as read, before they are analysed.
pub trait ReadObserver: fmt::Debug + Send + Sync {
    /// The workspace as read; nothing in it changes until [`Self::withdraw`].
    fn publish(&self, read: ReadWorkspace);

    /// The workspace is about to change: the one published last must not be handed out any more.
    fn withdraw(&self);

    /// An analysis begins, which may take long.
    fn before_analysis(&self) {}
}
