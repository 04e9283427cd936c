//! The only module with access to a disk. It finds and reads the files of a workspace and the archived texts of its
//! sources, watches them for changes, and writes files completely or not at all.

mod archived_texts;
#[cfg(unix)]
mod attributes;
mod cache;
mod file_names;
mod gitignore;
mod links;
mod lock;
mod open;
mod recovery;
mod replace;
mod scan;
mod user_dirs;
mod walk;
#[cfg(unix)]
mod socket;
mod watch;
mod watched_folder;
mod write;

pub use archived_texts::{archived, archived_at};
pub use cache::keep;
pub use links::check_given;
pub use lock::{WriteLock, pause};
pub use open::MAX_FILE;
pub use recovery::{
    DirectoryError, FileState, RecordError, RecoveryDirectory, RecoveryPlan, RecoveryRecord,
    UnfinishedChange, finish, lock, unfinished,
};
#[cfg(unix)]
pub use socket::SocketFile;
pub use watch::Watch;
pub use watched_folder::{Followed, WorkspaceHolder};

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use gainsay_analysis::finding::print;
use gainsay_analysis::id::Id as _;
use gainsay_analysis::workspace::{Input, UnreadFile};

pub use replace::{ReplaceError, Replacement, check, replace, replace_all};
pub use write::{write, write_file};

use write::write_new;

use scan::{FolderScan, scan, scan_when_idle};
use walk::{Walk, WalkEntry};

/// How often a folder is read again if it changes while it is read.
const ATTEMPTS: usize = 10;

/// Why a folder cannot be read or written as a whole.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The path does not exist, or may not be read.
    #[error("cannot read `{path}`: {error}")]
    Unreadable {
        /// The path given.
        path: String,
        /// The error of the system.
        error: io::Error,
    },
    /// The folder contains no claim file.
    #[error("`{path}` contains no claim file (*.yaml, *.yml)")]
    Empty {
        /// The path given.
        path: String,
    },
    /// A change of several files was interrupted and cannot be finished; some files may have their old text.
    #[error(
        "a change of several files in `{root}` was interrupted and cannot be finished: {why}; `gainsay recover --dry-run \
         {root}` shows the new texts, and `gainsay recover --discard {root}` deletes their record `{record}`",
        root = .change.root.display(), record = .change.record.display()
    )]
    Unfinished {
        /// The change.
        change: UnfinishedChange,
        /// Why it cannot be finished.
        why: String,
    },
    /// A link in a given path leads out of the folder that it should stay in.
    #[error(
        "{link} {leads} `{folder}`: use the real path; commands that only read also accept `--follow-links`"
    )]
    OutsideLink {
        /// The path, and whether it is a link or contains one.
        link: String,
        /// Where it leads: `leads out of`.
        leads: String,
        /// The folder that it leads out of.
        folder: String,
    },
    /// The folder changed each time it was read.
    #[error("`{path}` keeps changing while it is read: try again when nobody writes to it")]
    Restless {
        /// The path given.
        path: String,
    },
    /// Another process has held the write lock for 60 seconds.
    #[error("another gainsay process has been writing to `{path}` for 60 seconds")]
    Busy {
        /// The path given.
        path: String,
    },
    /// A new workspace cannot be created where one exists.
    #[error("`{path}` already exists; nothing was written")]
    Taken {
        /// The file or folder that exists.
        path: String,
    },
    /// A new workspace cannot be created at a link, which may lead anywhere.
    #[error("`{path}` is a link; nothing was written; use the path of the folder that it leads to")]
    Link {
        /// The link.
        path: String,
    },
    /// A file or folder cannot be written.
    #[error("cannot write `{path}`: {error}")]
    Unwritable {
        /// The file or folder.
        path: String,
        /// The error of the system.
        error: io::Error,
    },
}

/// How a workspace is accessed.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Where unfinished changes are recorded.
    pub recovery: RecoveryDirectory,
    /// Whether to follow links that lead out of the workspace or into its hidden folders. Nothing is ever written
    /// through such a link.
    pub follow_links: bool,
}

