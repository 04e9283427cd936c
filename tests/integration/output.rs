//! Reports written to a place chosen by the user: a file, a link, a pipe, or a stream of the process.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::support::{CLAIMS, isolated};

fn claims_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("claims")).unwrap();
    fs::write(folder.path().join("claims/a.yaml"), CLAIMS).unwrap();
    folder
}

/// A command that writes a report to `output`.
fn report(folder: &Path, output: &str) -> Command {
    let mut command = crate::support::program();
    command.current_dir(folder).args(["report", "claims", "--format", "markdown", "-o", output]);
    command.stdin(Stdio::null());
    command
}

fn write_report(folder: &Path, output: &str) -> (String, i32) {
    let Output { status, stdout, stderr } = report(folder, output).output().unwrap();
    (String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap(), status.code().unwrap())
}

fn is_report(text: &str) -> bool {
    text.contains("raid") && text.contains("36")
}

#[test]
fn report_keeps_the_permissions_of_the_file_it_replaces() {
    let folder = claims_folder();
    let path = folder.path().join("out.md");
    for mode in [0o640, 0o600, 0o755, 0o444] {
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(write_report(folder.path(), "out.md"), (String::new(), 0));
        assert!(is_report(&fs::read_to_string(&path).unwrap()));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, mode);
        fs::remove_file(&path).unwrap();
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn report_keeps_the_owner_where_the_user_may_give_files_away() {
    let folder = claims_folder();
    let path = folder.path().join("out.md");
    fs::write(&path, "old").unwrap();
    if std::os::unix::fs::chown(&path, Some(65_534), Some(65_534)).is_err() {
        eprintln!("skipped: only root may give files away");
        return;
    }
    assert_eq!(write_report(folder.path(), "out.md"), (String::new(), 0));
    let written = fs::metadata(&path).unwrap();
    assert_eq!((written.uid(), written.gid()), (65_534, 65_534));
}

/// SECURITY: W11.
#[test]
fn report_replaces_a_link_and_does_not_follow_it() {
    let (folder, outside) = (claims_folder(), TempDir::new().unwrap());
    let (known, unknown) = (outside.path().join("profile"), outside.path().join("new"));
    fs::write(&known, "theirs").unwrap();
    for target in [&known, &unknown] {
        let path = folder.path().join("out.md");
        symlink(target, &path).unwrap();
        assert_eq!(write_report(folder.path(), "out.md"), (String::new(), 0));
        assert!(fs::symlink_metadata(&path).unwrap().is_file());
        assert!(is_report(&fs::read_to_string(&path).unwrap()));
        fs::remove_file(&path).unwrap();
    }
    assert_eq!(fs::read_to_string(&known).unwrap(), "theirs");
    assert!(!unknown.exists());
}

#[test]
fn report_leaves_the_other_hard_link_of_a_file_alone() {
    let folder = claims_folder();
    let (path, other) = (folder.path().join("out.md"), folder.path().join("kept.md"));
    fs::write(&path, "old").unwrap();
    fs::hard_link(&path, &other).unwrap();
    assert_eq!(write_report(folder.path(), "out.md"), (String::new(), 0));
    assert!(is_report(&fs::read_to_string(&path).unwrap()));
    assert_eq!(fs::read_to_string(&other).unwrap(), "old");
}

#[test]
fn report_is_written_into_a_pipe() {
    let folder = claims_folder();
    let pipe = folder.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    let child = report(folder.path(), "pipe").stdout(Stdio::piped()).spawn().unwrap();
    assert!(is_report(&fs::read_to_string(&pipe).unwrap()));
    assert!(child.wait_with_output().unwrap().status.success());
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
}

#[test]
fn report_replaces_a_link_to_a_pipe_or_a_device() {
    let folder = claims_folder();
    let (pipe, path) = (folder.path().join("pipe"), folder.path().join("out.md"));
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    for target in [&*pipe, Path::new("/dev/null"), Path::new("/dev/stdout"), folder.path()] {
        symlink(target, &path).unwrap();
        assert_eq!(write_report(folder.path(), "out.md"), (String::new(), 0), "{}", target.display());
        assert!(fs::symlink_metadata(&path).unwrap().is_file());
        fs::remove_file(&path).unwrap();
    }
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
}

#[test]
fn report_to_the_path_of_standard_output_goes_to_standard_output() {
    let folder = claims_folder();
    for stream in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        if fs::symlink_metadata(stream).is_err() {
            eprintln!("skipped: no {stream} here");
            continue;
        }
        let device = fs::symlink_metadata(stream).unwrap().ino();
        // Into a pipe.
        let (printed, code) = write_report(folder.path(), stream);
        assert!(code == 0 && is_report(&printed), "{stream}: {printed}");
        // Into a file that other commands write to before and after.
        let script = format!("echo before; \"$0\" report claims --format markdown -o {stream}; echo after");
        for redirect in ["> all", ">> all"] {
            let script = format!("{{ {script}; }} {redirect}");
            let status = isolated(&mut Command::new("sh"))
                .current_dir(folder.path())
                .args(["-c", &script, env!("CARGO_BIN_EXE_gainsay")])
                .status()
                .unwrap();
            assert!(status.success());
            let all = fs::read_to_string(folder.path().join("all")).unwrap();
            let at = |text: &str| all.find(text).unwrap_or_else(|| panic!("{text} in {all}"));
            assert!(
                at("before\n") == 0 && at("36") < at("after\n") && all.ends_with("after\n"),
                "{stream}: {all}"
            );
        }
        fs::remove_file(folder.path().join("all")).unwrap();
        if stream == "/dev/stdout" {
            assert_eq!(fs::symlink_metadata(stream).unwrap().ino(), device, "the device is unchanged");
        }
    }
}

#[test]
fn report_to_standard_error_is_appended_to_the_file_behind_it() {
    let folder = claims_folder();
    let errors = folder.path().join("errors");
    fs::write(&errors, "before\n").unwrap();
    let file = fs::OpenOptions::new().append(true).open(&errors).unwrap();
    assert!(report(folder.path(), "/dev/stderr").stderr(file).status().unwrap().success());
    let text = fs::read_to_string(&errors).unwrap();
    assert!(text.starts_with("before\n") && is_report(&text), "{text}");
    assert!(fs::symlink_metadata("/dev/stderr").unwrap().is_symlink());
}

#[test]
fn report_is_refused_where_a_file_is_impossible() {
    let folder = claims_folder();
    for (output, why) in [("claims", "directory"), ("nowhere/out.md", "No such file"), (".", "directory")] {
        let (printed, code) = write_report(folder.path(), output);
        assert!(
            code == 2 && printed.contains("cannot write") && printed.contains(why),
            "{output}: {code}, {printed}"
        );
    }
    assert_eq!(write_report(folder.path(), "/dev/null"), (String::new(), 0));
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}
