//! Pages follow the files, for every way in which an editor saves them and with any mistakes in them.

use std::fs;
use std::path::Path;

use super::Desk;
use super::client::Versions;

const CLAIMS: &str = "actors: { north: { name: Northern Command }, south: {}, paper: {} }
events: { raid: { name: Raid on the border, date: 2026-02-22, parties: [north, south] } }
source: { id: paper-1, publisher: paper, published: 2026-02-23 }
claims:
  toll: { by: north, about: raid, measure: killed, value: 36, at: p1 }
  other: { by: south, about: raid, measure: killed, value: 80, at: p2 }
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("raid.yaml"), CLAIMS).unwrap();
    folder
}

/// Waits until a page shows something. One save may cause several versions.
fn wait_for(desk: &Desk, versions: &mut Versions, path: &str, shown: impl Fn(u16, &str) -> bool) {
    loop {
        let answer = desk.get(path);
        if shown(answer.status, answer.text()) {
            return;
        }
        versions.next();
    }
}

#[test]
fn page_is_notified_of_every_save_and_shows_it() {
    let folder = folder();
    let file = folder.path().join("raid.yaml");
    let desk = Desk::start(folder.path(), &[]);
    let mut versions = desk.subscribe();
    let first = versions.next();
    let named = |name: &str| CLAIMS.replace("Northern Command", name);
    let shows = |name: &'static str| move |_: u16, page: &str| page.contains(name);
    wait_for(&desk, &mut versions, "/actor/north", shows("Northern Command"));

    fs::write(&file, named("In Place")).unwrap();
    wait_for(&desk, &mut versions, "/actor/north", shows("In Place"));
    assert_ne!(desk.get("/").header("etag"), Some(first.as_str()));

    let beside = folder.path().join(".raid.yaml.swp");
    fs::write(&beside, named("By Renaming")).unwrap();
    fs::rename(&beside, &file).unwrap();
    wait_for(&desk, &mut versions, "/actor/north", shows("By Renaming"));

    fs::write(&file, "").unwrap();
    fs::write(&file, named("In Two Steps")).unwrap();
    wait_for(&desk, &mut versions, "/actor/north", shows("In Two Steps"));

    fs::remove_file(&file).unwrap();
    wait_for(&desk, &mut versions, "/actor/north", |status, _| status == 404);
    fs::write(&file, named("Made Again")).unwrap();
    wait_for(&desk, &mut versions, "/actor/north", shows("Made Again"));

    fs::create_dir(folder.path().join("deeper")).unwrap();
    fs::write(folder.path().join("deeper/more.yaml"), "actors: { east: { name: Eastern Command } }\n")
        .unwrap();
    wait_for(&desk, &mut versions, "/actor/east", shows("Eastern Command"));
}

#[test]
fn save_of_the_same_length_in_the_same_moment_is_noticed() {
    let folder = folder();
    let file = folder.path().join("raid.yaml");
    let desk = Desk::start(folder.path(), &[]);
    let mut versions = desk.subscribe();
    for name in ["Aaa", "Bbb", "Ccc", "Ddd", "Eee"] {
        fs::write(&file, CLAIMS.replace("Northern Command", name)).unwrap();
        wait_for(&desk, &mut versions, "/actor/north", |_, page| page.contains(name));
    }
}

#[test]
fn empty_folder_has_a_page_and_new_files_appear() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(folder.path(), &[]);
    let mut versions = desk.subscribe();
    assert_eq!(desk.get("/").status, 200);
    fs::write(folder.path().join("raid.yaml"), CLAIMS).unwrap();
    wait_for(&desk, &mut versions, "/question/raid/killed/people", |status, _| status == 200);
}

#[test]
fn folder_that_is_removed_and_restored_is_followed() {
    let outer = tempfile::tempdir().unwrap();
    let inner = outer.path().join("claims");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("raid.yaml"), CLAIMS).unwrap();
    let desk = Desk::start(&inner, &[]);
    let mut versions = desk.subscribe();
    fs::remove_dir_all(&inner).unwrap();
    wait_for(&desk, &mut versions, "/", |status, page| status == 200 && page.contains("cannot be read"));
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("raid.yaml"), CLAIMS).unwrap();
    wait_for(&desk, &mut versions, "/actor/north", |_, page| page.contains("Northern Command"));
}

#[test]
fn single_file_is_followed() {
    let folder = folder();
    let file = folder.path().join("raid.yaml");
    let desk = Desk::start(&file, &[]);
    let mut versions = desk.subscribe();
    let beside = folder.path().join("new");
    fs::write(&beside, CLAIMS.replace("Northern Command", "Another Name")).unwrap();
    fs::rename(&beside, &file).unwrap();
    wait_for(&desk, &mut versions, "/actor/north", |_, page| page.contains("Another Name"));
}

#[test]
fn broken_file_leaves_every_page_available() {
    let folder = folder();
    let desk = Desk::start(folder.path(), &[]);
    let mut versions = desk.subscribe();
    for broken in [&b"actors: { x: [}"[..], b"\xff\xfe\x00a", b"- - -\n\t{", b""] {
        fs::write(folder.path().join("broken.yaml"), broken).unwrap();
        wait_for(&desk, &mut versions, "/files", |status, _| status == 200);
        assert_eq!(desk.get("/question/raid/killed/people").status, 200);
        assert_eq!(desk.get("/").status, 200);
    }
    assert!(desk.get("/actor/north").text().contains("Northern Command"));
}

#[test]
fn missing_folder_is_an_error() {
    let none = Path::new("no/such/folder");
    let output = crate::support::program().arg("serve").arg(none).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no/such/folder"));
}
