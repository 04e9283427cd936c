//! Whether linear constraints over unknowns that are never negative can hold together, and if not, which of
//! them are to blame. Exact; knows nothing of claims.
//!
//! The simplex method in the form of Dutertre and de Moura ("A Fast Linear-Arithmetic Solver for DPLL(T)",
//! 2006). The unknowns are the cells and the sum of each row. A *basic* unknown is given by an equation over
//! the others; each of the others rests at one of its ends. A basic unknown beyond an end changes places with
//! another that can give way; where none can, that equation is a contradiction and names its reasons.
//!
//! Ends are whole numbers, so whatever rests is whole, and an equation needs one denominator and no fractions.
//! A row becomes an equation only when the point reached breaks it: most never do. A pivot looks only at the equations
//! and rows that it touches, and stops when the work it may spend is spent.

mod equation;

use std::collections::BTreeSet;

use num_bigint::BigInt;

use super::work::Work;
use equation::{Equation, Whole};
use gainsay_reading::figure::OPEN;

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
    /// It would have taken more pivots, or more work than is left.
    Unfinished,
}

/// Why a problem was not decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stop {
    /// A number has outgrown its type.
    Outgrown,
    /// No work is left, or the equations hold more than [`MAX_DIGITS`].
    OutOfWork,
}

/// The equations hold at most so many 64-bit digits: a limit on memory.
const MAX_DIGITS: usize = 1 << 20;

/// Decides a problem within a number of pivots and the work that is left.
pub(super) fn solve(problem: &Problem, pivots: usize, work: &Work) -> Outcome {
    let limits = Limits::of(problem);
    let decided = match Tableau::<i128>::new(problem, &limits, work).decide(pivots) {
        // A `BigInt` holds any number.
        Err(Stop::Outgrown) => Tableau::<BigInt>::new(problem, &limits, work).decide(pivots).map(told),
        decided => decided.map(told),
    };
    decided.unwrap_or(Outcome::Unfinished)
}

