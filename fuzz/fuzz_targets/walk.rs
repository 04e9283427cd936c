//! Any small tree as a folder: the walk ends, and it returns only claim files inside the folder, sorted, each once.
//! Without links and `.gitignore` files it returns all that are not hidden.
//!
//! A byte 0x1e ends an entry. The first byte of an entry is its kind (a file, a folder, a link, a pipe, a
//! `.gitignore`); the rest is its path and, after 0x1f, its text or target.
#![no_main]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use gainsay::folder::{self, Access, RecoveryDirectory};
use libfuzzer_sys::fuzz_target;
use rustix::fs::{CWD, FileType, Mode, mknodat};

/// The most entries of a tree, and the most folders in a path.
const MAX_ENTRIES: usize = 100;
const MAX_DEPTH: usize = 40;

/// The text of every claim file in the folder. A file outside has a different one.
const INSIDE: &str = "inside";

fuzz_target!(|data: &[u8]| {
    let scratch = tempfile::tempdir().expect("a folder for the tree");
    let scratch = scratch.path().canonicalize().expect("the folder exists");
    let (root, outside) = (scratch.join("root"), scratch.join("outside"));
    fs::create_dir(&root).expect("an empty folder");
    fs::create_dir(&outside).expect("an empty folder");
    fs::write(outside.join("out.yaml"), "outside").expect("a file outside");

    let mut is_plain = true;
    for entry in data.split(|&byte| byte == 0x1e).take(MAX_ENTRIES) {
        is_plain &= build(&root, &outside, entry);
    }

    let access = Access { recovery: RecoveryDirectory::below(&scratch.join("state")), ..Access::default() };
    let Ok(reading) = folder::read(&root, &access, &|_, _| {}) else {
        assert!(!is_plain || all_claim_files(&root).is_empty(), "claim files are not found");
        return;
    };
    let paths: Vec<&str> = reading.inputs.iter().map(|input| input.path.as_str()).collect();
    assert!(paths.is_sorted_by(|a, b| a < b), "not sorted, or twice the same: {paths:?}");
    let mut read = BTreeSet::new();
    for input in &reading.inputs {
        let Ok(content) = &input.content else { continue };
        assert_eq!(content, INSIDE.as_bytes(), "{} was read", input.path);
        assert!([".yaml", ".yml"].iter().any(|end| input.path.ends_with(end)), "{}", input.path);
        read.insert(input.path.clone());
    }
    if is_plain {
        assert_eq!(read, all_claim_files(&root));
    }
});

/// Adds an entry to the tree, if possible. Returns whether all claim files that are not hidden should still be found.
fn build(root: &Path, outside: &Path, entry: &[u8]) -> bool {
    let Some((&kind, rest)) = entry.split_first() else { return true };
    let (path, rest) = match rest.iter().position(|&byte| byte == 0x1f) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &[][..]),
    };
    let Some(path) = place(root, path) else { return true };
    let parent = path.parent().expect("a path below the root");
    if fs::create_dir_all(parent).is_err() || fs::symlink_metadata(&path).is_ok() {
        return true;
    }
    // A link among its parent folders could lead outside.
    if !parent.canonicalize().is_ok_and(|parent| parent.starts_with(root)) {
        return true;
    }
    if path
        .components()
        .any(|part| [".git", ".gitignore"].contains(&part.as_os_str().to_str().unwrap_or_default()))
    {
        return fs::write(&path, INSIDE).is_err();
    }
    match (kind & 15) % 5 {
        0 => _ = fs::write(&path, INSIDE),
        1 => _ = fs::create_dir(&path),
        2 => {
            let target = if rest.is_empty() {
                outside.join("out.yaml")
            } else {
                PathBuf::from(OsStr::from_bytes(rest))
            };
            let target = if rest == b"/" { outside.to_owned() } else { target };
            return symlink(target, &path).is_err();
        }
        3 => _ = mknodat(CWD, &path, FileType::Fifo, Mode::RWXU, 0),
        _ => return fs::write(parent.join(".gitignore"), rest).is_err(),
    }
    true
}

/// A path below the root, without empty, `.` and `..` parts.
fn place(root: &Path, path: &[u8]) -> Option<PathBuf> {
    let parts = path.split(|&byte| byte == b'/');
    let parts = parts.filter(|part| !matches!(*part, b"" | b"." | b"..") && !part.contains(&0));
    let parts: Vec<&[u8]> = parts.take(MAX_DEPTH).collect();
    let is_usable = !parts.is_empty() && parts.iter().all(|part| part.len() <= 255);
    is_usable.then(|| parts.iter().fold(root.to_owned(), |path, part| path.join(OsStr::from_bytes(part))))
}

/// The path of every regular claim file, as a report shows it. Hidden files and hidden folders are left out.
fn all_claim_files(root: &Path) -> BTreeSet<String> {
    let mut folders = vec![root.to_owned()];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the tree").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let kind = entry.file_type().expect("an entry of the tree");
            if name.as_bytes().starts_with(b".") {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
                found.insert(folder::shown_path(&path));
            }
        }
    }
    found
}
