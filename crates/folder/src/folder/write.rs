//! Writes files completely or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

#[cfg(unix)]
use super::attributes;
use super::replace::folder_of;

/// Writes to a path that the user named, for example with `--output`. A file is written as by [`write_file`]. A pipe or
/// a device is written to and stays. A link is replaced by the new file, because a link from a stranger could lead
/// anywhere. Only links in the folders of the system, such as `/dev/stderr`, are followed.
///
/// # Errors
/// The error of the system; a file is then unchanged.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() && is_system_path(path) => {
            fs::OpenOptions::new().append(true).open(path)?.write_all(bytes)
        }
        Ok(there) if !there.is_symlink() && !there.is_file() => {
            fs::OpenOptions::new().write(true).open(path)?.write_all(bytes)
        }
        _ => write_file(path, bytes),
    }
}

/// Writes a file completely or not at all: the bytes are written to a temporary file in the same folder, flushed to
/// disk and moved into place. The new file gets the owner, permissions and attributes of an existing file. Anything
/// else at the path, such as a link or a pipe, is replaced and never followed or opened.
///
/// # Errors
/// The error of the system; the file is then unchanged.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    let existing = metadata.as_ref().map(|metadata| Existing { path, metadata });
    write_temporary(folder_of(path), PREFIX, existing, bytes)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Like [`write_file`], for a new file.
///
/// # Errors
/// The error of the system; also if anything exists at the path, even a dangling link.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_temporary(folder_of(path), PREFIX, None, bytes)?
        .persist_noclobber(path)
        .map_err(|error| error.error)?;
    Ok(())
}

/// Whether a path is in a folder of the system for devices and open files. `/dev/shm` does not count: every user can
/// write to it.
fn is_system_path(path: &Path) -> bool {
    let is_in = |folder: &Path| {
        folder.starts_with("/proc") || (folder.starts_with("/dev") && !folder.starts_with("/dev/shm"))
    };
    cfg!(unix) && folder_of(path).canonicalize().is_ok_and(|folder| is_in(&folder))
}

/// Temporary files have a name that shows what they are, in case a power failure leaves one behind.
const PREFIX: &str = ".gainsay-";
const SUFFIX: &str = ".tmp";

/// The prefix of temporary files that are written under the lock of their folder. While the lock is held, such a file
/// of another process is a leftover.
pub(super) const EDIT_PREFIX: &str = ".gainsay-edit-";

/// Whether a file has the name of a temporary file with [`EDIT_PREFIX`].
fn is_edit_file(name: &str) -> bool {
    name.starts_with(EDIT_PREFIX) && name.ends_with(SUFFIX)
}

/// Removes the temporary files that killed processes left in a folder: regular files of this user with [`EDIT_PREFIX`].
/// The caller holds the lock of the folder, so that no running change needs them.
pub(super) fn remove_leftovers(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_edit_file = entry.file_name().to_str().is_some_and(is_edit_file);
        let is_owned =
            || entry.path().symlink_metadata().is_ok_and(|it| it.is_file() && is_owned_by_user(&it));
        if is_edit_file && is_owned() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// An existing file that is to be replaced.
#[derive(Clone, Copy)]
pub(super) struct Existing<'a> {
    /// The path, whose last part is not a link.
    #[cfg_attr(not(unix), expect(dead_code, reason = "attributes are copied on Unix only"))]
    pub(super) path: &'a Path,
    pub(super) metadata: &'a fs::Metadata,
}

/// Creates a temporary file in a folder with these bytes, flushed to disk. It has the owner, permissions and attributes
/// of the existing file, and is deleted unless it is moved into place.
pub(super) fn write_temporary(
    folder: &Path,
    prefix: &str,
    existing: Option<Existing<'_>>,
    bytes: &[u8],
) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask decides who may read it, as for any new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    if let Some(existing) = existing {
        copy_access(file.as_file(), existing)?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Copies owner, permissions and attributes of an existing file to a new one.
#[cfg(unix)]
fn copy_access(file: &fs::File, Existing { path, metadata }: Existing<'_>) -> io::Result<()> {
    keep_owner(file, metadata);
    attributes::drop_inherited(file)?;
    file.set_permissions(metadata.permissions())?;
    // An access control list contains the permissions too, so it is set last.
    attributes::copy(path, file)
}

#[cfg(not(unix))]
fn copy_access(file: &fs::File, Existing { metadata, .. }: Existing<'_>) -> io::Result<()> {
    file.set_permissions(metadata.permissions())
}

/// Whether a file belongs to the user of this process.
#[cfg(unix)]
pub(super) fn is_owned_by_user(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
pub(super) fn is_owned_by_user(_: &fs::Metadata) -> bool {
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

/// Flushes a folder to the disk: only then is a file that was moved into it there after a crash.
#[cfg(unix)]
pub(super) fn flush_folder(folder: &Path) -> io::Result<()> {
    match super::open::folder(folder)?.sync_all() {
        // Some file systems do not support this.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

#[cfg(not(unix))]
pub(super) fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
