//! A workspace that follows its folder: read once, then again only where something changed.
//!
//! What a file was is told by its print: length, times and identity. A file that was touched just before it was
//! looked at may change once more within one tick of the clock; its content is compared until it has settled.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use xxhash_rust::xxh3::xxh3_64;

use super::open::{self, MAX_FILE};
use super::{
    ATTEMPTS, Access, FolderError, Found, Notice, Scan, content, look, read_file, settled, shown_path, texts,
};
use crate::id::FileId;
use crate::period::Day;
use crate::source::decode;
use crate::workspace::{Input, Options, Workspace};

/// Coarser than the clock of any file system in use.
const SETTLED: Duration = Duration::from_secs(2);

/// What is kept up with a folder: a workspace, or something made of one.
pub trait Keeps {
    /// The workspace as it was read last.
    fn workspace(&self) -> &Workspace;
    /// Reads all files anew; `progress` is told after each file how many are read, of how many.
    fn renew(&mut self, inputs: Vec<Input>, progress: &(dyn Fn(usize, usize) + Sync));
    /// Takes in what a file says by now.
    fn replace(&mut self, file: FileId, text: String);
}

impl Keeps for Workspace {
    fn workspace(&self) -> &Workspace {
        self
    }

    fn renew(&mut self, inputs: Vec<Input>, progress: &(dyn Fn(usize, usize) + Sync)) {
        *self = Self::read_telling(inputs, progress);
    }

    fn replace(&mut self, file: FileId, text: String) {
        Self::replace(self, file, text);
    }
}

/// A workspace and what it was read from.
#[derive(Debug)]
pub struct Followed<K = Workspace> {
    path: PathBuf,
    texts: Option<PathBuf>,
    access: Access,
    kept: K,
    options: Options,
    /// Each file by its shown path, as it was when it was read.
    files: BTreeMap<String, Seen>,
    /// The archived text of each source, as it was when it was read.
    archived: FxHashMap<SmolStr, (PathBuf, Seen)>,
    trouble: Option<String>,
    notices: Vec<Notice>,
}

impl Followed {
    /// Reads a folder, or one file. One without claim files is empty, and may fill; `progress` is told after
    /// each file how many are read, of how many.
    ///
    /// # Errors
    /// Where the path itself cannot be read, and where files change each time they are read.
    pub fn open(
        path: &Path,
        texts: Option<&Path>,
        access: Access,
        as_of: Option<Day>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Self, FolderError> {
        let mut followed = Self::new(Workspace::read(Vec::new()), path, texts, access);
        followed.options.as_of = as_of;
        for _ in 0..ATTEMPTS {
            let scan = settled(path, &followed.access)?;
            followed.notices = scan.notices;
            followed.read_all(scan.found, progress);
            if followed.is_current()? {
                followed.read_texts();
                return Ok(followed);
            }
        }
        Err(FolderError::Restless { path: path.display().to_string() })
    }
}

impl<K: Keeps> Followed<K> {
    /// Follows a folder, or one file, which need not be there yet. Nothing is read before [`Self::again`].
    pub fn new(kept: K, path: &Path, texts: Option<&Path>, access: Access) -> Self {
        Self {
            path: path.to_owned(),
            texts: texts.map(Path::to_owned),
            access,
            kept,
            options: Options::default(),
            files: BTreeMap::new(),
            archived: FxHashMap::default(),
            trouble: None,
            notices: Vec::new(),
        }
    }

    /// The workspace as it was read last.
    pub fn workspace(&self) -> &Workspace {
        self.kept.workspace()
    }

    /// What is kept up with the folder.
    pub fn kept(&self) -> &K {
        &self.kept
    }

    /// The same, to be changed: a file that is changed here is read again when it changes on the disk.
    pub fn kept_mut(&mut self) -> &mut K {
        &mut self.kept
    }

    /// What it is looked at with: the day, and the archived texts.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The folder or file that is followed.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of archived texts, where one was given.
    pub fn texts(&self) -> Option<&Path> {
        self.texts.as_deref()
    }

    /// How the folder is reached.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// What else there is to know of the folder, as it was read last.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The path of a file that is not there yet: in the folder, or the one file that is followed.
    pub fn new_file(&self, name: &str) -> String {
        super::new_file(&self.path, name)
    }

