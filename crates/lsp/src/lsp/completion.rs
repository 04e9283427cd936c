//! Completion: offers keys, ids, words and wordings for the position of the cursor.
//!
//! Only ids that match the typed text are sent. If there are too many, the list is marked as incomplete, and the editor
//! asks again when more is typed.

mod defined_things;
mod figures;
mod keys;
mod name_matcher;
mod snippets;
mod values;

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionList, CompletionParams,
    CompletionResponse, Documentation, InsertTextFormat, InsertTextMode, TextEdit,
};

pub(super) use defined_things::{DefinedThings, MeasureInfo};
pub(super) use figures::{FigureForm, forms};
pub(super) use keys::describe_value;

use super::cursor::{CursorContext, TextCursor};
use super::error::RequestError;
use super::session::Session;
use gainsay_analysis::id::FileId;
use gainsay_analysis::model::Model;
use gainsay_analysis::source::Span;
use gainsay_report::report::snippets::one_line;

/// The largest number of ids that are offered at once.
const MAX_OFFERS: usize = 200;

/// One possible completion.
#[derive(Clone, Debug)]
pub(super) struct CompletionOffer {
    /// The text that is shown, and inserted if `insert` is not set.
    pub(super) label: String,
    /// The text that is inserted instead of the label.
    pub(super) insert: Option<String>,
    /// Whether the inserted text is a snippet with placeholders.
    pub(super) is_snippet: bool,
    /// A short description, shown next to the label.
    pub(super) detail: String,
    /// A longer description.
    pub(super) doc: String,
    /// The text that the editor matches with the typed text, if it is not the label.
    pub(super) found_by: Option<String>,
    pub(super) kind: CompletionItemKind,
    /// The rank in the list; 0 comes first. Equal ranks keep their order.
    pub(super) rank: u8,
    /// The part of the text that is replaced, if it is not the whole word.
    pub(super) span: Option<Span>,
}

impl CompletionOffer {
    pub(super) fn new(label: impl Into<String>, kind: CompletionItemKind) -> Self {
        Self {
            label: label.into(),
            insert: None,
            is_snippet: false,
            detail: String::new(),
            doc: String::new(),
            found_by: None,
            kind,
            rank: 0,
            span: None,
        }
    }

    pub(super) fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    pub(super) fn doc(self, doc: impl Into<String>) -> Self {
        Self { doc: doc.into(), ..self }
    }

    pub(super) fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }
}

/// The completions for a position, and whether the list is incomplete.
#[derive(Default)]
pub(super) struct CompletionOffers {
    pub(super) all: Vec<CompletionOffer>,
    /// Whether the editor must ask again when more is typed.
    pub(super) is_incomplete: bool,
}

/// Everything that is needed to find completions.
pub(super) struct CompletionQuery<'a> {
    pub(super) cursor: &'a TextCursor<'a>,
    pub(super) things: DefinedThings<'a>,
    /// Whether the editor supports snippets.
    pub(super) snippets: bool,
}

/// The completions for a position.
#[expect(clippy::unnecessary_wraps, reason = "any request may be refused")]
pub(super) fn complete(
    session: &mut Session,
    params: &CompletionParams,
) -> Result<Option<CompletionResponse>, RequestError> {
    let Some((file, byte)) = session.file_and_byte(&params.text_document_position_params) else {
        return Ok(None);
    };
    let model = session.incremental_mut().vocabulary();
    let session = &*session;
    let cursor = TextCursor::at(session.source(file).text(), byte as usize);
    let offers = offers(session, &model, file, &cursor);
    let is_incomplete = offers.is_incomplete;
    let items = offers.all.into_iter().enumerate().map(|(at, offer)| item(session, file, &cursor, at, offer));
    let list =
        CompletionList { is_incomplete, item_defaults: None, items: items.collect(), ..Default::default() };
    Ok(Some(CompletionResponse::CompletionList(list)))
}

fn offers(session: &Session, model: &Model, file: FileId, cursor: &TextCursor<'_>) -> CompletionOffers {
    let things = DefinedThings { workspace: session.incremental().workspace(), model, file };
    let query = CompletionQuery { cursor, things, snippets: session.editor.snippets };
    let mut offers = match cursor.context {
        CursorContext::Nothing => CompletionOffers::default(),
        CursorContext::Key(shape) => query.keys(shape),
        CursorContext::Id(shape) => query.ids(shape),
        CursorContext::Value(key) => query.values(key),
        CursorContext::NamedKey(key) => query.names(key),
        CursorContext::NamedValue(key) => keys::values_of_name(key),
    };
    offers.all.extend(snippets::offers(cursor, session.source(file).text(), session.editor.snippets));
    offers
}

fn item(
    session: &Session,
    file: FileId,
    cursor: &TextCursor<'_>,
    at: usize,
    offer: CompletionOffer,
) -> CompletionItem {
    let span = offer.span.unwrap_or_else(|| cursor.span());
    let text = cursor.word.lead.to_owned() + offer.insert.as_deref().unwrap_or(&offer.label);
    let detail = Some(one_line(&offer.detail)).filter(|detail| !detail.is_empty());
    let is_over_lines = text.contains('\n');
    CompletionItem {
        label: one_line(&offer.label),
        label_details: detail.clone().map(|text| CompletionItemLabelDetails::new(None, Some(text))),
        kind: Some(offer.kind),
        detail,
        documentation: (!offer.doc.is_empty()).then(|| Documentation::String(one_line(&offer.doc))),
        sort_text: Some(format!("{}{at:04}", offer.rank)),
        filter_text: offer.found_by.map(|text| one_line(&text)),
        insert_text_format: offer.is_snippet.then_some(InsertTextFormat::Snippet),
        insert_text_mode: is_over_lines.then_some(InsertTextMode::AdjustIndentation),
        text_edit: Some(TextEdit::new(session.range(file, span), text).into()),
        ..CompletionItem::default()
    }
}
