//! What leads out of the editor: the review desk in a browser, and the pages that explain rules.

use std::path::Path;

use gen_lsp_types::{ExecuteCommandParams, Uri};

use super::requests::Refused;
use super::server::Server;

/// Serves the review desk of a workspace until the process ends, and says at which address it is: the caller of
/// the language server brings it along, as it knows of the web. Asked again for the same folder it is the same desk.
pub type OpenDesk<'a> = dyn Fn(&Path, Option<&Path>) -> Result<String, String> + 'a;

/// Where a rule is explained.
pub(super) fn explained(rule: &str) -> Option<Uri> {
    let _ = rule;
    None
}

/// Does what a lens or an action names as a command.
pub(super) fn execute(
    server: &mut Server<'_>,
    params: &ExecuteCommandParams,
) -> Result<Option<serde_json::Value>, Refused> {
    let _ = (server.desk, params);
    Ok(None)
}
