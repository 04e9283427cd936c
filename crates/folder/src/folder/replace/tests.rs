//! Replacing one file or several while others write, and while the process is killed.

use super::super::{Access, FolderError, Followed, Notice, UnfinishedChange, finish, read};
use super::*;

/// Replaces a file that somebody changes after the new text was written; returns the result and the text of the file.
fn replace_while_touched(
    before: Option<&str>,
    touch: impl FnOnce(&Path),
) -> (Result<(), ReplaceError>, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    if let Some(text) = before {
        fs::write(&file, text).unwrap();
    }
    let mut touch = Some(touch);
    let one = Replacement { path: &file, before, after: "ours" };
    let done = replace_with_steps(&RecoveryDirectory::default(), folder.path(), &[one], &mut |step| {
        assert_eq!(step, ReplaceStep::Written);
        touch.take().unwrap()(&file);
    });
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, usize::from(file.exists()), "nothing else is left behind");
    (done, fs::read_to_string(&file).ok())
}

#[test]
fn replace_does_not_lose_what_an_editor_writes_meanwhile() {
    for before in [Some("before"), None] {
        let (done, text) = replace_while_touched(before, |file| fs::write(file, "theirs").unwrap());
        assert!(matches!(&done, Err(ReplaceError::Changed { on_disk: Some(text), .. }) if text == "theirs"));
        assert_eq!(text.as_deref(), Some("theirs"));
    }
    let (done, text) = replace_while_touched(Some("before"), |file| fs::remove_file(file).unwrap());
    assert!(matches!(done, Err(ReplaceError::Changed { on_disk: None, .. })) && text.is_none());
    let (done, text) = replace_while_touched(Some("before"), |_| {});
    assert!(done.is_ok() && text.as_deref() == Some("ours"));
    let (done, _) = replace_while_touched(None, |file| fs::create_dir(file).unwrap());
    assert!(matches!(done, Err(ReplaceError::Barred { .. })));
}

// --- several files ---------------------------------------------------------------------------------------

/// The variable that tells a copy of this test program what to change, and after how many steps to abort.
const DIE: &str = "GAINSAY_TEST_DIE";

const BEFORE: [(&str, Option<&str>); 3] =
    [("a.yaml", Some("# a\n")), ("sub/b.yaml", Some("\u{feff}# b\r\n")), ("sub/c.yaml", None)];
const AFTER: [(&str, Option<&str>); 3] =
    [("a.yaml", Some("# A\n")), ("sub/b.yaml", Some("\u{feff}# B\r\n")), ("sub/c.yaml", Some("# C\n"))];

/// A workspace and a folder for recovery records.
struct TestWorkspace {
    folder: tempfile::TempDir,
    state: tempfile::TempDir,
}

