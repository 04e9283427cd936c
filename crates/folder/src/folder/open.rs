//! The one place that opens files and folders for reading.
//!
//! A workspace may come from a stranger, so a path in it can be a named pipe, a device, or a link to one. Opening it
//! could block forever, and reading it could fill the memory. So only regular files are opened, without waiting, and
//! only up to a size limit. A path whose last part is a link is refused: `walk` and `links` decide which links are
//! followed, and pass the target.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;

/// The largest claim file or archived text that is read, in bytes. A claim file with 100,000 claims has about a quarter
/// of it.
pub const MAX_FILE: u64 = 64 * MIB;

/// The largest `.gitignore` that is read, in bytes.
pub(super) const MAX_GITIGNORE: u64 = MIB;

const MIB: u64 = 1024 * 1024;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    /// It is a folder, a pipe, a device or a link.
    #[error("it is not a regular file")]
    NotRegular,
    /// It is larger than the limit, both in bytes.
    #[error("it has {}, and the limit is {}", format_size(*.size), format_size(*.limit))]
    TooLarge {
        /// Its size.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// It has no data at the moment, like some files of the kernel.
    #[error("it has no data yet, and gainsay does not wait for it")]
    WouldBlock,
    /// The system reported an error.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl OpenError {
    /// Whether nothing exists at the path.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

/// Formats a size in bytes for people.
fn format_size(bytes: u64) -> String {
    match bytes {
        0..MIB => format!("{bytes} bytes"),
        _ if bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        _ => format!("more than {} MiB", bytes / MIB),
    }
}

/// The bytes of a regular file of at most `limit` bytes.
///
/// # Errors
/// If it is not a regular file, is larger, or cannot be read.
pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, OpenError> {
    let (mut file, metadata) = open(path, limit)?;
    read_to_end(&mut file, metadata.len(), limit)
}

/// Opens a regular file of at most `limit` bytes.
///
/// # Errors
/// If it is not a regular file, is larger, or cannot be opened.
pub(super) fn open(path: &Path, limit: u64) -> Result<(File, Metadata), OpenError> {
    check(&fs::symlink_metadata(path)?, limit)?;
    // The path may lead to another file now, so the open file is checked again.
    let file = open_without_waiting(path)?;
    let metadata = file.metadata()?;
    check(&metadata, limit)?;
    Ok((file, metadata))
}

/// The bytes from the current position to the end, of a file that had `size` bytes when it was opened.
///
/// # Errors
/// If there are more than `limit` bytes, or they cannot be read.
pub(super) fn read_to_end(file: &mut File, size: u64, limit: u64) -> Result<Vec<u8>, OpenError> {
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    match file.take(limit + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > limit => Err(OpenError::TooLarge { size: bytes.len() as u64, limit }),
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(OpenError::WouldBlock),
        Err(error) => Err(error.into()),
    }
}

fn check(metadata: &Metadata, limit: u64) -> Result<(), OpenError> {
    match metadata.len() {
        _ if !metadata.is_file() => Err(OpenError::NotRegular),
        size if size > limit => Err(OpenError::TooLarge { size, limit }),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn open_without_waiting(path: &Path) -> Result<File, OpenError> {
    use rustix::fs::OFlags;
    match open_with(path, OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY | OFlags::CLOEXEC) {
        // The file was replaced by a link.
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            Err(OpenError::NotRegular)
        }
        opened => Ok(opened?),
    }
}

#[cfg(unix)]
fn open_with(path: &Path, flags: rustix::fs::OFlags) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_without_waiting(path: &Path) -> Result<File, OpenError> {
    Ok(fs::OpenOptions::new().read(true).open(path)?)
}

/// Opens a folder itself, to lock it or to flush it to the disk.
///
/// # Errors
/// If it is not a folder, or cannot be opened.
#[cfg(unix)]
pub(super) fn folder(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    open_with(path, OFlags::DIRECTORY | OFlags::NONBLOCK | OFlags::CLOEXEC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_takes_regular_files_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        let why = read(&path, 4).unwrap_err().to_string();
        assert_eq!(why, "it has 5 bytes, and the limit is 4 bytes");
        assert!(matches!(read(folder.path(), 5), Err(OpenError::NotRegular)));
        assert!(read(&folder.path().join("none"), 5).unwrap_err().is_not_found());
        assert_eq!(format_size(65 * MIB), "65 MiB");
        assert_eq!(format_size(65 * MIB + 1), "more than 65 MiB");
    }

    #[test]
    fn read_to_end_notices_a_file_that_grew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "1").unwrap();
        let (mut file, metadata) = open(&path, 4).unwrap();
        fs::write(&path, "12345").unwrap();
        let grown = read_to_end(&mut file, metadata.len(), 4);
        assert!(matches!(grown, Err(OpenError::TooLarge { size: 5, limit: 4 })), "{grown:?}");
    }

    #[cfg(unix)]
    #[test]
    fn open_refuses_pipes_devices_and_links_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        for path in [pipe.as_path(), &link, Path::new("/dev/zero")] {
            assert!(matches!(read(path, 5), Err(OpenError::NotRegular)), "{}", path.display());
        }
        // If a file is replaced by a link after the first check, the link is not followed either.
        assert!(matches!(open_without_waiting(&link), Err(OpenError::NotRegular)));
        assert!(open_without_waiting(&pipe).is_ok(), "it does not wait for a writer");
    }
}
