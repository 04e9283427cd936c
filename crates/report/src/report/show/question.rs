//! A question: its dispute, if there is one, the answers over time, and related claims.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ShowPage;
use crate::report::outline::Depth;
use crate::report::text::{draw_dispute, draw_finding};
use crate::report::wording::date_said;
use gainsay_analysis::finding::Evidence;
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, QuestionId};

impl ShowPage<'_> {
    pub(super) fn question(&mut self, id: QuestionId) {
        self.sheet.facts([("asked", self.model.question_in_words(id))]);
        let on_it: Vec<_> =
            self.analysis.on_claims().filter(|finding| finding.questions().contains(&id)).collect();
        match self.dispute(id) {
            Some(dispute) => {
                let own: Vec<_> = dispute.findings.iter().map(|&at| &self.analysis.findings[at]).collect();
                self.sheet.line("");
                draw_dispute(&mut self.sheet, self.analysis, dispute, &own, Depth::Full);
            }
            None => self.sheet.line("  No findings on it."),
        }
        let elsewhere: Vec<_> =
            on_it.iter().filter(|finding| finding.questions().first() != Some(&id)).collect();
        if !elsewhere.is_empty() {
            self.sheet.heading("Findings on other questions that name claims on this one");
        }
        for finding in elsewhere {
            draw_finding(&mut self.sheet, self.model, None, finding, Depth::Full);
        }
        let own = self.answers_of(|answer| self.question_of(answer) == id);
        let own_claims: FxHashSet<ClaimId> = own.iter().map(|&answer| self.claim_of(answer)).collect();
        self.over_time(id, own);
        let evidence = on_it.iter().filter_map(|finding| finding.evidence.as_deref());
        let named: FxHashSet<ClaimId> = evidence.flat_map(Evidence::all_claims).collect();
        let others = self.answers_of(|answer| {
            let claim = self.claim_of(answer);
            named.contains(&claim) && !own_claims.contains(&claim)
        });
        self.by_question("Claims on other questions that its findings name", &others);
    }

    /// The answers to a question by party, in the order of time, with their status.
    fn over_time(&mut self, id: QuestionId, mut answers: Vec<AnswerId>) {
        answers.sort_by_key(|&answer| {
            let claim = self.claim_of(answer);
            (self.model.claim(claim).said_on(), claim)
        });
        let superseded = self.analysis.reasoning.superseded(self.model, &self.analysis.graph, id);
        let superseded: FxHashMap<AnswerId, AnswerId> = superseded.into_iter().collect();
        let mut parties: Vec<(ActorId, Vec<AnswerId>)> = Vec::new();
        let mut places: FxHashMap<ActorId, usize> = FxHashMap::default();
        for answer in answers {
            let party = self.model.claim(self.claim_of(answer)).party;
            let place = *places.entry(party).or_insert(parties.len());
            if place == parties.len() {
                parties.push((party, Vec::new()));
            }
            parties[place].1.push(answer);
        }
        self.sheet.heading("Positions over time, by party");
        for (party, answers) in parties {
            self.sheet.line(&format!("  {}", self.model.actors[party].name));
            let lines: Vec<_> = answers
                .into_iter()
                .map(|answer| self.dated_statement(answer, superseded.get(&answer).copied()))
                .collect();
            self.sheet.facts_at(4, lines);
        }
    }

    /// The date of an answer, its speaker and source, the day it describes, and its status.
    fn dated_statement(&self, answer: AnswerId, superseded_by: Option<AnswerId>) -> (String, String) {
        let claim = self.model.claim(self.claim_of(answer));
        let (day, statement) = self.statement(answer);
        let mut remarks = Vec::new();
        if claim.as_of != claim.said {
            remarks.push(format!("as of {}", claim.as_of.in_words()));
        }
        match superseded_by.map(|by| self.claim_of(by)) {
            Some(by) => {
                let (name, said) = (self.model.claim_name(by), date_said(self.model.claim(by)));
                remarks.push(format!("superseded by {name}, {said}"));
            }
            None => remarks.push(self.answer_status(answer)),
        }
        remarks.retain(|remark| !remark.is_empty());
        let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join("; ")) };
        (day, format!("{statement}; {}{remarks}", claim.name))
    }
}
