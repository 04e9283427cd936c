//! `gainsay new`: a new claim, source, actor, event …, given as options or asked for on a terminal, and written behind
//! its like. The options are made from the table of keys.

mod ask;
mod draft;
mod known;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches};

use super::load::Place;
use super::save::{exclusively, preview, write};
use super::{Color, Outcome, hint, print, style};
use crate::document::shape::{self, Key, Shape, Takes};
use crate::edit::{self, Change, Given};
use crate::finding::{Finding, Grade};
use crate::report::{snippets, text};
use crate::source::Location;
use crate::workspace::{Analysis, Options, Workspace};

use draft::Draft;

/// Something that can be new.
#[derive(Debug)]
struct What {
    /// As the command calls it.
    word: &'static str,
    /// The section it goes into; of a source the key.
    section: &'static str,
    shape: &'static Shape,
}

static WHAT: [What; 10] = [
    What { word: "claim", section: "claims", shape: &shape::CLAIM },
    What { word: "source", section: "source", shape: &shape::SOURCE },
    What { word: "actor", section: "actors", shape: &shape::ACTOR },
    What { word: "event", section: "events", shape: &shape::EVENT },
    What { word: "proposition", section: "propositions", shape: &shape::PROPOSITION },
    What { word: "series", section: "series", shape: &shape::SERIES },
    What { word: "place", section: "places", shape: &shape::TERM },
    What { word: "term", section: "terms", shape: &shape::TERM },
    What { word: "population", section: "populations", shape: &shape::POPULATION },
    What { word: "measure", section: "measures", shape: &shape::MEASURE },
];

const ABOUT: &str = "Write a new claim, source, actor, event … into the claim files";
const LONG_ABOUT: &str = "Write a new claim, source, actor, event … into the claim files.\n\n\
    A claim goes into the file of its source, a source begins a file, anything else goes where most of its kind are, \
    behind the last of them and laid out as they are. On a terminal what is missing is asked for; elsewhere it is an \
    error that names the option. What is wrong with the new entry, and what it clashes with, is shown at once.";

/// What is to be written.
#[derive(Debug)]
pub(super) struct Args {
    what: &'static What,
    id: Option<String>,
    fields: Vec<(String, Given)>,
    source: Option<String>,
    place: Place,
    file: Option<PathBuf>,
    anyway: bool,
    dry_run: bool,
}

