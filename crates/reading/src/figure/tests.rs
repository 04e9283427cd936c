//! Tests of the reader through its public functions: wordings that are not in the table, amounts, time,
//! shares and changes, rounding, and properties.

use proptest::prelude::*;

use super::*;

const TIME: Counting = Counting::TIME;
const PLAIN: Counting = Counting::Amount { unit: None };

fn reads(text: &str, counting: &Counting) -> String {
    match read(text, counting, &Conventions::default()) {
        Ok(reading) => reading.to_string(),
        Err(unread) => format!("{} [{}]", unread.message, unread.at),
    }
}

fn figure(text: &str, counting: &Counting) -> Figure {
    let read = read(text, counting, &Conventions::default()).ok();
    read.and_then(|reading| if let Reading::Figure(figure) = reading { Some(figure) } else { None })
        .expect(text)
}

fn check(counting: &Counting, cases: &[(&str, &str)]) {
    for (text, wanted) in cases {
        assert_eq!(reads(text, counting), *wanted, "{text}");
    }
}

#[test]
fn read_takes_counts_that_are_not_in_the_table() {
    check(
        &Counting::Whole,
        &[
            ("  At  Least\n36 ", "36 and up, usually 36-72"),
            ("1_000", "1,000"),
            ("1\u{202f}034", "1,034"),
            ("exactly 36", "36"),
            ("zero", "0"),
            ("no one", "0"),
            ("Thirty-six", "36"),
            ("hundred and twenty", "120"),
            ("not more than 40", "0-40, usually 20-40"),
            ("≥ 36", "36 and up, usually 36-72"),
            (">= 36", "36 and up, usually 36-72"),
            ("36 or fewer", "0-36, usually 18-36"),
            ("169 or so", "85-338, usually 153-185"),
            ("as many as 40", "0-40, usually 20-40"),
            ("17–20", "17-20"),
            ("from 17 to 20", "17-20"),
            ("three or four", "3-4"),
            ("six-seven", "6-7"),
            ("twenty-six", "26"),
            ("1 to 2 million", "1,000,000-2,000,000"),
            ("500 to 1 thousand", "500-1,000"),
            ("between a hundred and twenty and two hundred", "120-200"),
            ("between one hundred and two hundred", "100-200"),
            ("1.2-3.8", "2-3"),
            ("at least 0", "0 and up"),
            ("more than 0", "1 and up"),
            ("more than 1", "2 and up, usually 2"),
            ("fewer than 1", "0"),
            ("about 1", "1-2"),
            ("about 0", "0"),
            ("about 5", "3-10, usually 4-6"),
            ("nearly 1", "1"),
            ("up to 5", "0-5, usually 3-5"),
            ("more than 2.5", "3 and up, usually 3-5"),
        ],
    );
}

#[test]
fn read_combines_wordings() {
    check(
        &Counting::Whole,
        &[
            ("several dozen", "24 and up, usually 36-119"),
            ("a few hundred", "200 and up, usually 300-999"),
            ("a couple of dozen", "24-47, usually 24-35"),
            ("dozens of thousands", "12,000 and up, usually 24,000-99,999"),
            ("hundreds of thousands", "100,000 and up, usually 200,000-999,999"),
            ("several tens of thousands", "20,000 and up, usually 30,000-99,999"),
            ("some dozens", "12 and up, usually 24-99"),
            ("some two dozen", "12-48, usually 22-26"),
            ("about dozens", "6 and up, usually 22-108"),
            ("at least some 40", "20 and up, usually 36-88"),
            ("up to 30 or 40", "0-40, usually 15-40"),
            ("dozens to hundreds", "12 and up, usually 24-999"),
            ("at least 17 to 20", "17 and up, usually 17-40"),
            ("fewer than dozens", "0 and up, usually 12-98"),
            ("about 40 or more", "20 and up, usually 36-88"),
        ],
    );
}

