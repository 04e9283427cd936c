//! One workspace in an editor: the files on the disk, the open texts that replace some of them, and the analysis.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use gen_lsp_types::{Location as LspLocation, Range, TextDocumentPositionParams, Uri};
use smol_str::SmolStr;

use super::capabilities::EditorCapabilities;
use super::diagnostic_collection::DiagnosticCollection;
use super::error::RequestError;
use super::position::{self, Encoding};
use super::settings::LspSettings;
use super::shared::SharedWorkspace;
use super::texts::OpenText;
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::source::{Files, Location, SourceFile, Span};
use gainsay_analysis::workspace::{
    Analysis, ClaimGroup, IncrementalWorkspace, Input, Options, ReadWorkspace, Workspace,
};
use gainsay_folder::folder::{self, Followed, Notice, WorkspaceHolder, shown_path};

/// One workspace of the editor, with its open texts and its analysis.
pub(super) struct Session {
    /// The part that other threads see.
    pub(super) shared: Arc<SharedWorkspace>,
    followed: Followed<OverlaidFiles>,
    /// Whether the files were read.
    is_loaded: bool,
    /// Whether it answers from an analysis, or only from the files as read.
    is_analysed: bool,
    /// Files whose new text, from the editor or from the disk, is not applied yet.
    pending: Vec<PathBuf>,
    pub(super) encoding: Encoding,
    /// The diagnostics, and which of them the editor has.
    pub(super) collection: DiagnosticCollection,
    /// The URI of each file, filled in when it is first needed.
    uris: Vec<OnceLock<Uri>>,
    /// The capabilities of the editor.
    pub(super) editor: EditorCapabilities,
    /// Whether inlay hints are wanted.
    pub(super) hints: bool,
    /// The notices about the folder that were shown in the editor.
    shown_notices: Vec<Notice>,
    /// The name of the reviewer, for reviews that are written from the editor.
    pub(super) reviewer: Option<String>,
}

/// The files of a folder, with the texts that are open in the editor in place of those on the disk.
struct OverlaidFiles {
    workspace_state: IncrementalWorkspace,
    /// The texts open in the editor, by path.
    buffers: BTreeMap<PathBuf, OpenText>,
    /// Whether all files were read again since this was last checked.
    is_new: bool,
    /// Files that were read again since this was last checked.
    reread: Vec<FileId>,
}

impl WorkspaceHolder for OverlaidFiles {
    fn workspace(&self) -> &Workspace {
        self.workspace_state.workspace()
    }

    fn renew(&mut self, inputs: Vec<Input>, progress: &(dyn Fn(usize, usize) + Sync)) {
        let mut all: BTreeMap<String, Input> =
            inputs.into_iter().map(|input| (input.path.clone(), input)).collect();
        for (path, buffer) in &self.buffers {
            let path = shown_path(path);
            all.insert(path.clone(), Input { path, content: Ok(buffer.text.as_bytes().to_vec()) });
        }
        let mut workspace = Workspace::read_with_progress(all.into_values().collect(), progress);
        for (path, buffer) in self.buffers.iter().filter(|(_, buffer)| has_byte_order_mark(&buffer.text)) {
            // Reading drops a byte-order mark, but in the editor it takes a column.
            if let Some(file) = workspace.files().find(&shown_path(path)) {
                workspace.replace(file, Arc::clone(&buffer.text));
            }
        }
        self.workspace_state.reload(workspace);
        self.is_new = true;
    }

    fn replace(&mut self, file: FileId, text: String) {
        let path = Path::new(self.workspace().files()[file].path());
        if !self.buffers.contains_key(path) {
            self.workspace_state.replace(file, text);
            self.reread.push(file);
        }
    }
}

impl Session {
    /// A folder of claim files, or one file, which need not exist yet. Nothing is read before [`Self::load`].
    pub(super) fn new(shared: &Arc<SharedWorkspace>, encoding: Encoding) -> Self {
        let read = ReadWorkspace::new(Workspace::read(Vec::new()));
        let workspace_state = IncrementalWorkspace::unanalysed(read).with_observer(Arc::clone(shared) as _);
        Self::with_state(shared, workspace_state, BTreeMap::new(), encoding)
    }

