//! Events from the other threads of the server to the message loop. Only the message loop writes to the editor.

use std::thread::ThreadId;

use crossbeam_channel::Sender;
use gen_lsp_types::{LogMessageNotification, LogMessageParams, MessageType};
use lsp_server::RequestId;
use serde_json::Value;

use super::answer::RequestAnswer;
use super::outgoing::OutgoingMessage;

/// An event for the message loop.
pub(super) enum ServerEvent {
    /// A request is answered.
    Answer(RequestId, RequestAnswer),
    /// A notification for the editor.
    Notification(OutgoingMessage),
    /// A request to the editor, without an id yet.
    Request {
        /// Its method.
        method: String,
        /// Its parameters.
        params: Value,
    },
    /// The analysis thread begins to work.
    Busy,
    /// The analysis thread has nothing more to do.
    Idle,
    /// A thread panicked.
    Panicked(ThreadId),
}

/// Sends events to the message loop. Once the loop has ended, events are dropped.
#[derive(Clone)]
pub(super) struct Outbox(Sender<ServerEvent>);

impl Outbox {
    pub(super) fn new(events: Sender<ServerEvent>) -> Self {
        Self(events)
    }

    pub(super) fn send(&self, event: ServerEvent) {
        self.0.send(event).ok();
    }

    /// Sends a notification to the editor.
    pub(super) fn notify<N: gen_lsp_types::Notification>(&self, params: &N::Params) {
        self.send(ServerEvent::Notification(OutgoingMessage::notification::<N>(params)));
    }

    /// Sends a request to the editor; nobody waits for its answer.
    pub(super) fn ask<R: gen_lsp_types::Request>(&self, params: R::Params) {
        let params = serde_json::to_value(params).expect("parameters of the protocol are JSON");
        self.send(ServerEvent::Request { method: R::METHOD.as_str().to_owned(), params });
    }

    /// Writes to the editor's log.
    pub(super) fn log(&self, kind: MessageType, message: String) {
        self.notify::<LogMessageNotification>(&LogMessageParams { kind, message });
    }
}

/// Reports a panic of the thread that owns it, when it is dropped.
pub(super) struct PanicAlarm(pub(super) Outbox);

impl Drop for PanicAlarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.send(ServerEvent::Panicked(std::thread::current().id()));
        }
    }
}
