//! The analysis thread: applies changes in order, answers requests from the analysis, and publishes diagnostics.
//!
//! A change is analysed when a request needs it or when the queue is empty, so that fast typing costs one analysis.
//! Diagnostics of open files are published first, the others when nothing was typed for a while.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvError, Sender, bounded};
use gen_lsp_types::{
    CodeLensRefreshRequest, DiagnosticRefreshRequest, InitializeParams, InlayHintRefreshRequest, MessageType,
    PublishDiagnosticsNotification, ShowMessageNotification, ShowMessageParams,
};

use super::events::ServerEvent;
use super::position::{self, Encoding};
use super::queue::{Work, WorkReceiver};
use super::requests;
use super::responder::Responder;
use super::session::Session;
use super::settings::LspSettings;
use super::shared::{SharedWorkspace, WorkspaceRegistry};
use super::texts::OpenText;
use gainsay_folder::folder::{self, FolderError, Notice};

/// Watches a folder and sends a signal after each change in it, for as long as signals are received.
pub type WatchFolder = dyn Fn(&Path, Sender<()>) + Send + Sync;

/// Diagnostics of files that are not open are published when nothing was typed for this long. It is longer than the
/// usual time between two keys.
const QUIET_TIME: Duration = Duration::from_millis(250);

/// The analysis of everything that one editor has open.
pub(super) struct Worker {
    pub(super) responder: Responder,
    encoding: Encoding,
    registry: Arc<WorkspaceRegistry>,
    watch: Arc<WatchFolder>,
    /// Watchers of folders send a signal here after a change on the disk.
    report: Sender<()>,
    disk: Receiver<()>,
    pub(super) folders: Vec<PathBuf>,
    /// The folders that are watched, until the server ends.
    watched: BTreeSet<PathBuf>,
    /// Whether the editor sent anything after `initialize`.
    is_ready: bool,
    /// Whether nothing was typed for a while.
    is_quiet: bool,
    is_busy: bool,
}

impl Worker {
    pub(super) fn new(
        responder: Responder,
        encoding: Encoding,
        registry: Arc<WorkspaceRegistry>,
        watch: Arc<WatchFolder>,
    ) -> Self {
        let (report, disk) = bounded(1);
        Self {
            responder,
            encoding,
            registry,
            watch,
            report,
            disk,
            folders: Vec::new(),
            watched: BTreeSet::new(),
            is_ready: false,
            is_quiet: false,
            is_busy: false,
        }
    }

    /// Handles work until the message loop ends.
    pub(super) fn run(mut self, queue: &WorkReceiver) {
        self.set_busy(true);
        self.load();
        loop {
            if let Some(work) = queue.pop() {
                self.is_ready = true;
                self.set_busy(true);
                self.perform(work);
                continue;
            }
            self.note_changes();
            // If there is a newer text, it is analysed first. Diagnostics of an outdated text are not published.
            if !queue.is_empty() {
                continue;
            }
            self.publish_open();
            self.set_busy(false);
            if self.wait(&queue.wake).is_err() {
                return;
            }
        }
    }

    fn perform(&mut self, work: Work) {
        // Requests do not delay the diagnostics of other files, because editors send them on their own.
        self.is_quiet &= matches!(work, Work::Request(_));
        match work {
            Work::Open(path, text) => self.open_text(path, text),
            Work::Change(path, text) => {
                if let Some(session) = self.responder.session_of(&path) {
                    session.change(&path, text);
                }
            }
            Work::Close(path) => self.close_text(&path),
            Work::Notification(notification) => self.handle_notification(notification),
            Work::Request(request) => {
                let answer = requests::answer(&mut self.responder, &request);
                self.responder.outbox.send(ServerEvent::Answer(request.id.clone(), answer));
            }
        }
    }

    /// Waits for work or for a change on the disk. While nothing is typed, publishes diagnostics for files that are
    /// not open.
    fn wait(&mut self, wake: &Receiver<()>) -> Result<(), RecvError> {
        let patience = match self.is_quiet {
            _ if !self.has_more_to_publish() => crossbeam_channel::never(),
            true => crossbeam_channel::after(Duration::ZERO),
            false => crossbeam_channel::after(QUIET_TIME),
        };
        let disk = self.disk.clone();
        crossbeam_channel::select_biased! {
            recv(wake) -> woken => return woken,
            recv(disk) -> _ => {
                self.set_busy(true);
                self.reread_disk();
            }
            recv(patience) -> _ => {
                self.is_quiet = true;
                self.publish_one_more();
            }
        }
        Ok(())
    }

