//! Edits claim files. Comments and layout stay as they are, and each result is parsed and checked before it is
//! returned. Nothing here accesses the disk: a [`FileChange`] is a new text together with the text that it replaces.
//!
//! All changes are made in the same way: `layout` finds the spans to edit or refuses the layout of the file, [`apply`]
//! makes the new texts, and `verify` parses them and compares them with what was intended. A [`FileChange`] may only be
//! written to the disk if the file still has the text `before`.

mod body;
mod entry;
mod format;
mod keys;
mod layout;
mod merge;
mod rename;
mod review;
mod scalar;
mod verify;

pub use entry::{FieldValue, NewEntry, file_for_entries, new_entry, new_source, span_of};
pub use format::{format, format_edits, format_range};
pub use keys::{EntryAddition, add};
pub use merge::{mark_as_different, merge};
pub use rename::{Renamed, kind_from_word, rename};
pub use review::{
    check_claims_unchanged, check_file_unchanged, file_for_first_review, fingerprint_of, home, review,
    withdraw,
};

use std::time::Duration;

use similar::TextDiff;

use gainsay_analysis::dispute::Difference;
use gainsay_analysis::finding::Edit;
use gainsay_analysis::source::Files;
use gainsay_analysis::workspace::{Input, Workspace};

/// A new text for a file. If several files change, all of their changes are written or none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileChange {
    /// The path of the file in the workspace.
    pub path: String,
    /// The text that the change was made for; none for a new file.
    pub before: Option<String>,
    /// The new text.
    pub after: String,
}

impl FileChange {
    /// The change as a unified diff.
    pub fn diff(&self) -> String {
        diff(&self.path, self.before.as_deref(), &self.after)
    }
}

/// How long a comparison may search for the smallest difference. After that, it returns one that is correct but may be
/// larger.
const DIFF_TIMEOUT: Duration = Duration::from_secs(1);
/// Texts with more lines than this in total are not compared.
const MAX_DIFF_LINES: usize = 1_000_000;

/// The difference between two texts of a file, as a unified diff; empty if they are the same. For texts that are too
/// long to compare, it only gives the numbers of lines.
pub fn diff(path: &str, before: Option<&str>, after: &str) -> String {
    let from = if before.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    let to = format!("b/{path}");
    let before = before.unwrap_or_default();
    if before == after {
        return String::new();
    }
    let lines = |text: &str| text.lines().count();
    let (then, now) = (lines(before), lines(after));
    if then + now > MAX_DIFF_LINES {
        return format!("--- {from}\n+++ {to}\n@@ too long to compare @@\n-{then} lines\n+{now} lines\n");
    }
    let diff = TextDiff::configure().timeout(DIFF_TIMEOUT).diff_lines(before, after);
    diff.unified_diff().header(&from, &to).to_string()
}

/// The reason why a change cannot be made. Nothing is written then.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request is incomplete, contradicts the files, or has a text that cannot be written.
    #[error("{0}")]
    Undecided(String),
    /// Nothing has the name that is to be changed.
    #[error("{0}")]
    Unknown(String),
    /// The file has a layout that cannot be changed without damage.
    #[error("`{path}`, line {line}: {why}")]
    Layout {
        /// The file.
        path: String,
        /// The line to look at, from 1.
        line: usize,
        /// The problem, and what to do about it.
        why: String,
    },
    /// The changed files would not have the intended content; the text says what is wrong.
    #[error("{0}")]
    Misread(String),
    /// The claims are not those that the reviewer saw.
    #[error("the claims changed since they were shown")]
    ClaimsChanged {
        /// The differences, if the old claims are still known.
        differences: Vec<Difference>,
    },
    /// The file is not as it was when it was shown.
    #[error("`{path}` changed since it was shown")]
    FileChanged {
        /// The file.
        path: String,
        /// The difference as a unified diff; empty if the old text is not known any more.
        diff: String,
    },
}

impl Refusal {
    /// What changed since it was shown, as lines of a diff; may be empty.
    pub fn diff(&self) -> String {
        match self {
            Self::FileChanged { diff, .. } => diff.clone(),
            Self::ClaimsChanged { differences } => differences.iter().map(diff_lines).collect(),
            _ => String::new(),
        }
    }
}

fn diff_lines(Difference { claim, then, now }: &Difference) -> String {
    let line = |sign: char, text: &Option<String>| {
        text.as_ref().map(|text| format!("{sign}{claim}: {text}\n")).unwrap_or_default()
    };
    line('-', then) + &line('+', now)
}

