//! Pieces of lists and tables: who said what where, in which words, and what became of it.

use maud::{Markup, html};

use super::Desk;

use super::piece::{grade_in_line, said_on, standing, time};
use super::register::Tally;
use super::text::said;
use crate::dispute::Dispute;
use crate::document::Part;
use crate::document::Word as _;
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, PlaceId, QuestionId, SourceId, SubjectId};
use crate::report::wording::{answer_in_full, counted, without_subject};

/// So many names stand in a fact; it says how many more there are.
const NAMED: usize = 16;

impl<'a> Desk<'a> {
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

    /// An actor by name: a party in its hue, an outlet that is none of the parties as a square.
    pub(super) fn who(&self, actor: ActorId) -> Markup {
        let is_outlet = self.model().actors[actor].publishes && self.index.hue(actor) == 0;
        if is_outlet { self.outlet(actor) } else { self.party(actor) }
    }

    /// The speaker of a claim, where it is somebody else than the voice it counts as.
    pub(super) fn speaker_beside(&self, claim: ClaimId) -> Option<Markup> {
        let row = self.model().claim(claim);
        (row.by != row.party).then(|| self.actor_link(row.by))
    }

    /// An actor by name, without a hue.
    pub(super) fn actor_link(&self, actor: ActorId) -> Markup {
        let href = self.actor_way(actor);
        html! { a href=(href) { (said(&self.model().actors[actor].name)) } }
    }

    /// An answer in its own words, with its stance and its hedge.
    pub(super) fn answer(&self, answer: AnswerId) -> Markup {
        said(&answer_in_full(self.model(), self.question_of(answer), answer))
    }

    /// The source of a claim and the place in it.
    pub(super) fn stands_in(&self, claim: ClaimId) -> Markup {
        let row = self.model().claim(claim);
        let source = self.model().sources.name(row.source);
        let name = &self.model().actors[self.model().sources[row.source].publisher].name;
        html! {
            a href=(self.links.claim(source, &row.name)) {
                (said(name)) @if let Some(at) = row.at { ", " (at.to_string()) }
            }
            @if row.part != Part::Body { " (" (row.part.word()) ")" }
        }
    }

    /// A source by its publisher and its day.
    pub(super) fn source_and_day(&self, source: SourceId) -> Markup {
        html! { (self.source_link(source)) ", " (time(&self.model().sources[source].published)) }
    }

    /// What is asked, short and under its subject, as a link: `killed, militants`.
    pub(super) fn asked_in_brief(&self, question: QuestionId) -> Markup {
        let href = self.question_way(question);
        html! { a href=(href) { (said(&without_subject(self.model(), question))) } }
    }

    /// A question with what it is asked of beneath, for a page that is on something else.
    pub(super) fn asked_of(&self, question: QuestionId) -> Markup {
        let href = self.question_way(question);
        let heading = self.model().question_heading(question);
        html! {
            a .asked href=(href) { (said(&heading.first)) }
            span .of { (said(&heading.then)) }
        }
    }

    /// The grade of the dispute on a question, linked to it; nothing where there is none.
    pub(super) fn grade_of(&self, question: QuestionId) -> Markup {
        let href = self.question_way(question);
        html! {
            @if let Some(dispute) = self.dispute(question) { a .quiet href=(href) { (grade_in_line(dispute.grade)) } }
        }
    }

    /// How the dispute on a question stands; nothing where there is none.
    pub(super) fn standing_of(&self, question: QuestionId) -> Markup {
        html! { @if let Some(dispute) = self.dispute(question) { (self.stands(dispute)) } }
    }

    /// How a dispute stands, with the figure where one is stood by.
    pub(super) fn stands(&self, dispute: &Dispute) -> Markup {
        html! {
            (standing(dispute.standing))
            @if let Some(figure) = dispute.stands_by(self.model()) { " at " b { (said(figure)) } }
        }
    }

