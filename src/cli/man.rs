//! `gainsay man`: the manual pages.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use super::{Cli, ExitStatus, print};

/// Print the manual page, or write all manual pages to a folder.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write the pages of gainsay and of each command to this folder. It is created if it is missing.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitStatus> {
    let mut cli = Cli::command();
    match &args.dir {
        None => print(&String::from_utf8(page(cli)?)?)?,
        Some(dir) => {
            cli = cli.disable_help_subcommand(true);
            cli.build();
            write_pages(dir, &cli)?;
        }
    }
    Ok(ExitStatus::Success)
}

/// Writes one page for the program and one for each command, such as `gainsay-report.1`.
fn write_pages(dir: &Path, cli: &Command) -> anyhow::Result<()> {
    gainsay_folder::folder::make(dir).with_context(|| format!("cannot create `{}`", dir.display()))?;
    let shown = cli.get_subcommands().filter(|command| !command.is_hide_set());
    for command in std::iter::once(cli).chain(shown) {
        let path = dir.join(Man::new(command.clone()).get_filename());
        gainsay_folder::folder::write_file(&path, &page(command.clone())?)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

fn page(command: Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command).manual("gainsay").render(&mut page)?;
    Ok(page)
}
