//! The live review desk: pages over HTTP from this machine, reviews written into the folder, pages that follow
//! the files. It has no opinion that the command line lacks; it is the one place where anything is
//! asynchronous.
//!
//! The way of a request: `connections` takes it in and bounds what it may cost, `gate` asks whether it comes
//! from one of our pages, `pages` answers it from the `snapshot` that `live` holds, or with a page `kept`
//! of it, and `saving` writes.

mod connections;
mod gate;
mod kept;
mod live;
mod pages;
mod saving;
mod snapshot;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

use crate::folder::{Followed, Watch};
use gate::Gate;
use live::Live;

/// The port where none is asked for; where it is taken, one of the next.
const PORT: u16 = 4880;
/// How many ports after [`PORT`] are tried.
const NEXT: u16 = 100;
/// Pages that follow the files at once; a browser holds one connection for each.
const LISTENERS: usize = 64;

/// How the desk is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address it is bound to.
    pub bind: IpAddr,
    /// The port; none takes 4880 or the next that is free, 0 any that is free.
    pub port: Option<u16>,
    /// Names beside its address under which browsers may ask for it.
    pub hosts: Vec<String>,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// The folder, as people know it.
    pub place: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: None,
            hosts: Vec::new(),
            read_only: false,
            place: String::new(),
        }
    }
}

/// A desk that has an address, and is ready to answer.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    served: Arc<Served>,
    watch: Watch,
}

/// What all requests share.
#[derive(Debug)]
struct Served {
    live: Live,
    gate: Gate,
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
        let listener = bind(settings.bind, settings.port)?;
        listener.set_nonblocking(true)?;
        let gate = Gate::new(&settings, listener.local_addr()?)?;
        let watch = Watch::new(followed.path(), followed.texts());
        let served = Served {
            live: Live::new(followed),
            gate,
            place: settings.place,
            run: gate::random_hex(8)?,
            listeners: Arc::new(Semaphore::new(LISTENERS)),
            closing: watch::Sender::new(false),
        };
        Ok(Self { listener, served: Arc::new(served), watch })
    }

    /// Where it can be asked.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
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
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            let served = Arc::clone(&self.served);
            let accepting = tokio::spawn(connections::accept(listener, pages::router(&served), served));
            interrupted().await?;
            self.served.closing.send_replace(true);
            // Each connection ends its answer, within the time it has.
            _ = tokio::time::timeout(connections::FAREWELL, accepting).await;
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

fn bind(address: IpAddr, port: Option<u16>) -> io::Result<TcpListener> {
    if let Some(port) = port {
        return TcpListener::bind((address, port));
    }
    let mut taken = None;
    for port in PORT..PORT + NEXT {
        match TcpListener::bind((address, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => taken = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(taken.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}
