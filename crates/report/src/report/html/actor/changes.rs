//! Changes of position: the statements in the order of time, with their speakers.

use maud::{Markup, html};
use rustc_hash::{FxHashMap, FxHashSet};

use super::ActorStatements;
use crate::report::html::PageContext;
use crate::report::html::components::grade;
use crate::report::html::pager::Pager;
use crate::report::html::text::said;
use crate::report::wording::{answer_in_full, counted};
use gainsay_analysis::document::{Certainty, Stance};
use gainsay_analysis::id::{AnswerId, Id as _, QuestionId};
use gainsay_analysis::model::Value;
use gainsay_analysis::rules::POSITION_CHANGES;

/// A longer track shows the first and the last statements, and how many are in between.
const MAX_TRACK_STEPS: usize = 6;

/// The answers of one actor to one question over time.
pub(super) struct Track {
    question: QuestionId,
    /// The index of the finding on it. None if it answered again without contradicting itself.
    finding: Option<usize>,
    answers: Vec<AnswerId>,
}

impl PageContext<'_> {
    /// The changes that findings name, most serious first, then the questions that it answered again in other words.
    pub(super) fn tracks(&self, voice: &ActorStatements) -> Vec<Track> {
        let mut tracks: Vec<Track> = Vec::new();
        for &at in &voice.findings {
            let finding = &self.analysis.findings[at];
            let Some(&question) = finding.questions().first().filter(|_| finding.rule == POSITION_CHANGES.id)
            else {
                continue;
            };
            let mut answers: Vec<AnswerId> = finding
                .claims()
                .iter()
                .flat_map(|&claim| self.index.answers(claim))
                .copied()
                .filter(|&answer| self.question_of(answer) == question)
                .collect();
            self.sort_in_time(&mut answers);
            if answers.iter().any(|&answer| voice.own.contains(&self.claim_of(answer))) {
                tracks.push(Track { question, finding: Some(at), answers });
            }
        }
        let found: FxHashSet<QuestionId> = tracks.iter().map(|track| track.question).collect();
        tracks.extend(
            self.tracks_answered_again(voice).into_iter().filter(|track| !found.contains(&track.question)),
        );
        tracks
    }

    fn sort_in_time(&self, answers: &mut [AnswerId]) {
        answers.sort_by_key(|&answer| {
            let claim = self.claim_of(answer);
            (self.model().claim(claim).said_on(), claim)
        });
    }

    /// The questions with an answer that a later one replaced.
    fn tracks_answered_again(&self, voice: &ActorStatements) -> Vec<Track> {
        let mut tracks = Vec::new();
        for answers in voice.answers.chunk_by(|&a, &b| self.question_of(a) == self.question_of(b)) {
            if !answers.iter().any(|&answer| self.is_superseded(answer)) {
                continue;
            }
            let mut answers = answers.to_vec();
            self.sort_in_time(&mut answers);
            answers.dedup_by_key(|answer| self.model().stance_in_words(*answer));
            if answers.len() > 1 {
                let question = self.question_of(answers[0]);
                tracks.push(Track { question, finding: None, answers });
            }
        }
        tracks
    }

    /// Whether an answer was a position that a later answer of its party replaced.
    fn is_superseded(&self, answer: AnswerId) -> bool {
        let (answers, at) = (&self.model().answers, answer.index());
        let is_position =
            answers.stance[at] != Stance::Declines && answers.certainty[at] != Certainty::Conditional;
        let is_compared =
            answers.value[at].ranges().is_some() || matches!(answers.value[at], Value::Choice(_));
        is_position && is_compared && !self.analysis.reasoning.current[at]
    }

    /// The section of the page.
    pub(super) fn changes(&self, tracks: &[Track], pager: &Pager) -> Markup {
        let shown = &tracks[pager.rows(tracks.len())];
        let superseded = self.successors(shown);
        html! {
            @if !tracks.is_empty() {
                section {
                    h2 { "Where its position changed" }
                    p .note { "A change is not a fault. All statements are shown, with their speaker and date. A ring marks a denial, or an answer that neither confirms nor denies." }
                    @for track in shown { (self.track(track, &superseded)) }
                    (pager.range_note(tracks.len(), "question"))
                }
            }
        }
    }

    fn successors(&self, tracks: &[Track]) -> FxHashMap<AnswerId, AnswerId> {
        let (model, graph) = (self.model(), &self.analysis.graph);
        let of = |track: &Track| self.analysis.reasoning.superseded(model, graph, track.question);
        tracks.iter().flat_map(of).collect()
    }

    fn track(&self, track: &Track, superseded: &FxHashMap<AnswerId, AnswerId>) -> Markup {
        let party = self.model().claim(self.claim_of(track.answers[0])).party;
        let hue = format!("c{}", self.index.hue(party));
        let count = track.answers.len();
        let between = count.saturating_sub(MAX_TRACK_STEPS);
        let (first, last) = if between > 0 {
            (&track.answers[..MAX_TRACK_STEPS / 2], &track.answers[count - MAX_TRACK_STEPS / 2..])
        } else {
            (&track.answers[..], &[][..])
        };
        let question = self.question_url(track.question);
        html! {
            article .change .(hue) {
                h3 { (self.asked_of(track.question)) }
                p .metaline .tight {
                    @if let Some(at) = track.finding {
                        (grade(self.analysis.findings[at].grade))
                        (self.rule_link(self.analysis.findings[at].rule))
                        @if let Some(dispute) = self.dispute(track.question) { (self.status_with_figure(dispute)) }
                    } @else { span { "Answered again without contradicting itself" } }
                }
                ol .track {
                    @for &answer in first { (self.step(answer, superseded)) }
                    @if between > 0 {
                        li .none { span .muted { "in between" } b { a href=(question) { (counted(between, "more statement")) } } }
                    }
                    @for &answer in last { (self.step(answer, superseded)) }
                }
            }
        }
    }

    fn step(&self, answer: AnswerId, superseded: &FxHashMap<AnswerId, AnswerId>) -> Markup {
        let claim = self.claim_of(answer);
        let question = self.question_of(answer);
        let asserts = self.model().answers.stance[answer.index()] == Stance::Asserts;
        html! {
            li .firm[asserts] {
                span .muted { (self.said_when(claim)) }
                b { (said(&answer_in_full(self.model(), question, answer))) }
                (self.actor_link(self.model().claim(claim).by)) ", in " (self.source_and_place(claim))
                @if superseded.contains_key(&answer) { span .muted { "; replaced by a later answer" } }
            }
        }
    }
}
