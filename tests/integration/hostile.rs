//! Texts that nobody writes in good faith. For any bytes, the findings have places, and other files are read
//! as usual.

use gainsay::document::mention::Kind;
use gainsay::edit::{self, FieldValue, NewEntry};
use gainsay::finding::{Finding, Grade};
use gainsay::workspace::{Analysis, Input, Options, Workspace};

/// A file with one clash, which must be found next to any other file.
const HONEST: &str = "\
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: killed, value: 36 }
  south-toll: { by: south, about: raid, measure: killed, value: at least 50 }
";

/// Reads bytes as `hostile.yaml` next to an honest file; returns the findings in `hostile.yaml`.
fn read(bytes: impl Into<Vec<u8>>) -> Vec<Finding> {
    let file = |path: &str, content: Vec<u8>| Input { path: path.to_owned(), content: Ok(content) };
    let workspace =
        Workspace::read(vec![file("hostile.yaml", bytes.into()), file("honest.yaml", HONEST.into())]);
    let analysis = workspace.analyse(&Options::default());
    assert_honest_is_read(&analysis);
    let hostile = workspace.files().find("hostile.yaml").unwrap();
    for finding in &analysis.findings {
        assert!(!finding.labels.is_empty(), "no place: {}", finding.message);
        for label in &finding.labels {
            let (text, span) = (workspace.files()[label.location.file].text(), label.location.span);
            let is_there = text.get(span.range()).is_some() || text.is_empty();
            assert!(is_there, "{}: no such place: {span:?}", finding.message);
        }
    }
    analysis.findings.into_iter().filter(|finding| finding.labels[0].location.file == hostile).collect()
}

fn assert_honest_is_read(analysis: &Analysis) {
    let clashes = analysis.findings.iter().filter(|finding| finding.rule == "figures-disagree");
    assert_eq!(clashes.count(), 1, "the honest file is not read");
}

/// The rules and places of errors.
fn errors(findings: &[Finding]) -> Vec<(&'static str, u32)> {
    let errors = findings.iter().filter(|finding| finding.grade == Grade::Error);
    errors.map(|finding| (finding.rule, finding.labels[0].location.span.start)).collect()
}

fn rules(findings: &[Finding]) -> Vec<&'static str> {
    errors(findings).into_iter().map(|(rule, _)| rule).collect()
}

