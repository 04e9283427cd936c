//! `gainsay lsp`: the language server.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use crossbeam_channel::Sender;

use super::load::access;
use super::{ExitStatus, eprint_line};
use gainsay_folder::folder::{Followed, Watch};
use gainsay_lsp::lsp::{self, LspSettings};
use gainsay_web::web::{self, Server};

/// Run the language server for an editor, over standard input and output.
///
/// It offers findings while you type, completion, hovers, definitions, references, renaming, formatting and more.
/// Editors start it themselves; the folder `editors/` of the repository has configurations for them.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of claim files, relative to the folder that the editor opens [default: `claims/` in it, else that
    /// folder].
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,

    /// A folder of archived texts, in which the `words` of claims are looked up.
    #[arg(long, value_name = "DIR")]
    texts: Option<PathBuf>,

    /// Also read files behind symbolic links that lead out of the folder; such files are never changed.
    #[arg(long)]
    follow_links: bool,

    /// Accepted for editors that pass it; standard input and output are always used.
    #[arg(long)]
    stdio: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitStatus> {
    let (incoming, outgoing, threads) = lsp::stdio();
    let settings = LspSettings {
        path: args.path.clone(),
        texts: args.texts.clone(),
        access: access(args.follow_links),
        ..LspSettings::default()
    };
    let desks = Desks::default();
    let follow_links = args.follow_links;
    let desk = move |path: &Path, texts: Option<&Path>| open_desk(&desks, path, texts, follow_links);
    let left = lsp::serve(&incoming, &outgoing, settings, Arc::new(desk), Arc::new(watch));
    drop((incoming, outgoing));
    // Reports input that is not a message of the protocol.
    threads.join()?;
    Ok(if left.is_ok() { ExitStatus::Success } else { ExitStatus::NoShutdown })
}

/// Sends a signal for each change under a folder. The watching thread ends with the process.
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

/// The address of each open review desk, by its folder.
type Desks = Mutex<BTreeMap<PathBuf, String>>;

/// Starts the review desk of a folder in a thread that ends with the process, and returns its address. A desk that is
/// already open is used again.
fn open_desk(desks: &Desks, path: &Path, texts: Option<&Path>, follow_links: bool) -> Result<String, String> {
    // Locked until the desk is open, so that two requests at once get the same desk.
    let mut desks = desks.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(address) = desks.get(path) {
        return Ok(address.clone());
    }
    let address = serve_desk(path, texts, follow_links)
        .map_err(|error| format!("cannot open the review desk: {error:#}"))?;
    desks.insert(path.to_owned(), address.clone());
    Ok(address)
}

fn serve_desk(path: &Path, texts: Option<&Path>, follow_links: bool) -> anyhow::Result<String> {
    let followed = Followed::open(path, texts, access(follow_links), None, &|_, _| {})?;
    let place = path.display().to_string();
    let server = Server::open(web::DeskSettings { place, ..web::DeskSettings::default() }, followed)?;
    let address = server.page().context("the review desk has no address")?;
    std::thread::Builder::new().name("desk".to_owned()).spawn(move || match server.run() {
        // The desk handles the signals that end the program, so the whole program ends with it.
        Ok(()) => std::process::exit(0),
        Err(error) => eprint_line(&format!("the review desk stopped: {error}")),
    })?;
    Ok(address)
}
