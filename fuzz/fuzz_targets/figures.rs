//! Any text as the wording of a figure, under the usual conventions and under some that a user could set: ranges are in
//! order, the usual range is inside the hard one, and the position of an error is inside the text. A line feed
//! separates the wording from two readings of a vague word.
#![no_main]

use gainsay::figure::{Conventions, Counting, OPEN, Reading, Unit, read, within_rounding};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(4, '\n');
    let wording = parts.next().unwrap_or_default();
    let mut conventions = Conventions::default();
    if let Some(word) = parts.next() {
        let _ = conventions.set(word, parts.next(), parts.next());
        let _ = conventions.describe(word);
    }
    let people = Counting::Amount { unit: Some(Unit::read("people")) };
    for counting in [Counting::Whole, Counting::Amount { unit: None }, Counting::TIME, people] {
        match read(wording, &counting, &conventions) {
            Ok(reading) => assert_in_order(wording, &reading),
            Err(unread) => {
                assert!(wording.is_char_boundary(unread.at), "{wording:?} stops at {}", unread.at);
                assert!(unread.would_read.len() <= 3);
                for other in &unread.would_read {
                    let is_read = [&Counting::Whole, &Counting::Amount { unit: None }, &counting]
                        .iter()
                        .any(|counting| read(other, counting, &conventions).is_ok());
                    assert!(is_read, "{wording:?}: `{other}` is offered and not read");
                }
            }
        }
    }
});

fn assert_in_order(wording: &str, reading: &Reading) {
    match reading {
        Reading::Figure(figure) => {
            let (hard, usual) = (figure.hard, figure.usual);
            assert!(hard.low <= hard.high && usual.low <= usual.high, "{wording:?}: {figure:?}");
            assert!(hard.low <= usual.low && usual.high <= hard.high, "{wording:?}: {figure:?}");
            assert!(within_rounding(figure, figure) || !hard.is_exact(), "{wording:?}: {figure:?}");
            let _ = figure.to_string();
        }
        Reading::Share(share) => {
            assert!(0 <= share.low && share.low <= share.high && share.high <= 1_000_000, "{share:?}");
            assert!(wording.get(share.of.start..share.of.end).is_some(), "{wording:?}: {share:?}");
        }
        Reading::Change(change) => {
            assert!(0 <= change.low && change.low <= change.high && change.high <= OPEN, "{change:?}");
            assert!(wording.get(change.base.start..change.base.end).is_some(), "{wording:?}: {change:?}");
        }
    }
}
