//! Interrupted changes of several files, and files that imitate one: no file of a workspace can make gainsay write,
//! reading commands write nothing, and writing commands finish a real change or leave it alone.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use gainsay::folder::{Access, RecoveryDirectory};
use gainsay::lsp::LspSettings;
use serde_json::json;
use tempfile::TempDir;
use xxhash_rust::xxh3::xxh3_128;

use crate::lsp::client::Client;
use crate::support::{CLAIMS, CommandOutput, QUESTION, program, run};

/// Commands that only read, without the path of the workspace.
const READERS: [&[&str]; 16] = [
    &["check"],
    &["check", "--strict"],
    &["report"],
    &["report", "--format", "json"],
    &["report", "--format", "sarif"],
    &["report", "--format", "html"],
    &["report", "--format", "csv"],
    &["report", "--format", "markdown"],
    &["graph"],
    &["show", "north"],
    &["suggest"],
    &["review", "--list"],
    &["fmt", "--check"],
    &["fmt", "--dry-run"],
    &["rename", "north", "northern", "--dry-run"],
    &["recover", "--dry-run"],
];

/// Commands that write, without the path of the workspace.
const WRITERS: [&[&str]; 5] = [
    &["fmt"],
    &["rename", "north", "northern"],
    &["new", "actor", "west", "--name", "The West"],
    &["review", QUESTION, "--verdict", "explained", "--because", "scope", "--by", "somebody"],
    &["suggest", "--apply", "north", "south"],
];

/// A folder with a workspace `work/claims` in it, and the folder for the state of programs.
struct RecoveryFolder {
    folder: TempDir,
    state: TempDir,
}

impl RecoveryFolder {
    fn new() -> Self {
        let desk = Self { folder: TempDir::new().unwrap(), state: TempDir::new().unwrap() };
        fs::create_dir_all(desk.path("work/claims/sub")).unwrap();
        fs::write(desk.path("work/claims/a.yaml"), CLAIMS).unwrap();
        fs::write(desk.path("work/claims/sub/b.yaml"), "places: { x: {} }\n").unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// Runs a command in `work`.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.current_dir(self.path("work")).env("XDG_STATE_HOME", self.state.path());
        command.args(arguments).env("NO_COLOR", "1");
        command
    }

    fn run(&self, arguments: &[&str]) -> CommandOutput {
        run(&mut self.command(arguments))
    }

    fn records(&self) -> PathBuf {
        self.state.path().join("gainsay/recovery")
    }

