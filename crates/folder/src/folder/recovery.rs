//! Records, finds and finishes changes of several files that a crash interrupted.
//!
//! When the record of a change is in the recovery directory of the user, the change will be completed: a command that
//! writes finishes it first, and a command that only reads reports that it is unfinished. Nothing in the workspace is
//! trusted: the record itself contains the new texts, in a place where only the user can write.

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

use super::lock::Attempts;
use super::{FolderError, WriteLock, shown_path};

/// How many files a message about a change lists.
const MAX_LISTED_FILES: usize = 5;

/// A change of several files that a process started and did not finish.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnfinishedChange {
    /// The path of its record.
    pub record: PathBuf,
    /// The real path of the workspace.
    pub root: PathBuf,
    /// The files that it changes, relative to the root.
    pub files: Vec<PathBuf>,
    /// Why the record cannot be used; none if it can.
    pub damage: Option<String>,
}

impl UnfinishedChange {
    /// The first files that it changes, and the number of the others.
    pub fn listed_files(&self) -> String {
        list_paths(&self.files)
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
             recover {root}`, or any command that writes there, finishes it",
            list_paths(&self.files)
        )
    }
}

/// The first paths of a list, and the number of the others.
fn list_paths(paths: &[PathBuf]) -> String {
    let quoted = |path: &PathBuf| format!("`{}`", shown_path(path));
    let mut list = paths.iter().take(MAX_LISTED_FILES).map(quoted).collect::<Vec<_>>().join(", ");
    if paths.len() > MAX_LISTED_FILES {
        let _ = write!(list, " and {} more", paths.len() - MAX_LISTED_FILES);
    }
    list
}

/// The unfinished changes that affect the workspace at a path. Waits for changes that another process is making.
///
/// # Errors
/// If the path cannot be read, or if another process takes too long.
pub fn unfinished(recovery: &RecoveryDirectory, path: &Path) -> Result<Vec<UnfinishedChange>, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    recovery.wait_for_running(&super::replace::root(path).map_err(unreadable)?)
}

/// Finishes the unfinished changes that affect the workspace at a path, and returns them. Every command that writes
/// calls this before it reads.
///
/// # Errors
/// If the path cannot be read, or if a change cannot be finished: a file has neither the text before the change nor the
/// one after it, or is not a file of this user inside the workspace. Then nothing is written.
pub fn finish(recovery: &RecoveryDirectory, path: &Path) -> Result<Vec<UnfinishedChange>, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    recovery.finish(&super::replace::root(path).map_err(unreadable)?)
}

/// Finishes the unfinished changes of the workspace at a path, and waits for its write lock. Returns the lock and the
/// finished changes.
///
/// # Errors
/// As for [`finish`] and [`WriteLock::wait`]; and if a link in the path leads elsewhere.
pub fn lock(
    recovery: &RecoveryDirectory,
    path: &Path,
) -> Result<(WriteLock, Vec<UnfinishedChange>), FolderError> {
    super::check_given(Path::new("."), path)?;
    let mut finished = Vec::new();
    let mut attempts = Attempts::new();
    loop {
        // This comes before the lock: it may lock a folder above, and locks are taken in order.
        finished.extend(finish(recovery, path)?);
        let lock = WriteLock::wait(path)?;
        let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
        if recovery.is_clear(&super::replace::root(path).map_err(unreadable)?) {
            return Ok((lock, finished));
        }
        drop(lock);
        // Another process began a change, or only looks at a record, which takes an instant.
        if !attempts.pause() {
            return Err(FolderError::Busy { path: path.display().to_string() });
        }
    }
}
