//! docs/architecture.md and docs/decisions: the tests and files that they name exist.

use std::path::{Path, PathBuf};

use crate::support::files_below;

/// The pages with names of tests and files.
fn pages() -> Vec<PathBuf> {
    let decisions = std::fs::read_dir("docs/decisions").unwrap().map(|entry| entry.unwrap().path());
    decisions.chain(["docs/architecture.md".into(), "CONTRIBUTING.md".into()]).collect()
}

/// The texts between backticks on one line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with("```")).flat_map(|line| line.split('`').skip(1).step_by(2))
}

#[test]
fn invariants_name_existing_tests() {
    let text = std::fs::read_to_string("docs/architecture.md").unwrap();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| I")).collect();
    assert!(rows.len() > 10);
    let mut missing = Vec::new();
    for name in rows.iter().flat_map(|row| quoted(row)).filter(|name| !name.starts_with("document::")) {
        let Some((module, function)) = name.rsplit_once("::") else { continue };
        let file = format!("tests/integration/{}.rs", module.replace("::", "/"));
        let code = std::fs::read_to_string(file).unwrap_or_default();
        if !code.contains(&format!("fn {function}(")) {
            missing.push(name);
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Whether a text is the path of one file of Rust, not a pattern.
fn is_file_of_rust(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|kind| kind == "rs") && !name.contains(['<', '*', ' '])
}

#[test]
fn pages_name_existing_files() {
    let folders = ["crates", "src", "tests", "benches", "docs"];
    let files: Vec<PathBuf> = folders.into_iter().flat_map(files_below).collect();
    let mut missing = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for name in quoted(&text).filter(|name| is_file_of_rust(name)) {
            if !files.iter().any(|file| file.ends_with(name)) {
                missing.push(format!("{}: {name}", page.display()));
            }
        }
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = page.parent().unwrap_or(Path::new("")).join(link);
            if !link.contains("://") && !target.exists() {
                missing.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
