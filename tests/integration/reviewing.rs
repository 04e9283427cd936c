//! `gainsay review` with options and on a terminal.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{CLAIMS, QUESTION};

/// A folder `claims` with one dispute.
fn disputed_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("claims")).unwrap();
    fs::write(folder.path().join("claims/claims.yaml"), CLAIMS).unwrap();
    folder
}

fn gainsay(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = crate::support::program();
    command.current_dir(folder).arg("review").args(arguments);
    command.env("NO_COLOR", "1").env("COLUMNS", "100").env("TERM", "xterm").env("USER", "a.reviewer");
    command
}

/// The output of a run on both streams, and its exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, i32) {
    let Output { status, stdout, stderr } = gainsay(folder, arguments).output().unwrap();
    (String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap(), status.code().unwrap())
}

fn reviews(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("claims/reviews.yaml")).unwrap_or_default()
}

#[test]
fn decision_is_written_listed_and_undone() {
    let folder = disputed_folder();
    assert_eq!(
        run(folder.path(), &["--list"]).0,
        "✗ open   raid/injured/people  injured, raid (22 February 2026)\n"
    );
    let decide =
        [QUESTION, "--verdict", "settled", "--figure", "36", "--because", "source-error", "--by", "desk"];
    let shown = run(folder.path(), &[&decide[..], &["--dry-run"]].concat());
    assert!(
        shown.1 == 0 && shown.0.contains("+    figure: 36\n") && reviews(&folder).is_empty(),
        "{shown:?}"
    );
    let done = run(folder.path(), &decide);
    assert_eq!(done, ("wrote the review of `raid/injured/people` to claims/reviews.yaml\n".to_owned(), 0));
    let text = reviews(&folder);
    assert!(text.contains("    because: source-error\n    figure: 36\n    by: desk\n    on: 20"), "{text}");
    let none = "gainsay: no disputes are open: the only dispute is reviewed\n";
    assert_eq!(run(folder.path(), &["--list"]), (none.to_owned(), 0));
    let none = format!("gainsay: `{QUESTION}` has no open dispute\n");
    assert_eq!(run(folder.path(), &["--list", QUESTION]), (none, 0));
    // The path can be given as well, before or after the question, and the reviewer can come from the environment.
    let again = ["claims", QUESTION, "--verdict", "open", "--by-user"];
    assert_eq!(run(folder.path(), &again).1, 0);
    assert!(
        reviews(&folder).contains("  raid-injured-2:\n") && reviews(&folder).contains("    by: a.reviewer\n")
    );
    assert_eq!(run(folder.path(), &[QUESTION, "--in", "claims", "--undo"]).1, 0);
    assert_eq!(reviews(&folder), text);
    assert_eq!(run(folder.path(), &[QUESTION, "claims/", "--undo"]).1, 0);
    assert_eq!(reviews(&folder), "reviews: {}\n");
    let none = run(folder.path(), &[QUESTION, "--undo"]);
    assert!(none.1 == 2 && none.0.contains("has no review"), "{none:?}");
}

#[test]
fn single_file_holds_its_own_reviews() {
    let folder = disputed_folder();
    let done = run(folder.path(), &["claims/claims.yaml", QUESTION, "--verdict", "open", "--by", "desk"]);
    assert_eq!(done.1, 0, "{}", done.0);
    let text = fs::read_to_string(folder.path().join("claims/claims.yaml")).unwrap();
    assert!(text.starts_with(&format!("{CLAIMS}\nreviews:\n  raid-injured:\n")), "{text}");
    assert!(reviews(&folder).is_empty());
}

