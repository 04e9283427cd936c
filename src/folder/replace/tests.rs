//! One file and several, replaced while others write and while the process dies.

use super::super::{Access, FolderError, Followed, Notice, UnfinishedChange, finish, read};
use super::*;

/// Replaces a file that somebody touches when the new text is ready; gives the refusal, and what the file says.
fn touched(before: Option<&str>, touch: impl FnOnce(&Path)) -> (Result<(), ReplaceError>, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    if let Some(text) = before {
        fs::write(&file, text).unwrap();
    }
    let mut touch = Some(touch);
    let one = Replacement { path: &file, before, after: "ours" };
    let done = replace_telling(&RecoveryDirectory::default(), folder.path(), &[one], &mut |step| {
        assert_eq!(step, Step::Written);
        touch.take().unwrap()(&file);
    });
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, usize::from(file.exists()), "nothing else is left behind");
    (done, fs::read_to_string(&file).ok())
}

#[test]
fn what_an_editor_writes_meanwhile_is_not_lost() {
    for before in [Some("before"), None] {
        let (done, says) = touched(before, |file| fs::write(file, "theirs").unwrap());
        assert!(matches!(&done, Err(ReplaceError::Changed { on_disk: Some(text), .. }) if text == "theirs"));
        assert_eq!(says.as_deref(), Some("theirs"));
    }
    let (done, says) = touched(Some("before"), |file| fs::remove_file(file).unwrap());
    assert!(matches!(done, Err(ReplaceError::Changed { on_disk: None, .. })) && says.is_none());
    let (done, says) = touched(Some("before"), |_| {});
    assert!(done.is_ok() && says.as_deref() == Some("ours"));
    let (done, _) = touched(None, |file| fs::create_dir(file).unwrap());
    assert!(matches!(done, Err(ReplaceError::Barred { .. })));
}

// --- several files ---------------------------------------------------------------------------------------

/// Tells a copy of this test program what to change, and after how many steps to die.
const DIE: &str = "GAINSAY_TEST_DIE";

const BEFORE: [(&str, Option<&str>); 3] =
    [("a.yaml", Some("# a\n")), ("sub/b.yaml", Some("\u{feff}# b\r\n")), ("sub/c.yaml", None)];
const AFTER: [(&str, Option<&str>); 3] =
    [("a.yaml", Some("# A\n")), ("sub/b.yaml", Some("\u{feff}# B\r\n")), ("sub/c.yaml", Some("# C\n"))];

/// A workspace and the folder for the state of programs.
struct Desk {
    folder: tempfile::TempDir,
    state: tempfile::TempDir,
}

