//! The names that an answer may take, completed with the Tab key.

use std::io::Write as _;

use dialoguer::Completion;

use crate::id::{Id, Table};
use crate::model::{Defined, Model};

/// The ids of a kind, with the other names of each.
pub(super) struct Known {
    pub(super) what: &'static str,
    pub(super) ids: Vec<(String, Vec<String>)>,
}

impl Known {
    pub(super) fn of(model: &Model, what: &'static str) -> Self {
        fn all<I: Id, T>(
            table: &Table<I, T>,
            defined: impl Fn(&T) -> &Defined,
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
        Self { what, ids }
    }

    pub(super) fn of_words(what: &'static str, words: impl IntoIterator<Item = String>) -> Self {
        Self { what, ids: words.into_iter().map(|word| (word, Vec::new())).collect() }
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|(known, _)| known == id)
    }
}

impl Known {
    /// The last of several names as far as it is typed, and what stands before it.
    fn typed(input: &str) -> (&str, &str) {
        let typed = input.rsplit([',', ' ']).next().unwrap_or(input);
        (&input[..input.len() - typed.len()], typed)
    }

    /// What the last name can become.
    fn begun(&self, input: &str) -> Vec<&str> {
        let (_, typed) = Self::typed(input);
        let all = || self.ids.iter();
        let begun: Vec<&str> = all().map(|(id, _)| id.as_str()).filter(|id| id.starts_with(typed)).collect();
        if !begun.is_empty() {
            return begun;
        }
        let folded = typed.to_lowercase();
        let is_in = |name: &String| name.to_lowercase().contains(&folded);
        let meant = all().filter(|(id, names)| id.contains(typed) || names.iter().any(is_in));
        meant.map(|(id, _)| id.as_str()).collect()
    }
}

/// The Tab key at a question: where it cannot complete, it lists what there is.
pub(super) struct Tab<'a> {
    pub(super) known: &'a Known,
    /// The question as it stands on the terminal, shown again behind a list.
    pub(super) question: String,
}

/// A list of more is cut, and says so.
const LISTED: usize = 40;

impl Completion for Tab<'_> {
    fn get(&self, input: &str) -> Option<String> {
        let completed = self.known.get(input);
        let begun = self.known.begun(input);
        if begun.len() > 1 && completed.as_deref().is_none_or(|completed| completed == input) {
            let more = begun.len().saturating_sub(LISTED);
            let more = if more > 0 { format!("  … and {more} more") } else { String::new() };
            let shown = begun.iter().take(LISTED).copied().collect::<Vec<_>>().join("  ");
            let _ = write!(std::io::stderr(), "\r\n{shown}{more}\r\n{}{input}", self.question);
        }
        completed
    }
}

/// Completes the last of several names: as far as all that begin so go on alike, or to the one of which it is another
/// name.
impl Completion for Known {
    fn get(&self, input: &str) -> Option<String> {
        let (before, typed) = Self::typed(input);
        let begun = self.begun(input);
        let (first, rest) = begun.split_first()?;
        if rest.is_empty() {
            return Some(format!("{before}{first}"));
        }
        let common = rest.iter().fold(first.len(), |common, id| {
            first.bytes().zip(id.bytes()).take(common).take_while(|(a, b)| a == b).count()
        });
        // Names that only hold what is typed have nothing of it in common.
        let common = first.get(..common).filter(|common| common.starts_with(typed))?;
        Some(format!("{before}{common}"))
    }
}
