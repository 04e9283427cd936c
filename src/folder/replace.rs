//! Claim files replaced only where they still say what was read: under a lock that all gainsay processes share, so
//! that of two who save at once one is refused and nothing is lost. Several files are replaced all or none, by a
//! recovery record.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::links::{self, Outside};
use super::lock::Lock;
use super::open::{self, MAX_FILE, OpenError};
use super::recovery::{
    RecordError, RecordedFile, RecoveryDirectory, RecoveryRecord, RunningChange, fingerprint,
};
use super::write::Existing;
use super::{ATTEMPTS, file_names, shown_path, write};
use crate::source::decode;

/// Why a file was not replaced. It is then as it was.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// It does not say any more what was read.
    #[error("`{path}` changed on disk since it was read")]
    Changed {
        /// The file.
        path: String,
        /// What it says now; none where it is gone.
        on_disk: Option<String>,
    },
    /// It cannot be written to without damage, or not at all; what is in the way.
    #[error("`{path}` cannot be written: {why}")]
    Barred {
        /// The file.
        path: String,
        /// What is in the way.
        why: String,
    },
    /// Several files cannot be changed together, since the change cannot be recorded.
    #[error(
        "nothing was written, since several files are changed together only if a crash cannot leave half: {why}"
    )]
    Unrecorded {
        /// What is in the way.
        why: String,
    },
    /// The system refuses.
    #[error("cannot write `{path}`: {error}")]
    Unwritable {
        /// The file.
        path: String,
        /// What the system says.
        error: io::Error,
    },
}

/// Another text for a file of a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Replacement<'a> {
    /// The file.
    pub path: &'a Path,
    /// What it says before; none where it is not there yet.
    pub before: Option<&'a str>,
    /// What it says afterwards.
    pub after: &'a str,
}

/// Puts another text in the place of a file of a workspace, or of one that is not there yet, if it still says
/// `before`. `workspace` is the folder, or the one file, that was read. The file is written whole or not at all; it
/// keeps its permissions, its byte-order mark, and its link, where it is one that stays in the workspace.
///
/// # Errors
/// Where the file says something else by now, lies elsewhere, is no text or no file, or cannot be written; and where an
/// unfinished change of the workspace cannot be finished.
pub fn replace(
    recovery: &RecoveryDirectory,
    workspace: &Path,
    path: &Path,
    before: Option<&str>,
    after: &str,
) -> Result<(), ReplaceError> {
    replace_all(recovery, workspace, &[Replacement { path, before, after }])
}

/// The same for several files: all of them are replaced or none is, also where the process is killed in between. The next
/// gainsay command of this user that writes to the workspace finishes a change that was interrupted.
///
/// # Errors
/// As for one file; and where the change cannot be recorded.
pub fn replace_all(
    recovery: &RecoveryDirectory,
    workspace: &Path,
    all: &[Replacement<'_>],
) -> Result<(), ReplaceError> {
    replace_telling(recovery, workspace, all, &mut |_| {})
}

/// Checks what can be checked of a replacement before anything is read or written: that the file is in the workspace, has
/// one name, and, where it is new, a name that gainsay reads. A preview checks this.
///
/// # Errors
/// Where [`replace`] would refuse it for one of these reasons.
pub fn check(workspace: &Path, one: &Replacement<'_>) -> Result<(), ReplaceError> {
    let target = Target::new(&root_of(workspace, one)?, one)?;
    if fs::symlink_metadata(&target.path).is_ok_and(|there| file_names::has_other_names(&there)) {
        return Err(target.barred(file_names::HARD_LINK));
    }
    Ok(())
}

/// How far a change has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    /// The new text of one more file is on the disk, beside its place.
    Written,
    /// The recovery record is on the disk, next to its place.
    Recorded,
    /// The recovery record is in its place: from here on the change will be made.
    Decided,
    /// One more file has its new text.
    Placed,
    /// All files are in their places on the disk as well.
    Flushed,
    /// The recovery record is deleted.
    Cleared,
}

