//! Routes from URLs to pages. URLs never become paths on disk: things are looked up by id, and assets by name in a
//! list.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use futures_util::stream;
use percent_encoding::percent_decode_str;

use super::connections::closed;
use super::snapshot::Snapshot;
use super::{Served, access, saving};
use gainsay_analysis::finding::fingerprint;
use gainsay_analysis::id::{ActorId, QuestionId};
use gainsay_analysis::model::Model;
use gainsay_analysis::rules;
use gainsay_reading::names::did_you_mean;
use gainsay_report::report::html::{ASSETS, Filter, Form, Links, Page, PageContext, Reviewing};

/// How long a request may take, including its body.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// How often a page that follows the files receives a sign of life.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Longer ids get no suggestions.
const MAX_ID_CHARS: usize = 200;
/// The most slashes of a URL that are tried as the one between two ids.
const MAX_SLASHES: usize = 64;

/// All routes of the desk.
pub(super) fn router(served: &Arc<Served>) -> Router {
    Router::new()
        .route("/live", get(live))
        .route("/graph.json", get(graph_data))
        .route("/assets/{*name}", get(asset))
        .route("/question/{*id}", get(page).post(saving::review))
        .route("/undo", post(saving::undo))
        .fallback(get(page))
        .layer(middleware::from_fn(within_time_limit))
        .layer(middleware::from_fn_with_state(Arc::clone(served), access::guard))
        .with_state(Arc::clone(served))
}

/// The page at a URL. None if there is no such page.
fn find_page(desk: &PageContext<'_>, address: &Address) -> Option<Page> {
    let model = &desk.analysis.model;
    let id = address.id.as_str();
    let page = match address.kind.as_str() {
        "" if id.is_empty() => desk.disputes(&Filter::from_query(model, &address.query)),
        "events" if id.is_empty() => desk.events(address.page()),
        "actors" if id.is_empty() => desk.actors(address.page()),
        "sources" if id.is_empty() => desk.sources(address.page()),
        "parties" if id.is_empty() => desk.parties(address.page()),
        "parties" => {
            let (one, other) = pair(model, id)?;
            desk.pair(one, other, address.page())
        }
        "graph" if id.is_empty() => desk.graph(address.page()),
        "rules" if id.is_empty() => desk.rules(),
        "files" if id.is_empty() => desk.files(address.page()),
        "question" => desk.question(model.find_question(id)?, None),
        "answers" => desk.answers(model.find_question(id)?, address.page()),
        "event" => desk.event(model.subjects.find(id)?, address.page()),
        "actor" => desk.actor(model.actors.find(id)?, address.page()),
        "source" => desk.source(model.sources.find(id)?, address.page(), address.query_value("claim")),
        "rule" => desk.rule(rules::known(id)?),
        "file" => desk.file(desk.files.find(id)?, address.page(), address.number("line")),
        _ => return None,
    };
    Some(page)
}

/// The two actors in a URL, separated by a slash. Ids may contain slashes as well, so several are tried.
fn pair(model: &Model, ids: &str) -> Option<(ActorId, ActorId)> {
    let mut splits = ids.match_indices('/').take(MAX_SLASHES);
    splits.find_map(|(at, _)| Some((model.actors.find(&ids[..at])?, model.actors.find(&ids[at + 1..])?)))
}

/// The URL and id that a mistyped URL most likely means.
fn suggestion(desk: &PageContext<'_>, address: &Address) -> Option<(String, String)> {
    let model = &desk.analysis.model;
    let id = address.id.as_str();
    if id.len() > MAX_ID_CHARS {
        return None;
    }
    let near = |known: &[smol_str::SmolStr]| {
        did_you_mean(id, known.iter().map(smol_str::SmolStr::as_str)).map(str::to_owned)
    };
    let likely = match address.kind.as_str() {
        "question" | "answers" => {
            let names: Vec<String> = model.question_ids().map(|id| model.question_name(id)).collect();
            did_you_mean(id, names.iter().map(String::as_str)).map(str::to_owned)
        }
        "event" => near(model.subjects.names()),
        "actor" => near(model.actors.names()),
        "source" => near(model.sources.names()),
        "rule" => did_you_mean(id, rules::names()).map(str::to_owned),
        "file" => did_you_mean(id, desk.files.iter().map(|(_, file)| file.path())).map(str::to_owned),
        _ => None,
    };
    likely.map(|likely| (desk.links.to(&address.kind, &likely), likely))
}

/// A parsed URL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Address {
    /// The kind of page, such as `actor`. Empty for the first page.
    pub kind: String,
    /// The id of a thing. Empty for a list.
    pub id: String,
    /// The query: names and values.
    pub query: Vec<(String, String)>,
}

