//! The list of actors: parties with their speakers, then outlets.

use maud::{Markup, html};
use rustc_hash::FxHashSet;

use crate::report::html::components::{tally, text};
use crate::report::html::pager::Pager;
use crate::report::html::relations::Tally;
use crate::report::html::{DeskSection, Page, PageContext};
use crate::report::wording::counted;
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, QuestionId};

/// The actors on one page.
const ROWS_PER_PAGE: usize = 200;

#[derive(Clone, Copy)]
struct ActorRow {
    id: ActorId,
    depth: usize,
    is_outlet: bool,
}

impl PageContext<'_> {
    /// The page with parties and their speakers, then outlets.
    pub fn actors(&self, number: usize) -> Page {
        let rows = self.actor_rows();
        let pager = Pager::new(self.links, number, ROWS_PER_PAGE);
        let groups = rows[pager.rows(rows.len())].chunk_by(|a, b| a.is_outlet == b.is_outlet);
        let outlets = rows.iter().filter(|row| row.is_outlet && row.depth == 0).count();
        let parties = rows.iter().filter(|row| !row.is_outlet && row.depth == 0).count();
        let body = html! {
            h1 { "Actors" }
            p .lede { (counted(rows.len(), "actor")) ": " (parties) " speaking for themselves, and " (counted(outlets, "outlet")) " that published sources read here." }
            @for rows in groups { (self.actor_group(rows)) }
            (pager.range_note(rows.len(), "actor"))
            (pager.page_links(&self.links.list("actors"), rows.len()))
        };
        Page { title: "Actors".to_owned(), part: DeskSection::Actors, body }
    }

    /// Actors that speak for nobody, by name, each followed by its speakers; outlets last.
    fn actor_rows(&self) -> Vec<ActorRow> {
        let actors = &self.model().actors;
        let mut ids: Vec<ActorId> = actors.ids().collect();
        ids.sort_by_key(|&id| (self.is_outlet(id), self.index.hue(id) == 0, &actors[id].name, id));
        let mut rows = Vec::with_capacity(ids.len());
        let mut seen: FxHashSet<ActorId> = FxHashSet::default();
        // Actors that speak for each other in a circle are listed at the top level.
        let roots = ids.iter().filter(|&&id| actors[id].speaks_for.is_none());
        for &id in roots.chain(&ids) {
            let mut open = vec![(id, 0)];
            while let Some((id, depth)) = open.pop() {
                if !seen.insert(id) {
                    continue;
                }
                rows.push(ActorRow { id, depth, is_outlet: self.is_outlet(actors[id].party) });
                let mut speakers = self.index.relations.speakers(id).to_vec();
                speakers.sort_by_key(|&speaker| std::cmp::Reverse((&actors[speaker].name, speaker)));
                open.extend(speakers.into_iter().map(|speaker| (speaker, depth + 1)));
            }
        }
        rows.sort_by_key(|row| row.is_outlet);
        rows
    }

    /// Whether an actor publishes sources and is not a party with a colour.
    fn is_outlet(&self, id: ActorId) -> bool {
        self.model().actors[id].publishes && self.index.hue(id) == 0
    }

    fn actor_group(&self, rows: &[ActorRow]) -> Markup {
        let (title, note) = if rows[0].is_outlet {
            ("Outlets", "They publish the sources. A square marks what they state as fact.")
        } else {
            (
                "Parties and who speaks for them",
                "A speaker’s statements count as the position of the party that it speaks for.",
            )
        };
        html! {
            section {
                h2 { (title) }
                p .note { (note) }
                div .scroll role="region" aria-label=(title) tabindex="0" {
                    table .stack .list {
                        thead {
                            tr {
                                th scope="col" { "Name" } th scope="col" { "Kind" } th scope="col" { "Role" }
                                th .r scope="col" { "Statements" } th scope="col" { "Disputes" }
                            }
                        }
                        tbody { @for row in rows { (self.actor_row(*row)) } }
                    }
                }
            }
        }
    }

    fn actor_row(&self, row: ActorRow) -> Markup {
        let actor = &self.model().actors[row.id];
        let claims = self.index.relations.claims(row.id);
        let depth = format!("in{}", row.depth.min(4));
        html! {
            tr {
                th .(depth) scope="row" { @if row.depth == 0 { (self.who(row.id)) } @else { (self.actor_link(row.id)) } }
                td { @if let Some(kind) = text(actor.kind.as_ref()) { (kind) } }
                td { @if let Some(role) = text(actor.role.as_ref()) { (role) } }
                td .r .num data-l="Statements" { @if !claims.is_empty() { (claims.len()) } }
                td { (tally(self.disputed_by(claims))) }
            }
        }
    }

    /// The number of disputes with these claims, by grade.
    pub(in crate::report::html) fn disputed_by(&self, claims: &[ClaimId]) -> Tally {
        let answers = claims.iter().flat_map(|&claim| self.index.answers(claim));
        let questions: FxHashSet<QuestionId> =
            answers.map(|&answer: &AnswerId| self.question_of(answer)).collect();
        Tally::count(
            questions.into_iter().filter_map(|question| self.dispute(question)).map(|dispute| dispute.grade),
        )
    }
}
