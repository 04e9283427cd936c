//! Matches the typed text with ids and names.
//!
//! Everything that the editor itself would match has to match here: when more is typed, the editor filters the list
//! that it has, and only asks again if the list is incomplete.

/// The typed text, in lower case.
pub(super) struct NameMatcher(String);

impl NameMatcher {
    pub(super) fn new(typed: &str) -> Self {
        Self(typed.trim_start().to_lowercase())
    }

    /// How well a thing matches: 0 is best, none means that it does not match. Also the index of the name that matches
    /// best, if it is not the id.
    pub(super) fn rank<'n>(
        &self,
        label: &str,
        id: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Option<(u8, Option<usize>)> {
        if self.0.is_empty() {
            return Some((0, None));
        }
        if starts_with_folded(label, &self.0) {
            return Some((0, None));
        }
        let mut best = if self.starts_a_word(label) || starts_with_folded(id, &self.0) {
            Some((1, None))
        } else if self.fits(label) {
            Some((2, None))
        } else {
            None
        };
        for (at, name) in names.enumerate() {
            let rank = if starts_with_folded(name, &self.0) {
                0
            } else if self.starts_a_word(name) {
                1
            } else if self.fits(name) {
                2
            } else {
                continue;
            };
            if best.is_none_or(|(known, _)| rank < known) {
                best = Some((rank, Some(at)));
            }
        }
        best
    }

    /// Whether a word inside the text starts with the typed text.
    fn starts_a_word(&self, text: &str) -> bool {
        let starts = text
            .char_indices()
            .filter(|(at, _)| *at > 0 && text[..*at].ends_with(|before: char| !before.is_alphanumeric()));
        starts.map(|(at, _)| at).any(|at| starts_with_folded(&text[at..], &self.0))
    }

    /// Whether a text contains all typed letters in this order. Editors match like this.
    pub(super) fn fits(&self, text: &str) -> bool {
        let mut letters = text.chars().flat_map(char::to_lowercase);
        self.0.chars().all(|matcher| letters.any(|letter| letter == matcher))
    }
}

/// Whether a text starts with another one, which is in lower case.
fn starts_with_folded(text: &str, start: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    start.chars().all(|matcher| letters.next() == Some(matcher))
}
