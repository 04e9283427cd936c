//! Changes of claim files as edits of spans: comments and layout stay, and what was written is read again
//! before anybody sees it. Nothing here touches a disk: a [`Change`] is a text and the text it replaces.

use crate::dispute::Decision;
use crate::id::QuestionId;
use crate::period::Day;
use crate::workspace::{Analysis, Workspace};

/// Another text for a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The file, by the path under which the workspace knows it.
    pub path: String,
    /// The text it is made for; none for a new file.
    pub before: Option<String>,
    /// The text that takes its place.
    pub after: String,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The change does not read as it was meant; what is wrong with it.
    #[error("{0}")]
    Misread(String),
}

/// The change that writes a decision on a question into the workspace; `on` is the day it was made, `new_file`
/// the file that is begun where no file holds reviews.
///
/// # Errors
/// Where the file cannot be changed without damage, or the decision does not read.
pub fn review(
    workspace: &Workspace,
    analysis: &Analysis,
    question: QuestionId,
    decision: &Decision,
    on: Day,
    new_file: &str,
) -> Result<Change, Refusal> {
    let _ = (workspace, analysis, question, decision, on, new_file);
    Err(Refusal::Misread("reviews cannot be written yet".to_owned()))
}

/// The change that takes a review out again.
///
/// # Errors
/// Where there is no such review, or its file cannot be changed without damage.
pub fn withdraw(workspace: &Workspace, review: &str) -> Result<Change, Refusal> {
    let _ = (workspace, review);
    Err(Refusal::Misread("reviews cannot be taken out yet".to_owned()))
}
