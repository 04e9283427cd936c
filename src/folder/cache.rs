//! Files that can be made again at any time, kept for the program itself where the system keeps such files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::write::{is_own, write_file};
use super::{open, user_dirs};

/// Keeps texts as files of a folder of their own, and says where that is: absolute, and this user's. What stands
/// there already and says the same is left alone.
///
/// # Errors
/// Where the system names no place for such files, and what it says where it lets nobody write there.
pub fn keep(name: &str, files: &[(String, String)]) -> io::Result<PathBuf> {
    let place = user_dirs::cache()
        .ok_or_else(|| io::Error::other("the system names no place for files that are kept"))?;
    keep_in(&place, name, files)
}

/// Others may be able to write to the place: only folders that belong to the user are used, and nothing in them is
/// followed or opened that is not a plain file of the expected size.
fn keep_in(place: &Path, name: &str, files: &[(String, String)]) -> io::Result<PathBuf> {
    fs::create_dir_all(place)?;
    let folder = own_folder(&own_folder(place, "gainsay")?, name)?;
    for (name, text) in files {
        let path = folder.join(name);
        if !open::read(&path, text.len() as u64).is_ok_and(|there| there == text.as_bytes()) {
            write_file(&path, text.as_bytes())?;
        }
    }
    Ok(folder)
}

/// A folder that only this user can write to, made where it is missing.
fn own_folder(place: &Path, name: &str) -> io::Result<PathBuf> {
    let folder = place.join(name);
    match user_dirs::create_private(&folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let there = fs::symlink_metadata(&folder)?;
    if !there.is_dir() || !is_own(&there) {
        let why = format!("`{}` is not a folder of this user", folder.display());
        return Err(io::Error::other(why));
    }
    close_to_others(&folder, &there)?;
    Ok(folder)
}

/// Takes from others the permission to write to a folder.
#[cfg(unix)]
fn close_to_others(folder: &Path, there: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = there.permissions().mode();
    if mode & 0o022 == 0 {
        return Ok(());
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(mode & !0o022))
}

#[cfg(not(unix))]
fn close_to_others(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages() -> [(String, String); 2] {
        [("one.md".to_owned(), "1".to_owned()), ("two.md".to_owned(), "2".to_owned())]
    }

    #[test]
    fn cached_files_are_written_once_and_corrected() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("a");
        let folder = keep_in(&place, "b", &pages()).unwrap();
        assert_eq!(folder, place.join("gainsay/b"));
        fs::write(folder.join("one.md"), "cut").unwrap();
        keep_in(&place, "b", &pages()).unwrap();
        assert_eq!(fs::read_to_string(folder.join("one.md")).unwrap(), "1");
        fs::write(root.path().join("file"), "").unwrap();
        assert!(keep_in(&root.path().join("file/in"), "b", &pages()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_in_the_cache_are_replaced_and_not_followed() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("target");
        fs::write(&target, "theirs").unwrap();
        let folder = keep_in(root.path(), "b", &pages()).unwrap();
        for dangling in [root.path().join("new"), target.clone()] {
            fs::remove_file(folder.join("one.md")).unwrap();
            symlink(&dangling, folder.join("one.md")).unwrap();
            keep_in(root.path(), "b", &pages()).unwrap();
            assert!(fs::symlink_metadata(folder.join("one.md")).unwrap().is_file());
        }
        fs::remove_file(folder.join("two.md")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("two.md"), rustix::fs::Mode::RUSR).unwrap();
        keep_in(root.path(), "b", &pages()).unwrap();
        assert_eq!(fs::read_to_string(folder.join("two.md")).unwrap(), "2");
        assert_eq!(fs::read_to_string(&target).unwrap(), "theirs");
        assert!(!root.path().join("new").exists());
    }

    #[cfg(unix)]
    #[test]
    fn cache_folder_that_others_can_change_is_not_used_as_it_is() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let root = tempfile::tempdir().unwrap();
        let elsewhere = root.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        symlink(&elsewhere, root.path().join("gainsay")).unwrap();
        let why = keep_in(root.path(), "b", &pages()).unwrap_err();
        assert!(why.to_string().contains("is not a folder of this user"), "{why}");
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
        let open = root.path().join("open/gainsay");
        fs::create_dir_all(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        keep_in(&root.path().join("open"), "b", &pages()).unwrap();
        assert_eq!(fs::metadata(&open).unwrap().permissions().mode() & 0o777, 0o755);
        assert_eq!(fs::metadata(open.join("b")).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
