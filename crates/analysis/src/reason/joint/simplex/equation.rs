//! One equation of the simplex method, with integers of fixed or any size.

use num_bigint::BigInt;
use num_integer::Integer;

use super::{BoundSide, Limits, LinearRow};

/// Integers. Operations return `None` on overflow.
pub(super) trait CheckedInteger: Integer + Clone + From<i64> {
    fn times(&self, factor: &Self) -> Option<Self>;
    fn plus(&self, other: &Self) -> Option<Self>;
    /// The absolute value, capped at `u128::MAX`.
    fn magnitude(&self) -> u128;
    /// The number of 64-bit digits.
    fn digits(&self) -> usize;

    fn is_negative(&self) -> bool {
        *self < Self::zero()
    }
}

/// The smallest number is excluded, so that every number can be negated.
impl CheckedInteger for i128 {
    fn times(&self, factor: &Self) -> Option<Self> {
        self.checked_mul(*factor).filter(|&product| product != Self::MIN)
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        self.checked_add(*other).filter(|&sum| sum != Self::MIN)
    }

    fn magnitude(&self) -> u128 {
        self.unsigned_abs()
    }

    fn digits(&self) -> usize {
        1
    }
}

impl CheckedInteger for BigInt {
    fn times(&self, factor: &Self) -> Option<Self> {
        Some(self * factor)
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        Some(self + other)
    }

    fn magnitude(&self) -> u128 {
        u128::try_from(Self::magnitude(self)).unwrap_or(u128::MAX)
    }

    fn digits(&self) -> usize {
        1 + (self.bits() / 64) as usize
    }
}

/// `denominator * variable = sum of coefficient * other variable`, without a common divisor.
#[derive(Debug)]
pub(super) struct Equation<T> {
    pub variable: usize,
    /// Positive.
    pub denominator: T,
    /// Nonbasic variables in ascending order, with coefficients that are not zero.
    pub terms: Vec<(usize, T)>,
    /// The current value of the sum.
    pub sum: T,
    /// The side on which the variable is out of bounds.
    pub violated: Option<BoundSide>,
}

impl<T: CheckedInteger> Equation<T> {
    /// An equation without terms.
    pub(super) fn empty() -> Self {
        Self { variable: 0, denominator: T::one(), terms: Vec::new(), sum: T::zero(), violated: None }
    }

    /// The approximate number of 64-bit digits of all its numbers.
    pub(super) fn digits(&self) -> usize {
        self.terms.len().saturating_mul(self.denominator.digits())
    }

    /// The cost of [`Self::substitute`]. Large numbers cost more, because they are divided by common divisors.
    pub(super) fn steps_to_substitute(&self, given: &Self) -> usize {
        let terms = self.terms.len() + given.terms.len();
        if self.denominator.is_one() && given.denominator.is_one() {
            return terms;
        }
        let digits = self.denominator.digits() + given.denominator.digits();
        terms.saturating_mul(4 * digits * digits)
    }

    /// The equation of a row in which all variables are nonbasic.
    pub(super) fn from_row(row: &LinearRow, variable: usize) -> Option<Self> {
        let mut terms: Vec<(usize, T)> = row
            .terms
            .iter()
            .map(|&(variable, coefficient)| (variable as usize, coefficient.into()))
            .collect();
        terms.sort_by_key(|(variable, _)| *variable);
        let mut merged: Vec<(usize, T)> = Vec::with_capacity(terms.len());
        for (variable, coefficient) in terms {
            match merged.last_mut() {
                Some((last, sum)) if *last == variable => *sum = sum.plus(&coefficient)?,
                _ => merged.push((variable, coefficient)),
            }
        }
        merged.retain(|(_, coefficient)| !coefficient.is_zero());
        Some(Self { variable, denominator: T::one(), terms: merged, sum: T::zero(), violated: None })
    }

    pub(super) fn place(&self, variable: usize) -> Option<usize> {
        self.terms.binary_search_by_key(&variable, |(variable, _)| *variable).ok()
    }

    /// Solves the equation for the variable of one of its terms.
    pub(super) fn solve_for(&mut self, place: usize) {
        let (variable, coefficient) = self.terms.remove(place);
        let former = std::mem::replace(&mut self.variable, variable);
        let negative = coefficient.is_negative();
        let mut share = std::mem::replace(&mut self.denominator, coefficient);
        if negative {
            self.denominator = T::zero() - self.denominator.clone();
            share = T::zero() - share;
        } else {
            for (_, coefficient) in &mut self.terms {
                *coefficient = T::zero() - coefficient.clone();
            }
        }
        let place = self.terms.partition_point(|(variable, _)| *variable < former);
        self.terms.insert(place, (former, share));
    }

    /// Replaces the term at a position by the terms of the equation of its variable.
    pub(super) fn substitute(&mut self, place: usize, given: &Self) -> Option<()> {
        let (_, factor) = self.terms.remove(place);
        let common = factor.gcd(&given.denominator);
        let (factor, widened) = (factor / common.clone(), given.denominator.clone() / common);
        let mut merged = Vec::with_capacity(self.terms.len() + given.terms.len());
        let mut others = given.terms.iter().peekable();
        for (variable, coefficient) in self.terms.drain(..) {
            while let Some((variable, other)) = others.next_if(|(other, _)| *other < variable) {
                merged.push((*variable, factor.times(other)?));
            }
            let mut sum = coefficient.times(&widened)?;
            if let Some((_, other)) = others.next_if(|(other, _)| *other == variable) {
                sum = sum.plus(&factor.times(other)?)?;
            }
            if !sum.is_zero() {
                merged.push((variable, sum));
            }
        }
        for (variable, other) in others {
            merged.push((*variable, factor.times(other)?));
        }
        self.terms = merged;
        self.denominator = self.denominator.times(&widened)?;
        self.reduce();
        Some(())
    }

    fn reduce(&mut self) {
        let mut common = self.denominator.clone();
        for (_, coefficient) in &self.terms {
            if common.is_one() {
                return;
            }
            common = common.gcd(coefficient);
        }
        self.denominator = self.denominator.clone() / common.clone();
        for (_, coefficient) in &mut self.terms {
            *coefficient = coefficient.clone() / common.clone();
        }
    }

    /// Computes the sum again, and whether the variable is out of bounds.
    pub(super) fn add_up(&mut self, resting: &[i64], limits: &Limits) -> Option<()> {
        self.sum = T::zero();
        for (variable, coefficient) in self.terms.iter().filter(|(variable, _)| resting[*variable] != 0) {
            self.sum = self.sum.plus(&coefficient.times(&resting[*variable].into())?)?;
        }
        let low: T = limits.low(self.variable).into();
        let is_above = match limits.high(self.variable) {
            Some(high) => self.sum > self.denominator.times(&high.into())?,
            None => false,
        };
        self.violated = if self.sum < self.denominator.times(&low)? {
            Some(BoundSide::Low)
        } else {
            is_above.then_some(BoundSide::High)
        };
        Some(())
    }
}
