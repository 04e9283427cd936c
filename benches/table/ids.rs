//! Ids for the names in a table.

use std::collections::{BTreeMap, BTreeSet};

/// An id for each name of one kind.
pub(super) struct Ids<'a>(BTreeMap<&'a str, String>);

impl<'a> Ids<'a> {
    /// Ids for all of these names, without empty ones.
    pub(super) fn new(names: impl Iterator<Item = &'a str>) -> Self {
        let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
        let ids = each_unique(names.iter().map(|name| (*name).to_owned()));
        Self(names.into_iter().zip(ids).collect())
    }

    /// The id of a name.
    pub(super) fn id(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// All names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.0.keys().copied()
    }
}

/// A unique id for each of these names: a duplicate gets `-2` and so on.
pub(super) fn each_unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut ids = Vec::new();
    for name in names {
        let slug = slug(&name);
        let mut id = slug.clone();
        while taken.contains_key(&id) {
            let times = taken.entry(slug.clone()).or_default();
            *times += 1;
            id = format!("{slug}-{}", *times + 1);
        }
        taken.insert(id.clone(), 0);
        ids.push(id);
    }
    ids
}

/// Lower-case words joined by hyphens.
fn slug(name: &str) -> String {
    let folded = deunicode::deunicode(name).to_lowercase();
    let words: Vec<&str> = folded
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() { "unnamed".to_owned() } else { words.join("-") }
}
