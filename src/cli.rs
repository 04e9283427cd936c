//! The command line: it parses arguments, calls the library, prints results and sets the exit code.
//! It makes no decisions about claims.

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

use gainsay_analysis::finding::Grade;
use gainsay_analysis::workspace::Analysis;
use gainsay_folder::folder::Notice;
use gainsay_reading::names::did_you_mean;

/// Track who claims what, in which source and in which words, and flag claims that cannot all be true.
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

/// How a command ended; decides the exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ExitStatus {
    /// The command did its work, and nothing was found that makes it fail.
    Success,
    /// The files have errors, or findings that the user asked to fail on.
    Findings,
    /// The editor closed the connection without the request `shutdown`; the protocol asks for exit code 1.
    NoShutdown,
}

/// Runs the program. Exit codes: 0 for success; 1 for errors in the files, or findings that the user asked to fail
/// on; 2 for wrong usage or an unreadable workspace.
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
        Ok(ExitStatus::Success) => ExitCode::SUCCESS,
        Ok(ExitStatus::Findings | ExitStatus::NoShutdown) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprint_line(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Whether the reader of the output closed the pipe, as `head` does; this is not an error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// The colour and width for standard output, from the options and the environment.
fn style(color: Color) -> gainsay_report::report::text::Style {
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
    gainsay_report::report::text::Style { color, width }
}

/// The width of the terminal in columns; none if standard output is not a terminal.
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

/// Writes to the file that the user named, see [`gainsay_folder::folder::write`], or to standard output.
fn write_output(file: Option<&Path>, text: &str) -> anyhow::Result<()> {
    match file.filter(|path| !is_standard_output(path)) {
        Some(path) => gainsay_folder::folder::write(path, text.as_bytes())
            .with_context(|| format!("cannot write `{}`", path.display())),
        None => print(text),
    }
}

/// Whether a path names standard output. Such a path is not opened: if output is redirected to a file, opening it again
/// would write from the start of that file.
fn is_standard_output(path: &Path) -> bool {
    cfg!(unix) && ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|known| path == Path::new(known))
}

/// The end of an error about an unknown name: `; did you mean …?`, or nothing.
fn did_you_mean_suffix<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    did_you_mean(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// Prints one line on standard error, after the name of the program.
fn eprint_line(text: &str) {
    let _ = writeln!(std::io::stderr(), "gainsay: {}", gainsay_report::report::snippets::one_line(text));
}

/// Prints the notices about a folder on standard error, each of them once per run.
fn print_notices(notices: &[Notice]) {
    static SAID: Mutex<Vec<Notice>> = Mutex::new(Vec::new());
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    for notice in notices {
        if !said.contains(notice) {
            eprint_line(&notice.to_string());
            said.push(notice.clone());
        }
    }
}

/// Warns that the output is incomplete: files have errors, or the search for clashes stopped early.
fn warn_of_errors(analysis: &Analysis) {
    if let Some(errors) = error_count_message(analysis) {
        eprint_line(&errors);
    }
    warn_of_incomplete_search(analysis);
}

/// The warning that files have errors, if they have any.
fn error_count_message(analysis: &Analysis) -> Option<String> {
    let errors = analysis.count(Grade::Error);
    (errors > 0).then(|| {
        let errors = counted(errors, "error");
        format!("{errors} in the files: the entries with errors are left out, see `gainsay check`")
    })
}

/// A number with its noun: `1 file`, `2 files`.
fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Warns if the search for clashes stopped before it was complete.
fn warn_of_incomplete_search(analysis: &Analysis) {
    if let Some(unsearched) = gainsay_report::report::unsearched(analysis) {
        eprint_line(&unsearched);
    }
}
