//! Whether linear constraints over unknowns that are never negative can hold together, and if not, which of
//! them are to blame. Exact; knows nothing of claims.
//!
//! The simplex method in the form of Dutertre and de Moura ("A Fast Linear-Arithmetic Solver for DPLL(T)",
//! 2006). The unknowns are the cells and the sum of each row. A *basic* unknown is given by an equation over
//! the others; each of the others rests at one of its ends. A basic unknown beyond an end changes places with
//! another that can give way; where none can, that equation is a contradiction and names its reasons.
//!
//! Ends are whole numbers, so whatever rests is whole, and an equation needs one denominator and no fractions.
//! A row enters only when the point reached breaks it: most never do.

use num_bigint::BigInt;
use num_integer::Integer;

use crate::figure::OPEN;

/// One end of what a cell may be.
#[derive(Clone, Debug)]
pub(super) struct End {
    /// The cell, below [`Problem::cells`].
    pub cell: u32,
    /// Whether it is a least value, else it is a greatest.
    pub is_low: bool,
    /// In thousandths. An open greatest value bounds nothing.
    pub value: i64,
}

/// A sum of cells, each times its coefficient, that is not negative.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Cells, below [`Problem::cells`], and their coefficients; in any order.
    pub terms: Vec<(u32, i64)>,
}

/// What is to hold together, of cells none of which is negative.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub cells: usize,
    pub ends: Vec<End>,
    pub rows: Vec<Row>,
}

/// What came of a problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Outcome<Times = u128> {
    /// Some values meet everything.
    Holds,
    /// These ends and rows, by their places in the problem and in that order, cannot all hold. Added up, each
    /// as often as told, they leave cells that are not negative a negative sum; the numbers have no common
    /// divisor, and stop at `u128::MAX`. Of ends equally tight the first is named. Without any one of them
    /// that same sum proves nothing; another may.
    Clashes { ends: Vec<(usize, Times)>, rows: Vec<(usize, Times)> },
    /// It would have taken more pivots.
    Unfinished,
}

/// Decides a problem within a number of pivots, each of which costs a step on every equation at worst.
pub(super) fn solve(problem: &Problem, pivots: usize) -> Outcome {
    let limits = Limits::of(problem);
    let small = Tableau::<i128>::new(problem, &limits).decide(pivots).map(told);
    small
        .or_else(|| Tableau::<BigInt>::new(problem, &limits).decide(pivots).map(told))
        .unwrap_or(Outcome::Unfinished) // not reached: a `BigInt` holds any number
}

fn told<T: Whole>(outcome: Outcome<T>) -> Outcome {
    let told = |reasons: Vec<(usize, T)>| {
        reasons.into_iter().map(|(at, times)| (at, Whole::magnitude(&times))).collect()
    };
    match outcome {
        Outcome::Holds => Outcome::Holds,
        Outcome::Clashes { ends, rows } => Outcome::Clashes { ends: told(ends), rows: told(rows) },
        Outcome::Unfinished => Outcome::Unfinished,
    }
}

/// Whole numbers of some size. What is `None` has outgrown it.
trait Whole: Integer + Clone + From<i64> {
    fn times(&self, factor: &Self) -> Option<Self>;
    fn plus(&self, other: &Self) -> Option<Self>;
    /// The number without its sign, as far as it fits.
    fn magnitude(&self) -> u128;

    fn is_negative(&self) -> bool {
        *self < Self::zero()
    }
}

/// The least number is left out, so that every number can change its sign.
impl Whole for i128 {
    fn times(&self, factor: &Self) -> Option<Self> {
        self.checked_mul(*factor).filter(|&product| product != Self::MIN)
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        self.checked_add(*other).filter(|&sum| sum != Self::MIN)
    }

    fn magnitude(&self) -> u128 {
        self.unsigned_abs()
    }
}

impl Whole for BigInt {
    fn times(&self, factor: &Self) -> Option<Self> {
        Some(self * factor)
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        Some(self + other)
    }

    fn magnitude(&self) -> u128 {
        u128::try_from(Self::magnitude(self)).unwrap_or(u128::MAX)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Low,
    High,
}

/// What makes an end of an unknown hold, by its place in the problem.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Reason {
    End(usize),
    Row(usize),
}

