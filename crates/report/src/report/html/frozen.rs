//! All pages in one file, without scripts, requests or other files.
//!
//! Every page is an article whose id is the target of links to it. A link to something that is not in the file loses
//! its address and stays as text, so no link is dead.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use rustc_hash::FxHashSet;

use super::frame::SPRITE;
use super::text::{plain, said};
use super::{ASSETS, Filter, Links, Page, PageContext, Reviewing};
use crate::report::outline;
use crate::report::wording::counted;
use crate::report::{Report, claims_of};
use gainsay_analysis::id::{ActorId, ClaimId, SourceId, SubjectId};
use gainsay_analysis::rules;

/// A browser may not load anything except the style and fonts in the file.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; font-src data:";

/// The things that have their own pages in the file.
#[derive(Default)]
struct ReportScope {
    subjects: BTreeSet<SubjectId>,
    actors: BTreeSet<ActorId>,
    sources: BTreeSet<SourceId>,
    rules: BTreeSet<&'static str>,
}

/// A part of the file: its name in the table of contents, and its pages.
struct Chapter {
    name: &'static str,
    /// Whether the first page lists the others.
    is_listed: bool,
    leaves: Vec<(String, Page)>,
}

/// The chapters that are printed by default.
const PRINTED_BY_DEFAULT: [&str; 2] = ["Disputes", "Parties"];

impl Chapter {
    /// Its class in the style sheet.
    fn key(&self) -> String {
        self.name.to_ascii_lowercase()
    }
}

