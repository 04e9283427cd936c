//! Findings of other disputes that name a question, and related questions.

use maud::{Markup, html};

use crate::report::html::PageContext;
use crate::report::html::components::{counted_in_words, grade_in_line, rule_links};
use crate::report::html::links::encoded;
use crate::report::html::text::{prose, said};
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::id::{Id as _, QuestionId};

/// The most findings and questions that are listed.
const MAX_FINDINGS: usize = 10;
const MAX_QUESTIONS: usize = 12;

impl PageContext<'_> {
    /// The section on related findings and questions. Empty if there are none.
    pub(super) fn related_section(&self, question: QuestionId, dispute: Option<&Dispute>) -> Markup {
        let name = encoded(&self.model().question_name(question));
        let named_in = dispute.map_or(&[][..], |dispute| &dispute.named_in);
        let (shown, found) = self.neighbour_questions(question);
        html! {
            @if found > 0 || !named_in.is_empty() {
                section aria-labelledby={ "bears:" (name) } {
                    h2 id={ "bears:" (name) } { "Related findings and questions" }
                    (self.named_elsewhere(named_in))
                    @if found > 0 {
                        h3 .bearing { "Related questions" }
                        ul .neighbours { @for &other in &shown { (self.neighbour_line(other)) } }
                        @if found > shown.len() {
                            p .small .muted { "and " (counted_in_words(found - shown.len(), "more question")) ", on the page of " (self.subject(self.model().question(question).subject)) }
                        }
                    }
                }
            }
        }
    }

    /// Findings of other disputes that name this question.
    fn named_elsewhere(&self, named_in: &[usize]) -> Markup {
        let more = named_in.len().saturating_sub(MAX_FINDINGS);
        html! {
            @if !named_in.is_empty() {
                ul .dash .small {
                    @for &at in named_in.iter().take(MAX_FINDINGS) {
                        @let finding = &self.analysis.findings[at];
                        li {
                            (rule_links(self.links, &[finding.rule])) " on "
                            @if let Some(&other) = finding.questions().first() { (self.question_in_full(other)) ": " }
                            (prose(&finding.message))
                        }
                    }
                    @if more > 0 { li .muted { "and " (counted_in_words(more, "more finding")) } }
                }
            }
        }
    }

    /// The questions on the same subject with the same measure of other populations, or with a part of its sum; and how
    /// many there are.
    fn neighbour_questions(&self, question: QuestionId) -> (Vec<QuestionId>, usize) {
        let model = self.model();
        let asked = model.question(question);
        let sums = model
            .measures
            .iter()
            .filter(|(_, measure)| measure.sum_of.contains(&asked.measure))
            .map(|(id, _)| id);
        let measures: Vec<_> =
            std::iter::once(asked.measure).chain(model.summands(asked.measure)).chain(sums).collect();
        let families: Vec<_> =
            measures.into_iter().map(|measure| model.family(asked.subject, measure)).collect();
        let found = families.iter().map(ExactSizeIterator::len).sum::<usize>() - 1;
        let all = families.into_iter().flatten().map(QuestionId::new);
        (all.filter(|&other| other != question).take(MAX_QUESTIONS).collect(), found)
    }

    fn neighbour_line(&self, question: QuestionId) -> Markup {
        let model = self.model();
        let answers = model.question(question).answers.len();
        let dispute = self.index.dispute(question).map(|at| &self.analysis.disputes[at]);
        html! {
            li {
                (self.question_link(question)) " "
                span .small .muted {
                    @match dispute {
                        Some(dispute) => { (grade_in_line(dispute.grade)) " · " }
                        None => "no findings · ",
                    }
                    (counted_in_words(answers, "answer"))
                    @if answers == 1 { @if let Some(answer) = model.answers_to(question).next() { ": " (said(&self.answered(question, answer))) } }
                }
            }
        }
    }
}
