//! The SARIF report matches the schema for any files, its fingerprints survive moved lines, and it escapes the texts of
//! files.

use std::collections::BTreeSet;

use gainsay::finding::Grade;
use gainsay::report::{Report, Selection, sarif};
use gainsay::rules;
use gainsay::workspace::{Options, Workspace};
use serde_json::Value;

use crate::support::{CLAIMS, QUESTION, analyse, examine, real_files, workspace};

fn log(workspace: &Workspace) -> Value {
    log_of(workspace, &Selection::default())
}

fn log_of(workspace: &Workspace, selection: &Selection) -> Value {
    let analysis = analyse(workspace);
    let report = Report::new(workspace.files(), &analysis, selection);
    serde_json::from_str(&sarif::render(&report).unwrap()).unwrap()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

fn fingerprints(log: &Value) -> BTreeSet<String> {
    let name =
        |result: &Value| result["partialFingerprints"]["gainsayFinding/v1"].as_str().unwrap().to_owned();
    let names: BTreeSet<String> = results(log).iter().map(name).collect();
    assert_eq!(names.len(), results(log).len(), "two results share a name");
    names
}

/// The schema errors of a log.
fn schema_errors(validator: &jsonschema::Validator, log: &Value) -> Vec<String> {
    validator.iter_errors(log).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

fn validator() -> jsonschema::Validator {
    let schema = std::fs::read_to_string("tests/schemas/sarif-2.1.0.json").unwrap();
    // Two language patterns have an unbalanced bracket, which the crate does not accept.
    let schema = serde_json::from_str(&schema.replace("{2}]?$", "{2}$")).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

#[test]
fn log_of_the_real_claim_files_matches_the_schema_and_the_report() {
    let workspace = workspace(real_files());
    let (log, analysis) = (log(&workspace), analyse(&workspace));
    assert_eq!(schema_errors(&validator(), &log), [""; 0]);
    assert_eq!(results(&log).len(), analysis.findings.len());
    let levels = |level: &str| results(&log).iter().filter(|result| result["level"] == level).count();
    let graded = |grade: Grade| analysis.findings.iter().filter(|finding| finding.grade == grade).count();
    assert_eq!(levels("error"), graded(Grade::Contradiction));
    assert_eq!(levels("warning"), graded(Grade::Tension));
    assert_eq!(levels("note"), graded(Grade::Note));
    let two_files = results(&log).iter().filter(|result| {
        let file =
            |place: &Value| place["physicalLocation"]["artifactLocation"]["uri"].as_str().map(str::to_owned);
        let first = file(&result["locations"][0]);
        result["relatedLocations"]
            .as_array()
            .is_some_and(|places| places.iter().any(|place| file(place) != first))
    });
    assert!(two_files.count() > 5, "findings across files name both");
}

#[test]
fn logs_of_the_cases_match_the_schema() {
    let validator = validator();
    for (title, files) in crate::cases::runnable() {
        let (workspace, analysis) = examine(&files, Options::default());
        let report = Report::new(workspace.files(), &analysis, &Selection::default());
        let log: Value = serde_json::from_str(&sarif::render(&report).unwrap()).unwrap();
        assert_eq!(schema_errors(&validator, &log), [""; 0], "{title}");
        assert_eq!(results(&log).len(), analysis.findings.len(), "{title}");
        fingerprints(&log);
    }
}

#[test]
fn log_describes_every_rule_and_results_point_to_theirs() {
    let log = log(&workspace([("a.yaml", format!("{CLAIMS}  odd: {{ abuot: raid }}\n"))]));
    let described = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = described.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, rules::names().collect::<Vec<_>>());
    for rule in described {
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty(), "{rule}");
    }
    let found: Vec<&str> = results(&log).iter().map(|result| result["ruleId"].as_str().unwrap()).collect();
    assert!(found.contains(&"figures-disagree") && found.contains(&"unknown-key"), "{found:?}");
    for result in results(&log) {
        assert_eq!(described[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
    }
}

#[test]
fn fingerprints_survive_moved_lines() {
    let before = format!("{CLAIMS}  odd: {{ abuot: raid }}\n  odder: {{ abuot: raid }}\nsuorce: 1\n");
    let after = before.replace("claims:\n", "# a line\n\n\nclaims:\n").replace("{ abuot", "{  abuot");
    let (before, after) = (log(&workspace([("a.yaml", before)])), log(&workspace([("a.yaml", after)])));
    assert_ne!(results(&before)[0]["locations"], results(&after)[0]["locations"]);
    assert_eq!(fingerprints(&before), fingerprints(&after));
}

#[test]
fn identical_mistakes_are_distinguished_by_number() {
    let log =
        log(&workspace([("a.yaml", "suorce: 1\nsuorce: 2\nactors: { a: { naem: x }, b: { naem: x } }\n")]));
    let unknown = results(&log).iter().filter(|result| result["ruleId"] == "unknown-key");
    assert!(unknown.count() >= 3);
    fingerprints(&log);
}

#[test]
fn settled_dispute_is_suppressed_and_an_irreconcilable_one_is_not() {
    for (verdict, suppressed) in [
        ("settled, figure: 36", true),
        ("explained, because: scope", true),
        ("irreconcilable", false),
        ("open", false),
    ] {
        let reviews = format!(
            "reviews: {{ r: {{ question: {QUESTION}, verdict: {verdict}, by: desk, on: 2026-07-01 }} }}\n"
        );
        let log = log(&workspace([("a.yaml", CLAIMS.to_owned()), ("b.yaml", reviews)]));
        let clash = results(&log).iter().find(|result| result["ruleId"] == "figures-disagree").unwrap();
        let suppressions = clash["suppressions"].as_array().unwrap();
        assert_eq!(!suppressions.is_empty(), suppressed, "{verdict}: {clash}");
        if suppressed {
            let why = suppressions[0]["justification"].as_str().unwrap();
            assert!(why.contains("by desk") && why.contains("1 July 2026"), "{why}");
        }
    }
}

#[test]
fn fix_lists_deleted_and_inserted_text() {
    let text = "actors: { paper: {} }\n# ü𝄞\nsource: { id: 𝄞, publisher: papre, published: 2026-06-01 }\n";
    let log = log(&workspace([("a.yaml", text)]));
    let unknown = results(&log).iter().find(|result| result["ruleId"] == "unknown-id").unwrap();
    let change = &unknown["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "paper");
    let region = &change["replacements"][0]["deletedRegion"];
    let line: Vec<u16> = text.lines().nth(2).unwrap().encode_utf16().collect();
    let column = |name: &str| region[name].as_u64().unwrap() as usize - 1;
    assert_eq!(region["startLine"], 3);
    let gone = String::from_utf16(&line[column("startColumn")..column("endColumn")]).unwrap();
    assert_eq!(gone, "papre");
}

#[test]
fn file_contents_are_escaped_in_messages() {
    let hostile = "actors:\n  north: { name: \"[free](https://a.example) <b>{0}</b> \\e[31m\\u202e\\n# x\" }\n  \
                   south: { name: \"![i](x) | `y` {1}\" }\n  paper: {}\n";
    let claims = CLAIMS.split_once('\n').unwrap().1;
    let hostile_path = "a b/[x](y)#?%00ü:.yaml";
    let log = log(&workspace([("a.yaml", hostile), (hostile_path, claims)]));
    assert_eq!(schema_errors(&validator(), &log), [""; 0]);
    let clash = results(&log).iter().find(|result| result["ruleId"] == "figures-disagree").unwrap();
    let (text, markdown) =
        (clash["message"]["text"].as_str().unwrap(), clash["message"]["markdown"].as_str().unwrap());
    assert!(!text.contains("](http") && !text.contains("](x") && !text.contains("](y"), "{text}");
    assert!(
        !text.contains(['\u{1b}', '\u{202e}']) && !text.contains("\n# x") && text.contains("{{0}}"),
        "{text}"
    );
    assert!(
        !markdown.contains("<b>") && !markdown.contains("[free]") && markdown.contains("{{0}}"),
        "{markdown}"
    );
    assert_eq!(text.matches("](").count(), 1, "only the link to the other claim: {text}");
    let uri = clash["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
    assert_eq!(uri, "a%20b/%5Bx%5D%28y%29%23%3F%2500%C3%BC%3A.yaml");
}

#[test]
fn log_has_only_selected_findings() {
    let workspace = workspace([("a.yaml", format!("{CLAIMS}  odd: {{ abuot: raid }}\n"))]);
    let rules_of = |selection: &Selection| {
        let log = log_of(&workspace, selection);
        results(&log).iter().map(|result| result["ruleId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let of_rule = |rule: &str| Selection { rules: vec![rule.to_owned()], ..Selection::default() };
    assert_eq!(rules_of(&of_rule("figures-disagree")), ["figures-disagree"]);
    assert_eq!(rules_of(&of_rule("unused-id")), [""; 0]);
    let graded = Selection { grades: vec![Grade::Contradiction], ..Selection::default() };
    assert_eq!(rules_of(&graded), ["figures-disagree"]);
}
