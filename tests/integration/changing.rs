//! Renaming ids and adding entries: the intended text changes, and nothing else.

use gainsay::document::mention::Kind;
use gainsay::edit::{self, FieldValue, FileChange, NewEntry, Refusal, Renamed};
use gainsay::workspace::{DefinitionIndex, Options, Workspace};
use proptest::prelude::*;

use crate::support::{CLAIMS, analyse, real_files, workspace};

type Texts = Vec<(String, String)>;

fn texts(files: &[(&str, &str)]) -> Texts {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn renamed(files: &Texts, kind: Option<Kind>, old: &str, new: &str) -> Result<Renamed, Refusal> {
    let workspace = workspace(files.iter().cloned());
    edit::rename(&workspace, &analyse(&workspace), &Options::default(), kind, old, new)
}

/// The files after the changes.
fn after(files: &Texts, changes: &[FileChange]) -> Texts {
    let mut files = files.clone();
    for change in changes {
        let file = files.iter_mut().find(|(path, _)| *path == change.path);
        match file {
            Some((_, text)) => {
                assert_eq!(change.before.as_ref(), Some(&*text));
                text.clone_from(&change.after);
            }
            None => files.push((change.path.clone(), change.after.clone())),
        }
    }
    files
}

const DEFINITIONS: &str = r#"# All that can name a thing.
actors:
  "north": {}   # quoted
  north-spokesman: { speaks-for: north }
  paper: { kind: media }
places: { kabul: {}, west: { excludes: kabul, part-of: [land] }, land: {} }
terms: { school: {} }
populations: { guests: { part-of: civilians, excludes: [cooks] }, cooks: {} }
measures:
  hurt: { type: count, sum-of: [injured, killed] }
  blasts: { type: count, counts: things }
  goal: { type: choice, names: [places, terms, populations, actors] }
events:
  raid: { place: [kabul, 'west'], parties: [north, paper], date: 2026-02-22 }
  part: { part-of: raid, after: war, apart-from: [raid, war] }
  war: {}
series:
  tally: { publisher: paper, beside: count }
  count: {}
"#;

const PAPER_CLAIMS: &str = r#"source: { id: paper-1, publisher: paper, published: 2026-06-01, cites: [radio-1] }
claims:
  toll: { by: north, via: [north-spokesman], about: raid, measure: killed, value: 80 }
  few: { by: north, about: raid, measure: killed, of: guests, value: half of people }
  some: { by: paper, about: raid, measure: killed, of: cooks, value: 10 % of guests }
  aim: { by: north, about: raid, measure: goal, value: [places/kabul, school, guests, "north"] }
  rise: { about: tally, measure: killed, during: 2025, value: double 2024 }
  more: { about: count, measure: killed, during: 2025, value: "+21% on tally@2024" }
  shy: { by: north-spokesman, declines: [raid/blasts, raid/hurt/people, toll, paper-1/few] }
"#;

const RADIO_CLAIMS: &str = r"source:
  id: radio-1
  publisher: paper
  published: 2026-05-01
claims:
  toll:
    by: north-spokesman # for north
    about: raid
    measure: killed
    value: 40
    attributes-to: north
    note: north says so of raid
  no:
    denies: [paper-1/toll, toll]
";

fn example_files() -> Texts {
    texts(&[("a.yaml", DEFINITIONS), ("b.yaml", PAPER_CLAIMS), ("c.yaml", RADIO_CLAIMS)])
}

/// The files of [`example_files`] with a review of each of their disputes.
fn reviewed_files() -> Texts {
    let mut files = example_files();
    files.push(("reviews.yaml".to_owned(), "# Decided\n".to_owned()));
    let names: Vec<String> = {
        let workspace = workspace(files.iter().cloned());
        let analysis = analyse(&workspace);
        analysis.disputes.iter().map(|dispute| analysis.model.question_name(dispute.question)).collect()
    };
    assert!(!names.is_empty());
    for name in names {
        let workspace = workspace(files.iter().cloned());
        let analysis = analyse(&workspace);
        let question = analysis.model.find_question(&name).unwrap();
        let decision = gainsay::dispute::Decision {
            verdict: Some(gainsay::document::Verdict::Explained),
            by: "desk".to_owned(),
            note: "north and raid are words here".to_owned(),
            ..Default::default()
        };
        let today = gainsay::period::Day::from_ymd(2026, 7, 3).unwrap();
        let change = edit::review(&workspace, &analysis, question, &decision, today, "reviews.yaml").unwrap();
        files = after(&files, &[change]);
    }
    files
}

fn text_of<'t>(files: &'t Texts, path: &str) -> &'t str {
    files.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_str()).unwrap()
}

