//! A workspace in which a reviewer decides: read, asked, written into.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::cli::load::Place;
use crate::cli::{errors_in_words, meant};
use crate::dispute::{self, Decision, Dispute};
use crate::edit::{self, Change, Refusal};
use crate::folder::{self, ReplaceError};
use crate::id::QuestionId;
use crate::period::Day;
use crate::workspace::{Analysis, Workspace};

/// A workspace and what is known about it.
pub(super) struct Desk {
    path: PathBuf,
    pub(super) workspace: Workspace,
    pub(super) analysis: Analysis,
}

impl Desk {
    pub(super) fn read(place: &Place) -> anyhow::Result<Self> {
        let (workspace, options) = place.load(None)?;
        let analysis = workspace.analyse(&options);
        Ok(Self { path: place.folder(), workspace, analysis })
    }

    /// The folder of claim files, or the one claim file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The question of this name.
    pub(super) fn question(&self, name: &str) -> anyhow::Result<QuestionId> {
        let model = &self.analysis.model;
        if let Some(question) = model.find_question(name) {
            return Ok(question);
        }
        let names: Vec<String> = model.question_ids().map(|question| model.question_name(question)).collect();
        let near = meant(name, names.iter().map(String::as_str));
        let lost = errors_in_words(&self.analysis).map(|lost| format!("; {lost}")).unwrap_or_default();
        bail!("`{name}` is neither a file or folder nor a question that somebody answers{near}{lost}")
    }

    /// The dispute on a question of this name, where there is one.
    pub(super) fn dispute(&self, name: &str) -> Option<&Dispute> {
        let question = self.analysis.model.find_question(name)?;
        self.analysis.disputes.iter().find(|dispute| dispute.question == question)
    }

    /// The open disputes, gravest first; of one question only, where one is named.
    pub(super) fn open(&self, question: Option<&str>) -> Vec<&Dispute> {
        let is_asked = |dispute: &&Dispute| {
            question.is_none_or(|name| self.analysis.model.question_name(dispute.question) == name)
        };
        self.analysis.disputes.iter().filter(|dispute| dispute.standing.is_open()).filter(is_asked).collect()
    }

    /// That there is nothing to decide, in words.
    pub(super) fn nothing_open(&self) -> String {
        match self.analysis.disputes.len() {
            0 => "nothing was found that clashes: there is nothing to decide".to_owned(),
            1 => "nothing is open: the one dispute is reviewed".to_owned(),
            all => format!("nothing is open: all {all} disputes are reviewed"),
        }
    }

    /// The change that a decision on a question makes, on claims with this fingerprint if one is given.
    pub(super) fn decide(
        &self,
        question: QuestionId,
        decision: &Decision,
        seen: Option<&str>,
    ) -> Result<Change, Refusal> {
        if let Some(seen) = seen {
            edit::unchanged_claims(&self.analysis, question, seen, &[])?;
        }
        let new_file = folder::for_reviews(&self.path);
        edit::review(&self.workspace, &self.analysis, question, decision, today(), &new_file)
    }

    /// The same, on claims that another reading of the workspace showed. The file may be another: whoever decides
    /// agrees to the change that it makes of it.
    pub(super) fn decide_as_shown(
        &self,
        shown: &Self,
        name: &str,
        decision: &Decision,
    ) -> Result<Change, Refusal> {
        let gone = || Refusal::Unknown(format!("nobody answers `{name}` any more"));
        let question = self.analysis.model.find_question(name).ok_or_else(gone)?;
        let then = shown.dispute(name);
        let saw = then.map(|then| dispute::saw(&shown.analysis.model, then)).unwrap_or_default();
        edit::unchanged_claims(&self.analysis, question, then.map_or("", |then| &then.seen), &saw)?;
        self.decide(question, decision, None)
    }

    /// Writes a change to the disk, if the file still says what was read.
    pub(super) fn write(&self, change: &Change) -> Result<(), ReplaceError> {
        crate::cli::save::write(&self.path, std::slice::from_ref(change))
    }
}

/// The day it is here.
fn today() -> Day {
    let today = jiff::Zoned::now().date();
    Day::from_ymd(today.year(), today.month(), today.day()).unwrap_or(Day::MAX)
}
