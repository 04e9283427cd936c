//! The forms of names that are compared, made once. Many names share one text buffer, so that a name needs no
//! allocation.

use super::alike::LONGEST;
use super::fold::{FoldedName, sorted_words};

/// A folded name with everything that comparing needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameForm<'a> {
    /// Lower-case words, no diacritics, punctuation or ranks.
    pub(super) plain: &'a str,
    /// `plain` with one spelling for all transliterations.
    pub(super) folded: &'a str,
    /// `folded` with its words in alphabetical order.
    pub(super) sorted: &'a str,
    /// A hash of the words that are numbers: equal for equal numbers in any order, 0 if there are none.
    pub(super) numbers: u64,
}

impl NameForm<'_> {
    /// Whether it is so long that only its whole forms are compared.
    pub(super) fn is_long(&self) -> bool {
        self.plain.len() > LONGEST
    }
}

/// The forms of many names, in the order of the names. Forms that are compared together are stored together,
/// because fetching a distant name from memory takes longer than comparing it.
#[derive(Debug, Default)]
pub(super) struct NameForms {
    text: String,
    places: Vec<FormPlace>,
}

/// The position of the forms of a name: its stretch of the text, and the forms within that stretch. Forms
/// that are equal share a range.
#[derive(Debug, Clone, Copy)]
struct FormPlace {
    start: usize,
    length: u32,
    plain: (u32, u32),
    folded: (u32, u32),
    sorted: (u32, u32),
    numbers: u64,
}

impl NameForms {
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut forms = Self::default();
        let mut folded = FoldedName::default();
        for name in names {
            folded.read(name);
            forms.add(&folded);
        }
        forms
    }

    fn add(&mut self, FoldedName { plain, evened: folded, .. }: &FoldedName) {
        let start = self.text.len();
        let mut push = |form: &str| {
            let from = self.text.len() - start;
            self.text.push_str(form);
            (from as u32, (self.text.len() - start) as u32)
        };
        let sorted = sorted_words(folded);
        let plain_place = push(plain);
        let folded_place = if folded == plain { plain_place } else { push(folded) };
        let sorted_place = if sorted == *folded { folded_place } else { push(&sorted) };
        self.places.push(FormPlace {
            start,
            length: (self.text.len() - start) as u32,
            plain: plain_place,
            folded: folded_place,
            sorted: sorted_place,
            numbers: folded
                .as_bytes()
                .split(|&byte| byte == b' ')
                .filter_map(number)
                .fold(0, u64::wrapping_add),
        });
    }

    /// Adds a copy of the nth name of `others`.
    pub(super) fn copy(&mut self, others: &Self, nth: usize) {
        let place = others.places[nth];
        let start = self.text.len();
        self.text.push_str(&others.text[place.start..place.start + place.length as usize]);
        self.places.push(FormPlace { start, ..place });
    }

    pub(super) fn get(&self, nth: usize) -> NameForm<'_> {
        let place = &self.places[nth];
        let text =
            |(from, to): (u32, u32)| &self.text[place.start + from as usize..place.start + to as usize];
        let (plain, folded, sorted) = (text(place.plain), text(place.folded), text(place.sorted));
        NameForm { plain, folded, sorted, numbers: place.numbers }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = NameForm<'_>> {
        (0..self.places.len()).map(|nth| self.get(nth))
    }
}

/// A stable hash of a word that is a number: one with a digit, or a Roman number.
fn number(word: &[u8]) -> Option<u64> {
    let digit = word.iter().any(u8::is_ascii_digit);
    let roman = || word.iter().all(|byte| b"ivx".contains(byte));
    let mixed = |sum: u64, byte: &u8| sum.wrapping_mul(0x100_0000_01b3) ^ u64::from(*byte);
    (digit || roman()).then(|| word.iter().fold(1, mixed))
}
