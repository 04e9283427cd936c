//! Files that can be made again at any time, kept for the program itself where the system keeps such files.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::write;

/// Keeps texts as files of a folder of their own, and says where that is: absolute, and this user's. What stands
/// there already and says the same is left alone.
///
/// # Errors
/// Where the system names no place for such files, and what it says where it lets nobody write there.
pub fn keep(name: &str, files: &[(String, String)]) -> io::Result<PathBuf> {
    let place =
        place().ok_or_else(|| io::Error::other("the system names no place for files that are kept"))?;
    keep_in(&place.join("gainsay").join(name), files)
}

fn keep_in(folder: &Path, files: &[(String, String)]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
            continue;
        }
        write(&path, text.as_bytes())?;
    }
    Ok(folder.to_owned())
}

/// Where programs keep such files for the user: no folder that others can write into.
fn place() -> Option<PathBuf> {
    let path = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || path("HOME");
    if cfg!(windows) {
        path("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Caches"))
    } else {
        path("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(".cache")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_written_once_and_mended() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        let files = [("one.md".to_owned(), "1".to_owned()), ("two.md".to_owned(), "2".to_owned())];
        assert_eq!(keep_in(&folder, &files).unwrap(), folder);
        fs::write(folder.join("one.md"), "cut").unwrap();
        keep_in(&folder, &files).unwrap();
        assert_eq!(fs::read_to_string(folder.join("one.md")).unwrap(), "1");
        fs::write(root.path().join("file"), "").unwrap();
        assert!(keep_in(&root.path().join("file/in"), &files).is_err());
    }
}
