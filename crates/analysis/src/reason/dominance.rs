//! Numbered points in a plane: finds the lowest number among the points whose first coordinate is not lower
//! and whose second is not higher than given ones.
//!
//! It is a Fenwick tree over the first coordinate in which each node is a Fenwick tree over the second. To
//! add or to look up a point takes time with the square of the logarithm of the number of points.

/// Points that are known in advance and added with numbers that never increase.
#[derive(Debug)]
pub(super) struct Dominance {
    /// The first coordinates, sorted and without duplicates.
    firsts: Vec<i64>,
    nodes: Vec<InnerTree>,
}

/// The second coordinates of some points, sorted and without duplicates, and the lowest numbers among them.
#[derive(Default, Debug)]
struct InnerTree {
    seconds: Vec<i64>,
    lowest: Vec<usize>,
}

impl Dominance {
    /// An index for these points, none of which is added yet.
    pub(super) fn new(points: impl Iterator<Item = (i64, i64)>) -> Self {
        let points: Vec<(i64, i64)> = points.collect();
        let mut firsts: Vec<i64> = points.iter().map(|&(first, _)| first).collect();
        firsts.sort_unstable();
        firsts.dedup();
        let mut nodes: Vec<InnerTree> = Vec::new();
        nodes.resize_with(firsts.len(), InnerTree::default);
        let mut all = Self { firsts, nodes };
        for (first, second) in points {
            for at in all.nodes_of(first) {
                all.nodes[at].seconds.push(second);
            }
        }
        for node in &mut all.nodes {
            node.seconds.sort_unstable();
            node.seconds.dedup();
            node.lowest = vec![usize::MAX; node.seconds.len()];
        }
        all
    }

    /// Adds one of the known points with a number that is not higher than any before.
    pub(super) fn add(&mut self, (first, second): (i64, i64), number: usize) {
        for node in self.nodes_of(first) {
            let InnerTree { seconds, lowest } = &mut self.nodes[node];
            let mut at = seconds.partition_point(|&other| other < second);
            while at < lowest.len() {
                lowest[at] = number;
                at |= at + 1;
            }
        }
    }

    /// The lowest number of an added point whose first coordinate is not lower and whose second is not
    /// higher.
    pub(super) fn lowest(&self, (first, second): (i64, i64)) -> Option<usize> {
        let above = self.firsts.partition_point(|&other| other < first);
        let found = prefix_nodes(self.firsts.len() - above).map(|node| {
            let InnerTree { seconds, lowest } = &self.nodes[node];
            prefix_nodes(seconds.partition_point(|&other| other <= second)).map(|at| lowest[at]).min()
        });
        found.flatten().min().filter(|&number| number < usize::MAX)
    }

    /// The nodes that contain points with this first coordinate. Coordinates are ranked from the highest
    /// down.
    fn nodes_of(&self, first: i64) -> impl Iterator<Item = usize> + use<> {
        let count = self.firsts.len();
        let rank = count.checked_sub(1 + self.firsts.partition_point(|&other| other < first));
        std::iter::successors(rank, |&at| Some(at | (at + 1))).take_while(move |&at| at < count)
    }
}

/// The nodes of a Fenwick tree that cover its first `count` positions.
fn prefix_nodes(count: usize) -> impl Iterator<Item = usize> {
    let last = count.checked_sub(1);
    std::iter::successors(last, |&at| (at & (at + 1)).checked_sub(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lowest_number_is_that_of_a_search_through_all(
            points in proptest::collection::vec((0_i64..8, 0_i64..8), 0..20),
            added in 0_usize..20,
            asked in (0_i64..8, 0_i64..8),
        ) {
            let mut all = Dominance::new(points.iter().copied());
            let from = points.len().saturating_sub(added);
            for at in (from..points.len()).rev() {
                all.add(points[at], at);
            }
            let fits = |&at: &usize| points[at].0 >= asked.0 && points[at].1 <= asked.1;
            prop_assert_eq!(all.lowest(asked), (from..points.len()).find(fits));
        }
    }
}