impl Address {
    /// Parses a URL. None if it is not UTF-8.
    pub(super) fn read(uri: &Uri) -> Option<Self> {
        let path = uri.path().strip_prefix('/')?;
        let (kind, id) = path.split_once('/').unwrap_or((path, ""));
        let text = |part: &str| percent_decode_str(part).decode_utf8().ok().map(std::borrow::Cow::into_owned);
        let id = text(id)?;
        // Links write `..` as `../` (with an encoded slash), so that a browser does not go up one level.
        let id =
            id.strip_suffix('/').filter(|id| matches!(last_part(id), "." | "..")).unwrap_or(&id).to_owned();
        let query = axum::extract::Query::try_from_uri(uri).map(|query| query.0).unwrap_or_default();
        Some(Self { kind: text(kind)?, id, query })
    }

    /// The page of a list, from 1.
    fn page(&self) -> usize {
        self.number("page").unwrap_or(1)
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.query_value(name)?.parse().ok()
    }

    /// The value of a name in the query.
    fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Served {
    /// The page context for a snapshot, with the review form for a question.
    pub(super) fn desk<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        question: Option<QuestionId>,
    ) -> PageContext<'a> {
        let (file, print) = snapshot.home(question);
        let form = Form { token: self.access_rules.token(), file, print };
        PageContext {
            files: &snapshot.files,
            analysis: &snapshot.analysis,
            index: &snapshot.index,
            links: Links::Served,
            reviewing: if self.access_rules.is_read_only() {
                Reviewing::Command
            } else {
                Reviewing::Form(form)
            },
            place: &self.place,
            read: &snapshot.read,
        }
    }

    /// A complete HTML page, with the version of the snapshot.
    pub(super) fn whole(&self, snapshot: &Snapshot, page: &Page) -> String {
        let version = format!("{}-{}", self.run, snapshot.version);
        self.desk(snapshot, None).served(page, &version, &snapshot.notices)
    }
}

/// Handles all page URLs.
async fn page(State(served): State<Arc<Served>>, uri: Uri, headers: HeaderMap) -> Response {
    let snapshot = served.live.snapshot();
    let tag = format!(
        "\"{}-{}-{:016x}\"",
        served.run,
        snapshot.version,
        fingerprint([uri.path(), uri.query().unwrap_or_default()])
    );
    if is_known(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, cached(&tag)).into_response();
    }
    if let Some(page) = snapshot.kept.find(&uri) {
        return (cached(&tag), html(StatusCode::OK, page)).into_response();
    }
    blocking(move || {
        let address = Address::read(&uri);
        let question = address.as_ref().filter(|address| address.kind == "question");
        let question = question.and_then(|address| snapshot.analysis.model.find_question(&address.id));
        let desk = served.desk(&snapshot, question);
        if let Some(why) = snapshot.trouble.as_deref().filter(|_| uri.path() == "/") {
            return html(StatusCode::OK, served.whole(&snapshot, &desk.out_of_reach(why)));
        }
        if let Some(page) = address.as_ref().and_then(|address| find_page(&desk, address)) {
            let page = Bytes::from(served.whole(&snapshot, &page));
            snapshot.kept.keep(&uri, &page);
            return (cached(&tag), html(StatusCode::OK, page)).into_response();
        }
        let suggestion = address.and_then(|address| suggestion(&desk, &address));
        html(StatusCode::NOT_FOUND, served.whole(&snapshot, &desk.not_found(suggestion.as_ref())))
    })
    .await
}

/// Serves the data of the graph.
async fn graph_data(State(served): State<Arc<Served>>, headers: HeaderMap) -> Response {
    let snapshot = served.live.snapshot();
    let tag = format!("\"{}-{}-graph\"", served.run, snapshot.version);
    if is_known(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, cached(&tag)).into_response();
    }
    blocking(move || {
        let data = served.desk(&snapshot, None).graph_data();
        (cached(&tag), [(header::CONTENT_TYPE, "application/json")], data).into_response()
    })
    .await
}

/// Serves a file that pages load.
async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return (StatusCode::NOT_FOUND, "There is no such asset.\n").into_response();
    };
    let tag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(asset.bytes));
    if is_known(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, cached(&tag)).into_response();
    }
    (cached(&tag), [(header::CONTENT_TYPE, asset.kind)], Bytes::from_static(asset.bytes)).into_response()
}

/// Streams the version of the files, now and whenever it changes.
async fn live(State(served): State<Arc<Served>>) -> Response {
    let Ok(place) = Arc::clone(&served.listeners).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "Too many open pages follow the files.\n").into_response();
    };
    let mut versions = served.live.versions();
    versions.mark_changed();
    let start = (versions, served.closing.subscribe(), served.run.clone(), place);
    let events = stream::unfold(start, |(mut versions, mut closing, run, place)| async move {
        tokio::select! {
            changed = versions.changed() => changed.ok()?,
            () = closed(&mut closing) => return None,
        }
        let version = *versions.borrow_and_update();
        let event = Event::default().data(format!("{run}-{version}"));
        Some((Ok::<_, Infallible>(event), (versions, closing, run, place)))
    });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    ([(header::CACHE_CONTROL, "no-store")], events).into_response()
}

