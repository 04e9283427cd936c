//! The folder in which recovery records are kept, and what is in it. It belongs to the user and nobody else can read
//! it or write to it, so that neither a repository nor another user can put a record there.

use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tempfile::TempPath;

use super::UnfinishedChange;
use super::record::{Header, MAX_RECORD, RecordError, RecoveryRecord, fingerprint};
use crate::folder::lock::PATIENCE;
use crate::folder::open;
use crate::folder::{FolderError, user_dirs, write};

/// How the name of a record ends, after the fingerprint of the root.
const SUFFIX: &str = ".record";

/// Where recovery records are kept. Without a folder there are none, and several files cannot be changed together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RecoveryDirectory {
    /// The folder for the state of all programs of this user.
    state: Option<PathBuf>,
}

/// Why records cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The environment names no folder for the state of programs.
    #[error(
        "set {} to an absolute path, so that there is a place to record the change until it is finished",
        user_dirs::STATE_VARIABLES
    )]
    Unset,
    /// Somebody else may have put records there.
    #[error("`{path}` is not safe for records of unfinished changes: {why}")]
    Unsafe {
        /// The folder.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The change cannot be recorded at all.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The system refuses.
    #[error("cannot keep a record of the change in `{path}`: {error}")]
    Io {
        /// The folder or file.
        path: String,
        /// What the system says.
        error: io::Error,
    },
}

fn io_error(path: &Path, error: io::Error) -> DirectoryError {
    DirectoryError::Io { path: path.display().to_string(), error }
}

/// The changes that concern a workspace.
#[derive(Default)]
pub(in crate::folder) struct Changes {
    /// Whether a process is at work on one of them.
    pub(in crate::folder) is_running: bool,
    /// Those that no process is at work on.
    pub(in crate::folder) unfinished: Vec<UnfinishedChange>,
}

impl RecoveryDirectory {
    /// The folder that the environment names for this user.
    pub fn from_environment() -> Self {
        Self { state: user_dirs::state() }
    }

    /// The same below another folder.
    pub fn below(state: &Path) -> Self {
        Self { state: Some(state.to_owned()) }
    }

