//! `gainsay new` and `gainsay rename` as people run them: by options, and asked on a terminal.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::real_files;

/// A folder `claims` with the real claim files in it.
fn desk() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("claims")).unwrap();
    for (path, text) in real_files() {
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn gainsay(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gainsay"));
    command.current_dir(folder).args(arguments);
    command.env("NO_COLOR", "1").env("COLUMNS", "100").env("TERM", "xterm");
    command
}

/// What a run says, on both ways, and its exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, i32) {
    let Output { status, stdout, stderr } = gainsay(folder, arguments).output().unwrap();
    (String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap(), status.code().unwrap())
}

fn text(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join("claims").join(path)).unwrap()
}

fn all(folder: &TempDir) -> Vec<(String, String)> {
    let paths = fs::read_dir(folder.path().join("claims")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> =
        paths.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect();
    all.sort();
    all
}

#[test]
fn an_id_is_renamed_in_all_files_and_back() {
    let folder = desk();
    let before = all(&folder);
    let shown = run(folder.path(), &["rename", "khawaja-asif", "asif", "--dry-run"]);
    assert!(shown.1 == 0 && shown.0.contains("-  khawaja-asif:\n+  asif:\n"), "{}", shown.0);
    assert_eq!(all(&folder), before);
    let (said, code) = run(folder.path(), &["rename", "khawaja-asif", "asif"]);
    assert!(code == 0 && said.starts_with("the actor `khawaja-asif` is called `asif`: "), "{said}");
    assert!(text(&folder, "actors.yaml").contains("\n  asif:\n    name: Khawaja Asif\n"));
    let (checked, code) = run(folder.path(), &["check", "--strict"]);
    assert!(code == 0, "{checked}");
    assert_eq!(run(folder.path(), &["rename", "actors/asif", "khawaja-asif", "claims"]).1, 0);
    assert_eq!(all(&folder), before);
}

#[test]
fn a_name_that_cannot_be_is_told_and_nothing_is_written() {
    let folder = desk();
    let before = all(&folder);
    for (arguments, why) in [
        (&["rename", "khawaja-asiff", "x"][..], "did you mean `khawaja-asif`?"),
        (&["rename", "killed", "dead"], "built in"),
        (&["rename", "khawaja-asif", "mohsin-naqvi"], "is there already, at claims/actors.yaml:"),
        (&["rename", "khawaja-asif", "Asif"], "no id"),
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
        (&["new", "actor", "khawaja-asif"], "is there already"),
        (&["new", "actor", "x", "--file", "claims/x.txt"], "no name of a claim file"),
        (&["new", "event", "x", "--date", "soon"], "soon"),
        (&["new", "claim", "x", "--stance", "dneies"], "invalid value"),
        (&["new", "rumour", "x"], "unrecognized subcommand"),
    ] {
        let (said, code) = run(folder.path(), arguments);
        assert!(code == 2 && said.contains(why), "{arguments:?}: {code}, {said}");
    }
    assert_eq!(all(&folder), before);
}

#[test]
fn one_file_of_a_folder_is_not_changed_as_if_it_were_alone() {
    let folder = desk();
    let before = all(&folder);
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
        let (said, code) = run(folder.path(), arguments);
        assert!(code == 2 && said.contains("is one file of a folder") && said.contains(instead), "{said}");
    }
    let (said, code) = run(&folder.path().join("claims"), &["rename", "khawaja-asif", "asif", "actors.yaml"]);
    assert!(code == 2 && said.contains("`gainsay rename khawaja-asif asif .`"), "{said}");
    assert_eq!(all(&folder), before);
    let nested = folder.path().join("claims/2026");
    fs::create_dir(&nested).unwrap();
    fs::write(nested.join("more.yaml"), "actors: { x: {} }\n").unwrap();
    let (said, code) = run(folder.path(), &["rename", "x", "y", "claims/2026/more.yaml"]);
    assert!(code == 2 && said.contains("`gainsay rename x y claims`"), "{said}");
}

#[test]
fn a_file_that_stands_alone_is_a_workspace() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("alone")).unwrap();
    let path = folder.path().join("alone/claims.yaml");
    fs::write(&path, "actors:\n  a: {}\n").unwrap();
    fs::write(folder.path().join("alone/mkdocs.yml"), "site_name: x\nnav: [a, b]\n").unwrap();
    assert_eq!(run(folder.path(), &["rename", "a", "b", "alone/claims.yaml"]).1, 0);
    let (said, code) = run(folder.path(), &["new", "actor", "c", "alone/claims.yaml"]);
    assert_eq!(code, 0, "{said}");
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
fn a_new_claim_goes_into_its_source_and_its_clashes_are_told() {
    let folder = desk();
    let before = text(&folder, "al-jazeera-2026-02-24.yaml");
    let shown = run(folder.path(), &[&CLAIM[..], &["--dry-run"]].concat());
    assert!(
        shown.1 == 0 && shown.0.contains("+  raid-all:\n") && shown.0.contains("contradiction[denied]"),
        "{}",
        shown.0
    );
    assert_eq!(text(&folder, "al-jazeera-2026-02-24.yaml"), before);
    let (said, code) = run(folder.path(), &CLAIM);
    assert!(code == 0, "{said}");
    assert!(
        said.starts_with(
            "wrote the claim `al-jazeera-2026-02-24/raid-all` into claims/al-jazeera-2026-02-24.yaml\n"
        ),
        "{said}"
    );
    assert!(said.contains("see `gainsay show al-jazeera-2026-02-24/raid-all`"), "{said}");
    let after = text(&folder, "al-jazeera-2026-02-24.yaml");
    let new = "\n  raid-all:\n    by: pakistani-authorities\n    about: raids-2026-02-22\n    measure: killed\n    of: militants\n    value: at least 80\n    words: at least 80\n";
    assert_eq!(after.replace(new, ""), before);
}

