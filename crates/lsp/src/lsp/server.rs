//! The message loop: receives messages from the editor, passes them to the threads that do the work, and sends answers.
//!
//! It does not analyse anything itself. A request goes to the analysis thread. If it is not answered within a grace
//! time, it is answered without the analysis (see `provisional`). Every request is answered exactly once.

mod documents;
mod progress;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{JoinHandle, ThreadId};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use gen_lsp_types::{
    CodeLensRefreshRequest, CodeLensRequest, DiagnosticRefreshRequest, DocumentDiagnosticRequest,
    ExecuteCommandRequest, InitializeParams, InlayHintRefreshRequest, InlayHintRequest,
    LogMessageNotification, LogMessageParams, MessageType, Request as _, WorkspaceDiagnosticRequest,
};
use lsp_server::{ErrorCode, Message, Request, RequestId, Response};

use super::answer::RequestAnswer;
use super::capabilities::{EditorCapabilities, server_capabilities};
use super::commands::{Commands, OpenDesk};
use super::events::{Outbox, PanicAlarm, ServerEvent};
use super::outgoing::{MessageSink, OutgoingMessage};
use super::position::Encoding;
use super::provisional::{Job, Provisional, path_of};
use super::queue::{Work, WorkSender, queue};
use super::responder::Responder;
use super::settings::LspSettings;
use super::shared::WorkspaceRegistry;
use super::texts::OpenTexts;
use super::worker::{WatchFolder, Worker};
use gainsay_analysis::workspace::in_own_threads;
use progress::AnalysisProgress;

/// How long a request waits for the analysis. Debug builds wait longer, because they are slow and tests run in
/// parallel.
const GRACE_TIME: Duration =
    if cfg!(debug_assertions) { Duration::from_secs(30) } else { Duration::from_millis(100) };

/// The largest number of events that wait for the message loop. A thread that sends more is blocked.
const MAX_EVENTS: usize = 64;

/// The stack size of each thread, as large as the usual one of a main thread.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// The editor disconnected without a `shutdown` request, which the protocol treats as a failure.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("client disconnected without `shutdown`")]
pub struct Abrupt;

/// Serves one editor until it ends the session, even while an analysis runs. `desk` opens the review desk of a
/// workspace. `watch` watches a folder and reports changes on the disk.
///
/// # Errors
/// If the editor disconnects without a `shutdown` request.
///
/// # Panics
/// If one of the other threads panics.
pub fn serve(
    incoming: &Receiver<Message>,
    out: &dyn MessageSink,
    settings: LspSettings,
    desk: Arc<OpenDesk>,
    watch: Arc<WatchFolder>,
) -> Result<(), Abrupt> {
    let (id, params) = wait_for_initialize(incoming, out).ok_or(Abrupt)?;
    let offered_encodings =
        params.capabilities.general.as_ref().and_then(|it| it.position_encodings.as_deref());
    let encoding = Encoding::agreed(offered_encodings);
    let answer = serde_json::json!({
        "capabilities": server_capabilities(encoding),
        "serverInfo": { "name": "gainsay", "version": env!("CARGO_PKG_VERSION") },
    });
    out.send(OutgoingMessage::response(&id, &answer));
    let (send, events) = bounded(MAX_EVENTS);
    let mut server =
        LanguageServer::start(out, settings, Outbox::new(send), encoding, &params, (desk, watch));
    server.run(incoming, &events)
}

/// Waits for the request `initialize`, and answers all earlier requests with an error. None if the editor disconnects
/// first.
fn wait_for_initialize(
    incoming: &Receiver<Message>,
    out: &dyn MessageSink,
) -> Option<(RequestId, InitializeParams)> {
    for message in incoming {
        let (id, code, why) = match message {
            Message::Request(request) if request.method == "initialize" => {
                match serde_json::from_value(request.params) {
                    Ok(params) => return Some((request.id, params)),
                    Err(error) => (request.id, ErrorCode::InvalidParams, error.to_string()),
                }
            }
            Message::Request(request) => (
                request.id,
                ErrorCode::ServerNotInitialized,
                "the first request must be `initialize`".to_owned(),
            ),
            Message::Notification(notification) if notification.method == "exit" => return None,
            Message::Notification(_) | Message::Response(_) => continue,
        };
        out.send(OutgoingMessage::error_response(id, code, why));
    }
    None
}

/// A request that is not answered yet.
struct WaitingRequest {
    request: Arc<Request>,
    /// The file that the request is about, and its number of changes when the request came.
    about: Option<(PathBuf, u64)>,
    /// When the request is answered without the analysis. None if that has begun already, and for commands.
    deadline: Option<Instant>,
}

