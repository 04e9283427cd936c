//! The page of an event, a proposition or a series: everything on it and its parts in one place.

mod asked;
mod days;
mod list;

use maud::{Markup, html};
use rustc_hash::FxHashSet;

use super::components::time;
use super::components::{crumbs, fact_list, facts, nearest_crumbs, spaced_list, text};
use super::pager::Pager;
use super::relations::Tally;
use super::text::{plain, said};
use super::{DeskSection, Page, PageContext};
use crate::report::wording::counted;
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::document::SubjectKind;
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId, SourceId, SubjectId};

/// The rows of each list on one page.
const ROWS_PER_PAGE: usize = 200;

/// The content of an event's page: the event with its parts, and all questions and answers on them.
struct EventScope {
    id: SubjectId,
    /// The event and its parts, the whole first. Only the nearest parts if there are too many.
    subjects: Vec<SubjectId>,
    /// The same, as a set.
    known: FxHashSet<SubjectId>,
    questions: Vec<QuestionId>,
    answers: Vec<AnswerId>,
    /// Indexes of disputes, most serious first.
    disputes: Vec<usize>,
}

impl PageContext<'_> {
    /// The page of an event, a proposition or a series; long lists are paged.
    pub fn event(&self, id: SubjectId, number: usize) -> Page {
        let around = self.around(id);
        let pager = Pager::new(self.links, number, ROWS_PER_PAGE);
        let rows = self.days(&around);
        let longest = rows.len().max(around.questions.len()).max(around.disputes.len());
        let name = self.model().subject_in_words(id);
        let body = html! {
            (crumbs(self.event_crumbs(id)))
            h1 { (said(&name)) }
            p .lede { (self.event_counts(&around)) }
            (self.event_facts(&around))
            (self.day_by_day(&around, &rows, &pager))
            @if pager.rows(longest).start == 0 { (self.toll_charts(&around)) }
            (self.disputes_on(&around, &pager))
            (self.questions_on(&around, &pager))
            (pager.page_links(&self.links.to("event", self.model().subjects.name(id)), longest))
        };
        Page { title: plain(&name), part: DeskSection::Events, body }
    }

    fn around(&self, id: SubjectId) -> EventScope {
        let subjects = self.index.relations.with_parts(id);
        let questions: Vec<QuestionId> =
            subjects.iter().flat_map(|&subject| self.model().questions_on(subject)).collect();
        let answers = questions.iter().flat_map(|&question| self.model().answers_to(question)).collect();
        let mut disputes: Vec<usize> =
            questions.iter().filter_map(|&question| self.index.dispute(question)).collect();
        disputes.sort_unstable();
        let known = subjects.iter().copied().collect();
        EventScope { id, subjects, known, questions, answers, disputes }
    }

    /// The breadcrumb from the list through the nearest wholes. Of several wholes, it takes the first.
    fn event_crumbs(&self, id: SubjectId) -> Vec<Markup> {
        let subjects = &self.model().subjects;
        let above = |id: SubjectId| subjects[id].part_of.first().copied();
        let list = html! { a href=(self.links.list("events")) { "Events" } };
        let name = said(&subjects[id].name);
        nearest_crumbs(list, id, name, above, |whole| self.subject(whole))
    }

    fn event_counts(&self, around: &EventScope) -> Markup {
        let mut claims: Vec<ClaimId> = around.answers.iter().map(|&answer| self.claim_of(answer)).collect();
        claims.sort_unstable();
        claims.dedup();
        let mut parties: Vec<ActorId> = claims.iter().map(|&claim| self.model().claim(claim).party).collect();
        parties.sort_unstable();
        parties.dedup();
        let grades = around.disputes.iter().map(|&at| self.analysis.disputes[at].grade);
        let tally = Tally::count(grades);
        let parts = around.subjects.len() - 1;
        let all_parts = self.index.relations.parts_inside(around.id);
        html! {
            @if all_parts > 0 { (counted(all_parts, "part")) ". " }
            @if parts < all_parts {
                "This page shows the " (parts) " nearest parts. The others are on the pages of these parts and in the "
                a href=(self.links.list("events")) { "list of events" } ". "
            }
            @if claims.is_empty() { "No claim in this folder is about it." }
            @else {
                (counted(claims.len(), "statement")) " by " (parties.len())
                @if parties.len() == 1 { " party or outlet" } @else { " parties and outlets" }
                " on " (counted(around.questions.len(), "question")) ". "
                @match tally.all() {
                    0 => "None of them is disputed.",
                    1 => { "One dispute, a " (tally.in_words().trim_start_matches("1 ")) "." }
                    all => { (all) " disputes: " (tally.in_words()) "." }
                }
            }
        }
    }

    fn event_facts(&self, around: &EventScope) -> Markup {
        let row = &self.model().subjects[around.id];
        let parts = self.index.relations.parts(around.id);
        let all_parts = if row.parts_complete { "Parts (complete list)" } else { "Parts" };
        let place = row.defined.location().map(|location| self.place_of(location));
        let frame = [
            ("Kind", text(row.nature.as_ref())),
            ("When", row.date.map(|date| time(&date.value))),
            ("Where", self.places(&row.place)),
            ("Published by", row.publisher.map(|actor| self.who(actor))),
            ("How it is counted", text(row.method.as_ref())),
            ("Territory", text(row.territory.as_ref())),
            ("Part of", self.subjects(&row.part_of)),
            (all_parts, self.subjects(parts)),
            ("Overlaps with", self.subjects(&row.overlaps)),
            ("After", self.subjects(&row.after)),
            ("Also counted in", self.subjects(&row.beside)),
            ("Not to be confused with", self.subjects(&row.apart_from)),
            ("Parties asked for a position", self.parties_asked(around)),
            ("Sources", self.sources_on(around)),
            ("Defined in", place),
        ];
        facts(frame)
    }

    /// The parties whose position is asked for, and which of them have not answered.
    fn parties_asked(&self, around: &EventScope) -> Option<Markup> {
        let model = self.model();
        let spoke: FxHashSet<ActorId> =
            around.answers.iter().map(|&answer| model.answers.party[answer.index()]).collect();
        let asked = around.subjects.iter().flat_map(|&subject| &model.subjects[subject].parties);
        let mut asked: Vec<ActorId> = asked.map(|&actor| model.actors[actor].party).collect();
        asked.sort_by_key(|&party| (!spoke.contains(&party), &model.actors[party].name, party));
        asked.dedup();
        spaced_list(&asked, |&party| {
            html! {
                (self.party(party))
                @if !spoke.contains(&party) { " " span .muted { "no position on record" } }
            }
        })
    }

    fn sources_on(&self, around: &EventScope) -> Option<Markup> {
        let claims = around.answers.iter().map(|&answer| self.model().claim(self.claim_of(answer)));
        let mut sources: Vec<SourceId> = claims.map(|claim| claim.source).collect();
        sources.sort_unstable();
        sources.dedup();
        fact_list(&sources, "source", |&source| self.source_and_day(source))
    }

    fn disputes_on(&self, around: &EventScope, pager: &Pager) -> Markup {
        let count = around.disputes.len();
        let dispute = |at: &usize| -> &Dispute { &self.analysis.disputes[*at] };
        html! {
            @if count > 0 {
                section {
                    h2 { "Disputes" }
                    (self.dispute_list(around.disputes[pager.rows(count)].iter().map(dispute)))
                    (pager.range_note(count, "dispute"))
                }
            }
        }
    }

    /// The word for the kind of a subject.
    fn kind_of(&self, id: SubjectId) -> &'static str {
        match self.model().subjects[id].kind {
            SubjectKind::Event => "event",
            SubjectKind::Proposition => "proposition",
            SubjectKind::Series => "series",
        }
    }
}
