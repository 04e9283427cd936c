//! No test asserts how long something takes, because such a test fails on a busy machine. Tests assert counted work, or
//! wait for a condition until [`crate::support::TIMEOUT`].

use std::path::PathBuf;

use crate::support::rust_files;

/// Calls that measure elapsed time; test code must not use them.
const ELAPSED: [&str; 2] = [".elapsed", ".duration_since"];

/// Calls that read a clock; assertions must not contain them.
const NOW: [&str; 2] = ["Instant::now", "SystemTime::now"];

#[test]
fn tests_never_assert_elapsed_time() {
    let sources = test_sources();
    assert!(sources.len() > 50, "{} files with tests", sources.len());
    let uses: Vec<String> = sources
        .iter()
        .flat_map(|(path, code)| {
            clock_uses(code).into_iter().map(move |used| format!("{}: {used}", path.display()))
        })
        .collect();
    assert!(uses.is_empty(), "assert counted work, or wait until `support::TIMEOUT`: {uses:#?}");
}

#[test]
fn clock_uses_are_found() {
    let elapsed = format!("let took = start{}();\nassert!(took < LIMIT);", ELAPSED[0]);
    let since = format!("later{}(earlier)", ELAPSED[1]);
    let now = format!("assert!(\n    {}() < deadline,\n    \"late\"\n);", NOW[0]);
    let inside = format!("debug_assert_eq!(f(a, b), {}());", NOW[1]);
    let waiting = format!("let deadline = {}() + TIMEOUT;\nassert!(done, \"x\");", NOW[0]);
    let comment = format!("// start{}()\n", ELAPSED[0]);
    let found = [&elapsed, &since, &now, &inside, &waiting, &comment].map(|code| clock_uses(code).len());
    assert_eq!(found, [1, 1, 1, 1, 0, 0]);
}

/// The uses of a clock in test code by which a test could assert a duration.
fn clock_uses(code: &str) -> Vec<String> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n");
    let calls = |code: &str, names: [&str; 2]| {
        let called = names.into_iter().filter(|name| code.contains(&format!("{name}(")));
        called.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut uses = calls(&code, ELAPSED);
    for assertion in assertions(&code) {
        uses.extend(calls(assertion, NOW).into_iter().map(|name| format!("{name} in `{assertion}`")));
    }
    uses
}

/// The arguments of each `assert!`, `assert_eq!` and the like.
fn assertions(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices("assert").filter_map(|(at, _)| {
        let rest = code[at..].trim_start_matches(|sign: char| sign.is_ascii_lowercase() || sign == '_');
        let arguments = rest.strip_prefix("!(")?;
        let mut depth = 1;
        let end = arguments.find(|sign| {
            depth += i32::from(sign == '(') - i32::from(sign == ')');
            depth == 0
        })?;
        Some(&arguments[..end])
    })
}

/// Every file with test code: those under `tests/`, and the test modules of the crates.
pub(crate) fn test_sources() -> Vec<(PathBuf, String)> {
    let test_code = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let is_test_only = path.starts_with("tests")
            || path
                .components()
                .any(|part| ["tests", "tests.rs"].iter().any(|name| part.as_os_str() == *name));
        let code = if is_test_only {
            Some(text.as_str())
        } else {
            text.split_once("\n#[cfg(test)]\nmod tests {\n").map(|(_, tests)| tests)
        };
        code.map(str::to_owned).map(|code| (path, code))
    };
    ["src", "crates", "tests/integration"].into_iter().flat_map(rust_files).filter_map(test_code).collect()
}