/// The same; each step is told once it is done.
fn replace_telling(
    recovery: &RecoveryDirectory,
    workspace: &Path,
    all: &[Replacement<'_>],
    told: &mut dyn FnMut(Step),
) -> Result<(), ReplaceError> {
    let Some(first) = all.first() else { return Ok(()) };
    let root = root_of(workspace, first)?;
    let targets: Vec<Target<'_>> = all.iter().map(|one| Target::new(&root, one)).collect::<Result<_, _>>()?;
    if let Some(twice) = (1..targets.len()).find(|&at| targets[..at].iter().any(|one| one.is(&targets[at]))) {
        return Err(targets[twice].barred("two texts are given for it"));
    }
    let mut folders: Vec<PathBuf> = targets.iter().map(|target| target.folder.clone()).collect();
    if targets.len() > 1 {
        folders.push(root.clone());
    }
    let _locks = locked(recovery, &root, &folders, &targets[0])?;
    let ready = targets.into_iter().map(|target| {
        let ready = target.ready()?;
        told(Step::Written);
        Ok(ready)
    });
    let mut ready: Vec<Ready<'_>> = ready.collect::<Result<_, ReplaceError>>()?;
    // To bring the new texts onto the disk takes its time, and an editor knows of no lock.
    ready.iter().try_for_each(Ready::unchanged)?;
    if ready.len() > 1 {
        return several(recovery, &root, &ready, told);
    }
    ready.pop().map_or(Ok(()), Ready::place_alone)
}

/// The locks of folders, once nothing is left to finish there.
fn locked(
    recovery: &RecoveryDirectory,
    root: &Path,
    folders: &[PathBuf],
    first: &Target<'_>,
) -> Result<Vec<Lock>, ReplaceError> {
    let busy = || first.barred("another gainsay process has been writing to its folder for 60 seconds");
    for _ in 0..ATTEMPTS {
        recovery.finish(root).map_err(|unfinished| first.barred(&unfinished.to_string()))?;
        let locks = Lock::on_all(folders.to_vec()).map_err(|error| Bar::By(error).of(&first.shown))?;
        let locks = locks.ok_or_else(busy)?;
        if recovery.is_clear(root) {
            if locks.iter().all(Lock::is_sure) {
                for folder in folders {
                    write::clear(folder);
                }
            }
            return Ok(locks);
        }
    }
    Err(busy())
}

/// Puts several texts that lie ready in their places, once they are recorded.
fn several(
    recovery: &RecoveryDirectory,
    root: &Path,
    ready: &[Ready<'_>],
    told: &mut dyn FnMut(Step),
) -> Result<(), ReplaceError> {
    let change = record(recovery, root, ready, told)?;
    for at in 0..ready.len() {
        let placed = ready[at].unchanged().and_then(|()| ready[at].place());
        if let Err(error) = placed {
            // The files that were replaced get their old texts again. Should that fail, the record remains, and with it
            // the knowledge of what was to be.
            return take_back(change, &ready[..at]).and(Err(error));
        }
        told(Step::Placed);
    }
    for one in ready {
        write::flush(&one.target.folder).map_err(|error| one.unwritable(error))?;
    }
    told(Step::Flushed);
    // All files are written: should the record stay, the next writer finds nothing left to do and deletes it.
    change.clear().map_err(unrecorded)?;
    told(Step::Cleared);
    Ok(())
}

fn unrecorded(error: impl std::fmt::Display) -> ReplaceError {
    ReplaceError::Unrecorded { why: error.to_string() }
}

/// Writes the recovery record and puts it in its place.
fn record(
    recovery: &RecoveryDirectory,
    root: &Path,
    ready: &[Ready<'_>],
    told: &mut dyn FnMut(Step),
) -> Result<RunningChange, ReplaceError> {
    for one in ready {
        write::flush(&one.target.folder).map_err(|error| one.unwritable(error))?;
    }
    let record = RecoveryRecord::new(root.to_owned(), ready.iter().map(|one| one.recorded(root)).collect());
    let record = record.map_err(|error| match error {
        RecordError::Path { path, why } => ReplaceError::Barred {
            path,
            why: format!("{why}, and so it cannot be changed along with other files"),
        },
        error => unrecorded(error),
    })?;
    let prepared = recovery.prepare(&record).map_err(unrecorded)?;
    told(Step::Recorded);
    let change = prepared.decide().map_err(unrecorded)?;
    told(Step::Decided);
    Ok(change)
}

/// Gives files their texts of before, where they still have the new ones, and deletes the record.
fn take_back(change: RunningChange, placed: &[Ready<'_>]) -> Result<(), ReplaceError> {
    for one in placed {
        one.take_back()?;
        write::flush(&one.target.folder).map_err(|error| one.unwritable(error))?;
    }
    change.clear().map_err(unrecorded)
}

/// A file that is to have another text.
struct Target<'a> {
    given: &'a Replacement<'a>,
    /// How people know it.
    shown: String,
    /// Where it lies in fact.
    path: PathBuf,
    folder: PathBuf,
}

impl<'a> Target<'a> {
    fn new(root: &Path, given: &'a Replacement<'a>) -> Result<Self, ReplaceError> {
        let shown = shown_path(given.path);
        let barred = |why: &'static str| Bar::For(why).of(&shown);
        if given.after.len() as u64 > MAX_FILE {
            return Err(barred("it would have more than 64 MiB"));
        }
        let path = target(given.path).map_err(|error| Bar::By(error).of(&shown))?;
        links::check(root, &path, given.path).map_err(|outside| {
            barred(match outside {
                Outside::Elsewhere => "it lies outside of the workspace",
                Outside::Hidden => "it lies in a hidden folder of the workspace, by a link",
            })
        })?;
        let unfit = || path.strip_prefix(root).map_or(None, file_names::unfit);
        if let Some(why) = given.before.is_none().then(unfit).flatten() {
            return Err(barred(why));
        }
        let folder = path.parent().ok_or_else(|| barred("it is no file"))?.to_owned();
        Ok(Self { given, shown, path, folder })
    }

    fn is(&self, other: &Self) -> bool {
        self.path == other.path
    }

    fn barred(&self, why: &str) -> ReplaceError {
        ReplaceError::Barred { path: self.shown.clone(), why: why.to_owned() }
    }

    fn held(&self) -> Result<Option<(fs::Metadata, Vec<u8>)>, ReplaceError> {
        held(&self.path).map_err(|why| why.of(&self.shown))
    }

    /// The refusal of a file that says something else by now.
    fn changed(&self, now: Option<&Vec<u8>>) -> ReplaceError {
        match said(now, &self.shown) {
            Ok(on_disk) => ReplaceError::Changed { path: self.shown.clone(), on_disk },
            Err(error) => error,
        }
    }

    /// Writes the new text beside the file, if that says what was read.
    fn ready(self) -> Result<Ready<'a>, ReplaceError> {
        let (there, bytes) = self.held()?.unzip();
        if there.as_ref().is_some_and(file_names::has_other_names) {
            return Err(self.barred(file_names::HARD_LINK));
        }
        if said(bytes.as_ref(), &self.shown)?.as_deref() != self.given.before {
            return Err(self.changed(bytes.as_ref()));
        }
        let mark = bytes.as_ref().filter(|bytes| bytes.starts_with(MARK)).map_or(&[][..], |_| MARK);
        let new = [mark, self.given.after.as_bytes()].concat();
        let existing = there.as_ref().map(|metadata| Existing { path: &self.path, metadata });
        let file = write::beside(&self.folder, write::OF_EDIT, existing, &new)
            .map_err(|error| Bar::By(error).of(&self.shown))?;
        Ok(Ready { target: self, there, bytes, new, text: file.into_temp_path() })
    }
}

/// A file whose new text lies ready beside it.
struct Ready<'a> {
    target: Target<'a>,
    /// What stood there when it was read; none for a new file.
    there: Option<fs::Metadata>,
    bytes: Option<Vec<u8>>,
    new: Vec<u8>,
    text: TempPath,
}

impl Ready<'_> {
    fn unwritable(&self, error: io::Error) -> ReplaceError {
        Bar::By(error).of(&self.target.shown)
    }

    /// Refuses where the file changed since it was read.
    fn unchanged(&self) -> Result<(), ReplaceError> {
        let now = self.target.held()?.map(|(_, bytes)| bytes);
        if now == self.bytes { Ok(()) } else { Err(self.target.changed(now.as_ref())) }
    }

    /// Puts the new text in its place.
    fn place(&self) -> Result<(), ReplaceError> {
        let mut text = TempPath::try_from_path(&self.text).map_err(|error| self.unwritable(error))?;
        text.disable_cleanup(true);
        let target = &self.target.path;
        let placed = if self.bytes.is_some() { text.persist(target) } else { text.persist_noclobber(target) };
        placed.map_err(|error| self.refused(error.error))
    }

    /// The same for a change of this one file.
    fn place_alone(self) -> Result<(), ReplaceError> {
        self.place()?;
        write::flush(&self.target.folder).map_err(|error| self.unwritable(error))
    }

    /// Why a text could not be put in its place: a new file may be there by now.
    fn refused(&self, error: io::Error) -> ReplaceError {
        match self.target.held() {
            Ok(Some((_, now))) if self.bytes.is_none() => self.target.changed(Some(&now)),
            Err(other) if self.bytes.is_none() => other,
            _ => self.unwritable(error),
        }
    }

    /// The file as a recovery record of the root has it.
    fn recorded(&self, root: &Path) -> RecordedFile {
        RecordedFile {
            path: self.target.path.strip_prefix(root).unwrap_or(&self.target.path).to_owned(),
            before: self.bytes.as_deref().map(fingerprint),
            text: self.new.clone(),
        }
    }

    /// Gives the file its text of before, unless it says something else by now.
    fn take_back(&self) -> Result<(), ReplaceError> {
        let now = self.target.held()?.map(|(_, bytes)| bytes);
        if now.as_ref() != Some(&self.new) {
            return Err(self.target.changed(now.as_ref()));
        }
        let Some(bytes) = &self.bytes else {
            return fs::remove_file(&self.target.path).map_err(|error| self.unwritable(error));
        };
        // The file that is there has the attributes of the former one by now.
        let existing = self.there.as_ref().map(|metadata| Existing { path: &self.target.path, metadata });
        let old = write::beside(&self.target.folder, write::OF_EDIT, existing, bytes);
        let put = old.and_then(|old| old.persist(&self.target.path).map_err(|error| error.error));
        put.map(drop).map_err(|error| self.unwritable(error))
    }
}

