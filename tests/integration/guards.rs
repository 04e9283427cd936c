//! Checks of the list of rules and lints: their examples do what the documentation says, and none is forgotten.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gainsay::finding::Finding;
use gainsay::lint;
use gainsay::rules::{self, Rule};
use gainsay::workspace::Options;

use crate::cases;
use crate::support::{File, examine, rust_files};

#[test]
fn rule_examples_fire_where_bad_and_are_silent_where_good() {
    let mut wrong = Vec::new();
    for rule in rules::ALL {
        let Some((bad, good)) = rule.doc.split_once("\nGood:\n").filter(|(bad, _)| bad.contains("\nBad:\n"))
        else {
            wrong.push(format!("{} has no bad and good example", rule.id));
            continue;
        };
        for (examples, wanted) in [(blocks(bad), true), (blocks(good), false)] {
            let which = if wanted { "bad" } else { "good" };
            if examples.is_empty() {
                wrong.push(format!("{} has no {which} example", rule.id));
            }
            wrong.extend(examples.iter().filter_map(|block| example_fault(rule, which, block, wanted)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The fault of an example, if there is one. A good example must not have errors either.
fn example_fault(rule: &Rule, which: &str, block: &str, wanted: bool) -> Option<String> {
    let (_, analysis) = examine(&files(block), Options::default());
    let fires = analysis.findings.iter().any(|finding| finding.rule == rule.id);
    let is_lint = |id: &str| lint::ALL.iter().any(|lint| lint.id == id);
    let unread = analysis.findings.iter().find(|finding| is_lint(finding.rule));
    let unread = unread.map(|finding| format!("{}, {which}: {}", rule.id, finding.message));
    let amiss = || format!("{}, {which}: {}", rule.id, if wanted { "stays silent" } else { "fires" });
    unread.or_else(|| (fires != wanted).then(amiss))
}

/// The YAML blocks of a text.
fn blocks(text: &str) -> Vec<&str> {
    text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or(rest)).collect()
}

/// The files of a block, separated by lines such as `# two.yaml` and `# x.txt`.
fn files(block: &str) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for line in block.lines() {
        let name = line.strip_prefix("# ").filter(|name| {
            !name.contains(' ') && [".yaml", ".txt"].iter().any(|ending| name.ends_with(ending))
        });
        match (name, files.last_mut()) {
            (Some(name), _) => files.push(File { name: name.to_owned(), text: String::new() }),
            (None, Some(file)) => file.text += &format!("{line}\n"),
            (None, None) => files.push(File { name: "claims.yaml".to_owned(), text: format!("{line}\n") }),
        }
    }
    files
}

#[test]
fn rules_and_files_of_rules_match_one_to_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/analysis/src/rules");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    let files = files.map(|path| path.file_stem().unwrap().to_string_lossy().replace('_', "-"));
    let files: BTreeSet<String> = files
        .filter(|name| !["clusters", "findings", "message", "ranking"].contains(&name.as_str()))
        .collect();
    let ids: BTreeSet<String> = rules::ALL.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(files, ids);
    assert_eq!(rules::ALL.len(), ids.len(), "a rule is listed twice");
}

#[test]
fn rule_records_follow_the_style() {
    let rules = rules::ALL.iter().map(|rule| (rule.id, rule.summary, rule.doc));
    for (id, summary, doc) in rules.chain(lint::ALL.iter().map(|lint| (lint.id, lint.summary, lint.doc))) {
        let first = summary.split(' ').next().unwrap_or_default();
        let is_lower = first.chars().all(|c| !c.is_uppercase()) || first.chars().all(|c| !c.is_lowercase());
        assert!(!summary.is_empty() && is_lower && !summary.ends_with('.'), "{id}: `{summary}`");
        assert!(!doc.trim().is_empty(), "{id} has no page");
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
    }
    let both = rules::ALL.iter().filter(|rule| lint::ALL.iter().any(|lint| lint.id == rule.id));
    assert_eq!(both.count(), 0, "a rule and a lint share a name");
}

#[test]
fn rules_and_lints_each_have_a_case() {
    let marked = cases::marked();
    // Markdown cannot hold invalid UTF-8, links or hundreds of ids; `hostile`, `on_disk` and `links` test those.
    let elsewhere = [lint::UNREADABLE_FILE.id, lint::OUTSIDE_LINK.id, lint::TOO_MANY_ANSWERS.id];
    let missing: Vec<_> =
        rules::names().filter(|id| !marked.contains(*id) && !elsewhere.contains(id)).collect();
    assert!(missing.is_empty(), "no case marks {missing:?}");
}

/// A safe fix removes the finding it belongs to, and keeps every comment.
#[test]
fn fixes_remove_their_finding_and_keep_comments() {
    let mut tried = 0;
    for (title, files) in cases::runnable() {
        let (workspace, analysis) = examine(&files, Options::default());
        for finding in analysis.findings.iter().filter(|finding| finding.fix.is_some()) {
            let mut fixed = files.clone();
            for edit in &finding.fix.as_ref().unwrap().edits {
                let path = workspace.files()[edit.location.file].path();
                let file = fixed.iter_mut().find(|file| file.name == path).unwrap();
                file.text.replace_range(edit.location.span.range(), &edit.text);
            }
            let comments =
                |files: &[File]| files.iter().map(|file| file.text.matches('#').count()).sum::<usize>();
            assert_eq!(
                comments(&files),
                comments(&fixed),
                "{title}: {} takes a comment away",
                finding.message
            );
            let (_, after) = examine(&fixed, Options::default());
            let counts = |of: fn(&Finding, &Finding) -> bool| {
                let count = |all: &[Finding]| all.iter().filter(|other| of(other, finding)).count();
                (count(&analysis.findings), count(&after.findings))
            };
            let (before, left) = counts(|other, finding| other.message == finding.message);
            assert!(left < before, "{title}: `{}` is still there", finding.message);
            let (before, broken) = counts(|other, _| other.rule == lint::INVALID_YAML.id);
            assert!(broken <= before, "{title}: the fix of `{}` breaks the file", finding.message);
            tried += 1;
        }
    }
    assert!(tried > 20, "only {tried} fixes");
}

/// Lint messages follow the style: lower case, no full stop.
#[test]
fn lint_messages_are_lower_case_without_a_full_stop() {
    for (title, files) in cases::runnable() {
        for finding in examine(&files, Options::default()).1.findings {
            let message = &finding.message;
            assert!(!message.is_empty() && !message.ends_with(['.', '!', ' ', '\n']), "{title}: {message}");
            let first = message.chars().next().unwrap();
            assert!(!finding.grade.is_lint() || !first.is_uppercase(), "{title}: {message}");
            assert!(finding.labels.iter().all(|label| !label.text.ends_with('.')), "{title}: {message}");
            assert!(!finding.help.iter().any(String::is_empty), "{title}: {message}");
        }
    }
}

/// The code of a file, without comments and unit tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The code of the files of Rust below a folder, each with its path.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let paths = rust_files(folder).filter(|path| !path.ends_with("tests.rs"));
    let sources: Vec<_> = paths.map(|path| (path.clone(), code(&path))).collect();
    assert!(sources.len() > 3, "{folder}");
    sources
}

#[test]
fn rules_do_not_import_each_other() {
    for (path, code) in sources("crates/analysis/src/rules") {
        for rule in rules::ALL {
            let module = rule.id.replace('-', "_");
            for way in ["super", "crate::rules"] {
                let import = format!("{way}::{module}::");
                assert!(!code.contains(&import), "{} uses `{import}`", path.display());
            }
        }
    }
}

#[test]
fn modules_of_the_analysis_import_only_modules_listed_before_them() {
    let list = std::fs::read_to_string("crates/analysis/src/lib.rs").unwrap();
    let modules = list.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let modules: Vec<&str> = modules.collect();
    assert!(modules.len() > 10, "{modules:?}");
    for (at, module) in modules.iter().enumerate() {
        let is_own = |path: &Path| {
            let rest = path.strip_prefix("crates/analysis/src").unwrap();
            rest.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs") == *module
        };
        for (path, code) in sources("crates/analysis/src").into_iter().filter(|(path, _)| is_own(path)) {
            for later in &modules[at + 1..] {
                let import = format!("crate::{later}::");
                assert!(!code.contains(&import), "{} uses `{import}`", path.display());
            }
        }
    }
}

/// Libraries that one part of the code uses alone, so that the others need not know them.
const SINGLE_USERS: [(&str, &[&str]); 6] = [
    ("petgraph::", &["crates/analysis/src/graph", "crates/analysis/src/graph.rs"]),
    ("saphyr_parser::", &["crates/analysis/src/yaml", "crates/analysis/src/yaml.rs"]),
    ("serde_yaml::", &["crates/edit/src"]),
    ("std::fs", &["crates/folder/src", "src"]),
    ("std::env", &["crates/folder/src", "src"]),
    ("SystemTime", &["crates/folder/src", "src"]),
];

#[test]
fn libraries_with_a_single_user_are_used_nowhere_else() {
    for (path, code) in ["crates", "src"].into_iter().flat_map(sources) {
        for (library, users) in SINGLE_USERS {
            let is_allowed = users.iter().any(|user| path.starts_with(user));
            assert!(is_allowed || !code.contains(library), "{} uses `{library}`", path.display());
        }
    }
}

#[test]
fn crates_below_the_folder_use_no_network_and_start_no_program() {
    for name in ["reading", "analysis", "report", "edit"] {
        for (path, code) in sources(&format!("crates/{name}/src")) {
            for foreign in ["std::net", "std::process"] {
                assert!(!code.contains(foreign), "{} uses `{foreign}`", path.display());
            }
        }
    }
}
