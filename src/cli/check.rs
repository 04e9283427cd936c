//! `gainsay check`: the lints.

use super::load::Place;
use super::{Color, Outcome, print, style};
use crate::dispute::summary::Counts;
use crate::finding::Grade;
use crate::report::snippets;

/// Check the claim files themselves: every mistake, in its line of YAML.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,

    /// Fail on warnings, too.
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let (workspace, options) = args.place.load(None)?;
    let analysis = workspace.analyse(&options);
    let style = style(color);
    let mut text = String::new();
    for finding in analysis.on_files() {
        text.push_str(&snippets::render(workspace.files(), finding, style));
        text.push_str("\n\n");
    }
    let counts = Counts::of(&analysis.model, &analysis.findings, &analysis.disputes);
    text.push_str(&summary(&counts, workspace.files().len(), options.archive.len()));
    print(&text)?;
    let fails = |grade| grade == Grade::Error || (args.strict && grade == Grade::Warning);
    Ok(if analysis.on_files().any(|finding| fails(finding.grade)) {
        Outcome::Findings
    } else {
        Outcome::Fine
    })
}

fn summary(counts: &Counts, files: usize, texts: usize) -> String {
    let plural = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let checked = format!("{} in {}", plural(counts.claims, "claim"), plural(files, "file"));
    let against =
        if texts == 0 { String::new() } else { format!(", {} at hand", plural(texts, "archived text")) };
    let found = match (counts.errors, counts.warnings) {
        (0, 0) => "nothing to complain of".to_owned(),
        (errors, warnings) => format!("{}, {}", plural(errors, "error"), plural(warnings, "warning")),
    };
    format!("{checked}{against}: {found}\n")
}