    /// Disputes, each with its grade and how it stands.
    pub(super) fn dispute_list<'d>(&self, disputes: impl IntoIterator<Item = &'d Dispute>) -> Markup {
        html! {
            ul .dlist {
                @for dispute in disputes {
                    li { (grade_in_line(dispute.grade)) div { (self.asked_of(dispute.question)) } span { (self.stands(dispute)) } }
                }
            }
        }
    }

    /// A line of a list: what is asked, the answer, who spoke, when, where.
    pub(super) fn statement(&self, answer: AnswerId) -> Markup {
        let (question, claim) = (self.question_of(answer), self.claim_of(answer));
        html! {
            (self.asked_in_brief(question)) ": " b { (self.answer(answer)) }
            span .src {
                @if let Some(speaker) = self.speaker_beside(claim) { (speaker) " · " }
                (self.stands_in(claim))
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
        listed(places, "place", |&place| said(&self.model().places[place].name))
    }

    /// Subjects by name.
    pub(super) fn subjects(&self, subjects: &[SubjectId]) -> Option<Markup> {
        listed(subjects, "subject", |&subject| self.subject(subject))
    }
}

/// Things with commas between them, and how many more there are; nothing where there is none.
pub(super) fn listed<T>(things: &[T], noun: &str, show: impl Fn(&T) -> Markup) -> Option<Markup> {
    let rest = things.len().saturating_sub(NAMED);
    (!things.is_empty()).then(|| {
        html! {
            @for (at, thing) in things.iter().take(NAMED).enumerate() { @if at > 0 { ", " } (show(thing)) }
            @if rest > 0 { " and " (counted(rest, &format!("more {noun}"))) }
        }
    })
}

/// Parties beside each other, and how many more there are; nothing where there is none.
pub(super) fn beside<T>(things: &[T], show: impl Fn(&T) -> Markup) -> Option<Markup> {
    let rest = things.len().saturating_sub(NAMED);
    (!things.is_empty()).then(|| {
        html! {
            span .plist {
                @for thing in things.iter().take(NAMED) { span { (show(thing)) } }
                @if rest > 0 { span .muted { "and " (rest) " more" } }
            }
        }
    })
}

/// A text of a claim file as a fact; nothing where there is none.
pub(super) fn text(text: Option<&smol_str::SmolStr>) -> Option<Markup> {
    text.map(|text| said(text))
}

/// Facts under their names; those without a text are left out.
pub(super) fn facts<'n>(facts: impl IntoIterator<Item = (&'n str, Option<Markup>)>) -> Markup {
    html! {
        dl .facts {
            @for (name, fact) in facts {
                @if let Some(fact) = fact { div { dt { (name) } dd { (fact) } } }
            }
        }
    }
}

/// The way from a part of the desk to here.
pub(super) fn crumbs(ways: impl IntoIterator<Item = Markup>) -> Markup {
    html! { nav aria-label="Breadcrumb" { ol .crumb { @for way in ways { li { (way) } } } } }
}

/// So many things above a page stand in the way to it; a longer way begins with a gap.
const CRUMBS: usize = 8;

/// The way to a thing from a list, through the nearest of those above it; a circle is walked once.
pub(super) fn nearest_crumbs<I: Copy + Eq>(
    list: Markup,
    id: I,
    name: Markup,
    above: impl Fn(I) -> Option<I>,
    link: impl Fn(I) -> Markup,
) -> Vec<Markup> {
    let mut chain: Vec<I> = Vec::new();
    let mut next = above(id);
    while let Some(at) = next.filter(|at| chain.len() <= CRUMBS && *at != id && !chain.contains(at)) {
        chain.push(at);
        next = above(at);
    }
    let is_cut = chain.len() > CRUMBS;
    chain.truncate(CRUMBS);
    let gap = is_cut.then(|| html! { "…" });
    let chain = chain.into_iter().rev().map(link);
    [list].into_iter().chain(gap).chain(chain).chain([name]).collect()
}

/// Counts by grade, each with its glyph.
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
