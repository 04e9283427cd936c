//! Which events came after which, directly or through other events. The predecessors of an event are cached, so that a long
//! chain is walked once for each event and not once for each pair.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::id::SubjectId;
use crate::model::Model;

/// The cache is cleared when its sets contain more events than this. The latest set is always kept.
const MAX_CACHED_EVENTS: usize = 1 << 22;

/// The predecessors of events, computed on demand.
#[derive(Debug)]
pub(super) struct Predecessors<'m> {
    model: &'m Model,
    cache: RefCell<PredecessorCache>,
}

#[derive(Debug, Default)]
struct PredecessorCache {
    /// For each event, all events before it.
    before: FxHashMap<SubjectId, FxHashSet<SubjectId>>,
    /// The number of events in all sets.
    size: usize,
}

impl<'m> Predecessors<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self { model, cache: RefCell::default() }
    }

    /// Whether an event came after another. In a cycle, every event comes after every other.
    pub(super) fn is_after(&self, later: SubjectId, earlier: SubjectId) -> bool {
        if self.model.subjects[later].after.is_empty() {
            return false;
        }
        let cache = &mut *self.cache.borrow_mut();
        if let Some(before) = cache.before.get(&later) {
            return before.contains(&earlier);
        }
        let before = self.before(later);
        let is_after = before.contains(&earlier);
        cache.size += before.len();
        if cache.size > MAX_CACHED_EVENTS {
            cache.before.clear();
            cache.size = before.len();
        }
        cache.before.insert(later, before);
        is_after
    }

    /// All events before an event.
    fn before(&self, later: SubjectId) -> FxHashSet<SubjectId> {
        let mut seen: FxHashSet<SubjectId> = FxHashSet::default();
        let mut stack = vec![later];
        while let Some(at) = stack.pop() {
            let before = self.model.subjects[at].after.iter().copied();
            stack.extend(before.filter(|&before| seen.insert(before)));
        }
        seen
    }
}
