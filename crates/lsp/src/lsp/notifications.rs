//! Notifications about files, folders and settings, and the opening and closing of texts.

use std::path::{Path, PathBuf};

use gen_lsp_types::{
    DidChangeConfigurationNotification, DidChangeWatchedFilesNotification,
    DidChangeWorkspaceFoldersNotification, InlayHintRefreshRequest, MessageType, WorkspaceFolder,
};
use lsp_server::Notification;

use super::position;
use super::texts::OpenText;
use super::worker::Worker;

/// Dispatches a notification; unknown methods are ignored.
struct NotificationDispatcher<'s> {
    worker: &'s mut Worker,
    notification: Option<Notification>,
}

impl NotificationDispatcher<'_> {
    /// Handles the notification if it is of type `N`. If its parameters cannot be read, the error is logged, because a
    /// notification has no response.
    fn on<N: gen_lsp_types::Notification>(&mut self, handle: impl Fn(&mut Worker, N::Params)) -> &mut Self {
        let Some(sent) = self.notification.take_if(|sent| sent.method == N::METHOD.as_str()) else {
            return self;
        };
        match serde_json::from_value(sent.params) {
            Ok(params) => handle(self.worker, params),
            Err(error) => {
                let message = format!("cannot read `{}`: {error}", sent.method);
                self.worker.responder.outbox.log(MessageType::Error, message);
            }
        }
        self
    }
}

fn paths(folders: &[WorkspaceFolder]) -> Vec<PathBuf> {
    folders.iter().filter_map(|folder| position::path_from_uri(&folder.uri)).collect()
}

impl Worker {
    /// Handles a notification.
    pub(super) fn handle_notification(&mut self, notification: Notification) {
        let mut dispatcher = NotificationDispatcher { worker: self, notification: Some(notification) };
        dispatcher
            .on::<DidChangeWatchedFilesNotification>(|worker, params| {
                for path in params.changes.iter().filter_map(|change| position::path_from_uri(&change.uri)) {
                    worker.path_changed_on_disk(&path);
                }
            })
            .on::<DidChangeConfigurationNotification>(|worker, params| worker.reconfigure(&params.settings))
            .on::<DidChangeWorkspaceFoldersNotification>(|worker, params| {
                worker.folders_changed(&paths(&params.event.removed), &paths(&params.event.added));
            });
    }

    /// Applies settings that changed while files are open.
    fn reconfigure(&mut self, values: &serde_json::Value) {
        let before = self.responder.settings.clone();
        self.configure(Some(values));
        let settings = &self.responder.settings;
        let hints_changed = before.hints != settings.hints;
        if (&before.path, &before.texts) != (&settings.path, &settings.texts) {
            let texts = self.close_workspaces(|_| true);
            for folder in std::mem::take(&mut self.folders) {
                self.add_folder(&folder);
            }
            self.load();
            self.reopen(texts);
        }
        if hints_changed && self.responder.editor.refreshes_hints {
            self.responder.outbox.ask::<InlayHintRefreshRequest>(());
        }
    }

    /// Updates the workspaces after folders were removed from the editor or added to it.
    fn folders_changed(&mut self, removed: &[PathBuf], added: &[PathBuf]) {
        let is_removed = |path: &Path| removed.iter().any(|gone| path.starts_with(gone));
        self.folders.retain(|folder| !is_removed(folder));
        // A single file may belong to one of the new folders.
        let texts = self.close_workspaces(|session| is_removed(session.root()) || session.is_single_file());
        for folder in added {
            self.add_folder(folder);
        }
        self.load();
        self.reopen(texts);
    }

    /// Adds a text that the editor opened to its workspace.
    pub(super) fn open_text(&mut self, path: PathBuf, text: OpenText) {
        if path.is_dir() {
            return;
        }
        let mut holder = self.responder.index_of(&path);
        if holder.is_none() {
            // The file may be new on the disk.
            let sessions = self.responder.sessions.iter_mut();
            for session in sessions.filter(|session| path.starts_with(session.root())) {
                session.reread_disk();
                session.apply_pending();
            }
            holder = self.responder.index_of(&path);
        }
        if holder.is_none() {
            // A file outside of all workspaces gets one of its own.
            self.add(&path, false);
            self.load();
            holder = self.responder.index_of(&path);
        }
        if let Some(session) = holder.and_then(|at| self.responder.sessions.get_mut(at)) {
            session.open(path, text);
        }
    }

    /// Uses the text on the disk again, after the editor closed the file.
    pub(super) fn close_text(&mut self, path: &Path) {
        let Some(session) = self.responder.session_of(path) else { return };
        session.close(path);
        if session.is_single_file() {
            let root = session.root().to_owned();
            self.close_workspaces(|session| session.root() == root);
        }
    }

    /// Reads a file or folder again that another program may have changed.
    fn path_changed_on_disk(&mut self, path: &Path) {
        let is_file = path.extension().is_some_and(|it| it == "yaml" || it == "yml");
        let sessions = self.responder.sessions.iter_mut();
        for session in sessions.filter(|session| path.starts_with(session.root())) {
            if is_file {
                session.changed_on_disk(path.to_owned());
            } else {
                // A folder with all its files, or a file such as `.gitignore`.
                session.reread_disk();
            }
        }
    }
}
