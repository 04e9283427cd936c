//! Reduces a set of claims that cannot hold to a smallest one.

use rustc_hash::FxHashMap;

use super::component::Component;
use super::exact::SubProblem;
use super::system::{BoundSet, Feasibility, InfeasibleSet};

/// Larger sets are first reduced by halving, then by removing one claim at a time.
const MAX_ONE_BY_ONE: usize = 16;

impl Component<'_> {
    /// A smallest subset that cannot hold. `None` if the set can hold or if this is not decided.
    pub(super) fn shrink(&self, set: &BoundSet, remainders: bool) -> Option<(BoundSet, Vec<i64>)> {
        match self.test(set, remainders) {
            Feasibility::Infeasible(found) => self.shrink_from(found, remainders),
            Feasibility::Feasible | Feasibility::Undecided => None,
        }
    }

    /// Removes one claim at a time and keeps the smaller set if it still cannot hold. A claim that cannot be removed
    /// is needed in every smaller set too. `None` if some test is not decided, because then the set might not be
    /// smallest.
    pub(super) fn shrink_from(
        &self,
        mut found: InfeasibleSet,
        remainders: bool,
    ) -> Option<(BoundSet, Vec<i64>)> {
        if found.set.bounds.len() + found.set.ratios.len() > MAX_ONE_BY_ONE && !self.is_chain(&found) {
            let smaller = self.reduce_by_halving(&found.set, remainders)?;
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

    /// A smallest subset, found by halving (`QuickXplain`, Junker 2004). It takes few tests if few claims are needed.
    /// `None` if some test is not decided.
    fn reduce_by_halving(&self, set: &BoundSet, remainders: bool) -> Option<BoundSet> {
        let bounds = set.bounds.iter().map(|&at| BoundOrRatio::Bound(at));
        let all: Vec<BoundOrRatio> =
            bounds.chain(set.ratios.iter().map(|&at| BoundOrRatio::Ratio(at))).collect();
        let needed = self.needed_with(&mut Vec::new(), false, &all, remainders)?;
        Some(as_set(&needed))
    }

    /// The fewest of `items` that cannot hold together with `others`. `is_more` says whether `others` has grown since
    /// the last test.
    fn needed_with(
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
        let mut needed = self.needed_with(others, true, last, remainders)?;
        others.truncate(before);
        others.extend(&needed);
        let of_first = self.needed_with(others, !needed.is_empty(), first, remainders)?;
        others.truncate(before);
        needed.extend(of_first);
        Some(needed)
    }

    /// Whether a set is one chain of shares and changes from one figure to another, or a cycle back to the same
    /// figure. Such a set is already smallest: without one link, each half contains at most one figure, and its
    /// values can be scaled to fit.
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
            // Wholes among the quantities could allow a smaller conflict.
            let Some(small) = SubProblem::new(self, &found.set, false) else { return false };
            let mut quantities = small.ratios.iter().flat_map(|ratio| [ratio.own, ratio.base]);
            quantities.all(|quantity| small.network.constraints_on(quantity).is_empty())
        }
    }
}

/// A bound or a ratio, by its index.
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
