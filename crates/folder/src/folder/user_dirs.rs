//! The folders for cached files and for program state of this user, as named by the environment. Relative paths are
//! ignored.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The variables that [`state`] uses; one of them has to be set.
pub(super) const STATE_VARIABLES: &str =
    if cfg!(windows) { "`XDG_STATE_HOME` or `LOCALAPPDATA`" } else { "`XDG_STATE_HOME` or `HOME`" };

/// The folder for files that can be made again at any time; none if the environment names none.
pub(super) fn cache() -> Option<PathBuf> {
    if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library/Caches"))
    } else {
        absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))
    }
}

/// The folder for files that must not get lost and are needed on this machine only; none if the environment names none.
pub(super) fn state() -> Option<PathBuf> {
    let usual = || {
        if cfg!(windows) {
            absolute("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            absolute("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            absolute("HOME").map(|home| home.join(".local/state"))
        }
    };
    absolute("XDG_STATE_HOME").or_else(usual)
}

fn absolute(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// Creates a folder that only this user can read and write to.
#[cfg(unix)]
pub(super) fn create_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub(super) fn create_private(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}
