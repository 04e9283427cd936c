//! Replaces claim files, but only if they still have the text that was read. All gainsay processes share a lock for
//! this: if two of them save at the same time, one is refused and nothing is lost. Several files are replaced together
//! or not at all, with the help of a recovery record.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::links::{self, Outside};
use super::lock::{Attempts, FolderLock};
use super::open::{self, MAX_FILE, OpenError};
use super::recovery::{
    RecordError, RecordedFile, RecoveryDirectory, RecoveryRecord, RunningChange, fingerprint,
};
use super::write::Existing;
use super::{file_names, shown_path, write};
use gainsay_analysis::source::decode;

/// Why a file was not replaced. The file is then unchanged.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// The file changed since it was read.
    #[error("`{path}` changed on disk since it was read")]
    Changed {
        /// The file.
        path: String,
        /// Its current text; none if it no longer exists.
        on_disk: Option<String>,
    },
    /// The file cannot be written, or not without damage.
    #[error("`{path}` cannot be written: {why}")]
    Barred {
        /// The file.
        path: String,
        /// The reason.
        why: String,
    },
    /// Several files cannot be changed together, because the change cannot be recorded.
    #[error(
        "nothing was written: a change of several files must be recorded first, in case of a crash: {why}"
    )]
    Unrecorded {
        /// The reason.
        why: String,
    },
    /// The system reported an error.
    #[error("cannot write `{path}`: {error}")]
    Unwritable {
        /// The file.
        path: String,
        /// The error of the system.
        error: io::Error,
    },
}

/// A new text for a file of a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Replacement<'a> {
    /// The file.
    pub path: &'a Path,
    /// The text before; none for a new file.
    pub before: Option<&'a str>,
    /// The text afterwards.
    pub after: &'a str,
}

/// Replaces the text of a file of a workspace, or creates a new file, if its text is still `before`. `workspace` is the
/// folder or the one file that was read. The file is written completely or not at all. It keeps its permissions and its
/// byte-order mark. A link that stays in the workspace is kept, and its target is replaced.
///
/// # Errors
/// If the file has another text now, is outside of the workspace, is not a file with text, or cannot be written; and if
/// an unfinished change of the workspace cannot be finished.
pub fn replace(
    recovery: &RecoveryDirectory,
    workspace: &Path,
    path: &Path,
    before: Option<&str>,
    after: &str,
) -> Result<(), ReplaceError> {
    replace_all(recovery, workspace, &[Replacement { path, before, after }])
}

/// Like [`replace`] for several files: all of them are replaced or none is, even if the process is killed in between.
/// An interrupted change is finished by the next gainsay command of this user that writes to the workspace.
///
/// # Errors
/// As for one file; and if the change cannot be recorded.
pub fn replace_all(
    recovery: &RecoveryDirectory,
    workspace: &Path,
    all: &[Replacement<'_>],
) -> Result<(), ReplaceError> {
    replace_with_steps(recovery, workspace, all, &mut |_| {})
}

/// Checks a replacement without reading or writing: the file must be in the workspace and have only one name, and a new
/// file must have a name that gainsay reads. Previews call this.
///
/// # Errors
/// If [`replace`] would refuse the replacement for one of these reasons.
pub fn check(workspace: &Path, one: &Replacement<'_>) -> Result<(), ReplaceError> {
    let target = WriteTarget::new(&root_of(workspace, one)?, one)?;
    if fs::symlink_metadata(&target.path).is_ok_and(|there| file_names::has_other_names(&there)) {
        return Err(target.not_writable(file_names::HARD_LINK));
    }
    Ok(())
}

/// The steps of a change, for tests that interrupt it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ReplaceStep {
    /// One more file has its new text on the disk, next to its place.
    Written,
    /// The recovery record is on the disk, next to its place.
    Recorded,
    /// The recovery record is in its place. From now on the change will be completed, even after a crash.
    Committed,
    /// One more file has its new text.
    Placed,
    /// All folders are flushed to the disk.
    Flushed,
    /// The recovery record is deleted.
    Cleared,
}

