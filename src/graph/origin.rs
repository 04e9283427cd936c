//! Where a claim comes from in the end: several sources with one origin are one witness.

use crate::id::{ActorId, Id as _, SourceId};
use crate::model::Model;

/// The end of the way back from a claim.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Origin {
    /// Somebody who said or passed it on.
    Actor(ActorId),
    /// A document that names nobody.
    Source(SourceId),
}

/// The origin of each claim: the last of `via`, else the speaker where it is not the outlet, else the root
/// of what the source cites, else the source.
pub(super) fn origins(model: &Model) -> Vec<Origin> {
    let roots: Vec<SourceId> = model.sources.ids().map(|source| root(model, source)).collect();
    let of_claim = |claim: &crate::model::Claim| match claim.via.last() {
        Some(&last) => Origin::Actor(last),
        None if claim.by != model.sources[claim.source].publisher => Origin::Actor(claim.by),
        None => Origin::Source(roots[claim.source.index()]),
    };
    model.claims.iter().map(of_claim).collect()
}

/// The end of the chain of citations; where a source draws on several, or in a circle, the chain ends there.
fn root(model: &Model, source: SourceId) -> SourceId {
    let mut at = source;
    for _ in 0..model.sources.len() {
        match model.sources[at].cites.as_slice() {
            [next] => at = *next,
            _ => return at,
        }
    }
    source
}
