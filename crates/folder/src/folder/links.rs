//! Decides which links are followed. A workspace may come from a stranger, and a link in it can lead to any file that
//! the user can read: to `/etc/passwd`, or to `.git/config` with a token. Such links are followed only with
//! `--follow-links`, and only for reading.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::replace::folder_of;
use super::{FolderError, shown_path};

/// Why a link is not followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum Outside {
    /// The target is outside of the folder.
    #[error("leads out of")]
    Elsewhere,
    /// The target is in a hidden folder, which is never read.
    #[error("leads into a hidden folder of")]
    Hidden,
}

/// Checks that the target of a link is in a folder and not hidden there. `root` is the real path of the folder, `real`
/// that of the target. Hidden folders that `given`, the path with the link, names are allowed.
pub(super) fn check(root: &Path, real: &Path, given: &Path) -> Result<(), Outside> {
    let Ok(inside) = real.strip_prefix(root) else { return Err(Outside::Elsewhere) };
    let is_named = |name: &OsStr| given.components().any(|component| component.as_os_str() == name);
    let is_hidden = |name: &OsStr| name.as_encoded_bytes().starts_with(b".") && !is_named(name);
    let hidden = inside.components().any(|component| is_hidden(component.as_os_str()));
    if hidden { Err(Outside::Hidden) } else { Ok(()) }
}

/// Checks a path that the user gave for links that lead elsewhere. A path below `base` must stay in it. In any other
/// path, only the last part is checked: it must not be a link out of its own folder.
///
/// # Errors
/// If there is such a link. A path that does not exist is not an error.
pub fn check_given(base: &Path, given: &Path) -> Result<(), FolderError> {
    let is_down = |component: Component<'_>| matches!(component, Component::Normal(_) | Component::CurDir);
    let from_base = base.join(given);
    let leads_down = given.components().all(is_down);
    // Without a slash at the end, which would follow the link.
    let path: PathBuf = from_base.components().collect();
    let within = if leads_down { base } else { folder_of(&path) };
    if !leads_down && !fs::symlink_metadata(&path).is_ok_and(|it| it.is_symlink()) {
        return Ok(());
    }
    let (Ok(real), Ok(root)) = (real_path_of_existing(&path), within.canonicalize()) else { return Ok(()) };
    check(&root, &real, given).map_err(|outside| {
        let shown = shown_path(given);
        let is_link = fs::symlink_metadata(&path).is_ok_and(|it| it.is_symlink());
        let link = if is_link { format!("`{shown}` is a link that") } else { format!("a link in `{shown}`") };
        FolderError::OutsideLink { link, leads: outside.to_string(), folder: within.display().to_string() }
    })
}

/// The real path of the longest part of a path that exists.
fn real_path_of_existing(path: &Path) -> io::Result<PathBuf> {
    let is_missing =
        |path: &Path| fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    let existing = path.ancestors().find(|path| !is_missing(path)).unwrap_or(Path::new("."));
    if existing.as_os_str().is_empty() { Path::new(".").canonicalize() } else { existing.canonicalize() }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn check_given_refuses_links_that_lead_elsewhere() {
        let outer = tempfile::tempdir().unwrap();
        let base = outer.path().join("base");
        for folder in ["base/real", "base/.hidden", "outside/sub"] {
            fs::create_dir_all(outer.path().join(folder)).unwrap();
        }
        fs::write(base.join("real/a.yaml"), "").unwrap();
        for (target, link) in [
            ("real", "inside"),
            ("../outside", "out"),
            ("out", "chain"),
            ("/etc", "etc"),
            (".hidden", "hidden"),
            ("real/a.yaml", "a.yaml"),
            ("../outside/none.yaml", "none.yaml"),
        ] {
            symlink(target, base.join(link)).unwrap();
        }
        let is_allowed = |given: &str| check_given(&base, Path::new(given)).is_ok();
        for given in [
            ".",
            "",
            "real",
            "real/",
            "inside",
            "inside/",
            "inside/a.yaml",
            "a.yaml",
            ".hidden",
            "nothing",
            "real/nothing",
        ] {
            assert!(is_allowed(given), "{given}");
        }
        for given in
            ["out", "out/", "out/.", "./out", "out/sub", "out/none", "chain", "etc", "etc/passwd", "hidden"]
        {
            assert!(!is_allowed(given), "{given}");
        }
        // In an absolute path, or one with `..`, only the last part counts.
        let absolute = |name: &str| base.join(name).display().to_string();
        for given in [
            absolute("real"),
            absolute("inside"),
            absolute("out/sub"),
            "../outside".to_owned(),
            "../base/real".to_owned(),
        ] {
            assert!(is_allowed(&given), "{given}");
        }
        for given in
            [absolute("out"), absolute("out/"), absolute("etc"), absolute("hidden"), "../base/out".to_owned()]
        {
            assert!(!is_allowed(&given), "{given}");
        }
        let refused = check_given(&base, Path::new("out")).unwrap_err().to_string();
        assert!(refused.contains("`out` is a link that leads out of"), "{refused}");
    }
}
