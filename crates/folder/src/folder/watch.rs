//! Waits for changes in a folder. It uses the change reports of the system and, since network drives report
//! nothing, also returns at regular intervals.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use notify_debouncer_full::notify::event::{AccessKind, AccessMode};
use notify_debouncer_full::notify::{self, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

/// Changes within this time are reported once, since an editor makes several in one save.
const DEBOUNCE: Duration = Duration::from_millis(60);
/// How long to wait at most if the system reports changes, and if it does not.
const MAX_WAITS: (Duration, Duration) = (Duration::from_secs(20), Duration::from_secs(1));

/// A watch on a folder, or on the folder of a file.
pub struct Watch {
    roots: Vec<WatchedRoot>,
    receiver: Receiver<()>,
    sender: SyncSender<()>,
    watcher: Option<Debouncer<RecommendedWatcher, NoCache>>,
    trouble: Option<String>,
}

/// A watched folder, with its identity when the watch began.
struct WatchedRoot {
    path: PathBuf,
    mode: RecursiveMode,
    identity: Option<u128>,
}

impl Watch {
    /// Starts to watch the claim files at `path` and the folder `texts` for archived texts.
    pub fn new(path: &Path, texts: Option<&Path>) -> Self {
        // One message is enough: a reader scans everything, no matter how many changes there were.
        let (sender, receiver) = sync_channel(1);
        let roots = std::iter::once(path).chain(texts).map(WatchedRoot::new).collect();
        let mut watch = Self { roots, receiver, sender, watcher: None, trouble: None };
        watch.restart();
        watch
    }

    /// Why the system does not report changes, so that [`Self::wait`] returns every second; none if it does.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Waits until something may have changed.
    pub fn wait(&mut self) {
        let timeout = if self.watcher.is_some() { MAX_WAITS.0 } else { MAX_WAITS.1 };
        match self.receiver.recv_timeout(timeout) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(timeout),
        }
        // A folder that was deleted and created again is another folder, for which nothing would be reported.
        let replaced = self.roots.iter().any(|root| root.identity != identity(&root.path));
        if replaced || (self.watcher.is_none() && self.roots.iter().any(|root| root.identity.is_none())) {
            self.restart();
        }
    }

    fn restart(&mut self) {
        self.watcher = None;
        for root in &mut self.roots {
            root.identity = identity(&root.path);
        }
        match self.start_watcher() {
            Ok(watcher) => (self.watcher, self.trouble) = (Some(watcher), None),
            Err(error) => self.trouble = Some(error.to_string()),
        }
    }

    fn start_watcher(&self) -> notify::Result<Debouncer<RecommendedWatcher, NoCache>> {
        let sender = self.sender.clone();
        let handle = move |result: DebounceEventResult| {
            // Errors count as well: one of them means that reports were lost.
            let matters = result.is_err()
                || result.is_ok_and(|events| events.iter().any(|event| is_change(event.kind)));
            if matters {
                _ = sender.try_send(());
            }
        };
        // Links are not followed: one may lead to the root of the file system.
        let config = notify::Config::default().with_follow_symlinks(false);
        let cache = NoCache::new();
        let mut watcher = new_debouncer_opt(DEBOUNCE, None, handle, cache, config)?;
        for root in &self.roots {
            watcher.watch(&root.path, root.mode)?;
        }
        Ok(watcher)
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("trouble", &self.trouble).finish_non_exhaustive()
    }
}

impl WatchedRoot {
    /// For a file, its folder is watched: many editors save by replacing the file.
    fn new(path: &Path) -> Self {
        let (path, mode) = if path.is_file() {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            (folder.unwrap_or(Path::new(".")), RecursiveMode::NonRecursive)
        } else {
            (path, RecursiveMode::Recursive)
        };
        Self { path: path.to_owned(), mode, identity: None }
    }
}

/// Whether an event is a change. Reads are reported too, including those of this process.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

/// Distinguishes a folder from a later one at the same path; none if it does not exist.
#[cfg(unix)]
fn identity(path: &Path) -> Option<u128> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    Some(u128::from(metadata.dev()) << 64 | u128::from(metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<u128> {
    std::fs::metadata(path).ok().map(|_| 0)
}
