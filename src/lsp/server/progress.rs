//! Progress in the editor while an analysis takes long.

use std::time::{Duration, Instant};

use gen_lsp_types::{
    ProgressNotification, ProgressParams, ProgressToken, Request as _, WorkDoneProgressBegin,
    WorkDoneProgressCreateParams, WorkDoneProgressCreateRequest, WorkDoneProgressEnd,
};
use serde_json::{Value, json};

use crate::lsp::outgoing::OutgoingMessage;

/// An analysis is shown as progress when it takes this many times the grace time of a request.
const GRACE_TIMES: u32 = 10;

/// The analyses as far as the editor shows them.
pub(super) struct AnalysisProgress {
    /// Whether the editor shows progress at all.
    is_shown: bool,
    patience: Duration,
    /// When the analysis that runs is to be shown, if it still runs then.
    deadline: Option<Instant>,
    /// How many were shown.
    count: usize,
    /// The token of the one that is shown.
    token: Option<ProgressToken>,
}

impl AnalysisProgress {
    pub(super) fn new(is_shown: bool, grace: Duration) -> Self {
        Self { is_shown, patience: grace * GRACE_TIMES, deadline: None, count: 0, token: None }
    }

    /// An analysis begins.
    pub(super) fn begin(&mut self, now: Instant) {
        if self.is_shown && self.token.is_none() {
            self.deadline = Some(now + self.patience);
        }
    }

    /// When an analysis is to be shown.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The request and the notification that show an analysis, once it takes long.
    pub(super) fn show(&mut self, now: Instant) -> Option<((String, Value), OutgoingMessage)> {
        self.deadline.take_if(|deadline| *deadline <= now)?;
        self.count += 1;
        let token = ProgressToken::String(format!("gainsay/analysis/{}", self.count));
        self.token = Some(token.clone());
        let create = WorkDoneProgressCreateParams::new(token.clone());
        let create = serde_json::to_value(create).expect("a token is JSON");
        let begin = WorkDoneProgressBegin {
            title: "analysing claim files".to_owned(),
            cancellable: Some(false),
            ..WorkDoneProgressBegin::default()
        };
        let create = (WorkDoneProgressCreateRequest::METHOD.as_str().to_owned(), create);
        Some((create, notification(token, json!(begin))))
    }

    /// The notification that ends it in the editor, if it is shown there.
    pub(super) fn end(&mut self) -> Option<OutgoingMessage> {
        self.deadline = None;
        let token = self.token.take()?;
        Some(notification(token, json!(WorkDoneProgressEnd::default())))
    }
}

fn notification(token: ProgressToken, value: Value) -> OutgoingMessage {
    OutgoingMessage::notification::<ProgressNotification>(&ProgressParams::new(token, value))
}
