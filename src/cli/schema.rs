//! `gainsay schema`: the JSON Schema of a claim file.

use super::{Outcome, print};

/// Print the JSON Schema of a claim file, for editors.
///
/// With the YAML language server, a first line `# yaml-language-server: $schema=claims.schema.json` makes an
/// editor complete and check the keys.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> anyhow::Result<Outcome> {
    print(&(serde_json::to_string_pretty(&crate::document::schema())? + "\n"))?;
    Ok(Outcome::Fine)
}
