//! `gainsay new` and `gainsay rename` with options and on a terminal.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::real_files;

/// A folder `claims` with the real claim files.
fn real_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("claims")).unwrap();
    for (path, text) in real_files() {
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn gainsay(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = crate::support::program();
    command.current_dir(folder).args(arguments);
    command.env("NO_COLOR", "1").env("COLUMNS", "100").env("TERM", "xterm");
    command
}

/// The output of a run on both streams, and its exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, i32) {
    let Output { status, stdout, stderr } = gainsay(folder, arguments).output().unwrap();
    (String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap(), status.code().unwrap())
}

fn text(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join("claims").join(path)).unwrap()
}

fn all_texts(folder: &TempDir) -> Vec<(String, String)> {
    let paths = fs::read_dir(folder.path().join("claims")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> =
        paths.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect();
    all.sort();
    all
}

#[test]
fn renaming_an_id_in_all_files_and_back_restores_them() {
    let folder = real_folder();
    let before = all_texts(&folder);
    let shown = run(folder.path(), &["rename", "khawaja-asif", "asif", "--dry-run"]);
    assert!(shown.1 == 0 && shown.0.contains("-  khawaja-asif:\n+  asif:\n"), "{}", shown.0);
    assert_eq!(all_texts(&folder), before);
    let (printed, code) = run(folder.path(), &["rename", "khawaja-asif", "asif"]);
    assert!(code == 0 && printed.starts_with("the actor `khawaja-asif` is now called `asif`: "), "{printed}");
    assert!(text(&folder, "actors.yaml").contains("\n  asif:\n    name: Khawaja Asif\n"));
    let (checked, code) = run(folder.path(), &["check", "--strict"]);
    assert!(code == 0, "{checked}");
    assert_eq!(run(folder.path(), &["rename", "actors/asif", "khawaja-asif", "claims"]).1, 0);
    assert_eq!(all_texts(&folder), before);
}

#[test]
fn invalid_names_are_refused_and_nothing_is_written() {
    let folder = real_folder();
    let before = all_texts(&folder);
    for (arguments, why) in [
        (&["rename", "khawaja-asiff", "x"][..], "did you mean `khawaja-asif`?"),
        (&["rename", "killed", "dead"], "built in"),
        (&["rename", "khawaja-asif", "mohsin-naqvi"], "already exists, at claims/actors.yaml:"),
        (&["rename", "khawaja-asif", "Asif"], "is not a valid id"),
        (&["rename", "khawaja-asif", "x", "--kind", "place"], "no place is called"),
        (&["rename", "khawaja-asif", "x", "nowhere"], "nowhere"),
        (&["new", "claim", "x"], "--source ID"),
        (&["new", "claim", "--source", "al-jazeera-2026-02-24"], "`gainsay new claim ID`"),
        (
            &["new", "claim", "x", "--source", "al-jazera-2026-02-24"],
            "a claim needs --about, --measure, --value",
        ),
        (
            &["new", "claim", "x", "--source", "al-jazera-2026-02-24", "--denies", "y"],
            "did you mean `al-jazeera-2026-02-24`?",
        ),
        (&["new", "source", "x"], "a source needs --publisher, --published"),
        (&["new", "measure", "x"], "a measure needs --type"),
        (&["new", "actor", "khawaja-asif"], "already exists"),
        (&["new", "actor", "x", "--file", "claims/x.txt"], "not a valid name for a claim file"),
        (
            &["new", "source", "al-jazeera-2026-02-24", "--publisher", "a", "--published", "2026"],
            "the source `al-jazeera-2026-02-24` already exists",
        ),
        (&["new", "actor", "x", "--name", "   "], "--name has no value"),
        (&["new", "actor", "x", "--aliases", "a,"], "--aliases has no value"),
        (&["new", "claim", "a/x", "--source", "b"], "the id names the source `a`, but --source names `b`"),
        (&["new", "measure", "x", "--type", "scale"], "a measure needs --steps"),
        (&["suggest", "--apply", "khawaja-asif", "khawaja-asif"], "both ids are `khawaja-asif`"),
        (
            &["suggest", "--apply", "khawaja-asif", "mohsin-nakvi"],
            "is called `mohsin-nakvi`; did you mean `mohsin-naqvi`?",
        ),
        (&["new", "claim", "x", "--stance", "dneies"], "invalid value"),
        (&["new", "rumour", "x"], "unrecognized subcommand"),
    ] {
        let (printed, code) = run(folder.path(), arguments);
        assert!(code == 2 && printed.contains(why), "{arguments:?}: {code}, {printed}");
    }
    assert_eq!(all_texts(&folder), before);
}

#[test]
fn single_file_of_a_folder_is_refused_with_the_command_for_the_folder() {
    let folder = real_folder();
    let before = all_texts(&folder);
    let file = "claims/actors.yaml";
    for (arguments, instead) in [
        (
            &["rename", "pakistan-gov", "pak", file, "--kind", "actor"][..],
            "`gainsay rename pakistan-gov pak claims --kind actor`",
        ),
        (
            &["suggest", file, "--apply", "khawaja-asif", "mohsin-naqvi"],
            "`gainsay suggest claims --apply khawaja-asif mohsin-naqvi`",
        ),
        (
            &["new", "actor", "x", "claims/subjects.yaml"],
            "`gainsay new actor x claims --file claims/subjects.yaml …`",
        ),
    ] {
        let (printed, code) = run(folder.path(), arguments);
        assert!(
            code == 2 && printed.contains("is one file of a folder") && printed.contains(instead),
            "{printed}"
        );
    }
    let (printed, code) =
        run(&folder.path().join("claims"), &["rename", "khawaja-asif", "asif", "actors.yaml"]);
    assert!(code == 2 && printed.contains("`gainsay rename khawaja-asif asif .`"), "{printed}");
    assert_eq!(all_texts(&folder), before);
    let nested = folder.path().join("claims/2026");
    fs::create_dir(&nested).unwrap();
    fs::write(nested.join("more.yaml"), "actors: { x: {} }\n").unwrap();
    let (printed, code) = run(folder.path(), &["rename", "x", "y", "claims/2026/more.yaml"]);
    assert!(code == 2 && printed.contains("`gainsay rename x y claims`"), "{printed}");
    let deep = folder.path().join("claims/2026/02/22");
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("more.yaml"), "actors: { z: {} }\n").unwrap();
    let (printed, code) = run(folder.path(), &["rename", "z", "y", "claims/2026/02/22/more.yaml"]);
    assert!(code == 2 && printed.contains("claims`"), "{printed}");
}

