//! Exclusions between places: rectangles of runs, in a segment tree over the first side.
//!
//! A run of the first side is split among the nodes of a binary tree over all places. Each node stores the
//! runs of the other side. To find out whether two places exclude each other, the nodes from one place to the
//! root are searched for the other place.

use super::runs::{PlaceRun, PlaceRuns, holds};

/// The exclusions between places; they are symmetric.
#[derive(Default, Debug)]
pub(super) struct Exclusions {
    /// The tree, with its root at 1 and the leaf of place `p` at `places + p`; empty if there are no
    /// exclusions.
    nodes: Vec<Box<[PlaceRun]>>,
}

impl Exclusions {
    /// The exclusions among `0..places`, each between two sets of runs.
    pub(super) fn new<'r>(places: usize, pairs: impl Iterator<Item = [&'r [PlaceRun]; 2]>) -> Self {
        let mut nodes: Vec<PlaceRuns> = Vec::new();
        for [one, other] in pairs {
            nodes.resize_with(2 * places, PlaceRuns::default);
            for (side, against) in [(one, other), (other, one)] {
                for run in side {
                    cover(places, *run, |node| nodes[node].extend(against.iter().copied()));
                }
            }
        }
        Self { nodes: nodes.into_iter().map(|runs| runs.merged().into_boxed_slice()).collect() }
    }

    /// Whether two places exclude each other.
    pub(super) fn exclude(&self, one: u32, other: u32) -> bool {
        self.runs_of(one).any(|runs| holds(runs, other))
    }

    /// Whether a place excludes any other.
    pub(super) fn any(&self, place: u32) -> bool {
        self.runs_of(place).any(|runs| !runs.is_empty())
    }

    /// The places that a place excludes: the runs of every node from its leaf to the root.
    pub(super) fn runs_of(&self, place: u32) -> impl Iterator<Item = &[PlaceRun]> {
        path_to_root(self.nodes.len() / 2, place).filter_map(|node| self.nodes.get(node).map(|runs| &**runs))
    }

    /// The number of runs stored.
    #[cfg(test)]
    pub(super) fn stored(&self) -> usize {
        self.nodes.iter().map(|runs| runs.len()).sum()
    }
}

/// The nodes of a tree over `0..places` from the leaf of a place to the root.
pub(super) fn path_to_root(places: usize, place: u32) -> impl Iterator<Item = usize> {
    let leaf = places + place as usize;
    std::iter::successors(Some(leaf), |&node| Some(node / 2).filter(|&node| node > 0))
}

/// The nodes of a tree over `0..places` that together cover a run.
pub(super) fn cover(places: usize, run: PlaceRun, mut each: impl FnMut(usize)) {
    let (mut from, mut to) = (places + run.from as usize, places + run.to as usize);
    while from < to {
        if from % 2 == 1 {
            each(from);
            from += 1;
        }
        if to % 2 == 1 {
            to -= 1;
            each(to);
        }
        from /= 2;
        to /= 2;
    }
}
