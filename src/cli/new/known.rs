//! The names that an answer may be, and their completion with the Tab key.

use std::io::Write as _;

use dialoguer::Completion;

use gainsay_analysis::id::{Id, Table};
use gainsay_analysis::model::{Definition, Model};

/// The ids of one kind, each with its name and aliases.
pub(super) struct KnownNames {
    /// The word for the names in messages, such as `actors`.
    pub(super) label: &'static str,
    pub(super) ids: Vec<(String, Vec<String>)>,
}

impl KnownNames {
    pub(super) fn of_kind(model: &Model, what: &'static str) -> Self {
        fn all<I: Id, T>(
            table: &Table<I, T>,
            defined: impl Fn(&T) -> &Definition,
        ) -> Vec<(String, Vec<String>)> {
            let one = |(id, row): (I, &T)| {
                let defined = defined(row);
                let names = defined.name.iter().chain(&defined.aliases).map(|name| name.value.to_string());
                (table.name(id).to_string(), names.collect())
            };
            table.iter().map(one).collect()
        }
        let ids = match what {
            "actors" => all(&model.actors, |row| &row.defined),
            "subjects" | "events" | "series" => all(&model.subjects, |row| &row.defined),
            "places" => all(&model.places, |row| &row.defined),
            "terms" => all(&model.terms, |row| &row.defined),
            "populations" => all(&model.populations, |row| &row.defined),
            "measures" => all(&model.measures, |row| &row.defined),
            "sources" => all(&model.sources, |row| &row.defined),
            "claims" => model.claim_ids().map(|claim| (model.claim_name(claim), Vec::new())).collect(),
            _ => Vec::new(),
        };
        Self { label: what, ids }
    }

    pub(super) fn from_words(what: &'static str, words: impl IntoIterator<Item = String>) -> Self {
        Self { label: what, ids: words.into_iter().map(|word| (word, Vec::new())).collect() }
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|(known, _)| known == id)
    }
}

impl KnownNames {
    /// Splits the input into all before the last name, and the last name as far as it is typed.
    fn split_last(input: &str) -> (&str, &str) {
        let typed = input.rsplit([',', ' ']).next().unwrap_or(input);
        (&input[..input.len() - typed.len()], typed)
    }

    /// The ids that the last name can be completed to: those that start with it, otherwise those that contain it or
    /// have an alias that does.
    fn completions_of(&self, input: &str) -> Vec<&str> {
        let (_, typed) = Self::split_last(input);
        let all = || self.ids.iter();
        let completions: Vec<&str> =
            all().map(|(id, _)| id.as_str()).filter(|id| id.starts_with(typed)).collect();
        if !completions.is_empty() {
            return completions;
        }
        let folded = typed.to_lowercase();
        let is_in = |name: &String| name.to_lowercase().contains(&folded);
        let matching = all().filter(|(id, names)| id.contains(typed) || names.iter().any(is_in));
        matching.map(|(id, _)| id.as_str()).collect()
    }
}

/// The Tab key at a question: completes the name, or lists the possible ones.
pub(super) struct TabCompletion<'a> {
    pub(super) known: &'a KnownNames,
    /// The question as it is shown on the terminal; it is shown again after a list.
    pub(super) question: String,
}

/// The largest number of names that are listed; the list says how many more there are.
const MAX_LISTED_NAMES: usize = 40;

impl Completion for TabCompletion<'_> {
    fn get(&self, input: &str) -> Option<String> {
        let completed = self.known.get(input);
        let completions = self.known.completions_of(input);
        if completions.len() > 1 && completed.as_deref().is_none_or(|completed| completed == input) {
            let more = completions.len().saturating_sub(MAX_LISTED_NAMES);
            let more = if more > 0 { format!("  … and {more} more") } else { String::new() };
            let shown = completions.iter().take(MAX_LISTED_NAMES).copied().collect::<Vec<_>>().join("  ");
            let _ = write!(std::io::stderr(), "\r\n{shown}{more}\r\n{}{input}", self.question);
        }
        completed
    }
}

/// Completes the last of several names: to the longest common start of the ids that it can be, or to the only one.
impl Completion for KnownNames {
    fn get(&self, input: &str) -> Option<String> {
        let (before, typed) = Self::split_last(input);
        let completions = self.completions_of(input);
        let (first, rest) = completions.split_first()?;
        if rest.is_empty() {
            return Some(format!("{before}{first}"));
        }
        let common = rest.iter().fold(first.len(), |common, id| {
            first.bytes().zip(id.bytes()).take(common).take_while(|(a, b)| a == b).count()
        });
        // Ids that only contain the typed text do not start with it.
        let common = first.get(..common).filter(|common| common.starts_with(typed))?;
        Some(format!("{before}{common}"))
    }
}
