//! Units of amounts: time, in seconds, and any other unit, which is compared only by name. Months and years
//! have a fixed length here (30 and 365 days), because a reported "two months" is not an exact count of days;
//! the rounding rule allows for that.

use super::lex::{Token, TokenCursor, TokenKind, tokens};
use super::number::same_noun;
use super::range::{ONE, OPEN, Range, number};

/// The unit of an amount.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Time. Values are in seconds (times [`ONE`]), no matter which unit of time the wording uses.
    Time,
    /// Any other unit, such as `km` or `%`. The wording may name it or leave it out; letter case and a plural
    /// `s` are ignored.
    Named(String),
}

impl Unit {
    /// The unit with this name: `days`, `hour` and `time` are [`Unit::Time`]; other names are kept as they
    /// are.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let name = text.trim();
        let folded = name.to_lowercase();
        if folded == "time" || TimeUnit::from_name(&folded).is_some() {
            Self::Time
        } else {
            Self::Named(name.to_owned())
        }
    }
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The units of time that are read: their names and their length in seconds.
const TIME_UNITS: [(&[&str], i64); 8] = [
    (&["year"], 365 * DAY),
    (&["month"], 30 * DAY),
    (&["fortnight"], 14 * DAY),
    (&["week"], 7 * DAY),
    (&["day"], DAY),
    (&["hour", "hr", "h"], HOUR),
    (&["minute", "min"], MINUTE),
    (&["second", "sec"], 1),
];

/// One unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TimeUnit {
    pub seconds: i64,
}

impl TimeUnit {
    fn from_name(word: &str) -> Option<Self> {
        TIME_UNITS
            .iter()
            .find(|(names, _)| names.iter().any(|name| same_noun(name, word)))
            .map(|(_, seconds)| Self { seconds: *seconds })
    }

    /// One of this unit, in thousandths of a second.
    pub(super) fn size(self) -> i64 {
        self.seconds * ONE
    }

    /// The smallest distance that `about` allows for a span of time: one of the unit, but at most a day.
    pub(super) fn slack(self) -> i64 {
        self.seconds.min(DAY) * ONE
    }
}

/// Takes the next unit of time: `days`, `-day`, ` week-long`.
pub(super) fn span(cursor: &mut TokenCursor<'_>) -> Option<TimeUnit> {
    let mut ahead = *cursor;
    ahead.joining_dash();
    let found = TimeUnit::from_name(ahead.word()?)?;
    ahead.next();
    *cursor = ahead;
    ahead.kind(&TokenKind::Dash);
    if ahead.phrase("long") {
        *cursor = ahead;
    }
    Some(found)
}

/// Takes `a week`, `an hour` or `week-long`, which mean one of the unit.
pub(super) fn one_span(cursor: &mut TokenCursor<'_>) -> Option<TimeUnit> {
    let mut ahead = *cursor;
    let article = ahead.phrase("a") || ahead.phrase("an");
    let before = ahead;
    let found = span(&mut ahead)?;
    let word = before.word()?;
    let long = ahead.rest().len() + 1 < before.rest().len();
    let singular = !word.ends_with('s');
    if !singular || !(article || long) {
        return None;
    }
    *cursor = ahead;
    Some(found)
}

/// Takes the name of a unit other than time, in any letter case, with or without a plural `s`. `%` is also
/// `percent`.
pub(super) fn named(cursor: &mut TokenCursor<'_>, name: &str) -> bool {
    let mut ahead = *cursor;
    if matches!(name, "%" | "percent" | "per cent") {
        let found = percent(&mut ahead);
        *cursor = ahead;
        return found;
    }
    let Ok(wanted) = tokens(name) else { return false };
    let all = wanted.iter().all(|wanted| ahead.next().is_some_and(|found| same(&wanted.kind, found)));
    if all && !wanted.is_empty() {
        *cursor = ahead;
    }
    all && !wanted.is_empty()
}

fn same(wanted: &TokenKind, found: &Token) -> bool {
    match (wanted, &found.kind) {
        (TokenKind::Word(wanted), TokenKind::Word(found)) => {
            same_noun(wanted, found) || same_noun(found, wanted)
        }
        (wanted, found) => wanted == found,
    }
}

/// Takes `%`, `percent` or `per cent`.
pub(super) fn percent(cursor: &mut TokenCursor<'_>) -> bool {
    cursor.kind(&TokenKind::Mark('%')) || cursor.phrase("percent") || cursor.phrase("per cent")
}

/// Prints a span of time, given in thousandths of a second, in the largest of years, days, hours, minutes and
/// seconds that it is a whole multiple of; from days down, halves count too. Weeks and months are printed as
/// days, as they are read.
#[must_use]
pub fn duration(thousandths: i64) -> String {
    const PRINTED: [(&str, i64, i64); 4] =
        [("year", 365 * DAY, 1), ("day", DAY, 2), ("hour", HOUR, 2), ("minute", MINUTE, 2)];
    let fits = |size: i64, parts: i64| thousandths >= size * ONE && thousandths % (size * ONE / parts) == 0;
    let found = PRINTED.into_iter().find(|(_, size, parts)| fits(*size, *parts));
    let (name, size, _) = found.unwrap_or(("second", 1, 1));
    let amount = thousandths / size;
    format!("{} {name}{}", number(amount), if amount == ONE { "" } else { "s" })
}

/// Prints a range of spans of time, given in thousandths of a second: `6 days`, `2 days and up`, `5 days to 7
/// days`. An end that excludes its own value, a thousandth of a second off, is printed as `more than 7 days`
/// or `under 2 days`.
#[must_use]
pub fn duration_range(range: Range) -> String {
    let above = range.low % ONE == 1;
    let low = if above { format!("more than {}", duration(range.low - 1)) } else { duration(range.low) };
    match range.high {
        high if high == range.low => duration(high),
        OPEN if above => low,
        OPEN => format!("{low} and up"),
        high if high % ONE == ONE - 1 => format!("{low} to under {}", duration(high + 1)),
        high => format!("{low} to {}", duration(high)),
    }
}

/// Whether a word names a unit of time.
pub(super) fn is_span(word: &str) -> bool {
    TimeUnit::from_name(word).is_some()
}

/// Every word for a unit of time, to find the one nearest to a misspelt word.
pub(super) fn vocabulary() -> impl Iterator<Item = &'static str> {
    TIME_UNITS.iter().map(|(names, _)| names[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_reads_units_of_time() {
        for name in ["days", "Hour", "time", " weeks "] {
            assert_eq!(Unit::read(name), Unit::Time, "{name}");
        }
        assert_eq!(Unit::read("km"), Unit::Named("km".into()));
    }

    #[test]
    fn duration_prints_the_largest_whole_unit() {
        let cases = [
            (7 * DAY, "7 days"),
            (DAY, "1 day"),
            (48 * HOUR, "2 days"),
            (84 * HOUR, "3.5 days"),
            (90 * MINUTE, "1.5 hours"),
            (50 * MINUTE, "50 minutes"),
            (365 * DAY, "1 year"),
            (0, "0 seconds"),
        ];
        for (seconds, text) in cases {
            assert_eq!(duration(seconds * ONE), text);
        }
        assert_eq!(duration(1_500), "1.5 seconds");
    }
}
