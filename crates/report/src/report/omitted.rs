//! Messages about errors and warnings that a report counts without listing them.

use std::collections::BTreeMap;

use super::wording::{counted, grouped};
use gainsay_analysis::finding::{Grade, Omitted};
use gainsay_analysis::source::Files;

/// The most findings per lint and file that are shown without `--all`.
pub const SHOWN: usize = 20;

/// `3,145,734 more no-locator warnings in a.yaml`.
pub fn in_file(files: &Files, omitted: &Omitted) -> String {
    let Omitted { file, grade, rule, count } = *omitted;
    format!("{} more {} in {}", grouped(count), named(rule, grade, count), files[file].path())
}

/// For each lint, how many findings are left out, over all files: `3,145,734 no-locator warnings in 2 files`.
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

/// A lint with its grade as a noun: `no-locator warnings`.
fn named(rule: &str, grade: Grade, count: usize) -> String {
    format!("{rule} {grade}{}", if count == 1 { "" } else { "s" })
}
