//! The live review desk: pages over HTTP from this machine, reviews written into the folder, pages that follow
//! the files. It has no opinion that the command line lacks; it is the one place where anything is
//! asynchronous.
//!
//! The way of a request: `listener` takes the connection, `connections` bounds what it may cost, `access_rules` checks that
//! it comes from one of our pages and `access` that its sender may enter, `pages` answers it from the `snapshot` that
//! `live` holds, or with a page `kept` of it, and `saving` writes.

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

use crate::folder::{Followed, Watch};
use access::AccessRules;
use listener::BoundAddress;
use live::Live;
use login::Login;

/// Pages that follow the files at once; a browser holds one connection for each.
const MAX_LISTENERS: usize = 64;

/// How the desk is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens.
    pub listen: Listen,
    /// Names beside its address under which browsers may ask for it.
    pub hosts: Vec<String>,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// Whether visitors need the token of this run. At a Unix socket nobody does: its file decides who may ask.
    pub token: bool,
    /// The folder, as people know it.
    pub place: String,
}

/// Where a desk listens.
#[derive(Clone, Debug)]
pub enum Listen {
    /// At a TCP port of an address.
    Tcp {
        /// The address it is bound to.
        address: IpAddr,
        /// The port; none takes 4880 or the next that is free, 0 any that is free.
        port: Option<u16>,
    },
    /// At a Unix socket, which is created for this run and removed at its end.
    #[cfg(unix)]
    Socket(PathBuf),
}

impl Default for Settings {
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

/// A desk that has an address, and is ready to answer.
#[derive(Debug)]
pub struct Server {
    bound: BoundAddress,
    served: Arc<Served>,
    watch: Watch,
}

/// What all requests share.
#[derive(Debug)]
struct Served {
    live: Live,
    /// Held by the one form that is written: others wait for it without a thread, so that pages always find one.
    writing: Arc<tokio::sync::Mutex<()>>,
    access_rules: AccessRules,
    access: Login,
    place: String,
    /// Tells the pages of this run of the program from those of another.
    run: String,
    /// A place for each page that follows the files.
    listeners: Arc<Semaphore>,
    /// Turns true when the desk closes.
    closing: watch::Sender<bool>,
}

impl Server {
    /// Takes an address and analyses the workspace.
    ///
    /// # Errors
    /// Where the address cannot be had, and where the system gives no random bytes.
    pub fn open(settings: Settings, followed: Followed) -> io::Result<Self> {
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

    /// The TCP address; none at a Unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        self.bound.tcp()
    }

    /// The address of the first page for a browser on this machine, with the token of this run where one is needed;
    /// none at a Unix socket.
    pub fn page(&self) -> Option<String> {
        let address = from_here(self.bound.tcp()?);
        Some(format!("http://{address}/{}", self.served.access.query()))
    }

    /// The absolute path of the Unix socket; none at a TCP address.
    #[cfg(unix)]
    pub fn socket(&self) -> Option<&Path> {
        match &self.bound {
            BoundAddress::Unix(_, file) => Some(file.path()),
            BoundAddress::Tcp(..) => None,
        }
    }

    /// Why changes of the files are looked for every second instead of being reported, where they are.
    pub fn watching_trouble(&self) -> Option<&str> {
        self.watch.trouble()
    }

    /// Answers until the program is interrupted.
    ///
    /// # Errors
    /// What the system says when it is asked for threads and signals.
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
            // Each connection ends its answer, within the time it has.
            _ = tokio::time::timeout(connections::SHUTDOWN_GRACE, accepting).await;
            Ok(())
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
        outcome
    }
}

/// Reads again whenever something may have changed, as long as the desk is there.
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

/// Resolves when the program is asked to end.
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

/// The address at which a browser on this machine asks a desk that is bound to every address.
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
    fn page_can_be_asked_for_from_here() {
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