    /// The folder with the records; none where no record was ever kept.
    ///
    /// # Errors
    /// Where it is there but cannot be trusted, or cannot be looked at.
    fn find(&self) -> Result<Option<PathBuf>, DirectoryError> {
        let Some(state) = &self.state else { return Ok(None) };
        match state.canonicalize() {
            Ok(state) => verify(&state),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(state, error)),
        }
    }

    /// The same, made where it is missing.
    fn make(&self) -> Result<PathBuf, DirectoryError> {
        let state = self.state.as_ref().ok_or(DirectoryError::Unset)?;
        fs::create_dir_all(state).map_err(|error| io_error(state, error))?;
        let state = state.canonicalize().map_err(|error| io_error(state, error))?;
        let (own, records) = places(&state);
        for folder in [&own, &records] {
            match user_dirs::create_private(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(io_error(folder, error));
                }
                _ => {}
            }
        }
        let missing = || io_error(&records, io::ErrorKind::NotFound.into());
        verify(&state)?.ok_or_else(missing)
    }

    /// Why the folder cannot be trusted, where it is there.
    pub(in crate::folder) fn trouble(&self) -> Option<String> {
        self.find().err().map(|error| error.to_string())
    }

    /// The changes that concern a workspace with this real path: of the workspace, of one that it is a part of, or of
    /// one that is a part of it. A folder that cannot be trusted has none.
    pub(in crate::folder) fn changes(&self, root: &Path) -> Changes {
        let mut changes = Changes::default();
        let Ok(Some(folder)) = self.find() else { return changes };
        let Ok(entries) = fs::read_dir(&folder) else { return changes };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.to_string_lossy().ends_with(SUFFIX));
        paths.sort();
        for path in paths {
            match change(&path, root) {
                Some(Change::Running) => changes.is_running = true,
                Some(Change::Unfinished(change)) => changes.unfinished.push(change),
                None => {}
            }
        }
        changes
    }

    /// Whether no change concerns a workspace, neither a running nor an unfinished one.
    pub(in crate::folder) fn is_clear(&self, root: &Path) -> bool {
        let changes = self.changes(root);
        !changes.is_running && changes.unfinished.is_empty()
    }

    /// The unfinished changes that concern a workspace, once no process is at work on one.
    ///
    /// # Errors
    /// Where a process is at work on one for too long.
    pub(in crate::folder) fn settled(&self, root: &Path) -> Result<Vec<UnfinishedChange>, FolderError> {
        let start = Instant::now();
        loop {
            let changes = self.changes(root);
            if !changes.is_running {
                return Ok(changes.unfinished);
            }
            if start.elapsed() > PATIENCE {
                return Err(FolderError::Busy { path: root.display().to_string() });
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// Writes a record next to its place, for [`PreparedRecord::decide`]. Whoever calls this holds the lock of the root.
    ///
    /// # Errors
    /// Where there is no folder for records, or it cannot be trusted or written to.
    pub(in crate::folder) fn prepare(
        &self,
        record: &RecoveryRecord,
    ) -> Result<PreparedRecord, DirectoryError> {
        use std::io::Write as _;
        let bytes = record.to_bytes()?;
        let folder = self.make()?;
        if folder.starts_with(record.root()) {
            let why = "it lies in the workspace itself; set `XDG_STATE_HOME` to a folder outside of it";
            return Err(DirectoryError::Unsafe { path: folder.display().to_string(), why });
        }
        let path = folder.join(name(record.root()));
        let new = path.with_extension("new");
        let failed = |error| io_error(&new, error);
        let mut file = create(&new).map_err(failed)?;
        let new_path = TempPath::try_from_path(&new).map_err(failed)?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(PreparedRecord { new: new_path, path, file })
    }
}

/// A record that is on the disk, but not in its place.
pub(in crate::folder) struct PreparedRecord {
    new: TempPath,
    path: PathBuf,
    /// Locked from its creation on.
    file: File,
}

impl PreparedRecord {
    /// Puts the record in its place: from here on the change will be made.
    pub(in crate::folder) fn decide(self) -> Result<RunningChange, DirectoryError> {
        self.new.persist_noclobber(&self.path).map_err(|error| io_error(&self.path, error.error))?;
        let change = RunningChange { path: self.path, file: self.file };
        match flush_folder_of(&change.path) {
            Ok(()) => Ok(change),
            Err(error) => {
                let failed = io_error(&change.path, error);
                change.clear()?;
                Err(failed)
            }
        }
    }
}

/// A change whose record is in its place, until this is dropped: then it is unfinished.
pub(in crate::folder) struct RunningChange {
    path: PathBuf,
    #[expect(dead_code, reason = "holds the lock that says that a process is at work")]
    file: File,
}

impl RunningChange {
    /// Opens a record to finish it; none where it is gone, or another process is at work on it.
    pub(super) fn resume(path: &Path) -> Result<Option<(Self, RecoveryRecord)>, String> {
        let (mut file, metadata) = match open::open(path, MAX_RECORD) {
            Err(error) if error.is_not_found() => return Ok(None),
            opened => opened.map_err(|error| error.to_string())?,
        };
        check_owner(&metadata)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Ok(None);
        }
        // Another process may have finished it before this one had the lock.
        if fs::symlink_metadata(path).is_err() {
            return Ok(None);
        }
        let bytes = open::read_to_end(&mut file, metadata.len(), MAX_RECORD);
        let record = RecoveryRecord::parse(&bytes.map_err(|error| error.to_string())?);
        let record = record.map_err(|error| error.to_string())?;
        Ok(Some((Self { path: path.to_owned(), file }, record)))
    }

    /// Deletes the record: nothing is left to do.
    pub(in crate::folder) fn clear(self) -> Result<(), DirectoryError> {
        let removed = match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => flush_folder_of(&self.path),
        };
        removed.map_err(|error| io_error(&self.path, error))
    }
}

fn flush_folder_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), write::flush)
}

