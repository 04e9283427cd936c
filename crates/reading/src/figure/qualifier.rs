//! Qualifiers before and after a figure: their wordings, and which of them may be combined. Their effect on
//! a figure is in `quantity`.

use super::Qualifier;
use super::lex::{FigureStop, TokenCursor, TokenKind};

/// Qualifiers before a figure. If two of them fit, the longer one is taken.
const PREFIXES: [(&str, Qualifier); 36] = [
    ("at least", Qualifier::AtLeast),
    ("no fewer than", Qualifier::AtLeast),
    ("no less than", Qualifier::AtLeast),
    ("not fewer than", Qualifier::AtLeast),
    ("not less than", Qualifier::AtLeast),
    ("a minimum of", Qualifier::AtLeast),
    ("minimum", Qualifier::AtLeast),
    ("more than", Qualifier::MoreThan),
    ("over", Qualifier::MoreThan),
    ("above", Qualifier::MoreThan),
    ("upwards of", Qualifier::MoreThan),
    ("in excess of", Qualifier::MoreThan),
    ("up to", Qualifier::AtMost),
    ("at most", Qualifier::AtMost),
    ("no more than", Qualifier::AtMost),
    ("not more than", Qualifier::AtMost),
    ("as many as", Qualifier::AtMost),
    ("a maximum of", Qualifier::AtMost),
    ("maximum", Qualifier::AtMost),
    ("fewer than", Qualifier::FewerThan),
    ("less than", Qualifier::FewerThan),
    ("under", Qualifier::FewerThan),
    ("below", Qualifier::FewerThan),
    ("about", Qualifier::About),
    ("around", Qualifier::About),
    ("some", Qualifier::About),
    ("roughly", Qualifier::About),
    ("approximately", Qualifier::About),
    ("an estimated", Qualifier::About),
    ("estimated", Qualifier::About),
    ("circa", Qualifier::About),
    ("nearly", Qualifier::Nearly),
    ("almost", Qualifier::Nearly),
    ("just under", Qualifier::Nearly),
    ("exactly", Qualifier::Exactly),
    ("precisely", Qualifier::Exactly),
];

/// Marks that act as qualifiers before a figure.
const MARKS: [(&str, Qualifier); 8] = [
    (">=", Qualifier::AtLeast),
    ("<=", Qualifier::AtMost),
    ("≥", Qualifier::AtLeast),
    ("≤", Qualifier::AtMost),
    (">", Qualifier::MoreThan),
    ("<", Qualifier::FewerThan),
    ("~", Qualifier::About),
    ("≈", Qualifier::About),
];

/// Qualifiers after a figure.
const SUFFIXES: [(&str, Qualifier); 8] = [
    ("or more", Qualifier::AtLeast),
    ("or above", Qualifier::AtLeast),
    ("and more", Qualifier::AtLeast),
    ("and up", Qualifier::AtLeast),
    ("and above", Qualifier::AtLeast),
    ("or fewer", Qualifier::AtMost),
    ("or less", Qualifier::AtMost),
    ("or so", Qualifier::About),
];

impl Qualifier {
    /// Whether it is a bound on one side.
    pub(super) fn is_bound(self) -> bool {
        matches!(self, Self::AtLeast | Self::MoreThan | Self::AtMost | Self::FewerThan)
    }
}

/// Takes the longest qualifier that comes next.
pub(super) fn prefix(cursor: &mut TokenCursor<'_>) -> Option<Qualifier> {
    let mark = MARKS.iter().find(|(mark, _)| {
        let mut ahead = *cursor;
        let fits = mark.chars().all(|c| ahead.kind(&TokenKind::Mark(c)));
        if fits {
            *cursor = ahead;
        }
        fits
    });
    if let Some((_, qualifier)) = mark {
        return Some(*qualifier);
    }
    longest(cursor, &PREFIXES)
}

/// The qualifiers before a figure, as outer and inner: a bound, then `about` or `nearly`; or either alone.
pub(super) fn prefixes(
    cursor: &mut TokenCursor<'_>,
) -> Result<(Option<Qualifier>, Option<Qualifier>), FigureStop> {
    let Some(first) = prefix(cursor) else { return Ok((None, None)) };
    let second_at = cursor.at();
    let second = prefix(cursor);
    match second {
        None if first.is_bound() => Ok((Some(first), None)),
        None => Ok((None, Some(first))),
        Some(Qualifier::About | Qualifier::Nearly) if first.is_bound() => Ok((Some(first), second)),
        Some(_) => Err(FigureStop::new(second_at, "two qualifiers follow each other")),
    }
}

/// Takes the qualifier that comes after a figure.
pub(super) fn suffix(cursor: &mut TokenCursor<'_>) -> Option<Qualifier> {
    if cursor.kind(&TokenKind::Mark('+')) { Some(Qualifier::AtLeast) } else { longest(cursor, &SUFFIXES) }
}

fn longest(cursor: &mut TokenCursor<'_>, table: &[(&str, Qualifier)]) -> Option<Qualifier> {
    let fits = table.iter().filter_map(|(phrase, qualifier)| {
        let mut ahead = *cursor;
        ahead.phrase(phrase).then_some((phrase.len(), *qualifier, ahead))
    });
    let (_, qualifier, ahead) = fits.max_by_key(|(length, ..)| *length)?;
    *cursor = ahead;
    Some(qualifier)
}

/// Every word in the tables of qualifiers, to find the one nearest to a misspelt word.
pub(super) fn vocabulary() -> impl Iterator<Item = &'static str> {
    let phrases = PREFIXES.iter().chain(&SUFFIXES).map(|(phrase, _)| *phrase);
    phrases.chain(["between"]).flat_map(|phrase| phrase.split(' '))
}
