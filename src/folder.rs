//! The only access to a disk: finds and reads the files of a workspace and the archived texts of its sources,
//! reads again what changed of them, tells when something may have, and writes files whole or not at all.

#[cfg(unix)]
mod attributes;
mod cache;
mod file_names;
mod follow;
mod journal;
mod lock;
mod replace;
#[cfg(unix)]
mod socket;
mod watch;
mod write;

pub use cache::keep;
pub use follow::{Followed, Keeps};
pub use lock::{WriteLock, pause};
#[cfg(unix)]
pub use socket::SocketFile;
pub use watch::Watch;

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use ignore::WalkBuilder;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

pub use crate::finding::print;
use crate::id::Id as _;
use crate::workspace::{Input, Workspace};

pub use replace::{ReplaceError, Replacement, check, replace, replace_all};
pub use write::{write, write_file};

use write::write_new;

/// Files larger than this are refused unread; a claim file of 100,000 claims has a quarter of it.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// How often a folder is read again that changes while it is read, or is being written to.
const ATTEMPTS: usize = 10;

/// A folder that cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Nothing is at the path, or it may not be looked at.
    #[error("cannot read `{path}`: {error}")]
    Unreadable {
        /// The path given.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// There is no claim file in it.
    #[error("`{path}` holds no claim file (*.yaml, *.yml)")]
    Empty {
        /// The path given.
        path: String,
    },
    /// A change of several files was interrupted and cannot be finished; the files may say half of it.
    #[error("a change of several files was interrupted and cannot be finished: `{path}`: {why}")]
    Unfinished {
        /// The journal that says what was to be.
        path: String,
        /// What is in the way.
        why: String,
    },
    /// It changed each time it was read.
    #[error("`{path}` changes all the time: try again when nobody writes to it")]
    Restless {
        /// The path given.
        path: String,
    },
    /// Another process has the right to write to it, and has not given it up for 60 seconds.
    #[error("another gainsay process has been writing to `{path}` for 60 seconds")]
    Busy {
        /// The path given.
        path: String,
    },
    /// A new workspace is asked for where one is.
    #[error("`{path}` stands there already; nothing was written")]
    Taken {
        /// The claim file in the way.
        path: String,
    },
    /// A new workspace is asked for at a link, which may lead anywhere.
    #[error("`{path}` is a link; name the folder that it leads to. Nothing was written")]
    Link {
        /// The link.
        path: String,
    },
    /// It cannot be written to.
    #[error("cannot write `{path}`: {error}")]
    Unwritable {
        /// The file or folder.
        path: String,
        /// What the system says.
        error: io::Error,
    },
}

/// Reads every claim file at a path: a folder of any depth, `.gitignore` respected, or one file. `progress`
/// is told after each file how many are read, of how many. Of a change of several files that gainsay makes
/// meanwhile all is read or nothing; one that was interrupted is finished first.
///
/// # Errors
/// Where the path itself cannot be read or holds no claim file, and where a change was interrupted and cannot be
/// finished. A file in it that cannot be read is an [`Input`] that says why.
pub fn read(path: &Path, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Vec<Input>, FolderError> {
    for _ in 0..ATTEMPTS {
        let looked = look(path)?;
        journal::settle(&looked.journals())?;
        if looked.found.is_empty() {
            return Err(FolderError::Empty { path: path.display().to_string() });
        }
        let before = looked.prints();
        let inputs = read_found(looked.found, progress);
        let now = look(path)?;
        if now.journals().is_empty() && now.prints() == before {
            return Ok(inputs);
        }
    }
    Err(FolderError::Restless { path: path.display().to_string() })
}

fn read_found(found: Vec<Found>, progress: &(dyn Fn(usize, usize) + Sync)) -> Vec<Input> {
    let (count, done) = (found.len(), std::sync::atomic::AtomicUsize::new(0));
    let read_one = |found: Found| {
        let input = match found {
            Found::File(path) => Input { content: read_file(&path), path: shown_path(&path) },
            Found::Unreadable(path, why) => Input { path, content: Err(why) },
        };
        progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, count);
        input
    };
    found.into_par_iter().map(read_one).collect()
}

/// What lies at a path: what has the name of a claim file, and the folders it was looked for in.
#[derive(Default)]
struct Looked {
    found: Vec<Found>,
    folders: Vec<PathBuf>,
}

impl Looked {
    /// The folders with a journal that may be about these files. Whoever asks before they take the prints sees
    /// either the journal of a change or the prints of all that it has put in place.
    fn journals(&self) -> Vec<PathBuf> {
        let within = self.folders.iter().skip(1).filter(|folder| journal::is_in(folder)).cloned();
        let mut journals = journal::near(self.folders.first().map(PathBuf::as_path));
        journals.extend(within);
        journals
    }
}

