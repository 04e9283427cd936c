//! The names that take part, in alphabetical order.

use rayon::prelude::*;

use super::Named;
use crate::names::form::{Form, Forms};

/// So many names are folded one after the other.
const AT_ONCE: usize = 4096;

/// A name that takes part, in alphabetical order of its form: the position is its *rank*.
pub(super) struct Row<'a> {
    pub(super) index: usize,
    pub(super) owner: u32,
    pub(super) form: Form<'a>,
}

/// The forms of all names, so many at once.
pub(super) fn forms(names: &[Named<'_>]) -> Vec<Forms> {
    names.par_chunks(AT_ONCE).map(|some| Forms::of(some.iter().map(|named| named.name))).collect()
}

/// One row for every owner and plain form, sorted by content so that the order of the input is forgotten.
pub(super) fn in_order<'a>(names: &[Named<'_>], forms: &'a [Forms]) -> Vec<Row<'a>> {
    let form = |index: usize| forms[index / AT_ONCE].get(index % AT_ONCE);
    let with_head = |index| Some((head(form(index).plain), index)).filter(|_| !form(index).folded.is_empty());
    // The first letters part most names, and are at hand.
    let mut order: Vec<(u64, usize)> = (0..names.len()).into_par_iter().filter_map(with_head).collect();
    order.par_sort_unstable_by(|&(a_head, a), &(b_head, b)| {
        let content = |index: usize| (names[index].owner, names[index].name, index);
        let plain = || form(a).plain.cmp(form(b).plain);
        a_head.cmp(&b_head).then_with(plain).then_with(|| content(a).cmp(&content(b)))
    });
    let row = |(_, index)| Row { index, owner: names[index].owner, form: form(index) };
    let mut rows: Vec<Row<'_>> = order.into_iter().map(row).collect();
    rows.dedup_by(|b, a| a.owner == b.owner && a.form.plain == b.form.plain);
    rows
}

/// The first eight bytes of a text as a number that sorts as they do.
fn head(text: &str) -> u64 {
    let mut head = [0; 8];
    let length = text.len().min(8);
    head[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(head)
}
