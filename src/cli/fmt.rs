//! `gainsay fmt`: the layout of claim files evened out.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::load::{access, default_path, recover};
use super::save::{exclusively, preview, write};
use super::{Color, Outcome, hint, hint_of_notices, print, style};
use crate::edit::{self, Change, Refusal};
use crate::folder::{self, ReplaceError};
use crate::report::{snippets, text};
use crate::source::decode;

/// Even out the layout of claim files.
///
/// Indentation, blanks, blank lines, and what stands between braces too long for a line. Comments, quotes, the order
/// of entries and of keys, and everything the files say stay as they are. A file that is not YAML, or is written in a
/// way that is not understood, is left alone.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folders of claim files, or claim files [default: `claims/` here, else this folder]; `-` reads standard input and
    /// writes standard output.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write nothing; list the files that would change, and fail if there are any.
    #[arg(long)]
    check: bool,

    /// Write nothing; show what would change.
    #[arg(long, visible_alias = "diff")]
    dry_run: bool,

    /// Read through links that lead out of the folder, too; nothing is written through them.
    #[arg(long)]
    follow_links: bool,

    /// Read standard input and write standard output, as `-` does.
    #[arg(long, conflicts_with = "paths")]
    stdin: bool,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let is_piped = args.stdin || args.paths.iter().any(|path| path.as_os_str() == "-");
    if is_piped && args.paths.len() > 1 {
        bail!("`-` is standard input, and goes alone");
    }
    if is_piped {
        return piped(args, color);
    }
    let paths = if args.paths.is_empty() { vec![default_path()] } else { args.paths.clone() };
    let mut told = Told::default();
    for path in &paths {
        if !args.check && !args.dry_run {
            recover(path)?;
        }
        let read = folder::read(path, &access(args.follow_links), &|_, _| {})?;
        hint_of_notices(&read.notices);
        for input in read.inputs {
            let read = input.content.map(decode).map_err(|why| format!("cannot be read: {why}"));
            let formatted = match read {
                Ok((_, bad)) if !bad.is_empty() => {
                    Err("is left alone: it holds bytes that are no text".to_owned())
                }
                Ok((text, _)) => Ok(text),
                Err(why) => Err(why),
            };
            match formatted {
                Ok(text) => told.file(args, path, &input.path, text, color)?,
                Err(why) => {
                    told.unread += 1;
                    told.refuse(&format!("`{}` {why}", input.path));
                }
            }
        }
    }
    Ok(told.end(args))
}

/// What became of the files.
#[derive(Default)]
struct Told {
    files: usize,
    /// Files that were not even read, which are not among `files`.
    unread: usize,
    changed: usize,
    refused: usize,
}

impl Told {
    fn file(
        &mut self,
        args: &Args,
        workspace: &Path,
        path: &str,
        before: String,
        color: Color,
    ) -> anyhow::Result<()> {
        self.files += 1;
        match laid_out(path, before) {
            Ok(None) => Ok(()),
            Ok(Some(change)) => match put(args, workspace, change, color) {
                Ok(is_changed) => {
                    self.changed += usize::from(is_changed);
                    Ok(())
                }
                Err(error) => self.refuse_or_fail(error),
            },
            Err(refusal) => {
                self.refuse(&refusal.to_string());
                Ok(())
            }
        }
    }

    /// Leaves a file alone that cannot be written without damage. Any other error ends the command.
    fn refuse_or_fail(&mut self, error: anyhow::Error) -> anyhow::Result<()> {
        let is_barred = matches!(error.downcast_ref(), Some(ReplaceError::Barred { .. }));
        if !is_barred && !error.is::<Refusal>() {
            return Err(error);
        }
        self.refuse(&format!("{error:#}"));
        Ok(())
    }

    fn refuse(&mut self, why: &str) {
        self.refused += 1;
        hint(why);
    }

    fn end(&self, args: &Args) -> Outcome {
        let files = |count: usize| format!("{count} {}", if count == 1 { "file" } else { "files" });
        let done = match (self.changed, args.check || args.dry_run) {
            (0, _) if self.refused > 0 => {
                let all = self.files + self.unread;
                format!("{} of {} left alone, nothing to even out in the rest", self.refused, files(all))
            }
            (0, _) => format!("nothing to even out in {}", files(self.files)),
            (changed, true) => format!("{changed} of {} would change", files(self.files)),
            (changed, false) => format!("evened out {changed} of {}", files(self.files)),
        };
        hint(&done);
        let fails = self.refused > 0 || (args.check && self.changed > 0);
        if fails { Outcome::Findings } else { Outcome::Fine }
    }
}

/// The change that lays a file out; none where it is laid out already.
fn laid_out(path: &str, before: String) -> Result<Option<Change>, Refusal> {
    let after = edit::format(path, &before)?;
    let is_same = after == before;
    Ok((!is_same).then(|| Change { path: path.to_owned(), before: Some(before), after }))
}

/// Writes, shows or lists a change; whether there was one. Where the file changed after it was read, what it says now
/// is laid out.
fn put(args: &Args, workspace: &Path, change: Change, color: Color) -> anyhow::Result<bool> {
    let path = change.path.clone();
    let list = || print(&(snippets::one_line(&path) + "\n")).map(|()| true);
    if args.dry_run {
        return preview(workspace, &[change], style(color)).map(|()| true);
    }
    if args.check {
        return list();
    }
    let mut change = Some(change);
    let is_written = exclusively(workspace, true, || {
        let Some(current) = &change else { return Ok(false) };
        let written = write(workspace, std::slice::from_ref(current));
        match &written {
            Err(ReplaceError::Changed { on_disk: Some(text), .. }) => change = laid_out(&path, text.clone())?,
            Err(ReplaceError::Changed { on_disk: None, .. }) => bail!("`{path}` is gone"),
            _ => {}
        }
        written?;
        Ok(true)
    })?;
    if is_written { list() } else { Ok(false) }
}

/// Standard input to standard output, for editors.
fn piped(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let mut before = String::new();
    let read = std::io::stdin().take(folder::MAX_FILE + 1).read_to_string(&mut before);
    let read = read.context("cannot read standard input")?;
    if read as u64 > folder::MAX_FILE {
        bail!("standard input has more than 64 MiB");
    }
    let after = edit::format("standard input", &before)?;
    let is_same = after == before;
    if args.dry_run {
        let change = Change { path: "stdin".to_owned(), before: Some(before), after };
        print(&text::render_diff(&change.diff(), style(color)))?;
    } else if !args.check {
        print(&after)?;
    }
    Ok(if args.check && !is_same { Outcome::Findings } else { Outcome::Fine })
}