#[test]
fn example_files_have_no_mistakes() {
    let workspace = workspace(reviewed_files());
    let analysis = analyse(&workspace);
    let errors = analysis.findings.iter().filter(|finding| finding.grade == gainsay::finding::Grade::Error);
    let errors: Vec<_> = errors.map(|finding| &finding.message).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert!(
        analysis.disputes.iter().all(|dispute| dispute.standing == gainsay::dispute::ReviewStatus::Explained)
    );
}

#[test]
fn renaming_an_id_changes_every_mention() {
    let files = example_files();
    for (old, new, wanted) in [
        (
            "north",
            "the-north",
            &[
                ("a.yaml", "  \"the-north\": {}   # quoted\n  north-spokesman: { speaks-for: the-north }\n"),
                ("a.yaml", "parties: [the-north, paper]"),
                ("b.yaml", "toll: { by: the-north, via: [north-spokesman]"),
                ("b.yaml", "guests, \"the-north\"]"),
                ("c.yaml", "by: north-spokesman # for north\n"),
                ("c.yaml", "attributes-to: the-north\n    note: north says so of raid\n"),
            ][..],
        ),
        (
            "raid",
            "strike",
            &[
                ("a.yaml", "  strike: { place: [kabul, 'west']"),
                ("a.yaml", "part: { part-of: strike, after: war, apart-from: [strike, war] }"),
                ("b.yaml", "declines: [strike/blasts, strike/hurt/people, toll, paper-1/few]"),
            ],
        ),
        (
            "kabul",
            "the-capital",
            &[("a.yaml", "excludes: the-capital"), ("b.yaml", "value: [places/the-capital, school,")],
        ),
        (
            "guests",
            "visitors",
            &[
                ("a.yaml", "populations: { visitors: { part-of"),
                ("b.yaml", "of: visitors, value: half of people"),
                ("b.yaml", "10 % of visitors }"),
                ("b.yaml", "school, visitors, \"north\"]"),
            ],
        ),
        ("tally", "ledger", &[("b.yaml", "value: \"+21% on ledger@2024\"")]),
        (
            "hurt",
            "harmed",
            &[("a.yaml", "harmed: { type: count, sum-of"), ("b.yaml", "[raid/blasts, raid/harmed/people")],
        ),
        (
            "paper-1",
            "paper-2026-06-01",
            &[("b.yaml", "paper-2026-06-01/few]"), ("c.yaml", "denies: [paper-2026-06-01/toll, toll]")],
        ),
        (
            "paper-1/toll",
            "dead",
            &[
                ("b.yaml", "  dead: { by"),
                ("b.yaml", "people, dead, paper-1/few]"),
                ("c.yaml", "[paper-1/dead, toll]"),
            ],
        ),
        ("radio-1", "radio-9", &[("b.yaml", "cites: [radio-9]"), ("c.yaml", "  id: radio-9\n")]),
        ("no", "yes", &[("c.yaml", "  yes:\n    denies")]),
        ("school", "2024", &[("b.yaml", "[places/kabul, \"2024\", guests,")]),
    ] {
        let done = renamed(&files, None, old, new).unwrap_or_else(|refusal| panic!("{old}: {refusal}"));
        let now = after(&files, &done.changes);
        for (path, piece) in wanted {
            assert!(text_of(&now, path).contains(piece), "{old}: {}", text_of(&now, path));
        }
    }
}

