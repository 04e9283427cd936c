//! A question: its dispute, if there is one, and every claim that bears on it.

use rustc_hash::FxHashSet;

use super::Page;
use crate::id::{AnswerId, ClaimId, QuestionId};
use crate::report::text::{draw_dispute, draw_finding};
use crate::report::wording::{answer_in_full, source, speaker};

impl Page<'_> {
    pub(super) fn question(&mut self, id: QuestionId) {
        self.sheet.facts([("asked", self.model.question_in_words(id))]);
        let on_it: Vec<_> =
            self.analysis.on_claims().filter(|finding| finding.questions().contains(&id)).collect();
        match self.dispute(id) {
            Some(dispute) => {
                let own: Vec<_> = dispute.findings.iter().map(|&at| &self.analysis.findings[at]).collect();
                self.sheet.line("");
                draw_dispute(&mut self.sheet, self.analysis, dispute, &own);
            }
            None => self.sheet.line("  Nothing was found on it."),
        }
        let elsewhere: Vec<_> =
            on_it.iter().filter(|finding| finding.questions().first() != Some(&id)).collect();
        if !elsewhere.is_empty() {
            self.sheet.heading("Found on other questions, with claims on this one");
        }
        for finding in elsewhere {
            draw_finding(&mut self.sheet, self.model, None, finding, usize::MAX);
        }
        let evidence = on_it.iter().filter_map(|finding| finding.evidence.as_deref());
        let named = evidence.flat_map(|evidence| evidence.claims.iter().chain(&evidence.also));
        self.all_claims(id, &named.copied().collect());
    }

    /// Every answer to a question in the order of time, then the answers to others that its findings name.
    fn all_claims(&mut self, id: QuestionId, named: &FxHashSet<ClaimId>) {
        let is_own = |answer: AnswerId| self.question_of(answer) == id;
        let (mut answers, others) = {
            let all = self.answers_of(|answer| is_own(answer) || named.contains(&self.claim_of(answer)));
            all.into_iter().partition::<Vec<_>, _>(|&answer| is_own(answer))
        };
        let own: FxHashSet<ClaimId> = answers.iter().map(|&answer| self.claim_of(answer)).collect();
        answers.extend(others.into_iter().filter(|&answer| !own.contains(&self.claim_of(answer))));
        let rows: Vec<_> = answers.into_iter().map(|answer| self.in_row(id, answer)).collect();
        self.sheet.heading("All claims");
        self.sheet.table(&["said", "who", "answer", "standing", "source", "claim"], rows);
    }

    fn in_row(&self, id: QuestionId, answer: AnswerId) -> [String; 6] {
        let claim = self.model.claim(self.claim_of(answer));
        let question = self.question_of(answer);
        let standing = if question == id {
            self.standing(answer)
        } else {
            format!("answers {}", self.model.question_in_words(question))
        };
        let words = answer_in_full(self.model, id, answer);
        let (who, source) = (speaker(self.model, claim), source(self.model, claim));
        [claim.said.in_words(), who, words, standing, source, claim.name.to_string()]
    }
}
