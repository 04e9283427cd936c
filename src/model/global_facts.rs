//! What is known of a workspace beyond the documents at hand, where those are only a part of it.
//!
//! A part is resolved and reasoned about by the same functions as the whole. What those ask of everything there is,
//! such as which name is the nearest to a mistyped one, or whether anything uses an id, they ask here as well.

use smol_str::SmolStr;

use crate::document::mention::Kind;

/// Answers about the whole workspace for whoever sees a part of it; that part may be counted in.
pub trait GlobalFacts: Sync + std::fmt::Debug {
    /// The names of this kind that a mistyped one may have been meant to be, as [`crate::names::Meant`] has them.
    fn nearest(&self, kind: Kind, name: &str) -> Vec<SmolStr>;

    /// The ids of the things of this kind that bear a name or have it as an alias, given as
    /// [`crate::names::fold_key`] has it.
    fn called(&self, kind: Kind, folded: &str) -> Vec<SmolStr>;

    /// The names of this kind, sorted: all of them, or more than `most`.
    fn first(&self, kind: Kind, most: usize) -> Vec<SmolStr>;

    /// The names of all claims of a source, within it.
    fn claims_of(&self, source: &str) -> Vec<SmolStr>;

    /// The full names of the claims that are called so within their source; of several any two.
    fn claims_called(&self, name: &str) -> Vec<SmolStr>;

    /// Whether an actor publishes a source.
    fn publishes(&self, actor: &str) -> bool;

    /// Whether anything beyond the part uses a thing, as the rule on unused ids means it.
    fn uses(&self, kind: Kind, name: &str) -> bool;
}

/// There is nothing beyond the documents at hand: they are the whole workspace.
#[derive(Clone, Copy, Debug)]
pub struct NoGlobals;

impl GlobalFacts for NoGlobals {
    fn nearest(&self, _: Kind, _: &str) -> Vec<SmolStr> {
        Vec::new()
    }

    fn called(&self, _: Kind, _: &str) -> Vec<SmolStr> {
        Vec::new()
    }

    fn first(&self, _: Kind, _: usize) -> Vec<SmolStr> {
        Vec::new()
    }

    fn claims_of(&self, _: &str) -> Vec<SmolStr> {
        Vec::new()
    }

    fn claims_called(&self, _: &str) -> Vec<SmolStr> {
        Vec::new()
    }

    fn publishes(&self, _: &str) -> bool {
        false
    }

    fn uses(&self, _: Kind, _: &str) -> bool {
        false
    }
}
