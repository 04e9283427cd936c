//! Finishes an unfinished change, with the locks of all its folders. All files are checked before the first one is
//! written: each must be a regular file of this user inside the workspace, reached without links, and have the text
//! before or after the change.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::directory::{RecoveryDirectory, RunningChange};
use super::record::{RecordedFile, RecoveryRecord, fingerprint};
use super::{UnfinishedChange, list_paths};
use crate::folder::lock::{Attempts, FolderLock};
use crate::folder::open::{self, MAX_FILE};
use crate::folder::write::Existing;
use crate::folder::{FolderError, file_names, write};

/// The state of one file of an unfinished change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileState {
    /// It has its new text.
    Done,
    /// It has the text before the change.
    Waiting,
    /// Its new text cannot be written; with the reason.
    Blocked(String),
}

/// What is left to do for one file of an unfinished change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecoveryPlan {
    /// The path of the file.
    pub path: PathBuf,
    /// Whether its new text is written already, or can be.
    pub state: FileState,
    /// Its current bytes; none if it does not exist or cannot be read.
    pub now: Option<Vec<u8>>,
    /// The bytes that it is to have.
    pub text: Vec<u8>,
}

/// A file of a change, checked and read.
struct CheckedFile {
    folder: PathBuf,
    path: PathBuf,
    /// The metadata of the existing file; none for a new file.
    metadata: Option<Metadata>,
    now: Option<Vec<u8>>,
}

impl RecoveryDirectory {
    /// Finishes the unfinished changes that affect the workspace with this real path.
    pub(in crate::folder) fn finish(&self, root: &Path) -> Result<Vec<UnfinishedChange>, FolderError> {
        let mut finished = Vec::new();
        let mut attempts = Attempts::new();
        loop {
            let Some(change) = self.wait_for_running(root)?.into_iter().next() else { return Ok(finished) };
            let cannot = |why| FolderError::Unfinished { change: change.clone(), why };
            if let Some(damage) = &change.damage {
                return Err(cannot(damage.clone()));
            }
            if finish(&change).map_err(cannot)? {
                finished.push(change);
                continue;
            }
            // Another process finishes the change, or only looks at its record, which takes an instant.
            if !attempts.pause() {
                return Err(FolderError::Busy { path: root.display().to_string() });
            }
        }
    }
}

impl UnfinishedChange {
    /// What is left to do for each file.
    ///
    /// # Errors
    /// If the record cannot be used.
    pub fn plan(&self) -> Result<Vec<RecoveryPlan>, String> {
        let Some((_, record)) = RunningChange::resume(&self.record)? else {
            return Err("another process is finishing it".to_owned());
        };
        let plan = |file: &RecordedFile| {
            let path = record.root().join(&file.path);
            let (state, now) = match progress(record.root(), file) {
                Ok((FileProgress::Done, now)) => (FileState::Done, now),
                Ok((FileProgress::Waiting, now)) => (FileState::Waiting, now),
                Ok((FileProgress::Changed(why), now)) => (FileState::Blocked(why.to_owned()), now),
                Err(why) => (FileState::Blocked(why), None),
            };
            RecoveryPlan { path, state, now, text: file.text.clone() }
        };
        Ok(record.files().iter().map(plan).collect())
    }

    /// Deletes the record and leaves the files as they are.
    ///
    /// # Errors
    /// If another process is finishing the change, or the record cannot be deleted.
    pub fn discard(&self) -> Result<(), String> {
        if self.damage.is_some() {
            return fs::remove_file(&self.record).map_err(|error| error.to_string());
        }
        match RunningChange::resume(&self.record)? {
            Some((change, _)) => change.clear().map_err(|error| error.to_string()),
            None => Err("another process is finishing it".to_owned()),
        }
    }
}

/// Finishes a change; returns false if another process did.
fn finish(change: &UnfinishedChange) -> Result<bool, String> {
    let root = &change.root;
    if root.canonicalize().ok().as_ref() != Some(root) {
        return Err(format!("the folder `{}` is gone, or is now a link", root.display()));
    }
    let parents = change.files.iter().filter_map(|file| root.join(file).parent().map(Path::to_owned));
    let mut folders: Vec<PathBuf> = parents.filter(|folder| is_real_folder(folder)).collect();
    folders.push(root.clone());
    let locks = FolderLock::wait_for_all(folders).map_err(|error| error.to_string())?;
    let _locks = locks.ok_or("another gainsay process has been writing there for 60 seconds")?;
    let Some((running, record)) = RunningChange::resume(&change.record)? else { return Ok(false) };
    let is_same = record.root() == root && record.files().iter().map(|file| &file.path).eq(&change.files);
    if !is_same {
        // The record is of another change now, for which other folders must be locked.
        return Ok(false);
    }
    for (file, checked) in waiting_files(&record)? {
        checked.write(&file.text).map_err(|error| format!("`{}`: {error}", file.path.display()))?;
    }
    running.clear().map_err(|error| error.to_string())?;
    Ok(true)
}

