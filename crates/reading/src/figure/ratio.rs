//! Shares (`half of people`, `45% of civilians`) and changes (`+21% on 2024`, `double 2023`): figures
//! relative to the answer to another question. The ratio is read as a range, and its basis is returned as
//! text with its offsets.
//!
//! A percentage is exact to half a unit of its last digit as written (`45.0%`: 44.95 to 45.05). Words are
//! exact to about a tenth: `half` is 45-55%, `a third` 30-37%, `a quarter` 22.5-27.5%, `a fifth` 18-22% and
//! `a tenth` 9-11%. The rest of a whole has the same precision, so `two thirds` is 63-70% and `three
//! quarters` 72.5-77.5%. `double` is 1.75 to 2.5 times, halfway to its neighbours; so `triple` is 2.5 to 3.5
//! and `quadruple` 3.5 to 4.5 times.
//!
//! Bounds apply to the named ratio (`at least half`: 50% and up). `about` and `nearly` apply to a share, and
//! to `half` of a past figure, as the table says. For a change they apply to the added part (`nearly double`:
//! 1.5 to 2 times).

use super::conventions::{Conventions, lowered};
use super::lex::{FigureStop, TokenCursor, TokenKind};
use super::number;
use super::qualifier::prefixes;
use super::range::{ONE, OPEN, WHOLE, part_down};
use super::unit::percent;
use super::{Basis, Change, Qualifier, Reading, Share};

/// Fractions in words: nominal, low and high, in millionths.
const FRACTIONS: [(&str, i64, i64, i64); 13] = [
    ("half", 500_000, 450_000, 550_000),
    ("a half", 500_000, 450_000, 550_000),
    ("a third", 333_333, 300_000, 370_000),
    ("one third", 333_333, 300_000, 370_000),
    ("two thirds", 666_667, 630_000, 700_000),
    ("a quarter", 250_000, 225_000, 275_000),
    ("one quarter", 250_000, 225_000, 275_000),
    ("three quarters", 750_000, 725_000, 775_000),
    ("a fifth", 200_000, 180_000, 220_000),
    ("one fifth", 200_000, 180_000, 220_000),
    ("a tenth", 100_000, 90_000, 110_000),
    ("one tenth", 100_000, 90_000, 110_000),
    // "Most" starts a millionth above one half, which is finer than any toll.
    ("most", 500_001, 500_001, WHOLE),
];

/// Multiples of a past figure in words.
const MULTIPLES: [(&str, i64, i64, i64); 5] = [
    ("double", 2_000_000, 1_750_000, 2_500_000),
    ("twice", 2_000_000, 1_750_000, 2_500_000),
    ("triple", 3_000_000, 2_500_000, 3_500_000),
    ("quadruple", 4_000_000, 3_500_000, 4_500_000),
    ("half", 500_000, 450_000, 550_000),
];

const NO_BASIS: &str = "its basis is missing, such as `of people` or `on 2024`";

/// A ratio in millionths: the named value and the range that it allows.
#[derive(Clone, Copy)]
struct ReadRatio {
    nominal: i64,
    low: i64,
    high: i64,
}

impl ReadRatio {
    fn plus(self, shift: i64) -> Self {
        let add = |value: i64| if value == OPEN { OPEN } else { value.saturating_add(shift).max(0) };
        Self { nominal: add(self.nominal), low: add(self.low), high: add(self.high) }
    }

    fn negated(self) -> Self {
        Self { nominal: -self.nominal, low: -self.high, high: -self.low }
    }
}

/// Reads a share or a change; none if the wording starts like neither of them.
pub(super) fn ratio(
    cursor: TokenCursor<'_>,
    conventions: &Conventions,
) -> Result<Option<Reading>, FigureStop> {
    if let Some(share) = share(cursor, conventions)? {
        return Ok(Some(Reading::Share(share)));
    }
    Ok(change(cursor, conventions)?.map(Reading::Change))
}