    /// Why the folder as a whole could not be read last time.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Reads what changed on disk since it was read; whether anything did. Of a change of several files that gainsay
    /// makes meanwhile all is read or nothing.
    pub fn again(&mut self) -> bool {
        let mut files = false;
        let mut trouble = None;
        let notices = self.notices.clone();
        for attempt in 0..=ATTEMPTS {
            match self.read_once() {
                Ok(changed) => files |= changed,
                Err(error) => {
                    trouble = Some(error.to_string());
                    // A folder that is gone is empty; one that says half of something is left as it was read.
                    if matches!(error, FolderError::Unreadable { .. } | FolderError::OutsideLink { .. }) {
                        files |= self.read_all(Vec::new(), &|_, _| {});
                    }
                    break;
                }
            }
            if self.is_current().unwrap_or(true) {
                break;
            }
            if attempt == ATTEMPTS {
                trouble = Some(FolderError::Restless { path: shown_path(&self.path) }.to_string());
            }
        }
        let otherwise = trouble != self.trouble || notices != self.notices;
        self.trouble = trouble;
        let texts = self.read_texts();
        otherwise || files || texts
    }

    fn read_once(&mut self) -> Result<bool, FolderError> {
        let scan = settled(&self.path, &self.access)?;
        self.notices = scan.notices;
        let looked: BTreeMap<String, Seen> =
            scan.found.iter().map(|found| (found.shown(), found.seen())).collect();
        Ok(if self.is_same_set(&looked) {
            self.read_changed(looked)
        } else {
            self.read_all(scan.found, &|_, _| {})
        })
    }

    /// Whether the files are still those that were read, and no change of several of them is being made.
    fn is_current(&self) -> Result<bool, FolderError> {
        let now = look(&self.path, &self.access)?;
        let read = self.files.iter().map(|(path, seen)| (path.clone(), seen.print.clone()));
        Ok(!now.is_running && now.notices == self.notices && now.prints() == read.collect())
    }

    /// Reads everything anew, changed or not.
    pub fn renew(&mut self) {
        let mut inputs = Vec::new();
        for attempt in 0..=ATTEMPTS {
            let scan = settled(&self.path, &self.access);
            self.trouble = scan.as_ref().err().map(ToString::to_string);
            let scan = scan.unwrap_or_default();
            self.notices = scan.notices;
            let taken: Vec<(Seen, Input)> = scan.found.par_iter().map(take).collect();
            self.files = taken.iter().map(|(seen, input)| (input.path.clone(), seen.clone())).collect();
            inputs = taken.into_iter().map(|(_, input)| input).collect();
            if self.trouble.is_some() || self.is_current().unwrap_or(true) {
                break;
            }
            if attempt == ATTEMPTS {
                self.trouble = Some(FolderError::Restless { path: shown_path(&self.path) }.to_string());
            }
        }
        self.kept.renew(inputs, &|_, _| {});
        self.read_texts();
    }

    /// Whether no file came, went, or began or ceased to be readable.
    fn is_same_set(&self, looked: &BTreeMap<String, Seen>) -> bool {
        let kind = |seen: &Seen| (seen.print.is_some(), if seen.print.is_none() { seen.content } else { 0 });
        looked.len() == self.files.len()
            && looked.iter().zip(&self.files).all(|(a, b)| a.0 == b.0 && kind(a.1) == kind(b.1))
    }

    /// Reads all files anew.
    fn read_all(&mut self, found: Vec<Found>, progress: &(dyn Fn(usize, usize) + Sync)) -> bool {
        // Each file is taken from the disk, then read: two steps.
        let (count, done) = (found.len(), std::sync::atomic::AtomicUsize::new(0));
        let taken: Vec<(Seen, Input)> = found
            .into_par_iter()
            .map(|found| {
                let taken = take(&found);
                progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, 2 * count);
                taken
            })
            .collect();
        let files = taken.iter().map(|(seen, input)| (input.path.clone(), seen.clone())).collect();
        let before = std::mem::replace(&mut self.files, files);
        let contents = |files: &BTreeMap<String, Seen>| {
            files.iter().map(|(path, seen)| (path.clone(), seen.content)).collect::<Vec<_>>()
        };
        if contents(&before) == contents(&self.files) {
            return false;
        }
        let inputs = taken.into_iter().map(|(_, input)| input).collect();
        self.kept.renew(inputs, &|done, of| progress(of + done, 2 * of));
        true
    }

