//! The conventions: how vague words and qualifiers are read as ranges, in a table that a desk may change. The
//! defaults are those of the claim-file format ("Figures"). The hard low ends are the lowest among the
//! references (ACLED codes `dozens` as 12, `tens` as 10 and `hundreds` as 100), so that a contradiction holds
//! under each of them. The usual ranges take the plural literally (the Crowd Counting Consortium: `hundreds`
//! is 200, `thousands` 2,000). `quantity` says how the lines combine.

use std::fmt;

use super::Qualifier;
use super::lex::{FigureStop, TokenCursor, TokenKind, tokens};
use super::number;
use super::range::{ONE, OPEN, Range, WHOLE, number as print, part_down, part_up};

/// How vague words and qualifiers are read. `default()` is the table of the claim-file format; a desk changes
/// lines with [`Conventions::set`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conventions {
    vague: Vec<VagueWord>,
    grades: Vec<QualifierReach>,
}

/// A vague word and its two ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VagueWord {
    pub word: &'static str,
    pub hard: Range,
    pub usual: Range,
}

/// A qualifier and how far it reaches, in millionths of the figure that it qualifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QualifierReach {
    pub qualifier: Qualifier,
    /// Only for `about` and `nearly`; the hard ranges of the other qualifiers follow from logic.
    pub hard: Option<i64>,
    pub usual: i64,
}

/// An invalid setting: which part of the line is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConventionError {
    /// The part of the setting that is wrong.
    pub part: Part,
    /// The error message: lower case, no full stop, values in backticks.
    pub message: String,
}

/// A part of a setting, so that the caller can report its location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The word that is to be set.
    Word,
    /// Its hard range.
    Hard,
    /// Its usual range.
    Usual,
}

impl fmt::Display for ConventionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for ConventionError {}

/// Vague words with their hard low and high ends and usual low and high ends. A high end of `0` means no
/// limit.
const VAGUE: [(&str, i64, i64, i64, i64); 15] = [
    ("a couple", 2, 3, 2, 2),
    ("a few", 2, 0, 3, 9),
    ("several", 2, 0, 3, 9),
    ("a handful", 2, 0, 3, 9),
    ("tens", 10, 0, 20, 99),
    ("dozens", 12, 0, 24, 99),
    ("scores", 20, 0, 40, 199),
    ("hundreds", 100, 0, 200, 999),
    ("thousands", 1_000, 0, 2_000, 9_999),
    ("tens of thousands", 10_000, 0, 20_000, 99_999),
    ("hundreds of thousands", 100_000, 0, 200_000, 999_999),
    ("millions", 1_000_000, 0, 2_000_000, 9_999_999),
    ("tens of millions", 10_000_000, 0, 20_000_000, 99_999_999),
    ("hundreds of millions", 100_000_000, 0, 200_000_000, 999_999_999),
    ("billions", 1_000_000_000, 0, 2_000_000_000, 9_999_999_999),
];

/// Qualifiers with their hard and usual reach, in millionths.
const GRADES: [(Qualifier, Option<i64>, i64); 6] = [
    (Qualifier::AtLeast, None, WHOLE),
    (Qualifier::MoreThan, None, WHOLE),
    (Qualifier::AtMost, None, WHOLE / 2),
    (Qualifier::FewerThan, None, WHOLE / 2),
    (Qualifier::About, Some(WHOLE / 2), WHOLE / 10),
    (Qualifier::Nearly, Some(WHOLE / 2), WHOLE / 10),
];

/// The largest usual reach of `at least` and `more than`: a hundred times the figure.
const MAX_REACH: i64 = 100 * WHOLE;

impl Default for Conventions {
    fn default() -> Self {
        let range = |low: i64, high: i64| Range::new(low * ONE, if high == 0 { OPEN } else { high * ONE });
        let vague = VAGUE.map(|(word, low, high, usual_low, usual_high)| VagueWord {
            word,
            hard: range(low, high),
            usual: range(usual_low, usual_high),
        });
        let grades = GRADES.map(|(qualifier, hard, usual)| QualifierReach { qualifier, hard, usual });
        Self { vague: vague.into(), grades: grades.into() }
    }
}

