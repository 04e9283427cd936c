//! Low ends carried up from parts to wholes, day by day, each sum remembering the claims it came from.
//!
//! All rows push up and nothing pushes down, so the least solution exists, one pass in the order of cells
//! finds it, and the claims can hold exactly if it stays under every high end. Days are gone through in order:
//! a low end is let in on its day, and a high end is held against what is carried by its day.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::ends::End;
use super::network::{Holds, Network, Row};

/// Where the low end of a cell came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum By {
    Nothing,
    /// An end, by its place in the list.
    End(u32),
    /// A row whose parts add up to it.
    Row(u32),
}

/// A claimed high end and a row that carries more past it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Site {
    /// The place of the high end in the list.
    pub(super) high: u32,
    /// The row.
    pub(super) row: u32,
}

/// What is carried so far.
#[derive(Default)]
pub(super) struct Pass {
    low: Vec<i64>,
    by: Vec<By>,
    /// Of each low end what has been added to the sums it is a part of.
    added: Vec<i64>,
    sums: Vec<i64>,
    waiting: BinaryHeap<Reverse<u32>>,
    touched: Vec<u32>,
}

impl Pass {
    /// Forgets everything and makes room for a network; touches only what was touched.
    pub(super) fn clear(&mut self, network: &Network) {
        for &cell in &self.touched {
            let cell = cell as usize;
            if cell < network.cells.len() {
                for &row in network.out(cell as u32) {
                    self.sums[row as usize] = 0;
                }
            }
            (self.low[cell], self.by[cell], self.added[cell]) = (0, By::Nothing, 0);
        }
        self.touched.clear();
        self.waiting.clear();
    }

    /// A pass over a network.
    pub(super) fn new(network: &Network) -> Self {
        let cells = network.cells.len();
        Self {
            low: vec![0; cells],
            by: vec![By::Nothing; cells],
            added: vec![0; cells],
            sums: vec![0; network.rows.len()],
            ..Self::default()
        }
    }

    /// Lets in some ends by their places, which are in the order of days, low ends before high ends, and hands
    /// over each site while what led to it can be traced. Hands over no more sites, and returns `None`, after one for
    /// which `site` returns `None`.
    pub(super) fn run(
        &mut self,
        network: &Network,
        ends: &[End],
        wanted: impl Iterator<Item = u32>,
        mut site: impl FnMut(&Self, Site) -> Option<()>,
    ) -> Option<()> {
        let mut is_on = Some(());
        for at in wanted {
            let end = &ends[at as usize];
            if end.is_low {
                self.raise(end.cell, end.value, By::End(at));
                continue;
            }
            if is_on.is_none() {
                continue;
            }
            self.carry(network);
            for row in network.rows_into(end.cell) {
                if is_on.is_some() && network.rows[row].holds != Holds::AtMost && self.sums[row] > end.value {
                    is_on = site(self, Site { high: at, row: row as u32 });
                }
            }
        }
        self.carry(network);
        is_on
    }

    fn raise(&mut self, cell: u32, value: i64, by: By) {
        let at = cell as usize;
        if value > self.low[at] {
            if self.low[at] == self.added[at] {
                self.waiting.push(Reverse(cell));
            }
            if self.by[at] == By::Nothing {
                self.touched.push(cell);
            }
            (self.low[at], self.by[at]) = (value, by);
        }
    }

    /// Carries up what was raised, lower cells first, so that each is carried once.
    fn carry(&mut self, network: &Network) {
        while let Some(Reverse(cell)) = self.waiting.pop() {
            let at = cell as usize;
            let more = self.low[at] - self.added[at];
            self.added[at] = self.low[at];
            for &row in network.out(cell) {
                let sum = &mut self.sums[row as usize];
                *sum = sum.saturating_add(more);
                let Row { whole, holds, .. } = network.rows[row as usize];
                if holds != Holds::AtMost {
                    let sum = *sum;
                    self.raise(whole, sum, By::Row(row));
                }
            }
        }
    }

    /// The least a cell can be by all that was let in.
    pub(super) fn low(&self, cell: u32) -> i64 {
        self.low[cell as usize]
    }

    /// The least the parts of a row come to.
    pub(super) fn sum(&self, row: u32) -> i64 {
        self.sums[row as usize]
    }

    /// The low ends that make up a sum, as places in the list.
    pub(super) fn trace(&self, network: &Network, row: u32) -> Vec<u32> {
        let mut ends = Vec::new();
        let mut rows = vec![row];
        while let Some(row) = rows.pop() {
            for &part in network.parts(&network.rows[row as usize]) {
                match self.by[part as usize] {
                    By::Nothing => {}
                    By::End(end) => ends.push(end),
                    By::Row(row) => rows.push(row),
                }
            }
        }
        ends
    }
}
