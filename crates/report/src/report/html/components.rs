//! Building blocks that many pages share: links to things, badges, dates, lists, facts, breadcrumbs.

use maud::{Markup, html};

use super::relations::Tally;
use super::text::said;
use super::{DeskSection, Links, Page, PageContext};
pub(super) use crate::report::wording::grouped;
use crate::report::wording::{answer_in_full, counted, without_subject};
use gainsay_analysis::dispute::{Dispute, ReviewStatus};
use gainsay_analysis::document::{self, Word as _};
use gainsay_analysis::finding::Grade;
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, Id as _, PlaceId, QuestionId, SourceId, SubjectId};
use gainsay_analysis::model::Claim;
use gainsay_analysis::source::Location;
use gainsay_reading::period::Period;

/// The most names in a list. The list says how many more there are.
const MAX_LISTED: usize = 16;

impl PageContext<'_> {
    /// The address of the page of a question.
    pub(super) fn question_url(&self, question: QuestionId) -> String {
        self.links.to("question", &self.model().question_name(question))
    }

    /// The address of the page of an actor.
    pub(super) fn actor_url(&self, actor: ActorId) -> String {
        self.links.to("actor", self.model().actors.name(actor))
    }

    /// An actor by name, in the colour of its party, linked to its page.
    pub(super) fn party(&self, actor: ActorId) -> Markup {
        let hue = self.index.hue(actor);
        let name = &self.model().actors[actor].name;
        let href = self.actor_url(actor);
        html! { a class={ "party c" (hue) } href=(href) { (said(name)) } }
    }

    /// An outlet that speaks in its own voice: grey, with a square.
    pub(super) fn outlet(&self, actor: ActorId) -> Markup {
        let href = self.actor_url(actor);
        html! { a .party .c0 .own href=(href) { (said(&self.model().actors[actor].name)) } }
    }

    /// The voice of a claim: its party, or the outlet that states it as fact.
    pub(super) fn voice(&self, claim: ClaimId) -> Markup {
        let row = self.model().claim(claim);
        if self.model().is_own_voice(claim) { self.outlet(row.by) } else { self.party(row.party) }
    }

    /// An event, proposition or series by name.
    pub(super) fn subject(&self, subject: SubjectId) -> Markup {
        let href = self.links.to("event", self.model().subjects.name(subject));
        html! { a href=(href) { (said(&self.model().subject_in_words(subject))) } }
    }

    /// A question in words, linked to its page.
    pub(super) fn question_link(&self, question: QuestionId) -> Markup {
        let href = self.question_url(question);
        html! { a href=(href) { (said(&self.model().question_asked(question))) } }
    }

    /// A question with its subject, linked to its page.
    pub(super) fn question_in_full(&self, question: QuestionId) -> Markup {
        let heading = self.model().question_heading(question);
        let href = self.question_url(question);
        html! { a href=(href) { (said(&heading.first)) } " (" (said(&heading.then)) ")" }
    }

    /// A source by its publisher.
    pub(super) fn source_link(&self, source: SourceId) -> Markup {
        let row = &self.model().sources[source];
        let href = self.links.to("source", self.model().sources.name(source));
        html! { a href=(href) { (said(&self.model().actors[row.publisher].name)) } }
    }

    /// The name of a claim, linked to it.
    pub(super) fn claim_link(&self, claim: ClaimId) -> Markup {
        let row = self.model().claim(claim);
        let source = self.model().sources.name(row.source);
        html! { a .ref href=(self.links.claim(source, &row.name)) { (said(&self.model().claim_name(claim))) } }
    }

    /// File and line of a place, linked to the file.
    pub(super) fn place_of(&self, location: Location) -> Markup {
        let file = &self.files[location.file];
        let line = file.line(location.span.start);
        let name = format!("{}:{line}", file.path());
        html! {
            @if let Some(href) = self.links.line(file.path(), line) { a .ref href=(href) { (said(&name)) } }
            @else { span .ref { (said(&name)) } }
        }
    }
}