#[test]
fn invalid_arguments_are_refused_with_the_reason() {
    let folder = disputed_folder();
    for (arguments, why) in [
        (&[][..], "needs a terminal"),
        (&["claims"], "needs a terminal"),
        (&["raid/injured/peple"], "did you mean `raid/injured/people`?"),
        (&["claims", "claims"], "both files or folders"),
        (&["one", "two"], "neither `one` nor `two`"),
        (&["--verdict", "open", "--by", "desk"], "name the question"),
        (&["--undo"], "name the question"),
        (&[QUESTION, "--note", "x"], "--verdict open, explained, settled or irreconcilable"),
        (&[QUESTION, "--verdict", "open"], "name the reviewer: --by NAME"),
        (&[QUESTION, "--verdict", "settled", "--by", "desk"], "needs a figure"),
        (&[QUESTION, "--verdict", "settled", "--figure", "mny", "--by", "desk"], "`mny`"),
        (&[QUESTION, "--verdict", "opne", "--by", "desk"], "invalid value"),
        (&[QUESTION, "--verdict", "open", "--by", "desk", "--seen", "00000000"], "the claims changed"),
        (&["--in", "nowhere", QUESTION, "--undo"], "nowhere"),
    ] {
        let (printed, code) = run(folder.path(), arguments);
        assert!(code == 2 && printed.contains(why), "{arguments:?}: {code}, {printed}");
    }
    assert!(reviews(&folder).is_empty());
}

#[test]
fn errors_in_files_are_mentioned_where_a_question_is_missing() {
    let folder = disputed_folder();
    let broken = CLAIMS.replace("claims:\n", "claims: [\n");
    fs::write(folder.path().join("claims/claims.yaml"), broken).unwrap();
    for arguments in [&["--list"][..], &[QUESTION, "--undo"]] {
        let (printed, _) = run(folder.path(), arguments);
        assert!(
            printed.contains("1 error in the files") && printed.contains("see `gainsay check`"),
            "{printed}"
        );
    }
}

