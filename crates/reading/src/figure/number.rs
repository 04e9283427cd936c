//! Numbers in digits and in words: `1,034`, `thirty-six`, `a hundred and twenty`, `two dozen`, `1.5 million`,
//! `half a million`. Values are exact; numbers that are finer than a thousandth or larger than a quadrillion
//! are refused. Qualifiers and vague words (`dozens`) are read in `wording`.

use super::lex::{FigureStop, Token, TokenCursor, TokenKind};
use super::range::{LARGEST, ONE};
use super::unit::is_span;

/// While a number is read, it is kept in billionths, so that `1.034567 million` is exact.
const FINE: i128 = 1_000_000_000;

/// The number of decimals that [`FINE`] can hold.
const FINE_DECIMALS: usize = 9;

/// The number of digits that are read. A number with more digits is too large or too fine.
const MAX_DIGITS: usize = 25;

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

/// Words that multiply the number before them. `ten` is not in the list, because only `tens` multiplies
/// (`several tens`).
const SCALES: [(&str, i64); 7] = [
    ("thousand", 1_000),
    ("lakh", 100_000),
    ("million", 1_000_000),
    ("crore", 10_000_000),
    ("billion", 1_000_000_000),
    ("trillion", 1_000_000_000_000),
    ("quadrillion", 1_000_000_000_000_000),
];

/// Words that multiply and end a number: `two dozen` cannot be followed by more units.
const BUNDLES: [(&str, i64); 2] = [("dozen", 12), ("score", 20)];

/// Ordinals that are not formed from the cardinal and `th`.
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
pub(super) struct ReadNumber {
    /// The value in thousandths.
    pub value: i64,
    /// The precision as written, in thousandths: one unit of the last digit that is not zero, or a dozen.
    pub step: i64,
    /// The number of decimals as written.
    pub decimals: usize,
    /// The size of the scale word at its end (`1.5 million`), which the other end of a range may borrow (`1
    /// to 2 million`).
    pub scale: Option<i64>,
}

/// A number that is being read, in billionths.
struct PartialNumber {
    total: i128,
    decimals: usize,
    scale: Option<i64>,
    bundle: i64,
}

/// Reads the next number, if there is one; otherwise the cursor does not move.
pub(super) fn number(cursor: &mut TokenCursor<'_>) -> Result<Option<ReadNumber>, FigureStop> {
    let (start, mut ahead) = (*cursor, *cursor);
    let Some(build) = sum(&mut ahead)? else { return Ok(None) };
    let value = thousandths(build.total).map_err(|why| FigureStop::new(start.at(), why))?;
    *cursor = ahead;
    Ok(Some(ReadNumber {
        value,
        step: step(value, build.bundle),
        decimals: build.decimals,
        scale: build.scale,
    }))
}

