//! `gainsay review`: a reviewer's decisions on disputes, asked for one by one or given as options, and written into
//! the claim files.

mod ask;
mod desk;

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::load::Place;
use super::save::{exclusively, preview};
use super::{Color, Outcome, hint, hint_of_errors, print, style};
use crate::dispute::{Decision, REASONS, VERDICTS};
use crate::document::{Because, Verdict, Word};
use crate::edit::{self, Change};
use crate::report::text;
use desk::Desk;

/// Decide on disputes: go through the open ones, or decide on one question.
///
/// Without a question, shows one open dispute after the other and asks what is decided. With a question and
/// --verdict, writes the decision at once. A decision is written as YAML into the claim files, beside the latest
/// review of the question, else where reviews are, else into `reviews.yaml`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder of claim files or one claim file [default: `claims/` here, else this folder], a question, or both.
    /// What names a file or folder is the place, anything else the question.
    #[arg(value_name = "PATH|QUESTION", num_args = 0..=2)]
    named: Vec<String>,

    /// The folder of claim files, where the question has the name of a file or folder.
    #[arg(long = "in", value_name = "PATH")]
    place: Option<PathBuf>,

    /// Read through links that lead out of the folder, too; nothing is written through them.
    #[arg(long)]
    follow_links: bool,

    /// List the open disputes.
    #[arg(long, conflicts_with_all = ["verdict", "undo"])]
    list: bool,

    /// What is decided.
    #[arg(long, value_name = "VERDICT", value_parser = words(&VERDICTS))]
    verdict: Option<Verdict>,

    /// Why.
    #[arg(long, value_name = "REASON", value_parser = words(&REASONS))]
    because: Option<Because>,

    /// With `settled`: the figure the desk stands by, as a claim would word it.
    #[arg(long, value_name = "FIGURE", allow_hyphen_values = true)]
    figure: Option<String>,

    /// The reviewer's own words on it.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    note: Option<String>,

    /// Who decides.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,

    /// Sign with the name that the environment gives as USER.
    #[arg(long, conflicts_with = "by")]
    by_user: bool,

    /// Only decide on the claims with this fingerprint; a page on the question names it.
    #[arg(long, value_name = "FINGERPRINT", requires = "verdict")]
    seen: Option<String>,

    /// Take the latest review of the question out again.
    #[arg(long, conflicts_with_all = ["verdict", "because", "figure", "note", "by", "by_user"])]
    undo: bool,

    /// Show what would be written, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// One of a list of words, each with what it means.
fn words<W: Word + Send + Sync>(table: &'static [(W, &'static str)]) -> impl TypedValueParser<Value = W> {
    let values = table.iter().map(|&(word, means)| PossibleValue::new(word.word()).help(means));
    PossibleValuesParser::new(values).try_map(|given| {
        let found = W::ALL.iter().find(|(word, _)| *word == given);
        found.map(|(_, word)| *word).ok_or("no such word")
    })
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
    let (place, question) = args.place_and_question()?;
    let read = || Desk::read(&place);
    if !args.list && !args.dry_run {
        place.recover()?;
    }
    let style = style(color);
    if let Some(name) = &question {
        if args.undo || args.verdict.is_some() {
            let mut first = None;
            return exclusively(&place.folder(), !args.dry_run, || {
                let (desk, change, did) = decide(args, &place, name, &mut first)?;
                deliver(args, &desk, &change, &did, style)
            });
        }
        read_for(&place, name)?.question(name)?;
    }
    if args.undo || args.verdict.is_some() {
        bail!("name the question: `gainsay review QUESTION …`; `--list` names those that are open");
    }
    if args.list {
        let desk = read()?;
        let open = desk.open(question.as_deref());
        print(&text::render_list(&desk.analysis, &open))?;
        hint_of_errors(&desk.analysis);
        if open.is_empty() {
            hint(&match &question {
                Some(name) => format!("nothing is open on `{name}`"),
                None => desk.nothing_open(),
            });
        }
        return Ok(Outcome::Fine);
    }
    if args.because.is_some() || args.figure.is_some() || args.note.is_some() {
        bail!("say what is decided as well: --verdict open, explained, settled or irreconcilable");
    }
    let asked =
        ask::Asked { question: question.as_deref(), by: args.signed()?, dry_run: args.dry_run, style };
    ask::go_through(read, asked)?;
    Ok(Outcome::Fine)
}

/// Reads the workspace of a question.
fn read_for(place: &Place, question: &str) -> anyhow::Result<Desk> {
    Desk::read(place).with_context(|| format!("`{question}` is not a file or folder here, and so a question"))
}

