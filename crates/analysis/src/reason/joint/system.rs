//! The linear system of a network: all constraints, shares and changes as rows over variables.
//!
//! A *variable* is a quantity on a day. Propagation of low bounds is exact only if nothing limits a whole from above
//! by its parts. With complete parts, shares, changes, or remainders that matter, the simplex method decides whether
//! the system can hold, and which claims are in conflict if it cannot.

use super::bounds::{Bound, Ratio};
use super::network::{Constraint, ConstraintKind, Entities, Network, QuantityKey, Relation};
use super::simplex::{self, Outcome};
use super::work::WorkBudget;
use gainsay_reading::figure::{OPEN, WHOLE};

/// A set of bounds and ratios, as indexes in the lists of a component.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct BoundSet {
    /// Indexes in the list of bounds, sorted.
    pub(super) bounds: Vec<u32>,
    /// Indexes in the list of ratios, sorted.
    pub(super) ratios: Vec<u32>,
}

impl BoundSet {
    /// All sets with one element less.
    pub(super) fn each_without_one(&self) -> impl Iterator<Item = Self> {
        let without_bound = (0..self.bounds.len()).map(|at| {
            let mut fewer = self.clone();
            fewer.bounds.remove(at);
            fewer
        });
        without_bound.chain((0..self.ratios.len()).map(|at| {
            let mut fewer = self.clone();
            fewer.ratios.remove(at);
            fewer
        }))
    }
}

/// The result of a test.
pub(super) enum Feasibility {
    /// They can hold.
    Feasible,
    /// They cannot all hold; this subset is enough to show it.
    Infeasible(InfeasibleSet),
    /// The limits of size or work were reached.
    Undecided,
}

/// A set that cannot hold. It is not always a smallest one.
#[derive(Clone, Debug, Default)]
pub(super) struct InfeasibleSet {
    /// The claims.
    pub(super) set: BoundSet,
    /// For each bound, how far it would have to change to end the conflict, rounded up.
    pub(super) relaxations: Vec<i64>,
    /// Whether the conflict follows from shares and changes alone, without other constraints.
    pub(super) by_ratios: bool,
}

/// The highest number of rows, and of pivots, in one exact test.
const MAX_ROWS: usize = 2000;
const MAX_PIVOTS: usize = 5000;

/// The highest number of variables for each quantity, bound and ratio, in addition to [`MAX_ROWS`]. Many tolls that
/// grow on many days produce many variables.
const MAX_VARIABLES_EACH: usize = 8;

/// The source of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RowOrigin {
    /// A constraint of the network.
    Constraint(u32),
    /// A toll never falls.
    Growth,
    /// A share or a change.
    Ratio(u32),
    /// A whole is the sum of its parts and its remainder, or the remainder of a whole compared with those of its
    /// parts.
    Remainder,
}

/// The rows and variables of a network.
pub(super) struct System {
    /// The days for which there are separate variables, sorted.
    days: Vec<i32>,
    /// For each quantity, its first variable and the number of its variables.
    first: Vec<(u32, u32)>,
    /// For each quantity, whether it changes over time.
    timed: Vec<bool>,
    /// For each remainder, its quantity and its first variable. These variables come after those of quantities.
    remainders: Vec<(u32, u32)>,
    pub(super) variables: usize,
    pub(super) rows: Vec<simplex::LinearRow>,
    pub(super) origins: Vec<RowOrigin>,
}

impl System {
    /// Builds the system for the days on which some bound or ratio holds. `None` if it is too large or the budget is
    /// not enough.
    pub(super) fn new(
        entities: &Entities<'_>,
        network: &Network,
        bounds: &[Bound],
        ratios: &[Ratio],
        remainders: bool,
        work: &WorkBudget,
    ) -> Option<Self> {
        let mut days: Vec<i32> = bounds.iter().filter(|bound| !bound.is_low).map(|bound| bound.day).collect();
        days.extend(ratios.iter().map(|ratio| ratio.day));
        days.push(i32::MAX);
        days.sort_unstable();
        days.dedup();
        let mut system = Self {
            days,
            first: Vec::new(),
            timed: Vec::new(),
            remainders: Vec::new(),
            variables: 0,
            rows: Vec::new(),
            origins: Vec::new(),
        };
        for &key in &network.quantities {
            let final_from = entities.final_from(key);
            // A toll has one variable for each day until it is final. Other quantities have one variable.
            let own = final_from.map_or(0, |final_from| system.days.partition_point(|&day| day < final_from))
                as u32
                + 1;
            system.timed.push(final_from.is_some());
            system.first.push((system.variables as u32, own));
            system.variables += own as usize;
        }
        let size = network.quantities.len() + bounds.len() + ratios.len();
        work.spend(system.steps_to_build(network, remainders).saturating_add(size))?;
        if system.variables > MAX_VARIABLES_EACH * size + MAX_ROWS {
            return None;
        }
        system.push_growth();
        for at in 0..network.constraints.len() {
            system.push_constraint(network, at);
        }
        for (at, ratio) in ratios.iter().enumerate() {
            system.push_ratio(at as u32, ratio);
        }
        if remainders {
            system.push_remainders(network);
        }
        Some(system)
    }

