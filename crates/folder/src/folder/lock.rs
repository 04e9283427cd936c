//! Locks for writing to folders. One gainsay process holds a lock at a time, and the system releases it when that
//! process ends.
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

/// How long to wait for a lock that one other process holds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// The write lock of a workspace, released when dropped. Other gainsay processes that want to write wait for it. The
/// thread that holds it can write; other threads of the same process cannot.
#[derive(Debug)]
pub struct WriteLock {
    #[expect(dead_code, reason = "held, not used")]
    lock: FolderLock,
}

impl WriteLock {
    /// Waits for the lock of a workspace, given as its folder or as its one file.
    ///
    /// # Errors
    /// If the path cannot be read, or one other process holds the lock for 60 seconds.
    pub fn wait(workspace: &Path) -> Result<Self, FolderError> {
        let path = || workspace.display().to_string();
        let unreadable = |error| FolderError::Unreadable { path: path(), error };
        let root = super::replace::root(workspace).map_err(unreadable)?;
        let lock = FolderLock::wait_for(&root, LOCK_TIMEOUT).map_err(unreadable)?;
        Ok(Self { lock: lock.ok_or_else(|| FolderError::Busy { path: path() })? })
    }
}

/// The write lock of a folder, released when dropped. A clone shares the lock.
#[derive(Clone, Debug)]
pub(super) struct FolderLock {
    held: Rc<HeldLock>,
}

/// An open file that the system has locked for this process.
#[derive(Debug)]
struct HeldLock {
    file: File,
    /// Whether no other process can hold it as well: some network file systems cannot lock folders.
    is_exclusive: bool,
}

thread_local! {
    /// The locks that this thread holds, by the real paths of their folders.
    static HELD: RefCell<FxHashMap<PathBuf, Weak<HeldLock>>> = RefCell::default();
}

impl FolderLock {
    /// Waits for the locks of several folders, in the order of their paths. None if one other process holds one of them
    /// too long.
    pub(super) fn wait_for_all(mut folders: Vec<PathBuf>) -> io::Result<Option<Vec<Self>>> {
        for folder in &mut folders {
            *folder = folder.canonicalize()?;
        }
        folders.sort();
        folders.dedup();
        folders
            .iter()
            .map(|folder| Self::wait_for(folder, LOCK_TIMEOUT).transpose())
            .collect::<Option<_>>()
            .transpose()
    }

    /// Whether no other process can hold the lock at the same time.
    pub(super) fn is_exclusive(&self) -> bool {
        self.held.is_exclusive
    }

    /// Waits for the lock of a folder, given by its real path. None if one other process holds it longer than
    /// `timeout`. If one process after another takes the lock, the time starts again for each.
    fn wait_for(folder: &Path, timeout: Duration) -> io::Result<Option<Self>> {
        if let Some(held) = HELD.with_borrow(|all| all.get(folder).and_then(Weak::upgrade)) {
            return Ok(Some(Self { held }));
        }
        let mut holder = LockHolder { since: Instant::now(), taken_at: taken_at(folder) };
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
            if holder.holds_longer_than(timeout, Instant::now(), taken_at(folder)) {
                return Ok(None);
            }
            attempts += 1;
            pause(attempts);
        }
    }
}

/// How long one other process has held a lock.
#[derive(Debug)]
struct LockHolder<T> {
    /// When this process first noticed it.
    since: Instant,
    /// The mark that the other process left.
    taken_at: T,
}

impl<T: PartialEq> LockHolder<T> {
    /// Whether the same process has held the lock for longer than `timeout`. Another mark means another process, and
    /// starts the time again.
    fn holds_longer_than(&mut self, timeout: Duration, now: Instant, taken_at: T) -> bool {
        if self.taken_at != taken_at {
            *self = Self { since: now, taken_at };
        }
        now.duration_since(self.since) > timeout
    }
}

/// Attempts that other processes can prevent for an instant, for example by looking at a record.
#[derive(Debug)]
pub(super) struct Attempts {
    start: Instant,
    failed: u32,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), failed: 0 }
    }

    /// Pauses before the next attempt. Returns false if there is no next one: all attempts have failed for
    /// [`LOCK_TIMEOUT`].
    pub(super) fn pause(&mut self) -> bool {
        self.failed += 1;
        pause(self.failed);
        self.start.elapsed() <= LOCK_TIMEOUT
    }
}

