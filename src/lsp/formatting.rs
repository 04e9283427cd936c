//! Files put in shape, as by the command line.

use gen_lsp_types::{DocumentFormattingParams, DocumentRangeFormattingParams, TextEdit};

use super::requests::Refused;
use super::session::Session;

/// The edits that put a file in shape.
pub(super) fn document(
    session: &mut Session,
    params: &DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Refused> {
    let _ = (session, params);
    Ok(None)
}

/// The same within a range.
pub(super) fn range(
    session: &mut Session,
    params: &DocumentRangeFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Refused> {
    let _ = (session, params);
    Ok(None)
}