/// The state of the message loop, for one editor.
struct LanguageServer<'a> {
    out: &'a dyn MessageSink,
    editor: EditorCapabilities,
    encoding: Encoding,
    grace: Duration,
    /// The open texts in their newest version.
    texts: OpenTexts,
    /// Messages that are not handled yet.
    inbox: VecDeque<Message>,
    waiting: VecDeque<WaitingRequest>,
    work: WorkSender,
    jobs: Sender<Job>,
    commands: Commands,
    /// The analysis thread, the thread for provisional answers, and those of running commands.
    threads: Vec<JoinHandle<()>>,
    /// The number of requests that were sent to the editor.
    sent_requests: i32,
    /// Refresh requests to send when the analysis is done: they make the editor repeat requests that failed meanwhile.
    requests_to_repeat: BTreeSet<&'static str>,
    progress: AnalysisProgress,
    /// Whether the analysis thread has nothing to do.
    is_idle: bool,
    /// Whether `shutdown` was answered. All later requests get an error.
    is_leaving: bool,
}

impl<'a> LanguageServer<'a> {
    /// Starts the threads.
    fn start(
        out: &'a dyn MessageSink,
        settings: LspSettings,
        outbox: Outbox,
        encoding: Encoding,
        params: &InitializeParams,
        (desk, watch): (Arc<OpenDesk>, Arc<WatchFolder>),
    ) -> Self {
        let editor = EditorCapabilities::new(&params.capabilities);
        let grace = settings.grace.unwrap_or(GRACE_TIME);
        let registry = Arc::new(WorkspaceRegistry::default());
        registry.set_settings(settings.clone());
        let responder = Responder { sessions: Vec::new(), editor, settings, outbox: outbox.clone() };
        let mut worker = Worker::new(responder, encoding, Arc::clone(&registry), watch);
        worker.configure(params.initialization_options.as_ref());
        worker.add_folders(params);
        let (work, receiver) = queue();
        let analysis = start_thread("analysis", &outbox, move || in_own_threads(|| worker.run(&receiver)));
        let provisional = Provisional {
            registry: Arc::clone(&registry),
            editor,
            encoding,
            outbox: outbox.clone(),
            copies: BTreeMap::new(),
        };
        let (jobs, receiver) = unbounded();
        let provisional = start_thread("provisional answers", &outbox, move || provisional.run(&receiver));
        let threads = vec![analysis, provisional].into_iter().collect::<std::io::Result<Vec<_>>>();
        Self {
            out,
            editor,
            encoding,
            grace,
            texts: OpenTexts::default(),
            inbox: VecDeque::new(),
            waiting: VecDeque::new(),
            work,
            jobs,
            commands: Commands { registry, desk, outbox, shows_documents: editor.shows_documents },
            threads: threads.expect("the server can start its threads"),
            sent_requests: 0,
            requests_to_repeat: BTreeSet::new(),
            progress: AnalysisProgress::new(editor.shows_progress, grace),
            is_idle: false,
            is_leaving: false,
        }
    }

    /// Handles messages until the editor disconnects or sends `exit`.
    fn run(&mut self, incoming: &Receiver<Message>, events: &Receiver<ServerEvent>) -> Result<(), Abrupt> {
        loop {
            while let Ok(message) = incoming.try_recv() {
                self.receive(message);
            }
            while let Ok(event) = events.try_recv() {
                self.on_event(event);
            }
            match self.inbox.pop_front() {
                Some(Message::Notification(notification)) if notification.method == "exit" => {
                    return self.exit_result();
                }
                Some(message) => {
                    self.handle(message, events);
                    continue;
                }
                None => {}
            }
            let timer = self.timer();
            crossbeam_channel::select_biased! {
                recv(incoming) -> message => match message {
                    Ok(message) => self.receive(message),
                    Err(_) => return self.exit_result(),
                },
                recv(events) -> event => if let Ok(event) = event { self.on_event(event) },
                recv(timer) -> _ => self.on_timer(Instant::now()),
            }
        }
    }

    fn exit_result(&self) -> Result<(), Abrupt> {
        if self.is_leaving { Ok(()) } else { Err(Abrupt) }
    }

    /// Puts a message into the inbox. `$/cancelRequest` is handled at once: the request is answered as cancelled.
    fn receive(&mut self, message: Message) {
        let Some(id) = documents::cancelled(&message) else { return self.inbox.push_back(message) };
        let is_cancelled =
            |message: &Message| matches!(message, Message::Request(request) if request.id == id);
        let in_inbox = self.inbox.iter().position(is_cancelled);
        if let Some(at) = in_inbox {
            self.inbox.remove(at);
        }
        if in_inbox.is_some() || self.take_waiting(&id).is_some() {
            self.work.remove(&id);
            self.send(OutgoingMessage::error_response(id, ErrorCode::RequestCanceled, "cancelled"));
        }
    }