fn share(mut cursor: TokenCursor<'_>, conventions: &Conventions) -> Result<Option<Share>, FigureStop> {
    let start = cursor;
    let Ok((outer, inner)) = prefixes(&mut cursor) else { return Ok(None) };
    let head = cursor.at();
    let Some(named) = fraction(&mut cursor)? else { return Ok(None) };
    if cursor.is_done() {
        return Err(FigureStop::new(cursor.at(), NO_BASIS));
    }
    if !cursor.phrase("of") {
        return Ok(None);
    }
    if named.nominal > WHOLE {
        return Err(FigureStop::new(head, "a share is at most 100%"));
    }
    let words = start.text[start.at()..cursor.at()].trim_end();
    let words = words[..words.len() - "of".len()].trim_end().to_owned();
    let of = basis(&mut cursor)?;
    refuse_period(&of, &words)?;
    let read = qualified(named, [inner, outer], conventions).map_err(|why| FigureStop::new(head, why))?;
    let (low, high) = (read.low.min(WHOLE), read.high.min(WHOLE));
    Ok(Some(Share { of, low, high, words, leaned_on: lines([outer, inner]) }))
}

/// A fraction in words, or a percentage.
fn fraction(cursor: &mut TokenCursor<'_>) -> Result<Option<ReadRatio>, FigureStop> {
    if let Some(named) = in_words(cursor, &FRACTIONS) {
        return Ok(Some(named));
    }
    percentage(cursor)
}

fn in_words(cursor: &mut TokenCursor<'_>, table: &[(&str, i64, i64, i64)]) -> Option<ReadRatio> {
    let (_, nominal, low, high) = table.iter().find(|(phrase, ..)| cursor.phrase(phrase))?;
    Some(ReadRatio { nominal: *nominal, low: *low, high: *high })
}

/// `45%`, exact to half a unit of the last digit written.
fn percentage(cursor: &mut TokenCursor<'_>) -> Result<Option<ReadRatio>, FigureStop> {
    let mut ahead = *cursor;
    let Some(number) = number::number(&mut ahead)? else { return Ok(None) };
    if !percent(&mut ahead) {
        return Ok(None);
    }
    // A thousandth of a percent is ten millionths.
    let half = match number.decimals {
        0 => 5_000,
        1 => 500,
        2 => 50,
        _ => 5,
    };
    let nominal =
        number.value.checked_mul(10).ok_or_else(|| FigureStop::new(cursor.at(), number::TOO_LARGE))?;
    *cursor = ahead;
    Ok(Some(ReadRatio { nominal, low: (nominal - half).max(0), high: nominal + half }))
}

fn change(mut cursor: TokenCursor<'_>, conventions: &Conventions) -> Result<Option<Change>, FigureStop> {
    let Ok((outer, inner)) = prefixes(&mut cursor) else { return Ok(None) };
    let head = cursor.at();
    let fail = |why| FigureStop::new(head, why);
    let read = if let Some(multiple) = in_words(&mut cursor, &MULTIPLES) {
        // `nearly` and `about` apply to the added part; a half is taken as it is.
        let shift = if multiple.nominal > WHOLE { WHOLE } else { 0 };
        qualified(multiple.plus(-shift), [inner, outer], conventions).map_err(fail)?.plus(shift)
    } else {
        let Some((rises, points)) = signed(&mut cursor)? else { return Ok(None) };
        if rises {
            qualified(points, [inner, outer], conventions).map_err(fail)?.plus(WHOLE)
        } else {
            fallen(points, inner, outer, conventions).map_err(fail)?
        }
    };
    let base = basis(&mut cursor)?;
    Ok(Some(Change { base, low: read.low, high: read.high, leaned_on: lines([outer, inner]) }))
}

/// `+21% on`, `-5% on`, `up 21% from`: whether it rises, and by how much. A bare `21% on` says neither.
fn signed(cursor: &mut TokenCursor<'_>) -> Result<Option<(bool, ReadRatio)>, FigureStop> {
    let mut ahead = *cursor;
    let rises = ahead.kind(&TokenKind::Mark('+')) || ahead.phrase("up");
    let falls = !rises && (ahead.kind(&TokenKind::Dash) || ahead.phrase("down"));
    let Some(points) = percentage(&mut ahead)? else { return Ok(None) };
    if !["on", "from", "over", "against"].iter().any(|word| ahead.phrase(word)) {
        return if rises || falls { Err(ahead.stop()) } else { Ok(None) };
    }
    if !(rises || falls) {
        let rest = &cursor.text[cursor.at()..];
        return Err(FigureStop::new(cursor.at(), "a change needs a sign")
            .meant(format!("+{rest}"))
            .meant(format!("-{rest}")));
    }
    *cursor = ahead;
    Ok(Some((rises, points)))
}