#[test]
fn figure_keeps_its_wording() {
    let cases: [(&str, Qualifier, &[i64], &[&str]); 8] = [
        ("36", Qualifier::Exactly, &[36], &[]),
        ("0", Qualifier::None, &[0], &[]),
        ("at least 36", Qualifier::AtLeast, &[36], &["at least"]),
        ("17-20", Qualifier::Between, &[17, 20], &[]),
        ("dozens", Qualifier::Vague, &[], &["dozens"]),
        ("at least dozens", Qualifier::AtLeast, &[], &["at least", "dozens"]),
        ("at least about 40", Qualifier::AtLeast, &[40], &["at least", "about"]),
        ("some", Qualifier::Some, &[], &[]),
    ];
    for (text, qualifier, stated, leaned_on) in cases {
        let found = figure(text, &Counting::Whole);
        let stated: Vec<i64> = stated.iter().map(|value| value * ONE).collect();
        assert_eq!(
            (found.qualifier, found.stated, found.leaned_on),
            (qualifier, stated, leaned_on.to_vec()),
            "{text}"
        );
    }
}

#[test]
fn read_takes_amounts() {
    check(
        &PLAIN,
        &[
            ("about 1.5 million", "750,000-3,000,000, usually 1,350,000-1,650,000"),
            ("1.5", "1.5"),
            ("more than 40", "40.001 and up, usually 40.001-80"),
            ("second", "2"),
            ("2nd", "2"),
            ("twenty-first", "21"),
            ("6 days", "`6 days` cannot be read: reading stopped at `days` [2]"),
        ],
    );
    let unit = |name: &str| Counting::Amount { unit: Some(Unit::read(name)) };
    check(
        &unit("km"),
        &[
            ("12 km", "12"),
            ("12", "12"),
            ("about 12-15 KMs", "6-30, usually 10.8-16.5"),
            ("12 km or more", "12 and up, usually 12-24"),
        ],
    );
    check(
        &unit("miles"),
        &[("a few mile", "2 and up, usually 3-9"), ("dozens of miles", "12 and up, usually 24-99")],
    );
    check(
        &unit("%"),
        &[("20.5%", "20.5"), ("45 percent", "45"), ("45% of civilians", "44.5%-45.5% of civilians")],
    );
    check(&unit("$"), &[("about $12 million", "6,000,000-24,000,000, usually 10,800,000-13,200,000")]);
}

#[test]
fn read_takes_spans_of_time() {
    check(
        &TIME,
        &[
            ("6 days", "6 days"),
            ("six-day", "6 days"),
            ("a four-day", "4 days"),
            ("a week", "7 days"),
            ("week-long", "7 days"),
            ("a week-long", "7 days"),
            ("48 hours", "2 days"),
            ("half an hour", "30 minutes"),
            ("a day and a half", "1.5 days"),
            ("two hours and 30 minutes", "2.5 hours"),
            ("several days", "2 days and up, usually 3 days to 9 days"),
            ("a couple of weeks", "14 days to 21 days, usually 14 days"),
            ("about a week", "3.5 days to 14 days, usually 6 days to 8 days"),
            ("about 6 days", "3 days to 12 days, usually 5 days to 7 days"),
            ("two to three weeks", "14 days to 21 days"),
            ("2 days to 1 week", "2 days to 7 days"),
            ("between 2 days and 3 weeks", "2 days to 21 days"),
            ("at least 2 months", "60 days and up, usually 60 days to 120 days"),
            ("1.5 years", "547.5 days"),
            ("half day", "12 hours"),
            ("a half day", "12 hours"),
            ("24h", "1 day"),
            ("more than a week", "more than 7 days, usually more than 7 days to 14 days"),
            ("fewer than 2 days", "0 seconds to under 2 days, usually 1 day to under 2 days"),
            ("6", "`6` cannot be read: it needs a unit of time [1]"),
        ],
    );
}

