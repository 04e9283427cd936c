//! Names of claim files. A new file needs a name that gainsay reads and that every system can store. An existing file
//! may have several names (hard links).

use std::fs;
use std::path::{Component, Path};

use super::is_claim_file;

/// Device names on Windows, with any ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
/// Device names on Windows when followed by one digit.
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// Why no claim file can be created at a path within its workspace; none if it can.
pub(super) fn problem_with_new_name(within: &Path) -> Option<&'static str> {
    let names = || {
        within.components().filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        })
    };
    if !is_claim_file(within) {
        Some("the name of a claim file must end in .yaml or .yml")
    } else if names().any(|name| name.starts_with('.')) {
        Some("gainsay does not read hidden files and folders")
    } else if names().any(|name| is_device(&name) || (cfg!(windows) && name.contains(':'))) {
        Some("a file cannot have this name on Windows")
    } else {
        None
    }
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_numbered = |device: &str| {
        let digit = base.strip_prefix(device).unwrap_or_default();
        digit.chars().count() == 1 && digit.chars().all(|one| one.is_ascii_digit() || "¹²³".contains(one))
    };
    DEVICES.contains(&base.as_str()) || NUMBERED_DEVICES.iter().any(|device| is_numbered(device))
}

/// Why a file with several names is not edited: an edit would replace the file under one name only.
pub(super) const HARD_LINK: &str = "it has another name (a hard link), which would keep the old text";

#[cfg(unix)]
pub(super) fn has_other_names(file: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    file.is_file() && file.nlink() > 1
}

/// Always false: the standard library has no stable function for this.
#[cfg(not(unix))]
pub(super) fn has_other_names(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_name_must_be_readable_and_storable_everywhere() {
        for path in
            ["a.yaml", "sub/b.yml", "con-1.yaml", "context.yaml", "com10.yaml", "a.con.yaml", "co.yaml"]
        {
            assert_eq!(problem_with_new_name(Path::new(path)), None, "{path}");
        }
        for (path, why) in [
            ("a.txt", "end in .yaml"),
            (".a.yaml", "hidden"),
            (".git/a.yaml", "hidden"),
            ("con.yaml", "Windows"),
            ("sub/NUL.yaml", "Windows"),
            ("aux.old.yaml", "Windows"),
            ("lpt1.yml", "Windows"),
            ("com².yaml", "Windows"),
            ("con/a.yaml", "Windows"),
        ] {
            assert!(problem_with_new_name(Path::new(path)).is_some_and(|it| it.contains(why)), "{path}");
        }
    }
}
