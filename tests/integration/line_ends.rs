//! New files and first lines have the line ends of most files in the workspace.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use gainsay::dispute::Decision;
use gainsay::document::Verdict;
use gainsay::edit::{self, FieldValue, NewEntry};
use gainsay::period::Day;
use tempfile::TempDir;

use crate::support::{CLAIMS, QUESTION, analyse, workspace};

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// Whether every line of a text ends with this line break.
fn ends_lines_with(text: &str, line_break: &str) -> bool {
    let (all, crlf) = (text.matches('\n').count(), text.matches("\r\n").count());
    all > 0 && text.matches('\r').count() == crlf && crlf == if line_break == "\r\n" { all } else { 0 }
}

/// Workspaces, each with the line break that a new file gets.
fn workspaces() -> [(Vec<(&'static str, String)>, &'static str); 5] {
    let more = "places:\n  a: {}\n";
    [
        (vec![("a.yaml", crlf(CLAIMS))], "\r\n"),
        (vec![("a.yaml", CLAIMS.to_owned())], "\n"),
        (vec![("a.yaml", CLAIMS.to_owned()), ("b.yaml", crlf(more))], "\n"),
        (
            vec![("a.yaml", CLAIMS.to_owned()), ("b.yaml", crlf(more)), ("sub/c.yaml", crlf("terms:\n"))],
            "\r\n",
        ),
        (
            vec![("a.yaml", crlf(CLAIMS)), ("b.yaml", String::new()), ("c.yaml", "terms: {}".to_owned())],
            "\r\n",
        ),
    ]
}

#[test]
fn new_files_end_their_lines_as_most_files_do() {
    for (files, line_break) in workspaces() {
        let workspace = workspace(files.iter().map(|(path, text)| (*path, text.as_str())));
        let analysis = analyse(&workspace);
        let name = ("name".to_owned(), FieldValue::One("x\ny".to_owned()));
        let entry = NewEntry { section: "actors", id: "new", fields: &[name] };
        let published = [("published", "2026-01-01"), ("publisher", "paper"), ("title", "One\nTwo\n")];
        let published = published.map(|(key, text)| (key.to_owned(), FieldValue::One(text.to_owned())));
        let decision = Decision {
            verdict: Some(Verdict::Open),
            note: "one\ntwo\n".to_owned(),
            by: "desk".to_owned(),
            ..Decision::default()
        };
        let question = analysis.model.find_question(QUESTION).unwrap();
        let on = Day::from_ymd(2026, 6, 2).unwrap();
        for change in [
            edit::new_entry(&workspace, &entry, "new.yaml"),
            edit::new_source(&workspace, "paper-2", &published, "new.yaml"),
            edit::review(&workspace, &analysis, question, &decision, on, "new.yaml"),
        ] {
            let change = change.unwrap();
            assert!(ends_lines_with(&change.after, line_break), "{files:?}: {:?}", change.after);
        }
    }
}

#[test]
fn entry_in_a_file_without_line_ends_ends_its_lines_as_the_other_files_do() {
    for text in ["", "places: {}", "# places"] {
        let workspace = workspace([("a.yaml", crlf(CLAIMS)), ("b.yaml", text.to_owned())]);
        let entry = NewEntry { section: "places", id: "new", fields: &[] };
        let change = edit::new_entry(&workspace, &entry, "b.yaml").unwrap();
        assert!(ends_lines_with(&change.after, "\r\n"), "{:?}", change.after);
    }
    // A file keeps its own line breaks.
    let workspace = workspace([("a.yaml", crlf(CLAIMS)), ("b.yaml", "places:\n  x: {}\n".to_owned())]);
    let entry = NewEntry { section: "places", id: "new", fields: &[] };
    let change = edit::new_entry(&workspace, &entry, "b.yaml").unwrap();
    assert!(ends_lines_with(&change.after, "\n"), "{:?}", change.after);
}

fn gainsay(folder: &Path, arguments: &[&str]) -> String {
    let mut command = crate::support::program();
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

#[test]
fn commands_end_the_lines_of_new_files_as_most_files_do() {
    for (files, line_break) in workspaces() {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        for (path, text) in &files {
            fs::write(folder.path().join(path), text).unwrap();
        }
        gainsay(folder.path(), &["review", QUESTION, "--verdict", "open", "--by", "x", "--note", "a\nb"]);
        gainsay(folder.path(), &["new", "population", "miners"]);
        gainsay(
            folder.path(),
            &["new", "source", "s-1", "--publisher", "paper", "--published", "2026-01-01"],
        );
        gainsay(
            folder.path(),
            &["new", "claim", "s-1/c", "--by", "north", "--denies", "paper-1/south-toll", "--at", "p1"],
        );
        for name in ["reviews.yaml", "populations.yaml", "s-1.yaml"] {
            let text = fs::read_to_string(folder.path().join(name)).unwrap();
            assert!(ends_lines_with(&text, line_break), "{name}: {text:?}");
        }
    }
}

#[test]
fn first_files_of_a_workspace_end_their_lines_with_a_line_feed() {
    let folder = TempDir::new().unwrap();
    gainsay(folder.path(), &["init"]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    gainsay(folder.path(), &["new", "actor", "a", "empty"]);
    for entry in
        ["claims", "empty"].into_iter().flat_map(|name| fs::read_dir(folder.path().join(name)).unwrap())
    {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(ends_lines_with(&text, "\n"), "{text:?}");
    }
}
