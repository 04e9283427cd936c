//! Pipes, devices and endless files in places where gainsay looks for files: opening them would block a program.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::lsp::client::Client;
use crate::support::{CommandOutput, isolated, program, run};

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yaml"), "actors: { x: { name: X, kind: state } }\n").unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::write(folder.path().join("sub/b.yaml"), "actors: { y: { nam: Y } }\n").unwrap();
    folder
}

/// Runs a command with at most 2 GB of memory, so that one that reads without end fails.
fn run_with_memory_limit(folder: &Path, arguments: &[&str]) -> CommandOutput {
    let mut command = Command::new("sh");
    let script = "ulimit -v 2000000; exec \"$0\" \"$@\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_gainsay")]).args(arguments).current_dir(folder);
    run(isolated(&mut command).env("NO_COLOR", "1"))
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Creates something at a path.
type CreateAt = fn(&Path);

/// Things that are not small regular files.
fn odd_files() -> Vec<(&'static str, CreateAt)> {
    vec![
        ("a pipe", pipe),
        ("a link to a device", |path| symlink("/dev/zero", path).unwrap()),
        ("a link to a terminal", |path| symlink("/dev/tty", path).unwrap()),
        ("a folder", |path| fs::create_dir(path).unwrap()),
        ("2 MiB", |path| fs::write(path, "b.yaml\n".repeat(300_000)).unwrap()),
        ("a large file of holes", |path| {
            fs::File::create(path).unwrap().set_len(1 << 40).unwrap();
        }),
        ("a link to a link to itself", |path| symlink(path.file_name().unwrap(), path).unwrap()),
    ]
}

/// SECURITY: R1, R2.
#[test]
fn gitignore_that_is_not_a_small_file_is_ignored_with_a_warning() {
    for (what, make) in odd_files() {
        for place in ["", "sub"] {
            let folder = folder();
            make(&folder.path().join(place).join(".gitignore"));
            for command in
                [&["check", "."][..], &["report", "."], &["fmt", "--check", "."], &["suggest", "."]]
            {
                let ran = run_with_memory_limit(folder.path(), command);
                assert!(matches!(ran.code, Some(0 | 1)), "{what}, {command:?}: {ran:?}");
                assert!(ran.err.contains(".gitignore` is ignored: "), "{what}, {command:?}: {ran:?}");
            }
            let checked = run_with_memory_limit(folder.path(), &["check", "."]);
            assert!(checked.out.contains("sub/b.yaml"), "{what}: {checked:?}");
        }
    }
}

#[test]
fn gitignore_above_the_workspace_is_not_waited_for() {
    for (what, make) in odd_files() {
        let folder = folder();
        fs::create_dir(folder.path().join(".git")).unwrap();
        make(&folder.path().join(".gitignore"));
        let ran = run_with_memory_limit(&folder.path().join("sub"), &["check", "."]);
        assert!(ran.code == Some(1) && ran.out.contains("b.yaml"), "{what}: {ran:?}");
    }
}

/// SECURITY: R6.
#[test]
fn other_ignore_files_have_no_effect_and_are_not_opened() {
    for name in [".ignore", ".rgignore", ".gainsayignore", ".git/info/exclude"] {
        for make in std::iter::once(pipe as fn(&Path)).chain([
            (|path| symlink("/dev/zero", path).unwrap()) as fn(&Path),
            |path| {
                fs::write(path, "b.yaml\n*\n").unwrap();
            },
        ]) {
            let folder = folder();
            fs::create_dir_all(folder.path().join(".git/info")).unwrap();
            make(&folder.path().join(name));
            let ran = run_with_memory_limit(folder.path(), &["check", "."]);
            assert!(ran.code == Some(1) && ran.out.contains("sub/b.yaml"), "{name}: {ran:?}");
            assert_eq!(ran.err, "", "{name}");
        }
    }
    let folder = folder();
    fs::write(folder.path().join(".gitignore"), "b.yaml\n").unwrap();
    let ran = run_with_memory_limit(folder.path(), &["check", "."]);
    assert!(ran.code == Some(0) && !ran.out.contains("b.yaml"), "only `.gitignore` counts: {ran:?}");
}

