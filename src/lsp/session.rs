//! One workspace in an editor: the files on the disk, the texts being edited in their place, and the analysis.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use gen_lsp_types::{Location as Place, Range, TextDocumentPositionParams, Uri};
use smol_str::SmolStr;

use super::capabilities::Editor;
use super::diagnostics::Told;
use super::error::RequestError;
use super::place::{self, Encoding};
use super::server::Settings;
use super::shared::SharedWorkspace;
use super::texts::OpenText;
use crate::document::mention::Kind;
use crate::folder::{self, Followed, Keeps, Notice, shown_path};
use crate::id::{FileId, Id as _};
use crate::source::{Files, Location, SourceFile, Span};
use crate::workspace::{Analysis, IncrementalWorkspace, Input, Options, Piece, ReadWorkspace, Workspace};

/// What an editor has open of one workspace, and what is known of it.
pub(super) struct Session {
    /// The part that other threads see.
    pub(super) shared: Arc<SharedWorkspace>,
    followed: Followed<Overlaid>,
    /// Whether it was read.
    is_loaded: bool,
    /// Whether it answers from an analysis, or only from the files as read.
    is_analysed: bool,
    /// Files whose text here is not yet that of the editor or, closed there, of the disk.
    waiting: Vec<PathBuf>,
    pub(super) encoding: Encoding,
    /// What the editor was told.
    pub(super) told: Told,
    /// The URI of each file, once it was asked for.
    uris: Vec<OnceLock<Uri>>,
    /// What the editor can do.
    pub(super) editor: Editor,
    /// Whether inlay hints are wanted.
    pub(super) hints: bool,
    /// The notices about the folder that the editor knows.
    shown_notices: Vec<Notice>,
    /// Who decides, in the reviews that are written from here.
    pub(super) reviewer: Option<String>,
}

/// The files of a folder with the texts of the editor laid over them.
struct Overlaid {
    standing: IncrementalWorkspace,
    /// The texts open in the editor, by path.
    buffers: BTreeMap<PathBuf, OpenText>,
    /// Whether all files were read anew since this was last asked.
    is_new: bool,
    /// Files read again since this was last asked.
    reread: Vec<FileId>,
}

impl Keeps for Overlaid {
    fn workspace(&self) -> &Workspace {
        self.standing.workspace()
    }

    fn renew(&mut self, inputs: Vec<Input>, progress: &(dyn Fn(usize, usize) + Sync)) {
        let mut all: BTreeMap<String, Input> =
            inputs.into_iter().map(|input| (input.path.clone(), input)).collect();
        for (path, buffer) in &self.buffers {
            let path = shown_path(path);
            all.insert(path.clone(), Input { path, content: Ok(buffer.text.as_bytes().to_vec()) });
        }
        let mut workspace = Workspace::read_telling(all.into_values().collect(), progress);
        for (path, buffer) in self.buffers.iter().filter(|(_, buffer)| has_mark(&buffer.text)) {
            // On the disk the mark is no part of the text; in the editor it takes a column.
            if let Some(file) = workspace.files().find(&shown_path(path)) {
                workspace.replace(file, Arc::clone(&buffer.text));
            }
        }
        self.standing.reload(workspace);
        self.is_new = true;
    }

    fn replace(&mut self, file: FileId, text: String) {
        let path = Path::new(self.workspace().files()[file].path());
        if !self.buffers.contains_key(path) {
            self.standing.replace(file, text);
            self.reread.push(file);
        }
    }
}

impl Session {
    /// A folder of claim files, or one file, which may not be there yet. Nothing is read before [`Self::load`].
    pub(super) fn new(shared: &Arc<SharedWorkspace>, encoding: Encoding) -> Self {
        let read = ReadWorkspace::new(Workspace::read(Vec::new()));
        let standing = IncrementalWorkspace::unanalysed(read).with_observer(Arc::clone(shared) as _);
        Self::of(shared, standing, BTreeMap::new(), encoding)
    }

    /// A workspace as read, with the texts that are open in it. It answers without an analysis.
    pub(super) fn unanalysed(
        shared: &Arc<SharedWorkspace>,
        read: ReadWorkspace,
        buffers: BTreeMap<PathBuf, OpenText>,
        encoding: Encoding,
    ) -> Self {
        let mut session = Self::of(shared, IncrementalWorkspace::unanalysed(read), buffers, encoding);
        session.is_analysed = false;
        session.forget_uris();
        session
    }

    fn of(
        shared: &Arc<SharedWorkspace>,
        standing: IncrementalWorkspace,
        buffers: BTreeMap<PathBuf, OpenText>,
        encoding: Encoding,
    ) -> Self {
        let overlaid = Overlaid { standing, buffers, is_new: true, reread: Vec::new() };
        Self {
            shared: Arc::clone(shared),
            followed: Followed::new(overlaid, &shared.root, shared.texts.as_deref(), shared.access.clone()),
            is_loaded: false,
            is_analysed: true,
            waiting: Vec::new(),
            encoding,
            told: Told::default(),
            uris: Vec::new(),
            editor: Editor::default(),
            hints: true,
            shown_notices: Vec::new(),
            reviewer: None,
        }
    }