    /// A system with given rows, for tests.
    #[cfg(test)]
    pub(super) fn from_rows(
        variables: usize,
        rows: Vec<simplex::LinearRow>,
        origins: Vec<RowOrigin>,
    ) -> Self {
        Self {
            days: Vec::new(),
            first: Vec::new(),
            timed: Vec::new(),
            remainders: Vec::new(),
            variables,
            rows,
            origins,
        }
    }

    /// An upper limit of the number of terms in all rows.
    fn steps_to_build(&self, network: &Network, remainders: bool) -> usize {
        let days = |quantity: u32| self.first[quantity as usize].1 as usize;
        let terms = |constraint: &Constraint| {
            let parts = network.parts(constraint);
            let most = parts.iter().fold(days(constraint.whole), |most, &part| most.max(days(part)));
            (most + 1).saturating_mul(parts.len() + 2).saturating_mul(if remainders { 4 } else { 1 })
        };
        network.constraints.iter().map(terms).fold(2 * self.variables, usize::saturating_add)
    }

    /// Tests whether some bounds can hold.
    pub(super) fn test(&self, bounds: &[Bound], work: &WorkBudget) -> Feasibility {
        let bounds: Vec<simplex::VariableBound> = bounds.iter().map(|bound| self.bound(bound)).collect();
        let all: Vec<u32> = (0..bounds.len() as u32).collect();
        self.test_some(&bounds, &all, |_| true, work)
    }

    /// Tests whether some bounds, given by indexes, can hold with some of the rows.
    pub(super) fn test_some(
        &self,
        bounds: &[simplex::VariableBound],
        wanted: &[u32],
        is_wanted: impl Fn(usize) -> bool,
        work: &WorkBudget,
    ) -> Feasibility {
        let rows: Vec<usize> = (0..self.rows.len()).filter(|&row| is_wanted(row)).collect();
        if rows.len() > MAX_ROWS || work.spend(self.rows.len()).is_none() {
            return Feasibility::Undecided;
        }
        let problem = simplex::LinearProblem {
            variables: self.variables,
            bounds: wanted.iter().map(|&at| bounds[at as usize].clone()).collect(),
            rows: rows.iter().map(|&row| self.rows[row].clone()).collect(),
        };
        match simplex::solve(&problem, MAX_PIVOTS, work) {
            Outcome::Feasible => Feasibility::Feasible,
            Outcome::Unfinished => Feasibility::Undecided,
            Outcome::Infeasible { bounds, rows: reasons } => {
                let origins: Vec<RowOrigin> = reasons.iter().map(|&(at, _)| self.origins[rows[at]]).collect();
                let mut infeasible = infeasible_set(&problem.bounds, &bounds, &origins);
                infeasible.set.bounds.iter_mut().for_each(|at| *at = wanted[*at as usize]);
                Feasibility::Infeasible(infeasible)
            }
        }
    }

    /// A bound of a quantity as a bound of a variable.
    pub(super) fn bound(&self, bound: &Bound) -> simplex::VariableBound {
        let at = self.days.partition_point(|&day| day < bound.day);
        simplex::VariableBound {
            variable: self.variable(bound.quantity, at),
            is_low: bound.is_low,
            value: bound.value,
        }
    }

    /// The variable of a quantity on a day, given by the index of the day.
    fn variable(&self, quantity: u32, day: usize) -> u32 {
        let (first, days) = self.first[quantity as usize];
        first + (day as u32).min(days - 1)
    }

