//! Everything that is needed to answer requests: the workspaces, the capabilities of the editor, and the settings.

use std::path::Path;

use gen_lsp_types::Uri;

use super::capabilities::EditorCapabilities;
use super::events::Outbox;
use super::position;
use super::session::Session;
use super::settings::LspSettings;

/// The workspaces that requests are answered from, with capabilities and settings.
pub(super) struct Responder {
    pub(super) sessions: Vec<Session>,
    pub(super) editor: EditorCapabilities,
    pub(super) settings: LspSettings,
    pub(super) outbox: Outbox,
}

impl Responder {
    /// The innermost workspace that contains a file.
    pub(super) fn session_of(&mut self, path: &Path) -> Option<&mut Session> {
        let holding = self.sessions.iter_mut().filter(|session| session.contains(path));
        holding.max_by_key(|session| session.root().as_os_str().len())
    }

    /// The workspace of the file with this URI.
    pub(super) fn session(&mut self, uri: &Uri) -> Option<&mut Session> {
        self.session_of(&position::path_from_uri(uri)?)
    }
}