#[test]
fn renaming_is_refused_with_the_reason() {
    let mut files = example_files();
    files.push((
        "d.yaml".to_owned(),
        "events: { \"w\\u0061r-2\": {}, x: { part-of: war-2 } }\npropositions: { school: {} }\n".to_owned(),
    ));
    files.push(("e.yaml".to_owned(), "terms: { twice: {} }\n".to_owned()));
    files.push(("f.yaml".to_owned(), "terms: { twice: {} }\n".to_owned()));
    for (old, new, why) in [
        ("nroth", "x", "nothing is called `nroth`; did you mean `north`?"),
        ("civilians", "x", "built in"),
        ("school", "x", "write `propositions/school` or `terms/school`"),
        ("toll", "x", "write `paper-1/toll` or `radio-1/toll`"),
        ("north", "The North", "not a valid id"),
        ("north", "paper", "already exists, at a.yaml:5"),
        ("north", "north", "already"),
        ("guests", "people", "built in"),
        ("paper-1/toll", "radio-1/toll", "cannot move to another source"),
        ("twice", "once", "defined twice, the second time at f.yaml:1"),
        ("war-2", "w", "`d.yaml`, line 1: `war-2` is written with escapes"),
        // A value that could be of two kinds.
        ("terms/school", "kabul", "cannot be renamed to `kabul`"),
        // A name that would be read as a figure.
        ("tally", "2023", "cannot be renamed to `2023`"),
    ] {
        let refusal = renamed(&files, None, old, new).unwrap_err();
        assert!(refusal.to_string().contains(why), "{old} {new}: {refusal}");
    }
    // A file that cannot be read may mention the name.
    let broken = "actors:\n  bad: [\n  worse: { speaks-for: north }\n";
    let tagged = "actors: { worse: { speaks-for: !x north } }\n";
    let cut = "actors: { worse: { speks-for: north } }\n";
    for (text, why) in
        [(broken, "`z.yaml`, line "), (tagged, "a tag is not allowed"), (cut, "has no key `speks-for`")]
    {
        let mut files = example_files();
        files.push(("z.yaml".to_owned(), text.to_owned()));
        let refusal = renamed(&files, None, "north", "x").unwrap_err();
        assert!(matches!(refusal, Refusal::Layout { .. }) && refusal.to_string().contains(why), "{refusal}");
        assert!(renamed(&files, None, "kabul", "x").is_ok());
    }
    let refusal = renamed(&files, Some(Kind::Place), "north", "x").unwrap_err();
    assert!(refusal.to_string().contains("no place is called `north`"), "{refusal}");
    assert!(renamed(&files, Some(Kind::Term), "school", "x").is_ok());
    let mentioned = texts(&[("a.yaml", "actors: { a: {}, b: { speaks-for: c } }\n")]);
    let refusal = renamed(&mentioned, None, "a", "c").unwrap_err();
    assert!(refusal.to_string().contains("already used at a.yaml:1"), "{refusal}");
}

/// Every name in the files that can be renamed; claims by their full name.
fn renamable_names(files: &Texts) -> Vec<(Kind, String)> {
    let index = DefinitionIndex::new(&workspace(files.iter().cloned()));
    let kinds = [
        Kind::Actor,
        Kind::Subject,
        Kind::Place,
        Kind::Term,
        Kind::Population,
        Kind::Measure,
        Kind::Source,
        Kind::Claim,
        Kind::Review,
    ];
    kinds
        .into_iter()
        .flat_map(|kind| index.names(kind).map(move |name| (kind, name.to_string())).collect::<Vec<_>>())
        .collect()
}

/// Renames a thing and then renames it back: the files are as before, and reviews stay valid in between.
fn assert_renaming_is_reversible(files: &Texts, kind: Kind, name: &str, new: &str) {
    let there = renamed(files, Some(kind), name, new).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    let now = after(files, &there.changes);
    let standings = |files: &Texts| {
        let analysis = analyse(&workspace(files.iter().cloned()));
        let mut standings: Vec<_> = analysis.disputes.iter().map(|dispute| dispute.standing).collect();
        standings.sort();
        standings
    };
    assert_eq!(standings(files), standings(&now), "{name}");
    let id = name.rsplit('/').next().unwrap();
    let back =
        renamed(&now, Some(kind), &there.to, id).unwrap_or_else(|refusal| panic!("{name} back: {refusal}"));
    assert_eq!(back.places, there.places, "{name}");
    assert_eq!(after(&now, &back.changes), *files, "{name}");
}

