//! The forms of a name that are compared, made once. Many names share one text, so that a name costs no
//! allocation.

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

/// The forms of many names, in their order: what is looked at together stands together, since a name far away
/// in memory takes longer to fetch than to compare.
#[derive(Debug, Default)]
pub(super) struct Forms {
    text: String,
    places: Vec<Place>,
}

/// Where the forms of a name stand: its stretch of the text, and in that the forms, which may be the same.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: usize,
    length: u32,
    plain: (u32, u32),
    folded: (u32, u32),
    sorted: (u32, u32),
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

    fn add(&mut self, Folded { plain, evened: folded, .. }: &Folded) {
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
        self.places.push(Place {
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

    /// Adds a name of others.
    pub(super) fn copy(&mut self, others: &Self, nth: usize) {
        let place = others.places[nth];
        let start = self.text.len();
        self.text.push_str(&others.text[place.start..place.start + place.length as usize]);
        self.places.push(Place { start, ..place });
    }

    pub(super) fn get(&self, nth: usize) -> Form<'_> {
        let place = &self.places[nth];
        let text =
            |(from, to): (u32, u32)| &self.text[place.start + from as usize..place.start + to as usize];
        let (plain, folded, sorted) = (text(place.plain), text(place.folded), text(place.sorted));
        Form { plain, folded, sorted, numbers: place.numbers }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Form<'_>> {
        (0..self.places.len()).map(|nth| self.get(nth))
    }
}

/// A stable number for a word that counts something: one with a digit, or a Roman number.
fn number(word: &[u8]) -> Option<u64> {
    let digit = word.iter().any(u8::is_ascii_digit);
    let roman = || word.iter().all(|byte| b"ivx".contains(byte));
    let mixed = |sum: u64, byte: &u8| sum.wrapping_mul(0x100_0000_01b3) ^ u64::from(*byte);
    (digit || roman()).then(|| word.iter().fold(1, mixed))
}