    /// A workspace that was read but not analysed, with its open texts.
    pub(super) fn unanalysed(
        shared: &Arc<SharedWorkspace>,
        read: ReadWorkspace,
        buffers: BTreeMap<PathBuf, OpenText>,
        encoding: Encoding,
    ) -> Self {
        let mut session = Self::with_state(shared, IncrementalWorkspace::unanalysed(read), buffers, encoding);
        session.is_analysed = false;
        session.forget_uris();
        session
    }

    fn with_state(
        shared: &Arc<SharedWorkspace>,
        workspace_state: IncrementalWorkspace,
        buffers: BTreeMap<PathBuf, OpenText>,
        encoding: Encoding,
    ) -> Self {
        let overlaid = OverlaidFiles { workspace_state, buffers, is_new: true, reread: Vec::new() };
        Self {
            shared: Arc::clone(shared),
            followed: Followed::new(overlaid, &shared.root, shared.texts.as_deref(), shared.access.clone()),
            is_loaded: false,
            is_analysed: true,
            pending: Vec::new(),
            encoding,
            collection: DiagnosticCollection::default(),
            uris: Vec::new(),
            editor: EditorCapabilities::default(),
            hints: true,
            shown_notices: Vec::new(),
            reviewer: None,
        }
    }

    /// Reads and analyses everything, the first time it is called.
    pub(super) fn load(&mut self) {
        if !std::mem::replace(&mut self.is_loaded, true) {
            self.followed.renew();
            self.after_reload();
        }
    }

    /// Updates what depends on the files and the archived texts after they were read again.
    fn after_reload(&mut self) {
        let archive = &self.followed.options().archive;
        if *archive != self.incremental().options().archive {
            let options = Options { as_of: None, archive: archive.clone() };
            self.followed.kept_mut().workspace_state.set_options(options);
        }
        let reread = std::mem::take(&mut self.followed.kept_mut().reread);
        if std::mem::take(&mut self.followed.kept_mut().is_new) {
            self.collection.reset(self.files().len());
            self.forget_uris();
            self.pending.clear();
        } else {
            for file in reread {
                self.collection.text_changed(file);
            }
        }
    }

    /// The workspace with its findings, which are updated after each edit.
    pub(super) fn incremental(&self) -> &IncrementalWorkspace {
        &self.followed.kept().workspace_state
    }

    /// As [`Self::incremental`], for changes.
    pub(super) fn incremental_mut(&mut self) -> &mut IncrementalWorkspace {
        &mut self.followed.kept_mut().workspace_state
    }

    /// Fails if this session answers without an analysis.
    pub(super) fn require_analysis(&self) -> Result<(), RequestError> {
        if self.is_analysed { Ok(()) } else { Err(RequestError::StillAnalysing) }
    }

    /// The analysis of the entries at a span of a file: see [`IncrementalWorkspace::analysis_at`].
    pub(super) fn analysis_at(&mut self, file: FileId, span: Span) -> Result<Arc<Analysis>, RequestError> {
        self.require_analysis()?;
        Ok(self.incremental_mut().analysis_at(file, span))
    }

    /// As [`Self::analysis_at`], with everything about `things` included: see [`IncrementalWorkspace::analysis_including`].
    pub(super) fn analysis_including(
        &mut self,
        file: FileId,
        span: Span,
        things: Vec<(Kind, SmolStr)>,
    ) -> Result<Arc<Analysis>, RequestError> {
        self.require_analysis()?;
        Ok(self.incremental_mut().analysis_including(file, span, things))
    }

    /// The claims of a file with their analyses: see [`IncrementalWorkspace::claim_groups`].
    pub(super) fn claim_groups(&mut self, file: FileId) -> Result<Vec<ClaimGroup>, RequestError> {
        self.require_analysis()?;
        Ok(self.incremental_mut().claim_groups(file))
    }

