//! Reviews written from the desk: what is on disk at that moment is read, held against what the page was made
//! of, changed, and read again. Nobody else writes meanwhile; nothing typed is lost.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::live::{Past, Reader};
use super::pages::{Address, blocking, html};
use super::snapshot::{Snapshot, print_of};
use super::{Served, difference};
use crate::dispute::Decision;
use crate::document::Word;
use crate::edit::{self, Change};
use crate::folder;
use crate::id::{Id as _, QuestionId};
use crate::period::Day;
use crate::report::html::{Links, Refused};

/// A form may be so large.
const LARGEST_FORM: usize = 64 * 1024;

/// A form as it was sent.
struct Sent(Vec<(String, String)>);

impl Sent {
    fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    fn word<W: Word>(&self, name: &str) -> Option<W> {
        let written = self.field(name);
        W::ALL.iter().find(|(word, _)| *word == written).map(|(_, value)| *value)
    }

    fn decision(&self) -> Decision {
        Decision {
            verdict: self.word("verdict"),
            because: self.word("because"),
            figure: self.field("figure").to_owned(),
            // A form sends lines as Windows ends them.
            note: self.field("note").replace("\r\n", "\n"),
            by: self.field("by").to_owned(),
        }
    }
}

/// Why a form was not written down.
struct Unsaved {
    status: StatusCode,
    why: String,
    diff: String,
}

impl Unsaved {
    fn new(status: StatusCode, why: impl Into<String>) -> Self {
        Self { status, why: why.into(), diff: String::new() }
    }
}

/// A review of a question, sent by the form on its page.
pub(super) async fn review(State(served): State<Arc<Served>>, request: Request) -> Response {
    let uri = request.uri().clone();
    let sent = match read(request).await {
        Ok(sent) => sent,
        Err(answer) => return answer,
    };
    blocking(move || {
        let Some(address) = Address::read(&uri) else { return gone() };
        served
            .live
            .write(|reader, snapshot| save(&served, reader, snapshot, &address.id, &sent))
            .finish(&served)
    })
    .await
}

/// A review taken out again, sent by the history on the page of its question.
pub(super) async fn undo(State(served): State<Arc<Served>>, request: Request) -> Response {
    let sent = match read(request).await {
        Ok(sent) => sent,
        Err(answer) => return answer,
    };
    blocking(move || {
        served.live.write(|reader, snapshot| take_out(&served, reader, snapshot, &sent)).finish(&served)
    })
    .await
}

async fn read(request: Request) -> Result<Sent, Response> {
    let (head, body) = request.into_parts();
    if !is_form(&head.headers) {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "A form is expected.\n").into_response());
    }
    let too_large = |_| (StatusCode::PAYLOAD_TOO_LARGE, "This form is too large.\n").into_response();
    let bytes = to_bytes(body, LARGEST_FORM).await.map_err(too_large)?;
    let request = Request::from_parts(head, Body::from(bytes));
    let form = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await;
    form.map(|axum::Form(fields)| Sent(fields)).map_err(axum::response::IntoResponse::into_response)
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// What became of a form.
enum Outcome {
    /// Written; the page to see it on.
    Written(String),
    /// Not written, and the page says why.
    Unsaved(StatusCode, Refused, QuestionId),
    /// Not written, and there is no page to say it on.
    Refused(StatusCode, String),
    /// There is no such question or review.
    Gone,
}

impl Outcome {
    fn finish(self, served: &Served) -> Response {
        match self {
            Self::Written(page) => (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response(),
            Self::Unsaved(status, refused, question) => {
                let snapshot = served.live.snapshot();
                if question.index() >= snapshot.analysis.model.question_ids().len() {
                    return gone();
                }
                let page = served.desk(&snapshot).question(question, Some(&refused));
                html(status, served.whole(&snapshot, &page))
            }
            Self::Refused(status, why) => (status, why + "\n").into_response(),
            Self::Gone => gone(),
        }
    }
}

fn gone() -> Response {
    (StatusCode::NOT_FOUND, "What this form is about is no longer in the files.\n").into_response()
}

fn save(served: &Served, reader: &Reader, snapshot: &Snapshot, question: &str, sent: &Sent) -> Outcome {
    let Some(id) = snapshot.analysis.model.find_question(question) else { return Outcome::Gone };
    let decision = sent.decision();
    let written = check(served, reader, snapshot, id, sent).and_then(|()| {
        let new_file = reader.followed.new_file("reviews.yaml");
        let workspace = reader.followed.workspace();
        let change = edit::review(workspace, &snapshot.analysis, id, &decision, today(), &new_file)
            .map_err(|refusal| Unsaved::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string()))?;
        put(&change)
    });
    match written {
        Ok(()) => Outcome::Written(page_of(question)),
        Err(Unsaved { status, why, diff }) => Outcome::Unsaved(status, Refused { decision, why, diff }, id),
    }
}

