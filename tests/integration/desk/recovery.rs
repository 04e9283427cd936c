//! An interrupted change of several files, on the desk: every page mentions it, a read-only desk writes nothing, and
//! saving a review finishes it first.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use serde_json::json;
use xxhash_rust::xxh3::xxh3_128;

use super::client::Desk;
use super::saved::{PAGE, folder, form_fields, reviews};
use crate::support::program;

fn fingerprint(text: &str) -> String {
    format!("{:032x}", xxh3_128(text.as_bytes()))
}

/// Records a change of one file that has not been made yet.
fn record(state: &Path, root: &Path, file: &str, before: &str, after: &str) {
    let records = state.join("gainsay/recovery");
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&records).unwrap();
    let file = json!({ "path": file, "before": fingerprint(before), "after": fingerprint(after), "bytes": after.len() });
    let header = json!({ "format": "gainsay.recovery/1", "root": root, "files": [file] });
    let path = records.join(format!("{}.record", fingerprint(root.to_str().unwrap())));
    fs::write(&path, format!("{header}\n{after}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn desk_reports_an_unfinished_change_and_finishes_it_before_it_writes() {
    let (folder, state) = (folder(), tempfile::tempdir().unwrap());
    let root = folder.path().canonicalize().unwrap();
    let file = root.join("raid.yaml");
    let before = fs::read_to_string(&file).unwrap();
    let after = format!("# after\n{before}");
    record(state.path(), &root, "raid.yaml", &before, &after);
    let start = |options: &[&str]| {
        let mut command = program();
        Desk::start_with(command.env("XDG_STATE_HOME", state.path()).arg("serve"), &root, options)
    };

    let desk = start(&["--read-only"]);
    for page in ["/", PAGE] {
        let answer = desk.get(page);
        let text = answer.text();
        assert!(text.contains("was interrupted") && text.contains("gainsay recover"), "{page}: {text}");
    }
    drop(desk);
    let desk = start(&[]);
    let sent = form_fields(&desk) + "verdict=explained&because=timing&by=desk&note=one&anyway=yes";
    assert_eq!(fs::read_to_string(&file).unwrap(), before, "reading writes nothing");
    assert_eq!(desk.post(PAGE, &sent).status, 303);
    assert_eq!(fs::read_to_string(&file).unwrap(), after);
    assert!(reviews(&root).contains("explained"));
    assert_eq!(fs::read_dir(state.path().join("gainsay/recovery")).unwrap().count(), 0);
    assert!(!desk.get("/").text().contains("was interrupted"));
}
