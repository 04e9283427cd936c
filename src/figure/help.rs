//! What would have been read: wordings near one that was not. Each is tried on the reader before it is
//! offered; the readings of an ambiguous number are offered together.

use super::lex::{Kind, Stop, Token, shown, sized, tokens};
use super::wording::Reader;
use super::{Counting, Reading, Unread, number, qualifier, reading, unit};

/// Wordings offered at most.
const MOST: usize = 3;

/// Tokens looked back over for a beginning that can be read.
const BACK: usize = 8;

/// Words that name no figure, and what a coder may have meant.
const INSTEAD: [(&str, &str); 11] = [
    ("many", "dozens"),
    ("numerous", "several"),
    ("multiple", "several"),
    ("various", "several"),
    ("few", "a few"),
    ("any", "some"),
    ("unknown", "some"),
    ("m", "million"),
    ("mn", "million"),
    ("bn", "billion"),
    ("k", "thousand"),
];

/// The error for a wording that stopped.
pub(super) fn unread(text: &str, stop: &Stop, reader: Reader<'_>) -> Unread {
    let message = match shown(text) {
        nothing if nothing.is_empty() => "nothing is written where a figure should stand".to_owned(),
        wording => format!("`{wording}` cannot be read: {}", stop.why),
    };
    let would_read = if sized(text).is_ok() { offers(text, stop, reader) } else { Vec::new() };
    Unread { at: stop.at.min(text.len()), message, would_read }
}

/// The first of these that gives something to offer: what was surely meant; another word or spelling for the
/// one that stopped; the point taken for a comma; the wording up to where it stopped; without the word that
/// stopped; from there on; the first of two words (`no casualties`, though not `no casualties confirmed`,
/// which says something else).
fn offers(text: &str, stop: &Stop, reader: Reader<'_>) -> Vec<String> {
    let reads = |wording: &String| matches!(reading(wording, reader), Ok(Reading::Figure(_)));
    if stop.meant.iter().any(|wording| reading(wording, reader).is_ok()) {
        // Of `1,5` both readings are told, though a count is never the one; what is too large in any is not.
        let counting = Counting::Amount { unit: None };
        let amount = Reader { counting: &counting, ..reader };
        let reads =
            |wording: &&String| reading(wording, reader).or_else(|_| reading(wording, amount)).is_ok();
        return stop.meant.iter().filter(reads).cloned().collect();
    }
    // A text that cannot be cut into tokens is ambiguous, and there is nothing more to say about it.
    let Ok(tokens) = tokens(text) else { return Vec::new() };
    let place = tokens.iter().position(|token| token.end > stop.at).unwrap_or(tokens.len());
    let token = tokens.get(place);
    let ways = [
        token.map_or_else(Vec::new, |token| replaced(text, token)),
        if text.contains('.') { vec![text.replacen('.', ",", 1)] } else { Vec::new() },
        tokens[..place]
            .iter()
            .rev()
            .take(BACK)
            .map(|token| text[..token.end].trim().to_owned())
            .filter(reads)
            .take(1)
            .collect(),
        token.map_or_else(Vec::new, |token| {
            vec![format!("{} {}", text[..token.start].trim(), text[token.end..].trim())]
        }),
        token.map_or_else(Vec::new, |token| vec![text[token.start..].to_owned()]),
        if let [first, _] = &tokens[..] { vec![text[first.start..first.end].to_owned()] } else { Vec::new() },
    ];
    let tried = ways.into_iter().map(|way| way.into_iter().filter(reads).take(MOST).collect::<Vec<_>>());
    let found = tried.into_iter().find(|way| !way.is_empty()).unwrap_or_default();
    found.into_iter().map(|wording| wording.trim().to_owned()).collect()
}

/// The wording with another word for `token`, or with what a unit of time lacks before it (`a week`, `several
/// weeks`).
fn replaced(text: &str, token: &Token) -> Vec<String> {
    let Kind::Word(word) = &token.kind else { return Vec::new() };
    let (before, after) = (&text[..token.start], &text[token.end..]);
    let gap = if token.spaced || before.is_empty() { "" } else { " " };
    let with = |new: &str| format!("{before}{gap}{new}{after}");
    if unit::Unit::read(word) == unit::Unit::Time {
        let article = match word {
            _ if word.ends_with('s') => "several",
            _ if word.starts_with('h') => "an",
            _ => "a",
        };
        return vec![with(&format!("{article} {word}"))];
    }
    let instead = INSTEAD.iter().filter(|(known, _)| known == word).map(|(_, new)| with(new));
    instead.chain(nearest(word).map(with)).collect()
}

/// The known word that is spelt most like this one, if any is near.
fn nearest(word: &str) -> Option<&'static str> {
    const LONGEST: usize = 16;
    let length = word.chars().count();
    if !(4..=LONGEST).contains(&length) || number::is_ordinal(word) {
        return None;
    }
    let known = number::vocabulary().chain(unit::vocabulary()).chain(qualifier::vocabulary());
    let lines = super::Conventions::words().flat_map(|line| line.split(' '));
    let distances = known.chain(lines).map(|known| (distance(word, known), known));
    let (distance, known) = distances.filter(|(distance, _)| *distance > 0).min()?;
    (distance <= length / 3).then_some(known)
}

/// How many letters to add, drop, change or swap with a neighbour, to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (row[j] + usize::from(x != y)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::super::lex::Cursor;
    use super::super::{Conventions, Unit, read};
    use super::*;

    fn offered(text: &str, counting: &Counting) -> Vec<String> {
        read(text, counting, &Conventions::default()).expect_err(text).would_read
    }

    #[test]
    fn offers_what_would_be_read() {
        let cases: [(&str, &[&str]); 14] = [
            ("1,5", &["1.5", "15"]),
            ("1.034", &["1,034"]),
            ("3 dozens-ish", &["3 dozens"]),
            ("36 people", &["36"]),
            ("hunderds", &["hundreds"]),
            ("abuot 169", &["about 169"]),
            ("many", &["dozens"]),
            ("1.5m", &["1.5 million"]),
            ("perhaps 40", &["40"]),
            ("12..", &["at least 12"]),
            ("-5", &["5"]),
            ("gibberish", &[]),
            ("no casualties", &["no"]),
            ("no casualties confirmed", &[]),
        ];
        for (text, wanted) in cases {
            assert_eq!(offered(text, &Counting::Whole), wanted, "{text}");
        }
    }

    #[test]
    fn offers_units_of_time() {
        let time = Counting::Amount { unit: Some(Unit::Time) };
        assert_eq!(offered("6", &time), ["6 days", "6 hours"]);
        assert_eq!(offered("199999999999", &time), ["199999999999 hours"]);
        assert_eq!(offered("week", &time), ["a week"]);
        assert_eq!(offered("weeks", &time), ["several weeks"]);
    }

    #[test]
    fn measures_spelling() {
        assert_eq!(distance("abuot", "about"), 1);
        assert_eq!(distance("hunderds", "hundreds"), 1);
        assert_eq!(distance("", "six"), 3);
    }

    #[test]
    fn stops_are_places_in_the_text() {
        let tokens = tokens("36 people").expect("readable in this test");
        let mut cursor = Cursor::new("36 people", &tokens);
        cursor.next();
        assert_eq!(cursor.stop().at, 3);
    }
}
