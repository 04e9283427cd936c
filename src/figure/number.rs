//! Numbers in digits and in words: `1,034`, `thirty-six`, `a hundred and twenty`, `two dozen`, `1.5 million`,
//! `half a million`. Values are exact; what is finer than a thousandth or larger than a quadrillion is
//! refused. Qualifiers and vague words (`dozens`) are read in `wording`.

use super::lex::{Cursor, Kind, Stop, Token};
use super::range::{LARGEST, ONE};
use super::unit::is_span;

/// A number while it is read is counted in billionths, so that `1.034567 million` stays exact.
const FINE: i128 = 1_000_000_000;

/// Decimals that fit [`FINE`].
const FINE_DECIMALS: usize = 9;

/// Digits that are looked at. Past them every number is too large or too fine.
const MOST_DIGITS: usize = 25;

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Words that multiply what stands before them. `ten` stands apart: only `tens` multiplies (`several tens`).
const SCALES: [(&str, i64); 7] = [
    ("thousand", 1_000),
    ("lakh", 100_000),
    ("million", 1_000_000),
    ("crore", 10_000_000),
    ("billion", 1_000_000_000),
    ("trillion", 1_000_000_000_000),
    ("quadrillion", 1_000_000_000_000_000),
];

/// Words that multiply and end a number: nothing is added to `two dozen`.
const BUNDLES: [(&str, i64); 2] = [("dozen", 12), ("score", 20)];

/// Ordinals that are not their cardinal and `th`.
const ORDINALS: [(&str, &str); 7] = [
    ("first", "one"),
    ("second", "two"),
    ("third", "three"),
    ("fifth", "five"),
    ("eighth", "eight"),
    ("ninth", "nine"),
    ("twelfth", "twelve"),
];

/// A number as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// The value in thousandths.
    pub value: i64,
    /// How fine it was written, in thousandths: a unit of the last digit that is not zero, or a dozen.
    pub step: i64,
    /// How many decimals it was written with.
    pub decimals: usize,
    /// The one scale word that ends it (`1.5 million`), which an end without one may borrow (`1 to 2
    /// million`).
    pub scale: Option<i64>,
}

/// What is built up while a number is read, in billionths.
struct Build {
    total: i128,
    decimals: usize,
    scale: Option<i64>,
    bundle: i64,
}

/// Reads the number that comes next, if one does; otherwise the cursor stays where it is.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Result<Option<Number>, Stop> {
    let (start, mut ahead) = (*cursor, *cursor);
    let Some(build) = sum(&mut ahead)? else { return Ok(None) };
    let value = thousandths(build.total).map_err(|why| Stop::new(start.at(), why))?;
    *cursor = ahead;
    Ok(Some(Number { value, step: step(value, build.bundle), decimals: build.decimals, scale: build.scale }))
}

/// Groups with falling scales, added up: `two hundred thousand`, `one thousand and thirty-four`.
fn sum(cursor: &mut Cursor<'_>) -> Result<Option<Build>, Stop> {
    let mut build = Build { total: 0, decimals: 0, scale: None, bundle: 1 };
    let mut below = i128::MAX;
    let mut groups = 0;
    loop {
        let mut ahead = *cursor;
        if groups > 0 {
            ahead.phrase("and");
        }
        let Some((group, decimals)) = group(&mut ahead)? else { break };
        let scale = multiplier(&mut ahead);
        let size = i128::from(scale.map_or(1, |(size, _)| size));
        let added = group.checked_mul(size).ok_or_else(|| too_large(cursor))?;
        if added >= below {
            break;
        }
        build.total = build.total.checked_add(added).ok_or_else(|| too_large(cursor))?;
        groups += 1;
        build.decimals = decimals;
        build.scale = scale.filter(|_| groups == 1).map(|(size, _)| size);
        *cursor = ahead;
        match scale {
            Some((size, true)) => build.bundle = size,
            Some((size, false)) => {
                below = i128::from(size) * FINE;
                continue;
            }
            None => {}
        }
        break;
    }
    Ok((groups > 0).then_some(build))
}

