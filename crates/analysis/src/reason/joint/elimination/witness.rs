//! Values that meet all constraints, as proof that a system can hold although bounds were rounded.

use super::{Elimination, FINE, HIGH, Inequality, Kind, LOW, Number, Pair, Sum};
use crate::reason::joint::work::Work;
use num_traits::{CheckedAdd as _, CheckedDiv as _, CheckedMul as _, CheckedSub as _, One as _, Zero as _};

impl Elimination {
    /// Whether some values surely meet everything. Only looks for them if no constraints form a cycle, and finds none
    /// if they outgrow 128 bits.
    pub(in crate::reason::joint) fn has_witness(&self, work: &Work) -> bool {
        self.is_forest && self.find_witness(work).is_some()
    }

    fn find_witness(&self, work: &Work) -> Option<()> {
        let mut into: Vec<Vec<u32>> = vec![Vec::new(); self.sides.len()];
        for (at, link) in self.links.iter().enumerate() {
            into[link.target as usize].push(at as u32);
        }
        let mut values: Vec<Option<Number>> = vec![None; self.sides.len()];
        for &unknown in self.order.iter().rev() {
            let unknown = unknown as usize;
            let value = match values[unknown] {
                Some(value) => value,
                None => choose(self.least(unknown), self.greatest(unknown), self.middle(unknown)?)?,
            };
            for &link in &into[unknown] {
                match &self.links[link as usize].kind {
                    Kind::Pair(pair) => {
                        work.spend(8)?;
                        values[pair.other as usize] = Some(self.beside(pair, value)?);
                    }
                    Kind::Sum(sum) => {
                        work.spend(8 * sum.terms.len())?;
                        self.fill(sum, value, &mut values)?;
                    }
                }
            }
        }
        Some(())
    }

    fn least(&self, unknown: usize) -> Number {
        self.sides[unknown][LOW].best.map_or(Number::zero(), |(bound, _)| bound)
    }

    fn greatest(&self, unknown: usize) -> Option<Number> {
        self.sides[unknown][HIGH].best.map(|(bound, _)| -bound)
    }

    /// The value in the middle between the bounds of an unknown.
    fn middle(&self, unknown: usize) -> Option<Number> {
        let least = self.least(unknown);
        let greatest = match self.greatest(unknown) {
            Some(greatest) => greatest,
            None => least.checked_mul(&Number::from_integer(3))?.checked_add(&Number::one())?,
        };
        Some(least.checked_add(&greatest)? / Number::from_integer(2))
    }

    /// A value of the other unknown of a pair that fits the target: as near to the middle between its own bounds as the
    /// pair allows, so that it keeps room for the next pair.
    fn beside(&self, pair: &Pair, target: Number) -> Option<Number> {
        let other = pair.other as usize;
        let (mut least, mut greatest) = (self.least(other), self.greatest(other));
        if let Some((multiple, _)) = pair.multiples[LOW].last()
            && !multiple.is_zero()
        {
            let most = target.checked_div(multiple)?;
            greatest = Some(greatest.map_or(most, |greatest| greatest.min(most)));
        }
        if let Some((multiple, _)) = pair.multiples[HIGH].last() {
            if !multiple.is_zero() {
                least = least.max(target.checked_div(&-*multiple)?);
            } else if !target.is_zero() {
                return None;
            }
        }
        choose(least, greatest, self.middle(other)?)
    }

    /// Values of the other unknowns of a sum: as small as can be.
    fn fill(&self, sum: &Sum, target: Number, values: &mut [Option<Number>]) -> Option<()> {
        let active: Vec<&Inequality> = sum.inequalities.iter().filter(|it| !it.is_aside).collect();
        let mut total = times(target, sum.own)?;
        for &(unknown, coefficient) in &sum.terms {
            let least = self.least(unknown as usize);
            values[unknown as usize] = Some(least);
            total = total.checked_add(&times(least, coefficient)?)?;
        }
        for inequality in active {
            let is_met = |total: Number| {
                if inequality.is_opposite { total <= Number::zero() } else { total >= Number::zero() }
            };
            for &(unknown, coefficient) in &sum.terms {
                let helps = (coefficient > 0) != inequality.is_opposite;
                if is_met(total) || !helps {
                    continue;
                }
                let value = values[unknown as usize].as_mut()?;
                let needed = (-total).checked_div(&Number::from_integer(coefficient.into()))?;
                let room = match self.greatest(unknown as usize) {
                    Some(greatest) => greatest.checked_sub(value)?,
                    None => needed,
                };
                let more = needed.min(room);
                *value = value.checked_add(&more)?;
                total = total.checked_add(&times(more, coefficient)?)?;
            }
            if !is_met(total) {
                return None;
            }
        }
        Some(())
    }
}

fn times(value: Number, coefficient: i64) -> Option<Number> {
    value.checked_mul(&Number::from_integer(coefficient.into()))
}

/// A value between two others, near a wanted one, with a small denominator where there is one.
fn choose(least: Number, greatest: Option<Number>, wanted: Number) -> Option<Number> {
    let wanted = greatest.map_or(wanted, |greatest| wanted.min(greatest)).max(least);
    let fits = |value: &Number| *value >= least && greatest.is_none_or(|greatest| *value <= greatest);
    let fine = Number::from_integer(FINE);
    let scaled = wanted.checked_mul(&fine);
    let near = scaled.into_iter().flat_map(|scaled| [scaled.floor() / fine, scaled.ceil() / fine]);
    near.chain([wanted]).find(fits)
}
