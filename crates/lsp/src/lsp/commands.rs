//! The commands of the server: open the review desk in a browser, and show the page of a rule.

use std::path::Path;
use std::sync::Arc;

use gen_lsp_types::{
    ExecuteCommandParams, MessageType, ShowDocumentParams, ShowDocumentRequest, ShowMessageNotification,
    ShowMessageParams, Uri,
};
use lsp_server::{ErrorCode, Request};
use serde::Deserialize as _;
use serde_json::Value;

use super::answer::RequestAnswer;
use super::events::Outbox;
use super::outgoing::OutgoingMessage;
use super::position;
use super::rule_pages::uri_of_rule;
use super::shared::WorkspaceRegistry;
use gainsay_analysis::rules;
use gainsay_report::report::explain;
use gainsay_report::report::html::Links;

/// A function that starts the review desk of a workspace and returns its address. The desk runs until the process ends;
/// the same folder always has the same desk.
pub type OpenDesk = dyn Fn(&Path, Option<&Path>) -> Result<String, String> + Send + Sync;

/// What commands need. Each command runs on a thread of its own, because a desk analyses its folder before it has an
/// address.
#[derive(Clone)]
pub(super) struct Commands {
    pub(super) registry: Arc<WorkspaceRegistry>,
    pub(super) desk: Arc<OpenDesk>,
    pub(super) outbox: Outbox,
    /// Whether the editor opens addresses in a browser.
    pub(super) shows_documents: bool,
}

impl Commands {
    /// Answers a request to run a command.
    pub(super) fn answer(&self, request: &Request) -> RequestAnswer {
        let id = request.id.clone();
        match ExecuteCommandParams::deserialize(&request.params) {
            Ok(params) => match self.execute(&params) {
                Ok(result) => {
                    RequestAnswer { message: OutgoingMessage::response(&id, &result), is_early: false }
                }
                Err(why) => RequestAnswer::error(id, ErrorCode::RequestFailed, why),
            },
            Err(error) => RequestAnswer::error(id, ErrorCode::InvalidParams, error.to_string()),
        }
    }

    /// Runs the command of a code lens or code action.
    fn execute(&self, params: &ExecuteCommandParams) -> Result<Option<Value>, String> {
        let arguments = params.arguments.as_deref().unwrap_or_default();
        let text = |at: usize| arguments.get(at).and_then(Value::as_str);
        match params.command.as_str() {
            "gainsay.openDesk" => {
                let uri = Uri::from(text(0).ok_or("the first argument must be the URI of a file")?);
                self.open_desk(&uri, text(2).unwrap_or("question"), text(1))
            }
            "gainsay.explain" => {
                self.explain(text(0).ok_or("the first argument must be the name of a rule")?)
            }
            other => Err(format!("`{other}` is not a command of gainsay")),
        }
    }

    /// Opens the review desk of the workspace of a file, at the page of `name` or at the start page.
    fn open_desk(&self, uri: &Uri, kind: &str, name: Option<&str>) -> Result<Option<Value>, String> {
        if !["question", "event", "actor", "source"].contains(&kind) {
            return Err(format!("the review desk has no pages for `{kind}`"));
        }
        let workspace = position::path_from_uri(uri).and_then(|path| self.registry.workspace_of(&path));
        let workspace = workspace.ok_or("this file does not belong to a workspace")?;
        let desk = (self.desk)(&workspace.root, workspace.texts.as_deref())?;
        let page = name.map_or_else(|| Links::Served.disputes(), |name| Links::Served.to(kind, name));
        let address = address_of(&desk, &page);
        self.show(&Uri::from(address.as_str()), true, || format!("the review desk is at {address}"));
        Ok(Some(Value::from(address)))
    }

    /// Shows the page of a rule.
    fn explain(&self, rule: &str) -> Result<Option<Value>, String> {
        let known = rules::known(rule).ok_or_else(|| format!("no rule or lint is called `{rule}`"))?;
        let page = explain::render_markdown(known);
        match uri_of_rule(rule) {
            Some(uri) => self.show(&uri, false, || page.clone()),
            None => self.show_message(page.clone()),
        }
        Ok(Some(Value::from(page)))
    }

    /// Asks the editor to open an address, in a browser if `external`. An editor that cannot do so shows a text
    /// instead.
    fn show(&self, uri: &Uri, external: bool, as_text: impl Fn() -> String) {
        if !self.shows_documents {
            return self.show_message(as_text());
        }
        self.outbox.ask::<ShowDocumentRequest>(ShowDocumentParams {
            uri: uri.clone(),
            external: Some(external),
            take_focus: Some(true),
            selection: None,
        });
    }

    fn show_message(&self, message: String) {
        let params = ShowMessageParams { kind: MessageType::Info, message };
        self.outbox.notify::<ShowMessageNotification>(&params);
    }
}

/// The address of a page of a desk. The address of the desk is `http://HOST/`, with or without a token as its query.
fn address_of(desk: &str, page: &str) -> String {
    let (desk, query) = desk.split_once('?').unwrap_or((desk, ""));
    let (page, fragment) = page.find('#').map_or((page, ""), |at| page.split_at(at));
    let joint = match query {
        "" => "",
        _ if page.contains('?') => "&",
        _ => "?",
    };
    format!("{}{page}{joint}{query}{fragment}", desk.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_of_a_page_keeps_the_token_of_its_desk() {
        for (desk, page, address) in [
            ("http://127.0.0.1:4880/", "/event/raid", "http://127.0.0.1:4880/event/raid"),
            ("http://127.0.0.1:4880/?token=a", "/event/raid", "http://127.0.0.1:4880/event/raid?token=a"),
            ("http://127.0.0.1:4880/?token=a", "/", "http://127.0.0.1:4880/?token=a"),
            (
                "http://127.0.0.1:4880/?token=a",
                "/source/s?claim=c#c",
                "http://127.0.0.1:4880/source/s?claim=c&token=a#c",
            ),
        ] {
            assert_eq!(address_of(desk, page), address);
        }
    }
}
