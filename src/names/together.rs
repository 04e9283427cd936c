//! What hangs together by pairs that may be one: a forest of sets that are joined (Tarjan 1975). Nothing here knows
//! why two are a pair.

/// Sets of things by their indices, each thing alone at first.
#[derive(Debug)]
pub struct Together {
    /// Of each thing another in its set, nearer to the one that stands for the set, which is its own.
    towards: Vec<usize>,
    /// How many a set holds, where the thing stands for it.
    sizes: Vec<usize>,
}

impl Together {
    /// So many things, each alone.
    pub fn new(things: usize) -> Self {
        Self { towards: (0..things).collect(), sizes: vec![1; things] }
    }

    /// The one that stands for the set of a thing.
    pub fn set_of(&mut self, thing: usize) -> usize {
        let mut at = thing;
        while self.towards[at] != at {
            self.towards[at] = self.towards[self.towards[at]];
            at = self.towards[at];
        }
        at
    }

    /// How many things are in the set of a thing, with it.
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
        self.towards[small] = large;
        self.sizes[large] += self.sizes[small];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_by_steps_is_one_set() {
        let mut together = Together::new(6);
        for (one, other) in [(0, 1), (2, 3), (3, 1), (1, 0)] {
            together.join(one, other);
        }
        assert_eq!([0, 1, 2, 3, 4, 5].map(|thing| together.size(thing)), [4, 4, 4, 4, 1, 1]);
        assert_eq!(together.set_of(0), together.set_of(2));
        assert_ne!(together.set_of(4), together.set_of(5));
    }
}
