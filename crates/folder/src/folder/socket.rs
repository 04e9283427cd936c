//! The file of a Unix socket. Its permissions decide who may connect.
//!
//! It has the mode 0600 from the start, in a folder that only its owner can write to. An existing file is left alone,
//! unless it is a socket of the same user at which no program answers any more.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustix::fs::Mode;
use rustix::process::{geteuid, umask};

/// The file of a socket; removed when dropped.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    /// Device and inode, so that no other file is removed.
    identity: (u64, u64),
}

impl SocketFile {
    /// Creates the file and binds a non-blocking socket to it. `answers` connects to an existing socket; its error
    /// shows that no program answers there.
    ///
    /// # Errors
    /// If the folder belongs to another user or others can write to it, if something else is at the path, if a program
    /// answers there, and if the system reports an error.
    pub fn bind(path: &Path, answers: impl Fn(&Path) -> io::Result<()>) -> io::Result<(UnixListener, Self)> {
        let name = path.file_name().ok_or_else(|| refused("the path has no file name"))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize()?;
        check_folder(&folder)?;
        let path = folder.join(name);
        remove_dead_socket(&path, answers)?;
        let listener = bind_private(&path)?;
        listener.set_nonblocking(true)?;
        let made = fs::symlink_metadata(&path)?;
        Ok((listener, Self { path, identity: (made.dev(), made.ino()) }))
    }

    /// Its absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let is_same = |file: fs::Metadata| (file.dev(), file.ino()) == self.identity;
        if fs::symlink_metadata(&self.path).is_ok_and(is_same) {
            _ = fs::remove_file(&self.path);
        }
    }
}

/// Checks that nobody else can replace the socket by another one.
fn check_folder(folder: &Path) -> io::Result<()> {
    let found = fs::metadata(folder)?;
    let shown = folder.display();
    if found.uid() != geteuid().as_raw() {
        return Err(refused(format!("`{shown}` belongs to another user: choose a folder of your own")));
    }
    if found.mode() & 0o022 != 0 {
        return Err(refused(format!(
            "other users can write to `{shown}`: choose a folder of your own (mkdir -m 700)"
        )));
    }
    Ok(())
}

/// Removes a dead socket of the same user; anything else is an error.
fn remove_dead_socket(path: &Path, answers: impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let taken = |why: &str| io::Error::new(io::ErrorKind::AddrInUse, format!("`{}` {why}", path.display()));
    if !found.file_type().is_socket() {
        return Err(taken("exists and is not a socket"));
    }
    if found.uid() != geteuid().as_raw() {
        return Err(taken("is a socket of another user"));
    }
    match answers(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        _ => Err(taken("is in use: a program answers there")),
    }
}

/// Binds a socket whose file nobody else can open, not even for a moment.
fn bind_private(path: &Path) -> io::Result<UnixListener> {
    let before = umask(Mode::RWXG | Mode::RWXO | Mode::XUSR);
    let bound = UnixListener::bind(path);
    umask(before);
    let listener = bound?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

fn refused(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, why.into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    fn bind(path: &Path) -> io::Result<(UnixListener, SocketFile)> {
        SocketFile::bind(path, |path| UnixStream::connect(path).map(drop))
    }

    #[test]
    fn socket_is_private_and_removed_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.sock");
        let socket = bind(&path).unwrap();
        assert_eq!(fs::symlink_metadata(&path).unwrap().mode() & 0o7777, 0o600);
        let second = bind(&path).unwrap_err();
        assert!(second.to_string().contains("in use"), "{second}");
        drop(socket);
        assert!(!path.exists());
    }

    #[test]
    fn socket_replaces_a_dead_socket_and_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.sock");
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists(), "std leaves the file of a socket");
        let socket = bind(&path).unwrap();
        // A file that somebody put there in the meantime is not removed.
        fs::remove_file(&path).unwrap();
        fs::write(&path, "text").unwrap();
        drop(socket);
        assert_eq!(fs::read_to_string(&path).unwrap(), "text");
        assert!(bind(&path).unwrap_err().to_string().contains("not a socket"));
        let link = folder.path().join("link.sock");
        std::os::unix::fs::symlink(folder.path().join("nowhere"), &link).unwrap();
        assert!(bind(&link).unwrap_err().to_string().contains("not a socket"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "text");
    }

    #[test]
    fn socket_is_refused_in_a_folder_that_others_can_write_to() {
        let folder = tempfile::tempdir().unwrap();
        for mode in [0o777, 0o1777, 0o770] {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
            let refused = bind(&folder.path().join("desk.sock")).unwrap_err();
            assert!(refused.to_string().contains("other users can write"), "{mode:o}: {refused}");
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(bind(&folder.path().join("desk.sock")).is_ok());
        assert!(bind(Path::new("/")).is_err() && bind(&folder.path().join("none/x.sock")).is_err());
    }
}
