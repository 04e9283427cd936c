//! Attributes, access control lists and hard links of claim files: an edit keeps attributes and lists, and refuses a
//! file with a hard link.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Output, Stdio};

use gainsay::folder::{self, RecoveryDirectory, ReplaceError, Replacement};
use tempfile::TempDir;

use crate::support::{CLAIMS, QUESTION};

const ACCESS: &str = "system.posix_acl_access";
const DEFAULT: &str = "system.posix_acl_default";

/// An access control list in the form in which the system stores it. It gives one other user `rights`.
fn access_list(rights: u16) -> Vec<u8> {
    const NO_ID: u32 = u32::MAX;
    let entries =
        [(0x01, 6, NO_ID), (0x02, rights, 65_534), (0x04, 4, NO_ID), (0x10, 6, NO_ID), (0x20, 0, NO_ID)];
    let entry = |(tag, rights, id): (u16, u16, u32)| {
        [&tag.to_le_bytes()[..], &rights.to_le_bytes(), &id.to_le_bytes()].concat()
    };
    [2_u32.to_le_bytes().to_vec(), entries.map(entry).concat()].concat()
}

/// Sets an attribute. Returns false and prints the reason if the file system does not support attributes of this kind.
fn set_attribute(path: &Path, name: &str, value: &[u8]) -> bool {
    match xattr::set(path, name, value) {
        Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {
            eprintln!("skipped: the file system of {} has no `{name}`", path.display());
            false
        }
        done => {
            done.unwrap();
            true
        }
    }
}

fn gainsay(folder: &Path, arguments: &[&str]) -> (String, i32) {
    let mut command = crate::support::program();
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().unwrap();
    (String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap(), status.code().unwrap())
}

/// SECURITY: W9.
#[test]
fn attributes_of_a_user_survive_an_edit() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, "a").unwrap();
    if !set_attribute(&path, "user.note", b"checked") || !set_attribute(&path, "user.empty", b"") {
        return;
    }
    folder::replace(&RecoveryDirectory::default(), folder.path(), &path, Some("a"), "b").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "b");
    assert_eq!(xattr::get(&path, "user.note").unwrap().as_deref(), Some(&b"checked"[..]));
    assert_eq!(xattr::get(&path, "user.empty").unwrap().as_deref(), Some(&b""[..]));
}

/// SECURITY: W9.
#[test]
fn access_control_list_and_permissions_survive_an_edit() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.yaml");
    for (rights, mode) in [(4, 0o660), (0, 0o640), (6, 0o600)] {
        fs::write(&path, "a").unwrap();
        if !set_attribute(&path, ACCESS, &access_list(rights)) {
            return;
        }
        // With a list, the group permissions are the most that the list gives to anybody.
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let (list, mode) = (xattr::get(&path, ACCESS).unwrap(), fs::metadata(&path).unwrap().mode());
        assert!(list.is_some());
        folder::replace(&RecoveryDirectory::default(), folder.path(), &path, Some("a"), "b").unwrap();
        assert_eq!(xattr::get(&path, ACCESS).unwrap(), list);
        assert_eq!(fs::metadata(&path).unwrap().mode(), mode);
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn edit_of_a_file_without_an_access_list_does_not_add_that_of_the_folder() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.yaml");
    fs::write(&path, "a").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    if !set_attribute(folder.path(), DEFAULT, &access_list(6)) {
        return;
    }
    folder::replace(&RecoveryDirectory::default(), folder.path(), &path, Some("a"), "b").unwrap();
    assert_eq!(xattr::get(&path, ACCESS).unwrap(), None);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o640);
    // A new file inherits the list, like any new file in the folder.
    folder::replace(&RecoveryDirectory::default(), folder.path(), &folder.path().join("new.yaml"), None, "n")
        .unwrap();
    assert!(xattr::get(folder.path().join("new.yaml"), ACCESS).unwrap().is_some());
}

#[test]
fn attributes_survive_an_edit_of_several_files() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yaml"), "actors:\n  one: { name: One }\n").unwrap();
    fs::write(folder.path().join("b.yaml"), "events:\n  raid: { parties: [one] }\n").unwrap();
    let paths = ["a.yaml", "b.yaml"].map(|name| folder.path().join(name));
    if !paths
        .iter()
        .all(|path| set_attribute(path, "user.note", b"x") && set_attribute(path, ACCESS, &access_list(4)))
    {
        return;
    }
    let (printed, code) = gainsay(folder.path(), &["rename", "one", "two", "."]);
    assert_eq!(code, 0, "{printed}");
    for path in &paths {
        assert!(fs::read_to_string(path).unwrap().contains("two"));
        assert_eq!(xattr::get(path, "user.note").unwrap().as_deref(), Some(&b"x"[..]));
        assert_eq!(xattr::get(path, ACCESS).unwrap(), Some(access_list(4)));
    }
}

