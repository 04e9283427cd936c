//! The messages of the protocol: which to take next, whom they are for, and what goes back.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvError, Sender};
use gen_lsp_types::{
    CancelNotification, CancelParams, CodeLensRefreshRequest, DiagnosticRefreshRequest, Id, InitializeParams,
    InlayHintRefreshRequest, LogMessageNotification, LogMessageParams, MessageType, Notification as _,
    PublishDiagnosticsNotification, ShowMessageNotification, ShowMessageParams, Uri,
};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::de::DeserializeOwned;

use super::capabilities::{Editor, offered};
use super::desk::OpenDesk;
use super::frame::{Frame, Hears};
use super::place::{self, Encoding};
use super::session::Session;
use crate::folder::{self, Access, FolderError, Notice};

/// So long nothing is typed before the editor is told of files that it has not open: longer than from one key to the
/// next.
const QUIET: Duration = Duration::from_millis(250);

/// How the server is set up, by the command line and then by the editor.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The folder of claim files; where none is given, `claims/` in the editor's folder, else that folder.
    pub path: Option<PathBuf>,
    /// A folder of archived texts.
    pub texts: Option<PathBuf>,
    /// How the files on the disk are reached.
    pub access: Access,
    /// Whether parties, questions and readings are shown between the words of a file.
    pub hints: Option<bool>,
    /// Who decides, in the reviews that are written from the editor.
    pub reviewer: Option<String>,
}

/// An editor that went away without asking for leave, which by the protocol is a failure.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the editor left without a good-bye")]
pub struct Abrupt;

/// Serves one editor until it says good-bye. `desk` opens the review desk of a workspace; `watch` tells when
/// something under a folder may have changed on the disk.
///
/// # Errors
/// Where the editor leaves without asking for it first.
pub fn serve(
    incoming: &Receiver<Message>,
    out: &dyn Hears,
    settings: Settings,
    desk: &OpenDesk<'_>,
    watch: &dyn Fn(&Path, Sender<()>),
) -> Result<(), Abrupt> {
    let (id, params) = introduced(incoming, out).ok_or(Abrupt)?;
    let offered_encodings =
        params.capabilities.general.as_ref().and_then(|it| it.position_encodings.as_deref());
    let encoding = Encoding::agreed(offered_encodings);
    let answer = serde_json::json!({
        "capabilities": offered(encoding),
        "serverInfo": { "name": "gainsay", "version": env!("CARGO_PKG_VERSION") },
    });
    let (tell, told) = crossbeam_channel::bounded(1);
    let mut server = Server {
        out,
        desk,
        watch,
        tell,
        editor: Editor::new(&params.capabilities),
        encoding,
        settings,
        sessions: Vec::new(),
        queue: VecDeque::new(),
        folders: Vec::new(),
        watched: BTreeSet::new(),
        asked: 0,
        is_ready: false,
        is_quiet: false,
        is_leaving: false,
    };
    server.send(Frame::answer(&id, &answer));
    server.configure(params.initialization_options.as_ref());
    server.begin(&params);
    server.run(incoming, &told)
}

/// Waits until the editor introduces itself; none where it leaves before. What it asks for earlier is refused.
fn introduced(incoming: &Receiver<Message>, out: &dyn Hears) -> Option<(RequestId, InitializeParams)> {
    for message in incoming {
        let (id, code, why) = match message {
            Message::Request(request) if request.method == "initialize" => {
                match serde_json::from_value(request.params) {
                    Ok(params) => return Some((request.id, params)),
                    Err(error) => (request.id, ErrorCode::InvalidParams, error.to_string()),
                }
            }
            Message::Request(request) => {
                (request.id, ErrorCode::ServerNotInitialized, "`initialize` comes first".to_owned())
            }
            Message::Notification(notification) if notification.method == "exit" => return None,
            Message::Notification(_) | Message::Response(_) => continue,
        };
        out.hear(Frame::refusal(id, code, why));
    }
    None
}

