//! Finishing an unfinished change, under the locks of all its folders. Each file is checked before the first is written:
//! a regular file of this user inside the workspace, reached without links, with the text of before or after.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::directory::{RecoveryDirectory, RunningChange};
use super::record::{RecordedFile, RecoveryRecord, fingerprint};
use super::{UnfinishedChange, listed};
use crate::folder::lock::Lock;
use crate::folder::open::{self, MAX_FILE};
use crate::folder::write::Existing;
use crate::folder::{ATTEMPTS, FolderError, file_names, write};

/// How far one file of an unfinished change is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileState {
    /// It has its new text.
    Done,
    /// It has the text of before the change.
    Waiting,
    /// Its new text cannot be written, and why.
    Blocked(String),
}

/// One file of an unfinished change: where it is, how far it is, and what it says now and afterwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecoveryPlan {
    /// The path of the file.
    pub path: PathBuf,
    /// How far it is.
    pub state: FileState,
    /// The bytes it has now; none where it is not there, or cannot be read.
    pub now: Option<Vec<u8>>,
    /// The bytes it is to have.
    pub text: Vec<u8>,
}

/// A place for a new text that was found to be in order.
struct Place {
    folder: PathBuf,
    path: PathBuf,
    /// The file that is there; none for a new file.
    metadata: Option<Metadata>,
    now: Option<Vec<u8>>,
}

impl RecoveryDirectory {
    /// Finishes the unfinished changes that concern a workspace with this real path.
    pub(in crate::folder) fn finish(&self, root: &Path) -> Result<Vec<UnfinishedChange>, FolderError> {
        let mut finished = Vec::new();
        for _ in 0..ATTEMPTS {
            let Some(change) = self.settled(root)?.into_iter().next() else { return Ok(finished) };
            let cannot = |why| FolderError::Unfinished { change: change.clone(), why };
            if let Some(damage) = &change.damage {
                return Err(cannot(damage.clone()));
            }
            if finish(&change).map_err(cannot)? {
                finished.push(change);
            }
        }
        Err(FolderError::Busy { path: root.display().to_string() })
    }
}

impl UnfinishedChange {
    /// What is left to do, file by file.
    ///
    /// # Errors
    /// Where the record cannot be used.
    pub fn plan(&self) -> Result<Vec<RecoveryPlan>, String> {
        let Some((_, record)) = RunningChange::resume(&self.record)? else {
            return Err("another process is finishing it".to_owned());
        };
        let plan = |file: &RecordedFile| {
            let path = record.root().join(&file.path);
            let (state, now) = match state(record.root(), file) {
                Ok((State::Done, now)) => (FileState::Done, now),
                Ok((State::Waiting, now)) => (FileState::Waiting, now),
                Ok((State::Changed(why), now)) => (FileState::Blocked(why.to_owned()), now),
                Err(why) => (FileState::Blocked(why), None),
            };
            RecoveryPlan { path, state, now, text: file.text.clone() }
        };
        Ok(record.files().iter().map(plan).collect())
    }

