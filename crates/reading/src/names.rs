//! Names: their folded forms, which names may mean the same entity, and what a mistyped id was meant to be.
//!
//! `fold` reduces the spellings of a name to one form, `form` stores the forms that are compared, `alike`
//! compares two names, `blocks` finds the few pairs that are worth comparing among very many names,
//! `union_find` groups names that are connected by pairs, and `mistyped` answers "did you mean". This module
//! knows no claims or findings: the caller gives names with their owners and gets back pairs with a reason.
//! The word lists next to `fold` are written by hand.

mod alike;
mod blocks;
mod fold;
mod form;
mod mistyped;
mod union_find;

pub use alike::{AlikeReason, LONGEST, Strictness};
pub use blocks::{BlockingOutcome, Crowd, Likeness, NEIGHBOURS, Named, near_duplicates};
pub use fold::{fold, fold_key};
pub use mistyped::{DidYouMean, did_you_mean};
pub use union_find::UnionFind;
