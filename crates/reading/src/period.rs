//! Days, and dates with their precision: a small part of EDTF, with our own meaning of `~`. A date is read as
//! a first and a last day. This module draws no conclusions from dates.
//!
//! The crate jiff provides the calendar. EDTF is read here, because only a dozen of its forms are needed, and
//! because `~` means a fixed number of days here while the standard leaves it open. The only crate for EDTF,
//! edtf-core 1.2.3, has one author, a first release in July 2026 and none since August, and would still need
//! a wrapper for `~`.

mod help;

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::Date;

/// A day of the calendar, counted from 1970-01-01; from the year 0 to the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(i32);

const EPOCH: Date = Date::constant(1970, 1, 1);

impl Day {
    /// The first day of the calendar, 0000-01-01; also used for an open start.
    pub const MIN: Self = Self(-719_528);

    /// The last day of the calendar, 9999-12-31; also used for an open end.
    pub const MAX: Self = Self(2_932_896);

    /// The day with this number, counted from 1970-01-01. A number beyond the calendar gives the nearest day
    /// in it.
    #[must_use]
    pub fn from_number(number: i32) -> Self {
        Self(number.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// The day with this year (0 to 9999), month and day of the month; none if the calendar has no such day.
    #[must_use]
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        if year < 0 {
            return None;
        }
        Date::new(year, month, day).ok().map(Self::from_date)
    }

    /// Days since 1970-01-01; negative before it.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The year, the month and the day of the month.
    #[must_use]
    pub fn ymd(self) -> (i16, i8, i8) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// The day that is `days` later, or earlier if negative; limited to the first and last day of the
    /// calendar.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self::from_number(self.0.saturating_add(days))
    }

    /// The number of days from `other` to this day; negative if this day is before it.
    #[must_use]
    pub const fn since(self, other: Self) -> i32 {
        // Both are in the calendar, so the difference fits in an `i32`.
        self.0 - other.0
    }

    fn from_date(date: Date) -> Self {
        let days = date.duration_since(EPOCH).as_hours() / 24;
        Self::from_number(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    fn date(self) -> Date {
        EPOCH.saturating_add(SignedDuration::from_hours(24 * i64::from(self.0)))
    }
}

/// Prints the ISO form, `2026-02-22`.
impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(out, "{year:04}-{month:02}-{day:02}")
    }
}

/// A date or an interval as written, and the days that it can mean: from `first` to `last`, both included.
///
/// `~` widens a date by one unit of its precision in both directions: a day, a month (`2026-02~` is January
/// to March) or a year. `Display` prints the canonical text, which reads back as the same period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The first day that it can mean, after widening; none if the start is open.
    pub first: Option<Day>,
    /// The last day that it can mean, after widening; none if the end is open.
    pub last: Option<Day>,
    /// Whether either end is written with `~`.
    pub approximate: bool,
    start: Option<DateEnd>,
    end: Option<DateEnd>,
}

/// A date that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The byte offset in the text where reading stopped.
    pub at: usize,
    /// The error message: lower case, no full stop, values in backticks.
    pub message: String,
    /// The date in a form that can be read, if only one can have been meant.
    pub help: Option<String>,
}

impl fmt::Display for Misread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Misread {}

/// One end of a period as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct DateEnd {
    /// The first day that it names.
    first: Day,
    precision: Precision,
    about: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Precision {
    Year,
    Month,
    Day,
}

/// The byte offset where reading stopped, and the reason.
struct DateStop {
    at: usize,
    why: String,
}

impl Period {
    /// Reads `2026-02-22`, `2026-02`, `2026`, each with `~` for about, and intervals of them:
    /// `2026-02-22/2026-02-25`, `../2024-12-31`, `2025-10-20/..`. White space around it is ignored.
    ///
    /// # Errors
    ///
    /// If the text has another form, names a day that the calendar lacks, ends before it starts, or is open
    /// at both ends.
    pub fn read(text: &str) -> Result<Self, Misread> {
        Self::read_strictly(text).map_err(|stop| help::misread(text, stop))
    }

