//! Tests of reading, printing and comparing dates, and of the messages on those that cannot be read.

use proptest::prelude::*;

use super::*;

fn period(text: &str) -> Period {
    Period::read(text).expect(text)
}

#[test]
fn day_counts_from_1970() {
    assert_eq!(Day::from_ymd(1970, 1, 1).map(Day::number), Some(0));
    assert_eq!(Day::from_ymd(2026, 2, 22).map(Day::number), Some(20_506));
    assert_eq!(Day::from_ymd(0, 1, 1), Some(Day::MIN));
    assert_eq!(Day::from_ymd(9999, 12, 31), Some(Day::MAX));
    assert_eq!(Day::from_ymd(2025, 2, 29), None);
    assert_eq!(Day::from_ymd(-1, 1, 1), None);
    assert_eq!(Day::from_number(-1).to_string(), "1969-12-31");
    assert_eq!(Day::MAX.plus(1), Day::MAX);
    assert_eq!(Day::MIN.plus(i32::MIN), Day::MIN);
    assert_eq!(Day::from_number(30).since(Day::from_number(0)), 30);
}

#[test]
fn period_reads_every_form() {
    let cases = [
        ("2026-02-22", "2026-02-22", "2026-02-22", "22 February 2026"),
        ("2026-02", "2026-02-01", "2026-02-28", "February 2026"),
        ("2024-02", "2024-02-01", "2024-02-29", "February 2024"),
        ("2026", "2026-01-01", "2026-12-31", "2026"),
        ("2026-02-22/2026-02-25", "2026-02-22", "2026-02-25", "22 to 25 February 2026"),
        ("2026-02-22/2026-03-03", "2026-02-22", "2026-03-03", "22 February to 3 March 2026"),
        ("2025-12-30/2026-01-02", "2025-12-30", "2026-01-02", "30 December 2025 to 2 January 2026"),
        ("2026-01/2026-03", "2026-01-01", "2026-03-31", "January to March 2026"),
        ("2024/2026", "2024-01-01", "2026-12-31", "2024 to 2026"),
        ("2026-02-22/2026-02", "2026-02-22", "2026-02-28", "22 February 2026 to February 2026"),
        ("../2024-12-31", "open", "2024-12-31", "by 31 December 2024"),
        ("2025-10-20/..", "2025-10-20", "open", "from 20 October 2025"),
        ("2026-02-11~", "2026-02-10", "2026-02-12", "about 11 February 2026"),
        ("2026-01-01~", "2025-12-31", "2026-01-02", "about 1 January 2026"),
        ("2026-02~", "2026-01-01", "2026-03-31", "about February 2026"),
        ("2026~", "2025-01-01", "2027-12-31", "about 2026"),
        ("2026-02-22~/2026-02-25", "2026-02-21", "2026-02-25", "about 22 February 2026 to 25 February 2026"),
        ("2026-02-22/2026-03~", "2026-02-22", "2026-04-30", "22 February 2026 to about March 2026"),
        ("0000~", "0000-01-01", "0001-12-31", "about 0"),
        ("9999~", "9998-01-01", "9999-12-31", "about 9999"),
    ];
    for (text, first, last, words) in cases {
        let read = period(text);
        let day = |day: Option<Day>| day.map_or_else(|| "open".to_owned(), |day| day.to_string());
        assert_eq!((day(read.first).as_str(), day(read.last).as_str()), (first, last), "{text}");
        assert_eq!(read.in_words(), words);
        assert_eq!(read.to_string(), text);
        assert_eq!(read.approximate, text.contains('~'));
    }
    assert_eq!(period(" 2026-02-22/2026-02-22\n").to_string(), "2026-02-22");
}