/// SECURITY: R6.
#[test]
fn global_excludes_of_git_have_no_effect() {
    let (folder, home) = (folder(), TempDir::new().unwrap());
    fs::create_dir_all(home.path().join("git")).unwrap();
    fs::write(home.path().join("git/ignore"), "b.yaml\n").unwrap();
    fs::write(
        home.path().join(".gitconfig"),
        format!("[core]\nexcludesFile = {0}/git/ignore\n", home.path().display()),
    )
    .unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    let mut command = program();
    command.env("HOME", home.path()).env("XDG_CONFIG_HOME", home.path());
    let ran = run(command.current_dir(folder.path()).args(["check", "."]));
    assert!(ran.out.contains("sub/b.yaml"), "{ran:?}");
}

/// SECURITY: R1.
#[test]
fn claim_file_that_is_not_a_regular_file_is_a_mistake() {
    for (what, make) in odd_files().into_iter().filter(|(what, _)| *what != "2 MiB") {
        let folder = folder();
        make(&folder.path().join("odd.yaml"));
        let ran = run_with_memory_limit(folder.path(), &["check", "."]);
        assert_eq!(ran.code, Some(1), "{what}: {ran:?}");
        let is_link = what == "a link to a device" || what == "a link to a terminal";
        let rule = if is_link { "outside-link" } else { "unreadable-file" };
        assert!(ran.out.contains(&format!("[{rule}]")), "{what}: {ran:?}");
        // The other files are read.
        assert!(ran.out.contains("sub/b.yaml"), "{what}: {ran:?}");
        let followed = run_with_memory_limit(folder.path(), &["check", "--follow-links", "."]);
        assert!(
            followed.code == Some(1) && followed.out.contains("[unreadable-file]"),
            "{what}: {followed:?}"
        );
    }
}

/// SECURITY: R1.
#[test]
fn kernel_file_that_is_endless_or_blocks_readers_is_a_mistake() {
    let folder = folder();
    // Some need special rights; none may block or be read without end.
    for target in ["/proc/kmsg", "/proc/kcore", "/proc/self/mem", "/proc/self/pagemap", "/proc/self/fd/0"] {
        let link = folder.path().join("odd.yaml");
        symlink(target, &link).unwrap();
        let without = run_with_memory_limit(folder.path(), &["check", "."]);
        assert_eq!(without.code, Some(1), "{target}: {without:?}");
        let with = run_with_memory_limit(folder.path(), &["check", "--follow-links", "."]);
        assert!(matches!(with.code, Some(0 | 1)), "{target}: {with:?}");
        let named = run_with_memory_limit(folder.path(), &["check", "--follow-links", "odd.yaml"]);
        assert!(matches!(named.code, Some(0..=2)), "{target}: {named:?}");
        fs::remove_file(link).unwrap();
    }
}

#[test]
fn named_file_that_is_not_regular_is_refused() {
    let folder = folder();
    pipe(&folder.path().join("pipe"));
    for path in ["pipe", "/dev/zero", "/dev/tty"] {
        for command in ["check", "fmt", "report"] {
            let ran = run_with_memory_limit(folder.path(), &[command, path]);
            assert!(matches!(ran.code, Some(1 | 2)), "{command} {path}: {ran:?}");
        }
    }
    // The same for archived texts.
    fs::write(
        folder.path().join("a.yaml"),
        "actors: { p: {} }\nsource: { id: s, publisher: p, published: 2026, text: pipe }\n",
    )
    .unwrap();
    assert!(matches!(run_with_memory_limit(folder.path(), &["check", "a.yaml"]).code, Some(0 | 1)));
    assert_eq!(run_with_memory_limit(folder.path(), &["check", ".", "--texts", "pipe"]).code, Some(2));
}

#[test]
fn standard_input_is_read_up_to_the_limit_of_a_file() {
    let folder = folder();
    let vast: PathBuf = folder.path().join("vast");
    fs::File::create(&vast).unwrap().set_len(gainsay::folder::MAX_FILE + 1).unwrap();
    let mut command = Command::new("sh");
    let script = "\"$0\" fmt - < vast";
    command.args(["-c", script, env!("CARGO_BIN_EXE_gainsay")]).current_dir(folder.path());
    let ran = run(isolated(&mut command));
    assert!(ran.code == Some(2) && ran.err.contains("more than 64 MiB"), "{ran:?}");
}

/// SECURITY: E1.
#[test]
fn language_server_never_blocks_on_a_file() {
    for name in [".gitignore", ".ignore", ".gainsay-journal", "odd.yaml"] {
        let folder = folder();
        pipe(&folder.path().join(name));
        let mut editor = Client::start(folder.path(), serde_json::json!({}));
        let uri = editor.uri("sub/b.yaml");
        assert!(!editor.pulled(&uri).is_empty(), "{name}");
    }
}
