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
        let at = self.index_of(path)?;
        self.sessions.get_mut(at)
    }

    /// The index of the innermost workspace that contains a file. The answer for a file that is not open depends on the
    /// disk, where other programs create and delete files: ask once for one decision.
    pub(super) fn index_of(&self, path: &Path) -> Option<usize> {
        let holding = self.sessions.iter().enumerate().filter(|(_, session)| session.contains(path));
        holding.max_by_key(|(_, session)| session.root().as_os_str().len()).map(|(at, _)| at)
    }

    /// The workspace of the file with this URI.
    pub(super) fn session(&mut self, uri: &Uri) -> Option<&mut Session> {
        self.session_of(&position::path_from_uri(uri)?)
    }
}
