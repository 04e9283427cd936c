//! Links of a file: to the source in the web, and to its archived text.

use gen_lsp_types::{DocumentLink, DocumentLinkParams};

use super::requests::Refused;
use super::session::Session;

/// The links of a file.
pub(super) fn links(
    session: &mut Session,
    params: &DocumentLinkParams,
) -> Result<Option<Vec<DocumentLink>>, Refused> {
    let _ = (session, params);
    Ok(None)
}
