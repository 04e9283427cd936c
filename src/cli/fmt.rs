//! `gainsay fmt`: formats claim files.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::load::{access, default_path, recover};
use super::save::{preview, with_write_lock, write};
use super::{Color, ExitStatus, eprint_line, print, print_notices, style};
use gainsay_analysis::source::decode;
use gainsay_edit::edit::{self, FileChange, Refusal};
use gainsay_folder::folder::{self, ReplaceError};
use gainsay_report::report::{snippets, text};

/// Format claim files.
///
/// Changes indentation, spaces and blank lines, and splits mappings and lists in braces that are too long for a line.
/// Comments, quotes, the order of entries and keys, and the meaning of the files stay the same. A file that is not
/// valid YAML, or has a layout that gainsay does not support, is not changed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folders of claim files, or claim files [default: `claims/` if it exists, otherwise the working folder]. `-` reads standard input and
    /// writes to standard output.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write nothing; list the files that would change, and exit with 1 if there are any.
    #[arg(long)]
    check: bool,

    /// Show the changes as a diff, and write nothing.
    #[arg(long, visible_alias = "diff")]
    dry_run: bool,

    /// Also read files behind symbolic links that lead out of the folder; such files are never changed.
    #[arg(long)]
    follow_links: bool,

    /// Read standard input and write to standard output, as `-` does.
    #[arg(long, conflicts_with = "paths")]
    stdin: bool,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let is_piped = args.stdin || args.paths.iter().any(|path| path.as_os_str() == "-");
    if is_piped && args.paths.len() > 1 {
        bail!("`-` cannot be combined with other paths");
    }
    if is_piped {
        return format_stdin(args, color);
    }
    let paths = if args.paths.is_empty() { vec![default_path()] } else { args.paths.clone() };
    let mut summary = FormatSummary::default();
    for path in &paths {
        if !args.check && !args.dry_run {
            recover(path)?;
        }
        let read = folder::read(path, &access(args.follow_links), &|_, _| {})?;
        print_notices(&read.notices);
        for input in read.inputs {
            let read = input.content.map(decode).map_err(|why| format!("cannot be read: {why}"));
            let formatted = match read {
                Ok((_, bad)) if !bad.is_empty() => {
                    Err("was not changed: it is not valid UTF-8 or UTF-16 text".to_owned())
                }
                Ok((text, _)) => Ok(text),
                Err(why) => Err(why),
            };
            match formatted {
                Ok(text) => summary.file(args, path, &input.path, text, color)?,
                Err(why) => {
                    summary.unread += 1;
                    summary.refuse(&format!("`{}` {why}", input.path));
                }
            }
        }
    }
    Ok(summary.end(args))
}

/// How many files were read, changed and refused.
#[derive(Default)]
struct FormatSummary {
    files: usize,
    /// Files that could not be read; they are not counted in `files`.
    unread: usize,
    changed: usize,
    refused: usize,
}

impl FormatSummary {
    fn file(
        &mut self,
        args: &Args,
        workspace: &Path,
        path: &str,
        before: String,
        color: Color,
    ) -> anyhow::Result<()> {
        self.files += 1;
        match format_change(path, before) {
            Ok(None) => Ok(()),
            Ok(Some(change)) => match apply(args, workspace, change, color) {
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

    /// Skips a file that cannot be changed without damage. Any other error ends the command.
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
        eprint_line(why);
    }

    fn end(&self, args: &Args) -> ExitStatus {
        let files = |count: usize| format!("{count} {}", if count == 1 { "file" } else { "files" });
        let done = match (self.changed, args.check || args.dry_run) {
            (0, _) if self.refused > 0 => {
                let all = self.files + self.unread;
                format!(
                    "{} of {} not changed because of problems, the rest already formatted",
                    self.refused,
                    files(all)
                )
            }
            (0, _) => format!("{} already formatted", files(self.files)),
            (changed, true) => format!("{changed} of {} would change", files(self.files)),
            (changed, false) => format!("formatted {changed} of {}", files(self.files)),
        };
        eprint_line(&done);
        let fails = self.refused > 0 || (args.check && self.changed > 0);
        if fails { ExitStatus::Findings } else { ExitStatus::Success }
    }
}

/// The change that formats a file; none if it is formatted already.
fn format_change(path: &str, before: String) -> Result<Option<FileChange>, Refusal> {
    let after = edit::format(path, &before)?;
    let is_same = after == before;
    Ok((!is_same).then(|| FileChange { path: path.to_owned(), before: Some(before), after }))
}

/// Writes, shows or lists a change, and returns whether there was one. If the file changed on disk after it was read,
/// the new text is formatted instead.
fn apply(args: &Args, workspace: &Path, change: FileChange, color: Color) -> anyhow::Result<bool> {
    let path = change.path.clone();
    let list = || print(&(snippets::one_line(&path) + "\n")).map(|()| true);
    if args.dry_run {
        return preview(workspace, &[change], style(color)).map(|()| true);
    }
    if args.check {
        return list();
    }
    let mut change = Some(change);
    let is_written = with_write_lock(workspace, true, || {
        let Some(current) = &change else { return Ok(false) };
        let written = write(workspace, std::slice::from_ref(current));
        match &written {
            Err(ReplaceError::Changed { on_disk: Some(text), .. }) => {
                change = format_change(&path, text.clone())?;
            }
            Err(ReplaceError::Changed { on_disk: None, .. }) => bail!("`{path}` was deleted meanwhile"),
            _ => {}
        }
        written?;
        Ok(true)
    })?;
    if is_written { list() } else { Ok(false) }
}

/// Formats standard input to standard output, for editors.
fn format_stdin(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let mut before = String::new();
    let read = std::io::stdin().take(folder::MAX_FILE + 1).read_to_string(&mut before);
    let read = read.context("cannot read standard input")?;
    if read as u64 > folder::MAX_FILE {
        bail!("standard input has more than 64 MiB");
    }
    let after = edit::format("standard input", &before)?;
    let is_same = after == before;
    if args.dry_run {
        let change = FileChange { path: "stdin".to_owned(), before: Some(before), after };
        print(&text::render_diff(&change.diff(), style(color)))?;
    } else if !args.check {
        print(&after)?;
    }
    Ok(if args.check && !is_same { ExitStatus::Findings } else { ExitStatus::Success })
}