#[test]
fn attributes_survive_a_report_that_replaces_another() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yaml"), CLAIMS).unwrap();
    let path = folder.path().join("out.html");
    fs::write(&path, "old").unwrap();
    if !set_attribute(&path, "user.note", b"x") || !set_attribute(&path, ACCESS, &access_list(4)) {
        return;
    }
    let (printed, code) = gainsay(folder.path(), &["report", "a.yaml", "--format", "html", "-o", "out.html"]);
    assert_eq!(code, 0, "{printed}");
    assert!(fs::read_to_string(&path).unwrap().contains("<html"));
    assert_eq!(xattr::get(&path, "user.note").unwrap().as_deref(), Some(&b"x"[..]));
    assert_eq!(xattr::get(&path, ACCESS).unwrap(), Some(access_list(4)));
}

// --- hard links ------------------------------------------------------------------------------------------

#[test]
fn file_with_a_hard_link_is_refused_before_anything_is_written() {
    let folder = TempDir::new().unwrap();
    let paths = ["a.yaml", "b.yaml", "c.txt"].map(|name| folder.path().join(name));
    fs::write(&paths[0], "a").unwrap();
    fs::write(&paths[1], "b").unwrap();
    fs::hard_link(&paths[1], &paths[2]).unwrap();
    let one = |path, before, after| Replacement { path, before: Some(before), after };
    let both = [one(&paths[0], "a", "A"), one(&paths[1], "b", "B")];
    let state = TempDir::new().unwrap();
    let recovery = RecoveryDirectory::below(state.path());
    let refused = folder::replace_all(&recovery, folder.path(), &both).unwrap_err();
    assert!(matches!(&refused, ReplaceError::Barred { why, .. } if why.contains("hard link")), "{refused:?}");
    assert!(
        folder::check(folder.path(), &both[0]).is_ok() && folder::check(folder.path(), &both[1]).is_err()
    );
    let says = |at: usize| fs::read_to_string(&paths[at]).unwrap();
    assert_eq!((says(0), says(1), says(2)), ("a".to_owned(), "b".to_owned(), "b".to_owned()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    fs::remove_file(&paths[2]).unwrap();
    folder::replace_all(&recovery, folder.path(), &both).unwrap();
    assert_eq!((says(0), says(1)), ("A".to_owned(), "B".to_owned()));
}

/// SECURITY: W10.
#[test]
fn editing_commands_and_their_previews_refuse_a_hard_link() {
    let folder = TempDir::new().unwrap();
    let (path, other) = (folder.path().join("a.yaml"), folder.path().join("a.txt"));
    let text = format!(
        "{CLAIMS}\nreviews:\n  r:\n    question: {QUESTION}\n    verdict: open\n    by: x\n    on: 2026-01-01\n\nplaces:\n  \
         kabul: {{ name: Kabul }}\n  kabull:   {{ name: Kabul }}\n"
    );
    fs::write(&path, &text).unwrap();
    fs::hard_link(&path, &other).unwrap();
    for arguments in [
        &["new", "place", "x", "."][..],
        &["rename", "kabul", "k", "."],
        &["review", QUESTION, "--verdict", "open", "--by", "x"],
        &["review", QUESTION, "--undo"],
        &["suggest", ".", "--apply", "kabul", "kabull"],
        &["fmt", "."],
        &["fmt", "a.yaml"],
    ] {
        for preview in [&[][..], &["--dry-run"]] {
            let (printed, code) = gainsay(folder.path(), &[arguments, preview].concat());
            assert!(
                code != 0 && printed.contains("hard link"),
                "{arguments:?} {preview:?}: {code}, {printed}"
            );
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }
    // Reading is still allowed.
    let (printed, code) = gainsay(folder.path(), &["fmt", "--check", "."]);
    assert!(code == 1 && printed.contains("a.yaml\n"), "{printed}");
    fs::remove_file(&other).unwrap();
    let (printed, code) = gainsay(folder.path(), &["fmt", "."]);
    assert_eq!(code, 0, "{printed}");
}

#[test]
fn fmt_skips_a_hard_link_and_formats_the_other_files() {
    let folder = TempDir::new().unwrap();
    for name in ["a", "b", "c"] {
        fs::write(folder.path().join(name).with_extension("yaml"), "actors:\n    x:   {name:   X}\n")
            .unwrap();
    }
    fs::hard_link(folder.path().join("b.yaml"), folder.path().join("b.txt")).unwrap();
    let (printed, code) = gainsay(folder.path(), &["fmt", "."]);
    assert!(
        code == 1 && printed.contains("`b.yaml` cannot be written") && printed.contains("2 of 3 files"),
        "{printed}"
    );
    let says = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(says("a.yaml") == says("c.yaml") && says("b.yaml") != says("a.yaml"));
}