#[test]
fn period_keeps_the_days_that_it_names() {
    let about = period("2026-02-11~");
    assert_eq!(about.nominal_last(), Day::from_ymd(2026, 2, 11));
    assert_eq!(about.nominal_first(), about.nominal_last());
    assert_eq!(period("2026-02~").nominal_last(), Day::from_ymd(2026, 2, 28));
    assert_eq!(period("2025-10-20/..").nominal_last(), None);
    assert_eq!(period("2025-10-20/..").latest(), Day::MAX);
    assert_eq!(period("../2024-12-31").earliest(), Day::MIN);
}

#[test]
fn period_compares_days() {
    let [day, month, later, open, until] =
        ["2026-02-22", "2026-02", "2026-03-01", "2026-03-01/..", "../2026-02-22"].map(period);
    assert!(month.contains(&day) && !day.contains(&month) && month.meets(&day));
    assert!(month.entirely_before(&later) && !later.entirely_before(&month) && !month.meets(&later));
    assert!(open.contains(&later) && !open.entirely_before(&later) && month.entirely_before(&open));
    assert!(until.meets(&day) && until.entirely_before(&later) && !later.entirely_before(&until));
    assert!(period("2026-02-28~").meets(&later));
    assert!(
        day.surely_by(&day) && month.surely_by(&later) && until.surely_by(&day) && later.surely_by(&open)
    );
    assert!(!month.surely_by(&month) && !month.surely_by(&day) && !open.surely_by(&later));
    assert!(!period("2026-02-22~").surely_by(&day) && period("2026-02-21~").surely_by(&day));
    assert_eq!(Period::between(day.last, day.first), day);
}

#[test]
fn misread_suggests_the_date_that_was_meant() {
    let cases = [
        ("22/02/2026", Some("2026-02-22")),
        ("02/22/2026", Some("2026-02-22")),
        ("22.2.2026", Some("2026-02-22")),
        ("03/02/2026", None),
        ("02/02/2026", Some("2026-02-02")),
        ("2026-2-3", Some("2026-02-03")),
        ("2026-2", Some("2026-02")),
        ("2026/02/22", Some("2026-02-22")),
        ("20260222", Some("2026-02-22")),
        ("22 Feb 2026", Some("2026-02-22")),
        ("22nd February 2026", Some("2026-02-22")),
        ("February 22, 2026", Some("2026-02-22")),
        ("Feb 2026", Some("2026-02")),
        ("2026-02-22T10:00:00Z", Some("2026-02-22")),
        ("2026-02-22?", Some("2026-02-22~")),
        ("about 2026-02", Some("2026-02~")),
        ("~2026", Some("2026~")),
        ("until 31 December 2024", Some("../2024-12-31")),
        ("2025-10-20/", Some("2025-10-20/..")),
        ("2026-02-22 to 2026-02-25", Some("2026-02-22/2026-02-25")),
        ("2026-02-22..2026-02-25", Some("2026-02-22/2026-02-25")),
        ("2026–02–22", Some("2026-02-22")),
        ("2026-02-30", None),
        ("30 Feb 2026", None),
        ("26-02-22", None),
        ("yesterday", None),
        ("../..", None),
        ("", None),
    ];
    for (text, help) in cases {
        let misread = Period::read(text).expect_err(text);
        assert_eq!(misread.help.as_deref(), help, "{text}: {misread}");
        assert!(help.is_none_or(|help| Period::read(help).is_ok()));
    }
}

