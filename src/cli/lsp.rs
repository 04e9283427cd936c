//! `gainsay lsp`: the language server.

use std::path::{Path, PathBuf};

use crossbeam_channel::Sender;
use lsp_server::Connection;

use super::Outcome;
use crate::folder::Watch;
use crate::lsp::{self, Settings};

/// Serve an editor as a language server, over standard input and output.
///
/// Findings while one types, completion, hover, definitions, references, renaming, formatting and more; editors
/// start it by themselves. See `editors/` for how to set them up.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of claim files, as seen from the editor's folder [default: `claims/` in it, else that folder].
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,

    /// A folder of archived texts in which `words` are looked up.
    #[arg(long, value_name = "DIR")]
    texts: Option<PathBuf>,

    /// Understood for editors that say so; there is no other way.
    #[arg(long)]
    stdio: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let (connection, threads) = Connection::stdio();
    let settings = Settings { path: args.path.clone(), texts: args.texts.clone(), hints: None };
    let left = lsp::serve(&connection, settings, &open_desk, &watch);
    drop(connection);
    // Where what came was no message of the protocol, this says so.
    threads.join()?;
    Ok(if left.is_ok() { Outcome::Fine } else { Outcome::Abrupt })
}

/// Tells of changes under a folder from a thread of its own, which ends with the process.
fn watch(path: &Path, tell: Sender<()>) {
    let path = path.to_owned();
    std::thread::spawn(move || {
        let mut watch = Watch::new(&path, None);
        loop {
            watch.wait();
            if let Err(crossbeam_channel::TrySendError::Disconnected(())) = tell.try_send(()) {
                return;
            }
        }
    });
}

fn open_desk(path: &Path, texts: Option<&Path>) -> Result<String, String> {
    let _ = (path, texts);
    Err("no desk".to_owned())
}
