//! Tells when something under a folder may have changed: by what the system reports, and by looking now and
//! then, since network drives report nothing.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use notify_debouncer_full::notify::event::{AccessKind, AccessMode};
use notify_debouncer_full::notify::{self, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

/// What an editor does in one save comes within this time, and is told once.
const QUIET: Duration = Duration::from_millis(60);
/// How long nothing is looked at where the system reports changes, and where it does not.
const LOOK: (Duration, Duration) = (Duration::from_secs(20), Duration::from_secs(1));

/// A watch on a folder, or on the folder of a file.
pub struct Watch {
    roots: Vec<Root>,
    told: Receiver<()>,
    tell: SyncSender<()>,
    reporting: Option<Debouncer<RecommendedWatcher, NoCache>>,
    trouble: Option<String>,
}

/// What is watched, and which folder that was when the watch began.
struct Root {
    path: PathBuf,
    mode: RecursiveMode,
    identity: Option<u128>,
}

impl Watch {
    /// Begins to watch what claim files and archived texts lie in.
    pub fn new(path: &Path, texts: Option<&Path>) -> Self {
        // One place is enough: a reader looks at everything, however often it is told.
        let (tell, told) = sync_channel(1);
        let roots = std::iter::once(path).chain(texts).map(Root::new).collect();
        let mut watch = Self { roots, told, tell, reporting: None, trouble: None };
        watch.begin();
        watch
    }

    /// Why the system does not report changes, so that they are looked for every second.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Waits until something may have changed.
    pub fn wait(&mut self) {
        let patience = if self.reporting.is_some() { LOOK.0 } else { LOOK.1 };
        match self.told.recv_timeout(patience) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(patience),
        }
        // A folder that was deleted and made again is another folder, of which nothing would be reported.
        let replaced = self.roots.iter().any(|root| root.identity != identity(&root.path));
        if replaced || (self.reporting.is_none() && self.roots.iter().any(|root| root.identity.is_none())) {
            self.begin();
        }
    }

    fn begin(&mut self) {
        self.reporting = None;
        for root in &mut self.roots {
            root.identity = identity(&root.path);
        }
        match self.report() {
            Ok(reporting) => (self.reporting, self.trouble) = (Some(reporting), None),
            Err(error) => self.trouble = Some(error.to_string()),
        }
    }

    fn report(&self) -> notify::Result<Debouncer<RecommendedWatcher, NoCache>> {
        let tell = self.tell.clone();
        let handle = move |result: DebounceEventResult| {
            // Errors are told, too: one of them says that reports were lost.
            let matters = result.is_err()
                || result.is_ok_and(|events| events.iter().any(|event| is_change(event.kind)));
            if matters {
                _ = tell.try_send(());
            }
        };
        // A link may lead to the root of the file system; folders of the workspace are watched by their own paths.
        let config = notify::Config::default().with_follow_symlinks(false);
        let cache = NoCache::new();
        let mut reporting = new_debouncer_opt(QUIET, None, handle, cache, config)?;
        for root in &self.roots {
            reporting.watch(&root.path, root.mode)?;
        }
        Ok(reporting)
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("trouble", &self.trouble).finish_non_exhaustive()
    }
}

impl Root {
    /// A file is watched by its folder: to save by renaming puts another file in its place.
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

/// Reading changes nothing; our own is reported, too.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

/// What tells a folder from another at the same path; none where there is none.
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
