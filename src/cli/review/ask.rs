//! Goes through open disputes on a terminal: shows each, asks for a decision, and writes the review once the reviewer
//! has seen and accepted the change. If files changed meanwhile, it shows the dispute and asks again.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;

use anyhow::bail;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Input, Select};

use super::ReviewSession;
use crate::cli::save::{lock, preview};
use crate::cli::{eprint_line, print, warn_of_errors};
use gainsay_analysis::dispute::{Decision, Dispute, FIGURE, REASONS, VERDICTS, reason_in_words};
use gainsay_analysis::document::{Because, Verdict, Word as _};
use gainsay_edit::edit::{FileChange, Refusal};
use gainsay_folder::folder::ReplaceError;
use gainsay_report::report::text::{self, Style};

/// What to ask about, from the options.
pub(super) struct ReviewRequest<'a> {
    /// The question to decide, reviewed or not; without it, all open disputes.
    pub(super) question: Option<&'a str>,
    /// The name of the reviewer, if an option gives it.
    pub(super) by: Option<String>,
    pub(super) dry_run: bool,
    pub(super) style: Style,
}

/// How asking about a dispute ended.
enum DisputeOutcome {
    /// The review is written.
    Written,
    /// The reviewer skipped the dispute.
    Skip,
    /// The reviewer wants to stop.
    Quit,
    /// The reviewer is to answer the questions again.
    Ask,
    /// The claims changed; the dispute is to be shown again.
    Show(Box<ReviewSession>),
}

