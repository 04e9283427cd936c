//! Reads a figure as a source words it into two ranges: *hard*, the values that the words allow, and *usual*,
//! the values that people usually mean. The wordings are those in the table "Figures" of the claim-file
//! format; the lines of the table that a desk may change are the [`Conventions`]. This module does not know
//! where a figure was written: positions are byte offsets in the given text.
//!
//! Values are whole thousandths (see [`ONE`]), so `1.5 million`, `20.5%` and "more than 12 km" are exact.
//! Start at [`read`]. Then see `wording` (the grammar), `qualifier` and `quantity` (the table and its
//! combinations), `number`, `unit`, `conventions`, `ratio` (shares and changes), and `help` (suggestions for
//! wordings that cannot be read).

mod conventions;
mod examples;
mod help;
mod lex;
mod number;
mod qualifier;
mod quantity;
mod range;
mod ratio;
mod unit;
mod wording;

use std::fmt;

pub use conventions::{ConventionError, Conventions, Part};
pub use examples::wordings;
pub use range::{ONE, OPEN, Range, WHOLE, number};
pub use unit::{Unit, duration, duration_range};

use lex::{FigureStop, TokenCursor};
use wording::FigureReader;

/// How figures are read, according to the type of the measure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Counting {
    /// A count: a whole number, not negative. "More than 40" is 41 and up, and ranges are cut inwards to
    /// whole numbers.
    Whole,
    /// An amount, which may have decimals: "more than 40" is a thousandth above 40 and up.
    Amount {
        /// The unit of the amount. Without a unit, ordinals (`second`, `2nd`) are read too.
        unit: Option<Unit>,
    },
}

impl Counting {
    /// How a span of time is read.
    pub const TIME: Self = Self::Amount { unit: Some(Unit::Time) };
}

/// The wording around a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Qualifier {
    /// `36`, `exactly 36`.
    Exactly,
    /// `at least 36`, `36 or more`.
    AtLeast,
    /// `more than 36`, `over 36`.
    MoreThan,
    /// `at most 36`, `up to 36`.
    AtMost,
    /// `fewer than 36`, `under 36`.
    FewerThan,
    /// `about 36`, `~36`.
    About,
    /// `nearly 36`.
    Nearly,
    /// `17-20`, `3 or 4`.
    Between,
    /// `dozens`, `several hundred`.
    Vague,
    /// `some` without a number.
    Some,
    /// `none`, `no`, `0`.
    None,
}

impl Qualifier {
    /// The line of the table of conventions that defines it, if there is one.
    #[must_use]
    pub const fn line(self) -> Option<&'static str> {
        match self {
            Self::AtLeast => Some("at least"),
            Self::MoreThan => Some("more than"),
            Self::AtMost => Some("up to"),
            Self::FewerThan => Some("fewer than"),
            Self::About => Some("about"),
            Self::Nearly => Some("nearly"),
            Self::Exactly | Self::Between | Self::Vague | Self::Some | Self::None => None,
        }
    }
}

/// A figure with its two ranges and its wording. All values are thousandths; spans of time are in thousandths
/// of a second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Every value that the words allow.
    pub hard: Range,
    /// The values that people usually mean; always within `hard`.
    pub usual: Range,
    /// The qualifier of the number. If there are two, as in `at least about 40`, the outer one.
    pub qualifier: Qualifier,
    /// The numbers in the wording: 36 in `at least 36`, 17 and 20 in `17-20`, none in `dozens`.
    pub stated: Vec<i64>,
    /// The precision of the number as written: one unit of its last digit that is not zero (1 for 1,034; 1000
    /// for 1,000; 10 for 170), the size of a dozen or a score, or the unit of a span of time. The finer of
    /// two ends; one for vague words.
    pub step: i64,
    /// Whether it is a span of time, in seconds.
    pub timed: bool,
    /// The lines of the table of conventions that it depends on (see [`Conventions::describe`]); empty for
    /// plain numbers. The hard range of `at least` and similar qualifiers depends on none: see
    /// [`Conventions::is_hard`].
    pub leaned_on: Vec<&'static str>,
}

/// The basis of a share or a change: its text as written, and its bytes in the wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// A population (for a share), or a period, a subject or `SUBJECT@PERIOD` (for a change), not resolved
    /// yet.
    pub text: String,
    /// The offset of its first byte.
    pub start: usize,
    /// The offset after its last byte.
    pub end: usize,
}

/// A figure relative to the same question about another population: `most of people`, `45% of civilians`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The population it is a share of.
    pub of: Basis,
    /// The lowest value of the share, in millionths of the whole.
    pub low: i64,
    /// The highest value of the share, in millionths; at most a million.
    pub high: i64,
    /// The wording of the share: `at least half`.
    pub words: String,
    /// The lines of the table of conventions that it depends on.
    pub leaned_on: Vec<&'static str>,
}

