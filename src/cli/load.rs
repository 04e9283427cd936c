//! Reads the workspace of a command, with a progress bar if reading takes long.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{eprint_line, print_notices};
use gainsay_analysis::finding::Limit;
use gainsay_analysis::workspace::{Options, Workspace};
use gainsay_folder::folder::{self, Access, Followed, RecoveryDirectory, UnfinishedChange};
use gainsay_reading::period::{Day, Period};

/// The arguments that say where the claim files are, and how they are read.
#[derive(Debug, clap::Args)]
pub(super) struct PathArgs {
    /// The folder of claim files, or one claim file [default: `claims/` if it exists, otherwise the working folder].
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,

    /// A folder of archived texts, in which the `words` of claims are looked up.
    #[arg(long, value_name = "DIR")]
    pub(super) texts: Option<PathBuf>,

    /// Also read files behind symbolic links that lead out of the folder; such files are never changed.
    #[arg(long)]
    pub(super) follow_links: bool,
}

impl PathArgs {
    /// The folder of claim files: the given one, or the default.
    pub(super) fn folder(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(default_path)
    }

    /// The folder as it is shown to people: `claims/`.
    pub(super) fn display_path(&self) -> String {
        let path = self.folder();
        let slash = if path.is_dir() { "/" } else { "" };
        format!("{}{slash}", path.display().to_string().trim_end_matches('/'))
    }

    /// Reads the workspace and its archived texts.
    pub(super) fn load(&self, as_of: Option<Day>) -> anyhow::Result<(Workspace, Options)> {
        self.load_with_limit(Limit::default(), as_of)
    }

    /// As [`Self::load`], with another limit on how many findings are collected.
    pub(super) fn load_with_limit(
        &self,
        limit: Limit,
        as_of: Option<Day>,
    ) -> anyhow::Result<(Workspace, Options)> {
        let path = self.checked_folder()?;
        let progress = ReadingProgress::default();
        // The bar counts each file twice: once for reading it from disk, once for parsing it.
        let read = folder::read(&path, &self.access(), &|done, of| progress.show(done, 2 * of))?;
        let workspace =
            Workspace::read_with_limit(limit, read.inputs, &|done, of| progress.show(of + done, 2 * of));
        progress.finish();
        print_notices(&read.notices);
        let archive = folder::archived(&workspace, self.texts.as_deref());
        Ok((workspace, Options { as_of, archive }))
    }

    /// How the workspace may be read and written.
    pub(super) fn access(&self) -> Access {
        access(self.follow_links)
    }

    /// Finishes an interrupted change. Commands that write call this before they read.
    pub(super) fn recover(&self) -> anyhow::Result<()> {
        recover(&self.folder())
    }

    /// As [`Self::load`], but a folder without claim files gives an empty workspace, so that the first file can be
    /// written.
    pub(super) fn load_or_empty(&self) -> anyhow::Result<(Workspace, Options)> {
        match self.load(None) {
            Err(error) if matches!(error.downcast_ref(), Some(folder::FolderError::Empty { .. })) => {
                Ok((Workspace::read(Vec::new()), Options::default()))
            }
            loaded => loaded,
        }
    }

    /// Returns an error if the path is one file of a folder of claim files. Commands that add or change names need all
    /// files, because other files may use the names. `instead` makes the command that the error suggests, from the
    /// folder.
    pub(super) fn require_folder(&self, instead: &dyn Fn(&str) -> String) -> anyhow::Result<()> {
        let Some(file) = &self.path else { return Ok(()) };
        let Some(folder) = folder::whole_of(file) else { return Ok(()) };
        let (file, instead) = (file.display(), instead(&folder.display().to_string()));
        bail!(
            "`{file}` is one file of a folder, and this command needs all claim files of the folder; use `{instead}`"
        )
    }

    /// Reads the workspace and watches it for changes. The folder may be without claim files at first.
    pub(super) fn follow(&self, as_of: Option<Day>) -> anyhow::Result<Followed> {
        let path = self.checked_folder()?;
        let progress = ReadingProgress::default();
        let (texts, access) = (self.texts.as_deref(), self.access());
        let followed = Followed::open(&path, texts, access, as_of, &|done, of| progress.show(done, of))?;
        progress.finish();
        print_notices(followed.notices());
        Ok(followed)
    }

    /// The folder of claim files. Returns an error if the folder of archived texts cannot be read.
    fn checked_folder(&self) -> anyhow::Result<PathBuf> {
        if let Some(texts) = &self.texts {
            if !self.follow_links {
                folder::check_given(Path::new("."), texts)?;
            }
            std::fs::read_dir(texts).with_context(|| format!("cannot read `{}`", texts.display()))?;
        }
        Ok(self.folder())
    }
}

/// How a workspace may be read and written, from the environment and an option.
pub(super) fn access(follow_links: bool) -> Access {
    Access { recovery: RecoveryDirectory::from_environment(), follow_links }
}

/// Finishes an interrupted change of the workspace at `path`, and prints which files it wrote.
pub(super) fn recover(path: &Path) -> anyhow::Result<()> {
    folder::check_given(Path::new("."), path)?;
    print_finished(&folder::finish(&access(false).recovery, path)?);
    Ok(())
}

/// Prints which changes were finished.
pub(super) fn print_finished(changes: &[UnfinishedChange]) {
    for change in changes {
        eprint_line(&format!("finished an interrupted change: {}", change.listed_files()));
    }
}

/// The folder `claims/` in the current folder if it exists, otherwise the current folder.
pub(super) fn default_path() -> PathBuf {
    let claims = Path::new("claims");
    if claims.is_dir() { claims.to_owned() } else { PathBuf::from(".") }
}

/// Parses a date given on the command line; a month or year gives its last day.
pub(super) fn day(text: &str) -> Result<Day, String> {
    let period = Period::read(text).map_err(|misread| misread.message)?;
    period.nominal_last().ok_or_else(|| format!("`{text}` has no last day"))
}

/// A progress bar, shown on a terminal once reading has taken a second.
#[derive(Default)]
struct ReadingProgress {
    start: OnceLock<Instant>,
    bar: OnceLock<ProgressBar>,
}

impl ReadingProgress {
    fn show(&self, done: usize, of: usize) {
        let start = self.start.get_or_init(Instant::now);
        if start.elapsed() < Duration::from_secs(1) || !std::io::stderr().is_terminal() {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::with_draw_target(Some(of as u64), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {percent}%") {
                bar.set_style(style);
            }
            bar.set_message("reading claim files");
            bar
        });
        bar.set_position(done as u64);
    }

    fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
