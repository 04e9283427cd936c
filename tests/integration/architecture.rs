//! Modules import only modules of lower rows, and some crates are used in one module only.

use std::path::{Path, PathBuf};

/// The layers of the crate, lowest first. Modules of one row do not import each other.
const LAYERS: [&[&str]; 18] = [
    &["id"],
    &["source"],
    &["names"],
    &["finding"],
    &["lint"],
    &["yaml"],
    &["figure", "period"],
    &["document"],
    &["model"],
    &["graph"],
    &["reason"],
    &["rules"],
    &["dispute"],
    &["workspace"],
    &["report", "folder", "edit", "exchange"],
    &["lsp", "web"],
    &["cli"],
    &["main"],
];

/// Crates and standard modules that only the listed modules use, so that the others need not know them. The command
/// line is listed because the outside world begins there.
const RESTRICTED: [(&str, &[&str]); 5] = [
    ("petgraph::", &["graph"]),
    ("saphyr_parser::", &["yaml"]),
    ("serde_yaml::", &["edit"]),
    ("std::fs", &["folder", "cli"]),
    ("std::env", &["folder", "cli", "main"]),
];

#[test]
fn modules_import_only_modules_of_lower_rows() {
    let mut upward = Vec::new();
    for (path, module, code) in sources() {
        let Some(own) = rank(&module) else { panic!("{} is not in any layer", path.display()) };
        for used in crate_paths(&code).filter(|used| *used != module) {
            let Some(other) = rank(&used) else {
                panic!("{}: `crate::{used}` is not in any layer", path.display())
            };
            if other >= own {
                upward.push(format!("{}: `{module}` imports `{used}`", path.display()));
            }
        }
    }
    upward.sort();
    upward.dedup();
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn rules_do_not_import_each_other() {
    let is_rule = |name: &str| gainsay::rules::ALL.iter().any(|rule| rule.id.replace('-', "_") == name);
    for (path, _, code) in sources().into_iter().filter(|(path, ..)| path.starts_with("src/rules")) {
        for way in ["super::", "crate::rules::"] {
            let used = code.match_indices(way).map(|(at, way)| first_word(&code[at + way.len()..]));
            let rules: Vec<_> = used.filter(|name| is_rule(name)).collect();
            assert!(rules.is_empty(), "{} imports {rules:?}", path.display());
        }
    }
}

#[test]
fn restricted_crates_are_used_only_in_their_modules() {
    let mut strays = Vec::new();
    for (path, module, code) in sources() {
        let stray = RESTRICTED
            .iter()
            .filter(|(what, homes)| code.contains(what) && !homes.contains(&module.as_str()));
        strays.extend(stray.map(|(what, _)| format!("{} uses `{what}`", path.display())));
    }
    assert!(strays.is_empty(), "{strays:#?}");
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

/// Each source file with its module and its code, without comments and tests. `lib.rs` is left out: it only lists
/// modules.
fn sources() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let shown = path.strip_prefix(root).unwrap().to_owned();
            let module = shown.components().nth(1).unwrap().as_os_str().to_string_lossy();
            let module = module.trim_end_matches(".rs").to_owned();
            let is_code = path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs");
            if is_code && module != "lib" {
                sources.push((
                    shown,
                    module,
                    strip_comments_and_tests(&std::fs::read_to_string(path).unwrap()),
                ));
            }
        }
    }
    assert!(sources.len() > 20);
    sources
}

/// Removes the comments of a text and the items under an unindented `#[cfg(test)]`.
fn strip_comments_and_tests(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" {
            let opened = lines.next().is_some_and(|line| line.ends_with('{'));
            _ = opened && lines.any(|line| line == "}");
        } else if !line.trim_start().starts_with("//") {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

/// The modules named by paths that begin with `crate`: `crate::a::b`, `use crate::{a::b, c};`.
fn crate_paths(code: &str) -> impl Iterator<Item = String> {
    let paths = code.match_indices("crate::").filter(|&(at, _)| !code[..at].ends_with('$'));
    paths.flat_map(|(at, way)| {
        let rest = &code[at + way.len()..];
        if rest.starts_with('{') { list_heads(rest) } else { vec![first_word(rest).to_owned()] }
    })
}

/// The first word of each item of a braced list.
fn list_heads(text: &str) -> Vec<String> {
    let (mut depth, mut fresh, mut words) = (0, false, Vec::new());
    for (at, sign) in text.char_indices() {
        match sign {
            '{' => (depth, fresh) = (depth + 1, depth == 0),
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' => fresh = depth == 1,
            sign if fresh && !sign.is_whitespace() => {
                words.push(first_word(&text[at..]).to_owned());
                fresh = false;
            }
            _ => {}
        }
    }
    words
}

fn first_word(text: &str) -> &str {
    let end = text.find(|sign: char| !sign.is_alphanumeric() && sign != '_').unwrap_or(text.len());
    &text[..end]
}

#[test]
fn crate_paths_are_found_in_every_form() {
    let code = "use crate::figure::{ONE, Range};\nuse crate::{document::{Name, Word}, id, rules};\nlet x = crate::lint::CYCLE;";
    assert_eq!(crate_paths(code).collect::<Vec<_>>(), ["figure", "document", "id", "rules", "lint"]);
}
