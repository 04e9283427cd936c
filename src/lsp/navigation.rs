//! From a name to where it is defined and to where it is mentioned.

use gen_lsp_types::{
    DefinitionParams, DefinitionResponse, DocumentHighlight, DocumentHighlightParams, Location,
    ReferenceParams,
};

use super::requests::Refused;
use super::session::Session;

/// Where what stands at a position is defined.
pub(super) fn definition(
    session: &mut Session,
    params: &DefinitionParams,
) -> Result<Option<DefinitionResponse>, Refused> {
    let _ = (session, params);
    Ok(None)
}

/// Where else it is spoken of.
pub(super) fn references(
    session: &mut Session,
    params: &ReferenceParams,
) -> Result<Option<Vec<Location>>, Refused> {
    let _ = (session, params);
    Ok(None)
}

/// Where in this file.
pub(super) fn highlights(
    session: &mut Session,
    params: &DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>, Refused> {
    let _ = (session, params);
    Ok(None)
}
