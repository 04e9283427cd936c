//! The decision of a reviewer on a dispute before it is written to a file, and the texts that ask for it,
//! shared by pages and the terminal.

use crate::document::{Because, Verdict, Word as _};
use crate::model::Review;

/// A decision as entered in a form or on the command line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decision {
    /// The verdict; none if it is not chosen yet.
    pub verdict: Option<Verdict>,
    /// Why.
    pub because: Option<Because>,
    /// With `settled`, the figure that the reviewer confirms, worded as in a claim; may be empty.
    pub figure: String,
    /// A note in the reviewer's own words; may be empty.
    pub note: String,
    /// The name of the reviewer.
    pub by: String,
}

impl Decision {
    /// The default values for a new decision: the verdict, the reason and the figure of the review that
    /// counts, without its note and its name.
    pub fn anew(review: &Review) -> Self {
        Self {
            verdict: Some(review.verdict),
            because: review.because,
            figure: review.figure.as_ref().map(ToString::to_string).unwrap_or_default(),
            ..Self::default()
        }
    }
}

/// The verdicts in the order of their keys, with a short explanation each, for forms and the terminal.
pub const VERDICTS: [(Verdict, &str); 4] = [
    (Verdict::Open, "needs more work"),
    (Verdict::Explained, "no real clash"),
    (Verdict::Settled, "the desk confirms a figure"),
    (Verdict::Irreconcilable, "both stay on record"),
];

/// The reasons, with a short explanation each.
pub const REASONS: [(Because, &str); 8] = [
    (Because::Rounding, "the figures are the same number, rounded"),
    (Because::Scope, "they cover different ground"),
    (Because::Definition, "they count different things"),
    (Because::Timing, "they apply to different times"),
    (Because::Translation, "something was lost in translation"),
    (Because::Retracted, "one was withdrawn"),
    (Because::SourceError, "a source made a mistake"),
    (Because::Other, "something else; the note says what"),
];

/// A hint on how to word a figure.
pub const FIGURE: &str = "worded as in a claim: 169-170, at least 36";

/// A reason with its explanation: `scope: they cover different ground`.
pub fn reason_in_words(because: Because) -> String {
    let means = REASONS.iter().find(|(reason, _)| *reason == because).map(|(_, means)| *means);
    format!("{}: {}", because.word(), means.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_and_reasons_are_all_listed_once() {
        let verdicts: Vec<Verdict> = VERDICTS.iter().map(|(verdict, _)| *verdict).collect();
        assert_eq!(verdicts, Verdict::ALL.iter().map(|(_, verdict)| *verdict).collect::<Vec<_>>());
        let reasons: Vec<Because> = REASONS.iter().map(|(reason, _)| *reason).collect();
        assert_eq!(reasons, Because::ALL.iter().map(|(_, reason)| *reason).collect::<Vec<_>>());
    }
}
