//! Above a claim: how many answer its question, and how many of them clash.

use gen_lsp_types::{CodeLens, CodeLensParams};

use super::requests::Refused;
use super::session::Session;

/// The lenses of a file.
pub(super) fn lenses(
    session: &mut Session,
    params: &CodeLensParams,
) -> Result<Option<Vec<CodeLens>>, Refused> {
    let _ = (session, params);
    Ok(None)
}
