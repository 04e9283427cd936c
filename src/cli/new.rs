//! `gainsay new`: writes a new claim, source, actor, event or other entry, from options or from answers given on a
//! terminal. The options are made from the table of keys in [`shape`].

mod ask;
mod draft;
mod known;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches};

use super::load::PathArgs;
use super::save::{preview, with_write_lock, write};
use super::{Color, ExitStatus, eprint_line, print, style};
use gainsay_analysis::document::shape::{self, Key, Shape, Takes};
use gainsay_analysis::finding::{Finding, Grade};
use gainsay_analysis::rules;
use gainsay_analysis::source::Location;
use gainsay_analysis::workspace::{Analysis, Options, Workspace};
use gainsay_edit::edit::{self, FieldValue, FileChange};
use gainsay_report::report::{snippets, text};

use draft::EntryDraft;

/// A kind of entry that `gainsay new` can write.
#[derive(Debug)]
struct EntryKind {
    /// The name of the subcommand.
    word: &'static str,
    /// The section of the claim file that it is written to; for a source, the key.
    section: &'static str,
    shape: &'static Shape,
}

static ENTRY_KINDS: [EntryKind; 10] = [
    EntryKind { word: "claim", section: "claims", shape: &shape::CLAIM },
    EntryKind { word: "source", section: "source", shape: &shape::SOURCE },
    EntryKind { word: "actor", section: "actors", shape: &shape::ACTOR },
    EntryKind { word: "event", section: "events", shape: &shape::EVENT },
    EntryKind { word: "proposition", section: "propositions", shape: &shape::PROPOSITION },
    EntryKind { word: "series", section: "series", shape: &shape::SERIES },
    EntryKind { word: "place", section: "places", shape: &shape::TERM },
    EntryKind { word: "term", section: "terms", shape: &shape::TERM },
    EntryKind { word: "population", section: "populations", shape: &shape::POPULATION },
    EntryKind { word: "measure", section: "measures", shape: &shape::MEASURE },
];

const ABOUT: &str = "Add a new claim, source, actor, event or other entry to the claim files";
const LONG_ABOUT: &str = "Add a new claim, source, actor, event or other entry to the claim files.\n\n\
    A claim is added to the file of its source; a source gets a new file. Any other entry is added to the file that \
    has most of its kind, after the last of them and in the same layout. On a terminal, gainsay asks for missing \
    values; elsewhere, a missing value is an error that names the option. Mistakes in the new entry, and findings \
    on it, are shown at once.";

/// The entry to write, from the command line.
#[derive(Debug)]
pub(super) struct Args {
    kind: &'static EntryKind,
    id: Option<String>,
    fields: Vec<(String, FieldValue)>,
    source: Option<String>,
    paths: PathArgs,
    file: Option<PathBuf>,
    anyway: bool,
    dry_run: bool,
}

