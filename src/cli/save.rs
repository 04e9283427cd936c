//! Shows or writes changes of claim files. A command reads, edits and writes while it holds the lock of the workspace,
//! and starts again if a file changed meanwhile.

use std::path::Path;

use anyhow::bail;

use super::load::{access, print_finished};
use super::print;
use gainsay_edit::edit::FileChange;
use gainsay_folder::folder::{self, ReplaceError, Replacement, WriteLock};
use gainsay_report::report::text::{self, Style};

/// How often a command reads the files before it gives up. It reads more than once only if another program writes
/// without the lock: an editor, or a process on another machine if the file system cannot lock folders.
const MAX_READS: u32 = 100;

/// Runs `edit`, which reads a workspace, makes a change and writes it, while no other gainsay process writes to the
/// workspace. If a file changed on disk after `edit` read it, `edit` runs again and decides again.
///
/// If the command `writes` nothing, `edit` runs once and without the lock.
pub(super) fn with_write_lock<T>(
    workspace: &Path,
    writes: bool,
    mut edit: impl FnMut() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    if !writes {
        return edit();
    }
    let _lock = lock(workspace)?;
    let mut on_disk_before = None;
    let mut reads = 0;
    loop {
        reads += 1;
        let error = match edit() {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let Some(ReplaceError::Changed { path, on_disk }) = error.downcast_ref() else { return Err(error) };
        if on_disk.is_some() && on_disk_before == Some((path.clone(), on_disk.clone())) {
            bail!(
                "`{path}` already exists, but gainsay does not read it here, because it is hidden or ignored by git"
            );
        }
        if reads == MAX_READS {
            return Err(error);
        }
        on_disk_before = Some((path.clone(), on_disk.clone()));
        folder::pause(reads);
    }
}

/// Waits for the lock of a workspace and takes it. An interrupted change of the workspace is finished first.
pub(super) fn lock(workspace: &Path) -> anyhow::Result<WriteLock> {
    let (lock, finished) = folder::lock(&access(false).recovery, workspace)?;
    print_finished(&finished);
    Ok(lock)
}

/// Writes changes of claim files, all or none, if no file changed since it was read.
pub(super) fn write(workspace: &Path, changes: &[FileChange]) -> Result<(), ReplaceError> {
    let all: Vec<Replacement<'_>> = changes.iter().map(replacement).collect();
    folder::replace_all(&access(false).recovery, workspace, &all)
}

/// Shows changes of claim files as a diff. Returns an error if they could not be written.
pub(super) fn preview(workspace: &Path, changes: &[FileChange], style: Style) -> anyhow::Result<()> {
    changes.iter().try_for_each(|change| folder::check(workspace, &replacement(change)))?;
    changes.iter().try_for_each(|change| print(&text::render_diff(&change.diff(), style)))
}

fn replacement(FileChange { path, before, after }: &FileChange) -> Replacement<'_> {
    Replacement { path: Path::new(path), before: before.as_deref(), after }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error for a file that changed since it was read.
    fn changed(on_disk: Option<&str>) -> anyhow::Error {
        let on_disk = on_disk.map(str::to_owned);
        anyhow::Error::new(ReplaceError::Changed { path: "a.yaml".to_owned(), on_disk })
            .context("nothing was written")
    }

    #[test]
    fn with_write_lock_edits_again_while_files_change() {
        let folder = tempfile::tempdir().unwrap();
        let mut reads = 0;
        let done = with_write_lock(folder.path(), true, || {
            reads += 1;
            if reads < 5 { Err(changed(Some(&reads.to_string()))) } else { Ok(reads) }
        });
        assert_eq!(done.unwrap(), 5);
    }

    #[test]
    fn with_write_lock_edits_once_if_nothing_is_written_or_the_edit_fails() {
        let folder = tempfile::tempdir().unwrap();
        for (writes, error) in [(false, changed(Some("x"))), (true, anyhow::anyhow!("the id is taken"))] {
            let (mut reads, mut error) = (0, Some(error));
            let done = with_write_lock::<()>(folder.path(), writes, || {
                reads += 1;
                Err(error.take().expect("one reading"))
            });
            assert!(done.is_err() && reads == 1);
        }
    }

    #[test]
    fn with_write_lock_gives_up_if_the_file_is_not_among_those_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut reads = 0;
        let done = with_write_lock::<()>(folder.path(), true, || {
            reads += 1;
            Err(changed(Some("hidden")))
        });
        assert_eq!(reads, 2);
        assert!(done.unwrap_err().to_string().contains("does not read it here"));
    }

    #[test]
    fn with_write_lock_gives_up_after_many_readings() {
        let folder = tempfile::tempdir().unwrap();
        let mut reads = 0;
        let done = with_write_lock::<()>(folder.path(), true, || {
            reads += 1;
            Err(changed(None))
        });
        assert_eq!(reads, MAX_READS);
        assert!(format!("{:#}", done.unwrap_err()).contains("changed on disk"));
    }
}
