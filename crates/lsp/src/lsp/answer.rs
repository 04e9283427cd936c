//! The answer to a request.

use lsp_server::{ErrorCode, RequestId};

use super::outgoing::OutgoingMessage;

/// The answer to a request.
pub(super) struct RequestAnswer {
    pub(super) message: OutgoingMessage,
    /// Whether the request failed because an analysis still runs. If the editor repeats it later, it has a result.
    pub(super) is_early: bool,
}

impl RequestAnswer {
    /// An error as the answer.
    pub(super) fn error(id: RequestId, code: ErrorCode, why: impl Into<String>) -> Self {
        Self { message: OutgoingMessage::error_response(id, code, why), is_early: false }
    }
}
