//! Generated text that is committed, and the real claim files. `GAINSAY_WRITE=1 cargo test` regenerates the text.

use std::fmt::Write as _;

use gainsay::document;
use gainsay::finding::Grade;
use gainsay::report::text::Style;
use gainsay::report::{Report, Selection, json, snippets, text};
use gainsay::rules;
use gainsay::workspace::{Options, Workspace};

use crate::support::{analyse, examine, real_files, report, workspace};

/// Compares a committed file with the expected text, or writes it.
fn assert_committed(path: &str, expected: &str) {
    if std::env::var_os("GAINSAY_WRITE").is_some() {
        std::fs::write(path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == expected, "{path} is stale: run `GAINSAY_WRITE=1 cargo test` and look at the change");
}

fn real_workspace() -> Workspace {
    workspace(real_files())
}

#[test]
fn committed_schema_of_claim_files_is_current() {
    let schema = serde_json::to_string_pretty(&document::schema()).unwrap() + "\n";
    assert_committed("schema/claim-file.schema.json", &schema);
}

#[test]
fn readme_table_of_rules_is_current() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let (start, end) = ("<!-- rules -->\n", "<!-- /rules -->");
    let from = readme.find(start).expect("the README has the mark of the table") + start.len();
    let to = from + readme[from..].find(end).expect("the README has the end mark of the table");
    let mut table = String::from("\n| rule | grade | finds |\n| --- | --- | --- |\n");
    for rule in rules::ALL {
        let _ = writeln!(table, "| `{}` | {} | {} |", rule.id, rule.grade, rule.summary);
    }
    table.push('\n');
    assert_committed("README.md", &format!("{}{table}{}", &readme[..from], &readme[to..]));
}

#[test]
fn real_claim_files_have_no_lints() {
    let workspace = real_workspace();
    let analysis = analyse(&workspace);
    let lints: Vec<_> = analysis.on_files().map(|finding| (finding.rule, &finding.message)).collect();
    assert!(lints.is_empty(), "{lints:?}");
}

#[test]
fn report_on_the_real_claim_files_is_unchanged() {
    let workspace = real_workspace();
    let analysis = analyse(&workspace);
    let report = Report::new(workspace.files(), &analysis, &Selection::default());
    insta::assert_snapshot!("report", text::render(&report, Style { color: false, width: 110 }));
}

#[test]
fn real_claim_files_match_their_schema() {
    let validator = jsonschema::validator_for(&document::schema()).unwrap();
    for (path, text) in real_files() {
        let value: serde_json::Value = serde_yaml::from_str(&text).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}

#[test]
fn json_report_matches_its_schema() {
    let validator = jsonschema::validator_for(&serde_json::from_str(json::SCHEMA).unwrap()).unwrap();
    let workspace = real_workspace();
    let value = report(&workspace, &analyse(&workspace));
    let errors: Vec<_> = validator
        .iter_errors(&value)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

/// Lints on keys and words that the schema of claim files also rejects.
const LINTS_OF_THE_SCHEMA: [&str; 2] = ["unknown-key", "unknown-word"];

#[test]
fn cases_match_the_schema_where_reading_finds_no_wrong_shape() {
    let validator = jsonschema::validator_for(&document::schema()).unwrap();
    let mut checked = 0;
    for (title, files) in crate::cases::runnable() {
        let (workspace, analysis) = examine(&files, Options::default());
        for (id, file) in workspace.files().iter() {
            let own = analysis.findings.iter().filter(|finding| finding.labels[0].location.file == id);
            let mistakes: Vec<_> = own.filter(|finding| finding.grade == Grade::Error).collect();
            let Ok(value) = serde_yaml::from_str::<serde_json::Value>(file.text()) else { continue };
            if mistakes.is_empty() && !value.is_null() {
                let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{title}, {}: {errors:?}", file.path());
                checked += 1;
            } else if mistakes.iter().any(|finding| LINTS_OF_THE_SCHEMA.contains(&finding.rule)) {
                assert!(!validator.is_valid(&value), "{title}, {}: the schema reports nothing", file.path());
            }
        }
    }
    assert!(checked > 100, "only {checked} files were compared with the schema");
}

#[test]
fn json_reports_on_the_cases_match_their_schema() {
    let validator = jsonschema::validator_for(&serde_json::from_str(json::SCHEMA).unwrap()).unwrap();
    for (title, files) in crate::cases::runnable() {
        let (workspace, analysis) = examine(&files, Options::default());
        let value = report(&workspace, &analysis);
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{title}: {errors:?}");
    }
}

#[test]
fn lines_with_windows_line_ends_are_shown_without_them() {
    let text = "source: { id: paper-1, publisher: papper, published: 2026-06-01 }\nactors: { paper: {} }\n";
    let show = |text: &str| {
        let workspace = workspace([("a.yaml", text)]);
        let analysis = analyse(&workspace);
        let style = Style { color: false, width: 100 };
        let shown: Vec<_> =
            analysis.on_files().map(|finding| snippets::render(workspace.files(), finding, style)).collect();
        shown.concat().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>()
    };
    let shown = show(text);
    assert!(shown.iter().any(|line| line.contains("publisher: papper")), "{shown:?}");
    assert_eq!(show(&text.replace('\n', "\r\n")), shown);
}

#[test]
fn mistakes_are_shown_below_their_lines() {
    let broken = "source: { id: paper-1, publisher: papper, published: 2026-06-01 }\nclaims:\n  toll:\n    by: north\n    \
                  about: raid\n    mesure: killed\n    value: 1,5\n  cut: { about: raid, measure: killed, value: 1,034 }\n";
    let shared = "actors: { north: {}, paper: {} }\nevents: { raid: {} }\nterms: { raid: {}, twice: {} }\nplaces:\n  \
                  kabul: { part-of: kabul }\n";
    let workspace = workspace([("a.yaml", broken), ("b.yaml", shared)]);
    let analysis = analyse(&workspace);
    let style = Style { color: false, width: 100 };
    let shown = analysis.on_files().map(|finding| snippets::render(workspace.files(), finding, style) + "\n");
    insta::assert_snapshot!("mistakes", shown.collect::<Vec<_>>().join("\n"));
}
