//! `gainsay serve`: the review desk in a browser.

use std::net::IpAddr;

use anyhow::Context as _;

use super::load::{Place, day};
use super::{Outcome, hint, print};
use crate::period::Day;
use crate::web::{Server, Settings};

/// Serve the review desk: disputes, events, actors and sources in a browser, reviews written into the folder.
///
/// The pages follow the files: what is edited meanwhile is shown at once. The desk answers this machine alone
/// unless --bind says otherwise, has no accounts, and asks nothing of any other machine.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,

    /// The port [default: 4880, or the next that is free].
    #[arg(long, value_name = "N")]
    port: Option<u16>,

    /// The address to answer at; 0.0.0.0 for every address of this machine.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    bind: IpAddr,

    /// A further name under which browsers ask for the desk, such as that of a proxy in front of it.
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,

    /// Write nothing: pages show the command for a review instead of the form.
    #[arg(long)]
    read_only: bool,

    /// Open the first page in the browser.
    #[arg(long)]
    open: bool,

    /// What was known and said by the end of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Day>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let followed = args.place.follow(args.as_of)?;
    let settings = Settings {
        bind: args.bind,
        port: args.port,
        hosts: args.host.clone(),
        read_only: args.read_only,
        place: args.place.in_words(),
    };
    let server = Server::open(settings, followed).with_context(|| {
        format!(
            "cannot serve at {}",
            args.port.map_or(args.bind.to_string(), |port| format!("{}:{port}", args.bind))
        )
    })?;
    let address = server.address()?;
    let page = format!("http://{address}/");
    if !args.bind.is_loopback() {
        hint(&warning(args.read_only));
    }
    if let Some(why) = server.watching_trouble() {
        hint(&format!("changes of the files are not reported ({why}): they are looked for every second"));
    }
    print(&format!("{page}\n"))?;
    if args.open {
        open(&page);
    }
    server.run()?;
    Ok(Outcome::Fine)
}

fn warning(read_only: bool) -> String {
    let can =
        if read_only { "read every claim" } else { "read every claim and write reviews in anybody's name" };
    format!(
        "others can reach this desk: whoever reaches this address can {can}, unencrypted and without an account"
    )
}

/// Opens a page in the browser of whoever sits here; where that fails, its address stands on the screen.
fn open(page: &str) {
    let (program, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let quiet = std::process::Stdio::null;
    let started = std::process::Command::new(program)
        .args(first)
        .arg(page)
        .stdin(quiet())
        .stdout(quiet())
        .stderr(quiet())
        .spawn();
    if let Err(error) = started {
        hint(&format!("cannot open a browser ({program}: {error})"));
    }
}