#[test]
fn single_file_without_neighbours_is_a_workspace() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("alone")).unwrap();
    let path = folder.path().join("alone/claims.yaml");
    fs::write(&path, "actors:\n  a: {}\n").unwrap();
    fs::write(folder.path().join("alone/mkdocs.yml"), "site_name: x\nnav: [a, b]\n").unwrap();
    assert_eq!(run(folder.path(), &["rename", "a", "b", "alone/claims.yaml"]).1, 0);
    let (printed, code) = run(folder.path(), &["new", "actor", "c", "alone/claims.yaml"]);
    assert_eq!(code, 0, "{printed}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "actors:\n  b: {}\n  c: {}\n");
}

const CLAIM: [&str; 17] = [
    "new",
    "claim",
    "raid-all",
    "--source",
    "al-jazeera-2026-02-24",
    "--by",
    "pakistani-authorities",
    "--about",
    "raids-2026-02-22",
    "--measure",
    "killed",
    "--of",
    "militants",
    "--value",
    "at least 80",
    "--words",
    "at least 80",
];

#[test]
fn new_claim_goes_into_its_source_and_its_clashes_are_shown() {
    let folder = real_folder();
    let before = text(&folder, "al-jazeera-2026-02-24.yaml");
    let shown = run(folder.path(), &[&CLAIM[..], &["--dry-run"]].concat());
    assert!(
        shown.1 == 0 && shown.0.contains("+  raid-all:\n") && shown.0.contains("contradiction[denied]"),
        "{}",
        shown.0
    );
    assert_eq!(text(&folder, "al-jazeera-2026-02-24.yaml"), before);
    let (printed, code) = run(folder.path(), &CLAIM);
    assert!(code == 0, "{printed}");
    assert!(
        printed.starts_with(
            "wrote the claim `al-jazeera-2026-02-24/raid-all` to claims/al-jazeera-2026-02-24.yaml\n"
        ),
        "{printed}"
    );
    assert!(printed.contains("see `gainsay show al-jazeera-2026-02-24/raid-all`"), "{printed}");
    let after = text(&folder, "al-jazeera-2026-02-24.yaml");
    let new = "\n  raid-all:\n    by: pakistani-authorities\n    about: raids-2026-02-22\n    measure: killed\n    of: militants\n    value: at least 80\n    words: at least 80\n";
    assert_eq!(after.replace(new, ""), before);
}

