//! Labels of a chart: their width, and how they are shortened to fit.

use unicode_width::UnicodeWidthChar as _;

use super::advances::{ASCII_BOLD, ASCII_REGULAR, LATIN_BOLD, LATIN_REGULAR, OTHERS};
use crate::report::html::text::plain;

/// The font size of all labels, in pixels.
const FONT_SIZE: f64 = 13.0;

/// The font weight of a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FontWeight {
    Regular,
    /// 600.
    Bold,
}

/// The width of a label in pixels.
pub(super) fn width(text: &str, weight: FontWeight) -> f64 {
    let sum: u32 = text.chars().map(|letter| u32::from(advance(letter, weight))).sum();
    f64::from(sum) * FONT_SIZE / 1000.0
}

/// A label, shortened to fit into `room` pixels.
pub(super) fn fit(text: &str, weight: FontWeight, room: f64) -> String {
    if width(text, weight) <= room {
        return text.to_owned();
    }
    let thousandths = room * 1000.0 / FONT_SIZE - f64::from(advance('…', weight));
    let mut taken = 0.0;
    let fits = |letter: &char| {
        taken += f64::from(advance(*letter, weight));
        taken <= thousandths
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.truncate(cut.trim_end_matches([' ', ',', '·', '(']).len());
    cut.push('…');
    cut
}

/// A text of a claim file for a label: on one line, invisible characters replaced, cut if it is
/// very long, and isolated so that it does not change the direction of text next to it.
pub(super) fn said(text: &str) -> String {
    let line = plain(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().any(is_right_to_left) { format!("\u{2068}{line}\u{2069}") } else { line }
}

/// A letter that is not in the font counts as wide as the widest letter, and one of a wide script twice as wide.
fn advance(letter: char, weight: FontWeight) -> u16 {
    let of = |regular: u16, bold: u16| if weight == FontWeight::Bold { bold } else { regular };
    let code = u32::from(letter) as usize;
    match code {
        0x20..=0x7e => of(ASCII_REGULAR[code - 0x20], ASCII_BOLD[code - 0x20]),
        0xa0..=0xff => of(LATIN_REGULAR[code - 0xa0], LATIN_BOLD[code - 0xa0]),
        _ => {
            if let Ok(at) = OTHERS.binary_search_by_key(&letter, |&(other, ..)| other) {
                return of(OTHERS[at].1, OTHERS[at].2);
            }
            let widest = usize::from(b'M' - b' ');
            of(ASCII_REGULAR[widest], ASCII_BOLD[widest]) * letter.width().unwrap_or(0).min(2) as u16
        }
    }
}

fn is_right_to_left(letter: char) -> bool {
    matches!(u32::from(letter), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_uses_the_advances_of_the_font() {
        // 80 is two figures of 497 thousandths at 13 pixels.
        assert!((width("80", FontWeight::Regular) - 12.922).abs() < 0.001);
        assert!(width("at least 80", FontWeight::Bold) > width("at least 80", FontWeight::Regular));
        assert!((width("\u{2068}\u{2069}", FontWeight::Regular)).abs() < f64::EPSILON);
        assert!(width("漢", FontWeight::Regular) > width("é", FontWeight::Regular));
    }

    #[test]
    fn fit_shortens_labels() {
        let long = said(&"Ministry of Defence ".repeat(50_000));
        for room in [0.0, 5.0, 20.0, 80.0, 300.0] {
            let cut = fit(&long, FontWeight::Bold, room);
            assert!(cut.ends_with('…') && width(&cut, FontWeight::Bold) <= room.max(FONT_SIZE), "{cut}");
        }
        assert_eq!(fit("Kabul", FontWeight::Regular, 300.0), "Kabul");
    }

    #[test]
    fn said_isolates_right_to_left_text() {
        assert_eq!(said("وزارت\ndefence"), "\u{2068}وزارت defence\u{2069}");
        assert_eq!(said("a\u{202e}b"), "a\u{fffd}b");
    }
}
