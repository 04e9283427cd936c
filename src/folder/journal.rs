//! What a change of several files is about to put in place, written down first: from the moment the journal stands
//! in its folder the change is decided, and whoever comes next finishes it where it was interrupted. Files that
//! somebody else changed meanwhile are not written over.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::TempPath;
use xxhash_rust::xxh3::xxh3_128;

use super::lock::Lock;
use super::{FolderError, MAX_FILE, read_at_most, shown_path, write};

/// The name of a journal; hidden, and no name of a claim file.
pub(super) const NAME: &str = ".gainsay-journal";

const FORMAT: &str = "gainsay.journal/1";

/// Every file of a change, by paths from the folder in which the journal stands.
#[derive(Serialize, Deserialize, PartialEq, Eq, Debug)]
pub(super) struct Journal {
    format: String,
    files: Vec<Noted>,
}

/// One file that is to have another text.
#[derive(Serialize, Deserialize, PartialEq, Eq, Debug)]
pub(super) struct Noted {
    /// The file.
    pub(super) file: PathBuf,
    /// Where its new text lies.
    pub(super) text: PathBuf,
    /// Fingerprint of what it says before; none where it is not there yet.
    pub(super) before: Option<String>,
    /// Fingerprint of what it says afterwards.
    pub(super) after: String,
}

/// The fingerprint of what a file holds.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

impl Journal {
    pub(super) fn new(files: Vec<Noted>) -> Self {
        Self { format: FORMAT.to_owned(), files }
    }

    /// The journal as it is written down; none where a name in it is no text.
    pub(super) fn to_bytes(&self) -> Option<Vec<u8>> {
        serde_json::to_vec_pretty(self).ok()
    }

    /// The journal in a folder; none where there is none.
    fn read(folder: &Path) -> Result<Option<Self>, String> {
        const UNKNOWN: &str = "it is none that this version of gainsay has written";
        let bytes = match read_at_most(&folder.join(NAME), MAX_FILE) {
            Ok(bytes) => bytes.ok_or("it has more than 64 MiB")?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        let journal: Self = serde_json::from_slice(&bytes).map_err(|_| UNKNOWN)?;
        let is_within = |path: &Path| {
            path.components().all(|component| matches!(component, Component::Normal(_)))
                && folder.join(path).parent().and_then(|parent| parent.canonicalize().ok()).is_some_and(
                    |parent| folder.canonicalize().is_ok_and(|folder| parent.starts_with(folder)),
                )
        };
        let is_ours = |noted: &Noted| {
            let text = noted.text.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            is_within(&noted.file) && is_within(&noted.text) && write::is_of_edit(text)
        };
        let is_known = journal.format == FORMAT && journal.files.iter().all(is_ours);
        if is_known { Ok(Some(journal)) } else { Err(UNKNOWN.to_owned()) }
    }

    /// The folders whose locks whoever finishes it must hold.
    fn folders(&self, folder: &Path) -> Vec<PathBuf> {
        let parents =
            self.files.iter().filter_map(|noted| folder.join(&noted.file).parent().map(Path::to_owned));
        parents.chain([folder.to_owned()]).collect()
    }

    /// Puts in place what is not there yet, or nothing at all.
    fn finish(&self, folder: &Path) -> Result<(), String> {
        let states: Vec<State> = self.files.iter().map(|noted| noted.state(folder)).collect();
        let of = |wanted: State| {
            let files = self.files.iter().zip(&states).filter(move |(_, state)| **state == wanted);
            files.map(|(noted, _)| format!("`{}`", shown_path(&noted.file))).collect::<Vec<_>>()
        };
        let otherwise = of(State::Otherwise);
        if !otherwise.is_empty() {
            let list = |what: &str, files: Vec<String>| {
                if files.is_empty() { String::new() } else { format!("; {what}: {}", files.join(", ")) }
            };
            return Err(format!(
                "changed since by somebody else: {}{}{}; put them right by hand, then remove the journal",
                otherwise.join(", "),
                list("changed already", of(State::Done)),
                list("not changed yet", of(State::Waiting))
            ));
        }
        for (noted, state) in self.files.iter().zip(states) {
            if state == State::Waiting {
                let placed = noted.place(folder);
                // Where folders know no lock, another process may finish it as well.
                if noted.state(folder) != State::Done {
                    placed.map_err(|error| format!("`{}`: {error}", shown_path(&noted.file)))?;
                }
            }
        }
        for parent in self.folders(folder) {
            write::flush(&parent).map_err(|error| error.to_string())?;
        }
        for noted in &self.files {
            let _ = fs::remove_file(folder.join(&noted.text));
        }
        remove(folder).map_err(|error| error.to_string())
    }
}

/// How far one file of a change has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// It has its new text.
    Done,
    /// It says what it said, and its new text lies ready.
    Waiting,
    /// It says something else, or its new text does.
    Otherwise,
}

