//! The folder for recovery records. It belongs to the user, and nobody else can read it or write to it. So neither a
//! repository nor another user can put a record there.

use std::fs::{self, File, Metadata, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::UnfinishedChange;
use super::record::{MAX_RECORD, RecordError, RecordHeader, RecoveryRecord, fingerprint};
use crate::folder::lock::Attempts;
use crate::folder::open;
use crate::folder::{FolderError, user_dirs, write};

/// The ending of the name of a record, after the fingerprint of the root.
const SUFFIX: &str = ".record";

/// The folder for recovery records. Without one, several files cannot be changed together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RecoveryDirectory {
    /// The folder for program state of this user.
    state: Option<PathBuf>,
}

/// Why a change cannot be recorded.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The environment names no folder for program state.
    #[error(
        "set {} to an absolute path: gainsay records the change there until it is finished",
        user_dirs::STATE_VARIABLES
    )]
    Unset,
    /// Other users may have put records into the folder.
    #[error("`{path}` is not safe for records of unfinished changes: {why}")]
    Unsafe {
        /// The folder.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The change cannot be in a record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The system reported an error.
    #[error("cannot record the change in `{path}`: {error}")]
    Io {
        /// The folder or file.
        path: String,
        /// The error of the system.
        error: io::Error,
    },
}

fn io_error(path: &Path, error: io::Error) -> DirectoryError {
    DirectoryError::Io { path: path.display().to_string(), error }
}

/// The changes that affect a workspace.
#[derive(Default)]
pub(in crate::folder) struct RecordedChanges {
    /// Whether a process is making one of them.
    pub(in crate::folder) is_running: bool,
    /// Those that no process is making.
    pub(in crate::folder) unfinished: Vec<UnfinishedChange>,
}

impl RecoveryDirectory {
    /// The folder that the environment names for this user.
    pub fn from_environment() -> Self {
        Self { state: user_dirs::state() }
    }

    /// A recovery directory below another folder for program state.
    pub fn below(state: &Path) -> Self {
        Self { state: Some(state.to_owned()) }
    }

    /// The folder with the records; none if it does not exist yet.
    ///
    /// # Errors
    /// If the folder cannot be trusted or read.
    fn find(&self) -> Result<Option<PathBuf>, DirectoryError> {
        let Some(state) = &self.state else { return Ok(None) };
        match state.canonicalize() {
            Ok(state) => verify(&state),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error(state, error)),
        }
    }

    /// Like [`Self::find`], but creates the folder if it is missing.
    fn find_or_create(&self) -> Result<PathBuf, DirectoryError> {
        let state = self.state.as_ref().ok_or(DirectoryError::Unset)?;
        fs::create_dir_all(state).map_err(|error| io_error(state, error))?;
        let state = state.canonicalize().map_err(|error| io_error(state, error))?;
        let (own, records) = folders_below(&state);
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

    /// Why the folder cannot be trusted; none if it can, or if it does not exist.
    pub(in crate::folder) fn trouble(&self) -> Option<String> {
        self.find().err().map(|error| error.to_string())
    }

    /// The changes that affect the workspace with this real path: its own, those of workspaces that contain it, and
    /// those of workspaces in it. A recovery folder that cannot be trusted has none.
    pub(in crate::folder) fn changes(&self, root: &Path) -> RecordedChanges {
        let mut changes = RecordedChanges::default();
        let Ok(Some(folder)) = self.find() else { return changes };
        let Ok(entries) = fs::read_dir(&folder) else { return changes };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.to_string_lossy().ends_with(SUFFIX));
        paths.sort();
        for path in paths {
            match recorded_change(&path, root) {
                Some(RecordedChange::Running) => changes.is_running = true,
                Some(RecordedChange::Unfinished(change)) => changes.unfinished.push(change),
                None => {}
            }
        }
        changes
    }

    /// Whether no change affects a workspace, neither a running nor an unfinished one.
    pub(in crate::folder) fn is_clear(&self, root: &Path) -> bool {
        let changes = self.changes(root);
        !changes.is_running && changes.unfinished.is_empty()
    }

    /// Waits until no process is making a change of a workspace; returns the unfinished changes.
    ///
    /// # Errors
    /// If a process takes too long.
    pub(in crate::folder) fn wait_for_running(
        &self,
        root: &Path,
    ) -> Result<Vec<UnfinishedChange>, FolderError> {
        let mut attempts = Attempts::new();
        loop {
            let changes = self.changes(root);
            if !changes.is_running {
                return Ok(changes.unfinished);
            }
            if !attempts.pause() {
                return Err(FolderError::Busy { path: root.display().to_string() });
            }
        }
    }

    /// Writes a record next to its place, for [`PreparedRecord::commit`]. The caller holds the lock of the root.
    ///
    /// # Errors
    /// If the folder for records is missing, or cannot be trusted or written.
    pub(in crate::folder) fn prepare(
        &self,
        record: &RecoveryRecord,
    ) -> Result<PreparedRecord, DirectoryError> {
        use std::io::Write as _;
        let bytes = record.to_bytes()?;
        let folder = self.find_or_create()?;
        if folder.starts_with(record.root()) {
            let why = "it is inside the workspace; set `XDG_STATE_HOME` to a folder outside of it";
            return Err(DirectoryError::Unsafe { path: folder.display().to_string(), why });
        }
        let path = folder.join(record_name(record.root()));
        let new = path.with_extension("new");
        let failed = |error| io_error(&new, error);
        let mut file = create(&new).map_err(failed)?;
        let new_path = TempPath::try_from_path(&new).map_err(failed)?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        Ok(PreparedRecord { new: new_path, path, file })
    }
}

