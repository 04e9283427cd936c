//! Ids renamed in all files at once, by the engine of `gainsay rename`.

use gen_lsp_types::{
    PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult, RenameParams, WorkspaceEdit,
};
use smol_str::SmolStr;

use super::error::RequestError;
use super::id_at_cursor::IdAtCursor;
use super::session::Session;
use crate::document::mention::Kind;
use crate::edit;
use crate::model::is_built_in;

/// Whether what stands at a position can be renamed, and what it is called.
pub(super) fn prepare(
    session: &mut Session,
    params: &PrepareRenameParams,
) -> Result<Option<PrepareRenameResult>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let Some(named) = session.id_at_cursor(file, byte) else { return Ok(None) };
    let (kind, name) = session.the_one(&named)?;
    let id = short(kind, &name);
    if session.source(file).slice(named.span) != id {
        let why = format!("`{id}` is written with escapes or in lines of its own here; write it plainly");
        return Err(why.into());
    }
    let placeholder = id.to_owned();
    let range = session.range(file, named.span);
    Ok(Some(PrepareRenameResult::PrepareRenamePlaceholder(PrepareRenamePlaceholder { range, placeholder })))
}

/// The edits that give it another name.
pub(super) fn rename(
    session: &mut Session,
    params: &RenameParams,
) -> Result<Option<WorkspaceEdit>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let named = session.id_at_cursor(file, byte).ok_or("nothing that has a name stands here")?;
    let (kind, name) = session.the_one(&named)?;
    let analysis = session.whole_analysis()?;
    let (workspace, options) = (session.incremental().workspace(), session.incremental().options());
    let renamed = edit::rename(workspace, &analysis, options, Some(kind), &name, params.new_name.trim());
    let renamed = renamed.map_err(|why| why.to_string())?;
    Ok(Some(session.workspace_edit(&renamed.changes)?))
}

/// The id of a thing: of a claim the part within its source.
fn short(kind: Kind, name: &str) -> &str {
    match kind {
        Kind::Claim => name.rsplit_once('/').map_or(name, |(_, claim)| claim),
        _ => name,
    }
}

impl Session {
    /// The one thing that is named, if it can be renamed.
    fn the_one(&self, named: &IdAtCursor) -> Result<(Kind, SmolStr), RequestError> {
        let [(kind, name)] = named.things.as_slice() else {
            let kinds: Vec<&str> = named.things.iter().map(|(kind, _)| kind.name()).collect();
            let why = format!("this may be {}: rename it where it is defined", kinds.join(" or "));
            return Err(why.into());
        };
        let (id, what) = (short(*kind, name), kind.name());
        if self.incremental().index().definitions(*kind, name).next().is_some() {
            return Ok((*kind, name.clone()));
        }
        if is_built_in(*kind, name) {
            return Err(format!("the {what} `{id}` is built in and keeps its name").into());
        }
        Err(format!("nothing defines the {what} `{id}`").into())
    }
}
