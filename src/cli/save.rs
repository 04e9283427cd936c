//! Changes of claim files, shown or written. A command reads, edits and writes while it holds the lock of the workspace,
//! and does all of it again where a file changed meanwhile.

use std::path::Path;

use anyhow::bail;

use super::load::{access, say_finished};
use super::print;
use crate::edit::Change;
use crate::folder::{self, ReplaceError, Replacement, WriteLock};
use crate::report::text::{self, Style};

/// How often a command reads again. More than one reading is needed only where somebody writes without the lock: an
/// editor, or a process on another machine where the file system does not lock folders.
const MAX_READS: u32 = 100;

/// Runs `edit`, which reads a workspace, makes a change and writes it. No other gainsay process writes to the workspace
/// meanwhile. Where a file changed on disk after `edit` read it, `edit` runs again and decides again.
///
/// Where the command `writes` nothing, it runs once and without the lock.
pub(super) fn exclusively<T>(
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
                "`{path}` is on disk already, but not among the files that gainsay reads here: it is hidden or ignored by \
                 git"
            );
        }
        if reads == MAX_READS {
            return Err(error);
        }
        on_disk_before = Some((path.clone(), on_disk.clone()));
        folder::pause(reads);
    }
}

/// Waits for the right to write to a workspace. A change of it that was interrupted is finished first.
pub(super) fn lock(workspace: &Path) -> anyhow::Result<WriteLock> {
    let (lock, finished) = folder::lock(&access(false).recovery, workspace)?;
    say_finished(&finished);
    Ok(lock)
}

/// Writes changes of claim files, all or none, if the files still say what was read.
pub(super) fn write(workspace: &Path, changes: &[Change]) -> Result<(), ReplaceError> {
    let all: Vec<Replacement<'_>> = changes.iter().map(replacement).collect();
    folder::replace_all(&access(false).recovery, workspace, &all)
}

/// Shows changes of claim files as a diff, if they could be written.
pub(super) fn preview(workspace: &Path, changes: &[Change], style: Style) -> anyhow::Result<()> {
    changes.iter().try_for_each(|change| folder::check(workspace, &replacement(change)))?;
    changes.iter().try_for_each(|change| print(&text::render_diff(&change.diff(), style)))
}

fn replacement(Change { path, before, after }: &Change) -> Replacement<'_> {
    Replacement { path: Path::new(path), before: before.as_deref(), after }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that says something else at each reading.
    fn changed(on_disk: Option<&str>) -> anyhow::Error {
        let on_disk = on_disk.map(str::to_owned);
        anyhow::Error::new(ReplaceError::Changed { path: "a.yaml".to_owned(), on_disk })
            .context("nothing was written")
    }

    #[test]
    fn edit_is_made_again_while_files_change() {
        let folder = tempfile::tempdir().unwrap();
        let mut reads = 0;
        let done = exclusively(folder.path(), true, || {
            reads += 1;
            if reads < 5 { Err(changed(Some(&reads.to_string()))) } else { Ok(reads) }
        });
        assert_eq!(done.unwrap(), 5);
    }

    #[test]
    fn edit_is_made_once_where_nothing_is_written_or_it_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (writes, error) in [(false, changed(Some("x"))), (true, anyhow::anyhow!("the id is taken"))] {
            let (mut reads, mut error) = (0, Some(error));
            let done = exclusively::<()>(folder.path(), writes, || {
                reads += 1;
                Err(error.take().expect("one reading"))
            });
            assert!(done.is_err() && reads == 1);
        }
    }

    #[test]
    fn edit_is_given_up_where_reading_does_not_see_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut reads = 0;
        let done = exclusively::<()>(folder.path(), true, || {
            reads += 1;
            Err(changed(Some("hidden")))
        });
        assert_eq!(reads, 2);
        assert!(done.unwrap_err().to_string().contains("not among the files"));
    }

    #[test]
    fn edit_is_given_up_after_many_readings() {
        let folder = tempfile::tempdir().unwrap();
        let mut reads = 0;
        let done = exclusively::<()>(folder.path(), true, || {
            reads += 1;
            Err(changed(None))
        });
        assert_eq!(reads, MAX_READS);
        assert!(format!("{:#}", done.unwrap_err()).contains("changed on disk"));
    }
}
