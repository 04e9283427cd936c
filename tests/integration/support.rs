//! Workspaces made from texts, and common checks of an analysis.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use gainsay::folder::Access;
use gainsay::report::{Report, Selection, json};
use gainsay::workspace::{Analysis, Input, Options, Workspace};

/// How long a test waits for a condition before it fails: far longer than anything takes on a busy machine, so that
/// only a test that hangs reaches it.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(300);

/// The program, with the user's folders replaced by folders of the tests.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gainsay"));
    isolated(&mut command);
    command
}

/// Replaces the user's folders by folders of the tests for a process that runs the program: no test reads or writes the
/// home folder of the user.
pub(crate) fn isolated(command: &mut Command) -> &mut Command {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
    let under = |name: &str| home.join(name);
    command
        .env("XDG_STATE_HOME", under("state"))
        .env("XDG_CACHE_HOME", under("cache"))
        .env("XDG_CONFIG_HOME", under("config"))
        .env("HOME", &home)
}

/// The files below a folder; each path begins with that of the folder.
pub(crate) fn files_below(folder: impl Into<PathBuf>) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![folder.into()], Vec::new());
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

/// The source files of Rust below a folder.
pub(crate) fn rust_files(folder: impl Into<PathBuf>) -> impl Iterator<Item = PathBuf> {
    files_below(folder).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
}

/// The output of a command, and its exit code.
#[derive(Debug)]
pub(crate) struct CommandOutput {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a command to its end, without standard input. A command that never ends fails the test.
pub(crate) fn run(command: &mut Command) -> CommandOutput {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let id = child.id().to_string();
    let (ended, end) = std::sync::mpsc::channel();
    std::thread::spawn(move || _ = ended.send(child.wait_with_output().unwrap()));
    let Ok(output) = end.recv_timeout(TIMEOUT) else {
        Command::new("kill").args(["-KILL", &id]).status().unwrap();
        panic!("the command does not end: {command:?}");
    };
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    CommandOutput { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// How a test reads a folder: without unfinished changes.
pub(crate) fn access() -> Access {
    Access::default()
}

/// Two parties that clash on one question.
pub(crate) const CLAIMS: &str = "\
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22, parties: [north, south] } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  north-toll: { by: north, about: raid, measure: injured, value: 36, at: p1 }
  south-toll: { by: south, about: raid, measure: injured, value: 90, at: p2 }
";

/// The question they clash on.
pub(crate) const QUESTION: &str = "raid/injured/people";

/// A workspace of texts, by path.
pub(crate) fn workspace<P: Into<String>, T: Into<Vec<u8>>>(
    files: impl IntoIterator<Item = (P, T)>,
) -> Workspace {
    let input = |(path, text): (P, T)| Input { path: path.into(), content: Ok(text.into()) };
    Workspace::read(files.into_iter().map(input).collect())
}

/// The analysis of a workspace without options.
pub(crate) fn analyse(workspace: &Workspace) -> Analysis {
    workspace.analyse(&Options::default())
}

/// A file of a workspace, by name: a claim file, or the archived text of a source.
#[derive(Clone)]
pub(crate) struct File {
    /// `claims.yaml`, or `x.txt` as the `text` of a source names it.
    pub(crate) name: String,
    /// The content of the file.
    pub(crate) text: String,
}

/// Analyses files; archived texts belong to the sources that name them.
pub(crate) fn examine(files: &[File], mut options: Options) -> (Workspace, Analysis) {
    let (archived, claims): (Vec<&File>, Vec<&File>) =
        files.iter().partition(|file| file.name.rsplit('.').next() == Some("txt"));
    let workspace = workspace(claims.into_iter().map(|file| (file.name.as_str(), file.text.as_str())));
    for source in workspace.documents().iter().filter_map(|document| document.source.as_ref()) {
        let name = source.body.text.as_ref().map(|name| name.value.as_str());
        let text = archived.iter().find(|file| Some(file.name.as_str()) == name);
        options.archive.extend(text.map(|file| (source.id.value.clone(), file.text.clone())));
    }
    let analysis = workspace.analyse(&options);
    (workspace, analysis)
}

/// Every finding on claims as rule, grade and the names of its claims, sorted.
pub(crate) fn found(analysis: &Analysis) -> BTreeSet<String> {
    let show = |finding: &gainsay::finding::Finding| {
        let mut claims: Vec<String> =
            finding.claims().iter().map(|&claim| analysis.model.claim_name(claim)).collect();
        claims.sort();
        format!("{} {} {}", finding.rule, finding.grade, claims.join(" "))
    };
    analysis.on_claims().map(show).collect()
}

/// The JSON report without the files and lines of claims.
pub(crate) fn report(workspace: &Workspace, analysis: &Analysis) -> serde_json::Value {
    let report = Report::new(workspace.files(), analysis, &Selection::default());
    let mut value: serde_json::Value = serde_json::from_str(&json::render(&report).unwrap()).unwrap();
    for claim in value["claims"].as_object_mut().unwrap().values_mut() {
        claim["file"] = "".into();
        claim["line"] = 1.into();
    }
    value
}

/// The real claim files of the project, by path.
pub(crate) fn real_files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir("claims")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| (path.to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}
