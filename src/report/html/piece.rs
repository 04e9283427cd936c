//! Pieces that many pages share: a party, a grade, how a dispute stands, a date, a reference.

use maud::{Markup, html};

use super::text::said;
use super::{Desk, Page, Part};
use crate::dispute::Standing;
use crate::finding::Grade;
use crate::id::{ActorId, ClaimId, QuestionId, SourceId, SubjectId};
use crate::source::Location;

impl Desk<'_> {
    /// An actor by name, in the hue of its party, linked to its page.
    pub(super) fn party(&self, actor: ActorId) -> Markup {
        let hue = self.index.hue(actor);
        let name = &self.model().actors[actor].name;
        let href = self.links.to("actor", self.model().actors.name(actor));
        html! { a class={ "party c" (hue) } href=(href) { (said(name)) } }
    }

    /// An outlet that speaks in its own voice: grey, a square.
    pub(super) fn outlet(&self, actor: ActorId) -> Markup {
        let href = self.links.to("actor", self.model().actors.name(actor));
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
        let href = self.links.to("question", &self.model().question_name(question));
        html! { a href=(href) { (said(&self.model().question_asked(question))) } }
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

/// A grade as a badge.
pub(super) fn grade(grade: Grade) -> Markup {
    html! {
        span class={ "grade " (grade.name()) } {
            svg aria-hidden="true" { use href={ "#g-" (grade.name()) } {} }
            (capital(grade.name()))
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
pub(super) fn standing(standing: Standing) -> Markup {
    html! {
        span class={ "state " (standing.name()) } {
            svg aria-hidden="true" { use href={ "#v-" (standing.name()) } {} }
            @if standing == Standing::Stale { b { "Stale" } } @else { (capital(standing.name())) }
        }
    }
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
