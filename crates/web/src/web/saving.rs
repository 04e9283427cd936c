//! Reviews written from the desk: the state on disk is read and compared with what the page was made
//! from, then changed and read again. A lock keeps others from writing meanwhile, and no typed text is lost.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Served;
use super::live::FolderReader;
use super::pages::{Address, blocking, html};
use super::snapshot::{NEW_FILE, Snapshot};
use gainsay_analysis::dispute::Decision;
use gainsay_analysis::document::Word;
use gainsay_analysis::id::QuestionId;
use gainsay_edit::edit::{self, FileChange, Refusal};
use gainsay_folder::folder::{self, FolderError, ReplaceError};
use gainsay_reading::period::Day;
use gainsay_report::report::html::{Links, Refused};

/// The largest form, in bytes.
const MAX_FORM_BYTES: usize = 64 * 1024;
/// How long the body of a form may take.
const FORM_TIMEOUT: Duration = Duration::from_secs(10);

/// A form as it was sent.
pub(super) struct Sent(Vec<(String, String)>);

impl Sent {
    /// Its fields by name, in order.
    pub(super) fn fields(&self) -> &[(String, String)] {
        &self.0
    }

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
            // Forms send Windows line endings.
            note: self.field("note").replace("\r\n", "\n"),
            by: self.field("by").to_owned(),
        }
    }
}

/// Why a form was not saved.
struct NotSaved {
    status: StatusCode,
    why: String,
    diff: String,
}

impl NotSaved {
    fn new(status: StatusCode, why: impl Into<String>) -> Self {
        Self { status, why: why.into(), diff: String::new() }
    }

    /// The outcome on the page of a question, with the typed text.
    fn for_question(self, question: &str, decision: Decision) -> FormOutcome {
        let mut letters = self.why.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        let why = format!("{first}{}.", letters.as_str().trim_end_matches('.'));
        FormOutcome::NotSaved(self.status, Refused { decision, why, diff: self.diff }, question.to_owned())
    }
}

impl From<Refusal> for NotSaved {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::ClaimsChanged { .. } | Refusal::FileChanged { .. } => StatusCode::CONFLICT,
            Refusal::Unknown(_) => StatusCode::NOT_FOUND,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self { status, why: refusal.to_string(), diff: refusal.diff() }
    }
}

impl From<FolderError> for NotSaved {
    /// The folder cannot be locked.
    fn from(error: FolderError) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}

/// Saves a review of a question, sent by the form on its page.
pub(super) async fn review(State(served): State<Arc<Served>>, request: Request) -> Response {
    let uri = request.uri().clone();
    let sent = match read(request).await {
        Ok(sent) => sent,
        Err(answer) => return answer,
    };
    let turn = Arc::clone(&served.writing).lock_owned().await;
    blocking(move || {
        let _turn = turn;
        let Some(address) = Address::read(&uri) else { return question_gone(&served, &sent.decision()) };
        served
            .live
            .write(|reader, snapshot, locked| save(&served, reader, snapshot, locked, &address.id, &sent))
            .finish(&served)
    })
    .await
}

/// Removes a review, sent by the history on the page of its question.
pub(super) async fn undo(State(served): State<Arc<Served>>, request: Request) -> Response {
    let sent = match read(request).await {
        Ok(sent) => sent,
        Err(answer) => return answer,
    };
    let turn = Arc::clone(&served.writing).lock_owned().await;
    blocking(move || {
        let _turn = turn;
        let act = |reader: &FolderReader, snapshot: &Snapshot, locked| {
            remove_review(&served, reader, snapshot, locked, &sent)
        };
        served.live.write(act).finish(&served)
    })
    .await
}

/// Reads a form, within its limits.
///
/// # Errors
/// The answer to a request that is not a valid form.
pub(super) async fn read(request: Request) -> Result<Sent, Response> {
    let (head, body) = request.into_parts();
    if !is_form(&head.headers) {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "This address takes a form only.\n").into_response());
    }
    let too_large = || (StatusCode::PAYLOAD_TOO_LARGE, "This form is too large.\n").into_response();
    // A body that announces its size is refused before it is read.
    if body.size_hint().lower() > MAX_FORM_BYTES as u64 {
        return Err(too_large());
    }
    let Ok(read) = tokio::time::timeout(FORM_TIMEOUT, to_bytes(body, MAX_FORM_BYTES)).await else {
        let close = [(header::CONNECTION, "close")];
        return Err(
            (StatusCode::REQUEST_TIMEOUT, close, "This form took too long to arrive.\n").into_response()
        );
    };
    let bytes = read.map_err(|_| too_large())?;
    let request = Request::from_parts(head, Body::from(bytes));
    let form = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await;
    form.map(|axum::Form(fields)| Sent(fields)).map_err(IntoResponse::into_response)
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The outcome of a form.
enum FormOutcome {
    /// Saved. The URL of the page that shows it.
    Written(String),
    /// Not saved. The page of the question, given by name, says why.
    NotSaved(StatusCode, Refused, String),
    /// There is no such question or review. Holds the typed text.
    Gone(Decision),
}