/// Groups with falling scales, added up: `two hundred thousand`, `one thousand and thirty-four`.
fn sum(cursor: &mut TokenCursor<'_>) -> Result<Option<PartialNumber>, FigureStop> {
    let mut build = PartialNumber { total: 0, decimals: 0, scale: None, bundle: 1 };
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

fn too_large(cursor: &TokenCursor<'_>) -> FigureStop {
    FigureStop::new(cursor.at(), TOO_LARGE)
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
fn group(cursor: &mut TokenCursor<'_>) -> Result<Option<(i128, usize)>, FigureStop> {
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
fn digits(cursor: &mut TokenCursor<'_>) -> Result<Option<(i128, usize)>, FigureStop> {
    let Some(Token { kind: TokenKind::Digits { digits, decimals }, start, .. }) = cursor.peek() else {
        return Ok(None);
    };
    let mut value = fine(digits, *decimals).map_err(|why| FigureStop::new(*start, why))?;
    cursor.next();
    if hundred(cursor) {
        value *= 100;
    } else if cursor.phrase("and a half") {
        value += FINE / 2;
    }
    Ok(Some((value, *decimals)))
}

/// A numeral in billionths. Leading and trailing zeros do not count towards the limit on digits.
fn fine(digits: &str, decimals: usize) -> Result<i128, String> {
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if whole.len() > MAX_DIGITS {
        return Err(TOO_LARGE.to_owned());
    }
    if fraction.len() > FINE_DECIMALS {
        return Err("the number is finer than a thousandth".to_owned());
    }
    let all = format!("{whole}{fraction:0<FINE_DECIMALS$}");
    all.parse().map_err(|_| TOO_LARGE.to_owned())
}

/// `half a` before a scale word or a unit; `half` before `dozen` and `hour`.
fn half(cursor: &mut TokenCursor<'_>) -> Option<i128> {
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

/// Whether `half` can come before this word without an article.
fn takes_half(word: &str) -> bool {
    word == "dozen" || is_span(word)
}

/// The one in `a hundred`, `a dozen`, and in a bare `hundred and twenty`.
fn implied_one(cursor: &mut TokenCursor<'_>) -> Option<i64> {
    let mut ahead = *cursor;
    let _ = ahead.phrase("a") || ahead.phrase("an");
    ahead.kind(&TokenKind::Dash);
    let named = ahead.word()?;
    let multiplies = named == "hundred" || SCALES.iter().chain(&BUNDLES).any(|(word, _)| *word == named);
    if multiplies {
        *cursor = ahead;
    }
    multiplies.then_some(1)
}

/// `hundred`, or `hundreds` after a number.
fn hundred(cursor: &mut TokenCursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.joining_dash();
    let found = ahead.phrase("hundred") || ahead.phrase("hundreds");
    if found {
        *cursor = ahead;
    }
    found
}

/// The part after a hundred: `and twenty`, `twenty`, or nothing.
fn tail(cursor: &mut TokenCursor<'_>) -> i64 {
    let mut ahead = *cursor;
    ahead.phrase("and");
    let Some(tail) = below_hundred(&mut ahead) else { return 0 };
    *cursor = ahead;
    tail
}

/// A number word below a hundred: `seventeen`, `twenty`, `thirty-six`, `thirty six`.
fn below_hundred(cursor: &mut TokenCursor<'_>) -> Option<i64> {
    let word = cursor.word()?;
    if let Some(unit) = index_of_word(&UNITS, word) {
        cursor.next();
        return Some(unit);
    }
    let tens = index_of_word(&TENS, word)? * 10;
    cursor.next();
    let mut ahead = *cursor;
    ahead.joining_dash();
    let unit = ahead.word().and_then(|word| index_of_word(&UNITS[1..10], word));
    if unit.is_some() {
        ahead.next();
        *cursor = ahead;
    }
    Some(tens + unit.map_or(0, |place| place + 1))
}

fn index_of_word(words: &[&str], word: &str) -> Option<i64> {
    words.iter().position(|known| *known == word).and_then(|place| i64::try_from(place).ok())
}

/// The scale word or bundle that comes next, singular or plural: its size, and whether it is a bundle.
fn multiplier(cursor: &mut TokenCursor<'_>) -> Option<(i64, bool)> {
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

/// The scale by which a vague word is multiplied, singular or plural: `several hundred`, `tens of thousands`.
pub(super) fn scale(cursor: &mut TokenCursor<'_>) -> Option<i64> {
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

/// The precision of a number: one unit of the last digit that is not zero, times the size of its bundle,
/// because `two dozen` is not counted in ones.
fn step(value: i64, bundle: i64) -> i64 {
    let bundled = bundle * ONE;
    if bundle > 1 && value % bundled == 0 && value > 0 {
        return bundled;
    }
    last_digit(value)
}

/// One unit of the last digit that is not zero, for a value in thousandths; [`ONE`] for zero.
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

/// Reads `2nd`, `second`, `thirty-sixth` or `the first`, if that is the whole wording.
pub(super) fn ordinal(cursor: &TokenCursor<'_>) -> Option<ReadNumber> {
    let mut start = *cursor;
    start.phrase("the");
    let (last, before) = start.rest().split_last()?;
    let TokenKind::Word(word) = &last.kind else { return None };
    if let [Token { kind: TokenKind::Digits { decimals: 0, .. }, .. }] = before {
        let ends = !last.spaced && matches!(word.as_str(), "st" | "nd" | "rd" | "th");
        return ends.then(|| number(&mut start.first(1)).ok().flatten()).flatten();
    }
    let cardinal = Token { kind: TokenKind::Word(cardinal(word)?), ..last.clone() };
    let tokens: Vec<Token> = before.iter().cloned().chain([cardinal]).collect();
    let mut cursor = TokenCursor::new(start.text, &tokens);
    let read = number(&mut cursor).ok().flatten()?;
    (cursor.is_done() && read.value % ONE == 0 && read.scale.is_none())
        .then_some(ReadNumber { step: ONE, ..read })
}

/// The number word that an ordinal comes from.
fn cardinal(word: &str) -> Option<String> {
    if let Some((_, cardinal)) = ORDINALS.iter().find(|(ordinal, _)| *ordinal == word) {
        return Some((*cardinal).to_owned());
    }
    let stem = word.strip_suffix("th")?;
    Some(stem.strip_suffix("ie").map_or_else(|| stem.to_owned(), |tens| format!("{tens}y")))
}

/// Whether a word is an ordinal, and so not a misspelt number.
pub(super) fn is_ordinal(word: &str) -> bool {
    cardinal(word).is_some_and(|cardinal| vocabulary().any(|known| known == cardinal))
}

/// Every word that a number can contain, to find the one nearest to a misspelt word.
pub(super) fn vocabulary() -> impl Iterator<Item = &'static str> {
    let scaled = SCALES.iter().chain(&BUNDLES).map(|(word, _)| *word);
    UNITS.into_iter().chain(TENS).chain(scaled).chain(["hundred", "half"]).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::lex::tokens;
    use super::*;

    fn read(text: &str) -> Option<ReadNumber> {
        let tokens = tokens(text).ok()?;
        let mut cursor = TokenCursor::new(text, &tokens);
        let found = number(&mut cursor).ok().flatten()?;
        cursor.is_done().then_some(found)
    }

    #[test]
    fn number_reads_digits_and_words() {
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
    fn number_refuses_other_texts() {
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
    fn ordinal_reads_digits_and_words() {
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
            let found = ordinal(&TokenCursor::new(text, &tokens));
            assert_eq!(found.map(|number| number.value), Some(value * ONE), "{text}");
        }
    }
}
