//! Changes of claim files as edits of spans: comments and layout stay, and what was written is read again
//! before anybody sees it. Nothing here touches a disk: a [`Change`] is a text and the text it replaces.
//!
//! Every change is made the same way: `layout` says which spans to edit or that it does not understand the file,
//! [`apply`] makes the texts, `verify` reads them and holds them against what was meant. Whoever writes a
//! [`Change`] to a disk does so where the file still says `before`, and nowhere else.

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

pub use entry::{Given, NewEntry, home_of_entries, new_entry, new_source, span_of};
pub use format::{format, format_edits, format_range};
pub use keys::{Added, add};
pub use merge::{merge, tell_apart};
pub use rename::{Renamed, kind_named, rename};
pub use review::{home, home_of_first, print_of, review, unchanged_claims, unchanged_file, withdraw};

use std::time::Duration;

use similar::TextDiff;

use crate::dispute::Difference;
use crate::finding::Edit;
use crate::source::Files;
use crate::workspace::{Input, Workspace};

/// Another text for a file. A change of several files is several of these, of which all or none are made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The file, by the path under which the workspace knows it.
    pub path: String,
    /// The text it is made for; none for a new file.
    pub before: Option<String>,
    /// The text that takes its place.
    pub after: String,
}

impl Change {
    /// What the change does, as the lines of a unified diff.
    pub fn diff(&self) -> String {
        diff(&self.path, self.before.as_deref(), &self.after)
    }
}

/// A smaller difference is looked for so long; then what is found stands, which is right but may be longer.
const TO_COMPARE: Duration = Duration::from_secs(1);
/// Texts of more lines together are not compared.
const MOST_LINES: usize = 1_000_000;

/// What makes one text of a file out of another, as the lines of a unified diff; empty where they are the same. Of
/// texts too long to compare it says how long they are.
pub fn diff(path: &str, before: Option<&str>, after: &str) -> String {
    let from = if before.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    let to = format!("b/{path}");
    let before = before.unwrap_or_default();
    if before == after {
        return String::new();
    }
    let lines = |text: &str| text.lines().count();
    let (then, now) = (lines(before), lines(after));
    if then + now > MOST_LINES {
        return format!("--- {from}\n+++ {to}\n@@ too long to compare @@\n-{then} lines\n+{now} lines\n");
    }
    let diff = TextDiff::configure().timeout(TO_COMPARE).diff_lines(before, after);
    diff.unified_diff().header(&from, &to).to_string()
}

/// Why a change was not made. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The decision lacks something, or says something that cannot be written down.
    #[error("{0}")]
    Undecided(String),
    /// There is nothing of the name that is to be changed.
    #[error("{0}")]
    Unknown(String),
    /// The file is written in a way that cannot be changed without damage.
    #[error("`{path}`, line {line}: {why}")]
    Layout {
        /// The file.
        path: String,
        /// The line to look at, from 1.
        line: usize,
        /// What is in the way, and what to do.
        why: String,
    },
    /// The change would not read as it was meant; what is wrong with it.
    #[error("{0}")]
    Misread(String),
    /// The claims are not those the reviewer had before them.
    #[error("the claims changed since they were looked at")]
    ClaimsChanged {
        /// What changed, where what they said is still known.
        differences: Vec<Difference>,
    },
    /// The file is not as it was when it was looked at.
    #[error("`{path}` changed since it was looked at")]
    FileChanged {
        /// The file.
        path: String,
        /// What changed, as the lines of a unified diff; empty where what it said is not known any more.
        diff: String,
    },
}

impl Refusal {
    /// What is otherwise than it was looked at, as lines of a diff; may be empty.
    pub fn diff(&self) -> String {
        match self {
            Self::FileChanged { diff, .. } => diff.clone(),
            Self::ClaimsChanged { differences } => differences.iter().map(in_diff).collect(),
            _ => String::new(),
        }
    }
}

fn in_diff(Difference { claim, then, now }: &Difference) -> String {
    let line = |sign: char, text: &Option<String>| {
        text.as_ref().map(|text| format!("{sign}{claim}: {text}\n")).unwrap_or_default()
    };
    line('-', then) + &line('+', now)
}

