//! Files written whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

#[cfg(unix)]
use super::attributes;
use super::replace::folder_of;

/// Writes to a place that the user named, as an option such as `--output` does. A file is written as by [`write_file`]. A
/// pipe or a device is written to and stays what it is. A link is replaced by the new file: one that came with a folder
/// leads neither out of it nor to a device. Only links that the system itself made, such as `/dev/stderr`, are followed.
///
/// # Errors
/// The error of the system; a file is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() && is_of_system(path) => {
            fs::OpenOptions::new().append(true).open(path)?.write_all(bytes)
        }
        Ok(there) if !there.is_symlink() && !there.is_file() => {
            fs::OpenOptions::new().write(true).open(path)?.write_all(bytes)
        }
        _ => write_file(path, bytes),
    }
}

/// Writes a file whole or not at all: the text is written to another file in the same folder, flushed to disk and moved
/// into its place. A file that is there already passes its owner, permissions and attributes on; anything else at the
/// path, such as a link or a pipe, is replaced and never followed or opened.
///
/// # Errors
/// The error of the system; the file is then as it was.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    let existing = metadata.as_ref().map(|metadata| Existing { path, metadata });
    beside(folder_of(path), PREFIX, existing, bytes)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The same for a file that is not there yet.
///
/// # Errors
/// The error of the system; also where anything is at the path, a link that leads nowhere included.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(folder_of(path), PREFIX, None, bytes)?.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// Whether a path lies where the system keeps its devices and shows the open files of processes. Every user can write to
/// `/dev/shm`.
fn is_of_system(path: &Path) -> bool {
    let is_in = |folder: &Path| {
        folder.starts_with("/proc") || (folder.starts_with("/dev") && !folder.starts_with("/dev/shm"))
    };
    cfg!(unix) && folder_of(path).canonicalize().is_ok_and(|folder| is_in(&folder))
}

/// Should a power cut leave a file behind, its name says what it is, and nobody takes it for a claim file.
const PREFIX: &str = ".gainsay-";
const SUFFIX: &str = ".tmp";

/// The same for what is written under the lock of its folder, and so can be told from what is being written.
pub(super) const OF_EDIT: &str = ".gainsay-edit-";

/// Whether a file has such a name.
fn is_of_edit(name: &str) -> bool {
    name.starts_with(OF_EDIT) && name.ends_with(SUFFIX)
}

/// Removes what killed processes left in a folder: regular files of this user with the name of [`OF_EDIT`]. Whoever calls
/// this holds the lock of the folder, so that no running change owns them.
pub(super) fn clear(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_of_edit = entry.file_name().to_str().is_some_and(is_of_edit);
        let is_own = || entry.path().symlink_metadata().is_ok_and(|it| it.is_file() && is_own(&it));
        if is_of_edit && is_own() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file that is to be replaced.
#[derive(Clone, Copy)]
pub(super) struct Existing<'a> {
    /// Where it is, not by a link.
    #[cfg_attr(not(unix), expect(dead_code, reason = "attributes are copied on Unix only"))]
    pub(super) path: &'a Path,
    pub(super) metadata: &'a fs::Metadata,
}

/// A new file in a folder with these bytes, flushed to disk. It has the owner, permissions and attributes of the file
/// that it is to replace, and is deleted unless it is moved into its place.
pub(super) fn beside(
    folder: &Path,
    prefix: &str,
    existing: Option<Existing<'_>>,
    bytes: &[u8],
) -> io::Result<NamedTempFile> {
    let mut neighbour = tempfile::Builder::new();
    neighbour.prefix(prefix).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Who may read it is left to the umask, as for any new file.
        neighbour.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = neighbour.tempfile_in(folder)?;
    if let Some(existing) = existing {
        keep_access(file.as_file(), existing)?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Gives a new file the owner, permissions and attributes of the file that it is to replace.
#[cfg(unix)]
fn keep_access(file: &fs::File, Existing { path, metadata }: Existing<'_>) -> io::Result<()> {
    keep_owner(file, metadata);
    attributes::drop_inherited(file)?;
    file.set_permissions(metadata.permissions())?;
    // An access control list holds the permissions as well, and so it comes last.
    attributes::copy(path, file)
}

#[cfg(not(unix))]
fn keep_access(file: &fs::File, Existing { metadata, .. }: Existing<'_>) -> io::Result<()> {
    file.set_permissions(metadata.permissions())
}

/// Whether a file belongs to the user of this process.
#[cfg(unix)]
pub(super) fn is_own(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
pub(super) fn is_own(_: &fs::Metadata) -> bool {
    true
}

/// Keeps the owner if the process may give files away; otherwise the user becomes the owner, as in any editor.
#[cfg(unix)]
fn keep_owner(file: &fs::File, there: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let is_other = |own: fs::Metadata| (own.uid(), own.gid()) != (there.uid(), there.gid());
    if file.metadata().is_ok_and(is_other) {
        let _ = fchown(file, Some(there.uid()), Some(there.gid()));
    }
}

/// That a file was put into a folder is on the disk only once the folder is.
#[cfg(unix)]
pub(super) fn flush(folder: &Path) -> io::Result<()> {
    match super::open::folder(folder)?.sync_all() {
        // Some file systems have no such thing.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

#[cfg(not(unix))]
pub(super) fn flush(_: &Path) -> io::Result<()> {
    Ok(())
}
