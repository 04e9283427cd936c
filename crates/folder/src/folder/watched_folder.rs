//! A workspace that is kept up to date with its folder: only changed files are read again.
//!
//! Changes are detected by the stamp of a file: its length, times and identity. A file that was modified just before it
//! was read may change once more within one tick of the clock. So its content is compared until the stamp is reliable.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use xxhash_rust::xxh3::xxh3_64;

use super::open::{self, MAX_FILE};
use super::{
    ATTEMPTS, Access, FolderError, FolderScan, Notice, WalkEntry, archived_texts, content, read_file, scan,
    scan_when_idle, shown_path,
};
use gainsay_analysis::id::FileId;
use gainsay_analysis::source::decode;
use gainsay_analysis::workspace::{Input, Options, Workspace};
use gainsay_reading::period::Day;

/// The stamp of a file is reliable if the file is older than this. It is more than one tick of the clock of any file
/// system in use.
const RELIABLE_AGE: Duration = Duration::from_secs(2);

/// A workspace, or something built on one, that is kept up to date with a folder.
pub trait WorkspaceHolder {
    /// The current workspace.
    fn workspace(&self) -> &Workspace;
    /// Replaces all files. `progress` is called after each file with the number of files read and the number of all
    /// files.
    fn renew(&mut self, inputs: Vec<Input>, progress: &(dyn Fn(usize, usize) + Sync));
    /// Replaces the text of one file.
    fn replace(&mut self, file: FileId, text: String);
}

impl WorkspaceHolder for Workspace {
    fn workspace(&self) -> &Workspace {
        self
    }

    fn renew(&mut self, inputs: Vec<Input>, progress: &(dyn Fn(usize, usize) + Sync)) {
        *self = Self::read_with_progress(inputs, progress);
    }

    fn replace(&mut self, file: FileId, text: String) {
        Self::replace(self, file, text);
    }
}

/// A workspace and the folder that it was read from.
#[derive(Debug)]
pub struct Followed<K = Workspace> {
    path: PathBuf,
    texts: Option<PathBuf>,
    access: Access,
    holder: K,
    options: Options,
    /// The version of each file that was read, by its displayed path.
    files: BTreeMap<String, FileVersion>,
    /// The path and the version of each archived text that was read, by the id of the source.
    archived: FxHashMap<SmolStr, (PathBuf, FileVersion)>,
    trouble: Option<String>,
    notices: Vec<Notice>,
}

impl Followed {
    /// Reads a folder or one file. A folder may have no claim files yet. `progress` is called after each step with the
    /// number of steps done and the number of all steps.
    ///
    /// # Errors
    /// If the path itself cannot be read, or if files change each time they are read.
    pub fn open(
        path: &Path,
        texts: Option<&Path>,
        access: Access,
        as_of: Option<Day>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Self, FolderError> {
        let mut watched = Self::new(Workspace::read(Vec::new()), path, texts, access);
        watched.options.as_of = as_of;
        for _ in 0..ATTEMPTS {
            let scan = scan_when_idle(path, &watched.access)?;
            watched.notices = scan.notices;
            watched.read_all(scan.found, progress);
            if watched.is_current()? {
                watched.read_texts();
                return Ok(watched);
            }
        }
        Err(FolderError::Restless { path: path.display().to_string() })
    }
}

impl<K: WorkspaceHolder> Followed<K> {
    /// Watches a folder or one file, which may not exist yet. Nothing is read before [`Self::again`].
    pub fn new(holder: K, path: &Path, texts: Option<&Path>, access: Access) -> Self {
        Self {
            path: path.to_owned(),
            texts: texts.map(Path::to_owned),
            access,
            holder,
            options: Options::default(),
            files: BTreeMap::new(),
            archived: FxHashMap::default(),
            trouble: None,
            notices: Vec::new(),
        }
    }

    /// The current workspace.
    pub fn workspace(&self) -> &Workspace {
        self.holder.workspace()
    }

    /// The value that is kept up to date with the folder.
    pub fn kept(&self) -> &K {
        &self.holder
    }

    /// The value that is kept up to date, for changes. A file that is changed here is read again when it changes on the
    /// disk.
    pub fn kept_mut(&mut self) -> &mut K {
        &mut self.holder
    }

    /// The options of the analysis: the day, and the archived texts.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The folder or file that is watched.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder for archived texts, if one was given.
    pub fn texts(&self) -> Option<&Path> {
        self.texts.as_deref()
    }

    /// How the folder is accessed.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Notices for the user about the folder, as of the last read.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The displayed path of a new file in the folder; the watched file itself if it is one file.
    pub fn new_file(&self, name: &str) -> String {
        super::new_file(&self.path, name)
    }

