//! Walks through a folder and finds every file with the name of a claim file, at any depth. Hidden files and folders
//! and those that `.gitignore` excludes are left out. Links are followed if they stay in the workspace.
//!
//! A workspace may come from a stranger. So only folders and `.gitignore` are opened here, and there are limits for the
//! depth and for the number of folders that links lead to.

use std::collections::VecDeque;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::gitignore::Patterns;
use super::links::{self, Outside};
use super::{JOURNAL, Notice, is_claim_file, shown_path};

/// How many folders deep the walk goes.
const MAX_DEPTH: usize = 128;

/// How many folders are visited that links lead to, including the folders in them. Links to folders with links to
/// folders could lead to exponentially many.
const MAX_LINKED_FOLDERS: usize = 10_000;

/// A result of a walk.
#[derive(Clone, Debug)]
pub(super) enum WalkEntry {
    /// A file with the name of a claim file.
    File {
        /// The path as displayed.
        path: PathBuf,
        /// The path to read: the same path, or the target of the link.
        real: PathBuf,
    },
    /// A file or folder that could not be read.
    Unreadable {
        /// The path as displayed.
        path: PathBuf,
        /// The reason.
        why: String,
    },
    /// A link that is not followed.
    Outside {
        /// The path as displayed.
        path: PathBuf,
        /// Where it leads.
        outside: Outside,
    },
}

impl WalkEntry {
    /// The path as displayed.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::File { path, .. } | Self::Unreadable { path, .. } | Self::Outside { path, .. } => path,
        }
    }
}

/// An iterator over the claim files of a folder, in a stable order.
pub(super) struct Walk {
    /// The real path of the folder.
    root: PathBuf,
    /// Whether links may lead anywhere.
    follow_links: bool,
    /// How many folders deep it goes. Deeper files are not reported.
    depth: usize,
    /// The folders that are still to be visited, the next one last.
    folders: Vec<Rc<WalkFolder>>,
    /// Results that were not returned yet.
    found: VecDeque<WalkEntry>,
    linked_folders: usize,
    notices: Vec<Notice>,
}

/// Why a folder is not visited.
enum SkipReason {
    /// A mistake to report.
    New(String),
    /// The same mistake as for an earlier folder, which is not reported again.
    Reported,
}

/// A folder of the walk.
struct WalkFolder {
    /// The path as displayed.
    path: PathBuf,
    real: PathBuf,
    /// The real path of the root, with the names that lead from there to the folder. Links are not resolved.
    logical: PathBuf,
    depth: usize,
    /// Whether a link leads to it or to a folder above.
    is_linked: bool,
    patterns: Option<Rc<Patterns>>,
    above: Option<Rc<Self>>,
}

impl Walk {
    /// Starts a walk through a folder.
    ///
    /// # Errors
    /// If the folder itself cannot be read.
    pub(super) fn new(path: &Path, follow_links: bool) -> io::Result<Self> {
        let root = path.canonicalize()?;
        fs::read_dir(&root)?;
        let mut notices = Vec::new();
        let above = Patterns::above(&root, &mut notices);
        let folder = WalkFolder {
            path: path.to_owned(),
            real: root.clone(),
            logical: root.clone(),
            depth: 0,
            is_linked: false,
            patterns: Patterns::in_folder(path, &root, above.as_ref(), &mut notices),
            above: None,
        };
        let mut walk = Self {
            root,
            follow_links,
            depth: usize::MAX,
            folders: Vec::new(),
            found: VecDeque::new(),
            linked_folders: 0,
            notices,
        };
        walk.folders.push(Rc::new(folder));
        Ok(walk)
    }

    /// Limits the walk to `depth` folders deep.
    pub(super) fn with_depth(self, depth: usize) -> Self {
        Self { depth, ..self }
    }

    /// Notices for the user about the visited folders.
    pub(super) fn into_notices(self) -> Vec<Notice> {
        self.notices
    }

    /// Visits a folder: adds its files to the results, and its folders to those still to be visited.
    fn visit(&mut self, folder: &Rc<WalkFolder>) {
        let entries = fs::read_dir(&folder.path).and_then(Iterator::collect::<io::Result<Vec<DirEntry>>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            // A folder with the name of a claim file was reported already.
            Err(_) if folder.depth > 0 && is_claim_file(&folder.path) => return,
            Err(error) => return self.report_unreadable(&folder.path, error.to_string()),
        };
        entries.sort_by_key(DirEntry::file_name);
        let mut below = Vec::new();
        for entry in entries {
            let name = entry.file_name();
            if name == JOURNAL {
                self.notices.push(Notice::IgnoredJournal(shown_path(&entry.path())));
            }
            if !name.as_encoded_bytes().starts_with(b".") {
                below.extend(self.handle_entry(folder, &entry));
            }
        }
        self.folders.extend(below.into_iter().rev());
    }

