//! Any bytes as the recovery record of a workspace, and records that are almost valid. Finishing the change writes the
//! texts of the record into claim files of the workspace, or nothing; reading never writes.
//!
//! If the first byte is even, the rest is the record, with `@` in place of the path of the workspace. Otherwise the
//! rest describes the record: 0x1e ends a file; 0x1f separates its path, its text before and its new text. 0x1d begins
//! changes of single bytes of the record: a position of two bytes, and the byte.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, symlink};
use std::path::{Component, Path, PathBuf};

use gainsay::folder::{self, Access, RecoveryDirectory, RecoveryRecord};
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use xxhash_rust::xxh3::xxh3_128;

/// The files of the workspace; each contains its own path.
const FILES: [&str; 6] = ["a.yaml", "b.yml", "sub/c.yaml", ".hidden.yaml", ".git/x.yaml", "notes.txt"];

/// The most files of a record.
const MAX_FILES: usize = 8;

fuzz_target!(|data: &[u8]| {
    let Some((&kind, rest)) = data.split_first() else { return };
    let scratch = tempfile::tempdir().expect("a folder for the files");
    let scratch = scratch.path().canonicalize().expect("the folder exists");
    let root = scratch.join("root");
    build(&root, &scratch.join("outside"));

    let mut texts = BTreeSet::new();
    let record = if kind % 2 == 0 { raw(&root, rest) } else { built(&root, rest, &mut texts) };
    let _ = RecoveryRecord::parse(&record);
    let records = scratch.join("state/gainsay/recovery");
    private_folders(&scratch, &records);
    // The name is derived from the workspace, as in gainsay.
    let file = records.join(format!("{}.record", fingerprint(root.as_os_str().as_encoded_bytes())));
    fs::write(&file, &record).expect("the record is written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("the record is private");

    let access = Access { recovery: RecoveryDirectory::below(&scratch.join("state")), ..Access::default() };
    let before = snapshot(&scratch);
    let _ = folder::read(&root, &access, &|_, _| {});
    for change in folder::unfinished(&access.recovery, &root).unwrap_or_default() {
        let _ = (change.to_string(), change.plan());
    }
    assert_eq!(snapshot(&scratch), before, "reading wrote something");

    let finished = folder::finish(&access.recovery, &root).is_ok();
    let after = snapshot(&scratch);
    for (path, entry) in &after {
        let Entry::File { mode, bytes } = entry else {
            assert_eq!(before.get(path), Some(entry), "{}", path.display());
            continue;
        };
        if before.get(path) == Some(entry) {
            continue;
        }
        assert!(finished, "{} is written, and the change is refused", path.display());
        assert!(is_claim_file(path), "{} is written", path.display());
        assert!(kind % 2 == 0 || texts.contains(bytes), "{} has a text of its own", path.display());
        match before.get(path) {
            Some(Entry::File { mode: old, .. }) => assert_eq!(mode, old, "{}", path.display()),
            Some(other) => panic!("{} was {other:?}", path.display()),
            None => assert_eq!(mode & 0o111, 0, "{} can be executed", path.display()),
        }
    }
    assert!(before.keys().all(|path| after.contains_key(path)), "a file is gone");
});

/// A workspace with links that lead out of it, and a folder outside.
fn build(root: &Path, outside: &Path) {
    for folder in [root.join("sub"), root.join(".git"), outside.to_owned()] {
        fs::create_dir_all(folder).expect("an empty folder");
    }
    for name in FILES {
        fs::write(root.join(name), name).expect("a file of the workspace");
    }
    fs::set_permissions(root.join("b.yml"), fs::Permissions::from_mode(0o640)).expect("a mode");
    fs::write(outside.join("out.yaml"), "out.yaml").expect("a file outside");
    symlink(outside.join("out.yaml"), root.join("link.yaml")).expect("a link to a file");
    symlink(outside, root.join("linked")).expect("a link to a folder");
    symlink("sub", root.join("within")).expect("a link inside");
}

/// Folders that only this user may enter.
fn private_folders(scratch: &Path, records: &Path) {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(records).expect("folders for the record");
    assert!(records.starts_with(scratch));
}

/// The bytes with the path of the workspace instead of each `@`.
fn raw(root: &Path, bytes: &[u8]) -> Vec<u8> {
    let root = root.to_str().expect("a path of letters").as_bytes();
    let mut record = Vec::new();
    for &byte in bytes {
        if byte == b'@' { record.extend_from_slice(root) } else { record.push(byte) }
    }
    record
}

/// A record that is valid except for the paths, and then for the changed bytes.
fn built(root: &Path, bytes: &[u8], texts: &mut BTreeSet<Vec<u8>>) -> Vec<u8> {
    let mut halves = bytes.splitn(2, |&byte| byte == 0x1d);
    let (files, changes) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
    let (mut header, mut body) = (Vec::new(), Vec::new());
    for file in files.split(|&byte| byte == 0x1e).take(MAX_FILES) {
        let mut fields = file.splitn(3, |&byte| byte == 0x1f);
        let path = String::from_utf8_lossy(fields.next().unwrap_or_default()).into_owned();
        let before = fields.next().unwrap_or_default();
        let text = fields.next().unwrap_or_default();
        // Empty for a new file, `=` for the current text of the file.
        let before = match before {
            b"" => None,
            b"=" => Some(fingerprint(path.as_bytes())),
            other => Some(String::from_utf8_lossy(other).into_owned()),
        };
        header.push(json!({ "path": path, "before": before, "after": print(text), "bytes": text.len() }));
        body.extend_from_slice(text);
        texts.insert(text.to_owned());
    }
    let header = json!({ "format": "gainsay.recovery/1", "root": root, "files": header });
    let mut record = serde_json::to_vec(&header).expect("a header is JSON");
    record.push(b'\n');
    record.extend_from_slice(&body);
    for change in changes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
        if let Some(byte) = record.get_mut(at) {
            *byte = change[2];
        }
    }
    record
}

/// The fingerprint of bytes in the form of a record.
fn fingerprint(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

/// Whether a path from the scratch folder is, by its name, that of a claim file of the workspace.
fn is_claim_file(path: &Path) -> bool {
    let Ok(path) = path.strip_prefix("root") else { return false };
    let is_visible =
        |part: Component| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.'));
    path.components().all(is_visible) && path.extension().is_some_and(|end| end == "yaml" || end == "yml")
}

#[derive(PartialEq, Eq, Debug)]
enum Entry {
    Folder,
    Link(PathBuf),
    File { mode: u32, bytes: Vec<u8> },
}

/// Everything in a folder except the records, by its path from there.
fn snapshot(scratch: &Path) -> BTreeMap<PathBuf, Entry> {
    let mut folders = vec![scratch.to_owned()];
    let mut entries = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let metadata = fs::symlink_metadata(&path).expect("an entry");
            let shown = path.strip_prefix(scratch).expect("a path inside").to_owned();
            if shown.starts_with("state/gainsay/recovery") {
                continue;
            }
            let entry = if metadata.is_dir() {
                folders.push(path);
                Entry::Folder
            } else if metadata.is_symlink() {
                Entry::Link(fs::read_link(path).expect("a link"))
            } else {
                Entry::File { mode: metadata.permissions().mode(), bytes: fs::read(path).expect("a file") }
            };
            entries.insert(shown, entry);
        }
    }
    entries
}