#[test]
fn renaming_every_name_and_back_restores_the_files_and_keeps_reviews() {
    let files = reviewed_files();
    for (kind, name) in renamable_names(&files) {
        assert_renaming_is_reversible(&files, kind, &name, "zz-top");
        assert_renaming_is_reversible(&files, kind, &name, "a-1");
    }
    // A review lists the actor among the claims it saw. The line changes, and the review does not become stale.
    let done = renamed(&files, None, "north", "the-north").unwrap();
    assert!(!done.reviews.is_empty());
    let now = after(&files, &done.changes);
    assert!(
        text_of(&now, "reviews.yaml").contains("80; the-north; said"),
        "{}",
        text_of(&now, "reviews.yaml")
    );
    assert!(text_of(&now, "reviews.yaml").contains("note: north and raid are words here"));
}

#[test]
fn renaming_updates_a_stale_review_and_leaves_it_stale() {
    let mut files = reviewed_files();
    for (_, text) in files.iter_mut().filter(|(path, _)| path == "c.yaml") {
        *text = text.replace("value: 40", "value: 41");
    }
    let done = renamed(&files, None, "north", "the-north").unwrap();
    let now = after(&files, &done.changes);
    let analysis = analyse(&workspace(now.iter().cloned()));
    assert!(analysis.disputes.iter().any(|dispute| dispute.standing.is_open()));
    let reviews = text_of(&now, "reviews.yaml");
    assert!(
        reviews.contains("80; the-north; said") && reviews.contains("40; north-spokesman; said"),
        "{reviews}"
    );
}

#[test]
fn renaming_names_of_the_real_files_and_back_restores_them() {
    let files: Texts = real_files();
    let all = renamable_names(&files);
    // Each name takes four analyses, so only a sample of every kind is tried.
    for (kind, name) in all.iter().step_by(all.len() / 24) {
        assert_renaming_is_reversible(&files, *kind, name, "zz-top-2026");
    }
}

// --- new entries ----------------------------------------------------------------------------------------

fn field(key: &str, text: &str) -> (String, FieldValue) {
    (key.to_owned(), FieldValue::One(text.to_owned()))
}

fn list_field(key: &str, texts: &[&str]) -> (String, FieldValue) {
    (key.to_owned(), FieldValue::List(texts.iter().map(|&text| text.to_owned()).collect()))
}

fn added(text: &str, section: &str, id: &str, fields: &[(String, FieldValue)]) -> Result<String, Refusal> {
    let workspace: Workspace = workspace([("claims.yaml", text)]);
    edit::new_entry(&workspace, &NewEntry { section, id, fields }, "claims.yaml").map(|change| change.after)
}

#[test]
fn new_entry_has_the_layout_of_its_neighbours() {
    let fields = [
        field("value", "1,034"),
        field("about", "raid"),
        field("measure", "killed"),
        list_field("via", &["a", "b"]),
    ];
    let in_line = added(CLAIMS, "claims", "new", &fields).unwrap();
    assert_eq!(
        in_line,
        format!("{CLAIMS}  new: {{ via: [a, b], about: raid, measure: killed, value: \"1,034\" }}\n")
    );
    let lines = "source: { id: p, publisher: p, published: 2026 }\nclaims:\n    old:\n      by: x\n\n    # b\n    b:\n      by: y\n";
    let fields =
        [&fields[..], &[field("note", "yes"), field("said", "2026-02-22"), field("words", "two\nlines")]]
            .concat();
    assert_eq!(
        added(&lines.replace('\n', "\r\n"), "claims", "new", &fields).unwrap(),
        format!(
            "{lines}    new:\n      via: [a, b]\n      about: raid\n      measure: killed\n      value: 1,034\n      said: \
             2026-02-22\n      words: |-\n        two\n        lines\n      note: \"yes\"\n"
        )
        .replace('\n', "\r\n")
    );
    assert_eq!(added("", "actors", "who", &[]).unwrap(), "actors:\n  who: {}\n");
    assert_eq!(
        added("", "actors", "who", &[field("name", "Who")]).unwrap(),
        "actors:\n  who:\n    name: Who\n"
    );
}

