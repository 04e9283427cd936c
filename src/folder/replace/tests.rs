//! One file and several, replaced while others write and while the process dies.

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
    let done = replace_telling(folder.path(), &[one], &mut |step| {
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

fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    for (name, text) in BEFORE {
        if let Some(text) = text {
            fs::write(folder.path().join(name), text).unwrap();
        }
    }
    folder
}

/// Makes the change of all three files.
fn change(folder: &Path, told: &mut dyn FnMut(Step)) -> Result<(), ReplaceError> {
    let paths = BEFORE.map(|(name, _)| folder.join(name));
    let without_mark = |text: &'static str| text.trim_start_matches('\u{feff}');
    let one = |at: usize| Replacement {
        path: &paths[at],
        before: BEFORE[at].1.map(without_mark),
        after: AFTER[at].1.map(without_mark).unwrap(),
    };
    replace_telling(folder, &[one(0), one(1), one(2)], told)
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
fn killed(test: &str, steps: usize) -> Option<(tempfile::TempDir, Vec<Step>)> {
    let folder = desk();
    let mut all = Vec::new();
    // The same steps in this process say which one it died after.
    change(desk().path(), &mut |step| all.push(step)).unwrap();
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(DIE, format!("{steps} {}", folder.path().display()))
        .output()
        .unwrap();
    assert_eq!(child.status.success(), steps >= all.len(), "{child:?}");
    all.truncate(steps + 1);
    (!child.status.success()).then_some((folder, all))
}

/// In the process that is to die, makes the change; it does not come back.
fn die_if_asked() {
    let Ok(order) = std::env::var(DIE) else { return };
    let (steps, folder) = order.split_once(' ').unwrap();
    let mut left: usize = steps.parse().unwrap();
    change(Path::new(folder), &mut |_| {
        if left == 0 {
            std::process::abort();
        }
        left -= 1;
    })
    .unwrap();
    std::process::exit(0);
}

#[test]
fn of_a_change_that_is_killed_all_files_have_their_new_text_or_none() {
    die_if_asked();
    let mut points = 0;
    let test = "folder::replace::tests::of_a_change_that_is_killed_all_files_have_their_new_text_or_none";
    while let Some((folder, steps)) = killed(test, points) {
        points += 1;
        let decided = steps.contains(&Step::Decided);
        let wanted = texts(if decided { AFTER } else { BEFORE });
        // By turns it is a reader, a follower and a writer who comes next.
        match points % 3 {
            0 => drop(crate::folder::read(folder.path(), &|_, _| {}).unwrap()),
            1 => drop(crate::folder::Followed::open(folder.path(), None, None, &|_, _| {}).unwrap()),
            _ => replace(folder.path(), &folder.path().join("d.yaml"), None, "# d\n").unwrap(),
        }
        assert_eq!(says(folder.path()), wanted, "{steps:?}");
        // Whoever writes next takes away what was never decided.
        let done = change(folder.path(), &mut |_| {});
        assert_eq!(done.is_ok(), !decided, "{done:?}");
        assert_eq!(says(folder.path()), texts(AFTER));
        assert_eq!(leftovers(folder.path()), Vec::<PathBuf>::new(), "{steps:?}");
    }
    assert_eq!(points, 10, "three texts, the journal and its place, three places, flushed, cleared");
}

#[test]
fn what_somebody_writes_into_a_half_made_change_is_left_alone() {
    die_if_asked();
    let test = "folder::replace::tests::what_somebody_writes_into_a_half_made_change_is_left_alone";
    let mut points = 0;
    while let Some((folder, steps)) = killed(test, points) {
        points += 1;
        let decided = steps.contains(&Step::Decided) && steps.last() != Some(&Step::Cleared);
        let file = folder.path().join("sub/b.yaml");
        fs::write(&file, "# theirs\n").unwrap();
        let before = says(folder.path());
        let read = crate::folder::read(folder.path(), &|_, _| {});
        let below = crate::folder::read(&file, &|_, _| {});
        if decided {
            for refused in [read.unwrap_err(), below.unwrap_err()] {
                let why = refused.to_string();
                assert!(why.contains("changed since by somebody else: `sub/b.yaml`"), "{why}");
                assert_eq!(why.contains("changed already: `a.yaml`"), steps.contains(&Step::Placed), "{why}");
            }
            let refused = change(folder.path(), &mut |_| {});
            assert!(matches!(refused, Err(ReplaceError::Barred { .. })), "{refused:?}");
            // Whoever put things right takes the journal away, and all goes on.
            fs::remove_file(folder.path().join(journal::NAME)).unwrap();
        }
        assert_eq!(says(folder.path()), before, "{steps:?}");
        assert!(crate::folder::read(folder.path(), &|_, _| {}).is_ok());
    }
    assert_eq!(points, 10);
}

#[test]
fn what_an_editor_writes_while_several_files_are_replaced_is_not_lost() {
    let mut steps = 0;
    change(desk().path(), &mut |_| steps += 1).unwrap();
    for (name, _) in BEFORE {
        for at in 0..steps {
            let folder = desk();
            let mut told = 0;
            let done = change(folder.path(), &mut |_| {
                if told == at {
                    fs::write(folder.path().join(name), "# theirs\n").unwrap();
                }
                told += 1;
            });
            let now = says(folder.path());
            let theirs = now.iter().find(|(file, _)| *file == name).unwrap();
            assert_eq!(theirs.1.as_deref(), Some("# theirs\n"), "{name} at {at}");
            // The others have their new texts where this one had its own, else those of before.
            let others = if done.is_ok() { AFTER } else { BEFORE };
            for (file, text) in now.iter().zip(texts(others)).filter(|(file, _)| file.0 != name) {
                if done.is_ok() || leftovers(folder.path()).is_empty() {
                    assert_eq!(*file, text, "{name} at {at}");
                }
            }
            if done.is_err() {
                // What cannot be taken back, since the first file is theirs by now, is told by whoever reads next.
                let is_told = crate::folder::read(folder.path(), &|_, _| {}).is_err();
                assert_eq!(is_told, !leftovers(folder.path()).is_empty(), "{name} at {at}: {done:?}");
            }
        }
    }
}

#[test]
fn a_journal_that_leads_out_of_its_folder_is_not_followed() {
    let (folder, outside) = (desk(), desk());
    let text = outside.path().join(".gainsay-edit-x.tmp");
    fs::write(&text, "# theirs\n").unwrap();
    let a = outside.path().join("a.yaml");
    for file in
        [a.display().to_string(), format!("../{}/a.yaml", outside.path().file_name().unwrap().display())]
    {
        let noted = Noted {
            file: file.into(),
            text: text.clone(),
            before: Some(journal::fingerprint(b"# a\n")),
            after: journal::fingerprint(b"# theirs\n"),
        };
        let bytes = Journal::new(vec![noted]).to_bytes().unwrap();
        fs::write(folder.path().join(journal::NAME), bytes).unwrap();
        let refused = crate::folder::read(folder.path(), &|_, _| {}).unwrap_err();
        assert!(
            refused.to_string().contains("it is none that this version of gainsay has written"),
            "{refused}"
        );
        assert_eq!(says(outside.path()), texts(BEFORE));
    }
}

#[test]
fn nobody_reads_half_of_a_change() {
    let folder = tempfile::tempdir().unwrap();
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
                replace_all(folder.path(), &[one(&paths[0]), one(&paths[1]), one(&paths[2])]).unwrap();
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        let mut followed = crate::folder::Followed::open(folder.path(), None, None, &|_, _| {}).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            if let Ok(inputs) = crate::folder::read(folder.path(), &|_, _| {}) {
                let texts: Vec<Vec<u8>> = inputs.into_iter().map(|input| input.content.unwrap()).collect();
                assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "{texts:?}");
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
}

fn leftovers_in(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_none_or(|kind| kind != "yaml")).collect()
}
