//! Carries low bounds from parts to wholes, day by day. Each sum remembers the claims that it comes from.
//!
//! If each constraint only says that a whole is at least a sum, there is one smallest solution. One pass in the order
//! of the quantities finds it, and the claims can hold exactly if it stays below all high bounds. Days are visited in
//! order: a low bound is added on its day, and a high bound is compared with the sums on its day.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::bounds::Bound;
use super::network::{Constraint, Network, Relation};

/// The source of the low bound of a quantity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LowSource {
    Nothing,
    /// A bound of a claim, by index.
    Claim(u32),
    /// A constraint whose parts add up to it.
    Constraint(u32),
}

/// A claimed high bound, and a constraint whose sum is above it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Violation {
    /// The index of the high bound.
    pub(super) high: u32,
    /// The index of the constraint.
    pub(super) constraint: u32,
}

/// The low bounds and sums so far.
#[derive(Default)]
pub(super) struct Propagation {
    low: Vec<i64>,
    by: Vec<LowSource>,
    /// For each quantity, the part of its low bound that has already been added to the sums.
    added: Vec<i64>,
    sums: Vec<i64>,
    waiting: BinaryHeap<Reverse<u32>>,
    touched: Vec<u32>,
}

impl Propagation {
    /// Resets the state for a network. It costs only as much as the entries that changed.
    pub(super) fn clear(&mut self, network: &Network) {
        for &quantity in &self.touched {
            let quantity = quantity as usize;
            if quantity < network.quantities.len() {
                for &constraint in network.constraints_of_part(quantity as u32) {
                    self.sums[constraint as usize] = 0;
                }
            }
            (self.low[quantity], self.by[quantity], self.added[quantity]) = (0, LowSource::Nothing, 0);
        }
        self.touched.clear();
        self.waiting.clear();
    }

    /// The state for a network before any bound is added.
    pub(super) fn new(network: &Network) -> Self {
        let quantities = network.quantities.len();
        Self {
            low: vec![0; quantities],
            by: vec![LowSource::Nothing; quantities],
            added: vec![0; quantities],
            sums: vec![0; network.constraints.len()],
            ..Self::default()
        }
    }

    /// Adds bounds, given by indexes that are sorted by day with low bounds first. Calls `violation` for each
    /// violation at the moment when its sources can be traced. After `violation` returns `None`, it is not called
    /// again, and the result is `None`.
    pub(super) fn run(
        &mut self,
        network: &Network,
        bounds: &[Bound],
        wanted: impl Iterator<Item = u32>,
        mut violation: impl FnMut(&Self, Violation) -> Option<()>,
    ) -> Option<()> {
        let mut is_on = Some(());
        for at in wanted {
            let bound = &bounds[at as usize];
            if bound.is_low {
                self.raise(bound.quantity, bound.value, LowSource::Claim(at));
                continue;
            }
            if is_on.is_none() {
                continue;
            }
            self.propagate(network);
            for constraint in network.constraints_on(bound.quantity) {
                if is_on.is_some()
                    && network.constraints[constraint].relation != Relation::AtMost
                    && self.sums[constraint] > bound.value
                {
                    is_on = violation(self, Violation { high: at, constraint: constraint as u32 });
                }
            }
        }
        self.propagate(network);
        is_on
    }

    fn raise(&mut self, quantity: u32, value: i64, by: LowSource) {
        let at = quantity as usize;
        if value > self.low[at] {
            if self.low[at] == self.added[at] {
                self.waiting.push(Reverse(quantity));
            }
            if self.by[at] == LowSource::Nothing {
                self.touched.push(quantity);
            }
            (self.low[at], self.by[at]) = (value, by);
        }
    }

    /// Carries raised low bounds upwards. Quantities with lower indexes come first, so each is carried once.
    fn propagate(&mut self, network: &Network) {
        while let Some(Reverse(quantity)) = self.waiting.pop() {
            let at = quantity as usize;
            let more = self.low[at] - self.added[at];
            self.added[at] = self.low[at];
            for &constraint in network.constraints_of_part(quantity) {
                let sum = &mut self.sums[constraint as usize];
                *sum = sum.saturating_add(more);
                let Constraint { whole, relation, .. } = network.constraints[constraint as usize];
                if relation != Relation::AtMost {
                    let sum = *sum;
                    self.raise(whole, sum, LowSource::Constraint(constraint));
                }
            }
        }
    }

    /// The lowest value that a quantity can have.
    pub(super) fn low(&self, quantity: u32) -> i64 {
        self.low[quantity as usize]
    }

    /// The sum of the lowest values of the parts of a constraint.
    pub(super) fn sum(&self, constraint: u32) -> i64 {
        self.sums[constraint as usize]
    }

    /// The indexes of the low bounds that make up a sum.
    pub(super) fn trace(&self, network: &Network, constraint: u32) -> Vec<u32> {
        let mut bounds = Vec::new();
        let mut constraints = vec![constraint];
        while let Some(constraint) = constraints.pop() {
            for &part in network.parts(&network.constraints[constraint as usize]) {
                match self.by[part as usize] {
                    LowSource::Nothing => {}
                    LowSource::Claim(bound) => bounds.push(bound),
                    LowSource::Constraint(constraint) => constraints.push(constraint),
                }
            }
        }
        bounds
    }
}
