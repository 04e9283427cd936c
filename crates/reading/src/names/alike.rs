//! Decides whether two names may mean the same entity, and why. `blocks` chooses the pairs.

use super::fold::{content_words, is_content};
use super::form::NameForm;

/// How much two names may differ to be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// For the lint, where a false alarm is worse than a miss: one difference of a kind that spellings of one
    /// name are known for, in a word of five letters or more.
    Strict,
    /// For suggestions that a person reviews: any edit in a name of at least five letters, two edits in a
    /// name of at least eight if both names are one edit away from a third, any order of words, a missing
    /// word, or initials.
    Loose,
}

/// Why two names may mean the same entity, the most certain reason first. The numbers in the two names are
/// always equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlikeReason {
    /// The same except for case, diacritics, punctuation, `the` and ranks.
    SameFolded,
    /// The same except for transliteration: Tehreek-e-Taliban and Tehrik-i-Taliban.
    Transliteration,
    /// The same words in another order. In strict mode, only with the first words moved to the end (Naqvi
    /// Mohsin, Kabul University), because swapped words can mean something else: A raids B, B raids A.
    WordOrder,
    /// One or two letters differ.
    Spelling,
    /// One has an extra word in the middle. In strict mode, only `Muhammad` (Khawaja Muhammad Asif).
    ExtraWord,
    /// One is the initials of the other. Never in strict mode.
    Abbreviation,
}

/// The number of letters of the longest name whose spelling and word order are compared. Longer texts are not
/// names, and are slow to compare.
pub const LONGEST: usize = 200;
/// The number of letters of the shortest word or name in which an edit counts as a misspelling.
const MIN_EDITED_WORD: usize = 5;
/// The number of letters of the shortest word in which, in strict mode, any letter may be wrong. In shorter
/// words only a vowel, an `h` or a similar letter may be.
const MIN_FREELY_EDITED_WORD: usize = 8;

/// The most certain reason that applies, with a score from 0 to 1: 1 for the same, 0.98 for transliteration,
/// 0.95 for another order, 0.95 times the share of right letters for a misspelling, 0.85 times Jaro-Winkler
/// (1990) for an extra word, and 0.5 for initials. The score is for sorting suggestions and is not a
/// probability. The result does not depend on the order of the two names. In loose mode, names may be `edits`
/// apart.
pub(super) fn alike(
    left: NameForm<'_>,
    right: NameForm<'_>,
    sieve: Strictness,
    edits: usize,
) -> Option<(AlikeReason, f64)> {
    if left.numbers != right.numbers || left.folded.is_empty() || right.folded.is_empty() {
        return None;
    }
    if left.plain == right.plain {
        return Some((AlikeReason::SameFolded, 1.0));
    }
    if left.folded == right.folded {
        return Some((AlikeReason::Transliteration, 0.98));
    }
    if left.is_long() || right.is_long() {
        return None;
    }
    let (l, r) = (left.folded, right.folded);
    let strict = sieve == Strictness::Strict;
    if left.sorted == right.sorted && (!strict || rotated(l, r)) {
        return Some((AlikeReason::WordOrder, 0.95));
    }
    let share = match sieve {
        Strictness::Strict => misspelt(l, r).then(|| right_letters(l, r, 1)),
        Strictness::Loose => share_within_edits(left.plain, right.plain, edits),
    };
    if let Some(share) = share {
        return Some((AlikeReason::Spelling, 0.95 * share));
    }
    if one_word_more(l, r, strict) {
        return Some((AlikeReason::ExtraWord, 0.85 * strsim::jaro_winkler(l, r)));
    }
    (!strict && (abbreviates(l, r) || abbreviates(r, l))).then_some((AlikeReason::Abbreviation, 0.5))
}

/// Whether one name is the other with its first words moved to the end.
fn rotated(left: &str, right: &str) -> bool {
    let left: Vec<&str> = content_words(left).collect();
    let right: Vec<&str> = content_words(right).collect();
    left.len() == right.len() && (0..left.len()).any(|cut| left[cut..].iter().chain(&left[..cut]).eq(&right))
}

/// Whether exactly one word differs, as spellings of one word do, or only one space does.
fn misspelt(left: &str, right: &str) -> bool {
    if left.len().abs_diff(right.len()) > 1 {
        return false;
    }
    let (left_words, right_words) = (left.split(' '), right.split(' '));
    if left_words.clone().count() != right_words.clone().count() {
        let (longer, shorter) = if left.len() > right.len() { (left, right) } else { (right, left) };
        let (ahead, blank, none) = differing(longer, shorter);
        return ahead > 0 && blank == " " && none.is_empty() && shorter.len() >= MIN_FREELY_EDITED_WORD;
    }
    let mut differing = left_words.zip(right_words).filter(|(l, r)| l != r);
    match (differing.next(), differing.next()) {
        (Some((l, r)), None) => l.len().min(r.len()) >= MIN_EDITED_WORD && spelling_of_one_word(l, r),
        _ => false,
    }
}

