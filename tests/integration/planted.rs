//! Folders prepared by an attacker: links, pipes and names that lead a command to write where it should not.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use tempfile::TempDir;

use crate::support::{CLAIMS, QUESTION};

/// A working folder, and a file in a folder next to it that must not be written.
struct PreparedFolder {
    folder: TempDir,
}

impl PreparedFolder {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("here")).unwrap();
        fs::create_dir(folder.path().join("outside")).unwrap();
        fs::write(folder.path().join("outside/profile"), "theirs").unwrap();
        Self { folder }
    }

    fn here(&self, name: &str) -> PathBuf {
        self.folder.path().join("here").join(name)
    }

    fn outside(&self, name: &str) -> PathBuf {
        self.folder.path().join("outside").join(name)
    }

    /// The output of a command, on both streams, and its exit code.
    fn run(&self, arguments: &[&str]) -> (String, i32) {
        let mut command = crate::support::program();
        command.current_dir(self.here("")).args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
        let Output { status, stdout, stderr } = command.output().unwrap();
        (String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap(), status.code().unwrap())
    }

    /// Runs a command that must be refused with this reason.
    fn refuses(&self, arguments: &[&str], why: &str) {
        let (printed, code) = self.run(arguments);
        assert!(code == 2 && printed.contains(why), "{arguments:?}: {code}, {printed}");
        self.assert_untouched();
    }

    fn assert_untouched(&self) {
        assert_eq!(entry_names(&self.outside("")), ["profile"]);
        assert_eq!(fs::read_to_string(self.outside("profile")).unwrap(), "theirs");
    }
}

fn entry_names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn pipe(path: &Path) {
    rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::RWXU).unwrap();
}

/// SECURITY: W12.
#[test]
fn init_does_not_write_through_what_is_in_the_folder() {
    type Plant = fn(&PreparedFolder, &Path);
    let plants: [Plant; 5] = [
        |desk, path| symlink(desk.outside("profile"), path).unwrap(),
        |desk, path| symlink(desk.outside("new"), path).unwrap(),
        |desk, path| symlink(desk.outside(""), path).unwrap(),
        |_, path| pipe(path),
        |_, path| fs::create_dir(path).unwrap(),
    ];
    for hides in ["", "*.yaml\n"] {
        for plant in plants {
            let desk = PreparedFolder::new();
            fs::create_dir(desk.here("claims")).unwrap();
            fs::write(desk.here("claims/.gitignore"), hides).unwrap();
            plant(&desk, &desk.here("claims/actors-and-events.yaml"));
            desk.refuses(&["init"], "claims/actors-and-events.yaml");
            assert_eq!(entry_names(&desk.here("claims")), [".gitignore", "actors-and-events.yaml"]);
        }
    }
}

/// SECURITY: W12.
#[test]
fn init_does_not_follow_a_link_in_place_of_the_folder() {
    for target in ["../outside", "../outside/new"] {
        let desk = PreparedFolder::new();
        symlink(target, desk.here("claims")).unwrap();
        desk.refuses(&["init"], "`claims` is a link");
        desk.refuses(&["init", "claims/"], "`claims` is a link");
        desk.refuses(&["init", "./claims"], "is a link");
    }
    let desk = PreparedFolder::new();
    assert_eq!(desk.run(&["init", "new/folder/"]).1, 0);
    assert_eq!(entry_names(&desk.here("new/folder")).len(), 2);
}

/// SECURITY: W11.
#[test]
fn manual_pages_replace_links_and_pipes() {
    let desk = PreparedFolder::new();
    fs::create_dir(desk.here("man")).unwrap();
    symlink(desk.outside("profile"), desk.here("man/gainsay.1")).unwrap();
    symlink(desk.outside("new"), desk.here("man/gainsay-check.1")).unwrap();
    pipe(&desk.here("man/gainsay-new.1"));
    symlink("/dev/null", desk.here("man/gainsay-fmt.1")).unwrap();
    let (printed, code) = desk.run(&["man", "--dir", "man"]);
    assert_eq!(code, 0, "{printed}");
    for name in entry_names(&desk.here("man")) {
        let path = desk.here("man").join(name);
        assert!(fs::symlink_metadata(&path).unwrap().is_file(), "{}", path.display());
        assert!(fs::read_to_string(&path).unwrap().contains(".TH"), "{}", path.display());
    }
    desk.assert_untouched();
}

#[test]
fn completions_and_schemas_are_printed_and_write_nothing() {
    let desk = PreparedFolder::new();
    for arguments in [&["completions", "bash"][..], &["schema"], &["man"]] {
        assert_eq!(desk.run(arguments).1, 0);
    }
    assert_eq!(entry_names(&desk.here("")), [""; 0]);
}

