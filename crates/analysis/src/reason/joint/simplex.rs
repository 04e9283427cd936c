//! Whether linear constraints over variables that are never negative can hold together, and if not, which of
//! them are to blame. Exact; knows nothing of claims.
//!
//! The simplex method in the form of Dutertre and de Moura ("A Fast Linear-Arithmetic Solver for DPLL(T)",
//! 2006). The variables are the variables and the sum of each row. A *basic* variable is given by an equation over
//! the others; each of the others rests at one of its bounds. A basic variable beyond an bound changes places with
//! another that can give way; where none can, that equation is a contradiction and names its reasons.
//!
//! Ends are whole numbers, so whatever rests is whole, and an equation needs one denominator and no fractions.
//! A row becomes an equation only when the point reached breaks it: most never do. A pivot looks only at the equations
//! and rows that it touches, and stops when the work it may spend is spent.

mod equation;

use std::collections::BTreeSet;

use num_bigint::BigInt;

use super::work::WorkBudget;
use equation::{Equation, Whole};
use gainsay_reading::figure::OPEN;

/// One bound of what a variable may be.
#[derive(Clone, Debug)]
pub(super) struct VariableBound {
    /// The variable, below [`LinearProblem::variables`].
    pub variable: u32,
    /// Whether it is a least value, else it is a greatest.
    pub is_low: bool,
    /// In thousandths. An open greatest value bounds nothing.
    pub value: i64,
}

/// A sum of variables, each times its coefficient, that is not negative.
#[derive(Clone, Debug)]
pub(super) struct LinearRow {
    /// Cells, below [`LinearProblem::variables`], and their coefficients; in any order.
    pub terms: Vec<(u32, i64)>,
}

/// What is to hold together, of variables none of which is negative.
#[derive(Clone, Debug)]
pub(super) struct LinearProblem {
    pub variables: usize,
    pub bounds: Vec<VariableBound>,
    pub rows: Vec<LinearRow>,
}

/// What came of a problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Outcome<Times = u128> {
    /// Some values meet everything.
    Feasible,
    /// These bounds and rows, by their places in the problem and in that order, cannot all hold. Added up, each
    /// as often as told, they leave variables that are not negative a negative sum; the numbers have no common
    /// divisor, and stop at `u128::MAX`. Of bounds equally tight the first is named. Without any one of them
    /// that same sum proves nothing; another may.
    Infeasible { bounds: Vec<(usize, Times)>, rows: Vec<(usize, Times)> },
    /// It would have taken more pivots, or more work than is left.
    Unfinished,
}

/// Why a problem was not decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum SimplexStop {
    /// A number has outgrown its type.
    Overflow,
    /// No work is left, or the equations hold more than [`MAX_DIGITS`].
    OutOfWork,
}

/// The equations hold at most so many 64-bit digits: a limit on memory.
const MAX_DIGITS: usize = 1 << 20;

/// Decides a problem within a number of pivots and the work that is left.
pub(super) fn solve(problem: &LinearProblem, pivots: usize, work: &WorkBudget) -> Outcome {
    let limits = Limits::new(problem);
    let decided = match Tableau::<i128>::new(problem, &limits, work).decide(pivots) {
        // A `BigInt` holds any number.
        Err(SimplexStop::Overflow) => {
            Tableau::<BigInt>::new(problem, &limits, work).decide(pivots).map(saturated)
        }
        decided => decided.map(saturated),
    };
    decided.unwrap_or(Outcome::Unfinished)
}

