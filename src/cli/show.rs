//! `gainsay show`: everything about one claim, actor, source or other thing.

use super::load::{PathArgs, day};
use super::{Color, ExitStatus, node, print, style, warn_of_errors};
use gainsay_reading::period::Day;
use gainsay_report::report::show;

/// Show everything about one claim, actor, source, subject, question or finding.
///
/// It also works for a place, a term or a population. The id of a claim is SOURCE/CLAIM, that of a question
/// SUBJECT/MEASURE/POPULATION (with @PERIOD for a series). The id of a finding has 12 digits and letters; it is on the
/// page of its question and in the JSON report. If several kinds share an id, write `actors/kabul` or `places/kabul`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The id of the thing to show.
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    paths: PathArgs,

    /// Only use what was known and said by the end of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Day>,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let (workspace, options) = args.paths.load(args.as_of)?;
    let analysis = workspace.analyse(&options);
    warn_of_errors(&analysis);
    let (files, style) = (workspace.files(), style(color));
    let page = match node::find(&analysis.model, &args.id, args.as_of) {
        Ok(node) => show::render(files, &analysis, node, style),
        Err(unknown) => show::finding(files, &analysis, &args.id, style).ok_or(unknown)?,
    };
    print(&page)?;
    Ok(ExitStatus::Success)
}
