//! The only access to a disk: finds and reads the files of a workspace and the archived texts of its sources,
//! reads again what changed of them, tells when something may have, and writes files whole or not at all.

#[cfg(unix)]
mod attributes;
mod cache;
mod file_names;
mod follow;
mod gitignore;
mod links;
mod lock;
mod open;
mod recovery;
mod replace;
mod scan;
mod texts;
mod user_dirs;
mod walk;
#[cfg(unix)]
mod socket;
mod watch;
mod write;

pub use cache::keep;
pub use follow::{Followed, Keeps};
pub use links::check_given;
pub use lock::{WriteLock, pause};
pub use open::MAX_FILE;
pub use recovery::{
    DirectoryError, FileState, RecordError, RecoveryDirectory, RecoveryPlan, RecoveryRecord,
    UnfinishedChange, finish, lock, unfinished,
};
#[cfg(unix)]
pub use socket::SocketFile;
pub use texts::{archived, archived_at};
pub use watch::Watch;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use crate::finding::print;
use crate::id::Id as _;
use crate::workspace::{Input, Unread};

pub use replace::{ReplaceError, Replacement, check, replace, replace_all};
pub use write::{write, write_file};

use write::write_new;

use open::OpenError;
use scan::{Scan, look, settled};
use walk::{Found, Walk};

/// How often a folder is read again that changes while it is read, or is being written to.
const ATTEMPTS: usize = 10;

/// A folder that cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Nothing is at the path, or it may not be looked at.
    #[error("cannot read `{path}`: {error}")]
    Unreadable {
        /// The path given.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// There is no claim file in it.
    #[error("`{path}` holds no claim file (*.yaml, *.yml)")]
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
        /// What is in the way.
        why: String,
    },
    /// A path that was given leads out of the folder it was given for by a link.
    #[error(
        "{link} {leads} `{folder}`: give the real path; where a command only reads, `--follow-links` allows the link"
    )]
    OutsideLink {
        /// The path and what of it is a link.
        link: String,
        /// Where it leads.
        leads: String,
        /// The folder it leads out of.
        folder: String,
    },
    /// It changed each time it was read.
    #[error("`{path}` changes all the time: try again when nobody writes to it")]
    Restless {
        /// The path given.
        path: String,
    },
    /// Another process has the right to write to it, and has not given it up for 60 seconds.
    #[error("another gainsay process has been writing to `{path}` for 60 seconds")]
    Busy {
        /// The path given.
        path: String,
    },
    /// A new workspace is asked for where one is.
    #[error("`{path}` stands there already; nothing was written")]
    Taken {
        /// The claim file in the way.
        path: String,
    },
    /// A new workspace is asked for at a link, which may lead anywhere.
    #[error("`{path}` is a link; name the folder that it leads to. Nothing was written")]
    Link {
        /// The link.
        path: String,
    },
    /// It cannot be written to.
    #[error("cannot write `{path}`: {error}")]
    Unwritable {
        /// The file or folder.
        path: String,
        /// What the system says.
        error: io::Error,
    },
}

/// How a workspace is reached.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Where unfinished changes are recorded.
    pub recovery: RecoveryDirectory,
    /// Whether links are followed that lead out of the workspace or into its hidden folders. Nothing is ever written
    /// through such a link.
    pub follow_links: bool,
}

/// Something about a folder that its reader should know, and that is not a mistake in a claim file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Notice {
    /// A change was interrupted, and reading does not finish it.
    #[error("{0}")]
    Unfinished(UnfinishedChange),
    /// The folder of recovery records cannot be trusted.
    #[error("{0}, and so it is not known whether a change is unfinished")]
    UnsafeRecords(String),
    /// A journal came with the files, as former versions of gainsay wrote it.
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

/// What was read at a path.
#[derive(Debug)]
pub struct Reading {
    /// The claim files.
    pub inputs: Vec<Input>,
    /// What else there is to know.
    pub notices: Vec<Notice>,
}