/// The change that the options decide on a question, and what it does: it writes a review, or takes the latest one out.
/// `first` is what the first reading showed: the fingerprint of the claims, or the id of the latest review. Another
/// reading must show the same.
fn decide(
    args: &Args,
    place: &Place,
    name: &str,
    first: &mut Option<String>,
) -> anyhow::Result<(Desk, Change, String)> {
    let desk = read_for(place, name)?;
    let question = desk.question(name)?;
    let (change, did) = if args.undo {
        let Some(latest) = desk.analysis.model.latest_review(question) else {
            bail!("`{name}` has no review to take out");
        };
        if first.get_or_insert_with(|| latest.id.to_string()) != latest.id.as_str() {
            bail!("`{name}` has a new review since, `{}`; nothing was taken out", latest.id);
        }
        (edit::withdraw(&desk.workspace, &latest.id)?, format!("took the review `{}` out of", latest.id))
    } else {
        let seen = || desk.dispute(name).map(|dispute| dispute.seen.clone()).unwrap_or_default();
        let seen = args.seen.as_ref().unwrap_or_else(|| first.get_or_insert_with(seen));
        let change = desk.decide(question, &args.decision()?, Some(seen))?;
        (change, format!("wrote the review of `{name}` into"))
    };
    Ok((desk, change, did))
}

/// Writes a change, or shows it.
fn deliver(
    args: &Args,
    desk: &Desk,
    change: &Change,
    did: &str,
    style: text::Style,
) -> anyhow::Result<Outcome> {
    if args.dry_run {
        preview(desk.path(), std::slice::from_ref(change), style)?;
    } else {
        desk.write(change)?;
        print(&(crate::report::snippets::one_line(&format!("{did} {}", change.path)) + "\n"))?;
    }
    Ok(Outcome::Fine)
}

impl Args {
    /// Which of the names is the place, and which the question.
    fn place_and_question(&self) -> anyhow::Result<(Place, Option<String>)> {
        let is_path = |name: &&String| self.place.is_none() && std::path::Path::new(name).exists();
        let (paths, questions): (Vec<&String>, Vec<&String>) = self.named.iter().partition(is_path);
        match (paths.as_slice(), questions.as_slice()) {
            ([one, two], _) => {
                bail!("`{one}` and `{two}` are both files or folders; name one, and a question")
            }
            (_, [one, two]) if self.place.is_some() => {
                bail!("name one question, not both `{one}` and `{two}`")
            }
            (_, [one, two]) => bail!("neither `{one}` nor `{two}` is a file or folder"),
            (paths, questions) => {
                let path = self.place.clone().or_else(|| paths.first().map(PathBuf::from));
                let place = Place { path, texts: None, follow_links: self.follow_links };
                Ok((place, questions.first().map(ToString::to_string)))
            }
        }
    }

    /// Who decides, as far as the options say.
    fn signed(&self) -> anyhow::Result<Option<String>> {
        if !self.by_user {
            return Ok(self.by.clone());
        }
        let user = std::env::var("USER").ok().filter(|user| !user.is_empty());
        user.map(Some).context("the environment has no USER; say who decides: --by NAME")
    }

    fn decision(&self) -> anyhow::Result<Decision> {
        Ok(Decision {
            verdict: self.verdict,
            because: self.because,
            figure: self.figure.clone().unwrap_or_default(),
            note: self.note.clone().unwrap_or_default(),
            by: self.signed()?.context("say who decides: --by NAME")?,
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

    /// Decides twice, as where a file changes between two readings; gives the refusal of the second time.
    fn second_reading(options: &[&str], text: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        std::fs::write(&file, CLAIMS).unwrap();
        let command = ["gainsay", "review", QUESTION].iter().chain(options);
        let Command::Review(args) = Cli::try_parse_from(command).unwrap().command else { panic!("a review") };
        let place = Place { path: Some(folder.path().to_owned()), texts: None, follow_links: false };
        let mut first = None;
        decide(&args, &place, QUESTION, &mut first).unwrap();
        std::fs::write(&file, text).unwrap();
        decide(&args, &place, QUESTION, &mut first).err().map(|error| error.to_string())
    }

    #[test]
    fn second_reading_must_show_what_the_first_one_showed() {
        let verdict = ["--verdict", "explained", "--by", "x"];
        let with_review = CLAIMS.to_owned()
            + "  two: { question: raid/killed/people, verdict: open, by: x, on: 2026-06-03 }\n";
        let with_note = CLAIMS.to_owned() + "# note\n";
        for (options, text, refusal) in [
            (&verdict[..], &with_note, None),
            (&verdict, &with_review, None),
            (&verdict, &CLAIMS.replace("value: 90", "value: 91"), Some("the claims changed")),
            (&["--undo"], &with_note, None),
            (&["--undo"], &with_review, Some("has a new review since, `two`")),
        ] {
            let why = second_reading(options, text);
            assert_eq!(why.is_some(), refusal.is_some(), "{options:?}: {why:?}");
            assert!(why.unwrap_or_default().contains(refusal.unwrap_or_default()), "{options:?}");
        }
    }
}
