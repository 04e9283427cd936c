//! The review of a dispute: its status, the form or the command, and earlier reviews.

use maud::{Markup, html};

use crate::report::html::components::{capital, counted_in_words, standing, time};
use crate::report::html::links::encoded;
use crate::report::html::text::{plain, prose, said};
use crate::report::html::{Form, PageContext, Refused, Reviewing};
use crate::report::outline::changed;
use gainsay_analysis::dispute::{
    Decision, Difference, Dispute, FIGURE, REASONS, ReviewStatus, VERDICTS, reason_in_words, since,
};
use gainsay_analysis::document::{Verdict, Word};
use gainsay_analysis::id::QuestionId;
use gainsay_analysis::model::Review;
use gainsay_reading::period::Period;

/// The most changed claims shown side by side, and the most reviews.
const MAX_CHANGED_CLAIMS: usize = 12;
const MAX_REVIEWS: usize = 20;

/// The most lines shown of a diff between files.
const MAX_DIFF_LINES: usize = 60;

impl PageContext<'_> {
    /// The column at the side of a dispute.
    pub(super) fn review_column(&self, dispute: &Dispute, refused: Option<&Refused>) -> Markup {
        let name = self.model().question_name(dispute.question);
        let id = encoded(&name);
        let newest = dispute.reviews.first().map(|&at| &self.model().reviews[at]);
        html! {
            aside .side aria-labelledby={ "review:" (id) } {
                h2 id={ "review:" (id) } { "Review" }
                @if let (ReviewStatus::Stale, Some(review)) = (dispute.standing, newest) { (self.stale_notice(dispute, review)) }
                @if let Reviewing::Form(_) = self.reviewing { (saved_messages()) }
                @match self.reviewing {
                    Reviewing::Form(form) => (self.review_form(dispute, newest, form, refused)),
                    Reviewing::Command => (self.review_command(&name)),
                }
                (self.review_history(dispute))
            }
        }
    }

    /// A notice on a stale review: the claims as reviewed and now, side by side.
    fn stale_notice(&self, dispute: &Dispute, review: &Review) -> Markup {
        let model = self.model();
        let differences = since(model, dispute, review);
        let on = review.on.as_ref().map(Period::in_brief);
        html! {
            div .stalebox {
                p {
                    (standing(ReviewStatus::Stale)) ": open again. Reviewed as " b { (review.verdict.word()) }
                    @if let Some(figure) = &review.figure { " at " b { (said(figure)) } }
                    @if let Some(on) = &on { " on " (on) }
                    @if let Some(by) = &review.by { " by " (said(by)) }
                    "; "
                    @match &differences {
                        Some(differences) if !differences.is_empty() => {
                            (counted_in_words(differences.len(), "claim")) @if differences.len() == 1 { " has" } @else { " have" } " changed since."
                        }
                        _ => { (said(&changed(model, dispute, review.on.and_then(|on| on.last)))) "." }
                    }
                }
                @if let Some(differences) = differences.filter(|differences| !differences.is_empty()) {
                    (self.side_by_side(&differences, on.as_deref()))
                }
            }
        }
    }

    fn side_by_side(&self, differences: &[Difference], on: Option<&str>) -> Markup {
        let more = differences.len().saturating_sub(MAX_CHANGED_CLAIMS);
        let name = |difference: &Difference| {
            let claim = self.model().find_claim(&difference.claim);
            html! { @if let Some(claim) = claim { (self.claim_link(claim)) } @else { span .ref { (said(&difference.claim)) } } }
        };
        html! {
            dl .thennow {
                @for (at, difference) in differences.iter().take(MAX_CHANGED_CLAIMS).enumerate() {
                    div {
                        @if at == 0 { dt { "As reviewed" @if let Some(on) = on { " · " (on) } } } @else { dt .vh { "As reviewed" } }
                        dd .xs {
                            (name(difference)) br;
                            @match &difference.then { Some(then) => { @if difference.now.is_some() { (said(then)) } @else { del { (said(then)) } } }, None => span .muted { "not in the folder" } }
                        }
                    }
                    div {
                        @if at == 0 { dt { "Now" } } @else { dt .vh { "Now" } }
                        dd .xs {
                            (name(difference)) br;
                            @match &difference.now { Some(now) => ins { (said(now)) }, None => span .muted { "not in the folder" } }
                        }
                    }
                }
            }
            @if more > 0 { p .xs .muted { "and " (counted_in_words(more, "more claim")) } }
        }
    }

    /// The review form, filled with the text of a refused form or else the last review.
    fn review_form(
        &self,
        dispute: &Dispute,
        newest: Option<&Review>,
        form: Form<'_>,
        refused: Option<&Refused>,
    ) -> Markup {
        let name = self.model().question_name(dispute.question);
        let before = newest.map(|review| {
            let before = Decision::anew(review);
            Decision { figure: plain(&before.figure), ..before }
        });
        let filled = refused
            .map(|refused| refused.decision.clone())
            .filter(|typed| *typed != Decision::default())
            .or(before)
            .unwrap_or_default();
        html! {
            form .form #review-form method="post" action=(self.links.to("question", &name)) {
                input type="hidden" name="token" value=(form.token);
                input type="hidden" name="seen" value=(dispute.seen);
                input type="hidden" name="print" value=(form.print);
                input type="hidden" name="question" value=(name);
                (verdicts(filled.verdict))
                p {
                    label for="review-because" { "Because" }
                    select #review-because name="because" {
                        option value="" { "No reason given" }
                        @for (because, _) in REASONS { option value=(because.word()) selected[filled.because == Some(because)] { (reason_in_words(because)) } }
                    }
                }
                p {
                    label for="review-figure" { "Figure " span .muted { "(with “settled”)" } }
                    input #review-figure name="figure" type="text" value=(filled.figure) aria-describedby="review-figure-how";
                    span #review-figure-how .xs .muted { (capital(FIGURE)) }
                }
                p { label for="review-note" { "Note" } textarea #review-note name="note" { "\n" (filled.note) } }
                p {
                    label for="review-by" { "Your name" }
                    input #review-by name="by" type="text" autocomplete="name" required value=(filled.by);
                }
                p { button .primary { "Save review" } }
                p .xs .muted { "Saves to " code { (said(form.file)) } ". If the claims change first, nothing is saved." }
            }
        }
    }

    /// The command that does what a form would.
    fn review_command(&self, question: &str) -> Markup {
        let command = super::command(&[
            "gainsay",
            "review",
            question,
            "--verdict",
            "explained",
            "--because",
            "scope",
            "--by",
            "Your Name",
        ]);
        html! {
            p .notice .quiet {
                @if self.links == crate::report::html::Links::Frozen { "This is a copy of the desk. " } @else { "This desk is read-only. " }
                "To review, run:"
            }
            pre tabindex="0" { (command) }
        }
    }

    /// The reviews, the newest first. The newest can be undone.
    fn review_history(&self, dispute: &Dispute) -> Markup {
        let model = self.model();
        let more = dispute.reviews.len().saturating_sub(MAX_REVIEWS);
        html! {
            @if !dispute.reviews.is_empty() {
                h3 { "History" }
                ol .history {
                    @for (at, &review) in dispute.reviews.iter().take(MAX_REVIEWS).enumerate() {
                        @let is_current = at == 0 && dispute.standing != ReviewStatus::Stale;
                        li class=[(!is_current).then_some("past")] { (self.past_review(&model.reviews[review], at == 0 && dispute.standing == ReviewStatus::Stale)) @if at == 0 { (self.undo_form(&model.reviews[review])) } }
                    }
                    @if more > 0 { li .past { "and " (counted_in_words(more, "earlier review")) } }
                }
            }
        }
    }

    fn past_review(&self, review: &Review, is_stale: bool) -> Markup {
        html! {
            (standing(ReviewStatus::of(review.verdict)))
            @if let Some(figure) = &review.figure { " at " b { (said(figure)) } }
            @if let Some(because) = review.because { " · " (reason_in_words(because)) }
            br;
            @if let Some(on) = &review.on { (time(on)) }
            @if let Some(by) = &review.by { @if review.on.is_some() { ", " } (said(by)) }
            "."
            @if is_stale { " " span .muted { "Stale now." } }
            " " (self.place_of(review.location))
            @if let Some(note) = &review.note { br; (said(note)) }
        }
    }

    fn undo_form(&self, review: &Review) -> Markup {
        let Reviewing::Form(form) = self.reviewing else { return html! {} };
        html! {
            form method="post" action="/undo" {
                input type="hidden" name="token" value=(form.token);
                input type="hidden" name="print" value=(form.print);
                input type="hidden" name="review" value=(review.id);
                button .small aria-label={ "Undo the review " (plain(&review.id)) } { "Undo" }
            }
        }
    }

    /// Above the page: why a review was not saved, the differences on disk, and two ways to go on.
    pub(super) fn refused_notice(&self, question: QuestionId, refused: &Refused) -> Markup {
        let href = self.question_url(question);
        let more = refused.diff.lines().count().saturating_sub(MAX_DIFF_LINES);
        let has_form = self.index.dispute(question).is_some();
        let is_typed = refused.decision != Decision::default();
        html! {
            div .refused role="alert" {
                p .notice {
                    b { "Not saved." } " " (prose(&refused.why))
                    @if is_typed && has_form { " Your text is kept in the form." }
                }
                @if !has_form { (typed(&refused.decision)) }
                @if !refused.diff.is_empty() {
                    pre tabindex="0" aria-label="Differences on disk" {
                        @for line in refused.diff.lines().take(MAX_DIFF_LINES) { (changed_line(line)) "\n" }
                        @if more > 0 { "and " (counted_in_words(more, "more line")) }
                    }
                }
                p .ways {
                    a .button href=(href) { "Show the current version" }
                    @if is_typed && has_form { button .primary form="review-form" name="anyway" value="yes" { "Save mine anyway" } }
                }
            }
        }
    }
}

