//! The capabilities of the server and of the editor.

use gen_lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProvider, CodeLensOptions,
    CompletionOptions, DefinitionProvider, DiagnosticOptions, DiagnosticProvider, DocumentFormattingProvider,
    DocumentHighlightProvider, DocumentLinkOptions, DocumentRangeFormattingProvider, DocumentSymbolProvider,
    ExecuteCommandOptions, FoldingRangeProvider, HoverProvider, InlayHintProvider, ReferencesProvider,
    RenameOptions, RenameProvider, SaveOptions, ServerCapabilities, SignatureHelpOptions, TextDocumentSync,
    TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceFoldersServerCapabilities, WorkspaceOptions,
    WorkspaceSymbolProvider,
};

use super::position::Encoding;

/// The capabilities of the editor that the server uses.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct EditorCapabilities {
    /// It pulls diagnostics; otherwise the server publishes them.
    pub(super) pulls: bool,
    /// It can be asked to pull diagnostics again.
    pub(super) refreshes_diagnostics: bool,
    /// It can be asked to request inlay hints again.
    pub(super) refreshes_hints: bool,
    /// It can be asked to request code lenses again.
    pub(super) refreshes_lenses: bool,
    /// It supports snippets, which have placeholders.
    pub(super) snippets: bool,
    /// It can open addresses in a browser.
    pub(super) shows_documents: bool,
    /// It shows progress.
    pub(super) shows_progress: bool,
    /// It shows Markdown in hovers and completions.
    pub(super) markdown: bool,
    /// It supports nested document symbols.
    pub(super) nested_symbols: bool,
    /// It supports code actions with edits, not only with commands.
    pub(super) action_literals: bool,
    /// It supports edits of several files with their versions.
    pub(super) document_changes: bool,
    /// It can create files as part of an edit.
    pub(super) creates_files: bool,
    /// It supports definition links, which have the ranges at both ends.
    pub(super) definition_links: bool,
    /// It supports edits with placeholders.
    pub(super) snippet_edits: bool,
    /// It shows disabled code actions with the reason.
    pub(super) disabled_actions: bool,
}

impl EditorCapabilities {
    pub(super) fn new(client: &ClientCapabilities) -> Self {
        use gen_lsp_types::{MarkupKind, ResourceOperationKind};
        let text = client.text_document.as_ref();
        let workspace = client.workspace.as_ref();
        let window = client.window.as_ref();
        let hover = text.and_then(|text| text.hover.as_ref());
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let kinds = edits.and_then(|edits| edits.resource_operations.as_deref()).unwrap_or_default();
        let item = text.and_then(|text| text.completion.as_ref()?.completion_item.as_ref());
        Self {
            pulls: text.is_some_and(|text| text.diagnostic.is_some()),
            refreshes_diagnostics: workspace.is_some_and(|workspace| {
                workspace.diagnostics.as_ref().is_some_and(|it| it.refresh_support == Some(true))
            }),
            refreshes_hints: workspace.is_some_and(|workspace| {
                workspace.inlay_hint.as_ref().is_some_and(|it| it.refresh_support == Some(true))
            }),
            refreshes_lenses: workspace.is_some_and(|workspace| {
                workspace.code_lens.as_ref().is_some_and(|it| it.refresh_support == Some(true))
            }),
            snippets: item.is_some_and(|item| item.snippet_support == Some(true)),
            shows_documents: window
                .is_some_and(|window| window.show_document.as_ref().is_some_and(|show| show.support)),
            shows_progress: window.is_some_and(|window| window.work_done_progress == Some(true)),
            markdown: hover.is_some_and(|hover| {
                hover.content_format.as_ref().is_some_and(|kinds| kinds.contains(&MarkupKind::Markdown))
            }),
            nested_symbols: text.is_some_and(|text| {
                text.document_symbol
                    .as_ref()
                    .is_some_and(|symbols| symbols.hierarchical_document_symbol_support == Some(true))
            }),
            action_literals: text.is_some_and(|text| {
                text.code_action.as_ref().is_some_and(|action| action.code_action_literal_support.is_some())
            }),
            document_changes: edits.is_some_and(|edits| edits.document_changes == Some(true)),
            creates_files: kinds.contains(&ResourceOperationKind::Create),
            definition_links: text.is_some_and(|text| {
                text.definition.as_ref().is_some_and(|definition| definition.link_support == Some(true))
            }),
            snippet_edits: edits.is_some_and(|edits| edits.snippet_edit_support == Some(true)),
            disabled_actions: text.is_some_and(|text| {
                text.code_action.as_ref().is_some_and(|action| action.disabled_support == Some(true))
            }),
        }
    }
}

/// The commands that code lenses and code actions use.
pub(super) const COMMANDS: [&str; 2] = ["gainsay.openDesk", "gainsay.explain"];

/// The capabilities of the server.
pub(super) fn server_capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSync::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(SaveOptions { include_text: Some(false) }.into()),
            ..TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([":", " ", "/", "-", "[", ","].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProvider::Bool(true)),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some([" ", ":"].map(str::to_owned).to_vec()),
            ..SignatureHelpOptions::default()
        }),
        definition_provider: Some(DefinitionProvider::Bool(true)),
        references_provider: Some(ReferencesProvider::Bool(true)),
        document_highlight_provider: Some(DocumentHighlightProvider::Bool(true)),
        document_symbol_provider: Some(DocumentSymbolProvider::Bool(true)),
        workspace_symbol_provider: Some(WorkspaceSymbolProvider::Bool(true)),
        code_action_provider: Some(CodeActionProvider::CodeActionOptions(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QuickFix,
                CodeActionKind::Refactor,
                CodeActionKind::SourceFixAll,
            ]),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions::default()),
        document_link_provider: Some(DocumentLinkOptions::default()),
        document_formatting_provider: Some(DocumentFormattingProvider::Bool(true)),
        document_range_formatting_provider: Some(DocumentRangeFormattingProvider::Bool(true)),
        rename_provider: Some(RenameProvider::RenameOptions(RenameOptions {
            prepare_provider: Some(true),
            ..RenameOptions::default()
        })),
        folding_range_provider: Some(FoldingRangeProvider::Bool(true)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: COMMANDS.map(str::to_owned).to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        inlay_hint_provider: Some(InlayHintProvider::Bool(true)),
        diagnostic_provider: Some(DiagnosticProvider::DiagnosticOptions(DiagnosticOptions {
            identifier: Some("gainsay".to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            ..DiagnosticOptions::default()
        })),
        workspace: Some(WorkspaceOptions {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(true.into()),
            }),
            ..WorkspaceOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}
