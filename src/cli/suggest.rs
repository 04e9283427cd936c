//! `gainsay suggest`: what may be one thing, listed, and merged or told apart one at a time.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use dialoguer::Select;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use smol_str::SmolStr;

use super::load::Place;
use super::save::{exclusively, preview};
use super::{Color, Outcome, hint, hint_of_errors, meant, print, style};
use crate::document::mention::Kind;
use crate::edit::{self, Change, Refusal};
use crate::report::text::Style;
use crate::report::{snippets, suggestions};
use crate::workspace::{
    Analysis, DefinitionIndex, Suggestion, Suggestions, Workspace, kind_in_words, suggest,
};

/// The kinds of things that may be one.
const KINDS: [Kind; 5] = [Kind::Actor, Kind::Subject, Kind::Place, Kind::Term, Kind::Population];

/// Suggest which ids may be one thing: actors, events, places, terms and populations whose names are alike.
///
/// The surest come first. What is apart by date, place, part and whole, or as it is written, is left out. With --apply
/// goes through them, or does one: `--apply KEEP DROP` merges DROP into KEEP, whose aliases its names become; whatever
/// referred to DROP refers to KEEP then.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,

    /// Leave out what is less like than this, from 0 to 1.
    #[arg(long, value_name = "SCORE", default_value_t = 0.0)]
    min_score: f64,

    /// Only of this kind.
    #[arg(long, value_name = "KIND", value_parser = ["actor", "event", "place", "term", "population"])]
    kind: Option<String>,

    /// How to print them.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Go through them one at a time; with two ids, do this one.
    #[arg(long, num_args = 0..=2, value_names = ["KEEP", "DROP"])]
    apply: Option<Vec<String>>,

    /// What to do with the two ids.
    #[arg(long = "as", value_enum, default_value_t = As::Merge, requires = "apply")]
    how: As,

    /// Show what would be written, and write nothing.
    #[arg(long, requires = "apply")]
    dry_run: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum As {
    /// Make one of the two; the names of the second become aliases of the first.
    #[value(alias = "alias")]
    Merge,
    /// Write on the second event that it is not the first.
    ApartFrom,
}

/// A workspace and what is known of it.
struct Desk {
    path: PathBuf,
    workspace: Workspace,
    analysis: Analysis,
    index: DefinitionIndex,
}

impl Desk {
    fn read(place: &Place) -> anyhow::Result<Self> {
        let (workspace, options) = place.load(None)?;
        let analysis = workspace.analyse(&options);
        let index = DefinitionIndex::new(&workspace);
        Ok(Self { path: place.folder(), workspace, analysis, index })
    }

    fn suggestions(&self) -> Suggestions {
        suggest(&self.analysis, &self.index)
    }

    fn changes(&self, kind: Kind, how: As, keep: &str, drop: &str) -> Result<Vec<Change>, Refusal> {
        changes_in(&self.workspace, kind, how, keep, drop)
    }

    /// Writes the changes, all or none, if the files still say what was read.
    fn write(&self, changes: &[Change]) -> anyhow::Result<()> {
        Ok(super::save::write(&self.path, changes)?)
    }
}

fn changes_in(
    workspace: &Workspace,
    kind: Kind,
    how: As,
    keep: &str,
    drop: &str,
) -> Result<Vec<Change>, Refusal> {
    match how {
        As::Merge => edit::merge(workspace, kind, keep, drop),
        As::ApartFrom => edit::tell_apart(workspace, drop, keep),
    }
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let style = style(color);
    if let Some(ids) = &args.apply {
        let ids = [&["--apply".to_owned()], ids.as_slice()].concat().join(" ");
        args.place.refuse_part(&|folder| format!("gainsay suggest {folder} {ids}"))?;
    }
    if args.apply.is_some() && !args.dry_run {
        args.place.recover()?;
    }
    match args.apply.as_deref() {
        Some([keep, drop]) => apply_one(args, keep, drop, style),
        Some([_]) => bail!("name both ids: `gainsay suggest --apply KEEP DROP`"),
        Some(_) => go_through(args, style),
        None => list(args, style),
    }
}