/// The files that wait for their new text; an error if one of them cannot be written.
fn waiting_files(record: &RecoveryRecord) -> Result<Vec<(&RecordedFile, CheckedFile)>, String> {
    let (mut to_write, mut waiting, mut done, mut blocked) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for file in record.files() {
        match check_waiting(record.root(), file) {
            Ok(None) => done.push(file.path.clone()),
            Ok(Some(checked)) => {
                waiting.push(file.path.clone());
                to_write.push((file, checked));
            }
            Err(why) => blocked.push(format!("`{}` {why}", file.path.display())),
        }
    }
    if blocked.is_empty() {
        return Ok(to_write);
    }
    let list = |state: &str, files: &[PathBuf]| {
        if files.is_empty() { String::new() } else { format!("; {state}: {}", list_paths(files)) }
    };
    Err(format!(
        "{}{}{}",
        blocked.join(", "),
        list("already changed", &done),
        list("not changed yet", &waiting)
    ))
}

/// How far a file is in the change.
enum FileProgress {
    Done,
    Waiting,
    /// It has neither the old nor the new text, so it was changed by somebody else; with what happened.
    Changed(&'static str),
}

/// Checks a file that may wait for its new text; none if it has it already.
fn check_waiting(root: &Path, file: &RecordedFile) -> Result<Option<CheckedFile>, String> {
    let checked = CheckedFile::read(root, &file.path)?;
    match checked.progress(file) {
        FileProgress::Done => Ok(None),
        FileProgress::Waiting => Ok(Some(checked)),
        FileProgress::Changed(why) => Err(why.to_owned()),
    }
}

fn progress(root: &Path, file: &RecordedFile) -> Result<(FileProgress, Option<Vec<u8>>), String> {
    let checked = CheckedFile::read(root, &file.path)?;
    Ok((checked.progress(file), checked.now))
}

impl CheckedFile {
    /// Checks and reads a file. `path` is relative to the root and consists of plain names, which the record
    /// guarantees.
    fn read(root: &Path, path: &Path) -> Result<Self, String> {
        let path = root.join(path);
        let folder = path.parent().unwrap_or(root).to_owned();
        if !folder.starts_with(root) || !is_real_folder(&folder) {
            return Err("is in a folder that is gone, or that a link leads to".to_owned());
        }
        let metadata = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(format!("cannot be read: {error}")),
            Ok(metadata) => Some(metadata),
        };
        let Some(metadata) = metadata else { return Ok(Self { folder, path, metadata: None, now: None }) };
        check(&metadata)?;
        let now = open::read(&path, MAX_FILE);
        let now = now.map_err(|error| format!("cannot be read: {error}"))?;
        Ok(Self { folder, path, metadata: Some(metadata), now: Some(now) })
    }

    fn progress(&self, file: &RecordedFile) -> FileProgress {
        match (&self.now, &file.before) {
            (Some(now), _) if *now == file.text => FileProgress::Done,
            (None, None) => FileProgress::Waiting,
            (Some(now), Some(before)) if fingerprint(now) == *before => FileProgress::Waiting,
            (Some(_), Some(_)) => FileProgress::Changed("was changed since"),
            (Some(_), None) => FileProgress::Changed("should be a new file, but another file is there"),
            (None, Some(_)) => FileProgress::Changed("is gone"),
        }
    }

    /// Writes a text to the file, completely or not at all. The file keeps its mode, but is never executable.
    fn write(&self, text: &[u8]) -> io::Result<()> {
        let existing = self.metadata.as_ref().map(|metadata| Existing { path: &self.path, metadata });
        let new = write::write_temporary(&self.folder, write::EDIT_PREFIX, existing, text)?;
        #[cfg(unix)]
        if let Some(metadata) = &self.metadata {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = metadata.permissions().mode() & 0o666;
            new.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
        }
        // Somebody else may have replaced a folder by a link, or may have changed the file.
        let now = open::read(&self.path, MAX_FILE);
        let is_same = match (&now, &self.now) {
            (Ok(now), Some(before)) => now == before,
            (Err(error), None) => error.is_not_found(),
            _ => false,
        };
        if !is_real_folder(&self.folder) || !is_same {
            return Err(io::Error::other("it changed while it was written"));
        }
        let placed = match self.metadata {
            Some(_) => new.persist(&self.path),
            None => new.persist_noclobber(&self.path),
        };
        placed.map_err(|error| error.error)?;
        write::flush_folder(&self.folder)
    }
}

/// Whether a path is a folder, without a link in the path.
fn is_real_folder(folder: &Path) -> bool {
    folder.is_dir() && folder.canonicalize().is_ok_and(|real| real == folder)
}

/// Refuses everything except a regular file of this user that may be written.
fn check(metadata: &Metadata) -> Result<(), String> {
    if !metadata.is_file() {
        return Err("is not a regular file".to_owned());
    }
    if !write::is_owned_by_user(metadata) {
        return Err("belongs to another user".to_owned());
    }
    if metadata.permissions().readonly() {
        return Err("is read-only".to_owned());
    }
    if file_names::has_other_names(metadata) {
        return Err("has another name (a hard link)".to_owned());
    }
    Ok(())
}
