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

use super::{
    ATTEMPTS, FolderError, Found, Looked, journal, look, place_within, plain_name, read_file, shown_path,
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
    kept: K,
    options: Options,
    /// Each file by its shown path, as it was when it was read.
    files: BTreeMap<String, Seen>,
    /// The archived text of each source, as it was when it was read.
    archived: FxHashMap<SmolStr, (PathBuf, Seen)>,
    trouble: Option<String>,
}

impl Followed {
    /// Reads a folder, or one file. One without claim files is empty, and may fill; `progress` is told after
    /// each file how many are read, of how many.
    ///
    /// # Errors
    /// Where the path itself cannot be read, and where a change of several files was interrupted and cannot be
    /// finished.
    pub fn open(
        path: &Path,
        texts: Option<&Path>,
        as_of: Option<Day>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Self, FolderError> {
        let mut followed = Self::new(Workspace::read(Vec::new()), path, texts);
        followed.options.as_of = as_of;
        for _ in 0..ATTEMPTS {
            let found = settled(path)?;
            followed.read_all(found, progress);
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
    pub fn new(kept: K, path: &Path, texts: Option<&Path>) -> Self {
        Self {
            path: path.to_owned(),
            texts: texts.map(Path::to_owned),
            kept,
            options: Options::default(),
            files: BTreeMap::new(),
            archived: FxHashMap::default(),
            trouble: None,
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
        for attempt in 0..=ATTEMPTS {
            match self.read_once() {
                Ok(changed) => files |= changed,
                Err(error) => {
                    trouble = Some(error.to_string());
                    // A folder that is gone is empty; one that says half of something is left as it was read.
                    if matches!(error, FolderError::Unreadable { .. }) {
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
        let otherwise = trouble != self.trouble;
        self.trouble = trouble;
        let texts = self.read_texts();
        otherwise || files || texts
    }

    fn read_once(&mut self) -> Result<bool, FolderError> {
        let found = settled(&self.path)?;
        let looked: BTreeMap<String, Seen> =
            found.iter().map(|found| (found.shown(), found.seen())).collect();
        Ok(if self.is_same_set(&looked) {
            self.read_changed(looked)
        } else {
            self.read_all(found, &|_, _| {})
        })
    }

    /// Whether the files are still those that were read, and no change of several of them is being made.
    fn is_current(&self) -> Result<bool, FolderError> {
        let now = look(&self.path)?;
        let read = self.files.iter().map(|(path, seen)| (path.clone(), seen.print.clone()));
        Ok(now.journals().is_empty() && now.prints() == read.collect())
    }

    /// Reads everything anew, changed or not.
    pub fn renew(&mut self) {
        let mut inputs = Vec::new();
        for attempt in 0..=ATTEMPTS {
            let found = settled(&self.path);
            self.trouble = found.as_ref().err().map(ToString::to_string);
            let taken: Vec<(Seen, Input)> = found.unwrap_or_default().into_par_iter().map(take).collect();
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
                let taken = take(found);
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
            let text = match read_file(Path::new(&path)) {
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
            match (text, self.workspace().files().find(&path)) {
                (Some(text), Some(file)) => self.kept.replace(file, text),
                // What cannot be read, or not as text, has findings that only reading all anew gives.
                _ => return self.read_all(look(&self.path).unwrap_or_default().found, &|_, _| {}) || changed,
            }
            self.files.insert(path, seen);
            changed = true;
        }
        changed
    }

    /// Reads the archived texts that changed.
    fn read_texts(&mut self) -> bool {
        let mut changed = false;
        let named = self.named_texts();
        let gone: FxHashSet<SmolStr> =
            self.archived.keys().filter(|id| !named.contains_key(*id)).cloned().collect();
        for id in gone {
            self.archived.remove(&id);
            changed |= self.options.archive.remove(&id).is_some();
        }
        for (id, path) in named {
            let mut seen = Seen::of(fs::metadata(&path).ok().as_ref());
            let before = self.archived.get(&id).filter(|(place, _)| *place == path);
            if before.is_some_and(|(_, before)| before.print == seen.print && before.settled) {
                continue;
            }
            let Ok(bytes) = read_file(&path) else { continue };
            seen.content = xxh3_64(&bytes);
            if before.is_none_or(|(_, before)| before.content != seen.content) {
                self.options.archive.insert(id.clone(), String::from_utf8_lossy(&bytes).into_owned());
                changed = true;
            }
            self.archived.insert(id, (path, seen));
        }
        changed
    }

    /// Where the archived text of each source lies: beside the claim file, or in the folder of texts.
    fn named_texts(&self) -> FxHashMap<SmolStr, PathBuf> {
        let mut named = FxHashMap::default();
        let workspace = self.workspace();
        for ((_, file), document) in workspace.files().iter().zip(workspace.documents()) {
            let Some(source) = &document.source else { continue };
            let Some(name) = source.body.text.as_ref().and_then(|name| plain_name(&name.value)) else {
                continue;
            };
            let beside = Path::new(file.path()).parent().map(Path::to_owned);
            let mut folders = beside.into_iter().chain(self.texts.clone());
            if let Some(path) = folders.find_map(|folder| place_within(&folder, name)) {
                named.insert(source.id.value.clone(), path);
            }
        }
        named
    }
}

/// A file as it was looked at.
#[derive(Clone, Debug)]
struct Seen {
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
    fn of(metadata: Option<&Metadata>) -> Self {
        let print = metadata.map(Print::of);
        let modified = print.as_ref().and_then(|print| print.modified);
        let age = modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        Self { print, settled: age.is_some_and(|age| age > SETTLED), content: 0 }
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

impl Looked {
    /// What each file was when it was looked at, by its shown path; none where that was not possible.
    pub(super) fn prints(&self) -> BTreeMap<String, Option<Print>> {
        self.found.iter().map(|found| (found.shown(), found.seen().print)).collect()
    }
}

impl Found {
    fn shown(&self) -> String {
        match self {
            Self::File(path) => shown_path(path),
            Self::Unreadable(path, _) => path.clone(),
        }
    }

    fn seen(&self) -> Seen {
        match self {
            Self::File(path) => Seen::of(fs::metadata(path).ok().as_ref()),
            Self::Unreadable(_, why) => Seen { print: None, settled: true, content: xxh3_64(why.as_bytes()) },
        }
    }
}

/// Looks at a file, then reads it: a change in between shows at the next look.
fn take(found: Found) -> (Seen, Input) {
    let mut seen = found.seen();
    let shown = found.shown();
    let content = match found {
        Found::File(path) => read_file(&path),
        Found::Unreadable(_, why) => Err(why),
    };
    seen.content = match &content {
        Ok(bytes) => xxh3_64(bytes),
        Err(why) => xxh3_64(why.as_bytes()),
    };
    (seen, Input { path: shown, content })
}

/// What lies at a path once no change of several files is left half made there.
fn settled(path: &Path) -> Result<Vec<Found>, FolderError> {
    let looked = look(path)?;
    journal::settle(&looked.journals())?;
    Ok(looked.found)
}
