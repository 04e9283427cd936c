//! Traces a conflict at one variable back to the bounds and ratios that it follows from, and to as few as is easily
//! possible.
//!
//! A bound can be tighter than the conflict needs. The trace stops at the first claimed bound that is tight enough.
//! So a conflict between two neighbours in a long chain names them and not the whole chain.

use std::cmp::Reverse;

use num_traits::{CheckedAdd as _, CheckedDiv as _, CheckedMul as _, CheckedSub as _, Zero as _};
use rustc_hash::FxHashMap;

use super::{
    BoundKey, BoundSet, BoundSource, Elimination, HIGH, LOW, LinkKind, PairLink, Rational, SumInequality,
    SumLink, key,
};
use crate::reason::joint::work::WorkBudget;
use gainsay_reading::figure::OPEN;

/// How tight a bound has to be.
#[derive(Clone, Copy)]
enum Needed {
    /// Tighter than this.
    Above(BoundKey),
    /// The best known bound.
    Best,
}

/// The bounds and ratios from which the lowest and the highest value of a variable follow, as far as the conflict
/// needs them. `None` if the budget is not enough.
pub(super) fn reasons(elimination: &Elimination, variable: u32, work: &WorkBudget) -> Option<[BoundSet; 2]> {
    let sides = &elimination.sides[variable as usize];
    let best = |side: usize| elimination.best(variable as usize, side);
    let past = |bound: Option<BoundKey>| bound.map_or(Needed::Best, |bound| Needed::Above(-bound));
    let own = |side: usize| {
        let claimed = sides[side].claimed.get(sides[side].first)?;
        let bound = key(&elimination.claimed[*claimed as usize]);
        (bound > -best(1 - side)?).then_some(bound)
    };
    // First a claimed bound of the variable itself that contradicts the other side, or else the best bound of one
    // side. Then as much of the other side as is needed against it.
    let (side, bound) = match (own(HIGH), own(LOW)) {
        (Some(bound), _) => (HIGH, Some(bound)),
        (None, Some(bound)) => (LOW, Some(bound)),
        (None, None) if sides[LOW].best.is_none() => (HIGH, Some(BoundKey::zero())),
        (None, None) => (HIGH, None),
    };
    let needed = if bound.is_some() { past(best(1 - side)) } else { Needed::Best };
    let first = trace(elimination, variable, side, needed, work)?;
    let other = trace(elimination, variable, 1 - side, past(bound.or_else(|| best(side))), work)?;
    Some(if side == LOW { [first, other] } else { [other, first] })
}

/// How far each bound of a conflict would have to change to end it, in thousandths, rounded up.
pub(super) fn relaxations(
    elimination: &Elimination,
    variable: u32,
    [low, high]: &[BoundSet; 2],
    claimed: &[u32],
) -> Vec<i64> {
    let best = |side: usize| elimination.best(variable as usize, side).unwrap_or(Rational::zero());
    let passed = best(LOW).checked_div(&(-best(HIGH)).max(Rational::new(1, 1000)));
    let give = |at: &u32| {
        let claimed = &elimination.claimed[*at as usize];
        let value = Rational::from_integer(claimed.value.into());
        if best(LOW).is_zero() {
            return i64::try_from(best(HIGH).ceil().to_integer()).ok();
        }
        if low.bounds.binary_search(at).is_ok() && high.bounds.binary_search(at).is_ok() {
            return Some(claimed.value); // all of it
        }
        let passed = passed?;
        let to = if claimed.is_low { value.checked_div(&passed)? } else { value.checked_mul(&passed)? };
        let apart = if to > value { to.checked_sub(&value)? } else { value.checked_sub(&to)? };
        i64::try_from(apart.ceil().to_integer()).ok()
    };
    claimed.iter().map(|at| give(at).unwrap_or(OPEN)).collect()
}