    fn handle(&mut self, message: Message, events: &Receiver<ServerEvent>) {
        match message {
            Message::Request(request) => self.on_request(request, events),
            Message::Notification(_) if self.is_leaving => {}
            Message::Notification(notification) => self.on_notification(notification),
            Message::Response(response) => self.on_response(&response),
        }
    }

    fn on_request(&mut self, request: Request, events: &Receiver<ServerEvent>) {
        let refuse = |id, why: &str| OutgoingMessage::error_response(id, ErrorCode::InvalidRequest, why);
        match request.method.as_str() {
            _ if self.is_leaving => self.send(refuse(request.id, "the server was shut down already")),
            "shutdown" => {
                self.answer_waiting(events);
                self.is_leaving = true;
                self.send(OutgoingMessage::response(&request.id, &()));
            }
            "initialize" => self.send(refuse(request.id, "the server was initialised already")),
            _ => self.start_request(Arc::new(request)),
        }
    }

    /// Passes a request to the thread that answers it.
    fn start_request(&mut self, request: Arc<Request>) {
        let about = path_of(&request).map(|path| {
            let revision = self.texts.revision(&path);
            (path, revision)
        });
        let is_command = request.method == ExecuteCommandRequest::METHOD.as_str();
        let deadline = (!is_command).then(|| Instant::now() + self.grace);
        self.waiting.push_back(WaitingRequest { request: Arc::clone(&request), about, deadline });
        if is_command {
            let commands = self.commands.clone();
            let outbox = commands.outbox.clone();
            let id = request.id.clone();
            let run = move || outbox.send(ServerEvent::Answer(request.id.clone(), commands.answer(&request)));
            self.threads.retain(|thread| !thread.is_finished());
            match start_thread("command", &self.commands.outbox, run) {
                Ok(thread) => self.threads.push(thread),
                Err(error) => {
                    let why = format!("cannot start a thread: {error}");
                    self.on_answer(&id, RequestAnswer::error(id.clone(), ErrorCode::RequestFailed, why));
                }
            }
        } else {
            self.work.push(Work::Request(request));
        }
    }

    /// Logs an error that the editor sent for a request of the server.
    fn on_response(&self, response: &Response) {
        if let Err(error) = &response.response_result {
            self.log(
                MessageType::Warning,
                format!("the editor answered a request with an error: {}", error.message),
            );
        }
    }

    fn on_event(&mut self, event: ServerEvent) {
        match event {
            ServerEvent::Answer(id, answer) => self.on_answer(&id, answer),
            // After `shutdown` only answers are sent.
            ServerEvent::Notification(_) | ServerEvent::Request { .. } if self.is_leaving => {}
            ServerEvent::Notification(frame) => self.send(frame),
            ServerEvent::Request { method, params } => self.ask(method, params),
            ServerEvent::Busy => {
                self.is_idle = false;
                self.progress.begin(Instant::now());
            }
            ServerEvent::Idle => self.on_idle(),
            ServerEvent::Panicked(thread) => self.rethrow(thread),
        }
    }

    /// Sends an answer, unless the request was answered before.
    fn on_answer(&mut self, id: &RequestId, answer: RequestAnswer) {
        let Some(waiting) = self.take_waiting(id) else { return };
        self.send(answer.message);
        if answer.is_early {
            self.requests_to_repeat.extend(refresh_request_for(&waiting.request.method));
        }
        if self.is_idle {
            self.ask_to_retry();
        }
    }

    /// Handles the end of an analysis: ends the progress, and lets the editor repeat failed requests.
    fn on_idle(&mut self) {
        self.is_idle = true;
        if let Some(frame) = self.progress.end() {
            self.send(frame);
        }
        self.jobs.send(Job::Forget).ok();
        self.ask_to_retry();
    }

    /// Asks the editor to repeat the requests that failed because an analysis ran.
    fn ask_to_retry(&mut self) {
        for method in std::mem::take(&mut self.requests_to_repeat) {
            let is = |other: &str| method == other;
            let is_supported = if is(DiagnosticRefreshRequest::METHOD.as_str()) {
                self.editor.refreshes_diagnostics
            } else if is(InlayHintRefreshRequest::METHOD.as_str()) {
                self.editor.refreshes_hints
            } else {
                self.editor.refreshes_lenses
            };
            if is_supported && !self.is_leaving {
                self.ask(method.to_owned(), serde_json::Value::Null);
            }
        }
    }

