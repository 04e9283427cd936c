//! Low bounds carried up from parts to wholes, day by day, each sum remembering the claims it came from.
//!
//! All constraints push up and nothing pushes down, so the least solution exists, one pass in the order of quantities
//! finds it, and the claims can hold exactly if it stays under every high bound. Days are gone through in order:
//! a low bound is let in on its day, and a high bound is held against what is carried by its day.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::bounds::Bound;
use super::network::{Constraint, Network, Relation};

/// Where the low bound of a quantity came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LowSource {
    Nothing,
    /// An bound, by its place in the list.
    Claim(u32),
    /// A constraint whose parts add up to it.
    Constraint(u32),
}

/// A claimed high bound and a constraint that carries more past it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Violation {
    /// The place of the high bound in the list.
    pub(super) high: u32,
    /// The constraint.
    pub(super) constraint: u32,
}

/// What is carried so far.
#[derive(Default)]
pub(super) struct Propagation {
    low: Vec<i64>,
    by: Vec<LowSource>,
    /// Of each low bound what has been added to the sums it is a part of.
    added: Vec<i64>,
    sums: Vec<i64>,
    waiting: BinaryHeap<Reverse<u32>>,
    touched: Vec<u32>,
}

impl Propagation {
    /// Forgets everything and makes room for a network; touches only what was touched.
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

    /// A pass over a network.
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

    /// Lets in some bounds by their places, which are in the order of days, low bounds before high bounds, and hands
    /// over each violation while what led to it can be traced. Hands over no more sites, and returns `None`, after one for
    /// which `violation` returns `None`.
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

    /// Carries up what was raised, lower quantities first, so that each is carried once.
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

    /// The least a quantity can be by all that was let in.
    pub(super) fn low(&self, quantity: u32) -> i64 {
        self.low[quantity as usize]
    }

    /// The least the parts of a constraint come to.
    pub(super) fn sum(&self, constraint: u32) -> i64 {
        self.sums[constraint as usize]
    }

    /// The low bounds that make up a sum, as places in the list.
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