fn too_large(cursor: &Cursor<'_>) -> Stop {
    Stop::new(cursor.at(), TOO_LARGE)
}

pub(super) const TOO_LARGE: &str = "the number is larger than a quadrillion";

/// A value in billionths as one in thousandths.
fn thousandths(fine: i128) -> Result<i64, String> {
    let per = FINE / i128::from(ONE);
    if fine % per != 0 {
        return Err("the number is finer than a thousandth".to_owned());
    }
    i64::try_from(fine / per).ok().filter(|value| *value <= LARGEST).ok_or_else(|| TOO_LARGE.to_owned())
}

/// The group before a scale word, in billionths, and its decimals: digits, `a hundred and twenty`, `half a`,
/// `two and a half`.
fn group(cursor: &mut Cursor<'_>) -> Result<Option<(i128, usize)>, Stop> {
    if let Some(read) = digits(cursor)? {
        return Ok(Some(read));
    }
    if let Some(half) = half(cursor) {
        return Ok(Some((half, 0)));
    }
    let mut ahead = *cursor;
    let head = below_hundred(&mut ahead).or_else(|| implied_one(&mut ahead));
    let Some(head) = head else { return Ok(None) };
    *cursor = ahead;
    let mut value = i128::from(head) * FINE;
    if hundred(cursor) {
        value = value * 100 + i128::from(tail(cursor)) * FINE;
    }
    if cursor.phrase("and a half") {
        value += FINE / 2;
    }
    Ok(Some((value, 0)))
}

/// Digits, with `hundred` after them (`2 hundred`) or `and a half`.
fn digits(cursor: &mut Cursor<'_>) -> Result<Option<(i128, usize)>, Stop> {
    let Some(Token { kind: Kind::Digits { digits, decimals }, start, .. }) = cursor.peek() else {
        return Ok(None);
    };
    let mut value = fine(digits, *decimals).map_err(|why| Stop::new(*start, why))?;
    cursor.next();
    if hundred(cursor) {
        value *= 100;
    } else if cursor.phrase("and a half") {
        value += FINE / 2;
    }
    Ok(Some((value, *decimals)))
}

/// A numeral in billionths. Zeros that say nothing are dropped before its length is judged.
fn fine(digits: &str, decimals: usize) -> Result<i128, String> {
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.len() > MOST_DIGITS {
        return Err(TOO_LARGE.to_owned());
    }
    if fraction.len() > FINE_DECIMALS {
        return Err("the number is finer than a thousandth".to_owned());
    }
    let all = format!("{whole}{fraction:0<FINE_DECIMALS$}");
    all.parse().map_err(|_| TOO_LARGE.to_owned())
}

/// `half a` before a scale word or a unit; `half` before `dozen` and `hour`.
fn half(cursor: &mut Cursor<'_>) -> Option<i128> {
    let mut ahead = *cursor;
    if ahead.phrase("half a")
        || ahead.phrase("half an")
        || (ahead.phrase("half") && ahead.word().is_some_and(takes_half))
    {
        *cursor = ahead;
        return Some(FINE / 2);
    }
    None
}

/// What `half` stands before without an article.
fn takes_half(word: &str) -> bool {
    word == "dozen" || is_span(word)
}

/// The one in `a hundred`, `a dozen`, and in a bare `hundred and twenty`.
fn implied_one(cursor: &mut Cursor<'_>) -> Option<i64> {
    let mut ahead = *cursor;
    let _ = ahead.phrase("a") || ahead.phrase("an");
    ahead.kind(&Kind::Dash);
    let named = ahead.word()?;
    let multiplies = named == "hundred" || SCALES.iter().chain(&BUNDLES).any(|(word, _)| *word == named);
    if multiplies {
        *cursor = ahead;
    }
    multiplies.then_some(1)
}

/// `hundred`, or `hundreds` after a number.
fn hundred(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.joining_dash();
    let found = ahead.phrase("hundred") || ahead.phrase("hundreds");
    if found {
        *cursor = ahead;
    }
    found
}

