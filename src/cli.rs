//! The command line: arguments to calls, results to text and exit codes. Opinions live elsewhere.

mod check;
mod load;
mod report;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

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
}

/// Runs the program. Exit codes: 0 fine; 1 errors in the files, or findings the caller asked to fail on; 2
/// wrong usage, unreadable workspace.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let color = cli.color;
    let outcome = match cli.command {
        Command::Check(args) => check::run(&args, color),
        Command::Report(args) => report::run(&args, color),
    };
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(
                std::io::stderr(),
                "gainsay: {}",
                crate::report::snippets::clean(&format!("{error:#}"))
            );
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
