//! Saving reviews while others save, during a power cut, and when the file cannot be written: a review is written
//! completely or refused with its text, and the file is always readable.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use super::Desk;
use super::client::{BrowserSession, Response, try_post};
use super::saved::{CLAIMS, PAGE, folder, form_fields, hidden_fields, reviews};

const TYPED_FIELDS: &str = "verdict=open&by=desk&note=kept+text";

/// Sends a review again until no other review gets in its way.
fn save_until_accepted(visitor: &BrowserSession, mut fields: String, note: &str) -> Option<Response> {
    loop {
        let answer = try_post(visitor, PAGE, &format!("{fields}verdict=open&by=desk&note={note}"))?;
        if answer.status != 409 {
            return Some(answer);
        }
        fields = hidden_fields(&answer, PAGE);
    }
}

/// The names of the entries of a folder.
fn entry_names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn gainsay(arguments: &[&str], folder: &Path) -> std::process::Output {
    crate::support::program().args(arguments).arg(folder).output().unwrap()
}

/// The notes in the file of reviews, which must be free of mistakes.
fn notes(folder: &Path) -> BTreeSet<String> {
    let checked = gainsay(&["check"], folder);
    assert!(checked.status.code() == Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    let written = reviews(folder);
    written.lines().filter_map(|line| line.trim().strip_prefix("note: ")).map(str::to_owned).collect()
}

#[test]
fn reviews_saved_by_two_desks_and_a_terminal_are_all_kept() {
    const REVIEWS_EACH: usize = 20;
    let folder = folder();
    let desks = [(); 2].map(|()| Desk::start(folder.path(), &[]));
    let saved = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for (number, desk) in desks.iter().enumerate() {
            let saved = &saved;
            scope.spawn(move || {
                for at in 0..REVIEWS_EACH {
                    let note = format!("desk-{number}-{at}");
                    let answer =
                        save_until_accepted(&desk.browser_session(), form_fields(desk), &note).unwrap();
                    assert_eq!(answer.status, 303, "{}", answer.text());
                    saved.lock().unwrap().insert(note);
                }
            });
        }
        for at in 0..REVIEWS_EACH / 2 {
            let note = format!("terminal-{at}");
            let arguments = [
                "review",
                "raid/killed/people",
                "--verdict",
                "open",
                "--by",
                "desk",
                "--note",
                &note,
                "--in",
            ];
            // A reviewer who is shown the review of somebody else tries again.
            while !gainsay(&arguments, folder.path()).status.success() {}
            saved.lock().unwrap().insert(note);
        }
    });
    let saved = saved.into_inner().unwrap();
    assert_eq!(saved.len(), 2 * REVIEWS_EACH + REVIEWS_EACH / 2);
    assert_eq!(notes(folder.path()), saved);
    assert_eq!(entry_names(folder.path()).len(), 2, "nothing else is left behind");
}

/// SECURITY: W6.
#[test]
fn power_cut_while_saving_leaves_a_complete_file() {
    let folder = folder();
    let mut answered = BTreeSet::new();
    for round in 0..8 {
        let desk = Desk::start(folder.path(), &[]);
        let (visitor, fields) = (desk.browser_session(), form_fields(&desk));
        let (said, hear) = std::sync::mpsc::channel();
        let saving = std::thread::spawn(move || {
            let mut answered = Vec::new();
            let mut fields = fields;
            for at in 0.. {
                let note = format!("round-{round}-{at}");
                _ = said.send(());
                match save_until_accepted(&visitor, fields, &note) {
                    Some(answer) if answer.status == 303 => answered.push(note),
                    _ => break,
                }
                let Some(anew) = new_form_fields(&visitor) else { break };
                fields = anew;
            }
            answered
        });
        // Stopped somewhere in the first or a later save.
        for _ in 0..=round % 4 {
            hear.recv().unwrap();
        }
        std::thread::sleep(std::time::Duration::from_millis(3 * round));
        desk.kill_abruptly();
        answered.extend(saving.join().unwrap());
        let written = notes(folder.path());
        assert!(answered.is_subset(&written), "{answered:?} and {written:?}");
        assert_eq!(fs::read_to_string(folder.path().join("raid.yaml")).unwrap(), CLAIMS);
    }
    let is_litter =
        |name: &String| name.strip_prefix(".gainsay-").and_then(|name| name.strip_suffix(".tmp")).is_some();
    let left: Vec<String> = entry_names(folder.path())
        .into_iter()
        .filter(|name| !["raid.yaml", "reviews.yaml"].contains(&&**name))
        .collect();
    assert!(left.iter().all(is_litter), "{left:?}");
}

/// The fields of a new form. None if the desk has ended.
fn new_form_fields(visitor: &BrowserSession) -> Option<String> {
    let refused = try_post(visitor, PAGE, "token=0&verdict=open")?;
    Some(hidden_fields(&refused, PAGE))
}

