//! `gainsay show`: everything on one thing.

use super::load::{Place, day};
use super::{Color, Outcome, hint_of_errors, node, print, style};
use crate::period::Day;
use crate::report::show;

/// Show everything on one claim, actor, source, subject, question or finding.
///
/// Also on a place, a term or a population. A claim is named SOURCE/CLAIM, a question SUBJECT/MEASURE/POPULATION
/// (with @PERIOD for a series), a finding by the 12 digits and letters that the page of its question and the JSON
/// report give; where several kinds share an id, write `actors/kabul` or `places/kabul`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The id.
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    place: Place,

    /// What was known and said by the end of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Day>,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let (workspace, options) = args.place.load(args.as_of)?;
    let analysis = workspace.analyse(&options);
    hint_of_errors(&analysis);
    let (files, style) = (workspace.files(), style(color));
    let page = match node::find(&analysis.model, &args.id, args.as_of) {
        Ok(node) => show::render(files, &analysis, node, style),
        Err(unknown) => show::finding(files, &analysis, &args.id, style).ok_or(unknown)?,
    };
    print(&page)?;
    Ok(Outcome::Fine)
}
