//! What a reviewer decides on a dispute, before it is written down, and the words in which it is asked for:
//! the same on a page and in a terminal.

use crate::document::{Because, Verdict, Word as _};
use crate::model::Review;

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

impl Decision {
    /// What stands in a form, or is offered first, to whoever decides anew: the verdict, the reason and the figure
    /// of the review that counts. The note and the name are those of its reviewer.
    pub fn anew(review: &Review) -> Self {
        Self {
            verdict: Some(review.verdict),
            because: review.because,
            figure: review.figure.as_ref().map(ToString::to_string).unwrap_or_default(),
            ..Self::default()
        }
    }
}

/// The verdicts in the order of their keys, each with what it says in a few words; a form and a terminal use
/// the same.
pub const VERDICTS: [(Verdict, &str); 4] = [
    (Verdict::Open, "needs more work"),
    (Verdict::Explained, "no real clash"),
    (Verdict::Settled, "the desk stands by a figure"),
    (Verdict::Irreconcilable, "both stay on record"),
];

/// The reasons, with what each means to whoever chooses.
pub const REASONS: [(Because, &str); 8] = [
    (Because::Rounding, "the figures are one, rounded"),
    (Because::Scope, "they cover different ground"),
    (Because::Definition, "they count different things"),
    (Because::Timing, "they hold at different times"),
    (Because::Translation, "something was lost in translation"),
    (Because::Retracted, "one was withdrawn"),
    (Because::SourceError, "a source erred"),
    (Because::Other, "something else; the note says what"),
];

/// How a figure is worded, to whoever gives one.
pub const FIGURE: &str = "as a claim would word it: 169-170, at least 36";

/// A reason with what it means: `scope: they cover different ground`.
pub fn reason_in_words(because: Because) -> String {
    let means = REASONS.iter().find(|(reason, _)| *reason == because).map(|(_, means)| *means);
    format!("{}: {}", because.word(), means.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_and_every_reason_is_offered_once() {
        let verdicts: Vec<Verdict> = VERDICTS.iter().map(|(verdict, _)| *verdict).collect();
        assert_eq!(verdicts, Verdict::ALL.iter().map(|(_, verdict)| *verdict).collect::<Vec<_>>());
        let reasons: Vec<Because> = REASONS.iter().map(|(reason, _)| *reason).collect();
        assert_eq!(reasons, Because::ALL.iter().map(|(_, reason)| *reason).collect::<Vec<_>>());
    }
}
