//! A question: its dispute, if there is one, and every claim that bears on it.

use rustc_hash::FxHashSet;

use super::Page;
use crate::id::{AnswerId, ClaimId, QuestionId};
use crate::report::text::{draw_dispute, draw_finding};

impl Page<'_> {
    pub(super) fn question(&mut self, id: QuestionId) {
        self.sheet.facts([("asked", self.model.question_in_words(id))]);
        let on_it: Vec<_> =
            self.analysis.on_claims().filter(|finding| finding.questions().contains(&id)).collect();
        match self.dispute(id) {
            Some(dispute) => {
                let own: Vec<_> = dispute.findings.iter().map(|&at| &self.analysis.findings[at]).collect();
                self.sheet.line("");
                draw_dispute(&mut self.sheet, self.analysis, dispute, &own, usize::MAX);
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
        let lines: Vec<_> = answers.into_iter().map(|answer| self.in_line(id, answer)).collect();
        self.sheet.heading("All claims");
        self.sheet.facts_at(2, lines);
    }

    /// When an answer was said, by whom where, and whether it counts.
    fn in_line(&self, id: QuestionId, answer: AnswerId) -> (String, String) {
        let question = self.question_of(answer);
        let standing = if question == id {
            self.standing(answer)
        } else {
            format!("answers {}", self.model.question_in_words(question))
        };
        let standing = if standing.is_empty() { standing } else { format!(" ({standing})") };
        let name = &self.model.claim(self.claim_of(answer)).name;
        let (said, told) = self.told(answer);
        (said, format!("{told}; {name}{standing}"))
    }
}