fn last_part(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or_default()
}

/// A page as an answer.
pub(super) fn html(status: StatusCode, page: impl Into<Bytes>) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.into()).into_response()
}

/// Makes an answer on a thread for blocking work. A panic becomes an error answer.
pub(super) async fn blocking(make: impl FnOnce() -> Response + Send + 'static) -> Response {
    tokio::task::spawn_blocking(make).await.unwrap_or_else(|_| {
        let why =
            "gainsay failed to make this page. This is a bug in gainsay, not a problem in your files.\n";
        (StatusCode::INTERNAL_SERVER_ERROR, why).into_response()
    })
}

/// Headers that let a browser, but not a proxy, keep an answer and revalidate it each time.
fn cached(tag: &str) -> [(header::HeaderName, String); 2] {
    [(header::ETAG, tag.to_owned()), (header::CACHE_CONTROL, "private, no-cache".to_owned())]
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|known| known.to_str().ok());
    known.flat_map(|known| known.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag)
}

async fn within_time_limit(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "The answer took too long.\n").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_reads_what_links_write() {
        let read = |address: &str| Address::read(&address.parse().unwrap()).unwrap();
        let id = "../x/\"><script> @2024";
        let address = read(&Links::Served.to("file", id));
        assert_eq!((address.kind.as_str(), address.id.as_str()), ("file", id));
        for id in [".", "..", "a/..", "../..", "...", "a/", "/", ""] {
            let address = Links::Served.to("file", id);
            assert_eq!(read(&address).id, id, "{address}");
            let is_plain = address.split('/').all(|part| !matches!(part, "." | ".."));
            assert!(is_plain, "a browser reads {address} otherwise");
        }
        let address = read("/?q=a+b&q=%C3%A9&page=2");
        assert_eq!((address.kind.as_str(), address.page()), ("", 2));
        assert_eq!(address.query[..2], [("q".into(), "a b".into()), ("q".into(), "é".into())]);
        assert_eq!(Address::read(&"/actor/%ff".parse().unwrap()), None);
    }

    #[tokio::test]
    async fn blocking_turns_a_panic_into_an_answer() {
        let answer = blocking(|| panic!("a page that fails")).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    /// A form that removes a review that does not exist.
    fn form() -> Request {
        let kind = (header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = axum::http::Request::builder().method("POST").uri("/undo").header(kind.0, kind.1);
        request.body("review=none".into()).unwrap()
    }

    #[test]
    fn page_is_answered_while_forms_wait_for_an_analysis() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.yaml"), "actors: { north: {} }\n").unwrap();
        let followed = gainsay_folder::folder::Followed::open(
            folder.path(),
            None,
            gainsay_folder::folder::Access::default(),
            None,
            &|_, _| {},
        )
        .unwrap();
        let address = std::net::Ipv4Addr::LOCALHOST.into();
        let listen = crate::web::Listen::Tcp { address, port: Some(0) };
        let settings = crate::web::DeskSettings { listen, ..Default::default() };
        let served = crate::web::Server::open(settings, followed).unwrap().served;
        // An analysis of the folder holds the reader until it is done.
        let (begin, has_begun) = std::sync::mpsc::channel();
        let (release, is_released) = std::sync::mpsc::channel::<()>();
        let analysing = {
            let served = Arc::clone(&served);
            let hold = move |_: &_, _: &_, _| {
                begin.send(()).unwrap();
                is_released.recv().ok();
            };
            std::thread::spawn(move || served.live.write(hold))
        };
        has_begun.recv().unwrap();
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().max_blocking_threads(2).build().unwrap();
        runtime.block_on(async {
            let send = || tokio::spawn(saving::undo(State(Arc::clone(&served)), form()));
            let forms: Vec<_> = (0..4).map(|_| send()).collect();
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            let query_value = page(State(Arc::clone(&served)), "/".parse().unwrap(), HeaderMap::new());
            let answer =
                tokio::time::timeout(REQUEST_TIMEOUT, query_value).await.expect("no page waits for a form");
            assert_eq!(answer.status(), StatusCode::OK);
            assert!(forms.iter().all(|form| !form.is_finished()), "each waits for the analysis");
            drop(release);
            for form in forms {
                assert_eq!(form.await.unwrap().status(), StatusCode::NOT_FOUND);
            }
        });
        analysing.join().unwrap();
    }
}
