//! `gainsay suggest`: lists entries that may describe the same thing, and merges them or marks them as different.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use dialoguer::Select;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use smol_str::SmolStr;

use super::load::PathArgs;
use super::save::{preview, with_write_lock};
use super::{Color, ExitStatus, did_you_mean_suffix, eprint_line, print, style, warn_of_errors};
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::workspace::{
    Analysis, DefinitionIndex, Suggestion, Suggestions, Workspace, kind_in_words, suggest,
};
use gainsay_edit::edit::{self, FileChange, Refusal};
use gainsay_report::report::text::Style;
use gainsay_report::report::{snippets, suggestions};

/// The kinds of entries that are compared.
const KINDS: [Kind; 5] = [Kind::Actor, Kind::Subject, Kind::Place, Kind::Term, Kind::Population];

/// Suggest entries that may describe the same thing: actors, events, places, terms and populations with similar names.
///
/// The most likely pairs come first. gainsay leaves out pairs that differ in date or place, pairs of a part and its
/// whole, and pairs that are marked as different. With --apply, gainsay asks about each pair. `--apply KEEP DROP` merges one pair: the names
/// of DROP become aliases of KEEP, and all references to DROP become references to KEEP.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    paths: PathArgs,

    /// Leave out pairs with a similarity below this, from 0 to 1.
    #[arg(long, value_name = "SCORE", default_value_t = 0.0)]
    min_score: f64,

    /// Only entries of this kind.
    #[arg(long, value_name = "KIND", value_parser = ["actor", "event", "place", "term", "population"])]
    kind: Option<String>,

    /// The format of the list.
    #[arg(long, value_enum, default_value_t = SuggestionFormat::Text)]
    format: SuggestionFormat,

    /// Ask about each pair and apply the decisions; with two ids, apply to this pair only.
    #[arg(long, num_args = 0..=2, value_names = ["KEEP", "DROP"])]
    apply: Option<Vec<String>>,

    /// What to do with the pair.
    #[arg(long = "as", value_enum, default_value_t = ApplyMode::Merge, requires = "apply")]
    how: ApplyMode,

    /// Show the changes as a diff, and write nothing.
    #[arg(long, requires = "apply")]
    dry_run: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum SuggestionFormat {
    /// Text for people.
    Text,
    /// JSON for programs.
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum ApplyMode {
    /// Merge the second entry into the first; its names become aliases of the first.
    #[value(alias = "alias")]
    Merge,
    /// Note on the second event that it is not the first.
    ApartFrom,
}

/// A workspace with its analysis, in which pairs are merged.
struct MergeSession {
    path: PathBuf,
    workspace: Workspace,
    analysis: Analysis,
    index: DefinitionIndex,
}

impl MergeSession {
    fn read(paths: &PathArgs) -> anyhow::Result<Self> {
        let (workspace, options) = paths.load(None)?;
        let analysis = workspace.analyse(&options);
        let index = DefinitionIndex::new(&workspace);
        Ok(Self { path: paths.folder(), workspace, analysis, index })
    }

    fn suggestions(&self) -> Suggestions {
        suggest(&self.analysis, &self.index)
    }

    fn changes(
        &self,
        kind: Kind,
        how: ApplyMode,
        keep: &str,
        drop: &str,
    ) -> Result<Vec<FileChange>, Refusal> {
        changes_in(&self.workspace, kind, how, keep, drop)
    }

    /// Writes the changes, all or none, if no file changed since it was read.
    fn write(&self, changes: &[FileChange]) -> anyhow::Result<()> {
        Ok(super::save::write(&self.path, changes)?)
    }
}

fn changes_in(
    workspace: &Workspace,
    kind: Kind,
    how: ApplyMode,
    keep: &str,
    drop: &str,
) -> Result<Vec<FileChange>, Refusal> {
    match how {
        ApplyMode::Merge => edit::merge(workspace, kind, keep, drop),
        ApplyMode::ApartFrom => edit::mark_as_different(workspace, drop, keep),
    }
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let style = style(color);
    if let Some(ids) = &args.apply {
        let ids = [&["--apply".to_owned()], ids.as_slice()].concat().join(" ");
        args.paths.require_folder(&|folder| format!("gainsay suggest {folder} {ids}"))?;
    }
    if args.apply.is_some() && !args.dry_run {
        args.paths.recover()?;
    }
    match args.apply.as_deref() {
        Some([keep, drop]) => apply_one(args, keep, drop, style),
        Some([_]) => bail!("name both ids: `gainsay suggest --apply KEEP DROP`"),
        Some(_) => ask_about_all(args, style),
        None => list(args, style),
    }
}

impl Args {
    fn wants(&self, one: &Suggestion) -> bool {
        one.score >= self.min_score && self.kind.as_deref().is_none_or(|kind| kind_in_words(one.kind) == kind)
    }
}

fn list(args: &Args, style: Style) -> anyhow::Result<ExitStatus> {
    let session = MergeSession::read(&args.paths)?;
    let all = session.suggestions();
    let chosen: Vec<&Suggestion> = all.found.iter().filter(|one| args.wants(one)).collect();
    let files = session.workspace.files();
    match args.format {
        SuggestionFormat::Json => print(&suggestions::json(files, &all, &chosen)?)?,
        SuggestionFormat::Text => print(&suggestions::render(files, &chosen, style))?,
    }
    warn_of_errors(&session.analysis);
    print_hidden(&all, chosen.len());
    Ok(ExitStatus::Success)
}

/// Prints how many suggestions are not in the list, and why.
fn print_hidden(all: &Suggestions, shown: usize) {
    let hidden = all.found.len() - shown;
    if all.found.is_empty() {
        eprint_line("no two entries have names that are similar enough");
    } else if hidden > 0 {
        eprint_line(&format!("{hidden} more are hidden by --min-score or --kind"));
    }
    all.left_out.iter().for_each(|why| eprint_line(why));
}

fn apply_one(args: &Args, keep: &str, drop: &str, style: Style) -> anyhow::Result<ExitStatus> {
    if keep == drop {
        bail!("both ids are `{keep}`: name two different entries, the one to keep first");
    }
    with_write_lock(&args.paths.folder(), !args.dry_run, || {
        let session = MergeSession::read(&args.paths)?;
        let changes =
            session.changes(kind_of_both(&session.index, args, [keep, drop])?, args.how, keep, drop)?;
        if args.dry_run {
            preview(&session.path, &changes, style)?;
        } else {
            session.write(&changes)?;
            for change in &changes {
                print(&(snippets::one_line(&format!("wrote {}", change.path)) + "\n"))?;
            }
        }
        Ok(ExitStatus::Success)
    })
}

/// The kind that both ids have. Returns an error if there is none, or more than one.
fn kind_of_both(index: &DefinitionIndex, args: &Args, ids: [&str; 2]) -> anyhow::Result<Kind> {
    let is_both = |kind: &Kind| ids.iter().all(|id| index.definitions(*kind, id).next().is_some());
    let is_wanted = |kind: &Kind| args.kind.as_deref().is_none_or(|name| kind_in_words(*kind) == name);
    let kinds: Vec<Kind> = KINDS.into_iter().filter(is_wanted).filter(is_both).collect();
    match kinds.as_slice() {
        [kind] => Ok(*kind),
        [] => bail!(unmatched_ids_error(index, args, ids)),
        _ => bail!("`{}` and `{}` exist as several kinds; choose one with --kind", ids[0], ids[1]),
    }
}

/// The error for two ids without a common kind: one id is unknown, or they have different kinds.
fn unmatched_ids_error(index: &DefinitionIndex, args: &Args, ids: [&str; 2]) -> String {
    let is_wanted = |kind: &Kind| args.kind.as_deref().is_none_or(|name| kind_in_words(*kind) == name);
    let kinds: Vec<Kind> = KINDS.into_iter().filter(is_wanted).collect();
    let known = || kinds.iter().flat_map(|kind| index.names(*kind)).map(SmolStr::as_str);
    let what = args.kind.as_deref().unwrap_or("actor, event, place, term or population");
    let missing = ids.into_iter().filter(|id| !known().any(|known| known == *id));
    let missing: Vec<String> =
        missing.map(|id| format!("no {what} is called `{id}`{}", did_you_mean_suffix(id, known()))).collect();
    if missing.is_empty() {
        let [keep, drop] = ids;
        return format!("`{keep}` and `{drop}` are different kinds of things and cannot be merged");
    }
    missing.join("; ")
}

/// Asks about each pair.
fn ask_about_all(args: &Args, style: Style) -> anyhow::Result<ExitStatus> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        bail!(
            "--apply without ids needs a terminal; to merge one pair, use `gainsay suggest --apply KEEP DROP`"
        );
    }
    let theme: Box<dyn Theme> =
        if style.color { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
    let mut done: BTreeSet<(Kind, String, String)> = BTreeSet::new();
    loop {
        let session = MergeSession::read(&args.paths)?;
        let all = session.suggestions();
        let key = |one: &Suggestion| {
            let [a, b] = one.sides.each_ref().map(|side| side.id.to_string());
            (one.kind, a.clone().min(b.clone()), a.max(b))
        };
        let open = || all.found.iter().filter(|one| args.wants(one) && !done.contains(&key(one)));
        let Some(next) = open().next() else {
            eprint_line("no more suggestions");
            all.left_out.iter().for_each(|why| eprint_line(why));
            return Ok(ExitStatus::Success);
        };
        print(&format!("\n{} left to decide\n\n", open().count()))?;
        let decided = key(next);
        if !ask_about(&session, next, args, theme.as_ref(), style)? {
            return Ok(ExitStatus::Success);
        }
        done.insert(decided);
    }
}