/// Whether two words differ by one edit, but not of the first letter (it is rarely mistyped, and `killed` is
/// not `willed`) and not by an extra letter at the end (Pakistani, attacks). The edit can be two swapped
/// letters; an extra vowel, `h` or doubled letter; one vowel or similar consonant for another; in long words
/// any letter. Paktia is not Paktika, and Antonio is not Antonia.
fn spelling_of_one_word(left: &str, right: &str) -> bool {
    let (ahead, l, r) = differing(left, right);
    let at_end = ahead + l.len() == left.len();
    let long = left.len().min(right.len()) >= MIN_FREELY_EDITED_WORD;
    let mut letters = l.chars().chain(r.chars());
    match (l.len(), r.len(), letters.next(), letters.next()) {
        _ if ahead == 0 => false,
        (2, 2, ..) => strsim::osa_distance(l, r) == 1,
        (1, 1, Some(a), Some(b)) if at_end => LAST_LETTERS.contains(a) && LAST_LETTERS.contains(b),
        (1, 1, Some(a), Some(b)) => {
            long || LIKE_LETTERS.iter().any(|like| like.contains(a) && like.contains(b))
        }
        (0, 1, Some(a), None) | (1, 0, Some(a), None) => {
            !at_end && (long || VOWELS.contains(a) || a == 'h' || left[..ahead].ends_with(a))
        }
        _ => false,
    }
}

const VOWELS: &str = "aeiouy";
/// Letters that transliterations use for each other.
const LIKE_LETTERS: [&str; 4] = [VOWELS, "ckq", "vw", "sz"];
/// The same at the end of a word, where other vowels distinguish the names of men and women.
const LAST_LETTERS: &str = "eiy";

/// The share of right letters if the names differ by at most `most` edits (1 or 2), counted by optimal string
/// alignment (the four edits of Damerau 1964). Names must have at least five letters for one edit and eight
/// for two.
fn share_within_edits(left: &str, right: &str, most: usize) -> Option<f64> {
    let (_, l, r) = differing(left, right);
    let apart = match (l.len(), r.len()) {
        (0 | 1, 0 | 1) => 1,
        (l_length, r_length) if l_length.abs_diff(r_length) > most => return None,
        _ => strsim::osa_distance(l, r),
    };
    let shortest = if apart > 1 { MIN_FREELY_EDITED_WORD } else { MIN_EDITED_WORD };
    let near = apart <= most && left.len().min(right.len()) >= shortest;
    near.then(|| right_letters(left, right, apart))
}

/// The share of right letters, from 0 to 1, after some edits.
fn right_letters(left: &str, right: &str, apart: usize) -> f64 {
    1.0 - apart as f64 / left.len().max(right.len()) as f64
}

/// The length of the common beginning, and both texts without their common beginning and end. The rest has
/// the same edit distance and is faster to measure.
pub(super) fn differing<'a>(left: &'a str, right: &'a str) -> (usize, &'a str, &'a str) {
    let mut ahead = left.bytes().zip(right.bytes()).take_while(|(l, r)| l == r).count();
    // Different letters can begin or end with the same bytes, so the common part is cut at the boundary of a
    // letter.
    while !left.is_char_boundary(ahead) || !right.is_char_boundary(ahead) {
        ahead -= 1;
    }
    let (left, right) = (&left[ahead..], &right[ahead..]);
    let mut behind = left.bytes().rev().zip(right.bytes().rev()).take_while(|(l, r)| l == r).count();
    while !left.is_char_boundary(left.len() - behind) {
        behind -= 1;
    }
    (ahead, &left[..left.len() - behind], &right[..right.len() - behind])
}

/// Whether one name has an extra word: Muhammad before its last word or, in loose mode, any word between its
/// first and its last.
fn one_word_more(left: &str, right: &str, strict: bool) -> bool {
    if left.len() == right.len() {
        return false;
    }
    let (longer, shorter) = if left.len() > right.len() { (left, right) } else { (right, left) };
    omissions(longer, strict).any(|(before, behind)| {
        shorter.len() == before.len() + behind.len()
            && shorter.starts_with(before)
            && shorter.ends_with(behind)
    })
}

/// The folded form of all spellings of Muhammad, the only part of a name that is regularly left out.
const MUHAMMAD: &str = "muhamad";

/// For each word of the folded name that may be left out, the parts before and after it. At least two words
/// remain.
pub(super) fn omissions(folded: &str, strict: bool) -> impl Iterator<Item = (&str, &str)> {
    let words = if has_three_words(folded) { folded } else { "" };
    let starts = std::iter::once(0).chain(words.match_indices(' ').map(|(blank, _)| blank + 1));
    starts.filter_map(move |start| {
        let (word, behind) = words[start..].split_once(' ')?;
        let omitted = word == MUHAMMAD || (!strict && start > 0);
        omitted.then(|| (&words[..start], behind))
    })
}

fn abbreviates(short: &str, long: &str) -> bool {
    abbreviations(long).any(|initials| initials.eq(short.chars()))
}

/// The initials of a name of three words or more, with and without `of` and `and`.
pub(super) fn abbreviations(folded: &str) -> impl Iterator<Item = impl Iterator<Item = char> + Clone> {
    let long = has_three_words(folded);
    [true, false].into_iter().filter(move |_| long).filter_map(move |all| {
        let words = folded.split(' ').filter(move |word| all || is_content(word));
        let initials = words.filter_map(|word| word.chars().next());
        // At least three bytes; the length of names is counted in bytes elsewhere too.
        (initials.clone().map(char::len_utf8).sum::<usize>() >= 3).then_some(initials)
    })
}

/// Whether the name has at least three words, so that one can be left out. This is asked for every name, so
/// it only counts spaces.
fn has_three_words(folded: &str) -> bool {
    folded.bytes().filter(|&byte| byte == b' ').count() >= 2
}