    /// Continues the panic of a thread, so that the server ends and the editor can start it again.
    fn rethrow(&mut self, panicked: ThreadId) {
        let Some(at) = self.threads.iter().position(|thread| thread.thread().id() == panicked) else {
            return;
        };
        if let Err(panic) = self.threads.swap_remove(at).join() {
            std::panic::resume_unwind(panic);
        }
    }

    /// A channel that fires at the next deadline.
    fn timer(&self) -> Receiver<Instant> {
        let deadlines = self.waiting.iter().filter_map(|waiting| waiting.deadline);
        let next = deadlines.chain(self.progress.deadline()).min();
        next.map_or_else(crossbeam_channel::never, crossbeam_channel::at)
    }

    fn on_timer(&mut self, now: Instant) {
        if let Some((create, begin)) = self.progress.show(now) {
            self.ask(create.0, create.1);
            self.send(begin);
        }
        let is_due = |waiting: &&mut WaitingRequest| waiting.deadline.is_some_and(|deadline| deadline <= now);
        let due = self.waiting.iter_mut().filter(is_due).map(|waiting| {
            waiting.deadline = None;
            (Arc::clone(&waiting.request), waiting.about.clone())
        });
        for (request, about) in due.collect::<Vec<_>>() {
            self.answer_without_analysis(request, about.as_ref());
        }
    }

    /// Lets the other thread answer a request without the analysis. If the text changed since the request came, it
    /// gets an error instead.
    fn answer_without_analysis(&mut self, request: Arc<Request>, about: Option<&(PathBuf, u64)>) {
        self.work.remove(&request.id);
        if about.is_none_or(|(path, revision)| self.texts.revision(path) == *revision) {
            self.jobs.send(Job::Answer(request, self.texts.all())).ok();
        } else {
            let why = "the text changed before it was analysed";
            let id = request.id.clone();
            self.on_answer(&id, RequestAnswer::error(id.clone(), ErrorCode::ContentModified, why));
        }
    }

    /// Answers the requests that came before `shutdown`. Those that take longer than the grace time get an error.
    fn answer_waiting(&mut self, events: &Receiver<ServerEvent>) {
        let end = Instant::now() + self.grace;
        while !self.waiting.is_empty() {
            match events.recv_deadline(end) {
                Ok(event) => self.on_event(event),
                Err(_) => break,
            }
        }
        for waiting in std::mem::take(&mut self.waiting) {
            let id = waiting.request.id.clone();
            self.send(OutgoingMessage::error_response(
                id,
                ErrorCode::RequestCanceled,
                "the server is shutting down",
            ));
        }
    }

    fn take_waiting(&mut self, id: &RequestId) -> Option<WaitingRequest> {
        let at = self.waiting.iter().position(|waiting| waiting.request.id == *id)?;
        self.waiting.remove(at)
    }

    fn send(&self, message: impl Into<OutgoingMessage>) {
        self.out.send(message.into());
    }

    /// Sends a request to the editor, without waiting for its answer.
    fn ask(&mut self, method: String, params: serde_json::Value) {
        self.sent_requests += 1;
        self.send(Request::new(RequestId::from(self.sent_requests), method, params));
    }

    /// Writes to the editor's log.
    fn log(&self, kind: MessageType, message: String) {
        let params = LogMessageParams { kind, message };
        self.send(OutgoingMessage::notification::<LogMessageNotification>(&params));
    }
}

/// Starts a thread. The server does not wait for it when the editor disconnects.
fn start_thread(
    name: &str,
    outbox: &Outbox,
    run: impl FnOnce() + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    let alarm = PanicAlarm(outbox.clone());
    let run = move || {
        let _alarm = alarm;
        run();
    };
    std::thread::Builder::new().name(name.to_owned()).stack_size(STACK_BYTES).spawn(run)
}

/// The refresh request that makes the editor repeat requests of a method; none if there is no such request.
fn refresh_request_for(method: &str) -> Option<&'static str> {
    let is = |other: &str| method == other;
    if is(DocumentDiagnosticRequest::METHOD.as_str()) || is(WorkspaceDiagnosticRequest::METHOD.as_str()) {
        return Some(DiagnosticRefreshRequest::METHOD.as_str());
    }
    if is(InlayHintRequest::METHOD.as_str()) {
        return Some(InlayHintRefreshRequest::METHOD.as_str());
    }
    is(CodeLensRequest::METHOD.as_str()).then(|| CodeLensRefreshRequest::METHOD.as_str())
}
