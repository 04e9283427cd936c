//! Facts about the whole workspace, for an analysis that sees only a part of it.
//!
//! The same functions analyse a part and the whole. Some questions need the whole workspace: which name is
//! nearest to a mistyped one, or whether an id is used anywhere. They are asked here.

use smol_str::SmolStr;

use crate::document::mention::Kind;

/// Queries about the whole workspace for the analysis of a part of it. Results may include the part itself.
pub trait GlobalFacts: Sync + std::fmt::Debug {
    /// The names of this kind that are nearest to a mistyped one, selected as by [`gainsay_reading::names::DidYouMean`].
    fn nearest(&self, kind: Kind, name: &str) -> Vec<SmolStr>;

    /// The ids of the entities of this kind with a name or alias that equals `folded`, the result of
    /// [`gainsay_reading::names::fold_key`].
    fn called(&self, kind: Kind, folded: &str) -> Vec<SmolStr>;

    /// The names of this kind, sorted: all of them, or, if there are more than `most`, at least `most + 1`.
    fn first(&self, kind: Kind, most: usize) -> Vec<SmolStr>;

    /// The short names of all claims of a source.
    fn claims_of(&self, source: &str) -> Vec<SmolStr>;

    /// The full names of the claims with this short name; if there are several, any two of them.
    fn claims_called(&self, name: &str) -> Vec<SmolStr>;

    /// Whether an actor publishes a source.
    fn publishes(&self, actor: &str) -> bool;

    /// Whether anything outside the part uses an id, in the sense of the lint on unused ids.
    fn uses(&self, kind: Kind, name: &str) -> bool;
}

/// For an analysis of the whole workspace, which needs no further facts.
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
