//! The language server in real editors, configured as in `editors/`: Neovim, Emacs, and the client libraries of VS
//! Code.
//!
//! A script in `tests/editors` controls each editor in its own workspace and records what it saw.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gen_lsp_types::Diagnostic;
use serde_json::{Value, json};

use crate::lsp::client::Client;
use crate::support::TIMEOUT;

const ACTORS: &str = "\
actors:
  north: { name: \"The 𝄞 north\" }
  south: {}
  paper: {}
events:
  raid: { name: The raid on the bridge, date: 2026-02-22 }
";
const ONE: &str = "\
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { by: north, about: raid, measure: killed, value: at least 80, at: p2 }
";
const TWO: &str = "\
source: { id: paper-2, publisher: paper, published: 2026-02-24 }
claims:
  toll: { words: \"é𝄞\", by: south, about: raid, measure: killed, value: at least 90, at: p2 }
";
const OTHER_YAML: &str = "services: { web: { image: nginx, image: apache } }\n";

/// A path in the repository.
fn repository_path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A workspace with claim files, one of them with Windows line ends, and a YAML file of another project.
fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("claims")).unwrap();
    let two = TWO.replace('\n', "\r\n");
    for (file, text) in [
        ("claims/people.yaml", ACTORS),
        ("claims/one.yaml", ONE),
        ("claims/two.yaml", &two),
        ("compose.yaml", OTHER_YAML),
    ] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    folder
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Runs an editor on a workspace until it ends, and returns what it recorded.
fn drive(editor: &mut Command, workspace: &Path) -> Value {
    let name = editor.get_program().to_string_lossy().into_owned();
    let scratch = tempfile::tempdir().unwrap();
    let (answers, log) = (scratch.path().join("answers.json"), scratch.path().join("log"));
    let program = Path::new(env!("CARGO_BIN_EXE_gainsay"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(program.parent().unwrap().to_owned()).chain(std::env::split_paths(&path));
    let said = std::fs::File::create(&log).unwrap();
    let child = editor
        .env("PATH", std::env::join_paths(folders).unwrap())
        .env("WORKSPACE", workspace)
        .env("ANSWERS", &answers)
        .env("HOME", scratch.path())
        .env("XDG_CONFIG_HOME", scratch.path())
        .env("XDG_STATE_HOME", scratch.path())
        .env("XDG_DATA_HOME", scratch.path())
        .env("XDG_CACHE_HOME", scratch.path())
        .env("LC_ALL", "C.UTF-8")
        .current_dir(workspace)
        .stdin(Stdio::null())
        .stdout(said.try_clone().unwrap())
        .stderr(said)
        .spawn()
        .unwrap_or_else(|error| panic!("{name} does not start ({error}): tests/run installs it"));
    let mut running = Running(child);
    let deadline = Instant::now() + TIMEOUT;
    let log = || std::fs::read_to_string(&log).unwrap_or_default();
    let status = loop {
        if let Some(status) = running.0.try_wait().unwrap() {
            break status;
        }
        let is_hanging = Instant::now() > deadline;
        assert!(!is_hanging, "{name} does not end; its log: {}", log());
        std::thread::sleep(Duration::from_millis(20));
    };
    let seen =
        std::fs::read_to_string(&answers).unwrap_or_else(|error| panic!("{error}; {name} says: {}", log()));
    let seen: Value = serde_json::from_str(&seen).unwrap();
    assert!(status.success() && seen["error"].is_null(), "{name}: {seen:#}\n{}", log());
    seen
}

/// A list; some editors write an empty one as an object.
fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn strings(value: &Value) -> Vec<String> {
    list(value).iter().map(|it| it.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()).collect()
}

fn contains_text(value: &Value, wanted: &str) -> bool {
    value.to_string().contains(wanted)
}

/// The results that are the same in every editor, and the resulting files.
fn assert_common_results(seen: &Value, folder: &Path) {
    assert_eq!(seen["marked"], "36", "only the value is marked");
    assert!(contains_text(&seen["hover"], "The raid on the bridge"), "{}", seen["hover"]);
    let mut references = strings(&seen["references"]);
    references.sort();
    references.dedup();
    assert!(references.starts_with(&["one.yaml".to_owned()]) && references.contains(&"two.yaml".to_owned()));
    for name in ["north", "raid"] {
        assert!(
            strings(&seen["symbols"]).iter().any(|it| it.contains(name)),
            "{name} in {}",
            seen["symbols"]
        );
    }
    for name in ["north", "south", "paper"] {
        assert!(
            strings(&seen["completion"]).iter().any(|it| it.contains(name)),
            "{name} in {}",
            seen["completion"]
        );
    }
    assert!(strings(&seen["actions"]).iter().any(|it| it.contains("killed")), "{}", seen["actions"]);

    let read = |file: &str| std::fs::read_to_string(folder.join("claims").join(file)).unwrap();
    assert_eq!(read("people.yaml"), ACTORS.replace("raid:", "strike:"));
    let two = TWO.replace("about: raid", "about: strike").replace("at least 90", "36");
    assert_eq!(read("two.yaml"), two.replace('𝄞', "𝄞𝄞\n      é𝄞").replace('\n', "\r\n"));
    assert_eq!(json!(read("one.yaml")), seen["formatted"]);
    assert_eq!(
        read("one.yaml"),
        ONE.replace("about: raid", "about: strike").replace("\nclaims:", "\n\nclaims:")
    );
    assert_eq!(std::fs::read_to_string(folder.join("compose.yaml")).unwrap(), OTHER_YAML);
}

/// The message and the place of a diagnostic.
fn describe(diagnostic: &Value) -> String {
    format!("{} {}", diagnostic["range"], diagnostic["message"])
}

#[test]
fn neovim_edits_with_the_configuration_of_this_repository() {
    let folder = workspace();
    let root = folder.path().canonicalize().unwrap();
    let mut editor = Command::new("nvim");
    editor.args(["--headless", "--clean", "-n", "-i", "NONE", "--cmd"]);
    editor.arg(format!("set runtimepath^={}", repository_path("editors/neovim").display()));
    editor.arg("-S").arg(repository_path("tests/editors/neovim.lua"));
    let seen = drive(&mut editor, &root);

    assert_eq!((&seen["attached_to_foreign"], &seen["clients"]), (&json!(0), &json!(1)));
    assert_eq!(seen["fileformat"], "dos");
    assert_eq!(list(&seen["before"]), [Value::Null; 0], "nothing clashes yet");
    assert!(contains_text(&seen["definition"], "raid: { name: The raid on the bridge"));
    assert_common_results(&seen, &root);

    // The last diagnostics are those of a server that knows only the files.
    let mut fresh = Client::start(&root, json!({ "textDocument": { "diagnostic": {} } }));
    for file in ["claims/people.yaml", "claims/one.yaml", "claims/two.yaml"] {
        let uri = fresh.uri(file);
        let expected: Vec<Diagnostic> = fresh.pulled(&uri);
        let expected = serde_json::to_value(expected).unwrap();
        let last = &seen["told"][uri.as_ref()];
        let words = |value: &Value| list(value).iter().map(describe).collect::<Vec<_>>();
        assert_eq!(words(last), words(&expected), "{file}");
    }
}

#[test]
fn emacs_edits_with_the_configuration_of_this_repository() {
    let folder = workspace();
    let root = folder.path().canonicalize().unwrap();
    let mut editor = Command::new("emacs");
    editor
        .args(["--batch", "-q", "--no-site-file", "-L"])
        .arg(repository_path("editors/emacs"))
        .arg("-l")
        .arg(repository_path("tests/editors/emacs.el"));
    let seen = drive(&mut editor, &root);

    assert_ne!(seen["foreign"], "gainsay-mode");
    assert_eq!(seen["servers"], 1);
    assert_eq!(seen["root"], format!("{}/", root.display()));
    assert!(
        contains_text(&seen["definition"], "people.yaml")
            && contains_text(&seen["definition"], "The raid on the bridge")
    );
    assert_common_results(&seen, &root);
}

#[test]
fn vscode_client_libraries_understand_the_server() {
    let libraries = repository_path("tests/editors/node_modules/vscode-languageserver-protocol");
    assert!(libraries.is_dir(), "run `npm ci --prefix tests/editors --ignore-scripts` first: tests/run does");
    let folder = workspace();
    let root = folder.path().canonicalize().unwrap();
    let mut editor = Command::new("node");
    editor.arg(repository_path("tests/editors/protocol.js")).arg(env!("CARGO_BIN_EXE_gainsay"));
    let seen = drive(&mut editor, &root);

    assert_eq!(seen["encoding"], "utf-16");
    assert_eq!(list(&seen["before"]), [Value::Null; 0]);
    assert_eq!(seen["unchanged"], "unchanged");
    assert_eq!(list(&seen["clash"]).len(), 1);
    assert_eq!(seen["marked"], json!(["36"]));
    assert_eq!(list(&seen["other"]).len(), 1, "the other file was asked about again");
    assert!(seen["cancelled"] == "answered" || seen["cancelled"] == -32800, "{}", seen["cancelled"]);
    assert_eq!(seen["all"], json!(["one.yaml", "people.yaml", "two.yaml"]));
    assert!(contains_text(&seen["hover"], "The raid on the bridge"));
    assert!(contains_text(&seen["definition"], "people.yaml"));
    assert_eq!(list(&seen["references"]).len(), 3);
    assert!(contains_text(&seen["completion"], "north"));
    for file in ["people.yaml", "one.yaml", "two.yaml"] {
        assert!(contains_text(&seen["rename"], file), "{}", seen["rename"]);
    }
    assert_eq!(seen["tokens"], -32601);
    assert_eq!((&seen["pushed"], &seen["code"]), (&json!(0), &json!(0)));
    assert!(seen["unhandled"].is_null(), "{}", seen["unhandled"]);
}

/// A file of the extension in the repository.
fn extension(file: &str) -> String {
    std::fs::read_to_string(repository_path("editors/vscode").join(file)).unwrap()
}

#[test]
fn vscode_extension_and_server_agree_on_commands_and_settings() {
    let manifest: Value = serde_json::from_str(&extension("package.json")).unwrap();
    let lock: Value = serde_json::from_str(&extension("package-lock.json")).unwrap();
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(lock["version"], manifest["version"]);
    assert_eq!(lock["packages"][""]["devDependencies"], manifest["devDependencies"]);
    assert_eq!(manifest["license"], env!("CARGO_PKG_LICENSE"));
    let script = extension("extension.js");

    // Each command belongs to the server or to the extension, and each of the server's is declared.
    let folder = workspace();
    let server = Client::start(folder.path(), json!({}));
    let offered = strings(&server.capabilities["executeCommandProvider"]["commands"]);
    let mut named: Vec<String> = Vec::new();
    for command in list(&manifest["contributes"]["commands"]) {
        let name = command["command"].as_str().unwrap().to_owned();
        let is_made = script.contains(&format!("registerCommand(\"{name}\""));
        assert_ne!(
            offered.contains(&name),
            is_made,
            "{name}: the client library registers what the server offers"
        );
        named.push(name);
    }
    assert!(named.contains(&"gainsay.restart".to_owned()) && named.contains(&"gainsay.openDesk".to_owned()));

    // The script reads each declared setting, and declares each that it reads.
    let settings = manifest["contributes"]["configuration"]["properties"].as_object().unwrap();
    for name in settings.keys() {
        let key = name.strip_prefix("gainsay.").unwrap();
        assert!(
            key == "trace.server" || script.contains(&format!(".get(\"{key}\")")),
            "{name} is read by nobody"
        );
        assert!(extension("README.md").contains(&format!("`{name}`")), "{name} is not explained");
    }
    for read in script.split(".get(\"").skip(1) {
        let key = read.split('"').next().unwrap();
        assert!(settings.contains_key(&format!("gainsay.{key}")), "{key} is not a setting");
    }

    // The schema path of the YAML extension is the one that the bundle creates.
    let url = manifest["contributes"]["yamlValidation"][0]["url"].as_str().unwrap();
    let name = url.strip_prefix("./dist/").unwrap();
    assert!(
        extension("bundle.js").contains(&format!("\"schema/{name}\""))
            && repository_path("schema").join(name).is_file()
    );
    assert_eq!(manifest["main"], "./dist/extension.js");
    for kept in ["!dist/**", "!package.json", "!README.md", "!CHANGELOG.md", "!LICENSE.txt"] {
        assert!(extension(".vscodeignore").lines().any(|line| line == kept), "{kept} is not in the package");
    }
    assert!(extension("CHANGELOG.md").contains(&format!("## {}", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn editor_configurations_are_listed_and_start_the_server() {
    let index = std::fs::read_to_string(repository_path("editors/README.md")).unwrap();
    let mut configurations = 0;
    for entry in ignore::WalkBuilder::new(repository_path("editors")).build().map(Result::unwrap) {
        let path = entry.path().strip_prefix(repository_path("editors")).unwrap();
        if !entry.path().is_file() || path.starts_with("vscode") || path == Path::new("README.md") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        assert!(index.contains(&format!("({})", path.display())), "{} is not in the list", path.display());
        assert!(
            text.contains("gainsay") && text.contains("\"lsp\"") || text.contains("'lsp'"),
            "{}",
            path.display()
        );
        configurations += 1;
    }
    assert!(configurations >= 7, "{configurations}");
}
