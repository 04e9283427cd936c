//! `gainsay completions`: shell completions for commands and options.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Cli, ExitStatus, print};

/// Print the completion script for a shell.
///
/// For bash: `gainsay completions bash > ~/.local/share/bash-completion/completions/gainsay`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gainsay", &mut script);
    print(&String::from_utf8(script)?)?;
    Ok(ExitStatus::Success)
}
