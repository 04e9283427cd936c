//! The command line: arguments to calls, results to text and exit codes. Opinions live elsewhere.

mod check;
mod completions;
mod explain;
mod fmt;
mod graph;
mod init;
mod load;
mod lsp;
mod man;
mod new;
mod node;
mod recover;
mod rename;
mod report;
mod review;
mod save;
mod schema;
mod serve;
mod show;
mod suggest;

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};

use crate::finding::Grade;
use crate::folder::Notice;
use crate::names::did_you_mean;
use crate::workspace::Analysis;

/// Tracks who claims what, in which source and in which words, and flags what cannot all hold.
#[derive(Debug, Parser)]
#[command(name = "gainsay", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Report(report::Args),
    Show(show::Args),
    Graph(graph::Args),
    Review(review::Args),
    New(new::Args),
    Rename(rename::Args),
    Serve(serve::Args),
    Lsp(lsp::Args),
    Fmt(fmt::Args),
    Suggest(suggest::Args),
    Recover(recover::Args),
    Explain(explain::Args),
    Init(init::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What a command comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    /// Nothing the caller has to hear of.
    Fine,
    /// Errors in the files, or findings the caller asked to fail on.
    Findings,
    /// The editor of a language server left without its good-bye; the protocol asks for the exit code 1.
    Abrupt,
}

/// Runs the program. Exit codes: 0 fine; 1 errors in the files, or findings the caller asked to fail on; 2
/// wrong usage, unreadable workspace.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let color = cli.color;
    let outcome = match cli.command {
        Command::Check(args) => check::run(&args, color),
        Command::Report(args) => report::run(&args, color),
        Command::Show(args) => show::run(&args, color),
        Command::Graph(args) => graph::run(&args),
        Command::Review(args) => review::run(&args, color),
        Command::New(args) => new::run(&args, color),
        Command::Rename(args) => rename::run(&args, color),
        Command::Serve(args) => serve::run(&args),
        Command::Lsp(args) => lsp::run(&args),
        Command::Fmt(args) => fmt::run(&args, color),
        Command::Suggest(args) => suggest::run(&args, color),
        Command::Recover(args) => recover::run(&args, color),
        Command::Explain(args) => explain::run(&args, color),
        Command::Init(args) => init::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings | Outcome::Abrupt) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            hint(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// A reader that went away, such as `head`, is no mistake.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// How to draw on standard output.
fn style(color: Color) -> crate::report::text::Style {
    let terminal = std::io::stdout().is_terminal();
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let color = match color {
        Color::Auto => terminal && wanted,
        Color::Always => true,
        Color::Never => false,
    };
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.or_else(terminal_width).unwrap_or(100);
    crate::report::text::Style { color, width }
}

/// The width of the terminal, if there is one.
fn terminal_width() -> Option<usize> {
    comfy_table::Table::new().width().map(usize::from)
}

/// Writes to standard output.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes to a place that the user named, see [`crate::folder::write`], or else to standard output.
fn deliver(file: Option<&Path>, text: &str) -> anyhow::Result<()> {
    match file.filter(|path| !is_standard_output(path)) {
        Some(path) => crate::folder::write(path, text.as_bytes())
            .with_context(|| format!("cannot write `{}`", path.display())),
        None => print(text),
    }
}

/// Whether a path names standard output. It is written to as it is: opened again, it would begin where a file begins.
fn is_standard_output(path: &Path) -> bool {
    cfg!(unix) && ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|known| path == Path::new(known))
}

/// The end of an error on a name that nothing has: the name that was likely meant.
fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    did_you_mean(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// Says something beside the output, on standard error.
fn hint(text: &str) {
    let _ = writeln!(std::io::stderr(), "gainsay: {}", crate::report::snippets::one_line(text));
}

/// Says what there is to know of a folder, each thing once in a run.
fn hint_of_notices(notices: &[Notice]) {
    static SAID: Mutex<Vec<Notice>> = Mutex::new(Vec::new());
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    for notice in notices {
        if !said.contains(notice) {
            hint(&notice.to_string());
            said.push(notice.clone());
        }
    }
}

/// Says that a page or a graph is not the whole of what the files say.
fn hint_of_errors(analysis: &Analysis) {
    if let Some(errors) = errors_in_words(analysis) {
        hint(&errors);
    }
    hint_of_unsearched(analysis);
}

/// That something in the files could not be read, where that is so.
fn errors_in_words(analysis: &Analysis) -> Option<String> {
    let errors = analysis.count(Grade::Error);
    let noun = if errors == 1 { "error" } else { "errors" };
    (errors > 0).then(|| {
        format!("{errors} {noun} in the files: what could not be read is left out, see `gainsay check`")
    })
}

/// Says where more may clash than was found.
fn hint_of_unsearched(analysis: &Analysis) {
    if let Some(unsearched) = crate::report::unsearched(analysis) {
        hint(&unsearched);
    }
}
