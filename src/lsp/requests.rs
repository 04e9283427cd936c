//! Which request goes to which function.

use gen_lsp_types::{
    CodeActionRequest, CodeLensRequest, CompletionRequest, DefinitionRequest, DocumentDiagnosticRequest,
    DocumentFormattingRequest, DocumentHighlightRequest, DocumentLinkRequest, DocumentRangeFormattingRequest,
    DocumentSymbolRequest, ExecuteCommandRequest, FoldingRangeRequest, HoverRequest, InlayHintRequest,
    PrepareRenameRequest, ReferencesRequest, RenameRequest, SignatureHelpRequest, Uri,
    WorkspaceDiagnosticRequest, WorkspaceSymbolRequest,
};
use lsp_server::{ErrorCode, Request};

use super::frame::Frame;
use super::server::Server;
use super::session::Session;
use super::{
    actions, completion, desk, diagnostics, folding, formatting, hints, hover, lens, links, navigation,
    rename, signature, symbols,
};

/// Why a request is refused, for the person who made it.
pub(super) type Refused = String;

/// Answers a request, whatever it is.
pub(super) fn answer(server: &mut Server<'_>, request: Request) -> Frame {
    let mut asked = Asked { server, request: Some(request), answer: None };
    asked
        .of::<CompletionRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            completion::complete,
        )
        .of::<HoverRequest>(|it| &it.text_document_position_params.text_document.uri, hover::hover)
        .of::<SignatureHelpRequest>(|it| &it.text_document_position_params.text_document.uri, signature::help)
        .of::<InlayHintRequest>(|it| &it.text_document.uri, hints::hints)
        .of::<DefinitionRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            navigation::definition,
        )
        .of::<ReferencesRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            navigation::references,
        )
        .of::<DocumentHighlightRequest>(
            |it| &it.text_document_position_params.text_document.uri,
            navigation::highlights,
        )
        .of::<PrepareRenameRequest>(|it| &it.text_document_position_params.text_document.uri, rename::prepare)
        .of::<RenameRequest>(|it| &it.text_document_position_params.text_document.uri, rename::rename)
        .of::<DocumentSymbolRequest>(|it| &it.text_document.uri, symbols::of_document)
        .of::<FoldingRangeRequest>(|it| &it.text_document.uri, folding::folds)
        .of::<DocumentLinkRequest>(|it| &it.text_document.uri, links::links)
        .of::<CodeLensRequest>(|it| &it.text_document.uri, lens::lenses)
        .of::<CodeActionRequest>(|it| &it.text_document.uri, actions::actions)
        .of::<DocumentFormattingRequest>(|it| &it.text_document.uri, formatting::document)
        .of::<DocumentRangeFormattingRequest>(|it| &it.text_document.uri, formatting::range)
        .of_all::<DocumentDiagnosticRequest>(|server, params| {
            Ok(diagnostics::of_document(server.session(&params.text_document.uri), params))
        })
        .of_all::<WorkspaceDiagnosticRequest>(|server, params| {
            Ok(diagnostics::of_workspace(&mut server.sessions, params))
        })
        .of_all::<WorkspaceSymbolRequest>(symbols::of_workspace)
        .of_all::<ExecuteCommandRequest>(desk::execute);
    asked.answer()
}

/// One request on its way past all that might answer it.
struct Asked<'s, 'a> {
    server: &'s mut Server<'a>,
    request: Option<Request>,
    answer: Option<Frame>,
}

impl<'a> Asked<'_, 'a> {
    /// A request about one file, of which nothing is known where it belongs to no workspace.
    fn of<R>(
        &mut self,
        uri: impl Fn(&R::Params) -> &Uri,
        answer: impl Fn(&mut Session, &R::Params) -> Result<R::Result, Refused>,
    ) -> &mut Self
    where
        R: gen_lsp_types::Request<Result: Default>,
    {
        self.of_all::<R>(|server, params| {
            let (editor, settings) = (server.editor, server.settings.clone());
            let Some(session) = server.session(uri(params)) else { return Ok(R::Result::default()) };
            session.heed(editor, &settings);
            session.settle();
            answer(session, params)
        })
    }

    /// A request about everything.
    fn of_all<R: gen_lsp_types::Request>(
        &mut self,
        answer: impl Fn(&mut Server<'a>, &R::Params) -> Result<R::Result, Refused>,
    ) -> &mut Self {
        let Some(request) = self.request.take_if(|request| request.method == R::METHOD.as_str()) else {
            return self;
        };
        let id = request.id;
        self.answer = Some(match serde_json::from_value(request.params) {
            Ok(params) => match answer(self.server, &params) {
                Ok(result) => Frame::answer(&id, &result),
                Err(why) => Frame::refusal(id, ErrorCode::RequestFailed, why),
            },
            Err(error) => Frame::refusal(id, ErrorCode::InvalidParams, error.to_string()),
        });
        self
    }

    fn answer(self) -> Frame {
        match (self.answer, self.request) {
            (Some(answer), _) => answer,
            (None, Some(request)) => {
                let why = format!("`{}` is not known here", request.method);
                Frame::refusal(request.id, ErrorCode::MethodNotFound, why)
            }
            (None, None) => unreachable!("a request that is gone was answered"),
        }
    }
}
