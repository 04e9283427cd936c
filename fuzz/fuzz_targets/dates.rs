//! Any two texts, separated by a line feed, as dates: a date keeps its days when it is written and read again, and
//! comparing two dates is symmetric where it must be.
#![no_main]

use gainsay::period::Period;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (one, other) = text.split_once('\n').unwrap_or((text, "2026-02"));
    let (one, other) = (read(one), read(other));
    if let (Some(one), Some(other)) = (one, other) {
        assert_eq!(one.meets(&other), other.meets(&one));
        assert!(!(one.entirely_before(&other) && (one.meets(&other) || other.entirely_before(&one))));
        assert!(!one.entirely_before(&other) || one.surely_by(&other));
        assert!(!one.contains(&other) || one.meets(&other));
        assert!(!(one.contains(&other) && other.contains(&one)) || one.earliest() == other.earliest());
    }
});

fn read(text: &str) -> Option<Period> {
    let period = match Period::read(text) {
        Ok(period) => period,
        Err(figure_error) => {
            assert!(text.is_char_boundary(figure_error.at), "{text:?} stops at {}", figure_error.at);
            return None;
        }
    };
    assert!(period.earliest() <= period.latest(), "{text:?}");
    let written = period.to_string();
    assert_eq!(Period::read(&written).ok(), Some(period), "{text:?} is written as `{written}`");
    let canonical = period.canonical();
    assert_eq!((canonical.earliest(), canonical.latest()), (period.earliest(), period.latest()), "{text:?}");
    for words in [period.in_words(), period.in_brief(), period.when_in_words()] {
        assert!(!words.is_empty(), "{text:?}");
    }
    Some(period)
}
