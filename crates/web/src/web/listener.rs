//! Listening on a TCP port, or on a Unix socket that only its owner can open.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Listen, access::Local};
#[cfg(unix)]
use gainsay_folder::folder::SocketFile;

/// The port that is tried first if none is given.
const PORT: u16 = 4880;
/// How many ports are tried, starting at [`PORT`].
const PORTS_TRIED: u16 = 100;

/// An address that is bound, but not yet listened on.
#[derive(Debug)]
pub(super) enum BoundAddress {
    Tcp(std::net::TcpListener, SocketAddr),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener, SocketFile),
}

impl BoundAddress {
    /// Binds an address.
    ///
    /// # Errors
    /// If it is in use or not available, and for a socket also if its folder is not safe; see [`SocketFile::bind`].
    pub(super) fn new(listen: &Listen) -> io::Result<Self> {
        match listen {
            Listen::Tcp { address, port } => {
                let listener = bind_tcp(*address, *port)?;
                listener.set_nonblocking(true)?;
                let address = listener.local_addr()?;
                Ok(Self::Tcp(listener, address))
            }
            #[cfg(unix)]
            Listen::Socket(path) => {
                let (listener, file) = SocketFile::bind(path, connect)?;
                Ok(Self::Unix(listener, file))
            }
        }
    }

    /// The TCP address. None for a Unix socket.
    pub(super) fn tcp(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(_, address) => Some(*address),
            #[cfg(unix)]
            Self::Unix(..) => None,
        }
    }

    /// Starts to listen. Must be called within a runtime.
    pub(super) fn listen(self) -> io::Result<Listener> {
        Ok(match self {
            Self::Tcp(listener, _) => Listener::Tcp(tokio::net::TcpListener::from_std(listener)?),
            #[cfg(unix)]
            Self::Unix(listener, file) => {
                let listener = tokio::net::UnixListener::from_std(listener)?;
                Listener::Unix { listener, _file: file }
            }
        })
    }
}

/// Connects without waiting, because a program whose queue is full is still running.
#[cfg(unix)]
fn connect(path: &std::path::Path) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(tokio::net::UnixStream::connect(path)).map(drop)
}

fn bind_tcp(address: IpAddr, port: Option<u16>) -> io::Result<std::net::TcpListener> {
    if let Some(port) = port {
        return std::net::TcpListener::bind((address, port));
    }
    let mut taken = None;
    for port in PORT..PORT + PORTS_TRIED {
        match std::net::TcpListener::bind((address, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => taken = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(taken.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

/// Accepts connections. Dropping it removes the file of a Unix socket.
#[derive(Debug)]
pub(super) enum Listener {
    Tcp(tokio::net::TcpListener),
    #[cfg(unix)]
    Unix {
        listener: tokio::net::UnixListener,
        _file: SocketFile,
    },
}

impl Listener {
    /// The next connection, with its local address if it is a TCP connection.
    pub(super) async fn accept(&self) -> io::Result<(Stream, Option<Local>)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                _ = stream.set_nodelay(true);
                let local = stream.local_addr()?;
                Ok((Stream::Tcp(stream), Some(Local(local))))
            }
            #[cfg(unix)]
            Self::Unix { listener, .. } => Ok((Stream::Unix(listener.accept().await?.0), None)),
        }
    }
}

/// A connection of either kind.
#[derive(Debug)]
pub(super) enum Stream {
    Tcp(tokio::net::TcpStream),
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
}

impl Stream {
    /// Writes as much as is possible without waiting.
    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_write(bytes),
            #[cfg(unix)]
            Self::Unix(stream) => stream.try_write(bytes),
        }
    }
}

/// Calls a method of the stream of either kind.
macro_rules! either {
    ($stream:expr, $method:ident($($argument:expr),*)) => {
        match $stream.get_mut() {
            Stream::Tcp(stream) => Pin::new(stream).$method($($argument),*),
            #[cfg(unix)]
            Stream::Unix(stream) => Pin::new(stream).$method($($argument),*),
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        either!(self, poll_read(cx, into))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        either!(self, poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(self, poll_shutdown(cx))
    }
}
