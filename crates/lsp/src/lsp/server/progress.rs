//! Shows progress in the editor while a long analysis runs.

use std::time::{Duration, Instant};

use gen_lsp_types::{
    ProgressNotification, ProgressParams, ProgressToken, Request as _, WorkDoneProgressBegin,
    WorkDoneProgressCreateParams, WorkDoneProgressCreateRequest, WorkDoneProgressEnd,
};
use serde_json::{Value, json};

use crate::lsp::outgoing::OutgoingMessage;

/// Progress is shown when an analysis takes longer than this many grace times of a request.
const GRACE_TIMES: u32 = 10;

/// The progress of the running analysis, as shown in the editor.
pub(super) struct AnalysisProgress {
    /// Whether the editor can show progress.
    is_shown: bool,
    patience: Duration,
    /// When the progress of the running analysis is to be shown.
    deadline: Option<Instant>,
    /// How many analyses were shown so far.
    count: usize,
    /// The token of the analysis that is shown now.
    token: Option<ProgressToken>,
}

impl AnalysisProgress {
    pub(super) fn new(is_shown: bool, grace: Duration) -> Self {
        Self { is_shown, patience: grace * GRACE_TIMES, deadline: None, count: 0, token: None }
    }

    /// Notes that an analysis begins.
    pub(super) fn begin(&mut self, now: Instant) {
        if self.is_shown && self.token.is_none() {
            self.deadline = Some(now + self.patience);
        }
    }

    /// When the progress is to be shown, if an analysis runs that is not shown yet.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The request and the notification that show the progress; none before the deadline.
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

    /// Notes that the analysis ended. Returns the notification that ends the progress, if it is shown.
    pub(super) fn end(&mut self) -> Option<OutgoingMessage> {
        self.deadline = None;
        let token = self.token.take()?;
        Some(notification(token, json!(WorkDoneProgressEnd::default())))
    }
}

fn notification(token: ProgressToken, value: Value) -> OutgoingMessage {
    OutgoingMessage::notification::<ProgressNotification>(&ProgressParams::new(token, value))
}
