//! Decides whether linear inequalities over variables that are never negative can all hold, and if not, which of them
//! contradict each other. The result is exact. This module knows nothing about claims.
//!
//! It is the simplex method as described by Dutertre and de Moura ("A Fast Linear-Arithmetic Solver for DPLL(T)",
//! 2006). Each row's sum is an additional variable. An equation expresses each *basic* variable by nonbasic
//! ones, and each nonbasic variable has the value of one of its bounds. If a basic variable is out of bounds, it is
//! exchanged for a nonbasic one that can still change (a pivot). If none can, the equation is a contradiction, and
//! its bounds and rows are the conflict.
//!
//! Bounds are integers, so each equation needs only one denominator and no fractions. A row becomes an equation only
//! when the current values violate it, and most rows never do. A pivot visits only the equations and rows that it
//! changes. The solver stops when its budget is used up.

mod equation;

use std::collections::BTreeSet;

use num_bigint::BigInt;

use super::work::WorkBudget;
use equation::{CheckedInteger, Equation};
use gainsay_reading::figure::OPEN;

/// A bound of a variable.
#[derive(Clone, Debug)]
pub(super) struct VariableBound {
    /// The variable, below [`LinearProblem::variables`].
    pub variable: u32,
    /// Whether it is a lowest value. Otherwise it is a highest value.
    pub is_low: bool,
    /// The value, in thousandths. A highest value of [`OPEN`] means no limit.
    pub value: i64,
}

/// A linear inequality: the sum of variables times coefficients is not negative.
#[derive(Clone, Debug)]
pub(super) struct LinearRow {
    /// Variables below [`LinearProblem::variables`] and their coefficients, in any order.
    pub terms: Vec<(u32, i64)>,
}

/// The inequalities to test. All variables are at least zero.
#[derive(Clone, Debug)]
pub(super) struct LinearProblem {
    pub variables: usize,
    pub bounds: Vec<VariableBound>,
    pub rows: Vec<LinearRow>,
}

/// The result for a problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Outcome<Times = u128> {
    /// Some values satisfy all bounds and rows.
    Feasible,
    /// These bounds and rows, given by sorted indexes, cannot all hold. If each is multiplied by its factor and all
    /// are added up, a sum of variables that are not negative would be negative. The factors have no common divisor
    /// and are capped at `u128::MAX`. Of equally tight bounds, the first is named. This sum needs all of them, but a
    /// different sum may need fewer.
    Infeasible { bounds: Vec<(usize, Times)>, rows: Vec<(usize, Times)> },
    /// The limit of pivots or the budget was reached.
    Unfinished,
}

/// The reason why a problem was not decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum SimplexStop {
    /// A number is too large for its type.
    Overflow,
    /// The budget is used up, or the equations have more than [`MAX_DIGITS`] digits.
    OutOfWork,
}

/// The highest number of 64-bit digits in all equations. It limits memory.
const MAX_DIGITS: usize = 1 << 20;

/// Decides a problem within a number of pivots and the remaining budget.
pub(super) fn solve(problem: &LinearProblem, pivots: usize, work: &WorkBudget) -> Outcome {
    let limits = Limits::new(problem);
    let decided = match Tableau::<i128>::new(problem, &limits, work).decide(pivots) {
        // A `BigInt` has no limit.
        Err(SimplexStop::Overflow) => {
            Tableau::<BigInt>::new(problem, &limits, work).decide(pivots).map(saturated)
        }
        decided => decided.map(saturated),
    };
    decided.unwrap_or(Outcome::Unfinished)
}