/// Like [`replace_all`], but calls `on_step` after each step.
fn replace_with_steps(
    recovery: &RecoveryDirectory,
    workspace: &Path,
    all: &[Replacement<'_>],
    on_step: &mut dyn FnMut(ReplaceStep),
) -> Result<(), ReplaceError> {
    let Some(first) = all.first() else { return Ok(()) };
    let root = root_of(workspace, first)?;
    let targets: Vec<WriteTarget<'_>> =
        all.iter().map(|one| WriteTarget::new(&root, one)).collect::<Result<_, _>>()?;
    if let Some(twice) =
        (1..targets.len()).find(|&at| targets[..at].iter().any(|one| one.is_same_file(&targets[at])))
    {
        return Err(targets[twice].not_writable("there are two new texts for it"));
    }
    let mut folders: Vec<PathBuf> = targets.iter().map(|target| target.folder.clone()).collect();
    if targets.len() > 1 {
        folders.push(root.clone());
    }
    let _locks = lock_folders(recovery, &root, &folders, &targets[0])?;
    let staged = targets.into_iter().map(|target| {
        let staged = target.stage()?;
        on_step(ReplaceStep::Written);
        Ok(staged)
    });
    let mut staged: Vec<StagedFile<'_>> = staged.collect::<Result<_, ReplaceError>>()?;
    // Writing the new texts to the disk takes some time, and editors ignore the lock.
    staged.iter().try_for_each(StagedFile::check_unchanged)?;
    if staged.len() > 1 {
        return place_all(recovery, &root, &staged, on_step);
    }
    staged.pop().map_or(Ok(()), StagedFile::place_alone)
}

/// Locks folders after finishing all unfinished changes there.
fn lock_folders(
    recovery: &RecoveryDirectory,
    root: &Path,
    folders: &[PathBuf],
    first: &WriteTarget<'_>,
) -> Result<Vec<FolderLock>, ReplaceError> {
    let busy = || first.not_writable("another gainsay process has been writing to its folder for 60 seconds");
    let mut attempts = Attempts::new();
    loop {
        recovery.finish(root).map_err(|unfinished| first.not_writable(&unfinished.to_string()))?;
        let locks = FolderLock::wait_for_all(folders.to_vec())
            .map_err(|error| WriteObstacle::System(error).at(&first.shown))?;
        let locks = locks.ok_or_else(busy)?;
        if recovery.is_clear(root) {
            if locks.iter().all(FolderLock::is_exclusive) {
                for folder in folders {
                    write::remove_leftovers(folder);
                }
            }
            return Ok(locks);
        }
        drop(locks);
        if !attempts.pause() {
            return Err(busy());
        }
    }
}

/// Records the change, then moves several staged texts into their places.
fn place_all(
    recovery: &RecoveryDirectory,
    root: &Path,
    staged: &[StagedFile<'_>],
    on_step: &mut dyn FnMut(ReplaceStep),
) -> Result<(), ReplaceError> {
    let change = record(recovery, root, staged, on_step)?;
    for at in 0..staged.len() {
        let placed = staged[at].check_unchanged().and_then(|()| staged[at].place());
        if let Err(error) = placed {
            // The files that were replaced get their old texts back. If that fails, the record stays, so that the
            // change can still be finished.
            return roll_back(change, &staged[..at]).and(Err(error));
        }
        on_step(ReplaceStep::Placed);
    }
    for one in staged {
        write::flush_folder(&one.target.folder).map_err(|error| one.unwritable(error))?;
    }
    on_step(ReplaceStep::Flushed);
    // All files are written. If the record cannot be deleted, the next writer has nothing left to do and deletes it.
    change.clear().map_err(unrecorded)?;
    on_step(ReplaceStep::Cleared);
    Ok(())
}

fn unrecorded(error: impl std::fmt::Display) -> ReplaceError {
    ReplaceError::Unrecorded { why: error.to_string() }
}

/// Writes the recovery record and puts it in its place.
fn record(
    recovery: &RecoveryDirectory,
    root: &Path,
    staged: &[StagedFile<'_>],
    on_step: &mut dyn FnMut(ReplaceStep),
) -> Result<RunningChange, ReplaceError> {
    for one in staged {
        write::flush_folder(&one.target.folder).map_err(|error| one.unwritable(error))?;
    }
    let record =
        RecoveryRecord::new(root.to_owned(), staged.iter().map(|one| one.record_entry(root)).collect());
    let record = record.map_err(|error| match error {
        RecordError::Path { path, why } => ReplaceError::Barred {
            path,
            why: format!("{why}, so it cannot be changed together with other files"),
        },
        error => unrecorded(error),
    })?;
    let prepared = recovery.prepare(&record).map_err(unrecorded)?;
    on_step(ReplaceStep::Recorded);
    let change = prepared.commit().map_err(unrecorded)?;
    on_step(ReplaceStep::Committed);
    Ok(change)
}

/// Gives files their old texts back, if they still have the new ones, and deletes the record.
fn roll_back(change: RunningChange, placed: &[StagedFile<'_>]) -> Result<(), ReplaceError> {
    for one in placed {
        one.roll_back()?;
        write::flush_folder(&one.target.folder).map_err(|error| one.unwritable(error))?;
    }
    change.clear().map_err(unrecorded)
}

/// A file that is to be replaced.
struct WriteTarget<'a> {
    replacement: &'a Replacement<'a>,
    /// The path as displayed.
    shown: String,
    /// The real path.
    path: PathBuf,
    folder: PathBuf,
}

impl<'a> WriteTarget<'a> {
    fn new(root: &Path, replacement: &'a Replacement<'a>) -> Result<Self, ReplaceError> {
        let shown = shown_path(replacement.path);
        let not_writable = |why: &'static str| WriteObstacle::Reason(why).at(&shown);
        if replacement.after.len() as u64 > MAX_FILE {
            return Err(not_writable("it would have more than 64 MiB"));
        }
        let path = real_path(replacement.path).map_err(|error| WriteObstacle::System(error).at(&shown))?;
        links::check(root, &path, replacement.path).map_err(|outside| {
            not_writable(match outside {
                Outside::Elsewhere => "it is outside of the workspace",
                Outside::Hidden => "a link leads to it in a hidden folder of the workspace",
            })
        })?;
        let name_problem = || path.strip_prefix(root).map_or(None, file_names::problem_with_new_name);
        if let Some(why) = replacement.before.is_none().then(name_problem).flatten() {
            return Err(not_writable(why));
        }
        let folder = path.parent().ok_or_else(|| not_writable("it is not a file"))?.to_owned();
        Ok(Self { replacement, shown, path, folder })
    }

    fn is_same_file(&self, other: &Self) -> bool {
        self.path == other.path
    }

    fn not_writable(&self, why: &str) -> ReplaceError {
        ReplaceError::Barred { path: self.shown.clone(), why: why.to_owned() }
    }

    fn read(&self) -> Result<Option<(fs::Metadata, Vec<u8>)>, ReplaceError> {
        read_existing(&self.path).map_err(|why| why.at(&self.shown))
    }

    /// The error for a file that has another text now.
    fn changed(&self, now: Option<&Vec<u8>>) -> ReplaceError {
        match as_text(now, &self.shown) {
            Ok(on_disk) => ReplaceError::Changed { path: self.shown.clone(), on_disk },
            Err(error) => error,
        }
    }

    /// Writes the new text next to the file, if the file still has the text that was read.
    fn stage(self) -> Result<StagedFile<'a>, ReplaceError> {
        let (metadata, bytes) = self.read()?.unzip();
        if metadata.as_ref().is_some_and(file_names::has_other_names) {
            return Err(self.not_writable(file_names::HARD_LINK));
        }
        if as_text(bytes.as_ref(), &self.shown)?.as_deref() != self.replacement.before {
            return Err(self.changed(bytes.as_ref()));
        }
        let mark = bytes
            .as_ref()
            .filter(|bytes| bytes.starts_with(BYTE_ORDER_MARK))
            .map_or(&[][..], |_| BYTE_ORDER_MARK);
        let new = [mark, self.replacement.after.as_bytes()].concat();
        let existing = metadata.as_ref().map(|metadata| Existing { path: &self.path, metadata });
        let file = write::write_temporary(&self.folder, write::EDIT_PREFIX, existing, &new)
            .map_err(|error| WriteObstacle::System(error).at(&self.shown))?;
        Ok(StagedFile { target: self, metadata, bytes, new, text: file.into_temp_path() })
    }
}

/// A file whose new text is written next to it.
struct StagedFile<'a> {
    target: WriteTarget<'a>,
    /// The metadata when the file was read; none for a new file.
    metadata: Option<fs::Metadata>,
    bytes: Option<Vec<u8>>,
    new: Vec<u8>,
    text: TempPath,
}

impl StagedFile<'_> {
    fn unwritable(&self, error: io::Error) -> ReplaceError {
        WriteObstacle::System(error).at(&self.target.shown)
    }

    /// An error if the file changed since it was read.
    fn check_unchanged(&self) -> Result<(), ReplaceError> {
        let now = self.target.read()?.map(|(_, bytes)| bytes);
        if now == self.bytes { Ok(()) } else { Err(self.target.changed(now.as_ref())) }
    }

    /// Moves the new text into its place.
    fn place(&self) -> Result<(), ReplaceError> {
        let mut text = TempPath::try_from_path(&self.text).map_err(|error| self.unwritable(error))?;
        text.disable_cleanup(true);
        let target = &self.target.path;
        let placed = if self.bytes.is_some() { text.persist(target) } else { text.persist_noclobber(target) };
        placed.map_err(|error| self.place_error(error.error))
    }

    /// Like [`Self::place`], for a change of this one file.
    fn place_alone(self) -> Result<(), ReplaceError> {
        self.place()?;
        write::flush_folder(&self.target.folder).map_err(|error| self.unwritable(error))
    }

    /// The error for a text that could not be moved into its place: another file may exist there now.
    fn place_error(&self, error: io::Error) -> ReplaceError {
        match self.target.read() {
            Ok(Some((_, now))) if self.bytes.is_none() => self.target.changed(Some(&now)),
            Err(other) if self.bytes.is_none() => other,
            _ => self.unwritable(error),
        }
    }

    /// The entry of the file in a recovery record. `root` is the real path of the workspace.
    fn record_entry(&self, root: &Path) -> RecordedFile {
        RecordedFile {
            path: self.target.path.strip_prefix(root).unwrap_or(&self.target.path).to_owned(),
            before: self.bytes.as_deref().map(fingerprint),
            text: self.new.clone(),
        }
    }

    /// Gives the file its old text back; an error if it does not have the new one any more.
    fn roll_back(&self) -> Result<(), ReplaceError> {
        let now = self.target.read()?.map(|(_, bytes)| bytes);
        if now.as_ref() != Some(&self.new) {
            return Err(self.target.changed(now.as_ref()));
        }
        let Some(bytes) = &self.bytes else {
            return fs::remove_file(&self.target.path).map_err(|error| self.unwritable(error));
        };
        // The new file has the attributes of the old one.
        let existing = self.metadata.as_ref().map(|metadata| Existing { path: &self.target.path, metadata });
        let old = write::write_temporary(&self.target.folder, write::EDIT_PREFIX, existing, bytes);
        let put = old.and_then(|old| old.persist(&self.target.path).map_err(|error| error.error));
        put.map(drop).map_err(|error| self.unwritable(error))
    }
}

