//! Renames ids in all files, with the same code as `gainsay rename`.

use gen_lsp_types::{
    PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult, RenameParams, WorkspaceEdit,
};
use smol_str::SmolStr;

use super::error::RequestError;
use super::id_at_cursor::IdAtCursor;
use super::session::Session;
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::model::is_built_in;
use gainsay_edit::edit;

/// Checks whether the id at a position can be renamed, and returns its range and its text.
pub(super) fn prepare(
    session: &mut Session,
    params: &PrepareRenameParams,
) -> Result<Option<PrepareRenameResult>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let Some(named) = session.id_at_cursor(file, byte) else { return Ok(None) };
    let (kind, name) = session.renamable_thing(&named)?;
    let id = short_id(kind, &name);
    if session.source(file).slice(named.span) != id {
        let why =
            format!("`{id}` is written with escapes or over several lines here; write it without them first");
        return Err(why.into());
    }
    let placeholder = id.to_owned();
    let range = session.range(file, named.span);
    Ok(Some(PrepareRenameResult::PrepareRenamePlaceholder(PrepareRenamePlaceholder { range, placeholder })))
}

/// The edits that rename the id at a position.
pub(super) fn rename(
    session: &mut Session,
    params: &RenameParams,
) -> Result<Option<WorkspaceEdit>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let named = session.id_at_cursor(file, byte).ok_or("there is no id here")?;
    let (kind, name) = session.renamable_thing(&named)?;
    let analysis = session.whole_analysis()?;
    let (workspace, options) = (session.incremental().workspace(), session.incremental().options());
    let renamed = edit::rename(workspace, &analysis, options, Some(kind), &name, params.new_name.trim());
    let renamed = renamed.map_err(|why| why.to_string())?;
    Ok(Some(session.workspace_edit(&renamed.changes)?))
}

/// The id without the source; only the name of a claim has one.
fn short_id(kind: Kind, name: &str) -> &str {
    match kind {
        Kind::Claim => name.rsplit_once('/').map_or(name, |(_, claim)| claim),
        _ => name,
    }
}

impl Session {
    /// The thing that an id names. Returns an error if it is ambiguous or cannot be renamed.
    fn renamable_thing(&self, named: &IdAtCursor) -> Result<(Kind, SmolStr), RequestError> {
        let [(kind, name)] = named.things.as_slice() else {
            let kinds: Vec<&str> = named.things.iter().map(|(kind, _)| kind.name()).collect();
            let why = format!("this could be {}: rename it where it is defined", kinds.join(" or "));
            return Err(why.into());
        };
        let (id, what) = (short_id(*kind, name), kind.name());
        if self.incremental().index().definitions(*kind, name).next().is_some() {
            return Ok((*kind, name.clone()));
        }
        if is_built_in(*kind, name) {
            return Err(format!("the {what} `{id}` is built in and cannot be renamed").into());
        }
        Err(format!("the {what} `{id}` is not defined").into())
    }
}