/// The tightest ends of each cell and what they are from. Unknowns past the cells are the sums of rows.
struct Limits {
    /// From no end where the cell may be nothing.
    low: Vec<(i64, Option<usize>)>,
    high: Vec<Option<(i64, usize)>>,
}

impl Limits {
    fn of(problem: &Problem) -> Self {
        let mut low = vec![(0, None); problem.cells];
        let mut high: Vec<Option<(i64, usize)>> = vec![None; problem.cells];
        for (at, end) in problem.ends.iter().enumerate() {
            let cell = end.cell as usize;
            if end.is_low && end.value > low[cell].0 {
                low[cell] = (end.value, Some(at));
            } else if !end.is_low && end.value < high[cell].map_or(OPEN, |(value, _)| value) {
                high[cell] = Some((end.value, at));
            }
        }
        Self { low, high }
    }

    fn low(&self, unknown: usize) -> i64 {
        self.low.get(unknown).map_or(0, |&(value, _)| value)
    }

    fn high(&self, unknown: usize) -> Option<i64> {
        self.high.get(unknown).copied().flatten().map(|(value, _)| value)
    }

    /// What an end is from. Nothing makes a cell not negative: it is.
    fn reason(&self, unknown: usize, side: Side) -> Option<Reason> {
        match (side, unknown.checked_sub(self.low.len())) {
            (Side::Low, Some(row)) => Some(Reason::Row(row)),
            (Side::High, Some(_)) => None,
            (Side::Low, None) => self.low[unknown].1.map(Reason::End),
            (Side::High, None) => self.high[unknown].map(|(_, end)| Reason::End(end)),
        }
    }

    /// The clash of the first cell whose least value is above its greatest.
    fn crossed<T: Whole>(&self) -> Option<Outcome<T>> {
        let mut ends = self.low.iter().zip(&self.high);
        let (below, above) = ends.find_map(|(&(low, below), high)| {
            high.filter(|&(high, _)| high < low).map(|(_, above)| (below, above))
        })?;
        let mut ends: Vec<(usize, T)> = below.into_iter().chain([above]).map(|end| (end, T::one())).collect();
        ends.sort_unstable_by_key(|(end, _)| *end);
        Some(Outcome::Clashes { ends, rows: Vec::new() })
    }
}

/// `denominator * unknown = sum of coefficient * other unknown`, without a common divisor.
#[derive(Debug)]
struct Equation<T> {
    unknown: usize,
    /// Positive.
    denominator: T,
    /// Unknowns at rest, ascending, and their coefficients; no coefficient is nought.
    terms: Vec<(usize, T)>,
    /// What the sum comes to.
    sum: T,
    /// The end that the unknown lies beyond.
    passed: Option<Side>,
}

impl<T: Whole> Equation<T> {
    /// The sum of a row, of cells that all rest.
    fn of(row: &Row, unknown: usize) -> Option<Self> {
        let mut terms: Vec<(usize, T)> =
            row.terms.iter().map(|&(cell, coefficient)| (cell as usize, coefficient.into())).collect();
        terms.sort_by_key(|(cell, _)| *cell);
        let mut merged: Vec<(usize, T)> = Vec::with_capacity(terms.len());
        for (cell, coefficient) in terms {
            match merged.last_mut() {
                Some((last, sum)) if *last == cell => *sum = sum.plus(&coefficient)?,
                _ => merged.push((cell, coefficient)),
            }
        }
        merged.retain(|(_, coefficient)| !coefficient.is_zero());
        Some(Self { unknown, denominator: T::one(), terms: merged, sum: T::zero(), passed: None })
    }

    fn place(&self, unknown: usize) -> Option<usize> {
        self.terms.binary_search_by_key(&unknown, |(unknown, _)| *unknown).ok()
    }

    /// Turns the equation round, so that it gives the unknown at a place among its terms.
    fn solve_for(&mut self, place: usize) {
        let (unknown, coefficient) = self.terms.remove(place);
        let former = std::mem::replace(&mut self.unknown, unknown);
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
        let place = self.terms.partition_point(|(unknown, _)| *unknown < former);
        self.terms.insert(place, (former, share));
    }

