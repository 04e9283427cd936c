//! The filter form. It is sent as a URL, so that a filtered list can be linked to.

use maud::{Markup, html};

use super::filter::{Filter, GRADES, REVIEW_FILTERS};
use crate::report::html::PageContext;
use crate::report::html::components::{capital, grouped};
use crate::report::html::index::when;
use crate::report::html::text::{plain, said};
use gainsay_analysis::document::SubjectKind;
use gainsay_analysis::id::SubjectId;

/// The most events in the menu: those with the most disputes. The others are reached from their own pages.
const MAX_OFFERED_EVENTS: usize = 300;

impl PageContext<'_> {
    /// The form with the values of a filter.
    pub(super) fn filter_form(&self, filter: &Filter) -> Markup {
        let grades = &filter.selection.grades;
        let review = filter.review();
        html! {
            form .filter method="get" action=(self.links.disputes()) role="search" aria-label="Filter disputes" {
                p {
                    label for="q" { "Search" }
                    input #q name="q" type="search" value=(plain(&filter.words)) placeholder="question, party, source or words" aria-keyshortcuts="/";
                }
                p { label for="event" { "Event" } (self.events_offered(filter)) }
                fieldset {
                    legend { "Grade" }
                    div .tick {
                        @for grade in GRADES {
                            label .choice {
                                input type="checkbox" name="grade" value=(grade.name()) checked[grades.is_empty() || grades.contains(&grade)];
                                (capital(grade.name()))
                            }
                        }
                    }
                }
                p {
                    label for="verdict" { "Review" }
                    select #verdict name="verdict" {
                        option value="" { "Any" }
                        @for (name, words, _) in REVIEW_FILTERS { option value=(name) selected[review == [name]] { (words) } }
                    }
                }
                p .act { button { "Apply" } }
                (self.filter_kept(filter))
            }
        }
    }

    /// Filters that came from a link: kept as hidden fields, shown, and with a link to remove each.
    fn filter_kept(&self, filter: &Filter) -> Markup {
        let model = self.model();
        let selection = &filter.selection;
        let review = filter.review();
        let kept = filter.pairs(model).into_iter().filter(|(key, value)| match *key {
            "actor" | "source" | "rule" | "by" => true,
            "event" => model.subjects.find(value) != selection.events.first().copied(),
            "verdict" => review.len() > 1,
            _ => false,
        });
        let without = |change: &dyn Fn(&mut Filter)| {
            let mut other = filter.at(0);
            change(&mut other);
            format!("{}{}", self.links.disputes(), other.query(model))
        };
        html! {
            @for (key, value) in kept { input type="hidden" name=(key) value=(value); }
            @if !(selection.actors.is_empty() && selection.sources.is_empty() && selection.rules.is_empty() && selection.events.len() < 2) {
                ul .kept aria-label="Further filters" {
                    @for &event in selection.events.iter().skip(1) {
                        li { "Event " (self.subject(event)) " " a href=(without(&|other| other.selection.events.retain(|&one| one != event))) { "remove" } }
                    }
                    @for &actor in &selection.actors {
                        li { "With statements by " (self.party(actor)) " " a href=(without(&|other| other.selection.actors.retain(|&one| one != actor))) { "remove" } }
                    }
                    @for &source in &selection.sources {
                        li {
                            "With claims from " (self.source_link(source)) " " span .ref { (said(model.sources.name(source))) } " "
                            a href=(without(&|other| other.selection.sources.retain(|&one| one != source))) { "remove" }
                        }
                    }
                    @for rule in &selection.rules {
                        li { "Found by " code { (rule) } " " a href=(without(&|other| other.selection.rules.retain(|one| one != rule))) { "remove" } }
                    }
                }
            }
        }
    }

    /// The menu of events with disputes, by kind and date.
    fn events_offered(&self, filter: &Filter) -> Markup {
        let model = self.model();
        let chosen = filter.selection.events.first().copied();
        let mut offered: Vec<(SubjectId, usize)> = self.index.disputed().to_vec();
        if offered.len() > MAX_OFFERED_EVENTS {
            offered.sort_by_key(|&(subject, count)| (std::cmp::Reverse(count), subject));
            offered.truncate(MAX_OFFERED_EVENTS);
            offered.sort_by_key(|&(subject, _)| (when(model, subject), subject));
        }
        if let Some(event) = chosen.filter(|event| !offered.iter().any(|(one, _)| one == event)) {
            offered.push((event, 0));
        }
        let more = self.index.disputed().len().saturating_sub(offered.len());
        let groups = [
            (SubjectKind::Event, "Events"),
            (SubjectKind::Proposition, "Propositions"),
            (SubjectKind::Series, "Series"),
        ];
        html! {
            select #event name="event" {
                option value="" { "All events, propositions and series" }
                @for (kind, name) in groups {
                    @let of_kind = || offered.iter().filter(move |(subject, _)| model.subjects[*subject].kind == kind);
                    @if of_kind().next().is_some() {
                        optgroup label=(name) {
                            @for &(subject, count) in of_kind() {
                                option value=(model.subjects.name(subject)) selected[chosen == Some(subject)] {
                                    (plain(&model.subject_in_words(subject))) " (" (grouped(count)) ")"
                                }
                            }
                        }
                    }
                }
                @if more > 0 { option value="" disabled { "and " (grouped(more)) " more, see their own pages" } }
            }
        }
    }
}