#[test]
fn misread_says_what_is_wrong() {
    let cases = [
        ("2026-02-30", 8, "`2026-02-30` is not a date: February 2026 has 28 days"),
        ("2026-13", 5, "`2026-13` is not a date: there is no month 13"),
        ("2026-00-10", 5, "`2026-00-10` is not a date: there is no month 00"),
        ("2026-02-00", 8, "`2026-02-00` is not a date: there is no day 00"),
        (
            " 2026-02-25/2026-02-22",
            12,
            "`2026-02-25/2026-02-22` is not a date: the interval ends before it starts",
        ),
        ("2026-02-22/2026-02-30", 19, "`2026-02-22/2026-02-30` is not a date: February 2026 has 28 days"),
        ("/2024", 0, "`/2024` is not a date: an open end is written `..`"),
        ("../..", 0, "`../..` is not a date: an interval that is open at both ends says nothing"),
        ("03/02/2026", 0, "`03/02/2026` is not a date: it could be 2026-02-03 or 2026-03-02"),
        ("soon", 0, "`soon` is not a date: a date is written like `2026-02-22`, `2026-02` or `2026`"),
        ("", 0, "the date is missing"),
    ];
    for (text, at, message) in cases {
        let misread = Period::read(text).expect_err(text);
        assert_eq!((misread.at, misread.message.as_str()), (at, message));
    }
    for unit in ["9", "-", "/", "é", " ", "2026-", "~"] {
        assert!(Period::read(&unit.repeat(1_000_000)).is_err_and(|misread| misread.message.len() < 300));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn period_read_never_panics(text in any::<String>()) {
        let _ = Period::read(&text);
    }

    #[test]
    fn period_read_of_similar_texts_never_panics(text in "[0-9~/. -]{0,24}|[0-9]{1,4}[-/. ](Feb|é|[0-9]{1,3})[-/. ][0-9]{1,8}~?") {
        let at = Period::read(&text).err().map_or(0, |misread| misread.at);
        prop_assert!(text.is_char_boundary(at));
    }

    #[test]
    fn printed_period_reads_back(first in -719_528_i32..=2_932_896, length in 0_i32..4_000, form in 0_u8..6) {
        let (day, last) = (Day::from_number(first), Day::from_number(first).plus(length));
        let text = match form {
            0 => day.to_string(),
            1 => format!("{day}~"),
            2 => format!("{day}/{last}~"),
            3 => format!("../{day}"),
            4 => format!("{}/..", &day.to_string()[..7]),
            _ => format!("{}~", &day.to_string()[..4]),
        };
        let read = period(&text);
        prop_assert_eq!(period(&read.to_string()), read);
        prop_assert!(read.earliest() <= read.latest() && read.contains(&read) && read.meets(&read));
    }

    #[test]
    fn day_equals_its_number_and_its_text(number in -719_528_i32..=2_932_896) {
        let day = Day::from_number(number);
        let (year, month, date) = day.ymd();
        prop_assert_eq!(Day::from_ymd(year, month, date), Some(day));
        prop_assert_eq!(period(&day.to_string()).first, Some(day));
    }
}

#[test]
fn when_in_words_fits_a_sentence() {
    let cases = [
        ("2026-02-22", "on 22 February 2026"),
        ("2026-02-22~", "about 22 February 2026"),
        ("2026-02", "in February 2026"),
        ("2026", "in 2026"),
        ("2025-10-09/2025-10-19", "between 9 and 19 October 2025"),
        ("../2024-12-31", "by 31 December 2024"),
        ("2024-12-31/..", "from 31 December 2024"),
    ];
    for (text, words) in cases {
        assert_eq!(Period::read(text).unwrap().when_in_words(), words);
    }
}

#[test]
fn in_brief_is_short() {
    for (written, brief) in [
        ("2026-02-22", "22 Feb 2026"),
        ("2025-10-10~", "10 Oct 2025 (about)"),
        ("2026-02-22/2026-02-24", "22–24 Feb 2026"),
        ("2026-02-27/2026-03-02", "27 Feb – 2 Mar 2026"),
        ("2026-02-22~/2026-02-24", "22–24 Feb 2026 (about)"),
        ("2025-11/2026-02-21", "Nov 2025 – 21 Feb 2026"),
        ("2026-02/2026-03", "Feb–Mar 2026"),
        ("2025/2026", "2025–2026"),
        ("2025/2026-03", "2025 – Mar 2026"),
        ("../2026-02-24", "by 24 Feb 2026"),
        ("2025-10-20/..", "from 20 Oct 2025"),
        ("2026-05", "May 2026"),
        ("2026", "2026"),
    ] {
        assert_eq!(Period::read(written).unwrap().in_brief(), brief, "{written}");
    }
}
