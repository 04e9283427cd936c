//! `gainsay schema`: the JSON Schemas of what gainsay reads and of what it writes.

use super::{Outcome, print};
use crate::report::json::SCHEMA;
use crate::report::json_text;

/// Print the JSON Schema of a claim file, for editors.
///
/// With the YAML language server, a first line `# yaml-language-server: $schema=claims.schema.json` makes an
/// editor complete, explain and check the keys.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The schema of the JSON report instead, for programs that read it.
    #[arg(long)]
    report: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    if args.report {
        print(SCHEMA)?;
    } else {
        print(&json_text::pretty(&crate::document::schema())?)?;
    }
    Ok(Outcome::Fine)
}