impl<'a> PageContext<'a> {
    /// The dispute on a question.
    pub(super) fn dispute(&self, question: QuestionId) -> Option<&'a Dispute> {
        self.index.dispute(question).map(|at| &self.analysis.disputes[at])
    }

    /// The claim of an answer.
    pub(super) fn claim_of(&self, answer: AnswerId) -> ClaimId {
        self.model().answers.claim[answer.index()]
    }

    /// The question of an answer.
    pub(super) fn question_of(&self, answer: AnswerId) -> QuestionId {
        self.model().answers.question[answer.index()]
    }

    /// An actor by name: a party in its colour, any other outlet with a square.
    pub(super) fn who(&self, actor: ActorId) -> Markup {
        let is_outlet = self.model().actors[actor].publishes && self.index.hue(actor) == 0;
        if is_outlet { self.outlet(actor) } else { self.party(actor) }
    }

    /// The speaker of a claim. None if it is the voice of the claim itself.
    pub(super) fn speaker_beside(&self, claim: ClaimId) -> Option<Markup> {
        let row = self.model().claim(claim);
        (row.by != row.party).then(|| self.actor_link(row.by))
    }

    /// An actor by name, without a colour.
    pub(super) fn actor_link(&self, actor: ActorId) -> Markup {
        let href = self.actor_url(actor);
        html! { a href=(href) { (said(&self.model().actors[actor].name)) } }
    }

    /// An answer as worded, with its stance and hedge.
    pub(super) fn answer(&self, answer: AnswerId) -> Markup {
        said(&answer_in_full(self.model(), self.question_of(answer), answer))
    }

    /// The source of a claim and the place in it.
    pub(super) fn source_and_place(&self, claim: ClaimId) -> Markup {
        let row = self.model().claim(claim);
        let source = self.model().sources.name(row.source);
        let name = &self.model().actors[self.model().sources[row.source].publisher].name;
        html! {
            a href=(self.links.claim(source, &row.name)) {
                (said(name)) @if let Some(at) = row.at { ", " (at.to_string()) }
            }
            @if row.part != document::Part::Body { " (" (row.part.word()) ")" }
        }
    }

    /// A source by its publisher and day.
    pub(super) fn source_and_day(&self, source: SourceId) -> Markup {
        html! { (self.source_link(source)) ", " (time(&self.model().sources[source].published)) }
    }

    /// A short link to a question under its subject: `killed, militants`.
    pub(super) fn asked_in_brief(&self, question: QuestionId) -> Markup {
        let href = self.question_url(question);
        html! { a href=(href) { (said(&without_subject(self.model(), question))) } }
    }

    /// A question with its subject below it, for a page on something else.
    pub(super) fn asked_of(&self, question: QuestionId) -> Markup {
        let href = self.question_url(question);
        let heading = self.model().question_heading(question);
        html! {
            a .asked href=(href) { (said(&heading.first)) }
            span .of { (said(&heading.then)) }
        }
    }

    /// The grade of the dispute on a question, linked to it. Empty if there is none.
    pub(super) fn grade_of(&self, question: QuestionId) -> Markup {
        let href = self.question_url(question);
        html! {
            @if let Some(dispute) = self.dispute(question) { a .quiet href=(href) { (grade_in_line(dispute.grade)) } }
        }
    }

    /// The review status of the dispute on a question. Empty if there is none.
    pub(super) fn status_of(&self, question: QuestionId) -> Markup {
        html! { @if let Some(dispute) = self.dispute(question) { (self.status_with_figure(dispute)) } }
    }

    /// The review status of a dispute, with the figure of a settled one.
    pub(super) fn status_with_figure(&self, dispute: &Dispute) -> Markup {
        html! {
            (standing(dispute.standing))
            @if let Some(figure) = dispute.stands_by(self.model()) { " at " b { (said(figure)) } }
        }
    }

    /// Disputes, each with its grade and review status.
    pub(super) fn dispute_list<'d>(&self, disputes: impl IntoIterator<Item = &'d Dispute>) -> Markup {
        html! {
            ul .dlist {
                @for dispute in disputes {
                    li { (grade_in_line(dispute.grade)) div { (self.asked_of(dispute.question)) } span { (self.status_with_figure(dispute)) } }
                }
            }
        }
    }

    /// A line of a list: question, answer, speaker, date, source.
    pub(super) fn statement(&self, answer: AnswerId) -> Markup {
        let (question, claim) = (self.question_of(answer), self.claim_of(answer));
        html! {
            (self.asked_in_brief(question)) ": " b { (self.answer(answer)) }
            span .src {
                @if let Some(speaker) = self.speaker_beside(claim) { (speaker) " · " }
                (self.source_and_place(claim))
            }
            (self.grade_of(question))
        }
    }

    /// When a claim was made.
    pub(super) fn said_when(&self, claim: ClaimId) -> Markup {
        said_on(self.model().claim(claim))
    }

    /// Places by name.
    pub(super) fn places(&self, places: &[PlaceId]) -> Option<Markup> {
        fact_list(places, "place", |&place| said(&self.model().places[place].name))
    }

    /// Subjects by name.
    pub(super) fn subjects(&self, subjects: &[SubjectId]) -> Option<Markup> {
        fact_list(subjects, "subject", |&subject| self.subject(subject))
    }
}

