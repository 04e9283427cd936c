//! From a clash at one unknown back to the ends and ratios it follows from, as few as can easily be told.
//!
//! A bound may be tighter than the clash needs. The way back stops at the first end that is tight enough: a clash
//! of two neighbours in a long chain names them and not the whole chain.

use std::cmp::Reverse;

use num_traits::{CheckedAdd as _, CheckedDiv as _, CheckedMul as _, CheckedSub as _, Zero as _};
use rustc_hash::FxHashMap;

use super::{Bound, By, Elimination, HIGH, Inequality, Kind, LOW, Number, Pair, Set, Sum, key};
use crate::reason::joint::work::Work;
use gainsay_reading::figure::OPEN;

/// How tight a bound has to be.
#[derive(Clone, Copy)]
enum Needed {
    /// Tighter than this.
    Above(Bound),
    /// As tight as it is.
    Best,
}

/// The ends and ratios from which the least and the greatest value of an unknown follow, as far as they have to for a
/// clash. `None` if there is not enough work left.
pub(super) fn reasons(elimination: &Elimination, unknown: u32, work: &Work) -> Option<[Set; 2]> {
    let sides = &elimination.sides[unknown as usize];
    let best = |side: usize| elimination.best(unknown as usize, side);
    let past = |bound: Option<Bound>| bound.map_or(Needed::Best, |bound| Needed::Above(-bound));
    let own = |side: usize| {
        let end = sides[side].ends.get(sides[side].first)?;
        let bound = key(&elimination.ends[*end as usize]);
        (bound > -best(1 - side)?).then_some(bound)
    };
    // An end of the unknown itself that clashes with the other side, else the best bound of one side. Then the other
    // side what is needed against that.
    let (side, bound) = match (own(HIGH), own(LOW)) {
        (Some(bound), _) => (HIGH, Some(bound)),
        (None, Some(bound)) => (LOW, Some(bound)),
        (None, None) if sides[LOW].best.is_none() => (HIGH, Some(Bound::zero())),
        (None, None) => (HIGH, None),
    };
    let needed = if bound.is_some() { past(best(1 - side)) } else { Needed::Best };
    let first = trace(elimination, unknown, side, needed, work)?;
    let other = trace(elimination, unknown, 1 - side, past(bound.or_else(|| best(side))), work)?;
    Some(if side == LOW { [first, other] } else { [other, first] })
}

/// How far each end of a clash at an unknown would have to give way to end it, as whole thousandths.
pub(super) fn gives(
    elimination: &Elimination,
    unknown: u32,
    [low, high]: &[Set; 2],
    ends: &[u32],
) -> Vec<i64> {
    let best = |side: usize| elimination.best(unknown as usize, side).unwrap_or(Number::zero());
    let passed = best(LOW).checked_div(&(-best(HIGH)).max(Number::new(1, 1000)));
    let give = |at: &u32| {
        let end = &elimination.ends[*at as usize];
        let value = Number::from_integer(end.value.into());
        if best(LOW).is_zero() {
            return i64::try_from(best(HIGH).ceil().to_integer()).ok();
        }
        if low.ends.binary_search(at).is_ok() && high.ends.binary_search(at).is_ok() {
            return Some(end.value); // all of it
        }
        let passed = passed?;
        let to = if end.is_low { value.checked_div(&passed)? } else { value.checked_mul(&passed)? };
        let apart = if to > value { to.checked_sub(&value)? } else { value.checked_sub(&to)? };
        i64::try_from(apart.ceil().to_integer()).ok()
    };
    ends.iter().map(|at| give(at).unwrap_or(OPEN)).collect()
}

fn trace(elimination: &Elimination, unknown: u32, side: usize, needed: Needed, work: &Work) -> Option<Set> {
    let mut trace = Trace {
        elimination,
        set: Set::default(),
        seen: FxHashMap::default(),
        open: vec![(unknown, side, needed)],
    };
    while let Some((unknown, side, needed)) = trace.open.pop() {
        let before = trace.open.len();
        trace.visit(unknown, side, needed);
        work.spend(4 + 4 * trace.open.len().saturating_sub(before))?;
    }
    let mut set = trace.set;
    for places in [&mut set.ends, &mut set.ratios] {
        places.sort_unstable();
        places.dedup();
    }
    Some(set)
}