/// Caps the numbers of an outcome at `u128::MAX`.
fn saturated<T: CheckedInteger>(outcome: Outcome<T>) -> Outcome {
    let fitted = |reasons: Vec<(usize, T)>| {
        reasons.into_iter().map(|(at, times)| (at, CheckedInteger::magnitude(&times))).collect()
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

/// The source of a bound of a variable, as an index in the problem.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum BoundReason {
    Bound(usize),
    Row(usize),
}

/// The tightest bounds of each variable and their sources. Variables after those of the problem are the sums of rows.
struct Limits {
    /// The index is `None` if no bound is tighter than zero.
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

    /// The source of a bound. There is none for the fact that a variable is not negative.
    fn reason(&self, variable: usize, side: BoundSide) -> Option<BoundReason> {
        match (side, variable.checked_sub(self.low.len())) {
            (BoundSide::Low, Some(row)) => Some(BoundReason::Row(row)),
            (BoundSide::High, Some(_)) => None,
            (BoundSide::Low, None) => self.low[variable].1.map(BoundReason::Bound),
            (BoundSide::High, None) => self.high[variable].map(|(_, bound)| BoundReason::Bound(bound)),
        }
    }

    /// The conflict of the first variable whose lowest value is above its highest value.
    fn crossed<T: CheckedInteger>(&self) -> Option<Outcome<T>> {
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

/// The equations and the current value of every variable.
struct Tableau<'a, T> {
    problem: &'a LinearProblem,
    limits: &'a Limits,
    work: &'a WorkBudget,
    /// For each variable, its value while it is nonbasic: one of its bounds.
    resting: Vec<i64>,
    equations: Vec<Equation<T>>,
    /// For each basic variable, the index of its equation.
    equation_of: Vec<Option<usize>>,
    /// The number of equations that have each variable as a term.
    mentions: Vec<usize>,
    /// The equations that have or had each variable as a term. Some are listed more than once.
    columns: Vec<Vec<u32>>,
    /// The basic variables that are out of bounds, sorted by the number of terms of their equations.
    out_of_bounds: BTreeSet<(usize, usize)>,
    /// The same variables, sorted by number.
    out_of_bounds_by_variable: BTreeSet<usize>,
    /// The rows of each variable.
    rows_of: Vec<Vec<u32>>,
    /// The number of 64-bit digits in all equations.
    digits: usize,
    /// The rows that are not equations yet and may be violated.
    unchecked: BTreeSet<usize>,
    /// For each row, whether it is an equation.
    is_equation: Vec<bool>,
    /// The number of pivots that prefer short equations. After that, Bland's rule is used.
    sparse_pivots: usize,
}

impl<'a, T: CheckedInteger> Tableau<'a, T> {
    /// The start: all variables have their lowest value, and no row is checked yet.
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
            equation_of: vec![None; variables],
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

    /// Searches for values that satisfy everything. The first pivots are those that add the fewest terms, because
    /// long equations take time and have large numbers. Such pivots can repeat forever. Bland's rule (the first
    /// variable out of bounds, and the first that can change) prevents that.
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

    /// Turns violated rows into equations. Returns whether there were any.
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

    /// The current value of a variable, as numerator and denominator.
    fn value(&self, variable: usize) -> (T, T) {
        match self.equation_of[variable].map(|at| &self.equations[at]) {
            Some(equation) => (equation.sum.clone(), equation.denominator.clone()),
            None => (self.resting[variable].into(), T::one()),
        }
    }

    /// Turns a row into an equation. Its sum becomes a basic variable.
    fn add_equation(&mut self, row: usize) -> Result<(), SimplexStop> {
        let mut equation = Equation::from_row(&self.problem.rows[row], self.problem.variables + row)
            .ok_or(SimplexStop::Overflow)?;
        for (variable, _) in &self.problem.rows[row].terms {
            let variable = *variable as usize;
            if let (Some(at), Some(place)) = (self.equation_of[variable], equation.place(variable)) {
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
        self.equation_of[equation.variable] = Some(at);
        self.mark_out_of_bounds(&equation);
        self.digits += equation.digits();
        self.equations.push(equation);
        self.check_memory()
    }

    fn check_memory(&self) -> Result<(), SimplexStop> {
        if self.digits > MAX_DIGITS { Err(SimplexStop::OutOfWork) } else { Ok(()) }
    }

    fn mark_out_of_bounds(&mut self, equation: &Equation<T>) {
        if equation.violated.is_some() {
            self.out_of_bounds.insert((equation.terms.len(), equation.variable));
            self.out_of_bounds_by_variable.insert(equation.variable);
        }
    }

    fn unmark_out_of_bounds(&mut self, equation: &Equation<T>) {
        if equation.violated.is_some() {
            self.out_of_bounds.remove(&(equation.terms.len(), equation.variable));
            self.out_of_bounds_by_variable.remove(&equation.variable);
        }
    }

    /// The equation to fix next: the shortest one whose variable is out of bounds, or the one of the first such
    /// variable.
    fn next_out_of_bounds(&self, sparse_pivots: bool) -> Option<(usize, BoundSide)> {
        let shortest = self.out_of_bounds.first().map(|(_, variable)| *variable);
        let variable =
            if sparse_pivots { shortest } else { self.out_of_bounds_by_variable.first().copied() }?;
        let at = self.equation_of[variable]?;
        Some((at, self.equations[at].violated?))
    }

    /// The position of a term that can move the sum back towards the bound. The variable in the fewest equations is
    /// chosen, or the first.
    fn entering_term(&self, at: usize, violated: BoundSide, sparse_pivots: bool) -> Option<usize> {
        let terms = self.equations[at].terms.iter().enumerate();
        let giving = terms.filter(|(_, (variable, coefficient))| {
            let resting = self.resting[*variable];
            match blocking_side(coefficient, violated) {
                BoundSide::High => self.limits.high(*variable).is_none_or(|high| resting < high),
                BoundSide::Low => resting > self.limits.low(*variable),
            }
        });
        let rank = |variable: usize| if sparse_pivots { self.mentions[variable] } else { 0 };
        giving.min_by_key(|(_, (variable, _))| rank(*variable)).map(|(place, _)| place)
    }

    /// Makes the variable of an equation nonbasic, with the bound that it violates as its value. The variable at
    /// `place` becomes basic.
    fn pivot(&mut self, at: usize, place: usize, violated: BoundSide) -> Result<(), SimplexStop> {
        let mut pivoted = std::mem::replace(&mut self.equations[at], Equation::empty());
        self.spend(pivoted.terms.len())?;
        self.unmark_out_of_bounds(&pivoted);
        let leaving = pivoted.variable;
        self.equation_of[leaving] = None;
        self.resting[leaving] = match violated {
            BoundSide::Low => self.limits.low(leaving),
            BoundSide::High => self.limits.high(leaving).unwrap_or(OPEN), // a violated bound exists
        };
        self.mentions[pivoted.terms[place].0] -= 1;
        self.mentions[leaving] += 1;
        self.digits -= pivoted.digits();
        pivoted.solve_for(place);
        self.digits += pivoted.digits();
        pivoted.add_up(&self.resting, self.limits).ok_or(SimplexStop::Overflow)?;
        self.columns[leaving].push(at as u32);
        self.equation_of[pivoted.variable] = Some(at);
        self.recheck_rows_of(leaving);
        self.recheck_rows_of(pivoted.variable);
        for other in std::mem::take(&mut self.columns[pivoted.variable]) {
            if other as usize != at {
                self.substitute_into(other, &pivoted)?;
            }
        }
        self.mark_out_of_bounds(&pivoted);
        self.equations[at] = pivoted;
        Ok(())
    }

    /// Substitutes an equation into another one.
    fn substitute_into(&mut self, other: u32, pivoted: &Equation<T>) -> Result<(), SimplexStop> {
        let mut equation = std::mem::replace(&mut self.equations[other as usize], Equation::empty());
        if let Some(place) = equation.place(pivoted.variable) {
            self.spend(equation.steps_to_substitute(pivoted))?;
            self.unmark_out_of_bounds(&equation);
            for (variable, _) in &pivoted.terms {
                if equation.place(*variable).is_none() {
                    self.columns[*variable].push(other);
                }
            }
            equation.terms.iter().for_each(|(variable, _)| self.mentions[*variable] -= 1);
            self.digits -= equation.digits();
            equation.substitute(place, pivoted).ok_or(SimplexStop::Overflow)?;
            self.digits += equation.digits();
            equation.terms.iter().for_each(|(variable, _)| self.mentions[*variable] += 1);
            equation.add_up(&self.resting, self.limits).ok_or(SimplexStop::Overflow)?;
            self.mark_out_of_bounds(&equation);
            self.recheck_rows_of(equation.variable);
        }
        self.equations[other as usize] = equation;
        self.check_memory()
    }

    /// Marks the rows of a variable to be checked again, because its value has changed.
    fn recheck_rows_of(&mut self, variable: usize) {
        let rows = self.rows_of.get(variable).into_iter().flatten().map(|&row| row as usize);
        self.unchecked.extend(rows.filter(|&row| !self.is_equation[row]));
    }

    /// The conflict of an equation in which no term can change: the violated bound, and the bound of each term.
    fn clash(&self, at: usize, violated: BoundSide) -> Outcome<T> {
        let Equation { variable, denominator, terms, .. } = &self.equations[at];
        let own = self.limits.reason(*variable, violated).map(|reason| (reason, denominator));
        let others = terms.iter().filter_map(|(variable, coefficient)| {
            let reason = self.limits.reason(*variable, blocking_side(coefficient, violated))?;
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

/// The side on which the bound of a term stops the sum from moving back.
fn blocking_side<T: CheckedInteger>(coefficient: &T, violated: BoundSide) -> BoundSide {
    if coefficient.is_negative() == (violated == BoundSide::Low) { BoundSide::Low } else { BoundSide::High }
}

#[cfg(test)]
mod tests;
