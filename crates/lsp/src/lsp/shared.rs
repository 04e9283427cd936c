//! State that is shared between the threads of the server: the settings, and the open workspaces as last read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::settings::{AnalysisHook, LspSettings};
use gainsay_analysis::workspace::{ReadObserver, ReadWorkspace};
use gainsay_folder::folder::Access;

/// The open workspaces, and the settings.
#[derive(Debug, Default)]
pub(super) struct WorkspaceRegistry {
    workspaces: Mutex<Vec<Arc<SharedWorkspace>>>,
    settings: Mutex<LspSettings>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Values behind these locks are replaced as a whole, so a panic cannot leave one half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl WorkspaceRegistry {
    pub(super) fn set_workspaces(&self, workspaces: Vec<Arc<SharedWorkspace>>) {
        *lock(&self.workspaces) = workspaces;
    }

    pub(super) fn set_settings(&self, settings: LspSettings) {
        *lock(&self.settings) = settings;
    }

    pub(super) fn settings(&self) -> LspSettings {
        lock(&self.settings).clone()
    }

    pub(super) fn workspaces(&self) -> Vec<Arc<SharedWorkspace>> {
        lock(&self.workspaces).clone()
    }

    /// The innermost workspace that contains a path.
    pub(super) fn workspace_of(&self, path: &Path) -> Option<Arc<SharedWorkspace>> {
        let around = self.workspaces().into_iter().filter(|workspace| path.starts_with(&workspace.root));
        around.max_by_key(|workspace| workspace.root.as_os_str().len())
    }
}

/// The part of a workspace that other threads than the analysis thread can see.
#[derive(Debug)]
pub(super) struct SharedWorkspace {
    /// The folder or the single file.
    pub(super) root: PathBuf,
    /// Whether the folder is known to be a folder of claim files. Otherwise a file is only a claim file if it has a
    /// section of one.
    pub(super) is_given: bool,
    /// The folder of archived texts, if one is set.
    pub(super) texts: Option<PathBuf>,
    /// How the files may be read.
    pub(super) access: Access,
    before_analysis: Option<AnalysisHook>,
    state: Mutex<SharedState>,
    published: Condvar,
}

#[derive(Debug, Default)]
struct SharedState {
    read: Option<ReadWorkspace>,
    /// The number of changes.
    revision: u64,
}

impl SharedWorkspace {
    /// A workspace that is not read yet.
    pub(super) fn new(root: &Path, is_given: bool, texts: Option<&Path>, settings: &LspSettings) -> Self {
        Self {
            root: root.to_owned(),
            is_given,
            texts: texts.map(Path::to_owned),
            access: settings.access.clone(),
            before_analysis: settings.before_analysis.clone(),
            state: Mutex::default(),
            published: Condvar::new(),
        }
    }

    /// The workspace as last read, with its revision; none if it was not read yet. If a change is being applied, waits
    /// for it, but at most for `patience`.
    pub(super) fn latest(&self, patience: Duration) -> Option<(u64, ReadWorkspace)> {
        let is_changing = |state: &mut SharedState| state.read.is_none() && state.revision > 0;
        let state = lock(&self.state);
        let waited = self.published.wait_timeout_while(state, patience, is_changing);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.read.clone().map(|read| (state.revision, read))
    }
}

impl ReadObserver for SharedWorkspace {
    fn publish(&self, read: ReadWorkspace) {
        lock(&self.state).read = Some(read);
        self.published.notify_all();
    }

    fn withdraw(&self) {
        let mut state = lock(&self.state);
        let withdrawn = state.read.take();
        state.revision += 1;
        drop((state, withdrawn));
    }

    fn before_analysis(&self) {
        if let Some(hook) = &self.before_analysis {
            hook.call();
        }
    }
}