/// Waits some milliseconds before the next attempt to write. The time differs between processes, so that processes that
/// started together do not collide again.
pub fn pause(attempt: u32) {
    let jitter = std::process::id().wrapping_mul(31).wrapping_add(attempt.wrapping_mul(17)) % 16;
    std::thread::sleep(Duration::from_millis(u64::from(5 + jitter)));
}

/// Sets the access time of a locked folder, so that waiting processes notice that another process took the lock. If
/// that is not permitted, they only notice changes in the folder.
fn mark_taken(folder: &File) {
    let _ = folder.set_times(FileTimes::new().set_accessed(SystemTime::now()));
}

/// When a lock was last taken, or its folder last changed.
#[cfg(unix)]
fn taken_at(folder: &Path) -> Option<(SystemTime, SystemTime)> {
    let folder = fs::metadata(folder).ok()?;
    Some((folder.accessed().ok()?, folder.modified().ok()?))
}

/// Locks the folder itself. So no lock file is left behind, and all processes use the same lock, by any path.
#[cfg(unix)]
fn try_lock(folder: &Path) -> io::Result<Option<HeldLock>> {
    let file = super::open::folder(folder)?;
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Ok(()) => Ok(Some(HeldLock { file, is_exclusive: true })),
        // On such a file system the text is still compared just before it is replaced.
        Err(fs::TryLockError::Error(_)) => Ok(Some(HeldLock { file, is_exclusive: false })),
    }
}

/// The lock file of a folder.
#[cfg(windows)]
fn lock_file(folder: &Path) -> PathBuf {
    std::env::temp_dir().join(format!("gainsay-{}.lock", super::print(&folder.to_string_lossy())))
}

/// When the lock file of a folder was created: each process creates its own.
#[cfg(windows)]
fn taken_at(folder: &Path) -> Option<SystemTime> {
    fs::metadata(lock_file(folder)).ok()?.created().ok()
}

/// Opens a lock file for the folder. Only one process at a time can open it, and it is deleted when it is closed.
#[cfg(windows)]
fn try_lock(folder: &Path) -> io::Result<Option<HeldLock>> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).share_mode(0).custom_flags(DELETE_ON_CLOSE);
    match options.open(lock_file(folder)) {
        Ok(file) => Ok(Some(HeldLock { file, is_exclusive: true })),
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
    fn lock_can_be_taken_again_by_its_own_thread_only() {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().canonicalize().unwrap();
        let elsewhere = || {
            std::thread::scope(|scope| {
                scope.spawn(|| FolderLock::wait_for(folder, SHORT).unwrap().is_some()).join().unwrap()
            })
        };
        let first = FolderLock::wait_for(folder, SHORT).unwrap().expect("nobody holds it");
        let second = FolderLock::wait_for(folder, SHORT).unwrap().expect("this thread holds it");
        assert!(first.is_exclusive());
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
        assert_eq!(FolderLock::wait_for_all(folders).unwrap().expect("nobody else holds them").len(), 2);
    }

    #[test]
    fn holder_time_starts_again_for_each_process() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut holder = LockHolder { since: start, taken_at: 'a' };
        for (seconds, taken_at, is_over) in
            [(60, 'a', false), (61, 'b', false), (121, 'b', false), (122, 'c', false), (183, 'c', true)]
        {
            assert_eq!(
                holder.holds_longer_than(LOCK_TIMEOUT, after(seconds), taken_at),
                is_over,
                "{seconds} s"
            );
        }
    }

    #[test]
    fn lock_marks_its_folder_when_it_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().canonicalize().unwrap();
        let before = taken_at(folder);
        let lock = FolderLock::wait_for(folder, SHORT).unwrap().expect("nobody holds it");
        let first = taken_at(folder);
        assert_ne!(first, before);
        drop(lock);
        let _lock = FolderLock::wait_for(folder, SHORT).unwrap().expect("nobody holds it");
        assert_ne!(taken_at(folder), first);
    }

    #[test]
    fn write_lock_of_a_missing_workspace_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = WriteLock::wait(&folder.path().join("nowhere")).unwrap_err();
        assert!(matches!(error, FolderError::Unreadable { .. }), "{error}");
    }
}
