//! Finds values that satisfy all constraints. They prove that a system can hold although bounds were rounded.

use super::{Elimination, HIGH, LOW, LinkKind, MAX_DENOMINATOR, PairLink, Rational, SumInequality, SumLink};
use crate::reason::joint::work::WorkBudget;
use num_traits::{CheckedAdd as _, CheckedDiv as _, CheckedMul as _, CheckedSub as _, One as _, Zero as _};

impl Elimination {
    /// Whether values that satisfy everything were found. They are searched for only if the constraints have no
    /// cycle, and not found if they need more than 128 bits.
    pub(in crate::reason::joint) fn has_witness(&self, work: &WorkBudget) -> bool {
        self.is_acyclic && self.find_witness(work).is_some()
    }

    fn find_witness(&self, work: &WorkBudget) -> Option<()> {
        let mut into: Vec<Vec<u32>> = vec![Vec::new(); self.sides.len()];
        for (at, link) in self.links.iter().enumerate() {
            into[link.target as usize].push(at as u32);
        }
        let mut values: Vec<Option<Rational>> = vec![None; self.sides.len()];
        for &variable in self.order.iter().rev() {
            let variable = variable as usize;
            let value = match values[variable] {
                Some(value) => value,
                None => choose(self.least(variable), self.greatest(variable), self.middle(variable)?)?,
            };
            for &link in &into[variable] {
                match &self.links[link as usize].kind {
                    LinkKind::Pair(pair) => {
                        work.spend(8)?;
                        values[pair.other as usize] = Some(self.fitting_value(pair, value)?);
                    }
                    LinkKind::Sum(sum) => {
                        work.spend(8 * sum.terms.len())?;
                        self.fill(sum, value, &mut values)?;
                    }
                }
            }
        }
        Some(())
    }

    fn least(&self, variable: usize) -> Rational {
        self.sides[variable][LOW].best.map_or(Rational::zero(), |(bound, _)| bound)
    }

    fn greatest(&self, variable: usize) -> Option<Rational> {
        self.sides[variable][HIGH].best.map(|(bound, _)| -bound)
    }

    /// The value halfway between the bounds of a variable.
    fn middle(&self, variable: usize) -> Option<Rational> {
        let least = self.least(variable);
        let greatest = match self.greatest(variable) {
            Some(greatest) => greatest,
            None => least.checked_mul(&Rational::from_integer(3))?.checked_add(&Rational::one())?,
        };
        Some(least.checked_add(&greatest)? / Rational::from_integer(2))
    }

    /// A value of the other variable of a pair that fits the target. It is as close as possible to the middle of its
    /// own bounds, to leave room for the next pair.
    fn fitting_value(&self, pair: &PairLink, target: Rational) -> Option<Rational> {
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

    /// Sets the other variables of a sum to the smallest possible values.
    fn fill(&self, sum: &SumLink, target: Rational, values: &mut [Option<Rational>]) -> Option<()> {
        let active: Vec<&SumInequality> = sum.inequalities.iter().filter(|it| !it.is_disabled).collect();
        let mut total = times(target, sum.own)?;
        for &(variable, coefficient) in &sum.terms {
            let least = self.least(variable as usize);
            values[variable as usize] = Some(least);
            total = total.checked_add(&times(least, coefficient)?)?;
        }
        for inequality in active {
            let is_met = |total: Rational| {
                if inequality.is_opposite { total <= Rational::zero() } else { total >= Rational::zero() }
            };
            for &(variable, coefficient) in &sum.terms {
                let helps = (coefficient > 0) != inequality.is_opposite;
                if is_met(total) || !helps {
                    continue;
                }
                let value = values[variable as usize].as_mut()?;
                let needed = (-total).checked_div(&Rational::from_integer(coefficient.into()))?;
                let room = match self.greatest(variable as usize) {
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

fn times(value: Rational, coefficient: i64) -> Option<Rational> {
    value.checked_mul(&Rational::from_integer(coefficient.into()))
}

/// A value between two bounds and close to a wanted one, with a small denominator if possible.
fn choose(least: Rational, greatest: Option<Rational>, wanted: Rational) -> Option<Rational> {
    let wanted = greatest.map_or(wanted, |greatest| wanted.min(greatest)).max(least);
    let fits = |value: &Rational| *value >= least && greatest.is_none_or(|greatest| *value <= greatest);
    let fine = Rational::from_integer(MAX_DENOMINATOR);
    let scaled = wanted.checked_mul(&fine);
    let near = scaled.into_iter().flat_map(|scaled| [scaled.floor() / fine, scaled.ceil() / fine]);
    near.chain([wanted]).find(fits)
}