#[test]
fn claim_with_errors_is_written_only_with_anyway() {
    let folder = real_folder();
    let before = all_texts(&folder);
    let with = |from: &str, to: &'static str| -> Vec<&str> {
        CLAIM.iter().map(|&word| if word == from { to } else { word }).collect()
    };
    let wrong = with("raids-2026-02-22", "raid-2026-02-22");
    let (printed, code) = run(folder.path(), &wrong);
    assert!(
        code == 1 && printed.contains("did you mean `raids-2026-02-22`?") && printed.contains("--anyway"),
        "{printed}"
    );
    assert_eq!(all_texts(&folder), before);
    assert_eq!(run(folder.path(), &[&wrong[..], &["--anyway"]].concat()).1, 1);
    assert!(text(&folder, "al-jazeera-2026-02-24.yaml").contains("about: raid-2026-02-22\n"));
}

#[test]
fn invalid_values_are_shown_in_their_lines_and_written_only_with_anyway() {
    let folder = real_folder();
    let before = all_texts(&folder);
    let at = [&CLAIM[..], &["--at", "page3"]].concat();
    let (printed, code) = run(folder.path(), &at);
    assert!(
        code == 1 && printed.contains("at: page3") && printed.contains("write p12, p3-4"),
        "{code} {printed}"
    );
    let date = ["new", "event", "x", "--date", "22 Feb 2026"];
    let (printed, code) = run(folder.path(), &date);
    assert!(code == 1 && printed.contains("write `2026-02-22`"), "{code} {printed}");
    let denies = [&CLAIM[..], &["--denies", "raids"]].concat();
    let (printed, code) = run(folder.path(), &denies);
    assert!(code == 1 && printed.contains("denies: raids"), "{code} {printed}");
    assert_eq!(all_texts(&folder), before);
    for (command, path, written) in [
        (&at[..], "al-jazeera-2026-02-24.yaml", "    at: page3\n"),
        (&date, "subjects.yaml", "    date: 22 Feb 2026\n"),
    ] {
        let (printed, code) = run(folder.path(), &[command, &["--anyway"]].concat());
        assert!(code == 1 && text(&folder, path).contains(written), "{code} {printed}");
    }
}

#[test]
fn repeated_mistake_is_reported_again() {
    let folder = real_folder();
    let wrong: Vec<&str> =
        CLAIM.iter().map(|&word| if word == "raids-2026-02-22" { "raid-2026-02-22" } else { word }).collect();
    assert_eq!(run(folder.path(), &[&wrong[..], &["--anyway"]].concat()).1, 1);
    let again: Vec<&str> =
        wrong.iter().map(|&word| if word == "raid-all" { "raid-more" } else { word }).collect();
    let (printed, code) = run(folder.path(), &again);
    assert!(code == 1 && printed.contains("nothing was written"), "{printed}");
}

#[test]
fn options_with_several_values_are_split_at_commas() {
    let folder = real_folder();
    let new = |arguments: &[&str]| {
        let (printed, code) = run(folder.path(), &[&["new"], arguments].concat());
        assert!(code == 0 && !printed.contains("unused-id"), "{printed}");
    };
    new(&["measure", "mood", "--type", "scale", "--steps", "bad, good", "--steps", "best"]);
    assert!(all_texts(&folder).iter().any(|(_, text)| text.contains("steps: [bad, good, best]")));
    let target =
        ["--about", "raids-2026-02-22", "--measure", "target", "--value", "homes,mosque", "--at", "p1"];
    new(&[&["claim", "al-jazeera-2026-02-24/hit"], &target[..]].concat());
    assert!(text(&folder, "al-jazeera-2026-02-24.yaml").contains("\n  hit:\n"));
    assert!(text(&folder, "al-jazeera-2026-02-24.yaml").contains("    value: [homes, mosque]\n"));
    let killed = ["--about", "raids-2026-02-22", "--measure", "killed", "--value", "1,034", "--at", "p1"];
    new(&[&["claim", "al-jazeera-2026-02-24/many"], &killed[..]].concat());
    assert!(text(&folder, "al-jazeera-2026-02-24.yaml").contains("    value: 1,034\n"));
    let (printed, _) = run(folder.path(), &["new", "actor", "--help"]);
    assert!(printed.contains("separate several with commas, or repeat the option"), "{printed}");
}

