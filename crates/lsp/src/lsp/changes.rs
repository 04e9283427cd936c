//! Converts changes of files to edits of the protocol, as small as possible.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use gen_lsp_types::{
    CreateFile, DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit,
    TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};
use similar::{Algorithm, DiffTag};

use super::position;
use super::session::Session;
use gainsay_analysis::id::FileId;
use gainsay_analysis::source::Span;
use gainsay_edit::edit::FileChange;

/// How long a comparison may search for the smallest difference between two texts. After that, it returns one that is
/// correct but may be larger.
const DIFF_TIMEOUT: Duration = Duration::from_millis(200);

impl Session {
    /// The edit for changes of several files. The editor applies all of them or none.
    pub(super) fn workspace_edit(&self, changes: &[FileChange]) -> Result<WorkspaceEdit, String> {
        let editor = self.editor;
        let mut all = WorkspaceEdit::default();
        if !editor.document_changes {
            let mut edits = HashMap::new();
            for change in changes {
                let file = self.file_of(change)?.ok_or_else(|| cannot_create(change))?;
                edits.insert(self.uri(file), self.edits(file, &change.after));
            }
            all.changes = Some(edits);
            return Ok(all);
        }
        let mut made = Vec::new();
        for change in changes {
            let Some(file) = self.file_of(change)? else {
                if !editor.creates_files {
                    return Err(cannot_create(change));
                }
                let uri = position::uri_from_path(Path::new(&change.path));
                let text = TextEdit { range: Range::default(), new_text: change.after.clone() };
                made.push(DocumentChange::CreateFile(CreateFile::new(uri.clone(), None, None)));
                made.push(document_edit(uri, None, vec![text]));
                continue;
            };
            made.push(document_edit(self.uri(file), self.version(file), self.edits(file, &change.after)));
        }
        all.document_changes = Some(made);
        Ok(all)
    }

    /// The file that a change is about; none if the change creates it. Returns an error if the text is not the one
    /// that the change was made for.
    fn file_of(&self, change: &FileChange) -> Result<Option<FileId>, String> {
        let file = self.files().find(&change.path);
        let text = file.map(|file| self.source(file).text());
        if text == change.before.as_deref() {
            return Ok(file);
        }
        Err(format!("`{}` has changed since; try again", change.path))
    }

    /// The edits that turn the text of a file into `after`.
    pub(super) fn edits(&self, file: FileId, after: &str) -> Vec<TextEdit> {
        let between = edits_between(self.source(file).text(), after);
        between
            .into_iter()
            .map(|(span, new_text)| TextEdit { range: self.range(file, span), new_text })
            .collect()
    }
}

fn cannot_create(change: &FileChange) -> String {
    format!("this editor cannot create the file `{}`", change.path)
}

fn document_edit(uri: gen_lsp_types::Uri, version: Option<i32>, edits: Vec<TextEdit>) -> DocumentChange {
    let text_document_identifier = TextDocumentIdentifier { uri };
    DocumentChange::TextDocumentEdit(TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { version, text_document_identifier },
        edits: edits.into_iter().map(Edit::TextEdit).collect(),
    })
}

/// The differences between two texts: one edit for each run of changed lines, reduced to the changed characters.
fn edits_between(before: &str, after: &str) -> Vec<(Span, String)> {
    let (then, now): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let deadline = std::time::Instant::now() + DIFF_TIMEOUT;
    let runs = similar::capture_diff_slices_deadline(Algorithm::Myers, &then, &now, Some(deadline));
    let starts = |lines: &[&str]| {
        let ends = lines.iter().scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        });
        std::iter::once(0).chain(ends).collect::<Vec<usize>>()
    };
    let (old, new) = (starts(&then), starts(&now));
    // Everything between two runs of equal lines becomes one edit.
    let equal = runs.iter().filter(|run| run.tag() == DiffTag::Equal);
    let equal = equal.map(|run| (run.old_range(), run.new_range()));
    let end = (then.len()..then.len(), now.len()..now.len());
    let mut edits = Vec::new();
    let (mut from, mut to) = (0, 0);
    for (kept, as_new) in equal.chain([end]) {
        if kept.start > from || as_new.start > to {
            let (start, end) = (old[from], old[kept.start]);
            edits.push(trim_common(start, &before[start..end], &after[new[to]..new[as_new.start]]));
        }
        (from, to) = (kept.end, as_new.end);
    }
    edits
}

/// Reduces an edit: removes the common start and end of both texts. A line break that has two bytes is not split.
fn trim_common(start: usize, then: &str, now: &str) -> (Span, String) {
    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
        a.zip(b).take_while(|(a, b)| a == b).map(|(letter, _)| letter.len_utf8()).sum::<usize>()
    };
    let mut first = same(&mut then.chars(), &mut now.chars());
    if then[..first].ends_with('\r') {
        first -= 1;
    }
    let (then, now) = (&then[first..], &now[first..]);
    let mut last = same(&mut then.chars().rev(), &mut now.chars().rev());
    let is_cut = |text: &str| text[..text.len() - last].ends_with('\r');
    if then[then.len() - last..].starts_with('\n') && (is_cut(then) || is_cut(now)) {
        last -= 1;
    }
    let span = Span::new(start + first, start + first + then.len() - last);
    (span, now[..now.len() - last].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn edits_between_turn_one_text_into_the_other(before in "[a-cé\r\n]{0,40}", after in "[a-cé\r\n]{0,40}") {
            let mut text = before.clone();
            for (span, new) in edits_between(&before, &after).into_iter().rev() {
                text.replace_range(span.range(), &new);
            }
            prop_assert_eq!(text, after);
        }
    }

    #[test]
    fn edits_between_are_as_small_as_possible() {
        let (before, after) = ("a: one\r\nb: two\r\nc: 3\r\n", "a: ones\r\nb: two\r\nc: 3\r\nd: 4\r\n");
        let edits: Vec<_> =
            edits_between(before, after).into_iter().map(|(span, new)| (span.range(), new)).collect();
        assert_eq!(edits, [(6..6, "s".to_owned()), (22..22, "d: 4\r\n".to_owned())]);
    }
}
