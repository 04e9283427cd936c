//! What a claim comes to, between its words: the party, the question, the range it reads as.

use gen_lsp_types::{InlayHint, InlayHintParams};

use super::requests::Refused;
use super::session::Session;

/// The hints in a range of a file.
pub(super) fn hints(
    session: &mut Session,
    params: &InlayHintParams,
) -> Result<Option<Vec<InlayHint>>, Refused> {
    let _ = (session, params);
    Ok(None)
}