/// A record that is on the disk, but not yet in its place.
pub(in crate::folder) struct PreparedRecord {
    new: TempPath,
    path: PathBuf,
    /// Locked from its creation on.
    file: File,
}

impl PreparedRecord {
    /// Moves the record into its place. From now on the change will be completed, even after a crash.
    pub(in crate::folder) fn commit(self) -> Result<RunningChange, DirectoryError> {
        self.new.persist_noclobber(&self.path).map_err(|error| io_error(&self.path, error.error))?;
        let change = RunningChange { path: self.path, file: self.file };
        match flush_parent(&change.path) {
            Ok(()) => Ok(change),
            Err(error) => {
                let failed = io_error(&change.path, error);
                change.clear()?;
                Err(failed)
            }
        }
    }
}

/// A change that this process is making. When this is dropped without [`Self::clear`], the change is unfinished.
pub(in crate::folder) struct RunningChange {
    path: PathBuf,
    #[expect(dead_code, reason = "holds the lock that marks the change as running")]
    file: File,
}

impl RunningChange {
    /// Opens a record to finish it; none if it is gone, or another process is making the change.
    pub(super) fn resume(path: &Path) -> Result<Option<(Self, RecoveryRecord)>, String> {
        let (mut file, metadata) = match open::open(path, MAX_RECORD) {
            Err(error) if error.is_not_found() => return Ok(None),
            opened => opened.map_err(|error| error.to_string())?,
        };
        check_owner(&metadata)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Ok(None);
        }
        // Another process may have finished the change before this one got the lock.
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
            _ => flush_parent(&self.path),
        };
        removed.map_err(|error| io_error(&self.path, error))
    }
}

fn flush_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), write::flush_folder)
}

/// Creates and locks a file that only this user can read. A file that a killed process left is replaced.
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
        // Some network file systems have no locks. Then a running change looks unfinished to readers.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// The file name of the record of a workspace.
fn record_name(root: &Path) -> String {
    format!("{}{SUFFIX}", fingerprint(root.as_os_str().as_encoded_bytes()))
}

/// The state of the change in one record.
enum RecordedChange {
    Running,
    Unfinished(UnfinishedChange),
}

/// The change in a record, if it affects the workspace with this real path.
fn recorded_change(path: &Path, root: &Path) -> Option<RecordedChange> {
    let is_of = |root: &Path| path.file_name().is_some_and(|own| own.to_string_lossy() == record_name(root));
    let damaged = |why: String| {
        // The file name shows which workspace it belongs to.
        let root = root.ancestors().find(|root| is_of(root))?.to_owned();
        let damage = Some(why);
        Some(RecordedChange::Unfinished(UnfinishedChange {
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
    let header = match RecordHeader::read(&mut io::BufReader::new(&file)) {
        Ok(header) => header,
        // On Windows, a file that another process has locked cannot be read.
        Err(_) if matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) => {
            return Some(RecordedChange::Running);
        }
        Err(error) => return damaged(error.to_string()),
    };
    let is_related = header.root.starts_with(root) || root.starts_with(&header.root);
    if !is_related {
        return None;
    }
    // A record in the wrong place, or inside its own workspace, cannot be trusted.
    if !is_of(&header.root) || path.starts_with(&header.root) {
        return damaged("gainsay would have put it elsewhere".to_owned());
    }
    if matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return Some(RecordedChange::Running);
    }
    // A process that finished the change in the meantime has deleted the record.
    fs::symlink_metadata(path).ok()?;
    let files = header.paths().map(Path::to_owned).collect();
    let change = UnfinishedChange { record: path.to_owned(), root: header.root, files, damage: None };
    Some(RecordedChange::Unfinished(change))
}

/// The folder of gainsay in the folder for program state, and the folder for records in it.
fn folders_below(state: &Path) -> (PathBuf, PathBuf) {
    let own = state.join("gainsay");
    let records = own.join("recovery");
    (own, records)
}

/// The folder for records below the folder for program state, if it exists; an error if others may read it or write to
/// it.
fn verify(state: &Path) -> Result<Option<PathBuf>, DirectoryError> {
    let (own, records) = folders_below(state);
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

/// Refuses a folder that others can write to. One that is private must not be readable by others either.
fn check_folder(metadata: &Metadata, is_private: bool) -> Result<(), &'static str> {
    if !metadata.is_dir() {
        return Err("it is not a folder, or it is a link");
    }
    if !write::is_owned_by_user(metadata) {
        return Err("it belongs to another user");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode();
        if mode & 0o022 != 0 {
            return Err("other users can write to it; `chmod 700` prevents that");
        }
        if is_private && mode & 0o077 != 0 {
            return Err("other users can read it; `chmod 700` prevents that");
        }
    }
    #[cfg(not(unix))]
    let _ = is_private;
    Ok(())
}

/// Refuses a record that somebody else may have written.
fn check_owner(metadata: &Metadata) -> Result<(), &'static str> {
    if !write::is_owned_by_user(metadata) {
        return Err("it belongs to another user");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err("other users can read or write it");
        }
    }
    Ok(())
}