/// The reviews on the page of a question.
fn page_of(question: &str) -> String {
    Links::Served.to("question", question) + "#review"
}

/// Holds what a page was made of against what is on disk.
fn check(
    served: &Served,
    reader: &Reader,
    snapshot: &Snapshot,
    question: QuestionId,
    sent: &Sent,
) -> Result<(), Unsaved> {
    check_token(served, sent)?;
    if !sent.field("anyway").is_empty() {
        return Ok(());
    }
    let dispute = snapshot.index.dispute(question).map(|at| &snapshot.analysis.disputes[at]);
    let seen = dispute.map_or("", |dispute| dispute.seen.as_str());
    if sent.field("seen") != seen {
        let name = snapshot.analysis.model.question_name(question);
        let was = |past: &&Past| past.seen.get(&name).is_some_and(|was| was == sent.field("seen"));
        let why = "the claims on this question changed after this page was made";
        return Err(changed(why, reader.past.iter().rev().find(was), snapshot));
    }
    check_print(reader, snapshot, sent)
}

fn check_token(served: &Served, sent: &Sent) -> Result<(), Unsaved> {
    if served.gate.is_token(sent.field("token")) {
        return Ok(());
    }
    let why = "this page was made before the desk was started anew; look at it again, then save";
    Err(Unsaved::new(StatusCode::FORBIDDEN, why))
}

/// Holds the file of reviews as a page knew it against the one on disk.
fn check_print(reader: &Reader, snapshot: &Snapshot, sent: &Sent) -> Result<(), Unsaved> {
    let known = sent.field("print");
    if known == snapshot.print {
        return Ok(());
    }
    let was = |past: &&Past| {
        let file = past.files.find(&snapshot.reviews);
        file.map_or_else(String::new, |file| print_of(past.files[file].text())) == known
    };
    let why = format!("`{}` changed on disk after this page was made", snapshot.reviews);
    Err(changed(&why, reader.past.iter().rev().find(was), snapshot))
}

/// That a page is no longer what is on disk, with the difference where the version it was made of is known.
fn changed(why: &str, past: Option<&Past>, snapshot: &Snapshot) -> Unsaved {
    let diff = past.map(|past| difference::between(&past.files, &snapshot.files)).unwrap_or_default();
    Unsaved { status: StatusCode::CONFLICT, why: why.to_owned(), diff }
}

fn take_out(served: &Served, reader: &Reader, snapshot: &Snapshot, sent: &Sent) -> Outcome {
    let id = sent.field("review");
    let review = snapshot.analysis.model.reviews.iter().find(|review| review.id == id);
    let Some(question) = review.and_then(|review| review.question) else { return Outcome::Gone };
    let checked = check_token(served, sent).and_then(|()| check_print(reader, snapshot, sent));
    let written = checked.and_then(|()| {
        let change = edit::withdraw(reader.followed.workspace(), id);
        put(&change.map_err(|refusal| Unsaved::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string()))?)
    });
    match written {
        Ok(()) => Outcome::Written(page_of(&snapshot.analysis.model.question_name(question))),
        Err(Unsaved { status, why, diff }) if status == StatusCode::CONFLICT => {
            Outcome::Unsaved(status, Refused { decision: Decision::default(), why, diff }, question)
        }
        Err(Unsaved { status, why, .. }) => Outcome::Refused(status, why),
    }
}

/// Writes a change where the file is still what it was made for.
fn put(change: &Change) -> Result<(), Unsaved> {
    folder::write(std::path::Path::new(&change.path), change.after.as_bytes()).map_err(|error| {
        Unsaved::new(StatusCode::INTERNAL_SERVER_ERROR, format!("cannot write `{}`: {error}", change.path))
    })
}

/// The day on which a review is made, where this machine stands.
fn today() -> Day {
    let today = jiff::Zoned::now().date();
    Day::from_ymd(today.year(), today.month(), today.day())
        .expect("the calendar of the clock is that of days")
}