impl clap::Args for Args {
    fn augment_args(command: clap::Command) -> clap::Command {
        let commands = WHAT.iter().map(What::command);
        command.about(ABOUT).long_about(LONG_ABOUT).subcommand_required(true).subcommands(commands)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Args {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let unknown = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (word, given) = matches.subcommand().ok_or_else(unknown)?;
        let what = WHAT.iter().find(|what| what.word == word).ok_or_else(unknown)?;
        let text = |name: &str| given.try_get_one::<String>(name).ok().flatten().cloned();
        let path = |name: &str| given.get_one::<PathBuf>(name).cloned();
        let field = |key: &&'static Key| {
            let texts: Vec<String> = given.get_many::<String>(key.name)?.cloned().collect();
            Some((key.name.to_owned(), one_or_list(texts)))
        };
        Ok(Self {
            what,
            id: text("ID"),
            fields: what.keys().filter_map(|key| field(&key)).collect(),
            source: text("SOURCE"),
            place: Place {
                path: path("PATH"),
                texts: path("TEXTS"),
                follow_links: given.get_flag("FOLLOW-LINKS"),
            },
            file: path("FILE"),
            anyway: given.get_flag("ANYWAY"),
            dry_run: given.get_flag("DRY-RUN"),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl What {
    /// The keys that are options; the id of a source is an argument, as any other id is.
    fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        let is_source = self.word == "source";
        self.shape.keys.iter().filter(move |key| !(is_source && key.name == "id"))
    }

    fn command(&self) -> clap::Command {
        let path = |name: &'static str| Arg::new(name).value_parser(clap::value_parser!(PathBuf));
        let flag = |name: &'static str| Arg::new(name).action(ArgAction::SetTrue);
        let mut command = clap::Command::new(self.word)
            .about(format!("{}: {}", self.shape.name, self.shape.doc))
            .arg(Arg::new("ID").help("Its id: lower-case words joined by hyphens"))
            .arg(path("PATH").help("The folder of claim files [default: `claims/` here, else this folder]"));
        if self.word == "claim" {
            command = command.arg(
                Arg::new("SOURCE").long("source").value_name("ID").help("The source in which it is made"),
            );
        }
        command
            .args(self.keys().map(option))
            .arg(path("FILE").long("file").value_name("FILE").help("The claim file to write it into"))
            .arg(
                path("TEXTS")
                    .long("texts")
                    .value_name("DIR")
                    .help("A folder of archived texts in which `words` are looked up"),
            )
            .arg(
                flag("FOLLOW-LINKS").long("follow-links").help(
                    "Read through links that lead out of the folder, too; nothing is written through them",
                ),
            )
            .arg(flag("ANYWAY").long("anyway").help("Write it even if it has errors"))
            .arg(flag("DRY-RUN").long("dry-run").help("Show what would be written, and write nothing"))
    }
}

/// What an option is given, or an answer that has commas.
fn one_or_list(texts: Vec<String>) -> Given {
    let texts = texts.into_iter().map(|text| text.trim().to_owned()).collect::<Vec<_>>();
    match <[String; 1]>::try_from(texts) {
        Ok([text]) => Given::One(text),
        Err(texts) => Given::List(texts),
    }
}

/// A text as it is split where several are taken.
fn several(text: &str) -> Given {
    one_or_list(text.split(',').map(str::to_owned).collect())
}

/// The option of a key. One that takes several splits them at commas, and may be repeated.
fn option(key: &'static Key) -> Arg {
    let arg = Arg::new(key.name).long(key.name).help(key.doc).allow_hyphen_values(true);
    let list = |arg: Arg| {
        let help = format!("{}; several with commas, or the option again", key.doc);
        arg.action(ArgAction::Append).value_delimiter(',').help(help)
    };
    match key.takes {
        Takes::Ids(_) => list(arg.value_name("ID")),
        Takes::Words(words) => list(arg.value_name("WORD").value_parser(PossibleValuesParser::new(words))),
        Takes::Texts => list(arg.value_name("TEXT")),
        Takes::Value => {
            // A figure may have commas; those of a choice are split once its measure is known.
            let help = format!("{}; of a choice several with commas, or the option again", key.doc);
            arg.value_name("VALUE").action(ArgAction::Append).help(help)
        }
        Takes::Word(words) => arg.value_name("WORD").value_parser(PossibleValuesParser::new(words)),
        Takes::Flag => arg.value_name("YES|NO").value_parser(PossibleValuesParser::new(["yes", "no"])),
        Takes::Id(_) => arg.value_name("ID"),
        Takes::Date => arg.value_name("DATE"),
        Takes::Locator => arg.value_name("PLACE"),
        _ => arg.value_name("TEXT"),
    }
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    args.place.refuse_part(&|folder| {
        let file = args.place.folder();
        let id = args.id.as_deref().unwrap_or("ID");
        format!("gainsay new {} {id} {folder} --file {} …", args.what.word, file.display())
    })?;
    let style = style(color);
    let is_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let read = exclusively(&args.place.folder(), !args.dry_run, || {
        let read = Reading::new(args)?;
        if is_terminal && read.draft.missing().is_some() {
            return Ok(Err(read));
        }
        let tried = read.tried(args)?;
        if !tried.is_refused(args, style)? {
            tried.write(args, style)?;
        }
        Ok(Ok(tried.outcome()))
    })?;
    read.or_else(|incomplete| asked(args, incomplete, style))
}

/// Asks for what is missing, and writes the entry once the user agrees to what would be written. Other processes may
/// write while a question is open.
fn asked(args: &Args, mut read: Reading, style: text::Style) -> anyhow::Result<Outcome> {
    read.draft.is_free(args, &read.workspace)?;
    ask::complete(
        &mut read.draft,
        &ask::Desk { args, workspace: &read.workspace, options: &read.options, model: &read.analysis.model },
        style,
    )?;
    let mut tried = read.tried(args)?;
    loop {
        if tried.is_refused(args, style)? {
            return Ok(Outcome::Findings);
        }
        if args.dry_run {
            tried.write(args, style)?;
            return Ok(tried.outcome());
        }
        preview(&args.place.folder(), std::slice::from_ref(&tried.change), style)?;
        if !ask::is_agreed(style)? {
            hint("nothing was written");
            return Ok(Outcome::Fine);
        }
        let changed = exclusively(&args.place.folder(), true, || {
            let (workspace, options) = args.place.load_or_begin()?;
            if read.draft.change(args, &workspace)? != tried.change {
                return Ok(Some((workspace, options)));
            }
            tried.write(args, style)?;
            Ok(None)
        })?;
        let Some((workspace, options)) = changed else { return Ok(tried.outcome()) };
        hint("the files changed meanwhile; this is what would be written now");
        read = Reading { analysis: workspace.analyse(&options), workspace, options, draft: read.draft };
        tried = read.tried(args)?;
    }
}

/// A workspace as it was read, and what is known of the new entry.
struct Reading {
    workspace: Workspace,
    options: Options,
    analysis: Analysis,
    draft: Draft,
}

impl Reading {
    fn new(args: &Args) -> anyhow::Result<Self> {
        let (workspace, options) = args.place.load_or_begin()?;
        let analysis = workspace.analyse(&options);
        let mut draft = Draft::new(args)?;
        draft.infer_source(args, &workspace);
        draft.split_choice(&analysis.model);
        Ok(Self { workspace, options, analysis, draft })
    }

    /// The workspace with the entry in it.
    fn tried(&self, args: &Args) -> anyhow::Result<Tried> {
        if let Some(missing) = self.draft.missing() {
            bail!(missing);
        }
        let change = self.draft.change(args, &self.workspace)?;
        Ok(Tried::new(&self.workspace, &self.analysis, &self.options, change, &self.draft))
    }
}

fn is_claim_file(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

impl Args {
    /// A file by the path under which the workspace knows it: from here, else from the folder of claim files.
    fn path_of(&self, workspace: &Workspace, file: &Path) -> String {
        let folder = self.place.folder();
        let here = crate::folder::new_file(Path::new("."), &file.to_string_lossy());
        let below = crate::folder::new_file(&folder, &file.to_string_lossy());
        if workspace.files().find(&here).is_some() || file.starts_with(&folder) || folder.is_file() {
            here
        } else {
            below
        }
    }
}

/// The workspace once the entry is written, and what is to be said of it.
struct Tried {
    change: Change,
    /// The name of the new thing in the whole workspace.
    name: String,
    workspace: Workspace,
    analysis: Analysis,
    /// What is wrong with the files that was not before.
    lints: Vec<usize>,
    /// What the claims say against each other since.
    clashes: Vec<usize>,
}

impl Tried {
    fn new(
        workspace: &Workspace,
        before: &Analysis,
        options: &Options,
        change: Change,
        draft: &Draft,
    ) -> Self {
        let mut workspace = edit::changed(workspace, std::slice::from_ref(&change));
        let id = draft.id.as_deref().unwrap_or_default();
        let entry = edit::span_of(&change.after, draft.section(), id, None);
        let file = workspace.files().find(&change.path);
        if let Some((file, span)) = file.zip(entry) {
            // However many mistakes there are in the file, those of the new entry are shown.
            workspace.focus(Location { file, span });
        }
        let analysis = workspace.analyse(options);
        let name = draft.source.as_ref().map_or_else(|| id.to_owned(), |source| format!("{source}/{id}"));
        let claim = analysis.model.find_claim(&name).filter(|_| draft.is_claim());
        let is_on_it = |finding: &Finding| {
            let at = finding.labels.first().map(|label| label.location);
            at.zip(entry).is_some_and(|(at, entry)| Some(at.file) == file && entry.holds(at.span))
        };
        let known: std::collections::BTreeSet<(&str, &str)> =
            before.on_files().map(|finding| (finding.rule, finding.message.as_str())).collect();
        let is_new_lint = |finding: &Finding| {
            // Nobody uses what is new yet.
            let is_unused = finding.rule == "unused-id" && is_on_it(finding);
            let is_new = is_on_it(finding) || !known.contains(&(finding.rule, finding.message.as_str()));
            finding.grade.is_lint() && is_new && !is_unused
        };
        let names = |finding: &Finding| {
            let evidence = finding.evidence.as_deref();
            evidence.is_some_and(|evidence| evidence.all_claims().any(|one| Some(one) == claim))
        };
        let all = |is: &dyn Fn(&Finding) -> bool| -> Vec<usize> {
            let findings = analysis.findings.iter().enumerate();
            findings.filter(|(_, finding)| is(finding)).map(|(at, _)| at).collect()
        };
        let lints = all(&is_new_lint);
        let clashes = all(&|finding| !finding.grade.is_lint() && names(finding));
        Self { change, name, workspace, analysis, lints, clashes }
    }

    /// Says what is wrong, where the entry is not written because of it.
    fn is_refused(&self, args: &Args, style: text::Style) -> anyhow::Result<bool> {
        let is_refused = self.has_errors() && !args.anyway;
        if is_refused {
            print(&self.told(style))?;
            hint("nothing was written: correct it, or write it as it is with --anyway");
        }
        Ok(is_refused)
    }

    /// Writes the change, or shows it, and says what follows from it.
    fn write(&self, args: &Args, style: text::Style) -> anyhow::Result<()> {
        if args.dry_run {
            preview(&args.place.folder(), std::slice::from_ref(&self.change), style)?;
        } else {
            write(&args.place.folder(), std::slice::from_ref(&self.change))?;
            let wrote = format!("wrote the {} `{}` into {}", args.what.word, self.name, self.change.path);
            print(&(snippets::one_line(&wrote) + "\n"))?;
        }
        print(&self.told(style))
    }

    fn outcome(&self) -> Outcome {
        if self.has_errors() { Outcome::Findings } else { Outcome::Fine }
    }

    fn has_errors(&self) -> bool {
        self.lints.iter().any(|&at| self.analysis.findings[at].grade == Grade::Error)
    }

    /// The lints in their lines of YAML, and each clash on a line.
    fn told(&self, style: text::Style) -> String {
        let mut told = String::new();
        for &at in &self.lints {
            told += &snippets::render(self.workspace.files(), &self.analysis.findings[at], style);
            told.push('\n');
        }
        for &at in &self.clashes {
            let Finding { grade, rule, message, .. } = &self.analysis.findings[at];
            told += &snippets::one_line(&format!("{grade}[{rule}]: {message}"));
            told.push('\n');
        }
        if !self.clashes.is_empty() {
            told.extend(["see `gainsay show ", self.name.as_str(), "`\n"]);
        }
        told
    }
}
