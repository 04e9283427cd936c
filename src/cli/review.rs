//! `gainsay review`: writes the decisions of a reviewer on disputes into the claim files. It asks for them one by one,
//! or takes them from options.

mod ask;
mod session;

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::load::PathArgs;
use super::save::{preview, with_write_lock};
use super::{Color, ExitStatus, eprint_line, print, style, warn_of_errors};
use gainsay_analysis::dispute::{Decision, REASONS, VERDICTS};
use gainsay_analysis::document::{Because, Verdict, Word};
use gainsay_edit::edit::{self, FileChange};
use gainsay_report::report::text;
use session::ReviewSession;

/// Review disputes: go through the open ones, or decide on one question.
///
/// Without a question, gainsay shows each open dispute and asks for a decision. With a question and --verdict, it
/// writes the decision at once. A decision goes into the claim files, as YAML next to the latest review of the question.
/// If there is none, it goes to the file that has reviews, or to a new `reviews.yaml`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of claim files or one claim file [default: `claims/` if it exists, otherwise the working folder], a question, or both. A
    /// name that is not a file or folder is taken as the question.
    #[arg(value_name = "PATH|QUESTION", num_args = 0..=2)]
    path_or_question: Vec<String>,

    /// The folder of claim files; use this if the question has the name of a file or folder.
    #[arg(long = "in", value_name = "PATH")]
    folder: Option<PathBuf>,

    /// Also read files behind symbolic links that lead out of the folder; such files are never changed.
    #[arg(long)]
    follow_links: bool,

    /// List the open disputes.
    #[arg(long, conflicts_with_all = ["verdict", "undo"])]
    list: bool,

    /// The decision.
    #[arg(long, value_name = "VERDICT", value_parser = words(&VERDICTS))]
    verdict: Option<Verdict>,

    /// The reason for the decision.
    #[arg(long, value_name = "REASON", value_parser = words(&REASONS))]
    because: Option<Because>,

    /// With `settled`: the figure that the reviewer accepts, worded as in a claim.
    #[arg(long, value_name = "FIGURE", allow_hyphen_values = true)]
    figure: Option<String>,

    /// A note in the reviewer's own words.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    note: Option<String>,

    /// The name of the reviewer.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,

    /// Use the environment variable USER as the name of the reviewer.
    #[arg(long, conflicts_with = "by")]
    by_user: bool,

    /// Write nothing if the claims have changed: compares them with this fingerprint from `gainsay show QUESTION`.
    #[arg(long, value_name = "FINGERPRINT", requires = "verdict")]
    seen: Option<String>,

    /// Remove the latest review of the question.
    #[arg(long, conflicts_with_all = ["verdict", "because", "figure", "note", "by", "by_user"])]
    undo: bool,

    /// Show the changes as a diff, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// A parser for one of the words of a table, with their meanings as help.
fn words<W: Word + Send + Sync>(table: &'static [(W, &'static str)]) -> impl TypedValueParser<Value = W> {
    let values = table.iter().map(|&(word, means)| PossibleValue::new(word.word()).help(means));
    PossibleValuesParser::new(values).try_map(|given| {
        let found = W::ALL.iter().find(|(word, _)| *word == given);
        found.map(|(_, word)| *word).ok_or("no such word")
    })
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let (paths, question) = args.paths_and_question()?;
    let read = || ReviewSession::read(&paths);
    if !args.list && !args.dry_run {
        paths.recover()?;
    }
    let style = style(color);
    if let Some(name) = &question {
        if args.undo || args.verdict.is_some() {
            let mut first = None;
            return with_write_lock(&paths.folder(), !args.dry_run, || {
                let (session, change, did) = decide(args, &paths, name, &mut first)?;
                deliver(args, &session, &change, &did, style)
            });
        }
        read_for(&paths, name)?.question(name)?;
    }
    if args.undo || args.verdict.is_some() {
        bail!("name the question: `gainsay review QUESTION …`; `--list` shows the open ones");
    }
    if args.list {
        let session = read()?;
        let open = session.open(question.as_deref());
        print(&text::render_list(&session.analysis, &open))?;
        warn_of_errors(&session.analysis);
        if open.is_empty() {
            eprint_line(&match &question {
                Some(name) => format!("`{name}` has no open dispute"),
                None => session.nothing_open_message(),
            });
        }
        return Ok(ExitStatus::Success);
    }
    if args.because.is_some() || args.figure.is_some() || args.note.is_some() {
        bail!("add the decision: --verdict open, explained, settled or irreconcilable");
    }
    let request = ask::ReviewRequest {
        question: question.as_deref(),
        by: args.reviewer()?,
        dry_run: args.dry_run,
        style,
    };
    ask::ask_about_disputes(read, request)?;
    Ok(ExitStatus::Success)
}

/// Reads the workspace; an error says that `question` was taken for a question.
fn read_for(paths: &PathArgs, question: &str) -> anyhow::Result<ReviewSession> {
    ReviewSession::read(paths)
        .with_context(|| format!("`{question}` is not a file or folder here, so it was taken as a question"))
}