    /// Records a change of files below `root`, each with the text before and after it; returns the path of the record.
    fn record(&self, root: &Path, files: &[(&str, Option<&str>, &str)]) -> PathBuf {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(self.records()).unwrap();
        let file = |(path, before, after): &(&str, Option<&str>, &str)| {
            let before = before.map(fingerprint);
            json!({ "path": path, "before": before, "after": fingerprint(after), "bytes": after.len() })
        };
        let files_of_header: Vec<_> = files.iter().map(file).collect();
        let header = json!({ "format": "gainsay.recovery/1", "root": root, "files": files_of_header });
        let texts: String = files.iter().map(|(.., after)| *after).collect();
        let path = self.records().join(format!("{}.record", fingerprint(root.to_str().unwrap())));
        fs::write(&path, format!("{header}\n{texts}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// A change that was interrupted after its first file.
    fn interrupted(&self) -> PathBuf {
        fs::write(self.path("work/claims/sub/b.yaml"), B_AFTER).unwrap();
        self.record(
            &self.path("work/claims"),
            &[("sub/b.yaml", Some("places: { x: {} }\n"), B_AFTER), ("a.yaml", Some(CLAIMS), &a_after())],
        )
    }

    /// Everything in the folder: the mode of each file and its text.
    fn snapshot(&self) -> BTreeMap<PathBuf, (u32, String)> {
        let mut folders = vec![self.path("")];
        let mut files = BTreeMap::new();
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                let metadata = fs::symlink_metadata(&path).unwrap();
                let text =
                    if metadata.is_file() { fs::read_to_string(&path).unwrap() } else { String::new() };
                if metadata.is_dir() {
                    folders.push(path.clone());
                }
                files.insert(path, (metadata.mode(), text));
            }
        }
        files
    }
}

const B_AFTER: &str = "places: { y: {} }\n";

fn a_after() -> String {
    format!("# after\n{CLAIMS}")
}

fn fingerprint(text: &str) -> String {
    format!("{:032x}", xxh3_128(text.as_bytes()))
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A journal in the format of earlier versions that would install a program.
fn plant_journal(folder: &Path) {
    let text = "#!/bin/sh\n";
    fs::create_dir_all(folder.join("hooks")).unwrap();
    let staged = folder.join(".gainsay-edit-abc.tmp");
    fs::write(&staged, text).unwrap();
    fs::set_permissions(&staged, fs::Permissions::from_mode(0o755)).unwrap();
    let file = |name: &str| json!({ "file": name, "text": ".gainsay-edit-abc.tmp", "before": null, "after": fingerprint(text) });
    for name in ["hooks/run-me", "new.yaml"] {
        let journal = json!({ "format": "gainsay.journal/1", "files": [file(name)] });
        fs::write(folder.join(".gainsay-journal"), journal.to_string()).unwrap();
    }
}

/// SECURITY: W2.
#[test]
fn journal_in_a_workspace_is_ignored_by_every_command() {
    for place in ["work/claims", "work/claims/sub", "work", ""] {
        let desk = RecoveryFolder::new();
        plant_journal(&desk.path(place));
        let before = desk.snapshot();
        for reader in READERS {
            let ran = desk.run(reader);
            assert_ne!(ran.code, None, "{reader:?}");
            assert_eq!(desk.snapshot(), before, "{place}: {reader:?}");
            let is_named = ran.err.contains("gainsay-journal` is ignored");
            let reads_there = place.starts_with("work/claims") && reader[0] != "recover";
            assert_eq!(is_named, reads_there, "{place}: {reader:?}: {}", ran.err);
        }
        for writer in WRITERS {
            desk.run(writer);
            let after = desk.snapshot();
            for path in [".gainsay-journal", "hooks"] {
                let path = desk.path(place).join(path);
                assert_eq!(after[&path], before[&path], "{place}: {writer:?}");
            }
            assert!(!desk.path(place).join("hooks/run-me").exists(), "{place}: {writer:?}");
            assert!(!desk.path(place).join("new.yaml").exists(), "{place}: {writer:?}");
        }
    }
}

#[test]
fn journal_that_is_not_a_file_stops_no_command() {
    let makes: [fn(&Path); 3] =
        [pipe, |path| symlink("/dev/zero", path).unwrap(), |path| fs::create_dir(path).unwrap()];
    for make in makes {
        for place in ["work/claims", "work/claims/sub", "work"] {
            let desk = RecoveryFolder::new();
            make(&desk.path(place).join(".gainsay-journal"));
            for command in READERS.iter().chain(&WRITERS) {
                assert_ne!(desk.run(command).code, None, "{place}: {command:?}");
            }
        }
    }
}

/// SECURITY: C3.
#[test]
fn readers_report_an_unfinished_change_and_write_nothing() {
    let desk = RecoveryFolder::new();
    let usual: Vec<_> = READERS.map(|reader| desk.run(reader).code).into();
    fs::write(desk.path("work/claims/sub/b.yaml"), B_AFTER).unwrap();
    let texts: Vec<_> = READERS.map(|reader| desk.run(reader).out).into();
    let record = desk.interrupted();
    let (before, recorded) = (desk.snapshot(), fs::read(&record).unwrap());
    for ((reader, code), text) in READERS.into_iter().zip(usual).zip(texts) {
        let ran = desk.run(reader);
        assert_eq!(desk.snapshot(), before, "{reader:?}");
        assert_eq!(fs::read(&record).unwrap(), recorded, "{reader:?}");
        assert_eq!(ran.code, code, "{reader:?}: {}", ran.err);
        if reader[0] == "recover" {
            continue;
        }
        let root = desk.path("work/claims");
        assert!(
            ran.err.contains("was interrupted") && ran.err.contains("`sub/b.yaml`, `a.yaml`"),
            "{}",
            ran.err
        );
        assert!(
            ran.err.contains(&format!("`gainsay recover {}`", root.display())),
            "{reader:?}: {}",
            ran.err
        );
        assert_eq!(ran.out, text, "{reader:?}: the output itself stays as it is");
    }
    // Commands on a part of the workspace or on the folder above report it; another workspace is not affected.
    for (path, is_known) in [("claims/sub", true), ("claims/a.yaml", true), (".", true), ("../other", false)]
    {
        fs::create_dir_all(desk.path("other")).unwrap();
        fs::write(desk.path("other/c.yaml"), "places: { z: {} }\n").unwrap();
        assert_eq!(desk.run(&["check", path]).err.contains("was interrupted"), is_known, "{path}");
    }
}

#[test]
fn writers_finish_an_unfinished_change_first() {
    for writer in WRITERS {
        let desk = RecoveryFolder::new();
        let record = desk.interrupted();
        let ran = desk.run(writer);
        assert!(ran.err.contains("finished an interrupted change"), "{writer:?}: {ran:?}");
        assert!(!record.exists(), "{writer:?}");
        let text = fs::read_to_string(desk.path("work/claims/a.yaml")).unwrap();
        assert!(text.starts_with("# after\n"), "{writer:?}: {text}");
        assert!(
            desk.snapshot().keys().all(|path| !path.to_string_lossy().contains(".gainsay")),
            "{writer:?}"
        );
    }
}

/// SECURITY: W7.
#[test]
fn recover_shows_finishes_and_discards() {
    let desk = RecoveryFolder::new();
    let nothing = desk.run(&["recover"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(0), ""));
    assert!(nothing.err.contains("`claims` has no unfinished change"), "{nothing:?}");

    let record = desk.interrupted();
    let before = desk.snapshot();
    let shown = desk.run(&["recover", "--dry-run"]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert!(
        shown.out.contains("b.yaml` already has its new text") && shown.out.contains("\n+# after\n"),
        "{}",
        shown.out
    );
    assert_eq!(desk.snapshot(), before);
    let finished = desk.run(&["recover"]);
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert!(finished.out.contains("finished an interrupted change"), "{finished:?}");
    assert_eq!(fs::read_to_string(desk.path("work/claims/a.yaml")).unwrap(), a_after());
    assert!(!record.exists());

    fs::write(desk.path("work/claims/a.yaml"), CLAIMS).unwrap();
    let record = desk.interrupted();
    let before = desk.snapshot();
    let discarded = desk.run(&["recover", "--discard"]);
    assert!(
        discarded.out.contains("\n+# after\n") && discarded.out.contains("deleted the record"),
        "{discarded:?}"
    );
    assert!(!record.exists() && desk.snapshot() == before);

    // A record that cannot be used is shown and can be discarded.
    let record = desk.interrupted();
    fs::write(&record, "{}\n").unwrap();
    let warned = desk.run(&["check"]);
    assert!(warned.err.contains("cannot be used") && warned.err.contains("recover --discard"), "{warned:?}");
    assert_eq!(desk.run(&["recover"]).code, Some(2));
    assert_eq!(desk.run(&["fmt"]).code, Some(2));
    assert_eq!(desk.run(&["recover", "--discard"]).code, Some(0));
    assert!(!record.exists() && desk.run(&["check"]).err.is_empty());
}

/// Makes it impossible to finish the change.
type Obstacle = fn(&RecoveryFolder);

#[test]
fn change_is_not_finished_if_a_file_was_edited_since() {
    let spoils: [(&str, Obstacle, &str); 9] = [
        (
            "changed",
            |desk| fs::write(desk.path("work/claims/a.yaml"), "theirs\n").unwrap(),
            "`a.yaml` was changed since",
        ),
        ("gone", |desk| fs::remove_file(desk.path("work/claims/a.yaml")).unwrap(), "`a.yaml` is gone"),
        (
            "a folder",
            |desk| {
                fs::remove_file(desk.path("work/claims/a.yaml")).unwrap();
                fs::create_dir(desk.path("work/claims/a.yaml")).unwrap();
            },
            "`a.yaml` is not a regular file",
        ),
        (
            "a pipe",
            |desk| {
                fs::remove_file(desk.path("work/claims/a.yaml")).unwrap();
                pipe(&desk.path("work/claims/a.yaml"));
            },
            "`a.yaml` is not a regular file",
        ),
        (
            "a link",
            |desk| {
                fs::rename(desk.path("work/claims/a.yaml"), desk.path("elsewhere.yaml")).unwrap();
                symlink(desk.path("elsewhere.yaml"), desk.path("work/claims/a.yaml")).unwrap();
            },
            "`a.yaml` is not a regular file",
        ),
        (
            "a link in between",
            |desk| {
                fs::rename(desk.path("work/claims/sub"), desk.path("elsewhere")).unwrap();
                symlink(desk.path("elsewhere"), desk.path("work/claims/sub")).unwrap();
            },
            "`sub/b.yaml` is in a folder that is gone, or that a link leads to",
        ),
        (
            "a link to the workspace",
            |desk| {
                fs::rename(desk.path("work/claims"), desk.path("moved")).unwrap();
                symlink(desk.path("moved"), desk.path("work/claims")).unwrap();
            },
            "is a link that leads out of",
        ),
        (
            "two names",
            |desk| {
                fs::hard_link(desk.path("work/claims/a.yaml"), desk.path("other.yaml")).unwrap();
            },
            "`a.yaml` has another name",
        ),
        (
            "read-only",
            |desk| {
                let mode = fs::Permissions::from_mode(0o444);
                fs::set_permissions(desk.path("work/claims/a.yaml"), mode).unwrap();
            },
            "`a.yaml` is read-only",
        ),
    ];
    for (name, spoil, why) in spoils {
        let desk = RecoveryFolder::new();
        let record = desk.interrupted();
        spoil(&desk);
        let before = desk.snapshot();
        let refused = desk.run(&["recover", desk.path("work/claims").to_str().unwrap()]);
        assert!(refused.code == Some(2) && refused.err.contains(why), "{name}: {refused:?}");
        if name != "a link to the workspace" {
            assert!(refused.err.contains(record.to_str().unwrap()), "{name}: {refused:?}");
            let shown = desk.run(&["recover", "--dry-run"]);
            assert_eq!(shown.code, Some(1), "{name}: {shown:?}");
        }
        assert_eq!(desk.snapshot(), before, "{name}");
        assert!(record.exists(), "{name}");
    }
}

/// SECURITY: W3.
#[test]
fn record_with_a_file_of_another_user_is_left_alone() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can give a file to another user");
        return;
    }
    let desk = RecoveryFolder::new();
    desk.interrupted();
    std::os::unix::fs::chown(desk.path("work/claims/a.yaml"), Some(12_345), Some(12_345)).unwrap();
    let before = desk.snapshot();
    let refused = desk.run(&["recover"]);
    assert!(
        refused.code == Some(2) && refused.err.contains("`a.yaml` belongs to another user"),
        "{refused:?}"
    );
    assert_eq!(desk.snapshot(), before);
}

/// SECURITY: W3.
#[test]
fn record_that_names_other_files_is_refused() {
    let outside = TempDir::new().unwrap();
    let absolute = outside.path().join("x.yaml");
    for path in [
        absolute.to_str().unwrap(),
        "../x.yaml",
        "sub/../../x.yaml",
        ".git/hooks/x.yaml",
        "sub/.hidden/x.yaml",
        ".x.yaml",
        "hooks/pre-commit",
        "x.txt",
    ] {
        let desk = RecoveryFolder::new();
        fs::create_dir_all(desk.path("work/claims/.git/hooks")).unwrap();
        fs::create_dir_all(desk.path("work/claims/sub/.hidden")).unwrap();
        fs::create_dir_all(desk.path("work/claims/hooks")).unwrap();
        desk.record(&desk.path("work/claims"), &[(path, None, "x")]);
        let before = desk.snapshot();
        for command in READERS.iter().chain(&WRITERS).chain(&[&["recover"][..]]) {
            desk.run(command);
            assert_eq!(desk.snapshot(), before, "{path}: {command:?}");
        }
        assert!(!absolute.exists());
    }
}

/// SECURITY: W4.
#[test]
fn finished_file_keeps_its_mode_and_is_never_executable() {
    for (mode, wanted) in [(0o755, 0o644), (0o640, 0o640), (0o4711, 0o600)] {
        let desk = RecoveryFolder::new();
        desk.interrupted();
        let path = desk.path("work/claims/a.yaml");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(desk.run(&["recover"]).code, Some(0));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, wanted, "{mode:o}");
        assert_eq!(fs::read_to_string(&path).unwrap(), a_after());
    }
    let desk = RecoveryFolder::new();
    desk.record(&desk.path("work/claims"), &[("sub/new.yaml", None, "places: {}\n")]);
    assert_eq!(desk.run(&["recover"]).code, Some(0));
    assert_eq!(fs::metadata(desk.path("work/claims/sub/new.yaml")).unwrap().mode() & 0o111, 0);
}

