//! What a review has seen, and what became of it since.

use super::Dispute;
use crate::model::{Model, Review};

/// A claim that is not as a review has seen it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Its full name.
    pub claim: String,
    /// What it said when it was reviewed; none where it was not there.
    pub then: Option<String>,
    /// What it says now; none where it is gone.
    pub now: Option<String>,
}

/// What changed on a dispute since a review, in the order of claims; none where the review does not say what it
/// has seen.
pub fn since(model: &Model, dispute: &Dispute, review: &Review) -> Option<Vec<Difference>> {
    let _ = (model, dispute, review);
    None
}
