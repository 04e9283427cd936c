//! From claims that clash to the fewest of them that do.

use rustc_hash::FxHashMap;

use super::component::Component;
use super::exact::SubProblem;
use super::system::{BoundSet, Feasibility, InfeasibleSet};

/// Sets larger than this are halved before their claims are taken away one by one.
const MAX_ONE_BY_ONE: usize = 16;

impl Component<'_> {
    /// The fewest claims of a set that clash; none if it holds, or if that is not decided.
    pub(super) fn shrink(&self, set: &BoundSet, remainders: bool) -> Option<(BoundSet, Vec<i64>)> {
        match self.test(set, remainders) {
            Feasibility::Infeasible(found) => self.shrink_from(found, remainders),
            Feasibility::Feasible | Feasibility::Undecided => None,
        }
    }

    /// Takes claims away one after the other. A claim that cannot be spared is needed in every smaller set as well. None
    /// if some test is not decided, for then more might be spared.
    pub(super) fn shrink_from(
        &self,
        mut found: InfeasibleSet,
        remainders: bool,
    ) -> Option<(BoundSet, Vec<i64>)> {
        if found.set.bounds.len() + found.set.ratios.len() > MAX_ONE_BY_ONE && !self.is_chain(&found) {
            let smaller = self.halved(&found.set, remainders)?;
            match self.test(&smaller, remainders) {
                Feasibility::Infeasible(smaller) => found = smaller,
                Feasibility::Feasible | Feasibility::Undecided => return None,
            }
        }
        let mut needed = 0;
        while needed < found.set.bounds.len() + found.set.ratios.len() && !self.is_chain(&found) {
            let mut spare = found.set.clone();
            match needed.checked_sub(spare.bounds.len()) {
                None => spare.bounds.remove(needed),
                Some(at) => spare.ratios.remove(at),
            };
            match self.test(&spare, remainders) {
                Feasibility::Infeasible(smaller) => found = smaller,
                Feasibility::Feasible => needed += 1,
                Feasibility::Undecided => return None,
            }
        }
        Some((found.set, found.relaxations))
    }

    /// The fewest claims of a set that clash, found by halving what may be spared (`QuickXplain`, Junker 2004): few
    /// tests where few claims are needed. None if some test is not decided.
    fn halved(&self, set: &BoundSet, remainders: bool) -> Option<BoundSet> {
        let bounds = set.bounds.iter().map(|&at| BoundOrRatio::Bound(at));
        let all: Vec<BoundOrRatio> =
            bounds.chain(set.ratios.iter().map(|&at| BoundOrRatio::Ratio(at))).collect();
        let needed = self.needed(&mut Vec::new(), false, &all, remainders)?;
        Some(as_set(&needed))
    }

    /// The fewest of some items that clash with others; `is_more` if there are more others than in the last test.
    fn needed(
        &self,
        others: &mut Vec<BoundOrRatio>,
        is_more: bool,
        items: &[BoundOrRatio],
        remainders: bool,
    ) -> Option<Vec<BoundOrRatio>> {
        if is_more {
            match self.test(&as_set(others), remainders) {
                Feasibility::Infeasible(_) => return Some(Vec::new()),
                Feasibility::Feasible => {}
                Feasibility::Undecided => return None,
            }
        }
        if items.len() < 2 {
            return Some(items.to_vec());
        }
        let (first, last) = items.split_at(items.len() / 2);
        let before = others.len();
        others.extend(first);
        let mut needed = self.needed(others, true, last, remainders)?;
        others.truncate(before);
        others.extend(&needed);
        let of_first = self.needed(others, !needed.is_empty(), first, remainders)?;
        others.truncate(before);
        needed.extend(of_first);
        Some(needed)
    }

    /// Whether a clash is one chain of shares and changes from a figure to another, or around to itself. Nothing
    /// of it can be spared: without a link its halves hold a figure at most, and scale.
    fn is_chain(&self, found: &InfeasibleSet) -> bool {
        if !found.by_ratios || found.set.bounds.len() > 2 {
            return false;
        }
        let mut links: FxHashMap<u32, u32> = FxHashMap::default();
        for &at in &found.set.ratios {
            let ratio = self.ratios[at as usize];
            *links.entry(ratio.own).or_default() += 1;
            *links.entry(ratio.base).or_default() += 1;
        }
        let loose = links.values().filter(|&&links| links == 1).count();
        let is_one = links.values().all(|&links| links <= 2)
            && matches!((loose, found.set.bounds.len()), (0, 1) | (2, 2));
        is_one && {
            // No part and whole among them, which might clash by fewer.
            let Some(small) = SubProblem::new(self, &found.set, false) else { return false };
            let mut quantities = small.ratios.iter().flat_map(|ratio| [ratio.own, ratio.base]);
            quantities.all(|quantity| small.network.constraints_on(quantity).is_empty())
        }
    }
}

/// An bound or a ratio, by its place.
#[derive(Clone, Copy)]
enum BoundOrRatio {
    Bound(u32),
    Ratio(u32),
}

fn as_set(items: &[BoundOrRatio]) -> BoundSet {
    let mut set = BoundSet::default();
    for item in items {
        match item {
            BoundOrRatio::Bound(at) => set.bounds.push(*at),
            BoundOrRatio::Ratio(at) => set.ratios.push(*at),
        }
    }
    set.bounds.sort_unstable();
    set.ratios.sort_unstable();
    set
}