/// One editor and what it has open.
pub(super) struct Server<'a> {
    out: &'a dyn Hears,
    pub(super) desk: &'a OpenDesk<'a>,
    watch: &'a dyn Fn(&Path, Sender<()>),
    tell: Sender<()>,
    pub(super) editor: Editor,
    encoding: Encoding,
    pub(super) settings: Settings,
    pub(super) sessions: Vec<Session>,
    /// Messages that came while another was dealt with.
    queue: VecDeque<Message>,
    pub(super) folders: Vec<PathBuf>,
    /// What is watched, which goes on until the server ends.
    watched: BTreeSet<PathBuf>,
    /// How many requests were made to the editor.
    asked: i32,
    /// Whether the editor has spoken since it was answered that it may.
    is_ready: bool,
    /// Whether nothing was typed for a while.
    is_quiet: bool,
    /// Whether it asked for leave: nothing is done for it any more.
    is_leaving: bool,
}

impl Server<'_> {
    /// Takes one message after the other until the editor leaves.
    fn run(&mut self, incoming: &Receiver<Message>, told: &Receiver<()>) -> Result<(), Abrupt> {
        loop {
            while let Ok(message) = incoming.try_recv() {
                self.take(message);
            }
            let Some(message) = self.queue.pop_front() else {
                self.tell_findings();
                match self.wait(incoming, told) {
                    Ok(Some(message)) => self.take(message),
                    Ok(None) => {}
                    Err(_) => return self.farewell(),
                }
                continue;
            };
            self.is_ready = true;
            match message {
                Message::Request(request) => {
                    let answer = self.answer(request);
                    self.send(answer);
                }
                Message::Notification(notification) if notification.method == "exit" => {
                    return self.farewell();
                }
                Message::Notification(_) if self.is_leaving => {}
                Message::Notification(notification) => self.hear(notification),
                Message::Response(response) => self.heard(&response),
            }
        }
    }

    fn farewell(&self) -> Result<(), Abrupt> {
        if self.is_leaving { Ok(()) } else { Err(Abrupt) }
    }

    fn answer(&mut self, request: Request) -> Frame {
        let refuse = |id, why: &str| Frame::refusal(id, ErrorCode::InvalidRequest, why);
        match request.method.as_str() {
            _ if self.is_leaving => refuse(request.id, "`shutdown` came before"),
            "shutdown" => {
                self.is_leaving = true;
                Frame::answer(&request.id, &())
            }
            "initialize" => refuse(request.id, "`initialize` came before"),
            _ => super::requests::answer(self, request),
        }
    }

    /// Waits for a message, or for a change on the disk; where the editor is quiet, goes on to tell it of files that
    /// it has not open.
    fn wait(
        &mut self,
        incoming: &Receiver<Message>,
        told: &Receiver<()>,
    ) -> Result<Option<Message>, RecvError> {
        let patience = match self.is_quiet {
            _ if !self.has_more_to_tell() => crossbeam_channel::never(),
            true => crossbeam_channel::after(Duration::ZERO),
            false => crossbeam_channel::after(QUIET),
        };
        crossbeam_channel::select_biased! {
            recv(incoming) -> message => return message.map(Some),
            recv(told) -> _ => self.look_at_disk(),
            recv(patience) -> _ => {
                self.is_quiet = true;
                self.tell_of_one();
            }
        }
        Ok(None)
    }

    /// Puts a message into the queue. What was cancelled while it waited there is answered so.
    fn take(&mut self, message: Message) {
        // What is asked for by the way keeps nobody from being told.
        self.is_quiet &= !matches!(message, Message::Notification(_));
        let cancelled = match &message {
            Message::Notification(it) if it.method == CancelNotification::METHOD.as_str() => {
                params::<CancelParams>(it).map(|params| match params.id {
                    Id::Int(id) => RequestId::from(id),
                    Id::String(id) => RequestId::from(id),
                })
            }
            _ => None,
        };
        let Some(id) = cancelled else { return self.queue.push_back(message) };
        let waiting = |message: &Message| matches!(message, Message::Request(request) if request.id == id);
        if let Some(at) = self.queue.iter().position(waiting) {
            self.queue.remove(at);
            self.send(Frame::refusal(id, ErrorCode::RequestCanceled, "cancelled"));
        }
    }

    fn send(&self, message: impl Into<Frame>) {
        self.out.hear(message.into());
    }

    /// Says something to the editor that it need not answer.
    pub(super) fn notify<N: gen_lsp_types::Notification>(&self, params: &N::Params) {
        self.send(Frame::notification::<N>(params));
    }

    /// Asks the editor for something; what it answers is not waited for.
    pub(super) fn ask<R: gen_lsp_types::Request>(&mut self, params: R::Params) {
        self.asked += 1;
        self.send(Request::new(RequestId::from(self.asked), R::METHOD.as_str().to_owned(), params));
    }

    /// Writes to the editor's log.
    pub(super) fn log(&self, kind: MessageType, message: String) {
        self.notify::<LogMessageNotification>(&LogMessageParams { kind, message });
    }

    /// What the editor answers to [`Self::ask`]; refusals are logged.
    fn heard(&self, response: &Response) {
        if let Err(error) = &response.response_result {
            self.log(MessageType::Warning, format!("the editor refused a request: {}", error.message));
        }
    }

    /// Takes in what the editor's settings say, by themselves or under `gainsay`: the folders `claims` and `texts`,
    /// `reviewer` and `inlayHints`.
    pub(super) fn configure(&mut self, said: Option<&serde_json::Value>) {
        let Some(said) = said else { return };
        let said = said.get("gainsay").unwrap_or(said);
        let path = |key: &str| said.get(key).and_then(|value| value.as_str()).filter(|text| !text.is_empty());
        if let Some(folder) = path("claims") {
            self.settings.path = Some(PathBuf::from(folder));
        }
        if let Some(folder) = path("texts") {
            self.settings.texts = Some(PathBuf::from(folder));
        }
        if let Some(reviewer) = path("reviewer") {
            self.settings.reviewer = Some(reviewer.to_owned());
        }
        if let Some(hints) = said.get("inlayHints").and_then(serde_json::Value::as_bool) {
            self.settings.hints = Some(hints);
        }
    }

    /// Closes workspaces, and takes back what was said of them; gives back the texts that are open in them.
    pub(super) fn leave(&mut self, is_left: impl Fn(&Session) -> bool) -> Vec<(Uri, i32, String)> {
        let (left, stay) = std::mem::take(&mut self.sessions).into_iter().partition(is_left);
        self.sessions = stay;
        let mut texts = Vec::new();
        let left: Vec<Session> = left;
        for mut session in left {
            if !self.editor.pulls {
                for params in session.take_back() {
                    self.notify::<PublishDiagnosticsNotification>(&params);
                }
            }
            texts.extend(session.take_texts());
        }
        texts
    }

    /// Opens texts again in whatever workspace they belong to now.
    pub(super) fn reopen(&mut self, texts: Vec<(Uri, i32, String)>) {
        for (uri, version, text) in texts {
            self.opened(uri, version, text);
        }
    }

    /// Opens the workspaces of the editor's folders.
    fn begin(&mut self, params: &InitializeParams) {
        let folders = params.workspace_folders_initialize_params.workspace_folders.as_ref();
        let mut roots: Vec<PathBuf> = match folders {
            Some(gen_lsp_types::WorkspaceFolders::WorkspaceFolderList(folders)) => {
                folders.iter().filter_map(|folder| place::path(&folder.uri)).collect()
            }
            _ => Vec::new(),
        };
        if roots.is_empty() {
            #[expect(deprecated, reason = "editors that know no workspace folders say it so")]
            roots.extend(params.root_uri.as_ref().and_then(place::path));
        }
        for root in roots {
            self.begin_in(&root);
        }
        if self.sessions.is_empty()
            && let Some(path) = self.settings.path.clone().filter(|path| path.is_absolute())
        {
            self.open(&path, true);
        }
    }

    /// Opens the workspace of one of the editor's folders: the path given, else `claims/` in it, else all of it.
    pub(super) fn begin_in(&mut self, folder: &Path) {
        self.folders.push(folder.to_owned());
        let (path, is_given) = match &self.settings.path {
            Some(path) => (path.clone(), true),
            None if folder.join("claims").is_dir() => (PathBuf::from("claims"), true),
            None => (PathBuf::new(), false),
        };
        let texts = self.settings.texts.clone();
        for path in std::iter::once(&path).chain(&texts) {
            if let Err(outside) = self.check_given(folder, path) {
                let params = ShowMessageParams { kind: MessageType::Warning, message: outside.to_string() };
                return self.notify::<ShowMessageNotification>(&params);
            }
        }
        self.open(&folder.join(path), is_given);
    }

    /// Refuses a path of the settings where a link leads elsewhere; the rest of the folder is then not read either.
    fn check_given(&self, folder: &Path, path: &Path) -> Result<(), FolderError> {
        if self.settings.access.follow_links { Ok(()) } else { folder::check_given(folder, path) }
    }

    pub(super) fn open(&mut self, root: &Path, is_given: bool) {
        if self.sessions.iter().any(|session| session.root() == root) {
            return;
        }
        let texts = self.settings.texts.as_ref().map(|texts| match self.folders.last() {
            Some(folder) => folder.join(texts),
            None => texts.clone(),
        });
        if self.watched.insert(root.to_owned()) {
            (self.watch)(root, self.tell.clone());
        }
        let access = self.settings.access.clone();
        self.sessions.push(Session::open(root, is_given, texts.as_deref(), access, self.encoding));
    }

    /// The workspace that a file belongs to: the innermost.
    pub(super) fn session_of(&mut self, path: &Path) -> Option<&mut Session> {
        let holding = self.sessions.iter_mut().filter(|session| session.holds(path));
        holding.max_by_key(|session| session.root().as_os_str().len())
    }

    /// The workspace of the file that a URI names.
    pub(super) fn session(&mut self, uri: &Uri) -> Option<&mut Session> {
        self.session_of(&place::path(uri)?)
    }

    fn look_at_disk(&mut self) {
        for session in &mut self.sessions {
            session.look_at_disk();
        }
    }

    /// Tells the editor what is new in what it has open, once nothing more is waiting.
    fn tell_findings(&mut self) {
        if !self.is_ready || self.is_leaving {
            return;
        }
        self.show_notices();
        let mut is_new = false;
        let mut out = Vec::new();
        for session in &mut self.sessions {
            session.note_changes();
            is_new |= session.told.take_news();
            if !self.editor.pulls {
                out.extend(session.publish_open());
            }
        }
        for params in out {
            self.notify::<PublishDiagnosticsNotification>(&params);
        }
        if is_new {
            self.refresh();
        }
    }

    /// Shows what is new to know of the folders: a change that is unfinished as a message, anything else in the log.
    fn show_notices(&mut self) {
        for notice in self.sessions.iter_mut().flat_map(Session::take_notices).collect::<Vec<_>>() {
            let (kind, message) = (MessageType::Warning, notice.to_string());
            match notice {
                Notice::Unfinished(_) => {
                    self.notify::<ShowMessageNotification>(&ShowMessageParams { kind, message });
                }
                _ => self.log(kind, message),
            }
        }
    }

    /// Whether there are files of which the editor was not told what is found in them.
    fn has_more_to_tell(&self) -> bool {
        let is_heard = self.is_ready && !self.is_leaving && !self.editor.pulls;
        is_heard && self.sessions.iter().any(|session| session.told.has_more())
    }

    /// Tells of one file that the editor has not open.
    fn tell_of_one(&mut self) {
        if let Some(params) = self.sessions.iter_mut().find_map(Session::publish_next) {
            self.notify::<PublishDiagnosticsNotification>(&params);
        }
    }

    /// Has the editor ask again for what it asks for by itself.
    fn refresh(&mut self) {
        if self.editor.pulls && self.editor.refreshes_diagnostics {
            self.ask::<DiagnosticRefreshRequest>(());
        }
        if self.editor.refreshes_hints && self.settings.hints != Some(false) {
            self.ask::<InlayHintRefreshRequest>(());
        }
        if self.editor.refreshes_lenses {
            self.ask::<CodeLensRefreshRequest>(());
        }
    }
}

fn params<P: DeserializeOwned>(notification: &Notification) -> Option<P> {
    serde_json::from_value(notification.params.clone()).ok()
}
