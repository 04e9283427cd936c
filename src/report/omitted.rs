//! What reports say of mistakes that they do not list.

use std::collections::BTreeMap;

use super::wording::{counted, grouped};
use crate::finding::{Grade, Omitted};
use crate::source::Files;

/// How many mistakes of one kind in one file people are shown who did not ask for all.
pub const SHOWN: usize = 20;

/// `3,145,734 more no-locator warnings in a.yaml`.
pub fn in_file(files: &Files, omitted: &Omitted) -> String {
    let Omitted { file, grade, rule, count } = *omitted;
    format!("{} more {} in {}", grouped(count), named(rule, grade, count), files[file].path())
}

/// What is left out of each lint in all files: `3,145,734 no-locator warnings in 2 files`.
pub(super) fn by_rule<'o>(omitted: impl IntoIterator<Item = &'o Omitted>) -> Vec<String> {
    let mut by_rule: BTreeMap<(Grade, &str), (usize, usize)> = BTreeMap::new();
    for omitted in omitted {
        let (count, files) = by_rule.entry((omitted.grade, omitted.rule)).or_default();
        *count += omitted.count;
        *files += 1;
    }
    let in_words = |((grade, rule), (count, files)): ((Grade, &str), (usize, usize))| {
        format!("{} {} in {}", grouped(count), named(rule, grade, count), counted(files, "file"))
    };
    by_rule.into_iter().map(in_words).collect()
}

/// The lint with its grade as a noun: `no-locator warnings`.
fn named(rule: &str, grade: Grade, count: usize) -> String {
    format!("{rule} {grade}{}", if count == 1 { "" } else { "s" })
}