impl Conventions {
    /// The names of the lines, in the order of the table: vague words first, then qualifiers.
    pub fn words() -> impl Iterator<Item = &'static str> {
        let qualifiers = GRADES.iter().filter_map(|(qualifier, ..)| qualifier.line());
        VAGUE.iter().map(|(word, ..)| *word).chain(qualifiers)
    }

    /// The line that a word belongs to: its own, or that of a synonym (`over` belongs to `more than`).
    #[must_use]
    pub fn line(word: &str) -> Option<&'static str> {
        let tokens = tokens(word).ok()?;
        let mut cursor = TokenCursor::new(word, &tokens);
        let vague = vague_word(&mut cursor);
        let found = vague.or_else(|| super::qualifier::prefix(&mut cursor).and_then(Qualifier::line))?;
        cursor.is_done().then_some(found)
    }

    /// Changes a line. Vague words take ranges (`12..`, `24-99`, `2..9`). `about` and `nearly` take
    /// percentages for both parts, and the other qualifiers take one for `usual`. A part that is not given
    /// does not change.
    ///
    /// # Errors
    ///
    /// If the word has no line, a part cannot be read or does not apply, or the usual range is not within the
    /// hard range. The line is then unchanged.
    pub fn set(
        &mut self,
        word: &str,
        hard: Option<&str>,
        usual: Option<&str>,
    ) -> Result<(), ConventionError> {
        let line = Self::line(word).ok_or_else(|| unknown(word))?;
        if let Some(entry) = self.vague.iter_mut().find(|entry| entry.word == line) {
            return entry.set(hard, usual);
        }
        let entry = self.grades.iter_mut().find(|entry| entry.qualifier.line() == Some(line));
        entry.ok_or_else(|| unknown(word))?.set(line, hard, usual)
    }

    /// A line as reports print it: `dozens: 12 and up, usually 24-99`. None for a word without a line.
    #[must_use]
    pub fn describe(&self, word: &str) -> Option<String> {
        let line = Self::line(word)?;
        let reading = match self.vague(line) {
            Some(entry) if entry.hard == entry.usual => entry.hard.to_string(),
            Some(entry) => format!("{}, usually {}", entry.hard, entry.usual),
            None => self.grades.iter().find(|entry| entry.qualifier.line() == Some(line))?.describe(),
        };
        Some(format!("{line}: {reading}"))
    }

    /// Whether this line defines the hard range of a wording. That is true for vague words, `about` and
    /// `nearly`; `at least 36` is 36 and up under any convention.
    #[must_use]
    pub fn is_hard(&self, line: &str) -> bool {
        let graded = self.grades.iter().find(|entry| entry.qualifier.line() == Some(line));
        graded.map_or_else(|| self.vague(line).is_some(), |entry| entry.hard.is_some())
    }

    pub(super) fn vague(&self, line: &str) -> Option<&VagueWord> {
        self.vague.iter().find(|entry| entry.word == line)
    }

    /// The hard and the usual reach of a qualifier, in millionths; 0 if logic alone defines it.
    pub(super) fn reach(&self, qualifier: Qualifier) -> (i64, i64) {
        let entry = self.grades.iter().find(|entry| entry.qualifier == qualifier);
        entry.map_or((0, 0), |entry| (entry.hard.unwrap_or(0), entry.usual))
    }
}

impl VagueWord {
    fn set(&mut self, hard: Option<&str>, usual: Option<&str>) -> Result<(), ConventionError> {
        let new_hard = hard.map_or(Ok(self.hard), |text| {
            range(text).map_err(|stop| figure_error(Part::Hard, text, &stop))
        })?;
        let new_usual = usual.map_or(Ok(self.usual), |text| {
            range(text).map_err(|stop| figure_error(Part::Usual, text, &stop))
        })?;
        if !new_hard.contains(&new_usual) {
            let part = if usual.is_some() { Part::Usual } else { Part::Hard };
            let message = format!(
                "`{}`: the usual range {new_usual} is not within the hard range {new_hard}",
                self.word
            );
            return Err(ConventionError { part, message });
        }
        (self.hard, self.usual) = (new_hard, new_usual);
        Ok(())
    }
}

impl QualifierReach {
    fn set(&mut self, line: &str, hard: Option<&str>, usual: Option<&str>) -> Result<(), ConventionError> {
        if self.hard.is_none() && hard.is_some() {
            let message = format!("`{line}` has no hard range to set: it means exactly what it says");
            return Err(ConventionError { part: Part::Hard, message });
        }
        let most = if self.reaches_up() { MAX_REACH } else { WHOLE };
        let new_hard = hard.map(|text| percentage(Part::Hard, text, WHOLE - 1)).transpose()?.or(self.hard);
        let new_usual = usual.map_or(Ok(self.usual), |text| percentage(Part::Usual, text, most))?;
        if let Some(hard) = new_hard.filter(|hard| new_usual > *hard) {
            let part = if usual.is_some() { Part::Usual } else { Part::Hard };
            let message = format!(
                "`{line}`: the usual reach {} is not within the hard reach {}",
                percent(new_usual),
                percent(hard)
            );
            return Err(ConventionError { part, message });
        }
        (self.hard, self.usual) = (new_hard, new_usual);
        Ok(())
    }

