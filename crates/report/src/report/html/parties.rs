//! Differences between parties, and figures that only one party gives.

use maud::{Markup, html};
use rustc_hash::FxHashMap;

use super::components::crumbs;
use super::components::grade;
use super::pager::Pager;
use super::relations::Tally;
use super::text::{plain, prose, said};
use super::{DeskSection, Page, PageContext};
use crate::report::wording::{counted, without_question};
use gainsay_analysis::dispute::summary::{MAX_PARTIES, Opposition};
use gainsay_analysis::document::Stance;
use gainsay_analysis::id::{ActorId, AnswerId, Id as _, QuestionId};

/// With more parties than this, there is a list of pairs instead of a matrix.
const MAX_MATRIX_PARTIES: usize = 30;

/// The pairs, figures or findings on one page.
const ROWS_PER_PAGE: usize = 200;

impl PageContext<'_> {
    /// The page of differences between parties, and of figures that only one party gives.
    pub fn parties(&self, number: usize) -> Page {
        let relations = &self.index.relations;
        let parties = self.opposed_parties();
        let is_drawn = !parties.is_empty() && parties.len() <= MAX_MATRIX_PARTIES;
        let pager = Pager::new(self.links, number, ROWS_PER_PAGE);
        let pairs = if is_drawn { 0 } else { relations.oppositions.len() };
        let body = html! {
            h1 { "Parties against parties" }
            p .lede {
                @if parties.is_empty() { "No finding shows a difference between two parties." }
                @else { "The number of findings on which two parties differ. The counts show how often they differ, not how often either is wrong." }
            }
            @if relations.crowded > 0 {
                p .small .muted .mt { (counted(relations.crowded, "finding")) " with more than " (MAX_PARTIES) " parties " @if relations.crowded == 1 { "is" } @else { "are" } " not broken down into pairs." }
            }
            @if is_drawn { (matrix_key()) (self.matrix(&parties)) (self.pair_list(&relations.oppositions, true)) }
            @else if !parties.is_empty() {
                (self.pair_list(&relations.oppositions[pager.rows(pairs)], false))
                (pager.range_note(pairs, "pair"))
            }
            (self.only_one_side(&pager))
            (pager.page_links(&self.links.list("parties"), pairs.max(relations.one_sided.len())))
        };
        Page { title: "Parties against parties".to_owned(), part: DeskSection::Parties, body }
    }

    /// The parties in oppositions: those with a colour in its order, others by name, outlets last.
    fn opposed_parties(&self) -> Vec<ActorId> {
        let pairs = self.index.relations.oppositions.iter();
        let mut parties: Vec<ActorId> = pairs.flat_map(|pair| [pair.one, pair.other]).collect();
        let actors = &self.model().actors;
        parties.sort_by_key(|&id| {
            let hue = self.index.hue(id);
            (hue == 0, actors[id].publishes && hue == 0, hue, &actors[id].name, id)
        });
        parties.dedup();
        parties
    }

    fn matrix(&self, parties: &[ActorId]) -> Markup {
        let pairs = self.index.relations.oppositions.iter();
        let pairs: FxHashMap<(ActorId, ActorId), &Opposition> =
            pairs.flat_map(|pair| [((pair.one, pair.other), pair), ((pair.other, pair.one), pair)]).collect();
        html! {
            div .scroll .matrixwrap .mt role="region" aria-label="Findings between each pair of parties" tabindex="0" {
                table .matrix {
                    caption .vh { "Findings between each pair of parties" }
                    thead { tr { td {} @for &party in parties { th scope="col" { (self.who(party)) } } } }
                    tbody {
                        @for &row in parties {
                            tr {
                                th scope="row" { (self.who(row)) }
                                @for &column in parties { (self.cell(row, column, pairs.get(&(row, column)).copied())) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn cell(&self, row: ActorId, column: ActorId, pair: Option<&Opposition>) -> Markup {
        html! {
            td .self[row == column] .nil[pair.is_none()] {
                @match pair {
                    None => { span aria-hidden="true" { "·" } span .vh { "none" } }
                    Some(pair) => {
                        a .cell href=(self.pair_url(row, column)) {
                            span .vh { (self.pair_in_words(row, column)) ": " }
                            @for (name, count, class) in [("contradiction", pair.contradictions, "c"), ("tension", pair.tensions, "t")] {
                                @if count > 0 {
                                    span .(class) {
                                        b { (count) } svg aria-hidden="true" { use href={ "#g-" (name) } {} }
                                        span .vh { (name) @if count > 1 { "s" } " " }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Two parties in words, for a title or a screen reader.
    fn pair_in_words(&self, one: ActorId, other: ActorId) -> String {
        let name = |id: ActorId| plain(&self.model().actors[id].name);
        if one == other {
            format!("{} against itself", name(one))
        } else {
            format!("{} and {}", name(one), name(other))
        }
    }

    fn pair_by_name(&self, one: ActorId, other: ActorId) -> Markup {
        html! {
            @if one == other { (self.who(one)) " against itself" }
            @else { (self.who(one)) " and " (self.who(other)) }
        }
    }

    /// Pairs and how often they differ. If there is a matrix as well, it is shown on narrow screens only.
    fn pair_list(&self, pairs: &[Opposition], beside_matrix: bool) -> Markup {
        html! {
            ul .mt .pairs .always[!beside_matrix] {
                @for pair in pairs {
                    li {
                        p { (self.pair_by_name(pair.one, pair.other)) }
                        p .small { a href=(self.pair_url(pair.one, pair.other)) { (Tally([pair.contradictions, pair.tensions, 0]).in_words()) } }
                    }
                }
            }
        }
    }

    /// The URL of the page of a pair.
    pub(super) fn pair_url(&self, one: ActorId, other: ActorId) -> String {
        let (one, other) = (one.min(other), one.max(other));
        let name = |id| self.model().actors.name(id);
        self.links.to("parties", &format!("{}/{}", name(one), name(other)))
    }

    fn only_one_side(&self, pager: &Pager) -> Markup {
        let all = &self.index.relations.one_sided;
        html! {
            @if !all.is_empty() {
                section {
                    h2 { "Figures from one party only" }
                    p .note { "No other party in this folder answers these questions. That neither supports these figures nor casts doubt on them." }
                    div .scroll role="region" aria-label="Figures from one party only" tabindex="0" {
                        table .stack {
                            thead { tr { th scope="col" { "Question" } th scope="col" { "Figure" } th scope="col" { "Party" } th scope="col" { "Source" } } }
                            tbody { @for &(question, party) in &all[pager.rows(all.len())] { (self.one_side(question, party)) } }
                        }
                    }
                    (pager.range_note(all.len(), "question"))
                }
            }
        }
    }

    fn one_side(&self, question: QuestionId, party: ActorId) -> Markup {
        const MAX_ANSWERS: usize = 4;
        let model = self.model();
        let is_own = |answer: &AnswerId| {
            model.answers.party[answer.index()] == party
                && model.answers.stance[answer.index()] == Stance::Asserts
        };
        let answers: Vec<AnswerId> = model.answers_to(question).filter(is_own).collect();
        let rest = answers.len().saturating_sub(MAX_ANSWERS);
        let own = answers.iter().all(|&answer| self.model().is_own_voice(self.claim_of(answer)));
        html! {
            tr {
                th scope="row" { (self.asked_of(question)) }
                td {
                    ul .given {
                        @for &answer in answers.iter().take(MAX_ANSWERS) { li { (self.answer(answer)) } }
                        @if rest > 0 { li .muted { "and " (rest) " more" } }
                    }
                }
                td { @if own { (self.outlet(party)) } @else { (self.party(party)) } }
                td { ul .given { @for &answer in answers.iter().take(MAX_ANSWERS) { li { (self.source_and_place(self.claim_of(answer))) } } } }
            }
        }
    }

    /// The page of findings between two parties, or within one: `/parties/ONE/OTHER`, in either order.
    pub fn pair(&self, one: ActorId, other: ActorId, number: usize) -> Page {
        let findings = self.index.relations.between(one, other);
        let pager = Pager::new(self.links, number, ROWS_PER_PAGE);
        let shown = findings[pager.rows(findings.len())].iter().map(|&at| &self.analysis.findings[at]);
        let grades = findings.iter().map(|&at| self.analysis.findings[at].grade);
        let title = self.pair_in_words(one, other);
        let body = html! {
            (crumbs([html! { a href=(self.links.list("parties")) { "Parties" } }, said(&title)]))
            h1 { (said(&title)) }
            p .lede {
                @if findings.is_empty() { "No finding shows a difference between them." }
                @else { (Tally::count(grades).in_words()) ". The counts show how often two parties differ, not how often either is wrong." }
            }
            p .metaline { (self.pair_by_name(one, other)) }
            ol .between {
                @for finding in shown {
                    li {
                        p .metaline .tight { (grade(finding.grade)) (self.rule_link(finding.rule)) }
                        @if let Some(&question) = finding.questions().first() {
                            h2 .asked { (self.asked_of(question)) }
                            p { (prose(without_question(self.model(), question, &finding.message))) }
                        } @else { p { (prose(&finding.message)) } }
                        p .small { "Claims: " @for (at, &claim) in finding.claims().iter().enumerate() { @if at > 0 { ", " } (self.claim_link(claim)) } }
                    }
                }
            }
            (pager.range_note(findings.len(), "finding"))
            (pager.page_links(&self.pair_url(one, other), findings.len()))
        };
        Page { title, part: DeskSection::Parties, body }
    }
}

fn matrix_key() -> Markup {
    html! {
        ul .key .mt {
            @for name in ["contradiction", "tension"] {
                li { svg .gi aria-hidden="true" { use href={ "#g-" (name) } {} } (name) "s" }
            }
            li .wideonly { "shaded: within one party’s own statements" }
        }
    }
}