/// What follows a hundred: `and twenty`, `twenty`, or nothing.
fn tail(cursor: &mut Cursor<'_>) -> i64 {
    let mut ahead = *cursor;
    ahead.phrase("and");
    let Some(tail) = below_hundred(&mut ahead) else { return 0 };
    *cursor = ahead;
    tail
}

/// A number word below a hundred: `seventeen`, `twenty`, `thirty-six`, `thirty six`.
fn below_hundred(cursor: &mut Cursor<'_>) -> Option<i64> {
    let word = cursor.word()?;
    if let Some(unit) = place(&UNITS, word) {
        cursor.next();
        return Some(unit);
    }
    let tens = place(&TENS, word)? * 10;
    cursor.next();
    let mut ahead = *cursor;
    ahead.joining_dash();
    let unit = ahead.word().and_then(|word| place(&UNITS[1..10], word));
    if unit.is_some() {
        ahead.next();
        *cursor = ahead;
    }
    Some(tens + unit.map_or(0, |place| place + 1))
}

fn place(words: &[&str], word: &str) -> Option<i64> {
    words.iter().position(|known| *known == word).and_then(|place| i64::try_from(place).ok())
}

/// The scale word or bundle that comes next, singular or plural: its size, and whether it is a bundle.
fn multiplier(cursor: &mut Cursor<'_>) -> Option<(i64, bool)> {
    let mut ahead = *cursor;
    ahead.joining_dash();
    let word = ahead.word()?;
    let find =
        |words: &[(&str, i64)]| words.iter().find(|(known, _)| same_noun(known, word)).map(|(_, size)| *size);
    let found =
        find(&SCALES).map(|size| (size, false)).or_else(|| find(&BUNDLES).map(|size| (size, true)))?;
    ahead.next();
    *cursor = ahead;
    Some(found)
}

/// What a vague word may be multiplied by, singular or plural: `several hundred`, `tens of thousands`.
pub(super) fn scale(cursor: &mut Cursor<'_>) -> Option<i64> {
    for (word, size) in [("ten", 10), ("hundred", 100)] {
        if cursor.word().is_some_and(|next| same_noun(word, next)) {
            cursor.next();
            return Some(size);
        }
    }
    multiplier(cursor).map(|(size, _)| size)
}

/// Whether `word` is `noun` or its plural.
pub(super) fn same_noun(noun: &str, word: &str) -> bool {
    word.strip_prefix(noun).is_some_and(|ending| matches!(ending, "" | "s"))
}

/// One unit of the last digit that is not zero; for a bundle that many of them, as nobody counts past `two
/// dozen` by ones.
fn step(value: i64, bundle: i64) -> i64 {
    let bundled = bundle * ONE;
    if bundle > 1 && value % bundled == 0 && value > 0 {
        return bundled;
    }
    last_digit(value)
}

/// One unit of the last digit of a value in thousandths that is not zero; one for zero.
pub(super) fn last_digit(value: i64) -> i64 {
    if value == 0 {
        return ONE;
    }
    let mut step = 1;
    while step < LARGEST && value % (step * 10) == 0 {
        step *= 10;
    }
    step
}

/// Reads `2nd`, `second`, `thirty-sixth`, `the first`, where that is all there is.
pub(super) fn ordinal(cursor: &Cursor<'_>) -> Option<Number> {
    let mut start = *cursor;
    start.phrase("the");
    let (last, before) = start.rest().split_last()?;
    let Kind::Word(word) = &last.kind else { return None };
    if let [Token { kind: Kind::Digits { decimals: 0, .. }, .. }] = before {
        let ends = !last.spaced && matches!(word.as_str(), "st" | "nd" | "rd" | "th");
        return ends.then(|| number(&mut start.first(1)).ok().flatten()).flatten();
    }
    let cardinal = Token { kind: Kind::Word(cardinal(word)?), ..last.clone() };
    let tokens: Vec<Token> = before.iter().cloned().chain([cardinal]).collect();
    let mut cursor = Cursor::new(start.text, &tokens);
    let read = number(&mut cursor).ok().flatten()?;
    (cursor.is_done() && read.value % ONE == 0 && read.scale.is_none())
        .then_some(Number { step: ONE, ..read })
}