    /// Deletes the record and leaves the files as they are.
    ///
    /// # Errors
    /// Where a process is at work on the change, and where the record cannot be deleted.
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

/// Finishes a change; false where another process did.
fn finish(change: &UnfinishedChange) -> Result<bool, String> {
    let root = &change.root;
    if root.canonicalize().ok().as_ref() != Some(root) {
        return Err(format!("the folder `{}` is gone, or is a link by now", root.display()));
    }
    let parents = change.files.iter().filter_map(|file| root.join(file).parent().map(Path::to_owned));
    let mut folders: Vec<PathBuf> = parents.filter(|folder| is_real(folder)).collect();
    folders.push(root.clone());
    let locks = Lock::on_all(folders).map_err(|error| error.to_string())?;
    let _locks = locks.ok_or("another gainsay process has been writing there for 60 seconds")?;
    let Some((running, record)) = RunningChange::resume(&change.record)? else { return Ok(false) };
    let is_same = record.root() == root && record.files().iter().map(|file| &file.path).eq(&change.files);
    if !is_same {
        // Another change by now, for which other folders must be locked.
        return Ok(false);
    }
    for (file, place) in places(&record)? {
        place.write(&file.text).map_err(|error| format!("`{}`: {error}", file.path.display()))?;
    }
    running.clear().map_err(|error| error.to_string())?;
    Ok(true)
}

/// The files that wait for their new text; an error where that of any of them cannot be written.
fn places(record: &RecoveryRecord) -> Result<Vec<(&RecordedFile, Place)>, String> {
    let (mut places, mut waiting, mut done, mut blocked) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for file in record.files() {
        match place(record.root(), file) {
            Ok(None) => done.push(file.path.clone()),
            Ok(Some(place)) => {
                waiting.push(file.path.clone());
                places.push((file, place));
            }
            Err(why) => blocked.push(format!("`{}` {why}", file.path.display())),
        }
    }
    if blocked.is_empty() {
        return Ok(places);
    }
    let list = |state: &str, files: &[PathBuf]| {
        if files.is_empty() { String::new() } else { format!("; {state}: {}", listed(files)) }
    };
    Err(format!(
        "{}{}{}",
        blocked.join(", "),
        list("already changed", &done),
        list("not changed yet", &waiting)
    ))
}

/// How far a file is, if it is in order.
enum State {
    Done,
    Waiting,
    /// It says something else, or is there although it was not.
    Changed(&'static str),
}

/// Where the new text of a file goes; none where it is there.
fn place(root: &Path, file: &RecordedFile) -> Result<Option<Place>, String> {
    let found = Place::find(root, &file.path)?;
    match found.state(file) {
        State::Done => Ok(None),
        State::Waiting => Ok(Some(found)),
        State::Changed(why) => Err(why.to_owned()),
    }
}

fn state(root: &Path, file: &RecordedFile) -> Result<(State, Option<Vec<u8>>), String> {
    let found = Place::find(root, &file.path)?;
    Ok((found.state(file), found.now))
}

impl Place {
    /// Looks at the place of a file. `path` leads from the root by plain names, as the record makes sure.
    fn find(root: &Path, path: &Path) -> Result<Self, String> {
        let path = root.join(path);
        let folder = path.parent().unwrap_or(root).to_owned();
        if !folder.starts_with(root) || !is_real(&folder) {
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

    fn state(&self, file: &RecordedFile) -> State {
        match (&self.now, &file.before) {
            (Some(now), _) if *now == file.text => State::Done,
            (None, None) => State::Waiting,
            (Some(now), Some(before)) if fingerprint(now) == *before => State::Waiting,
            (Some(_), Some(_)) => State::Changed("was changed since"),
            (Some(_), None) => State::Changed("was to be new, and another file is there"),
            (None, Some(_)) => State::Changed("is gone"),
        }
    }

    /// Writes a text there, whole or not at all. It gets the mode of the file that was there, but is never executable.
    fn write(&self, text: &[u8]) -> io::Result<()> {
        let existing = self.metadata.as_ref().map(|metadata| Existing { path: &self.path, metadata });
        let new = write::beside(&self.folder, write::OF_EDIT, existing, text)?;
        #[cfg(unix)]
        if let Some(metadata) = &self.metadata {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = metadata.permissions().mode() & 0o666;
            new.as_file().set_permissions(fs::Permissions::from_mode(mode))?;
        }
        // Somebody who may write to the folders may have put a link in their place, or have changed the file.
        let now = open::read(&self.path, MAX_FILE);
        let is_same = match (&now, &self.now) {
            (Ok(now), Some(before)) => now == before,
            (Err(error), None) => error.is_not_found(),
            _ => false,
        };
        if !is_real(&self.folder) || !is_same {
            return Err(io::Error::other("it changed at this moment"));
        }
        let placed = match self.metadata {
            Some(_) => new.persist(&self.path),
            None => new.persist_noclobber(&self.path),
        };
        placed.map_err(|error| error.error)?;
        write::flush(&self.folder)
    }
}

/// Whether a path is that of a folder, and no link leads to it.
fn is_real(folder: &Path) -> bool {
    folder.is_dir() && folder.canonicalize().is_ok_and(|real| real == folder)
}

/// Refuses everything but a regular file of this user that may be written to.
fn check(metadata: &Metadata) -> Result<(), String> {
    if !metadata.is_file() {
        return Err("is not a regular file".to_owned());
    }
    if !write::is_own(metadata) {
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