struct Trace<'e> {
    elimination: &'e Elimination,
    set: Set,
    /// Whether each side visited was asked for all that it is.
    seen: FxHashMap<(u32, usize), bool>,
    open: Vec<(u32, usize, Needed)>,
}

impl Trace<'_> {
    fn visit(&mut self, unknown: u32, side: usize, mut needed: Needed) {
        let Some((_, by)) = self.elimination.sides[unknown as usize][side].best else { return };
        match self.seen.get(&(unknown, side)) {
            Some(true) => return,
            // Asked for twice, in a cycle: it is simpler to name what is best than to hold both demands.
            Some(false) => needed = Needed::Best,
            None => {}
        }
        self.seen.insert((unknown, side), matches!(needed, Needed::Best));
        if let Needed::Above(least) = needed
            && let Some((bound, end)) = self.own(unknown, side)
            && bound > least
        {
            self.set.ends.push(end);
            return;
        }
        match by {
            By::End(end) => self.set.ends.push(end),
            By::Zero(link) => {
                if let Kind::Pair(pair) = &self.elimination.links[link as usize].kind {
                    for of in [LOW, HIGH] {
                        self.set.ratios.extend(self.ratio_of(pair, of));
                    }
                }
            }
            By::Link(link) => match &self.elimination.links[link as usize].kind {
                Kind::Pair(pair) => self.visit_pair(pair, side, needed),
                Kind::Sum(sum) => self.visit_sum(sum, side, needed),
            },
        }
    }

    /// The tightest end of a side.
    fn own(&self, unknown: u32, side: usize) -> Option<(Bound, u32)> {
        let of = &self.elimination.sides[unknown as usize][side];
        let end = *of.ends.get(of.first)?;
        Some((key(&self.elimination.ends[end as usize]), end))
    }

    fn ratio_of(&self, pair: &Pair, side: usize) -> Option<u32> {
        let (_, Reverse((_, row))) = pair.multiples[side].last()?;
        self.elimination.ratio_of_row[*row as usize]
    }

    fn visit_pair(&mut self, pair: &Pair, side: usize, needed: Needed) {
        self.set.ratios.extend(self.ratio_of(pair, side));
        let multiple =
            pair.multiples[side].last().map(|(multiple, _)| if side == LOW { *multiple } else { -*multiple });
        let needed = match (needed, multiple) {
            (Needed::Above(least), Some(multiple)) if !multiple.is_zero() => {
                least.checked_div(&multiple).map_or(Needed::Best, Needed::Above)
            }
            _ => Needed::Best,
        };
        self.open.push((pair.other, side, needed));
    }

    /// Of the parts of a sum those that have to be bounded at all, then the largest, until they are enough.
    fn visit_sum(&mut self, sum: &Sum, side: usize, needed: Needed) {
        let own = |inequality: &&Inequality| !inequality.is_aside && sum.side(inequality) == side;
        let Some(inequality) = sum.inequalities.iter().find(own) else { return };
        self.set.ratios.extend(self.elimination.ratio_of_row[inequality.row as usize]);
        let least = match needed {
            Needed::Above(least) => least.checked_mul(&Number::from_integer(i128::from(sum.own).abs())),
            Needed::Best => None,
        };
        let mut total = Bound::zero();
        let mut parts: Vec<(Bound, u32)> = Vec::new();
        for (&(unknown, times), share) in sum.terms.iter().zip(&inequality.shares) {
            let share = share.map_or(Bound::zero(), |(share, _)| share);
            if (times > 0) == inequality.is_opposite {
                parts.push((share, unknown));
            } else {
                total = total.checked_add(&share).unwrap_or(total);
                self.open.push((unknown, HIGH, Needed::Best));
            }
        }
        parts.sort_by_key(|&(share, unknown)| (Reverse(share), unknown));
        for (share, unknown) in parts {
            if least.is_some_and(|least| total > least) {
                return;
            }
            total = total.checked_add(&share).unwrap_or(total);
            self.open.push((unknown, LOW, Needed::Best));
        }
    }
}