#[test]
fn hidden_characters_of_a_name_are_written_as_escapes() {
    let folder = real_folder();
    let (printed, code) = run(folder.path(), &["new", "actor", "who", "--name", "a\u{202e}b\u{200b}"]);
    assert_eq!(code, 0, "{printed}");
    assert!(text(&folder, "actors.yaml").contains("    name: \"a\\u202eb\\u200b\"\n"));
}

#[test]
fn new_entry_in_an_empty_folder_creates_a_file() {
    let folder = TempDir::new().unwrap();
    let (printed, code) = run(folder.path(), &["new", "actor", "who", "--name", "Who"]);
    assert_eq!(code, 0, "{printed}");
    assert_eq!(
        fs::read_to_string(folder.path().join("actors.yaml")).unwrap(),
        "actors:\n  who:\n    name: Who\n"
    );
    let (printed, code) = run(folder.path(), &["new", "actor", "who", "nowhere"]);
    assert!(code == 2 && printed.contains("nowhere"), "{printed}");
    fs::create_dir(folder.path().join("claims")).unwrap();
    let source = ["new", "source", "paper-1", "--publisher", "paper", "--published", "2026-02-01"];
    let (printed, code) = run(folder.path(), &source);
    assert!(code == 1 && printed.contains("unknown-id"), "{printed}");
    assert_eq!(run(folder.path(), &["new", "actor", "paper"]).1, 0);
    assert_eq!(run(folder.path(), &source).1, 0);
    let (checked, code) = run(folder.path(), &["check"]);
    assert_eq!(code, 0, "{checked}");
}

#[test]
fn fmt_lists_changed_and_skipped_files() {
    let folder = real_folder();
    fs::write(folder.path().join("claims/odd.yaml"), "actors:\n     odd:   {}\n").unwrap();
    let (printed, code) = run(folder.path(), &["fmt"]);
    assert!(code == 0 && printed.starts_with("claims/odd.yaml\n"), "{printed}");
    fs::write(folder.path().join("claims/odd.yaml"), "actors: [\n").unwrap();
    let (printed, code) = run(folder.path(), &["fmt"]);
    assert!(
        code == 1
            && printed.contains("1 of 9 files not changed because of problems, the rest already formatted"),
        "{printed}"
    );
}