/// What lies at a path, which may be nothing.
fn look(path: &Path) -> Result<Looked, FolderError> {
    let unreadable = |error| FolderError::Unreadable { path: path.display().to_string(), error };
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        fs::read_dir(path).map_err(unreadable)?;
    }
    Ok(find(path))
}

enum Found {
    File(PathBuf),
    Unreadable(String, String),
}

/// Everything at a path that has the name of a claim file, and whatever could not be looked into.
fn find(path: &Path) -> Looked {
    if path.is_file() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        return Looked { found: vec![Found::File(path.to_owned())], folders: vec![folder.to_owned()] };
    }
    let Looked { mut found, mut folders } = Looked::default();
    for entry in WalkBuilder::new(path).follow_links(true).require_git(false).build() {
        match entry {
            Ok(entry) => {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                if is_folder {
                    folders.push(entry.path().to_owned());
                }
                if !is_claim_file(entry.path()) || (is_folder && entry.depth() == 0) {
                    continue;
                }
                found.push(if is_folder {
                    Found::Unreadable(shown_path(entry.path()), "it is a folder".to_owned())
                } else {
                    Found::File(entry.into_path())
                });
            }
            Err(error) => {
                let (place, why) = unreadable(&error, path);
                found.push(Found::Unreadable(place, why));
            }
        }
    }
    Looked { found, folders }
}

fn is_claim_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// The path and the reason of an entry that the walk could not look into.
fn unreadable(error: &ignore::Error, root: &Path) -> (String, String) {
    match error {
        ignore::Error::WithPath { path, err } => (shown_path(path), unreadable(err, path).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            unreadable(err, root)
        }
        ignore::Error::Loop { ancestor, child } => {
            (shown_path(child), format!("it is a link that leads back to {}", ancestor.display()))
        }
        other => (shown_path(root), other.to_string()),
    }
}

/// A path as a workspace names it: with slashes, without `./`.
pub fn shown_path(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    let shown = path.to_string_lossy();
    // Elsewhere it is a letter like any other: `a\b.yaml` and `a/b.yaml` are two files.
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is no file".to_owned());
    }
    let length = metadata.len();
    if length > MAX_FILE {
        let limit = MAX_FILE / 1024 / 1024;
        return Err(format!("it has {} MiB, and a claim file has at most {limit} MiB", length / 1024 / 1024));
    }
    let read = read_at_most(path, MAX_FILE).map_err(|error| error.to_string())?;
    read.ok_or_else(|| "it grew while it was read".to_owned())
}

/// The bytes of a file; none where it has more by now.
fn read_at_most(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    use io::Read as _;
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= most))
}

/// What a file says; none where it is gone, or is no text.
pub fn read_text(path: &Path) -> Option<String> {
    let (text, bad) = crate::source::decode(read_file(path).ok()?);
    bad.is_empty().then_some(text)
}

/// The archived texts that the sources of a workspace name, by the id of the source: beside the claim file,
/// or in `texts`. A name that leads out of the two is not followed.
pub fn archived(workspace: &Workspace, texts: Option<&Path>) -> FxHashMap<SmolStr, String> {
    let mut archive = FxHashMap::default();
    for ((_, file), document) in workspace.files().iter().zip(workspace.documents()) {
        let Some(source) = &document.source else { continue };
        let Some(name) = source.body.text.as_ref().and_then(|name| plain_name(&name.value)) else { continue };
        let beside = Path::new(file.path()).parent().map(Path::to_owned);
        let mut folders = beside.into_iter().chain(texts.map(Path::to_owned));
        let text = folders.find_map(|folder| read_within(&folder, name));
        if let Some(text) = text {
            archive.insert(source.id.value.clone(), text);
        }
    }
    archive
}

/// Where the archived text of a source lies: beside its claim file, or in `texts`, as for [`archived`].
pub fn archived_at(claim_file: &Path, name: &str, texts: Option<&Path>) -> Option<PathBuf> {
    let name = plain_name(name)?;
    let mut folders = claim_file.parent().into_iter().chain(texts);
    folders.find_map(|folder| place_within(folder, name).filter(|path| path.is_file()))
}

/// A file name that is nothing but a name.
fn plain_name(name: &str) -> Option<&str> {
    let mut components = Path::new(name).components();
    let is_plain = matches!(components.next(), Some(Component::Normal(_))) && components.next().is_none();
    is_plain.then_some(name)
}

/// The place of a file that lies in a folder in fact, not only by a link.
fn place_within(folder: &Path, name: &str) -> Option<PathBuf> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = folder.canonicalize().ok()?;
    let path = folder.join(name).canonicalize().ok()?;
    path.starts_with(&folder).then_some(path)
}