/// Reads every claim file at a path: a folder of any depth, `.gitignore` respected, or one file. `progress`
/// is called after each file with the number of files read and of all files. A change of several files that gainsay
/// makes at the same time is read whole or not at all. Nothing is written: a change that was interrupted is a notice.
///
/// # Errors
/// Where the path itself cannot be read or has no claim file, and where files change each time they are read. A file in
/// it that cannot be read is an [`Input`] that says why.
pub fn read(
    path: &Path,
    access: &Access,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Reading, FolderError> {
    for _ in 0..ATTEMPTS {
        let scan = settled(path, access)?;
        if scan.found.is_empty() {
            return Err(FolderError::Empty { path: path.display().to_string() });
        }
        let before = scan.prints();
        let inputs = read_found(scan.found, progress);
        let now = look(path, access)?;
        if !now.is_running && now.notices == scan.notices && now.prints() == before {
            return Ok(Reading { inputs, notices: scan.notices });
        }
    }
    Err(FolderError::Restless { path: path.display().to_string() })
}

/// The name of the journals that former versions of gainsay left in a workspace.
const JOURNAL: &str = ".gainsay-journal";

fn read_found(found: Vec<Found>, progress: &(dyn Fn(usize, usize) + Sync)) -> Vec<Input> {
    let (count, done) = (found.len(), std::sync::atomic::AtomicUsize::new(0));
    let read_one = |found: Found| {
        let input = Input { path: shown_path(found.path()), content: content(&found) };
        progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, count);
        input
    };
    found.into_par_iter().map(read_one).collect()
}

/// The bytes of a file that was found, or the reason why there are none.
fn content(found: &Found) -> Result<Vec<u8>, Unread> {
    match found {
        Found::File { real, .. } => read_file(real),
        Found::Unreadable { why, .. } => Err(Unread::Failed(why.clone())),
        Found::Outside { outside, .. } => Err(Unread::OutsideLink(outside.to_string())),
    }
}

