//! Claim files saved while others save them: nothing is lost, and the later save is refused.

use std::fs;
use std::path::Path;
use std::sync::Barrier;

use gainsay::folder::{self, RecoveryDirectory, ReplaceError, print};
use tempfile::TempDir;

fn replace(folder: &TempDir, name: &str, before: Option<&str>, after: &str) -> Result<(), ReplaceError> {
    folder::replace(&RecoveryDirectory::default(), folder.path(), &folder.path().join(name), before, after)
}

/// A folder with a file that holds `a`.
fn folder_with_a() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yaml"), "a").unwrap();
    folder
}

fn text_of(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// The reason why a file cannot be written; its text is unchanged.
fn refusal_of(result: Result<(), ReplaceError>) -> String {
    match result {
        Err(ReplaceError::Barred { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn file_is_replaced_if_it_has_the_text_that_was_read() {
    let folder = folder_with_a();
    replace(&folder, "a.yaml", Some("a"), "b").unwrap();
    assert_eq!(text_of(&folder, "a.yaml"), "b");
    let refused = replace(&folder, "a.yaml", Some("a"), "c").unwrap_err();
    assert!(
        matches!(&refused, ReplaceError::Changed { on_disk: Some(text), .. } if text == "b"),
        "{refused:?}"
    );
    assert_eq!(text_of(&folder, "a.yaml"), "b");
    // No temporary file is left behind.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn missing_file_is_created_but_a_removed_one_is_not_restored() {
    let folder = folder_with_a();
    replace(&folder, "new.yaml", None, "n").unwrap();
    assert_eq!(text_of(&folder, "new.yaml"), "n");
    let taken = replace(&folder, "new.yaml", None, "m").unwrap_err();
    assert!(matches!(&taken, ReplaceError::Changed { on_disk: Some(text), .. } if text == "n"), "{taken:?}");
    let gone = replace(&folder, "gone.yaml", Some("a"), "b").unwrap_err();
    assert!(matches!(gone, ReplaceError::Changed { on_disk: None, .. }), "{gone:?}");
    assert!(!folder.path().join("gone.yaml").exists());
}

#[test]
fn byte_order_mark_is_kept() {
    let folder = folder_with_a();
    fs::write(folder.path().join("a.yaml"), "\u{feff}a").unwrap();
    replace(&folder, "a.yaml", Some("a"), "b").unwrap();
    assert_eq!(text_of(&folder, "a.yaml"), "\u{feff}b");
}

#[test]
fn folders_and_files_that_are_not_text_are_left_alone() {
    let folder = folder_with_a();
    fs::write(folder.path().join("latin.yaml"), b"caf\xe9").unwrap();
    assert!(refusal_of(replace(&folder, "latin.yaml", Some("caf?"), "b")).contains("not text"));
    fs::create_dir(folder.path().join("sub.yaml")).unwrap();
    assert!(refusal_of(replace(&folder, "sub.yaml", None, "b")).contains("not a regular file"));
    assert!(
        refusal_of(folder::replace(
            &RecoveryDirectory::default(),
            folder.path(),
            &std::env::temp_dir().join("x.yaml"),
            None,
            "b"
        ))
        .contains("outside")
    );
    assert!(
        refusal_of(replace(&folder, "a.yaml", Some("a"), &"x".repeat(65 * 1024 * 1024))).contains("64 MiB")
    );
    assert!(matches!(replace(&folder, "no/such.yaml", None, "b"), Err(ReplaceError::Unwritable { .. })));
    assert_eq!(text_of(&folder, "a.yaml"), "a");
}

#[cfg(unix)]
#[test]
fn permissions_are_kept_and_read_only_files_are_left_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder_with_a();
    let path = folder.path().join("a.yaml");
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    replace(&folder, "a.yaml", Some("a"), "b").unwrap();
    assert_eq!(mode(), 0o640);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
    assert!(refusal_of(replace(&folder, "a.yaml", Some("b"), "c")).contains("read-only"));
    assert_eq!((text_of(&folder, "a.yaml").as_str(), mode()), ("b", 0o440));
}

#[cfg(unix)]
#[test]
fn link_is_followed_within_the_workspace_only() {
    use std::os::unix::fs::symlink;
    let (folder, outside) = (folder_with_a(), folder_with_a());
    symlink("a.yaml", folder.path().join("link.yaml")).unwrap();
    replace(&folder, "link.yaml", Some("a"), "b").unwrap();
    assert_eq!(text_of(&folder, "a.yaml"), "b");
    assert!(fs::symlink_metadata(folder.path().join("link.yaml")).unwrap().is_symlink());
    symlink(outside.path().join("a.yaml"), folder.path().join("out.yaml")).unwrap();
    assert!(refusal_of(replace(&folder, "out.yaml", Some("a"), "b")).contains("outside"));
    symlink(outside.path(), folder.path().join("sub")).unwrap();
    assert!(refusal_of(replace(&folder, "sub/new.yaml", None, "b")).contains("outside"));
    assert_eq!(
        (text_of(&outside, "a.yaml").as_str(), fs::read_dir(outside.path()).unwrap().count()),
        ("a", 1)
    );
    symlink("nowhere.yaml", folder.path().join("dangling.yaml")).unwrap();
    assert!(replace(&folder, "dangling.yaml", None, "b").is_err());
    let single = folder.path().join("a.yaml");
    folder::replace(&RecoveryDirectory::default(), &single, &single, Some("b"), "c").unwrap();
    assert_eq!(text_of(&folder, "a.yaml"), "c");
}

/// Appends a line to a file, trying again until it is accepted; returns the number of attempts.
fn append(folder: &Path, line: &str) -> usize {
    let path = folder.join("a.yaml");
    for refused in 0.. {
        let before = fs::read_to_string(&path).unwrap();
        match folder::replace(
            &RecoveryDirectory::default(),
            folder,
            &path,
            Some(&before),
            &format!("{before}{line}\n"),
        ) {
            Ok(()) => return refused,
            Err(ReplaceError::Changed { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    0
}

#[test]
fn saves_at_the_same_time_are_all_kept() {
    let folder = folder_with_a();
    let (threads, lines) = (8, 12);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let folder = folder.path();
            scope
                .spawn(move || (0..lines).map(|at| append(folder, &format!("{thread}-{at}"))).sum::<usize>());
        }
    });
    let text = text_of(&folder, "a.yaml");
    for thread in 0..threads {
        let own: Vec<&str> = text
            .lines()
            .filter(|line| line.trim_start_matches('a').starts_with(&format!("{thread}-")))
            .collect();
        assert_eq!(own.len(), lines, "{text}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn second_save_of_the_same_text_is_refused() {
    for round in 0..20 {
        let folder = folder_with_a();
        let ready = Barrier::new(2);
        let saved: Vec<bool> = std::thread::scope(|scope| {
            let save = |text: &'static str| {
                let (folder, ready) = (&folder, &ready);
                scope.spawn(move || {
                    ready.wait();
                    replace(folder, "a.yaml", Some("a"), text).is_ok()
                })
            };
            [save("one"), save("two")].map(|thread| thread.join().unwrap()).to_vec()
        });
        assert_eq!(saved.iter().filter(|&&saved| saved).count(), 1, "round {round}");
        assert_eq!(text_of(&folder, "a.yaml"), if saved[0] { "one" } else { "two" });
    }
}

#[test]
fn fingerprints_differ_for_different_texts() {
    assert_eq!(print("a").len(), 16);
    assert!(print("a") == print("a") && print("a") != print("b") && print("").len() == 16);
}
