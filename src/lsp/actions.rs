//! What can be done about what stands under the cursor.

use gen_lsp_types::{CodeActionParams, CodeActionResponse};

use super::requests::Refused;
use super::session::Session;

/// The actions for a range of a file.
pub(super) fn actions(
    session: &mut Session,
    params: &CodeActionParams,
) -> Result<Option<Vec<CodeActionResponse>>, Refused> {
    let _ = (session, params);
    Ok(None)
}