    fn read_strictly(text: &str) -> Result<Self, DateStop> {
        let trimmed = text.trim();
        let at = text.len() - text.trim_start().len();
        let Some((start, end)) = trimmed.split_once('/') else {
            let stamp = DateEnd::read(trimmed, at)?;
            return Ok(Self::new(Some(stamp), Some(stamp)));
        };
        let end_at = at + start.len() + 1;
        let (start, end) = (bound(start, at)?, bound(end, end_at)?);
        match (start, end) {
            (None, None) => {
                Err(DateStop { at, why: "an interval that is open at both ends says nothing".to_owned() })
            }
            (Some(start), Some(end)) if start.first > end.last() => {
                Err(DateStop { at: end_at, why: "the interval ends before it starts".to_owned() })
            }
            (start, end) => Ok(Self::new(start, end)),
        }
    }

    /// The period from one day to another, both included; none for an open end. Ends in the wrong order are
    /// swapped.
    #[must_use]
    pub fn between(first: Option<Day>, last: Option<Day>) -> Self {
        let (first, last) = match (first, last) {
            (Some(first), Some(last)) if first > last => (Some(last), Some(first)),
            ends => ends,
        };
        Self::new(first.map(DateEnd::day), last.map(DateEnd::day))
    }

    fn new(start: Option<DateEnd>, end: Option<DateEnd>) -> Self {
        let about = |stamp: Option<DateEnd>| stamp.is_some_and(|stamp| stamp.about);
        Self {
            first: start.map(DateEnd::earliest),
            last: end.map(DateEnd::latest),
            approximate: about(start) || about(end),
            start,
            end,
        }
    }

    /// The same days in their shortest form: an interval that covers a whole month or year becomes that month
    /// or year.
    #[must_use]
    pub fn canonical(self) -> Self {
        let Some(first) = self.first.filter(|_| !self.approximate) else { return self };
        let (year, month, _) = first.ymd();
        let spellings = [format!("{year:04}"), format!("{year:04}-{month:02}")];
        let named = spellings.iter().filter_map(|text| Self::read(text).ok());
        let same = |period: &Self| (period.first, period.last) == (self.first, self.last);
        named.into_iter().find(same).unwrap_or(self)
    }

    /// The first day that it can mean; [`Day::MIN`] if the start is open.
    #[must_use]
    pub fn earliest(&self) -> Day {
        self.first.unwrap_or(Day::MIN)
    }

    /// The last day that it can mean; [`Day::MAX`] if the end is open.
    #[must_use]
    pub fn latest(&self) -> Day {
        self.last.unwrap_or(Day::MAX)
    }

    /// The first day that it names, without the widening of `~`; none if the start is open.
    #[must_use]
    pub fn nominal_first(&self) -> Option<Day> {
        self.start.map(|stamp| stamp.first)
    }

    /// The last day that it names, without the widening of `~`: the day by which something was known. None if
    /// the end is open.
    #[must_use]
    pub fn nominal_last(&self) -> Option<Day> {
        self.end.map(DateEnd::last)
    }

