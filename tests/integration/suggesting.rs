//! Suggested duplicates: merged into one entry, or marked as different.

use gainsay::document::mention::Kind;
use gainsay::edit::{self, FileChange, Refusal};
use gainsay::report::suggestions;
use gainsay::report::text::Style;
use gainsay::workspace::{DefinitionIndex, Suggestions, Workspace, suggest};
use proptest::prelude::*;

use crate::support::{analyse, real_files, workspace};

fn suggestions_of(workspace: &Workspace) -> Suggestions {
    suggest(&analyse(workspace), &DefinitionIndex::new(workspace))
}

/// The suggestions for one text, as kind, reason and ids.
fn described_suggestions(text: &str) -> Vec<String> {
    let workspace = workspace([("a.yaml", text)]);
    let line = |one: &gainsay::workspace::Suggestion| {
        let kind = gainsay::workspace::kind_in_words(one.kind);
        format!("{:.2} {kind} {} {} {}", one.score, one.reason, one.sides[0].id, one.sides[1].id)
    };
    suggestions_of(&workspace).found.iter().map(line).collect()
}

fn merged(text: &str, kind: Kind, keep: &str, drop: &str) -> Result<String, Refusal> {
    let workspace = workspace([("a.yaml", text)]);
    edit::merge(&workspace, kind, keep, drop).map(|mut changes| changes.pop().unwrap().after)
}

#[test]
fn suggestions_each_have_a_reason() {
    for (text, wanted) in [
        (
            "actors: { a: { name: Mohsin Naqvi }, b: { name: MOHSIN NAQVI } }\n",
            &["1.00 actor same-name a b"][..],
        ),
        (
            "actors: { a: { name: Tehreek-e-Taliban }, b: { name: Tehrik-i-Taliban } }\n",
            &["0.98 actor transliteration a b"],
        ),
        (
            "actors: { a: { name: Kabul University }, b: { name: University of Kabul } }\n",
            &["0.95 actor word-order a b"],
        ),
        ("places: { a: { name: Paktia }, b: { name: Paktika } }\n", &["0.81 place spelling a b"]),
        ("terms: { a: { name: TTP }, b: { name: Tehrik-i-Taliban Pakistan Group } }\n", &[]),
        ("terms: { a: { name: MoD }, b: { name: Ministry of Defence } }\n", &["0.50 term abbreviation a b"]),
        (
            "populations: { a: { name: armed border guards }, b: { name: armed guards } }\n",
            &["0.76 population extra-word a b"],
        ),
        (
            "actors: { a: { name: Amir Khan Muttaqi }, b: { name: Amir Muttaqi, aliases: [Mutaqi] } }\n",
            &["0.82 actor extra-word a b"],
        ),
    ] {
        let found = described_suggestions(text);
        let cut = |line: &String| line.split_once(' ').unwrap().1.to_owned();
        assert_eq!(
            found.iter().map(cut).collect::<Vec<_>>(),
            wanted.iter().map(|line| cut(&(*line).to_owned())).collect::<Vec<_>>(),
            "{text} {found:?}"
        );
    }
}

#[test]
fn entries_marked_as_different_are_not_suggested() {
    let events = |more: &str| {
        format!(
            "places: {{ kabul: {{}} }}\nevents:\n  a: {{ name: Market bombing, date: 2025-10-09, place: kabul }}\n  b: {{ name: Bombing of the market, {more} }}\n"
        )
    };
    assert_eq!(described_suggestions(&events("date: 2025-10, place: kabul")).len(), 1);
    assert_eq!(described_suggestions(&events("date: 2025-12, place: kabul")), [""; 0]);
    assert_eq!(described_suggestions(&events("date: 2025-10, place: kabul, apart-from: [a]")), [""; 0]);
    assert_eq!(described_suggestions(&events("date: 2025-10, place: kabul, part-of: a")), [""; 0]);
    let within = "places: { a: { name: Kunduz }, b: { name: Kundus, part-of: a } }\n";
    assert_eq!(described_suggestions(within), [""; 0]);
    let speaks =
        "actors: { a: { name: Defence Ministry }, b: { name: Ministry of Defence, speaks-for: a } }\n";
    assert_eq!(described_suggestions(speaks), [""; 0]);
    assert_eq!(described_suggestions(&speaks.replace(", speaks-for: a", "")).len(), 1);
}