    /// Why the last read of the whole folder failed; none if it succeeded.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Reads the files that changed on disk since the last read; returns whether anything changed. If gainsay changes
    /// several files at the same time, either all or none of the changes are read.
    pub fn again(&mut self) -> bool {
        let mut files_changed = false;
        let mut trouble = None;
        let notices = self.notices.clone();
        for attempt in 0..=ATTEMPTS {
            match self.read_once() {
                Ok(changed) => files_changed |= changed,
                Err(error) => {
                    trouble = Some(error.to_string());
                    // A folder that is gone becomes empty. In case of any other error the last read stays.
                    if matches!(error, FolderError::Unreadable { .. } | FolderError::OutsideLink { .. }) {
                        files_changed |= self.read_all(Vec::new(), &|_, _| {});
                    }
                    break;
                }
            }
            if self.is_current().unwrap_or(true) {
                break;
            }
            if attempt == ATTEMPTS {
                trouble = Some(FolderError::Restless { path: shown_path(&self.path) }.to_string());
            }
        }
        let status_changed = trouble != self.trouble || notices != self.notices;
        self.trouble = trouble;
        let texts_changed = self.read_texts();
        status_changed || files_changed || texts_changed
    }

    fn read_once(&mut self) -> Result<bool, FolderError> {
        let scan = scan_when_idle(&self.path, &self.access)?;
        self.notices = scan.notices;
        let versions: BTreeMap<String, FileVersion> =
            scan.found.iter().map(|found| (found.displayed_path(), found.version())).collect();
        Ok(if self.is_same_set(&versions) {
            self.read_changed(versions)
        } else {
            self.read_all(scan.found, &|_, _| {})
        })
    }

    /// Whether the files are still as they were read, and no process is changing several of them.
    fn is_current(&self) -> Result<bool, FolderError> {
        let now = scan(&self.path, &self.access)?;
        let read = self.files.iter().map(|(path, version)| (path.clone(), version.stamp.clone()));
        Ok(!now.is_running && now.notices == self.notices && now.stamps() == read.collect())
    }

    /// Reads all files again, changed or not.
    pub fn renew(&mut self) {
        let mut inputs = Vec::new();
        for attempt in 0..=ATTEMPTS {
            let scan = scan_when_idle(&self.path, &self.access);
            self.trouble = scan.as_ref().err().map(ToString::to_string);
            let scan = scan.unwrap_or_default();
            self.notices = scan.notices;
            let read: Vec<(FileVersion, Input)> = scan.found.par_iter().map(read_version).collect();
            self.files = read.iter().map(|(version, input)| (input.path.clone(), version.clone())).collect();
            inputs = read.into_iter().map(|(_, input)| input).collect();
            if self.trouble.is_some() || self.is_current().unwrap_or(true) {
                break;
            }
            if attempt == ATTEMPTS {
                self.trouble = Some(FolderError::Restless { path: shown_path(&self.path) }.to_string());
            }
        }
        self.holder.renew(inputs, &|_, _| {});
        self.read_texts();
    }

    /// Whether the same files exist as before, and the same of them are readable.
    fn is_same_set(&self, versions: &BTreeMap<String, FileVersion>) -> bool {
        let kind = |version: &FileVersion| {
            (version.stamp.is_some(), if version.stamp.is_none() { version.content } else { 0 })
        };
        versions.len() == self.files.len()
            && versions.iter().zip(&self.files).all(|(a, b)| a.0 == b.0 && kind(a.1) == kind(b.1))
    }

    /// Reads all files again; returns whether anything changed.
    fn read_all(&mut self, found: Vec<WalkEntry>, progress: &(dyn Fn(usize, usize) + Sync)) -> bool {
        // Each file takes two steps: it is read from the disk, then parsed.
        let (count, done) = (found.len(), std::sync::atomic::AtomicUsize::new(0));
        let read: Vec<(FileVersion, Input)> = found
            .into_par_iter()
            .map(|found| {
                let read = read_version(&found);
                progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, 2 * count);
                read
            })
            .collect();
        let files = read.iter().map(|(version, input)| (input.path.clone(), version.clone())).collect();
        let before = std::mem::replace(&mut self.files, files);
        let contents = |files: &BTreeMap<String, FileVersion>| {
            files.iter().map(|(path, version)| (path.clone(), version.content)).collect::<Vec<_>>()
        };
        if contents(&before) == contents(&self.files) {
            return false;
        }
        let inputs = read.into_iter().map(|(_, input)| input).collect();
        self.holder.renew(inputs, &|done, of| progress(of + done, 2 * of));
        true
    }