fn workspace() -> TestWorkspace {
    let (folder, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::create_dir(folder.path().join("sub")).unwrap();
    for (name, text) in BEFORE {
        if let Some(text) = text {
            fs::write(folder.path().join(name), text).unwrap();
        }
    }
    TestWorkspace { folder, state }
}

impl TestWorkspace {
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
    fn change(&self, on_step: &mut dyn FnMut(ReplaceStep)) -> Result<(), ReplaceError> {
        change(&self.recovery(), self.path(), on_step)
    }

    /// What a reader gets: the texts of the existing files, and the notices.
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
    on_step: &mut dyn FnMut(ReplaceStep),
) -> Result<(), ReplaceError> {
    let paths = BEFORE.map(|(name, _)| folder.join(name));
    let without_mark = |text: &'static str| text.trim_start_matches('\u{feff}');
    let one = |at: usize| Replacement {
        path: &paths[at],
        before: BEFORE[at].1.map(without_mark),
        after: AFTER[at].1.map(without_mark).unwrap(),
    };
    replace_with_steps(recovery, folder, &[one(0), one(1), one(2)], on_step)
}

/// The texts of the three files.
fn current_texts(folder: &Path) -> [(&'static str, Option<String>); 3] {
    BEFORE.map(|(name, _)| (name, fs::read_to_string(folder.join(name)).ok()))
}

fn texts(of: [(&'static str, Option<&str>); 3]) -> [(&'static str, Option<String>); 3] {
    of.map(|(name, text)| (name, text.map(str::to_owned)))
}

/// All temporary files in the folder and below.
fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let all =
        [folder.to_owned(), folder.join("sub")].into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = all.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(".gainsay")).collect()
}

/// Makes the change in a separate process that aborts after `steps` steps; none if the change has no more steps.
fn killed(test: &str, steps: usize) -> Option<(TestWorkspace, Vec<ReplaceStep>)> {
    let workspace = workspace();
    let mut all = Vec::new();
    // The same steps in this process show which step was the last one.
    self::workspace().change(&mut |step| all.push(step)).unwrap();
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(DIE, format!("{steps} {} {}", workspace.state.path().display(), workspace.path().display()))
        .output()
        .unwrap();
    assert_eq!(child.status.success(), steps >= all.len(), "{child:?}");
    all.truncate(steps + 1);
    (!child.status.success()).then_some((workspace, all))
}

/// Makes the change in the process that is to abort; does not return.
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

/// Whether a change that was killed after these steps is unfinished.
fn is_unfinished(steps: &[ReplaceStep]) -> bool {
    steps.contains(&ReplaceStep::Committed) && steps.last() != Some(&ReplaceStep::Cleared)
}

#[test]
fn killed_change_is_finished_by_the_next_writer_and_reported_by_readers() {
    die_if_asked();
    let mut points = 0;
    let test = "folder::replace::tests::killed_change_is_finished_by_the_next_writer_and_reported_by_readers";
    while let Some((workspace, steps)) = killed(test, points) {
        points += 1;
        let (before, left) = (current_texts(workspace.path()), leftovers(workspace.path()));
        let (_, notices) = workspace.read();
        let followed = Followed::open(workspace.path(), None, workspace.access(), None, &|_, _| {}).unwrap();
        assert_eq!(followed.notices(), notices);
        let is_reported =
            matches!(&notices[..], [Notice::Unfinished(UnfinishedChange { files, .. })] if files.len() == 3);
        assert_eq!(is_reported, is_unfinished(&steps), "{steps:?}: {notices:?}");
        assert_eq!(
            (current_texts(workspace.path()), leftovers(workspace.path())),
            (before, left),
            "readers write nothing"
        );
        // It is also reported for a part of the workspace and for one of its files.
        for part in ["sub", "a.yaml"] {
            let read = read(&workspace.path().join(part), &workspace.access(), &|_, _| {}).unwrap();
            assert_eq!(read.notices, notices, "{part}");
        }

        let committed = steps.contains(&ReplaceStep::Committed);
        let wanted = texts(if committed { AFTER } else { BEFORE });
        if points.is_multiple_of(2) {
            replace(&workspace.recovery(), workspace.path(), &workspace.path().join("d.yaml"), None, "# d\n")
                .unwrap();
        } else {
            assert_eq!(
                finish(&workspace.recovery(), workspace.path()).unwrap().len(),
                usize::from(is_reported)
            );
        }
        assert_eq!(current_texts(workspace.path()), wanted, "{steps:?}");
        assert_eq!(workspace.read().1, []);
        // The next change deletes the files of a change that was never committed.
        let done = workspace.change(&mut |_| {});
        assert_eq!(done.is_ok(), !committed, "{done:?}");
        assert_eq!(current_texts(workspace.path()), texts(AFTER));
        let left = (leftovers(workspace.path()), workspace.records());
        assert_eq!(left, (Vec::new(), Vec::new()), "{steps:?}");
    }
    assert_eq!(points, 10, "three texts, the record and its place, three places, flushed, cleared");
}

#[test]
fn killed_change_leaves_a_file_alone_that_was_edited_since() {
    die_if_asked();
    let test = "folder::replace::tests::killed_change_leaves_a_file_alone_that_was_edited_since";
    let mut points = 0;
    while let Some((workspace, steps)) = killed(test, points) {
        points += 1;
        fs::write(workspace.path().join("sub/b.yaml"), "# theirs\n").unwrap();
        let before = current_texts(workspace.path());
        assert_eq!(workspace.read().1.len(), usize::from(is_unfinished(&steps)));
        if is_unfinished(&steps) {
            let refused = finish(&workspace.recovery(), workspace.path()).unwrap_err();
            let FolderError::Unfinished { change, why } = &refused else { panic!("{refused}") };
            assert!(why.contains("`sub/b.yaml` was changed since"), "{why}");
            assert_eq!(
                why.contains("already changed: `a.yaml`"),
                steps.contains(&ReplaceStep::Placed),
                "{why}"
            );
            let message = refused.to_string();
            assert!(message.contains(&change.record.display().to_string()), "{message}");
            let refused = workspace.change(&mut |_| {});
            assert!(matches!(refused, Err(ReplaceError::Barred { .. })), "{refused:?}");
            assert_eq!(change.plan().unwrap().len(), 3);
            // After somebody has discarded the record, the workspace can be changed again.
            change.discard().unwrap();
            assert_eq!((workspace.read().1, workspace.records()), (Vec::new(), Vec::new()));
        }
        assert_eq!(current_texts(workspace.path()), before, "{steps:?}");
        replace(&workspace.recovery(), workspace.path(), &workspace.path().join("d.yaml"), None, "# d\n")
            .unwrap();
    }
    assert_eq!(points, 10);
}

#[test]
fn replace_all_does_not_lose_what_an_editor_writes_meanwhile() {
    let mut steps = 0;
    workspace().change(&mut |_| steps += 1).unwrap();
    for (name, _) in BEFORE {
        for at in 0..steps {
            let workspace = workspace();
            let mut steps_done = 0;
            let done = workspace.change(&mut |_| {
                if steps_done == at {
                    fs::write(workspace.path().join(name), "# theirs\n").unwrap();
                }
                steps_done += 1;
            });
            let now = current_texts(workspace.path());
            let theirs = now.iter().find(|(file, _)| *file == name).unwrap();
            assert_eq!(theirs.1.as_deref(), Some("# theirs\n"), "{name} at {at}");
            // The other files have their new texts if the change succeeded, else their old ones.
            let others = if done.is_ok() { AFTER } else { BEFORE };
            for (file, text) in now.iter().zip(texts(others)).filter(|(file, _)| file.0 != name) {
                if done.is_ok() || workspace.records().is_empty() {
                    assert_eq!(*file, text, "{name} at {at}");
                }
            }
            assert_eq!(leftovers(workspace.path()), Vec::<PathBuf>::new());
            if done.is_err() {
                // If the change cannot be undone, because the first file has another text, readers report it.
                let is_reported = !workspace.read().1.is_empty();
                assert_eq!(is_reported, !workspace.records().is_empty(), "{name} at {at}: {done:?}");
            }
        }
    }
}

#[test]
fn replace_all_is_refused_without_a_folder_for_records() {
    let workspace = workspace();
    let inside = RecoveryDirectory::below(&workspace.path().join("state"));
    for recovery in [RecoveryDirectory::default(), inside] {
        let refused = change(&recovery, workspace.path(), &mut |_| {}).unwrap_err();
        assert!(matches!(refused, ReplaceError::Unrecorded { .. }), "{refused}");
        assert!(refused.to_string().contains("`XDG_STATE_HOME`"), "{refused}");
        assert_eq!(current_texts(workspace.path()), texts(BEFORE));
        assert_eq!(leftovers(workspace.path()), Vec::<PathBuf>::new());
        // One file needs no record.
        let one = workspace.path().join("a.yaml");
        replace(&recovery, workspace.path(), &one, Some("# a\n"), "# a\n").unwrap();
    }
}

#[test]
fn replace_all_refuses_files_that_a_record_cannot_name() {
    let workspace = workspace();
    let paths = ["a.yaml", ".hidden/b.yaml", "notes.txt"].map(|name| workspace.path().join(name));
    fs::create_dir(workspace.path().join(".hidden")).unwrap();
    for other in [1, 2] {
        let one = |at: usize, before| Replacement { path: &paths[at], before, after: "# new\n" };
        let both = [one(0, Some("# a\n")), one(other, None)];
        let refused = replace_all(&workspace.recovery(), workspace.path(), &both).unwrap_err();
        assert!(matches!(refused, ReplaceError::Barred { .. }), "{refused}");
        assert_eq!(current_texts(workspace.path()), texts(BEFORE));
        assert!(!paths[other].exists());
    }
}

#[test]
fn readers_see_all_or_nothing_of_a_change() {
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