#[test]
fn entry_with_more_references_is_kept() {
    let text = "actors: { a: { name: Kabul University }, b: { name: University of Kabul } }\nevents: { e: { parties: [b] } }\n";
    let suggestions = suggestions_of(&workspace([("a.yaml", text)]));
    let [keep, drop] = &suggestions.found[0].sides;
    assert_eq!((keep.id.as_str(), keep.mentions, drop.id.as_str(), drop.mentions), ("b", 1, "a", 0));
}

#[test]
fn large_groups_of_like_names_are_reported_as_left_out() {
    let entries: Vec<String> =
        (0..40).map(|nth| format!("  a{nth}: {{ name: Tehrik-i-Taliban }}\n")).collect();
    let text = entries.concat();
    let suggestions = suggestions_of(&workspace([("a.yaml", format!("actors:\n{text}"))]));
    assert!(suggestions.left_out[0].contains("the largest of 40 names"), "{:?}", suggestions.left_out);
}

#[test]
fn suggestions_in_text_and_json_have_places() {
    let text = "actors:\n  a: { name: \"Mohsin\\x1bNaqvi\" }\n  b: { name: MOHSIN NAQVI }\n";
    let workspace = workspace([("a.yaml", text)]);
    let all = suggestions_of(&workspace);
    let chosen: Vec<_> = all.found.iter().collect();
    let shown = suggestions::render(workspace.files(), &chosen, Style { color: false, width: 100 });
    assert!(shown.contains("a.yaml:2") && shown.contains("a.yaml:3") && !shown.contains('\u{1b}'), "{shown}");
    let json = suggestions::json(workspace.files(), &all, &chosen).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["suggestions"][0]["keep"]["line"], 2);
    assert_eq!(json["suggestions"][0]["drop"]["id"], "b");
    assert_eq!(json["format"], "gainsay.suggestions/1");
}