/// Why what stands at a place is not read or written.
enum Bar {
    For(&'static str),
    By(io::Error),
}

impl Bar {
    fn of(self, path: &str) -> ReplaceError {
        let path = path.to_owned();
        match self {
            Self::For(why) => ReplaceError::Barred { path, why: why.to_owned() },
            Self::By(error) => ReplaceError::Unwritable { path, error },
        }
    }
}

/// A file with its bytes; none where there is none.
fn held(target: &Path) -> Result<Option<(fs::Metadata, Vec<u8>)>, Bar> {
    let (mut file, metadata) = match open::open(target, MAX_FILE) {
        Err(error) if error.is_not_found() => return Ok(None),
        opened => opened?,
    };
    if metadata.permissions().readonly() {
        return Err(Bar::For("it is read-only"));
    }
    let bytes = open::read_to_end(&mut file, metadata.len(), MAX_FILE)?;
    Ok(Some((metadata, bytes)))
}

impl From<OpenError> for Bar {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Io(error) => Self::By(error),
            OpenError::NotRegular => Self::For("it is not a regular file"),
            OpenError::TooLarge { .. } => Self::For("it has more than 64 MiB"),
            OpenError::WouldBlock => Self::For("reading it would mean waiting for data"),
        }
    }
}

/// What bytes say.
fn said(bytes: Option<&Vec<u8>>, path: &str) -> Result<Option<String>, ReplaceError> {
    let Some((text, bad)) = bytes.map(|bytes| decode(bytes.clone())) else { return Ok(None) };
    if bad.is_empty() { Ok(Some(text)) } else { Err(Bar::For("it holds bytes that are no text").of(path)) }
}

/// The mark before the text of a file that some editors leave there.
const MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// The real path of a workspace; of one file that of the folder it is in, wherever the file may be a link to.
pub(super) fn root(workspace: &Path) -> io::Result<PathBuf> {
    if fs::metadata(workspace)?.is_dir() {
        workspace.canonicalize()
    } else {
        folder_of(workspace).canonicalize()
    }
}

/// The same, for a replacement in the workspace; an error where a link leads elsewhere.
fn root_of(workspace: &Path, one: &Replacement<'_>) -> Result<PathBuf, ReplaceError> {
    let shown = shown_path(one.path);
    links::check_given(Path::new("."), workspace)
        .map_err(|outside| ReplaceError::Barred { path: shown.clone(), why: outside.to_string() })?;
    root(workspace).map_err(|error| Bar::By(error).of(&shown))
}

/// The folder of a path.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The real path of a file, which need not be there yet.
fn target(path: &Path) -> io::Result<PathBuf> {
    match path.file_name() {
        Some(name) if fs::symlink_metadata(path).is_err() => Ok(folder_of(path).canonicalize()?.join(name)),
        _ => path.canonicalize(),
    }
}

#[cfg(test)]
mod tests;
