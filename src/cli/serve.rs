//! `gainsay serve`: the review desk in a browser.

use std::ffi::OsStr;
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
#[cfg(unix)]
use std::path::PathBuf;

use anyhow::Context as _;
use tempfile::NamedTempFile;

use super::load::{PathArgs, day};
use super::{ExitStatus, eprint_line, print};
use gainsay_reading::period::Day;
use gainsay_web::web::{DeskSettings, Listen, Server};

/// Serve the review desk: read disputes, events, actors and sources in a browser, and write reviews.
///
/// The pages follow the files: they show an edit at once. The desk only answers this machine unless --bind says
/// otherwise. It has no accounts, and connects to no other machine. The printed address includes the token of this run:
/// a browser that opens it gets a cookie, and other browsers are refused.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    paths: PathArgs,

    /// The port [default: 4880, or the next free one].
    #[arg(long, value_name = "N")]
    port: Option<u16>,

    /// The address to listen on; 0.0.0.0 for all addresses of this machine.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    bind: IpAddr,

    /// Listen on a Unix socket that only you can open, instead of a port; no token is needed.
    #[cfg(unix)]
    #[arg(long, value_name = "PATH", conflicts_with_all = ["port", "bind", "open", "no_token"])]
    socket: Option<PathBuf>,

    /// Another host name that browsers may use for the desk, such as that of a proxy in front of it.
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    host: Vec<String>,

    /// Require no token, for a desk behind a proxy with a login. Everyone who can connect gets in.
    #[arg(long)]
    no_token: bool,

    /// Write nothing. Instead of the form for a review, pages show the command for it.
    #[arg(long)]
    read_only: bool,

    /// Open the first page in the browser.
    #[arg(long)]
    open: bool,

    /// Only use what was known and said by the end of this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Day>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitStatus> {
    let followed = args.paths.follow(args.as_of)?;
    let settings = DeskSettings {
        listen: listen(args),
        hosts: args.host.clone(),
        read_only: args.read_only,
        token: !args.no_token,
        place: args.paths.display_path(),
    };
    let server = Server::open(settings, followed)
        .with_context(|| format!("cannot serve at {}", requested_address(args)))?;
    if let Some(warning) = server.address().and_then(|address| warning(address, args)) {
        eprint_line(&warning);
    }
    if let Some(why) = server.watching_trouble() {
        eprint_line(&format!(
            "the system does not report file changes ({why}): the files are checked every second"
        ));
    }
    let Some(page) = server.page() else { return run_at_socket(server) };
    print(&format!("{page}\n"))?;
    // Kept until the server ends, because the browser may read it late.
    let _opened = if args.open { open(&page, args.no_token) } else { None };
    server.run()?;
    Ok(ExitStatus::Success)
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

/// Prints the path of the Unix socket, then serves.
fn run_at_socket(server: Server) -> anyhow::Result<ExitStatus> {
    #[cfg(unix)]
    if let Some(path) = server.socket() {
        eprint_line(
            "a browser needs a port that forwards to the socket, such as one made with `ssh -L`; \
             without a browser, use `curl --unix-socket PATH http://localhost/`",
        );
        print(&format!("{}\n", path.display()))?;
    }
    server.run()?;
    Ok(ExitStatus::Success)
}

/// The requested socket or address, for an error.
fn requested_address(args: &Args) -> String {
    #[cfg(unix)]
    if let Some(path) = &args.socket {
        return format!("`{}`", path.display());
    }
    args.port.map_or(args.bind.to_string(), |port| format!("{}:{port}", args.bind))
}

/// Parses a host name, with or without a port, but without a scheme or path.
fn host_name(typed: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    if !typed.is_empty() && typed.bytes().all(is_plain) {
        return Ok(typed.to_owned());
    }
    Err("expected a name such as `desk.example` or `desk.example:8443`, without `http://` and without a path"
        .to_owned())
}

/// A warning if others can reach a desk at this address.
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
            "others can reach this desk: everyone who can connect to {reached} can {can}, unencrypted and without an account"
        )
    } else {
        format!(
            "others can reach this desk at {reached}: the token keeps them out, but it is sent unencrypted; anyone who \
             intercepts it can {can}"
        )
    })
}

/// Opens a page in the browser. If that fails, the user can still copy the printed address.
///
/// All users of a machine can see the command lines of running programs. An address with a token is therefore passed
/// in a file that only this user can read and that redirects to the address. The file is removed when the result is
/// dropped.
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
            eprint_line(&format!(
                "cannot open a browser (cannot write the file that redirects to the page: {error})"
            ));
            None
        }
    }
}

/// Writes a file that only this user can read and that redirects to an address.
fn private_link(page: &str) -> std::io::Result<NamedTempFile> {
    // Temporary files have the mode 0600.
    let mut file = tempfile::Builder::new().prefix("gainsay-").suffix(".html").tempfile()?;
    write!(
        file,
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={page}\">\n<title>gainsay</title>\n\
         <p><a href=\"{page}\">Open the review desk</a></p>\n"
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
        eprint_line(&format!("cannot open a browser ({program}: {error})"));
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
        assert!(warned("192.0.2.7:80", &["--no-token"]).unwrap().contains("connect to 192.0.2.7:80"));
        assert!(warned("192.0.2.7:80", &[]).unwrap().contains("the token keeps them out"));
    }

    #[test]
    fn private_link_is_readable_by_its_user_only() {
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
    fn host_name_refuses_addresses_and_paths() {
        assert!(
            ["desk.example", "desk.example:8443", "[2001:db8::1]"].map(host_name).iter().all(Result::is_ok)
        );
        assert!(
            ["", " ", "https://desk.example", "desk.example/", "a,b", "*"]
                .map(host_name)
                .iter()
                .all(Result::is_err)
        );
    }
}