/// An outcome with its numbers as far as they fit.
fn saturated<T: Whole>(outcome: Outcome<T>) -> Outcome {
    let fitted = |reasons: Vec<(usize, T)>| {
        reasons.into_iter().map(|(at, times)| (at, Whole::magnitude(&times))).collect()
    };
    match outcome {
        Outcome::Feasible => Outcome::Feasible,
        Outcome::Infeasible { bounds, rows } => {
            Outcome::Infeasible { bounds: fitted(bounds), rows: fitted(rows) }
        }
        Outcome::Unfinished => Outcome::Unfinished,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum BoundSide {
    Low,
    High,
}

/// What makes an bound of an variable hold, by its place in the problem.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum BoundReason {
    Bound(usize),
    Row(usize),
}

/// The tightest bounds of each variable and what they are from. Unknowns past the variables are the sums of rows.
struct Limits {
    /// From no bound where the variable may be nothing.
    low: Vec<(i64, Option<usize>)>,
    high: Vec<Option<(i64, usize)>>,
}

impl Limits {
    fn new(problem: &LinearProblem) -> Self {
        let mut low = vec![(0, None); problem.variables];
        let mut high: Vec<Option<(i64, usize)>> = vec![None; problem.variables];
        for (at, bound) in problem.bounds.iter().enumerate() {
            let variable = bound.variable as usize;
            if bound.is_low && bound.value > low[variable].0 {
                low[variable] = (bound.value, Some(at));
            } else if !bound.is_low && bound.value < high[variable].map_or(OPEN, |(value, _)| value) {
                high[variable] = Some((bound.value, at));
            }
        }
        Self { low, high }
    }

    fn low(&self, variable: usize) -> i64 {
        self.low.get(variable).map_or(0, |&(value, _)| value)
    }

    fn high(&self, variable: usize) -> Option<i64> {
        self.high.get(variable).copied().flatten().map(|(value, _)| value)
    }

    /// What an bound is from. Nothing makes a variable not negative: it is.
    fn reason(&self, variable: usize, side: BoundSide) -> Option<BoundReason> {
        match (side, variable.checked_sub(self.low.len())) {
            (BoundSide::Low, Some(row)) => Some(BoundReason::Row(row)),
            (BoundSide::High, Some(_)) => None,
            (BoundSide::Low, None) => self.low[variable].1.map(BoundReason::Bound),
            (BoundSide::High, None) => self.high[variable].map(|(_, bound)| BoundReason::Bound(bound)),
        }
    }

    /// The clash of the first variable whose least value is above its greatest.
    fn crossed<T: Whole>(&self) -> Option<Outcome<T>> {
        let mut bounds = self.low.iter().zip(&self.high);
        let (below, above) = bounds.find_map(|(&(low, below), high)| {
            high.filter(|&(high, _)| high < low).map(|(_, above)| (below, above))
        })?;
        let mut bounds: Vec<(usize, T)> =
            below.into_iter().chain([above]).map(|bound| (bound, T::one())).collect();
        bounds.sort_unstable_by_key(|(bound, _)| *bound);
        Some(Outcome::Infeasible { bounds, rows: Vec::new() })
    }
}

/// The equations, and the current value of every variable.
struct Tableau<'a, T> {
    problem: &'a LinearProblem,
    limits: &'a Limits,
    work: &'a WorkBudget,
    /// For each variable its value while it rests, which is one of its bounds.
    resting: Vec<i64>,
    equations: Vec<Equation<T>>,
    /// For each variable the equation that gives it, while it is basic.
    given_by: Vec<Option<usize>>,
    /// For each variable in how many equations it is a term.
    mentions: Vec<usize>,
    /// For each variable the equations in which it is or was a term, some more than once.
    columns: Vec<Vec<u32>>,
    /// The basic variables beyond an bound, by the number of terms of their equations.
    out_of_bounds: BTreeSet<(usize, usize)>,
    /// The same by the variables alone.
    out_of_bounds_by_variable: BTreeSet<usize>,
    /// The rows of each variable.
    rows_of: Vec<Vec<u32>>,
    /// How many digits the equations hold.
    digits: usize,
    /// Rows that have not become equations yet, and may be broken.
    unchecked: BTreeSet<usize>,
    /// For each row whether it is an equation.
    is_equation: Vec<bool>,
    /// The pivots after which Bland's rule is followed.
    sparse_pivots: usize,
}

