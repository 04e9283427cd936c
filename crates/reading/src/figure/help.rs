//! Suggestions for a wording that cannot be read: similar wordings that can. Each is tested with the reader
//! before it is suggested. The readings of an ambiguous number are suggested together.

use super::lex::{FigureStop, Token, TokenKind, quoted_text, sized, tokens};
use super::wording::FigureReader;
use super::{Counting, Reading, Unread, number, qualifier, reading, unit};

/// The number of wordings that are suggested.
const MAX_SUGGESTIONS: usize = 3;

/// The number of tokens that are dropped at most to find a beginning that can be read.
const MAX_TOKENS_BACK: usize = 8;

/// Words that are not figures, and figures that were probably meant.
const REPLACEMENTS: [(&str, &str); 11] = [
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

/// The error for a wording that cannot be read.
pub(super) fn unread(text: &str, stop: &FigureStop, reader: FigureReader<'_>) -> Unread {
    let message = match quoted_text(text) {
        nothing if nothing.is_empty() => "the figure is missing".to_owned(),
        wording => format!("`{wording}` cannot be read: {}", stop.why),
    };
    let would_read = if sized(text).is_ok() { suggestions(text, stop, reader) } else { Vec::new() };
    Unread { at: stop.at.min(text.len()), message, would_read }
}

/// The first of these that can be read: the wordings that were clearly meant; another word or spelling for
/// the word that stopped reading; a comma instead of the point; the wording up to where reading stopped; the
/// wording without that word; the wording from there on; the first of two words (`no casualties`, but not `no
/// casualties confirmed`, which says something else).
fn suggestions(text: &str, stop: &FigureStop, reader: FigureReader<'_>) -> Vec<String> {
    let reads = |wording: &String| matches!(reading(wording, reader), Ok(Reading::Figure(_)));
    if stop.meant.iter().any(|wording| reading(wording, reader).is_ok()) {
        // Both readings of `1,5` are suggested, although one of them is not a count; readings that are too
        // large are not.
        let counting = Counting::Amount { unit: None };
        let amount = FigureReader { counting: &counting, ..reader };
        let reads =
            |wording: &&String| reading(wording, reader).or_else(|_| reading(wording, amount)).is_ok();
        return stop.meant.iter().filter(reads).cloned().collect();
    }
    // A text that cannot be split into tokens is ambiguous, and nothing else can be suggested for it.
    let Ok(tokens) = tokens(text) else { return Vec::new() };
    let place = tokens.iter().position(|token| token.end > stop.at).unwrap_or(tokens.len());
    let token = tokens.get(place);
    let attempts = [
        token.map_or_else(Vec::new, |token| replacements(text, token)),
        if text.contains('.') { vec![text.replacen('.', ",", 1)] } else { Vec::new() },
        tokens[..place]
            .iter()
            .rev()
            .take(MAX_TOKENS_BACK)
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
    let tried = attempts
        .into_iter()
        .map(|attempt| attempt.into_iter().filter(reads).take(MAX_SUGGESTIONS).collect::<Vec<_>>());
    let found = tried.into_iter().find(|attempt| !attempt.is_empty()).unwrap_or_default();
    found.into_iter().map(|wording| wording.trim().to_owned()).collect()
}

/// The wording with another word in place of `token`, or with the article or number that a unit of time lacks
/// (`a week`, `several weeks`).
fn replacements(text: &str, token: &Token) -> Vec<String> {
    let TokenKind::Word(word) = &token.kind else { return Vec::new() };
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
    let instead = REPLACEMENTS.iter().filter(|(known, _)| known == word).map(|(_, new)| with(new));
    instead.chain(nearest(word).map(with)).collect()
}

/// The known word with the most similar spelling, if any is near.
fn nearest(word: &str) -> Option<&'static str> {
    const MAX_LENGTH: usize = 16;
    let length = word.chars().count();
    if !(4..=MAX_LENGTH).contains(&length) || number::is_ordinal(word) {
        return None;
    }
    let known = number::vocabulary().chain(unit::vocabulary()).chain(qualifier::vocabulary());
    let lines = super::Conventions::words().flat_map(|line| line.split(' '));
    let distances = known.chain(lines).map(|known| (distance(word, known), known));
    let (distance, known) = distances.filter(|(distance, _)| *distance > 0).min()?;
    (distance <= length / 3).then_some(known)
}

/// The number of letters to add, drop, change or swap with a neighbour to turn one word into the other.
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
    use super::super::lex::TokenCursor;
    use super::super::{Conventions, Unit, read};
    use super::*;

    fn offered(text: &str, counting: &Counting) -> Vec<String> {
        read(text, counting, &Conventions::default()).expect_err(text).would_read
    }

    #[test]
    fn would_read_suggests_similar_wordings() {
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
    fn would_read_suggests_units_of_time() {
        let time = Counting::Amount { unit: Some(Unit::Time) };
        assert_eq!(offered("6", &time), ["6 days", "6 hours"]);
        assert_eq!(offered("199999999999", &time), ["199999999999 hours"]);
        assert_eq!(offered("week", &time), ["a week"]);
        assert_eq!(offered("weeks", &time), ["several weeks"]);
    }

    #[test]
    fn distance_counts_letters() {
        assert_eq!(distance("abuot", "about"), 1);
        assert_eq!(distance("hunderds", "hundreds"), 1);
        assert_eq!(distance("", "six"), 3);
    }

    #[test]
    fn stop_is_an_offset_in_the_text() {
        let tokens = tokens("36 people").expect("readable in this test");
        let mut cursor = TokenCursor::new("36 people", &tokens);
        cursor.next();
        assert_eq!(cursor.stop().at, 3);
    }
}
