//! Claim files replaced only where they still say what was read: under a lock that all gainsay processes share, so
//! that of two who save at once one is refused and nothing is lost.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{MAX_FILE, shown_path, write};
use crate::source::decode;

/// How long another process may hold the lock before the file is given up.
const PATIENCE: Duration = Duration::from_secs(10);

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
    /// The system refuses.
    #[error("cannot write `{path}`: {error}")]
    Unwritable {
        /// The file.
        path: String,
        /// What the system says.
        error: io::Error,
    },
}

/// Puts another text in the place of a file of a workspace, or of one that is not there yet, if it still says
/// `before`. `workspace` is the folder, or the one file, that was read. The file is written whole or not at all; it
/// keeps its permissions, its byte-order mark, and its link, where it is one that stays in the workspace.
///
/// # Errors
/// Where the file says something else by now, lies elsewhere, is no text or no file, or cannot be written.
pub fn replace(workspace: &Path, path: &Path, before: Option<&str>, after: &str) -> Result<(), ReplaceError> {
    replace_once(workspace, path, before, after, || {})
}

/// The same; `ready` is called when the new text is on the disk and not yet in its place.
fn replace_once(
    workspace: &Path,
    path: &Path,
    before: Option<&str>,
    after: &str,
    ready: impl FnOnce(),
) -> Result<(), ReplaceError> {
    let shown = shown_path(path);
    let unwritable = |error| ReplaceError::Unwritable { path: shown.clone(), error };
    let barred = |why: &str| ReplaceError::Barred { path: shown.clone(), why: why.to_owned() };
    if after.len() as u64 > MAX_FILE {
        return Err(barred("it would have more than 64 MiB"));
    }
    let target = target(workspace, path).map_err(unwritable)?;
    let target = target.ok_or_else(|| barred("it lies outside of the workspace"))?;
    let folder = target.parent().ok_or_else(|| barred("it is no file"))?;
    let lock = Lock::on(folder).map_err(unwritable)?;
    let _lock = lock.ok_or_else(|| barred("another process is writing here"))?;
    let held = || held(&target).map_err(|why| why.of(&shown));
    let read = held()?;
    let (there, bytes) = read.as_ref().map_or((None, None), |(there, bytes)| (Some(there), Some(bytes)));
    let mark = bytes.filter(|bytes| bytes.starts_with(MARK)).map_or(&[][..], |_| MARK);
    if said(bytes, &shown)?.as_deref() != before {
        return Err(ReplaceError::Changed { on_disk: said(bytes, &shown)?, path: shown });
    }
    let file = write::beside(folder, there, &[mark, after.as_bytes()].concat()).map_err(unwritable)?;
    ready();
    // To bring the new text onto the disk takes its time, and an editor knows of no lock.
    let now = held()?.map(|(_, bytes)| bytes);
    if now.as_ref() != bytes {
        return Err(ReplaceError::Changed { on_disk: said(now.as_ref(), &shown)?, path: shown });
    }
    if there.is_some() {
        file.persist(&target).map_err(|error| unwritable(error.error))?;
    } else if let Err(error) = file.persist_noclobber(&target) {
        return Err(match held()? {
            Some((_, now)) => ReplaceError::Changed { on_disk: said(Some(&now), &shown)?, path: shown },
            None => unwritable(error.error),
        });
    }
    flush(folder).map_err(unwritable)
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
    const TOO_LARGE: &str = "it has more than 64 MiB";
    let Some(there) = there(target).map_err(Bar::By)? else { return Ok(None) };
    if !there.is_file() {
        return Err(Bar::For("it is no file"));
    }
    if there.permissions().readonly() {
        return Err(Bar::For("it is read-only"));
    }
    if there.len() > MAX_FILE {
        return Err(Bar::For(TOO_LARGE));
    }
    let bytes = super::read_at_most(target, MAX_FILE).map_err(Bar::By)?.ok_or(Bar::For(TOO_LARGE))?;
    Ok(Some((there, bytes)))
}