#[test]
fn new_entry_is_refused_with_the_reason() {
    for (section, id, fields, why) in [
        ("actors", "north", &[][..], "already exists, at claims.yaml:1"),
        ("series", "raid", &[], "the subject `raid` already exists"),
        ("claims", "north-toll", &[], "the claim `paper-1/north-toll` already exists"),
        ("measures", "killed", &[], "built in"),
        ("terms", "Homes", &[], "not a valid id"),
        ("terms", "homes", &[field("naem", "x")], "a place or term has no `naem`; did you mean `name`?"),
        ("terms", "homes", &[field("name", "x"), field("name", "y")], "duplicate key `name`"),
        ("terms", "homes", &[field("name", "\u{7}")], "U+0007"),
        ("actors", "x", &[], "written in braces"),
        ("settings", "x", &[], "no entries under `settings`"),
    ] {
        let refusal = added(CLAIMS, section, id, fields).unwrap_err();
        assert!(refusal.to_string().contains(why), "{section} {id}: {refusal}");
    }
    assert!(added("terms: {}\n", "claims", "x", &[]).unwrap_err().to_string().contains("no source"));
}

#[test]
fn new_entry_with_unreadable_values_is_written_as_given() {
    for (fields, written) in [
        (&[field("said", "soon")][..], "said: soon"),
        (&[field("stance", "dneies"), field("about", "raid")], "about: raid, stance: dneies"),
        (&[field("at", "page3")], "at: page3"),
        (&[field("about", "raid"), list_field("denies", &["a", "b"])], "about: raid, denies: [a, b]"),
    ] {
        let after = added(CLAIMS, "claims", "x", fields).unwrap();
        assert_eq!(after, format!("{CLAIMS}  x: {{ {written} }}\n"));
    }
}

#[test]
fn new_source_starts_a_file() {
    let workspace = workspace([("claims/a.yaml", CLAIMS)]);
    let fields = [field("published", "2026-02-11~"), field("publisher", "paper"), field("title", "A: b")];
    let change = edit::new_source(&workspace, "paper-2", &fields, "claims/paper-2.yaml").unwrap();
    assert_eq!(
        (change.before, change.after.as_str()),
        (
            None,
            "source:\n  id: paper-2\n  publisher: paper\n  published: 2026-02-11~\n  title: 'A: b'\n\nclaims: {}\n"
        )
    );
    let after = edit::changed(&workspace, &[FileChange { before: None, ..change }]);
    assert_eq!(after.documents().iter().filter(|document| document.source.is_some()).count(), 2);
    for (id, path, why) in [
        ("paper-2", "claims/a.yaml", "already exists, and a file can have only one source"),
        ("paper-1", "claims/b.yaml", "the source `paper-1` already exists"),
    ] {
        let refusal = edit::new_source(&workspace, id, &[], path).unwrap_err();
        assert!(refusal.to_string().contains(why), "{refusal}");
    }
}

#[test]
fn new_entry_goes_into_the_file_with_most_entries_of_its_kind() {
    let some = "terms: { a: {}, b: {} }\n";
    let files = workspace([("a.yaml", "terms: { x: {} }\n"), ("b.yaml", some), ("c.yaml", some)]);
    assert_eq!(edit::file_for_entries(&files, "terms", "new.yaml"), "b.yaml");
    assert_eq!(edit::file_for_entries(&files, "events", "new.yaml"), "new.yaml");
}

