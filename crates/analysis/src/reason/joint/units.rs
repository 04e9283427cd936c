//! Events as wholes and direct parts whose figures add up.
//!
//! A *unit* is an event or a tie. A *tie* combines parts of a whole that can count the same people: parts that are
//! declared to overlap, or that have a part in common. The figure of a tie is at least that of each of its events and
//! at most their sum.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::document::SubjectKind;
use crate::graph::Graph;
use crate::id::{Id as _, SubjectId};
use crate::model::Model;

/// The role of a unit in the unit above it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum UnitRole {
    /// It adds up with the other parts.
    Part,
    /// It is one of the events of a tie.
    Tied,
}

/// All events and ties.
pub(super) struct Units {
    /// The number of subjects. Ties have numbers from here on.
    subjects: usize,
    /// The units directly above each unit.
    above: Vec<Vec<(u32, UnitRole)>>,
    /// The number of parts of each unit, or of events in a tie.
    pub(super) part_counts: Vec<u32>,
    /// The units directly below each tie, and below each event whose parts are complete.
    pub(super) complete_parts: FxHashMap<u32, Vec<u32>>,
    /// The rank of each unit in an order in which parts come before wholes.
    pub(super) rank: Vec<u32>,
    /// The unit at each rank.
    order: Vec<u32>,
    /// For each unit a number that is the same for all units connected to it.
    pub(super) tree: Vec<u32>,
    /// The events of each tie.
    ties: Vec<Vec<SubjectId>>,
}

impl Units {
    /// Builds the units of a model.
    pub(super) fn new(model: &Model, graph: &Graph) -> Self {
        let subjects = model.subjects.len();
        let wholes = direct_wholes(model, graph);
        let mut under: Vec<(SubjectId, SubjectId)> = Vec::new();
        for (part, wholes) in wholes.iter().enumerate() {
            under.extend(wholes.iter().map(|&whole| (whole, SubjectId::new(part))));
        }
        under.sort_unstable();
        let mut tied = tied_pairs(model, graph, &wholes);
        tied.sort_unstable();
        let mut units = Self {
            subjects,
            above: vec![Vec::new(); subjects],
            part_counts: vec![0; subjects],
            complete_parts: FxHashMap::default(),
            rank: Vec::new(),
            order: Vec::new(),
            tree: Vec::new(),
            ties: Vec::new(),
        };
        for parts in under.chunk_by(|a, b| a.0 == b.0) {
            let from = tied.partition_point(|pair| pair.0 < parts[0].0);
            let to = tied.partition_point(|pair| pair.0 <= parts[0].0);
            units.link(parts, &tied[from..to]);
        }
        units.sort_parts_first();
        units.find_trees();
        units.find_complete_parts(model);
        units
    }

    /// The units directly above a unit.
    pub(super) fn above(&self, unit: u32) -> &[(u32, UnitRole)] {
        &self.above[unit as usize]
    }

    /// The unit with a rank.
    pub(super) fn unit_at(&self, rank: u32) -> u32 {
        self.order[rank as usize]
    }

    /// The events of a unit: the event itself, or the events of a tie.
    pub(super) fn events(&self, unit: u32) -> Vec<SubjectId> {
        match (unit as usize).checked_sub(self.subjects) {
            Some(tie) => self.ties[tie].clone(),
            None => vec![SubjectId::new(unit as usize)],
        }
    }

    /// The event of a unit. `None` for a tie.
    pub(super) fn event(&self, unit: u32) -> Option<SubjectId> {
        ((unit as usize) < self.subjects).then(|| SubjectId::new(unit as usize))
    }

    /// Links the parts of one whole to it. Tied parts are linked to their tie instead.
    fn link(&mut self, parts: &[(SubjectId, SubjectId)], tied: &[(SubjectId, SubjectId, SubjectId)]) {
        let whole = parts[0].0.index();
        let mut groups = DisjointSets::new(parts.len());
        let at = |event: SubjectId| parts.binary_search_by_key(&event, |part| part.1).ok();
        for &(_, one, other) in tied {
            if let (Some(one), Some(other)) = (at(one), at(other)) {
                groups.join(one, other);
            }
        }
        let mut members: Vec<(usize, usize)> = (0..parts.len()).map(|at| (groups.root(at), at)).collect();
        members.sort_unstable();
        for group in members.chunk_by(|a, b| a.0 == b.0) {
            self.part_counts[whole] += 1;
            if let [(_, one)] = group {
                self.above[parts[*one].1.index()].push((whole as u32, UnitRole::Part));
                continue;
            }
            let tie = self.above.len() as u32;
            self.above.push(vec![(whole as u32, UnitRole::Part)]);
            self.part_counts.push(group.len() as u32);
            self.ties.push(group.iter().map(|(_, at)| parts[*at].1).collect());
            for (_, at) in group {
                self.above[parts[*at].1.index()].push((tie, UnitRole::Tied));
            }
        }
    }

