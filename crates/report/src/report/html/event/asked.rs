//! The questions on an event and its parts, and who answers what; tolls side by side.

use std::collections::BTreeMap;

use maud::{Markup, html};
use rustc_hash::{FxHashMap, FxHashSet};

use super::EventScope;
use crate::report::html::PageContext;
use crate::report::html::components::capital;
use crate::report::html::links::encoded;
use crate::report::html::pager::Pager;
use crate::report::html::text::{plain, said};
use crate::report::wording::{answer_in_full, counted};
use gainsay_analysis::document::MeasureType;
use gainsay_analysis::id::{ActorId, AnswerId, Id as _, MeasureId, QuestionId, SubjectId};
use gainsay_analysis::model::Value;

/// The most figures in one chart of tolls.
const MAX_FIGURES: usize = 60;

/// The most different answers to a question in the table. The page of the question has all.
const MAX_ANSWERS: usize = 8;

/// An answer in words, and the parties that give it.
struct GivenAnswer {
    words: String,
    parties: Vec<ActorId>,
}

impl PageContext<'_> {
    /// For each measure that is a count, its figures part by part.
    pub(super) fn toll_charts(&self, around: &EventScope) -> Markup {
        let charts: Vec<(MeasureId, Markup, usize)> = self
            .counted_in(around)
            .into_iter()
            .filter_map(|(measure, parts)| {
                let (rows, left_out) = self.toll_rows(parts);
                let id = encoded(&format!(
                    "{}/{}",
                    self.model().subjects.name(around.id),
                    self.model().measures.name(measure)
                ));
                Some((measure, self.tolls(&id, &rows)?, left_out))
            })
            .collect();
        html! {
            @if !charts.is_empty() {
                section .tolls {
                    h2 { "Tolls" @if around.subjects.len() > 1 { ", part by part" } }
                    p .note { "These figures may count different people on different days in different ways. They are not added up." }
                    @for (measure, picture, left_out) in charts {
                        h3 { (said(&capital(&self.model().measures[measure].name))) }
                        figure {
                            (picture)
                            @if left_out > 0 { figcaption .small .muted { (counted(left_out, "more figure")) " in the table of questions below." } }
                        }
                    }
                }
            }
        }
    }

    /// The figures of an event and its parts, by measure.
    fn counted_in(&self, around: &EventScope) -> BTreeMap<MeasureId, Vec<(SubjectId, Vec<AnswerId>)>> {
        let model = self.model();
        let mut counted: BTreeMap<MeasureId, Vec<(SubjectId, Vec<AnswerId>)>> = BTreeMap::new();
        for &question in &around.questions {
            let asked = model.question(question);
            if model.measures[asked.measure].kind != MeasureType::Count {
                continue;
            }
            let figures = model
                .answers_to(question)
                .filter(|answer| matches!(model.answers.value[answer.index()], Value::Figure(_)));
            let parts = counted.entry(asked.measure).or_default();
            match parts.last_mut().filter(|(subject, _)| *subject == asked.subject) {
                Some((_, answers)) => answers.extend(figures),
                None => parts.push((asked.subject, figures.collect())),
            }
        }
        counted
    }

    /// Figures under the names of their parts, at most [`MAX_FIGURES`]; and how many are left out.
    fn toll_rows(&self, parts: Vec<(SubjectId, Vec<AnswerId>)>) -> (Vec<(String, Vec<AnswerId>)>, usize) {
        let all: usize = parts.iter().map(|(_, answers)| answers.len()).sum();
        let mut room = MAX_FIGURES;
        let mut rows = Vec::new();
        for (subject, mut answers) in parts {
            answers.sort_by_cached_key(|&answer| {
                let claim = self.model().claim(self.claim_of(answer));
                (claim.said_on(), self.model().actors[claim.party].name.clone(), answer)
            });
            answers.truncate(room);
            room -= answers.len();
            if !answers.is_empty() {
                rows.push((plain(&self.model().subject_in_words(subject)), answers));
            }
        }
        (rows, all.saturating_sub(MAX_FIGURES))
    }

    /// Every question with its positions, part by part.
    pub(super) fn questions_on(&self, around: &EventScope, pager: &Pager) -> Markup {
        let count = around.questions.len();
        let shown = &around.questions[pager.rows(count)];
        let parts =
            shown.chunk_by(|&a, &b| self.model().question(a).subject == self.model().question(b).subject);
        html! {
            @if count > 0 {
                section {
                    h2 { "Questions, and who answers what" }
                    div .scroll role="region" aria-label="Questions and their positions" tabindex="0" {
                        table .stack .asked {
                            thead { tr { th scope="col" { "Question" } th scope="col" { "Positions" } th scope="col" { "Dispute" } th scope="col" { "Review" } } }
                            @for questions in parts {
                                tbody {
                                    @if around.subjects.len() > 1 { (self.part_band(around, questions[0])) }
                                    @for &question in questions { (self.question_row(question)) }
                                }
                            }
                        }
                    }
                    (pager.range_note(count, "question"))
                }
            }
        }
    }

    fn part_band(&self, around: &EventScope, question: QuestionId) -> Markup {
        let subject = self.model().question(question).subject;
        html! {
            tr .band {
                th colspan="4" scope="rowgroup" {
                    @if subject == around.id { "The " (self.kind_of(subject)) " itself" } @else { (self.subject(subject)) }
                }
            }
        }
    }

    fn question_row(&self, question: QuestionId) -> Markup {
        let given = self.given(question);
        let rest = given.len().saturating_sub(MAX_ANSWERS);
        html! {
            tr {
                th scope="row" { (self.question_link(question)) }
                td {
                    ul .given {
                        @for given in given.iter().take(MAX_ANSWERS) {
                            li { b { (said(&given.words)) } (self.parties_of(&given.parties)) }
                        }
                        @if rest > 0 {
                            li .muted {
                                "and " (counted(rest, "more answer")) ": "
                                a href=(self.question_url(question)) { "all of them" }
                            }
                        }
                    }
                }
                td { (self.grade_of(question)) }
                td { (self.status_of(question)) }
            }
        }
    }

    fn parties_of(&self, parties: &[ActorId]) -> Markup {
        const MAX_NAMED_PARTIES: usize = 6;
        let rest = parties.len().saturating_sub(MAX_NAMED_PARTIES);
        html! {
            span .plist {
                @for &party in parties.iter().take(MAX_NAMED_PARTIES) { (self.who(party)) }
                @if rest > 0 { span .muted { "and " (rest) " more" } }
            }
        }
    }

    /// The answers to a question: positions from low to high if it is disputed, otherwise every wording once, in the
    /// order of time.
    fn given(&self, question: QuestionId) -> Vec<GivenAnswer> {
        if let Some(dispute) = self.dispute(question).filter(|dispute| !dispute.positions.is_empty()) {
            let positions = dispute.positions.iter();
            return positions
                .map(|position| GivenAnswer {
                    words: answer_in_full(self.model(), question, position.named_by),
                    parties: position.parties.clone(),
                })
                .collect();
        }
        let mut answers: Vec<AnswerId> = self.model().answers_to(question).collect();
        answers.sort_by_key(|&answer| (self.model().claim(self.claim_of(answer)).said_on(), answer));
        let mut given: Vec<GivenAnswer> = Vec::new();
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        let mut known: FxHashSet<(usize, ActorId)> = FxHashSet::default();
        for answer in answers {
            let words = answer_in_full(self.model(), question, answer);
            let party = self.model().answers.party[answer.index()];
            let place = *places.entry(words.clone()).or_insert(given.len());
            if place == given.len() {
                given.push(GivenAnswer { words, parties: Vec::new() });
            }
            if known.insert((place, party)) {
                given[place].parties.push(party);
            }
        }
        given
    }
}
