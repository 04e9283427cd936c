//! Connections: how many there may be, how long each may take, and how they end.
//!
//! A client that is idle, sends slowly or reads slowly takes up one connection and nothing else. When all connections
//! are in use, a new one replaces a connection that is not being answered; `registry` picks which.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::Served;
use super::access::Local;
use super::listener::{Listener, Stream};
use super::registry::{Answering, ConnectionRegistry, TrackedAnswer, TrackedBody};
use super::timeout_stream::TimeoutStream;

/// The most connections at the same time.
const MAX_CONNECTIONS: usize = 256;
/// How long a connection may take for the head of a request, the first time and after each answer.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a client may take to read each portion of an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a new connection waits until an evicted one has ended. Normally this takes a moment.
const PLACE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long running answers may take when the desk closes.
pub(super) const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

/// Accepts connections until the desk closes, then waits until they have ended.
pub(super) async fn accept(listener: Listener, router: Router, served: Arc<Served>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let registry = Arc::new(ConnectionRegistry::default());
    let mut closing = served.closing.subscribe();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = closed(&mut closing) => break,
        };
        let Ok((stream, local)) = accepted else {
            // Most likely out of file handles. Some will become free.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        match acquire_slot(&places, &registry).await {
            Some(place) => {
                let (router, served) = (router.clone(), Arc::clone(&served));
                tokio::spawn(serve_connection((stream, local), router, served, Arc::clone(&registry), place));
            }
            None => drop(stream.try_write(BUSY_RESPONSE)),
        }
    }
    drop(listener);
    _ = places.acquire_many(MAX_CONNECTIONS as u32).await;
}

/// The answer to a new connection when every other connection is being answered.
const BUSY_RESPONSE: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// A slot for a connection, if necessary by evicting another one. None if no connection can be evicted.
async fn acquire_slot(
    places: &Arc<Semaphore>,
    registry: &ConnectionRegistry,
) -> Option<OwnedSemaphorePermit> {
    if let Ok(place) = Arc::clone(places).try_acquire_owned() {
        return Some(place);
    }
    if !registry.evict_one() {
        return None;
    }
    tokio::time::timeout(PLACE_TIMEOUT, Arc::clone(places).acquire_owned()).await.ok()?.ok()
}

/// Answers the requests of one connection until either side closes it.
async fn serve_connection(
    (stream, local): (Stream, Option<Local>),
    router: Router,
    served: Arc<Served>,
    registry: Arc<ConnectionRegistry>,
    place: OwnedSemaphorePermit,
) {
    let entry = registry.add();
    let connection = Arc::clone(&entry.connection);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let answering = Answering::new(&connection);
        let mut request = request.map(|body| TrackedBody::new(body, &connection));
        if let Some(local) = local {
            request.extensions_mut().insert(local);
        }
        let answer = router.call(request);
        async move {
            let answer: Result<Response<Body>, _> = answer.await;
            answer.map(|answer| answer.map(|body| TrackedAnswer::new(body, answering)))
        }
    });
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(TimeoutStream::new(stream, READ_TIMEOUT)), service);
    let mut http = std::pin::pin!(http);
    let mut closing = served.closing.subscribe();
    tokio::select! {
        _ = http.as_mut() => {}
        () = entry.connection.evicted() => {}
        () = closed(&mut closing) => {
            http.as_mut().graceful_shutdown();
            _ = tokio::time::timeout(SHUTDOWN_GRACE, http).await;
        }
    }
    drop(entry);
    drop(place);
}

/// Resolves when the desk closes.
pub(super) async fn closed(closing: &mut watch::Receiver<bool>) {
    _ = closing.wait_for(|&closing| closing).await;
}