    /// Whether some day is in both.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.earliest() <= other.latest() && other.earliest() <= self.latest()
    }

    /// Whether every day that the other can mean is in this one.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.earliest() <= other.earliest() && other.latest() <= self.latest()
    }

    /// Whether the last day that this can mean is before the first day that the other can mean. False for an
    /// open end or start between them.
    #[must_use]
    pub fn entirely_before(&self, other: &Self) -> bool {
        matches!((self.last, other.first), (Some(last), Some(first)) if last < first)
    }

    /// Whether this is not later than the other, no matter which of their days they mean. False for an open
    /// end or start between them.
    #[must_use]
    pub fn surely_by(&self, other: &Self) -> bool {
        matches!((self.last, other.first), (Some(last), Some(first)) if last <= first)
    }

    /// The period in words: `22 February 2026`, `22 to 25 February 2026`, `about 11 February 2026`, `by 31
    /// December 2024`, `from 20 October 2025`.
    #[must_use]
    pub fn in_words(&self) -> String {
        match (self.start, self.end) {
            (Some(start), Some(end)) if start == end => start.in_words(),
            (Some(start), Some(end)) => format!("{} to {}", start.in_words_before(end), end.in_words()),
            (Some(start), None) => format!("from {}", start.in_words()),
            (None, Some(end)) => format!("by {}", end.in_words()),
            (None, None) => "any time".to_owned(),
        }
    }

    /// The period for tables and labels: `22 Feb 2026`, `22–24 Feb 2026`, `27 Feb – 2 Mar 2026`, `11 Feb 2026
    /// (about)`, `by 31 Dec 2024`, `from 20 Oct 2025`.
    #[must_use]
    pub fn in_brief(&self) -> String {
        let brief = |stamp: DateEnd| stamp.with_months(month_in_brief);
        let date = match (self.start, self.end) {
            (Some(start), Some(end)) if start == end => brief(start),
            (Some(start), Some(end)) => {
                let (from, to) = (start.before(end, month_in_brief), brief(end));
                let is_tight = !from.contains(' ') && (start.precision == end.precision);
                if is_tight { format!("{from}–{to}") } else { format!("{from} – {to}") }
            }
            (Some(start), None) => format!("from {}", brief(start)),
            (None, Some(end)) => format!("by {}", brief(end)),
            (None, None) => "any time".to_owned(),
        };
        let is_about = [self.start, self.end].into_iter().flatten().any(|stamp| stamp.about);
        if is_about { format!("{date} (about)") } else { date }
    }

    /// The period as part of a sentence: `on 22 February 2026`, `in 2026`, `between 9 and 19 October 2025`.
    pub fn when_in_words(&self) -> String {
        match (self.start, self.end) {
            (Some(start), Some(end)) if start == end && start.about => start.in_words(),
            (Some(start), Some(end)) if start == end && start.precision == Precision::Day => {
                format!("on {}", start.in_words())
            }
            (Some(start), Some(end)) if start == end => format!("in {}", start.in_words()),
            (Some(start), Some(end)) => {
                format!("between {} and {}", start.in_words_before(end), end.in_words())
            }
            _ => self.in_words(),
        }
    }
}

/// Prints the canonical text: `2026-02-22`, `2026-02~`, `../2024-12-31`.
impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let print = |stamp: Option<DateEnd>| stamp.map_or_else(|| "..".to_owned(), |stamp| stamp.to_string());
        if self.start == self.end && self.start.is_some() {
            return out.write_str(&print(self.start));
        }
        write!(out, "{}/{}", print(self.start), print(self.end))
    }
}

/// One end of an interval: a date, or none for `..`.
fn bound(text: &str, at: usize) -> Result<Option<DateEnd>, DateStop> {
    match text {
        ".." => Ok(None),
        "" => Err(DateStop { at, why: "an open end is written `..`".to_owned() }),
        date => DateEnd::read(date, at).map(Some),
    }
}

impl DateEnd {
    const fn day(first: Day) -> Self {
        Self { first, precision: Precision::Day, about: false }
    }

    fn read(text: &str, at: usize) -> Result<Self, DateStop> {
        let (date, about) = text.strip_suffix('~').map_or((text, false), |date| (date, true));
        let shape = |NotDateShaped| DateStop {
            at,
            why: "a date is written like `2026-02-22`, `2026-02` or `2026`".to_owned(),
        };
        let (year, month, day) = parts(date).map_err(shape)?;
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (_, None) => Precision::Month,
            _ => Precision::Day,
        };
        let (month, day) = (month.unwrap_or(1), day.unwrap_or(1));
        let first = first_day(year, month, day).map_err(|(offset, why)| DateStop { at: at + offset, why })?;
        Ok(Self { first, precision, about })
    }

    /// The last day that it names.
    fn last(self) -> Day {
        last_of(self.first.date(), self.precision)
    }

    /// The first day that it can mean. With `~` that is the first day of the previous year or month, or the
    /// previous day.
    fn earliest(self) -> Day {
        if !self.about {
            return self.first;
        }
        let before = self.first.plus(-1).date();
        Day::from_date(match self.precision {
            Precision::Year => before.first_of_year(),
            Precision::Month => before.first_of_month(),
            Precision::Day => before,
        })
    }

    /// The last day that it can mean. With `~` that is the last day of the next year or month, or the next
    /// day.
    fn latest(self) -> Day {
        if self.about { last_of(self.last().plus(1).date(), self.precision) } else { self.last() }
    }

    fn in_words(self) -> String {
        let about = if self.about { "about " } else { "" };
        format!("{about}{}", self.with_months(month_name))
    }

    /// The date with the name of its month from `name`, without "about".
    fn with_months(self, name: fn(i8) -> &'static str) -> String {
        let (year, month, day) = self.first.ymd();
        match self.precision {
            Precision::Year => year.to_string(),
            Precision::Month => format!("{} {year}", name(month)),
            Precision::Day => format!("{day} {} {year}", name(month)),
        }
    }

    /// The date in words before ` to ` and `end`. Parts that both share are left out, unless one of them is
    /// approximate.
    fn in_words_before(self, end: Self) -> String {
        if self.about || end.about {
            return self.in_words();
        }
        self.before(end, month_name)
    }

    /// The date without the parts that it shares with the end of its interval, if both have the same
    /// precision.
    fn before(self, end: Self, name: fn(i8) -> &'static str) -> String {
        let ((year, month, day), (end_year, end_month, _)) = (self.first.ymd(), end.first.ymd());
        if self.precision != end.precision || year != end_year {
            return self.with_months(name);
        }
        match self.precision {
            Precision::Day if month == end_month => day.to_string(),
            Precision::Day => format!("{day} {}", name(month)),
            Precision::Month => name(month).to_owned(),
            Precision::Year => self.with_months(name),
        }
    }
}

