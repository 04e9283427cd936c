//! `gainsay rename`: an id changed where it is defined and wherever it is mentioned.

use clap::builder::PossibleValuesParser;

use super::load::Place;
use super::save::{exclusively, preview, write};
use super::{Color, Outcome, hint_of_errors, print, style};
use crate::edit;
use crate::report::snippets;

/// Rename an id in all files: where it is defined and wherever it is mentioned.
///
/// What the files say stays as it is: they are read again before anything is written, and all are written or none.
/// Comments and notes are left alone.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The id; of a claim SOURCE/CLAIM, and where several kinds share an id, `actors/kabul` or `places/kabul`.
    #[arg(value_name = "OLD")]
    old: String,

    /// The id it gets.
    #[arg(value_name = "NEW")]
    new: String,

    #[command(flatten)]
    place: Place,

    /// What is renamed, where several kinds share the id.
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(KINDS))]
    kind: Option<String>,

    /// Show what would be written, and write nothing.
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

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let kind = args.kind.as_ref().map(|kind| format!(" --kind {kind}")).unwrap_or_default();
    let instead = |folder: &str| format!("gainsay rename {} {} {folder}{kind}", args.old, args.new);
    args.place.refuse_part(&instead)?;
    let kind = args.kind.as_deref().and_then(edit::kind_named);
    let mut is_first_reading = true;
    let renamed = exclusively(&args.place.folder(), !args.dry_run, || {
        let (workspace, options) = args.place.load(None)?;
        let analysis = workspace.analyse(&options);
        if std::mem::take(&mut is_first_reading) {
            hint_of_errors(&analysis);
        }
        let renamed = edit::rename(&workspace, &analysis, &options, kind, &args.old, &args.new)?;
        if args.dry_run {
            preview(&args.place.folder(), &renamed.changes, style(color))?;
        } else {
            write(&args.place.folder(), &renamed.changes)?;
        }
        Ok(renamed)
    })?;
    let plural = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let (places, files) = (plural(renamed.places, "place"), plural(renamed.changes.len(), "file"));
    let did = if args.dry_run { "would be called" } else { "is called" };
    let (kind, from, to) = (renamed.what, &renamed.from, &renamed.to);
    let mut told = format!("the {kind} `{from}` {did} `{to}`: {places} in {files}\n");
    if !renamed.reviews.is_empty() {
        let reviews: Vec<String> = renamed.reviews.iter().map(|review| format!("`{review}`")).collect();
        let say = if reviews.len() == 1 { "review says" } else { "reviews say" };
        told.extend(["what the ", say, " to have seen follows the name: ", &reviews.join(", "), "\n"]);
    }
    print(&snippets::clean(&told))?;
    Ok(Outcome::Fine)
}
