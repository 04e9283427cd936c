//! `gainsay recover`: finishes or discards changes of several files that were interrupted.

use std::path::{Path, PathBuf};

use super::load::{access, default_path};
use super::{Color, Outcome, hint, print, style};
use crate::edit;
use crate::folder::{self, FileState, RecoveryPlan, UnfinishedChange, shown_path};
use crate::report::{snippets, text};

/// Finish a change of several files that was interrupted.
///
/// A command that changes several files, such as `rename`, records the new texts first. Where a crash interrupts it, the
/// next command that writes there finishes the change; this command does nothing else. A file that was changed since is
/// not written over.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of claim files, or one claim file [default: `claims/` here, else this folder].
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,

    /// Show what would be written, and write nothing.
    #[arg(long)]
    dry_run: bool,

    /// Show what is left to do, then forget it: the record is deleted, and the files stay as they are.
    #[arg(long, conflicts_with = "dry_run")]
    discard: bool,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let path = args.path.clone().unwrap_or_else(default_path);
    folder::check_given(Path::new("."), &path)?;
    let recovery = access(false).recovery;
    let changes = if args.dry_run || args.discard {
        folder::unfinished(&recovery, &path)?
    } else {
        folder::finish(&recovery, &path)?
    };
    if changes.is_empty() {
        hint(&format!("no change of `{}` is unfinished", path.display()));
        return Ok(Outcome::Fine);
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
                "finished a change in `{}`: {}\n",
                change.root.display(),
                change.listed_files()
            )))?;
        }
    }
    Ok(if is_blocked && args.dry_run { Outcome::Findings } else { Outcome::Fine })
}

/// Shows what is left to do; whether something is in the way.
fn show(change: &UnfinishedChange, style: text::Style) -> anyhow::Result<bool> {
    let record = change.record.display();
    let plan = match change.plan() {
        Ok(plan) => plan,
        Err(why) => {
            print(&snippets::clean(&format!("the record `{record}` cannot be used: {why}\n")))?;
            return Ok(true);
        }
    };
    print(&snippets::clean(&format!("an unfinished change, recorded in `{record}`\n")))?;
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

/// How far a file is, in words.
fn state(file: &RecoveryPlan) -> String {
    match &file.state {
        FileState::Done => "has its new text".to_owned(),
        FileState::Waiting => "is to get its new text".to_owned(),
        FileState::Blocked(why) => {
            format!("{why}, and so the change cannot be finished; its new text would be")
        }
    }
}