    /// The variable of the final value of a quantity.
    pub(super) fn final_variable(&self, quantity: u32) -> usize {
        let (first, days) = self.first[quantity as usize];
        (first + days - 1) as usize
    }

    /// The quantity of a variable, its day (`None` for the final value), and whether the variable is the remainder of
    /// that quantity.
    pub(super) fn quantity_of(&self, variable: u32) -> Option<(u32, Option<i32>, bool)> {
        let remainder = self.remainders.partition_point(|(_, first)| *first <= variable).checked_sub(1);
        let (quantity, from) = if let Some(at) = remainder {
            self.remainders[at]
        } else {
            let quantity = self.first.partition_point(|(first, _)| *first <= variable).checked_sub(1)?;
            (quantity as u32, self.first[quantity].0)
        };
        let (_, days) = self.first[quantity as usize];
        let day = variable - from;
        Some((quantity, (day + 1 < days).then(|| self.days[day as usize]), remainder.is_some()))
    }

    fn push(&mut self, terms: Vec<(u32, i64)>, origin: RowOrigin) {
        self.rows.push(simplex::LinearRow { terms });
        self.origins.push(origin);
    }

    fn push_growth(&mut self) {
        for quantity in 0..self.first.len() {
            let (first, days) = self.first[quantity];
            for day in 1..days {
                self.push(vec![(first + day, 1), (first + day - 1, -1)], RowOrigin::Growth);
            }
        }
    }

    /// Adds a constraint for each day on which its variables change.
    fn push_constraint(&mut self, network: &Network, at: usize) {
        let constraint = network.constraints[at];
        let parts = network.parts(&constraint);
        let last = self.days.len() - 1;
        // After its last day, a quantity has only one variable.
        let quantities = parts.iter().chain([&constraint.whole]);
        let own =
            quantities.map(|&quantity| self.first[quantity as usize].1 as usize).max().unwrap_or(1).min(last);
        let mut before: Option<Vec<u32>> = None;
        for day in (0..own).chain([last]) {
            let counts = |part: &u32| day == last || self.counts_by_day(*part, constraint.whole);
            let counted: Vec<u32> = parts.iter().copied().filter(counts).collect();
            let mut variables = vec![self.variable(constraint.whole, day)];
            variables.extend(counted.iter().map(|&part| self.variable(part, day)));
            if before.as_ref() == Some(&variables) || variables.len() == 1 {
                continue;
            }
            if constraint.relation != Relation::AtMost {
                self.push(signed(&variables, 1), RowOrigin::Constraint(at as u32));
            }
            if constraint.relation != Relation::AtLeast && counted.len() == parts.len() {
                self.push(signed(&variables, -1), RowOrigin::Constraint(at as u32));
            }
            before = Some(variables);
        }
    }

    /// Whether a part is included in its whole on every day. A quantity that does not change over time is included in
    /// a toll only when the toll is final.
    fn counts_by_day(&self, part: u32, whole: u32) -> bool {
        self.timed[part as usize] || !self.timed[whole as usize]
    }

    fn push_ratio(&mut self, at: u32, ratio: &Ratio) {
        let day = self.days.partition_point(|&day| day < ratio.day);
        let (own, base) = (self.variable(ratio.own, day), self.variable(ratio.base, day));
        if own == base {
            return;
        }
        self.push(vec![(own, WHOLE), (base, -ratio.low)], RowOrigin::Ratio(at));
        if ratio.high != OPEN {
            self.push(vec![(base, ratio.high), (own, -WHOLE)], RowOrigin::Ratio(at));
        }
    }

