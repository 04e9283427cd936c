//! Messages to the editor. They are serialised at once, because the diagnostics of one file can take a megabyte.

use crossbeam_channel::Sender;
use lsp_server::{ErrorCode, Message, RequestId, Response};
use serde::Serialize;

/// A message to the editor as bytes, with its header.
#[derive(Clone, Debug)]
pub struct OutgoingMessage(Vec<u8>);

impl OutgoingMessage {
    /// The response to a request.
    pub(super) fn response(id: &RequestId, result: &impl Serialize) -> Self {
        #[derive(Serialize)]
        struct ResultResponse<'m, R> {
            jsonrpc: &'static str,
            id: &'m RequestId,
            result: &'m R,
        }
        Self::serialise(&ResultResponse { jsonrpc: "2.0", id, result })
    }

    /// The error response to a request.
    pub(super) fn error_response(id: RequestId, code: ErrorCode, why: impl Into<String>) -> Self {
        Response::new_err(id, code as i32, why.into()).into()
    }

    /// A notification, which has no response.
    pub(super) fn notification<N: gen_lsp_types::Notification>(params: &N::Params) -> Self {
        #[derive(Serialize)]
        struct NotificationBody<'m, P> {
            jsonrpc: &'static str,
            method: &'m str,
            params: &'m P,
        }
        Self::serialise(&NotificationBody { jsonrpc: "2.0", method: N::METHOD.as_str(), params })
    }

    fn serialise(message: &impl Serialize) -> Self {
        let body = serde_json::to_vec(message).expect("a message of the server is JSON");
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(&body);
        Self(bytes)
    }

    /// The header and the body.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<M: Into<Message>> From<M> for OutgoingMessage {
    fn from(message: M) -> Self {
        let mut bytes = Vec::new();
        message.into().write(&mut bytes).expect("writing to memory cannot fail");
        Self(bytes)
    }
}

/// Where messages to the editor are sent.
pub trait MessageSink {
    /// Sends a message. If the editor has gone, nothing happens; the server notices when it receives the next message.
    fn send(&self, message: OutgoingMessage);
}

impl MessageSink for Sender<OutgoingMessage> {
    fn send(&self, message: OutgoingMessage) {
        self.send(message).ok();
    }
}

/// For an editor in this process, such as a test: it receives parsed messages.
impl MessageSink for Sender<Message> {
    fn send(&self, message: OutgoingMessage) {
        let message = Message::read(&mut message.bytes()).expect("the server writes messages");
        self.send(message.expect("an outgoing message can be parsed")).ok();
    }
}
