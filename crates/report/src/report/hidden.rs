//! Characters that are invisible or change how other text is shown: controls, direction marks, fillers.
//!
//! A claim file may contain any of them. Text outputs replace them with `?`, pages show their code points, and JSON
//! escapes them, so that nothing in a claim file can reorder or hide other text.

use unicode_normalization::char::is_combining_mark;

/// Longer runs of combining marks cover the lines above and below. No script needs that many.
const MAX_COMBINING_MARKS: usize = 8;

/// Whether a character is a control, changes the direction of writing, or has no shape of its own.
///
/// These are the control characters (C0, DEL, C1), line and paragraph separators, interlinear annotations,
/// noncharacters, and everything that Unicode calls default ignorable: bidirectional controls, zero-width characters,
/// the byte order mark, soft hyphens, fillers, variation selectors, tags.
pub(super) fn is_invisible(c: char) -> bool {
    if c < '\u{ad}' {
        return c.is_control();
    }
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    ) || u32::from(c) & 0xfffe == 0xfffe
}

/// Reads a text character by character and finds the characters that an output must not show unchanged.
///
/// These are the ones of [`is_invisible`] and combining marks after the first eight of a run. Exceptions are newline
/// and tab, which outputs handle on their own, and characters that writing systems need: one joiner or non-joiner
/// after a letter of a script from Hebrew onwards (Persian, Pashto, Hindi, emoji), one variation selector after such
/// a character.
#[derive(Clone, Debug, Default)]
pub(super) struct HiddenScan {
    last: PreviousChar,
    marks: usize,
}

/// The character before the current one, if it changes how the current one is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum PreviousChar {
    /// A letter of a script that uses joiners, or an emoji.
    Joinable,
    /// A variation selector after one.
    Selector,
    #[default]
    Other,
}

impl HiddenScan {
    /// Whether the next character of the text must not be shown unchanged.
    pub(super) fn is_hidden(&mut self, c: char) -> bool {
        let mark = c > '\u{2ff}' && is_combining_mark(c);
        self.marks = if mark { self.marks + 1 } else { 0 };
        let (is_hidden, last) = match c {
            '\n' | '\t' => (false, PreviousChar::Other),
            '\u{200c}' | '\u{200d}' => (self.last == PreviousChar::Other, PreviousChar::Other),
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
                let is_spared = self.last == PreviousChar::Joinable;
                (!is_spared, if is_spared { PreviousChar::Selector } else { PreviousChar::Other })
            }
            _ if is_invisible(c) => (true, PreviousChar::Other),
            _ => (
                self.marks > MAX_COMBINING_MARKS,
                if c >= '\u{590}' { PreviousChar::Joinable } else { PreviousChar::Other },
            ),
        };
        self.last = last;
        is_hidden
    }

    /// Whether a text has a character that must not be shown unchanged.
    pub(super) fn finds_any(text: &str) -> bool {
        let mut scan = Self::default();
        text.chars().any(|c| scan.is_hidden(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with `?` for each hidden character.
    fn replaced(text: &str) -> String {
        let mut scan = HiddenScan::default();
        text.chars().map(|c| if scan.is_hidden(c) { '?' } else { c }).collect()
    }

    #[test]
    fn hidden_scan_finds_hidden_characters_and_keeps_those_of_scripts() {
        for (text, expected) in [
            ("at least 36\n\t", "at least 36\n\t"),
            ("\0\u{1b}\r\u{7f}\u{80}\u{9b}\u{9f}", "???????"),
            ("a\u{202e}b\u{2066}c\u{2069}\u{200e}\u{200f}\u{61c}", "a?b?c????"),
            ("\u{200b}\u{2060}\u{feff}\u{ad}\u{2028}\u{2029}\u{180e}\u{3164}", "????????"),
            ("\u{e0041}\u{fff9}\u{ffff}\u{1ffff}\u{fdd0}", "?????"),
            // Persian with a non-joiner, Hindi with a joiner, a family, a flag on a heart.
            ("\u{645}\u{6cc}\u{200c}\u{62e}", "\u{645}\u{6cc}\u{200c}\u{62e}"),
            ("\u{915}\u{94d}\u{200d}\u{937}", "\u{915}\u{94d}\u{200d}\u{937}"),
            (
                "\u{1f469}\u{200d}\u{2764}\u{fe0f}\u{200d}\u{1f469}",
                "\u{1f469}\u{200d}\u{2764}\u{fe0f}\u{200d}\u{1f469}",
            ),
            // The same characters where no script needs them.
            ("ra\u{200c}id \u{200d}\u{fe0f}", "ra?id ??"),
            ("\u{645}\u{200c}\u{200c}\u{200d}", "\u{645}\u{200c}??"),
            ("\u{7684}\u{fe00}\u{fe01}\u{e0100}", "\u{7684}\u{fe00}??"),
            // Vietnamese and Hebrew use few marks; a long stack of them is cut.
            ("e\u{302}\u{301} \u{5d1}\u{5bc}\u{5b8}", "e\u{302}\u{301} \u{5d1}\u{5bc}\u{5b8}"),
        ] {
            assert_eq!(replaced(text), expected, "{text:?}");
            assert_eq!(HiddenScan::finds_any(text), text != expected, "{text:?}");
        }
        let tower = format!("a{}b", "\u{301}".repeat(100));
        assert_eq!(replaced(&tower).matches('\u{301}').count(), MAX_COMBINING_MARKS);
    }

    #[test]
    fn is_invisible_is_false_for_visible_letters() {
        for c in [
            'a',
            '\u{e9}',
            '\u{a0}',
            '\u{3000}',
            '\u{5d0}',
            '\u{600}',
            '\u{6dd}',
            '\u{4e00}',
            '\u{1f600}',
            '\u{fffd}',
        ] {
            assert!(!is_invisible(c), "{c:?}");
        }
    }
}
