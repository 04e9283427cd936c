//! Ranges in thousandths, and how values are printed. All arithmetic on the ends of ranges is here, so that
//! nothing overflows and an open end stays open.

use std::fmt;

/// The number one in thousandths. All values in this module have that unit: 36 is `36 * ONE`.
pub const ONE: i64 = 1000;

/// The high end of a range that has no limit: `at least 36` reaches to `OPEN`.
pub const OPEN: i64 = i64::MAX;

/// The largest value that is read: a quadrillion (10^15), in thousandths. Twice as much is still far below
/// [`OPEN`].
pub(super) const LARGEST: i64 = 1_000_000_000_000_000 * ONE;

/// The number one in millionths, the unit of percentages and ratios.
pub const WHOLE: i64 = 1_000_000;

/// The values from `low` to `high`, both included, in thousandths (see [`ONE`]); `high` may be [`OPEN`].
///
/// Ranges that are read from text are never empty or negative: `0 <= low <= high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Range {
    /// The least value.
    pub low: i64,
    /// The greatest value, or [`OPEN`].
    pub high: i64,
}

impl Range {
    /// All values of a figure: 0 and up.
    pub const ANY: Self = Self { low: 0, high: OPEN };

    /// The range from `low` to `high`, both included, in thousandths.
    #[must_use]
    pub const fn new(low: i64, high: i64) -> Self {
        Self { low, high }
    }

    /// The range that contains only `value`.
    #[must_use]
    pub const fn exact(value: i64) -> Self {
        Self::new(value, value)
    }

    /// `low` and everything above it.
    #[must_use]
    pub const fn at_least(low: i64) -> Self {
        Self::new(low, OPEN)
    }

    /// Whether the range contains only one value.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// Whether the range has no high end.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.high == OPEN
    }

    /// Whether some value is in both ranges.
    #[must_use]
    pub const fn meets(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// Whether every value of `other` is in this range.
    #[must_use]
    pub const fn contains(&self, other: &Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// The values in both, if any.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        self.meets(other).then(|| Self::new(self.low.max(other.low), self.high.min(other.high)))
    }

    /// The range cut inwards to whole numbers; none if it contains no whole number.
    pub(super) fn whole(self) -> Option<Self> {
        let low = self.low.checked_add(ONE - 1)? / ONE * ONE;
        let high = if self.is_open() { OPEN } else { self.high / ONE * ONE };
        (low <= high).then_some(Self::new(low, high))
    }

    /// Both ends times `factor`; none if the result is above the largest value that is read.
    pub(super) fn times(self, factor: i64) -> Option<Self> {
        Some(Self::new(times(self.low, factor)?, times(self.high, factor)?))
    }
}

/// Prints `36`, `36-72`, `36 and up`. Thousands are separated by commas, and decimals are shown only if there
/// are any.
impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_exact() {
            out.write_str(&number(self.low))
        } else if self.is_open() {
            write!(out, "{} and up", number(self.low))
        } else {
            write!(out, "{}-{}", number(self.low), number(self.high))
        }
    }
}

/// Prints a value in thousandths: `1,034`, `20.5`, `-3`; [`OPEN`] is `any number`.
#[must_use]
pub fn number(value: i64) -> String {
    if value == OPEN {
        return "any number".to_owned();
    }
    let magnitude = value.unsigned_abs();
    let mut text = String::from(if value < 0 { "-" } else { "" });
    text.push_str(&grouped(magnitude / ONE.unsigned_abs()));
    let rest = magnitude % ONE.unsigned_abs();
    if rest != 0 {
        let decimals = format!("{rest:03}");
        text.push('.');
        text.push_str(decimals.trim_end_matches('0'));
    }
    text
}

/// Digits in groups of three.
fn grouped(whole: u64) -> String {
    let digits = whole.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `value * factor`; none if the result is above the largest value that is read. An open end stays open.
pub(super) fn times(value: i64, factor: i64) -> Option<i64> {
    if value == OPEN {
        return Some(OPEN);
    }
    value.checked_mul(factor).filter(|product| *product <= LARGEST)
}

/// `value * numerator / denominator`, rounded up, for low ends. An open end stays open, and a result that
/// does not fit in `i64` is open.
pub(super) fn part_up(value: i64, numerator: i64, denominator: i64) -> i64 {
    part(value, numerator, denominator, i128::from(denominator.max(1)) - 1)
}

/// `value * numerator / denominator`, rounded down, for high ends. An open end stays open, and a result that
/// does not fit in `i64` is open.
pub(super) fn part_down(value: i64, numerator: i64, denominator: i64) -> i64 {
    part(value, numerator, denominator, 0)
}

fn part(value: i64, numerator: i64, denominator: i64, carry: i128) -> i64 {
    if value == OPEN {
        return OPEN;
    }
    // Two factors of 63 bits fit in 127 bits. No caller passes a denominator of zero; it would count as one.
    let product = i128::from(value) * i128::from(numerator) + carry;
    i64::try_from(product / i128::from(denominator.max(1))).unwrap_or(OPEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_prints_values() {
        let cases = [
            (0, "0"),
            (36_000, "36"),
            (1_034_000, "1,034"),
            (1_234_567_000, "1,234,567"),
            (20_500, "20.5"),
            (1, "0.001"),
            (-5_000, "-5"),
            (100_000, "100"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn range_prints_its_ends() {
        assert_eq!(Range::exact(36_000).to_string(), "36");
        assert_eq!(Range::new(36_000, 72_000).to_string(), "36-72");
        assert_eq!(Range::at_least(1_000_000).to_string(), "1,000 and up");
        assert_eq!(Range::new(0, 40_000).to_string(), "0-40");
    }

    #[test]
    fn range_meets_and_contains() {
        let (low, high) = (Range::new(0, 40_000), Range::at_least(40_000));
        assert!(low.meets(&high) && high.meets(&low));
        assert_eq!(low.intersect(&high), Some(Range::exact(40_000)));
        assert!(!low.contains(&high) && Range::ANY.contains(&low));
        assert_eq!(Range::exact(1_000).intersect(&Range::exact(2_000)), None);
    }

    #[test]
    fn whole_cuts_a_range_inwards() {
        assert_eq!(Range::new(152_100, 185_900).whole(), Some(Range::new(153_000, 185_000)));
        assert_eq!(Range::new(1_200, 1_800).whole(), None);
        assert_eq!(Range::at_least(1_001).whole(), Some(Range::at_least(2_000)));
    }
}