/// Applies edits to the files. The edits can be in any order; those at the same place are applied in the given order.
/// Everything outside of their spans stays the same, byte for byte.
///
/// # Errors
/// If two edits overlap, or a span does not fit its text.
pub fn apply(files: &Files, edits: &[Edit]) -> Result<Vec<FileChange>, Refusal> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.location.file, edit.location.span.start));
    let mut changes = Vec::new();
    for of_file in edits.chunk_by(|a, b| a.location.file == b.location.file) {
        let file = &files[of_file[0].location.file];
        let spans = of_file.iter().map(|edit| (edit.location.span.range(), edit.text.as_str()));
        let after = splice(file.text(), spans)
            .ok_or_else(|| Refusal::Misread(format!("two edits of `{}` overlap", file.path())))?;
        changes.push(FileChange {
            path: file.path().to_owned(),
            before: Some(file.text().to_owned()),
            after,
        });
    }
    Ok(changes)
}

/// A workspace with changes applied.
pub fn changed(workspace: &Workspace, changes: &[FileChange]) -> Workspace {
    let known: Option<Vec<_>> =
        changes.iter().map(|change| Some((workspace.files().find(&change.path)?, &change.after))).collect();
    let Some(known) = known else { return changed_with_new_files(workspace, changes) };
    let mut after = workspace.clone();
    for (file, text) in known {
        after.replace(file, text.clone());
    }
    after
}

/// As [`changed`], if some of the changes create files. This changes the ids of other files, so all files are read
/// again.
fn changed_with_new_files(workspace: &Workspace, changes: &[FileChange]) -> Workspace {
    let text =
        |path: &str| changes.iter().find(|change| change.path == path).map(|change| change.after.as_str());
    let known =
        workspace.files().iter().map(|(_, file)| (file.path(), text(file.path()).unwrap_or(file.text())));
    let new = changes.iter().filter(|change| workspace.files().find(&change.path).is_none());
    let all = known.chain(new.map(|change| (change.path.as_str(), change.after.as_str())));
    let input = |(path, text): (&str, &str)| Input { path: path.to_owned(), content: Ok(text.into()) };
    Workspace::read(all.map(input).collect())
}

/// The line break for a new file of a workspace: that of most of its files.
fn line_break_of(workspace: &Workspace) -> &'static str {
    layout::usual_line_break(workspace.files().iter().map(|(_, file)| file.text()))
}

/// Combines changes with later changes of the results.
fn merge_changes(mut first: Vec<FileChange>, then: Vec<FileChange>) -> Vec<FileChange> {
    for change in then {
        match first.iter_mut().find(|known| known.path == change.path) {
            Some(known) => known.after = change.after,
            None => first.push(change),
        }
    }
    first
}

/// Replaces spans of a text, which must be in order; none if they overlap or do not fit the text.
fn splice<'a>(
    text: &str,
    edits: impl IntoIterator<Item = (std::ops::Range<usize>, &'a str)>,
) -> Option<String> {
    let mut spliced = String::with_capacity(text.len());
    let mut done = 0;
    for (span, new) in edits {
        spliced.push_str(text.get(done..span.start)?);
        spliced.push_str(new);
        text.get(span.clone())?;
        done = span.end;
    }
    spliced.push_str(text.get(done..)?);
    Some(spliced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splice_keeps_everything_outside_of_the_spans() {
        assert_eq!(splice("abcdef", [(1..2, "X"), (2..2, "Y"), (4..6, "")]).as_deref(), Some("aXYcd"));
        assert_eq!(splice("abcdef", [(1..3, "X"), (2..4, "Y")]), None);
        assert_eq!(splice("é", [(1..1, "X")]), None);
        assert_eq!(splice("a", [(1..2, "X")]), None);
    }

    #[test]
    fn diff_names_the_file_and_shows_the_lines() {
        let diff = diff("claims/reviews.yaml", Some("reviews:\n  a: {}\n"), "reviews:\n  a: {}\n  b: {}\n");
        assert_eq!(
            diff,
            "--- a/claims/reviews.yaml\n+++ b/claims/reviews.yaml\n@@ -1,2 +1,3 @@\n reviews:\n   a: {}\n+  b: {}\n"
        );
        assert!(super::diff("x", None, "a\n").starts_with("--- /dev/null\n+++ b/x\n"));
        assert_eq!(super::diff("x", Some("a\n"), "a\n"), "");
    }

    #[test]
    fn diff_of_different_texts_takes_bounded_time() {
        let text = |sign: usize| (0..20_000).map(|at| (at * 2 + sign).to_string() + "\n").collect::<String>();
        let (before, after) = (text(0), text(1));
        let text = diff("x", Some(&before), &after);
        assert_eq!(text.lines().filter(|line| line.starts_with('+')).count(), 20_001);
        let text = diff("x", Some(&"\n".repeat(2_000_000)), "a\n");
        assert!(text.contains("-2000000 lines\n+1 lines\n") && text.len() < 200, "{text}");
    }
}