fn desk() -> Desk {
    let (folder, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::create_dir(folder.path().join("sub")).unwrap();
    for (name, text) in BEFORE {
        if let Some(text) = text {
            fs::write(folder.path().join(name), text).unwrap();
        }
    }
    Desk { folder, state }
}

impl Desk {
    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn recovery(&self) -> RecoveryDirectory {
        RecoveryDirectory::below(self.state.path())
    }

    fn access(&self) -> Access {
        Access { recovery: self.recovery(), ..Access::default() }
    }

    /// Makes the change of all three files.
    fn change(&self, told: &mut dyn FnMut(Step)) -> Result<(), ReplaceError> {
        change(&self.recovery(), self.path(), told)
    }

    /// What a reader gets: the texts of the files that are there, and the notices.
    fn read(&self) -> (Vec<Vec<u8>>, Vec<Notice>) {
        let read = read(self.path(), &self.access(), &|_, _| {}).unwrap();
        (read.inputs.into_iter().map(|input| input.content.unwrap()).collect(), read.notices)
    }

    /// The files in the folder of records.
    fn records(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.state.path().join("gainsay/recovery")) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

fn change(
    recovery: &RecoveryDirectory,
    folder: &Path,
    told: &mut dyn FnMut(Step),
) -> Result<(), ReplaceError> {
    let paths = BEFORE.map(|(name, _)| folder.join(name));
    let without_mark = |text: &'static str| text.trim_start_matches('\u{feff}');
    let one = |at: usize| Replacement {
        path: &paths[at],
        before: BEFORE[at].1.map(without_mark),
        after: AFTER[at].1.map(without_mark).unwrap(),
    };
    replace_telling(recovery, folder, &[one(0), one(1), one(2)], told)
}

/// What the three files say.
fn says(folder: &Path) -> [(&'static str, Option<String>); 3] {
    BEFORE.map(|(name, _)| (name, fs::read_to_string(folder.join(name)).ok()))
}

fn texts(of: [(&'static str, Option<&str>); 3]) -> [(&'static str, Option<String>); 3] {
    of.map(|(name, text)| (name, text.map(str::to_owned)))
}

/// Everything in the folder and below whose name says that it is no claim file.
fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let all =
        [folder.to_owned(), folder.join("sub")].into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = all.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(".gainsay")).collect()
}

/// Makes the change in a process of its own, which dies after so many steps; none where it has no more steps.
fn killed(test: &str, steps: usize) -> Option<(Desk, Vec<Step>)> {
    let desk = desk();
    let mut all = Vec::new();
    // The same steps in this process say which one it died after.
    self::desk().change(&mut |step| all.push(step)).unwrap();
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(DIE, format!("{steps} {} {}", desk.state.path().display(), desk.path().display()))
        .output()
        .unwrap();
    assert_eq!(child.status.success(), steps >= all.len(), "{child:?}");
    all.truncate(steps + 1);
    (!child.status.success()).then_some((desk, all))
}

/// In the process that is to die, makes the change; it does not come back.
fn die_if_asked() {
    let Ok(order) = std::env::var(DIE) else { return };
    let mut order = order.splitn(3, ' ');
    let mut next = || order.next().unwrap();
    let (steps, state, folder) = (next(), Path::new(next()), Path::new(next()));
    let mut left: usize = steps.parse().unwrap();
    change(&RecoveryDirectory::below(state), folder, &mut |_| {
        if left == 0 {
            std::process::abort();
        }
        left -= 1;
    })
    .unwrap();
    std::process::exit(0);
}

/// Whether a change that died after these steps is unfinished.
fn is_unfinished(steps: &[Step]) -> bool {
    steps.contains(&Step::Decided) && steps.last() != Some(&Step::Cleared)
}

#[test]
fn a_killed_change_is_finished_by_the_next_writer_and_reported_by_readers() {
    die_if_asked();
    let mut points = 0;
    let test =
        "folder::replace::tests::a_killed_change_is_finished_by_the_next_writer_and_reported_by_readers";
    while let Some((desk, steps)) = killed(test, points) {
        points += 1;
        let (before, left) = (says(desk.path()), leftovers(desk.path()));
        let (_, notices) = desk.read();
        let followed = Followed::open(desk.path(), None, desk.access(), None, &|_, _| {}).unwrap();
        assert_eq!(followed.notices(), notices);
        let is_reported =
            matches!(&notices[..], [Notice::Unfinished(UnfinishedChange { files, .. })] if files.len() == 3);
        assert_eq!(is_reported, is_unfinished(&steps), "{steps:?}: {notices:?}");
        assert_eq!((says(desk.path()), leftovers(desk.path())), (before, left), "readers write nothing");
        // A part of the workspace and one of its files know of it as well.
        for part in ["sub", "a.yaml"] {
            let read = read(&desk.path().join(part), &desk.access(), &|_, _| {}).unwrap();
            assert_eq!(read.notices, notices, "{part}");
        }

        let decided = steps.contains(&Step::Decided);
        let wanted = texts(if decided { AFTER } else { BEFORE });
        if points.is_multiple_of(2) {
            replace(&desk.recovery(), desk.path(), &desk.path().join("d.yaml"), None, "# d\n").unwrap();
        } else {
            assert_eq!(finish(&desk.recovery(), desk.path()).unwrap().len(), usize::from(is_reported));
        }
        assert_eq!(says(desk.path()), wanted, "{steps:?}");
        assert_eq!(desk.read().1, []);
        // The next change deletes what was never decided.
        let done = desk.change(&mut |_| {});
        assert_eq!(done.is_ok(), !decided, "{done:?}");
        assert_eq!(says(desk.path()), texts(AFTER));
        let left = (leftovers(desk.path()), desk.records());
        assert_eq!(left, (Vec::new(), Vec::new()), "{steps:?}");
    }
    assert_eq!(points, 10, "three texts, the record and its place, three places, flushed, cleared");
}

#[test]
fn a_file_changed_in_a_half_made_change_is_left_alone() {
    die_if_asked();
    let test = "folder::replace::tests::a_file_changed_in_a_half_made_change_is_left_alone";
    let mut points = 0;
    while let Some((desk, steps)) = killed(test, points) {
        points += 1;
        fs::write(desk.path().join("sub/b.yaml"), "# theirs\n").unwrap();
        let before = says(desk.path());
        assert_eq!(desk.read().1.len(), usize::from(is_unfinished(&steps)));
        if is_unfinished(&steps) {
            let refused = finish(&desk.recovery(), desk.path()).unwrap_err();
            let FolderError::Unfinished { change, why } = &refused else { panic!("{refused}") };
            assert!(why.contains("`sub/b.yaml` was changed since"), "{why}");
            assert_eq!(why.contains("already changed: `a.yaml`"), steps.contains(&Step::Placed), "{why}");
            let said = refused.to_string();
            assert!(said.contains(&change.record.display().to_string()), "{said}");
            let refused = desk.change(&mut |_| {});
            assert!(matches!(refused, Err(ReplaceError::Barred { .. })), "{refused:?}");
            assert_eq!(change.plan().unwrap().len(), 3);
            // Once somebody has put things right and discarded the record, all goes on.
            change.discard().unwrap();
            assert_eq!((desk.read().1, desk.records()), (Vec::new(), Vec::new()));
        }
        assert_eq!(says(desk.path()), before, "{steps:?}");
        replace(&desk.recovery(), desk.path(), &desk.path().join("d.yaml"), None, "# d\n").unwrap();
    }
    assert_eq!(points, 10);
}

#[test]
fn a_text_that_an_editor_writes_while_several_files_are_replaced_is_not_lost() {
    let mut steps = 0;
    desk().change(&mut |_| steps += 1).unwrap();
    for (name, _) in BEFORE {
        for at in 0..steps {
            let desk = desk();
            let mut told = 0;
            let done = desk.change(&mut |_| {
                if told == at {
                    fs::write(desk.path().join(name), "# theirs\n").unwrap();
                }
                told += 1;
            });
            let now = says(desk.path());
            let theirs = now.iter().find(|(file, _)| *file == name).unwrap();
            assert_eq!(theirs.1.as_deref(), Some("# theirs\n"), "{name} at {at}");
            // The others have their new texts where this one had its own, else those of before.
            let others = if done.is_ok() { AFTER } else { BEFORE };
            for (file, text) in now.iter().zip(texts(others)).filter(|(file, _)| file.0 != name) {
                if done.is_ok() || desk.records().is_empty() {
                    assert_eq!(*file, text, "{name} at {at}");
                }
            }
            assert_eq!(leftovers(desk.path()), Vec::<PathBuf>::new());
            if done.is_err() {
                // Where the change cannot be taken back, since the first file has another text, readers say so.
                let is_reported = !desk.read().1.is_empty();
                assert_eq!(is_reported, !desk.records().is_empty(), "{name} at {at}: {done:?}");
            }
        }
    }
}

#[test]
fn several_files_are_refused_without_a_place_for_the_record() {
    let desk = desk();
    let inside = RecoveryDirectory::below(&desk.path().join("state"));
    for recovery in [RecoveryDirectory::default(), inside] {
        let refused = change(&recovery, desk.path(), &mut |_| {}).unwrap_err();
        assert!(matches!(refused, ReplaceError::Unrecorded { .. }), "{refused}");
        assert!(refused.to_string().contains("`XDG_STATE_HOME`"), "{refused}");
        assert_eq!(says(desk.path()), texts(BEFORE));
        assert_eq!(leftovers(desk.path()), Vec::<PathBuf>::new());
        // One file needs no record.
        let one = desk.path().join("a.yaml");
        replace(&recovery, desk.path(), &one, Some("# a\n"), "# a\n").unwrap();
    }
}

#[test]
fn a_file_that_a_record_cannot_name_is_not_changed_along_with_others() {
    let desk = desk();
    let paths = ["a.yaml", ".hidden/b.yaml", "notes.txt"].map(|name| desk.path().join(name));
    fs::create_dir(desk.path().join(".hidden")).unwrap();
    for other in [1, 2] {
        let one = |at: usize, before| Replacement { path: &paths[at], before, after: "# new\n" };
        let both = [one(0, Some("# a\n")), one(other, None)];
        let refused = replace_all(&desk.recovery(), desk.path(), &both).unwrap_err();
        assert!(matches!(refused, ReplaceError::Barred { .. }), "{refused}");
        assert_eq!(says(desk.path()), texts(BEFORE));
        assert!(!paths[other].exists());
    }
}

#[test]
fn nobody_reads_half_of_a_change() {
    let (folder, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let access = Access { recovery: RecoveryDirectory::below(state.path()), ..Access::default() };
    let paths = ["a.yaml", "b.yaml", "c.yaml"].map(|name| folder.path().join(name));
    let text = |round: usize| format!("# {round}\n");
    for path in &paths {
        fs::write(path, text(0)).unwrap();
    }
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..150 {
                let (before, after) = (text(round - 1), text(round));
                let one = |path| Replacement { path, before: Some(&before), after: &after };
                let all = [one(&paths[0]), one(&paths[1]), one(&paths[2])];
                replace_all(&access.recovery, folder.path(), &all).unwrap();
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        let mut followed = Followed::open(folder.path(), None, access.clone(), None, &|_, _| {}).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            if let Ok(read) = read(folder.path(), &access, &|_, _| {}) {
                let texts: Vec<Vec<u8>> =
                    read.inputs.into_iter().map(|input| input.content.unwrap()).collect();
                assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "{texts:?}");
                assert_eq!(read.notices, []);
            }
            followed.again();
            if followed.trouble().is_none() {
                let files = followed.workspace().files();
                let texts: Vec<&str> = files.iter().map(|(_, file)| file.text()).collect();
                assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "{texts:?}");
                seen.insert(texts[0].to_owned());
            }
        }
        followed.again();
        assert_eq!(followed.workspace().files().iter().next().unwrap().1.text(), text(149));
        assert!(!seen.is_empty());
    });
    assert!(leftovers_in(folder.path()).is_empty());
    assert!(leftovers_in(&state.path().join("gainsay/recovery")).is_empty());
}

fn leftovers_in(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_none_or(|kind| kind != "yaml")).collect()
}