fn trace(
    elimination: &Elimination,
    variable: u32,
    side: usize,
    needed: Needed,
    work: &WorkBudget,
) -> Option<BoundSet> {
    let mut trace = Trace {
        elimination,
        set: BoundSet::default(),
        seen: FxHashMap::default(),
        open: vec![(variable, side, needed)],
    };
    while let Some((variable, side, needed)) = trace.open.pop() {
        let before = trace.open.len();
        trace.visit(variable, side, needed);
        work.spend(4 + 4 * trace.open.len().saturating_sub(before))?;
    }
    let mut set = trace.set;
    for places in [&mut set.bounds, &mut set.ratios] {
        places.sort_unstable();
        places.dedup();
    }
    Some(set)
}

struct Trace<'e> {
    elimination: &'e Elimination,
    set: BoundSet,
    /// The sides that were visited, and whether their best bound was needed.
    seen: FxHashMap<(u32, usize), bool>,
    open: Vec<(u32, usize, Needed)>,
}

impl Trace<'_> {
    fn visit(&mut self, variable: u32, side: usize, mut needed: Needed) {
        let Some((_, by)) = self.elimination.sides[variable as usize][side].best else { return };
        match self.seen.get(&(variable, side)) {
            Some(true) => return,
            // In a cycle, a side can be needed twice. It is simpler to use its best bound than to satisfy both needs.
            Some(false) => needed = Needed::Best,
            None => {}
        }
        self.seen.insert((variable, side), matches!(needed, Needed::Best));
        if let Needed::Above(least) = needed
            && let Some((bound, claimed)) = self.own(variable, side)
            && bound > least
        {
            self.set.bounds.push(claimed);
            return;
        }
        match by {
            BoundSource::Claim(claimed) => self.set.bounds.push(claimed),
            BoundSource::Zero(link) => {
                if let LinkKind::Pair(pair) = &self.elimination.links[link as usize].kind {
                    for of in [LOW, HIGH] {
                        self.set.ratios.extend(self.ratio_of(pair, of));
                    }
                }
            }
            BoundSource::Link(link) => match &self.elimination.links[link as usize].kind {
                LinkKind::Pair(pair) => self.visit_pair(pair, side, needed),
                LinkKind::Sum(sum) => self.visit_sum(sum, side, needed),
            },
        }
    }

    /// The tightest claimed bound of a side.
    fn own(&self, variable: u32, side: usize) -> Option<(BoundKey, u32)> {
        let of = &self.elimination.sides[variable as usize][side];
        let claimed = *of.claimed.get(of.first)?;
        Some((key(&self.elimination.claimed[claimed as usize]), claimed))
    }

    fn ratio_of(&self, pair: &PairLink, side: usize) -> Option<u32> {
        let (_, Reverse((_, row))) = pair.multiples[side].last()?;
        self.elimination.ratio_of_row[*row as usize]
    }

    fn visit_pair(&mut self, pair: &PairLink, side: usize, needed: Needed) {
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

    /// Visits all terms of a sum that need a bound, then the largest parts, until they are enough.
    fn visit_sum(&mut self, sum: &SumLink, side: usize, needed: Needed) {
        let own = |inequality: &&SumInequality| !inequality.is_disabled && sum.side(inequality) == side;
        let Some(inequality) = sum.inequalities.iter().find(own) else { return };
        self.set.ratios.extend(self.elimination.ratio_of_row[inequality.row as usize]);
        let least = match needed {
            Needed::Above(least) => least.checked_mul(&Rational::from_integer(i128::from(sum.own).abs())),
            Needed::Best => None,
        };
        let mut total = BoundKey::zero();
        let mut parts: Vec<(BoundKey, u32)> = Vec::new();
        for (&(variable, times), share) in sum.terms.iter().zip(&inequality.shares) {
            let share = share.map_or(BoundKey::zero(), |(share, _)| share);
            if (times > 0) == inequality.is_opposite {
                parts.push((share, variable));
            } else {
                total = total.checked_add(&share).unwrap_or(total);
                self.open.push((variable, HIGH, Needed::Best));
            }
        }
        parts.sort_by_key(|&(share, variable)| (Reverse(share), variable));
        for (share, variable) in parts {
            if least.is_some_and(|least| total > least) {
                return;
            }
            total = total.checked_add(&share).unwrap_or(total);
            self.open.push((variable, LOW, Needed::Best));
        }
    }
}
