//! Names: what they fold to, which of them may be one thing, and what a mistyped id was meant to be.
//!
//! `fold` brings a name to the form in which spellings meet, `form` keeps what is compared of it, `alike` decides
//! about two names, `blocks` finds the few pairs worth deciding about among very many, `together` gathers what hangs
//! together by pairs, and `mistyped` answers "did you mean". Nothing here knows claims or findings: the caller says
//! whose name it is and gets back pairs with a reason. What was gathered by hand stands as lists beside `fold`.

mod alike;
mod blocks;
mod fold;
mod form;
mod mistyped;
mod together;

pub use alike::{LONGEST, Reason, Sieve};
pub use blocks::{Crowd, Likeness, NEIGHBOURS, Named, Outcome, near_duplicates};
pub use fold::{fold, fold_key};
pub use mistyped::{Meant, did_you_mean};
pub use together::Together;
