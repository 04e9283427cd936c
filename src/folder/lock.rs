//! The right to write into folders: held by one gainsay process at a time, and gone with it in any case.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long another process may hold a lock before the folder is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// The right to write into a folder, until it is dropped; it ends with the process in any case.
pub(super) struct Lock {
    #[expect(dead_code, reason = "held, not used")]
    file: File,
    /// Whether nobody else can have it: some network file systems lock no folders.
    pub(super) is_sure: bool,
}

impl Lock {
    /// Waits for the locks of several folders; none where another process keeps one too long. Everybody takes them
    /// in one order, so that nobody waits for a lock that waits for theirs.
    pub(super) fn on_all(mut folders: Vec<PathBuf>) -> io::Result<Option<Vec<Self>>> {
        folders.sort();
        folders.dedup();
        folders.iter().map(|folder| Self::on(folder).transpose()).collect::<Option<_>>().transpose()
    }

    /// Waits for the lock of a folder; none where another process keeps it too long.
    fn on(folder: &Path) -> io::Result<Option<Self>> {
        let start = Instant::now();
        loop {
            if let Some(lock) = try_lock(folder)? {
                return Ok(Some(lock));
            }
            if start.elapsed() > PATIENCE {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The folder itself, locked: nothing is left behind, and whoever writes a file in it meets the same lock,
/// whatever path they came by.
#[cfg(unix)]
fn try_lock(folder: &Path) -> io::Result<Option<Lock>> {
    let file = File::open(folder)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(None),
        Ok(()) => Ok(Some(Lock { file, is_sure: true })),
        // There the text is still compared right before it is replaced.
        Err(TryLockError::Error(_)) => Ok(Some(Lock { file, is_sure: false })),
    }
}

/// A file that stands for the folder, opened by one process at a time and gone once it is closed.
#[cfg(windows)]
fn try_lock(folder: &Path) -> io::Result<Option<Lock>> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    let name = format!("gainsay-{}.lock", super::print(&folder.to_string_lossy()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).share_mode(0).custom_flags(DELETE_ON_CLOSE);
    match options.open(std::env::temp_dir().join(name)) {
        Ok(file) => Ok(Some(Lock { file, is_sure: true })),
        // Open elsewhere, or about to go.
        Err(error) if matches!(error.raw_os_error(), Some(5 | 32 | 303)) => Ok(None),
        Err(error) => Err(error),
    }
}
