//! What a file and a workspace define, to jump to.

use gen_lsp_types::{
    DocumentSymbolParams, DocumentSymbolResponse, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use super::requests::Refused;
use super::server::Server;
use super::session::Session;

/// The outline of a file.
pub(super) fn of_document(
    session: &mut Session,
    params: &DocumentSymbolParams,
) -> Result<Option<DocumentSymbolResponse>, Refused> {
    let _ = (session, params);
    Ok(None)
}

/// What is defined in any file under a name like the one asked for.
pub(super) fn of_workspace(
    server: &mut Server<'_>,
    params: &WorkspaceSymbolParams,
) -> Result<Option<WorkspaceSymbolResponse>, Refused> {
    let _ = (server, params);
    Ok(None)
}
