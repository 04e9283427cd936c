//! The right to write to folders: one gainsay process has it at a time, and it ends with that process.
//!
//! All processes take locks in the order of their paths: first the folder of the workspace, then folders in it. So no
//! two processes wait for each other. A thread that holds a lock may take it again: a command locks its workspace
//! before it reads, and the functions that write lock the folders of the files.

use std::cell::RefCell;
use std::fs::{self, File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant, SystemTime};

use rustc_hash::FxHashMap;

use super::FolderError;

/// How long one other process may hold a lock before the folder is given up.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// The right to write to a workspace, until it is dropped. Other gainsay processes that want to write wait meanwhile.
/// The thread that holds it can still write; another thread of the same process cannot.
#[derive(Debug)]
pub struct WriteLock {
    #[expect(dead_code, reason = "held, not used")]
    lock: Lock,
}

impl WriteLock {
    /// Waits for the lock of a workspace, given as its folder or as its one file.
    ///
    /// # Errors
    /// Where nothing can be read at the path, and where one other process holds the lock for 60 seconds.
    pub fn wait(workspace: &Path) -> Result<Self, FolderError> {
        let path = || workspace.display().to_string();
        let unreadable = |error| FolderError::Unreadable { path: path(), error };
        let root = super::replace::root(workspace).map_err(unreadable)?;
        let lock = Lock::on(&root, PATIENCE).map_err(unreadable)?;
        Ok(Self { lock: lock.ok_or_else(|| FolderError::Busy { path: path() })? })
    }
}

/// The right to write to a folder, until it is dropped.
#[derive(Clone, Debug)]
pub(super) struct Lock {
    held: Rc<Held>,
}

/// An open file that the system has locked for this process.
#[derive(Debug)]
struct Held {
    file: File,
    /// Whether no other process can have it: some network file systems do not lock folders.
    is_sure: bool,
}

thread_local! {
    /// The locks that this thread holds, by the real paths of their folders.
    static HELD: RefCell<FxHashMap<PathBuf, Weak<Held>>> = RefCell::default();
}

impl Lock {
    /// Waits for the locks of several folders, in the order of their paths; none where one other process keeps one
    /// too long.
    pub(super) fn on_all(mut folders: Vec<PathBuf>) -> io::Result<Option<Vec<Self>>> {
        for folder in &mut folders {
            *folder = folder.canonicalize()?;
        }
        folders.sort();
        folders.dedup();
        folders.iter().map(|folder| Self::on(folder, PATIENCE).transpose()).collect::<Option<_>>().transpose()
    }

    /// Whether no other process can have the lock at the same time.
    pub(super) fn is_sure(&self) -> bool {
        self.held.is_sure
    }

    /// Waits for the lock of a folder, by its real path; none where one other process keeps it longer than `patience`.
    /// While one process after another takes the lock, each gets that time.
    fn on(folder: &Path, patience: Duration) -> io::Result<Option<Self>> {
        if let Some(held) = HELD.with_borrow(|all| all.get(folder).and_then(Weak::upgrade)) {
            return Ok(Some(Self { held }));
        }
        let mut turn = Turn { began: Instant::now(), taken_at: taken_at(folder) };
        let mut attempts = 0;
        loop {
            if let Some(held) = try_lock(folder)? {
                let held = Rc::new(held);
                HELD.with_borrow_mut(|all| {
                    all.retain(|_, other| other.strong_count() > 0);
                    all.insert(folder.to_owned(), Rc::downgrade(&held));
                });
                mark_taken(&held.file);
                return Ok(Some(Self { held }));
            }
            if turn.lasts_longer_than(patience, Instant::now(), taken_at(folder)) {
                return Ok(None);
            }
            attempts += 1;
            pause(attempts);
        }
    }
}

/// When one other process took a lock.
#[derive(Debug)]
struct Turn<T> {
    /// When this process first saw it.
    began: Instant,
    /// The mark that the other process left.
    taken_at: T,
}

impl<T: PartialEq> Turn<T> {
    /// Whether the same process has had the lock for longer than that. Another mark begins another turn.
    fn lasts_longer_than(&mut self, patience: Duration, now: Instant, taken_at: T) -> bool {
        if self.taken_at != taken_at {
            *self = Self { began: now, taken_at };
        }
        now.duration_since(self.began) > patience
    }
}

/// Waits some milliseconds before the next attempt to write. Processes that started together wait differently, so
/// that they do not get in each other's way again.
pub fn pause(attempt: u32) {
    let jitter = std::process::id().wrapping_mul(31).wrapping_add(attempt.wrapping_mul(17)) % 16;
    std::thread::sleep(Duration::from_millis(u64::from(5 + jitter)));
}

