//! `gainsay graph`: the claim graph, for programs that draw it.

use std::path::PathBuf;

use clap::ValueEnum;

use super::load::{PathArgs, day};
use super::{ExitStatus, eprint_line, node, warn_of_errors, write_output};
use gainsay_reading::period::Day;
use gainsay_report::report::graph::{GraphFormat, GraphView};

/// Write the graph of sources, actors, subjects, questions and claims.
///
/// Edges join claims that clash. Draw the graph with `gainsay graph | dot -Tsvg -o graph.svg`, open the GraphML in
/// Gephi, yEd or Cytoscape, or paste the Mermaid into a Markdown page. The whole graph is large; show a
/// part of it with --around.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    paths: PathArgs,

    /// The file format.
    #[arg(long, value_enum, default_value_t = FormatName::Dot)]
    format: FormatName,

    /// Only show what is connected to this claim (SOURCE/CLAIM), actor, source, subject, question, place, term or
    /// population.
    #[arg(long, value_name = "ID")]
    around: Vec<String>,

    /// How many edges away from it.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "around")]
    depth: usize,

    /// Only use what was known and said by the end of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Day>,

    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum FormatName {
    /// DOT, for Graphviz.
    Dot,
    /// GraphML, for Gephi, yEd, Cytoscape and NetworkX.
    Graphml,
    /// Mermaid, for Markdown pages.
    Mermaid,
    /// JSON with the schema `gainsay.graph/1`, for programs.
    Json,
}

/// The number of edges that Mermaid draws by default; it refuses larger graphs.
const MAX_MERMAID_EDGES: usize = 500;

pub(super) fn run(args: &Args) -> anyhow::Result<ExitStatus> {
    let (workspace, options) = args.paths.load(args.as_of)?;
    let analysis = workspace.analyse(&options);
    warn_of_errors(&analysis);
    let around = args.around.iter().map(|id| node::find(&analysis.model, id, args.as_of));
    let view = GraphView::new(&analysis, &around.collect::<anyhow::Result<Vec<_>>>()?, args.depth);
    let format = match args.format {
        FormatName::Dot => GraphFormat::Dot,
        FormatName::Graphml => GraphFormat::GraphMl,
        FormatName::Mermaid => GraphFormat::Mermaid,
        FormatName::Json => GraphFormat::Json,
    };
    write_output(args.output.as_deref(), &view.render(format)?)?;
    if format == GraphFormat::Mermaid && view.edge_count() > MAX_MERMAID_EDGES {
        let edges = view.edge_count();
        eprint_line(&format!(
            "the graph has {edges} edges, and Mermaid draws at most {MAX_MERMAID_EDGES}: show a part of it with --around"
        ));
    }
    Ok(ExitStatus::Success)
}