/// Goes through the open disputes, or asks about one question.
pub(super) fn ask_about_disputes(
    read: impl Fn() -> anyhow::Result<ReviewSession>,
    request: ReviewRequest<'_>,
) -> anyhow::Result<()> {
    let is_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !is_terminal {
        bail!(
            "asking for decisions needs a terminal; use `gainsay review QUESTION --verdict … --by …`, or `gainsay review --list`"
        );
    }
    let theme: Box<dyn Theme> =
        if request.style.color { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
    let mut session = read()?;
    if let Some(name) = request.question {
        session.question(name)?;
        if session.dispute(name).is_none() {
            bail!("there are no findings on `{name}`, so there is nothing to decide");
        }
    }
    warn_of_errors(&session.analysis);
    if request.question.is_none() && session.open(None).is_empty() {
        return print(&format!("{}\n", session.nothing_open_message()));
    }
    let by = request.by.unwrap_or_default();
    let mut round = ReviewRound { read, theme, by, dry_run: request.dry_run, style: request.style };
    let (mut done, mut written) = (BTreeSet::new(), 0);
    while let Some(name) = next_question(&session, request.question, &done) {
        let count_open = if request.question.is_some() { 1 } else { count_open(&session, &done) };
        print(&format!("\n{count_open} left to decide\n\n"))?;
        let outcome = round.dispute(&mut session, &name)?;
        done.insert(name);
        match outcome {
            DisputeOutcome::Quit => break,
            DisputeOutcome::Written => written += 1,
            _ => {}
        }
    }
    let reviews = if written == 1 { "review" } else { "reviews" };
    let how = if round.dry_run { "would be written" } else { "written" };
    print(&format!("\n{written} {reviews} {how}\n"))
}

/// The latest decision on a question, as the starting point of a new one.
fn latest_decision(session: &ReviewSession, name: &str) -> Decision {
    let model = &session.analysis.model;
    let newest = session.dispute(name).and_then(|dispute| dispute.reviews.first());
    newest.map(|&at| Decision::anew(&model.reviews[at])).unwrap_or_default()
}

/// The name of the next question to ask about: the requested one, or the most serious open one that is not in `done`.
fn next_question(session: &ReviewSession, question: Option<&str>, done: &BTreeSet<String>) -> Option<String> {
    let names = match question {
        Some(name) => vec![name.to_owned()],
        None => session.open(None).into_iter().map(|dispute| question_name(session, dispute)).collect(),
    };
    names.into_iter().find(|name| !done.contains(name))
}

fn count_open(session: &ReviewSession, done: &BTreeSet<String>) -> usize {
    session.open(None).into_iter().filter(|dispute| !done.contains(&question_name(session, dispute))).count()
}

fn question_name(session: &ReviewSession, dispute: &Dispute) -> String {
    session.analysis.model.question_name(dispute.question)
}

/// One run through the disputes.
struct ReviewRound<R> {
    read: R,
    theme: Box<dyn Theme>,
    /// The name of the reviewer, as given for the last decision.
    by: String,
    dry_run: bool,
    style: Style,
}

impl<R: Fn() -> anyhow::Result<ReviewSession>> ReviewRound<R> {
    /// Shows a dispute, asks for a decision and writes it. `session` is replaced whenever the files are read again.
    fn dispute(&mut self, session: &mut ReviewSession, name: &str) -> anyhow::Result<DisputeOutcome> {
        let mut decision = latest_decision(session, name);
        decision.by.clone_from(&self.by);
        let mut outcome = None;
        loop {
            if let Some(DisputeOutcome::Show(now)) = outcome {
                *session = *now;
            }
            let Some(dispute) = session.dispute(name) else {
                eprint_line(&format!("there are no findings on `{name}` any more"));
                return Ok(DisputeOutcome::Skip);
            };
            print(&text::render_dispute(&session.analysis, dispute, self.style))?;
            outcome = Some(self.decide(session, name, &mut decision)?);
            if !matches!(outcome, Some(DisputeOutcome::Show(_))) {
                if matches!(outcome, Some(DisputeOutcome::Written)) && !self.dry_run {
                    *session = (self.read)()?;
                }
                return Ok(outcome.unwrap_or(DisputeOutcome::Skip));
            }
        }
    }

    /// Asks until the decision is written or skipped, or the claims have changed.
    fn decide(
        &mut self,
        session: &ReviewSession,
        name: &str,
        decision: &mut Decision,
    ) -> anyhow::Result<DisputeOutcome> {
        loop {
            if let Some(outcome) = self.ask(session, name, decision)? {
                return Ok(outcome);
            }
            self.by.clone_from(&decision.by);
            match self.confirm_and_write(session, name, decision)? {
                DisputeOutcome::Ask => {}
                outcome => return Ok(outcome),
            }
        }
    }

    /// Shows the change for a decision and writes it once the reviewer agrees, unless the files have changed since.
    fn confirm_and_write(
        &self,
        shown: &ReviewSession,
        name: &str,
        decision: &Decision,
    ) -> anyhow::Result<DisputeOutcome> {
        let mut agreed: Option<FileChange> = None;
        let mut tries = 0..3;
        loop {
            // The lock is only held while the accepted change is made again and written, not while the reviewer is
            // asked.
            let lock = agreed.is_some().then(|| lock(shown.path())).transpose()?;
            let now = (self.read)()?;
            let change = match now.decide_as_shown(shown, name, decision) {
                Ok(change) => change,
                Err(refusal) => return self.show_refusal(&refusal, now),
            };
            if agreed.as_ref() == Some(&change) {
                match now.write(&change) {
                    Ok(()) => {
                        print(&format!(
                            "written to {}\n",
                            gainsay_report::report::snippets::one_line(&change.path)
                        ))?;
                        return Ok(DisputeOutcome::Written);
                    }
                    // Another program wrote the file: read it again, but only a few times. A file that changes each
                    // time, or that exists but is not read as part of the workspace, is not written.
                    Err(ReplaceError::Changed { .. }) if tries.next().is_some() => continue,
                    Err(error) => return Err(error.into()),
                }
            }
            drop(lock);
            if agreed.is_some() {
                eprint_line("the file changed meanwhile; this is the new change");
            }
            print("\n")?;
            preview(shown.path(), std::slice::from_ref(&change), self.style)?;
            if self.dry_run {
                return Ok(DisputeOutcome::Written);
            }
            match self.choose("write this change?", &["write", "change the answers", "skip", "quit"], 0)? {
                Some(0) => agreed = Some(change),
                Some(1) => return Ok(DisputeOutcome::Ask),
                Some(2) => return Ok(DisputeOutcome::Skip),
                _ => return Ok(DisputeOutcome::Quit),
            }
        }
    }

    /// Prints why nothing can be written, with a diff of what changed.
    fn show_refusal(&self, refusal: &Refusal, now: ReviewSession) -> anyhow::Result<DisputeOutcome> {
        eprint_line(&refusal.to_string());
        print(&text::render_diff(&refusal.diff(), self.style))?;
        Ok(match refusal {
            Refusal::ClaimsChanged { .. } => DisputeOutcome::Show(Box::new(now)),
            Refusal::Undecided(_) => DisputeOutcome::Ask,
            _ => DisputeOutcome::Skip,
        })
    }

    /// Asks for all parts of a decision; none once everything is answered.
    fn ask(
        &self,
        session: &ReviewSession,
        name: &str,
        decision: &mut Decision,
    ) -> anyhow::Result<Option<DisputeOutcome>> {
        let offers = VERDICTS.iter().map(|(verdict, means)| format!("{}: {means}", verdict.word()));
        let offers: Vec<String> = offers.chain(["skip", "quit"].map(str::to_owned)).collect();
        let known = VERDICTS.iter().position(|(verdict, _)| decision.verdict == Some(*verdict));
        let Some(chosen) = self.choose("verdict", &offers, known.unwrap_or(0))? else {
            return Ok(Some(DisputeOutcome::Quit));
        };
        let Some((verdict, _)) = VERDICTS.get(chosen) else {
            return Ok(Some(if chosen == VERDICTS.len() {
                DisputeOutcome::Skip
            } else {
                DisputeOutcome::Quit
            }));
        };
        decision.verdict = Some(*verdict);
        let reasons = REASONS.iter().map(|(reason, _)| reason_in_words(*reason));
        let reasons: Vec<String> = std::iter::once("no reason given".to_owned()).chain(reasons).collect();
        let known = REASONS.iter().position(|(reason, _)| decision.because == Some(*reason));
        let Some(chosen) = self.choose("because", &reasons, known.map_or(0, |at| at + 1))? else {
            return Ok(Some(DisputeOutcome::Quit));
        };
        decision.because = chosen.checked_sub(1).and_then(|at| REASONS.get(at)).map(|(reason, _)| *reason);
        decision.figure = match verdict {
            Verdict::Settled => self.figure(session, name, &decision.figure)?,
            _ => String::new(),
        };
        let no_note = (decision.because == Some(Because::Other)).then_some("the reason `other` needs a note");
        decision.note = self.text("note", &decision.note, no_note)?;
        decision.by = self.text("name", &decision.by, Some("the name is required"))?;
        Ok(None)
    }

    /// Asks for the accepted figure until it can be read.
    fn figure(&self, session: &ReviewSession, name: &str, known: &str) -> anyhow::Result<String> {
        let model = &session.analysis.model;
        let question = model.find_question(name);
        let reads = |figure: &String| match question.and_then(|question| model.figure_error(question, figure))
        {
            Some(unread) => Err(unread.message),
            None => Ok(()),
        };
        let input = Input::<String>::with_theme(self.theme.as_ref()).with_prompt(format!("figure, {FIGURE}"));
        Ok(input.with_initial_text(known).validate_with(reads).interact_text()?)
    }

    /// Asks for a text. If `refusal` is given, it is shown for an empty text, and the text is asked for again.
    fn text(&self, what: &str, known: &str, refusal: Option<&'static str>) -> anyhow::Result<String> {
        let input = Input::<String>::with_theme(self.theme.as_ref()).with_prompt(what);
        let is_said = |text: &String| match refusal {
            Some(refusal) if text.trim().is_empty() => Err(refusal),
            _ => Ok(()),
        };
        Ok(input.with_initial_text(known).allow_empty(true).validate_with(is_said).interact_text()?)
    }

    /// The index of the chosen item; none if the reviewer cancels.
    fn choose<T: std::fmt::Display>(
        &self,
        what: &str,
        offers: &[T],
        first: usize,
    ) -> anyhow::Result<Option<usize>> {
        let select = Select::with_theme(self.theme.as_ref()).with_prompt(what).items(offers);
        Ok(select.default(first).interact_opt()?)
    }
}
