//! The origins of claims: several sources with the same origin are one witness.

use crate::id::{ActorId, Id as _, SourceId};
use crate::model::Model;

/// The actor or source that an answer ultimately comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Origin {
    /// An actor that said it or passed it on.
    Actor(ActorId),
    /// A source that attributes it to nobody.
    Source(SourceId),
}

/// The origins of claims. An origin is the last actor of `via`, or else the speaker if that is not the outlet, or else
/// the first source in the chain of citations.
pub(super) fn origins(model: &Model) -> Vec<Origin> {
    let roots: Vec<SourceId> = model.sources.ids().map(|source| root(model, source)).collect();
    let of_claim = |claim: &crate::model::Claim| match claim.via.last() {
        Some(&last) => Origin::Actor(last),
        None if claim.by != model.sources[claim.source].publisher => Origin::Actor(claim.by),
        None => Origin::Source(roots[claim.source.index()]),
    };
    model.claims.iter().map(of_claim).collect()
}

/// The end of the chain of citations. A chain ends at a source that draws on several others; a chain that is
/// a cycle gives the source itself.
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
