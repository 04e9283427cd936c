//! What a reader asks to see, from an address and back into one.

use percent_encoding::utf8_percent_encode;

use crate::dispute::ReviewStatus;
use crate::finding::Grade;
use crate::id::{Id, Table};
use crate::model::Model;
use crate::report::Selection;
use crate::report::html::links::PLAIN;
use crate::rules;

/// What a reader asked to see of the disputes.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The part of the analysis.
    pub selection: Selection,
    /// Words that stand in the question, a name, a source or the words of a claim; empty asks for nothing.
    pub words: String,
    /// The page of the list, from 1; 0 is 1.
    pub page: usize,
    /// Whether the disputes of one event stand together.
    pub by_event: bool,
    /// Keys with values that nothing here is called; they restrict nothing, and the page says so.
    pub unknown: Vec<(String, String)>,
}

/// Longer searches are cut, and more words than this are not looked for.
const MAX_SEARCH_CHARS: usize = 200;
const MAX_SEARCH_WORDS: usize = 16;

/// At most so many unknown values are told.
const MAX_UNKNOWN_VALUES: usize = 5;

/// The grades a dispute may have.
pub(super) const GRADES: [Grade; 3] = [Grade::Contradiction, Grade::Tension, Grade::Note];

/// What a reader may ask of review: how an address says it, how a page does, and which disputes it takes.
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
    /// The filter that the pairs of an address ask for, in any order.
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

    /// Takes one pair; tells whether it means anything.
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

    /// The same filter as an address says it, from its question mark on; empty where it asks for nothing.
    pub fn query(&self, model: &Model) -> String {
        let pairs: Vec<String> = self
            .pairs(model)
            .into_iter()
            .map(|(key, value)| format!("{key}={}", utf8_percent_encode(&value, PLAIN)))
            .collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// What it asks for, as the pairs of an address.
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

    /// What it asks of review, as an address says it: one name where one says it all, else each by itself.
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

    /// The words looked for, folded.
    pub(super) fn wanted(&self) -> Vec<String> {
        super::search::folded(&self.words).split_whitespace().take(MAX_SEARCH_WORDS).map(str::to_owned).collect()
    }

    /// Whether it leaves anything out.
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

/// Adds what was found and is not there yet; tells whether something was found.
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
