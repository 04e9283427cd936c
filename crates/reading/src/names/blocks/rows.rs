//! The names that are compared, in alphabetical order.

use rayon::prelude::*;

use super::Named;
use crate::names::form::{NameForm, NameForms};

/// The number of names that are folded by one task.
const NAMES_PER_TASK: usize = 4096;

/// A name that is compared. Its index among all rows is its *rank*.
pub(super) struct NameRow<'a> {
    pub(super) index: usize,
    pub(super) owner: u32,
    pub(super) form: NameForm<'a>,
}

/// The storage behind the rows: names sorted by their plain forms. The forms are stored in that order too,
/// because names that are alike mostly begin alike.
pub(super) struct SortedNames {
    indices: Vec<usize>,
    forms: Vec<NameForms>,
}

impl SortedNames {
    /// Sorts names by content, so that the order of the input has no effect.
    pub(super) fn new(names: &[Named<'_>]) -> Self {
        let forms: Vec<NameForms> = names
            .par_chunks(NAMES_PER_TASK)
            .map(|some| NameForms::new(some.iter().map(|named| named.name)))
            .collect();
        let indices = sorted(names, &forms);
        let copied = indices.par_chunks(NAMES_PER_TASK).map(|some| {
            let mut copied = NameForms::default();
            for &index in some {
                copied.copy(&forms[index / NAMES_PER_TASK], index % NAMES_PER_TASK);
            }
            copied
        });
        Self { forms: copied.collect(), indices }
    }

    /// One row for each owner and plain form.
    pub(super) fn rows(&self, names: &[Named<'_>]) -> Vec<NameRow<'_>> {
        let row = |(&index, form)| NameRow { index, owner: names[index].owner, form };
        let forms = self.forms.iter().flat_map(NameForms::iter);
        let mut rows: Vec<NameRow<'_>> = self.indices.iter().zip(forms).map(row).collect();
        rows.dedup_by(|b, a| a.owner == b.owner && a.form.plain == b.form.plain);
        rows
    }
}

/// The indexes of names whose folded form is not empty, sorted by plain form, then by content.
fn sorted(names: &[Named<'_>], forms: &[NameForms]) -> Vec<usize> {
    let with_head = |(index, form): (usize, NameForm<'_>)| (head(form.plain), index);
    let of_some = |(nth, some): (usize, &'_ NameForms)| {
        let indexed = (nth * NAMES_PER_TASK..).zip(some.iter()).filter(|(_, form)| !form.folded.is_empty());
        indexed.map(with_head).collect::<Vec<_>>()
    };
    // The first letters distinguish most names and are quickly available.
    let mut order: Vec<(u128, usize)> = forms.par_iter().enumerate().flat_map_iter(of_some).collect();
    order.par_sort_unstable_by(|&(a_head, a), &(b_head, b)| {
        let plain = |index: usize| forms[index / NAMES_PER_TASK].get(index % NAMES_PER_TASK).plain;
        let content = |index: usize| (plain(index), names[index].owner, names[index].name, index);
        a_head.cmp(&b_head).then_with(|| content(a).cmp(&content(b)))
    });
    order.into_iter().map(|(_, index)| index).collect()
}

/// The first bytes of a text as a number that sorts like the text.
fn head(text: &str) -> u128 {
    let mut head = [0; 16];
    let length = text.len().min(head.len());
    head[..length].copy_from_slice(&text.as_bytes()[..length]);
    u128::from_be_bytes(head)
}
