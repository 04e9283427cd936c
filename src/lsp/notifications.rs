//! What the editor tells without asking for an answer: texts that open, change and close, files and folders that
//! come and go, settings.

use std::path::{Path, PathBuf};

use gen_lsp_types::{
    DidChangeConfigurationNotification, DidChangeTextDocumentNotification, DidChangeWatchedFilesNotification,
    DidChangeWorkspaceFoldersNotification, DidCloseTextDocumentNotification, DidOpenTextDocumentNotification,
    InlayHintRefreshRequest, MessageType, Notification as _, Uri,
};
use lsp_server::Notification;

use super::place;
use super::server::Server;

impl Server<'_> {
    /// Takes in what the editor says.
    pub(super) fn hear(&mut self, notification: Notification) {
        let method = notification.method.clone();
        let is = |known: gen_lsp_types::LspNotificationMethod<'_>| method == known.as_str();
        if is(DidOpenTextDocumentNotification::METHOD) {
            if let Some(params) = self.params::<DidOpenTextDocumentNotification>(&notification) {
                let document = params.text_document;
                self.opened(document.uri, document.version, document.text);
            }
        } else if is(DidChangeTextDocumentNotification::METHOD) {
            if let Some(params) = self.params::<DidChangeTextDocumentNotification>(&notification) {
                let (uri, version) =
                    (params.text_document.text_document_identifier.uri, params.text_document.version);
                let path = place::path(&uri);
                let open = path.and_then(|path| self.session_of(&path).map(|session| (path, session)));
                if let Some((path, session)) = open {
                    session.typed(&path, version, params.content_changes);
                }
            }
        } else if is(DidCloseTextDocumentNotification::METHOD) {
            if let Some(params) = self.params::<DidCloseTextDocumentNotification>(&notification)
                && let Some(path) = place::path(&params.text_document.uri)
            {
                self.closed(&path);
            }
        } else if is(DidChangeWatchedFilesNotification::METHOD) {
            if let Some(params) = self.params::<DidChangeWatchedFilesNotification>(&notification) {
                for path in params.changes.iter().filter_map(|change| place::path(&change.uri)) {
                    self.touched(&path);
                }
            }
        } else if is(DidChangeConfigurationNotification::METHOD) {
            if let Some(params) = self.params::<DidChangeConfigurationNotification>(&notification) {
                self.reconfigure(&params.settings);
            }
        } else if is(DidChangeWorkspaceFoldersNotification::METHOD) {
            if let Some(params) = self.params::<DidChangeWorkspaceFoldersNotification>(&notification) {
                let paths = |folders: &[gen_lsp_types::WorkspaceFolder]| -> Vec<PathBuf> {
                    folders.iter().filter_map(|folder| place::path(&folder.uri)).collect()
                };
                self.folders_changed(&paths(&params.event.removed), &paths(&params.event.added));
            }
        }
    }

    /// The parameters of a notification; what cannot be read is logged, since nobody waits for an answer.
    fn params<N: gen_lsp_types::Notification>(&self, notification: &Notification) -> Option<N::Params> {
        match serde_json::from_value(notification.params.clone()) {
            Ok(params) => Some(params),
            Err(error) => {
                self.log(MessageType::Error, format!("cannot read `{}`: {error}", notification.method));
                None
            }
        }
    }

    /// Takes in settings that changed while files are open.
    fn reconfigure(&mut self, said: &serde_json::Value) {
        let before = self.settings.clone();
        self.configure(Some(said));
        if (&before.path, &before.texts) != (&self.settings.path, &self.settings.texts) {
            let texts = self.leave(|_| true);
            for folder in std::mem::take(&mut self.folders) {
                self.begin_in(&folder);
            }
            self.reopen(texts);
        }
        if before.hints != self.settings.hints && self.editor.refreshes_hints {
            self.ask::<InlayHintRefreshRequest>(());
        }
    }

    /// Folders left the editor's workspace, and others joined it.
    fn folders_changed(&mut self, removed: &[PathBuf], added: &[PathBuf]) {
        let is_removed = |path: &Path| removed.iter().any(|gone| path.starts_with(gone));
        self.folders.retain(|folder| !is_removed(folder));
        // A file that was of no workspace may be of one that comes.
        let texts = self.leave(|session| is_removed(session.root()) || session.is_one_file());
        for folder in added {
            self.begin_in(folder);
        }
        self.reopen(texts);
    }

    /// Takes in a text that the editor opens.
    pub(super) fn opened(&mut self, uri: Uri, version: i32, text: String) {
        let Some(path) = place::path(&uri).filter(|path| !path.is_dir()) else { return };
        if self.session_of(&path).is_none() {
            // It may have come to the disk a moment ago.
            for session in self.sessions.iter_mut().filter(|session| path.starts_with(session.root())) {
                session.look_at_disk();
                session.settle();
            }
        }
        if self.session_of(&path).is_none() {
            // A file of no workspace is one by itself.
            self.open(path.clone(), false);
        }
        if let Some(session) = self.session_of(&path) {
            session.opened(path, uri, version, text);
        }
    }

    fn closed(&mut self, path: &Path) {
        let Some(session) = self.session_of(path) else { return };
        session.closed(path);
        if session.is_one_file() {
            let root = session.root().to_owned();
            self.leave(|session| session.root() == root);
        }
    }

    /// Something outside of the editor may have changed what is at a path.
    fn touched(&mut self, path: &Path) {
        let is_file = path.extension().is_some_and(|it| it == "yaml" || it == "yml");
        for session in self.sessions.iter_mut().filter(|session| path.starts_with(session.root())) {
            if is_file {
                session.touched(path.to_owned());
            } else {
                // A folder with whatever is in it, or what says which files are ignored.
                session.look_at_disk();
            }
        }
    }
}
