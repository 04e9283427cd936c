//! The open connections and what each is doing, so that one can be evicted when a new one needs its slot.
//!
//! A request counts as being answered from the last byte of its body to the last byte of its answer. Before that, the
//! client can send everything again.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::sync::Notify;

/// If more connections than this have an unfinished request, these are evicted before idle ones. Fewer are spared,
/// because the request of a new connection may be on its way.
const MAX_SPARED_UNFINISHED: usize = 32;

/// The open connections by number.
#[derive(Default)]
pub(super) struct ConnectionRegistry(Mutex<ConnectionTable>);

#[derive(Default)]
struct ConnectionTable {
    last: u64,
    connections: BTreeMap<u64, Arc<Connection>>,
}

/// A connection in the registry; dropping this removes it.
pub(super) struct RegisteredConnection {
    pub(super) connection: Arc<Connection>,
    number: u64,
    registry: Arc<ConnectionRegistry>,
}

/// A connection.
pub(super) struct Connection {
    state: Mutex<ConnectionState>,
    evicted: Notify,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ConnectionState {
    /// Since this time its first request, or the body of a request, has been incomplete.
    Unfinished(Instant),
    /// It has had no request since this time.
    Idle(Instant),
    /// A complete request is being answered.
    Answering,
}

impl ConnectionRegistry {
    /// Adds a connection.
    pub(super) fn add(self: &Arc<Self>) -> RegisteredConnection {
        let state = Mutex::new(ConnectionState::Unfinished(Instant::now()));
        let connection = Arc::new(Connection { state, evicted: Notify::new() });
        let mut list = self.list();
        list.last += 1;
        let number = list.last;
        list.connections.insert(number, Arc::clone(&connection));
        RegisteredConnection { connection, number, registry: Arc::clone(self) }
    }

    /// Evicts the least important connection. False if there is none to evict.
    pub(super) fn evict_one(&self) -> bool {
        let list = self.list();
        let states: Vec<(ConnectionState, &Arc<Connection>)> =
            list.connections.values().map(|connection| (connection.state(), connection)).collect();
        let first = eviction_candidate(states.iter().map(|(state, _)| *state));
        first.map(|at| states[at].1.evicted.notify_one()).is_some()
    }

    fn list(&self) -> std::sync::MutexGuard<'_, ConnectionTable> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The index of the connection to evict: an unfinished one if there are many, otherwise an idle one, otherwise
/// an unfinished one; the oldest of its kind.
fn eviction_candidate(states: impl Iterator<Item = ConnectionState>) -> Option<usize> {
    let (mut unfinished, mut idle) = (Vec::new(), Vec::new());
    for (at, state) in states.enumerate() {
        match state {
            ConnectionState::Unfinished(since) => unfinished.push((since, at)),
            ConnectionState::Idle(since) => idle.push((since, at)),
            ConnectionState::Answering => {}
        }
    }
    let oldest = |list: &[(Instant, usize)]| list.iter().min().map(|(_, at)| *at);
    let of_many = oldest(&unfinished).filter(|_| unfinished.len() > MAX_SPARED_UNFINISHED);
    of_many.or(oldest(&idle)).or(oldest(&unfinished))
}

impl Drop for RegisteredConnection {
    fn drop(&mut self) {
        self.registry.list().connections.remove(&self.number);
    }
}

impl Connection {
    /// Resolves when this connection is evicted.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    fn state(&self) -> ConnectionState {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: ConnectionState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// Marks a connection as answering, from the head of a request until its answer is sent or dropped.
pub(super) struct Answering(Arc<Connection>);

impl Answering {
    pub(super) fn new(connection: &Arc<Connection>) -> Self {
        Self(Arc::clone(connection))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.set(ConnectionState::Idle(Instant::now()));
    }
}

/// The body of a request, which records when it is complete.
pub(super) struct TrackedBody {
    body: Incoming,
    connection: Arc<Connection>,
}

impl TrackedBody {
    pub(super) fn new(body: Incoming, connection: &Arc<Connection>) -> Self {
        let is_complete = body.is_end_stream();
        connection.set(if is_complete {
            ConnectionState::Answering
        } else {
            ConnectionState::Unfinished(Instant::now())
        });
        Self { body, connection: Arc::clone(connection) }
    }
}

impl HttpBody for TrackedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.connection.set(ConnectionState::Answering);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer, which keeps the connection marked as answering until it is sent or dropped.
pub(super) struct TrackedAnswer {
    body: Body,
    _answering: Answering,
}

impl TrackedAnswer {
    pub(super) fn new(body: Body, answering: Answering) -> Self {
        Self { body, _answering: answering }
    }
}

impl HttpBody for TrackedAnswer {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn eviction_prefers_connections_without_a_complete_request() {
        let begin = Instant::now();
        let after = |seconds| begin + Duration::from_secs(seconds);
        let mut states = vec![
            ConnectionState::Answering,
            ConnectionState::Idle(after(5)),
            ConnectionState::Idle(after(1)),
            ConnectionState::Answering,
        ];
        let ends = |states: &[ConnectionState]| eviction_candidate(states.iter().copied());
        assert_eq!(ends(&states), Some(2), "the one that is idle longest");
        states.extend(
            (0..MAX_SPARED_UNFINISHED as u64).map(|at| ConnectionState::Unfinished(after(9 - at % 2))),
        );
        assert_eq!(ends(&states), Some(2), "few are unfinished");
        states.push(ConnectionState::Unfinished(after(7)));
        assert_eq!(ends(&states), Some(states.len() - 1), "many are unfinished, and this one longest");
        assert_eq!(
            ends(&[ConnectionState::Unfinished(after(9)), ConnectionState::Unfinished(after(8))]),
            Some(1)
        );
        assert_eq!(ends(&[ConnectionState::Answering]), None);
    }

    #[tokio::test]
    async fn eviction_ends_one_connection_and_spares_answers() {
        let registry = Arc::new(ConnectionRegistry::default());
        let [first, second] = [registry.add(), registry.add()];
        second.connection.set(ConnectionState::Idle(Instant::now()));
        first.connection.set(ConnectionState::Answering);
        assert!(registry.evict_one());
        second.connection.evicted().await;
        drop(second);
        assert!(!registry.evict_one(), "the only one left is being answered");
        drop(Answering::new(&first.connection));
        assert!(registry.evict_one());
        drop(first);
        assert!(!registry.evict_one());
    }
}