    /// Ranks the units so that parts come before wholes. The links have no cycles.
    fn sort_parts_first(&mut self) {
        let mut waiting = self.part_counts.clone();
        let first = (0..self.above.len()).filter(|&at| waiting[at] == 0).map(|at| Reverse(at as u32));
        let mut ready: BinaryHeap<Reverse<u32>> = first.collect();
        self.rank = vec![0; self.above.len()];
        while let Some(Reverse(unit)) = ready.pop() {
            self.rank[unit as usize] = self.order.len() as u32;
            self.order.push(unit);
            for &(above, _) in &self.above[unit as usize] {
                waiting[above as usize] -= 1;
                if waiting[above as usize] == 0 {
                    ready.push(Reverse(above));
                }
            }
        }
    }

    fn find_complete_parts(&mut self, model: &Model) {
        for (unit, above) in self.above.iter().enumerate() {
            for &(whole, _) in above {
                let is_event = (whole as usize) < self.subjects;
                if !is_event || model.subjects[SubjectId::new(whole as usize)].parts_complete {
                    self.complete_parts.entry(whole).or_default().push(unit as u32);
                }
            }
        }
    }

    fn find_trees(&mut self) {
        let mut groups = DisjointSets::new(self.above.len());
        for (unit, above) in self.above.iter().enumerate() {
            for &(above, _) in above {
                groups.join(unit, above as usize);
            }
        }
        self.tree = (0..self.above.len()).map(|unit| groups.root(unit) as u32).collect();
    }
}

/// The direct wholes of each event, without wholes that are part of the event in a cycle.
fn direct_wholes(model: &Model, graph: &Graph) -> Vec<Vec<SubjectId>> {
    let events = &graph.events;
    let direct = |(id, subject): (SubjectId, &crate::model::Subject)| {
        let mut wholes: Vec<SubjectId> = subject.part_of.clone();
        wholes.retain(|&whole| {
            model.subjects[whole].kind == SubjectKind::Event && whole != id && !events.is_within(whole, id)
        });
        wholes.sort_unstable();
        wholes.dedup();
        // A whole above another one follows from it.
        events.nearest_of(&wholes)
    };
    model.subjects.iter().map(direct).collect()
}

/// The pairs of parts of a whole that are declared to overlap or have a part in common, each with the whole.
fn tied_pairs(
    model: &Model,
    graph: &Graph,
    wholes: &[Vec<SubjectId>],
) -> Vec<(SubjectId, SubjectId, SubjectId)> {
    let mut tied = Vec::new();
    for (id, subject) in model.subjects.iter() {
        for &fellow in &subject.overlaps {
            let (fewer, more) = (&wholes[id.index()], &wholes[fellow.index()]);
            let (fewer, more) = if fewer.len() < more.len() { (fewer, more) } else { (more, fewer) };
            let shared = fewer.iter().filter(|whole| more.binary_search(whole).is_ok());
            tied.extend(shared.map(|&whole| (whole, id, fellow)));
        }
    }
    let mut under: Vec<(SubjectId, SubjectId)> = Vec::new();
    if wholes.iter().any(|wholes| wholes.len() > 1) {
        under.extend(
            wholes
                .iter()
                .enumerate()
                .flat_map(|(part, wholes)| wholes.iter().map(move |&whole| (whole, SubjectId::new(part)))),
        );
        under.sort_unstable();
    }
    for fellows in under.chunk_by(|a, b| a.0 == b.0).filter(|fellows| fellows.len() > 1) {
        let parts: Vec<SubjectId> = fellows.iter().map(|fellow| fellow.1).collect();
        let sharing = graph.events.sharing(&parts).into_iter();
        tied.extend(sharing.map(|(one, other)| (fellows[0].0, parts[one], parts[other])));
    }
    tied
}

/// Disjoint sets (union-find). The lowest member represents its set.
pub(super) struct DisjointSets(Vec<u32>);

impl DisjointSets {
    /// Creates this many sets with one member each.
    pub(super) fn new(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    /// The representative of the set of a member.
    pub(super) fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] as usize != at {
            self.0[at] = self.0[self.0[at] as usize];
            at = self.0[at] as usize;
        }
        at
    }

    /// Joins the sets of two members.
    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other) as u32;
    }
}