fn is_claim_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// A path as a workspace names it: with slashes, without `./`.
pub fn shown_path(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    let shown = text_of(path);
    // Elsewhere it is a letter like any other: `a\b.yaml` and `a/b.yaml` are two files.
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

/// A path as text; bytes that are not UTF-8 as `\xE9`, so that two names are shown as two.
fn text_of(path: &Path) -> Cow<'_, str> {
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

/// Reads a claim file at a path without a link at its end.
fn read_file(path: &Path) -> Result<Vec<u8>, Unread> {
    open::read(path, MAX_FILE).map_err(|error| {
        Unread::Failed(match error {
            OpenError::TooLarge { .. } => format!("a claim file has at most 64 MiB, and {error}"),
            error => error.to_string(),
        })
    })
}

/// The text of a claim file of a workspace; none where it is gone or not text, and where a link in the workspace leads
/// elsewhere. `workspace` is the folder, or the one file.
pub fn read_text(workspace: &Path, access: &Access, path: &Path) -> Option<String> {
    let real = path.canonicalize().ok()?;
    if !access.follow_links && leads_outside(workspace, path) {
        return None;
    }
    let (text, bad) = crate::source::decode(read_file(&real).ok()?);
    bad.is_empty().then_some(text)
}

/// Whether a link leads from a file of a workspace out of it, or into one of its hidden folders.
pub fn leads_outside(workspace: &Path, path: &Path) -> bool {
    let Ok(real) = path.canonicalize() else { return false };
    replace::root(workspace).is_ok_and(|root| links::check(&root, &real, path).is_err())
}

/// The path, as a workspace knows it, of the file in which reviews are begun where none are yet: the workspace
/// itself where it is one file, else `reviews.yaml` in its folder.
pub fn for_reviews(workspace: &Path) -> String {
    new_file(workspace, "reviews.yaml")
}

/// The path, as a workspace knows it, of a file that is to be begun in its folder; the workspace itself where it is
/// one file.
pub fn new_file(workspace: &Path, name: &str) -> String {
    if workspace.is_file() { shown_path(workspace) } else { shown_path(&workspace.join(name)) }
}

/// The folder of which a claim file is a part, where others lie in it: the outermost called `claims` that it lies in, or
/// else the folder above its own, or its own. None where the path is no file, or the file stands alone.
pub fn whole_of(path: &Path) -> Option<PathBuf> {
    if !path.is_file() {
        return None;
    }
    // The place of the file itself, wherever it may be a link to.
    let parent = replace::folder_of(path).canonicalize().ok()?;
    let own = parent.join(path.file_name()?);
    let is_claims = |folder: &Path| folder.file_name().is_some_and(|name| name == "claims");
    let named = own.ancestors().skip(1).filter(|folder| is_claims(folder)).last();
    let named = named.filter(|folder| has_others(folder, &own, usize::MAX));
    let above = || parent.parent().filter(|above| has_others(above, &own, 1));
    let folder = named.or_else(above).or_else(|| has_others(&parent, &own, 2).then_some(parent.as_path()))?;
    // As the caller wrote it, where that leads there.
    let written = replace::folder_of(path);
    let leads_there = |written: &&Path| written.canonicalize().is_ok_and(|written| written == folder);
    let outer = written.join("..");
    let above =
        written.parent().map(|above| if above.as_os_str().is_empty() { Path::new(".") } else { above });
    let mut ways = std::iter::once(written).chain(above).chain(std::iter::once(outer.as_path()));
    Some(ways.find(leads_there).unwrap_or(folder).to_owned())
}

/// Whether a folder holds a claim file other than this one, so many folders deep. A file that is no claim file but for
/// its name, the settings of some program, is none; one that cannot be read may be.
fn has_others(folder: &Path, own: &Path, depth: usize) -> bool {
    let Ok(walk) = Walk::new(folder, false) else { return false };
    walk.with_depth(depth).any(|found| match found {
        Found::File { path, real } => {
            let is_own = path == own || path.canonicalize().is_ok_and(|path| path == own);
            !is_own && may_hold_claims(&real)
        }
        _ => false,
    })
}

fn may_hold_claims(real: &Path) -> bool {
    let text = read_file(real).ok().map(crate::source::decode).filter(|(_, bad)| bad.is_empty());
    let Some((text, _)) = text else { return true };
    let file = crate::id::FileId::new(0);
    !crate::document::read(file, &crate::yaml::parse(file, &text).0).0.is_empty()
}

/// Makes a folder, if it is not there, with these claim files in it.
///
/// # Errors
/// Where it or a folder above is a link that leads elsewhere, where it has a claim file already, at any depth, or anything
/// with the name of one of these files, and where it cannot be written to.
pub fn start(path: &Path, files: &[(&str, &str)]) -> Result<(), FolderError> {
    let taken = |path: &Path| FolderError::Taken { path: shown_path(path) };
    let is_there = |path: &Path| fs::symlink_metadata(path).is_ok();
    // Without the slash that may end it: with the slash it is the folder that a link leads to.
    let folder: PathBuf = path.components().collect();
    if fs::symlink_metadata(&folder).is_ok_and(|there| there.is_symlink()) {
        return Err(FolderError::Link { path: shown_path(&folder) });
    }
    check_given(Path::new("."), path)?;
    if path.is_dir() {
        let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
        if let Some(found) = Walk::new(path, false).map_err(unreadable)?.next() {
            return Err(taken(found.path()));
        }
    } else if is_there(path) {
        return Err(taken(path));
    }
    if let Some(file) = files.iter().map(|(name, _)| path.join(name)).find(|file| is_there(file)) {
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

/// Makes a folder with all that lead to it, where they are missing.
///
/// # Errors
/// What the system says.
pub fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}