#[test]
fn read_takes_shares_and_changes() {
    check(
        &Counting::Whole,
        &[
            ("two thirds of people", "63%-70% of people"),
            ("three quarters of people", "72.5%-77.5% of people"),
            ("at least half of people", "50% or more of people"),
            ("more than half of people", "more than 50% of people"),
            ("about 45% of civilians", "22.5%-90% of civilians"),
            ("45.0% of civilians", "44.95%-45.05% of civilians"),
            ("100% of civilians", "99.5% or more of civilians"),
            ("120% of civilians", "`120% of civilians` cannot be read: a share is at most 100% [0]"),
            ("half of the people", "`half of the people` cannot be read: reading stopped at `people` [12]"),
            (
                "half of 2023",
                "`half of 2023` cannot be read: a share is of a population, not of a period [8]",
            ),
            ("−5% on 2024", "0.945-0.955 times 2024"),
            ("up 21% from pips-pakistan@2024", "1.205-1.215 times pips-pakistan@2024"),
            ("more than double 2023", "2 or more times 2023"),
            ("nearly double 2023", "1.5-2 times 2023"),
            ("about +21% on 2024", "1.105-1.42 times 2024"),
            ("at least +21% on 2024", "1.21 or more times 2024"),
            ("21% on 2024", "`21% on 2024` cannot be read: a change needs a sign [0]"),
            (
                "more than -5% on 2024",
                "`more than -5% on 2024` cannot be read: a bound on a fall can be read two ways [10]",
            ),
            ("double", "`double` cannot be read: its basis is missing, such as `of people` or `on 2024` [6]"),
        ],
    );
    let read = read("at least half of  people", &Counting::Whole, &Conventions::default()).ok();
    let share = read
        .and_then(|reading| if let Reading::Share(share) = reading { Some(share) } else { None })
        .expect("a share");
    assert_eq!((share.of.start, share.of.end, share.words.as_str()), (18, 24, "at least half"));
}

#[test]
fn unread_says_where_reading_stopped() {
    check(
        &Counting::Whole,
        &[
            ("", "the figure is missing [0]"),
            ("1,5", "`1,5` cannot be read: `1,5` could be 1.5 or 15 [1]"),
            ("1.5", "`1.5` cannot be read: a count is a whole number [0]"),
            ("at least", "`at least` cannot be read: a number is missing at its end [8]"),
            (
                "at least more than 5",
                "`at least more than 5` cannot be read: two qualifiers follow each other [9]",
            ),
            (
                "at least 5 or more",
                "`at least 5 or more` cannot be read: it has a qualifier before and after [11]",
            ),
            ("20-17", "`20-17` cannot be read: the range ends below its start [5]"),
            ("-5", "`-5` cannot be read: a figure cannot be negative [0]"),
            ("fewer than 0", "`fewer than 0` cannot be read: nothing can be fewer than none [0]"),
            ("36 people", "`36 people` cannot be read: reading stopped at `people` [3]"),
            (
                "thousands of trillions of trillions",
                "`thousands of trillions of trillions` cannot be read: the number is larger than a quadrillion [10]",
            ),
        ],
    );
    let huge = "1".to_owned() + &"0".repeat(30);
    assert!(reads(&huge, &Counting::Whole).contains("larger than a quadrillion"));
}

#[test]
fn read_refuses_long_texts_at_once() {
    for unit in ["9", "a ", "and ", "1,", "é", " ", "between and ", "hundred "] {
        let text = unit.repeat(1_000_000 / unit.len());
        let unread = read(&text, &Counting::Whole, &Conventions::default()).expect_err("refused");
        assert!(unread.message.len() < 300 && text.is_char_boundary(unread.at));
    }
}

#[test]
fn within_rounding_differs_from_disagreement() {
    let cases = [
        ("169", "170", true),
        ("1,000", "1,034", true),
        ("20", "25", false),
        ("2", "3", false),
        ("100", "104", true),
        ("100", "106", false),
        ("36", "37", true),
        ("36", "38", false),
        ("about 169", "170", false),
        ("36", "36", true),
        ("1.5 million", "1,540,000", true),
        ("two dozen", "25", true),
        ("two dozen", "26", false),
    ];
    for (a, b, wanted) in cases {
        let (a, b) = (figure(a, &Counting::Whole), figure(b, &Counting::Whole));
        assert_eq!((within_rounding(&a, &b), within_rounding(&b, &a)), (wanted, wanted), "{a} {b}");
    }
    for (a, b, wanted) in [
        ("a week", "six days", true),
        ("6 days", "5 days", false),
        ("2 weeks", "10 days", false),
        ("a month", "4 weeks", true),
    ] {
        assert_eq!(within_rounding(&figure(a, &TIME), &figure(b, &TIME)), wanted, "{a} {b}");
    }
}