#[test]
fn decisions_of_two_programs_at_once_are_both_kept() {
    let folder = disputed_folder();
    let named: Vec<String> = (0..6).map(|at| format!("reviewer-{at}")).collect();
    let decide = |name: &String| {
        gainsay(folder.path(), &[QUESTION, "--verdict", "open", "--by", name]).output().unwrap()
    };
    let results: Vec<Output> = std::thread::scope(|scope| {
        let runs: Vec<_> = named.iter().map(|name| scope.spawn(move || decide(name))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let text = reviews(&folder);
    assert!(results.iter().any(|result| result.status.success()));
    for (name, result) in named.iter().zip(&results) {
        let is_there = text.contains(&format!("    by: {name}\n"));
        assert_eq!(
            is_there,
            result.status.success(),
            "{name}: {}\n{text}",
            String::from_utf8_lossy(&result.stderr)
        );
    }
    assert_eq!(fs::read_dir(folder.path().join("claims")).unwrap().count(), 2);
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::terminal::Terminal;

    const ENTER: &str = "\r";

    #[test]
    fn open_disputes_are_offered_one_by_one_and_written() {
        let folder = disputed_folder();
        let mut terminal = Terminal::new(gainsay(folder.path(), &[]));
        let shown = terminal.wait_for("verdict");
        assert!(shown.contains("raid/injured/people · contradiction · open"), "{shown}");
        terminal.wait_for("irreconcilable: both stay on record");
        terminal.wait_for("quit");
        terminal.press("jj\r");
        terminal.answer("because", ENTER);
        terminal.answer("figure", "mny\r");
        terminal.wait_for("cannot be read");
        terminal.press("\u{7f}\u{7f}\u{7f}36\r");
        terminal.answer("note", "Read in the original: \"36\".\r");
        terminal.answer("name", "desk\r");
        let shown = terminal.wait_for("write this change?");
        assert!(shown.contains("+    figure: 36") && reviews(&folder).is_empty(), "{shown}");
        terminal.press(ENTER);
        terminal.wait_for("1 review written");
        terminal.ends_well();
        let text = reviews(&folder);
        assert!(text.contains("    verdict: settled\n    figure: 36\n    note: 'Read in the original: \"36\".'\n    by: desk\n"), "{text}");
        assert!(run(folder.path(), &["--list"]).0.contains("no disputes are open"));
        // If there is nothing to decide, the command says so and does not prompt.
        let mut terminal = Terminal::new(gainsay(folder.path(), &[]));
        terminal.wait_for("no disputes are open: the only dispute is reviewed");
        terminal.ends_well();
    }

    #[test]
    fn reviewed_question_is_offered_with_the_last_decision() {
        let folder = disputed_folder();
        let decide = ["--verdict", "settled", "--figure", "36", "--because", "source-error", "--by", "desk"];
        assert_eq!(run(folder.path(), &[&[QUESTION][..], &decide].concat()).1, 0);
        let mut terminal = Terminal::new(gainsay(folder.path(), &[QUESTION]));
        terminal.answer("verdict", ENTER);
        terminal.answer("because", ENTER);
        terminal.answer("worded as in a claim", ENTER);
        terminal.answer("note", ENTER);
        // A review needs the name of a reviewer.
        terminal.answer("name", ENTER);
        terminal.wait_for("the name is required");
        terminal.press("another desk\r");
        terminal.answer("write this change?", ENTER);
        terminal.wait_for("1 review written");
        terminal.ends_well();
        let again = "    verdict: settled\n    because: source-error\n    figure: 36\n    by: another desk\n";
        assert!(reviews(&folder).contains(again), "{}", reviews(&folder));
    }

    #[test]
    fn claims_that_change_meanwhile_are_shown_and_need_a_new_answer() {
        let folder = disputed_folder();
        let mut terminal = Terminal::new(gainsay(folder.path(), &[QUESTION, "--by", "desk"]));
        terminal.answer("verdict", "j\r");
        terminal.answer("because", ENTER);
        terminal.answer("note", "thinking\r");
        terminal.wait_for("name");
        fs::write(folder.path().join("claims/claims.yaml"), CLAIMS.replace("value: 90", "value: 91"))
            .unwrap();
        terminal.press(ENTER);
        terminal.wait_for("the claims changed since they were shown");
        terminal.wait_for("-paper-1/south-toll: 90; south; said 2026-06-01");
        terminal.wait_for("+paper-1/south-toll: 91; south; said 2026-06-01");
        // The typed text is still there.
        terminal.answer("verdict", ENTER);
        terminal.answer("because", ENTER);
        let shown = terminal.wait_for("thinking");
        assert!(shown.contains("note"), "{shown}");
        terminal.press(ENTER);
        terminal.answer("name", ENTER);
        terminal.wait_for("write this change?");
        // The same happens to a claim that changes while the diff is read.
        fs::write(folder.path().join("claims/claims.yaml"), CLAIMS.replace("value: 90", "value: 92"))
            .unwrap();
        terminal.press(ENTER);
        terminal.wait_for("+paper-1/south-toll: 92; south; said 2026-06-01");
        terminal.answer("verdict", "q");
        terminal.wait_for("0 reviews written");
        terminal.ends_well();
        assert!(reviews(&folder).is_empty());
    }

    #[test]
    fn stale_review_shows_the_changes_and_can_be_skipped() {
        let folder = disputed_folder();
        assert_eq!(run(folder.path(), &[QUESTION, "--verdict", "explained", "--by", "desk"]).1, 0);
        let before = reviews(&folder);
        fs::write(folder.path().join("claims/claims.yaml"), CLAIMS.replace("value: 90", "value: 91"))
            .unwrap();
        let mut terminal = Terminal::new(gainsay(folder.path(), &[]));
        let shown = terminal.wait_for("verdict");
        assert!(shown.contains("stale, open again: 1 claim changed since"), "{shown}");
        terminal.wait_for("quit");
        terminal.press("jjjj\r");
        terminal.wait_for("0 reviews written");
        terminal.ends_well();
        assert_eq!(reviews(&folder), before);
    }
}