    /// Reads and analyses everything, the first time it is called.
    pub(super) fn load(&mut self) {
        if !std::mem::replace(&mut self.is_loaded, true) {
            self.followed.renew();
            self.begin();
        }
    }

    /// Takes in that the files, or the archived texts, may be others.
    fn begin(&mut self) {
        let archive = &self.followed.options().archive;
        if *archive != self.standing().options().archive {
            let options = Options { as_of: None, archive: archive.clone() };
            self.followed.kept_mut().standing.look_with(options);
        }
        let reread = std::mem::take(&mut self.followed.kept_mut().reread);
        if std::mem::take(&mut self.followed.kept_mut().is_new) {
            self.told.begin(self.files().len());
            self.forget_uris();
            self.waiting.clear();
        } else {
            for file in reread {
                self.told.is_due(file);
            }
        }
    }

    /// The analysis, kept up with what is typed.
    pub(super) fn standing(&self) -> &IncrementalWorkspace {
        &self.followed.kept().standing
    }

    /// The same, to be changed.
    pub(super) fn standing_mut(&mut self) -> &mut IncrementalWorkspace {
        &mut self.followed.kept_mut().standing
    }

    /// Fails if this session answers without an analysis.
    pub(super) fn require_analysis(&self) -> Result<(), RequestError> {
        if self.is_analysed { Ok(()) } else { Err(RequestError::StillAnalysing) }
    }

    /// The analysis of what is around a span of a file: see [`IncrementalWorkspace::around`].
    pub(super) fn analysis_at(&mut self, file: FileId, span: Span) -> Result<Arc<Analysis>, RequestError> {
        self.require_analysis()?;
        Ok(self.standing_mut().around(file, span))
    }

    /// The same with all that is known of some things: see [`IncrementalWorkspace::telling`].
    pub(super) fn analysis_including(
        &mut self,
        file: FileId,
        span: Span,
        things: Vec<(Kind, SmolStr)>,
    ) -> Result<Arc<Analysis>, RequestError> {
        self.require_analysis()?;
        Ok(self.standing_mut().telling(file, span, things))
    }

    /// The claims of a file with their analyses: see [`IncrementalWorkspace::pieces`].
    pub(super) fn pieces(&mut self, file: FileId) -> Result<Vec<Piece>, RequestError> {
        self.require_analysis()?;
        Ok(self.standing_mut().pieces(file))
    }

    /// The analysis of the whole workspace.
    pub(super) fn whole_analysis(&mut self) -> Result<Arc<Analysis>, RequestError> {
        self.require_analysis()?;
        Ok(self.standing_mut().whole())
    }

    fn buffers(&self) -> &BTreeMap<PathBuf, OpenText> {
        &self.followed.kept().buffers
    }

    fn buffers_mut(&mut self) -> &mut BTreeMap<PathBuf, OpenText> {
        &mut self.followed.kept_mut().buffers
    }

    /// Whether a file belongs to this workspace: it lies in its folder, and the walk finds it or it is not on the
    /// disk yet.
    pub(super) fn holds(&self, path: &Path) -> bool {
        let is_found = self.files().find(&shown_path(path)).is_some();
        path.starts_with(self.root()) && (is_found || self.buffers().contains_key(path) || !path.exists())
    }

    /// Takes in a text that the editor opens, unless a link leads from it out of the workspace.
    pub(super) fn opened(&mut self, path: PathBuf, text: OpenText) {
        if !self.followed.access().follow_links && folder::leads_outside(self.root(), &path) {
            return;
        }
        self.buffers_mut().insert(path.clone(), text);
        self.forget_uris();
        self.wait_for(path);
    }

    /// Replaces a text that is open.
    pub(super) fn changed(&mut self, path: &Path, text: OpenText) {
        let Some(buffer) = self.buffers_mut().get_mut(path) else { return };
        *buffer = text;
        self.wait_for(path.to_owned());
    }

    /// From now on the file is as it is on the disk.
    pub(super) fn closed(&mut self, path: &Path) {
        self.buffers_mut().remove(path);
        self.forget_uris();
        self.wait_for(path.to_owned());
    }

    /// Something outside of the editor may have changed these files.
    pub(super) fn touched(&mut self, path: PathBuf) {
        if !self.buffers().contains_key(&path) {
            self.wait_for(path);
        }
    }

    fn wait_for(&mut self, path: PathBuf) {
        if !self.waiting.contains(&path) {
            self.waiting.push(path);
        }
    }

    /// Brings the analysis up to date with the texts. Whoever asks about a file calls this first.
    pub(super) fn settle(&mut self) {
        for path in std::mem::take(&mut self.waiting) {
            let text = match self.buffers().get(&path) {
                Some(buffer) => Some(Arc::clone(&buffer.text)),
                None => folder::read_text(self.root(), self.followed.access(), &path).map(Arc::from),
            };
            match (self.files().find(&shown_path(&path)), text) {
                (Some(file), Some(text)) if !text.contains('\0') => {
                    if *self.files()[file].text() != *text {
                        self.standing_mut().replace(file, text);
                    }
                    self.told.is_due(file);
                }
                (None, None) => {}
                // A file came or went, or has what is no text.
                _ => {
                    self.followed.renew();
                    return self.begin();
                }
            }
        }
    }

