//! The current snapshot that pages are made from, and how the next one replaces it.
//!
//! Requests for pages take the current snapshot and never wait. Reloading the folder and writing into it need the
//! lock of the reader, so writes happen one after another and each sees the result of the one before.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use tokio::sync::watch;

use super::snapshot::Snapshot;
use gainsay_analysis::dispute::{self, Dispute, Line};
use gainsay_analysis::source::Files;
use gainsay_analysis::workspace::in_own_threads;
use gainsay_folder::folder::{self, FolderError, Followed};

/// The most previous versions that are kept to show what changed since a page was made. Unchanged texts are
/// shared.
const MAX_PREVIOUS: usize = 32;

/// The most bytes of changed texts in them. If there are more, fewer versions are kept.
const MAX_PREVIOUS_BYTES: usize = 256 * 1024 * 1024;

/// The current snapshot, and the reader that makes the next one.
#[derive(Debug)]
pub(super) struct Live {
    reader: Mutex<FolderReader>,
    current: RwLock<Arc<Snapshot>>,
    versions: watch::Sender<u64>,
}

/// The folder and its history, locked by one thread at a time.
#[derive(Debug)]
pub(super) struct FolderReader {
    /// The workspace that follows the folder.
    pub followed: Followed,
    /// Previous versions, the latest last.
    pub previous: VecDeque<PreviousSnapshot>,
    /// Whether there are changes that are not in a snapshot yet.
    pending: bool,
}

/// A version that is no longer current.
#[derive(Debug)]
pub(super) struct PreviousSnapshot {
    /// Its texts.
    pub files: Files,
    /// The bytes of its texts that the next version does not share.
    bytes: usize,
    /// The disputes that differ in the next version, by question.
    pub disputes: FxHashMap<String, PreviousDispute>,
}

/// A dispute in a previous version.
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

    /// Announces each new version.
    pub(super) fn versions(&self) -> watch::Receiver<u64> {
        self.versions.subscribe()
    }

    /// Reads changes on disk and makes a new snapshot current.
    pub(super) fn refresh(&self) {
        self.refresh_held(&mut self.reader());
    }

    /// Reads the current state on disk and calls `act` with it, while no other thread and no other gainsay
    /// process writes. `act` receives an error if the lock is not available. When this returns, the snapshot contains
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

    /// Locks the reader. A thread that panicked may have left a workspace that is not in a snapshot yet:
    /// `pending` records that.
    fn reader(&self) -> MutexGuard<'_, FolderReader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads and analyses on separate threads, so that pages can be made at the same time.
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

/// Drops the oldest versions that exceed the limits. Always keeps the latest.
fn drop_oldest(previous: &mut VecDeque<PreviousSnapshot>, most: usize) {
    let bytes =
        |previous: &VecDeque<PreviousSnapshot>| previous.iter().map(|previous| previous.bytes).sum::<usize>();
    while previous.len() > MAX_PREVIOUS || (previous.len() > 1 && bytes(previous) > most) {
        previous.pop_front();
    }
}

/// The bytes of texts that another version does not share.
fn unshared_bytes(files: &Files, with: &Files) -> usize {
    let is_shared =
        |path: &str, text: &str| with.find(path).is_some_and(|file| std::ptr::eq(with[file].text(), text));
    let own = files.iter().filter(|(_, file)| !is_shared(file.path(), file.text()));
    own.map(|(_, file)| file.text().len()).sum()
}

/// The disputes of a version that differ in the next one, by question.
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
                PreviousDispute {
                    seen: was.seen.clone(),
                    saw: dispute::seen_lines(&before.analysis.model, was),
                },
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_analysis::source::SourceFile;

    #[test]
    fn drop_oldest_limits_the_bytes_of_previous_texts() {
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
