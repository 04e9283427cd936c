//! Connections: how many there are, how long each may take, and how they end.
//!
//! Whoever sends nothing, sends slowly or reads slowly holds a place and nothing else. Where all places are
//! taken, whoever has waited longest without a request gives up its own.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Sleep;

use super::Served;
use super::gate::Local;

/// Connections at once.
const PLACES: usize = 256;
/// How long a connection may take to ask, the first time and after each answer.
const TO_ASK: Duration = Duration::from_secs(15);
/// How long a client may take to read each [`PORTION`] of an answer.
const TO_READ: Duration = Duration::from_secs(20);
/// See [`TO_READ`].
const PORTION: usize = 64 * 1024;
/// How long a newcomer waits for a place.
const TO_COME_IN: Duration = Duration::from_secs(1);
/// How long answers may take to end when the desk closes.
pub(super) const FAREWELL: Duration = Duration::from_secs(2);

/// Takes connections in until the desk closes, then waits until they have ended.
pub(super) async fn accept(listener: TcpListener, router: Router, served: Arc<Served>) {
    let places = Arc::new(Semaphore::new(PLACES));
    let visitors = Arc::new(Visitors::default());
    let mut closing = served.closing.subscribe();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = closed(&mut closing) => break,
        };
        let Ok((stream, _)) = stream else {
            // Out of file handles, most likely: some will be free again.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        match place(&places, &visitors).await {
            Some(place) => {
                let (router, served) = (router.clone(), Arc::clone(&served));
                tokio::spawn(converse(stream, router, served, Arc::clone(&visitors), place));
            }
            None => drop(stream.try_write(FULL)),
        }
    }
    drop(listener);
    _ = places.acquire_many(PLACES as u32).await;
}

/// What a newcomer hears where every connection is busy.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// A place for a connection; where there is none, that of whoever has waited longest.
async fn place(places: &Arc<Semaphore>, visitors: &Visitors) -> Option<OwnedSemaphorePermit> {
    if let Ok(place) = Arc::clone(places).try_acquire_owned() {
        return Some(place);
    }
    if !visitors.send_home_the_longest_waiting() {
        return None;
    }
    tokio::time::timeout(TO_COME_IN, Arc::clone(places).acquire_owned()).await.ok()?.ok()
}

/// Answers the requests of one connection until either side has enough.
async fn converse(
    stream: TcpStream,
    router: Router,
    served: Arc<Served>,
    visitors: Arc<Visitors>,
    place: OwnedSemaphorePermit,
) {
    let Ok(local) = stream.local_addr().map(Local) else { return };
    _ = stream.set_nodelay(true);
    let visitor = visitors.welcome();
    let guest = Arc::clone(&visitor.1);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(local);
        let asking = Asking::new(&guest);
        let answer = router.call(request);
        async move { answer.await.map(|answer| hold(answer, asking)) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TO_ASK)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(Patient::new(stream, TO_READ)), service);
    let mut connection = std::pin::pin!(connection);
    let mut closing = served.closing.subscribe();
    tokio::select! {
        _ = connection.as_mut() => {}
        () = visitor.1.sent_home.notified() => {}
        () = closed(&mut closing) => {
            connection.as_mut().graceful_shutdown();
            _ = tokio::time::timeout(FAREWELL, connection).await;
        }
    }
    visitors.goodbye(visitor.0);
    drop(place);
}

/// Resolves when the desk closes.
pub(super) async fn closed(closing: &mut watch::Receiver<bool>) {
    _ = closing.wait_for(|&closing| closing).await;
}

/// Who is connected, by number.
#[derive(Default)]
struct Visitors(Mutex<(u64, BTreeMap<u64, Arc<Visitor>>)>);

/// A connection.
struct Visitor {
    began: Instant,
    /// Milliseconds from its beginning since which it has no request under way, and one more; 0 while it has.
    waiting: AtomicU64,
    sent_home: Notify,
}

impl Visitors {
    fn welcome(&self) -> (u64, Arc<Visitor>) {
        let visitor =
            Arc::new(Visitor { began: Instant::now(), waiting: AtomicU64::new(1), sent_home: Notify::new() });
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        list.0 += 1;
        let number = list.0;
        list.1.insert(number, Arc::clone(&visitor));
        (number, visitor)
    }

    fn goodbye(&self, number: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.remove(&number);
    }

    /// Ends the connection that has waited longest for nothing; whether there is one.
    fn send_home_the_longest_waiting(&self) -> bool {
        let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = list.1.values().filter_map(|visitor| Some((visitor.waiting_since()?, visitor)));
        let longest = waiting.min_by_key(|(since, _)| *since);
        longest.map(|(_, visitor)| visitor.sent_home.notify_one()).is_some()
    }
}

impl Visitor {
    fn waiting_since(&self) -> Option<Instant> {
        let waiting = self.waiting.load(Ordering::Relaxed).checked_sub(1)?;
        Some(self.began + Duration::from_millis(waiting))
    }
}

/// A request under way: from its head until its answer is sent or given up.
struct Asking(Arc<Visitor>);

impl Asking {
    fn new(visitor: &Arc<Visitor>) -> Self {
        visitor.waiting.store(0, Ordering::Relaxed);
        Self(Arc::clone(visitor))
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let now = self.0.began.elapsed().as_millis() as u64;
        self.0.waiting.store(now + 1, Ordering::Relaxed);
    }
}

/// An answer that counts as under way until its body has gone.
fn hold(answer: Response<Body>, asking: Asking) -> Response<Held> {
    answer.map(|body| Held { body, _asking: asking })
}

struct Held {
    body: Body,
    _asking: Asking,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that waits for a reader, but not for ever.
struct Patient {
    stream: TcpStream,
    /// How long it waits for each [`PORTION`].
    patience: Duration,
    /// When patience ends; none while the client takes what it is given.
    until: Option<Pin<Box<Sleep>>>,
    /// What the client took since patience began.
    taken: usize,
}

impl Patient {
    fn new(stream: TcpStream, patience: Duration) -> Self {
        Self { stream, patience, until: None, taken: 0 }
    }

    /// Begins to wait, or goes on waiting, or has waited long enough.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let patience = self.patience;
        let until = self.until.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        until.as_mut().poll(cx).map(|()| io::ErrorKind::TimedOut.into())
    }

    fn took(&mut self, bytes: usize) {
        self.taken += bytes;
        if self.taken >= PORTION {
            (self.until, self.taken) = (None, 0);
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(cx, bytes) {
            Poll::Ready(Ok(count)) => {
                // All of it at once: this client keeps up.
                self.took(if count == bytes.len() { PORTION } else { count });
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

    use super::*;

    async fn pair(patience: Duration) -> (Patient, std::net::TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (Patient::new(listener.accept().await.unwrap().0, patience), client)
    }

    async fn send(to: &mut Patient, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let sent = poll_fn(|cx| Pin::new(&mut *to).poll_write(cx, bytes)).await?;
            bytes = &bytes[sent..];
        }
        Ok(())
    }

    #[tokio::test]
    async fn who_does_not_read_is_given_up() {
        let (mut ours, client) = pair(Duration::from_millis(20)).await;
        let refused = send(&mut ours, &vec![0; 64 * 1024 * 1024]).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::TimedOut);
        drop(client);
    }

    #[tokio::test]
    async fn who_reads_gets_all_of_it() {
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
