//! The files that `.gitignore` excludes. Other ignore files are not used: neither `.ignore` nor those that git keeps
//! outside of the working tree.

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::open::{self, MAX_GITIGNORE};
use super::{Notice, shown_path};

const NAME: &str = ".gitignore";

/// How many patterns one `.gitignore` may have. Each is compared with each file.
const MAX_PATTERNS: usize = 10_000;

/// The patterns of one `.gitignore`, and those of the folders above.
pub(super) struct Patterns {
    /// The folder that contains the `.gitignore`, as the logical path of the walk.
    folder: PathBuf,
    matcher: Gitignore,
    above: Option<Rc<Self>>,
}

impl Patterns {
    /// Whether a file or folder is excluded. The innermost `.gitignore` with a matching pattern decides, and in it the
    /// last matching line.
    pub(super) fn is_ignored(this: Option<&Rc<Self>>, path: &Path, is_folder: bool) -> bool {
        let mut next = this;
        while let Some(patterns) = next {
            let inside = path.strip_prefix(&patterns.folder).unwrap_or(path);
            match patterns.matcher.matched(inside, is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => next = patterns.above.as_ref(),
            }
        }
        false
    }

    /// The patterns that apply in a folder: its own and, unless it is the root of a repository, those of the folders
    /// above. `path` is the path for reading, `folder` the logical path of the walk.
    pub(super) fn in_folder(
        path: &Path,
        folder: &Path,
        above: Option<&Rc<Self>>,
        notices: &mut Vec<Notice>,
    ) -> Option<Rc<Self>> {
        let above = above.filter(|_| !is_repository(path)).cloned();
        match read(&path.join(NAME), notices) {
            Some(matcher) => Some(Rc::new(Self { folder: folder.to_owned(), matcher, above })),
            None => above,
        }
    }

    /// The patterns of the folders above a workspace, up to the root of its repository. None if it is not in a
    /// repository, or if the folders have different owners. `root` is the real path of the workspace.
    pub(super) fn above(root: &Path, notices: &mut Vec<Notice>) -> Option<Rc<Self>> {
        let own = owner(root);
        let mut folders: Vec<&Path> = Vec::new();
        for folder in root.ancestors() {
            if owner(folder) != own {
                return None;
            }
            folders.push(folder);
            if is_repository(folder) {
                // Without the workspace itself, whose patterns the walk reads.
                let above = folders.iter().skip(1).rev();
                return above
                    .fold(None, |above, folder| Self::in_folder(folder, folder, above.as_ref(), notices));
            }
        }
        None
    }
}

fn is_repository(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

#[cfg(unix)]
fn owner(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    folder.metadata().ok().map(|folder| folder.uid())
}

#[cfg(not(unix))]
fn owner(_: &Path) -> Option<u32> {
    None
}

/// Reads a `.gitignore`. None if it does not exist or has no patterns. A file that cannot be used becomes a notice.
fn read(path: &Path, notices: &mut Vec<Notice>) -> Option<Gitignore> {
    let mut ignored = |why: String| {
        notices.push(Notice::IgnoredGitignore { path: shown_path(path), why });
        None
    };
    // Git does not follow a link here either.
    let bytes = match open::read(path, MAX_GITIGNORE) {
        Err(error) if error.is_not_found() => return None,
        Err(open::OpenError::Io(error)) if error.kind() == io::ErrorKind::NotADirectory => return None,
        Err(error) => return ignored(error.to_string()),
        Ok(bytes) => bytes,
    };
    match matcher(&String::from_utf8_lossy(&bytes)) {
        Ok(matcher) => Some(matcher).filter(|matcher| !matcher.is_empty()),
        Err(why) => ignored(why),
    }
}

fn matcher(text: &str) -> Result<Gitignore, String> {
    let mut builder = GitignoreBuilder::new("");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut patterns = 0;
    for (at, line) in text.lines().enumerate() {
        patterns += usize::from(!line.is_empty() && !line.starts_with('#'));
        if patterns > MAX_PATTERNS {
            return Err(format!("it has more than {MAX_PATTERNS} patterns"));
        }
        if let Err(error) = builder.add_line(None, line) {
            return Err(format!("line {}: {error}", at + 1));
        }
    }
    builder.build().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ignored(patterns: &str, path: &str, is_folder: bool) -> bool {
        let matcher = matcher(patterns).unwrap();
        let patterns = Rc::new(Patterns { folder: "/w".into(), matcher, above: None });
        Patterns::is_ignored(Some(&patterns), &Path::new("/w").join(path), is_folder)
    }

    #[test]
    fn patterns_work_as_in_git() {
        for (patterns, path, is_folder, expected) in [
            ("b.yaml", "b.yaml", false, true),
            ("b.yaml", "sub/b.yaml", false, true),
            ("/b.yaml", "sub/b.yaml", false, false),
            ("sub/b.yaml", "more/sub/b.yaml", false, false),
            ("drafts/", "drafts", true, true),
            ("drafts/", "drafts", false, false),
            ("*.yaml\n!keep.yaml", "keep.yaml", false, false),
            ("*.yaml\n!keep.yaml", "other.yaml", false, true),
            ("\u{feff}b.yaml\r\n", "b.yaml", false, true),
            ("# b.yaml\n\n", "b.yaml", false, false),
        ] {
            assert_eq!(is_ignored(patterns, path, is_folder), expected, "{patterns:?} {path}");
        }
    }

    #[test]
    fn patterns_beyond_the_limit_are_refused() {
        let many = |count: usize| (0..count).map(|at| format!("*a{at}*[bc]\n")).collect::<Vec<_>>().concat();
        assert!(matcher(&many(MAX_PATTERNS + 1)).unwrap_err().contains("10000 patterns"));
        assert!(matcher("a[z-a]").unwrap_err().starts_with("line 1: "));
    }
}