    /// Reads the files whose print is another; the rest is kept.
    fn read_changed(&mut self, looked: BTreeMap<String, Seen>) -> bool {
        let mut changed = false;
        for (path, mut seen) in looked {
            let before = &self.files[&path];
            if seen.print == before.print && before.settled {
                continue;
            }
            let text = match read_file(&seen.real) {
                Ok(bytes) => {
                    seen.content = xxh3_64(&bytes);
                    if seen.content == before.content {
                        self.files.insert(path, seen);
                        continue;
                    }
                    Some(decode(bytes)).filter(|(_, bad)| bad.is_empty()).map(|(text, _)| text)
                }
                Err(_) => None,
            };
            let Some((text, file)) = text.zip(self.workspace().files().find(&path)) else {
                // A file that cannot be read as text has findings that only reading everything again gives.
                let scan = look(&self.path, &self.access).unwrap_or_default();
                return self.read_all(scan.found, &|_, _| {}) || changed;
            };
            self.kept.replace(file, text);
            self.files.insert(path, seen);
            changed = true;
        }
        changed
    }

    /// Reads the archived texts that changed.
    fn read_texts(&mut self) -> bool {
        let mut changed = false;
        let named = texts::named(self.workspace(), self.texts.as_deref());
        let gone: FxHashSet<SmolStr> =
            self.archived.keys().filter(|id| !named.contains_key(*id)).cloned().collect();
        for id in gone {
            self.archived.remove(&id);
            changed |= self.options.archive.remove(&id).is_some();
        }
        for (id, path) in named {
            let mut seen = Seen::of(&path);
            let before = self.archived.get(&id).filter(|(place, _)| *place == path);
            if before.is_some_and(|(_, before)| before.print == seen.print && before.settled) {
                continue;
            }
            let Ok(bytes) = open::read(&path, MAX_FILE) else { continue };
            seen.content = xxh3_64(&bytes);
            if before.is_none_or(|(_, before)| before.content != seen.content) {
                self.options.archive.insert(id.clone(), String::from_utf8_lossy(&bytes).into_owned());
                changed = true;
            }
            self.archived.insert(id, (path, seen));
        }
        changed
    }
}

/// A file as it was looked at.
#[derive(Clone, Debug)]
struct Seen {
    /// Where the bytes are: its path, or where that leads as a link.
    real: PathBuf,
    /// None where it could not be looked at.
    print: Option<Print>,
    /// Whether another print means another content, and the same print the same.
    settled: bool,
    /// Fingerprint of what was read: its bytes, or why there are none.
    content: u64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Print {
    length: u64,
    modified: Option<SystemTime>,
    /// Device, inode and time of the last change of either, where there are such.
    identity: [i128; 3],
}

impl Seen {
    fn of(real: &Path) -> Self {
        let print = fs::symlink_metadata(real).ok().as_ref().map(Print::of);
        let modified = print.as_ref().and_then(|print| print.modified);
        let age = modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        let settled = age.is_some_and(|age| age > SETTLED);
        Self { real: real.to_owned(), print, settled, content: 0 }
    }
}

impl Print {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok(), identity: identity(metadata) }
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> [i128; 3] {
    use std::os::unix::fs::MetadataExt as _;
    let changed = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    [i128::from(metadata.dev()), i128::from(metadata.ino()), changed]
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> [i128; 3] {
    [0; 3]
}

impl Scan {
    /// What each file was when it was looked at, by its shown path; none where that was not possible.
    pub(super) fn prints(&self) -> BTreeMap<String, Option<Print>> {
        self.found.iter().map(|found| (found.shown(), found.seen().print)).collect()
    }
}

impl Found {
    fn shown(&self) -> String {
        shown_path(self.path())
    }

    fn seen(&self) -> Seen {
        let unread = |why: &str| {
            let content = xxh3_64(why.as_bytes());
            Seen { real: self.path().to_owned(), print: None, settled: true, content }
        };
        match self {
            Self::File { real, .. } => Seen::of(real),
            Self::Unreadable { why, .. } => unread(why),
            Self::Outside { outside, .. } => unread(&outside.to_string()),
        }
    }
}

/// Looks at a file, then reads it: a change in between shows at the next look.
fn take(found: &Found) -> (Seen, Input) {
    let mut seen = found.seen();
    let content = content(found);
    seen.content = match &content {
        Ok(bytes) => xxh3_64(bytes),
        Err(why) => xxh3_64(why.to_string().as_bytes()),
    };
    (seen, Input { path: found.shown(), content })
}
