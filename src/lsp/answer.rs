//! The answer to a request.

use lsp_server::{ErrorCode, RequestId};

use super::outgoing::OutgoingMessage;

/// The answer to a request.
pub(super) struct Answer {
    pub(super) frame: OutgoingMessage,
    /// Whether the request was refused because an analysis still runs: repeated later, it has a result.
    pub(super) is_early: bool,
}

impl Answer {
    /// The answer that a request is refused with.
    pub(super) fn refusal(id: RequestId, code: ErrorCode, why: impl Into<String>) -> Self {
        Self { frame: OutgoingMessage::refusal(id, code, why), is_early: false }
    }
}
