//! Files in the cache folder of the user, which can be made again at any time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::write::{is_owned_by_user, write_file};
use super::{open, user_dirs};

/// Writes files to the folder `name` in the cache of this user; returns the absolute path of the folder. Files that
/// already have the same text are left alone.
///
/// # Errors
/// If the environment names no cache folder, or the folder is not safe or cannot be written.
pub fn keep(name: &str, files: &[(String, String)]) -> io::Result<PathBuf> {
    let cache = user_dirs::cache()
        .ok_or_else(|| io::Error::other("the environment names no folder for cached files"))?;
    cache_in(&cache, name, files)
}

/// Other users may be able to write to the cache folder. So only folders that belong to the user are used, and only
/// regular files of the expected size are opened in them.
fn cache_in(cache: &Path, name: &str, files: &[(String, String)]) -> io::Result<PathBuf> {
    fs::create_dir_all(cache)?;
    let folder = own_folder(&own_folder(cache, "gainsay")?, name)?;
    for (name, text) in files {
        let path = folder.join(name);
        if !open::read(&path, text.len() as u64).is_ok_and(|bytes| bytes == text.as_bytes()) {
            write_file(&path, text.as_bytes())?;
        }
    }
    Ok(folder)
}

/// A folder that only this user can write to; created if it is missing.
fn own_folder(parent: &Path, name: &str) -> io::Result<PathBuf> {
    let folder = parent.join(name);
    match user_dirs::create_private(&folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let metadata = fs::symlink_metadata(&folder)?;
    if !metadata.is_dir() || !is_owned_by_user(&metadata) {
        let why = format!("`{}` is not a folder of this user", folder.display());
        return Err(io::Error::other(why));
    }
    forbid_writing_by_others(&folder, &metadata)?;
    Ok(folder)
}

/// Removes the permission of other users to write to a folder.
#[cfg(unix)]
fn forbid_writing_by_others(folder: &Path, metadata: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode();
    if mode & 0o022 == 0 {
        return Ok(());
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(mode & !0o022))
}

#[cfg(not(unix))]
fn forbid_writing_by_others(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages() -> [(String, String); 2] {
        [("one.md".to_owned(), "1".to_owned()), ("two.md".to_owned(), "2".to_owned())]
    }

    #[test]
    fn cache_files_are_written_once_and_corrected() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("a");
        let folder = cache_in(&place, "b", &pages()).unwrap();
        assert_eq!(folder, place.join("gainsay/b"));
        fs::write(folder.join("one.md"), "cut").unwrap();
        cache_in(&place, "b", &pages()).unwrap();
        assert_eq!(fs::read_to_string(folder.join("one.md")).unwrap(), "1");
        fs::write(root.path().join("file"), "").unwrap();
        assert!(cache_in(&root.path().join("file/in"), "b", &pages()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn cache_replaces_links_and_does_not_follow_them() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("target");
        fs::write(&target, "theirs").unwrap();
        let folder = cache_in(root.path(), "b", &pages()).unwrap();
        for dangling in [root.path().join("new"), target.clone()] {
            fs::remove_file(folder.join("one.md")).unwrap();
            symlink(&dangling, folder.join("one.md")).unwrap();
            cache_in(root.path(), "b", &pages()).unwrap();
            assert!(fs::symlink_metadata(folder.join("one.md")).unwrap().is_file());
        }
        fs::remove_file(folder.join("two.md")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("two.md"), rustix::fs::Mode::RUSR).unwrap();
        cache_in(root.path(), "b", &pages()).unwrap();
        assert_eq!(fs::read_to_string(folder.join("two.md")).unwrap(), "2");
        assert_eq!(fs::read_to_string(&target).unwrap(), "theirs");
        assert!(!root.path().join("new").exists());
    }

    #[cfg(unix)]
    #[test]
    fn cache_folder_that_others_can_change_is_refused_or_corrected() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let root = tempfile::tempdir().unwrap();
        let elsewhere = root.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        symlink(&elsewhere, root.path().join("gainsay")).unwrap();
        let why = cache_in(root.path(), "b", &pages()).unwrap_err();
        assert!(why.to_string().contains("is not a folder of this user"), "{why}");
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
        let open = root.path().join("open/gainsay");
        fs::create_dir_all(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        cache_in(&root.path().join("open"), "b", &pages()).unwrap();
        assert_eq!(fs::metadata(&open).unwrap().permissions().mode() & 0o777, 0o755);
        assert_eq!(fs::metadata(open.join("b")).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