impl<'a, T: Whole> Tableau<'a, T> {
    /// All variables at their low bounds, no row looked at.
    fn new(problem: &'a LinearProblem, limits: &'a Limits, work: &'a WorkBudget) -> Self {
        let variables = problem.variables + problem.rows.len();
        let resting = (0..variables).map(|variable| limits.low(variable)).collect();
        let mut rows_of = vec![Vec::new(); problem.variables];
        for (at, row) in problem.rows.iter().enumerate() {
            row.terms.iter().for_each(|&(variable, _)| rows_of[variable as usize].push(at as u32));
        }
        Self {
            problem,
            limits,
            work,
            resting,
            equations: Vec::new(),
            given_by: vec![None; variables],
            mentions: vec![0; variables],
            columns: vec![Vec::new(); variables],
            out_of_bounds: BTreeSet::new(),
            out_of_bounds_by_variable: BTreeSet::new(),
            rows_of,
            digits: 0,
            unchecked: (0..problem.rows.len()).collect(),
            is_equation: vec![false; problem.rows.len()],
            sparse_pivots: 2 * variables,
        }
    }

    /// Looks for values that meet everything. At first the pivots are those that write the fewest terms, for
    /// equations that fill up cost time and grow large numbers. That may go in circles; by Bland's rule, the
    /// first variable beyond an bound and the first that can give way, no state comes back.
    fn decide(&mut self, pivots: usize) -> Result<Outcome<T>, SimplexStop> {
        self.spend(self.problem.variables + self.problem.bounds.len())?;
        if let Some(crossed) = self.limits.crossed() {
            return Ok(crossed);
        }
        let mut done = 0;
        while self.add_broken_rows()? {
            while let Some((at, side)) = self.next_out_of_bounds(done < self.sparse_pivots) {
                let Some(place) = self.entering_term(at, side, done < self.sparse_pivots) else {
                    return Ok(self.clash(at, side));
                };
                if done == pivots {
                    return Ok(Outcome::Unfinished);
                }
                self.pivot(at, place, side)?;
                done += 1;
            }
        }
        Ok(Outcome::Feasible)
    }

    fn spend(&self, steps: usize) -> Result<(), SimplexStop> {
        self.work.spend(steps).ok_or(SimplexStop::OutOfWork)
    }

    /// Moves the rows that are broken here among the equations. Returns whether there were any.
    fn add_broken_rows(&mut self) -> Result<bool, SimplexStop> {
        let before = self.equations.len();
        for row in std::mem::take(&mut self.unchecked) {
            if !self.is_equation[row] && self.is_broken(&self.problem.rows[row])? {
                self.add_equation(row)?;
            }
        }
        Ok(self.equations.len() > before)
    }

    fn is_broken(&self, row: &LinearRow) -> Result<bool, SimplexStop> {
        self.spend(row.terms.len())?;
        let (mut sum, mut denominator) = (T::zero(), T::one());
        for &(variable, coefficient) in &row.terms {
            let (value, of) = self.value(variable as usize);
            let common = denominator.gcd(&of);
            let (widened, share) = (of / common.clone(), denominator.clone() / common);
            let own = value
                .times(&coefficient.into())
                .and_then(|own| own.times(&share))
                .ok_or(SimplexStop::Overflow)?;
            sum = sum.times(&widened).and_then(|sum| sum.plus(&own)).ok_or(SimplexStop::Overflow)?;
            denominator = denominator.times(&widened).ok_or(SimplexStop::Overflow)?;
        }
        Ok(sum.is_negative())
    }

    /// The current value of an variable: a number and its denominator.
    fn value(&self, variable: usize) -> (T, T) {
        match self.given_by[variable].map(|at| &self.equations[at]) {
            Some(equation) => (equation.sum.clone(), equation.denominator.clone()),
            None => (self.resting[variable].into(), T::one()),
        }
    }

