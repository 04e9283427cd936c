//! The list of rules with the number of their findings, and the page of each rule.

use maud::{Markup, html};

use super::components::crumbs;
use super::components::{capital, grade, grade_in_line};
use super::{DeskSection, Page, PageContext};
use crate::report::explain::{Block, blocks};
use crate::report::wording::counted;
use gainsay_analysis::finding::Grade;
use gainsay_analysis::lint;
use gainsay_analysis::rules::{self, RuleOrLint};

/// The fields of a rule or a lint that pages show.
#[derive(Clone, Copy)]
struct RuleSummary {
    id: &'static str,
    grade: Grade,
    summary: &'static str,
    doc: &'static str,
    since: Option<&'static str>,
}

impl From<RuleOrLint> for RuleSummary {
    fn from(known: RuleOrLint) -> Self {
        match known {
            RuleOrLint::Rule(rule) => Self {
                id: rule.id,
                grade: rule.grade,
                summary: rule.summary,
                doc: rule.doc,
                since: Some(rule.since),
            },
            RuleOrLint::Lint(lint) => {
                Self { id: lint.id, grade: lint.grade, summary: lint.summary, doc: lint.doc, since: None }
            }
        }
    }
}

impl PageContext<'_> {
    /// The page of all rules and lints, and how often each found something.
    pub fn rules(&self) -> Page {
        let all = rules::ALL
            .iter()
            .map(|rule| RuleOrLint::Rule(rule))
            .chain(lint::ALL.iter().map(RuleOrLint::Lint));
        let (on_files, on_claims): (Vec<RuleSummary>, Vec<RuleSummary>) =
            all.map(RuleSummary::from).partition(|entry| entry.grade.is_lint());
        let fired = on_claims.iter().filter(|entry| self.fired(entry) > 0).count();
        let body = html! {
            h1 { "Rules" }
            p .lede { (fired) " of " (counted(on_claims.len(), "rule")) " found something in the claims." }
            (self.rule_table("Rules for claims", &on_claims))
            (self.rule_table("Checks of the files", &on_files))
        };
        Page { title: "Rules".to_owned(), part: DeskSection::Rules, body }
    }

    fn fired(&self, entry: &RuleSummary) -> usize {
        self.index.relations.fired(entry.id)
    }

    fn rule_table(&self, title: &str, entries: &[RuleSummary]) -> Markup {
        html! {
            section {
                h2 { (title) }
                div .scroll role="region" aria-label=(title) tabindex="0" {
                    table .stack .rules {
                        thead {
                            tr {
                                th scope="col" { "Rule" } th scope="col" { "Grade" } th scope="col" { "Finds" }
                                th .r scope="col" { "Fired" }
                            }
                        }
                        tbody {
                            @for entry in entries {
                                tr {
                                    th scope="row" { (self.rule_link(entry.id)) }
                                    td { (grade_word(entry.grade)) }
                                    td { (in_line(entry.summary)) }
                                    td .r .num data-l="Fired" { (self.times(entry)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// How often a rule found something, linked to its findings.
    fn times(&self, entry: &RuleSummary) -> Markup {
        let times = self.fired(entry);
        html! {
            @if times == 0 { span .muted { "–" } }
            @else if let Some(href) = self.found_by(entry) { a href=(href) { (times) } }
            @else { (times) }
        }
    }

    fn found_by(&self, entry: &RuleSummary) -> Option<String> {
        if entry.grade.is_lint() {
            Some(self.links.list("files"))
        } else {
            self.links.filtered(&[("rule", entry.id)])
        }
    }

    /// The id of a rule or lint, linked to its page.
    pub(super) fn rule_link(&self, id: &str) -> Markup {
        html! { a .quiet href=(self.links.to("rule", id)) { code { (id) } } }
    }

    /// The page of a rule or lint, with its examples.
    pub fn rule(&self, known: RuleOrLint) -> Page {
        let entry = RuleSummary::from(known);
        let times = self.fired(&entry);
        let body = html! {
            (crumbs([html! { a href=(self.links.list("rules")) { "Rules" } }, html! { (entry.id) }]))
            h1 { (entry.id) }
            p .lede { (in_line(&capital(entry.summary))) "." }
            p .metaline {
                @if entry.grade.is_lint() { (grade_word(entry.grade)) } @else { (grade(entry.grade)) }
                @if times == 0 { span { "No findings here." } }
                @else {
                    span {
                        "Found " (counted(times, "time")) " here"
                        @if let Some(href) = self.found_by(&entry) { ": " a href=(href) { "see what" } }
                        "."
                    }
                }
                @if let Some(since) = entry.since { span { "Since " (since) "." } }
            }
            section .doc {
                h2 { "What it means" }
                @for block in blocks(entry.doc) {
                    @match block {
                        Block::Paragraph(text) if text == "Bad:" || text == "Good:" => { h3 { (text.trim_end_matches(':')) } }
                        Block::Paragraph(text) => { p { (in_line(&text)) } }
                        Block::Example(lines) => { pre tabindex="0" { code { (lines.join("\n")) } } }
                    }
                }
                (otherwise(&entry))
            }
        };
        Page { title: entry.id.to_owned(), part: DeskSection::Rules, body }
    }
}

/// How to silence or regrade a rule.
fn otherwise(entry: &RuleSummary) -> Markup {
    html! {
        @if entry.since.is_some() {
            p { "To silence it on a claim, write " code { "allow: [" (entry.id) "]" } "." }
            @if !entry.grade.is_lint() {
                p {
                    "To change its grade, write in the settings: " code { "settings: { grades: { " (entry.id) ": note } }" }
                    ". The grades are contradiction, tension, note and off."
                }
            }
        }
    }
}

/// The grade of a rule. Grades of lints do not have a glyph.
pub(super) fn grade_word(grade: Grade) -> Markup {
    html! {
        @if grade.is_lint() { span class={ "lint " (grade.name()) } { (capital(grade.name())) } }
        @else { (grade_in_line(grade)) }
    }
}

/// A text from the program, with backticks turned into code.
fn in_line(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