    fn set_busy(&mut self, is_busy: bool) {
        if std::mem::replace(&mut self.is_busy, is_busy) != is_busy {
            self.responder.outbox.send(if is_busy { ServerEvent::Busy } else { ServerEvent::Idle });
        }
    }

    /// Applies the settings that the editor sent, at the top level or under `gainsay`: the folders `claims` and
    /// `texts`, `reviewer` and `inlayHints`.
    pub(super) fn configure(&mut self, values: Option<&serde_json::Value>) {
        let Some(values) = values else { return };
        let values = values.get("gainsay").unwrap_or(values);
        let text = |key: &str| values.get(key)?.as_str().filter(|text| !text.is_empty());
        let settings = &mut self.responder.settings;
        if let Some(folder) = text("claims") {
            settings.path = Some(PathBuf::from(folder));
        }
        if let Some(folder) = text("texts") {
            settings.texts = Some(PathBuf::from(folder));
        }
        if let Some(reviewer) = text("reviewer") {
            settings.reviewer = Some(reviewer.to_owned());
        }
        if let Some(hints) = values.get("inlayHints").and_then(serde_json::Value::as_bool) {
            settings.hints = Some(hints);
        }
        self.registry.set_settings(settings.clone());
    }

    /// Closes workspaces and clears their diagnostics in the editor. Returns their open texts.
    pub(super) fn close_workspaces(
        &mut self,
        is_left: impl Fn(&Session) -> bool,
    ) -> BTreeMap<PathBuf, OpenText> {
        let (left, stay): (Vec<Session>, _) =
            std::mem::take(&mut self.responder.sessions).into_iter().partition(is_left);
        self.responder.sessions = stay;
        self.share();
        let mut texts = BTreeMap::new();
        for mut session in left {
            if !self.responder.editor.pulls {
                for params in session.cleared_diagnostics() {
                    self.responder.outbox.notify::<PublishDiagnosticsNotification>(&params);
                }
            }
            texts.extend(session.take_open_texts());
        }
        texts
    }

    /// Opens texts again, each in its new workspace.
    pub(super) fn reopen(&mut self, texts: BTreeMap<PathBuf, OpenText>) {
        for (path, text) in texts {
            self.open_text(path, text);
        }
    }

    /// Adds the workspaces of the editor's folders.
    pub(super) fn add_folders(&mut self, params: &InitializeParams) {
        let folders = params.workspace_folders_initialize_params.workspace_folders.as_ref();
        let mut roots: Vec<PathBuf> = match folders {
            Some(gen_lsp_types::WorkspaceFolders::WorkspaceFolderList(folders)) => {
                folders.iter().filter_map(|folder| position::path_from_uri(&folder.uri)).collect()
            }
            _ => Vec::new(),
        };
        if roots.is_empty() {
            #[expect(deprecated, reason = "editors without workspace folders send it")]
            roots.extend(params.root_uri.as_ref().and_then(position::path_from_uri));
        }
        for root in roots {
            self.add_folder(&root);
        }
        if self.responder.sessions.is_empty()
            && let Some(path) = self.responder.settings.path.clone().filter(|path| path.is_absolute())
        {
            self.add(&path, true);
        }
    }

    /// Adds the workspace of a folder of the editor: the path of the settings, or `claims/` in the folder, or the
    /// folder itself.
    pub(super) fn add_folder(&mut self, folder: &Path) {
        self.folders.push(folder.to_owned());
        let settings = &self.responder.settings;
        let (path, is_given) = match &settings.path {
            Some(path) => (path.clone(), true),
            None if folder.join("claims").is_dir() => (PathBuf::from("claims"), true),
            None => (PathBuf::new(), false),
        };
        let mut paths = std::iter::once(&path).chain(&settings.texts);
        let link_error = paths.find_map(|path| check_given(settings, folder, path).err());
        match link_error {
            Some(link_error) => self.show(link_error.to_string()),
            // Joining an empty path would add a slash at the end.
            None if path.as_os_str().is_empty() => self.add(folder, is_given),
            None => self.add(&folder.join(path), is_given),
        }
    }