    /// Makes an equation of a row, whose sum is one more basic variable.
    fn add_equation(&mut self, row: usize) -> Result<(), SimplexStop> {
        let mut equation = Equation::from_row(&self.problem.rows[row], self.problem.variables + row)
            .ok_or(SimplexStop::Overflow)?;
        for (variable, _) in &self.problem.rows[row].terms {
            let variable = *variable as usize;
            if let (Some(at), Some(place)) = (self.given_by[variable], equation.place(variable)) {
                self.spend(equation.steps_to_substitute(&self.equations[at]))?;
                equation.substitute(place, &self.equations[at]).ok_or(SimplexStop::Overflow)?;
            }
        }
        equation.add_up(&self.resting, self.limits).ok_or(SimplexStop::Overflow)?;
        self.is_equation[row] = true;
        let at = self.equations.len();
        for (variable, _) in &equation.terms {
            self.mentions[*variable] += 1;
            self.columns[*variable].push(at as u32);
        }
        self.given_by[equation.variable] = Some(at);
        self.mark_out_of_bounds(&equation);
        self.digits += equation.digits();
        self.equations.push(equation);
        self.check_memory()
    }

    fn check_memory(&self) -> Result<(), SimplexStop> {
        if self.digits > MAX_DIGITS { Err(SimplexStop::OutOfWork) } else { Ok(()) }
    }

    fn mark_out_of_bounds(&mut self, equation: &Equation<T>) {
        if equation.passed.is_some() {
            self.out_of_bounds.insert((equation.terms.len(), equation.variable));
            self.out_of_bounds_by_variable.insert(equation.variable);
        }
    }

    fn unmark_out_of_bounds(&mut self, equation: &Equation<T>) {
        if equation.passed.is_some() {
            self.out_of_bounds.remove(&(equation.terms.len(), equation.variable));
            self.out_of_bounds_by_variable.remove(&equation.variable);
        }
    }

    /// The equation to mend next: of those whose variable is beyond an bound the shortest, or the first variable's.
    fn next_out_of_bounds(&self, sparse_pivots: bool) -> Option<(usize, BoundSide)> {
        let shortest = self.out_of_bounds.first().map(|(_, variable)| *variable);
        let variable =
            if sparse_pivots { shortest } else { self.out_of_bounds_by_variable.first().copied() }?;
        let at = self.given_by[variable]?;
        Some((at, self.equations[at].passed?))
    }

    /// The place of a term whose variable can move the sum back towards the bound that was passed: the one in
    /// the fewest equations, or the first.
    fn entering_term(&self, at: usize, passed: BoundSide, sparse_pivots: bool) -> Option<usize> {
        let terms = self.equations[at].terms.iter().enumerate();
        let giving = terms.filter(|(_, (variable, coefficient))| {
            let resting = self.resting[*variable];
            match blocking_side(coefficient, passed) {
                BoundSide::High => self.limits.high(*variable).is_none_or(|high| resting < high),
                BoundSide::Low => resting > self.limits.low(*variable),
            }
        });
        let rank = |variable: usize| if sparse_pivots { self.mentions[variable] } else { 0 };
        giving.min_by_key(|(_, (variable, _))| rank(*variable)).map(|(place, _)| place)
    }

