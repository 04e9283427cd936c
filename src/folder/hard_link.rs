//! Files with more than one name. An edit replaces the file under one name, so the other name would keep the old text.

use std::fs;
use std::path::Path;

use super::{ReplaceError, shown_path};

/// Why such a file is not edited.
pub(super) const WHY: &str =
    "it has another name (a hard link), and writing would leave the old text under that name";

/// Refuses to preview an edit of a file that has more than one name. Nothing is read or written.
///
/// # Errors
/// [`ReplaceError::Barred`] for such a file. All other problems are left to [`super::replace`].
pub fn refuse_hard_link(path: &Path) -> Result<(), ReplaceError> {
    match fs::metadata(path) {
        Ok(file) if file.is_file() && has_other_names(&file) => {
            Err(ReplaceError::Barred { path: shown_path(path), why: WHY.to_owned() })
        }
        _ => Ok(()),
    }
}

#[cfg(unix)]
pub(super) fn has_other_names(file: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    file.nlink() > 1
}

/// Not known without unstable functions of the standard library.
#[cfg(not(unix))]
pub(super) fn has_other_names(_: &fs::Metadata) -> bool {
    false
}
