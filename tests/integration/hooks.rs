//! How others run gainsay: the pre-commit hooks and the GitHub action. Their files match their schemas, the commands
//! they call exist, and the script of the action does what it should.

use std::path::Path;
use std::process::Command;

use clap::Parser as _;
use serde_json::Value;

use crate::support::CLAIMS;

fn read(path: &str) -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn hooks_call_existing_commands() {
    let hooks = read(".pre-commit-hooks.yaml");
    let ids: Vec<&str> = hooks.as_array().unwrap().iter().map(|hook| hook["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["gainsay-check", "gainsay-fmt"]);
    for hook in hooks.as_array().unwrap() {
        assert_eq!(hook["language"], "rust");
        let entry = hook["entry"].as_str().unwrap().split(' ');
        let files: &[&str] =
            if hook["pass_filenames"] == false { &[] } else { &["claims/a.yaml", "claims/b.yaml"] };
        gainsay::cli::Cli::try_parse_from(entry.chain(files.iter().copied())).unwrap();
    }
}

#[test]
fn action_matches_its_schema() {
    let schema =
        serde_json::from_str(&std::fs::read_to_string("tests/schemas/github-action.json").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let action = read("action.yml");
    let errors: Vec<_> = validator.iter_errors(&action).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
    // No script contains text from the workflow.
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{step}");
    }
}

/// Runs a step of the action in a folder, with gainsay where the previous step would have put it. Returns its exit code
/// and its output values.
fn step(name: &str, folder: &Path, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let action = read("action.yml");
    let steps = action["runs"]["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["name"] == name).expect("a step of this name");
    let output = folder.join("output");
    std::fs::write(&output, "").unwrap();
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"].as_str().unwrap()]);
    for name in step["env"].as_object().unwrap().keys() {
        command.env(name, variables.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value));
    }
    command.current_dir(folder).env("RUNNER_TEMP", folder).env("GITHUB_OUTPUT", &output);
    command.env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"));
    let ended = crate::support::isolated(&mut command).output().unwrap();
    (ended.status.code(), std::fs::read_to_string(output).unwrap())
}

#[cfg(unix)]
#[test]
fn action_writes_its_report_before_it_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::create_dir_all(path.join("gainsay/bin")).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_gainsay"), path.join("gainsay/bin/gainsay")).unwrap();
    std::fs::create_dir(path.join("-my claims")).unwrap();
    std::fs::write(path.join("-my claims/a.yaml"), CLAIMS).unwrap();
    std::fs::write(path.join("broken.yaml"), "suorce: 1\n").unwrap();
    let run = |variables: &[(&str, &str)]| {
        let _ = std::fs::remove_file(path.join("out.sarif"));
        let with: Vec<_> =
            [("SARIF", "out.sarif"), ("STRICT", "false")].iter().chain(variables).copied().collect();
        let ended = step("Check and report", path, &with);
        (ended.0, ended.1, path.join("out.sarif").exists())
    };
    let failed = |text: &str| format!("failed={text}\n");
    let claims = ("CLAIMS", "-my claims");
    assert_eq!(run(&[claims]), (Some(0), failed("0"), true));
    assert_eq!(run(&[claims, ("FAIL_ON", "contradiction")]), (Some(0), failed("1"), true));
    assert_eq!(run(&[claims, ("TEXTS", "-my claims")]), (Some(0), failed("0"), true));
    assert_eq!(run(&[("CLAIMS", "broken.yaml")]), (Some(0), failed("1"), true));
    assert_eq!(run(&[("CLAIMS", "nowhere")]), (Some(2), String::new(), false));
    assert_eq!(run(&[claims, ("FAIL_ON", "nonsense")]), (Some(2), String::new(), false));
}

#[cfg(unix)]
#[test]
fn action_rebuilds_only_when_its_sources_change() {
    let folder = tempfile::tempdir().unwrap();
    let key = |version: &str| step("Name the build", folder.path(), &[("VERSION", version)]);
    assert_eq!(key("1.2.3"), (Some(0), "key=1.2.3\n".to_owned()));
    let (code, own) = key("");
    assert_eq!((code, own.len()), (Some(0), "key=0123456789abcdef\n".len()), "{own}");
    assert_eq!(key("").1, own);
}

/// The workflows in the YAML blocks of the README.
fn workflow_examples() -> Vec<Value> {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let blocks =
        readme.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned());
    let workflows = blocks.filter(|block| block.lines().any(|line| line == "jobs:"));
    workflows.map(|block| serde_yaml::from_str(&block).unwrap()).collect()
}

/// Whether an action is referenced by a commit and not by a tag, which can be moved.
fn is_pinned(uses: &str) -> bool {
    let commit = uses.split_once('@').map_or("", |(_, commit)| commit);
    let is_hash = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    // The documentation has a placeholder for the commit of a release.
    is_hash || commit == "COMMIT"
}

/// SECURITY: E3.
#[test]
fn actions_are_pinned_by_commit() {
    let action = read("action.yml");
    let mut steps = action["runs"]["steps"].as_array().unwrap().clone();
    for workflow in workflow_examples() {
        for job in workflow["jobs"].as_object().unwrap().values() {
            steps.extend(job["steps"].as_array().unwrap().iter().cloned());
        }
    }
    let used: Vec<&str> = steps.iter().filter_map(|step| step["uses"].as_str()).collect();
    assert!(used.len() >= 4, "{used:?}");
    assert!(used.iter().all(|uses| is_pinned(uses)), "{used:?}");
    assert!(!is_pinned("actions/checkout@v4") && !is_pinned("actions/checkout"));
}

/// SECURITY: E4.
#[test]
fn workflow_examples_request_the_least_permissions() {
    let workflows = workflow_examples();
    assert!(!workflows.is_empty());
    for workflow in workflows {
        assert_eq!(workflow["permissions"], serde_json::json!({}), "none for the workflow as a whole");
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            let permissions = job["permissions"].as_object().unwrap_or_else(|| panic!("{name}"));
            let written: Vec<&String> =
                permissions.iter().filter(|(_, level)| *level == "write").map(|(of, _)| of).collect();
            assert!(written.iter().all(|of| *of == "security-events"), "{name}: {written:?}");
            for step in job["steps"].as_array().unwrap() {
                let is_checkout =
                    step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@"));
                assert!(!is_checkout || step["with"]["persist-credentials"] == false, "{name}");
            }
        }
    }
}

/// SECURITY: E2.
#[test]
fn vscode_extension_takes_no_program_path_or_name_from_an_untrusted_workspace() {
    let package: Value =
        serde_json::from_str(&std::fs::read_to_string("editors/vscode/package.json").unwrap()).unwrap();
    let untrusted = &package["capabilities"]["untrustedWorkspaces"];
    assert_eq!(untrusted["supported"], "limited");
    assert!(untrusted["description"].as_str().unwrap().contains("writes nothing"));
    assert_eq!(package["capabilities"]["virtualWorkspaces"]["supported"], false);
    let restricted: Vec<&str> = untrusted["restrictedConfigurations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    let settings = package["contributes"]["configuration"]["properties"].as_object().unwrap();
    // A switch or a choice of fixed words is harmless; any other text could be a path.
    let is_harmless = |setting: &Value| setting["type"] == "boolean" || setting["enum"].is_array();
    let others = settings.iter().filter(|(_, setting)| !is_harmless(setting)).map(|(name, _)| name.as_str());
    assert_eq!(others.collect::<std::collections::BTreeSet<_>>(), restricted.into_iter().collect());
}
