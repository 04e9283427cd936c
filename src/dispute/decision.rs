//! What a reviewer decides on a dispute, before it is written down.

use crate::document::{Because, Verdict};

/// A decision as a reviewer gives it: in a form, or on the command line. Texts are as they were typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decision {
    /// What was decided; none where nothing is chosen yet.
    pub verdict: Option<Verdict>,
    /// Why.
    pub because: Option<Because>,
    /// With `settled`, the figure the reviewer stands by, in the words of a claim; may be empty.
    pub figure: String,
    /// The reviewer's own words on it; may be empty.
    pub note: String,
    /// Who decides.
    pub by: String,
}

/// The verdicts in the order of their keys, each with what it says in a few words; a form and a terminal use
/// the same.
pub const VERDICTS: [(Verdict, &str); 4] = [
    (Verdict::Open, "needs more work"),
    (Verdict::Explained, "no real clash"),
    (Verdict::Settled, "the desk stands by a figure"),
    (Verdict::Irreconcilable, "both stay on record"),
];