/// The text of a file that lies in a folder in fact, not only by a link.
fn read_within(folder: &Path, name: &str) -> Option<String> {
    let path = place_within(folder, name)?;
    let bytes = read_file(&path).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The path, as a workspace knows it, of the file in which reviews are begun where none are yet: the workspace
/// itself where it is one file, else `reviews.yaml` in its folder.
pub fn for_reviews(workspace: &Path) -> String {
    new_file(workspace, "reviews.yaml")
}

/// The path, as a workspace knows it, of a file that is to be begun in its folder; the workspace itself where it is
/// one file.
pub fn new_file(workspace: &Path, name: &str) -> String {
    if workspace.is_file() { shown_path(workspace) } else { shown_path(&workspace.join(name)) }
}

/// The folder of which a claim file is a part, where others lie in it: the outermost called `claims` that it lies in, or
/// else the folder above its own, or its own. None where the path is no file, or the file stands alone.
pub fn whole_of(path: &Path) -> Option<PathBuf> {
    if !path.is_file() {
        return None;
    }
    let own = path.canonicalize().ok()?;
    let parent = own.parent()?;
    let is_claims = |folder: &Path| folder.file_name().is_some_and(|name| name == "claims");
    let named = own.ancestors().skip(1).filter(|folder| is_claims(folder)).last();
    let named = named.filter(|folder| has_others(folder, &own, usize::MAX));
    let above = || parent.parent().filter(|above| has_others(above, &own, 1));
    let folder = named.or_else(above).or_else(|| has_others(parent, &own, 2).then_some(parent))?;
    // As the caller wrote it, where that leads there.
    let written =
        path.parent().map(|written| if written.as_os_str().is_empty() { Path::new(".") } else { written });
    let leads_there = |written: &&Path| written.canonicalize().is_ok_and(|written| written == folder);
    let outer = written.map(|written| written.join(".."));
    let above = written
        .and_then(Path::parent)
        .map(|above| if above.as_os_str().is_empty() { Path::new(".") } else { above });
    let mut ways = written.into_iter().chain(above).chain(outer.as_deref());
    Some(ways.find(leads_there).unwrap_or(folder).to_owned())
}

/// Whether a folder holds a claim file other than this one, so many folders deep. A file that is no claim file but for
/// its name, the settings of some program, is none; one that cannot be read may be.
fn has_others(folder: &Path, own: &Path, depth: usize) -> bool {
    let walk = WalkBuilder::new(folder).follow_links(true).require_git(false).max_depth(Some(depth)).build();
    let paths = walk.filter_map(Result::ok).map(ignore::DirEntry::into_path);
    let mut others = paths.filter(|path| path.is_file() && is_claim_file(path));
    others.any(|path| path.canonicalize().map_or(true, |path| path != own) && may_hold_claims(&path))
}

fn may_hold_claims(path: &Path) -> bool {
    let Some(text) = read_text(path) else { return true };
    let file = crate::id::FileId::new(0);
    !crate::document::read(file, &crate::yaml::parse(file, &text).0).0.is_empty()
}

/// Makes a folder, if it is not there, with these claim files in it.
///
/// # Errors
/// Where it is a link, where it has a claim file at any depth, or anything with the name of one of these files, and
/// where it cannot be written to.
pub fn start(path: &Path, files: &[(&str, &str)]) -> Result<(), FolderError> {
    let taken = |path: &Path| FolderError::Taken { path: shown_path(path) };
    let is_there = |path: &Path| fs::symlink_metadata(path).is_ok();
    // Without the slash that may end it: with the slash it is the folder that a link leads to.
    let folder: PathBuf = path.components().collect();
    if fs::symlink_metadata(&folder).is_ok_and(|there| there.is_symlink()) {
        return Err(FolderError::Link { path: shown_path(&folder) });
    }
    if is_there(path) {
        match find(path).found.into_iter().next() {
            Some(Found::File(file)) => return Err(taken(&file)),
            Some(Found::Unreadable(file, _)) => return Err(taken(Path::new(&file))),
            None => {}
        }
    }
    if let Some(file) = files.iter().map(|(name, _)| path.join(name)).find(|file| is_there(file)) {
        return Err(taken(&file));
    }
    let unwritable = |path: &Path, error| FolderError::Unwritable { path: shown_path(path), error };
    make(path).map_err(|error| unwritable(path, error))?;
    for (name, text) in files {
        let file = path.join(name);
        write_new(&file, text.as_bytes()).map_err(|error| unwritable(&file, error))?;
    }
    Ok(())
}

/// Makes a folder with all that lead to it, where they are missing.
///
/// # Errors
/// What the system says.
pub fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}
