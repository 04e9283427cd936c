//! From claims that clash to the fewest of them that do.

use rustc_hash::FxHashMap;

use super::exact::Small;
use super::part::Part;
use super::system::{Clashing, Set, Verdict};

/// Sets larger than this are halved before their claims are taken away one by one.
const MAX_ONE_BY_ONE: usize = 16;

impl Part<'_> {
    /// The fewest claims of a set that clash; none if it holds, or if that is not decided.
    pub(super) fn shrink(&self, set: &Set, rests: bool) -> Option<(Set, Vec<i64>)> {
        match self.test(set, rests) {
            Verdict::Clashes(found) => self.shrink_from(found, rests),
            Verdict::Holds | Verdict::Unsearched => None,
        }
    }

    /// Takes claims away one after the other. A claim that cannot be spared is needed in every smaller set as well. None
    /// if some test is not decided, for then more might be spared.
    pub(super) fn shrink_from(&self, mut found: Clashing, rests: bool) -> Option<(Set, Vec<i64>)> {
        if found.set.ends.len() + found.set.ratios.len() > MAX_ONE_BY_ONE && !self.is_chain(&found) {
            let smaller = self.halved(&found.set, rests)?;
            match self.test(&smaller, rests) {
                Verdict::Clashes(smaller) => found = smaller,
                Verdict::Holds | Verdict::Unsearched => return None,
            }
        }
        let mut needed = 0;
        while needed < found.set.ends.len() + found.set.ratios.len() && !self.is_chain(&found) {
            let mut spare = found.set.clone();
            match needed.checked_sub(spare.ends.len()) {
                None => spare.ends.remove(needed),
                Some(at) => spare.ratios.remove(at),
            };
            match self.test(&spare, rests) {
                Verdict::Clashes(smaller) => found = smaller,
                Verdict::Holds => needed += 1,
                Verdict::Unsearched => return None,
            }
        }
        Some((found.set, found.gives))
    }

    /// The fewest claims of a set that clash, found by halving what may be spared (`QuickXplain`, Junker 2004): few
    /// tests where few claims are needed. None if some test is not decided.
    fn halved(&self, set: &Set, rests: bool) -> Option<Set> {
        let ends = set.ends.iter().map(|&at| Item::End(at));
        let all: Vec<Item> = ends.chain(set.ratios.iter().map(|&at| Item::Ratio(at))).collect();
        let needed = self.needed(&mut Vec::new(), false, &all, rests)?;
        Some(as_set(&needed))
    }

    /// The fewest of some items that clash with others; `is_more` if there are more others than in the last test.
    fn needed(
        &self,
        others: &mut Vec<Item>,
        is_more: bool,
        items: &[Item],
        rests: bool,
    ) -> Option<Vec<Item>> {
        if is_more {
            match self.test(&as_set(others), rests) {
                Verdict::Clashes(_) => return Some(Vec::new()),
                Verdict::Holds => {}
                Verdict::Unsearched => return None,
            }
        }
        if items.len() < 2 {
            return Some(items.to_vec());
        }
        let (first, last) = items.split_at(items.len() / 2);
        let before = others.len();
        others.extend(first);
        let mut needed = self.needed(others, true, last, rests)?;
        others.truncate(before);
        others.extend(&needed);
        let of_first = self.needed(others, !needed.is_empty(), first, rests)?;
        others.truncate(before);
        needed.extend(of_first);
        Some(needed)
    }

    /// Whether a clash is one chain of shares and changes from a figure to another, or around to itself. Nothing
    /// of it can be spared: without a link its halves hold a figure at most, and scale.
    fn is_chain(&self, found: &Clashing) -> bool {
        if !found.by_ratios || found.set.ends.len() > 2 {
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
            && matches!((loose, found.set.ends.len()), (0, 1) | (2, 2));
        is_one && {
            // No part and whole among them, which might clash by fewer.
            let Some(small) = Small::new(self, &found.set, false) else { return false };
            let mut cells = small.ratios.iter().flat_map(|ratio| [ratio.own, ratio.base]);
            cells.all(|cell| small.network.rows_into(cell).is_empty())
        }
    }
}

/// An end or a ratio, by its place.
#[derive(Clone, Copy)]
enum Item {
    End(u32),
    Ratio(u32),
}

fn as_set(items: &[Item]) -> Set {
    let mut set = Set::default();
    for item in items {
        match item {
            Item::End(at) => set.ends.push(*at),
            Item::Ratio(at) => set.ratios.push(*at),
        }
    }
    set.ends.sort_unstable();
    set.ratios.sort_unstable();
    set
}
