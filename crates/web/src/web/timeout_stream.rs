//! A stream that fails if the client reads too slowly.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// The number of bytes that a client must read within the timeout.
const PORTION_BYTES: usize = 64 * 1024;

/// A stream that waits for its reader for a limited time.
pub(super) struct TimeoutStream<S> {
    stream: S,
    /// How long it waits for each [`PORTION_BYTES`].
    patience: Duration,
    /// When the wait ends. None while the client keeps up.
    until: Option<Pin<Box<Sleep>>>,
    /// Bytes that the client has read since the wait began.
    taken: usize,
}

impl<S> TimeoutStream<S> {
    /// A stream whose reader has the time `patience` for each [`PORTION_BYTES`].
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, until: None, taken: 0 }
    }

    /// Waits for the reader. Ready with an error once it has taken too long.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let patience = self.patience;
        let until = self.until.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        until.as_mut().poll(cx).map(|()| io::ErrorKind::TimedOut.into())
    }

    fn took(&mut self, bytes: usize) {
        self.taken += bytes;
        if self.taken >= PORTION_BYTES {
            (self.until, self.taken) = (None, 0);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimeoutStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TimeoutStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(cx, bytes) {
            Poll::Ready(Ok(count)) => {
                // The client accepted everything at once, so it keeps up.
                self.took(if count == bytes.len() { PORTION_BYTES } else { count });
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => self.wait(cx).map(Err),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Read as _;

    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    async fn pair(patience: Duration) -> (TimeoutStream<TcpStream>, std::net::TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (TimeoutStream::new(listener.accept().await.unwrap().0, patience), client)
    }

    async fn send(to: &mut TimeoutStream<TcpStream>, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let sent = poll_fn(|cx| Pin::new(&mut *to).poll_write(cx, bytes)).await?;
            bytes = &bytes[sent..];
        }
        Ok(())
    }

    #[tokio::test]
    async fn client_that_does_not_read_is_given_up() {
        let (mut ours, client) = pair(Duration::from_millis(20)).await;
        let refused = send(&mut ours, &vec![0; 64 * 1024 * 1024]).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::TimedOut);
        drop(client);
    }

    #[tokio::test]
    async fn client_that_reads_gets_all_of_it() {
        let (mut ours, mut client) = pair(Duration::from_secs(120)).await;
        let reading = std::thread::spawn(move || {
            let mut read = Vec::new();
            client.read_to_end(&mut read).map(|_| read.len())
        });
        let sent = vec![7; 16 * 1024 * 1024];
        send(&mut ours, &sent).await.unwrap();
        drop(ours);
        assert_eq!(reading.join().unwrap().unwrap(), sent.len());
    }
}