/// An outcome with its numbers as far as they fit.
fn told<T: Whole>(outcome: Outcome<T>) -> Outcome {
    let fitted = |reasons: Vec<(usize, T)>| {
        reasons.into_iter().map(|(at, times)| (at, Whole::magnitude(&times))).collect()
    };
    match outcome {
        Outcome::Holds => Outcome::Holds,
        Outcome::Clashes { ends, rows } => Outcome::Clashes { ends: fitted(ends), rows: fitted(rows) },
        Outcome::Unfinished => Outcome::Unfinished,
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

/// The equations, and the current value of every unknown.
struct Tableau<'a, T> {
    problem: &'a Problem,
    limits: &'a Limits,
    work: &'a Work,
    /// For each unknown its value while it rests, which is one of its ends.
    resting: Vec<i64>,
    equations: Vec<Equation<T>>,
    /// For each unknown the equation that gives it, while it is basic.
    given_by: Vec<Option<usize>>,
    /// For each unknown in how many equations it is a term.
    mentions: Vec<usize>,
    /// For each unknown the equations in which it is or was a term, some more than once.
    columns: Vec<Vec<u32>>,
    /// The basic unknowns beyond an end, by the number of terms of their equations.
    beyond: BTreeSet<(usize, usize)>,
    /// The same by the unknowns alone.
    beyond_by_unknown: BTreeSet<usize>,
    /// The rows of each cell.
    rows_of: Vec<Vec<u32>>,
    /// How many digits the equations hold.
    digits: usize,
    /// Rows that have not become equations yet, and may be broken.
    unchecked: BTreeSet<usize>,
    /// For each row whether it is an equation.
    is_entered: Vec<bool>,
    /// The pivots after which Bland's rule is followed.
    thrifty: usize,
}

impl<'a, T: Whole> Tableau<'a, T> {
    /// All cells at their low ends, no row looked at.
    fn new(problem: &'a Problem, limits: &'a Limits, work: &'a Work) -> Self {
        let unknowns = problem.cells + problem.rows.len();
        let resting = (0..unknowns).map(|unknown| limits.low(unknown)).collect();
        let mut rows_of = vec![Vec::new(); problem.cells];
        for (at, row) in problem.rows.iter().enumerate() {
            row.terms.iter().for_each(|&(cell, _)| rows_of[cell as usize].push(at as u32));
        }
        Self {
            problem,
            limits,
            work,
            resting,
            equations: Vec::new(),
            given_by: vec![None; unknowns],
            mentions: vec![0; unknowns],
            columns: vec![Vec::new(); unknowns],
            beyond: BTreeSet::new(),
            beyond_by_unknown: BTreeSet::new(),
            rows_of,
            digits: 0,
            unchecked: (0..problem.rows.len()).collect(),
            is_entered: vec![false; problem.rows.len()],
            thrifty: 2 * unknowns,
        }
    }

    /// Looks for values that meet everything. At first the pivots are those that write the fewest terms, for
    /// equations that fill up cost time and grow large numbers. That may go in circles; by Bland's rule, the
    /// first unknown beyond an end and the first that can give way, no state comes back.
    fn decide(&mut self, pivots: usize) -> Result<Outcome<T>, Stop> {
        self.spend(self.problem.cells + self.problem.ends.len())?;
        if let Some(crossed) = self.limits.crossed() {
            return Ok(crossed);
        }
        let mut done = 0;
        while self.enter_broken()? {
            while let Some((at, side)) = self.passed(done < self.thrifty) {
                let Some(place) = self.giving_way(at, side, done < self.thrifty) else {
                    return Ok(self.clash(at, side));
                };
                if done == pivots {
                    return Ok(Outcome::Unfinished);
                }
                self.pivot(at, place, side)?;
                done += 1;
            }
        }
        Ok(Outcome::Holds)
    }

    fn spend(&self, steps: usize) -> Result<(), Stop> {
        self.work.spend(steps).ok_or(Stop::OutOfWork)
    }

    /// Moves the rows that are broken here among the equations. Returns whether there were any.
    fn enter_broken(&mut self) -> Result<bool, Stop> {
        let before = self.equations.len();
        for row in std::mem::take(&mut self.unchecked) {
            if !self.is_entered[row] && self.is_broken(&self.problem.rows[row])? {
                self.enter(row)?;
            }
        }
        Ok(self.equations.len() > before)
    }

    fn is_broken(&self, row: &Row) -> Result<bool, Stop> {
        self.spend(row.terms.len())?;
        let (mut sum, mut denominator) = (T::zero(), T::one());
        for &(cell, coefficient) in &row.terms {
            let (value, of) = self.value(cell as usize);
            let common = denominator.gcd(&of);
            let (widened, share) = (of / common.clone(), denominator.clone() / common);
            let own =
                value.times(&coefficient.into()).and_then(|own| own.times(&share)).ok_or(Stop::Outgrown)?;
            sum = sum.times(&widened).and_then(|sum| sum.plus(&own)).ok_or(Stop::Outgrown)?;
            denominator = denominator.times(&widened).ok_or(Stop::Outgrown)?;
        }
        Ok(sum.is_negative())
    }

    /// The current value of an unknown: a number and its denominator.
    fn value(&self, unknown: usize) -> (T, T) {
        match self.given_by[unknown].map(|at| &self.equations[at]) {
            Some(equation) => (equation.sum.clone(), equation.denominator.clone()),
            None => (self.resting[unknown].into(), T::one()),
        }
    }

    /// Makes an equation of a row, whose sum is one more basic unknown.
    fn enter(&mut self, row: usize) -> Result<(), Stop> {
        let mut equation =
            Equation::of(&self.problem.rows[row], self.problem.cells + row).ok_or(Stop::Outgrown)?;
        for (cell, _) in &self.problem.rows[row].terms {
            let cell = *cell as usize;
            if let (Some(at), Some(place)) = (self.given_by[cell], equation.place(cell)) {
                self.spend(equation.steps_to_substitute(&self.equations[at]))?;
                equation.substitute(place, &self.equations[at]).ok_or(Stop::Outgrown)?;
            }
        }
        equation.add_up(&self.resting, self.limits).ok_or(Stop::Outgrown)?;
        self.is_entered[row] = true;
        let at = self.equations.len();
        for (unknown, _) in &equation.terms {
            self.mentions[*unknown] += 1;
            self.columns[*unknown].push(at as u32);
        }
        self.given_by[equation.unknown] = Some(at);
        self.note_beyond(&equation);
        self.digits += equation.digits();
        self.equations.push(equation);
        self.check_memory()
    }

    fn check_memory(&self) -> Result<(), Stop> {
        if self.digits > MAX_DIGITS { Err(Stop::OutOfWork) } else { Ok(()) }
    }

    fn note_beyond(&mut self, equation: &Equation<T>) {
        if equation.passed.is_some() {
            self.beyond.insert((equation.terms.len(), equation.unknown));
            self.beyond_by_unknown.insert(equation.unknown);
        }
    }

    fn forget_beyond(&mut self, equation: &Equation<T>) {
        if equation.passed.is_some() {
            self.beyond.remove(&(equation.terms.len(), equation.unknown));
            self.beyond_by_unknown.remove(&equation.unknown);
        }
    }

    /// The equation to mend next: of those whose unknown is beyond an end the shortest, or the first unknown's.
    fn passed(&self, thrifty: bool) -> Option<(usize, Side)> {
        let shortest = self.beyond.first().map(|(_, unknown)| *unknown);
        let unknown = if thrifty { shortest } else { self.beyond_by_unknown.first().copied() }?;
        let at = self.given_by[unknown]?;
        Some((at, self.equations[at].passed?))
    }

    /// The place of a term whose unknown can move the sum back towards the end that was passed: the one in
    /// the fewest equations, or the first.
    fn giving_way(&self, at: usize, passed: Side, thrifty: bool) -> Option<usize> {
        let terms = self.equations[at].terms.iter().enumerate();
        let giving = terms.filter(|(_, (unknown, coefficient))| {
            let resting = self.resting[*unknown];
            match blocking(coefficient, passed) {
                Side::High => self.limits.high(*unknown).is_none_or(|high| resting < high),
                Side::Low => resting > self.limits.low(*unknown),
            }
        });
        let rank = |unknown: usize| if thrifty { self.mentions[unknown] } else { 0 };
        giving.min_by_key(|(_, (unknown, _))| rank(*unknown)).map(|(place, _)| place)
    }

    /// Sets the unknown of an equation to rest at the end it passed; the one at a place among its terms
    /// becomes basic.
    fn pivot(&mut self, at: usize, place: usize, passed: Side) -> Result<(), Stop> {
        let mut turned = std::mem::replace(&mut self.equations[at], Equation::empty());
        self.spend(turned.terms.len())?;
        self.forget_beyond(&turned);
        let leaving = turned.unknown;
        self.given_by[leaving] = None;
        self.resting[leaving] = match passed {
            Side::Low => self.limits.low(leaving),
            Side::High => self.limits.high(leaving).unwrap_or(OPEN), // an end that was passed is there
        };
        self.mentions[turned.terms[place].0] -= 1;
        self.mentions[leaving] += 1;
        self.digits -= turned.digits();
        turned.solve_for(place);
        self.digits += turned.digits();
        turned.add_up(&self.resting, self.limits).ok_or(Stop::Outgrown)?;
        self.columns[leaving].push(at as u32);
        self.given_by[turned.unknown] = Some(at);
        self.note_moved(leaving);
        self.note_moved(turned.unknown);
        for other in std::mem::take(&mut self.columns[turned.unknown]) {
            if other as usize != at {
                self.put_in(other, &turned)?;
            }
        }
        self.note_beyond(&turned);
        self.equations[at] = turned;
        Ok(())
    }

    /// Puts an equation in the place of its unknown in another one.
    fn put_in(&mut self, other: u32, turned: &Equation<T>) -> Result<(), Stop> {
        let mut equation = std::mem::replace(&mut self.equations[other as usize], Equation::empty());
        if let Some(place) = equation.place(turned.unknown) {
            self.spend(equation.steps_to_substitute(turned))?;
            self.forget_beyond(&equation);
            for (unknown, _) in &turned.terms {
                if equation.place(*unknown).is_none() {
                    self.columns[*unknown].push(other);
                }
            }
            equation.terms.iter().for_each(|(unknown, _)| self.mentions[*unknown] -= 1);
            self.digits -= equation.digits();
            equation.substitute(place, turned).ok_or(Stop::Outgrown)?;
            self.digits += equation.digits();
            equation.terms.iter().for_each(|(unknown, _)| self.mentions[*unknown] += 1);
            equation.add_up(&self.resting, self.limits).ok_or(Stop::Outgrown)?;
            self.note_beyond(&equation);
            self.note_moved(equation.unknown);
        }
        self.equations[other as usize] = equation;
        self.check_memory()
    }

    /// The rows of a cell that has another value have to be checked again.
    fn note_moved(&mut self, unknown: usize) {
        let rows = self.rows_of.get(unknown).into_iter().flatten().map(|&row| row as usize);
        self.unchecked.extend(rows.filter(|&row| !self.is_entered[row]));
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