    fn reaches_up(&self) -> bool {
        matches!(self.qualifier, Qualifier::AtLeast | Qualifier::MoreThan)
    }

    fn describe(&self) -> String {
        let usual = percent(self.usual);
        let up = if self.usual == WHOLE { "double".to_owned() } else { format!("{usual} more") };
        let down = if self.usual == WHOLE / 2 { "half".to_owned() } else { format!("{usual} less") };
        match (self.qualifier, self.hard) {
            (Qualifier::AtLeast, _) => format!("that number or more, usually up to {up}"),
            (Qualifier::MoreThan, _) => format!("above that, usually up to {up}"),
            (Qualifier::AtMost, _) => format!("0 to that, usually down to {down}"),
            (Qualifier::FewerThan, _) => format!("below that, usually down to {down}"),
            (Qualifier::Nearly, Some(hard)) => format!("{} to that, usually down to {down}", lowest(hard)),
            (_, Some(hard)) => {
                format!("{} to {}, usually {usual} either way, at least 1", lowest(hard), highest(hard))
            }
            (_, None) => "exactly that".to_owned(),
        }
    }
}

fn lowest(hard: i64) -> String {
    if hard == WHOLE / 2 { "half".to_owned() } else { percent(WHOLE - hard) }
}

fn highest(hard: i64) -> String {
    if hard == WHOLE / 2 { "double".to_owned() } else { percent(part_down(WHOLE, WHOLE, WHOLE - hard)) }
}

/// Millionths as a percentage: `10%`, `166.666%`.
pub(super) fn percent(millionths: i64) -> String {
    // A millionth is a ten-thousandth of one percent, which is too fine to print.
    format!("{}%", print(millionths / 10))
}

/// Takes the longest vague word that comes next and returns the name of its line. The article may be left
/// out.
pub(super) fn vague_word(cursor: &mut TokenCursor<'_>) -> Option<&'static str> {
    let lines = VAGUE.iter().map(|(word, ..)| *word);
    let fits = |line: &&'static str| {
        let mut ahead = *cursor;
        ahead.phrase(line).then_some(ahead)
    };
    let longest = lines
        .clone()
        .filter_map(|line| fits(&line).map(|ahead| (line, ahead)))
        .max_by_key(|(line, _)| line.len());
    let bare = || {
        let bare = ["a couple", "a handful"];
        bare.into_iter().find_map(|line| Some((line, fits(&line.strip_prefix("a ")?)?)))
    };
    let (line, ahead) = longest.or_else(bare)?;
    *cursor = ahead;
    Some(line)
}

fn unknown(word: &str) -> ConventionError {
    let message = format!("`{}` is not in the table of conventions", super::lex::quoted_text(word));
    ConventionError { part: Part::Word, message }
}

fn figure_error(part: Part, text: &str, stop: &FigureStop) -> ConventionError {
    let shown = super::lex::quoted_text(text);
    ConventionError {
        part,
        message: format!("`{shown}` is not a range such as `12..` or `24-99`: {}", stop.why),
    }
}

/// Reads the range of a setting: `12..`, `24-99`, `2..9`, `..40`, `36`.
fn range(text: &str) -> Result<Range, FigureStop> {
    let text = super::lex::sized(text)?;
    let tokens = tokens(text)?;
    let mut cursor = TokenCursor::new(text, &tokens);
    let low = number::number(&mut cursor)?.map(|number| number.value);
    let joined = cursor.kind(&TokenKind::Dots) || (low.is_some() && cursor.kind(&TokenKind::Dash));
    let high = if joined { number::number(&mut cursor)?.map(|number| number.value) } else { low };
    cursor.finish()?;
    match (low, high) {
        (None, None) => Err(cursor.stop()),
        (Some(low), Some(high)) if low > high => Err(FigureStop::new(0, "it ends below its start")),
        (low, high) => Ok(Range::new(low.unwrap_or(0), high.unwrap_or(OPEN))),
    }
}