/// Why a file cannot be read or written, before its path is known.
enum WriteObstacle {
    Reason(&'static str),
    System(io::Error),
}

impl WriteObstacle {
    fn at(self, path: &str) -> ReplaceError {
        let path = path.to_owned();
        match self {
            Self::Reason(why) => ReplaceError::Barred { path, why: why.to_owned() },
            Self::System(error) => ReplaceError::Unwritable { path, error },
        }
    }
}

/// The metadata and the bytes of a file; none if it does not exist.
fn read_existing(target: &Path) -> Result<Option<(fs::Metadata, Vec<u8>)>, WriteObstacle> {
    let (mut file, metadata) = match open::open(target, MAX_FILE) {
        Err(error) if error.is_not_found() => return Ok(None),
        opened => opened?,
    };
    if metadata.permissions().readonly() {
        return Err(WriteObstacle::Reason("it is read-only"));
    }
    let bytes = open::read_to_end(&mut file, metadata.len(), MAX_FILE)?;
    Ok(Some((metadata, bytes)))
}

impl From<OpenError> for WriteObstacle {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Io(error) => Self::System(error),
            OpenError::NotRegular => Self::Reason("it is not a regular file"),
            OpenError::TooLarge { .. } => Self::Reason("it has more than 64 MiB"),
            OpenError::WouldBlock => Self::Reason("it has no data yet, and gainsay does not wait for it"),
        }
    }
}

