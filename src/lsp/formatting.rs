//! Files put in shape, as by `gainsay fmt`.

use std::ops::Range;

use gen_lsp_types::{DocumentFormattingParams, DocumentRangeFormattingParams, TextEdit};

use super::error::RequestError;
use super::session::Session;
use crate::edit::{self, Refusal};
use crate::finding::Grade;
use crate::id::FileId;
use crate::source::Span;

/// The edits that put a file in shape.
pub(super) fn document(
    session: &mut Session,
    params: &DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>, RequestError> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    let source = session.source(file);
    session.in_shape(file, edit::format_edits(source.path(), source.text()))
}

/// The same within a range.
pub(super) fn range(
    session: &mut Session,
    params: &DocumentRangeFormattingParams,
) -> Result<Option<Vec<TextEdit>>, RequestError> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    let (start, end) = (params.range.start, params.range.end);
    // A selection that ends where a line begins holds nothing of it.
    let last = end.line + u32::from(end.character > 0 || end.line <= start.line);
    let lines = start.line as usize..(last as usize).max(start.line as usize);
    let source = session.source(file);
    session.in_shape(file, edit::format_range(source.path(), source.text(), lines))
}

impl Session {
    /// Edits as an editor takes them. A file in which something cannot be read stays as it is, without a word: what
    /// is wrong with it is marked, and editors ask each time a file is saved.
    fn in_shape(
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
        let standing = self.incremental();
        standing.findings(file).iter().any(|it| it.grade == Grade::Error)
            || standing.omitted(file).iter().any(|it| it.grade == Grade::Error)
    }
}
