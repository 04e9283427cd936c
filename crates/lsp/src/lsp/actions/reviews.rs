//! Actions on a claim with a dispute: open the review desk, and record a verdict.

use std::sync::Arc;

use gen_lsp_types::CodeActionKind;
use serde_json::json;

use super::Menu;
use gainsay_analysis::dispute::Decision;
use gainsay_analysis::document::{Claim, Entry, Verdict, Word as _};
use gainsay_analysis::id::{Id as _, QuestionId};
use gainsay_analysis::model::AnswersByClaim;
use gainsay_edit::edit;
use gainsay_reading::period::Day;

/// The verdicts that are offered, with their meaning. They need no figure.
const VERDICTS: [(Verdict, &str); 2] =
    [(Verdict::Explained, "no real clash"), (Verdict::Irreconcilable, "both stay on record")];

impl Menu<'_> {
    /// Adds the actions for the disputes on the questions of a claim.
    pub(super) fn review(&mut self, claim: &Entry<Claim>) {
        let analysis = Arc::clone(&self.around);
        let model = &analysis.model;
        let source = self.session.document(self.file).source.as_ref();
        let source = source.and_then(|source| model.sources.find(&source.id.value));
        let Some(id) = source.and_then(|source| model.find_claim_in(source, &claim.id.value)) else { return };
        let answers = AnswersByClaim::new(model);
        let questions: Vec<QuestionId> =
            answers.of(id).iter().map(|answer| model.answers.question[answer.index()]).collect();
        for &question in &questions {
            let name = model.question_name(question);
            let of = if questions.len() > 1 { format!(" on `{name}`") } else { String::new() };
            let Some(dispute) = analysis.disputes.iter().find(|dispute| dispute.question == question) else {
                continue;
            };
            if dispute.standing.is_open() {
                for (verdict, means) in VERDICTS {
                    let title = format!("record a review{of}: {}, {means}", verdict.word());
                    let offer = self.decide(&analysis, question, verdict);
                    self.offer(title, CodeActionKind::Refactor, None, false, offer);
                }
            }
            let arguments = vec![json!(self.session.uri(self.file)), json!(name), json!("question")];
            let title = format!("open the dispute{of} in the review desk");
            self.command(title, "gainsay.openDesk", arguments, CodeActionKind::Refactor);
        }
    }

    fn decide(
        &self,
        analysis: &gainsay_analysis::workspace::Analysis,
        question: QuestionId,
        verdict: Verdict,
    ) -> super::ActionResult {
        let unsigned = "the reviewer is not known: set `reviewer` in the settings of gainsay in the editor";
        let by = self.session.reviewer.clone().ok_or(unsigned)?;
        let decision = Decision { verdict: Some(verdict), by, ..Decision::default() };
        let workspace = self.session.incremental().workspace();
        let new_file = self.session.new_file("reviews.yaml");
        let change = edit::review(workspace, analysis, question, &decision, today(), &new_file);
        let change = change.map_err(|why| why.to_string())?;
        self.session.workspace_edit(&[change])
    }
}

/// Today's date in the local time zone.
fn today() -> Day {
    let today = jiff::Zoned::now().date();
    Day::from_ymd(today.year(), today.month(), today.day()).unwrap_or(Day::MAX)
}