impl Noted {
    fn state(&self, folder: &Path) -> State {
        let now = |path: &Path| match read_at_most(&folder.join(path), MAX_FILE) {
            Ok(Some(bytes)) => Some(fingerprint(&bytes)),
            _ => None,
        };
        let is_there = fs::symlink_metadata(folder.join(&self.file)).is_ok();
        match now(&self.file) {
            Some(print) if print == self.after => State::Done,
            print if print == self.before && is_there == self.before.is_some() => {
                if now(&self.text).as_ref() == Some(&self.after) { State::Waiting } else { State::Otherwise }
            }
            _ => State::Otherwise,
        }
    }

    fn place(&self, folder: &Path) -> io::Result<()> {
        place(folder.join(&self.text), &folder.join(&self.file), self.before.is_some())
    }
}

/// Moves a text that lies ready to its place; one that is begun takes no place that is taken.
pub(super) fn place(text: PathBuf, target: &Path, is_there: bool) -> io::Result<()> {
    let mut text = TempPath::try_from_path(text)?;
    text.disable_cleanup(true);
    let placed = if is_there { text.persist(target) } else { text.persist_noclobber(target) };
    placed.map_err(|error| error.error)
}

/// Takes the journal of a folder away.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(NAME)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => write::flush(folder),
    }
}

/// The journals that may be about files of these folders or below: in the folders themselves and above them, as far
/// up as whoever owns them owns the folders there.
pub(super) fn near<'p>(folders: impl IntoIterator<Item = &'p Path>) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let Ok(folder) = folder.canonicalize() else { continue };
        let own = owner(&folder);
        let above = folder.ancestors().enumerate();
        let known = above.take_while(|(at, above)| *at == 0 || (own.is_some() && owner(above) == own));
        found.extend(known.map(|(_, above)| above.to_owned()).filter(|above| is_in(above)));
    }
    found.sort();
    found.dedup();
    found
}

/// Whether a journal stands in a folder.
pub(super) fn is_in(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(NAME)).is_ok()
}

#[cfg(unix)]
fn owner(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(folder).ok().map(|folder| folder.uid())
}

#[cfg(not(unix))]
fn owner(_: &Path) -> Option<u32> {
    None
}

/// Finishes the changes whose journals stand in these folders. A change that another process is making is waited
/// for.
///
/// # Errors
/// Where one cannot be finished: without the right to write, or over what somebody else has written since.
pub(super) fn settle(folders: &[PathBuf]) -> Result<(), FolderError> {
    folders.iter().try_for_each(|folder| {
        finish(folder).map_err(|why| FolderError::Unfinished { path: shown_path(&folder.join(NAME)), why })
    })
}

fn finish(folder: &Path) -> Result<(), String> {
    loop {
        let Some(known) = Journal::read(folder)? else { return Ok(()) };
        let locks = Lock::on_all(known.folders(folder)).map_err(|error| error.to_string())?;
        let _locks = locks.ok_or("another process is writing here")?;
        match Journal::read(folder)? {
            None => return Ok(()),
            Some(now) if now == known => return now.finish(folder),
            // Another change by now, perhaps of files in other folders.
            Some(_) => {}
        }
    }
}

/// Removes what changes left behind that never were decided. Whoever calls this holds the lock of the folder.
pub(super) fn clear(folder: &Path) {
    // Texts that a journal names, wherever it stands, are no leftovers.
    if folder.ancestors().any(is_in) {
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(write::is_of_edit) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
