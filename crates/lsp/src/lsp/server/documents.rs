//! Notifications about texts that are opened, changed and closed, and the cancellation of requests.

use gen_lsp_types::{
    CancelNotification, CancelParams, DidChangeTextDocumentNotification, DidChangeTextDocumentParams,
    DidCloseTextDocumentNotification, DidCloseTextDocumentParams, DidOpenTextDocumentNotification,
    DidOpenTextDocumentParams, Id, MessageType, Notification as _,
};
use lsp_server::{Message, Notification, RequestId};
use serde::de::DeserializeOwned;

use super::LanguageServer;
use crate::lsp::position;
use crate::lsp::queue::Work;
use crate::lsp::texts::OpenText;

impl LanguageServer<'_> {
    /// Passes a notification to the analysis thread. A change is passed as the whole new text.
    pub(super) fn on_notification(&mut self, notification: Notification) {
        let is = |method: &str| notification.method == method;
        let work = if is(DidOpenTextDocumentNotification::METHOD.as_str()) {
            self.open(&notification)
        } else if is(DidChangeTextDocumentNotification::METHOD.as_str()) {
            self.change(&notification)
        } else if is(DidCloseTextDocumentNotification::METHOD.as_str()) {
            self.close(&notification)
        } else {
            return self.work.push(Work::Notification(notification));
        };
        match work {
            Ok(Some(work)) => self.work.push(work),
            // The file has no path, or the text is not open.
            Ok(None) => {}
            Err(error) => {
                let message = format!("cannot read `{}`: {error}", notification.method);
                self.log(MessageType::Error, message);
            }
        }
    }

    fn open(&mut self, notification: &Notification) -> serde_json::Result<Option<Work>> {
        let document = params::<DidOpenTextDocumentParams>(notification)?.text_document;
        let text = OpenText { version: document.version, text: document.text.into(), uri: document.uri };
        let Some(path) = position::path_from_uri(&text.uri) else { return Ok(None) };
        self.texts.open(&path, text.clone());
        Ok(Some(Work::Open(path, text)))
    }

    fn change(&mut self, notification: &Notification) -> serde_json::Result<Option<Work>> {
        let params = params::<DidChangeTextDocumentParams>(notification)?;
        let document = params.text_document;
        let Some(path) = position::path_from_uri(&document.text_document_identifier.uri) else {
            return Ok(None);
        };
        let changed = self.texts.change(&path, document.version, params.content_changes, self.encoding);
        Ok(changed.map(|text| Work::Change(path, text)))
    }

    fn close(&mut self, notification: &Notification) -> serde_json::Result<Option<Work>> {
        let document = params::<DidCloseTextDocumentParams>(notification)?.text_document;
        let Some(path) = position::path_from_uri(&document.uri) else { return Ok(None) };
        self.texts.close(&path);
        Ok(Some(Work::Close(path)))
    }
}

/// The id of the request that a message cancels; none if the message is not a cancellation.
pub(super) fn cancelled(message: &Message) -> Option<RequestId> {
    let Message::Notification(notification) = message else { return None };
    let is_cancel = notification.method == CancelNotification::METHOD.as_str();
    let params = is_cancel.then(|| params::<CancelParams>(notification).ok())??;
    Some(match params.id {
        Id::Int(id) => RequestId::from(id),
        Id::String(id) => RequestId::from(id),
    })
}

fn params<P: DeserializeOwned>(notification: &Notification) -> serde_json::Result<P> {
    P::deserialize(&notification.params)
}
