//! Pieces that many pages share: a party, a grade, how a dispute stands, a date, a reference.

use maud::{Markup, html};

use super::text::said;
use super::{Desk, Links, Page, Part};
use crate::dispute::ReviewStatus;
use crate::finding::Grade;
use crate::id::{ActorId, ClaimId, QuestionId, SourceId, SubjectId};
use crate::model::Claim;
use crate::period::Period;
pub(super) use crate::report::wording::grouped;
use crate::source::Location;

impl Desk<'_> {
    /// The address of the page of a question.
    pub(super) fn question_way(&self, question: QuestionId) -> String {
        self.links.to("question", &self.model().question_name(question))
    }

    /// The address of the page of an actor.
    pub(super) fn actor_way(&self, actor: ActorId) -> String {
        self.links.to("actor", self.model().actors.name(actor))
    }

    /// An actor by name, in the hue of its party, linked to its page.
    pub(super) fn party(&self, actor: ActorId) -> Markup {
        let hue = self.index.hue(actor);
        let name = &self.model().actors[actor].name;
        let href = self.actor_way(actor);
        html! { a class={ "party c" (hue) } href=(href) { (said(name)) } }
    }

    /// An outlet that speaks in its own voice: grey, a square.
    pub(super) fn outlet(&self, actor: ActorId) -> Markup {
        let href = self.actor_way(actor);
        html! { a .party .c0 .own href=(href) { (said(&self.model().actors[actor].name)) } }
    }

    /// Who speaks in a claim: its party, or the outlet that states it as fact.
    pub(super) fn voice(&self, claim: ClaimId) -> Markup {
        let row = self.model().claim(claim);
        if self.model().is_own_voice(claim) { self.outlet(row.by) } else { self.party(row.party) }
    }

    /// An event, proposition or series by name.
    pub(super) fn subject(&self, subject: SubjectId) -> Markup {
        let href = self.links.to("event", self.model().subjects.name(subject));
        html! { a href=(href) { (said(&self.model().subject_in_words(subject))) } }
    }

    /// A question, linked to its page, in the words of a question.
    pub(super) fn question_link(&self, question: QuestionId) -> Markup {
        let href = self.question_way(question);
        html! { a href=(href) { (said(&self.model().question_asked(question))) } }
    }

    /// A question with what it is asked of, linked to its page.
    pub(super) fn question_in_full(&self, question: QuestionId) -> Markup {
        let heading = self.model().question_heading(question);
        let href = self.question_way(question);
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

/// Some things with commas between them, the last after an `and`; of many, so many are told.
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

/// The badge of a grade with a word of its own.
pub(super) fn grade_as(grade: Grade, word: &str) -> Markup {
    html! {
        span class={ "grade " (grade.name()) } {
            svg aria-hidden="true" { use href={ "#g-" (grade.name()) } {} }
            (word)
        }
    }
}

/// A grade as glyph and word, for tables and lists.
pub(super) fn grade_in_line(grade: Grade) -> Markup {
    html! {
        span class={ "gw " (grade.name()) } {
            svg class={ "gi " (grade.name()) } aria-hidden="true" { use href={ "#g-" (grade.name()) } {} }
            (capital(grade.name()))
        }
    }
}

/// How a dispute stands with review.
pub(super) fn standing(standing: ReviewStatus) -> Markup {
    html! {
        span class={ "state " (standing.name()) } {
            svg aria-hidden="true" { use href={ "#v-" (standing.name()) } {} }
            @if standing == ReviewStatus::Stale { b { "Stale" } } @else { (capital(standing.name())) }
        }
    }
}

/// The grade and the names of the rules that found something, each once, linked to what they mean.
pub(super) fn rule_links(links: Links, rules: &[&'static str]) -> Markup {
    html! {
        @for (at, rule) in rules.iter().enumerate() {
            @if at > 0 { ", " }
            a href=(links.to("rule", rule)) { code { (rule) } }
        }
    }
}

/// A date as a table shows it, readable for programs where it is one day, month or year.
pub(super) fn time(period: &Period) -> Markup {
    let written = period.to_string();
    let is_one = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    html! {
        @if is_one { time datetime=(written) { (period.in_brief()) } } @else { span .when { (period.in_brief()) } }
    }
}

/// When a claim was made; where only the day of publication is known, that it is.
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

/// A page that is still to be made of its parts.
pub(super) fn page(title: impl Into<String>, part: Part, body: Markup) -> Page {
    Page { title: title.into(), part, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_readable_for_programs() {
        let shown = |written| time(&Period::read(written).expect("a date")).into_string();
        assert_eq!(shown("2026-02"), "<time datetime=\"2026-02\">Feb 2026</time>");
        assert_eq!(shown("2026-02~"), "<span class=\"when\">Feb 2026 (about)</span>");
    }

    #[test]
    fn numbers_stand_with_their_nouns() {
        assert_eq!(counted_in_words(1, "dispute"), "1 dispute");
        assert_eq!(counted_in_words(1_709, "dispute"), "1,709 disputes");
    }
}