    /// Adds remainders: for each sum of populations, the part of the whole that its parts leave. A remainder is a
    /// population too, so the constraints between events and between measures hold for it.
    fn push_remainders(&mut self, network: &Network) {
        let mut remainders: Vec<(Remainder, u32)> = Vec::new();
        for constraint in
            network.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::Populations)
        {
            let remainder = Remainder::of(network, constraint);
            let (_, days) = self.first[constraint.whole as usize];
            let first = self.variables as u32;
            self.variables += days as usize;
            for day in 0..days {
                let mut terms = signed(&[self.first[constraint.whole as usize].0 + day], 1);
                terms.extend(
                    network.parts(constraint).iter().map(|&part| (self.variable(part, day as usize), -1)),
                );
                terms.push((first + day, -1));
                let back = terms.iter().map(|&(variable, times)| (variable, -times)).collect();
                self.push(terms, RowOrigin::Remainder);
                self.push(back, RowOrigin::Remainder);
            }
            self.remainders.push((constraint.whole, first));
            remainders.push((remainder, first));
        }
        remainders.sort_unstable();
        for constraint in
            network.constraints.iter().filter(|constraint| constraint.kind != ConstraintKind::Populations)
        {
            self.push_remainder_rows(network, constraint, &remainders);
        }
    }

    /// Adds a constraint for the remainders of its quantities.
    fn push_remainder_rows(
        &mut self,
        network: &Network,
        constraint: &Constraint,
        remainders: &[(Remainder, u32)],
    ) {
        let whole = network.quantities[constraint.whole as usize];
        let from = remainders.partition_point(|(remainder, _)| remainder.whole < whole);
        let own: Vec<&(Remainder, u32)> =
            remainders[from..].iter().take_while(|(remainder, _)| remainder.whole == whole).collect();
        for (remainder, first) in own {
            let of_part = |&part: &u32| {
                let of =
                    Remainder { whole: network.quantities[part as usize], parts: remainder.parts.clone() };
                remainders
                    .binary_search_by(|(known, _)| known.cmp(&of))
                    .ok()
                    .map(|at| (part, remainders[at].1))
            };
            let parts: Vec<(u32, u32)> = network.parts(constraint).iter().filter_map(of_part).collect();
            let days = self.first[constraint.whole as usize].1;
            for day in 0..days {
                let last = day + 1 == days;
                let mut variables = vec![first + day];
                variables.extend(parts.iter().filter_map(|&(part, first)| {
                    let own = self.first[part as usize].1;
                    (last || self.counts_by_day(part, constraint.whole)).then_some(first + day.min(own - 1))
                }));
                let all = variables.len() == network.parts(constraint).len() + 1;
                if constraint.relation != Relation::AtMost && variables.len() > 1 {
                    self.push(signed(&variables, 1), RowOrigin::Remainder);
                }
                if constraint.relation != Relation::AtLeast && all {
                    self.push(signed(&variables, -1), RowOrigin::Remainder);
                }
            }
        }
    }
}

/// Identifies the remainder of a quantity after some of its populations.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Remainder {
    whole: QuantityKey,
    /// The ranks of these populations, sorted.
    parts: Vec<u32>,
}

impl Remainder {
    fn of(network: &Network, constraint: &Constraint) -> Self {
        let mut parts: Vec<u32> = network
            .parts(constraint)
            .iter()
            .map(|&part| network.quantities[part as usize].population_rank())
            .collect();
        parts.sort_unstable();
        Self { whole: network.quantities[constraint.whole as usize], parts }
    }
}

/// The conflict of some bounds. Each has a factor in the sum that shows the conflict; `origins` are the sources of
/// the rows.
fn infeasible_set(
    bounds: &[simplex::VariableBound],
    found: &[(usize, u128)],
    origins: &[RowOrigin],
) -> InfeasibleSet {
    let signed = |&(at, times): &(usize, u128)| {
        let times = i128::try_from(times).unwrap_or(i128::MAX);
        let product = i128::from(bounds[at].value).saturating_mul(times);
        if bounds[at].is_low { product } else { -product }
    };
    let excess = found.iter().map(signed).fold(0, i128::saturating_add);
    let give = |times: u128| {
        let times = i128::try_from(times).unwrap_or(i128::MAX).max(1);
        i64::try_from(excess.saturating_add(times - 1) / times).unwrap_or(OPEN)
    };
    let of_ratios = origins.iter().filter_map(|origin| match origin {
        RowOrigin::Ratio(ratio) => Some(*ratio),
        _ => None,
    });
    let mut ratios: Vec<u32> = of_ratios.collect();
    ratios.sort_unstable();
    ratios.dedup();
    InfeasibleSet {
        set: BoundSet { bounds: found.iter().map(|&(at, _)| at as u32).collect(), ratios },
        relaxations: found.iter().map(|&(_, times)| give(times)).collect(),
        by_ratios: origins.iter().all(|origin| matches!(origin, RowOrigin::Ratio(_))),
    }
}

/// The terms of `first - others`, or with all signs changed.
fn signed(variables: &[u32], sign: i64) -> Vec<(u32, i64)> {
    variables
        .iter()
        .enumerate()
        .map(|(at, &variable)| (variable, if at == 0 { sign } else { -sign }))
        .collect()
}
