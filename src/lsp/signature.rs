//! How a value may be worded, while it is being written.

use gen_lsp_types::{SignatureHelp, SignatureHelpParams};

use super::requests::Refused;
use super::session::Session;

/// The wordings that the value at a position may have.
pub(super) fn help(
    session: &mut Session,
    params: &SignatureHelpParams,
) -> Result<Option<SignatureHelp>, Refused> {
    let _ = (session, params);
    Ok(None)
}
