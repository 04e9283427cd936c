//! Code actions: fixes, missing entries, silences, reviews and pages of rules. The changes are made and checked by
//! `edit`. An action whose change is refused is shown as disabled, with the reason.

mod claims;
mod fixes;
mod missing;
mod reviews;

use std::sync::Arc;

use gen_lsp_types::{
    Code, CodeAction, CodeActionDisabled, CodeActionKind, CodeActionParams, CodeActionResponse, Command,
    Diagnostic, DocumentChange, Edit, Range, SnippetTextEdit, StringValue, TextEdit, WorkspaceEdit,
};
use serde_json::{Value, json};

use super::error::RequestError;
use super::session::Session;
use gainsay_analysis::finding::Finding;
use gainsay_analysis::id::FileId;
use gainsay_analysis::source::Span;
use gainsay_analysis::workspace::Analysis;
use gainsay_edit::edit::FileChange;

/// The actions for a range of a file.
pub(super) fn actions(
    session: &mut Session,
    params: &CodeActionParams,
) -> Result<Option<Vec<CodeActionResponse>>, RequestError> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    if !session.is_claim_file(file) {
        return Ok(None);
    }
    let mut menu = Menu::new(session, params, file)?;
    menu.fix();
    menu.offer_missing_entries();
    menu.offer_for_claims();
    menu.fix_all();
    menu.explain();
    Ok(Some(menu.found))
}

/// The actions for one range of a file, while they are collected.
struct Menu<'a> {
    session: &'a mut Session,
    params: &'a CodeActionParams,
    file: FileId,
    /// The selected range; empty at a cursor.
    span: Span,
    /// The analysis of the entries there.
    around: Arc<Analysis>,
    /// The findings there: mistakes in the file, and findings on claims.
    findings: Vec<Finding>,
    found: Vec<CodeActionResponse>,
}

/// The edit of an action, or the reason why it cannot be done.
type ActionResult = Result<WorkspaceEdit, String>;

impl<'a> Menu<'a> {
    fn new(
        session: &'a mut Session,
        params: &'a CodeActionParams,
        file: FileId,
    ) -> Result<Self, RequestError> {
        let span = session.span(file, params.range);
        let is_here = |finding: &&Finding| {
            let mut labels = finding.labels.iter().map(|label| label.location);
            labels.any(|at| at.file == file && at.span.touches(span))
        };
        let around = session.analysis_at(file, span)?;
        let on_file = session.incremental().findings(file).iter().filter(|finding| finding.grade.is_lint());
        let mut findings: Vec<Finding> = on_file.filter(is_here).cloned().collect();
        findings.extend(around.on_claims().filter(is_here).cloned());
        Ok(Self { session, params, file, span, around, findings, found: Vec::new() })
    }

    /// Whether the editor asks for actions of this kind. A kind includes its subkinds: `refactor` includes
    /// `refactor.rewrite`.
    fn wants(&self, kind: &CodeActionKind) -> bool {
        let Some(only) = &self.params.context.only else { return true };
        let kind = kind.as_str();
        only.iter().any(|asked| {
            let rest = kind.strip_prefix(asked.as_str());
            asked.as_str().is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether the editor asks for exactly this kind of action, as it does on saving.
    fn asks_for(&self, kind: &CodeActionKind) -> bool {
        self.params.context.only.as_ref().is_some_and(|only| only.contains(kind))
    }

    /// Adds an action that changes texts. If it cannot be done, it is added as disabled, if the editor supports that.
    fn offer(
        &mut self,
        title: String,
        kind: CodeActionKind,
        rule: Option<&str>,
        is_sure: bool,
        offer: ActionResult,
    ) {
        if !self.wants(&kind) || !self.session.editor.action_literals {
            return;
        }
        let (edit, disabled) = match offer {
            Ok(edit) => (Some(edit), None),
            Err(_) if !self.session.editor.disabled_actions => return,
            Err(reason) => (None, Some(CodeActionDisabled { reason })),
        };
        let diagnostics = rule.map(|rule| self.diagnostics(rule)).filter(|all| !all.is_empty());
        let is_preferred = (is_sure && edit.is_some()).then_some(true);
        self.found.push(CodeActionResponse::CodeAction(CodeAction {
            title,
            kind: Some(kind),
            diagnostics,
            is_preferred,
            disabled,
            edit,
            ..CodeAction::default()
        }));
    }

    /// As [`Self::offer`], for changes of files.
    fn offer_changes(
        &mut self,
        title: String,
        kind: CodeActionKind,
        rule: Option<&str>,
        changes: Result<Vec<FileChange>, gainsay_edit::edit::Refusal>,
    ) {
        let offer = changes.map_err(|why| why.to_string());
        let offer = offer.and_then(|changes| self.session.workspace_edit(&changes));
        self.offer(title, kind, rule, false, offer);
    }

    /// Adds an action that runs a command of the server.
    fn command(&mut self, title: String, command: &str, arguments: Vec<Value>, kind: CodeActionKind) {
        if !self.wants(&kind) {
            return;
        }
        let command = Command {
            title: title.clone(),
            tooltip: None,
            command: command.to_owned(),
            arguments: Some(arguments),
        };
        self.found.push(if self.session.editor.action_literals {
            let (kind, command) = (Some(kind), Some(command));
            CodeActionResponse::CodeAction(CodeAction { title, kind, command, ..CodeAction::default() })
        } else {
            CodeActionResponse::Command(command)
        });
    }

    /// The diagnostics of a rule that the editor shows here.
    fn diagnostics(&self, rule: &str) -> Vec<Diagnostic> {
        let is_of = |diagnostic: &&Diagnostic| diagnostic.code == Some(Code::String(rule.to_owned()));
        self.params.context.diagnostics.iter().filter(is_of).cloned().collect()
    }

    /// Adds an action for the page of each rule with a finding here.
    fn explain(&mut self) {
        let mut rules: Vec<&'static str> = self.findings.iter().map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        for rule in rules {
            let kind = CodeActionKind::QuickFix;
            self.command(format!("explain `{rule}`"), "gainsay.explain", vec![json!(rule)], kind);
        }
    }
}

/// Replaces the last `filled` of an edit by a snippet with a placeholder; none if the edit does not have this text.
fn with_placeholder(edit: WorkspaceEdit, filled: &str, snippet: &str) -> Option<WorkspaceEdit> {
    let mut changes = edit.document_changes?;
    for change in &mut changes {
        let DocumentChange::TextDocumentEdit(of_file) = change else { continue };
        for edit in &mut of_file.edits {
            let Edit::TextEdit(TextEdit { range, new_text }) = edit else { continue };
            let Some((before, after)) = new_text.rsplit_once(filled) else { continue };
            let value = format!("{}{snippet}{}", escaped(before), escaped(after));
            let range: Range = *range;
            *edit = Edit::SnippetTextEdit(SnippetTextEdit::new(range, StringValue { value }, None));
            return Some(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() });
        }
    }
    None
}

/// Escapes a text for a snippet.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}
