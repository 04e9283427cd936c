//! Whether two names may be one, and why. One pair at a time; which pairs to look at is for `blocks`.

use super::fold::{content_words, is_content};
use super::form::Form;

/// How much two names may differ and still be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sieve {
    /// For the lint, where a false alarm costs more than a miss: one difference, of a kind that spellings of
    /// one name are known for, in a word of five letters or more.
    Strict,
    /// For suggestions that a person goes through: any edit in a name of five letters, two in one of eight
    /// where both names are an edit from a third, any order of words, a word left out, initials.
    Loose,
}

/// Why two names may be one, surest first. Numbers in the two names are always the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The same but for case, diacritics, punctuation, `the` and ranks.
    SameFolded,
    /// The same but for transliteration: Tehreek-e-Taliban and Tehrik-i-Taliban.
    Transliteration,
    /// The same words; strictly, with the first ones moved behind the last (Naqvi Mohsin, Kabul University),
    /// since exchanged ones tell different things: A raids B, B raids A.
    WordOrder,
    /// A letter or two apart.
    Spelling,
    /// One word more in the middle; strictly, `Muhammad` only (Khawaja Muhammad Asif).
    ExtraWord,
    /// One is the other's initials. Never strict.
    Abbreviation,
}

/// Letters of the longest name whose misspellings and word order are looked at: longer texts are no names,
/// and slow.
pub const LONGEST: usize = 200;
/// Letters of the shortest word, or name, in which an edit is read as a misspelling.
const SHORTEST: usize = 5;
/// Letters of the shortest word in which, strictly, any letter may be wrong; in shorter ones only a vowel,
/// `h` and the like.
const LONG: usize = 8;

/// The surest reason that holds and its score in 0..=1: 1 for the same, 0.98 transliterated, 0.95 in another
/// order, misspelt 0.95 times the share of right letters, with a word more 0.85 times Jaro-Winkler (1990),
/// 0.5 for initials. It orders suggestions and is no probability. Symmetric. Loosely, names may be `edits`
/// apart.
pub(super) fn alike(left: Form<'_>, right: Form<'_>, sieve: Sieve, edits: usize) -> Option<(Reason, f64)> {
    if left.numbers != right.numbers || left.folded.is_empty() || right.folded.is_empty() {
        return None;
    }
    if left.plain == right.plain {
        return Some((Reason::SameFolded, 1.0));
    }
    if left.folded == right.folded {
        return Some((Reason::Transliteration, 0.98));
    }
    if left.is_long() || right.is_long() {
        return None;
    }
    let (l, r) = (left.folded, right.folded);
    let strict = sieve == Sieve::Strict;
    if left.sorted == right.sorted && (!strict || rotated(l, r)) {
        return Some((Reason::WordOrder, 0.95));
    }
    let right_letters = match sieve {
        Sieve::Strict => misspelt(l, r).then(|| right_letters(l, r, 1)),
        Sieve::Loose => few_edits(left.plain, right.plain, edits),
    };
    if let Some(share) = right_letters {
        return Some((Reason::Spelling, 0.95 * share));
    }
    if one_word_more(l, r, strict) {
        return Some((Reason::ExtraWord, 0.85 * strsim::jaro_winkler(l, r)));
    }
    (!strict && (abbreviates(l, r) || abbreviates(r, l))).then_some((Reason::Abbreviation, 0.5))
}

/// Whether the one is the other with its first words moved behind its last.
fn rotated(left: &str, right: &str) -> bool {
    let left: Vec<&str> = content_words(left).collect();
    let right: Vec<&str> = content_words(right).collect();
    left.len() == right.len() && (0..left.len()).any(|cut| left[cut..].iter().chain(&left[..cut]).eq(&right))
}

/// Whether exactly one word differs, and as spellings of one word do; or one blank alone.
fn misspelt(left: &str, right: &str) -> bool {
    if left.len().abs_diff(right.len()) > 1 {
        return false;
    }
    let (left_words, right_words) = (left.split(' '), right.split(' '));
    if left_words.clone().count() != right_words.clone().count() {
        let (longer, shorter) = if left.len() > right.len() { (left, right) } else { (right, left) };
        let (ahead, blank, none) = differing(longer, shorter);
        return ahead > 0 && blank == " " && none.is_empty() && shorter.len() >= LONG;
    }
    let mut differing = left_words.zip(right_words).filter(|(l, r)| l != r);
    match (differing.next(), differing.next()) {
        (Some((l, r)), None) => l.len().min(r.len()) >= SHORTEST && spelling_of_one_word(l, r),
        _ => false,
    }
}

/// One edit, never of the first letter (few slips are there, and `killed` is not `willed`) nor one letter
/// more at the end (Pakistani, attacks): two letters swapped; a vowel, an `h` or a doubling more; one vowel
/// or like consonant for another; in long words any letter. Paktia is not Paktika, and Antonio not Antonia.
fn spelling_of_one_word(left: &str, right: &str) -> bool {
    let (ahead, l, r) = differing(left, right);
    let at_end = ahead + l.len() == left.len();
    let long = left.len().min(right.len()) >= LONG;
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
/// Letters that transliterations put for one another.
const LIKE_LETTERS: [&str; 4] = [VOWELS, "ckq", "vw", "sz"];
/// The same at the end of a word, where other vowels tell a man from a woman.
const LAST_LETTERS: &str = "eiy";

/// The share of right letters where at most `most` edits (1 or 2) part the names: optimal string alignment,
/// which is Damerau's (1964) four slips. Names must have five letters for one, eight for two.
fn few_edits(left: &str, right: &str, most: usize) -> Option<f64> {
    let (_, l, r) = differing(left, right);
    let apart = match (l.len(), r.len()) {
        (0 | 1, 0 | 1) => 1,
        (l_length, r_length) if l_length.abs_diff(r_length) > most => return None,
        _ => strsim::osa_distance(l, r),
    };
    let shortest = if apart > 1 { LONG } else { SHORTEST };
    let near = apart <= most && left.len().min(right.len()) >= shortest;
    near.then(|| right_letters(left, right, apart))
}

/// The share of letters in 0..=1 that are right where some edits are wrong.
fn right_letters(left: &str, right: &str, apart: usize) -> f64 {
    1.0 - apart as f64 / left.len().max(right.len()) as f64
}

/// Where the texts begin to differ, and both without what they begin and end with alike: as far apart as the
/// whole, and quicker to measure.
pub(super) fn differing<'a>(left: &'a str, right: &'a str) -> (usize, &'a str, &'a str) {
    let mut ahead = left.bytes().zip(right.bytes()).take_while(|(l, r)| l == r).count();
    // Letters may begin with the same bytes or end with them; what is alike ends where a letter does.
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

/// Whether the one has a word more: Muhammad before its last word or, loosely, any word between its first and
/// last.
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

/// What every spelling of Muhammad folds to: the one part of a name that is left out as a matter of course.
const MUHAMMAD: &str = "muhamad";

/// What stands before and behind each word of the folded name that may be left out; two words stay.
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
        // Three bytes, as the length of a name is counted elsewhere.
        (initials.clone().map(char::len_utf8).sum::<usize>() >= 3).then_some(initials)
    })
}

/// Whether there is anything to leave out or abbreviate; asked of every name, so by counting alone.
fn has_three_words(folded: &str) -> bool {
    folded.bytes().filter(|&byte| byte == b' ').count() >= 2
}
