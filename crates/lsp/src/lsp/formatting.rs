//! Formats files, with the same code as `gainsay fmt`.

use std::ops::Range;

use gen_lsp_types::{DocumentFormattingParams, DocumentRangeFormattingParams, TextEdit};

use super::error::RequestError;
use super::session::Session;
use gainsay_analysis::finding::Grade;
use gainsay_analysis::id::FileId;
use gainsay_analysis::source::Span;
use gainsay_edit::edit::{self, Refusal};

/// The edits that format a file.
pub(super) fn document(
    session: &mut Session,
    params: &DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>, RequestError> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    let source = session.source(file);
    session.text_edits(file, edit::format_edits(source.path(), source.text()))
}

/// The edits that format a range of a file.
pub(super) fn range(
    session: &mut Session,
    params: &DocumentRangeFormattingParams,
) -> Result<Option<Vec<TextEdit>>, RequestError> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    let (start, end) = (params.range.start, params.range.end);
    // A selection that ends at the start of a line does not include that line.
    let last = end.line + u32::from(end.character > 0 || end.line <= start.line);
    let lines = start.line as usize..(last as usize).max(start.line as usize);
    let source = session.source(file);
    session.text_edits(file, edit::format_range(source.path(), source.text(), lines))
}

impl Session {
    /// Converts edits to those of the protocol. For a file with errors there are none, and no message: the errors are
    /// marked already, and editors format each time a file is saved.
    fn text_edits(
        &self,
        file: FileId,
        edits: Result<Vec<(Range<usize>, String)>, Refusal>,
    ) -> Result<Option<Vec<TextEdit>>, RequestError> {
        let edit = |(span, new_text): (Range<usize>, String)| TextEdit {
            range: self.range(file, Span::new(span.start, span.end)),
            new_text,
        };
        match edits {
            Ok(edits) => Ok(Some(edits.into_iter().map(edit).collect())),
            Err(_) if self.has_errors(file) => Ok(None),
            Err(why) => Err(why.to_string().into()),
        }
    }

    fn has_errors(&self, file: FileId) -> bool {
        let state = self.incremental();
        state.findings(file).iter().any(|it| it.grade == Grade::Error)
            || state.omitted(file).iter().any(|it| it.grade == Grade::Error)
    }
}
