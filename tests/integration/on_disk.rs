//! Folders in odd states: files too large, links in circles, missing permissions, odd names.

use std::fs;
use std::path::Path;

use gainsay::finding::Finding;
use gainsay::folder;
use gainsay::workspace::{Options, Workspace};
use tempfile::TempDir;

use crate::support::access;

/// A folder with one valid file.
fn valid_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("honest.yaml"), "actors: { a: { naem: b } }\n").unwrap();
    folder
}

/// The findings of reading a folder, with the name of the file of each.
fn findings_by_file(folder: &Path) -> Vec<(String, Finding)> {
    let workspace = Workspace::read(folder::read(folder, &access(), &|_, _| {}).unwrap().inputs);
    let findings = workspace.analyse(&Options::default()).findings;
    let named = |finding: Finding| {
        let path = workspace.files()[finding.labels[0].location.file].path();
        (path.rsplit('/').next().unwrap_or(path).to_owned(), finding)
    };
    findings.into_iter().map(named).filter(|(_, finding)| finding.rule != "unused-id").collect()
}

/// Checks that the valid file is read and that `name` is the only refused file; returns the reason.
fn refusal_of(folder: &Path, name: &str) -> String {
    let found = findings_by_file(folder);
    let shown: Vec<_> = found.iter().map(|(file, finding)| (file.as_str(), finding.rule)).collect();
    let mut wanted = [("honest.yaml", "unknown-key"), (name, "unreadable-file")];
    wanted.sort_unstable();
    assert_eq!(shown, wanted, "{found:#?}");
    found.into_iter().find(|(file, _)| file == name).unwrap().1.message
}

/// SECURITY: R2.
#[test]
fn file_that_is_too_large_is_refused_unread() {
    let folder = valid_folder();
    let file = fs::File::create(folder.path().join("vast.yaml")).unwrap();
    file.set_len(folder::MAX_FILE + 1).unwrap();
    assert!(refusal_of(folder.path(), "vast.yaml").contains("64 MiB"));
}

#[test]
fn folder_with_the_name_of_a_claim_file_is_reported() {
    let folder = valid_folder();
    fs::create_dir(folder.path().join("x.yaml")).unwrap();
    assert!(refusal_of(folder.path(), "x.yaml").contains("folder"));
}

#[test]
fn folder_with_the_name_of_a_claim_file_is_searched() {
    let folder = TempDir::with_suffix(".yaml").unwrap();
    fs::write(folder.path().join("a.yml"), "actors: {}\n").unwrap();
    assert!(findings_by_file(folder.path()).is_empty());
}

#[test]
fn file_with_invalid_utf8_is_refused() {
    let folder = valid_folder();
    fs::write(folder.path().join("latin.yaml"), b"actors: { b: { name: Caf\xe9 } }\n").unwrap();
    let found = findings_by_file(folder.path());
    let (_, finding) = found.iter().find(|(file, _)| file == "latin.yaml").unwrap();
    assert!(finding.rule == "unreadable-file" && finding.message.contains("0xe9"), "{finding:?}");
    assert_eq!(finding.labels[0].location.span.start, 24);
}

#[test]
fn files_that_are_not_claim_files_are_not_read() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("notes.txt"), b"\xff\xff").unwrap();
    fs::write(folder.path().join("a.yaml.bak"), "[[[").unwrap();
    assert!(matches!(
        folder::read(folder.path(), &access(), &|_, _| {}),
        Err(folder::FolderError::Empty { .. })
    ));
    fs::write(folder.path().join("a.yml"), "actors: {}\n").unwrap();
    fs::write(folder.path().join(".gitignore"), "drafts/\n").unwrap();
    fs::create_dir(folder.path().join("drafts")).unwrap();
    fs::write(folder.path().join("drafts/b.yaml"), "[[[").unwrap();
    assert!(findings_by_file(folder.path()).is_empty());
    assert!(matches!(
        folder::read(&folder.path().join("nowhere"), &access(), &|_, _| {}),
        Err(folder::FolderError::Unreadable { .. })
    ));
}

#[cfg(unix)]
#[test]
fn link_to_a_parent_folder_is_reported() {
    let folder = valid_folder();
    fs::create_dir(folder.path().join("sub")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("sub/loop")).unwrap();
    assert!(refusal_of(folder.path(), "loop").contains("leads back"));
}

#[cfg(unix)]
#[test]
fn links_to_nothing_or_themselves_are_reported() {
    let folder = valid_folder();
    std::os::unix::fs::symlink("nowhere.yaml", folder.path().join("gone.yaml")).unwrap();
    refusal_of(folder.path(), "gone.yaml");
    fs::remove_file(folder.path().join("gone.yaml")).unwrap();
    std::os::unix::fs::symlink("self.yaml", folder.path().join("self.yaml")).unwrap();
    refusal_of(folder.path(), "self.yaml");
}

#[cfg(unix)]
#[test]
fn file_without_read_permission_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = valid_folder();
    let path = folder.path().join("secret.yaml");
    fs::write(&path, "actors: {}\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything.
    if fs::read(&path).is_ok() {
        assert!(findings_by_file(folder.path()).iter().all(|(file, _)| file == "honest.yaml"));
    } else {
        refusal_of(folder.path(), "secret.yaml");
    }
}

#[cfg(unix)]
#[test]
fn file_whose_name_is_not_utf8_is_read() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = valid_folder();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.yaml");
    fs::write(folder.path().join(name), "actors: { b: { naem: c } }\n").unwrap();
    assert_eq!(findings_by_file(folder.path()).len(), 2);
}

#[test]
fn archived_texts_are_read_next_to_the_file_or_in_the_texts_folder_only() {
    let (folder, texts, outside) = (valid_folder(), TempDir::new().unwrap(), TempDir::new().unwrap());
    fs::write(outside.path().join("secret.txt"), "secret").unwrap();
    let archived = |name: &str| {
        let text = format!(
            "actors: {{ paper: {{}} }}\nsource: {{ id: paper-1, publisher: paper, published: 2026, text: \"{name}\" }}\n"
        );
        fs::write(folder.path().join("source.yaml"), text).unwrap();
        let workspace = Workspace::read(folder::read(folder.path(), &access(), &|_, _| {}).unwrap().inputs);
        folder::archived(&workspace, Some(texts.path())).into_values().next()
    };
    fs::write(texts.path().join("a.txt"), "in texts").unwrap();
    assert_eq!(archived("a.txt").as_deref(), Some("in texts"));
    fs::write(folder.path().join("a.txt"), "beside").unwrap();
    assert_eq!(archived("a.txt").as_deref(), Some("beside"));
    let secret = outside.path().join("secret.txt");
    let up = format!("../{}/secret.txt", outside.path().file_name().unwrap().to_string_lossy());
    for name in [up.as_str(), &secret.to_string_lossy(), "", ".", "..", "none.txt"] {
        assert_eq!(archived(name), None, "{name}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&secret, folder.path().join("link.txt")).unwrap();
        assert_eq!(archived("link.txt"), None);
    }
}

#[test]
fn writing_replaces_the_whole_file() {
    let folder = valid_folder();
    let path = folder.path().join("honest.yaml");
    folder::write(&path, b"actors: {}\n").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"actors: {}\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(folder::write(&folder.path().join("no/such/folder.yaml"), b"").is_err());
}
