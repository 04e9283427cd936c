//! A workspace during a review: reads it, answers questions about it, and writes to it.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::cli::load::PathArgs;
use crate::cli::{did_you_mean_suffix, error_count_message};
use gainsay_analysis::dispute::{self, Decision, Dispute};
use gainsay_analysis::id::QuestionId;
use gainsay_analysis::workspace::{Analysis, Workspace};
use gainsay_edit::edit::{self, FileChange, Refusal};
use gainsay_folder::folder::{self, ReplaceError};
use gainsay_reading::period::Day;

/// A workspace with its analysis, in which a reviewer decides.
pub(super) struct ReviewSession {
    path: PathBuf,
    pub(super) workspace: Workspace,
    pub(super) analysis: Analysis,
}

impl ReviewSession {
    pub(super) fn read(paths: &PathArgs) -> anyhow::Result<Self> {
        let (workspace, options) = paths.load(None)?;
        let analysis = workspace.analyse(&options);
        Ok(Self { path: paths.folder(), workspace, analysis })
    }

    /// The folder of claim files, or the one claim file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The question with this name. Returns an error that suggests a similar name if there is none.
    pub(super) fn question(&self, name: &str) -> anyhow::Result<QuestionId> {
        let model = &self.analysis.model;
        if let Some(question) = model.find_question(name) {
            return Ok(question);
        }
        let names: Vec<String> = model.question_ids().map(|question| model.question_name(question)).collect();
        let near = did_you_mean_suffix(name, names.iter().map(String::as_str));
        let lost = error_count_message(&self.analysis).map(|lost| format!("; {lost}")).unwrap_or_default();
        bail!("`{name}` is not a file or folder, and no claim answers a question with this name{near}{lost}")
    }

    /// The dispute on the question with this name, if there is one.
    pub(super) fn dispute(&self, name: &str) -> Option<&Dispute> {
        let question = self.analysis.model.find_question(name)?;
        self.analysis.disputes.iter().find(|dispute| dispute.question == question)
    }

    /// The open disputes, most serious first; with a name, only that on this question.
    pub(super) fn open(&self, question: Option<&str>) -> Vec<&Dispute> {
        let is_asked = |dispute: &&Dispute| {
            question.is_none_or(|name| self.analysis.model.question_name(dispute.question) == name)
        };
        self.analysis.disputes.iter().filter(|dispute| dispute.standing.is_open()).filter(is_asked).collect()
    }

    /// A message that says why there is nothing to decide.
    pub(super) fn nothing_open_message(&self) -> String {
        match self.analysis.disputes.len() {
            0 => "no claims clash: there is nothing to decide".to_owned(),
            1 => "no disputes are open: the only dispute is reviewed".to_owned(),
            all => format!("no disputes are open: all {all} are reviewed"),
        }
    }

    /// The change that writes a decision on a question. If a fingerprint is given, the claims must have it.
    pub(super) fn decide(
        &self,
        question: QuestionId,
        decision: &Decision,
        seen: Option<&str>,
    ) -> Result<FileChange, Refusal> {
        if let Some(seen) = seen {
            edit::check_claims_unchanged(&self.analysis, question, seen, &[])?;
        }
        let new_file = folder::for_reviews(&self.path);
        edit::review(&self.workspace, &self.analysis, question, decision, today(), &new_file)
    }

    /// As [`Self::decide`], but the claims must be those that an earlier reading of the workspace showed. The file
    /// that is written may have changed since, because the reviewer sees and accepts the change.
    pub(super) fn decide_as_shown(
        &self,
        shown: &Self,
        name: &str,
        decision: &Decision,
    ) -> Result<FileChange, Refusal> {
        let gone = || Refusal::Unknown(format!("no claim answers `{name}` any more"));
        let question = self.analysis.model.find_question(name).ok_or_else(gone)?;
        let then = shown.dispute(name);
        let saw = then.map(|then| dispute::seen_lines(&shown.analysis.model, then)).unwrap_or_default();
        edit::check_claims_unchanged(&self.analysis, question, then.map_or("", |then| &then.seen), &saw)?;
        self.decide(question, decision, None)
    }

    /// Writes a change to the disk, if the file did not change since it was read.
    pub(super) fn write(&self, change: &FileChange) -> Result<(), ReplaceError> {
        crate::cli::save::write(&self.path, std::slice::from_ref(change))
    }
}

/// Today's date in the local time zone.
fn today() -> Day {
    let today = jiff::Zoned::now().date();
    Day::from_ymd(today.year(), today.month(), today.day()).unwrap_or(Day::MAX)
}
