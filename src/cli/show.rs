//! `gainsay show`: everything on one thing.

use super::load::Place;
use super::{Color, Outcome, hint_of_errors, node, print, style};
use crate::report::show;

/// Show everything on one claim, actor, source, subject or question.
///
/// Also on a place, a term or a population. A claim is named SOURCE/CLAIM, a question SUBJECT/MEASURE/POPULATION
/// (with @PERIOD for a series); where several kinds share an id, write `actors/kabul` or `places/kabul`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The id.
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let (workspace, options) = args.place.load(None)?;
    let analysis = workspace.analyse(&options);
    hint_of_errors(&analysis);
    let node = node::find(&analysis.model, &args.id)?;
    print(&show::render(workspace.files(), &analysis, node, style(color)))?;
    Ok(Outcome::Fine)
}
