//! `gainsay lsp`: the language server.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use crossbeam_channel::Sender;

use super::load::access;
use super::{Outcome, hint};
use crate::folder::{Followed, Watch};
use crate::lsp::{self, Settings};
use crate::web::{self, Server};

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

    /// Read through links that lead out of the folder, too; nothing is written through them.
    #[arg(long)]
    follow_links: bool,

    /// Understood for editors that say so; there is no other way.
    #[arg(long)]
    stdio: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let (incoming, outgoing, threads) = lsp::stdio();
    let settings = Settings {
        path: args.path.clone(),
        texts: args.texts.clone(),
        access: access(args.follow_links),
        ..Settings::default()
    };
    let desks = Desks::default();
    let follow_links = args.follow_links;
    let desk = move |path: &Path, texts: Option<&Path>| open_desk(&desks, path, texts, follow_links);
    let left = lsp::serve(&incoming, &outgoing, settings, Arc::new(desk), Arc::new(watch));
    drop((incoming, outgoing));
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

/// The desks that are open: the address of each by its folder.
type Desks = Mutex<BTreeMap<PathBuf, String>>;

/// Serves the review desk of a folder from a thread of its own, which ends with the process, and says where it is.
fn open_desk(desks: &Desks, path: &Path, texts: Option<&Path>, follow_links: bool) -> Result<String, String> {
    // Held until the desk is there: of two who ask at once, both have the same.
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
    let server = Server::open(web::Settings { place, ..web::Settings::default() }, followed)?;
    let address = server.page().context("the desk has no address")?;
    std::thread::Builder::new().name("desk".to_owned()).spawn(move || match server.run() {
        // The desk takes the signals that end the program, for all of it.
        Ok(()) => std::process::exit(0),
        Err(error) => hint(&format!("the review desk is closed: {error}")),
    })?;
    Ok(address)
}
