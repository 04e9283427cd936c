//! Which events came after which, by whatever lies between. What was found of an event is kept while others are held
//! against it, so that a long row of events is walked once for each and not once for each pair.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::id::SubjectId;
use crate::model::Model;

/// So many events are kept in all sets together, or one set.
const KEPT: usize = 1 << 22;

/// What came before what, as far as anybody asked.
#[derive(Debug)]
pub(super) struct Befores<'m> {
    model: &'m Model,
    known: RefCell<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Of each event all that came before it.
    before: FxHashMap<SubjectId, FxHashSet<SubjectId>>,
    /// Events in all sets together.
    kept: usize,
}

impl<'m> Befores<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self { model, known: RefCell::default() }
    }

    /// Whether an event came after another. On a circle each comes after each.
    pub(super) fn is_after(&self, later: SubjectId, earlier: SubjectId) -> bool {
        if self.model.subjects[later].after.is_empty() {
            return false;
        }
        let known = &mut *self.known.borrow_mut();
        if let Some(before) = known.before.get(&later) {
            return before.contains(&earlier);
        }
        let before = self.before(later);
        let is_after = before.contains(&earlier);
        known.kept += before.len();
        if known.kept > KEPT {
            known.before.clear();
            known.kept = before.len();
        }
        known.before.insert(later, before);
        is_after
    }

    fn before(&self, later: SubjectId) -> FxHashSet<SubjectId> {
        let mut seen: FxHashSet<SubjectId> = FxHashSet::default();
        let mut way = vec![later];
        while let Some(at) = way.pop() {
            let before = self.model.subjects[at].after.iter().copied();
            way.extend(before.filter(|&before| seen.insert(before)));
        }
        seen
    }
}
