//! An index from each claim to its answers; the columns of answers are sorted by question.

use super::Model;
use crate::id::{AnswerId, ClaimId, Id as _};

/// All answers, sorted by claim, then by question.
#[derive(Clone, Debug)]
pub struct AnswersByClaim {
    answers: Vec<AnswerId>,
    /// For each claim, the index of its first answer in `answers`; the last entry is the total.
    starts: Vec<u32>,
}

impl AnswersByClaim {
    /// Sorts the answers of a model by claim.
    pub fn new(model: &Model) -> Self {
        let mut starts = vec![0u32; model.claims.len() + 1];
        for claim in &model.answers.claim {
            starts[claim.index() + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut answers: Vec<AnswerId> = (0..model.answers.len()).map(AnswerId::new).collect();
        answers.sort_by_key(|answer| model.answers.claim[answer.index()]);
        Self { answers, starts }
    }

    /// The answers of a claim, sorted by question.
    pub fn of(&self, claim: ClaimId) -> &[AnswerId] {
        let run = self.starts[claim.index()] as usize..self.starts[claim.index() + 1] as usize;
        &self.answers[run]
    }
}