impl PageContext<'_> {
    /// The report as one file: the selected disputes, and every page they link to.
    pub fn frozen(&self, report: &Report<'_>) -> String {
        let desk = PageContext { links: Links::Frozen, reviewing: Reviewing::Command, ..*self };
        let chapters = desk.chapters(report);
        let title = format!("Contradiction report, {}", plain(self.place));
        let whole = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(CONTENT_SECURITY_POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content=(concat!("gainsay ", env!("CARGO_PKG_VERSION")));
                    title { (title) }
                    style { (PreEscaped(style())) }
                }
                body .frozen {
                    (PreEscaped(SPRITE))
                    a .skip href="#main" { "Skip to content" }
                    (desk.masthead(&chapters))
                    main #main .wrap {
                        h1 { "Contradiction report" }
                        p .lede { @for line in outline::counts(report) { (said(&line)) ". " } }
                        (contents(&chapters))
                        (printing(&chapters))
                        @for chapter in &chapters { (chapter_markup(chapter)) }
                    }
                    (desk.foot())
                }
            }
        };
        without_dead_links(&whole.into_string())
    }

    fn masthead(&self, chapters: &[Chapter]) -> Markup {
        html! {
            header .top {
                div .wrap {
                    span .brand { "gainsay" }
                    nav aria-label="Main" {
                        ul {
                            @for chapter in chapters {
                                @if let Some((id, _)) = chapter.leaves.first() { li { a href={ "#" (id) } { (chapter.name) } } }
                            }
                        }
                    }
                    p .place { (said(self.place)) @if !self.read.is_empty() { " · " (self.read) } }
                }
            }
        }
    }

    fn chapters(&self, report: &Report<'_>) -> Vec<Chapter> {
        let scope = self.scope(report);
        let mut chapters = vec![
            self.dispute_chapter(report),
            self.chapter(
                "Events",
                "events",
                report,
                |desk| desk.events(1),
                "event",
                &scope.subjects,
                |desk, id| (desk.model().subjects.name(id).to_string(), desk.event(id, 1)),
            ),
            self.chapter(
                "Actors",
                "actors",
                report,
                |desk| desk.actors(1),
                "actor",
                &scope.actors,
                |desk, id| (desk.model().actors.name(id).to_string(), desk.actor(id, 1)),
            ),
            self.chapter(
                "Sources",
                "sources",
                report,
                |desk| desk.sources(1),
                "source",
                &scope.sources,
                |desk, id| (desk.model().sources.name(id).to_string(), desk.source(id, 1, None)),
            ),
        ];
        if !report.selected {
            chapters.insert(1, self.party_chapter());
        }
        chapters.push(self.chapter(
            "Rules",
            "rules",
            report,
            PageContext::rules,
            "rule",
            &scope.rules,
            |desk, id| {
                (id.to_owned(), desk.rule(rules::known(id).expect("a rule that found something is known")))
            },
        ));
        if !report.selected {
            chapters.push(Chapter {
                name: "Files",
                is_listed: true,
                leaves: vec![(self.place_in_file("files", ""), self.files(1))],
            });
        }
        chapters.retain(|chapter| !chapter.leaves.is_empty());
        chapters
    }

    /// The id under which links find a page.
    fn place_in_file(&self, kind: &str, id: &str) -> String {
        self.links.to(kind, id).trim_start_matches('#').to_owned()
    }

    fn dispute_chapter(&self, report: &Report<'_>) -> Chapter {
        let filter = Filter { selection: report.selection.clone(), ..Filter::default() };
        let mut leaves = vec![(self.place_in_file("disputes", ""), self.disputes(&filter))];
        leaves.extend(report.disputes.iter().map(|(dispute, _)| {
            let name = self.model().question_name(dispute.question);
            let heading = self.model().question_heading(dispute.question);
            let page = self.question(dispute.question, None);
            // The table of contents names the question, not the title of its page.
            let page = Page { title: format!("{} – {}", heading.first, heading.then), ..page };
            (self.place_in_file("question", &name), page)
        }));
        Chapter { name: "Disputes", is_listed: true, leaves }
    }

    /// A chapter: the list of all things of a kind, if the file has all of them, and the pages of those in the file.
    #[expect(clippy::too_many_arguments, reason = "the same for every kind of thing")]
    fn chapter<I: Copy>(
        &self,
        name: &'static str,
        list: &str,
        report: &Report<'_>,
        listed: impl Fn(&Self) -> Page,
        kind: &str,
        things: &BTreeSet<I>,
        page: impl Fn(&Self, I) -> (String, Page),
    ) -> Chapter {
        let mut leaves = Vec::new();
        if !report.selected {
            leaves.push((self.place_in_file(list, ""), listed(self)));
        }
        leaves.extend(things.iter().map(|&thing| {
            let (id, page) = page(self, thing);
            (self.place_in_file(kind, &id), page)
        }));
        Chapter { name, is_listed: !report.selected, leaves }
    }

    fn party_chapter(&self) -> Chapter {
        let mut leaves = vec![(self.place_in_file("parties", ""), self.parties(1))];
        leaves.extend(self.index.relations.oppositions.iter().map(|pair| {
            let place = self.pair_url(pair.one, pair.other).trim_start_matches('#').to_owned();
            (place, self.pair(pair.one, pair.other, 1))
        }));
        Chapter { name: "Parties", is_listed: true, leaves }
    }

    /// Everything, or only what the selected disputes refer to.
    fn scope(&self, report: &Report<'_>) -> ReportScope {
        let model = self.model();
        let mut scope = ReportScope {
            rules: report.findings().map(|finding| finding.rule).collect(),
            ..ReportScope::default()
        };
        if !report.selected {
            scope.rules.extend(self.analysis.on_files().map(|finding| finding.rule));
            scope.subjects = model.subjects.ids().collect();
            scope.actors = model.actors.ids().collect();
            scope.sources =
                model.sources.iter().filter(|(_, source)| !source.later).map(|(id, _)| id).collect();
            return scope;
        }
        for (dispute, _) in &report.disputes {
            let subject = model.question(dispute.question).subject;
            scope.subjects.extend(self.analysis.graph.events.wholes(subject));
            scope.actors.extend(&model.subjects[subject].parties);
            for claim in claims_of(self.analysis, dispute) {
                self.add_claim(&mut scope, claim);
            }
        }
        scope
    }

    /// Adds the source of a claim with its publisher, and its speaker with those it speaks for.
    fn add_claim(&self, scope: &mut ReportScope, claim: ClaimId) {
        let (model, row) = (self.model(), self.model().claim(claim));
        scope.sources.insert(row.source);
        scope.actors.insert(model.sources[row.source].publisher);
        scope.actors.extend(row.via.iter().chain(&row.attributes_to));
        let mut speaker = Some(row.by);
        while let Some(actor) = speaker.filter(|actor| scope.actors.insert(*actor)) {
            speaker = model.actors[actor].speaks_for;
        }
        scope.actors.insert(row.party);
    }
}

