//! Commands that write to one workspace at the same time: each is written, or refused for a reason unrelated to the
//! others.

use std::fs;
use std::path::Path;
use std::process::{Child, Output, Stdio};

use tempfile::TempDir;

use crate::support::{CLAIMS, QUESTION};

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = crate::support::program();
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command.env("NO_COLOR", "1").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The output of a command, on both streams, and its exit code.
fn end(child: Child) -> (String, i32) {
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap(), status.code().unwrap())
}

fn text(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// How often a line appears in a text.
fn count(text: &str, line: &str) -> usize {
    text.lines().filter(|other| *other == line).count()
}

/// Asserts that the folder holds only claim files.
fn assert_no_leftovers(folder: &TempDir) {
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        assert!(path.is_dir() || path.extension().is_some_and(|kind| kind == "yaml"), "{}", path.display());
    }
}

/// SECURITY: W8.
#[test]
fn sixty_new_actors_are_all_written() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yaml"), "actors:\n  a: { name: A }\n").unwrap();
    let new = |at: usize| start(folder.path(), &["new", "actor", &format!("w{at}"), "--name", "W", "."]);
    let all: Vec<Child> = (0..60).map(new).collect();
    for child in all {
        let (printed, code) = end(child);
        assert!(code == 0 && printed.contains("wrote the actor"), "{code}: {printed}");
    }
    let text = text(&folder, "a.yaml");
    for at in 0..60 {
        assert_eq!(count(&text, &format!("  w{at}: {{ name: W }}")), 1, "{at}: {text}");
    }
    assert_no_leftovers(&folder);
}

#[test]
fn first_entries_of_a_workspace_share_the_new_file() {
    let folder = TempDir::new().unwrap();
    let new = |at: usize| start(folder.path(), &["new", "actor", &format!("w{at}"), "."]);
    for child in (0..8).map(new).collect::<Vec<_>>() {
        let (printed, code) = end(child);
        assert_eq!(code, 0, "{printed}");
    }
    let text = text(&folder, "actors.yaml");
    assert!((0..8).all(|at| count(&text, &format!("  w{at}: {{}}")) == 1), "{text}");
}

#[test]
fn one_of_several_new_actors_with_the_same_id_is_written() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yaml"), "actors:\n  a: { name: A }\n").unwrap();
    let new = |at: usize| start(folder.path(), &["new", "actor", "same", "--name", &format!("W{at}"), "."]);
    let ended: Vec<(String, i32)> = (0..8).map(new).collect::<Vec<_>>().into_iter().map(end).collect();
    assert_eq!(ended.iter().filter(|(_, code)| *code == 0).count(), 1, "{ended:?}");
    for (printed, code) in ended.iter().filter(|(_, code)| *code != 0) {
        assert!(*code == 2 && printed.contains("the actor `same` already exists"), "{printed}");
    }
    assert_eq!(text(&folder, "a.yaml").matches("same:").count(), 1);
}

#[test]
fn reviews_of_one_question_are_all_written_and_taken_out_again() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yaml"), CLAIMS).unwrap();
    let review = |at: usize| {
        start(folder.path(), &["review", QUESTION, "--verdict", "open", "--by", &format!("w{at}")])
    };
    for child in (0..12).map(review).collect::<Vec<_>>() {
        let (printed, code) = end(child);
        assert_eq!(code, 0, "{printed}");
    }
    let reviews = text(&folder, "reviews.yaml");
    assert!((0..12).all(|at| count(&reviews, &format!("    by: w{at}")) == 1), "{reviews}");
    for child in (0..12).map(|_| start(folder.path(), &["review", QUESTION, "--undo"])).collect::<Vec<_>>() {
        let (printed, code) = end(child);
        assert_eq!(code, 0, "{printed}");
    }
    assert_eq!(text(&folder, "reviews.yaml"), "reviews: {}\n");
}

/// SECURITY: W8.
#[test]
fn commands_of_every_kind_write_to_several_files_at_once() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::write(folder.path().join("claims.yaml"), CLAIMS).unwrap();
    let people: Vec<String> = (0..6).map(|at| format!("  p{at}: {{ name: Ali Khan {at} }}\n")).collect();
    fs::write(folder.path().join("people.yaml"), format!("actors:\n{}", people.concat())).unwrap();
    fs::write(folder.path().join("sub/others.yaml"), "actors:\n    z: { name: Z }\n    y: {name: Y}\n")
        .unwrap();
    let mut all = Vec::new();
    for at in 0..4 {
        let (new, term, place) = (format!("n{at}"), format!("e{at}"), format!("q{at}"));
        let (from, to) = (format!("p{at}"), format!("r{at}"));
        let (kept, dropped) = ("p4".to_owned(), "p5".to_owned());
        all.push(start(folder.path(), &["new", "actor", &new, "--name", "N", "."]));
        all.push(start(folder.path(), &["new", "term", &term, "."]));
        all.push(start(folder.path(), &["new", "place", &place, "--file", "sub/places.yaml", "."]));
        all.push(start(folder.path(), &["rename", &from, &to, "."]));
        all.push(start(folder.path(), &["review", QUESTION, "--verdict", "open", "--by", &new, "--in", "."]));
        all.push(start(folder.path(), &["fmt", "."]));
        if at == 0 {
            all.push(start(folder.path(), &["suggest", ".", "--apply", &kept, &dropped]));
        }
    }
    for child in all {
        let (printed, code) = end(child);
        assert_eq!(code, 0, "{printed}");
    }
    let names =
        ["claims.yaml", "people.yaml", "reviews.yaml", "sub/others.yaml", "sub/places.yaml", "terms.yaml"];
    let texts: String = names.map(|name| text(&folder, name)).concat();
    for at in 0..4 {
        for entry in [format!("n{at}:"), format!("e{at}:"), format!("q{at}:"), format!("r{at}:")] {
            assert_eq!(texts.matches(&format!(" {entry}")).count(), 1, "{entry} in {texts}");
        }
        assert_eq!(count(&texts, &format!("    by: n{at}")), 1, "{texts}");
        assert!(!texts.contains(&format!("p{at}:")), "{texts}");
    }
    assert!(texts.contains("p4:") && !texts.contains("p5:"), "{texts}");
    let (printed, code) = end(start(folder.path(), &["fmt", "--check", "."]));
    assert_eq!(code, 0, "{printed}");
    assert_no_leftovers(&folder);
}

#[test]
fn nested_workspaces_do_not_deadlock() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::write(folder.path().join("a.yaml"), "actors:\n  a: { name: A }\n").unwrap();
    fs::write(folder.path().join("sub/b.yaml"), "places:\n  b: { name: B }\nevents:\n  e: { place: b }\n")
        .unwrap();
    let mut all = Vec::new();
    for at in 0..5 {
        let id = format!("w{at}");
        all.push(start(folder.path(), &["new", "place", &id, "."]));
        all.push(start(folder.path(), &["new", "term", &id, "sub"]));
        all.push(start(folder.path(), &["new", "actor", &id, "."]));
    }
    for child in all {
        let (printed, code) = end(child);
        assert_eq!(code, 0, "{printed}");
    }
    let (actors, sub) = (text(&folder, "a.yaml"), text(&folder, "sub/b.yaml"));
    let terms = text(&folder, "sub/terms.yaml");
    for at in 0..5 {
        assert_eq!(actors.matches(&format!(" w{at}:")).count(), 1, "{actors}");
        assert_eq!(sub.matches(&format!(" w{at}:")).count(), 1, "{sub}");
        assert_eq!(terms.matches(&format!(" w{at}:")).count(), 1, "{terms}");
    }
}