/// The number word that an ordinal comes from.
fn cardinal(word: &str) -> Option<String> {
    if let Some((_, cardinal)) = ORDINALS.iter().find(|(ordinal, _)| *ordinal == word) {
        return Some((*cardinal).to_owned());
    }
    let stem = word.strip_suffix("th")?;
    Some(stem.strip_suffix("ie").map_or_else(|| stem.to_owned(), |tens| format!("{tens}y")))
}

/// Whether a word is an ordinal, which is no misspelt number.
pub(super) fn is_ordinal(word: &str) -> bool {
    cardinal(word).is_some_and(|cardinal| vocabulary().any(|known| known == cardinal))
}

/// Every word that can stand in a number, for guessing at a misspelt one.
pub(super) fn vocabulary() -> impl Iterator<Item = &'static str> {
    let scaled = SCALES.iter().chain(&BUNDLES).map(|(word, _)| *word);
    UNITS.into_iter().chain(TENS).chain(scaled).chain(["hundred", "half"]).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::lex::tokens;
    use super::*;

    fn read(text: &str) -> Option<Number> {
        let tokens = tokens(text).ok()?;
        let mut cursor = Cursor::new(text, &tokens);
        let found = number(&mut cursor).ok().flatten()?;
        cursor.is_done().then_some(found)
    }

    #[test]
    fn reads_digits_and_words() {
        let cases = [
            ("36", 36_000, 1_000),
            ("1,034", 1_034_000, 1_000),
            ("1 000", 1_000_000, 1_000_000),
            ("170", 170_000, 10_000),
            ("0", 0, 1_000),
            ("007", 7_000, 1_000),
            ("1.5", 1_500, 100),
            ("1.50", 1_500, 100),
            ("1.5 million", 1_500_000_000, 100_000_000),
            ("1.034567 million", 1_034_567_000, 1_000),
            ("2 thousand", 2_000_000, 1_000_000),
            ("thirty-six", 36_000, 1_000),
            ("thirty six", 36_000, 1_000),
            ("Thirty‑Six", 36_000, 1_000),
            ("zero", 0, 1_000),
            ("a hundred", 100_000, 100_000),
            ("hundred and twenty", 120_000, 10_000),
            ("two hundred fifty", 250_000, 10_000),
            ("one thousand and thirty-four", 1_034_000, 1_000),
            ("two hundred thousand", 200_000_000, 100_000_000),
            ("two million three hundred thousand", 2_300_000_000, 100_000_000),
            ("2 million 300 thousand", 2_300_000_000, 100_000_000),
            ("a dozen", 12_000, 12_000),
            ("two dozen", 24_000, 12_000),
            ("half a dozen", 6_000, 1_000),
            ("half a million", 500_000_000, 100_000_000),
            ("two and a half million", 2_500_000_000, 100_000_000),
            ("three score", 60_000, 20_000),
            ("2 lakh", 200_000_000, 100_000_000),
        ];
        for (text, value, step) in cases {
            let found = read(text);
            assert_eq!(found.map(|number| (number.value, number.step)), Some((value, step)), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        let long = "9".repeat(400);
        for text in [
            "",
            "people",
            "a",
            "six seven",
            "two dozen six",
            "thousand million",
            "1.0001",
            "2 quadrillion",
            &long,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn reads_ordinals() {
        let cases = [
            ("2nd", 2),
            ("second", 2),
            ("the first", 1),
            ("thirty-sixth", 36),
            ("twentieth", 20),
            ("hundredth", 100),
        ];
        for (text, value) in cases {
            let tokens = tokens(text).expect("readable in this test");
            let found = ordinal(&Cursor::new(text, &tokens));
            assert_eq!(found.map(|number| number.value), Some(value * ONE), "{text}");
        }
    }
}
