//! Changes of texts as an editor takes them: the fewest edits that make one text of the other.

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
use crate::edit::Change;
use crate::id::FileId;
use crate::source::Span;

/// A smaller difference is looked for so long; then what is found stands, which is right but may be longer.
const TO_COMPARE: Duration = Duration::from_millis(200);

impl Session {
    /// Changes of several files, of which the editor makes all or none.
    pub(super) fn workspace_edit(&self, changes: &[Change]) -> Result<WorkspaceEdit, String> {
        let editor = self.editor;
        let mut all = WorkspaceEdit::default();
        if !editor.document_changes {
            let mut edits = HashMap::new();
            for change in changes {
                let file = self.known(change)?.ok_or_else(|| cannot_begin(change))?;
                edits.insert(self.uri(file), self.edits(file, &change.after));
            }
            all.changes = Some(edits);
            return Ok(all);
        }
        let mut made = Vec::new();
        for change in changes {
            let Some(file) = self.known(change)? else {
                if !editor.creates_files {
                    return Err(cannot_begin(change));
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

    /// The file that a change is of; none where it begins one.
    fn known(&self, change: &Change) -> Result<Option<FileId>, String> {
        let file = self.files().find(&change.path);
        let text = file.map(|file| self.source(file).text());
        if text == change.before.as_deref() {
            return Ok(file);
        }
        Err(format!("`{}` is not what the change was made for", change.path))
    }

    /// The edits that make another text of that of a file.
    pub(super) fn edits(&self, file: FileId, after: &str) -> Vec<TextEdit> {
        let between = edits_between(self.source(file).text(), after);
        between
            .into_iter()
            .map(|(span, new_text)| TextEdit { range: self.range(file, span), new_text })
            .collect()
    }
}

fn cannot_begin(change: &Change) -> String {
    format!("this editor cannot be asked to begin the file `{}`", change.path)
}

fn document_edit(uri: gen_lsp_types::Uri, version: Option<i32>, edits: Vec<TextEdit>) -> DocumentChange {
    let text_document_identifier = TextDocumentIdentifier { uri };
    DocumentChange::TextDocumentEdit(TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { version, text_document_identifier },
        edits: edits.into_iter().map(Edit::TextEdit).collect(),
    })
}

/// What stands otherwise in another text, run by run of lines, each cut to what differs.
fn edits_between(before: &str, after: &str) -> Vec<(Span, String)> {
    let (then, now): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let deadline = std::time::Instant::now() + TO_COMPARE;
    let runs = similar::capture_diff_slices_deadline(Algorithm::Myers, &then, &now, Some(deadline));
    let starts = |lines: &[&str]| {
        let ends = lines.iter().scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        });
        std::iter::once(0).chain(ends).collect::<Vec<usize>>()
    };
    let (old, new) = (starts(&then), starts(&now));
    // What lies between two runs of equal lines is one change, in however many steps it was found.
    let equal = runs.iter().filter(|run| run.tag() == DiffTag::Equal);
    let equal = equal.map(|run| (run.old_range(), run.new_range()));
    let end = (then.len()..then.len(), now.len()..now.len());
    let mut edits = Vec::new();
    let (mut from, mut to) = (0, 0);
    for (kept, as_new) in equal.chain([end]) {
        if kept.start > from || as_new.start > to {
            let (start, end) = (old[from], old[kept.start]);
            edits.push(cut(start, &before[start..end], &after[new[to]..new[as_new.start]]));
        }
        (from, to) = (kept.end, as_new.end);
    }
    edits
}

/// An edit without what both texts begin and end with. A line break of two bytes stays whole.
fn cut(start: usize, then: &str, now: &str) -> (Span, String) {
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
        fn edits_make_the_other_text(before in "[a-cé\r\n]{0,40}", after in "[a-cé\r\n]{0,40}") {
            let mut text = before.clone();
            for (span, new) in edits_between(&before, &after).into_iter().rev() {
                text.replace_range(span.range(), &new);
            }
            prop_assert_eq!(text, after);
        }
    }

    #[test]
    fn edits_are_as_small_as_can_be() {
        let (before, after) = ("a: one\r\nb: two\r\nc: 3\r\n", "a: ones\r\nb: two\r\nc: 3\r\nd: 4\r\n");
        let told: Vec<_> =
            edits_between(before, after).into_iter().map(|(span, new)| (span.range(), new)).collect();
        assert_eq!(told, [(6..6, "s".to_owned()), (22..22, "d: 4\r\n".to_owned())]);
    }
}