/// Messages after a form. The page after a form is opened with one of these ids as its fragment and shows that message.
fn saved_messages() -> Markup {
    html! {
        p .saved_messages #review-saved tabindex="-1" { b { "Saved." } " The review is below, under History." }
        p .saved_messages #review-undone tabindex="-1" { b { "Undone." } " The review was removed from the file." }
    }
}

/// The complete typed text, if the page has no form for it.
pub(in crate::report::html) fn typed(decision: &Decision) -> Markup {
    let verdict = decision.verdict.map(Word::word).unwrap_or_default();
    let because = decision.because.map(Word::word).unwrap_or_default();
    let texts = [
        ("Verdict", verdict),
        ("Because", because),
        ("Figure", &decision.figure),
        ("Note", &decision.note),
        ("Name", &decision.by),
    ];
    let typed: Vec<String> = texts
        .iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(name, text)| format!("{name}: {text}"))
        .collect();
    html! {
        @if !typed.is_empty() {
            p { label for="typed" { "Your text, to copy" } }
            textarea #typed readonly rows="8" { (typed.join("\n")) }
        }
    }
}

/// The choice of verdicts, each with its key.
fn verdicts(chosen: Option<Verdict>) -> Markup {
    html! {
        fieldset {
            legend { "Verdict" }
            @for (key, (verdict, means)) in (1..).zip(VERDICTS) {
                label .choice {
                    input type="radio" name="verdict" value=(verdict.word()) required checked[chosen == Some(verdict)];
                    span { b { (capital(verdict.word())) } " " (means) }
                    kbd aria-hidden="true" { (key) }
                }
            }
        }
    }
}

/// A line of a diff: removals struck through, additions underlined.
fn changed_line(line: &str) -> Markup {
    let gone = line.strip_prefix('-').filter(|_| !line.starts_with("---"));
    let come = line.strip_prefix('+').filter(|_| !line.starts_with("+++"));
    let indent = |text: &str| " ".repeat(text.len() - text.trim_start_matches(' ').len());
    html! {
        @if let Some(gone) = gone { "−" (indent(gone)) del { (said(gone.trim_start_matches(' '))) } }
        @else if let Some(come) = come { "+" (indent(come)) ins { (said(come.trim_start_matches(' '))) } }
        @else { span .muted { (said(line)) } }
    }
}