    /// Puts what another equation gives in the place of its unknown, which stands at a place among the terms.
    fn substitute(&mut self, place: usize, given: &Self) -> Option<()> {
        let (_, factor) = self.terms.remove(place);
        let common = factor.gcd(&given.denominator);
        let (factor, widened) = (factor / common.clone(), given.denominator.clone() / common);
        let mut merged = Vec::with_capacity(self.terms.len() + given.terms.len());
        let mut others = given.terms.iter().peekable();
        for (unknown, coefficient) in self.terms.drain(..) {
            while let Some((unknown, other)) = others.next_if(|(other, _)| *other < unknown) {
                merged.push((*unknown, factor.times(other)?));
            }
            let mut sum = coefficient.times(&widened)?;
            if let Some((_, other)) = others.next_if(|(other, _)| *other == unknown) {
                sum = sum.plus(&factor.times(other)?)?;
            }
            if !sum.is_zero() {
                merged.push((unknown, sum));
            }
        }
        for (unknown, other) in others {
            merged.push((*unknown, factor.times(other)?));
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

    /// Adds up anew, and sees whether the unknown lies between its ends.
    fn add_up(&mut self, resting: &[i64], limits: &Limits) -> Option<()> {
        self.sum = T::zero();
        for (unknown, coefficient) in self.terms.iter().filter(|(unknown, _)| resting[*unknown] != 0) {
            self.sum = self.sum.plus(&coefficient.times(&resting[*unknown].into())?)?;
        }
        let low: T = limits.low(self.unknown).into();
        let is_above = match limits.high(self.unknown) {
            Some(high) => self.sum > self.denominator.times(&high.into())?,
            None => false,
        };
        self.passed = if self.sum < self.denominator.times(&low)? {
            Some(Side::Low)
        } else {
            is_above.then_some(Side::High)
        };
        Some(())
    }
}

/// The equations, and where everything stands at the moment.
struct Tableau<'a, T> {
    problem: &'a Problem,
    limits: &'a Limits,
    /// For each unknown its value while it rests, which is one of its ends.
    resting: Vec<i64>,
    equations: Vec<Equation<T>>,
    /// For each unknown the equation that gives it, while it is basic.
    given_by: Vec<Option<usize>>,
}

impl<'a, T: Whole> Tableau<'a, T> {
    /// All cells at their low ends, no row looked at.
    fn new(problem: &'a Problem, limits: &'a Limits) -> Self {
        let unknowns = problem.cells + problem.rows.len();
        let resting = (0..unknowns).map(|unknown| limits.low(unknown)).collect();
        Self { problem, limits, resting, equations: Vec::new(), given_by: vec![None; unknowns] }
    }

    /// Looks for values that meet everything. By Bland's rule the first unknown beyond an end changes places
    /// with the first that can give way, so that no state comes back.
    fn decide(&mut self, pivots: usize) -> Option<Outcome<T>> {
        if let Some(crossed) = self.limits.crossed() {
            return Some(crossed);
        }
        let mut outside: Vec<usize> = (0..self.problem.rows.len()).collect();
        let mut left = pivots;
        while self.enter_broken(&mut outside)? {
            while let Some((at, side)) = self.first_passed() {
                let Some(place) = self.place_giving_way(at, side) else {
                    return Some(self.clash(at, side));
                };
                if left == 0 {
                    return Some(Outcome::Unfinished);
                }
                left -= 1;
                self.pivot(at, place, side)?;
            }
        }
        Some(Outcome::Holds)
    }

    /// Moves the rows that are broken here among the equations; whether there were any.
    fn enter_broken(&mut self, outside: &mut Vec<usize>) -> Option<bool> {
        let before = self.equations.len();
        for row in std::mem::take(outside) {
            if self.is_broken(&self.problem.rows[row])? {
                self.enter(row)?;
            } else {
                outside.push(row);
            }
        }
        Some(self.equations.len() > before)
    }

    fn is_broken(&self, row: &Row) -> Option<bool> {
        let (mut sum, mut denominator) = (T::zero(), T::one());
        for &(cell, coefficient) in &row.terms {
            let (value, of) = self.value(cell as usize);
            let common = denominator.gcd(&of);
            let (widened, share) = (of / common.clone(), denominator.clone() / common);
            let own = value.times(&coefficient.into())?.times(&share)?;
            sum = sum.times(&widened)?.plus(&own)?;
            denominator = denominator.times(&widened)?;
        }
        Some(sum.is_negative())
    }

