//! Reading the workspace a command is about, with progress where it takes long.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{hint, hint_of_notices};
use crate::finding::Limit;
use crate::folder::{self, Access, Followed, RecoveryDirectory, UnfinishedChange};
use crate::period::{Day, Period};
use crate::workspace::{Options, Workspace};

/// Where the claim files are.
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// The folder of claim files, or one claim file [default: `claims/` here, else this folder].
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,

    /// A folder of archived texts in which `words` are looked up.
    #[arg(long, value_name = "DIR")]
    pub(super) texts: Option<PathBuf>,

    /// Read through links that lead out of the folder, too; nothing is written through them.
    #[arg(long)]
    pub(super) follow_links: bool,
}

impl Place {
    /// Where the claim files are: as given, or the usual place.
    pub(super) fn folder(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(default_path)
    }

    /// The same for people to read: `claims/`.
    pub(super) fn in_words(&self) -> String {
        let path = self.folder();
        let slash = if path.is_dir() { "/" } else { "" };
        format!("{}{slash}", path.display().to_string().trim_end_matches('/'))
    }

    /// Reads the workspace and what goes with it.
    pub(super) fn load(&self, as_of: Option<Day>) -> anyhow::Result<(Workspace, Options)> {
        self.load_within(Limit::default(), as_of)
    }

    /// The same with another limit of the findings that are collected.
    pub(super) fn load_within(
        &self,
        limit: Limit,
        as_of: Option<Day>,
    ) -> anyhow::Result<(Workspace, Options)> {
        let path = self.checked()?;
        let progress = Progress::default();
        // Each file is taken from the disk, then read: two steps of the bar.
        let read = folder::read(&path, &self.access(), &|done, of| progress.show(done, 2 * of))?;
        let workspace =
            Workspace::read_within(limit, read.inputs, &|done, of| progress.show(of + done, 2 * of));
        progress.finish();
        hint_of_notices(&read.notices);
        let archive = folder::archived(&workspace, self.texts.as_deref());
        Ok((workspace, Options { as_of, archive }))
    }

    /// How the workspace is reached.
    pub(super) fn access(&self) -> Access {
        access(self.follow_links)
    }

    /// Finishes a change that was interrupted, for commands that write; they call this before they read.
    pub(super) fn recover(&self) -> anyhow::Result<()> {
        recover(&self.folder())
    }

    /// The same, without archived texts where there is no claim file yet: whoever writes the first begins with nothing.
    pub(super) fn load_or_begin(&self) -> anyhow::Result<(Workspace, Options)> {
        match self.load(None) {
            Err(error) if matches!(error.downcast_ref(), Some(folder::FolderError::Empty { .. })) => {
                Ok((Workspace::read(Vec::new()), Options::default()))
            }
            loaded => loaded,
        }
    }

    /// Refuses one file of a folder of claim files, for whatever changes or adds names: what the other files say of them
    /// must be seen. `instead` is the command to use, given the folder.
    pub(super) fn refuse_part(&self, instead: &dyn Fn(&str) -> String) -> anyhow::Result<()> {
        let Some(file) = &self.path else { return Ok(()) };
        let Some(folder) = folder::whole_of(file) else { return Ok(()) };
        let (file, instead) = (file.display(), instead(&folder.display().to_string()));
        bail!(
            "`{file}` is one file of a folder of claim files, which must be seen as a whole; say `{instead}`"
        )
    }

    /// Reads the workspace and follows it; a folder without claim files may get some.
    pub(super) fn follow(&self, as_of: Option<Day>) -> anyhow::Result<Followed> {
        let path = self.checked()?;
        let progress = Progress::default();
        let (texts, access) = (self.texts.as_deref(), self.access());
        let followed = Followed::open(&path, texts, access, as_of, &|done, of| progress.show(done, of))?;
        progress.finish();
        hint_of_notices(followed.notices());
        Ok(followed)
    }

    /// The folder, once it is known that the archived texts can be read.
    fn checked(&self) -> anyhow::Result<PathBuf> {
        if let Some(texts) = &self.texts {
            if !self.follow_links {
                folder::check_given(Path::new("."), texts)?;
            }
            std::fs::read_dir(texts).with_context(|| format!("cannot read `{}`", texts.display()))?;
        }
        Ok(self.folder())
    }
}

/// How a workspace is reached, by what the environment and an option say.
pub(super) fn access(follow_links: bool) -> Access {
    Access { recovery: RecoveryDirectory::from_environment(), follow_links }
}

/// Finishes a change of the workspace at a path that was interrupted, and says so.
pub(super) fn recover(path: &Path) -> anyhow::Result<()> {
    folder::check_given(Path::new("."), path)?;
    say_finished(&folder::finish(&access(false).recovery, path)?);
    Ok(())
}

/// Says which changes were finished.
pub(super) fn say_finished(changes: &[UnfinishedChange]) {
    for change in changes {
        hint(&format!("finished a change that was interrupted: {}", change.listed_files()));
    }
}

/// `claims/` under the working folder, else that folder.
pub(super) fn default_path() -> PathBuf {
    let claims = Path::new("claims");
    if claims.is_dir() { claims.to_owned() } else { PathBuf::from(".") }
}

/// A day given on the command line.
pub(super) fn day(text: &str) -> Result<Day, String> {
    let period = Period::read(text).map_err(|misread| misread.message)?;
    period.nominal_last().ok_or_else(|| format!("`{text}` has no last day"))
}

/// A bar on a terminal, once reading has taken a second.
#[derive(Default)]
struct Progress {
    start: OnceLock<Instant>,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
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