impl Args {
    fn wants(&self, one: &Suggestion) -> bool {
        one.score >= self.min_score && self.kind.as_deref().is_none_or(|kind| kind_in_words(one.kind) == kind)
    }
}

fn list(args: &Args, style: Style) -> anyhow::Result<Outcome> {
    let desk = Desk::read(&args.place)?;
    let all = desk.suggestions();
    let chosen: Vec<&Suggestion> = all.found.iter().filter(|one| args.wants(one)).collect();
    let files = desk.workspace.files();
    match args.format {
        Format::Json => print(&suggestions::json(files, &all, &chosen)?)?,
        Format::Text => print(&suggestions::render(files, &chosen, style))?,
    }
    hint_of_errors(&desk.analysis);
    tell_rest(&all, chosen.len());
    Ok(Outcome::Fine)
}

/// Says what is not in the list.
fn tell_rest(all: &Suggestions, shown: usize) {
    let hidden = all.found.len() - shown;
    if all.found.is_empty() {
        hint("no two names are so alike that they may be one thing");
    } else if hidden > 0 {
        hint(&format!("{hidden} more are left out by --min-score or --kind"));
    }
    all.left_out.iter().for_each(|why| hint(why));
}

fn apply_one(args: &Args, keep: &str, drop: &str, style: Style) -> anyhow::Result<Outcome> {
    if keep == drop {
        bail!("`{keep}` is named twice: name the two that are one, the one to keep first");
    }
    exclusively(&args.place.folder(), !args.dry_run, || {
        let desk = Desk::read(&args.place)?;
        let changes = desk.changes(kind_of_both(&desk.index, args, [keep, drop])?, args.how, keep, drop)?;
        if args.dry_run {
            preview(&desk.path, &changes, style)?;
        } else {
            desk.write(&changes)?;
            for change in &changes {
                print(&(snippets::one_line(&format!("wrote {}", change.path)) + "\n"))?;
            }
        }
        Ok(Outcome::Fine)
    })
}

/// The one kind of which both ids are.
fn kind_of_both(index: &DefinitionIndex, args: &Args, ids: [&str; 2]) -> anyhow::Result<Kind> {
    let is_both = |kind: &Kind| ids.iter().all(|id| index.definitions(*kind, id).next().is_some());
    let is_wanted = |kind: &Kind| args.kind.as_deref().is_none_or(|name| kind_in_words(*kind) == name);
    let kinds: Vec<Kind> = KINDS.into_iter().filter(is_wanted).filter(is_both).collect();
    match kinds.as_slice() {
        [kind] => Ok(*kind),
        [] => bail!(unknown(index, args, ids)),
        _ => bail!("`{}` and `{}` are of several kinds; say which: --kind", ids[0], ids[1]),
    }
}

/// Which of two ids is not known, and what may have been meant; or that they are of two kinds.
fn unknown(index: &DefinitionIndex, args: &Args, ids: [&str; 2]) -> String {
    let is_wanted = |kind: &Kind| args.kind.as_deref().is_none_or(|name| kind_in_words(*kind) == name);
    let kinds: Vec<Kind> = KINDS.into_iter().filter(is_wanted).collect();
    let known = || kinds.iter().flat_map(|kind| index.names(*kind)).map(SmolStr::as_str);
    let what = args.kind.as_deref().unwrap_or("actor, event, place, term or population");
    let missing = ids.into_iter().filter(|id| !known().any(|known| known == *id));
    let missing: Vec<String> =
        missing.map(|id| format!("no {what} is called `{id}`{}", meant(id, known()))).collect();
    if missing.is_empty() {
        let [keep, drop] = ids;
        return format!("`{keep}` and `{drop}` are of two kinds, which are never one");
    }
    missing.join("; ")
}

