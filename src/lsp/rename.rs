//! Ids renamed in all files at once.

use gen_lsp_types::{PrepareRenameParams, PrepareRenameResult, RenameParams, WorkspaceEdit};

use super::requests::Refused;
use super::session::Session;

/// Whether what stands at a position can be renamed, and what it is called.
pub(super) fn prepare(
    session: &mut Session,
    params: &PrepareRenameParams,
) -> Result<Option<PrepareRenameResult>, Refused> {
    let _ = (session, params);
    Ok(None)
}

/// The edits that give it another name.
pub(super) fn rename(session: &mut Session, params: &RenameParams) -> Result<Option<WorkspaceEdit>, Refused> {
    let _ = (session, params);
    Ok(None)
}
