//! What goes to the editor: written as JSON at once, since what is said of one file may be a megabyte.

use crossbeam_channel::Sender;
use lsp_server::{ErrorCode, Message, RequestId, Response};
use serde::Serialize;

/// A message as it goes over the wire, with its header.
#[derive(Clone, Debug)]
pub struct OutgoingMessage(Vec<u8>);

impl OutgoingMessage {
    /// The answer to a request.
    pub(super) fn answer(id: &RequestId, result: &impl Serialize) -> Self {
        #[derive(Serialize)]
        struct Answer<'m, R> {
            jsonrpc: &'static str,
            id: &'m RequestId,
            result: &'m R,
        }
        Self::written(&Answer { jsonrpc: "2.0", id, result })
    }

    /// Why a request is not answered.
    pub(super) fn refusal(id: RequestId, code: ErrorCode, why: impl Into<String>) -> Self {
        Response::new_err(id, code as i32, why.into()).into()
    }

    /// Something that asks for no answer.
    pub(super) fn notification<N: gen_lsp_types::Notification>(params: &N::Params) -> Self {
        #[derive(Serialize)]
        struct Notification<'m, P> {
            jsonrpc: &'static str,
            method: &'m str,
            params: &'m P,
        }
        Self::written(&Notification { jsonrpc: "2.0", method: N::METHOD.as_str(), params })
    }

    fn written(message: &impl Serialize) -> Self {
        let body = serde_json::to_vec(message).expect("what the server says is JSON");
        let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        frame.extend_from_slice(&body);
        Self(frame)
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<M: Into<Message>> From<M> for OutgoingMessage {
    fn from(message: M) -> Self {
        let mut frame = Vec::new();
        message.into().write(&mut frame).expect("memory takes what is written");
        Self(frame)
    }
}

/// The editor's end of the line.
pub trait MessageSink {
    /// Takes a message. An editor that has gone hears nothing; the next message from it says that it is gone.
    fn send(&self, frame: OutgoingMessage);
}

impl MessageSink for Sender<OutgoingMessage> {
    fn send(&self, frame: OutgoingMessage) {
        self.send(frame).ok();
    }
}

/// An editor in this process, which takes messages as they are.
impl MessageSink for Sender<Message> {
    fn send(&self, frame: OutgoingMessage) {
        let message = Message::read(&mut frame.bytes()).expect("the server writes messages");
        self.send(message.expect("a frame is a message")).ok();
    }
}