impl FormOutcome {
    fn finish(self, served: &Served) -> Response {
        match self {
            Self::Written(page) => (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response(),
            Self::NotSaved(status, refused, question) => {
                let snapshot = served.live.snapshot();
                let Some(id) = snapshot.analysis.model.find_question(&question) else {
                    return question_gone(served, &refused.decision);
                };
                let page = served.desk(&snapshot, Some(id)).question(id, Some(&refused));
                html(status, served.whole(&snapshot, &page))
            }
            Self::Gone(decision) => question_gone(served, &decision),
        }
    }
}

fn question_gone(served: &Served, decision: &Decision) -> Response {
    let snapshot = served.live.snapshot();
    let page = served.desk(&snapshot, None).gone(decision);
    html(StatusCode::NOT_FOUND, served.whole(&snapshot, &page))
}

fn save(
    served: &Served,
    reader: &FolderReader,
    snapshot: &Snapshot,
    locked: Result<(), FolderError>,
    question: &str,
    sent: &Sent,
) -> FormOutcome {
    let decision = sent.decision();
    let Some(id) = snapshot.analysis.model.find_question(question) else {
        return FormOutcome::Gone(decision);
    };
    let checked = check(served, reader, snapshot, id, sent).and_then(|()| Ok(locked?));
    let written = checked.and_then(|()| {
        let new_file = reader.followed.new_file(NEW_FILE);
        let workspace = reader.followed.workspace();
        write_change(reader, &edit::review(workspace, &snapshot.analysis, id, &decision, today(), &new_file)?)
    });
    match written {
        Ok(()) => FormOutcome::Written(review_location(question, "review-saved")),
        Err(unsaved) => unsaved.for_question(question, decision),
    }
}

fn remove_review(
    served: &Served,
    reader: &FolderReader,
    snapshot: &Snapshot,
    locked: Result<(), FolderError>,
    sent: &Sent,
) -> FormOutcome {
    let id = sent.field("review");
    let review = snapshot.analysis.model.reviews.iter().find(|review| review.id == id);
    let Some(question) = review.and_then(|review| review.question) else {
        return FormOutcome::Gone(Decision::default());
    };
    let name = snapshot.analysis.model.question_name(question);
    let checked = check_token(served, sent).and_then(|()| check_file(reader, snapshot, question, sent));
    let checked = checked.and_then(|()| Ok(locked?));
    match checked.and_then(|()| write_change(reader, &edit::withdraw(reader.followed.workspace(), id)?)) {
        Ok(()) => FormOutcome::Written(review_location(&name, "review-undone")),
        Err(unsaved) => unsaved.for_question(&name, Decision::default()),
    }
}

/// The URL of the reviews on the page of a question, at the message about the outcome.
fn review_location(question: &str, message: &str) -> String {
    format!("{}#{message}", Links::Served.to("question", question))
}

/// Compares what a page was made from with the state on disk.
fn check(
    served: &Served,
    reader: &FolderReader,
    snapshot: &Snapshot,
    question: QuestionId,
    sent: &Sent,
) -> Result<(), NotSaved> {
    check_token(served, sent)?;
    if !sent.field("anyway").is_empty() {
        return Ok(());
    }
    check_claims(reader, snapshot, question, sent)?;
    check_file(reader, snapshot, question, sent)
}

fn check_token(served: &Served, sent: &Sent) -> Result<(), NotSaved> {
    if served.access_rules.is_token(sent.field("token")) {
        return Ok(());
    }
    let why = "the desk was restarted after this page was made: check the page, then save again";
    Err(NotSaved::new(StatusCode::FORBIDDEN, why))
}

/// Compares the claims of a dispute as a page showed them with those on disk.
fn check_claims(
    reader: &FolderReader,
    snapshot: &Snapshot,
    question: QuestionId,
    sent: &Sent,
) -> Result<(), NotSaved> {
    let name = snapshot.analysis.model.question_name(question);
    let known = sent.field("seen");
    let mut passed = reader.previous.iter().rev().filter_map(|previous| previous.disputes.get(&name));
    let then = passed.find(|was| was.seen == known).map_or(&[][..], |was| &was.saw);
    Ok(edit::check_claims_unchanged(&snapshot.analysis, question, known, then)?)
}

/// Compares the file of reviews that a page was made from with the one on disk.
fn check_file(
    reader: &FolderReader,
    snapshot: &Snapshot,
    question: QuestionId,
    sent: &Sent,
) -> Result<(), NotSaved> {
    let (home, known) = (snapshot.home(Some(question)).0, sent.field("print"));
    let mut passed = reader.previous.iter().rev().map(|previous| &previous.files);
    let then = passed.find(|then| edit::fingerprint_of(then, home) == known);
    Ok(edit::check_file_unchanged(&snapshot.files, home, known, then)?)
}

/// Writes a change if the file has not changed since.
fn write_change(reader: &FolderReader, change: &FileChange) -> Result<(), NotSaved> {
    let (path, before) = (Path::new(&change.path), change.before.as_deref());
    let followed = &reader.followed;
    match folder::replace(&followed.access().recovery, followed.path(), path, before, &change.after) {
        Ok(()) => Ok(()),
        Err(ReplaceError::Changed { path, on_disk }) => {
            let diff = edit::diff(&path, before, on_disk.as_deref().unwrap_or_default());
            Err(Refusal::FileChanged { path, diff }.into())
        }
        Err(error @ ReplaceError::Barred { .. }) => {
            Err(NotSaved::new(StatusCode::CONFLICT, error.to_string()))
        }
        Err(error) => Err(NotSaved::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
    }
}

/// Today in the time zone of this machine.
fn today() -> Day {
    let today = jiff::Zoned::now().date();
    Day::from_ymd(today.year(), today.month(), today.day())
        .expect("the calendar of the clock is that of days")
}