/// Sends a review that is refused with its text; the desk goes on.
fn assert_refused(desk: &Desk, fields: &str, why: &str) {
    let answer = desk.post(PAGE, &format!("{fields}{TYPED_FIELDS}&anyway=yes"));
    assert!([409, 422, 500].contains(&answer.status), "{}: {}", answer.status, answer.text());
    let page = answer.text();
    assert!(page.contains("Not saved") && page.contains("kept text") && page.contains(why), "{why}: {page}");
    assert_eq!(desk.get(PAGE).status, 200);
}

#[cfg(unix)]
#[test]
fn review_is_refused_where_something_else_has_the_name_of_its_file() {
    let folder = folder();
    let outside = tempfile::tempdir().unwrap();
    let (file, secret) = (folder.path().join("reviews.yaml"), outside.path().join("secret.yaml"));
    fs::write(&secret, "reviews: {}\n").unwrap();
    let desk = Desk::start(folder.path(), &[]);
    let fields = form_fields(&desk);

    fs::create_dir(&file).unwrap();
    assert_refused(&desk, &fields, "it is a folder; fix it first");
    fs::remove_dir(&file).unwrap();

    assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    assert_refused(&desk, &fields, "it is not a regular file");
    fs::remove_file(&file).unwrap();

    std::os::unix::fs::symlink(&secret, &file).unwrap();
    assert_refused(&desk, &fields, "outside of the workspace");
    assert_eq!(fs::read_to_string(&secret).unwrap(), "reviews: {}\n");
    assert_eq!(entry_names(outside.path()).len(), 1);
    fs::remove_file(&file).unwrap();

    std::os::unix::fs::symlink("nowhere.yaml", &file).unwrap();
    assert_refused(&desk, &fields, "reviews.yaml");
    fs::remove_file(&file).unwrap();

    fs::write(&file, "reviews: {}\n").unwrap();
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    assert_refused(&desk, &fields, "it is read-only");
    assert_eq!(fs::read_to_string(&file).unwrap(), "reviews: {}\n");
    assert_eq!(entry_names(folder.path()).len(), 2);
}

#[cfg(unix)]
#[test]
fn full_disk_leaves_the_old_file() {
    let folder = folder();
    let old = format!("{}reviews: {{}}\n", "# what was decided before\n".repeat(10_000));
    fs::write(folder.path().join("reviews.yaml"), &old).unwrap();
    // A limit on the size of files that the process may write simulates a full disk.
    let limited = "trap '' XFSZ; ulimit -f 100; exec \"$0\" serve \"$@\"";
    let mut command = Command::new("sh");
    crate::support::isolated(&mut command);
    let desk =
        Desk::start_with(command.args(["-c", limited, env!("CARGO_BIN_EXE_gainsay")]), folder.path(), &[]);
    assert_refused(&desk, &form_fields(&desk), "annot write");
    assert_eq!(reviews(folder.path()), old);
    assert_eq!(entry_names(folder.path()).len(), 2);
}

#[test]
fn byte_order_marks_and_windows_line_ends_are_kept() {
    let folder = folder();
    let file = folder.path().join("reviews.yaml");
    fs::write(&file, "\u{feff}# ours\r\nreviews: {}\r\n").unwrap();
    let desk = Desk::start(folder.path(), &[]);
    assert_eq!(desk.post(PAGE, &(form_fields(&desk) + TYPED_FIELDS)).status, 303);
    let written = reviews(folder.path());
    assert!(
        written.starts_with("\u{feff}# ours\r\nreviews:\r\n") && written.contains("kept text"),
        "{written:?}"
    );
    assert_eq!(written.matches('\n').count(), written.matches("\r\n").count(), "{written:?}");
    assert_eq!(desk.post("/undo", &hidden_fields(&desk.get(PAGE), "/undo")).status, 303);
    assert_eq!(reviews(folder.path()), "\u{feff}# ours\r\nreviews: {}\r\n");
}

#[test]
fn typed_text_is_kept_when_its_dispute_or_question_is_gone() {
    let folder = folder();
    let desk = Desk::start(folder.path(), &[]);
    let sent = form_fields(&desk) + TYPED_FIELDS + "%3C%2Ftextarea%3E%3Cscript%3E" + &"x".repeat(2000);
    let file = folder.path().join("raid.yaml");
    let agreed = CLAIMS.replace("value: 80", "value: 36");
    let no_question = agreed.split("claims:").next().unwrap();
    for (claims, status) in [(agreed.as_str(), 409), (no_question, 404)] {
        fs::write(&file, claims).unwrap();
        let answer = desk.post(PAGE, &sent);
        assert_eq!(answer.status, status);
        let page = answer.text();
        assert!(page.contains("Not saved") && page.contains("kept text"), "{page}");
        assert!(page.contains(&"x".repeat(2000)) && !page.contains("kept in the form"), "{page}");
        super::crawl::links(PAGE, page);
        answer.assert_guarded(PAGE);
    }
    assert_eq!(reviews(folder.path()), "");
}
