//! Answers in words, for lists and sentences.

use maud::{Markup, html};
use rustc_hash::FxHashSet;

use crate::report::html::PageContext;
use crate::report::html::components::counted_in_words;
use crate::report::html::text::said;
use crate::report::wording::answer_in_full;
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::document::Stance;
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId};
use gainsay_analysis::model::Value;
use gainsay_reading::period::Day;

/// The most speakers in the sentences at the top of a page.
const MAX_NAMED_SPEAKERS: usize = 3;

impl PageContext<'_> {
    /// The sort key of an answer by time. On one day, a response comes after the claims it may respond to;
    /// then names decide.
    pub(in crate::report::html) fn spoken(&self, answer: AnswerId) -> (Day, bool, ClaimId) {
        let claim = self.claim_of(answer);
        let row = self.model().claim(claim);
        (row.said_on(), row.response.is_some(), claim)
    }

    /// The party of an answer, or the outlet that states it as fact.
    pub(in crate::report::html) fn spoken_by(&self, answer: AnswerId) -> ActorId {
        let claim = self.claim_of(answer);
        let row = self.model().claim(claim);
        if self.model().is_own_voice(claim) { row.by } else { row.party }
    }

    /// An answer with its stance. For a denied figure, also says if the party gives no other.
    pub(in crate::report::html) fn answered(&self, asked: QuestionId, answer: AnswerId) -> String {
        let model = self.model();
        let words = answer_in_full(model, asked, answer);
        if self.is_bare_denial(answer) { format!("{words}, gives no figure") } else { words }
    }

    /// Whether an answer denies a figure and its party does not give one.
    fn is_bare_denial(&self, answer: AnswerId) -> bool {
        let answers = &self.model().answers;
        let is_figure =
            |at: usize| matches!(answers.value[at], Value::Figure(_) | Value::Share(..) | Value::Change(..));
        let at = answer.index();
        if answers.stance[at] != Stance::Denies || !is_figure(at) {
            return false;
        }
        !self.index.gives_figure(answers.question[at], answers.party[at])
    }

    /// Sentences on who says what, earliest first; then how many more there are.
    pub(super) fn question_lede(&self, question: QuestionId, dispute: Option<&Dispute>) -> Markup {
        let model = self.model();
        let mut answers: Vec<AnswerId> = match dispute {
            Some(dispute) => {
                let named = dispute.positions.iter().map(|position| position.named_by);
                let others = dispute.positions.iter().flat_map(|position| &position.answers).copied();
                named.chain(others).chain(dispute.aside.iter().copied()).collect()
            }
            None => model.answers_to(question).collect(),
        };
        let positions = dispute.map_or(0, |dispute| dispute.positions.len());
        let rest = positions.min(MAX_NAMED_SPEAKERS).min(answers.len());
        answers[rest..].sort_by_key(|&answer| self.spoken(answer));
        let mut speakers = FxHashSet::default();
        let mut shown: Vec<AnswerId> = Vec::new();
        for (at, &answer) in answers.iter().enumerate() {
            let is_new = speakers.insert(self.spoken_by(answer));
            if shown.len() < MAX_NAMED_SPEAKERS && (is_new || at < rest) {
                shown.push(answer);
            }
        }
        let named: FxHashSet<ActorId> = shown.iter().map(|&answer| self.spoken_by(answer)).collect();
        shown.sort_by_key(|&answer| self.spoken(answer));
        let more = speakers.len() - named.len();
        html! {
            @if !shown.is_empty() {
                p .lede {
                    @for (at, &answer) in shown.iter().enumerate() { (self.answer_sentence(question, answer, &shown[..at])) " " }
                    @if more > 0 { (counted_in_words(more, "more speaker")) @if more == 1 { " answers." } @else { " answer." } }
                }
            }
        }
    }

    /// `Pakistan says at least 80.` A denial of the sentence before says `that`.
    fn answer_sentence(&self, asked: QuestionId, answer: AnswerId, before: &[AnswerId]) -> Markup {
        let model = self.model();
        let (at, claim) = (answer.index(), self.claim_of(answer));
        let is_named = model.answers.question[at] == asked
            && before.iter().any(|&other| self.claim_of(other) == model.answers.origin[at]);
        let words = answer_in_full(model, asked, answer);
        let verb = if model.is_own_voice(claim) { "states" } else { "says" };
        html! {
            (self.voice(claim)) " "
            @match model.answers.stance[at] {
                Stance::Asserts if matches!(model.answers.value[at], Value::Step(..)) => { (verb) " “" (said(&words)) "”" }
                Stance::Asserts => { (verb) " " (said(&words)) }
                Stance::Denies if self.is_bare_denial(answer) && is_named => "rejects that and gives no figure",
                Stance::Denies if self.is_bare_denial(answer) => { (said(&words)) " and gives no figure" }
                Stance::Denies if is_named => "denies that",
                _ => { (said(&words)) }
            }
            "."
        }
    }
}