/// Asks about one pair after the other.
fn go_through(args: &Args, style: Style) -> anyhow::Result<Outcome> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        bail!("to be asked, be on a terminal; else name the two: `gainsay suggest --apply KEEP DROP`");
    }
    let theme: Box<dyn Theme> =
        if style.color { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
    let mut done: BTreeSet<(Kind, String, String)> = BTreeSet::new();
    loop {
        let desk = Desk::read(&args.place)?;
        let all = desk.suggestions();
        let key = |one: &Suggestion| {
            let [a, b] = one.sides.each_ref().map(|side| side.id.to_string());
            (one.kind, a.clone().min(b.clone()), a.max(b))
        };
        let open = || all.found.iter().filter(|one| args.wants(one) && !done.contains(&key(one)));
        let Some(next) = open().next() else {
            hint("nothing more to ask");
            all.left_out.iter().for_each(|why| hint(why));
            return Ok(Outcome::Fine);
        };
        print(&format!("\n{} to decide\n\n", open().count()))?;
        let decided = key(next);
        if !ask(&desk, next, args, theme.as_ref(), style)? {
            return Ok(Outcome::Fine);
        }
        done.insert(decided);
    }
}

/// Shows one pair, asks, and writes; false where there shall be no more.
fn ask(desk: &Desk, one: &Suggestion, args: &Args, theme: &dyn Theme, style: Style) -> anyhow::Result<bool> {
    print(&suggestions::render(desk.workspace.files(), &[one], style))?;
    let [a, b] = one.sides.each_ref().map(|side| side.id.as_str());
    let [first, second] = [a, b].map(snippets::one_line);
    let mut offers =
        vec![format!("one thing: keep {first}"), format!("one thing: keep {second}"), "skip".to_owned()];
    offers.extend((one.kind == Kind::Subject).then(|| format!("two: write it on {second}")));
    offers.push("quit".to_owned());
    let chosen = choose(theme, "are they one?", &offers)?;
    let (how, keep, drop) = match chosen {
        Some(0) => (As::Merge, a, b),
        Some(1) => (As::Merge, b, a),
        Some(2) => return Ok(true),
        Some(3) if one.kind == Kind::Subject => (As::ApartFrom, a, b),
        _ => return Ok(false),
    };
    settle(desk, one.kind, how, [keep, drop], args, theme, style)
}

/// Shows what is decided of a pair, and writes it once the user agrees to what would be written; false where there
/// shall be no more.
fn settle(
    desk: &Desk,
    kind: Kind,
    how: As,
    [keep, drop]: [&str; 2],
    args: &Args,
    theme: &dyn Theme,
    style: Style,
) -> anyhow::Result<bool> {
    let mut shown = desk.changes(kind, how, keep, drop);
    loop {
        let changes = match shown {
            Ok(changes) => changes,
            Err(refusal) => {
                hint(&refusal.to_string());
                return Ok(true);
            }
        };
        preview(&desk.path, &changes, style)?;
        if args.dry_run {
            return Ok(true);
        }
        match choose(theme, "write it?", &["write".to_owned(), "skip".to_owned(), "quit".to_owned()])? {
            Some(0) => {}
            Some(1) => return Ok(true),
            _ => return Ok(false),
        }
        let otherwise = exclusively(&desk.path, true, || {
            let now = changes_in(&args.place.load(None)?.0, kind, how, keep, drop);
            if !now.as_ref().is_ok_and(|now| *now == changes) {
                return Ok(Some(now));
            }
            desk.write(&changes)?;
            Ok(None)
        });
        match otherwise.context("nothing more was written")? {
            None => return Ok(true),
            Some(now) => shown = now,
        }
        hint("the files changed meanwhile; this is what would be written now");
    }
}

fn choose(theme: &dyn Theme, what: &str, offers: &[String]) -> anyhow::Result<Option<usize>> {
    Ok(Select::with_theme(theme).with_prompt(what).items(offers).default(0).interact_opt()?)
}
