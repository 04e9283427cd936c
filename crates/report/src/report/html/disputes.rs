//! The first page: the disputes that pass a filter, most serious first or by event.

mod filter;
mod form;
mod row;
mod search;

pub use filter::Filter;

use maud::{Markup, html};

use super::components::{counted_in_words, grade_as, grouped, page};
use super::index::when;
use super::pager::steps;
use super::text::said;
use super::{DeskSection, Links, Page, PageContext};
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::finding::Grade;
use gainsay_analysis::id::Id as _;

/// The disputes on one page of the list.
const DISPUTES_PER_PAGE: usize = 100;

/// The most questions that the notice about an incomplete search names.
const MAX_UNSEARCHED_NAMED: usize = 5;

impl<'a> PageContext<'a> {
    /// The page of the disputes that pass a filter.
    pub fn disputes(&self, filter: &Filter) -> Page {
        let chosen = self.disputes_chosen(filter);
        let count = chosen.len();
        let pages = count.div_ceil(DISPUTES_PER_PAGE).max(1);
        let at = if self.links == Links::Frozen { 1 } else { filter.page.clamp(1, pages) };
        let rows = if self.links == Links::Frozen { usize::MAX } else { DISPUTES_PER_PAGE };
        let from = (at - 1).saturating_mul(rows);
        let shown = &chosen[from..count.min(from.saturating_add(rows))];
        page(
            "Disputes",
            DeskSection::Disputes,
            html! {
                h1 { "Disputes" }
                (self.disputes_counts(filter))
                (self.unsearched_notice())
                @if self.links == Links::Served && !self.analysis.disputes.is_empty() { (self.filter_form(filter)) }
                (not_understood(filter))
                @if count == 0 { (self.no_disputes(filter)) } @else {
                    @if filter.restricts() || pages > 1 { (self.disputes_shown(filter, from, shown.len(), count)) }
                    @if filter.by_event { (self.under_events(shown)) } @else { (self.under_grades(shown, &chosen)) }
                    (self.disputes_pager(filter, at, pages))
                }
            },
        )
    }