/// Reads `50%` as millionths; an error above `most`.
fn percentage(part: Part, text: &str, most: i64) -> Result<i64, ConventionError> {
    let shown = super::lex::quoted_text(text);
    let read = || {
        let tokens = tokens(super::lex::sized(text)?)?;
        let mut cursor = TokenCursor::new(text, &tokens);
        let value = number::number(&mut cursor)?.ok_or_else(|| cursor.stop())?.value;
        if !super::unit::percent(&mut cursor) {
            return Err(FigureStop::new(cursor.at(), "the percent sign is missing"));
        }
        cursor.finish().map(|()| value)
    };
    let value = read().map_err(|stop: FigureStop| {
        let message = format!("`{shown}` is not a percentage such as `10%`: {}", stop.why);
        ConventionError { part, message }
    })?;
    // A thousandth of a percent is ten millionths.
    let millionths = value.checked_mul(10).filter(|millionths| *millionths <= most);
    millionths.ok_or_else(|| {
        let message = format!("`{shown}` is too much: at most {}", percent(most));
        ConventionError { part, message }
    })
}

/// `value` less `reach` millionths of it, rounded up.
pub(super) fn lowered(value: i64, reach: i64) -> i64 {
    part_up(value, WHOLE - reach, WHOLE)
}

/// `value` plus `reach` millionths of it, rounded down.
pub(super) fn raised(value: i64, reach: i64) -> i64 {
    part_down(value, WHOLE + reach, WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions_describe_every_line() {
        let cases = [
            ("dozens", "dozens: 12 and up, usually 24-99"),
            ("a couple", "a couple: 2-3, usually 2"),
            ("thousands", "thousands: 1,000 and up, usually 2,000-9,999"),
            ("about", "about: half to double, usually 10% either way, at least 1"),
            ("roughly", "about: half to double, usually 10% either way, at least 1"),
            ("nearly", "nearly: half to that, usually down to 10% less"),
            ("at least", "at least: that number or more, usually up to double"),
            ("over", "more than: above that, usually up to double"),
            ("up to", "up to: 0 to that, usually down to half"),
            ("under", "fewer than: below that, usually down to half"),
        ];
        let conventions = Conventions::default();
        for (word, line) in cases {
            assert_eq!(conventions.describe(word).as_deref(), Some(line));
        }
        for word in Conventions::words() {
            assert_eq!(Conventions::line(word), Some(word));
            assert!(conventions.describe(word).is_some_and(|text| text.starts_with(word)), "{word}");
        }
        assert_eq!(conventions.describe("many"), None);
    }

    #[test]
    fn conventions_set_changes_lines() {
        let mut conventions = Conventions::default();
        conventions.set("dozens", Some("24.."), Some("24-60")).expect("valid");
        conventions.set("A Few", None, Some("2..9")).expect("valid");
        conventions.set("about", Some("20%"), Some("5%")).expect("valid");
        conventions.set("over", None, Some("50%")).expect("valid");
        let lines =
            ["dozens", "a few", "about", "more than"].map(|word| conventions.describe(word).expect("a line"));
        assert_eq!(
            lines,
            [
                "dozens: 24 and up, usually 24-60",
                "a few: 2 and up, usually 2-9",
                "about: 80% to 125%, usually 5% either way, at least 1",
                "more than: above that, usually up to 50% more",
            ]
        );
    }

    #[test]
    fn conventions_set_refuses_invalid_settings() {
        let cases = [
            ("umpteen", None, None, Part::Word),
            ("dozens", Some("a lot"), None, Part::Hard),
            ("dozens", Some("20-10"), None, Part::Hard),
            ("dozens", Some("30.."), None, Part::Hard),
            ("dozens", None, Some("5-50"), Part::Usual),
            ("dozens", None, Some("10%"), Part::Usual),
            ("about", Some("100%"), None, Part::Hard),
            ("about", None, Some("60%"), Part::Usual),
            ("about", None, Some("10"), Part::Usual),
            ("nearly", Some("5%"), None, Part::Hard),
            ("at least", Some("50%"), None, Part::Hard),
            ("up to", None, Some("101%"), Part::Usual),
        ];
        for (word, hard, usual, part) in cases {
            let mut conventions = Conventions::default();
            let error = conventions.set(word, hard, usual).expect_err(word);
            assert_eq!(error.part, part, "{error}");
            assert_eq!(conventions, Conventions::default());
        }
    }

    #[test]
    fn conventions_know_which_lines_are_hard() {
        let conventions = Conventions::default();
        assert!(["dozens", "about", "nearly"].iter().all(|line| conventions.is_hard(line)));
        assert!(!["at least", "up to", "many"].iter().any(|line| conventions.is_hard(line)));
    }
}