/// The change that the options ask for, with a text that says what it does: it adds a review, or removes the latest
/// one. `first` is what the first reading showed: the fingerprint of the claims, or the id of the latest review. Later
/// readings must show the same.
fn decide(
    args: &Args,
    paths: &PathArgs,
    name: &str,
    first: &mut Option<String>,
) -> anyhow::Result<(ReviewSession, FileChange, String)> {
    let session = read_for(paths, name)?;
    let question = session.question(name)?;
    let (change, did) = if args.undo {
        let Some(latest) = session.analysis.model.latest_review(question) else {
            bail!("`{name}` has no review to remove");
        };
        if first.get_or_insert_with(|| latest.id.to_string()) != latest.id.as_str() {
            bail!("`{name}` has a new review since then, `{}`; nothing was removed", latest.id);
        }
        (edit::withdraw(&session.workspace, &latest.id)?, format!("removed the review `{}` from", latest.id))
    } else {
        let seen = || session.dispute(name).map(|dispute| dispute.seen.clone()).unwrap_or_default();
        let seen = args.seen.as_ref().unwrap_or_else(|| first.get_or_insert_with(seen));
        let change = session.decide(question, &args.decision()?, Some(seen))?;
        (change, format!("wrote the review of `{name}` to"))
    };
    Ok((session, change, did))
}

/// Writes a change, or shows it with `--dry-run`.
fn deliver(
    args: &Args,
    session: &ReviewSession,
    change: &FileChange,
    did: &str,
    style: text::Style,
) -> anyhow::Result<ExitStatus> {
    if args.dry_run {
        preview(session.path(), std::slice::from_ref(change), style)?;
    } else {
        session.write(change)?;
        print(&(gainsay_report::report::snippets::one_line(&format!("{did} {}", change.path)) + "\n"))?;
    }
    Ok(ExitStatus::Success)
}

impl Args {
    /// Sorts the names into the path of the claim files and the question.
    fn paths_and_question(&self) -> anyhow::Result<(PathArgs, Option<String>)> {
        let is_path = |name: &&String| self.folder.is_none() && std::path::Path::new(name).exists();
        let (paths, questions): (Vec<&String>, Vec<&String>) =
            self.path_or_question.iter().partition(is_path);
        match (paths.as_slice(), questions.as_slice()) {
            ([one, two], _) => {
                bail!("`{one}` and `{two}` are both files or folders; name only one of them, and a question")
            }
            (_, [one, two]) if self.folder.is_some() => {
                bail!("`{one}` and `{two}` are both taken as questions; name only one")
            }
            (_, [one, two]) => bail!("neither `{one}` nor `{two}` is a file or folder"),
            (paths, questions) => {
                let path = self.folder.clone().or_else(|| paths.first().map(PathBuf::from));
                let paths = PathArgs { path, texts: None, follow_links: self.follow_links };
                Ok((paths, questions.first().map(ToString::to_string)))
            }
        }
    }

    /// The name of the reviewer, if the options give one.
    fn reviewer(&self) -> anyhow::Result<Option<String>> {
        if !self.by_user {
            return Ok(self.by.clone());
        }
        let user = std::env::var("USER").ok().filter(|user| !user.is_empty());
        user.map(Some).context("the environment variable USER is not set; name the reviewer: --by NAME")
    }

    fn decision(&self) -> anyhow::Result<Decision> {
        Ok(Decision {
            verdict: self.verdict,
            because: self.because,
            figure: self.figure.clone().unwrap_or_default(),
            note: self.note.clone().unwrap_or_default(),
            by: self.reviewer()?.context("name the reviewer: --by NAME")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};

    const QUESTION: &str = "raid/killed/people";
    const CLAIMS: &str = "\
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-06-01 }
claims:
  a: { by: north, about: raid, measure: killed, value: 36, at: p1 }
  b: { by: south, about: raid, measure: killed, value: 90, at: p2 }
reviews:
  one: { question: raid/killed/people, verdict: open, by: x, on: 2026-06-02 }
";

    /// Decides twice, with a file changed between; returns the error of the second decision.
    fn second_reading(options: &[&str], text: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        std::fs::write(&file, CLAIMS).unwrap();
        let command = ["gainsay", "review", QUESTION].iter().chain(options);
        let Command::Review(args) = Cli::try_parse_from(command).unwrap().command else { panic!("a review") };
        let paths = PathArgs { path: Some(folder.path().to_owned()), texts: None, follow_links: false };
        let mut first = None;
        decide(&args, &paths, QUESTION, &mut first).unwrap();
        std::fs::write(&file, text).unwrap();
        decide(&args, &paths, QUESTION, &mut first).err().map(|error| error.to_string())
    }

    #[test]
    fn decide_refuses_a_second_reading_that_shows_other_claims() {
        let verdict = ["--verdict", "explained", "--by", "x"];
        let with_review = CLAIMS.to_owned()
            + "  two: { question: raid/killed/people, verdict: open, by: x, on: 2026-06-03 }\n";
        let with_note = CLAIMS.to_owned() + "# note\n";
        for (options, text, refusal) in [
            (&verdict[..], &with_note, None),
            (&verdict, &with_review, None),
            (&verdict, &CLAIMS.replace("value: 90", "value: 91"), Some("the claims changed")),
            (&["--undo"], &with_note, None),
            (&["--undo"], &with_review, Some("has a new review since then, `two`")),
        ] {
            let why = second_reading(options, text);
            assert_eq!(why.is_some(), refusal.is_some(), "{options:?}: {why:?}");
            assert!(why.unwrap_or_default().contains(refusal.unwrap_or_default()), "{options:?}");
        }
    }
}
