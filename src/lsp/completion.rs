//! What may stand where the cursor is.

use gen_lsp_types::{CompletionParams, CompletionResponse};

use super::requests::Refused;
use super::session::Session;

/// What may stand at a position.
pub(super) fn complete(
    session: &mut Session,
    params: &CompletionParams,
) -> Result<Option<CompletionResponse>, Refused> {
    let _ = (session, params);
    Ok(None)
}
