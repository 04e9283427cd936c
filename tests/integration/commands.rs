//! The test commands: `tests/fast` needs nothing but Rust, `tests/run` runs the rest, and CI runs `tests/run`.

use std::collections::BTreeSet;

use crate::support::rust_files;

/// Programs of every Unix system, and bash, which the GitHub action needs.
const STANDARD_PROGRAMS: [&str; 4] = ["sh", "bash", "kill", "mkfifo"];

fn script(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The modules that `tests/fast` skips, such as `browser`.
fn skipped_modules() -> BTreeSet<String> {
    let fast = script("tests/fast");
    let skips = fast.split("--skip ").skip(1).filter_map(|rest| rest.split_whitespace().next());
    skips.map(|name| name.strip_suffix("::").expect("the name of a module").to_owned()).collect()
}

#[test]
fn script_tests_run_covers_the_modules_that_tests_fast_skips() {
    let run = script("tests/run");
    assert!(run.lines().any(|line| line == "sh tests/fast"));
    let line = run.lines().find(|line| line.starts_with("cargo test ")).expect("a line with cargo test");
    let (_, filters) = line.split_once(" -- ").expect("filters");
    let filters: BTreeSet<String> = filters.split(' ').map(|name| name.replace("::", "")).collect();
    assert_eq!(filters, skipped_modules());
    assert!(script(".ci/run").contains("/tests/run"));
}

#[test]
fn script_tests_fast_needs_no_other_programs() {
    let skipped_modules = skipped_modules();
    let mut strays = Vec::new();
    for path in rust_files("tests/integration") {
        let module = path.components().nth(2).unwrap().as_os_str().to_string_lossy();
        if skipped_modules.contains(module.trim_end_matches(".rs")) || path.ends_with(file!()) {
            continue;
        }
        let code = std::fs::read_to_string(&path).unwrap();
        let programs = code.split("Command::new(\"").skip(1);
        let programs = programs.filter_map(|rest| rest.split('"').next());
        let others = programs.filter(|program| !STANDARD_PROGRAMS.contains(program));
        strays.extend(others.map(|program| format!("{}: {program}", path.display())));
        if code.contains("node_modules") {
            strays.push(format!("{}: npm packages", path.display()));
        }
    }
    assert!(strays.is_empty(), "move these tests into a module that tests/fast skips: {strays:#?}");
}

#[test]
fn tests_are_never_ignored() {
    let attribute = format!("#[{}", "ignore");
    let ignored: Vec<_> =
        crate::clocks::test_sources().into_iter().filter(|(_, code)| code.contains(&attribute)).collect();
    assert!(ignored.is_empty(), "{:?}", ignored.iter().map(|(path, _)| path).collect::<Vec<_>>());
}