    /// The analysis of the whole workspace.
    pub(super) fn whole_analysis(&mut self) -> Result<Arc<Analysis>, RequestError> {
        self.require_analysis()?;
        Ok(self.incremental_mut().whole())
    }

    fn buffers(&self) -> &BTreeMap<PathBuf, OpenText> {
        &self.followed.kept().buffers
    }

    fn buffers_mut(&mut self) -> &mut BTreeMap<PathBuf, OpenText> {
        &mut self.followed.kept_mut().buffers
    }

    /// Whether a file belongs to this workspace: it is in the folder, and was found there or does not exist yet.
    pub(super) fn contains(&self, path: &Path) -> bool {
        let is_found = self.files().find(&shown_path(path)).is_some();
        path.starts_with(self.root()) && (is_found || self.buffers().contains_key(path) || !path.exists())
    }

    /// Uses a text that the editor opened, unless its path is a symbolic link that leads out of the workspace.
    pub(super) fn open(&mut self, path: PathBuf, text: OpenText) {
        if !self.followed.access().follow_links && folder::leads_outside(self.root(), &path) {
            return;
        }
        self.buffers_mut().insert(path.clone(), text);
        self.forget_uris();
        self.add_pending(path);
    }

    /// Replaces an open text.
    pub(super) fn change(&mut self, path: &Path, text: OpenText) {
        let Some(buffer) = self.buffers_mut().get_mut(path) else { return };
        *buffer = text;
        self.add_pending(path.to_owned());
    }

    /// Uses the text on the disk again, after the editor closed the file.
    pub(super) fn close(&mut self, path: &Path) {
        self.buffers_mut().remove(path);
        self.forget_uris();
        self.add_pending(path.to_owned());
    }

    /// Notes that another program may have changed a file.
    pub(super) fn changed_on_disk(&mut self, path: PathBuf) {
        if !self.buffers().contains_key(&path) {
            self.add_pending(path);
        }
    }

    fn add_pending(&mut self, path: PathBuf) {
        if !self.pending.contains(&path) {
            self.pending.push(path);
        }
    }

    /// Applies the pending changes of texts. To be called before a question about a file is answered.
    pub(super) fn apply_pending(&mut self) {
        for path in std::mem::take(&mut self.pending) {
            let text = match self.buffers().get(&path) {
                Some(buffer) => Some(Arc::clone(&buffer.text)),
                None => folder::read_text(self.root(), self.followed.access(), &path).map(Arc::from),
            };
            match (self.files().find(&shown_path(&path)), text) {
                (Some(file), Some(text)) if !text.contains('\0') => {
                    if *self.files()[file].text() != *text {
                        self.incremental_mut().replace(file, text);
                    }
                    self.collection.text_changed(file);
                }
                (None, None) => {}
                // A file was added or removed, or has bytes that are not text.
                _ => {
                    self.followed.renew();
                    return self.after_reload();
                }
            }
        }
    }

    /// Reads all changes on the disk, except for files that are open in the editor.
    pub(super) fn reread_disk(&mut self) {
        if self.followed.again() {
            self.after_reload();
        }
    }

    /// The notices about the folder that were not shown in the editor yet.
    pub(super) fn take_notices(&mut self) -> Vec<Notice> {
        let now = self.followed.notices().to_vec();
        let new = now.iter().filter(|notice| !self.shown_notices.contains(notice)).cloned().collect();
        self.shown_notices = now;
        new
    }

    /// Sets the capabilities of the editor and the settings.
    pub(super) fn configure(&mut self, editor: EditorCapabilities, settings: &LspSettings) {
        (self.editor, self.hints) = (editor, settings.hints != Some(false));
        self.reviewer.clone_from(&settings.reviewer);
    }

    /// All files, with the texts that the analysis is about.
    pub(super) fn files(&self) -> &Files {
        self.incremental().workspace().files()
    }

    /// The file that a URI names.
    pub(super) fn file(&self, uri: &Uri) -> Option<FileId> {
        self.files().find(&shown_path(&position::path_from_uri(uri)?))
    }

    /// The text of a file.
    pub(super) fn source(&self, file: FileId) -> &SourceFile {
        &self.files()[file]
    }

