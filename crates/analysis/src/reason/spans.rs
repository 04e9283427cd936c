//! Values attached to spans of days, with a fast lookup of those that overlap a given span.
//!
//! It is a segment tree over the days on which spans begin or end. A span is cut into pieces, one node each.
//! A node stores the values of the spans that have a piece there, and the values of all spans with a piece
//! there or below. Two spans overlap if a piece of one is the same as, above or below a piece of the other.

use super::ValidDays;

/// Values by spans of days. The values of a node are gathered in one `V`, in the order in which they are
/// added.
#[derive(Debug)]
pub(super) struct DaySpans<V> {
    /// The first and last days of all spans, sorted and without duplicates.
    days: Vec<i32>,
    /// For each node, from the root at 1: the values at the node, and those at or below it.
    nodes: Vec<(V, V)>,
}

impl<V: Default> DaySpans<V> {
    /// An empty tree for these spans.
    pub(super) fn new(spans: impl Iterator<Item = ValidDays>) -> Self {
        let mut days: Vec<i32> = spans.flat_map(|span| [span.first, span.last]).collect();
        days.sort_unstable();
        days.dedup();
        let mut nodes = Vec::new();
        nodes.resize_with(2 * (2 * days.len() + 1).next_power_of_two(), Default::default);
        Self { days, nodes }
    }

    /// Adds a value to each node where it is looked up. Its span is one of those given to `new`.
    pub(super) fn add(&mut self, span: ValidDays, mut add: impl FnMut(&mut V)) {
        let pieces = self.pieces(span);
        let mut above: Vec<usize> = Vec::new();
        for &piece in &pieces {
            add(&mut self.nodes[piece].0);
            above.extend(std::iter::successors(Some(piece), |&node| Some(node / 2).filter(|&node| node > 0)));
        }
        above.sort_unstable();
        above.dedup();
        for node in above {
            add(&mut self.nodes[node].1);
        }
    }

    /// The values of all spans that overlap a span. Some values appear more than once.
    pub(super) fn overlapping(&self, span: ValidDays) -> impl Iterator<Item = &V> {
        self.pieces(span).into_iter().flat_map(|piece| {
            let above = std::iter::successors(Some(piece / 2), |&node| Some(node / 2));
            let above = above.take_while(|&node| node > 0).map(|node| &self.nodes[node].0);
            above.chain([&self.nodes[piece].1])
        })
    }

    /// The smallest set of nodes that covers the days of a span. Each day has a leaf, and so has each gap
    /// before, between and after the days.
    fn pieces(&self, span: ValidDays) -> Vec<usize> {
        let leaves = self.nodes.len() / 2;
        let (first, last) = (self.days.binary_search(&span.first), self.days.binary_search(&span.last));
        let mut from = leaves + first.map_or_else(|before| 2 * before, |at| 2 * at + 1);
        let mut to = leaves + last.map_or_else(|before| 2 * before + 1, |at| 2 * at + 2);
        let mut pieces = Vec::new();
        while from < to {
            if from % 2 == 1 {
                pieces.push(from);
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                pieces.push(to);
            }
            from /= 2;
            to /= 2;
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(first: i32, last: i32) -> ValidDays {
        ValidDays { first, last, is_final: false }
    }

    proptest! {
        #[test]
        fn overlapping_spans_are_those_of_a_search_through_all(
            spans in proptest::collection::vec((0_i32..12, 0_i32..4), 0..20),
            asked in (0_i32..12, 0_i32..4),
        ) {
            let spans: Vec<ValidDays> = spans.iter().map(|&(first, days)| span(first, first + days)).collect();
            let mut all: DaySpans<Vec<usize>> = DaySpans::new(spans.iter().copied());
            for (at, &span) in spans.iter().enumerate() {
                all.add(span, |values| values.push(at));
            }
            let asked = span(asked.0, asked.0 + asked.1);
            let mut found: Vec<usize> = all.overlapping(asked).flatten().copied().collect();
            found.sort_unstable();
            found.dedup();
            let expected: Vec<usize> = (0..spans.len()).filter(|&at| spans[at].overlaps(asked)).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn stored_values_grow_with_the_spans_and_their_logarithm() {
        let spans: Vec<ValidDays> = (0..4_096).map(|day| span(day, day + 4_000)).collect();
        let mut all: DaySpans<usize> = DaySpans::new(spans.iter().copied());
        for &span in &spans {
            all.add(span, |count| *count += 1);
        }
        let stored: usize = all.nodes.iter().map(|(at, below)| at + below).sum();
        assert!(stored < 60 * spans.len(), "{stored}");
        assert!(all.overlapping(spans[0]).count() < 400);
    }
}
