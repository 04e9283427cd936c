//! Groups things that are connected by pairs, as a union-find forest (Tarjan 1975).

/// Disjoint sets of indexes; at first, each index is a set of its own.
#[derive(Debug)]
pub struct UnionFind {
    /// For each index, its parent in the tree of its set. The root of a tree is its own parent and represents
    /// the set.
    parents: Vec<usize>,
    /// For each root, the size of its set.
    sizes: Vec<usize>,
}

impl UnionFind {
    /// `things` sets of one index each.
    pub fn new(things: usize) -> Self {
        Self { parents: (0..things).collect(), sizes: vec![1; things] }
    }

    /// The index that represents the set of a thing.
    pub fn set_of(&mut self, thing: usize) -> usize {
        let mut at = thing;
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    /// The size of the set of a thing, including the thing itself.
    pub fn size(&mut self, thing: usize) -> usize {
        let set = self.set_of(thing);
        self.sizes[set]
    }

    /// Joins the sets of two things.
    pub fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.set_of(one), self.set_of(other));
        if one == other {
            return;
        }
        let (small, large) = if self.sizes[one] < self.sizes[other] { (one, other) } else { (other, one) };
        self.parents[small] = large;
        self.sizes[large] += self.sizes[small];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_merges_sets_step_by_step() {
        let mut together = UnionFind::new(6);
        for (one, other) in [(0, 1), (2, 3), (3, 1), (1, 0)] {
            together.join(one, other);
        }
        assert_eq!([0, 1, 2, 3, 4, 5].map(|thing| together.size(thing)), [4, 4, 4, 4, 1, 1]);
        assert_eq!(together.set_of(0), together.set_of(2));
        assert_ne!(together.set_of(4), together.set_of(5));
    }
}
