//! Dispatches requests to the functions that answer them.

use gen_lsp_types::{
    CodeActionRequest, CodeLensRequest, CompletionRequest, DefinitionRequest,
    DiagnosticServerCancellationData, DocumentDiagnosticRequest, DocumentFormattingRequest,
    DocumentHighlightRequest, DocumentLinkRequest, DocumentRangeFormattingRequest, DocumentSymbolRequest,
    FoldingRangeRequest, HoverRequest, InlayHintRequest, PrepareRenameRequest, ReferencesRequest,
    RenameRequest, Request as _, SignatureHelpRequest, Uri, WorkspaceDiagnosticRequest,
    WorkspaceSymbolRequest,
};
use lsp_server::{ErrorCode, Request, Response, ResponseError};
use serde::Deserialize as _;

use super::answer::RequestAnswer;
use super::capabilities::EditorCapabilities;
use super::error::RequestError;
use super::outgoing::OutgoingMessage;
use super::responder::Responder;
use super::session::Session;
use super::{
    actions, completion, diagnostics, folding, formatting, hints, hover, lens, links, navigation, rename,
    signature, symbols,
};

/// Answers any request except commands.
pub(super) fn answer(responder: &mut Responder, request: &Request) -> RequestAnswer {
    let mut dispatcher = RequestDispatcher { responder, request, answer: None };
    dispatcher
        .on_file::<CompletionRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            completion::complete,
        )
        .on_file::<HoverRequest>(|it| &it.text_document_position_params.text_document.uri, hover::hover)
        .on_file::<SignatureHelpRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            signature::help,
        )
        .on_file::<InlayHintRequest>(|it| &it.text_document.uri, hints::hints)
        .on_file::<DefinitionRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            navigation::definition,
        )
        .on_file::<ReferencesRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            navigation::references,
        )
        .on_file::<DocumentHighlightRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            navigation::highlights,
        )
        .on_file::<PrepareRenameRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            rename::prepare,
        )
        .on_file::<RenameRequest>(|it| &it.text_document_position_params.text_document.uri, rename::rename)
        .on_file::<DocumentSymbolRequest>(|it| &it.text_document.uri, symbols::document_symbols)
        .on_file::<FoldingRangeRequest>(|it| &it.text_document.uri, folding::folds)
        .on_file::<DocumentLinkRequest>(|it| &it.text_document.uri, links::links)
        .on_file::<CodeLensRequest>(|it| &it.text_document.uri, lens::lenses)
        .on_file::<CodeActionRequest>(|it| &it.text_document.uri, actions::actions)
        .on_file::<DocumentFormattingRequest>(|it| &it.text_document.uri, formatting::document)
        .on_file::<DocumentRangeFormattingRequest>(|it| &it.text_document.uri, formatting::range)
        .on::<DocumentDiagnosticRequest>(|responder, params| {
            diagnostics::document_diagnostics(responder.session(&params.text_document.uri), params)
        })
        .on::<WorkspaceDiagnosticRequest>(|responder, params| {
            diagnostics::workspace_diagnostics(&mut responder.sessions, params)
        })
        .on::<WorkspaceSymbolRequest>(symbols::workspace_symbols);
    dispatcher.answer()
}

/// Dispatches one request to the function that answers it.
struct RequestDispatcher<'s> {
    responder: &'s mut Responder,
    request: &'s Request,
    answer: Option<RequestAnswer>,
}

impl RequestDispatcher<'_> {
    /// Handles a request about one file. The result is empty if the file belongs to no workspace.
    fn on_file<R>(
        &mut self,
        uri: impl Fn(&R::Params) -> &Uri,
        answer: impl Fn(&mut Session, &R::Params) -> Result<R::Result, RequestError>,
    ) -> &mut Self
    where
        R: gen_lsp_types::Request<Result: Default>,
    {
        self.on::<R>(|responder, params| {
            let (editor, settings) = (responder.editor, responder.settings.clone());
            let Some(session) = responder.session(uri(params)) else { return Ok(R::Result::default()) };
            session.configure(editor, &settings);
            session.apply_pending();
            answer(session, params)
        })
    }

    /// Handles a request about all workspaces.
    fn on<R: gen_lsp_types::Request>(
        &mut self,
        answer: impl Fn(&mut Responder, &R::Params) -> Result<R::Result, RequestError>,
    ) -> &mut Self {
        if self.answer.is_some() || self.request.method != R::METHOD.as_str() {
            return self;
        }
        let id = self.request.id.clone();
        self.answer = Some(match R::Params::deserialize(&self.request.params) {
            Ok(params) => match answer(self.responder, &params) {
                Ok(result) => {
                    RequestAnswer { message: OutgoingMessage::response(&id, &result), is_early: false }
                }
                Err(RequestError::Failed(why)) => RequestAnswer::error(id, ErrorCode::RequestFailed, why),
                Err(RequestError::StillAnalysing) => still_analysing(self.responder.editor, self.request),
            },
            Err(error) => RequestAnswer::error(id, ErrorCode::InvalidParams, error.to_string()),
        });
        self
    }

    fn answer(self) -> RequestAnswer {
        self.answer.unwrap_or_else(|| {
            let why = format!("the method `{}` is not supported", self.request.method);
            RequestAnswer::error(self.request.id.clone(), ErrorCode::MethodNotFound, why)
        })
    }
}

/// The answer to a request that needs the result of an analysis that still runs: an error. For requests that editors
/// send on their own, its code makes them ask again or show nothing. For requests of the user, it has a message.
pub(super) fn still_analysing(editor: EditorCapabilities, request: &Request) -> RequestAnswer {
    let pulls = [DocumentDiagnosticRequest::METHOD, WorkspaceDiagnosticRequest::METHOD];
    let automatic = [CodeActionRequest::METHOD, CodeLensRequest::METHOD, InlayHintRequest::METHOD];
    let (code, data) = if pulls.iter().any(|method| method.as_str() == request.method) {
        // If the editor supports it, the server asks it to pull again once the analysis is done.
        let again = DiagnosticServerCancellationData::new(!editor.refreshes_diagnostics);
        (ErrorCode::ServerCancelled, serde_json::to_value(again).ok())
    } else if automatic.iter().any(|method| method.as_str() == request.method) {
        (ErrorCode::ContentModified, None)
    } else {
        (ErrorCode::RequestFailed, None)
    };
    let message = "the files are still being analysed; try again in a moment".to_owned();
    let error = ResponseError { code: code as i32, message, data };
    let response = Response { id: request.id.clone(), response_result: Err(error) };
    RequestAnswer { message: response.into(), is_early: true }
}
