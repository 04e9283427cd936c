//! Determines the order in which variables are eliminated, and the links between them.
//!
//! Variables that are used by only one link are removed first, lowest number first, until none is left or every
//! variable left is in a cycle.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::reason::joint::simplex::LinearRow;
use crate::reason::joint::system::System;

/// The order of the variables of a system, and the links between them.
pub(super) struct Plan {
    /// For each variable, its rank in the order.
    pub(super) rank: Vec<u32>,
    /// The variable at each rank.
    pub(super) order: Vec<u32>,
    pub(super) links: Vec<PlannedLink>,
    /// Whether the links have no cycle.
    pub(super) is_acyclic: bool,
}

/// Rows on the same variables.
pub(super) struct PlannedLink {
    /// The variable that comes last in the order.
    pub(super) target: u32,
    /// The other variables, with their coefficients in the first row.
    pub(super) others: Vec<(u32, i64)>,
    pub(super) rows: Vec<u32>,
    /// Whether each row compares one variable with a multiple of the other.
    pub(super) is_pair: bool,
}

impl Plan {
    pub(super) fn new(system: &System) -> Self {
        let groups = groups(system);
        let mut links_of: Vec<Vec<u32>> = vec![Vec::new(); system.variables];
        for (at, group) in groups.iter().enumerate() {
            group.terms.iter().for_each(|(variable, _)| links_of[*variable as usize].push(at as u32));
        }
        let mut peeling = Peeling::new(&groups, &links_of);
        peeling.run(&links_of);
        peeling.finish(&groups);
        let Peeling { rank, order, targets, left, .. } = peeling;
        let is_acyclic = left == 0;
        let links = groups.into_iter().zip(targets).map(|(group, target)| group.planned(target));
        Self { rank, order, links: links.collect(), is_acyclic }
    }
}

/// Rows on the same variables, before the target is known.
struct Group {
    terms: Vec<(u32, i64)>,
    rows: Vec<u32>,
    is_pair: bool,
}

impl Group {
    fn planned(self, target: u32) -> PlannedLink {
        let others = self.terms.into_iter().filter(|(variable, _)| *variable != target).collect();
        PlannedLink { target, others, rows: self.rows, is_pair: self.is_pair }
    }
}

/// The terms of a row, sorted by variable. Terms of the same variable are added up, and zero terms are removed.
fn terms(row: &LinearRow) -> Vec<(u32, i64)> {
    let mut terms: Vec<(u32, i64)> = row.terms.clone();
    terms.sort_unstable_by_key(|(variable, _)| *variable);
    terms.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        kept.1 += if is_same { next.1 } else { 0 };
        is_same
    });
    terms.retain(|(_, times)| *times != 0);
    terms
}

/// The rows that limit something, grouped. Rows on the same variables are in one group if they have two variables or
/// if one is the negative of the other.
fn groups(system: &System) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
    for (row, of) in system.rows.iter().enumerate() {
        let terms = terms(of);
        if terms.iter().all(|(_, times)| *times > 0) {
            continue;
        }
        let variables: Vec<u32> = terms.iter().map(|(variable, _)| *variable).collect();
        let is_pair = terms.len() == 2 && (terms[0].1 > 0) != (terms[1].1 > 0);
        let at = known.get(&variables).copied().filter(|&at| {
            let group: &Group = &groups[at];
            let is_opposite = group.terms.iter().zip(&terms).all(|(one, other)| one.1 == -other.1);
            group.is_pair && is_pair || !group.is_pair && group.rows.len() == 1 && is_opposite
        });
        if let Some(at) = at {
            groups[at].rows.push(row as u32);
        } else {
            known.insert(variables, groups.len());
            groups.push(Group { terms, rows: vec![row as u32], is_pair });
        }
    }
    groups
}

/// Removes variables one by one.
struct Peeling {
    rank: Vec<u32>,
    order: Vec<u32>,
    /// The number of remaining links of each variable.
    degree: Vec<u32>,
    /// For each link, the number of its remaining variables and the exclusive or of their numbers. If one variable is
    /// left, this is its number.
    open: Vec<(u32, u32)>,
    targets: Vec<u32>,
    ready: BinaryHeap<Reverse<u32>>,
    /// The number of links without a target.
    left: usize,
}

const NOT_YET: u32 = u32::MAX;

impl Peeling {
    fn new(groups: &[Group], links_of: &[Vec<u32>]) -> Self {
        let degree: Vec<u32> = links_of.iter().map(|links| links.len() as u32).collect();
        let open = groups.iter().map(|group| {
            let all = group.terms.iter().fold(0, |all, (variable, _)| all ^ variable);
            (group.terms.len() as u32, all)
        });
        let open: Vec<(u32, u32)> = open.collect();
        let mut peeling = Self {
            rank: vec![NOT_YET; links_of.len()],
            order: Vec::with_capacity(links_of.len()),
            targets: vec![NOT_YET; groups.len()],
            left: groups.len(),
            ready: BinaryHeap::new(),
            degree,
            open,
        };
        for link in 0..groups.len() as u32 {
            peeling.close_if_alone(link);
        }
        let ready = (0..links_of.len() as u32).filter(|&variable| peeling.degree[variable as usize] <= 1);
        peeling.ready = ready.map(Reverse).collect();
        peeling
    }

    /// Sets the target of a link if only one of its variables is left.
    fn close_if_alone(&mut self, link: u32) {
        let (open, last) = self.open[link as usize];
        if open == 1 && self.targets[link as usize] == NOT_YET {
            self.targets[link as usize] = last;
            self.left -= 1;
            let degree = &mut self.degree[last as usize];
            *degree -= 1;
            if *degree <= 1 {
                self.ready.push(Reverse(last));
            }
        }
    }

    fn run(&mut self, links_of: &[Vec<u32>]) {
        while let Some(Reverse(variable)) = self.ready.pop() {
            if self.rank[variable as usize] != NOT_YET {
                continue;
            }
            self.place(variable);
            for &link in &links_of[variable as usize] {
                if self.targets[link as usize] == NOT_YET {
                    let (open, all) = self.open[link as usize];
                    self.open[link as usize] = (open - 1, all ^ variable);
                    self.close_if_alone(link);
                }
            }
        }
    }

    /// Ranks the variables that are left, which are in cycles, by number.
    fn finish(&mut self, groups: &[Group]) {
        for variable in 0..self.rank.len() as u32 {
            if self.rank[variable as usize] == NOT_YET {
                self.place(variable);
            }
        }
        for (target, group) in self.targets.iter_mut().zip(groups) {
            if *target == NOT_YET {
                let variables = group.terms.iter().map(|(variable, _)| *variable);
                *target = variables.max_by_key(|&variable| self.rank[variable as usize]).unwrap_or(0);
            }
        }
    }

    fn place(&mut self, variable: u32) {
        self.rank[variable as usize] = self.order.len() as u32;
        self.order.push(variable);
    }
}
