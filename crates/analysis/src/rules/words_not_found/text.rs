//! An archived text in the form in which words are compared: folded, in lines that are not blank.

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// The lines of a text that are not blank, folded and joined by spaces.
pub(super) struct ArchivedText {
    joined: String,
    /// The byte in `joined` at which each line starts.
    starts: Vec<usize>,
}

impl ArchivedText {
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

    /// The number of lines that are not blank.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether folded words appear in the lines from `first` to `last`, counted from 1 and both included.
    pub(super) fn contains(&self, words: &str, first: usize, last: usize) -> bool {
        let Some(&start) = self.starts.get(first - 1) else { return false };
        let end = self.starts.get(last).map_or(self.joined.len(), |next| next - 1);
        let lines = &self.joined[start..end];
        let ends_in_figure = words.starts_with(char::is_numeric) || words.ends_with(char::is_numeric);
        // `contains` is several times as fast as a search for the positions.
        lines.contains(words) && (!ends_in_figure || whole_matches(lines, words).next().is_some())
    }

    /// The first and last line of each place where folded words appear, each pair once.
    pub(super) fn find<'a>(&'a self, words: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let line = |byte: usize| self.starts.partition_point(|&start| start <= byte);
        let lines = whole_matches(&self.joined, words).map(move |at| (line(at), line(at + words.len() - 1)));
        let mut before = None;
        lines.filter(move |&lines| before.replace(lines) != Some(lines))
    }
}

/// The positions of words in a text, except where they are part of a longer figure: `17` is not found in `170`.
fn whole_matches<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = usize> {
    let is_digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    text.match_indices(words).map(|(at, _)| at).filter(move |&at| {
        let (before, after) = (&text[..at], &text[at + words.len()..]);
        let is_partial_before = is_digit(words.chars().next()) && is_digit(before.chars().next_back());
        let is_partial_after = is_digit(words.chars().next_back()) && is_digit(after.chars().next());
        !is_partial_before && !is_partial_after
    })
}

/// Folds a text: white space becomes single spaces, quotes and dashes become plain ones, and invisible characters go.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut has_space_before = false;
    let mut push = |letter: char| {
        if letter.is_whitespace() {
            has_space_before = true;
        } else if !is_invisible(letter) {
            if std::mem::take(&mut has_space_before) && !out.is_empty() {
                out.push(' ');
            }
            out.push(plain_punctuation(letter));
        }
    };
    // An accent can be part of its letter or a separate character; both forms count as equal.
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text.chars().for_each(&mut push);
    } else {
        text.nfc().for_each(&mut push);
    }
    out
}

/// Whether a character is invisible: a soft hyphen, a joiner, a direction mark or a byte order mark.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Replaces typographic quotes and dashes by plain ones.
fn plain_punctuation(letter: char) -> char {
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
    fn blank_lines_include_lines_of_no_break_spaces() {
        let text = ArchivedText::new("\u{feff}Head\u{a0}line\r\n\u{a0}\u{2003}\r\n\u{200b}\nat  least\t80\n");
        assert_eq!(text.len(), 2);
        assert!(text.contains("Head line", 1, 1) && text.contains("at least 80", 2, 2));
        assert!(!text.contains("at least 80", 1, 1) && !text.contains("at least 80", 3, 3));
        assert_eq!(ArchivedText::new(" \n").len(), 0);
    }

    #[test]
    fn words_over_a_line_end_are_found() {
        let text = ArchivedText::new("it killed at\n\nleast 80 of them\nat least 80");
        assert!(text.contains("at least 80", 1, 2) && !text.contains("at least 80", 1, 1));
        assert_eq!(text.find("at least 80").collect::<Vec<_>>(), [(1, 2), (3, 3)]);
        assert_eq!(text.find("them at").collect::<Vec<_>>(), [(2, 3)]);
        assert_eq!(text.find("a").collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 3)]);
    }

    #[test]
    fn folded_text_has_plain_quotes_and_dashes_and_no_invisible_characters() {
        assert_eq!(folded("\u{201c}so\u{ad}-called\u{201d} \u{2013} it\u{2019}s"), "\"so-called\" - it's");
        assert_eq!(folded("  S\u{e3}o \u{a0} Sa\u{303}o "), "S\u{e3}o S\u{e3}o");
        assert_eq!(folded("\u{200b} \u{feff}"), "");
    }

    #[test]
    fn figures_are_found_only_whole_matches() {
        let text = ArchivedText::new("170 hurt, 17 killed");
        assert!(text.contains("17 killed", 1, 1) && text.contains("hurt", 1, 1));
        assert!(
            !ArchivedText::new("170 hurt").contains("17", 1, 1)
                && !ArchivedText::new("170 hurt").contains("70 hurt", 1, 1)
        );
        assert!(ArchivedText::new("in 170, 17").contains("17", 1, 1));
    }
}
