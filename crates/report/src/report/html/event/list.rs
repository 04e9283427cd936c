//! The list of events by date, parts under their wholes; propositions and series by name.

use maud::{Markup, html};
use rustc_hash::FxHashSet;

use crate::report::html::components::time;
use crate::report::html::components::{spaced_list, tally};
use crate::report::html::pager::Pager;
use crate::report::html::relations::Tally;
use crate::report::html::text::said;
use crate::report::html::{DeskSection, Page, PageContext};
use crate::report::wording::counted;
use gainsay_analysis::document::SubjectKind;
use gainsay_analysis::id::{ClaimId, Id as _, SubjectId};

/// The subjects on one page.
const ROWS_PER_PAGE: usize = 200;

/// A subject in the list, and its depth under its wholes.
#[derive(Clone, Copy)]
struct SubjectRow {
    id: SubjectId,
    depth: usize,
}

impl PageContext<'_> {
    /// The page of events by date, parts under their wholes; propositions; series.
    pub fn events(&self, number: usize) -> Page {
        let rows = self.subject_rows();
        let pager = Pager::new(self.links, number, ROWS_PER_PAGE);
        let shown = &rows[pager.rows(rows.len())];
        let groups = shown.chunk_by(|a, b| self.kind(a.id) == self.kind(b.id));
        let body = html! {
            h1 { "Events" }
            p .lede { (self.subject_counts(&rows)) }
            @for rows in groups { (self.subject_group(rows)) }
            (pager.range_note(rows.len(), "subject"))
            (pager.page_links(&self.links.list("events"), rows.len()))
        };
        Page { title: "Events".to_owned(), part: DeskSection::Events, body }
    }

    fn kind(&self, id: SubjectId) -> SubjectKind {
        self.model().subjects[id].kind
    }

    fn subject_counts(&self, rows: &[SubjectRow]) -> Markup {
        let of = |kind| rows.iter().filter(|row| self.kind(row.id) == kind).count();
        let series = of(SubjectKind::Series);
        html! {
            (counted(of(SubjectKind::Event), "event")) ", "
            (counted(of(SubjectKind::Proposition), "proposition")) ", " (series) " series of figures."
        }
    }

    /// All subjects in the order of the list.
    fn subject_rows(&self) -> Vec<SubjectRow> {
        let model = self.model();
        let mut ids: Vec<SubjectId> = model.subjects.ids().collect();
        let place = |id: SubjectId| {
            let row = &model.subjects[id];
            let date = row.date.map(|date| date.value);
            (
                group(row.kind),
                date.is_none(),
                date.map(|date| (date.nominal_first().or(date.last), date.latest())),
                row.name.clone(),
                id,
            )
        };
        ids.sort_by_cached_key(|&id| place(id));
        let mut rank = vec![0usize; ids.len()];
        for (at, id) in ids.iter().enumerate() {
            rank[id.index()] = at;
        }
        let mut rows = Vec::with_capacity(ids.len());
        let mut seen: FxHashSet<SubjectId> = FxHashSet::default();
        let is_root = |id: &SubjectId| model.subjects[*id].part_of.is_empty();
        // Subjects that form a circle by `part-of` are listed at the top level.
        for &id in ids.iter().filter(|id| is_root(id)).chain(&ids) {
            self.nest(id, &rank, &mut seen, &mut rows);
        }
        rows.sort_by_key(|row| group(self.kind(row.id)));
        rows
    }

    /// Adds a subject and its parts below it, in the order of the list. Skips subjects that are listed already.
    fn nest(
        &self,
        id: SubjectId,
        rank: &[usize],
        seen: &mut FxHashSet<SubjectId>,
        rows: &mut Vec<SubjectRow>,
    ) {
        let mut open = vec![SubjectRow { id, depth: 0 }];
        while let Some(row) = open.pop() {
            if !seen.insert(row.id) {
                continue;
            }
            rows.push(row);
            let mut parts: Vec<SubjectId> = self.index.relations.parts(row.id).to_vec();
            parts.sort_by_key(|&part| std::cmp::Reverse(rank[part.index()]));
            open.extend(parts.into_iter().map(|id| SubjectRow { id, depth: row.depth + 1 }));
        }
    }

    fn subject_group(&self, rows: &[SubjectRow]) -> Markup {
        let (title, note, timed) = match self.kind(rows[0].id) {
            SubjectKind::Event => {
                ("Events by date", "Parts are listed below the event they belong to.", true)
            }
            SubjectKind::Proposition => {
                ("Propositions", "Statements that can be true or false and are not tied to an event.", false)
            }
            SubjectKind::Series => (
                "Series of figures",
                "Figures that one publisher counts in the same way, period after period.",
                false,
            ),
        };
        html! {
            section {
                h2 { (title) }
                p .note { (note) }
                div .scroll role="region" aria-label=(title) tabindex="0" {
                    table .stack .list {
                        thead {
                            tr {
                                @if timed { th scope="col" { "When" } }
                                th scope="col" { "Name" } th scope="col" { "Parties asked" }
                                th .r scope="col" { "Statements" } th scope="col" { "Disputes" }
                            }
                        }
                        tbody { @for row in rows { (self.subject_row(*row, timed)) } }
                    }
                }
            }
        }
    }

    fn subject_row(&self, row: SubjectRow, timed: bool) -> Markup {
        let subject = &self.model().subjects[row.id];
        let statements = self.statements_on(row.id);
        let disputes = self.model().questions_on(row.id).filter_map(|question| self.dispute(question));
        let depth = format!("in{}", row.depth.min(4));
        html! {
            tr {
                @if timed { td .num .nowrap { @if let Some(date) = subject.date { (time(&date.value)) } } }
                th .(depth) scope="row" { (self.subject_by_name(row.id)) }
                td { @if let Some(parties) = spaced_list(&subject.parties, |&party| self.party(party)) { (parties) } }
                td .r .num data-l="Statements" { @if statements > 0 { (statements) } }
                td { (tally(Tally::count(disputes.map(|dispute| dispute.grade)))) }
            }
        }
    }

    /// A subject without its day, which has its own column.
    fn subject_by_name(&self, id: SubjectId) -> Markup {
        let href = self.links.to("event", self.model().subjects.name(id));
        html! { a href=(href) { (said(&self.model().subjects[id].name)) } }
    }

    /// How many claims there are on a subject itself.
    fn statements_on(&self, id: SubjectId) -> usize {
        let answers = self.model().questions_on(id).flat_map(|question| self.model().answers_to(question));
        let mut claims: Vec<ClaimId> = answers.map(|answer| self.claim_of(answer)).collect();
        claims.sort_unstable();
        claims.dedup();
        claims.len()
    }
}

/// The order of the groups of the list.
fn group(kind: SubjectKind) -> u8 {
    match kind {
        SubjectKind::Event => 0,
        SubjectKind::Proposition => 1,
        SubjectKind::Series => 2,
    }
}
