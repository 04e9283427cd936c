//! Numbered points in a plane: the lowest number among those no lower and no further to the right than another.
//!
//! A Fenwick tree over the first coordinate, each node a Fenwick tree over the second: adding and asking take the square
//! of the logarithm of how many points there are.

/// Points that are known in advance and added with falling numbers.
#[derive(Debug)]
pub(super) struct Dominance {
    /// The first coordinates, sorted, each once.
    firsts: Vec<i64>,
    nodes: Vec<Node>,
}

/// The second coordinates of some points, sorted, each once, and the lowest numbers among them.
#[derive(Default, Debug)]
struct Node {
    seconds: Vec<i64>,
    lowest: Vec<usize>,
}

impl Dominance {
    /// Room for some points, of which none is added yet.
    pub(super) fn new(points: impl Iterator<Item = (i64, i64)>) -> Self {
        let points: Vec<(i64, i64)> = points.collect();
        let mut firsts: Vec<i64> = points.iter().map(|&(first, _)| first).collect();
        firsts.sort_unstable();
        firsts.dedup();
        let mut nodes: Vec<Node> = Vec::new();
        nodes.resize_with(firsts.len(), Node::default);
        let mut all = Self { firsts, nodes };
        for (first, second) in points {
            for at in all.holding(first) {
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

    /// Adds a point of those known with a number no higher than any before.
    pub(super) fn add(&mut self, (first, second): (i64, i64), number: usize) {
        for node in self.holding(first) {
            let Node { seconds, lowest } = &mut self.nodes[node];
            let mut at = seconds.partition_point(|&other| other < second);
            while at < lowest.len() {
                lowest[at] = number;
                at |= at + 1;
            }
        }
    }

    /// The lowest number of an added point with a first coordinate no lower and a second no higher.
    pub(super) fn lowest(&self, (first, second): (i64, i64)) -> Option<usize> {
        let above = self.firsts.partition_point(|&other| other < first);
        let found = prefix(self.firsts.len() - above).map(|node| {
            let Node { seconds, lowest } = &self.nodes[node];
            prefix(seconds.partition_point(|&other| other <= second)).map(|at| lowest[at]).min()
        });
        found.flatten().min().filter(|&number| number < usize::MAX)
    }

    /// The nodes that hold points with a first coordinate, the highest coordinates in front.
    fn holding(&self, first: i64) -> impl Iterator<Item = usize> + use<> {
        let count = self.firsts.len();
        let rank = count.checked_sub(1 + self.firsts.partition_point(|&other| other < first));
        std::iter::successors(rank, |&at| Some(at | (at + 1))).take_while(move |&at| at < count)
    }
}

/// The nodes of a Fenwick tree that make up its first `count` places.
fn prefix(count: usize) -> impl Iterator<Item = usize> {
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
