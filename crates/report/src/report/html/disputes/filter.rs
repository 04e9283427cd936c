//! The filter of the dispute list, read from a URL and written into one.

use percent_encoding::utf8_percent_encode;

use crate::report::Selection;
use crate::report::html::links::PLAIN;
use gainsay_analysis::dispute::ReviewStatus;
use gainsay_analysis::finding::Grade;
use gainsay_analysis::id::{Id, Table};
use gainsay_analysis::model::Model;
use gainsay_analysis::rules;

/// The filter of the dispute list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The part of the analysis.
    pub selection: Selection,
    /// Words to search for in questions, names, sources and the words of claims. Empty without a search.
    pub words: String,
    /// The page of the list, from 1. 0 means 1.
    pub page: usize,
    /// Whether disputes are grouped by event.
    pub by_event: bool,
    /// Keys with unknown values. They are ignored, and the page says so.
    pub unknown: Vec<(String, String)>,
}

/// The most characters and words of a search. Longer searches are cut.
const MAX_SEARCH_CHARS: usize = 200;
const MAX_SEARCH_WORDS: usize = 16;

/// The most unknown values that the page names.
const MAX_UNKNOWN_VALUES: usize = 5;

/// The grades a dispute may have.
pub(super) const GRADES: [Grade; 3] = [Grade::Contradiction, Grade::Tension, Grade::Note];

/// The choices for review: the value in a URL, the label, and the statuses.
pub(super) const REVIEW_FILTERS: [(&str, &str, &[ReviewStatus]); 7] = [
    ("unreviewed", "Open and stale", &[ReviewStatus::Open, ReviewStatus::Stale]),
    ("reviewed", "Reviewed", &[ReviewStatus::Explained, ReviewStatus::Settled, ReviewStatus::Irreconcilable]),
    ("open", "Open", &[ReviewStatus::Open]),
    ("stale", "Stale", &[ReviewStatus::Stale]),
    ("explained", "Explained", &[ReviewStatus::Explained]),
    ("settled", "Settled", &[ReviewStatus::Settled]),
    ("irreconcilable", "Irreconcilable", &[ReviewStatus::Irreconcilable]),
];

impl Filter {
    /// Reads a filter from the pairs of a query, in any order.
    pub fn from_query(model: &Model, pairs: &[(String, String)]) -> Self {
        let mut filter = Self::default();
        for (key, value) in pairs.iter().filter(|(_, value)| !value.trim().is_empty()) {
            if !filter.take(model, key, value.trim()) && filter.unknown.len() < MAX_UNKNOWN_VALUES {
                filter.unknown.push((key.clone(), value.clone()));
            }
        }
        let grades = &mut filter.selection.grades;
        if GRADES.iter().all(|grade| grades.contains(grade)) {
            grades.clear();
        }
        filter
    }

    /// Applies one pair. False if its value is unknown.
    fn take(&mut self, model: &Model, key: &str, value: &str) -> bool {
        let selection = &mut self.selection;
        match key {
            "q" => self.words = value.chars().take(MAX_SEARCH_CHARS).collect(),
            "event" => return add(&mut selection.events, model.subjects.find(value)),
            "actor" => return add(&mut selection.actors, model.actors.find(value)),
            "source" => return add(&mut selection.sources, model.sources.find(value)),
            "rule" => return add(&mut selection.rules, rules::find(value).map(|rule| rule.id.to_owned())),
            "grade" => {
                let grade = GRADES.into_iter().find(|grade| grade.name() == value);
                return add(&mut selection.grades, grade);
            }
            "verdict" if value == "any" => {}
            "verdict" => {
                let Some((_, _, standings)) = REVIEW_FILTERS.iter().find(|(name, ..)| *name == value) else {
                    return false;
                };
                for &standing in *standings {
                    add(&mut selection.verdicts, Some(standing));
                }
            }
            "by" => {
                self.by_event = value == "event";
                return self.by_event;
            }
            "page" => {
                let page = value.parse().ok().filter(|&page| page > 0);
                self.page = page.unwrap_or(0);
                return page.is_some();
            }
            _ => return false,
        }
        true
    }

    /// The filter as a query, beginning with `?`. Empty for an empty filter.
    pub fn query(&self, model: &Model) -> String {
        let pairs: Vec<String> = self
            .pairs(model)
            .into_iter()
            .map(|(key, value)| format!("{key}={}", utf8_percent_encode(&value, PLAIN)))
            .collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The filter as pairs of a query.
    pub(super) fn pairs(&self, model: &Model) -> Vec<(&'static str, String)> {
        let selection = &self.selection;
        let mut pairs = Vec::new();
        if !self.words.is_empty() {
            pairs.push(("q", self.words.clone()));
        }
        pairs.extend(named("event", &model.subjects, &selection.events));
        pairs.extend(named("actor", &model.actors, &selection.actors));
        pairs.extend(named("source", &model.sources, &selection.sources));
        pairs.extend(selection.rules.iter().map(|rule| ("rule", rule.clone())));
        pairs.extend(selection.grades.iter().map(|grade| ("grade", grade.name().to_owned())));
        pairs.extend(self.review().into_iter().map(|name| ("verdict", name.to_owned())));
        if self.by_event {
            pairs.push(("by", "event".to_owned()));
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        pairs
    }

    /// The review statuses as values of a query: one name if it covers all of them, otherwise one for each.
    pub(super) fn review(&self) -> Vec<&'static str> {
        let asked = &self.selection.verdicts;
        let is_all = |taken: &[ReviewStatus]| {
            taken.len() == asked.len() && taken.iter().all(|one| asked.contains(one))
        };
        match REVIEW_FILTERS.iter().find(|(_, _, taken)| is_all(taken)) {
            Some((name, ..)) => vec![name],
            None => asked.iter().map(|standing| standing.name()).collect(),
        }
    }

    /// The words of the search, without case and diacritics.
    pub(super) fn wanted(&self) -> Vec<String> {
        super::search::folded(&self.words)
            .split_whitespace()
            .take(MAX_SEARCH_WORDS)
            .map(str::to_owned)
            .collect()
    }

    /// Whether the filter can hide anything.
    pub(super) fn restricts(&self) -> bool {
        let Selection { events, actors, sources, rules, grades, verdicts } = &self.selection;
        let everybody = actors.is_empty() && sources.is_empty();
        let everything = self.words.is_empty() && events.is_empty() && rules.is_empty();
        !(everybody && everything && grades.is_empty() && verdicts.is_empty())
    }

    /// The same filter, without restrictions.
    pub(super) fn cleared(&self) -> Self {
        Self { by_event: self.by_event, ..Self::default() }
    }

    /// The same filter, on another page of the list.
    pub(super) fn at(&self, page: usize) -> Self {
        Self { page, ..self.clone() }
    }
}

/// Adds a found item unless it is already in the list. False if nothing was found.
fn add<T: PartialEq>(list: &mut Vec<T>, found: Option<T>) -> bool {
    let Some(found) = found else { return false };
    if !list.contains(&found) {
        list.push(found);
    }
    true
}

fn named<I: Id, T>(
    key: &'static str,
    table: &Table<I, T>,
    ids: &[I],
) -> impl Iterator<Item = (&'static str, String)> {
    ids.iter().map(move |&id| (key, table.name(id).to_string()))
}