    /// Handles an entry of a folder; returns it if it is a folder to visit.
    fn handle_entry(&mut self, above: &Rc<WalkFolder>, entry: &DirEntry) -> Option<Rc<WalkFolder>> {
        let (path, name) = (above.path.join(entry.file_name()), entry.file_name());
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => {
                self.report_unreadable(&path, error.to_string());
                return None;
            }
        };
        let logical = above.logical.join(&name);
        let is_ignored = |is_folder: bool| Patterns::is_ignored(above.patterns.as_ref(), &logical, is_folder);
        if !kind.is_symlink() {
            let real = above.real.join(&name);
            return match (kind.is_dir(), is_claim_file(&path)) {
                (true, _) if !is_ignored(true) => self.handle_folder(above, path, real, false),
                (false, true) if !is_ignored(false) => {
                    self.found.push_back(WalkEntry::File { real: path.clone(), path });
                    None
                }
                _ => None,
            };
        }
        if is_ignored(false) {
            return None;
        }
        self.handle_link(above, path, is_ignored(true))
    }

    /// Handles a link; returns its target if it is a folder to visit.
    fn handle_link(
        &mut self,
        above: &Rc<WalkFolder>,
        path: PathBuf,
        is_ignored_folder: bool,
    ) -> Option<Rc<WalkFolder>> {
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) => {
                self.report_unreadable(&path, format!("it is a link that cannot be followed: {error}"));
                return None;
            }
        };
        let is_folder = real.is_dir();
        if (is_folder && is_ignored_folder) || !(is_folder || is_claim_file(&path)) {
            return None;
        }
        match links::check(&self.root, &real, Path::new("")) {
            Err(outside) if !self.follow_links => {
                self.found.push_back(WalkEntry::Outside { path, outside });
                None
            }
            _ if is_folder => self.handle_folder(above, path, real, true),
            _ => {
                self.found.push_back(WalkEntry::File { path, real });
                None
            }
        }
    }

    /// Handles a folder; returns it unless it is too deep or is one that a link leads back to.
    fn handle_folder(
        &mut self,
        above: &Rc<WalkFolder>,
        path: PathBuf,
        real: PathBuf,
        is_link: bool,
    ) -> Option<Rc<WalkFolder>> {
        let is_linked = is_link || above.is_linked;
        let depth = above.depth + 1;
        self.linked_folders += usize::from(is_linked);
        let skip_reason = self.skip_reason(above, &real, depth, is_linked);
        let is_visited = skip_reason.is_none() && depth < self.depth;
        match skip_reason {
            Some(SkipReason::New(why)) => self.report_unreadable(&path, why),
            // A folder with the name of a claim file is a mistake, but is visited nevertheless.
            _ if is_claim_file(&path) => self.report_unreadable(&path, "it is a folder".to_owned()),
            _ => {}
        }
        if !is_visited {
            return None;
        }
        let logical = above.logical.join(path.file_name()?);
        let patterns = Patterns::in_folder(&path, &logical, above.patterns.as_ref(), &mut self.notices);
        Some(Rc::new(WalkFolder {
            path,
            real,
            logical,
            depth,
            is_linked,
            patterns,
            above: Some(Rc::clone(above)),
        }))
    }

    /// The reason to skip a folder; none if it is to be visited.
    fn skip_reason(
        &self,
        above: &WalkFolder,
        real: &Path,
        depth: usize,
        is_linked: bool,
    ) -> Option<SkipReason> {
        if let Some(back) = is_linked.then(|| above.ancestor_at(real)).flatten() {
            let back = back.path.display();
            Some(SkipReason::New(format!("it is a link that leads back to {back}")))
        } else if depth > MAX_DEPTH {
            Some(SkipReason::New(format!("it is more than {MAX_DEPTH} folders deep")))
        } else if is_linked && self.linked_folders == MAX_LINKED_FOLDERS + 1 {
            let why = format!("links lead to more than {MAX_LINKED_FOLDERS} folders; the rest is not read");
            Some(SkipReason::New(why))
        } else if is_linked && self.linked_folders > MAX_LINKED_FOLDERS {
            Some(SkipReason::Reported)
        } else {
            None
        }
    }

    fn report_unreadable(&mut self, path: &Path, why: String) {
        self.found.push_back(WalkEntry::Unreadable { path: path.to_owned(), why });
    }
}

