//! `gainsay graph`: the claim graph for other programs to draw.

use std::path::PathBuf;

use clap::ValueEnum;

use super::load::{Place, day};
use super::{Outcome, deliver, hint, hint_of_errors, node};
use crate::period::Day;
use crate::report::graph::{Format, View};

/// Write the graph of sources, actors, subjects, questions and claims.
///
/// Claims that clash are joined. Draw it with `gainsay graph | dot -Tsvg -o graph.svg`, open the GraphML in
/// Gephi, yEd or Cytoscape, or paste the Mermaid into a Markdown page. The whole graph is large: `--around`
/// narrows it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,

    /// The form of the graph.
    #[arg(long, value_enum, default_value_t = FormatName::Dot)]
    format: FormatName,

    /// Only what lies around this claim (SOURCE/CLAIM), actor, source, subject, question, place, term or
    /// population.
    #[arg(long, value_name = "ID")]
    around: Vec<String>,

    /// How many steps around.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "around")]
    depth: usize,

    /// What was known and said by the end of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Day>,

    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum FormatName {
    /// Graphviz.
    Dot,
    /// For Gephi, yEd, Cytoscape, NetworkX.
    Graphml,
    /// For Markdown pages.
    Mermaid,
    /// The interface `gainsay.graph/1`.
    Json,
}

/// Mermaid refuses to draw more edges than this, unless told otherwise.
const MERMAID_EDGES: usize = 500;

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let (workspace, options) = args.place.load(args.as_of)?;
    let analysis = workspace.analyse(&options);
    hint_of_errors(&analysis);
    let around = args.around.iter().map(|id| node::find(&analysis.model, id, args.as_of));
    let view = View::new(&analysis, &around.collect::<anyhow::Result<Vec<_>>>()?, args.depth);
    let format = match args.format {
        FormatName::Dot => Format::Dot,
        FormatName::Graphml => Format::GraphMl,
        FormatName::Mermaid => Format::Mermaid,
        FormatName::Json => Format::Json,
    };
    deliver(args.output.as_deref(), &view.render(format)?)?;
    if format == Format::Mermaid && view.edge_count() > MERMAID_EDGES {
        let edges = view.edge_count();
        hint(&format!("{edges} edges, and Mermaid draws {MERMAID_EDGES} at most: narrow it with --around"));
    }
    Ok(Outcome::Fine)
}