/// Makes edits of spans, in whatever files and order they come; those at one place stand in the order given. What
/// lies outside of the spans stays as it is, byte for byte.
///
/// # Errors
/// Where two edits overlap, or a span does not fit its text.
pub fn apply(files: &Files, edits: &[Edit]) -> Result<Vec<Change>, Refusal> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.location.file, edit.location.span.start));
    let mut changes = Vec::new();
    for of_file in edits.chunk_by(|a, b| a.location.file == b.location.file) {
        let file = &files[of_file[0].location.file];
        let spans = of_file.iter().map(|edit| (edit.location.span.range(), edit.text.as_str()));
        let after = splice(file.text(), spans).ok_or_else(|| {
            Refusal::Misread(format!("two edits of `{}` are at odds with each other", file.path()))
        })?;
        changes.push(Change { path: file.path().to_owned(), before: Some(file.text().to_owned()), after });
    }
    Ok(changes)
}

/// A workspace once changes are made.
pub fn changed(workspace: &Workspace, changes: &[Change]) -> Workspace {
    let known: Option<Vec<_>> =
        changes.iter().map(|change| Some((workspace.files().find(&change.path)?, &change.after))).collect();
    let Some(known) = known else { return begun(workspace, changes) };
    let mut after = workspace.clone();
    for (file, text) in known {
        after.replace(file, text.clone());
    }
    after
}

/// The same where some of them begin a file, which moves the others.
fn begun(workspace: &Workspace, changes: &[Change]) -> Workspace {
    let text =
        |path: &str| changes.iter().find(|change| change.path == path).map(|change| change.after.as_str());
    let known =
        workspace.files().iter().map(|(_, file)| (file.path(), text(file.path()).unwrap_or(file.text())));
    let new = changes.iter().filter(|change| workspace.files().find(&change.path).is_none());
    let all = known.chain(new.map(|change| (change.path.as_str(), change.after.as_str())));
    let input = |(path, text): (&str, &str)| Input { path: path.to_owned(), content: Ok(text.into()) };
    Workspace::read(all.map(input).collect())
}

/// How the lines of a new file of a workspace end: as those of most of its files do.
fn line_break_of(workspace: &Workspace) -> &'static str {
    layout::usual_line_break(workspace.files().iter().map(|(_, file)| file.text()))
}

/// Changes with others that are made after them.
fn joined(mut first: Vec<Change>, then: Vec<Change>) -> Vec<Change> {
    for change in then {
        match first.iter_mut().find(|known| known.path == change.path) {
            Some(known) => known.after = change.after,
            None => first.push(change),
        }
    }
    first
}

/// A text with other texts in the place of spans, which come in order; none where they overlap or do not fit.
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
    fn edits_in_order_leave_the_rest_alone() {
        assert_eq!(splice("abcdef", [(1..2, "X"), (2..2, "Y"), (4..6, "")]).as_deref(), Some("aXYcd"));
        assert_eq!(splice("abcdef", [(1..3, "X"), (2..4, "Y")]), None);
        assert_eq!(splice("é", [(1..1, "X")]), None);
        assert_eq!(splice("a", [(1..2, "X")]), None);
    }

    #[test]
    fn a_diff_names_the_file_and_shows_the_lines() {
        let diff = diff("claims/reviews.yaml", Some("reviews:\n  a: {}\n"), "reviews:\n  a: {}\n  b: {}\n");
        assert_eq!(
            diff,
            "--- a/claims/reviews.yaml\n+++ b/claims/reviews.yaml\n@@ -1,2 +1,3 @@\n reviews:\n   a: {}\n+  b: {}\n"
        );
        assert!(super::diff("x", None, "a\n").starts_with("--- /dev/null\n+++ b/x\n"));
        assert_eq!(super::diff("x", Some("a\n"), "a\n"), "");
    }

    #[test]
    fn texts_that_have_nothing_in_common_are_compared_in_bounded_time() {
        let text = |sign: usize| (0..20_000).map(|at| (at * 2 + sign).to_string() + "\n").collect::<String>();
        let (before, after) = (text(0), text(1));
        let told = diff("x", Some(&before), &after);
        assert_eq!(told.lines().filter(|line| line.starts_with('+')).count(), 20_001);
        let told = diff("x", Some(&"\n".repeat(2_000_000)), "a\n");
        assert!(told.contains("-2000000 lines\n+1 lines\n") && told.len() < 200, "{told}");
    }
}
