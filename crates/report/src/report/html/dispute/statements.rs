//! Every statement on a question, page by page, for questions with too many for one page.

use maud::html;

use super::positions::statement_heads;
use crate::report::html::components::{grouped, page as page_of};
use crate::report::html::links::encoded;
use crate::report::html::pager::steps;
use crate::report::html::text::said;
use crate::report::html::{DeskSection, Page, PageContext};
use gainsay_analysis::id::{AnswerId, QuestionId};

/// The statements on one page.
const STATEMENTS_PER_PAGE: usize = 100;

impl PageContext<'_> {
    /// Every statement on a question, in the order of time. Pages count from 1.
    pub fn answers(&self, question: QuestionId, page: usize) -> Page {
        let model = self.model();
        let name = model.question_name(question);
        let heading = model.question_heading(question);
        let mut answers: Vec<AnswerId> = model.answers_to(question).collect();
        answers.sort_by_cached_key(|&answer| self.spoken(answer));
        let pages = answers.len().div_ceil(STATEMENTS_PER_PAGE).max(1);
        let page = page.clamp(1, pages);
        let from = (page - 1) * STATEMENTS_PER_PAGE;
        let shown = &answers[from..answers.len().min(from + STATEMENTS_PER_PAGE)];
        let superseded = self.answered_again(question, shown);
        let reads = self.has_readings(question);
        let to = |page: usize| format!("{}?page={page}", self.links.to("answers", &name));
        page_of(
            format!("Statements: {} {}", heading.first, heading.then),
            DeskSection::Disputes,
            html! {
                (self.question_crumbs(question, true))
                h1 { (said(&heading.first)) " " span .of { (said(&heading.then)) } }
                p .metaline { "Statements " b { (grouped(from + 1)) "–" (grouped(from + shown.len())) } " of " (grouped(answers.len())) ", oldest first" }
                div .scroll .mt role="region" aria-labelledby={ "statements:" (encoded(&name)) } tabindex="0" {
                    table .stack .positions {
                        caption .vh id={ "statements:" (encoded(&name)) } { "Every statement on this question" }
                        (statement_heads(reads))
                        tbody { @for &answer in shown { (self.statement_row(question, answer, superseded.get(&answer).copied(), reads)) } }
                    }
                }
                (steps(page, pages, to))
            },
        )
    }
}
