//! Changes of several files that a crash interrupted: how they are recorded, found and finished.
//!
//! From the moment the record of a change is in the recovery directory of the user, the change will be made: a command
//! that writes finishes it first, and a command that only reads says that it is unfinished. Nothing in the workspace is
//! believed: the record itself holds the new texts, and it lies where only the user can put it.

mod directory;
mod finish;
mod record;

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

pub use directory::{DirectoryError, RecoveryDirectory};
pub use finish::{FileState, RecoveryPlan};
pub use record::{RecordError, RecoveryRecord};

pub(super) use directory::RunningChange;
pub(super) use record::{RecordedFile, fingerprint};

use super::{ATTEMPTS, FolderError, WriteLock, shown_path};

/// The most files that a message about a change lists.
const MAX_LISTED_FILES: usize = 5;

/// A change of several files that a process began and did not finish.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnfinishedChange {
    /// The file that records it.
    pub record: PathBuf,
    /// The real path of the workspace.
    pub root: PathBuf,
    /// The files it changes, from the root.
    pub files: Vec<PathBuf>,
    /// Why the record cannot be used, where it cannot.
    pub damage: Option<String>,
}

impl UnfinishedChange {
    /// The files it changes, as a list that is cut where it is long.
    pub fn listed_files(&self) -> String {
        listed(&self.files)
    }
}

impl fmt::Display for UnfinishedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = self.root.display();
        if let Some(damage) = &self.damage {
            let record = self.record.display();
            return write!(
                f,
                "a change of several files in `{root}` may be unfinished, and its record `{record}` cannot be used: \
                 {damage}; `gainsay recover --discard {root}` deletes the record"
            );
        }
        let files = self.files.len();
        let noun = if files == 1 { "file" } else { "files" };
        write!(
            f,
            "a change of {files} {noun} in `{root}` was interrupted, and some may have their old text: {}; `gainsay \
             recover {root}` finishes it, and so does any command that writes there",
            listed(&self.files)
        )
    }
}

/// The first paths of a list, and how many more there are.
fn listed(paths: &[PathBuf]) -> String {
    let quoted = |path: &PathBuf| format!("`{}`", shown_path(path));
    let mut list = paths.iter().take(MAX_LISTED_FILES).map(quoted).collect::<Vec<_>>().join(", ");
    if paths.len() > MAX_LISTED_FILES {
        let _ = write!(list, " and {} more", paths.len() - MAX_LISTED_FILES);
    }
    list
}

/// The unfinished changes that concern the workspace at a path; a change that a process is making is waited for.
///
/// # Errors
/// Where the path cannot be read, and where a process is at work for too long.
pub fn unfinished(recovery: &RecoveryDirectory, path: &Path) -> Result<Vec<UnfinishedChange>, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    recovery.settled(&super::replace::root(path).map_err(unreadable)?)
}

/// Finishes the unfinished changes that concern the workspace at a path, and says which those were. Every command that
/// writes calls this before it reads.
///
/// # Errors
/// Where the path cannot be read, and where a change cannot be finished: a file says neither what it said before the
/// change nor what it says after it, or is not a file of this user inside the workspace. Nothing is written then.
pub fn finish(recovery: &RecoveryDirectory, path: &Path) -> Result<Vec<UnfinishedChange>, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    recovery.finish(&super::replace::root(path).map_err(unreadable)?)
}

/// Waits for the right to write to the workspace at a path, with nothing unfinished there; and says which changes were
/// finished for that.
///
/// # Errors
/// As for [`finish`] and [`WriteLock::wait`]; and where a link on the path leads elsewhere.
pub fn lock(
    recovery: &RecoveryDirectory,
    path: &Path,
) -> Result<(WriteLock, Vec<UnfinishedChange>), FolderError> {
    super::check_given(Path::new("."), path)?;
    let mut finished = Vec::new();
    for _ in 0..ATTEMPTS {
        // Before the lock: to finish a change of a folder above, that folder is locked, and locks are taken in order.
        finished.extend(finish(recovery, path)?);
        let lock = WriteLock::wait(path)?;
        let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
        if recovery.is_clear(&super::replace::root(path).map_err(unreadable)?) {
            return Ok((lock, finished));
        }
    }
    Err(FolderError::Busy { path: path.display().to_string() })
}