/// A figure relative to the same question about another period or subject: `+21% on 2024`, `double 2023`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The period or the subject that it is relative to.
    pub base: Basis,
    /// The lowest factor, in millionths: 1.205 times the basis is 1,205,000.
    pub low: i64,
    /// The highest factor, in millionths, or [`OPEN`] (`more than double`).
    pub high: i64,
    /// The lines of the table of conventions that it depends on.
    pub leaned_on: Vec<&'static str>,
}

/// The result of reading a wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A figure.
    Figure(Figure),
    /// A share of another population's figure.
    Share(Share),
    /// A change relative to the figure of another period or subject.
    Change(Change),
}

/// A wording that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The byte offset in the wording where reading stopped: at most its length, and at the start of a
    /// character.
    pub at: usize,
    /// The error message: lower case, no full stop, values in backticks.
    pub message: String,
    /// Similar wordings that can be read, best first: at most three, and often none. For `1,5` both readings,
    /// even if only one of them suits a count.
    pub would_read: Vec<String>,
}

impl fmt::Display for Unread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Unread {}

/// Reads the wording of a figure. Letter case and the amount of white space do not matter.
///
/// # Errors
///
/// If any part of the wording cannot be read; if a number is ambiguous (`1,5`), negative, finer than a
/// thousandth or above a quadrillion; if a count is not whole; if a span of time has no unit; or if the text
/// is too long.
pub fn read(text: &str, counting: &Counting, conventions: &Conventions) -> Result<Reading, Unread> {
    if let Some(figure) = plain_digits(text, counting) {
        return Ok(Reading::Figure(figure));
    }
    let reader = FigureReader { counting, conventions };
    reading(text, reader).map_err(|stop| help::unread(text, &stop, reader))
}

/// Reads a count in plain digits, as most figures are, without splitting it into tokens.
fn plain_digits(text: &str, counting: &Counting) -> Option<Figure> {
    let is_plain =
        *counting == Counting::Whole && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
    let value = text.parse::<i64>().ok().filter(|&value| is_plain && value > 0)? * ONE;
    Some(Figure {
        hard: Range::exact(value),
        usual: Range::exact(value),
        qualifier: Qualifier::Exactly,
        stated: vec![value],
        step: number::last_digit(value),
        timed: false,
        leaned_on: Vec::new(),
    })
}

fn reading(text: &str, reader: FigureReader<'_>) -> Result<Reading, FigureStop> {
    let tokens = lex::tokens(lex::sized(text)?)?;
    if tokens.is_empty() {
        return Err(FigureStop::new(0, "the text is empty"));
    }
    let cursor = TokenCursor::new(text, &tokens);
    match reader.figure(cursor) {
        Ok(figure) => Ok(Reading::Figure(figure)),
        Err(stop) => ratio::ratio(cursor, reader.conventions)?.ok_or(stop),
    }
}

/// Whether two exact figures are the same number, rounded differently. They are at most 5% of the larger
/// apart, and also either one apart or at most half a unit of the last non-zero digit of either (169 and 170;
/// 1,000 and 1,034; but not 20 and 25, or 2 and 3). Spans of time are at most half of the coarser unit apart
/// (a week and six days). Equal figures are the same number.
#[must_use]
pub fn within_rounding(a: &Figure, b: &Figure) -> bool {
    if !(a.hard.is_exact() && b.hard.is_exact()) || a.timed != b.timed {
        return false;
    }
    let apart = i128::from(a.hard.low) - i128::from(b.hard.low);
    let apart = apart.abs();
    let half_step = apart * 2 <= i128::from(a.step.max(b.step));
    if a.timed || apart == 0 {
        return half_step || apart == 0;
    }
    let larger = i128::from(a.hard.low.max(b.hard.low));
    apart * 20 <= larger && (apart == i128::from(ONE) || half_step)
}

impl Figure {
    /// One of its ranges in words: `36-72`, or `6 days to 7 days` for a span of time.
    #[must_use]
    pub fn words(&self, range: &Range) -> String {
        if self.timed { duration_range(*range) } else { range.to_string() }
    }
}

/// `12 and up, usually 24-99`; one range where both are the same.
impl fmt::Display for Figure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words(&self.hard))?;
        if self.usual != self.hard {
            write!(out, ", usually {}", self.words(&self.usual))?;
        }
        Ok(())
    }
}

/// `12 and up, usually 24-99`; `45%-55% of people`; `1.205-1.215 times 2024`.
impl fmt::Display for Reading {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Figure(figure) => figure.fmt(out),
            Self::Share(share) => {
                write!(out, "{} of {}", ratio::percent_in_words(share.low, share.high), share.of.text)
            }
            Self::Change(change) => {
                write!(out, "{} {}", ratio::factor_in_words(change.low, change.high), change.base.text)
            }
        }
    }
}

#[cfg(test)]
mod tests;