    /// Sets the variable of an equation to rest at the bound it passed; the one at a place among its terms
    /// becomes basic.
    fn pivot(&mut self, at: usize, place: usize, passed: BoundSide) -> Result<(), SimplexStop> {
        let mut turned = std::mem::replace(&mut self.equations[at], Equation::empty());
        self.spend(turned.terms.len())?;
        self.unmark_out_of_bounds(&turned);
        let leaving = turned.variable;
        self.given_by[leaving] = None;
        self.resting[leaving] = match passed {
            BoundSide::Low => self.limits.low(leaving),
            BoundSide::High => self.limits.high(leaving).unwrap_or(OPEN), // an bound that was passed is there
        };
        self.mentions[turned.terms[place].0] -= 1;
        self.mentions[leaving] += 1;
        self.digits -= turned.digits();
        turned.solve_for(place);
        self.digits += turned.digits();
        turned.add_up(&self.resting, self.limits).ok_or(SimplexStop::Overflow)?;
        self.columns[leaving].push(at as u32);
        self.given_by[turned.variable] = Some(at);
        self.recheck_rows_of(leaving);
        self.recheck_rows_of(turned.variable);
        for other in std::mem::take(&mut self.columns[turned.variable]) {
            if other as usize != at {
                self.substitute_into(other, &turned)?;
            }
        }
        self.mark_out_of_bounds(&turned);
        self.equations[at] = turned;
        Ok(())
    }

    /// Puts an equation in the place of its variable in another one.
    fn substitute_into(&mut self, other: u32, turned: &Equation<T>) -> Result<(), SimplexStop> {
        let mut equation = std::mem::replace(&mut self.equations[other as usize], Equation::empty());
        if let Some(place) = equation.place(turned.variable) {
            self.spend(equation.steps_to_substitute(turned))?;
            self.unmark_out_of_bounds(&equation);
            for (variable, _) in &turned.terms {
                if equation.place(*variable).is_none() {
                    self.columns[*variable].push(other);
                }
            }
            equation.terms.iter().for_each(|(variable, _)| self.mentions[*variable] -= 1);
            self.digits -= equation.digits();
            equation.substitute(place, turned).ok_or(SimplexStop::Overflow)?;
            self.digits += equation.digits();
            equation.terms.iter().for_each(|(variable, _)| self.mentions[*variable] += 1);
            equation.add_up(&self.resting, self.limits).ok_or(SimplexStop::Overflow)?;
            self.mark_out_of_bounds(&equation);
            self.recheck_rows_of(equation.variable);
        }
        self.equations[other as usize] = equation;
        self.check_memory()
    }

    /// The rows of a variable that has another value have to be checked again.
    fn recheck_rows_of(&mut self, variable: usize) {
        let rows = self.rows_of.get(variable).into_iter().flatten().map(|&row| row as usize);
        self.unchecked.extend(rows.filter(|&row| !self.is_equation[row]));
    }

    /// The contradiction of an equation in which nothing can give way: the bound that was passed, against the
    /// bound at which each of the others stands.
    fn clash(&self, at: usize, passed: BoundSide) -> Outcome<T> {
        let Equation { variable, denominator, terms, .. } = &self.equations[at];
        let own = self.limits.reason(*variable, passed).map(|reason| (reason, denominator));
        let others = terms.iter().filter_map(|(variable, coefficient)| {
            let reason = self.limits.reason(*variable, blocking_side(coefficient, passed))?;
            Some((reason, coefficient))
        });
        let mut reasons: Vec<(BoundReason, &T)> = own.into_iter().chain(others).collect();
        reasons.sort_unstable_by_key(|(reason, _)| *reason);
        let common = reasons.iter().fold(T::zero(), |common, (_, coefficient)| common.gcd(coefficient));
        let (mut bounds, mut rows) = (Vec::new(), Vec::new());
        for (reason, coefficient) in reasons {
            let share = coefficient.clone() / common.clone();
            let times = if share.is_negative() { T::zero() - share } else { share };
            match reason {
                BoundReason::Bound(bound) => bounds.push((bound, times)),
                BoundReason::Row(row) => rows.push((row, times)),
            }
        }
        Outcome::Infeasible { bounds, rows }
    }
}

/// The bound of an variable beyond which it would have to go, for a sum to come back to the bound it passed.
fn blocking_side<T: Whole>(coefficient: &T, passed: BoundSide) -> BoundSide {
    if coefficient.is_negative() == (passed == BoundSide::Low) { BoundSide::Low } else { BoundSide::High }
}

#[cfg(test)]
mod tests;