/// A list with commas and a final `and`. Shows at most `most` things, then how many more there are.
pub(super) fn listed<T>(things: &[T], most: usize, noun: &str, show: impl Fn(&T) -> Markup) -> Markup {
    let more = things.len().saturating_sub(most);
    let shown = things.len() - more;
    html! {
        @for (at, thing) in things[..shown].iter().enumerate() {
            @if at > 0 { @if at + 1 == shown && more == 0 { " and " } @else { ", " } }
            (show(thing))
        }
        @if more > 0 { " and " (counted_in_words(more, &format!("more {noun}"))) }
    }
}

/// A grade as a badge.
pub(super) fn grade(grade: Grade) -> Markup {
    grade_as(grade, &capital(grade.name()))
}

/// The badge of a grade with a different word.
pub(super) fn grade_as(grade: Grade, word: &str) -> Markup {
    html! {
        span class={ "grade " (grade.name()) } {
            svg aria-hidden="true" { use href={ "#g-" (grade.name()) } {} }
            (word)
        }
    }
}

/// A grade as a glyph and a word, for tables and lists.
pub(super) fn grade_in_line(grade: Grade) -> Markup {
    html! {
        span class={ "gw " (grade.name()) } {
            svg class={ "gi " (grade.name()) } aria-hidden="true" { use href={ "#g-" (grade.name()) } {} }
            (capital(grade.name()))
        }
    }
}

/// The review status of a dispute, with its glyph.
pub(super) fn standing(standing: ReviewStatus) -> Markup {
    html! {
        span class={ "state " (standing.name()) } {
            svg aria-hidden="true" { use href={ "#v-" (standing.name()) } {} }
            @if standing == ReviewStatus::Stale { b { "Stale" } } @else { (capital(standing.name())) }
        }
    }
}

