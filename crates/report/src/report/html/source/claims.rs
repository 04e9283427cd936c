//! The table of the claims of a source, each with its words, place and findings.

use maud::{Markup, html};
use rustc_hash::FxHashSet;

use crate::report::html::PageContext;
use crate::report::html::components::fact_list;
use crate::report::html::components::grade_in_line;
use crate::report::html::links::claim_id;
use crate::report::html::text::said;
use gainsay_analysis::document::{Certainty, Form, Part, Word as _};
use gainsay_analysis::finding::Finding;
use gainsay_analysis::id::{AnswerId, ClaimId, Id as _, SourceId};
use gainsay_analysis::model::{MAX_NAMES, Value};

impl PageContext<'_> {
    /// Claims in the order given.
    pub(super) fn claim_table(&self, source: SourceId, claims: &[ClaimId]) -> Markup {
        html! {
            section {
                h2 { "Claims in the order of the text" }
                div .scroll role="region" aria-label="Claims" tabindex="0" {
                    table .stack .claims {
                        thead {
                            tr {
                                th scope="col" { "Place" } th scope="col" { "Who says it" }
                                th scope="col" { "What it says" } th scope="col" { "Findings" }
                            }
                        }
                        tbody { @for &claim in claims { (self.claim_row(source, claim)) } }
                    }
                }
            }
        }
    }

    fn claim_row(&self, source: SourceId, claim: ClaimId) -> Markup {
        let row = self.model().claim(claim);
        html! {
            tr id=(claim_id(self.model().sources.name(source), &row.name)) {
                td .num .nowrap {
                    @if let Some(at) = row.at { (at.to_string()) }
                    @if row.part != Part::Body { " " span .muted { (row.part.word()) } }
                }
                td { (self.speaking(claim)) }
                td {
                    (self.answers_given(claim))
                    @if let Some(words) = &row.words { p { q { (said(&words.value)) } } }
                    @if let Some(note) = &row.note { p .muted { (said(note)) } }
                    p .refs { span .ref { (said(&row.name)) } " " (self.place_of(row.location)) }
                }
                td { (self.findings_naming(claim)) }
            }
        }
    }

    /// The speaker of a claim, its party, who relayed it, and when.
    fn speaking(&self, claim: ClaimId) -> Markup {
        let row = self.model().claim(claim);
        let via = fact_list(&row.via, "actor", |&actor| self.actor_link(actor));
        html! {
            (self.voice(claim))
            span .src {
                @if self.model().is_own_voice(claim) { "stated as fact" }
                @else {
                    @if let Some(speaker) = self.speaker_beside(claim) { (speaker) ", " }
                    (self.said_when(claim))
                }
                @if let Some(via) = via { ", via " (via) }
                @if let Some(whose) = row.attributes_to { ", reporting words of " (self.actor_link(whose)) }
                @if row.form != Form::Paraphrase { ", " (row.form.word()) }
            }
        }
    }

    fn answers_given(&self, claim: ClaimId) -> Markup {
        let row = self.model().claim(claim);
        let answers = self.index.answers(claim);
        html! {
            @for &answer in answers { p .about { (self.about(answer)) } }
            @if answers.is_empty() {
                p { @if row.broken { "Not readable, so it answers no question: " } b { (said(&row.written)) } }
            }
            @if answers.first().is_some_and(|&answer| self.is_shortened(answer)) { p .muted { "In full: " (said(&row.written)) } }
            @if row.certainty != Certainty::Certain { p .muted { "Certainty: " (row.certainty.word()) "." } }
        }
    }

    /// Whether the sentence for an answer leaves out part of the claim.
    fn is_shortened(&self, answer: AnswerId) -> bool {
        let answers = &self.model().answers;
        let is_own = answers.origin[answer.index()] == answers.claim[answer.index()];
        is_own && matches!(&answers.value[answer.index()], Value::Choice(items) if items.len() > MAX_NAMES)
    }

    fn about(&self, answer: AnswerId) -> Markup {
        let subject = self.model().question(self.question_of(answer)).subject;
        html! {
            (self.subject(subject)) ", " (self.asked_in_brief(self.question_of(answer))) ": "
            b { (self.answer(answer)) }
        }
    }

    /// The findings that name a claim, each with its grade and rule, linked to its question; then the review status
    /// of the disputes.
    fn findings_naming(&self, claim: ClaimId) -> Markup {
        const MAX_FINDINGS: usize = 6;
        let named = self.index.findings(claim);
        let findings: Vec<&Finding> = named.iter().map(|&at| &self.analysis.findings[at]).collect();
        let mut seen = FxHashSet::default();
        let questions = findings.iter().filter_map(|finding| finding.questions().first().copied());
        let questions: Vec<_> = questions.filter(|&question| seen.insert(question)).collect();
        let finding = |finding: &&Finding| {
            let question = finding.questions().first().map(|&question| self.model().question_name(question));
            html! {
                li {
                    @if let Some(name) = question { a .quiet href=(self.links.to("question", &name)) { (grade_in_line(finding.grade)) } }
                    @else { (grade_in_line(finding.grade)) }
                    " " (self.rule_link(finding.rule))
                }
            }
        };
        html! {
            ul .plainlist {
                @for it in findings.iter().take(MAX_FINDINGS) { (finding(it)) }
                @if findings.len() > MAX_FINDINGS {
                    li .muted {
                        "and " (findings.len() - MAX_FINDINGS) " more, on "
                        @if let Some(more) = fact_list(&questions, "question", |&question| self.asked_in_brief(question)) { (more) }
                    }
                }
            }
            @for &question in questions.iter().take(1) { (self.status_of(question)) }
        }
    }
}
