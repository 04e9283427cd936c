//! `gainsay schema`: the JSON Schemas of claim files and of the JSON report.

use super::{ExitStatus, print};
use gainsay_report::report::json::SCHEMA;
use gainsay_report::report::json_text;

/// Print the JSON Schema of a claim file, for editors.
///
/// For editors with the YAML language server: begin a claim file with the line
/// `# yaml-language-server: $schema=claims.schema.json`, and the editor completes, explains and checks the keys.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the schema of the JSON report instead, for programs that read it.
    #[arg(long)]
    report: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitStatus> {
    if args.report {
        print(SCHEMA)?;
    } else {
        print(&json_text::pretty(&gainsay_analysis::document::schema())?)?;
    }
    Ok(ExitStatus::Success)
}
