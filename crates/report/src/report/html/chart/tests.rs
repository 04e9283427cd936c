//! Whole charts of small claim files.

use proptest::prelude::*;

use super::label::{FontWeight, width};
use super::*;
use crate::report::html::{Links, PageIndex, Reviewing};
use gainsay_analysis::workspace::{Analysis, Input, Options, Workspace};
use gainsay_reading::period::Period;

const BASE: &str = "\
actors:
  north: { name: North }
  south: { name: South }
  east: { name: East }
  army: { name: Northern Army Command, speaks-for: north }
  paper: { name: The Paper }
events:
  blast: { name: Blast in the harbour, date: 2026-02-06, parties: [north, south, east] }
  whole: { name: All blasts of the week }
measures:
  support: { type: scale, steps: [tolerates, shelters, supports] }
";

/// Calls `show` with a desk on some claims, each given as the keys under its name.
fn with_desk<T>(claims: &[&str], show: impl FnOnce(&PageContext<'_>, &Analysis) -> T) -> T {
    let mut text = "source: { id: paper-1, publisher: paper, published: 2026-02-20 }\nclaims:\n".to_owned();
    for (at, claim) in claims.iter().enumerate() {
        text = format!("{text}  c{at}: {{ words: so, at: p{}, {claim} }}\n", at + 1);
    }
    with_files(&[("base.yaml", BASE), ("paper.yaml", &text)], show)
}

fn with_files<T>(files: &[(&str, &str)], show: impl FnOnce(&PageContext<'_>, &Analysis) -> T) -> T {
    let input = |(path, text): &(&str, &str)| Input {
        path: (*path).to_owned(),
        content: Ok(text.as_bytes().to_vec()),
    };
    let workspace = Workspace::read(files.iter().map(input).collect());
    let analysis = workspace.analyse(&Options::default());
    let index = PageIndex::new(&analysis);
    let desk = PageContext {
        files: workspace.files(),
        analysis: &analysis,
        index: &index,
        links: Links::Frozen,
        reviewing: Reviewing::Command,
        place: "claims/",
        read: "",
    };
    show(&desk, &analysis)
}

/// The chart on a question, by its name.
fn chart(claims: &[&str], question: &str) -> Option<String> {
    with_desk(claims, |desk, analysis| {
        desk.chart(analysis.model.find_question(question).unwrap()).map(maud::PreEscaped::into_string)
    })
}

fn killed(by: &str, value: &str, said: &str) -> String {
    format!("about: blast, measure: killed, of: people, by: {by}, value: \"{value}\", said: {said}")
}

/// The wide picture, without its text alternative.
fn wide(chart: &str) -> &str {
    let from = chart.find("</desc>").unwrap();
    &chart[from..from + chart[from..].find("</svg>").unwrap()]
}

fn snapshot(name: &str, chart: &str) {
    let settings = || {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings()
        .bind(|| insta::assert_snapshot!(name, chart.replace("<g ", "\n<g ").replace("<svg", "\n<svg")));
}

#[test]
fn a_figure_and_its_denial() {
    let claims = [
        killed("army", "at least 80", "2026-02-07"),
        "by: south, denies: c0, said: 2026-02-07".to_owned(),
        "about: blast, measure: casualties, of: people, by: south, value: dozens, said: 2026-02-07"
            .to_owned(),
    ];
    let claims: Vec<&str> = claims.iter().map(String::as_str).collect();
    let chart = chart(&claims, "blast/killed/people").unwrap();
    assert!(wide(&chart).contains("class=\"hatch\"") && !wide(&chart).contains("class=\"dot\""), "{chart}");
    assert!(chart.contains("denies “at least 80”, gives no figure"));
    assert!(chart.contains("Answers to related questions"));
    snapshot("chart_of_a_denial", &chart);
}

#[test]
fn a_denial_of_any_is_hatched_from_one_up_and_never_a_zero() {
    let none = killed("north", "some", "2026-02-07") + ", stance: denies";
    let three = killed("south", "3", "2026-02-07");
    let chart = chart(&[&none, &three], "blast/killed/people").unwrap();
    assert!(wide(&chart).contains("denies any, gives no figure"), "{chart}");
    // The axis goes from 0 to 4 over 514 pixels: hatching begins at 1, the only dot is at 3.
    assert!(wide(&chart).contains("class=\"hatch\"") && wide(&chart).contains("M384.5 "), "{chart}");
    assert!(wide(&chart).matches("class=\"dot\"").count() == 1, "{chart}");
}

#[test]
fn pictures_have_a_text_alternative() {
    let claims = [killed("north", "19", "2026-02-07"), killed("south", "21", "2026-02-07")];
    let chart = chart(&[&claims[0], &claims[1]], "blast/killed/people").unwrap();
    for wide in ["780", "328"] {
        let id = format!("chart:blast%2Fkilled%2Fpeople:{wide}");
        for (name, part) in [("labelledby", "title"), ("describedby", "told")] {
            assert!(chart.contains(&format!("aria-{name}=\"{id}:{part}\"")), "{chart}");
            assert_eq!(chart.matches(&format!(" id=\"{id}:{part}\"")).count(), 1, "{chart}");
        }
    }
    assert!(chart.contains("aria-details=\"positions:blast%2Fkilled%2Fpeople\""), "{chart}");
}

#[test]
fn a_toll_over_time() {
    let claims = [
        killed("north", "19", "2026-02-07"),
        killed("north", "21", "2026-02-11"),
        "about: blast, measure: killed, of: people, value: about 24".to_owned(),
    ];
    let claims: Vec<&str> = claims.iter().map(String::as_str).collect();
    let chart = chart(&claims, "blast/killed/people").unwrap();
    assert!(wide(&chart).contains("rotate(-90)") && wide(&chart).contains("class=\"c1 late\""), "{chart}");
    snapshot("chart_over_time", &chart);
}

#[test]
fn party_that_spoke_first_comes_first() {
    let said = |names: [&str; 3]| {
        let claims = [
            killed("south", "at least 20", "2026-02-08"),
            killed("north", "at most 10", "2026-02-08/2026-02-09"),
            killed("east", "12", "2026-02-07/2026-02-09"),
        ];
        let claims: Vec<&str> = claims.iter().map(String::as_str).collect();
        let chart = chart(&claims, "blast/killed/people").unwrap();
        let places = names.map(|name| wide(&chart).find(&format!(">{name}<")).unwrap());
        assert!(places.is_sorted(), "{names:?} at {places:?}");
    };
    said(["East", "North", "South"]);
}

#[test]
fn gap_between_hard_ranges_shows_its_size() {
    let claims = [killed("south", "at least 20", "2026-02-08"), killed("north", "at most 12", "2026-02-08")];
    let chart = chart(&[&claims[0], &claims[1]], "blast/killed/people").unwrap();
    assert!(wide(&chart).contains("class=\"gap\"") && wide(&chart).contains(">8 apart<"), "{chart}");
    let claims = [killed("south", "at least 20", "2026-02-08"), killed("north", "at most 30", "2026-02-08")];
    assert!(!self::chart(&[&claims[0], &claims[1]], "blast/killed/people").unwrap().contains("apart<"));
}

#[test]
fn zero_has_its_own_lane_on_a_log_scale() {
    let claims = [
        killed("south", "none", "2026-02-08"),
        killed("north", "3", "2026-02-08"),
        killed("east", "2,000", "2026-02-08"),
    ];
    let chart = chart(&[&claims[0], &claims[1], &claims[2]], "blast/killed/people").unwrap();
    assert!(chart.contains("People killed · log scale, zero shown separately"), "{chart}");
    assert!(wide(&chart).contains("cx=\"269\""), "{chart}");
}

#[test]
fn steps_are_named_and_have_no_bands() {
    let claims = [
        "about: blast, measure: support, by: north, value: at least shelters, said: 2026-02-07",
        "by: south, denies: c0, said: 2026-02-07",
    ];
    let chart = chart(&claims, "blast/support").unwrap();
    assert!(wide(&chart).contains(">shelters<") && wide(&chart).contains(">none of it<"), "{chart}");
    assert!(!wide(&chart).contains("class=\"usual\""));
}

#[test]
fn words_alone_have_no_chart() {
    let claims = [
        "about: blast, measure: occurred, by: north, value: \"yes\"",
        "about: blast, measure: occurred, by: south, value: \"no\"",
    ];
    assert_eq!(chart(&claims, "blast/occurred"), None);
    let single = killed("north", "3", "2026-02-08");
    assert_eq!(chart(&[&single], "blast/killed/people"), None);
}

#[test]
fn chart_of_many_statements_draws_the_first_of_each_party() {
    let claims: Vec<String> =
        (0..40).map(|at| killed("north", &(10 + at).to_string(), "2026-02-08")).collect();
    let claims: Vec<&str> = claims.iter().map(String::as_str).collect();
    let chart = chart(&claims, "blast/killed/people").unwrap();
    assert_eq!(wide(&chart).matches("<circle").count(), 8);
    assert!(chart.contains("and 32 more statements in the table"), "{chart}");
}

#[test]
fn hostile_names_stay_in_the_frame() {
    let name = "WWWW مرحبا <script>alert(1)</script> 漢字 \u{202e}".repeat(20_000);
    let base = BASE.replace("Northern Army Command", &format!("{name:?}").replace("\\u{202e}", "\\u202e"));
    let base = base.replace("{ name: South }", &format!("{{ name: \"{}\" }}", "W".repeat(1_000_000)));
    let claims = format!(
        "source: {{ id: paper-1, publisher: paper, published: 2026-02-20 }}\nclaims:\n  a: {{ {} }}\n  b: {{ {} }}\n",
        killed("army", "at least 80", "2026-02-07"),
        killed("south", "4", "2026-02-07")
    );
    with_files(&[("base.yaml", &base), ("paper.yaml", &claims)], |desk, analysis| {
        let question = analysis.model.find_question("blast/killed/people").unwrap();
        let chart = desk.chart(question).unwrap().into_string();
        assert!(chart.len() < 60_000 && !chart.contains("<script>") && !chart.contains('\u{202e}'));
        in_frame(wide(&chart), 780.0);
    });
}

/// Asserts that every label fits the frame, computed with the widths of the font.
fn in_frame(picture: &str, frame: f64) {
    let mut labels = 0;
    for text in picture.split("<text ").skip(1) {
        let (tag, rest) = text.split_once('>').unwrap();
        let label = rest
            .split('<')
            .next()
            .unwrap()
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
        let value = |name: &str| Some(tag.split_once(&format!("{name}=\""))?.1.split('"').next()?.to_owned());
        let x: f64 = value(" x").or_else(|| value("x")).unwrap().parse().unwrap();
        let bold = matches!(value("class").as_deref(), Some("w" | "b" | "party" | "gaptext"));
        let wide = width(&label, if bold { FontWeight::Bold } else { FontWeight::Regular });
        let left = match value("text-anchor").as_deref() {
            Some("end") => x - wide,
            Some("middle") => x - wide / 2.0,
            _ => x,
        };
        assert!(left >= -0.1 && left + wide <= frame + 0.1, "{label} from {left} to {}", left + wide);
        labels += 1;
    }
    assert!(labels > 4, "{picture}");
}

#[test]
fn strips_share_a_scale() {
    let claims = [
        killed("south", "at least 20", "2026-02-08"),
        killed("north", "10", "2026-02-08"),
        "by: east, declines: c0, said: 2026-02-08".to_owned(),
    ];
    with_desk(&[&claims[0], &claims[1], &claims[2]], |desk, analysis| {
        let question = analysis.model.find_question("blast/killed/people").unwrap();
        let answers: Vec<_> = analysis.model.answers_to(question).collect();
        let strips = desk.strips(&answers);
        let drawn: Vec<bool> = strips.iter().map(Option::is_some).collect();
        assert_eq!(drawn, [true, true, false]);
        // 20 and 10 on an axis to 50, from 5 to 127.
        let drawn: Vec<String> = strips.into_iter().flatten().map(maud::PreEscaped::into_string).collect();
        assert!(drawn[0].contains("cx=\"53.8\"") && drawn[1].contains("cx=\"29.4\""), "{drawn:?}");
        assert!(desk.strips(&[]).is_empty());
    });
}

#[test]
fn tolls_of_parts_share_an_axis_and_are_not_summed() {
    let claims = [killed("south", "20", "2026-02-08"), killed("north", "10", "2026-02-08")];
    with_desk(&[&claims[0], &claims[1]], |desk, analysis| {
        let question = analysis.model.find_question("blast/killed/people").unwrap();
        let answers: Vec<_> = analysis.model.answers_to(question).collect();
        let rows = [
            ("First <part>".to_owned(), answers[..1].to_vec()),
            ("Second".to_owned(), answers[1..].to_vec()),
        ];
        let tolls = desk.tolls("blast/killed", &rows).unwrap().into_string();
        assert!(
            tolls.contains("First &lt;part&gt;") && tolls.contains("people killed · 8 Feb 2026"),
            "{tolls}"
        );
        assert!(!tolls.contains(">30<") && desk.tolls("none", &[]).is_none());
        in_frame(wide(&tolls), 780.0);
    });
}

#[test]
fn labels_of_a_timeline_are_clear_of_each_other() {
    let mark = |days: &str, label: &str| Mark {
        days: Period::read(days).unwrap(),
        label: label.to_owned(),
        planned: false,
    };
    let marks = vec![
        mark("2026-02-06", "a blast in the harbour"),
        mark("2026-02-07", "a second blast"),
        mark("2026-02-20/..", &"talks ".repeat(90)),
        mark("2026-02-06/2026-02-09", "arrests"),
    ];
    let lanes = [
        Lane { name: "What happened".to_owned(), hue: None, own: false, marks },
        Lane {
            name: "A party with a name of many words".to_owned(),
            hue: Some(2),
            own: false,
            marks: vec![mark("2026-02-08", "says so")],
        },
        Lane { name: "Nobody".to_owned(), hue: None, own: false, marks: Vec::new() },
    ];
    with_desk(&[], |desk, _| {
        let timeline = desk.timeline("blast", &lanes).unwrap().into_string();
        in_frame(wide(&timeline), 1120.0);
        in_frame(wide(&timeline[timeline.find("tl mid").unwrap()..]), 712.0);
        assert!(
            !timeline.contains("Nobody") && timeline.matches("class=\"evbar\"").count() == 4,
            "{timeline}"
        );
        // Three labels that begin within two days are in three rows.
        for y in ["y=\"46\"", "y=\"82\"", "y=\"118\""] {
            assert!(timeline.contains(y), "{timeline}");
        }
        assert!(desk.timeline("none", &lanes[2..]).is_none());
    });
}

fn figure() -> impl Strategy<Value = String> {
    let number = prop_oneof![0u64..30, 0u64..5_000, 0u64..=1_000_000_000_000_000];
    let word = prop::sample::select(vec![
        "",
        "at least ",
        "at most ",
        "about ",
        "more than ",
        "nearly ",
        "fewer than ",
    ]);
    prop_oneof![
        (word, number.clone()).prop_map(|(word, number)| format!("{word}{number}")),
        (number.clone(), number).prop_map(|(one, other)| format!("{}-{}", one.min(other), one.max(other))),
        prop::sample::select(vec!["some", "dozens", "none", "hundreds of thousands"]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_number_in_a_picture_is_one(
        figures in prop::collection::vec((figure(), 0usize..3, 7u8..20, any::<bool>()), 1..12)
    ) {
        let claims: Vec<String> = figures
            .iter()
            .map(|(value, by, day, denies)| {
                let stance = if *denies { ", stance: denies" } else { "" };
                killed(["north", "south", "east"][*by], value, &format!("2026-02-{day:02}")) + stance
            })
            .collect();
        let claims: Vec<&str> = claims.iter().map(String::as_str).collect();
        with_desk(&claims, |desk, analysis| {
            for question in analysis.model.question_ids() {
                let answers: Vec<_> = analysis.model.answers_to(question).collect();
                let strips: String = desk.strips(&answers).into_iter().flatten().map(maud::PreEscaped::into_string).collect();
                let chart = desk.chart(question).map(maud::PreEscaped::into_string).unwrap_or_default();
                for drawn in [&chart, &strips] {
                    let plain = drawn.to_lowercase();
                    for wrong in ["nan\"", "inf", "nan ", "e+", "width=\"-", "height=\"-"] {
                        assert!(!plain.contains(wrong), "{wrong}: {drawn}");
                    }
                }
                if !chart.is_empty() {
                    in_frame(wide(&chart), 780.0);
                }
            }
        });
    }
}
