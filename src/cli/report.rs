//! `gainsay report`: the contradiction report.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::ValueEnum;

use super::load::{Place, day};
use super::{Color, Outcome, deliver, hint_of_unsearched, meant, style};
use crate::dispute::ReviewStatus;
use crate::finding::Grade;
use crate::id::{Id, Table};
use crate::period::{Day, Period};
use crate::report::html::{Desk, Links, PageIndex, Reviewing};
use crate::report::{Report, Selection, csv, json, markdown, sarif, text};
use crate::rules;
use crate::workspace::Analysis;

/// Report contradictions, tensions and notes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,

    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Only disputes on this event, proposition or series, or on a part of it.
    #[arg(long, value_name = "ID")]
    event: Vec<String>,

    /// Only disputes in which this actor speaks, or somebody who speaks for it.
    #[arg(long, value_name = "ID")]
    actor: Vec<String>,

    /// Only disputes in which a claim of this source stands.
    #[arg(long, value_name = "ID")]
    source: Vec<String>,

    /// Only findings of this rule.
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,

    /// Only findings of this grade.
    #[arg(long, value_enum, value_name = "GRADE")]
    grade: Vec<GradeName>,

    /// Only disputes that stand so.
    #[arg(long, value_enum, value_name = "VERDICT")]
    verdict: Vec<VerdictName>,

    /// What was known and said by the end of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Day>,

    /// Exit with 1 on such findings.
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For a shared document, a pull request, a page.
    Markdown,
    /// For a browser, a printer, a mail: all pages of the review desk in one file that needs nothing else.
    Html,
    /// For a spreadsheet: one row for each claim in each dispute.
    Csv,
    /// The interface `gainsay.report/1`.
    Json,
    /// For code scanning and editors: SARIF 2.1.0, with the mistakes in the files that `check` shows.
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
    /// On a contradiction.
    Contradiction,
    /// On a contradiction or a tension.
    Tension,
    /// On a contradiction or a tension nobody has decided on, or whose claims changed since.
    Unreviewed,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let (workspace, options) = args.place.load(args.as_of)?;
    let analysis = workspace.analyse(&options);
    let report = Report::new(workspace.files(), &analysis, &args.selection(&analysis)?);
    hint_of_unsearched(&analysis);
    let rendered = match args.format {
        Format::Text => text::render(&report, args.style(color)),
        Format::Markdown => markdown::render(&report),
        Format::Html => frozen(&report, args),
        Format::Csv => csv::render(&report)?,
        Format::Json => json::render(&report)?,
        Format::Sarif => sarif::render(&report)?,
    };
    deliver(args.output.as_deref(), &rendered)?;
    let fails = analysis.count(Grade::Error) > 0 || args.fail_on.is_some_and(|what| what.finds(&report));
    Ok(if fails { Outcome::Findings } else { Outcome::Fine })
}

/// The pages of the desk in one file; it says of what day it is only where a day was asked for, so that the same
/// files give the same report.
fn frozen(report: &Report<'_>, args: &Args) -> String {
    let day = args.as_of.map(|day| Period::between(Some(day), Some(day)));
    let read = day.map(|day| format!("what was known by {}", day.in_words())).unwrap_or_default();
    let desk = Desk {
        files: report.files,
        analysis: report.analysis,
        index: &PageIndex::new(report.analysis),
        links: Links::Frozen,
        reviewing: Reviewing::Command,
        place: &args.place.in_words(),
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
                bail!("no rule is called `{rule}`{}", meant(rule, rules::names()));
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
        table.find(name).with_context(|| format!("no {kind} is called `{name}`{}", meant(name, known)))
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