/// SECURITY: W5.
#[test]
fn new_entries_stay_in_the_workspace() {
    let desk = PreparedFolder::new();
    fs::create_dir_all(desk.here("claims/.hidden")).unwrap();
    fs::write(desk.here("claims/a.yaml"), CLAIMS).unwrap();
    fs::write(desk.here("claims/.gitignore"), "ignored.yaml\n").unwrap();
    fs::write(desk.here("claims/ignored.yaml"), "places: {}\n").unwrap();
    symlink("../../outside", desk.here("claims/out")).unwrap();
    symlink("../../outside/new.yaml", desk.here("claims/dangling.yaml")).unwrap();
    let absolute = desk.outside("new.yaml").display().to_string();
    for (file, why) in [
        ("../../outside/new.yaml", "outside of the workspace"),
        ("../new.yaml", "outside of the workspace"),
        ("claims/../new.yaml", "outside of the workspace"),
        (&absolute, "outside of the workspace"),
        ("claims/out/new.yaml", "outside of the workspace"),
        ("claims/dangling.yaml", "dangling.yaml"),
        ("claims/.hidden/new.yaml", "hidden"),
        ("claims/.new.yaml", "hidden"),
        ("claims/con.yaml", "Windows"),
        ("claims/nul.yml", "Windows"),
        ("claims/new.sh", "must end in .yaml or .yml"),
        ("claims/ignored.yaml", "ignored by git"),
        ("claims/nowhere/new.yaml", "No such file"),
    ] {
        desk.refuses(&["new", "place", "x", "--file", file], why);
        if !file.contains("ignored") {
            let (printed, code) = desk.run(&["new", "place", "x", "--file", file, "--dry-run"]);
            assert!(code == 2 || file.contains("nowhere"), "{file}: {printed}");
        }
    }
    assert_eq!(fs::read_to_string(desk.here("claims/ignored.yaml")).unwrap(), "places: {}\n");
    assert_eq!(
        entry_names(&desk.here("claims")),
        [".gitignore", ".hidden", "a.yaml", "dangling.yaml", "ignored.yaml", "out"]
    );
    assert_eq!(entry_names(&desk.here("")), ["claims"]);
}

/// SECURITY: W13.
#[test]
fn id_of_a_new_source_is_not_a_path() {
    let desk = PreparedFolder::new();
    fs::create_dir(desk.here("claims")).unwrap();
    fs::write(desk.here("claims/a.yaml"), "actors: { paper: { name: P } }\n").unwrap();
    let long = "a".repeat(300);
    for (id, why) in [
        ("..", "id"),
        ("../x", "id"),
        ("../../outside/profile", "id"),
        ("/etc/x", "id"),
        ("a/b", "id"),
        ("a\\b", "id"),
        ("c:x", "id"),
        ("a.b", "id"),
        ("a\nb", "id"),
        ("", "id"),
        ("con", "Windows"),
        ("nul", "Windows"),
        ("lpt9", "Windows"),
        (&long, "cannot write"),
    ] {
        desk.refuses(&["new", "source", id, "--publisher", "paper", "--published", "2026-01-01"], why);
        assert_eq!(entry_names(&desk.here("claims")), ["a.yaml"], "{id}");
    }
    // Under another name the file can be saved on every system.
    let source = ["new", "source", "con", "--publisher", "paper", "--published", "2026-01-01"];
    let (printed, code) = desk.run(&[&source[..], &["--file", "claims/con-1.yaml"]].concat());
    assert_eq!(code, 0, "{printed}");
}

/// SECURITY: W13.
#[test]
fn rename_takes_ids_and_not_paths() {
    let desk = PreparedFolder::new();
    fs::create_dir(desk.here("claims")).unwrap();
    fs::write(desk.here("claims/a.yaml"), CLAIMS).unwrap();
    for (old, new) in [
        ("north", "../x"),
        ("north", "a/b"),
        ("north", "/x"),
        ("north", ".."),
        ("actors/north", "actors/x"),
        ("paper-1", "../outside/profile"),
        ("paper-1", "x/y"),
        ("paper-1/north-toll", "../x"),
        ("paper-1/north-toll", "other/x"),
        ("../outside/profile", "x"),
        ("north", "x\ny"),
        ("north", ""),
    ] {
        let (printed, code) = desk.run(&["rename", old, new]);
        assert_eq!(code, 2, "{old} {new}: {printed}");
        desk.assert_untouched();
        assert_eq!(fs::read_to_string(desk.here("claims/a.yaml")).unwrap(), CLAIMS);
    }
    assert_eq!(entry_names(&desk.here("claims")), ["a.yaml"]);
}

/// SECURITY: W5.
#[test]
fn review_is_not_written_through_a_link() {
    for target in ["../../outside/new.yaml", "../../outside/profile"] {
        let desk = PreparedFolder::new();
        fs::create_dir(desk.here("claims")).unwrap();
        fs::write(desk.here("claims/a.yaml"), CLAIMS).unwrap();
        symlink(target, desk.here("claims/reviews.yaml")).unwrap();
        let (printed, code) = desk.run(&["review", QUESTION, "--verdict", "open", "--by", "x"]);
        assert_eq!(code, 2, "{printed}");
        desk.assert_untouched();
        assert!(fs::symlink_metadata(desk.here("claims/reviews.yaml")).unwrap().is_symlink());
    }
    let desk = PreparedFolder::new();
    fs::write(desk.here("a.yaml"), CLAIMS).unwrap();
    for question in ["../../outside/profile", "/etc/passwd", "raid/../x", "a\nb"] {
        let (printed, code) = desk.run(&["review", question, "--verdict", "open", "--by", "x"]);
        assert_eq!(code, 2, "{question}: {printed}");
        desk.assert_untouched();
    }
    assert_eq!(entry_names(&desk.here("")), ["a.yaml"]);
}