    /// Reads the files whose stamp changed; returns whether any content changed.
    fn read_changed(&mut self, versions: BTreeMap<String, FileVersion>) -> bool {
        let mut changed = false;
        for (path, mut version) in versions {
            let before = &self.files[&path];
            if version.stamp == before.stamp && before.is_reliable {
                continue;
            }
            let text = match read_file(&version.real) {
                Ok(bytes) => {
                    version.content = xxh3_64(&bytes);
                    if version.content == before.content {
                        self.files.insert(path, version);
                        continue;
                    }
                    Some(decode(bytes)).filter(|(_, bad)| bad.is_empty()).map(|(text, _)| text)
                }
                Err(_) => None,
            };
            let Some((text, file)) = text.zip(self.workspace().files().find(&path)) else {
                // The finding on a file that is not text is made when all files are read again.
                let scan = scan(&self.path, &self.access).unwrap_or_default();
                return self.read_all(scan.found, &|_, _| {}) || changed;
            };
            self.holder.replace(file, text);
            self.files.insert(path, version);
            changed = true;
        }
        changed
    }

    /// Reads the archived texts that changed; returns whether any did.
    fn read_texts(&mut self) -> bool {
        let mut changed = false;
        let paths = archived_texts::archived_paths(self.workspace(), self.texts.as_deref());
        let gone: FxHashSet<SmolStr> =
            self.archived.keys().filter(|id| !paths.contains_key(*id)).cloned().collect();
        for id in gone {
            self.archived.remove(&id);
            changed |= self.options.archive.remove(&id).is_some();
        }
        for (id, path) in paths {
            let mut version = FileVersion::of(&path);
            let before = self.archived.get(&id).filter(|(known, _)| *known == path);
            if before.is_some_and(|(_, before)| before.stamp == version.stamp && before.is_reliable) {
                continue;
            }
            let Ok(bytes) = open::read(&path, MAX_FILE) else { continue };
            version.content = xxh3_64(&bytes);
            if before.is_none_or(|(_, before)| before.content != version.content) {
                self.options.archive.insert(id.clone(), String::from_utf8_lossy(&bytes).into_owned());
                changed = true;
            }
            self.archived.insert(id, (path, version));
        }
        changed
    }
}

/// A file at the moment when it was looked at.
#[derive(Clone, Debug)]
struct FileVersion {
    /// The path to read: its own path, or the target of the link.
    real: PathBuf,
    /// None if the file could not be looked at.
    stamp: Option<FileStamp>,
    /// Whether the same stamp means the same content.
    is_reliable: bool,
    /// A fingerprint of the bytes, or of the reason why the file cannot be read.
    content: u64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FileStamp {
    length: u64,
    modified: Option<SystemTime>,
    /// Device, inode and change time; zeros if the system has none.
    identity: [i128; 3],
}

impl FileVersion {
    fn of(real: &Path) -> Self {
        let stamp = fs::symlink_metadata(real).ok().as_ref().map(FileStamp::of);
        let modified = stamp.as_ref().and_then(|stamp| stamp.modified);
        let age = modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        let is_reliable = age.is_some_and(|age| age > RELIABLE_AGE);
        Self { real: real.to_owned(), stamp, is_reliable, content: 0 }
    }
}

impl FileStamp {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok(), identity: identity(metadata) }
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> [i128; 3] {
    use std::os::unix::fs::MetadataExt as _;
    let changed = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    [i128::from(metadata.dev()), i128::from(metadata.ino()), changed]
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> [i128; 3] {
    [0; 3]
}

impl FolderScan {
    /// The stamps of the files, by displayed path; none for a file that could not be looked at.
    pub(super) fn stamps(&self) -> BTreeMap<String, Option<FileStamp>> {
        self.found.iter().map(|found| (found.displayed_path(), found.version().stamp)).collect()
    }
}

impl WalkEntry {
    fn displayed_path(&self) -> String {
        shown_path(self.path())
    }

    fn version(&self) -> FileVersion {
        let unreadable = |why: &str| {
            let content = xxh3_64(why.as_bytes());
            FileVersion { real: self.path().to_owned(), stamp: None, is_reliable: true, content }
        };
        match self {
            Self::File { real, .. } => FileVersion::of(real),
            Self::Unreadable { why, .. } => unreadable(why),
            Self::Outside { outside, .. } => unreadable(&outside.to_string()),
        }
    }
}

/// Takes the stamp of a file, then reads it, so that a change in between is noticed at the next scan.
fn read_version(found: &WalkEntry) -> (FileVersion, Input) {
    let mut version = found.version();
    let content = content(found);
    version.content = match &content {
        Ok(bytes) => xxh3_64(bytes),
        Err(why) => xxh3_64(why.to_string().as_bytes()),
    };
    (version, Input { path: found.displayed_path(), content })
}
