//! An archived text as its words are compared: folded, by lines that are not blank.

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// The lines of a text that are not blank, folded, joined by blanks.
pub(super) struct Text {
    joined: String,
    /// Where each line starts in `joined`.
    starts: Vec<usize>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let mut joined = String::with_capacity(text.len());
        let mut starts = Vec::new();
        for line in text.split(['\n', '\r']).map(folded).filter(|line| !line.is_empty()) {
            if !joined.is_empty() {
                joined.push(' ');
            }
            starts.push(joined.len());
            joined.push_str(&line);
        }
        Self { joined, starts }
    }

    /// How many lines are not blank.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether folded words stand in these lines, counted from 1, both included.
    pub(super) fn has(&self, words: &str, first: usize, last: usize) -> bool {
        let Some(&start) = self.starts.get(first - 1) else { return false };
        let end = self.starts.get(last).map_or(self.joined.len(), |next| next - 1);
        let lines = &self.joined[start..end];
        let ends_in_figure = words.starts_with(char::is_numeric) || words.ends_with(char::is_numeric);
        // To ask whether is several times as fast as to ask where.
        lines.contains(words) && (!ends_in_figure || whole(lines, words).next().is_some())
    }

    /// The lines in which folded words stand, from first to last, each once.
    pub(super) fn find<'a>(&'a self, words: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let line = |byte: usize| self.starts.partition_point(|&start| start <= byte);
        let lines = whole(&self.joined, words).map(move |at| (line(at), line(at + words.len() - 1)));
        let mut before = None;
        lines.filter(move |&lines| before.replace(lines) != Some(lines))
    }
}

/// Where words stand in a text with no figure cut in two: `17` is not found in `170`.
fn whole<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = usize> {
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    text.match_indices(words).map(|(at, _)| at).filter(move |&at| {
        let (before, after) = (&text[..at], &text[at + words.len()..]);
        let is_cut_before = digit(words.chars().next()) && digit(before.chars().next_back());
        let is_cut_behind = digit(words.chars().next_back()) && digit(after.chars().next());
        !is_cut_before && !is_cut_behind
    })
}

/// A text with white space folded, quotes and dashes evened out, and without what cannot be seen.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_parted = false;
    let mut push = |letter: char| {
        if letter.is_whitespace() {
            is_parted = true;
        } else if !is_invisible(letter) {
            if std::mem::take(&mut is_parted) && !out.is_empty() {
                out.push(' ');
            }
            out.push(evened(letter));
        }
    };
    // An accent makes no difference, whether it is part of its letter or stands after it.
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text.chars().for_each(&mut push);
    } else {
        text.nfc().for_each(&mut push);
    }
    out
}

/// Soft hyphens, joiners, marks of direction and of byte order.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn evened(letter: char) -> char {
    match letter {
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2039}' | '\u{203a}' | '\u{2bc}' | '\u{b4}' | '`' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_no_break_spaces_are_blank_and_do_not_count() {
        let text = Text::new("\u{feff}Head\u{a0}line\r\n\u{a0}\u{2003}\r\n\u{200b}\nat  least\t80\n");
        assert_eq!(text.len(), 2);
        assert!(text.has("Head line", 1, 1) && text.has("at least 80", 2, 2));
        assert!(!text.has("at least 80", 1, 1) && !text.has("at least 80", 3, 3));
        assert_eq!(Text::new(" \n").len(), 0);
    }

    #[test]
    fn lines_are_joined_and_words_over_a_line_end_are_found() {
        let text = Text::new("it killed at\n\nleast 80 of them\nat least 80");
        assert!(text.has("at least 80", 1, 2) && !text.has("at least 80", 1, 1));
        assert_eq!(text.find("at least 80").collect::<Vec<_>>(), [(1, 2), (3, 3)]);
        assert_eq!(text.find("them at").collect::<Vec<_>>(), [(2, 3)]);
        assert_eq!(text.find("a").collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 3)]);
    }

    #[test]
    fn quotes_dashes_and_what_cannot_be_seen_make_no_difference() {
        assert_eq!(folded("\u{201c}so\u{ad}-called\u{201d} \u{2013} it\u{2019}s"), "\"so-called\" - it's");
        assert_eq!(folded("  S\u{e3}o \u{a0} Sa\u{303}o "), "S\u{e3}o S\u{e3}o");
        assert_eq!(folded("\u{200b} \u{feff}"), "");
    }

    #[test]
    fn a_figure_is_found_whole() {
        let text = Text::new("170 hurt, 17 killed");
        assert!(text.has("17 killed", 1, 1) && text.has("hurt", 1, 1));
        assert!(!Text::new("170 hurt").has("17", 1, 1) && !Text::new("170 hurt").has("70 hurt", 1, 1));
        assert!(Text::new("in 170, 17").has("17", 1, 1));
    }
}