fn contents(chapters: &[Chapter]) -> Markup {
    const MAX_CONTENTS_ENTRIES: usize = 40;
    html! {
        nav .contents aria-label="Contents" {
            @for chapter in chapters {
                @let (list, below) = chapter.leaves.split_at(usize::from(chapter.is_listed));
                details class={ "of-chapter " (chapter.key()) } open[chapter.name == "Disputes"] {
                    summary {
                        @if let Some((id, _)) = list.first() { a href={ "#" (id) } { (chapter.name) } } @else { (chapter.name) }
                        @if !below.is_empty() { " " span .muted { (counted(below.len(), "page")) } }
                    }
                    ol {
                        @for (id, page) in below.iter().take(MAX_CONTENTS_ENTRIES) { li { a href={ "#" (id) } { (said(&page.title)) } } }
                        @if below.len() > MAX_CONTENTS_ENTRIES { li .muted { "and " (below.len() - MAX_CONTENTS_ENTRIES) " more, below" } }
                    }
                }
            }
        }
    }
}

/// The choice of chapters to print. It works with style rules only, and the printout says
/// what is left out.
fn printing(chapters: &[Chapter]) -> Markup {
    html! {
        fieldset .printing {
            legend { "Chapters to print" }
            @for chapter in chapters {
                @let key = chapter.key();
                label .choice for={ "print:" (key) } {
                    input type="checkbox" id={ "print:" (key) } checked[PRINTED_BY_DEFAULT.contains(&chapter.name)];
                    (chapter.name) " " span .muted { (counted(chapter.leaves.len(), "page")) }
                }
            }
            p .note { "Chapters that are not ticked stay in this file but are not printed." }
        }
        @for chapter in chapters {
            p class={ "unprinted " (chapter.key()) } {
                "Not printed: " (chapter.name) ", " (counted(chapter.leaves.len(), "page")) ". They are in the file."
            }
        }
    }
}

fn chapter_markup(chapter: &Chapter) -> Markup {
    html! {
        div class={ "chapter " (chapter.key()) } {
            @for (at, (id, page)) in chapter.leaves.iter().enumerate() {
                article .leaf .first[at == 0] id=(id) { (PreEscaped(demoted(&page.body.0))) }
            }
        }
    }
}

/// Lowers headings by one level for screen readers, because the file has one heading of the first level.
fn demoted(body: &str) -> String {
    let mut body = body.to_owned();
    for level in 1..=4 {
        body = body.replace(&format!("<h{level}"), &format!("<h{level} aria-level=\"{}\"", level + 1));
    }
    body
}

/// The stylesheet with its fonts inside.
fn style() -> String {
    let named = |name: &str| ASSETS.iter().find(|asset| asset.name == name);
    let css = named("desk.css").map_or(&[][..], |asset| asset.bytes);
    let mut css = String::from_utf8_lossy(css).into_owned();
    for asset in ASSETS.iter().filter(|asset| asset.name.starts_with("fonts/")) {
        let data = format!("data:{};base64,{}", asset.kind, STANDARD.encode(asset.bytes));
        css = css.replace(&format!("url(\"{}\")", asset.name), &format!("url(\"{data}\")"));
    }
    css
}

/// Removes the `href` of links to ids that are not in the file. Quotation marks in texts are escaped, so anything that
/// looks like an attribute is an attribute.
fn without_dead_links(whole: &str) -> String {
    let ids: FxHashSet<&str> = values(whole, " id=\"").collect();
    let mut text = String::with_capacity(whole.len());
    let mut rest = whole;
    while let Some(at) = rest.find(" href=\"#") {
        let (before, link) = rest.split_at(at);
        text.push_str(before);
        let length = link[8..].find('"').map_or(link.len(), |end| 8 + end + 1);
        let target = link[8..length].trim_end_matches('"');
        if ids.contains(target) {
            text.push_str(&link[..length]);
        }
        rest = &link[length..];
    }
    text.push_str(rest);
    text
}

/// The values of an attribute.
fn values<'t>(text: &'t str, attribute: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(attribute).skip(1).filter_map(|rest| rest.split_once('"')).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_dead_links_turns_them_into_text() {
        let file = "<a href=\"#a\">x</a><a class=\"party\" href=\"#b/c\">y</a><p id=\"a\"><a href=\"https://z\">z</a>";
        let expected = "<a href=\"#a\">x</a><a class=\"party\">y</a><p id=\"a\"><a href=\"https://z\">z</a>";
        assert_eq!(without_dead_links(file), expected);
    }

    #[test]
    fn style_contains_its_fonts() {
        let style = style();
        assert!(!style.contains("url(\"fonts/") && style.matches("data:font/woff2;base64,").count() == 2);
        assert!(!style.contains("</"));
    }
}