impl WalkFolder {
    /// This folder or the one above it with the given real path.
    fn ancestor_at(&self, real: &Path) -> Option<&Self> {
        let mut next = Some(self);
        while let Some(folder) = next {
            if folder.real == real {
                return Some(folder);
            }
            next = folder.above.as_deref();
        }
        None
    }
}

impl Iterator for Walk {
    type Item = WalkEntry;

    fn next(&mut self) -> Option<WalkEntry> {
        loop {
            if let Some(found) = self.found.pop_front() {
                return Some(found);
            }
            let folder = self.folders.pop()?;
            self.visit(&folder);
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    /// The results of a walk, with paths from the folder, and the number of notices.
    fn walk_results(folder: &Path, follow_links: bool) -> (Vec<String>, usize) {
        let mut walk = Walk::new(folder, follow_links).unwrap();
        let name = |found: WalkEntry| {
            let path = found.path().strip_prefix(folder).unwrap().display().to_string();
            match found {
                WalkEntry::File { .. } => path,
                WalkEntry::Unreadable { why, .. } => format!("{path}: {why}"),
                WalkEntry::Outside { outside, .. } => format!("{path}: {outside}"),
            }
        };
        let found = walk.by_ref().map(name).collect();
        (found, walk.into_notices().len())
    }

    #[test]
    fn walk_finds_claim_files_in_a_stable_order() {
        let folder =
            folder(&["b.yaml", "a.yml", "notes.txt", "sub/c.yaml", "sub/deeper/d.yaml", "other/e.yaml"]);
        let wanted = ["a.yml", "b.yaml", "other/e.yaml", "sub/c.yaml", "sub/deeper/d.yaml"];
        assert_eq!(walk_results(folder.path(), false), (wanted.map(str::to_owned).to_vec(), 0));
    }

    #[test]
    fn walk_leaves_out_hidden_and_ignored_files_only() {
        let folder = folder(&[
            "a.yaml",
            ".hidden.yaml",
            ".hidden/b.yaml",
            "ignored/c.yaml",
            "ignored/keep.yaml",
            "sub/d.yaml",
            "sub/e.yaml",
        ]);
        fs::write(folder.path().join(".gitignore"), "ignored/\n!ignored/keep.yaml\nd.yaml\n").unwrap();
        fs::write(folder.path().join(".ignore"), "a.yaml\n").unwrap();
        assert_eq!(walk_results(folder.path(), false).0, ["a.yaml", "sub/e.yaml"]);
        // An inner `.gitignore` takes precedence over an outer one.
        fs::write(folder.path().join("sub/.gitignore"), "!d.yaml\ne.yaml\n").unwrap();
        assert_eq!(walk_results(folder.path(), false).0, ["a.yaml", "sub/d.yaml"]);
        // A `.gitignore` above a repository does not apply in it.
        fs::remove_file(folder.path().join("sub/.gitignore")).unwrap();
        fs::create_dir(folder.path().join("sub/.git")).unwrap();
        assert_eq!(walk_results(folder.path(), false).0, ["a.yaml", "sub/d.yaml", "sub/e.yaml"]);
    }

    /// SECURITY: R7.
    #[test]
    fn walk_reads_the_gitignore_of_folders_above_within_the_repository_only() {
        let folder =
            folder(&["repository/claims/a.yaml", "repository/claims/b.yaml", "repository/claims/c.yaml"]);
        let claims = folder.path().join("repository/claims");
        fs::write(folder.path().join(".gitignore"), "a.yaml\n").unwrap();
        fs::write(folder.path().join("repository/.gitignore"), "claims/b.yaml\n").unwrap();
        assert_eq!(walk_results(&claims, false).0, ["a.yaml", "b.yaml", "c.yaml"]);
        fs::create_dir(folder.path().join("repository/.git")).unwrap();
        assert_eq!(walk_results(&claims, false).0, ["a.yaml", "c.yaml"]);
        // The workspace may be the root of the repository itself.
        assert_eq!(
            walk_results(&folder.path().join("repository"), false).0,
            ["claims/a.yaml", "claims/c.yaml"]
        );
    }

    #[test]
    fn walk_follows_links_inside_of_the_folder_only() {
        let outer = folder(&[
            "work/a.yaml",
            "work/sub/b.yaml",
            "work/.git/config.yaml",
            "work/notes.txt",
            "out/c.yaml",
        ]);
        let work = outer.path().join("work");
        for (target, link) in [
            ("sub", "inside"),
            ("notes.txt", "inside.yaml"),
            ("../out", "outside"),
            ("../out/c.yaml", "outside.yaml"),
            ("outside.yaml", "chain.yaml"),
            (".git", "hidden"),
            (".git/config.yaml", "hidden.yaml"),
            ("..", "above"),
            ("../out/none.yaml", "none.yaml"),
            ("self.yaml", "self.yaml"),
            ("../out/c.yaml", "other-name"),
        ] {
            symlink(target, work.join(link)).unwrap();
        }
        let (found, _) = walk_results(&work, false);
        let wanted = [
            "a.yaml",
            "above: leads out of",
            "chain.yaml: leads out of",
            "hidden: leads into a hidden folder of",
            "hidden.yaml: leads into a hidden folder of",
            "inside.yaml",
            "none.yaml: it is a link that cannot be followed: No such file or directory (os error 2)",
            "outside: leads out of",
            "outside.yaml: leads out of",
        ];
        assert_eq!(found[..wanted.len()], wanted);
        assert!(
            found[wanted.len()].starts_with("self.yaml: it is a link that cannot be followed"),
            "{found:?}"
        );
        assert_eq!(found[wanted.len() + 1..], ["inside/b.yaml", "sub/b.yaml"]);
        let (found, _) = walk_results(&work, true);
        for file in ["outside/c.yaml", "outside.yaml", "chain.yaml", "hidden.yaml", "above/out/c.yaml"] {
            assert!(found.iter().any(|found| found == file), "{file}: {found:?}");
        }
    }

    #[test]
    fn walk_ends_where_links_lead_back_or_to_too_many_folders() {
        let back = folder(&["sub/a.yaml"]);
        symlink(back.path(), back.path().join("sub/loop")).unwrap();
        assert!(walk_results(back.path(), false).0[1].contains("leads back"));
        // Sixteen folders, each with two links to the next: 65,536 ways.
        let many = folder(&["level16/a.yaml"]);
        for level in 1..16 {
            let folder = many.path().join(format!("level{level:02}"));
            fs::create_dir(&folder).unwrap();
            for link in ["a", "b"] {
                symlink(format!("../level{:02}", level + 1), folder.join(link)).unwrap();
            }
        }
        let mut walk = Walk::new(many.path(), false).unwrap();
        let whys = walk.by_ref().filter(|found| matches!(found, WalkEntry::Unreadable { .. })).count();
        assert_eq!(whys, 1, "it is reported once");
        assert!(walk.linked_folders > MAX_LINKED_FOLDERS);
    }

    #[test]
    fn walk_reports_folders_that_are_too_deep() {
        let folder = tempfile::tempdir().unwrap();
        let mut path = folder.path().to_owned();
        (0..=MAX_DEPTH).for_each(|_| path.push("d"));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("a.yaml"), "").unwrap();
        fs::write(path.parent().unwrap().join("b.yaml"), "").unwrap();
        let (found, _) = walk_results(folder.path(), false);
        assert!(
            found[0].ends_with("d/b.yaml") && found[1].contains("more than 128 folders deep"),
            "{found:?}"
        );
        let shallow = Walk::new(folder.path(), false).unwrap().with_depth(2);
        assert_eq!(shallow.count(), 0);
    }

    #[test]
    fn walk_does_not_open_a_gitignore_that_is_not_a_small_regular_file() {
        type Make = Box<dyn Fn(&Path)>;
        let vast = format!("{}\n", "a".repeat(2 * 1024 * 1024));
        let makes: [Make; 5] = [
            Box::new(|path| {
                assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
            }),
            Box::new(|path| symlink("/dev/zero", path).unwrap()),
            Box::new(|path| symlink("a.yaml", path).unwrap()),
            Box::new(|path| fs::create_dir(path).unwrap()),
            Box::new(move |path| fs::write(path, &vast).unwrap()),
        ];
        for make in makes {
            let folder = folder(&["a.yaml", "sub/b.yaml"]);
            make(&folder.path().join("sub/.gitignore"));
            let wanted = vec!["a.yaml".to_owned(), "sub/b.yaml".to_owned()];
            assert_eq!(walk_results(folder.path(), false), (wanted, 1));
        }
    }
}
