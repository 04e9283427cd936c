//! Answers requests while an analysis runs, from the newest texts alone.
//!
//! Requests that the analysis thread does not answer in time come here. Definitions, references, symbols, keys and
//! formatting are exact. An answer that needs the analysis has less in it or is an error; nothing is guessed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::Receiver;
use lsp_server::Request;

use super::answer::RequestAnswer;
use super::capabilities::EditorCapabilities;
use super::events::{Outbox, ServerEvent};
use super::position::{self, Encoding};
use super::requests;
use super::responder::Responder;
use super::session::Session;
use super::settings::LspSettings;
use super::shared::{SharedWorkspace, WorkspaceRegistry};
use super::texts::OpenText;
use gainsay_analysis::id::FileId;
use gainsay_analysis::workspace::{Input, ReadWorkspace, Workspace};
use gainsay_folder::folder::shown_path;

/// How long to wait for a change that is just being applied.
const APPLY_WAIT: Duration = Duration::from_millis(100);

/// A job for the thread.
pub(super) enum Job {
    /// Answer a request from the texts as they are open now.
    Answer(Arc<Request>, BTreeMap<PathBuf, OpenText>),
    /// Drop the copies, because the analysis is up to date.
    Forget,
}

/// The thread that answers while an analysis runs.
pub(super) struct Provisional {
    pub(super) registry: Arc<WorkspaceRegistry>,
    pub(super) editor: EditorCapabilities,
    pub(super) encoding: Encoding,
    pub(super) outbox: Outbox,
    /// By root, a copy of the workspace with texts that are newer than the analysis.
    pub(super) copies: BTreeMap<PathBuf, WorkspaceCopy>,
}

/// A copy of a workspace with newer texts in it.
pub(super) struct WorkspaceCopy {
    /// The revision of the workspace that was copied.
    revision: u64,
    read: ReadWorkspace,
    /// The files with a newer text, each with the text of the original workspace.
    replaced: BTreeMap<FileId, Arc<str>>,
}

impl Provisional {
    /// Does all jobs until the channel is closed.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        for job in jobs {
            match job {
                Job::Answer(request, texts) => {
                    let answer = self.answer(&request, &texts);
                    self.outbox.send(ServerEvent::Answer(request.id.clone(), answer));
                }
                Job::Forget => self.copies.clear(),
            }
        }
    }

    fn answer(&mut self, request: &Request, texts: &BTreeMap<PathBuf, OpenText>) -> RequestAnswer {
        let path = path_of(request);
        let mut sessions: Vec<Session> = Vec::new();
        let mut are_all_read = true;
        for shared in self.registry.workspaces() {
            if path.as_ref().is_none_or(|path| path.starts_with(&shared.root)) {
                let session = self.session(&shared, texts);
                are_all_read &= session.is_some();
                sessions.extend(session);
            }
        }
        if path.is_none() && !are_all_read {
            // The request is about all workspaces, and some are not read yet.
            return requests::still_analysing(self.editor, request);
        }
        if let Some(path) = path
            && let Some(open) = texts.get(&path)
            && !sessions.iter().any(|session| session.contains(&path))
        {
            sessions.push(self.single_file_session(&path, open));
        }
        let settings = self.registry.settings();
        let outbox = self.outbox.clone();
        requests::answer(&mut Responder { sessions, editor: self.editor, settings, outbox }, request)
    }

    /// A workspace with the newest texts; none before it is read for the first time.
    fn session(
        &mut self,
        shared: &Arc<SharedWorkspace>,
        texts: &BTreeMap<PathBuf, OpenText>,
    ) -> Option<Session> {
        let read = self.read(shared, texts)?;
        let texts = texts.iter().filter(|(path, _)| read.files().find(&shown_path(path)).is_some());
        let texts = texts.map(|(path, open)| (path.clone(), open.clone())).collect();
        Some(Session::unanalysed(shared, read, texts, self.encoding))
    }

    fn read(
        &mut self,
        shared: &SharedWorkspace,
        texts: &BTreeMap<PathBuf, OpenText>,
    ) -> Option<ReadWorkspace> {
        let latest = shared.latest(APPLY_WAIT);
        let is_of =
            |copied: &WorkspaceCopy| latest.as_ref().is_none_or(|(revision, _)| *revision == copied.revision);
        let copied = self.copies.remove(&shared.root).filter(is_of);
        let mut copied = match (copied, latest) {
            (Some(copied), _) => copied,
            (None, Some((revision, read))) => WorkspaceCopy { revision, read, replaced: BTreeMap::new() },
            (None, None) => return None,
        };
        copied.update(texts);
        let read = copied.read.clone();
        if !copied.replaced.is_empty() {
            self.copies.insert(shared.root.clone(), copied);
        }
        Some(read)
    }

    /// A single-file workspace, for a file whose workspace is not read yet, or that has none.
    fn single_file_session(&self, path: &Path, open: &OpenText) -> Session {
        let shared = Arc::new(SharedWorkspace::new(path, false, None, &LspSettings::default()));
        let input = Input { path: shown_path(path), content: Ok(open.text.as_bytes().to_vec()) };
        let mut read = ReadWorkspace::new(Workspace::read(vec![input]));
        let file = read.files().find(&shown_path(path));
        // Reading drops a byte-order mark, which takes a column in the editor.
        if let Some(file) = file.filter(|_| !open.text.contains('\0')) {
            read.replace(file, Arc::clone(&open.text));
        }
        let texts = BTreeMap::from([(path.to_owned(), open.clone())]);
        Session::unanalysed(&shared, read, texts, self.encoding)
    }
}

impl WorkspaceCopy {
    /// Brings the texts up to date: uses the open ones, and restores those that were closed.
    fn update(&mut self, texts: &BTreeMap<PathBuf, OpenText>) {
        let open = texts.iter().filter_map(|(path, open)| {
            Some((self.read.files().find(&shown_path(path))?, Arc::clone(&open.text)))
        });
        let open: BTreeMap<FileId, Arc<str>> = open.collect();
        for (file, before) in std::mem::take(&mut self.replaced) {
            if open.contains_key(&file) {
                self.replaced.insert(file, before);
            } else {
                self.read.replace(file, before);
            }
        }
        for (file, text) in open {
            let now = self.read.files()[file].text();
            // A text with NUL bytes is handled when its workspace is read again.
            if *now == *text || text.contains('\0') {
                continue;
            }
            self.replaced.entry(file).or_insert_with(|| now.into());
            self.read.replace(file, text);
        }
    }
}

/// The path of the file that a request is about.
pub(super) fn path_of(request: &Request) -> Option<PathBuf> {
    let uri = request.params.get("textDocument")?.get("uri")?.as_str()?;
    position::path_from_uri(&gen_lsp_types::Uri::from(uri))
}
