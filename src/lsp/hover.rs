//! What is known of the word under the cursor.

use gen_lsp_types::{Hover, HoverParams};

use super::requests::Refused;
use super::session::Session;

/// What is known of what stands at a position.
pub(super) fn hover(session: &mut Session, params: &HoverParams) -> Result<Option<Hover>, Refused> {
    let _ = (session, params);
    Ok(None)
}