/// Creates a file that only this user can read, locked. One that a killed process left there is replaced.
fn create(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let old = open::open(path, MAX_RECORD);
            if old.is_ok_and(|(old, _)| matches!(old.try_lock(), Err(TryLockError::WouldBlock))) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            fs::remove_file(path)?;
            options.open(path)
        }
        opened => opened,
    }?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        // Some network file systems have no locks: a reader then takes a running change for an unfinished one.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// The name of the record of a workspace.
fn name(root: &Path) -> String {
    format!("{}{SUFFIX}", fingerprint(root.as_os_str().as_encoded_bytes()))
}

/// What one record says of a workspace.
enum Change {
    Running,
    Unfinished(UnfinishedChange),
}

/// The change that a record is of, if it concerns the workspace with this real path.
fn change(path: &Path, root: &Path) -> Option<Change> {
    let is_of = |root: &Path| path.file_name().is_some_and(|own| own.to_string_lossy() == name(root));
    let damaged = |why: String| {
        // The name says which workspace it is of.
        let root = root.ancestors().find(|root| is_of(root))?.to_owned();
        let damage = Some(why);
        Some(Change::Unfinished(UnfinishedChange {
            record: path.to_owned(),
            root,
            files: Vec::new(),
            damage,
        }))
    };
    let (file, metadata) = match open::open(path, MAX_RECORD) {
        Ok(opened) => opened,
        Err(error) if error.is_not_found() => return None,
        Err(error) => return damaged(error.to_string()),
    };
    if let Err(why) = check_owner(&metadata) {
        return damaged(why.to_owned());
    }
    let header = match Header::read(&mut io::BufReader::new(&file)) {
        Ok(header) => header,
        // Windows lets nobody read a file that another process has locked.
        Err(_) if matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) => {
            return Some(Change::Running);
        }
        Err(error) => return damaged(error.to_string()),
    };
    let is_related = header.root.starts_with(root) || root.starts_with(&header.root);
    if !is_related {
        return None;
    }
    // A workspace says nothing about the folder that its own record would be in.
    if !is_of(&header.root) || path.starts_with(&header.root) {
        return damaged("it is not where gainsay would have put it".to_owned());
    }
    if matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return Some(Change::Running);
    }
    // A process that finished it meanwhile has deleted it.
    fs::symlink_metadata(path).ok()?;
    let files = header.paths().map(Path::to_owned).collect();
    let change = UnfinishedChange { record: path.to_owned(), root: header.root, files, damage: None };
    Some(Change::Unfinished(change))
}

/// The folder of gainsay in that for the state of programs, and the folder of records in it.
fn places(state: &Path) -> (PathBuf, PathBuf) {
    let own = state.join("gainsay");
    let records = own.join("recovery");
    (own, records)
}

/// The folder of records in that for the state of programs, if it is there; an error where others may write to it.
fn verify(state: &Path) -> Result<Option<PathBuf>, DirectoryError> {
    let (own, records) = places(state);
    for (folder, is_private) in [(&own, false), (&records, true)] {
        let metadata = match fs::symlink_metadata(folder) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error(folder, error)),
        };
        check_folder(&metadata, is_private)
            .map_err(|why| DirectoryError::Unsafe { path: folder.display().to_string(), why })?;
    }
    Ok(Some(records))
}

/// Refuses a folder that others can write to, or, where it is to be private, read.
fn check_folder(metadata: &Metadata, is_private: bool) -> Result<(), &'static str> {
    if !metadata.is_dir() {
        return Err("it is not a folder, or is a link");
    }
    if !write::is_own(metadata) {
        return Err("it belongs to another user");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode();
        if mode & 0o022 != 0 {
            return Err("others can write to it; `chmod 700` changes that");
        }
        if is_private && mode & 0o077 != 0 {
            return Err("others can read it; `chmod 700` changes that");
        }
    }
    #[cfg(not(unix))]
    let _ = is_private;
    Ok(())
}

/// Refuses a record that somebody else may have written.
fn check_owner(metadata: &Metadata) -> Result<(), &'static str> {
    if !write::is_own(metadata) {
        return Err("it belongs to another user");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err("others can read or write it");
        }
    }
    Ok(())
}