#[test]
fn new_source_actor_and_event_go_into_the_right_files() {
    let folder = real_folder();
    let (printed, code) = run(
        folder.path(),
        &["new", "source", "the-paper-2026-02-23", "--publisher", "the-paper", "--published", "2026-02-23"],
    );
    assert!(code == 1 && printed.contains("unknown-id"), "{printed}");
    let (printed, code) =
        run(folder.path(), &["new", "actor", "the-paper", "--name", "The paper", "--kind", "media"]);
    assert!(
        code == 0 && printed.starts_with("wrote the actor `the-paper` to claims/actors.yaml\n"),
        "{printed}"
    );
    let (printed, code) = run(
        folder.path(),
        &["new", "source", "the-paper-2026-02-23", "--publisher", "the-paper", "--published", "2026-02-23"],
    );
    assert!(code == 0, "{printed}");
    assert_eq!(
        text(&folder, "the-paper-2026-02-23.yaml"),
        "source:\n  id: the-paper-2026-02-23\n  publisher: the-paper\n  published: 2026-02-23\n\nclaims: {}\n"
    );
    let claim = [
        "new",
        "claim",
        "x",
        "--file",
        "the-paper-2026-02-23.yaml",
        "--about",
        "raids-2026-02-22",
        "--measure",
    ];
    let (printed, code) =
        run(folder.path(), &[&claim[..], &["target", "--value", "homes", "--value", "mosque"]].concat());
    assert!(
        code == 0 && text(&folder, "the-paper-2026-02-23.yaml").contains("    value: [homes, mosque]\n"),
        "{printed}"
    );
    let (printed, code) = run(
        folder.path(),
        &[
            "new",
            "event",
            "talks-x",
            "--place",
            "pakistan",
            "--parties",
            "pakistan-gov,afghan-gov",
            "--file",
            "more/talks.yaml",
        ],
    );
    assert!(code == 2 && printed.contains("cannot write"), "{printed}");
    let (printed, code) = run(
        folder.path(),
        &[
            "new",
            "event",
            "talks-x",
            "--place",
            "pakistan",
            "--parties",
            "pakistan-gov,afghan-gov",
            "--file",
            "talks.yaml",
        ],
    );
    assert!(code == 0, "{printed}");
    assert_eq!(
        text(&folder, "talks.yaml"),
        "events:\n  talks-x:\n    place: pakistan\n    parties: [pakistan-gov, afghan-gov]\n"
    );
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::terminal::Terminal;

    #[test]
    fn missing_fields_are_prompted_for_with_completion() {
        let folder = real_folder();
        let mut terminal = Terminal::new(gainsay(folder.path(), &["new", "claim"]));
        terminal.answer("source (", "al-j\t\r");
        terminal.answer("id of the claim", "Toll\r");
        terminal.wait_for("an id consists of lower-case words");
        terminal.answer("Toll", &(delete_keys("Toll") + "toll-x\r"));
        terminal.wait_for("declines to answer");
        terminal.press("\r");
        terminal.answer("by (", "pakistan\t");
        terminal.wait_for("pakistan-gov  ");
        terminal.press("i-a\t\r");
        terminal.answer("about (", "raids-2026-02-2\r");
        terminal.wait_for("did you mean `raids-2026-02-22`?");
        terminal.press("2\r");
        terminal.answer("measure (", "kill\t\r");
        terminal.answer("of (", "milit\t\r");
        terminal.answer("value (", "at least 80\r");
        terminal.answer("said (", "\r");
        terminal.answer("at (", "p1\r");
        terminal.answer("words (", "\r");
        let shown = terminal.wait_for("write this change?");
        assert!(shown.contains("+    value: at least 80"), "{shown}");
        terminal.press("y");
        terminal.wait_for("wrote the claim `al-jazeera-2026-02-24/toll-x`");
        terminal.ends_well();
        let new = "\n  toll-x:\n    by: pakistani-authorities\n    about: raids-2026-02-22\n    measure: killed\n    of: militants\n    value: \
                   at least 80\n    at: p1\n";
        assert!(text(&folder, "al-jazeera-2026-02-24.yaml").contains(new));
    }

    /// Deletes typed text with a key that a terminal always passes to the program.
    fn delete_keys(text: &str) -> String {
        "\u{8}".repeat(text.chars().count())
    }

    #[test]
    fn invalid_answer_is_prompted_for_again() {
        let folder = real_folder();
        let mut terminal = Terminal::new(gainsay(folder.path(), &["new", "event"]));
        terminal.answer("id of the event", "raids-2026-02-22\r");
        terminal.wait_for("already exists, at");
        terminal.answer("raids-2026-02-22", "-x\r");
        terminal.answer("name (", "\r");
        terminal.answer("kind (", "\r");
        terminal.answer("date (", "22 Feb 2026\r");
        terminal.wait_for("write `2026-02-22`");
        terminal.answer("22 Feb 2026", &(delete_keys("22 Feb 2026") + "2026-02-22\r"));
        terminal.answer("place (", "\r");
        terminal.answer("parties (", "\r");
        terminal.answer("write this change?", "y");
        terminal.wait_for("wrote the event `raids-2026-02-22-x`");
        terminal.ends_well();
        assert!(text(&folder, "subjects.yaml").contains("\n  raids-2026-02-22-x:\n    date: 2026-02-22\n"));
    }

    #[test]
    fn figures_and_places_are_checked_at_the_prompt() {
        let folder = real_folder();
        let known = ["--by", "khawaja-asif", "--about", "raids-2026-02-22", "--measure", "killed"];
        let new = [&["new", "claim", "al-jazeera-2026-02-24/x"], &known[..]].concat();
        let mut terminal = Terminal::new(gainsay(folder.path(), &new));
        terminal.answer("of (", "\r");
        terminal.answer("value (", "a fair few\r");
        terminal.wait_for("gainsay: ");
        terminal.wait_for("value (");
        terminal.answer("a fair few", &(delete_keys("a fair few") + "80\r"));
        terminal.answer("said (", "at least 80\r");
        terminal.wait_for("gainsay: ");
        terminal.wait_for("said (");
        terminal.answer("at least 80", &(delete_keys("at least 80") + "\r"));
        terminal.answer("at (", "page3\r");
        terminal.wait_for("write p12, p3-4");
        terminal.answer("page3", &(delete_keys("page3") + "p3\r"));
        terminal.answer("words (", "\r");
        terminal.answer("write this change?", "y");
        terminal.wait_for("wrote the claim");
        terminal.ends_well();
        assert!(text(&folder, "al-jazeera-2026-02-24.yaml").contains("    value: 80\n    at: p3\n"));
    }

    #[test]
    fn prompts_for_a_measure_depend_on_its_type_and_choices_list_their_values() {
        let folder = real_folder();
        let mut terminal = Terminal::new(gainsay(folder.path(), &["new", "measure", "mood"]));
        terminal.answer("name (", "\r");
        terminal.answer("type (", "sca\t\r");
        terminal.answer("steps (", "\r");
        terminal.wait_for("`steps` is required");
        terminal.press("bad, good\r");
        terminal.answer("write this change?", "y");
        terminal.wait_for("wrote the measure `mood`");
        terminal.ends_well();
        assert!(all_texts(&folder).iter().any(|(_, text)| text.contains("steps: [bad, good]")));
        let known = ["--by", "khawaja-asif", "--about", "raids-2026-02-22", "--measure", "target"];
        let new = [&["new", "claim", "al-jazeera-2026-02-24/x"], &known[..]].concat();
        let mut terminal = Terminal::new(gainsay(folder.path(), &new));
        terminal.wait_for("value (ids of ");
        terminal.answer("several with commas", "homes,mosq\t\r");
        terminal.answer("said (", "\r");
        terminal.answer("at (", "p3\r");
        terminal.answer("words (", "\r");
        terminal.answer("write this change?", "y");
        terminal.wait_for("wrote the claim");
        terminal.ends_well();
        assert!(text(&folder, "al-jazeera-2026-02-24.yaml").contains("    value: [homes, mosque]\n"));
    }

    #[test]
    fn refusing_the_change_writes_nothing() {
        let folder = real_folder();
        let before = all_texts(&folder);
        let mut terminal = Terminal::new(gainsay(folder.path(), &["new", "event"]));
        terminal.answer("id of the event", "talks-x\r");
        for question in ["name (", "kind (", "date (", "place (", "parties ("] {
            terminal.answer(question, "\r");
        }
        terminal.answer("write this change?", "n");
        terminal.wait_for("nothing was written");
        terminal.ends_well();
        assert_eq!(all_texts(&folder), before);
    }

    #[test]
    fn other_commands_can_write_during_a_prompt() {
        let folder = real_folder();
        let mut terminal = Terminal::new(gainsay(folder.path(), &["new", "event"]));
        terminal.answer("id of the event", "talks-x\r");
        for question in ["name (", "kind (", "date (", "place (", "parties ("] {
            terminal.answer(question, "\r");
        }
        terminal.wait_for("write this change?");
        let (printed, code) = run(folder.path(), &["new", "event", "talks-y"]);
        assert_eq!(code, 0, "{printed}");
        // The text to write has changed, so it is shown and confirmed again.
        terminal.press("y");
        terminal.wait_for("the files changed meanwhile");
        let shown = terminal.wait_for("write this change?");
        assert!(shown.contains("+  talks-x:") && shown.contains("   talks-y:"), "{shown}");
        terminal.press("y");
        terminal.wait_for("wrote the event `talks-x`");
        terminal.ends_well();
        let subjects = text(&folder, "subjects.yaml");
        assert!(subjects.contains("\n  talks-x: ") && subjects.contains("\n  talks-y: "), "{subjects}");
    }

    #[test]
    fn id_taken_by_another_command_during_a_prompt_is_refused() {
        let folder = real_folder();
        let mut terminal = Terminal::new(gainsay(folder.path(), &["new", "event"]));
        terminal.answer("id of the event", "talks-x\r");
        for question in ["name (", "kind (", "date (", "place (", "parties ("] {
            terminal.answer(question, "\r");
        }
        terminal.wait_for("write this change?");
        // In another file: the file to be written has not changed.
        let taken = ["new", "event", "talks-x", "--file", "claims/more.yaml"];
        assert_eq!(run(folder.path(), &taken).1, 0);
        let before = all_texts(&folder);
        terminal.press("y");
        terminal.wait_for("the subject `talks-x` already exists, at claims/more.yaml:2");
        assert_eq!(all_texts(&folder), before);
    }
}
