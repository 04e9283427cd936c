//! The answers of each claim: the columns stand in the order of questions, and some look them up by claim.

use super::Model;
use crate::id::{AnswerId, ClaimId, Id as _};

/// All answers in the order of claims, then of questions.
#[derive(Clone, Debug)]
pub struct ByClaim {
    answers: Vec<AnswerId>,
    /// Where the answers of each claim begin; one more at the end.
    starts: Vec<u32>,
}

impl ByClaim {
    /// Puts the answers of a model in order.
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

    /// The answers a claim gives, in the order of questions.
    pub fn of(&self, claim: ClaimId) -> &[AnswerId] {
        let run = self.starts[claim.index()] as usize..self.starts[claim.index() + 1] as usize;
        &self.answers[run]
    }
}
