//! What a date that cannot be read was meant to be. Only what can be read in one way is offered: `22/02/2026`
//! is sure, as there is no month 22, and `03/02/2026` is not.

use super::{MONTHS, Misread, Period, Stop};

/// The longest text that is looked at for what it meant, in bytes.
const LONGEST: usize = 100;

/// Words before a date, and how the date is written then.
const BEFORE: [(&str, &str, &str); 9] = [
    ("about ", "", "~"),
    ("around ", "", "~"),
    ("circa ", "", "~"),
    ("c. ", "", "~"),
    ("~", "", "~"),
    ("until ", "../", ""),
    ("before ", "../", ""),
    ("from ", "", "/.."),
    ("since ", "", "/.."),
];

/// What people write between the ends of an interval.
const BETWEEN: [&str; 5] = [" to ", " - ", " – ", "..", "/"];

/// The error for a date that stopped.
pub(super) fn misread(text: &str, stop: Stop) -> Misread {
    let trimmed = text.trim();
    let shown: String = trimmed.chars().take(40).collect();
    let cut = if shown.len() < trimmed.len() { "…" } else { "" };
    let small = trimmed.len() <= LONGEST;
    let why = two_ways(trimmed).filter(|_| small).unwrap_or(stop.why);
    let help = if small { meant(&trimmed.to_lowercase()) } else { None };
    let message = if trimmed.is_empty() {
        "the date is missing".to_owned()
    } else {
        format!("`{shown}{cut}` is not a date: {why}")
    };
    Misread { at: stop.at, message, help: help.filter(|help| help != trimmed) }
}

/// The one date that was meant, as it would be read.
fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let reads = |text: &String| Period::read_strictly(text).is_ok();
    let cut = text.starts_with('/') || text.ends_with('/');
    if let Some(date) = stamp(text).filter(|date| !cut && reads(date)) {
        return Some(date);
    }
    let worded = BEFORE.iter().find_map(|(word, before, after)| {
        let date = stamp(text.strip_prefix(word)?)?;
        Some(format!("{before}{date}{after}")).filter(reads)
    });
    let interval = || {
        let end =
            |text: &str| if text.is_empty() || text == ".." { Some("..".to_owned()) } else { stamp(text) };
        let ends = BETWEEN.iter().find_map(|mark| {
            let (start, last) = text.split_once(mark)?;
            (!last.contains(mark)).then_some(()).and_then(|()| end(start.trim()).zip(end(last.trim())))
        });
        ends.map(|(start, last)| format!("{start}/{last}")).filter(reads)
    };
    worded.or_else(interval)
}

/// One date in another form: digits in another order or shape, a month by name, a time of day after it,
/// another mark for about.
fn stamp(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(date) = text.strip_suffix(['~', '?', '%']) {
        return stamp(date).map(|date| format!("{date}~"));
    }
    let day = text
        .split_once('t')
        .map_or(text, |(day, time)| if time.starts_with(|c: char| c.is_ascii_digit()) { day } else { text });
    let marks = |c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.' | ',' | '‐'..='―' | '−');
    let parts: Vec<&str> = day.split(marks).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts[..] {
        [digits] if digits.len() == 8 && digits.is_ascii() => {
            (&digits[..4], number(&digits[4..6])?, Some(number(&digits[6..])?))
        }
        [year] => return is_year(year).then(|| year.to_owned()),
        [first, second] if is_year(first) => (first, month(second)?, None),
        [first, second] => (second, month(first)?, None),
        [year, second, day] if is_year(year) => (year, month(second)?, Some(number(day)?)),
        [first, second, year] => {
            let (month, day) = month_and_day(first, second)?;
            (year, month, Some(day))
        }
        _ => return None,
    };
    let date = is_year(year).then(|| format!("{year}-{month:02}"))?;
    Some(day.map_or_else(|| date.clone(), |day| format!("{date}-{day:02}")))
}

/// The month and the day of two numbers or words, where only one order of them can be.
fn month_and_day(first: &str, second: &str) -> Option<(u8, u8)> {
    if let Some(month) = named(first) {
        return Some((month, number(second)?));
    }
    if let Some(month) = named(second) {
        return Some((month, number(first)?));
    }
    let (first, second) = (number(first)?, number(second)?);
    match (first > 12, second > 12) {
        (true, false) => Some((second, first)),
        (false, true) => Some((first, second)),
        (false, false) if first == second => Some((first, second)),
        _ => None,
    }
}

/// Says so where day and month may be either way round.
fn two_ways(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let [first, second, year] = parts[..] else { return None };
    let (a, b) = (number(first)?, number(second)?);
    let both = is_year(year) && (1..=12).contains(&a) && (1..=12).contains(&b) && a != b;
    both.then(|| format!("it could be {year}-{b:02}-{a:02} or {year}-{a:02}-{b:02}"))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn month(text: &str) -> Option<u8> {
    named(text).or_else(|| number(text))
}

/// The month of that name, or of its first three letters or more.
fn named(text: &str) -> Option<u8> {
    let fits = |month: &&str| text.len() >= 3 && month.to_lowercase().starts_with(text);
    let place = MONTHS.iter().position(|month| fits(month) || (text == "sept" && *month == "September"))?;
    u8::try_from(place + 1).ok()
}

/// A number of one or two digits, with or without `st`, `nd`, `rd`, `th`.
fn number(text: &str) -> Option<u8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(text);
    let fits = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { digits.parse().ok() } else { None }
}
