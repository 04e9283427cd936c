//! `gainsay rename`: changes an id in all files.

use clap::builder::PossibleValuesParser;

use super::load::PathArgs;
use super::save::{preview, with_write_lock, write};
use super::{Color, ExitStatus, counted, print, style, warn_of_errors};
use gainsay_edit::edit;
use gainsay_report::report::snippets;

/// Rename an id in all files, where it is defined and where it is used.
///
/// The meaning of the files stays the same: gainsay checks the result before it writes, and writes all files or none.
/// Comments and notes are not changed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The present id. For a claim, SOURCE/CLAIM; if an actor and a place share it, `actors/kabul` or `places/kabul`.
    #[arg(value_name = "OLD")]
    old: String,

    /// The new id.
    #[arg(value_name = "NEW")]
    new: String,

    #[command(flatten)]
    paths: PathArgs,

    /// The kind of thing to rename, if several kinds share the id.
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(KINDS))]
    kind: Option<String>,

    /// Show the changes as a diff, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

const KINDS: [&str; 12] = [
    "actor",
    "event",
    "proposition",
    "series",
    "place",
    "term",
    "population",
    "measure",
    "source",
    "claim",
    "review",
    "subject",
];

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let kind = args.kind.as_ref().map(|kind| format!(" --kind {kind}")).unwrap_or_default();
    let instead = |folder: &str| format!("gainsay rename {} {} {folder}{kind}", args.old, args.new);
    args.paths.require_folder(&instead)?;
    let kind = args.kind.as_deref().and_then(edit::kind_from_word);
    let mut is_first_reading = true;
    let renamed = with_write_lock(&args.paths.folder(), !args.dry_run, || {
        let (workspace, options) = args.paths.load(None)?;
        let analysis = workspace.analyse(&options);
        if std::mem::take(&mut is_first_reading) {
            warn_of_errors(&analysis);
        }
        let renamed = edit::rename(&workspace, &analysis, &options, kind, &args.old, &args.new)?;
        if args.dry_run {
            preview(&args.paths.folder(), &renamed.changes, style(color))?;
        } else {
            write(&args.paths.folder(), &renamed.changes)?;
        }
        Ok(renamed)
    })?;
    let (places, files) = (counted(renamed.places, "place"), counted(renamed.changes.len(), "file"));
    let did = if args.dry_run { "would be renamed to" } else { "is now called" };
    let (kind, from, to) = (renamed.what, &renamed.from, &renamed.to);
    let mut message = format!("the {kind} `{from}` {did} `{to}`: {places} in {files}\n");
    if !renamed.reviews.is_empty() {
        let reviews: Vec<String> = renamed.reviews.iter().map(|review| format!("`{review}`")).collect();
        let noun = if reviews.len() == 1 { "review" } else { "reviews" };
        message.extend(["updated the `seen` keys of the ", noun, " ", &reviews.join(", "), "\n"]);
    }
    print(&snippets::clean(&message))?;
    Ok(ExitStatus::Success)
}
