//! Files written whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

/// Writes a file whole or not at all: to a neighbour first, flushed to disk, then in its place. What is no
/// file, such as `/dev/stdout` or a pipe, is written to and stays what it is.
///
/// # Errors
/// What the system says; the file is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let there = fs::metadata(path).ok();
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        return fs::OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    beside(folder, PREFIX, there.as_ref(), bytes)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Should a power cut leave a file behind, its name says what it is, and nobody takes it for a claim file.
const PREFIX: &str = ".gainsay-";
const SUFFIX: &str = ".tmp";

/// The same for what is written under the lock of its folder, and so can be told from what is being written.
pub(super) const OF_EDIT: &str = ".gainsay-edit-";

/// Whether a file has such a name.
pub(super) fn is_of_edit(name: &str) -> bool {
    name.starts_with(OF_EDIT) && name.ends_with(SUFFIX)
}

/// A file in a folder with everything that is to be in another, flushed to disk, for whoever may read that one;
/// it goes away unless it is put in its place.
pub(super) fn beside(
    folder: &Path,
    prefix: &str,
    there: Option<&fs::Metadata>,
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
    if let Some(there) = there {
        keep_owner(file.as_file(), there);
        file.as_file().set_permissions(there.permissions())?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Whoever may give files away leaves them with their owner; whoever may not becomes it, as in any editor.
#[cfg(unix)]
fn keep_owner(file: &fs::File, there: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let is_other = |own: fs::Metadata| (own.uid(), own.gid()) != (there.uid(), there.gid());
    if file.metadata().is_ok_and(is_other) {
        let _ = fchown(file, Some(there.uid()), Some(there.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &fs::File, _: &fs::Metadata) {}

/// That a file was put into a folder is on the disk only once the folder is.
#[cfg(unix)]
pub(super) fn flush(folder: &Path) -> io::Result<()> {
    match fs::File::open(folder)?.sync_all() {
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
