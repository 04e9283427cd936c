//! One scan of a workspace: its claim files, and whether a change of several files is running or unfinished.

use std::fs;
use std::path::Path;

use super::walk::{Walk, WalkEntry};
use super::{Access, FolderError, JOURNAL, Notice, check_given, replace, shown_path};

/// The result of a scan.
#[derive(Default)]
pub(super) struct FolderScan {
    /// The claim files, and what could not be read.
    pub(super) found: Vec<WalkEntry>,
    /// Notices for the user about the folder.
    pub(super) notices: Vec<Notice>,
    /// Whether a process is changing several files at the moment.
    pub(super) is_running: bool,
}

/// Scans a path. Running changes are looked up here, before the caller takes the stamps of the files: either the
/// change is seen here, or the stamps already include all files that it has replaced.
///
/// # Errors
/// If the path does not exist or may not be read, or if a link leads elsewhere.
pub(super) fn scan(path: &Path, access: &Access) -> Result<FolderScan, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    if !access.follow_links {
        check_given(Path::new("."), path)?;
    }
    let mut scan = if fs::metadata(path).map_err(unreadable)?.is_dir() {
        let mut walk = Walk::new(path, access.follow_links).map_err(unreadable)?;
        let mut found: Vec<WalkEntry> = walk.by_ref().collect();
        found.sort_by_cached_key(|found| shown_path(found.path()));
        FolderScan { found, notices: walk.into_notices(), is_running: false }
    } else {
        scan_file(path)?
    };
    scan.notices.extend(access.recovery.trouble().map(Notice::UnsafeRecords));
    let changes = access.recovery.changes(&replace::root(path).map_err(unreadable)?);
    scan.is_running = changes.is_running;
    scan.notices.extend(changes.unfinished.into_iter().map(Notice::Unfinished));
    Ok(scan)
}

/// Like [`scan`], but waits until no process is changing several files.
///
/// # Errors
/// As for [`scan`], and if a change takes too long.
pub(super) fn scan_when_idle(path: &Path, access: &Access) -> Result<FolderScan, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    loop {
        let scan = scan(path, access)?;
        if !scan.is_running {
            return Ok(scan);
        }
        access.recovery.wait_for_running(&replace::root(path).map_err(unreadable)?)?;
    }
}

/// Scans a workspace that is one file with any name. It may be a link if [`check_given`] allows it.
fn scan_file(path: &Path) -> Result<FolderScan, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    let real = if fs::symlink_metadata(path).map_err(unreadable)?.is_symlink() {
        path.canonicalize().map_err(unreadable)?
    } else {
        path.to_owned()
    };
    let journal = replace::folder_of(path).join(JOURNAL);
    let journal = fs::symlink_metadata(&journal).ok().map(|_| Notice::IgnoredJournal(shown_path(&journal)));
    let found = vec![WalkEntry::File { path: path.to_owned(), real }];
    Ok(FolderScan { found, notices: journal.into_iter().collect(), is_running: false })
}