/// Something that the user should know about a folder, other than a mistake in a claim file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Notice {
    /// A change was interrupted and is unfinished; reading does not finish it.
    #[error("{0}")]
    Unfinished(UnfinishedChange),
    /// The folder of recovery records cannot be trusted.
    #[error("{0}, so gainsay does not know whether a change is unfinished")]
    UnsafeRecords(String),
    /// The workspace contains a journal, as old versions of gainsay wrote it.
    #[error("`{0}` is ignored: gainsay does not read journals from a workspace; delete it")]
    IgnoredJournal(String),
    /// A `.gitignore` is not used.
    #[error("`{path}` is ignored: {why}")]
    IgnoredGitignore {
        /// The file.
        path: String,
        /// The reason.
        why: String,
    },
}

/// The claim files at a path, as read from the disk.
#[derive(Debug)]
pub struct FolderContents {
    /// The claim files.
    pub inputs: Vec<Input>,
    /// Notices for the user about the folder.
    pub notices: Vec<Notice>,
}

/// Reads one file, or every claim file in a folder and below, except those that `.gitignore` excludes. `progress` is
/// called after each file with the number of files read and the number of all files. If gainsay changes several files
/// at the same time, either all or none of the changes are read. Nothing is written: an interrupted change becomes a
/// notice.
///
/// # Errors
/// If the path itself cannot be read or has no claim file, or if files change each time they are read. A single file
/// that cannot be read becomes an [`Input`] with the reason.
pub fn read(
    path: &Path,
    access: &Access,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<FolderContents, FolderError> {
    for _ in 0..ATTEMPTS {
        let before = scan_when_idle(path, access)?;
        if before.found.is_empty() {
            return Err(FolderError::Empty { path: path.display().to_string() });
        }
        let stamps = before.stamps();
        let inputs = read_found(before.found, progress);
        let now = scan(path, access)?;
        if !now.is_running && now.notices == before.notices && now.stamps() == stamps {
            return Ok(FolderContents { inputs, notices: before.notices });
        }
    }
    Err(FolderError::Restless { path: path.display().to_string() })
}

/// The name of the journals that old versions of gainsay left in a workspace.
const JOURNAL: &str = ".gainsay-journal";

fn read_found(found: Vec<WalkEntry>, progress: &(dyn Fn(usize, usize) + Sync)) -> Vec<Input> {
    let (count, done) = (found.len(), std::sync::atomic::AtomicUsize::new(0));
    let read_one = |found: WalkEntry| {
        let input = Input { path: shown_path(found.path()), content: content(&found) };
        progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, count);
        input
    };
    found.into_par_iter().map(read_one).collect()
}

/// The bytes of a file that was found, or the reason why it cannot be read.
fn content(found: &WalkEntry) -> Result<Vec<u8>, UnreadFile> {
    match found {
        WalkEntry::File { real, .. } => read_file(real),
        WalkEntry::Unreadable { why, .. } => Err(UnreadFile::Failed(why.clone())),
        WalkEntry::Outside { outside, .. } => Err(UnreadFile::OutsideLink(outside.to_string())),
    }
}

fn is_claim_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// A path as gainsay displays it: with slashes, without `./`.
pub fn shown_path(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    let shown = path_to_text(path);
    // On other systems a backslash is an ordinary character: `a\b.yaml` and `a/b.yaml` are two files.
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

/// A path as text. Bytes that are not UTF-8 become `\xE9`, so that different names stay different.
fn path_to_text(path: &Path) -> Cow<'_, str> {
    if let Some(text) = path.to_str() {
        return Cow::Borrowed(text);
    }
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    Cow::Owned(text)
}

/// Reads a claim file. A path whose last part is a link is refused.
fn read_file(path: &Path) -> Result<Vec<u8>, UnreadFile> {
    open::read(path, MAX_FILE).map_err(|error| UnreadFile::Failed(error.to_string()))
}

/// The text of a claim file of a workspace. None if the file does not exist, is not text, or is reached by a link out
/// of the workspace. `workspace` is its folder or its only file.
pub fn read_text(workspace: &Path, access: &Access, path: &Path) -> Option<String> {
    let real = path.canonicalize().ok()?;
    if !access.follow_links && leads_outside(workspace, path) {
        return None;
    }
    let (text, bad) = gainsay_analysis::source::decode(read_file(&real).ok()?);
    bad.is_empty().then_some(text)
}

/// Whether a path in a workspace is a link out of the workspace, or into one of its hidden folders.
pub fn leads_outside(workspace: &Path, path: &Path) -> bool {
    let Ok(real) = path.canonicalize() else { return false };
    replace::root(workspace).is_ok_and(|root| links::check(&root, &real, path).is_err())
}