/// What bytes say.
fn said(bytes: Option<&Vec<u8>>, path: &str) -> Result<Option<String>, ReplaceError> {
    let Some((text, bad)) = bytes.map(|bytes| decode(bytes.clone())) else { return Ok(None) };
    if bad.is_empty() { Ok(Some(text)) } else { Err(Bar::For("it holds bytes that are no text").of(path)) }
}

/// What stands at a path, if anything does.
fn there(path: &Path) -> io::Result<Option<fs::Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(there) => Ok(Some(there)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The mark before the text of a file that some editors leave there.
const MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// The file itself, where a path leads by whatever links; none where that is outside of the workspace.
fn target(workspace: &Path, path: &Path) -> io::Result<Option<PathBuf>> {
    let workspace = workspace.canonicalize()?;
    let root = if workspace.is_file() { workspace.parent().unwrap_or(&workspace) } else { &workspace };
    let target = if fs::symlink_metadata(path).is_ok() {
        path.canonicalize()?
    } else {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Some(name) = path.file_name() else { return Ok(None) };
        folder.canonicalize()?.join(name)
    };
    Ok(target.starts_with(root).then_some(target))
}

/// That a file was put into a folder is on the disk only once the folder is.
#[cfg(unix)]
fn flush(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some file systems have no such thing.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

#[cfg(not(unix))]
fn flush(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The right to write into a folder, until it is dropped; it ends with the process in any case.
struct Lock(#[expect(dead_code, reason = "held, not used")] File);

impl Lock {
    /// Waits for the lock of a folder; none where another process keeps it too long.
    fn on(folder: &Path) -> io::Result<Option<Self>> {
        let start = Instant::now();
        loop {
            if let Some(file) = try_lock(folder)? {
                return Ok(Some(Self(file)));
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
fn try_lock(folder: &Path) -> io::Result<Option<File>> {
    let file = File::open(folder)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(None),
        // Some network file systems lock no folders. There the text is still compared right before it is replaced.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(file)),
    }
}

/// A file that stands for the folder, opened by one process at a time and gone once it is closed.
#[cfg(windows)]
fn try_lock(folder: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    let name = format!("gainsay-{}.lock", super::print(&folder.to_string_lossy()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).share_mode(0).custom_flags(DELETE_ON_CLOSE);
    match options.open(std::env::temp_dir().join(name)) {
        Ok(file) => Ok(Some(file)),
        // Open elsewhere, or about to go.
        Err(error) if matches!(error.raw_os_error(), Some(5 | 32 | 303)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replaces a file that somebody touches when the new text is ready; gives the refusal, and what the file says.
    fn touched(
        before: Option<&str>,
        touch: impl FnOnce(&Path),
    ) -> (Result<(), ReplaceError>, Option<String>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        if let Some(text) = before {
            fs::write(&file, text).unwrap();
        }
        let done = replace_once(folder.path(), &file, before, "ours", || touch(&file));
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, usize::from(file.exists()), "nothing else is left behind");
        (done, fs::read_to_string(&file).ok())
    }

    #[test]
    fn what_an_editor_writes_meanwhile_is_not_lost() {
        for before in [Some("before"), None] {
            let (done, says) = touched(before, |file| fs::write(file, "theirs").unwrap());
            assert!(
                matches!(&done, Err(ReplaceError::Changed { on_disk: Some(text), .. }) if text == "theirs")
            );
            assert_eq!(says.as_deref(), Some("theirs"));
        }
        let (done, says) = touched(Some("before"), |file| fs::remove_file(file).unwrap());
        assert!(matches!(done, Err(ReplaceError::Changed { on_disk: None, .. })) && says.is_none());
        let (done, says) = touched(Some("before"), |_| {});
        assert!(done.is_ok() && says.as_deref() == Some("ours"));
        let (done, _) = touched(None, |file| fs::create_dir(file).unwrap());
        assert!(matches!(done, Err(ReplaceError::Barred { .. })));
    }
}
