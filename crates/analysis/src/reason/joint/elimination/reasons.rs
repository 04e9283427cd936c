//! From a clash at one variable back to the claimed and ratios it follows from, as few as can easily be told.
//!
//! A bound may be tighter than the clash needs. The way back stops at the first claimed that is tight enough: a clash
//! of two neighbours in a long chain names them and not the whole chain.

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
    /// As tight as it is.
    Best,
}

/// The claimed and ratios from which the least and the greatest value of an variable follow, as far as they have to for a
/// clash. `None` if there is not enough work left.
pub(super) fn reasons(elimination: &Elimination, variable: u32, work: &WorkBudget) -> Option<[BoundSet; 2]> {
    let sides = &elimination.sides[variable as usize];
    let best = |side: usize| elimination.best(variable as usize, side);
    let past = |bound: Option<BoundKey>| bound.map_or(Needed::Best, |bound| Needed::Above(-bound));
    let own = |side: usize| {
        let claimed = sides[side].claimed.get(sides[side].first)?;
        let bound = key(&elimination.claimed[*claimed as usize]);
        (bound > -best(1 - side)?).then_some(bound)
    };
    // An claimed of the variable itself that clashes with the other side, else the best bound of one side. Then the other
    // side what is needed against that.
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

/// How far each claimed of a clash at an variable would have to give way to claimed it, as whole thousandths.
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
    /// Whether each side visited was asked for all that it is.
    seen: FxHashMap<(u32, usize), bool>,
    open: Vec<(u32, usize, Needed)>,
}

impl Trace<'_> {
    fn visit(&mut self, variable: u32, side: usize, mut needed: Needed) {
        let Some((_, by)) = self.elimination.sides[variable as usize][side].best else { return };
        match self.seen.get(&(variable, side)) {
            Some(true) => return,
            // Asked for twice, in a cycle: it is simpler to name what is best than to hold both demands.
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

    /// The tightest claimed of a side.
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

    /// Of the parts of a sum those that have to be bounded at all, then the largest, until they are enough.
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
