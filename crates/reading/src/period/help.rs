//! Suggestions for a date that cannot be read. A date is suggested only if it is the only possible meaning:
//! `22/02/2026` is clear, because 22 cannot be a month, but `03/02/2026` is not.

use super::{DateStop, MONTHS, Misread, Period};

/// The longest text for which a date is suggested, in bytes.
const MAX_HELP_BYTES: usize = 100;

/// Words before a date, with what is written before and after the date in their place.
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

/// Marks that people write between the ends of an interval.
const BETWEEN: [&str; 5] = [" to ", " - ", " – ", "..", "/"];

/// The error for a date that cannot be read.
pub(super) fn misread(text: &str, stop: DateStop) -> Misread {
    let trimmed = text.trim();
    let shown: String = trimmed.chars().take(40).collect();
    let cut = if shown.len() < trimmed.len() { "…" } else { "" };
    let small = trimmed.len() <= MAX_HELP_BYTES;
    let why = ambiguity(trimmed).filter(|_| small).unwrap_or(stop.why);
    let help = if small { intended_date(&trimmed.to_lowercase()) } else { None };
    let message = if trimmed.is_empty() {
        "the date is missing".to_owned()
    } else {
        format!("`{shown}{cut}` is not a date: {why}")
    };
    Misread { at: stop.at, message, help: help.filter(|help| help != trimmed) }
}

/// The date that was meant, in a form that can be read; none if it is not clear.
fn intended_date(text: &str) -> Option<String> {
    let text = text.trim();
    let reads = |text: &String| Period::read_strictly(text).is_ok();
    let cut = text.starts_with('/') || text.ends_with('/');
    if let Some(date) = date_from(text).filter(|date| !cut && reads(date)) {
        return Some(date);
    }
    let worded = BEFORE.iter().find_map(|(word, before, after)| {
        let date = date_from(text.strip_prefix(word)?)?;
        Some(format!("{before}{date}{after}")).filter(reads)
    });
    let interval = || {
        let end = |text: &str| {
            if text.is_empty() || text == ".." { Some("..".to_owned()) } else { date_from(text) }
        };
        let ends = BETWEEN.iter().find_map(|mark| {
            let (start, last) = text.split_once(mark)?;
            (!last.contains(mark)).then_some(()).and_then(|()| end(start.trim()).zip(end(last.trim())))
        });
        ends.map(|(start, last)| format!("{start}/{last}")).filter(reads)
    };
    worded.or_else(interval)
}

/// Reads a date in another form: digits in another order or shape, the name of a month, a time of day after
/// it, or another mark for "about".
fn date_from(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(date) = text.strip_suffix(['~', '?', '%']) {
        return date_from(date).map(|date| format!("{date}~"));
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

/// The month and the day from two numbers or words, if only one order is possible.
fn month_and_day(first: &str, second: &str) -> Option<(u8, u8)> {
    if let Some(month) = month_by_name(first) {
        return Some((month, number(second)?));
    }
    if let Some(month) = month_by_name(second) {
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

/// The message on a date whose day and month could be in either order.
fn ambiguity(text: &str) -> Option<String> {
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
    month_by_name(text).or_else(|| number(text))
}

/// The month with this name, or whose name begins with these three or more letters.
fn month_by_name(text: &str) -> Option<u8> {
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