#[test]
fn a_claim_with_errors_is_shown_and_not_written_unless_it_is_to_be() {
    let folder = desk();
    let before = all(&folder);
    let with = |from: &str, to: &'static str| -> Vec<&str> {
        CLAIM.iter().map(|&word| if word == from { to } else { word }).collect()
    };
    let wrong = with("raids-2026-02-22", "raid-2026-02-22");
    let (said, code) = run(folder.path(), &wrong);
    assert!(
        code == 1 && said.contains("did you mean `raids-2026-02-22`?") && said.contains("--anyway"),
        "{said}"
    );
    assert_eq!(all(&folder), before);
    assert_eq!(run(folder.path(), &[&wrong[..], &["--anyway"]].concat()).1, 1);
    assert!(text(&folder, "al-jazeera-2026-02-24.yaml").contains("about: raid-2026-02-22\n"));
}

#[test]
fn a_source_an_actor_and_an_event_find_their_files() {
    let folder = desk();
    let (said, code) = run(
        folder.path(),
        &["new", "source", "the-paper-2026-02-23", "--publisher", "the-paper", "--published", "2026-02-23"],
    );
    assert!(code == 1 && said.contains("unknown-id"), "{said}");
    let (said, code) =
        run(folder.path(), &["new", "actor", "the-paper", "--name", "The paper", "--kind", "media"]);
    assert!(code == 0 && said.starts_with("wrote the actor `the-paper` into claims/actors.yaml\n"), "{said}");
    let (said, code) = run(
        folder.path(),
        &["new", "source", "the-paper-2026-02-23", "--publisher", "the-paper", "--published", "2026-02-23"],
    );
    assert!(code == 0, "{said}");
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
    let (said, code) =
        run(folder.path(), &[&claim[..], &["target", "--value", "homes", "--value", "mosque"]].concat());
    assert!(
        code == 0 && text(&folder, "the-paper-2026-02-23.yaml").contains("    value: [homes, mosque]\n"),
        "{said}"
    );
    let (said, code) = run(
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
    assert!(code == 2 && said.contains("cannot write"), "{said}");
    let (said, code) = run(
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
    assert!(code == 0, "{said}");
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
    fn what_is_missing_is_asked_for_and_completed() {
        let folder = desk();
        let mut terminal = Terminal::new(gainsay(folder.path(), &["new", "claim"]));
        terminal.answer("source (", "al-j\t\r");
        terminal.answer("id of the claim", "Toll\r");
        terminal.wait_for("an id is lower-case words");
        terminal.press("\u{7f}\u{7f}\u{7f}\u{7f}toll-x\r");
        terminal.wait_for("declines to answer");
        terminal.press("\r");
        terminal.answer("by (", "pakistani-a\t\r");
        terminal.answer("about (", "raids-2026-02-2\r");
        terminal.wait_for("did you mean `raids-2026-02-22`?");
        terminal.press("raids-2026\t\r");
        terminal.answer("measure (", "kill\t\r");
        terminal.answer("of (", "milit\t\r");
        terminal.answer("value (", "at least 80\r");
        terminal.answer("said (", "\r");
        terminal.answer("at (", "p1\r");
        terminal.answer("words (", "\r");
        let shown = terminal.wait_for("write it?");
        assert!(shown.contains("+    value: at least 80"), "{shown}");
        terminal.press("y");
        terminal.wait_for("wrote the claim `al-jazeera-2026-02-24/toll-x`");
        terminal.ends_well();
        let new = "\n  toll-x:\n    by: pakistani-authorities\n    about: raids-2026-02-22\n    measure: killed\n    of: militants\n    value: \
                   at least 80\n    at: p1\n";
        assert!(text(&folder, "al-jazeera-2026-02-24.yaml").contains(new));
    }

    #[test]
    fn whoever_does_not_agree_writes_nothing() {
        let folder = desk();
        let before = all(&folder);
        let mut terminal = Terminal::new(gainsay(folder.path(), &["new", "event"]));
        terminal.answer("id of the event", "talks-x\r");
        for question in ["name (", "kind (", "date (", "place (", "parties ("] {
            terminal.answer(question, "\r");
        }
        terminal.answer("write it?", "n");
        terminal.wait_for("nothing was written");
        terminal.ends_well();
        assert_eq!(all(&folder), before);
    }
}