/// SECURITY: W1.
#[test]
fn records_that_others_could_have_written_are_not_used() {
    let spoils: [(&str, Obstacle); 6] = [
        ("folder open to others", |desk| {
            fs::set_permissions(desk.records(), fs::Permissions::from_mode(0o777)).unwrap();
        }),
        ("folder readable by others", |desk| {
            fs::set_permissions(desk.records(), fs::Permissions::from_mode(0o755)).unwrap();
        }),
        ("folder above open to others", |desk| {
            let own = desk.state.path().join("gainsay");
            fs::set_permissions(own, fs::Permissions::from_mode(0o770)).unwrap();
        }),
        ("folder is a link", |desk| {
            fs::rename(desk.records(), desk.state.path().join("real")).unwrap();
            symlink(desk.state.path().join("real"), desk.records()).unwrap();
        }),
        ("folder above is a link", |desk| {
            let own = desk.state.path().join("gainsay");
            fs::rename(&own, desk.state.path().join("real")).unwrap();
            symlink(desk.state.path().join("real"), own).unwrap();
        }),
        ("folder of another user", |desk| {
            if rustix::process::geteuid().is_root() {
                std::os::unix::fs::chown(desk.records(), Some(12_345), None).unwrap();
            } else {
                fs::set_permissions(desk.records(), fs::Permissions::from_mode(0o777)).unwrap();
            }
        }),
    ];
    for (name, spoil) in spoils {
        let desk = RecoveryFolder::new();
        desk.interrupted();
        spoil(&desk);
        let before = desk.snapshot();
        let read = desk.run(&["check"]);
        assert!(read.err.contains("is not safe for records"), "{name}: {read:?}");
        assert!(!read.err.contains("was interrupted"), "{name}: {read:?}");
        // Several files are not changed without a record, but one file is.
        let refused = desk.run(&["rename", "north", "northern"]);
        let is_one_file = refused.code == Some(0);
        assert!(is_one_file, "{name}: `north` is in one file: {refused:?}");
        fs::write(desk.path("work/claims/a.yaml"), CLAIMS).unwrap();
        fs::write(desk.path("work/claims/c.yaml"), "actors: { east: { speaks-for: north } }\n").unwrap();
        let before_two = desk.snapshot();
        let refused = desk.run(&["rename", "north", "northern"]);
        assert!(
            refused.code == Some(2) && refused.err.contains("is not safe for records"),
            "{name}: {refused:?}"
        );
        assert_eq!(desk.snapshot(), before_two, "{name}");
        assert_eq!(before[&desk.path("work/claims/a.yaml")], before_two[&desk.path("work/claims/a.yaml")]);
    }
    // A record that others can read or write could be theirs.
    let desk = RecoveryFolder::new();
    let record = desk.interrupted();
    fs::set_permissions(&record, fs::Permissions::from_mode(0o644)).unwrap();
    let before = desk.snapshot();
    assert!(desk.run(&["check"]).err.contains("other users can read or write it"));
    assert_eq!(desk.run(&["recover"]).code, Some(2));
    assert_eq!(desk.snapshot(), before);
}