/// SECURITY: R9.
#[test]
fn deep_nesting_is_refused_once() {
    for piece in ["[", "- ", "{a: ", "? ", "a: {", "[a, {"] {
        let found = read(piece.repeat(100_000));
        assert_eq!(rules(&found), ["invalid-yaml"], "{piece:?}");
    }
    let deep: String = (0..3_000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    assert_eq!(rules(&read(deep)), ["unknown-key", "invalid-yaml"]);
}

#[test]
fn deep_nesting_in_one_claim_leaves_the_rest_of_the_file() {
    let text = format!("claims:\n  one: {}\nactors:\n  a: {{ naem: x }}\n", "[".repeat(100_000));
    let found = read(text);
    assert_eq!(rules(&found), ["missing-field", "invalid-yaml", "unknown-key"], "{found:#?}");
}

#[test]
fn unbalanced_brackets_are_reported() {
    for text in ["]".repeat(100_000), "}{".repeat(50_000), "[]".repeat(50_000), "[}".repeat(50_000)] {
        assert!(!rules(&read(text)).is_empty());
    }
}

#[test]
fn nested_aliases_are_refused_without_expansion() {
    let mut text = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for (own, other) in ('b'..='i').zip('a'..) {
        text += &format!("{own}: &{own} [{}]\n", vec![format!("*{other}"); 9].join(", "));
    }
    let found = read(text);
    assert!(rules(&found).contains(&"refused-yaml") && found.len() < 200, "{}", found.len());
}

/// SECURITY: R9.
#[test]
fn anchors_merge_keys_tags_and_documents_are_refused() {
    let claim = |value: &str| format!("claims:\n  one: {{ note: {value} }}\n");
    for value in ["&x y", "!!binary aGFsbG8=", "!local y", "!!python/object/apply:os.system [ls]"] {
        assert!(rules(&read(claim(value))).contains(&"refused-yaml"), "{value}");
    }
    assert!(!rules(&read(claim("*x"))).is_empty());
    assert!(!rules(&read("actors:\n  a:\n    <<: { name: b }\n")).is_empty());
    assert!(!rules(&read("actors:\n  a: &a { name: b }\n  c:\n    <<: *a\n")).is_empty());
    assert!(rules(&read("actors: { a: {} }\n---\nactors: { b: {} }\n")).contains(&"refused-yaml"));
    assert!(rules(&read("actors: { a: {} }\n...\n---\nactors: { b: {} }\n")).contains(&"refused-yaml"));
}

#[test]
fn document_markers_around_one_document_are_accepted() {
    assert_eq!(rules(&read("---\nactors: { a: {} }\n...\n")), [""; 0]);
    assert_eq!(rules(&read("%YAML 1.2\n---\nactors: { a: {} }\n")), [""; 0]);
}

#[test]
fn scalar_of_twenty_megabytes_is_read() {
    let found = read(format!("actors:\n  a: {{ note: {} }}\n", "x".repeat(20_000_000)));
    assert_eq!(rules(&found), [""; 0]);
}

#[test]
fn id_of_a_megabyte_is_reported_at_its_place() {
    let long = "x".repeat(1_000_000);
    let text = format!("{HONEST}  other: {{ by: {long}, about: raid, measure: killed, value: 3 }}\n");
    let found = read(
        text.replace("paper-1", "paper-2")
            .replace("north: {}, south: {}, paper: {}", "")
            .replace("events: { raid: { date: 2026-02-22 } }\n", ""),
    );
    assert!(rules(&found).contains(&"unknown-id"), "{:?}", rules(&found));
    let defined = read(format!("actors:\n  ? {long}\n  : {{}}\n"));
    assert!(rules(&defined).iter().all(|rule| *rule == "invalid-yaml" || *rule == "wrong-shape"));
    let defined = read(format!("actors: {{ {long}: {{}}, {long}x: {{}} }}\n"));
    assert!(defined.len() < 10);
}

#[test]
fn figure_of_a_megabyte_is_refused() {
    for piece in ["9", "1,", "about ", "a hundred ", "-", "½"] {
        let value = piece.repeat(100_000);
        let text = HONEST
            .replace(
                "actors: { north: {}, south: {}, paper: {} }\nevents: { raid: { date: 2026-02-22 } }\n",
                "",
            )
            .replace("paper-1", "paper-2")
            .replace("value: 36", &format!("value: \"{value}\""))
            .replace("  south-toll: { by: south, about: raid, measure: killed, value: at least 50 }\n", "");
        assert_eq!(rules(&read(text)), ["unreadable-figure"], "{piece}");
    }
}

#[test]
fn duplicate_key_is_shown_at_both_places() {
    let text = "actors:\n  a: { name: b, name: c }\n  a: {}\n";
    let found = read(text);
    assert_eq!(errors(&found), [("duplicate-key", 24), ("duplicate-key", 36)]);
    assert!(found.iter().all(|finding| finding.labels.len() == 2));
    let many = format!("actors: {{ {} }}\n", "a: {}, ".repeat(20_000));
    assert_eq!(read(many).len(), 1_000, "the others are counted: see `bulk`");
}

#[test]
fn invalid_utf8_is_reported_with_its_place() {
    for (bytes, place, named) in [
        (&b"actors: { a: { name: b\0c } }\n"[..], 22, "NUL"),
        (b"actors: { a: { name: b\xffc } }\n", 22, "0xff"),
        (b"actors: { a: { name: \xe2\x82 } }\n", 21, "0xe2"),
        (b"actors: { a: { name: \xed\xa0\x80 } }\n", 21, "0xed"),
        (b"actors: { a: { name: \xc0\xaf } }\n", 21, "0xc0"),
    ] {
        let found = read(bytes);
        assert_eq!(errors(&found)[0], ("unreadable-file", place), "{named}");
        assert!(found[0].message.contains(named), "{}", found[0].message);
    }
}

#[test]
fn place_of_an_invalid_byte_is_inside_the_text() {
    let content = Ok(b"actors: { a: { name: \xed\xa0\x80 } }\n".to_vec());
    let workspace = Workspace::read(vec![Input { path: "hostile.yaml".to_owned(), content }]);
    let findings = workspace.analyse(&Options::default()).findings;
    let at = findings[0].labels[0].location;
    assert_eq!(workspace.files()[at.file].line_column(at.span.start).column, 22);
}

#[test]
fn other_encodings_and_binary_files_are_one_error() {
    let utf16: Vec<u8> = "actors: {}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let noise: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bytes in [utf16, noise, vec![0; 100_000], b"PK\x03\x04\x14\x00\x00\x00".repeat(1000)] {
        let found = read(bytes);
        assert_eq!(rules(&found).iter().filter(|rule| **rule == "unreadable-file").count(), 1);
        assert!(found.len() < 10, "{found:#?}");
    }
}

