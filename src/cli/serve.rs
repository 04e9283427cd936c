//! `gainsay serve`: the review desk in a browser.

use std::ffi::OsStr;
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
#[cfg(unix)]
use std::path::PathBuf;

use anyhow::Context as _;
use tempfile::NamedTempFile;

use super::load::{Place, day};
use super::{Outcome, hint, print};
use crate::period::Day;
use crate::web::{Listen, Server, Settings};

/// Serve the review desk: disputes, events, actors and sources in a browser, reviews written into the folder.
///
/// The pages follow the files: what is edited meanwhile is shown at once. The desk answers this machine alone
/// unless --bind says otherwise, has no accounts, and asks nothing of any other machine. The address that is printed
/// has the token of this run in it; a browser that opened it once has a cookie from then on, and nobody else gets in.
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

    /// Answer at a Unix socket instead, which only you can open: no port, no token.
    #[cfg(unix)]
    #[arg(long, value_name = "PATH", conflicts_with_all = ["port", "bind", "open", "no_token"])]
    socket: Option<PathBuf>,

    /// A further name under which browsers ask for the desk, such as that of a proxy in front of it.
    #[arg(long, value_name = "NAME", value_parser = name)]
    host: Vec<String>,

    /// Ask for no token, for a desk behind a proxy with a login: everyone who can connect gets in.
    #[arg(long)]
    no_token: bool,

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
        listen: listen(args),
        hosts: args.host.clone(),
        read_only: args.read_only,
        token: !args.no_token,
        place: args.place.in_words(),
    };
    let server =
        Server::open(settings, followed).with_context(|| format!("cannot serve at {}", wanted(args)))?;
    if let Some(warning) = server.address().and_then(|address| warning(address, args)) {
        hint(&warning);
    }
    if let Some(why) = server.watching_trouble() {
        hint(&format!("changes of the files are not reported ({why}): they are looked for every second"));
    }
    let Some(page) = server.page() else { return run_at_socket(server) };
    print(&format!("{page}\n"))?;
    // Kept until the end: the browser may read it late.
    let _opened = if args.open { open(&page, args.no_token) } else { None };
    server.run()?;
    Ok(Outcome::Fine)
}

#[cfg(unix)]
fn listen(args: &Args) -> Listen {
    let tcp = || Listen::Tcp { address: args.bind, port: args.port };
    args.socket.clone().map_or_else(tcp, Listen::Socket)
}

#[cfg(not(unix))]
fn listen(args: &Args) -> Listen {
    Listen::Tcp { address: args.bind, port: args.port }
}

/// Serves at a Unix socket, whose path is printed.
fn run_at_socket(server: Server) -> anyhow::Result<Outcome> {
    #[cfg(unix)]
    if let Some(path) = server.socket() {
        hint(
            "a browser needs a port that leads here, as `ssh -L` makes one; or ask with `curl --unix-socket PATH http://localhost/`",
        );
        print(&format!("{}\n", path.display()))?;
    }
    server.run()?;
    Ok(Outcome::Fine)
}

/// Where the desk was to be served, for an error.
fn wanted(args: &Args) -> String {
    #[cfg(unix)]
    if let Some(path) = &args.socket {
        return format!("`{}`", path.display());
    }
    args.port.map_or(args.bind.to_string(), |port| format!("{}:{port}", args.bind))
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

/// Who else can reach a desk at an address, where that needs saying.
fn warning(address: SocketAddr, args: &Args) -> Option<String> {
    let can = if args.read_only {
        "read every claim"
    } else {
        "read every claim and write reviews in anybody's name"
    };
    if address.ip().is_loopback() {
        let why = "--no-token is for a proxy with a login";
        return args.no_token.then(|| format!("every user of this machine can {can}: {why}"));
    }
    let port = address.port();
    let reached = if address.ip().is_unspecified() {
        format!("port {port} of this machine, at any of its addresses")
    } else {
        address.to_string()
    };
    Some(if args.no_token {
        format!(
            "others can reach this desk: everyone who reaches {reached}, can {can}, unencrypted and without an account"
        )
    } else {
        format!(
            "others can reach this desk at {reached}: the token keeps them out, but travels unencrypted; anyone who reads it \
             on the way can {can}"
        )
    })
}

/// Opens a page in the browser; if that fails, its address is on the screen.
///
/// The programs on a command line are shown to all users of a machine. An address with a token is therefore handed
/// over in a file that only this user can read, which leads on to it; it is removed when the result is dropped.
fn open(page: &str, is_public: bool) -> Option<NamedTempFile> {
    if is_public {
        start_browser(page.as_ref());
        return None;
    }
    match private_link(page) {
        Ok(file) => {
            start_browser(file.path().as_os_str());
            Some(file)
        }
        Err(error) => {
            hint(&format!("cannot open a browser (no file leads to the page: {error})"));
            None
        }
    }
}

/// A page on the disk that only this user can read, and that leads to an address.
fn private_link(page: &str) -> std::io::Result<NamedTempFile> {
    // Such files are made with the mode 0600.
    let mut file = tempfile::Builder::new().prefix("gainsay-").suffix(".html").tempfile()?;
    write!(
        file,
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={page}\">\n<title>gainsay</title>\n\
         <p><a href=\"{page}\">To the review desk</a></p>\n"
    )?;
    file.flush()?;
    Ok(file)
}

fn start_browser(address: &OsStr) {
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
        .arg(address)
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

    fn args(options: &[&str]) -> Args {
        use clap::{Args as _, FromArgMatches as _};
        let command = Args::augment_args(clap::Command::new("serve"));
        Args::from_arg_matches(&command.get_matches_from([&["serve"], options].concat())).unwrap()
    }

    #[test]
    fn warning_says_who_can_reach_the_desk() {
        let warned = |address: &str, options: &[&str]| warning(address.parse().unwrap(), &args(options));
        assert_eq!(warned("127.0.0.1:4880", &[]), None);
        let shared = warned("127.0.0.1:4880", &["--no-token"]).unwrap();
        assert!(
            shared.contains("every user of this machine can read every claim and write reviews"),
            "{shared}"
        );
        let open = warned("0.0.0.0:4880", &["--no-token", "--read-only"]).unwrap();
        assert!(
            open.contains("port 4880") && open.contains("any of its addresses") && !open.contains("write"),
            "{open}"
        );
        assert!(warned("192.0.2.7:80", &["--no-token"]).unwrap().contains("reaches 192.0.2.7:80"));
        assert!(warned("192.0.2.7:80", &[]).unwrap().contains("the token keeps them out"));
    }

    #[test]
    fn link_to_a_page_is_readable_by_its_user_alone() {
        let file = private_link("http://127.0.0.1:4880/?token=a").unwrap();
        assert!(
            std::fs::read_to_string(file.path()).unwrap().contains("url=http://127.0.0.1:4880/?token=a\"")
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(file.path()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let path = file.path().to_owned();
        drop(file);
        assert!(!path.exists());
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