/// The path, as displayed, of the file for the first review: the workspace itself if it is one file, else
/// `reviews.yaml` in its folder.
pub fn for_reviews(workspace: &Path) -> String {
    new_file(workspace, "reviews.yaml")
}

/// The path, as displayed, of a new file in a workspace; the workspace itself if it is one file.
pub fn new_file(workspace: &Path, name: &str) -> String {
    if workspace.is_file() { shown_path(workspace) } else { shown_path(&workspace.join(name)) }
}

/// The workspace folder that a claim file belongs to, if other claim files are in it: the outermost folder above the
/// file with the name `claims`, or else the folder above its own folder, or else its own folder. None if the path is
/// not a file, or the file is the only one.
pub fn whole_of(path: &Path) -> Option<PathBuf> {
    if !path.is_file() {
        return None;
    }
    // The folder that contains the file itself, even if the file is a link.
    let parent = replace::folder_of(path).canonicalize().ok()?;
    let own = parent.join(path.file_name()?);
    let is_claims = |folder: &Path| folder.file_name().is_some_and(|name| name == "claims");
    let named = own.ancestors().skip(1).filter(|folder| is_claims(folder)).last();
    let named = named.filter(|folder| has_others(folder, &own, usize::MAX));
    let above = || parent.parent().filter(|above| has_others(above, &own, 1));
    let folder = named.or_else(above).or_else(|| has_others(&parent, &own, 2).then_some(parent.as_path()))?;
    // The path is returned in the form that the caller used, if possible.
    let written = replace::folder_of(path);
    let leads_there = |written: &&Path| written.canonicalize().is_ok_and(|written| written == folder);
    let outer = written.join("..");
    let above =
        written.parent().map(|above| if above.as_os_str().is_empty() { Path::new(".") } else { above });
    let mut candidates = std::iter::once(written).chain(above).chain(std::iter::once(outer.as_path()));
    Some(candidates.find(leads_there).unwrap_or(folder).to_owned())
}

/// Whether a folder contains another claim file than `own`, at most `depth` folders deep. A YAML file without claims,
/// such as the settings of a program, does not count; a file that cannot be read does.
fn has_others(folder: &Path, own: &Path, depth: usize) -> bool {
    let Ok(walk) = Walk::new(folder, false) else { return false };
    walk.with_depth(depth).any(|found| match found {
        WalkEntry::File { path, real } => {
            let is_own = path == own || path.canonicalize().is_ok_and(|path| path == own);
            !is_own && may_have_claims(&real)
        }
        _ => false,
    })
}

fn may_have_claims(real: &Path) -> bool {
    let text = read_file(real).ok().map(gainsay_analysis::source::decode).filter(|(_, bad)| bad.is_empty());
    let Some((text, _)) = text else { return true };
    let file = gainsay_analysis::id::FileId::new(0);
    !gainsay_analysis::document::read(file, &gainsay_analysis::yaml::parse(file, &text).0).0.is_empty()
}

/// Creates a workspace: a folder, if it does not exist, with these claim files in it.
///
/// # Errors
/// If the folder or one above is a link that leads elsewhere, if the folder already contains a claim file at any depth
/// or something with one of these names, or if it cannot be written.
pub fn start(path: &Path, files: &[(&str, &str)]) -> Result<(), FolderError> {
    let taken = |path: &Path| FolderError::Taken { path: shown_path(path) };
    let exists = |path: &Path| fs::symlink_metadata(path).is_ok();
    // Without a slash at the end, which would follow a link.
    let folder: PathBuf = path.components().collect();
    if fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_symlink()) {
        return Err(FolderError::Link { path: shown_path(&folder) });
    }
    check_given(Path::new("."), path)?;
    if path.is_dir() {
        let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
        if let Some(found) = Walk::new(path, false).map_err(unreadable)?.next() {
            return Err(taken(found.path()));
        }
    } else if exists(path) {
        return Err(taken(path));
    }
    if let Some(file) = files.iter().map(|(name, _)| path.join(name)).find(|file| exists(file)) {
        return Err(taken(&file));
    }
    let unwritable = |path: &Path, error| FolderError::Unwritable { path: shown_path(path), error };
    make(path).map_err(|error| unwritable(path, error))?;
    for (name, text) in files {
        let file = path.join(name);
        write_new(&file, text.as_bytes()).map_err(|error| unwritable(&file, error))?;
    }
    Ok(())
}

/// Creates a folder and all missing folders above it.
///
/// # Errors
/// The error of the system.
pub fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}
