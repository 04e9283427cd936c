//! The forms of a name that are compared, made once. Many names share one text, so that a name costs no
//! allocation.

use std::ops::Range;

use super::alike::LONGEST;
use super::fold::{Folded, sorted_words};

/// A folded name with what is asked of it for every pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'a> {
    /// Lower-case words, no diacritics, punctuation or ranks.
    pub(super) plain: &'a str,
    /// `plain` with transliteration evened out.
    pub(super) folded: &'a str,
    /// `folded` with its words in alphabetical order.
    pub(super) sorted: &'a str,
    /// Of the words that are numbers: equal for equal numbers in any order, 0 for none.
    pub(super) numbers: u64,
}

impl Form<'_> {
    /// Whether it is too long for anything but its whole forms to be compared.
    pub(super) fn is_long(&self) -> bool {
        self.plain.len() > LONGEST
    }
}

/// The forms of many names, by their order.
#[derive(Debug, Default)]
pub(super) struct Forms {
    text: String,
    places: Vec<Place>,
}

/// Where the forms of a name stand in the text.
#[derive(Debug)]
struct Place {
    plain: Range<usize>,
    folded: Range<usize>,
    sorted: Range<usize>,
    numbers: u64,
}

impl Forms {
    pub(super) fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut forms = Self::default();
        let mut folded = Folded::default();
        for name in names {
            folded.read(name);
            forms.add(&folded);
        }
        forms
    }

    fn add(&mut self, Folded { plain, folded, .. }: &Folded) {
        let sorted = sorted_words(folded);
        let numbers = folded.split(' ').filter_map(number).fold(0, u64::wrapping_add);
        let plain_place = self.push(plain);
        // Most names look the same in two of their forms.
        let folded_place = if folded == plain { plain_place.clone() } else { self.push(folded) };
        let sorted_place = if sorted == *folded { folded_place.clone() } else { self.push(&sorted) };
        self.places.push(Place { plain: plain_place, folded: folded_place, sorted: sorted_place, numbers });
    }

    fn push(&mut self, form: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(form);
        start..self.text.len()
    }

    pub(super) fn get(&self, nth: usize) -> Form<'_> {
        let place = &self.places[nth];
        let text = |place: &Range<usize>| &self.text[place.clone()];
        Form {
            plain: text(&place.plain),
            folded: text(&place.folded),
            sorted: text(&place.sorted),
            numbers: place.numbers,
        }
    }
}

/// A stable number for a word that counts something: one with a digit, or a Roman number.
fn number(word: &str) -> Option<u64> {
    let digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let roman = || word.bytes().all(|byte| b"ivx".contains(&byte));
    let mixed = |sum: u64, byte: u8| sum.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte);
    (digit || roman()).then(|| word.bytes().fold(1, mixed))
}