    /// The disputes that pass a filter, in the order of the list.
    fn disputes_chosen(&self, filter: &Filter) -> Vec<&'a Dispute> {
        let (words, selection) = (filter.wanted(), &filter.selection);
        let disputes = self.analysis.disputes.iter().enumerate();
        let mut chosen: Vec<&Dispute> = disputes
            .filter(|(at, dispute)| {
                let mut findings = dispute.findings.iter().map(|&at| &self.analysis.findings[at]);
                // The list matches the grade of the dispute itself; a report also takes disputes with a finding of
                // that grade.
                let graded = selection.grades.is_empty()
                    || self.links == Links::Frozen
                    || selection.grades.contains(&dispute.grade);
                graded
                    && findings.any(|finding| {
                        let by_rule = selection.rules.is_empty()
                            || selection.rules.iter().any(|rule| rule == finding.rule);
                        by_rule && (self.links == Links::Served || selection.matches_finding(finding))
                    })
                    && selection.matches(self.analysis, dispute)
                    && (words.is_empty() || self.speaks_of(*at, &words))
            })
            .map(|(_, dispute)| dispute)
            .collect();
        if filter.by_event {
            chosen.sort_by_key(|dispute| {
                let subject = self.model().question(dispute.question).subject;
                (when(self.model(), subject), subject)
            });
        }
        chosen
    }

    fn disputes_counts(&self, filter: &Filter) -> Markup {
        let counts = self.index.counts();
        let other = Filter { by_event: !filter.by_event, page: 0, ..filter.clone() };
        let href = format!("{}{}", self.links.disputes(), other.query(self.model()));
        let number = |number: usize, noun: &str| {
            html! { b { (grouped(number)) } " " (noun) @if number != 1 { "s" } }
        };
        html! {
            p .counts {
                span { (number(counts.sources, "source")) }
                span { (number(counts.actors, "actor")) }
                span { (number(counts.claims, "claim")) " on " (number(counts.questions, "question")) }
                @if !self.analysis.disputes.is_empty() {
                    span {
                        b { (grouped(counts.open)) } " open, " b { (grouped(counts.stale)) } " stale, "
                        b { (grouped(counts.reviewed)) } " reviewed"
                    }
                    span {
                        @if filter.by_event { "By event, most serious first. " } @else { "Most serious first, then by date of the event. " }
                        @if self.links == Links::Served {
                            a .noprint href=(href) { @if filter.by_event { "Group by grade" } @else { "Group by event" } }
                        }
                    }
                }
            }
        }
    }

    /// A notice if the search for clashes across questions is incomplete.
    fn unsearched_notice(&self) -> Markup {
        let questions = &self.analysis.reasoning.unsearched;
        let more = questions.len().saturating_sub(MAX_UNSEARCHED_NAMED);
        html! {
            @if !questions.is_empty() {
                p .notice .quiet .mt {
                    b { "The search for clashes across questions stopped at its limit of work." } " There may be more around "
                    @for (at, &question) in questions.iter().take(MAX_UNSEARCHED_NAMED).enumerate() {
                        @if at > 0 { ", " }
                        (self.question_in_full(question))
                    }
                    @if more > 0 { " and " (counted_in_words(more, "more question")) }
                    "."
                }
            }
        }
    }

    /// Which part of the disputes this page shows.
    fn disputes_shown(&self, filter: &Filter, from: usize, shown: usize, count: usize) -> Markup {
        let all = self.analysis.disputes.len();
        html! {
            p .shown role="status" {
                @if shown < count { b { (grouped(from + 1)) "–" (grouped(from + shown)) } " of " (counted_in_words(count, "dispute")) }
                @else { b { (grouped(count)) } @if count == 1 { " dispute" } @else { " disputes" } }
                @if count < all { "; " (grouped(all - count)) " hidden by the filter" }
                @if filter.restricts() && self.links == Links::Served {
                    ". " a href={ (self.links.disputes()) (filter.cleared().query(self.model())) } { "Clear the filter" }
                }
            }
        }
    }

    fn disputes_pager(&self, filter: &Filter, at: usize, pages: usize) -> Markup {
        let to = |page: usize| format!("{}{}", self.links.disputes(), filter.at(page).query(self.model()));
        html! {
            @if self.links == Links::Served { (steps(at, pages, to)) }
        }
    }

    /// Explains an empty list, and what to do.
    fn no_disputes(&self, filter: &Filter) -> Markup {
        let counts = self.index.counts();
        let hidden = self.analysis.disputes.len();
        html! {
            div .empty .mt {
                @if hidden > 0 {
                    h2 {
                        @if filter.words.is_empty() { "No dispute matches" }
                        @else { "No dispute matches “" (said(&filter.words)) "”" }
                    }
                    p {
                        (counted_in_words(hidden, "dispute")) @if hidden == 1 { " is" } @else { " are" } " hidden by this filter. "
                        a href={ (self.links.disputes()) (filter.cleared().query(self.model())) } { "Clear the filter" }
                    }
                } @else if counts.claims == 0 && counts.errors > 0 {
                    h2 { "No readable claims" }
                    p { "Errors in " a href=(self.links.list("files")) { "the files" } " keep gainsay from reading any claim." }
                } @else if counts.claims == 0 {
                    h2 { "No claims in this folder" }
                    p { "gainsay reads the YAML files under " code { (said(self.place)) } ". To begin with an example, run:" }
                    pre tabindex="0" { "gainsay init" }
                } @else {
                    h2 { "No disputes" }
                    p {
                        (counted_in_words(counts.claims, "claim")) " on " (counted_in_words(counts.questions, "question"))
                        " can all be true together. " (self.of_one_party()) " answers from one party only."
                    }
                }
            }
        }
    }

    /// How many questions are answered by one party only.
    fn of_one_party(&self) -> String {
        let model = self.model();
        let alone = model.question_ids().filter(|&question| {
            let mut parties = model.answers_to(question).map(|answer| model.answers.party[answer.index()]);
            let first = parties.next();
            first.is_some() && parties.all(|party| Some(party) == first)
        });
        let count = alone.count();
        format!("{} {}", counted_in_words(count, "question"), if count == 1 { "has" } else { "have" })
    }

    /// The disputes under headings of grades, with the number of disputes of each grade on all pages.
    fn under_grades(&self, shown: &[&Dispute], chosen: &[&Dispute]) -> Markup {
        html! {
            @for rows in shown.chunk_by(|a, b| a.grade == b.grade) {
                @let grade = rows[0].grade;
                @let count = chosen.iter().filter(|dispute| dispute.grade == grade).count();
                section .gsec aria-labelledby={ "disputes:" (grade.name()) } {
                    h2 id={ "disputes:" (grade.name()) } {
                        (grade_as(grade, &format!("{}s", super::components::capital(grade.name()))))
                        " " span .num { (grouped(count)) } " "
                        span .def { (meaning(grade)) }
                    }
                    ol { @for dispute in rows { (self.dispute_row(dispute, None)) } }
                }
            }
        }
    }

    /// The disputes under headings of events.
    fn under_events(&self, shown: &[&Dispute]) -> Markup {
        let subject = |dispute: &Dispute| self.model().question(dispute.question).subject;
        html! {
            @for rows in shown.chunk_by(|a, b| subject(a) == subject(b)) {
                @let of = subject(rows[0]);
                @let id = format!("disputes:on:{}", super::links::encoded(self.model().subjects.name(of)));
                section .gsec aria-labelledby=(id) {
                    h2 id=(id) { (self.subject(of)) }
                    ol { @for dispute in rows { (self.dispute_row(dispute, Some(of))) } }
                }
            }
        }
    }
}

/// Notices about unknown values in the filter.
fn not_understood(filter: &Filter) -> Markup {
    html! {
        @for (key, value) in &filter.unknown {
            p .notice .quiet .mt { "There is no " (said(key)) " called " (said(value)) ". That part of the filter is ignored." }
        }
    }
}

/// The meaning of a grade for the statements of a dispute.
pub(super) fn meaning(grade: Grade) -> &'static str {
    match grade {
        Grade::Contradiction => "the statements cannot all be true",
        Grade::Tension => "the statements can all be true, but one of them may mislead readers about another",
        _ => "a difference worth knowing, but not misleading",
    }
}
