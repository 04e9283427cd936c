//! Copies extended attributes, including access control lists, from a file to the one that replaces it.

use std::fs::File;
use std::io;
use std::path::Path;

use xattr::FileExt as _;

/// Attributes that describe the bytes of a file, or that the system removes when the file is written.
const NOT_COPIED: [&str; 3] = ["security.ima", "security.evm", "security.capability"];

/// The attribute with the access control list of a file. Setting the list changes the permissions, and the other way
/// round.
const ACCESS_LIST: &str = "system.posix_acl_access";

/// Removes the access control list that a new file inherits from its folder, so that the permissions that are set next
/// mean the same as for the file that it replaces.
///
/// # Errors
/// If the list cannot be removed.
pub(super) fn drop_inherited(file: &File) -> io::Result<()> {
    match file.get_xattr(ACCESS_LIST) {
        Ok(Some(_)) => file.remove_xattr(ACCESS_LIST).map_err(|error| cannot_keep(ACCESS_LIST, &error)),
        _ => Ok(()),
    }
}

/// Copies the attributes of a file to another one with the same owner and permissions. Does nothing on a file system
/// without attributes.
///
/// # Errors
/// If a user attribute or an access control list cannot be copied: the attribute would be lost, or other people could
/// read or write the file. Other attributes belong to the system; they are copied if possible.
pub(super) fn copy(from: &Path, to: &File) -> io::Result<()> {
    let names = match xattr::list(from) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(()),
        names => names?,
    };
    for name in names {
        let Some(known) = name.to_str().filter(|name| !NOT_COPIED.contains(name)) else { continue };
        let copied = xattr::get(from, &name).and_then(|value| match value {
            Some(value) if to.get_xattr(&name).ok().flatten().as_ref() != Some(&value) => {
                to.set_xattr(&name, &value)
            }
            _ => Ok(()),
        });
        match copied {
            Err(error) if is_needed(known) => return Err(cannot_keep(known, &error)),
            _ => {}
        }
    }
    Ok(())
}

/// Whether losing this attribute would do damage.
fn is_needed(name: &str) -> bool {
    let is_access_list =
        name.starts_with("system.posix_acl_") || ["system.nfs4_acl", "system.richacl"].contains(&name);
    name.starts_with("user.") || is_access_list
}

fn cannot_keep(name: &str, error: &io::Error) -> io::Error {
    let what = if name == ACCESS_LIST {
        "the access control list".to_owned()
    } else {
        format!("the attribute `{name}`")
    };
    io::Error::new(error.kind(), format!("{what} cannot be kept: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::print_stderr, reason = "a test that is skipped says why")]
    fn copy_fails_if_the_new_file_cannot_have_a_user_attribute() {
        let from = tempfile::NamedTempFile::new().unwrap();
        if xattr::set(from.path(), "user.note", b"x")
            .is_err_and(|error| error.kind() == io::ErrorKind::Unsupported)
        {
            eprintln!("skipped: the file system of {} has no attributes", from.path().display());
            return;
        }
        // A device has no attributes of a user.
        let to = File::options().write(true).open("/dev/null").unwrap();
        let why = copy(from.path(), &to).unwrap_err().to_string();
        assert!(why.contains("the attribute `user.note` cannot be kept"), "{why}");
        let to = tempfile::tempfile().unwrap();
        copy(from.path(), &to).unwrap();
        assert_eq!(to.get_xattr("user.note").unwrap().as_deref(), Some(&b"x"[..]));
    }

    #[test]
    fn copy_leaves_out_attributes_about_the_bytes_of_a_file() {
        assert!(NOT_COPIED.iter().all(|name| !is_needed(name)));
        for (name, needed) in [
            ("user.x", true),
            ("system.posix_acl_access", true),
            ("system.nfs4_acl", true),
            ("system.nfs4_sacl", false),
            ("security.selinux", false),
            ("trusted.overlay.opaque", false),
            ("com.apple.provenance", false),
        ] {
            assert_eq!(is_needed(name), needed, "{name}");
        }
    }
}