    /// The file and the byte in it for a position that the editor sent.
    pub(super) fn file_and_byte(&self, params: &TextDocumentPositionParams) -> Option<(FileId, u32)> {
        let file = self.file(&params.text_document.uri)?;
        Some((file, self.encoding.byte(self.source(file).text(), params.position) as u32))
    }

    /// Converts a span of bytes to a range of the protocol.
    pub(super) fn range(&self, file: FileId, span: Span) -> Range {
        self.encoding.range(self.source(file), span)
    }

    /// Converts a range of the protocol to a span of bytes.
    pub(super) fn span(&self, file: FileId, range: Range) -> Span {
        let byte = |position| self.encoding.byte(self.source(file).text(), position);
        let (start, end) = (byte(range.start), byte(range.end));
        Span::new(start.min(end), end.max(start))
    }

    /// Converts a location to one of the protocol.
    pub(super) fn lsp_location(&self, at: Location) -> LspLocation {
        LspLocation::new(self.uri(at.file), self.range(at.file, at.span))
    }

    /// The URI of a file; if it is open, in the spelling of the editor.
    pub(super) fn uri(&self, file: FileId) -> Uri {
        let made = || {
            let path = Path::new(self.source(file).path());
            self.buffers()
                .get(path)
                .map_or_else(|| position::uri_from_path(path), |buffer| buffer.uri.clone())
        };
        self.uris.get(file.index()).map_or_else(made, |uri| uri.get_or_init(made).clone())
    }

    /// Forgets the URIs, after files were added or removed, or the editor uses another spelling.
    fn forget_uris(&mut self) {
        self.uris = (0..self.files().len()).map(|_| OnceLock::new()).collect();
    }

    /// The files that are open in the editor.
    pub(super) fn open_files(&self) -> Vec<FileId> {
        let paths = self.buffers().keys();
        paths.filter_map(|path| self.files().find(&shown_path(path))).collect()
    }

    /// The version of an open text; none if the file is not open.
    pub(super) fn version(&self, file: FileId) -> Option<i32> {
        self.buffers().get(Path::new(self.source(file).path())).map(|buffer| buffer.version)
    }

    /// Whether the workspace is a single file outside of the editor's folders.
    pub(super) fn is_single_file(&self) -> bool {
        !self.shared.is_given && !self.root().is_dir()
    }

    /// Removes and returns the open texts.
    pub(super) fn take_open_texts(&mut self) -> BTreeMap<PathBuf, OpenText> {
        std::mem::take(self.buffers_mut())
    }

    /// The folder or the single file of the workspace.
    pub(super) fn root(&self) -> &Path {
        self.followed.path()
    }

    /// The folder of archived texts, if one is set.
    pub(super) fn texts(&self) -> Option<&Path> {
        self.followed.texts()
    }

    /// Whether a file is a claim file, so that its findings are shown. Other YAML is ignored. In a folder that was not
    /// set as the folder of claim files, a file must have an entry, or one of the sections `claims` and `actors`.
    pub(super) fn is_claim_file(&self, file: FileId) -> bool {
        let document = &self.incremental().workspace().documents()[gainsay_analysis::id::Id::index(file)];
        let is_begun = || {
            let mut lines = self.source(file).text().lines();
            lines.any(|line| line.starts_with("claims:") || line.starts_with("actors:"))
        };
        self.shared.is_given || !document.is_empty() || is_begun()
    }

    /// The path for a new file in the folder; the single file if the workspace is one.
    pub(super) fn new_file(&self, name: &str) -> String {
        self.followed.new_file(name)
    }

    /// The parsed document of a file.
    pub(super) fn document(&self, file: FileId) -> &gainsay_analysis::document::Document {
        &self.incremental().workspace().documents()[gainsay_analysis::id::Id::index(file)]
    }
}

/// Whether a text begins with a byte-order mark and has no NUL bytes.
fn has_byte_order_mark(text: &str) -> bool {
    text.starts_with('\u{feff}') && !text.contains('\0')
}