/// Shows one pair, asks about it and writes the decision. Returns false if the user quits.
fn ask_about(
    session: &MergeSession,
    one: &Suggestion,
    args: &Args,
    theme: &dyn Theme,
    style: Style,
) -> anyhow::Result<bool> {
    print(&suggestions::render(session.workspace.files(), &[one], style))?;
    let [a, b] = one.sides.each_ref().map(|side| side.id.as_str());
    let [first, second] = [a, b].map(snippets::one_line);
    let mut offers =
        vec![format!("the same: keep {first}"), format!("the same: keep {second}"), "skip".to_owned()];
    offers.extend((one.kind == Kind::Subject).then(|| format!("different: note it on {second}")));
    offers.push("quit".to_owned());
    let chosen = choose(theme, "are they the same?", &offers)?;
    let (how, keep, drop) = match chosen {
        Some(0) => (ApplyMode::Merge, a, b),
        Some(1) => (ApplyMode::Merge, b, a),
        Some(2) => return Ok(true),
        Some(3) if one.kind == Kind::Subject => (ApplyMode::ApartFrom, a, b),
        _ => return Ok(false),
    };
    confirm_and_write(session, one.kind, how, [keep, drop], args, theme, style)
}

/// Shows the change for one pair, and writes it once the user agrees. Returns false if the user quits.
fn confirm_and_write(
    session: &MergeSession,
    kind: Kind,
    how: ApplyMode,
    [keep, drop]: [&str; 2],
    args: &Args,
    theme: &dyn Theme,
    style: Style,
) -> anyhow::Result<bool> {
    let mut shown = session.changes(kind, how, keep, drop);
    loop {
        let changes = match shown {
            Ok(changes) => changes,
            Err(refusal) => {
                eprint_line(&refusal.to_string());
                return Ok(true);
            }
        };
        preview(&session.path, &changes, style)?;
        if args.dry_run {
            return Ok(true);
        }
        match choose(
            theme,
            "write this change?",
            &["write".to_owned(), "skip".to_owned(), "quit".to_owned()],
        )? {
            Some(0) => {}
            Some(1) => return Ok(true),
            _ => return Ok(false),
        }
        let otherwise = with_write_lock(&session.path, true, || {
            let now = changes_in(&args.paths.load(None)?.0, kind, how, keep, drop);
            if !now.as_ref().is_ok_and(|now| *now == changes) {
                return Ok(Some(now));
            }
            session.write(&changes)?;
            Ok(None)
        });
        match otherwise.context("no more changes were written")? {
            None => return Ok(true),
            Some(now) => shown = now,
        }
        eprint_line("the files changed meanwhile; this is the new change");
    }
}

fn choose(theme: &dyn Theme, what: &str, offers: &[String]) -> anyhow::Result<Option<usize>> {
    Ok(Select::with_theme(theme).with_prompt(what).items(offers).default(0).interact_opt()?)
}
