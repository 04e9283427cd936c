//! One look at a workspace: which claim files it has, and whether a change of several files is running or unfinished.

use std::fs;
use std::path::Path;

use super::walk::{Found, Walk};
use super::{Access, FolderError, JOURNAL, Notice, check_given, replace, shown_path};

/// The claim files at a path, and whether a change of them is running or unfinished.
#[derive(Default)]
pub(super) struct Scan {
    /// The files, and what could not be looked at.
    pub(super) found: Vec<Found>,
    /// What else there is to know.
    pub(super) notices: Vec<Notice>,
    /// Whether a process is changing several files.
    pub(super) is_running: bool,
}

/// Looks at a path. The changes are looked for before anybody takes the prints of the files: either a change is seen
/// here, or the prints are those of all that it has put in place.
///
/// # Errors
/// Where nothing is there, where it may not be looked at, and where a link leads elsewhere.
pub(super) fn look(path: &Path, access: &Access) -> Result<Scan, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    if !access.follow_links {
        check_given(Path::new("."), path)?;
    }
    let mut scan = if fs::metadata(path).map_err(unreadable)?.is_dir() {
        let mut walk = Walk::new(path, access.follow_links).map_err(unreadable)?;
        let mut found: Vec<Found> = walk.by_ref().collect();
        found.sort_by_cached_key(|found| shown_path(found.path()));
        Scan { found, notices: walk.into_notices(), is_running: false }
    } else {
        one_file(path)?
    };
    scan.notices.extend(access.recovery.trouble().map(Notice::UnsafeRecords));
    let changes = access.recovery.changes(&replace::root(path).map_err(unreadable)?);
    scan.is_running = changes.is_running;
    scan.notices.extend(changes.unfinished.into_iter().map(Notice::Unfinished));
    Ok(scan)
}

/// The same, once no process is changing several files there.
///
/// # Errors
/// As for [`look`], and where a process is at work for too long.
pub(super) fn settled(path: &Path, access: &Access) -> Result<Scan, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    loop {
        let scan = look(path, access)?;
        if !scan.is_running {
            return Ok(scan);
        }
        access.recovery.settled(&replace::root(path).map_err(unreadable)?)?;
    }
}

/// A workspace that is one file, whatever its name. It may be a link, where [`check_given`] allows it.
fn one_file(path: &Path) -> Result<Scan, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    let real = if fs::symlink_metadata(path).map_err(unreadable)?.is_symlink() {
        path.canonicalize().map_err(unreadable)?
    } else {
        path.to_owned()
    };
    let journal = replace::folder_of(path).join(JOURNAL);
    let journal = fs::symlink_metadata(&journal).ok().map(|_| Notice::IgnoredJournal(shown_path(&journal)));
    let found = vec![Found::File { path: path.to_owned(), real }];
    Ok(Scan { found, notices: journal.into_iter().collect(), is_running: false })
}
