//! The snapshot that pages are made of, and how the next one takes its place.
//!
//! Readers take the current snapshot and never wait. Whoever reads the folder again or writes into it holds the
//! reader, so that all writes stand in one row and each sees what the one before it wrote.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use tokio::sync::watch;

use super::snapshot::Snapshot;
use crate::dispute::{self, Dispute, Line};
use crate::folder::{self, FolderError, Followed};
use crate::source::Files;
use crate::workspace::in_own_threads;

/// So many former versions are kept, to show what changed since a page was made; texts that did not change are
/// shared.
const MAX_PREVIOUS: usize = 32;

/// Fewer, where the texts that changed come to more bytes than this.
const MAX_PREVIOUS_BYTES: usize = 256 * 1024 * 1024;

/// The current snapshot and what makes the next.
#[derive(Debug)]
pub(super) struct Live {
    reader: Mutex<FolderReader>,
    current: RwLock<Arc<Snapshot>>,
    versions: watch::Sender<u64>,
}

/// The folder, held by one at a time.
#[derive(Debug)]
pub(super) struct FolderReader {
    /// The workspace that follows the folder.
    pub followed: Followed,
    /// What was current before, the latest last.
    pub previous: VecDeque<PreviousSnapshot>,
    /// Whether something changed that no snapshot shows yet.
    pending: bool,
}

/// A version that is no longer current.
#[derive(Debug)]
pub(super) struct PreviousSnapshot {
    /// Its texts.
    pub files: Files,
    /// How many bytes of them the version after it does not share.
    bytes: usize,
    /// The disputes that are otherwise in the version after it, by question.
    pub disputes: FxHashMap<String, PreviousDispute>,
}

/// A dispute as it was.
#[derive(Debug)]
pub(super) struct PreviousDispute {
    /// Fingerprint of its claims.
    pub seen: String,
    /// Its claims.
    pub saw: Vec<Line>,
}

impl Live {
    /// Analyses a workspace for the first time.
    pub(super) fn new(followed: Followed) -> Self {
        let snapshot = Snapshot::new(1, &followed);
        Self {
            reader: Mutex::new(FolderReader { followed, previous: VecDeque::new(), pending: false }),
            current: RwLock::new(Arc::new(snapshot)),
            versions: watch::Sender::new(1),
        }
    }

    /// The current snapshot.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells each new version.
    pub(super) fn versions(&self) -> watch::Receiver<u64> {
        self.versions.subscribe()
    }

    /// Reads what changed on disk, and makes it current.
    pub(super) fn refresh(&self) {
        self.refresh_held(&mut self.reader());
    }

    /// Reads what is on disk at this moment and does something with it, while no other thread and no other gainsay
    /// process writes. `act` learns where the lock is not available. When this returns, the snapshot shows
    /// its changes.
    pub(super) fn write<T>(
        &self,
        act: impl FnOnce(&FolderReader, &Snapshot, Result<(), FolderError>) -> T,
    ) -> T {
        let mut reader = self.reader();
        let followed = &reader.followed;
        let (locked, _lock) = match folder::lock(&followed.access().recovery, followed.path()) {
            Ok((lock, _)) => (Ok(()), Some(lock)),
            Err(error) => (Err(error), None),
        };
        self.refresh_held(&mut reader);
        let done = act(&reader, &self.snapshot(), locked);
        self.refresh_held(&mut reader);
        done
    }

    /// Waits for whoever holds the reader. One that panicked left a workspace that is read and maybe not shown:
    /// `pending` knows.
    fn reader(&self) -> MutexGuard<'_, FolderReader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads and analyses with threads of its own, so that pages are made meanwhile.
    fn refresh_held(&self, reader: &mut FolderReader) {
        in_own_threads(|| self.refresh_here(reader));
    }

    fn refresh_here(&self, reader: &mut FolderReader) {
        reader.pending |= reader.followed.again();
        if !reader.pending {
            return;
        }
        let before = self.snapshot();
        let now = Snapshot::new(before.version + 1, &reader.followed);
        let version = now.version;
        reader.previous.push_back(PreviousSnapshot {
            bytes: unshared_bytes(&before.files, &now.files),
            files: before.files.clone(),
            disputes: changed_disputes(&before, &now),
        });
        drop_oldest(&mut reader.previous, MAX_PREVIOUS_BYTES);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(now);
        reader.pending = false;
        self.versions.send_replace(version);
    }
}

/// Lets the oldest versions go that are too many or too large; the latest stays in any case.
fn drop_oldest(previous: &mut VecDeque<PreviousSnapshot>, most: usize) {
    let bytes = |previous: &VecDeque<PreviousSnapshot>| previous.iter().map(|previous| previous.bytes).sum::<usize>();
    while previous.len() > MAX_PREVIOUS || (previous.len() > 1 && bytes(previous) > most) {
        previous.pop_front();
    }
}

/// How many bytes of texts another version does not share.
fn unshared_bytes(files: &Files, with: &Files) -> usize {
    let is_shared =
        |path: &str, text: &str| with.find(path).is_some_and(|file| std::ptr::eq(with[file].text(), text));
    let own = files.iter().filter(|(_, file)| !is_shared(file.path(), file.text()));
    own.map(|(_, file)| file.text().len()).sum()
}

/// The disputes of a version that the next one sees otherwise, by question.
fn changed_disputes(before: &Snapshot, now: &Snapshot) -> FxHashMap<String, PreviousDispute> {
    let name =
        |snapshot: &Snapshot, dispute: &Dispute| snapshot.analysis.model.question_name(dispute.question);
    let seen: FxHashMap<String, &str> =
        now.analysis.disputes.iter().map(|dispute| (name(now, dispute), dispute.seen.as_str())).collect();
    let before_it = before.analysis.disputes.iter().map(|dispute| (name(before, dispute), dispute));
    let otherwise =
        before_it.filter(|(question, dispute)| seen.get(question) != Some(&dispute.seen.as_str()));
    otherwise
        .map(|(question, was)| {
            (
                question,
                PreviousDispute { seen: was.seen.clone(), saw: dispute::saw(&before.analysis.model, was) },
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    #[test]
    fn former_texts_take_bounded_room() {
        let mut files = Files::new(vec![SourceFile::new("a", "x".repeat(100)), SourceFile::new("b", "y")]);
        let mut previous = VecDeque::new();
        for text in ["1", "2", "3"] {
            let before = files.clone();
            let first = files.find("a").unwrap();
            files.replace(first, text.repeat(100));
            let bytes = unshared_bytes(&before, &files);
            assert_eq!(bytes, 100);
            previous.push_back(PreviousSnapshot { files: before, bytes, disputes: FxHashMap::default() });
        }
        drop_oldest(&mut previous, 250);
        assert_eq!(previous.len(), 2);
        drop_oldest(&mut previous, 1);
        assert_eq!(previous.len(), 1, "the latest stays");
    }
}