/// The text of the bytes of a file; an error if they are not text.
fn as_text(bytes: Option<&Vec<u8>>, path: &str) -> Result<Option<String>, ReplaceError> {
    let Some((text, bad)) = bytes.map(|bytes| decode(bytes.clone())) else { return Ok(None) };
    if bad.is_empty() {
        Ok(Some(text))
    } else {
        Err(WriteObstacle::Reason("it contains bytes that are not text").at(path))
    }
}

/// The byte-order mark, with which some editors begin a file.
const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// The real path of the folder of a workspace. For one file it is the folder that contains the file, even if the file
/// is a link.
pub(super) fn root(workspace: &Path) -> io::Result<PathBuf> {
    if fs::metadata(workspace)?.is_dir() {
        workspace.canonicalize()
    } else {
        folder_of(workspace).canonicalize()
    }
}

/// The real path of the workspace of a replacement; an error if a link leads elsewhere.
fn root_of(workspace: &Path, one: &Replacement<'_>) -> Result<PathBuf, ReplaceError> {
    let shown = shown_path(one.path);
    links::check_given(Path::new("."), workspace)
        .map_err(|outside| ReplaceError::Barred { path: shown.clone(), why: outside.to_string() })?;
    root(workspace).map_err(|error| WriteObstacle::System(error).at(&shown))
}

/// The folder that contains a path.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The real path of a file, which may not exist yet.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    match path.file_name() {
        Some(name) if fs::symlink_metadata(path).is_err() => Ok(folder_of(path).canonicalize()?.join(name)),
        _ => path.canonicalize(),
    }
}

#[cfg(test)]
mod tests;