    /// Where an unknown stands: a number and its denominator.
    fn value(&self, unknown: usize) -> (T, T) {
        match self.given_by[unknown].map(|at| &self.equations[at]) {
            Some(equation) => (equation.sum.clone(), equation.denominator.clone()),
            None => (self.resting[unknown].into(), T::one()),
        }
    }

    /// Makes an equation of a row, whose sum is one more basic unknown.
    fn enter(&mut self, row: usize) -> Option<()> {
        let mut equation = Equation::of(&self.problem.rows[row], self.problem.cells + row)?;
        for (cell, _) in &self.problem.rows[row].terms {
            let cell = *cell as usize;
            if let (Some(at), Some(place)) = (self.given_by[cell], equation.place(cell)) {
                equation.substitute(place, &self.equations[at])?;
            }
        }
        equation.add_up(&self.resting, self.limits)?;
        self.given_by[equation.unknown] = Some(self.equations.len());
        self.equations.push(equation);
        Some(())
    }

    fn first_passed(&self) -> Option<(usize, Side)> {
        let passed = self.equations.iter().enumerate().filter_map(|(at, equation)| {
            let side = equation.passed?;
            Some((equation.unknown, at, side))
        });
        passed.min_by_key(|(unknown, ..)| *unknown).map(|(_, at, side)| (at, side))
    }

    /// The first term whose unknown can move the sum back towards the end that was passed.
    fn place_giving_way(&self, at: usize, passed: Side) -> Option<usize> {
        self.equations[at].terms.iter().position(|(unknown, coefficient)| {
            match blocking(coefficient, passed) {
                Side::High => self.limits.high(*unknown).is_none_or(|high| self.resting[*unknown] < high),
                Side::Low => self.resting[*unknown] > self.limits.low(*unknown),
            }
        })
    }

    /// Sets the unknown of an equation to rest at the end it passed; the one at a place among its terms
    /// becomes basic.
    fn pivot(&mut self, at: usize, place: usize, passed: Side) -> Option<()> {
        let mut turned = self.equations.swap_remove(at);
        let leaving = turned.unknown;
        self.given_by[leaving] = None;
        self.resting[leaving] = match passed {
            Side::Low => self.limits.low(leaving),
            Side::High => self.limits.high(leaving)?,
        };
        turned.solve_for(place);
        turned.add_up(&self.resting, self.limits)?;
        for equation in &mut self.equations {
            if let Some(place) = equation.place(turned.unknown) {
                equation.substitute(place, &turned)?;
                equation.add_up(&self.resting, self.limits)?;
            }
        }
        if let Some(moved) = self.equations.get(at) {
            self.given_by[moved.unknown] = Some(at);
        }
        self.given_by[turned.unknown] = Some(self.equations.len());
        self.equations.push(turned);
        Some(())
    }

    /// The contradiction of an equation in which nothing can give way: the end that was passed, against the
    /// end at which each of the others stands.
    fn clash(&self, at: usize, passed: Side) -> Outcome<T> {
        let Equation { unknown, denominator, terms, .. } = &self.equations[at];
        let own = self.limits.reason(*unknown, passed).map(|reason| (reason, denominator));
        let others = terms.iter().filter_map(|(unknown, coefficient)| {
            let reason = self.limits.reason(*unknown, blocking(coefficient, passed))?;
            Some((reason, coefficient))
        });
        let mut reasons: Vec<(Reason, &T)> = own.into_iter().chain(others).collect();
        reasons.sort_unstable_by_key(|(reason, _)| *reason);
        let common = reasons.iter().fold(T::zero(), |common, (_, coefficient)| common.gcd(coefficient));
        let (mut ends, mut rows) = (Vec::new(), Vec::new());
        for (reason, coefficient) in reasons {
            let share = coefficient.clone() / common.clone();
            let times = if share.is_negative() { T::zero() - share } else { share };
            match reason {
                Reason::End(end) => ends.push((end, times)),
                Reason::Row(row) => rows.push((row, times)),
            }
        }
        Outcome::Clashes { ends, rows }
    }
}

/// The end of an unknown beyond which it would have to go, for a sum to come back to the end it passed.
fn blocking<T: Whole>(coefficient: &T, passed: Side) -> Side {
    if coefficient.is_negative() == (passed == Side::Low) { Side::Low } else { Side::High }
}

#[cfg(test)]
mod tests;