/// The ids of rules, linked to their pages.
pub(super) fn rule_links(links: Links, rules: &[&'static str]) -> Markup {
    html! {
        @for (at, rule) in rules.iter().enumerate() {
            @if at > 0 { ", " }
            a href=(links.to("rule", rule)) { code { (rule) } }
        }
    }
}

/// A date for a table, in a `time` element if it is one day, month or year.
pub(super) fn time(period: &Period) -> Markup {
    let written = period.to_string();
    let is_one = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    html! {
        @if is_one { time datetime=(written) { (period.in_brief()) } } @else { span .when { (period.in_brief()) } }
    }
}

/// The date of a claim, marked `published` if only the day of publication is known.
pub(super) fn said_on(claim: &Claim) -> Markup {
    html! {
        @if claim.said_span.is_none() { span .muted { "published " } }
        (time(&claim.said))
    }
}

/// A number with its noun: `1 dispute`, `1,709 disputes`.
pub(super) fn counted_in_words(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A word with a capital letter.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A page from its parts.
pub(super) fn page(title: impl Into<String>, part: DeskSection, body: Markup) -> Page {
    Page { title: title.into(), part, body }
}

/// A list with commas, and how many more there are. None if `things` is empty.
pub(super) fn fact_list<T>(things: &[T], noun: &str, show: impl Fn(&T) -> Markup) -> Option<Markup> {
    let rest = things.len().saturating_sub(MAX_LISTED);
    (!things.is_empty()).then(|| {
        html! {
            @for (at, thing) in things.iter().take(MAX_LISTED).enumerate() { @if at > 0 { ", " } (show(thing)) }
            @if rest > 0 { " and " (counted(rest, &format!("more {noun}"))) }
        }
    })
}

/// A list with spaces, and how many more there are. None if `things` is empty.
pub(super) fn spaced_list<T>(things: &[T], show: impl Fn(&T) -> Markup) -> Option<Markup> {
    let rest = things.len().saturating_sub(MAX_LISTED);
    (!things.is_empty()).then(|| {
        html! {
            span .plist {
                @for thing in things.iter().take(MAX_LISTED) { span { (show(thing)) } }
                @if rest > 0 { span .muted { "and " (rest) " more" } }
            }
        }
    })
}

/// A text of a claim file as the value of a fact. None without a text.
pub(super) fn text(text: Option<&smol_str::SmolStr>) -> Option<Markup> {
    text.map(|text| said(text))
}

/// A list of names and values. Facts without a value are left out.
pub(super) fn facts<'n>(facts: impl IntoIterator<Item = (&'n str, Option<Markup>)>) -> Markup {
    html! {
        dl .facts {
            @for (name, fact) in facts {
                @if let Some(fact) = fact { div { dt { (name) } dd { (fact) } } }
            }
        }
    }
}

/// A breadcrumb.
pub(super) fn crumbs(page_links: impl IntoIterator<Item = Markup>) -> Markup {
    html! { nav aria-label="Breadcrumb" { ol .crumb { @for way in page_links { li { (way) } } } } }
}

/// The most things in a breadcrumb between the list and the page. A longer one begins with a gap.
const MAX_CRUMBS: usize = 8;

/// The breadcrumb from a list to a thing, through the things above it. Stops if they form a circle.
pub(super) fn nearest_crumbs<I: Copy + Eq>(
    list: Markup,
    id: I,
    name: Markup,
    above: impl Fn(I) -> Option<I>,
    link: impl Fn(I) -> Markup,
) -> Vec<Markup> {
    let mut chain: Vec<I> = Vec::new();
    let mut next = above(id);
    while let Some(at) = next.filter(|at| chain.len() <= MAX_CRUMBS && *at != id && !chain.contains(at)) {
        chain.push(at);
        next = above(at);
    }
    let is_cut = chain.len() > MAX_CRUMBS;
    chain.truncate(MAX_CRUMBS);
    let gap = is_cut.then(|| html! { "…" });
    let chain = chain.into_iter().rev().map(link);
    [list].into_iter().chain(gap).chain(chain).chain([name]).collect()
}

/// Counts by grade, with glyphs.
pub(super) fn tally(tally: Tally) -> Markup {
    html! {
        @if tally.all() > 0 {
            span .tally {
                @for (grade, count) in Tally::GRADES.into_iter().zip(tally.0).filter(|&(_, count)| count > 0) {
                    span class=(grade.name()) {
                        b { (count) }
                        svg class={ "gi " (grade.name()) } aria-hidden="true" { use href={ "#g-" (grade.name()) } {} }
                        span .vh { " " (grade.name()) @if count != 1 { "s" } " " }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_machine_readable() {
        let shown = |written| time(&Period::read(written).expect("a date")).into_string();
        assert_eq!(shown("2026-02"), "<time datetime=\"2026-02\">Feb 2026</time>");
        assert_eq!(shown("2026-02~"), "<span class=\"when\">Feb 2026 (about)</span>");
    }

    #[test]
    fn counted_in_words_adds_the_noun() {
        assert_eq!(counted_in_words(1, "dispute"), "1 dispute");
        assert_eq!(counted_in_words(1_709, "dispute"), "1,709 disputes");
    }
}