    /// Shows a warning in the editor.
    fn show(&self, message: String) {
        let params = ShowMessageParams { kind: MessageType::Warning, message };
        self.responder.outbox.notify::<ShowMessageNotification>(&params);
    }

    /// Adds a workspace. It is read when [`Self::load`] is called.
    pub(super) fn add(&mut self, root: &Path, is_given: bool) {
        if self.responder.sessions.iter().any(|session| session.root() == root) {
            return;
        }
        let settings = &self.responder.settings;
        let texts = settings.texts.as_ref().map(|texts| match self.folders.last() {
            Some(folder) => folder.join(texts),
            None => texts.clone(),
        });
        if self.watched.insert(root.to_owned()) {
            (self.watch)(root, self.report.clone());
        }
        let shared = Arc::new(SharedWorkspace::new(root, is_given, texts.as_deref(), settings));
        self.responder.sessions.push(Session::new(&shared, self.encoding));
        self.share();
    }

    /// Reads the workspaces that were added.
    pub(super) fn load(&mut self) {
        self.responder.sessions.iter_mut().for_each(Session::load);
    }

    fn share(&self) {
        let all = self.responder.sessions.iter().map(|session| Arc::clone(&session.shared));
        self.registry.set_workspaces(all.collect());
    }

    fn reread_disk(&mut self) {
        self.responder.sessions.iter_mut().for_each(Session::reread_disk);
    }

    /// Analyses what changed.
    fn note_changes(&mut self) {
        if self.is_ready {
            self.responder.sessions.iter_mut().for_each(Session::note_changes);
        }
    }

    /// Publishes new diagnostics for open files.
    fn publish_open(&mut self) {
        if !self.is_ready {
            return;
        }
        self.show_notices();
        let Responder { sessions, editor, outbox, .. } = &mut self.responder;
        let mut is_new = false;
        let mut published = Vec::new();
        for session in sessions {
            is_new |= session.collection.take_news();
            if !editor.pulls {
                published.extend(session.publish_open());
            }
        }
        for params in published {
            outbox.notify::<PublishDiagnosticsNotification>(&params);
        }
        if is_new {
            self.refresh();
        }
    }

    /// Shows new notices about folders: an unfinished change as a message, all others in the log.
    fn show_notices(&mut self) {
        for notice in self.responder.sessions.iter_mut().flat_map(Session::take_notices).collect::<Vec<_>>() {
            match notice {
                Notice::Unfinished(_) => self.show(notice.to_string()),
                _ => self.responder.outbox.log(MessageType::Warning, notice.to_string()),
            }
        }
    }

    /// Whether there are diagnostics that are not published yet.
    fn has_more_to_publish(&self) -> bool {
        let is_published = self.is_ready && !self.responder.editor.pulls;
        is_published && self.responder.sessions.iter().any(|session| session.collection.has_more())
    }

    /// Publishes diagnostics for the next file that is not open.
    fn publish_one_more(&mut self) {
        if let Some(params) = self.responder.sessions.iter_mut().find_map(Session::publish_next) {
            self.responder.outbox.notify::<PublishDiagnosticsNotification>(&params);
        }
    }

    /// Asks the editor to repeat its requests for diagnostics, inlay hints and code lenses.
    fn refresh(&self) {
        let Responder { editor, settings, outbox, .. } = &self.responder;
        if editor.pulls && editor.refreshes_diagnostics {
            outbox.ask::<DiagnosticRefreshRequest>(());
        }
        if editor.refreshes_hints && settings.hints != Some(false) {
            outbox.ask::<InlayHintRefreshRequest>(());
        }
        if editor.refreshes_lenses {
            outbox.ask::<CodeLensRefreshRequest>(());
        }
    }
}

/// Returns an error if a path of the settings is a symbolic link that leads out of the folder. Then nothing of the
/// folder is read.
fn check_given(settings: &LspSettings, folder: &Path, path: &Path) -> Result<(), FolderError> {
    if settings.access.follow_links { Ok(()) } else { folder::check_given(folder, path) }
}
