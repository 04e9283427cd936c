//! `gainsay report`: the contradiction report.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::ValueEnum;

use super::load::{PathArgs, day};
use super::{Color, ExitStatus, did_you_mean_suffix, style, warn_of_incomplete_search, write_output};
use gainsay_analysis::dispute::ReviewStatus;
use gainsay_analysis::finding::Grade;
use gainsay_analysis::id::{Id, Table};
use gainsay_analysis::rules;
use gainsay_analysis::workspace::Analysis;
use gainsay_reading::period::{Day, Period};
use gainsay_report::report::html::{Links, PageContext, PageIndex, Reviewing};
use gainsay_report::report::{Report, Selection, csv, json, markdown, sarif, text};

/// Report the contradictions, tensions and notes in the claims.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    paths: PathArgs,

    /// The format of the report.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,

    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Only disputes about this event, proposition or series, or about a part of it.
    #[arg(long, value_name = "ID")]
    event: Vec<String>,

    /// Only disputes with a claim by this actor, or by somebody who speaks for it.
    #[arg(long, value_name = "ID")]
    actor: Vec<String>,

    /// Only disputes with a claim from this source.
    #[arg(long, value_name = "ID")]
    source: Vec<String>,

    /// Only findings of this rule.
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,

    /// Only findings of this grade.
    #[arg(long, value_enum, value_name = "GRADE")]
    grade: Vec<GradeName>,

    /// Only disputes with this review status.
    #[arg(long, value_enum, value_name = "VERDICT")]
    verdict: Vec<VerdictName>,

    /// Only use what was known and said by the end of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Day>,

    /// Exit with 1 if there are such findings.
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum ReportFormat {
    /// Plain text, for a terminal.
    Text,
    /// Markdown, for shared documents and pull requests.
    Markdown,
    /// One HTML file with all pages of the review desk, to send or print; it needs no other files.
    Html,
    /// A table for spreadsheets, with one row for each claim in each dispute.
    Csv,
    /// JSON with the schema `gainsay.report/1`, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning and editors; includes the mistakes that `check` finds.
    Sarif,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum GradeName {
    Contradiction,
    Tension,
    Note,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum VerdictName {
    Open,
    Stale,
    Explained,
    Settled,
    Irreconcilable,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum FailOn {
    /// A contradiction.
    Contradiction,
    /// A contradiction or a tension.
    Tension,
    /// A contradiction or a tension that was not reviewed, or whose claims changed since its review.
    Unreviewed,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let (workspace, options) = args.paths.load(args.as_of)?;
    let analysis = workspace.analyse(&options);
    let report = Report::new(workspace.files(), &analysis, &args.selection(&analysis)?);
    warn_of_incomplete_search(&analysis);
    let rendered = match args.format {
        ReportFormat::Text => text::render(&report, args.style(color)),
        ReportFormat::Markdown => markdown::render(&report),
        ReportFormat::Html => frozen(&report, args),
        ReportFormat::Csv => csv::render(&report)?,
        ReportFormat::Json => json::render(&report)?,
        ReportFormat::Sarif => sarif::render(&report)?,
    };
    write_output(args.output.as_deref(), &rendered)?;
    let fails = analysis.count(Grade::Error) > 0 || args.fail_on.is_some_and(|what| what.finds(&report));
    Ok(if fails { ExitStatus::Findings } else { ExitStatus::Success })
}

/// The pages of the review desk in one file. The date is only given with `--as-of`, so that the same files always give
/// the same report.
fn frozen(report: &Report<'_>, args: &Args) -> String {
    let day = args.as_of.map(|day| Period::between(Some(day), Some(day)));
    let read = day.map(|day| format!("what was known by {}", day.in_words())).unwrap_or_default();
    let desk = PageContext {
        files: report.files,
        analysis: report.analysis,
        index: &PageIndex::new(report.analysis),
        links: Links::Frozen,
        reviewing: Reviewing::Command,
        place: &args.paths.display_path(),
        read: &read,
    };
    desk.frozen(report)
}

impl Args {
    fn style(&self, color: Color) -> text::Style {
        let style = style(color);
        text::Style { color: style.color && self.output.is_none(), ..style }
    }

    fn selection(&self, analysis: &Analysis) -> anyhow::Result<Selection> {
        let model = &analysis.model;
        for rule in &self.rule {
            if rules::find(rule).is_none() {
                bail!("no rule is called `{rule}`{}", did_you_mean_suffix(rule, rules::names()));
            }
        }
        let grade = |name: &GradeName| match name {
            GradeName::Contradiction => Grade::Contradiction,
            GradeName::Tension => Grade::Tension,
            GradeName::Note => Grade::Note,
        };
        let verdict = |name: &VerdictName| match name {
            VerdictName::Open => ReviewStatus::Open,
            VerdictName::Stale => ReviewStatus::Stale,
            VerdictName::Explained => ReviewStatus::Explained,
            VerdictName::Settled => ReviewStatus::Settled,
            VerdictName::Irreconcilable => ReviewStatus::Irreconcilable,
        };
        Ok(Selection {
            events: ids("event, proposition or series", &model.subjects, &self.event)?,
            actors: ids("actor", &model.actors, &self.actor)?,
            sources: ids("source", &model.sources, &self.source)?,
            rules: self.rule.clone(),
            grades: self.grade.iter().map(grade).collect(),
            verdicts: self.verdict.iter().map(verdict).collect(),
        })
    }
}

fn ids<I: Id, T>(kind: &str, table: &Table<I, T>, names: &[String]) -> anyhow::Result<Vec<I>> {
    let find = |name: &String| {
        let known = table.names().iter().map(smol_str::SmolStr::as_str);
        table
            .find(name)
            .with_context(|| format!("no {kind} is called `{name}`{}", did_you_mean_suffix(name, known)))
    };
    names.iter().map(find).collect()
}

impl FailOn {
    fn finds(self, report: &Report<'_>) -> bool {
        report.disputes.iter().any(|(dispute, findings)| {
            findings.iter().any(|finding| match self {
                Self::Contradiction => finding.grade == Grade::Contradiction,
                Self::Tension => finding.grade <= Grade::Tension,
                Self::Unreviewed => finding.grade <= Grade::Tension && dispute.standing.is_open(),
            })
        })
    }
}
