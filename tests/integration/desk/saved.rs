//! Reviews sent from the desk: written once and completely, refused if something changed, never lost.

use std::fs;
use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Desk;
use super::client::Response;

pub(super) const CLAIMS: &str = "# what two sides say
actors: { north: {}, south: {}, paper: {} }
events: { raid: { name: Raid, date: 2026-02-22, parties: [north, south] } }
source: { id: paper-1, publisher: paper, published: 2026-02-23 }
claims:
  toll: { by: north, about: raid, measure: killed, value: 36, at: p1 }
  other: { by: south, about: raid, measure: killed, value: 80, at: p2 }
";
pub(super) const PAGE: &str = "/question/raid/killed/people";

pub(super) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("raid.yaml"), CLAIMS).unwrap();
    folder
}

/// The hidden fields of the form that a page sends to `action`.
pub(super) fn hidden_fields(page: &Response, action: &str) -> String {
    let text = page.text();
    let form =
        text.split("<form").find(|form| form.contains(&format!("action=\"{action}\""))).expect("a form");
    let form = form.split("</form>").next().unwrap();
    let value = |name: &str| {
        let input = form.split("<input").find(|input| input.contains(&format!("name=\"{name}\"")))?;
        let value = input.split("value=\"").nth(1)?.split('"').next()?;
        Some(format!("{name}={}&", utf8_percent_encode(value, NON_ALPHANUMERIC)))
    };
    ["token", "seen", "print", "review"].into_iter().filter_map(value).collect()
}

pub(super) fn form_fields(desk: &Desk) -> String {
    hidden_fields(&desk.get(PAGE), PAGE)
}

pub(super) fn reviews(folder: &Path) -> String {
    fs::read_to_string(folder.join("reviews.yaml")).unwrap_or_default()
}

#[test]
fn review_is_written_shown_and_undone() {
    let folder = folder();
    let desk = Desk::start(folder.path(), &[]);
    let sent = form_fields(&desk) + "verdict=explained&because=timing&by=desk&note=one%0D%0Atwo";
    let answer = desk.post(PAGE, &sent);
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some(&*format!("{PAGE}#review-saved"))),
        "{answer:?}"
    );
    let written = reviews(folder.path());
    assert!(written.contains("verdict: explained") && !written.contains('\r'), "{written}");
    let page = desk.get(PAGE);
    assert!(page.text().contains("Explained") && page.text().contains("two"));

    let undone = desk.post("/undo", &hidden_fields(&page, "/undo"));
    assert_eq!(
        (undone.status, undone.header("location")),
        (303, Some(&*format!("{PAGE}#review-undone"))),
        "{undone:?}"
    );
    assert!(!reviews(folder.path()).contains("explained"));
    assert_eq!(fs::read_to_string(folder.path().join("raid.yaml")).unwrap(), CLAIMS);
}

#[test]
fn new_reviews_file_ends_its_lines_as_the_other_files_do() {
    let folder = folder();
    fs::write(folder.path().join("raid.yaml"), CLAIMS.replace('\n', "\r\n")).unwrap();
    let desk = Desk::start(folder.path(), &[]);
    let answer =
        desk.post(PAGE, &(form_fields(&desk) + "verdict=explained&because=timing&by=desk&note=one%0D%0Atwo"));
    assert_eq!(answer.status, 303, "{answer:?}");
    let written = reviews(folder.path());
    assert!(written.contains("verdict: explained\r\n"), "{written:?}");
    assert!(written.split_terminator('\n').all(|line| line.ends_with('\r')), "{written:?}");
}

#[test]
fn review_of_claims_that_just_changed_is_refused_and_shows_them() {
    let folder = folder();
    let desk = Desk::start(folder.path(), &[]);
    let sent = form_fields(&desk) + "verdict=explained&because=timing&by=desk&note=typed%20before";
    fs::write(folder.path().join("raid.yaml"), CLAIMS.replace("value: 80", "value: 81")).unwrap();
    let answer = desk.post(PAGE, &sent);
    assert_eq!(answer.status, 409);
    let page = answer.text();
    for shown in ["Not saved", "typed before", "80", "81", "name=\"anyway\""] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert_eq!(reviews(folder.path()), "");
    let anyway = hidden_fields(&answer, PAGE) + "verdict=explained&because=timing&by=desk&anyway=yes";
    assert_eq!(desk.post(PAGE, &anyway).status, 303);
    assert!(reviews(folder.path()).contains("explained"));
}

#[test]
fn saving_at_the_same_time_shows_one_reviewer_the_review_of_the_other() {
    let folder = folder();
    let desk = Desk::start(folder.path(), &[]);
    let sent = form_fields(&desk);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let reviewer = |who: usize| {
            let (sent, desk) = (format!("{sent}verdict=open&by=reviewer-{who}&note=n{who}"), &desk);
            scope.spawn(move || desk.post(PAGE, &sent).status)
        };
        let sending: Vec<_> = (0..8).map(reviewer).collect();
        sending.into_iter().map(|sending| sending.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 7, "{statuses:?}");
    let written = reviews(folder.path());
    assert_eq!(written.matches("verdict:").count(), 1, "{written}");
    let late = desk.post(PAGE, &format!("{sent}verdict=open&by=late&note=late"));
    assert_eq!(late.status, 409);
    assert!(late.text().contains("reviewer-"), "the review of the other is shown");
}

#[test]
fn incomplete_review_is_refused_with_the_reason_and_keeps_its_text() {
    let folder = folder();
    let desk = Desk::start(folder.path(), &[]);
    for (sent, lacks) in
        [("verdict=settled&by=desk&note=kept+text", "figure"), ("by=desk&note=kept+text", "verdict")]
    {
        let answer = desk.post(PAGE, &(form_fields(&desk) + sent));
        assert_eq!(answer.status, 422, "{sent}");
        assert!(answer.text().contains("kept text") && answer.text().contains(lacks), "{sent}");
    }
    let forged = desk.post(PAGE, "token=0&verdict=open&by=desk&note=kept+text");
    assert_eq!(forged.status, 403);
    assert!(forged.text().contains("kept text"), "a page from before a restart of the desk loses nothing");
    let script = form_fields(&desk)
        + "verdict=settled&by=desk&note=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let answer = desk.post(PAGE, &script);
    assert!(!answer.text().contains("<script>"));
    super::crawl::links(PAGE, answer.text());
    assert_eq!(desk.post("/question/no/such", &(form_fields(&desk) + "verdict=open")).status, 404);
    assert_eq!(desk.post("/undo", &(form_fields(&desk) + "review=none")).status, 404);
    assert_eq!(reviews(folder.path()), "");
}

#[test]
fn manual_edit_of_the_file_of_reviews_is_not_overwritten() {
    let folder = folder();
    let desk = Desk::start(folder.path(), &[]);
    assert_eq!(desk.post(PAGE, &(form_fields(&desk) + "verdict=open&by=desk&note=first")).status, 303);
    let sent = form_fields(&desk) + "verdict=open&by=desk&note=second";
    let file = folder.path().join("reviews.yaml");
    fs::write(&file, reviews(folder.path()) + "# by hand\n").unwrap();
    let answer = desk.post(PAGE, &sent);
    assert_eq!(answer.status, 409);
    assert!(answer.text().contains("# by hand"));
    assert_eq!(desk.post(PAGE, &(form_fields(&desk) + "verdict=open&by=desk&note=second")).status, 303);
    let written = reviews(folder.path());
    assert!(
        written.contains("# by hand") && written.contains("first") && written.contains("second"),
        "{written}"
    );
}