/// SECURITY: W7.
#[test]
fn several_files_are_changed_only_where_the_change_can_be_recorded() {
    let desk = RecoveryFolder::new();
    fs::write(desk.path("work/claims/c.yaml"), "actors: { east: { speaks-for: north } }\n").unwrap();
    let before = desk.snapshot();
    let rename = ["rename", "north", "northern"];
    let mut without = desk.command(&rename);
    let refused = run(without.env_remove("XDG_STATE_HOME").env_remove("HOME"));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.err.contains("`XDG_STATE_HOME` or `HOME`"), "{refused:?}");
    // A relative folder would be inside the workspace.
    let mut relative = desk.command(&rename);
    let refused = run(relative.env("XDG_STATE_HOME", "claims").env_remove("HOME"));
    assert!(refused.code == Some(2) && refused.err.contains("`XDG_STATE_HOME`"), "{refused:?}");
    let mut inside = desk.command(&rename);
    let refused = run(inside.env("XDG_STATE_HOME", desk.path("work/claims/sub")));
    assert!(refused.code == Some(2) && refused.err.contains("inside the workspace"), "{refused:?}");
    fs::remove_dir_all(desk.path("work/claims/sub/gainsay")).unwrap();
    assert_eq!(desk.snapshot(), before);
    // Reading commands and changes of one file need no record.
    let mut check = desk.command(&["check"]);
    assert_eq!(run(check.env_remove("XDG_STATE_HOME").env_remove("HOME")).err, "");
    let mut format = desk.command(&["fmt"]);
    assert_eq!(run(format.env_remove("XDG_STATE_HOME").env_remove("HOME")).code, Some(0));

    assert_eq!(desk.run(&rename).code, Some(0));
    assert_eq!(fs::metadata(desk.records()).unwrap().mode() & 0o777, 0o700);
    assert_eq!(fs::read_dir(desk.records()).unwrap().count(), 0);
}

