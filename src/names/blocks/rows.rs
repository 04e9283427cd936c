//! The names that take part, in alphabetical order.

use rayon::prelude::*;

use super::Named;
use crate::names::form::{Form, Forms};

/// So many names are folded one after the other.
const AT_ONCE: usize = 4096;

/// A name that takes part: its position in the order of all is its *rank*.
pub(super) struct Row<'a> {
    pub(super) index: usize,
    pub(super) owner: u32,
    pub(super) form: Form<'a>,
}

/// What stands behind the rows: the names in alphabetical order of their plain forms, which are kept in that
/// order too, since names that are alike mostly begin alike.
pub(super) struct Order {
    indices: Vec<usize>,
    forms: Vec<Forms>,
}

impl Order {
    /// The names sorted by content, so that the order of the input is forgotten.
    pub(super) fn of(names: &[Named<'_>]) -> Self {
        let forms: Vec<Forms> =
            names.par_chunks(AT_ONCE).map(|some| Forms::of(some.iter().map(|named| named.name))).collect();
        let indices = sorted(names, &forms);
        let copied = indices.par_chunks(AT_ONCE).map(|some| {
            let mut copied = Forms::default();
            for &index in some {
                copied.copy(&forms[index / AT_ONCE], index % AT_ONCE);
            }
            copied
        });
        Self { forms: copied.collect(), indices }
    }

    /// One row for every owner and plain form.
    pub(super) fn rows(&self, names: &[Named<'_>]) -> Vec<Row<'_>> {
        let row = |(&index, form)| Row { index, owner: names[index].owner, form };
        let forms = self.forms.iter().flat_map(Forms::iter);
        let mut rows: Vec<Row<'_>> = self.indices.iter().zip(forms).map(row).collect();
        rows.dedup_by(|b, a| a.owner == b.owner && a.form.plain == b.form.plain);
        rows
    }
}

/// The indices of names that are not empty when folded, by plain form, then by content.
fn sorted(names: &[Named<'_>], forms: &[Forms]) -> Vec<usize> {
    let with_head = |(index, form): (usize, Form<'_>)| (head(form.plain), index);
    let of_some = |(nth, some): (usize, &'_ Forms)| {
        let indexed = (nth * AT_ONCE..).zip(some.iter()).filter(|(_, form)| !form.folded.is_empty());
        indexed.map(with_head).collect::<Vec<_>>()
    };
    // The first letters part most names, and are at hand.
    let mut order: Vec<(u128, usize)> = forms.par_iter().enumerate().flat_map_iter(of_some).collect();
    order.par_sort_unstable_by(|&(a_head, a), &(b_head, b)| {
        let plain = |index: usize| forms[index / AT_ONCE].get(index % AT_ONCE).plain;
        let content = |index: usize| (plain(index), names[index].owner, names[index].name, index);
        a_head.cmp(&b_head).then_with(|| content(a).cmp(&content(b)))
    });
    order.into_iter().map(|(_, index)| index).collect()
}

/// The first bytes of a text as a number that sorts as they do.
fn head(text: &str) -> u128 {
    let mut head = [0; 16];
    let length = text.len().min(head.len());
    head[..length].copy_from_slice(&text.as_bytes()[..length]);
    u128::from_be_bytes(head)
}
