//! What is typed of a name, and how well a thing fits it.
//!
//! Whatever an editor could still find by these letters has to fit: it looks through what it was sent as more is
//! typed, and asks again only where the list was cut.

/// What is typed, made ready to be looked for.
pub(super) struct NameMatcher(String);

impl NameMatcher {
    pub(super) fn new(typed: &str) -> Self {
        Self(typed.trim_start().to_lowercase())
    }

    /// How well a thing fits, best first, and by which of its names, if not by its id.
    pub(super) fn rank<'n>(
        &self,
        label: &str,
        id: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Option<(u8, Option<usize>)> {
        if self.0.is_empty() {
            return Some((0, None));
        }
        if begins(label, &self.0) {
            return Some((0, None));
        }
        let mut best = if self.in_words(label) || begins(id, &self.0) {
            Some((1, None))
        } else if self.fits(label) {
            Some((2, None))
        } else {
            None
        };
        for (at, name) in names.enumerate() {
            let rank = if begins(name, &self.0) {
                0
            } else if self.in_words(name) {
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

    /// Whether a word of a text begins so.
    fn in_words(&self, text: &str) -> bool {
        let starts = text
            .char_indices()
            .filter(|(at, _)| *at > 0 && text[..*at].ends_with(|before: char| !before.is_alphanumeric()));
        starts.map(|(at, _)| at).any(|at| begins(&text[at..], &self.0))
    }

    /// Whether all letters stand in a text in this order: whoever types on finds nothing that does not.
    pub(super) fn fits(&self, text: &str) -> bool {
        let mut letters = text.chars().flat_map(char::to_lowercase);
        self.0.chars().all(|matcher| letters.any(|letter| letter == matcher))
    }
}

/// Whether a text begins with another in lower case.
fn begins(text: &str, start: &str) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    start.chars().all(|matcher| letters.next() == Some(matcher))
}
