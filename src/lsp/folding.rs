//! What can be folded away.

use gen_lsp_types::{FoldingRange, FoldingRangeParams};

use super::requests::Refused;
use super::session::Session;

/// The folds of a file.
pub(super) fn folds(
    session: &mut Session,
    params: &FoldingRangeParams,
) -> Result<Option<Vec<FoldingRange>>, Refused> {
    let _ = (session, params);
    Ok(None)
}
