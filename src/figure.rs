//! A figure as a source words it, read to two ranges: *hard*, outside which no fair reader would still call
//! it that, and *usual*, what a reader takes it to mean. The table of wordings is that of the claim-file
//! contract ("Figures"); the lines a desk may change are [`Conventions`]. Nothing here knows where a figure
//! stood: places are byte offsets in the given text.
//!
//! Values are whole thousandths (see [`ONE`]), so that `1.5 million`, `20.5%` and "more than 12 km" are
//! exact. Start at [`read`]; then `wording` (what a figure is made of), `qualifier` and `quantity` (the table
//! and its combinations), `number`, `unit`, `conventions`, `ratio` (shares and changes), `help` (what would
//! have been read).

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

use lex::{Cursor, Stop};
use wording::Reader;

/// How a figure is to be read: by the type of its measure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Counting {
    /// A count: whole and not negative. "More than 40" is 41 and up, and ranges are cut inwards to whole
    /// numbers.
    Whole,
    /// An amount, which may have decimals: "more than 40" is a thousandth above 40 and up.
    Amount {
        /// What it is counted in; without a unit ordinals (`second`, `2nd`) are read too.
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
    /// `some`, alone.
    Some,
    /// `none`, `no`, `0`.
    None,
}

impl Qualifier {
    /// The line of the table of conventions that it leans on, if it leans on one.
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

/// A figure: its two ranges, and how it was worded. All values are thousandths; of time, thousandths of a
/// second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Outside this no fair reader would still call it that.
    pub hard: Range,
    /// What a reader takes it to mean; always within `hard`.
    pub usual: Range,
    /// The wording around the number; of two (`at least about 40`) the outer one.
    pub qualifier: Qualifier,
    /// The numbers the wording names: 36 in `at least 36`, 17 and 20 in `17-20`, none in `dozens`.
    pub stated: Vec<i64>,
    /// How fine the number was written: a unit of its last digit that is not zero (1,034: 1; 1,000: 1000;
    /// 170: 10), a dozen or a score for those, the unit used for a span of time. The finer of two ends; one
    /// for vague words.
    pub step: i64,
    /// Whether it is a span of time, in seconds.
    pub timed: bool,
    /// The lines of the table of conventions it leans on (see [`Conventions::describe`]); empty for plain
    /// numbers. The hard range of `at least` and the like leans on none: see [`Conventions::is_hard`].
    pub leaned_on: Vec<&'static str>,
}

/// What a share or a change is of: its text, as written, and the bytes of the wording it takes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// A population (of a share), or a period, a subject or `SUBJECT@PERIOD` (of a change). Nobody has looked
    /// it up yet.
    pub text: String,
    /// The offset of its first byte.
    pub start: usize,
    /// The offset after its last byte.
    pub end: usize,
}

/// A share of the same question asked of another population: `most of people`, `45% of civilians`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The population it is a share of.
    pub of: Basis,
    /// The least the share can be, in millionths of the whole.
    pub low: i64,
    /// The most it can be, in millionths: at most a million.
    pub high: i64,
    /// The wording of the share: `at least half`.
    pub words: String,
    /// The lines of the table of conventions it leans on.
    pub leaned_on: Vec<&'static str>,
}

/// A change against the same question asked of another period or subject: `+21% on 2024`, `double 2023`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The period or the subject it is a change against.
    pub base: Basis,
    /// The least number of times the base it can be, in millionths: 1.205 times is 1,205,000.
    pub low: i64,
    /// The most number of times, in millionths, or [`OPEN`] (`more than double`).
    pub high: i64,
    /// The lines of the table of conventions it leans on.
    pub leaned_on: Vec<&'static str>,
}

/// What a wording reads as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A figure of its own.
    Figure(Figure),
    /// A share of another population's figure.
    Share(Share),
    /// A change on another period's or subject's figure.
    Change(Change),
}

/// A wording that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The byte offset in the wording where reading stopped; at most its length, and on a character.
    pub at: usize,
    /// The wording and what stopped: lower case, no final stop, values in backticks.
    pub message: String,
    /// Wordings near it that would be read, best first; at most three, and often none. For `1,5` both
    /// readings, also where only one of them suits a count.
    pub would_read: Vec<String>,
}

impl fmt::Display for Unread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Unread {}

/// Reads the wording of a figure. Letter case does not matter, and white space is folded.
///
/// # Errors
/// Where any part of the wording is left unread, a number is ambiguous (`1,5`), negative, finer than a
/// thousandth or above a quadrillion, a count is not whole, or a span of time lacks its unit. Long texts are
/// refused by their length.
pub fn read(text: &str, counting: &Counting, conventions: &Conventions) -> Result<Reading, Unread> {
    if let Some(figure) = digits(text, counting) {
        return Ok(Reading::Figure(figure));
    }
    let reader = Reader { counting, conventions };
    reading(text, reader).map_err(|stop| help::unread(text, &stop, reader))
}

/// A count in plain digits, which most figures are, without taking the wording apart.
fn digits(text: &str, counting: &Counting) -> Option<Figure> {
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

fn reading(text: &str, reader: Reader<'_>) -> Result<Reading, Stop> {
    let tokens = lex::tokens(lex::sized(text)?)?;
    if tokens.is_empty() {
        return Err(Stop::new(0, "nothing is written"));
    }
    let cursor = Cursor::new(text, &tokens);
    match reader.figure(cursor) {
        Ok(figure) => Ok(Reading::Figure(figure)),
        Err(stop) => ratio::ratio(cursor, reader.conventions)?.ok_or(stop),
    }
}

/// Whether two exact figures are one number rounded differently: at most 5% of the larger apart, and either
/// one apart or no more than half a unit of the last non-zero digit of either (169 and 170; 1,000 and 1,034;
/// but not 20 and 25, or 2 and 3). Spans of time: no more than half of the coarser unit used apart (a week
/// and six days). Equal figures are.
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
    /// One of its ranges in words: `36-72`, or `6 days to 1 week` for a span of time.
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
                write!(out, "{} of {}", ratio::shown_percent(share.low, share.high), share.of.text)
            }
            Self::Change(change) => {
                write!(out, "{} {}", ratio::shown_times(change.low, change.high), change.base.text)
            }
        }
    }
}

#[cfg(test)]
mod tests;