/// SECURITY: C3, E1.
#[test]
fn language_server_reports_an_unfinished_change_and_writes_nothing() {
    let desk = RecoveryFolder::new();
    plant_journal(&desk.path("work/claims"));
    desk.interrupted();
    let before = desk.snapshot();
    let recovery = RecoveryDirectory::below(desk.state.path());
    let settings = LspSettings { access: Access { recovery, ..Access::default() }, ..LspSettings::default() };
    let mut editor = Client::start_with(&desk.path("work"), json!({}), settings);
    editor.open("claims/a.yaml", CLAIMS);
    editor.diagnostics("claims/a.yaml", 1);
    let shown = editor.messages_of("window/showMessage");
    let message = shown[0]["message"].as_str().unwrap();
    assert!(shown.len() == 1 && message.contains("was interrupted"), "{shown:?}");
    let logged = editor.messages_of("window/logMessage");
    assert!(logged.iter().any(|it| it["message"].as_str().unwrap().contains("gainsay-journal` is ignored")));
    // Later changes on disk are followed without writing, and the message appears once.
    let after = desk.path("work/claims/sub/b.yaml");
    let watched = json!({ "changes": [{ "uri": editor.uri("claims/sub/b.yaml"), "type": 2 }] });
    editor.notify("workspace/didChangeWatchedFiles", watched);
    editor.pulled(&editor.uri("claims/sub/b.yaml"));
    assert_eq!(editor.messages_of("window/showMessage"), Vec::<serde_json::Value>::new());
    drop(editor);
    assert!(after.exists());
    assert_eq!(desk.snapshot(), before);
}