/// Files of actors and claims in many layouts, which mention `north`.
fn files_in_any_layout() -> impl Strategy<Value = String> {
    let actor = prop::sample::select(vec![
        "  north: {} # x\n",
        "  \"north\":\n    name: north # north\n    note: |\n      north\n\n      and north\n",
        "  north:\n\n    # north\n    name: 'north'\n",
        "  'north': {\n    name: north,\n    # y\n    role: a north\n  }\n",
    ]);
    let claim = prop::sample::select(vec![
        "  cN: { by: north, about: raid, measure: injured, value: 36 }\n",
        "  cN: {by: 'north',about: raid, # of north\n    measure: injured, value: \"1,034\" }\n",
        "  cN:\n    by: \"north\"\n    about: raid\n    measure: injured\n    value: about 40 # north\n",
        "  cN:\n    about: raid\n    measure: injured\n    value: 1,500\n    via: [north,\n      paper]\n",
        "  cN:\n    about: raid\n    measure: injured\n    value: 90\n    via:\n    - north\n    - paper # z\n\n",
        "  cN:\n    by:   north\n    about: raid\n    measure: responsible\n    value: [ north ,south ]\n    note: >-\n      north\n      folded\n",
        "  cN: { by: south, about: raid, measure: responsible, value: actors/north }\n",
    ]);
    let between = prop::sample::select(vec!["", "\n", "  # north\n", "\n\n# north\n"]);
    (actor, prop::collection::vec(claim, 1..6), between, any::<bool>()).prop_map(|(actor, claims, between, crlf)| {
        let mut text = format!(
            "# north\nactors:\n  south: {{}}\n{actor}  paper: {{ note: north }}\n\nevents: {{ raid: {{ parties: [north, south] }} }}\nsource: \
             {{ id: paper-1, publisher: paper, published: 2026-06-01 }}\nclaims:\n"
        );
        for (at, claim) in claims.iter().enumerate() {
            text += if at == 0 { "" } else { between };
            text += &claim.replace("cN", &format!("c{at}"));
        }
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn renaming_changes_nothing_but_the_name(text in files_in_any_layout(), new in "[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4}){0,2}") {
        prop_assume!(!["south", "paper", "raid", "north", "people", "killed", "injured", "y", "n", "no", "yes", "on", "off"].contains(&new.as_str()));
        prop_assume!(!["null", "true", "false"].contains(&new.as_str()));
        let files = texts(&[("claims.yaml", &text)]);
        let there = renamed(&files, Some(Kind::Actor), "north", &new).unwrap();
        let now = after(&files, &there.changes);
        // Both texts have the same pieces between the mentions of the name.
        let pieces: Vec<&str> = text.split("north").collect();
        let mut rest = now[0].1.as_str();
        let mut places = 0;
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                let renamed_here = rest.starts_with(&new) && rest[new.len()..].starts_with(piece);
                rest = if renamed_here { &rest[new.len()..] } else { rest.strip_prefix("north").unwrap() };
                places += usize::from(renamed_here);
            }
            rest = rest.strip_prefix(piece).unwrap();
        }
        prop_assert_eq!(rest, "");
        prop_assert_eq!(places, there.places);
        let back = renamed(&now, Some(Kind::Actor), &new, "north").unwrap();
        prop_assert_eq!(after(&now, &back.changes), files);
    }

    #[test]
    fn new_entry_adds_one_piece_of_text_with_the_given_fields(
        text in files_in_any_layout(),
        note in "\\PC{0,30}",
        value in prop::sample::select(vec!["36", "1,034", "at least 5", "half of people", "yes", "17-20", "#3", "a: b", "[x]"]),
        via in prop::collection::vec(prop::sample::select(vec!["north", "south", "yes", "2024"]), 0..4),
    ) {
        let mut fields = vec![field("about", "raid"), field("measure", "injured"), field("value", value)];
        if !note.trim().is_empty() {
            fields.push(field("note", &note));
        }
        if !via.is_empty() {
            fields.push(list_field("via", &via));
        }
        match added(&text, "claims", "new-one", &fields) {
            Err(refusal) => prop_assert!(note.chars().any(char::is_control) || refusal.to_string().contains("U+"), "{refusal}"),
            Ok(now) => {
                let start = text.bytes().zip(now.bytes()).take_while(|(a, b)| a == b).count();
                let longest = text.len() - start;
                let end = text.bytes().rev().zip(now.bytes().rev()).take(longest).take_while(|(a, b)| a == b).count();
                prop_assert_eq!(start + end, text.len());
                let workspace = workspace([("claims.yaml", now.as_str())]);
                let claim = workspace.documents()[0].claims.iter().find(|claim| claim.id.value == "new-one").unwrap();
                prop_assert_eq!(claim.body.value.as_ref().unwrap().items()[0].value.as_str(), value);
                let read: Vec<&str> = claim.body.via.iter().map(|via| via.value.as_str()).collect();
                prop_assert_eq!(read, via);
                if !note.trim().is_empty() {
                    prop_assert_eq!(claim.body.note.as_ref().unwrap().value.as_str(), note.as_str());
                }
                if text.contains("\r\n") {
                    prop_assert_eq!(now.matches('\n').count(), now.matches("\r\n").count());
                }
            }
        }
    }
}