#[test]
fn byte_order_mark_and_windows_line_ends_change_nothing() {
    let read_alone = |bytes: Vec<u8>| {
        let workspace = Workspace::read(vec![Input { path: "claims.yaml".to_owned(), content: Ok(bytes) }]);
        let analysis = workspace.analyse(&Options::default());
        let model = &analysis.model;
        let claims: Vec<String> =
            model.claims.iter().map(|claim| format!("{} {}", claim.name, claim.written)).collect();
        let notes: Vec<_> = model.claims.iter().map(|claim| claim.note.clone()).collect();
        let messages: Vec<String> = analysis.findings.iter().map(|finding| finding.message.clone()).collect();
        let place = |finding: &Finding| {
            let at = finding.labels[0].location;
            workspace.files()[at.file].line_column(at.span.start)
        };
        let places: Vec<_> = analysis.findings.iter().map(place).collect();
        (claims, notes, messages, places, format!("{:?}", model.answers))
    };
    let text = format!(
        "{HONEST}  third:\n    about: raid\n    measure: occurred\n    value: yes\n    note: |\n      one\n      two\n  \
         fourth:\n    about: raid\n    measure: duration\n    value: two\n      days\n"
    );
    let plain = read_alone(text.clone().into());
    assert_eq!(plain.0.len(), 4, "{:?}", plain.2);
    assert_eq!(plain, read_alone(text.replace('\n', "\r\n").into()));
    assert_eq!(plain, read_alone([b"\xef\xbb\xbf", text.as_bytes()].concat()));
    assert_eq!(plain.0, read_alone(text.trim_end().into()).0);
}

#[test]
fn invalid_escapes_are_reported_and_control_characters_are_read() {
    for value in [r#""\ud800""#, r#""\udc00\ud800""#, r#""\U00110000""#, r#""\x""#, r#""\q""#] {
        assert!(!rules(&read(format!("actors: {{ a: {{ name: {value} }} }}\n"))).is_empty(), "{value}");
    }
    for sign in ['\u{1b}', '\u{7f}', '\u{8}', '\u{85}', '\u{2028}', '\u{202e}', '\u{feff}', '\u{fffe}'] {
        read(format!("actors: {{ a: {{ name: \"x{sign}[31my\" }} }}\n"));
        read(format!("actors: {{ a{sign}b: {{}} }}\n"));
        read(format!("{sign}actors: {{}}\n"));
        read(format!("claims:\n  a: {{ by: x{sign}y }}\n"));
    }
}

#[test]
fn tabs_and_unusual_first_characters_do_not_panic() {
    for text in [
        "\tactors: {}\n",
        "actors:\n\ta: {}\n",
        ":",
        "-",
        "?",
        "|",
        ">",
        "%",
        "@",
        "`",
        "'",
        "\"",
        "&",
        "*",
        "!",
        "{",
        "[",
        "#",
        "\n\n\n",
        " ",
        "---",
        "...",
        "--- |",
        "a",
        "- a\n- b\n",
        "42",
        "~",
        "null",
        "{}",
        "[]",
        "a: |",
        "a: >-",
        "claims: 3",
        "claims: [1]",
        "claims: ~",
        "source: []",
        "? a",
        "? a\n: b",
        "[a]: b",
        "{a: b}: c",
        "claims:\n one:\ntwo\n",
        "actors: {,}",
        "actors: {a, b}",
        "a:b",
        "a: b: c",
        "\"a\": 'b",
    ] {
        read(text);
        read(format!("actors:\n  a: {{}}\n{text}"));
        read(format!("claims:\n  one:\n    about: {text}"));
    }
}

#[test]
fn truncated_files_are_read_at_every_length() {
    let text = HONEST.replace("paper-1", "paper-2");
    for end in 0..text.len() {
        read(&text.as_bytes()[..end]);
    }
}

#[test]
fn chain_of_a_hundred_thousand_responses_is_followed() {
    let mut text = HONEST.replace("paper-1", "paper-2");
    text = text.lines().skip(2).collect::<Vec<_>>().join("\n") + "\n";
    text += "  c0: { by: south, confirms: north-toll }\n";
    for at in 1..100_000 {
        text += &format!("  c{at}: {{ by: south, confirms: c{} }}\n", at - 1);
    }
    assert_eq!(rules(&read(text)), [""; 0]);
}

#[test]
fn long_cycle_of_definitions_is_one_error() {
    let mut text = "actors:\n  a0: { speaks-for: a20000 }\n".to_owned();
    for at in 1..=20_000 {
        text += &format!("  a{at}: {{ speaks-for: a{} }}\n", at - 1);
    }
    assert_eq!(rules(&read(text)), ["cycle"]);
}

#[test]
fn claim_with_too_many_answers_is_left_out() {
    let entries = |letter: char| -> String {
        (0..600).map(|at| format!("  {letter}{at}: {{}}\n")).collect::<Vec<_>>().concat()
    };
    let list = |letter: char| (0..600).map(|at| format!("{letter}{at}")).collect::<Vec<_>>().join(", ");
    let findings = read(format!(
        "events:\n{}terms:\n{}source: {{ id: paper-2, publisher: paper, published: 2026-06-01 }}\nclaims:\n  \
         all: {{ about: [{}], measure: target, value: [{}], at: p1 }}\n",
        entries('e'),
        entries('t'),
        list('e'),
        list('t')
    ));
    assert_eq!(rules(&findings), ["too-many-answers"]);
}