#[test]
fn read_follows_the_conventions_of_the_desk() {
    let mut conventions = Conventions::default();
    conventions.set("dozens", Some("24.."), Some("24-60")).expect("valid");
    conventions.set("about", Some("20%"), Some("5%")).expect("valid");
    let reads = |text| read(text, &Counting::Whole, &conventions).map(|reading| reading.to_string());
    assert_eq!(reads("dozens").as_deref(), Ok("24 and up, usually 24-60"));
    assert_eq!(reads("about 200").as_deref(), Ok("160-250, usually 190-210"));
}

/// Wordings made of words that the reader knows; most of them are nonsense.
fn wording() -> impl Strategy<Value = String> {
    let words: Vec<String> = wordings()
        .iter()
        .flat_map(|(wording, _)| wording.split(' '))
        .chain(Conventions::words().flat_map(|word| word.split(' ')))
        .chain([
            "and",
            "-",
            "to",
            "or more",
            "week",
            "days",
            "hours",
            "0",
            "0.001",
            "999999999999999",
            "quadrillion",
            "years",
            "2nd",
            "%",
            "km",
            ",",
            ".",
        ])
        .map(str::to_owned)
        .collect();
    prop::collection::vec(prop::sample::select(words), 0..7).prop_map(|words| words.join(" "))
}

fn sound(text: &str) {
    let conventions = Conventions::default();
    let named = Counting::Amount { unit: Some(Unit::Named("km".into())) };
    for counting in [Counting::Whole, PLAIN, TIME, named] {
        match read(text, &counting, &conventions) {
            Ok(Reading::Figure(figure)) => {
                assert!(
                    figure.hard.contains(&figure.usual) && figure.usual.low <= figure.usual.high,
                    "{text}: {figure:?}"
                );
                assert!(figure.hard.low >= 0 && figure.step > 0, "{text}: {figure:?}");
                assert!(figure.stated.iter().all(|value| *value >= 0), "{text}: {figure:?}");
            }
            Ok(Reading::Share(share)) => {
                assert!(0 <= share.low && share.low <= share.high, "{text}: {share:?}");
            }
            Ok(Reading::Change(change)) => {
                assert!(0 <= change.low && change.low <= change.high, "{text}: {change:?}");
            }
            Err(unread) => assert!(text.is_char_boundary(unread.at), "{text}: {unread:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn read_of_known_words_is_sound(text in wording()) {
        sound(&text);
    }

    #[test]
    fn read_never_panics(text in any::<String>()) {
        sound(&text);
    }

    #[test]
    fn usual_range_is_within_the_hard_range_for_every_qualifier(value in 0_i64..=1_000_000_000_000, word in 0_usize..6) {
        let words = ["at least", "more than", "up to", "fewer than", "about", "nearly"];
        sound(&format!("{} {}", words[word], number(value)));
    }

    #[test]
    fn printed_number_reads_back(value in 0_i64..=1_000_000_000_000_000_000) {
        prop_assert_eq!(figure(&number(value), &PLAIN).hard, Range::exact(value));
    }
}

#[test]
fn plain_digits_equal_the_result_of_the_full_reader() {
    let conventions = Conventions::default();
    for text in ["1", "36", "170", "1000", "1034", "007", "999999999999"] {
        let quick = read(text, &Counting::Whole, &conventions);
        // A space before it makes the full reader read the same number.
        assert_eq!(quick, read(&format!(" {text}"), &Counting::Whole, &conventions), "{text}");
    }
}