impl clap::Args for Args {
    fn augment_args(command: clap::Command) -> clap::Command {
        let commands = ENTRY_KINDS.iter().map(EntryKind::command);
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
        let kind = ENTRY_KINDS.iter().find(|kind| kind.word == word).ok_or_else(unknown)?;
        let text = |name: &str| given.try_get_one::<String>(name).ok().flatten().cloned();
        let path = |name: &str| given.get_one::<PathBuf>(name).cloned();
        let field = |key: &&'static Key| {
            let texts: Vec<String> = given.get_many::<String>(key.name)?.cloned().collect();
            Some((key.name.to_owned(), one_or_list(texts)))
        };
        Ok(Self {
            kind,
            id: text("ID"),
            fields: kind.keys().filter_map(|key| field(&key)).collect(),
            source: text("SOURCE"),
            paths: PathArgs {
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

impl EntryKind {
    /// The keys that become options. The id of a source is an argument, like all other ids.
    fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        let is_source = self.word == "source";
        self.shape.keys.iter().filter(move |key| !(is_source && key.name == "id"))
    }

    fn command(&self) -> clap::Command {
        let path = |name: &'static str| Arg::new(name).value_parser(clap::value_parser!(PathBuf));
        let flag = |name: &'static str| Arg::new(name).action(ArgAction::SetTrue);
        let mut command = clap::Command::new(self.word)
            .about(format!("{}: {}", self.shape.name, self.shape.doc))
            .arg(Arg::new("ID").help("The id: lower-case words joined by hyphens"))
            .arg(path("PATH").help(
                "The folder of claim files [default: `claims/` if it exists, otherwise the working folder]",
            ));
        if self.word == "claim" {
            command = command.arg(
                Arg::new("SOURCE")
                    .long("source")
                    .value_name("ID")
                    .help("The source that the claim is found in"),
            );
        }
        command
            .args(self.keys().map(option_for))
            .arg(path("FILE").long("file").value_name("FILE").help("The claim file to write to"))
            .arg(
                path("TEXTS")
                    .long("texts")
                    .value_name("DIR")
                    .help("A folder of archived texts, in which the `words` of claims are looked up"),
            )
            .arg(
                flag("FOLLOW-LINKS").long("follow-links").help(
                    "Also read files behind symbolic links that lead out of the folder; such files are never changed",
                ),
            )
            .arg(flag("ANYWAY").long("anyway").help("Write the entry even if it has errors"))
            .arg(flag("DRY-RUN").long("dry-run").help("Show the changes as a diff, and write nothing"))
    }
}

/// One value for a single text, a list otherwise; spaces around the texts are removed.
fn one_or_list(texts: Vec<String>) -> FieldValue {
    let texts = texts.into_iter().map(|text| text.trim().to_owned()).collect::<Vec<_>>();
    match <[String; 1]>::try_from(texts) {
        Ok([text]) => FieldValue::One(text),
        Err(texts) => FieldValue::List(texts),
    }
}

/// Splits a text at its commas.
fn split_at_commas(text: &str) -> FieldValue {
    one_or_list(text.split(',').map(str::to_owned).collect())
}

/// The option for a key. An option that takes several values can be repeated, or given values separated by commas.
fn option_for(key: &'static Key) -> Arg {
    let arg = Arg::new(key.name).long(key.name).help(key.doc).allow_hyphen_values(true);
    let list = |arg: Arg| {
        let help = format!("{}; separate several with commas, or repeat the option", key.doc);
        arg.action(ArgAction::Append).value_delimiter(',').help(help)
    };
    match key.takes {
        Takes::Ids(_) => list(arg.value_name("ID")),
        Takes::Words(words) => list(arg.value_name("WORD").value_parser(PossibleValuesParser::new(words))),
        Takes::Texts => list(arg.value_name("TEXT")),
        Takes::Value => {
            // A figure may contain commas. The values of a choice are split later, when the measure is known.
            let help =
                format!("{}; for a choice, separate several with commas, or repeat the option", key.doc);
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

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    args.paths.require_folder(&|folder| {
        let file = args.paths.folder();
        let id = args.id.as_deref().unwrap_or("ID");
        format!("gainsay new {} {id} {folder} --file {} …", args.kind.word, file.display())
    })?;
    let style = style(color);
    let is_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let read = with_write_lock(&args.paths.folder(), !args.dry_run, || {
        let read = EntrySession::new(args)?;
        if is_terminal && read.draft.missing().is_some() {
            return Ok(Err(read));
        }
        let tried = read.try_out(args)?;
        if !tried.is_refused(args, style)? {
            tried.write(args, style)?;
        }
        Ok(Ok(tried.outcome()))
    })?;
    read.or_else(|incomplete| ask_and_write(args, incomplete, style))
}

/// Asks for the missing values, shows the change, and writes it once the user agrees. Other processes may write to the
/// workspace while a question is open; then the new change is shown.
fn ask_and_write(args: &Args, mut read: EntrySession, style: text::Style) -> anyhow::Result<ExitStatus> {
    read.draft.check_id(args, &read.workspace)?;
    ask::complete(
        &mut read.draft,
        &ask::AnswerChecker {
            args,
            workspace: &read.workspace,
            options: &read.options,
            model: &read.analysis.model,
        },
        style,
    )?;
    let mut tried = read.try_out(args)?;
    loop {
        if tried.is_refused(args, style)? {
            return Ok(ExitStatus::Findings);
        }
        if args.dry_run {
            tried.write(args, style)?;
            return Ok(tried.outcome());
        }
        preview(&args.paths.folder(), std::slice::from_ref(&tried.change), style)?;
        if !ask::confirm(style)? {
            eprint_line("nothing was written");
            return Ok(ExitStatus::Success);
        }
        let changed = with_write_lock(&args.paths.folder(), true, || {
            let (workspace, options) = args.paths.load_or_empty()?;
            if read.draft.change(args, &workspace)? != tried.change {
                return Ok(Some((workspace, options)));
            }
            tried.write(args, style)?;
            Ok(None)
        })?;
        let Some((workspace, options)) = changed else { return Ok(tried.outcome()) };
        eprint_line("the files changed meanwhile; this is the new change");
        read = EntrySession { analysis: workspace.analyse(&options), workspace, options, draft: read.draft };
        tried = read.try_out(args)?;
    }
}

/// A workspace as it was read, and the values of the new entry so far.
struct EntrySession {
    workspace: Workspace,
    options: Options,
    analysis: Analysis,
    draft: EntryDraft,
}

impl EntrySession {
    fn new(args: &Args) -> anyhow::Result<Self> {
        let (workspace, options) = args.paths.load_or_empty()?;
        let analysis = workspace.analyse(&options);
        let mut draft = EntryDraft::new(args)?;
        draft.infer_source(args, &workspace);
        draft.split_choice(&analysis.model);
        Ok(Self { workspace, options, analysis, draft })
    }

    /// Adds the entry to the workspace in memory. Returns an error if a required value is missing.
    fn try_out(&self, args: &Args) -> anyhow::Result<EntryTrial> {
        if let Some(missing) = self.draft.missing() {
            bail!(missing);
        }
        let change = self.draft.change(args, &self.workspace)?;
        Ok(EntryTrial::new(&self.workspace, &self.analysis, &self.options, change, &self.draft))
    }
}

fn is_claim_file(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

impl Args {
    /// The path of a file as the workspace has it. `file` is relative to the current folder, or to the folder of claim
    /// files.
    fn path_of(&self, workspace: &Workspace, file: &Path) -> String {
        let folder = self.paths.folder();
        let here = gainsay_folder::folder::new_file(Path::new("."), &file.to_string_lossy());
        let below = gainsay_folder::folder::new_file(&folder, &file.to_string_lossy());
        if workspace.files().find(&here).is_some() || file.starts_with(&folder) || folder.is_file() {
            here
        } else {
            below
        }
    }
}

/// The workspace with the new entry in it, and the findings that are new.
struct EntryTrial {
    change: FileChange,
    /// The full name of the new entry: `SOURCE/CLAIM` for a claim, otherwise its id.
    name: String,
    workspace: Workspace,
    analysis: Analysis,
    /// The new mistakes in the files, as indices of findings.
    lints: Vec<usize>,
    /// The findings on the new claim, as indices.
    clashes: Vec<usize>,
}

impl EntryTrial {
    fn new(
        workspace: &Workspace,
        before: &Analysis,
        options: &Options,
        change: FileChange,
        draft: &EntryDraft,
    ) -> Self {
        let mut workspace = edit::changed(workspace, std::slice::from_ref(&change));
        let id = draft.id.as_deref().unwrap_or_default();
        let entry = edit::span_of(&change.after, draft.section(), id, None);
        let file = workspace.files().find(&change.path);
        if let Some((file, span)) = file.zip(entry) {
            // Mistakes in the new entry are shown even if the file has too many others.
            workspace.focus(Location { file, span });
        }
        let analysis = workspace.analyse(options);
        let name = draft.source.as_ref().map_or_else(|| id.to_owned(), |source| format!("{source}/{id}"));
        let claim = analysis.model.find_claim(&name).filter(|_| draft.is_claim());
        let is_on_entry = |finding: &Finding| {
            let at = finding.labels.first().map(|label| label.location);
            at.zip(entry).is_some_and(|(at, entry)| Some(at.file) == file && entry.holds(at.span))
        };
        let known: std::collections::BTreeSet<(&str, &str)> =
            before.on_files().map(|finding| (finding.rule, finding.message.as_str())).collect();
        let is_new_lint = |finding: &Finding| {
            // A new entry is always unused.
            let is_unused = finding.rule == rules::UNUSED_ID.id && is_on_entry(finding);
            let is_new = is_on_entry(finding) || !known.contains(&(finding.rule, finding.message.as_str()));
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

    /// If the entry has errors and `--anyway` is not given, prints them and returns true.
    fn is_refused(&self, args: &Args, style: text::Style) -> anyhow::Result<bool> {
        let is_refused = self.has_errors() && !args.anyway;
        if is_refused {
            print(&self.describe_findings(style))?;
            eprint_line(
                "nothing was written: correct the errors, or use --anyway to write the entry with them",
            );
        }
        Ok(is_refused)
    }

    /// Writes the change, or shows it with `--dry-run`, and prints the new findings.
    fn write(&self, args: &Args, style: text::Style) -> anyhow::Result<()> {
        if args.dry_run {
            preview(&args.paths.folder(), std::slice::from_ref(&self.change), style)?;
        } else {
            write(&args.paths.folder(), std::slice::from_ref(&self.change))?;
            let wrote = format!("wrote the {} `{}` to {}", args.kind.word, self.name, self.change.path);
            print(&(snippets::one_line(&wrote) + "\n"))?;
        }
        print(&self.describe_findings(style))
    }

    fn outcome(&self) -> ExitStatus {
        if self.has_errors() { ExitStatus::Findings } else { ExitStatus::Success }
    }

    fn has_errors(&self) -> bool {
        self.lints.iter().any(|&at| self.analysis.findings[at].grade == Grade::Error)
    }

    /// The new mistakes with their lines of YAML, then one line for each finding on the claim.
    fn describe_findings(&self, style: text::Style) -> String {
        let mut text = String::new();
        for &at in &self.lints {
            text += &snippets::render(self.workspace.files(), &self.analysis.findings[at], style);
            text.push('\n');
        }
        for &at in &self.clashes {
            let Finding { grade, rule, message, .. } = &self.analysis.findings[at];
            text += &snippets::one_line(&format!("{grade}[{rule}]: {message}"));
            text.push('\n');
        }
        if !self.clashes.is_empty() {
            text.extend(["see `gainsay show ", self.name.as_str(), "`\n"]);
        }
        text
    }
}
