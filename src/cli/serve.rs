//! `gainsay serve`: the review desk in a browser.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

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
    #[arg(long, value_name = "NAME", value_parser = name)]
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
    let page = format!("http://{}/", from_here(address));
    if !args.bind.is_loopback() {
        hint(&warning(address, args.read_only));
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

/// A name as a browser writes it: with a port perhaps, without what stands around it in an address.
fn name(typed: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    if !typed.is_empty() && typed.bytes().all(is_plain) {
        return Ok(typed.to_owned());
    }
    Err("a name such as `desk.example` or `desk.example:8443` is expected, without `http://` and path"
        .to_owned())
}

/// The address at which a browser on this machine asks: every address of it is none that can be asked.
fn from_here(address: SocketAddr) -> SocketAddr {
    let here = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(here, address.port())
}

fn warning(address: SocketAddr, read_only: bool) -> String {
    let can =
        if read_only { "read every claim" } else { "read every claim and write reviews in anybody's name" };
    let port = address.port();
    let reaches = if address.ip().is_unspecified() {
        format!("port {port} of this machine, at any of its addresses,")
    } else {
        address.to_string()
    };
    format!(
        "others can reach this desk: whoever reaches {reaches} can {can}, unencrypted and without an account"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_can_be_asked_for_from_here() {
        for (bound, asked) in [
            ("0.0.0.0:4880", "127.0.0.1:4880"),
            ("[::]:4880", "[::1]:4880"),
            ("127.0.0.1:4880", "127.0.0.1:4880"),
            ("192.0.2.7:80", "192.0.2.7:80"),
        ] {
            assert_eq!(from_here(bound.parse().unwrap()).to_string(), asked);
        }
        let warned = warning("0.0.0.0:4880".parse().unwrap(), true);
        assert!(warned.contains("port 4880") && warned.contains("any of its addresses"), "{warned}");
        assert!(warning("192.0.2.7:80".parse().unwrap(), false).contains("reaches 192.0.2.7:80 can read"));
    }

    #[test]
    fn a_name_is_no_address() {
        assert!(["desk.example", "desk.example:8443", "[2001:db8::1]"].map(name).iter().all(Result::is_ok));
        assert!(
            ["", " ", "https://desk.example", "desk.example/", "a,b", "*"]
                .map(name)
                .iter()
                .all(Result::is_err)
        );
    }
}