/// A fall by this ratio. Bounds on a fall are refused, because `at least -5%` is used for smaller falls and
/// for greater ones.
fn fallen(
    points: ReadRatio,
    inner: Option<Qualifier>,
    outer: Option<Qualifier>,
    conventions: &Conventions,
) -> Result<ReadRatio, String> {
    if outer.is_some() {
        return Err("a bound on a fall can be read two ways".to_owned());
    }
    if points.nominal > WHOLE {
        return Err("a fall is at most 100%".to_owned());
    }
    Ok(qualified(points, [inner, None], conventions)?.negated().plus(WHOLE))
}

/// A ratio with its qualifiers, innermost first.
fn qualified(
    ratio: ReadRatio,
    by: [Option<Qualifier>; 2],
    conventions: &Conventions,
) -> Result<ReadRatio, String> {
    by.into_iter().flatten().try_fold(ratio, |ratio, qualifier| {
        let ReadRatio { nominal, low, high } = ratio;
        // After `about`, a bound starts at the end of the range; otherwise it starts at the named ratio.
        let (least, most) =
            if by[0].is_some() && by[1] == Some(qualifier) { (low, high) } else { (nominal, nominal) };
        let (hard, _) = conventions.reach(qualifier);
        let (low, high) = match qualifier {
            Qualifier::AtLeast => (least, OPEN),
            Qualifier::MoreThan => (least.saturating_add(1), OPEN),
            Qualifier::AtMost => (0, most),
            Qualifier::FewerThan if most == 0 => return Err("nothing can be fewer than none".to_owned()),
            Qualifier::FewerThan => (0, most - 1),
            Qualifier::Nearly => (lowered(nominal, hard).min(low), nominal),
            Qualifier::About => {
                (lowered(nominal, hard).min(low), part_down(nominal, WHOLE, WHOLE - hard).max(high))
            }
            _ => (low, high),
        };
        Ok(ReadRatio { nominal, low, high })
    })
}

fn lines(qualifiers: [Option<Qualifier>; 2]) -> Vec<&'static str> {
    qualifiers.into_iter().flatten().filter_map(Qualifier::line).collect()
}

/// The basis of a ratio: the rest of the wording, one word without spaces.
fn basis(cursor: &mut TokenCursor<'_>) -> Result<Basis, FigureStop> {
    let (start, text) = (cursor.at(), cursor.text);
    let word = text[start..].split(char::is_whitespace).next().unwrap_or_default();
    let end = start + word.len();
    if word.is_empty() {
        return Err(FigureStop::new(start, NO_BASIS));
    }
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '@' | '.' | '/' | '~' | '_');
    if let Some((place, _)) = word.char_indices().find(|(_, c)| !fits(*c)) {
        return Err(FigureStop::new(start + place, "the basis must be an id or a period"));
    }
    while cursor.peek().is_some_and(|token| token.start < end) {
        cursor.next();
    }
    cursor.finish()?;
    Ok(Basis { text: word.to_owned(), start, end })
}

/// Refuses `half of 2023`: a share is relative to a population, and a change is relative to a period.
fn refuse_period(of: &Basis, words: &str) -> Result<(), FigureStop> {
    if !of.text.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(());
    }
    let stop = FigureStop::new(of.start, "a share is of a population, not of a period");
    Err(if words == "half" { stop.meant(format!("half {}", of.text)) } else { stop })
}

/// A ratio in millionths as a percentage for reports: `45%`, `50.0001%`.
pub(super) fn percent_in_words(low: i64, high: i64) -> String {
    let percent = super::conventions::percent;
    match (low, high) {
        (500_001, WHOLE) => "more than 50%".to_owned(),
        (low, WHOLE) => format!("{} or more", percent(low)),
        (low, high) => format!("{}-{}", percent(low), percent(high)),
    }
}

/// A factor in millionths as a number of times: `1.205-1.215 times`.
pub(super) fn factor_in_words(low: i64, high: i64) -> String {
    let per = WHOLE / ONE;
    let print = |value: i64| super::number(value / per);
    if high == OPEN {
        format!("{} or more times", print(low))
    } else {
        format!("{}-{} times", print(low), print(high))
    }
}
