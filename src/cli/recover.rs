//! `gainsay recover`: finishes or discards an interrupted change of several files.

use std::path::{Path, PathBuf};

use super::load::{access, default_path};
use super::{Color, ExitStatus, eprint_line, print, style};
use gainsay_edit::edit;
use gainsay_folder::folder::{self, FileState, RecoveryPlan, UnfinishedChange, shown_path};
use gainsay_report::report::{snippets, text};

/// Finish an interrupted change of several files.
///
/// A command that changes several files, such as `rename`, first records the new texts. If a crash interrupts it, the
/// next command that writes to the folder finishes the change. `recover` finishes it without doing anything
/// else. A file that was changed since the crash is not overwritten.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of claim files, or one claim file [default: `claims/` if it exists, otherwise the working folder].
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,

    /// Show the unfinished changes as a diff, and write nothing.
    #[arg(long)]
    dry_run: bool,

    /// Show the unfinished changes, then delete their records; the files stay as they are.
    #[arg(long, conflicts_with = "dry_run")]
    discard: bool,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let path = args.path.clone().unwrap_or_else(default_path);
    folder::check_given(Path::new("."), &path)?;
    let recovery = access(false).recovery;
    let changes = if args.dry_run || args.discard {
        folder::unfinished(&recovery, &path)?
    } else {
        folder::finish(&recovery, &path)?
    };
    if changes.is_empty() {
        eprint_line(&format!("`{}` has no unfinished change", path.display()));
        return Ok(ExitStatus::Success);
    }
    let mut is_blocked = false;
    for change in &changes {
        if args.dry_run || args.discard {
            is_blocked |= show(change, style(color))?;
        }
        if args.discard {
            change.discard().map_err(|why| {
                anyhow::anyhow!("cannot discard the record `{}`: {why}", change.record.display())
            })?;
            print(&snippets::clean(&format!("deleted the record `{}`\n", change.record.display())))?;
        } else if !args.dry_run {
            print(&snippets::clean(&format!(
                "finished an interrupted change in `{}`: {}\n",
                change.root.display(),
                change.listed_files()
            )))?;
        }
    }
    Ok(if is_blocked && args.dry_run { ExitStatus::Findings } else { ExitStatus::Success })
}

/// Shows an unfinished change, and returns whether something prevents it from being finished.
fn show(change: &UnfinishedChange, style: text::Style) -> anyhow::Result<bool> {
    let record = change.record.display();
    let plan = match change.plan() {
        Ok(plan) => plan,
        Err(why) => {
            print(&snippets::clean(&format!("the record `{record}` cannot be used: {why}\n")))?;
            return Ok(true);
        }
    };
    print(&snippets::clean(&format!("unfinished change, recorded in `{record}`\n")))?;
    for file in &plan {
        print(&snippets::clean(&format!("`{}` {}\n", shown_path(&file.path), state(file))))?;
        if file.state != FileState::Done {
            let now = file.now.as_ref().map(|now| String::from_utf8_lossy(now));
            let text = String::from_utf8_lossy(&file.text);
            print(&text::render_diff(&edit::diff(&shown_path(&file.path), now.as_deref(), &text), style))?;
        }
    }
    Ok(plan.iter().any(|file| matches!(file.state, FileState::Blocked(_))))
}

/// The state of a file of the change, as text that follows its path.
fn state(file: &RecoveryPlan) -> String {
    match &file.state {
        FileState::Done => "already has its new text".to_owned(),
        FileState::Waiting => "still has its old text".to_owned(),
        FileState::Blocked(why) => {
            format!("{why}, so the change cannot be finished; its new text would be")
        }
    }
}