#[test]
fn many_events_with_one_name_are_one_finding() {
    let event = |at| format!("  e{at}: {{ name: Air raid on the border, date: 2026-02 }}\n");
    let findings = read(format!("events:\n{}", (0..1200).map(event).collect::<String>()));
    let similar: Vec<&Finding> = findings.iter().filter(|finding| finding.rule == "similar-events").collect();
    let [similar_names, duplicates] = similar.as_slice() else { panic!("{} findings", similar.len()) };
    assert!(duplicates.message.starts_with("1200 events may include duplicates: "), "{}", duplicates.message);
    assert!(duplicates.notes.iter().any(|note| note == "1192 more are not shown"), "{:?}", duplicates.notes);
    assert!(similar_names.message.starts_with("1200 events have names like"), "{}", similar_names.message);
}

#[test]
fn many_actors_with_one_name_are_one_finding() {
    let actor = |at| format!("  a{at}: {{ name: Ahmed Sharif Chaudhry }}\n");
    let findings = read(format!("actors:\n{}", (0..1200).map(actor).collect::<String>()));
    let similar: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.rule == "similar-names")
        .map(|finding| finding.message.as_str())
        .collect();
    let [duplicates, similar_names] = similar.as_slice() else { panic!("{} findings", similar.len()) };
    assert!(duplicates.starts_with("1200 actors may include duplicates: "), "{duplicates}");
    assert!(similar_names.starts_with("1200 names of actors are alike"), "{similar_names}");
}

#[test]
fn events_of_one_name_in_sequence_are_distinct() {
    let event = |at: usize| {
        let after = at.checked_sub(1).map(|before| format!(", after: e{before}")).unwrap_or_default();
        format!("  e{at}: {{ name: Air raid, date: 2026-02{after} }}\n")
    };
    let findings = read(format!("events:\n{}", (0..1200).map(event).collect::<String>()));
    let pairs = findings.iter().filter(|finding| finding.message.contains("may be one"));
    assert_eq!(pairs.count(), 0);
}

#[test]
fn unknown_ids_are_all_reported_next_to_as_many_known_ones() {
    let known = (0..900).map(|at| format!("  known-{at:04}: {{}}\n")).collect::<Vec<_>>().concat();
    let unknown = (0..900)
        .map(|at| format!("  u{at}: {{ speaks-for: unknown-{at:04} }}\n"))
        .collect::<Vec<_>>()
        .concat();
    let findings = read(format!("actors:\n{known}{unknown}"));
    let unknown = findings.iter().filter(|finding| finding.rule == "unknown-id");
    assert_eq!(unknown.clone().count(), 900);
    let not_looked = |finding: &&Finding| finding.notes.iter().any(|note| note.contains("are looked for"));
    assert_eq!(unknown.filter(not_looked).count(), 0, "as many are looked for: see `bulk`");
}

#[test]
fn figures_of_a_long_chain_of_populations_are_compared() {
    let part = |at: usize| format!("  q{at}: {{ part-of: q{} }}\n", at - 1);
    let groups: String = (1..600).map(part).collect();
    let claim = |at: usize| {
        format!("  c{at}: {{ by: north, about: raid, measure: killed, of: q{at}, value: {} }}\n", 900 - at)
    };
    let claims: String = (0..600).map(claim).collect();
    let findings = read(format!(
        "source: {{ id: paper-2, publisher: paper, published: 2026-06-01 }}\n\
         populations:\n  q0: {{}}\n{groups}claims:\n{claims}"
    ));
    assert!(errors(&findings).is_empty(), "{:?}", errors(&findings));
    assert!(
        findings.iter().all(|finding| finding.grade == Grade::Warning),
        "each group is larger than its parts"
    );
}

#[test]
fn file_that_is_not_text_is_not_edited() {
    let content = b"actors:\n  north: { name: \"No\x00rth\" }\n  south: {}\n".to_vec();
    let workspace = Workspace::read(vec![Input { path: "a.yaml".to_owned(), content: Ok(content) }]);
    let fields = [("name".to_owned(), FieldValue::One("The Paper".to_owned()))];
    let entry = NewEntry { section: "actors", id: "paper", fields: &fields };
    let refusals = [
        edit::new_entry(&workspace, &entry, "a.yaml").map(drop),
        edit::merge(&workspace, Kind::Actor, "north", "south").map(drop),
    ];
    let reasons = refusals.map(|refusal| refusal.unwrap_err().to_string());
    assert!(reasons[0].contains("file contains a NUL byte; fix it first"), "{}", reasons[0]);
}
