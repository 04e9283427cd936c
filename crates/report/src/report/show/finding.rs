//! A finding: its message, its questions, and the words of every claim it names.

use rustc_hash::FxHashSet;

use super::ShowPage;
use crate::report::outline::Depth;
use crate::report::text::draw_finding;
use gainsay_analysis::finding::{Evidence, Finding};
use gainsay_analysis::id::ClaimId;

impl ShowPage<'_> {
    pub(super) fn finding(&mut self, finding: &Finding) {
        let asked = finding.questions().iter();
        let asked = asked.map(|&id| {
            ("on", format!("{}: {}", self.model.question_name(id), self.model.question_in_words(id)))
        });
        self.sheet.facts(asked.collect::<Vec<_>>());
        self.sheet.line("");
        draw_finding(&mut self.sheet, self.model, None, finding, Depth::Full);
        let claims: FxHashSet<ClaimId> = finding.claims().iter().copied().collect();
        self.claims_in_words("Its claims", &claims);
        let mut others: FxHashSet<ClaimId> =
            finding.evidence.as_deref().into_iter().flat_map(Evidence::all_claims).collect();
        others.retain(|claim| !claims.contains(claim));
        self.claims_in_words("Claims with the same effect, or that clash in the same way", &others);
    }

    fn claims_in_words(&mut self, title: &str, claims: &FxHashSet<ClaimId>) {
        let answers = self.answers_of(|answer| claims.contains(&self.claim_of(answer)));
        self.by_question(title, &answers);
    }
}
