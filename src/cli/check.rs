//! `gainsay check`: the lints.

use std::collections::BTreeMap;
use std::io::Write as _;

use super::load::PathArgs;
use super::{Color, ExitStatus, counted, style};
use gainsay_analysis::dispute::summary::Counts;
use gainsay_analysis::finding::{Finding, Grade, Limit, Omitted};
use gainsay_analysis::id::FileId;
use gainsay_analysis::source::Files;
use gainsay_analysis::workspace::Analysis;
use gainsay_report::report::omitted::{self, SHOWN};
use gainsay_report::report::snippets::{self, Style};

/// Check the claim files for mistakes, and show each one in its line of YAML.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    paths: PathArgs,

    /// Exit with code 1 if there are warnings, not only if there are errors.
    #[arg(long)]
    strict: bool,

    /// Show all mistakes. Without this option, `check` shows the first 20 of each kind in each file.
    #[arg(long)]
    all: bool,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let (limit, shown) = if args.all { (Limit::NONE, usize::MAX) } else { (Limit::default(), SHOWN) };
    let (workspace, options) = args.paths.load_with_limit(limit, None)?;
    let analysis = workspace.analyse(&options);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    print_mistakes(workspace.files(), &analysis, shown, style(color), &mut out)?;
    let counts = Counts::of(&analysis.model, &analysis.findings, &analysis.omitted, &analysis.disputes);
    out.write_all(summary(&counts, workspace.files().len(), options.archive.len()).as_bytes())?;
    out.flush()?;
    let fails = counts.errors > 0 || (args.strict && counts.warnings > 0);
    Ok(if fails { ExitStatus::Findings } else { ExitStatus::Success })
}

/// Prints the mistakes by file and place, at most `shown` of each kind in each file, and the number of those that are
/// left out.
fn print_mistakes(
    files: &Files,
    analysis: &Analysis,
    shown: usize,
    style: Style,
    out: &mut impl std::io::Write,
) -> std::io::Result<()> {
    let file = |finding: &Finding| finding.labels.first().map(|label| label.location.file);
    let mut by_file: BTreeMap<Option<FileId>, (Vec<&Finding>, Vec<Omitted>)> = BTreeMap::new();
    for finding in analysis.on_files() {
        by_file.entry(file(finding)).or_default().0.push(finding);
    }
    for omitted in &analysis.omitted {
        by_file.entry(Some(omitted.file)).or_default().1.push(*omitted);
    }
    for (file, (findings, omitted)) in by_file {
        let mut counts: BTreeMap<(Grade, &'static str), usize> = BTreeMap::new();
        for finding in findings {
            let count = counts.entry((finding.grade, finding.rule)).or_default();
            *count += 1;
            if *count <= shown {
                write!(out, "{}\n\n", snippets::render(files, finding, style))?;
            }
        }
        for omitted in omitted {
            *counts.entry((omitted.grade, omitted.rule)).or_default() += omitted.count;
        }
        let Some(file) = file else { continue };
        for ((grade, rule), count) in counts.into_iter().filter(|(_, count)| *count > shown) {
            let more = Omitted { file, grade, rule, count: count - shown };
            let more = snippets::one_line(&omitted::in_file(files, &more));
            write!(out, "... and {more}; `--all` shows them\n\n")?;
        }
    }
    Ok(())
}

fn summary(counts: &Counts, files: usize, texts: usize) -> String {
    let checked = format!("{} in {}", counted(counts.claims, "claim"), counted(files, "file"));
    let against =
        if texts == 0 { String::new() } else { format!(", with {}", counted(texts, "archived text")) };
    let found = match (counts.errors, counts.warnings) {
        (0, 0) => "no errors or warnings".to_owned(),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    };
    format!("{checked}{against}: {found}\n")
}
