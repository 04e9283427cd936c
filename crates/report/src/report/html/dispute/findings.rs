//! Findings as proofs: the statements, the steps, the conventions they rest on, and what would settle them.

use maud::{Markup, html};

use crate::report::html::PageContext;
use crate::report::html::components::{capital, counted_in_words, grade, listed, rule_links, time};
use crate::report::html::disputes::meaning;
use crate::report::html::text::{prose, said};
use crate::report::outline::repairs;
use crate::report::wording::{answer_in_full, without_question};
use gainsay_analysis::finding::{Evidence, Finding, Grade};
use gainsay_analysis::id::{AnswerId, ClaimId, Id as _, QuestionId};
use gainsay_analysis::model::Model;

/// The most findings in full, and the most further findings with one line each; for one finding, the most statements,
/// steps, lines under a heading, further claims and further sets.
const MAX_FULL_FINDINGS: usize = 12;
const MAX_BRIEF_FINDINGS: usize = 50;
const MAX_STATEMENTS: usize = 12;
const MAX_STEPS: usize = 60;
const MAX_LINES: usize = 20;
const MAX_FURTHER_CLAIMS: usize = 12;
const MAX_FURTHER_SETS: usize = 5;

impl PageContext<'_> {
    /// The findings of a dispute, most serious first.
    pub(super) fn findings_section(&self, question: QuestionId, findings: &[usize]) -> Markup {
        let name = crate::report::html::links::encoded(&self.model().question_name(question));
        let (full, rest) = findings.split_at(findings.len().min(MAX_FULL_FINDINGS));
        let (brief, more) = rest.split_at(rest.len().min(MAX_BRIEF_FINDINGS));
        html! {
            section aria-labelledby={ "findings:" (name) } {
                h2 id={ "findings:" (name) } { "Findings" }
                @for &at in full { (self.finding_proof(question, &self.analysis.findings[at])) }
                @if !brief.is_empty() {
                    h3 .mt { "Further findings" }
                    ul .dash .small {
                        @for &at in brief {
                            @let finding = &self.analysis.findings[at];
                            li { (rule_links(self.links, &[finding.rule])) ": " (prose(without_question(self.model(), question, &finding.message))) }
                        }
                    }
                }
                @if !more.is_empty() {
                    p .small .muted .mt {
                        "and " (counted_in_words(more.len(), "more finding")) ": "
                        code { (super::command(&["gainsay", "show", &self.model().question_name(question)])) }
                    }
                }
            }
        }
    }

    /// One finding, complete enough to be read and copied by itself.
    fn finding_proof(&self, question: QuestionId, finding: &Finding) -> Markup {
        let id = finding.evidence.as_deref().map_or("", |evidence| &evidence.id);
        let message = capital(without_question(self.model(), question, &finding.message));
        html! {
            article .finding id={ "finding:" (id) } {
                header {
                    (grade(finding.grade)) " " (rule_links(self.links, &[finding.rule])) " "
                    span .ref { "finding " (id) }
                }
                h3 .msg { (prose(&message)) "." }
                @if let Some(evidence) = finding.evidence.as_deref() { (self.finding_steps(question, finding, evidence)) (self.finding_under(question, finding, evidence)) }
            }
        }
    }

    /// The statements that clash, then the steps.
    fn finding_steps(&self, question: QuestionId, finding: &Finding, evidence: &Evidence) -> Markup {
        let mut claims = evidence.claims.clone();
        claims.sort_by_key(|&claim| {
            let row = self.model().claim(claim);
            (row.said_on(), row.response.is_some(), claim)
        });
        let statements = claims.len().min(MAX_STATEMENTS);
        let lines: Vec<&String> = evidence.steps.iter().chain(&finding.notes).collect();
        let shown = lines.len().min(MAX_STEPS);
        html! {
            h4 { "Steps" }
            ol .proof {
                @for &claim in &claims[..statements] { li { div { (self.finding_step(question, evidence, claim)) } } }
                @if claims.len() > statements {
                    li { div { "and " (listed(&claims[statements..], MAX_FURTHER_CLAIMS, "statement", |&claim| self.claim_link(claim))) } }
                }
                @for line in &lines[..shown] { li { div { (prose(&capital(line))) "." } } }
                @if lines.len() > shown { li { div .muted { "and " (counted_in_words(lines.len() - shown, "more step")) ": " code { "gainsay show " (evidence.id) } } } }
                li .end { div { (self.finding_end(finding, evidence)) } }
            }
        }
    }

    /// A statement as a step: who said what when, with its source.
    fn finding_step(&self, question: QuestionId, evidence: &Evidence, claim: ClaimId) -> Markup {
        let model = self.model();
        let row = model.claim(claim);
        let answer = self.answer_on(question, evidence, claim);
        let name = &model.actors[row.by].name;
        html! {
            @if model.is_own_voice(claim) { (said(name)) " states as fact" } @else { (said(name)) }
            ", " @if row.said_span.is_none() { "published " } (time(&row.said)) ": "
            @if let Some(answer) = answer {
                b { (said(&answer_in_full(model, question, answer))) }
                @if model.answers.question[answer.index()] != question { span .muted { " (" (self.question_link(model.answers.question[answer.index()])) ")" } }
            }
            span .so {
                @if let Some(words) = &row.words { q { (said(&words.value)) } " " }
                (self.source_link(row.source)) @if let Some(at) = row.at { ", " (at) } " " (self.claim_link(claim))
            }
        }
    }

    /// The answer by which a claim takes part in a finding: to its own question, else to one that it touches.
    pub(in crate::report::html) fn answer_on(
        &self,
        question: QuestionId,
        evidence: &Evidence,
        claim: ClaimId,
    ) -> Option<AnswerId> {
        let answers = self.index.answers(claim);
        let on = |asked: QuestionId| {
            answers.iter().copied().find(|answer| self.model().answers.question[answer.index()] == asked)
        };
        on(question)
            .or_else(|| evidence.questions.iter().find_map(|&asked| on(asked)))
            .or_else(|| answers.first().copied())
    }

    /// A claim that says the same or has the same effect: speaker, date and words.
    fn further_claim(&self, question: QuestionId, evidence: &Evidence, claim: ClaimId) -> Markup {
        let row = self.model().claim(claim);
        let answer = self.answer_on(question, evidence, claim);
        html! {
            (said(&self.model().actors[row.by].name)) ", " (time(&row.said))
            @if let Some(answer) = answer { ": " b { (said(&answer_in_full(self.model(), question, answer))) } }
            " " (self.claim_link(claim))
        }
    }

    /// The conclusion of a finding.
    fn finding_end(&self, finding: &Finding, evidence: &Evidence) -> Markup {
        html! {
            (capital(meaning(finding.grade)))
            @if let (Some(gap), Some(&question)) = (evidence.gap, evidence.questions.first()) {
                "; they are " (gap_in_words(self.model(), question, gap.absolute)) " apart"
            }
            "."
            @if finding.grade == Grade::Contradiction && evidence.claims.len() > 2 { " If any one of them is left out, the others can." }
        }
    }

    /// The conventions it rests on, what would settle it, and other claims and sets with the same effect.
    fn finding_under(&self, question: QuestionId, finding: &Finding, evidence: &Evidence) -> Markup {
        let repair = repairs(evidence, MAX_LINES);
        let settling: Vec<&String> = repair.iter().chain(&finding.help).collect();
        let rests: Vec<&String> = evidence.rests_on.iter().collect();
        let sets = evidence.further.len();
        let mut also = evidence.also.clone();
        also.sort_by_key(|&claim| (self.model().claim(claim).said_on(), claim));
        html! {
            (lines("Rests on", &rests))
            (lines("What would settle it", &settling))
            @if !evidence.also.is_empty() {
                h4 { @if evidence.across { "Other claims with the same effect" } @else { "Also on record" } " " span .muted { "(" (counted_in_words(evidence.also.len(), "claim")) ")" } }
                ul .dash .small .also {
                    @for &claim in also.iter().take(MAX_FURTHER_CLAIMS) { li { (self.further_claim(question, evidence, claim)) } }
                    @if evidence.also.len() > MAX_FURTHER_CLAIMS {
                        li .muted { "and " (counted_in_words(evidence.also.len() - MAX_FURTHER_CLAIMS, "more claim")) ": " code { "gainsay show " (evidence.id) } }
                    }
                }
            }
            @if sets > 0 {
                h4 { "Other sets of claims that clash in the same way " span .muted { "(" (sets) ")" } }
                ul .dash .small {
                    @for set in evidence.further.iter().take(MAX_FURTHER_SETS) { li { (listed(set, MAX_FURTHER_CLAIMS, "claim", |&claim| self.claim_link(claim))) } }
                    @if sets > MAX_FURTHER_SETS { li .muted { "and " (counted_in_words(sets - MAX_FURTHER_SETS, "more set")) ": " code { "gainsay show " (evidence.id) } } }
                }
            }
        }
    }
}

/// Lines under a heading. Empty if there are none.
fn lines(head: &str, lines: &[&String]) -> Markup {
    let more = lines.len().saturating_sub(MAX_LINES);
    html! {
        @if !lines.is_empty() {
            h4 { (head) }
            ul .dash .small {
                @for line in lines.iter().take(MAX_LINES) { li { (prose(&capital(line))) "." } }
                @if more > 0 { li .muted { "and " (more) " more" } }
            }
        }
    }
}

/// How far apart figures are, in words.
pub(super) fn gap_in_words(model: &Model, question: QuestionId, gap: i64) -> String {
    model.value_in_words(model.question(question).measure, gap)
}