    /// Reads whatever changed on the disk, but for what is open in the editor.
    pub(super) fn look_at_disk(&mut self) {
        if self.followed.again() {
            self.begin();
        }
    }

    /// The notices about the folder that the editor does not know yet.
    pub(super) fn take_notices(&mut self) -> Vec<Notice> {
        let now = self.followed.notices().to_vec();
        let new = now.iter().filter(|notice| !self.shown_notices.contains(notice)).cloned().collect();
        self.shown_notices = now;
        new
    }

    /// Takes in what the editor can do and how it is set up.
    pub(super) fn heed(&mut self, editor: Editor, settings: &Settings) {
        (self.editor, self.hints) = (editor, settings.hints != Some(false));
        self.reviewer.clone_from(&settings.reviewer);
    }

    /// All texts, as they were when the analysis was made.
    pub(super) fn files(&self) -> &Files {
        self.standing().workspace().files()
    }

    /// The file that a URI names.
    pub(super) fn file(&self, uri: &Uri) -> Option<FileId> {
        self.files().find(&shown_path(&place::path(uri)?))
    }

    /// The text of a file.
    pub(super) fn source(&self, file: FileId) -> &SourceFile {
        &self.files()[file]
    }

    /// The file and the byte in it that an editor points at.
    pub(super) fn at(&self, params: &TextDocumentPositionParams) -> Option<(FileId, u32)> {
        let file = self.file(&params.text_document.uri)?;
        Some((file, self.encoding.byte(self.source(file).text(), params.position) as u32))
    }

    /// A span of a file as the editor counts.
    pub(super) fn range(&self, file: FileId, span: Span) -> Range {
        self.encoding.range(self.source(file), span)
    }

    /// A range of a file as we count.
    pub(super) fn span(&self, file: FileId, range: Range) -> Span {
        let byte = |position| self.encoding.byte(self.source(file).text(), position);
        let (start, end) = (byte(range.start), byte(range.end));
        Span::new(start.min(end), end.max(start))
    }

    /// A place as the editor names it.
    pub(super) fn place(&self, at: Location) -> Place {
        Place::new(self.uri(at.file), self.range(at.file, at.span))
    }

    /// The URI of a file, as the editor spells it where it has it open.
    pub(super) fn uri(&self, file: FileId) -> Uri {
        let made = || {
            let path = Path::new(self.source(file).path());
            self.buffers().get(path).map_or_else(|| place::uri(path), |buffer| buffer.uri.clone())
        };
        self.uris.get(file.index()).map_or_else(made, |uri| uri.get_or_init(made).clone())
    }

    /// Files came or went, or the editor spells one otherwise.
    fn forget_uris(&mut self) {
        self.uris = (0..self.files().len()).map(|_| OnceLock::new()).collect();
    }

    /// The files that are open in the editor.
    pub(super) fn open_files(&self) -> Vec<FileId> {
        let paths = self.buffers().keys();
        paths.filter_map(|path| self.files().find(&shown_path(path))).collect()
    }

    /// The version of a text that is open in the editor.
    pub(super) fn version(&self, file: FileId) -> Option<i32> {
        self.buffers().get(Path::new(self.source(file).path())).map(|buffer| buffer.version)
    }

    /// Whether it is a file that belongs to no folder of the editor's.
    pub(super) fn is_one_file(&self) -> bool {
        !self.shared.is_given && !self.root().is_dir()
    }

    /// The texts that are open.
    pub(super) fn take_texts(&mut self) -> BTreeMap<PathBuf, OpenText> {
        std::mem::take(self.buffers_mut())
    }

    /// The folder, or the one file.
    pub(super) fn root(&self) -> &Path {
        self.followed.path()
    }

    /// Where archived texts are looked for beside the claim files.
    pub(super) fn texts(&self) -> Option<&Path> {
        self.followed.texts()
    }

    /// Whether findings on a file are for the editor: other people's YAML is none of ours. A file that is begun is,
    /// once it has a section that nobody else has.
    pub(super) fn is_ours(&self, file: FileId) -> bool {
        let document = &self.standing().workspace().documents()[crate::id::Id::index(file)];
        let is_begun = || {
            let mut lines = self.source(file).text().lines();
            lines.any(|line| line.starts_with("claims:") || line.starts_with("actors:"))
        };
        self.shared.is_given || !document.is_empty() || is_begun()
    }

    /// The path of a file that is not there yet: in the folder, or the one file.
    pub(super) fn new_file(&self, name: &str) -> String {
        self.followed.new_file(name)
    }

    /// What a file says.
    pub(super) fn document(&self, file: FileId) -> &crate::document::Document {
        &self.standing().workspace().documents()[crate::id::Id::index(file)]
    }
}

/// Whether a text begins with a byte-order mark, and is text otherwise.
fn has_mark(text: &str) -> bool {
    text.starts_with('\u{feff}') && !text.contains('\0')
}