const EXAMPLE: &str = "\
actors:
  # The north
  north: # as it is
    name: North
    aliases: [The North] # two names
    kind: state

  # Once more
  northern:
    name: Northern Government, the
    aliases: [\"North\", 'Nord']
    kind: state
    role: ally # of whom
    note: seen once

  south: {}
events: { raid: { parties: [south, northern] } }
source: { id: s, publisher: south, published: 2026-01-01 }
claims:
  a: { by: northern, about: raid, measure: responsible, value: [northern], at: p1 } # theirs
  b:
    by: south
    about: raid
    measure: killed
    value: 3
    attributes-to: northern
    at: p2
";

#[test]
fn merge_makes_one_actor_of_two() {
    let after = merged(EXAMPLE, Kind::Actor, "north", "northern").unwrap();
    let wanted = EXAMPLE
        .replace("aliases: [The North] # two", "aliases: [The North, \"Northern Government, the\", Nord] # two")
        .replace("    kind: state\n\n  # Once more\n", "    kind: state\n    role: ally\n    note: seen once\n\n  # Once more\n")
        .replace(
            "  northern:\n    name: Northern Government, the\n    aliases: [\"North\", 'Nord']\n    kind: state\n    role: ally # of whom\n    note: seen once\n",
            "",
        )
        .replace("northern", "north");
    assert_eq!(after, wanted);
    let windows = merged(&EXAMPLE.replace('\n', "\r\n"), Kind::Actor, "north", "northern").unwrap();
    assert_eq!(windows, wanted.replace('\n', "\r\n"));
}

#[test]
fn merge_renames_references_in_other_files() {
    let files = [
        ("a.yaml", "places:\n  kunduz: {}\n  kundus: { part-of: east }\n  east: {}\n"),
        ("b.yaml", "events: { raid: { place: [kundus, east] } }\n"),
        (
            "c.yaml",
            "actors: { p: {} }\nsource: { id: s, publisher: p, published: 2026 }\nclaims:\n  c: { about: raid, measure: place, value: places/kundus, at: p1 }\n  d: { about: raid, measure: place, value: 'kundus', at: p1 }\n",
        ),
        ("d.yaml", "# kundus\nterms: {}\n"),
    ];
    let workspace = workspace(files);
    let changes = edit::merge(&workspace, Kind::Place, "kunduz", "kundus").unwrap();
    let after = |path: &str| {
        changes.iter().find(|change| change.path == path).map(|FileChange { after, .. }| after.as_str())
    };
    assert_eq!(
        after("a.yaml"),
        None.or(Some("places:\n  kunduz: { aliases: [kundus], part-of: east }\n  east: {}\n"))
    );
    assert_eq!(after("b.yaml"), Some("events: { raid: { place: [kunduz, east] } }\n"));
    assert!(
        after("c.yaml").unwrap().contains("value: places/kunduz,")
            && after("c.yaml").unwrap().contains("value: 'kunduz',")
    );
    assert_eq!(after("d.yaml"), None);
}

#[test]
fn merge_adds_aliases_in_any_layout() {
    for (before, after) in [
        ("  a: {}\n  b: { name: B b }\n", "  a: { aliases: [B b] }\n"),
        ("  a:\n  b: { name: B b }\n", "  a:\n    aliases: [B b]\n"),
        ("  a: { name: A }\n  b: { name: B b }\n", "  a: { name: A, aliases: [B b] }\n"),
        ("  a: { aliases: [] }\n  b: { name: B b }\n", "  a: { aliases: [B b] }\n"),
        (
            "  a:\n    aliases: # more\n    # x\n    - A a # y\n    kind: z\n  b: { name: B b }\n",
            "  a:\n    aliases: # more\n    # x\n    - A a # y\n    - B b\n    kind: z\n",
        ),
        (
            "  a:\n     name: A # y\n     kind: z\n  b: { name: B b }\n",
            "  a:\n     name: A # y\n     aliases: [B b]\n     kind: z\n",
        ),
        (
            "  a:\n    aliases: [x, 'y, z'\n      ]\n  b: { name: yes }\n",
            "  a:\n    aliases: [x, 'y, z', \"yes\"\n      ]\n",
        ),
    ] {
        let text = format!("actors:\n{before}  c: {{}}\n");
        let wanted = format!("actors:\n{after}  c: {{}}\n");
        assert_eq!(merged(&text, Kind::Actor, "a", "b").unwrap(), wanted, "{before}");
    }
}

#[test]
fn merge_is_refused_with_the_reason() {
    for (text, why) in [
        ("actors:\n  a: {}\n", "the actor `b` is not defined"),
        ("actors:\n  a: {}\n  b: {}\n  b: {}\n", "not all references to `b`"),
        (
            "actors:\n  a: { kind: state }\n  b: { kind: person }\n",
            "different values for `kind` (`state` at a.yaml:2, `person` at a.yaml:3)",
        ),
        ("actors:\n  a: { speaks-for: b }\n  b: {}\n", "refers to `b` with `speaks-for`"),
        ("actors:\n  a: {}\n  b: { speaks-for: a }\n", "refers to `a` with `speaks-for`"),
        ("actors:\n  a: {}\n  b: {}\nevents:\n  e: { parties: [a, b] }\n", "both are in the same `parties`"),
        ("actors: { a: {}, b: {} }\n", "written in braces"),
        ("actors:\n  a: {}\n  b:\n    note: |\n      two\n", "on several lines"),
        ("actors:\n  a: {}\n  b: [\n", "fix it first"),
        (
            "actors:\n  a: {}\n  b: {}\nplaces: { b: {} }\nevents: { e: {} }\nsource: { id: s, publisher: a, published: 2026 }\nclaims:\n  c: { about: e, measure: responsible, value: b, at: p1 }\n",
            "could also be the place with this id",
        ),
    ] {
        let refusal = merged(text, Kind::Actor, "a", "b").unwrap_err().to_string();
        assert!(refusal.contains(why), "{text}: {refusal}");
    }
}

#[test]
fn events_marked_as_different_are_no_longer_suggested() {
    let text = "events:\n  a: { name: Raid on Kunduz }\n  b: # late\n    name: Raid on Kundus # again\n    kind: raid\n";
    let before = workspace([("a.yaml", text)]);
    assert_eq!(suggestions_of(&before).found.len(), 1);
    let after = edit::mark_as_different(&before, "b", "a").unwrap().pop().unwrap().after;
    assert_eq!(after, format!("{text}    apart-from: [a]\n"));
    let after = workspace([("a.yaml", after)]);
    assert_eq!(suggestions_of(&after).found.len(), 0);
    let refusal =
        edit::mark_as_different(&workspace([("a.yaml", "propositions: { a: {}, b: {} }\n")]), "b", "a")
            .unwrap_err();
    assert!(refusal.to_string().contains("`propositions`"), "{refusal}");
}

#[test]
fn suggestions_on_the_real_claim_files_can_be_shown() {
    let workspace = workspace(real_files());
    let all = suggestions_of(&workspace);
    assert_eq!(all.left_out, [""; 0]);
    assert!(all.found.windows(2).all(|pair| pair[0].score >= pair[1].score));
}

proptest! {
    #[test]
    fn merge_of_any_pair_keeps_the_rest(
        layout in proptest::collection::vec((0_usize..4, any::<bool>(), any::<bool>()), 3..8),
        keep in 0_usize..8,
        drop in 0_usize..8,
        windows in any::<bool>(),
    ) {
        let (keep, drop) = (keep % layout.len(), drop % layout.len());
        prop_assume!(keep != drop);
        let mut text = "# head\nactors: # who\n".to_owned();
        for (nth, (style, comment, blank)) in layout.iter().enumerate() {
            let end = if *comment { "  # seen" } else { "" };
            text.push_str(if *blank { "\n  # next\n" } else { "" });
            text.push_str(&match style {
                0 => format!("  x{nth}: {{ name: Name {nth} }}{end}\n"),
                1 => format!("  x{nth}:{end}\n     name: 'Name {nth}'{end}\n     aliases: [One {nth}, \"Two, {nth}\"]\n"),
                2 => format!("  x{nth}:\n    aliases:\n    - One {nth}{end}\n    -  Two {nth}\n"),
                _ => format!("  x{nth}: {{}}{end}\n"),
            });
        }
        text.push_str("events:\n");
        for nth in 0..layout.len() {
            text.push_str(&format!("  e{nth}: {{ parties: [x{nth}] }} # of x{nth}\n"));
        }
        let text = if windows { text.replace('\n', "\r\n") } else { text };
        let (keep, drop) = (format!("x{keep}"), format!("x{drop}"));
        let after = merged(&text, Kind::Actor, &keep, &drop).map_err(|why| TestCaseError::fail(format!("{why}\n{text}")))?;
        let read = workspace([("a.yaml", after.as_str())]);
        let actors = &read.documents()[0].actors;
        prop_assert_eq!(actors.len(), layout.len() - 1);
        prop_assert!(actors.iter().all(|actor| actor.id.value != drop));
        let was = workspace([("a.yaml", text.as_str())]);
        let names = |read: &Workspace, id: &str| -> Vec<String> {
            let entry = read.documents()[0].actors.iter().find(|actor| actor.id.value == id).unwrap().clone();
            let name = entry.body.name.map_or_else(|| id.replace('-', " "), |name| name.value.to_string());
            std::iter::once(name).chain(entry.body.aliases.iter().map(|alias| alias.value.to_string())).collect()
        };
        let all = names(&read, &keep);
        prop_assert!(names(&was, &keep).iter().chain(&names(&was, &drop)).all(|name| all.contains(name)), "{}", after);
        for (before, now) in was.documents()[0].subjects.iter().zip(&read.documents()[0].subjects) {
            let party = before.body.parties[0].value.replace(&drop, &keep);
            prop_assert_eq!(now.body.parties[0].value.as_str(), party);
        }
        prop_assert_eq!(after.contains("\r\n"), windows);
        prop_assert!(after.starts_with("# head"));
    }
}

#[test]
fn command_merges_one_pair_and_does_not_prompt_without_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    std::fs::write(&file, EXAMPLE).unwrap();
    let run = |arguments: &[&str]| {
        let mut program = crate::support::program();
        let output = program.arg("suggest").args(arguments).arg(folder.path()).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, printed) = run(&["--apply", "north", "northern", "--dry-run"]);
    assert!(code == 0 && printed.contains("-  northern:"), "{printed}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), EXAMPLE);
    assert_eq!(run(&["--apply", "north", "nowhere"]).0, 2);
    assert_eq!(run(&["--apply", "north", "northern"]).0, 0);
    assert!(!std::fs::read_to_string(&file).unwrap().contains("northern"));
    let mut asked = crate::support::program();
    let asked = asked.args(["suggest", "--apply"]).current_dir(folder.path()).output().unwrap();
    assert_eq!(asked.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn pair_is_shown_again_if_the_files_change_during_the_prompt() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    std::fs::write(&file, EXAMPLE).unwrap();
    let mut command = crate::support::program();
    command.args(["suggest", "--apply"]).current_dir(folder.path()).env("NO_COLOR", "1").env("TERM", "xterm");
    let mut terminal = crate::terminal::Terminal::new(command);
    terminal.answer("are they the same?", "\r");
    terminal.wait_for("write this change?");
    let mut other = crate::support::program();
    let other = other.args(["new", "place", "somewhere"]).current_dir(folder.path()).output().unwrap();
    assert!(other.status.success(), "{other:?}");
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + "# theirs\n").unwrap();
    terminal.wait_for("quit");
    terminal.press("\r");
    terminal.wait_for("the files changed meanwhile");
    terminal.wait_for("write this change?");
    terminal.wait_for("quit");
    terminal.press("\r");
    terminal.wait_for("no more suggestions");
    terminal.ends_well();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.ends_with("# theirs\n") && !text.contains("  north:"), "{text}");
}
