//! The live review desk: serves pages over HTTP, writes reviews into the folder, and updates open pages when files
//! change. It finds the same as the command line. It is the only asynchronous part of the program.
//!
//! The path of a request: `listener` accepts the connection, `connections` limits its cost, `access` checks that it
//! comes from one of our pages, `login` checks the token, `pages` answers it from the `snapshot` that `live` holds or
//! from the `page_cache`, and `saving` writes reviews.

mod login;
mod connections;
mod access;
mod page_cache;
mod listener;
mod live;
mod pages;
mod timeout_stream;
mod registry;
mod saving;
mod snapshot;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
#[cfg(unix)]
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

use access::AccessRules;
use gainsay_folder::folder::{Followed, Watch};
use listener::BoundAddress;
use live::Live;
use login::Login;

/// The most pages that follow the files at the same time. A browser holds one connection for each.
const MAX_LISTENERS: usize = 64;

/// How the desk is served.
#[derive(Clone, Debug)]
pub struct DeskSettings {
    /// Where it listens.
    pub listen: Listen,
    /// Host names under which browsers may address it, in addition to its address.
    pub hosts: Vec<String>,
    /// Whether the desk is read-only.
    pub read_only: bool,
    /// Whether visitors need the token of this run. Ignored for a Unix socket, where file permissions decide.
    pub token: bool,
    /// The folder, as shown to people.
    pub place: String,
}

/// Where a desk listens.
#[derive(Clone, Debug)]
pub enum Listen {
    /// On a TCP port.
    Tcp {
        /// The address it is bound to.
        address: IpAddr,
        /// The port. `None` takes 4880 or the next free one, 0 any free one.
        port: Option<u16>,
    },
    /// On a Unix socket, which is created for this run and removed at its end.
    #[cfg(unix)]
    Socket(PathBuf),
}

impl Default for DeskSettings {
    fn default() -> Self {
        Self {
            listen: Listen::Tcp { address: IpAddr::V4(Ipv4Addr::LOCALHOST), port: None },
            hosts: Vec::new(),
            read_only: false,
            token: true,
            place: String::new(),
        }
    }
}

/// A desk that is bound to an address and ready to answer.
#[derive(Debug)]
pub struct Server {
    bound: BoundAddress,
    served: Arc<Served>,
    watch: Watch,
}

/// State shared by all requests.
#[derive(Debug)]
struct Served {
    live: Live,
    /// Held by the form that is being written. Other forms wait for it without a thread, so that pages can use the
    /// threads.
    writing: Arc<tokio::sync::Mutex<()>>,
    access_rules: AccessRules,
    access: Login,
    place: String,
    /// Identifies this run of the program, so that pages of an earlier run are recognised.
    run: String,
    /// Limits the pages that follow the files to [`MAX_LISTENERS`].
    listeners: Arc<Semaphore>,
    /// Becomes true when the desk closes.
    closing: watch::Sender<bool>,
}

impl Server {
    /// Binds the address and analyses the workspace.
    ///
    /// # Errors
    /// If the address cannot be bound, or the system does not provide random bytes.
    pub fn open(settings: DeskSettings, followed: Followed) -> io::Result<Self> {
        let bound = BoundAddress::new(&settings.listen)?;
        let access_rules = AccessRules::new(&settings, bound.tcp())?;
        let access = match bound.tcp() {
            Some(address) if settings.token => Login::by_token(address.port())?,
            _ => Login::open(),
        };
        let watch = Watch::new(followed.path(), followed.texts());
        let served = Served {
            live: Live::new(followed),
            writing: Arc::default(),
            access_rules,
            access,
            place: settings.place,
            run: access::random_hex(8)?,
            listeners: Arc::new(Semaphore::new(MAX_LISTENERS)),
            closing: watch::Sender::new(false),
        };
        Ok(Self { bound, served: Arc::new(served), watch })
    }

    /// The TCP address. None for a Unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        self.bound.tcp()
    }

    /// The URL of the first page for a browser on this machine, with the token if one is needed.
    /// None for a Unix socket.
    pub fn page(&self) -> Option<String> {
        let address = from_here(self.bound.tcp()?);
        Some(format!("http://{address}/{}", self.served.access.query()))
    }

    /// The absolute path of the Unix socket. None for a TCP address.
    #[cfg(unix)]
    pub fn socket(&self) -> Option<&Path> {
        match &self.bound {
            BoundAddress::Unix(_, file) => Some(file.path()),
            BoundAddress::Tcp(..) => None,
        }
    }

    /// Why file changes are polled every second instead of being reported by the system. None if they are reported.
    pub fn watching_trouble(&self) -> Option<&str> {
        self.watch.trouble()
    }

    /// Answers requests until the program is interrupted.
    ///
    /// # Errors
    /// If the system refuses threads or signal handlers.
    pub fn run(self) -> io::Result<()> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(64).build()?;
        follow(&self.served, self.watch)?;
        let outcome = runtime.block_on(async {
            let listener = self.bound.listen()?;
            let served = Arc::clone(&self.served);
            let accepting = tokio::spawn(connections::accept(listener, pages::router(&served), served));
            interrupted().await?;
            self.served.closing.send_replace(true);
            // Each connection finishes its answer, within a time limit.
            _ = tokio::time::timeout(connections::SHUTDOWN_GRACE, accepting).await;
            Ok(())
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
        outcome
    }
}

/// Reloads the folder whenever something may have changed, until the desk closes.
fn follow(served: &Arc<Served>, mut watch: Watch) -> io::Result<()> {
    let served = Arc::downgrade(served);
    std::thread::Builder::new()
        .name("follow".to_owned())
        .spawn(move || {
            loop {
                watch.wait();
                let Some(served) = served.upgrade() else { return };
                served.live.refresh();
            }
        })
        .map(drop)
}

/// Resolves when the program receives a signal to end.
async fn interrupted() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut ended = signal(SignalKind::terminate())?;
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended,
            _ = ended.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// The address to use from this machine if the desk is bound to all addresses.
fn from_here(address: SocketAddr) -> SocketAddr {
    let here = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(here, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_here_gives_a_local_address() {
        for (bound, asked) in [
            ("0.0.0.0:4880", "127.0.0.1:4880"),
            ("[::]:4880", "[::1]:4880"),
            ("127.0.0.1:4880", "127.0.0.1:4880"),
            ("192.0.2.7:80", "192.0.2.7:80"),
        ] {
            assert_eq!(from_here(bound.parse().unwrap()).to_string(), asked);
        }
    }
}