/// Prints `2026-02-22`, `2026-02` or `2026`, followed by `~` if it is approximate.
impl fmt::Display for DateEnd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, _) = self.first.ymd();
        match self.precision {
            Precision::Year => write!(out, "{year:04}")?,
            Precision::Month => write!(out, "{year:04}-{month:02}")?,
            Precision::Day => self.first.fmt(out)?,
        }
        out.write_str(if self.about { "~" } else { "" })
    }
}

/// A text that does not have the shape of a date.
struct NotDateShaped;

/// The year, and the month and the day if they are given.
fn parts(date: &str) -> Result<(i16, Option<i16>, Option<i16>), NotDateShaped> {
    let mut parts = date.split('-');
    let (year, month, day) = (part(parts.next(), 4)?, part(parts.next(), 2)?, part(parts.next(), 2)?);
    if parts.next().is_some() {
        return Err(NotDateShaped);
    }
    Ok((year.ok_or(NotDateShaped)?, month, day))
}

/// The value of a part of a date, if there is one. It must have exactly `digits` digits.
fn part(text: Option<&str>, digits: usize) -> Result<Option<i16>, NotDateShaped> {
    let Some(text) = text else { return Ok(None) };
    let fits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().map(Some).map_err(|_| NotDateShaped) } else { Err(NotDateShaped) }
}

/// The day. If the calendar lacks it, the offset in `YYYY-MM-DD` of the wrong part, and the reason.
fn first_day(year: i16, month: i16, day: i16) -> Result<Day, (usize, String)> {
    let in_month = i8::try_from(month).ok().and_then(|month| Date::new(year, month, 1).ok());
    let start = in_month.ok_or_else(|| (5, format!("there is no month {month:02}")))?;
    let found = i8::try_from(day).ok().and_then(|day| Date::new(year, start.month(), day).ok());
    found.map(Day::from_date).ok_or_else(|| {
        let (name, days) = (month_name(start.month()), start.days_in_month());
        (8, if day == 0 { "there is no day 00".to_owned() } else { format!("{name} {year} has {days} days") })
    })
}

fn last_of(date: Date, precision: Precision) -> Day {
    Day::from_date(match precision {
        Precision::Year => date.last_of_year(),
        Precision::Month => date.last_of_month(),
        Precision::Day => date,
    })
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The name of a month, counted from 1.
fn month_name(month: i8) -> &'static str {
    let place = usize::try_from(month).unwrap_or(0).saturating_sub(1);
    MONTHS.get(place).copied().unwrap_or("January")
}

/// The first three letters of the name of a month, counted from 1.
#[must_use]
pub fn month_in_brief(month: i8) -> &'static str {
    // All names consist of ASCII letters and have at least three.
    &month_name(month)[..3]
}

#[cfg(test)]
mod tests;
