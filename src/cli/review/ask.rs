//! Open disputes one after the other on a terminal: each is shown, asked about, and its review written once the
//! reviewer has seen what would be written. What changed on disk meanwhile is told, and asked about again.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;

use anyhow::bail;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Input, Select};

use super::Desk;
use crate::cli::save::{lock, preview};
use crate::cli::{hint, hint_of_errors, print};
use crate::dispute::{Decision, Dispute, FIGURE, REASONS, VERDICTS, reason_in_words};
use crate::document::{Because, Verdict, Word as _};
use crate::edit::{Change, Refusal};
use crate::folder::ReplaceError;
use crate::report::text::{self, Style};

/// What was asked for.
pub(super) struct Asked<'a> {
    /// One question, reviewed or not; else all that are open.
    pub(super) question: Option<&'a str>,
    /// Who decides, where an option says so.
    pub(super) by: Option<String>,
    pub(super) dry_run: bool,
    pub(super) style: Style,
}

/// What comes of a dispute that is asked about.
enum Came {
    /// Its review is written.
    Written,
    /// Another time.
    Skip,
    /// No more of them.
    Quit,
    /// The answers have to be given again.
    Ask,
    /// The claims are others by now.
    Show(Box<Desk>),
}

/// Goes through the open disputes, or asks about one question.
pub(super) fn go_through(read: impl Fn() -> anyhow::Result<Desk>, asked: Asked<'_>) -> anyhow::Result<()> {
    let is_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !is_terminal {
        bail!(
            "to be asked, be on a terminal; else decide with `gainsay review QUESTION --verdict … --by …`, or see `gainsay \
             review --list`"
        );
    }
    let theme: Box<dyn Theme> =
        if asked.style.color { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
    let mut desk = read()?;
    if let Some(name) = asked.question {
        desk.question(name)?;
        if desk.dispute(name).is_none() {
            bail!("nothing was found on `{name}`: there is nothing to decide");
        }
    }
    hint_of_errors(&desk.analysis);
    if asked.question.is_none() && desk.open(None).is_empty() {
        return print(&format!("{}\n", desk.nothing_open()));
    }
    let by = asked.by.unwrap_or_default();
    let mut round = Round { read, theme, by, dry_run: asked.dry_run, style: asked.style };
    let (mut done, mut written) = (BTreeSet::new(), 0);
    while let Some(name) = next(&desk, asked.question, &done) {
        let left = if asked.question.is_some() { 1 } else { left(&desk, &done) };
        print(&format!("\n{left} to decide\n\n"))?;
        let came = round.dispute(&mut desk, &name)?;
        done.insert(name);
        match came {
            Came::Quit => break,
            Came::Written => written += 1,
            _ => {}
        }
    }
    let reviews = if written == 1 { "review" } else { "reviews" };
    let how = if round.dry_run { "would be written" } else { "written" };
    print(&format!("\n{written} {reviews} {how}\n"))
}

/// What was decided last on a question, to be decided anew.
fn decided(desk: &Desk, name: &str) -> Decision {
    let model = &desk.analysis.model;
    let newest = desk.dispute(name).and_then(|dispute| dispute.reviews.first());
    newest.map(|&at| Decision::anew(&model.reviews[at])).unwrap_or_default()
}

/// The dispute to ask about: the one named, else the gravest that is open and was not asked about.
fn next(desk: &Desk, question: Option<&str>, done: &BTreeSet<String>) -> Option<String> {
    let names = match question {
        Some(name) => vec![name.to_owned()],
        None => desk.open(None).into_iter().map(|dispute| name_of(desk, dispute)).collect(),
    };
    names.into_iter().find(|name| !done.contains(name))
}

fn left(desk: &Desk, done: &BTreeSet<String>) -> usize {
    desk.open(None).into_iter().filter(|dispute| !done.contains(&name_of(desk, dispute))).count()
}

fn name_of(desk: &Desk, dispute: &Dispute) -> String {
    desk.analysis.model.question_name(dispute.question)
}

/// One run through disputes.
struct Round<R> {
    read: R,
    theme: Box<dyn Theme>,
    /// Who decided last.
    by: String,
    dry_run: bool,
    style: Style,
}

impl<R: Fn() -> anyhow::Result<Desk>> Round<R> {
    /// Shows a dispute, asks what is decided, and writes it; `desk` becomes what was last read of the files.
    fn dispute(&mut self, desk: &mut Desk, name: &str) -> anyhow::Result<Came> {
        let mut decision = decided(desk, name);
        decision.by.clone_from(&self.by);
        let mut came = None;
        loop {
            if let Some(Came::Show(now)) = came {
                *desk = *now;
            }
            let Some(dispute) = desk.dispute(name) else {
                hint(&format!("nothing is found on `{name}` any more"));
                return Ok(Came::Skip);
            };
            print(&text::render_dispute(&desk.analysis, dispute, self.style))?;
            came = Some(self.decide(desk, name, &mut decision)?);
            if !matches!(came, Some(Came::Show(_))) {
                if matches!(came, Some(Came::Written)) && !self.dry_run {
                    *desk = (self.read)()?;
                }
                return Ok(came.unwrap_or(Came::Skip));
            }
        }
    }

    /// Asks until a decision is written, or put off, or about other claims by now.
    fn decide(&mut self, desk: &Desk, name: &str, decision: &mut Decision) -> anyhow::Result<Came> {
        loop {
            if let Some(came) = self.ask(desk, name, decision)? {
                return Ok(came);
            }
            self.by.clone_from(&decision.by);
            match self.settle(desk, name, decision)? {
                Came::Ask => {}
                came => return Ok(came),
            }
        }
    }

    /// Shows what a decision would write and writes it, if nothing that was shown has changed since.
    fn settle(&self, shown: &Desk, name: &str, decision: &Decision) -> anyhow::Result<Came> {
        let mut agreed: Option<Change> = None;
        let mut tries = 0..3;
        loop {
            // Other processes wait while the change that was agreed to is made again and written; not while somebody is
            // asked.
            let lock = agreed.is_some().then(|| lock(shown.path())).transpose()?;
            let now = (self.read)()?;
            let change = match now.decide_as_shown(shown, name, decision) {
                Ok(change) => change,
                Err(refusal) => return self.refused(&refusal, now),
            };
            if agreed.as_ref() == Some(&change) {
                match now.write(&change) {
                    Ok(()) => {
                        print(&format!(
                            "written into {}\n",
                            crate::report::snippets::one_line(&change.path)
                        ))?;
                        return Ok(Came::Written);
                    }
                    // Others may write as well, and then it is looked at again. What changes at each look, or is
                    // there and is no file of the workspace, is not written to.
                    Err(ReplaceError::Changed { .. }) if tries.next().is_some() => continue,
                    Err(error) => return Err(error.into()),
                }
            }
            drop(lock);
            if agreed.is_some() {
                hint("the file changed meanwhile; this is what would be written now");
            }
            print("\n")?;
            preview(shown.path(), std::slice::from_ref(&change), self.style)?;
            if self.dry_run {
                return Ok(Came::Written);
            }
            match self.choose("write it?", &["write", "change the answers", "skip", "quit"], 0)? {
                Some(0) => agreed = Some(change),
                Some(1) => return Ok(Came::Ask),
                Some(2) => return Ok(Came::Skip),
                _ => return Ok(Came::Quit),
            }
        }
    }

    /// Says why nothing can be written, and what changed.
    fn refused(&self, refusal: &Refusal, now: Desk) -> anyhow::Result<Came> {
        hint(&refusal.to_string());
        print(&text::render_diff(&refusal.diff(), self.style))?;
        Ok(match refusal {
            Refusal::ClaimsChanged { .. } => Came::Show(Box::new(now)),
            Refusal::Undecided(_) => Came::Ask,
            _ => Came::Skip,
        })
    }

    /// Asks what is decided; none where everything is answered.
    fn ask(&self, desk: &Desk, name: &str, decision: &mut Decision) -> anyhow::Result<Option<Came>> {
        let offers = VERDICTS.iter().map(|(verdict, means)| format!("{}: {means}", verdict.word()));
        let offers: Vec<String> = offers.chain(["skip", "quit"].map(str::to_owned)).collect();
        let known = VERDICTS.iter().position(|(verdict, _)| decision.verdict == Some(*verdict));
        let Some(chosen) = self.choose("verdict", &offers, known.unwrap_or(0))? else {
            return Ok(Some(Came::Quit));
        };
        let Some((verdict, _)) = VERDICTS.get(chosen) else {
            return Ok(Some(if chosen == VERDICTS.len() { Came::Skip } else { Came::Quit }));
        };
        decision.verdict = Some(*verdict);
        let reasons = REASONS.iter().map(|(reason, _)| reason_in_words(*reason));
        let reasons: Vec<String> = std::iter::once("none given".to_owned()).chain(reasons).collect();
        let known = REASONS.iter().position(|(reason, _)| decision.because == Some(*reason));
        let Some(chosen) = self.choose("because", &reasons, known.map_or(0, |at| at + 1))? else {
            return Ok(Some(Came::Quit));
        };
        decision.because = chosen.checked_sub(1).and_then(|at| REASONS.get(at)).map(|(reason, _)| *reason);
        decision.figure = match verdict {
            Verdict::Settled => self.figure(desk, name, &decision.figure)?,
            _ => String::new(),
        };
        let no_note =
            (decision.because == Some(Because::Other)).then_some("`other` needs a note that says what");
        decision.note = self.text("note", &decision.note, no_note)?;
        decision.by = self.text("name", &decision.by, Some("say who decides"))?;
        Ok(None)
    }

    /// The figure the desk stands by; asked again until it can be read.
    fn figure(&self, desk: &Desk, name: &str, known: &str) -> anyhow::Result<String> {
        let model = &desk.analysis.model;
        let question = model.find_question(name);
        let reads = |figure: &String| match question.and_then(|question| model.misread(question, figure)) {
            Some(unread) => Err(unread.message),
            None => Ok(()),
        };
        let input = Input::<String>::with_theme(self.theme.as_ref()).with_prompt(format!("figure, {FIGURE}"));
        Ok(input.with_initial_text(known).validate_with(reads).interact_text()?)
    }

    /// A text; asked again while it is empty, where that is refused.
    fn text(&self, what: &str, known: &str, refusal: Option<&'static str>) -> anyhow::Result<String> {
        let input = Input::<String>::with_theme(self.theme.as_ref()).with_prompt(what);
        let is_said = |text: &String| match refusal {
            Some(refusal) if text.trim().is_empty() => Err(refusal),
            _ => Ok(()),
        };
        Ok(input.with_initial_text(known).allow_empty(true).validate_with(is_said).interact_text()?)
    }

    /// The place of what was chosen; none where the reviewer wants out.
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