/// Shows the processes that wait for a lock that another process took it: the time of the last access to the folder is
/// set. Where that is not permitted, they see only what is written to the folder.
fn mark_taken(folder: &File) {
    let _ = folder.set_times(FileTimes::new().set_accessed(SystemTime::now()));
}

/// When a lock was last taken or its folder last changed, as far as the system knows.
#[cfg(unix)]
fn taken_at(folder: &Path) -> Option<(SystemTime, SystemTime)> {
    let folder = fs::metadata(folder).ok()?;
    Some((folder.accessed().ok()?, folder.modified().ok()?))
}

/// The folder itself, locked. Nothing is left behind, and all who write a file in it meet the same lock, by any
/// path.
#[cfg(unix)]
fn try_lock(folder: &Path) -> io::Result<Option<Held>> {
    let file = super::open::folder(folder)?;
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Ok(()) => Ok(Some(Held { file, is_sure: true })),
        // There the text is still compared right before it is replaced.
        Err(fs::TryLockError::Error(_)) => Ok(Some(Held { file, is_sure: false })),
    }
}

/// The file that is open while a folder is locked.
#[cfg(windows)]
fn lock_file(folder: &Path) -> PathBuf {
    std::env::temp_dir().join(format!("gainsay-{}.lock", super::print(&folder.to_string_lossy())))
}

/// When the file was made that is open while a folder is locked: each process makes its own.
#[cfg(windows)]
fn taken_at(folder: &Path) -> Option<SystemTime> {
    fs::metadata(lock_file(folder)).ok()?.created().ok()
}

/// A file in place of the folder, which one process at a time can open and which is deleted when it is closed.
#[cfg(windows)]
fn try_lock(folder: &Path) -> io::Result<Option<Held>> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).share_mode(0).custom_flags(DELETE_ON_CLOSE);
    match options.open(lock_file(folder)) {
        Ok(file) => Ok(Some(Held { file, is_sure: true })),
        // Open elsewhere, or about to be deleted.
        Err(error) if matches!(error.raw_os_error(), Some(5 | 32 | 303)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(50);

    #[test]
    fn lock_is_taken_again_by_its_own_thread_and_by_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().canonicalize().unwrap();
        let elsewhere = || {
            std::thread::scope(|scope| {
                scope.spawn(|| Lock::on(folder, SHORT).unwrap().is_some()).join().unwrap()
            })
        };
        let first = Lock::on(folder, SHORT).unwrap().expect("nobody holds it");
        let second = Lock::on(folder, SHORT).unwrap().expect("this thread holds it");
        assert!(first.is_sure());
        assert!(!elsewhere());
        drop(first);
        assert!(!elsewhere(), "the second is still held");
        drop(second);
        assert!(elsewhere());
    }

    #[test]
    fn write_lock_covers_the_locks_of_folders_in_the_workspace() {
        let workspace = tempfile::tempdir().unwrap();
        let sub = workspace.path().join("sub");
        fs::create_dir(&sub).unwrap();
        let _lock = WriteLock::wait(workspace.path()).unwrap();
        let folders = vec![sub, workspace.path().to_owned()];
        assert_eq!(Lock::on_all(folders).unwrap().expect("nobody else holds them").len(), 2);
    }

    #[test]
    fn turn_of_another_process_has_the_whole_time() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut turn = Turn { began: start, taken_at: 'a' };
        for (seconds, taken_at, is_over) in
            [(60, 'a', false), (61, 'b', false), (121, 'b', false), (122, 'c', false), (183, 'c', true)]
        {
            assert_eq!(turn.lasts_longer_than(PATIENCE, after(seconds), taken_at), is_over, "{seconds} s");
        }
    }

    #[test]
    fn lock_that_is_taken_leaves_a_mark() {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().canonicalize().unwrap();
        let before = taken_at(folder);
        let lock = Lock::on(folder, SHORT).unwrap().expect("nobody holds it");
        let first = taken_at(folder);
        assert_ne!(first, before);
        drop(lock);
        let _lock = Lock::on(folder, SHORT).unwrap().expect("nobody holds it");
        assert_ne!(taken_at(folder), first);
    }

    #[test]
    fn workspace_that_does_not_exist_cannot_be_locked() {
        let folder = tempfile::tempdir().unwrap();
        let error = WriteLock::wait(&folder.path().join("nowhere")).unwrap_err();
        assert!(matches!(error, FolderError::Unreadable { .. }), "{error}");
    }
}
