//! Explains a conflict: the steps from the claims to the contradiction, each small enough to check by hand.
//!
//! The bounds of the conflict are carried along the rows of the linear system, first upwards only, then in both
//! directions, until the lowest value of some quantity is above its highest value. The steps that lead there are
//! listed in order. Values are exact fractions; they are rounded only when they are put into words.

use num_traits::{CheckedAdd as _, CheckedDiv as _, CheckedMul as _, Zero as _};
use rustc_hash::FxHashMap;

use super::Rational;
use super::bounds::Bound;
use super::component::Component;
use super::elimination::Elimination;
use super::exact::SubProblem;
use super::network::{ConstraintKind, QuantityKey};
use super::search::Conflict;
use super::system::{BoundSet, RowOrigin, System};
use super::work::WorkBudget;
use crate::id::{AnswerId, Id as _, MeasureId, PopulationId, SubjectId};
use gainsay_reading::figure::{OPEN, Range};
use gainsay_reading::period::{Day, Period};

/// A quantity: what is counted, of whom, where and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JointQuantity {
    /// The event, or several events that overlap.
    pub events: Vec<SubjectId>,
    /// The measure.
    pub measure: MeasureId,
    /// The population that is counted.
    pub population: Option<PopulationId>,
    /// Whether it is the remainder of the population that its named parts leave.
    pub is_remainder: bool,
    /// The period, if the subject is a series.
    pub period: Option<Period>,
    /// The day, while the toll can still grow.
    pub day: Option<Day>,
}

/// The range of a quantity, in thousandths, rounded inwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// The quantity that has this range.
    pub quantity: JointQuantity,
    /// The values that it can have. A low value of 0 or a high value of [`OPEN`] means no limit.
    pub range: Range,
}

/// The reason why a range follows from others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Link {
    /// A whole and its parts, as events.
    Events,
    /// A sum of measures and its summands.
    Measures,
    /// A population and its parts.
    Populations,
    /// A toll never falls.
    Growth,
    /// The share or the change that this answer gives.
    Ratio(AnswerId),
}

/// One step of an explanation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The ranges that it uses.
    pub from: Vec<Fact>,
    /// The reason.
    pub link: Link,
    /// The range that follows.
    pub to: Fact,
}

/// The highest number of rounds in both directions. Longer chains of shares and changes are reported without steps.
const MAX_ROUNDS: usize = 24;

/// A bound of a variable and its source.
struct DerivedBound {
    variable: u32,
    is_low: bool,
    value: Rational,
    /// The row and the bounds that it was derived from. None for a bound of a claim.
    by: Option<(usize, Vec<usize>)>,
    /// For a bound of a claim, its index and whether its figure is exact.
    claim: Option<(usize, bool)>,
}

/// The ranges of all quantities that follow from some claims.
pub(super) struct DerivedRanges<'p, 'a> {
    component: &'p Component<'a>,
    of: BoundSet,
    small: SubProblem,
    derivation: Derivation,
    /// Whether nothing more can be derived.
    is_done: bool,
}

impl<'p, 'a> DerivedRanges<'p, 'a> {
    /// Derives the ranges. `None` if the claims contradict each other or the budget is not enough.
    pub(super) fn new(component: &'p Component<'a>, of: BoundSet) -> Option<Self> {
        let small = SubProblem::new(component, &of, false)?;
        let system = small.system(component.entities, &component.work)?;
        let mut derivation = Derivation::new(component, system, &small);
        match derivation.run(&component.work) {
            DerivationOutcome::Crossing(_) => None,
            DerivationOutcome::Done => Some(Self { component, of, small, derivation, is_done: true }),
            DerivationOutcome::Unfinished => Some(Self { component, of, small, derivation, is_done: false }),
        }
    }

    /// Whether these ranges are the tightest possible ones: nothing more can be derived, and the constraints have no
    /// cycle.
    pub(super) fn is_exact(&self) -> bool {
        let (system, ratios) = (&self.derivation.system, self.small.ratios.len());
        let elimination = || Elimination::new(system, Vec::new(), ratios, &self.component.work);
        self.is_done && elimination().is_some_and(|elimination| elimination.is_propagation_exact())
    }

    /// The quantities, parts before wholes.
    pub(super) fn keys(&self) -> &[QuantityKey] {
        &self.small.network.quantities
    }

    /// The lowest or highest value of a quantity, in thousandths. `None` if it has no limit on that side.
    pub(super) fn value(&self, key: QuantityKey, is_low: bool) -> Option<Rational> {
        Some(self.derivation.derived[self.derived_bound(key, is_low)?].value)
    }

    /// The claims that a bound of a quantity follows from.
    pub(super) fn claims(&self, key: QuantityKey, is_low: bool) -> BoundSet {
        self.derived_bound(key, is_low)
            .map_or(BoundSet::default(), |at| self.derivation.claims_of(&self.of, &[at]))
    }

    /// The steps that lead to a bound of a quantity.
    pub(super) fn steps(&self, key: QuantityKey, is_low: bool) -> Vec<Step> {
        let derived_bound = self.derived_bound(key, is_low);
        derived_bound.map_or(Vec::new(), |at| self.derivation.steps_to(self.component, &self.small, &[at]))
    }

    fn derived_bound(&self, key: QuantityKey, is_low: bool) -> Option<usize> {
        let variable = self.derivation.system.final_variable(self.small.network.find(key)?);
        if is_low { self.derivation.low[variable] } else { self.derivation.high[variable] }
    }
}

/// The steps of a conflict. Empty if there are too many, if their numbers are too large, or if the budget is not
/// enough.
pub(super) fn steps(component: &Component<'_>, conflict: &Conflict, remainders: bool) -> Vec<Step> {
    try_steps(component, conflict, remainders).unwrap_or_default()
}

fn try_steps(component: &Component<'_>, conflict: &Conflict, remainders: bool) -> Option<Vec<Step>> {
    let small = SubProblem::new(component, &conflict.set, remainders)?;
    let system = small.system(component.entities, &component.work)?;
    let mut derivation = Derivation::new(component, system, &small);
    let DerivationOutcome::Crossing(crossing) = derivation.run(&component.work) else { return None };
    let steps = derivation.steps_to(component, &small, &crossing);
    component.work.spend(STEPS_PER_EXPLAINED_STEP * steps.len())?;
    Some(steps)
}

/// The cost of wording and displaying one step of an explanation.
pub(super) const STEPS_PER_EXPLAINED_STEP: usize = 400;

/// The cost of deriving a bound from one term of a row, with a multiplication and a division of fractions.
const STEPS_PER_DERIVED_TERM: usize = 16;

/// The result of deriving bounds.
enum DerivationOutcome {
    /// The lowest value of a variable is above its highest value. These are the indexes of the two bounds.
    Crossing([usize; 2]),
    /// Nothing more can be carried.
    Done,
    /// The limit of rounds, the budget or 128-bit numbers were not enough.
    Unfinished,
}

struct Derivation {
    system: System,
    derived: Vec<DerivedBound>,
    low: Vec<Option<usize>>,
    high: Vec<Option<usize>>,
}

impl Derivation {
    fn new(component: &Component<'_>, system: System, small: &SubProblem) -> Self {
        let variables = system.variables;
        let mut derivation =
            Self { system, derived: Vec::new(), low: vec![None; variables], high: vec![None; variables] };
        for (at, bound) in small.bounds.iter().enumerate() {
            let ranges = component.reader.model.answers.value[bound.answer.index()].ranges();
            let is_exact = bound.usual || ranges.is_some_and(|(hard, _)| hard.is_exact());
            derivation.learn_claim(bound, at, is_exact);
            if is_exact {
                // The other bound of an exact figure often gives rounder numbers.
                let days = component.reader.valid_days[bound.answer.index()];
                let day = if bound.is_low { days.last } else { days.first };
                derivation.learn_claim(&Bound { is_low: !bound.is_low, day, ..*bound }, at, true);
            }
        }
        derivation
    }

    fn learn_claim(&mut self, claimed: &Bound, at: usize, is_exact: bool) {
        let bound = self.system.bound(claimed);
        if self.record(bound.variable, bound.is_low, Rational::from_integer(bound.value.into()), None)
            && let Some(last) = self.derived.last_mut()
        {
            last.claim = Some((at, is_exact));
        }
    }

    /// Keeps a bound if it is tighter than the known one. Returns whether it was.
    fn record(
        &mut self,
        variable: u32,
        is_low: bool,
        value: Rational,
        by: Option<(usize, Vec<usize>)>,
    ) -> bool {
        let Some(value) = rounded_outwards(value, is_low) else { return false };
        let known = if is_low { &mut self.low } else { &mut self.high };
        let known = &mut known[variable as usize];
        let tighter = match known.map(|at| self.derived[at].value) {
            None => !is_low || !value.is_zero(),
            Some(old) if is_low => value > old,
            Some(old) => value < old,
        };
        if tighter {
            *known = Some(self.derived.len());
            self.derived.push(DerivedBound { variable, is_low, value, by, claim: None });
        }
        tighter
    }

    /// Derives bounds until two of them contradict each other.
    fn run(&mut self, work: &WorkBudget) -> DerivationOutcome {
        self.try_run(work).unwrap_or(DerivationOutcome::Unfinished)
    }

    fn try_run(&mut self, work: &WorkBudget) -> Option<DerivationOutcome> {
        for upwards in [true, false] {
            // In both directions, each term of a row is derived from all other terms.
            let steps = |terms: usize| if upwards { terms } else { terms.saturating_mul(terms) };
            let rows = self.system.rows.iter().map(|row| steps(row.terms.len()));
            let steps = rows.fold(self.system.variables, usize::saturating_add);
            let rounds = MAX_ROUNDS.max(if upwards { self.system.rows.len() } else { 0 });
            for round in 1..=rounds {
                work.spend(steps.saturating_mul(STEPS_PER_DERIVED_TERM))?;
                // The rows are visited forwards and backwards, so that one round follows a chain in either direction.
                let mut changed = false;
                for row in 0..self.system.rows.len() {
                    changed |= self.derive(row, upwards)?;
                }
                if !upwards && self.crossing().is_none() {
                    for row in (0..self.system.rows.len()).rev() {
                        changed |= self.derive(row, upwards)?;
                    }
                }
                if let Some(crossing) = self.crossing() {
                    return Some(DerivationOutcome::Crossing(crossing));
                }
                if !changed {
                    break;
                }
                if !upwards && round == rounds {
                    return Some(DerivationOutcome::Unfinished);
                }
            }
        }
        Some(DerivationOutcome::Done)
    }

    /// The two bounds that contradict each other, for the last such variable.
    fn crossing(&self) -> Option<[usize; 2]> {
        let pairs = self.low.iter().zip(&self.high).rev();
        let mut crossing = pairs.filter_map(|(low, high)| Some([(*low)?, (*high)?]));
        crossing.find(|[low, high]| self.derived[*low].value > self.derived[*high].value)
    }

    /// Derives bounds from one row. Upwards, this is the bound of the whole of a sum or of the later day. `None` on
    /// overflow.
    fn derive(&mut self, row: usize, upwards: bool) -> Option<bool> {
        let terms = &self.system.rows[row].terms;
        if upwards
            && (terms[0].1 != 1
                || !matches!(self.system.origins[row], RowOrigin::Constraint(_) | RowOrigin::Growth))
        {
            return Some(false);
        }
        // The highest value of each term, the sum of them, and the number of terms without one.
        let mut most: Vec<Option<(Rational, Option<usize>)>> = Vec::with_capacity(terms.len());
        let (mut sum, mut open) = (Rational::zero(), 0);
        for &(variable, times) in terms {
            let by = if times > 0 { self.high[variable as usize] } else { self.low[variable as usize] };
            let value = match by {
                Some(at) => Some(self.derived[at].value),
                None if times < 0 => Some(Rational::zero()),
                None => None,
            };
            let term = match value {
                Some(value) => Some(value.checked_mul(&Rational::from_integer(times.into()))?),
                None => None,
            };
            match term {
                Some(term) => sum = sum.checked_add(&term)?,
                None => open += 1,
            }
            most.push(term.map(|term| (term, by)));
        }
        let mut changed = false;
        for at in 0..if upwards { 1 } else { most.len() } {
            let (variable, times) = self.system.rows[row].terms[at];
            let others = match (&most[at], open) {
                (Some((own, _)), 0) => sum.checked_add(&-*own)?,
                (None, 1) => sum,
                _ => continue,
            };
            // times * variable >= -others
            let value = (-others).checked_div(&Rational::from_integer(times.into()))?;
            if times > 0 && value <= Rational::zero() {
                continue;
            }
            let from: Vec<usize> = most
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .filter_map(|(_, most)| most.as_ref().and_then(|(_, by)| *by))
                .collect();
            changed |= self.record(variable, times > 0, value, Some((row, from)));
        }
        Some(changed)
    }

    /// The bounds that some bounds follow from, including these, in the order in which they were derived.
    fn ancestors(&self, to: &[usize]) -> Vec<usize> {
        let mut needed: Vec<usize> = to.to_vec();
        let mut at = 0;
        let mut seen = vec![false; self.derived.len()];
        while let Some(&next) = needed.get(at) {
            if !std::mem::replace(&mut seen[next], true) {
                needed.extend(self.derived[next].by.iter().flat_map(|(_, from)| from));
            }
            at += 1;
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// The steps that lead to some bounds.
    fn steps_to(&self, component: &Component<'_>, small: &SubProblem, to: &[usize]) -> Vec<Step> {
        let needed = self.ancestors(to);
        let first = self.first_by_ratio();
        needed.into_iter().filter_map(|at| self.step(component, small, at, &first)).collect()
    }

    /// The first bound of each side of a variable that follows from each ratio.
    fn first_by_ratio(&self) -> FxHashMap<(u32, bool, u32), usize> {
        let mut first = FxHashMap::default();
        for (at, derived_bound) in self.derived.iter().enumerate() {
            if let Some((row, _)) = derived_bound.by
                && let RowOrigin::Ratio(ratio) = self.system.origins[row]
            {
                first.entry((derived_bound.variable, derived_bound.is_low, ratio)).or_insert(at);
            }
        }
        first
    }

    /// The claims in `of` that some bounds follow from.
    fn claims_of(&self, of: &BoundSet, to: &[usize]) -> BoundSet {
        let mut set = BoundSet::default();
        for at in self.ancestors(to) {
            let DerivedBound { by, claim, .. } = &self.derived[at];
            set.bounds.extend(claim.map(|(bound, _)| of.bounds[bound]));
            if let Some((row, _)) = by
                && let RowOrigin::Ratio(ratio) = self.system.origins[*row]
            {
                set.ratios.push(of.ratios[ratio as usize]);
            }
        }
        for places in [&mut set.bounds, &mut set.ratios] {
            places.sort_unstable();
            places.dedup();
        }
        set
    }

    fn step(
        &self,
        component: &Component<'_>,
        small: &SubProblem,
        at: usize,
        first: &FxHashMap<(u32, bool, u32), usize>,
    ) -> Option<Step> {
        let (row, from) = self.derived[at].by.as_ref()?;
        let link = match self.system.origins[*row] {
            RowOrigin::Constraint(row) => match small.network.constraints[row as usize].kind {
                ConstraintKind::Events | ConstraintKind::Tie => Link::Events,
                ConstraintKind::Measures => Link::Measures,
                ConstraintKind::Populations => Link::Populations,
            },
            RowOrigin::Remainder => Link::Populations,
            RowOrigin::Growth => Link::Growth,
            RowOrigin::Ratio(ratio) => Link::Ratio(small.ratios[ratio as usize].answer),
        };
        let mut to = self.fact(component, small, at)?;
        if let RowOrigin::Ratio(ratio) = self.system.origins[*row] {
            // A share or a change gives both bounds in one step, if both could be derived.
            let DerivedBound { variable, is_low, .. } = self.derived[at];
            if let Some(&other) = first.get(&(variable, !is_low, ratio)) {
                let (low, high) = rounded_inwards(self.derived[other].value);
                *(if is_low { &mut to.range.high } else { &mut to.range.low }) =
                    if is_low { high } else { low };
            }
        }
        let from = from.iter().filter_map(|&at| self.fact(component, small, at)).collect();
        Some(Step { from, link, to })
    }

    fn fact(&self, component: &Component<'_>, small: &SubProblem, at: usize) -> Option<Fact> {
        let DerivedBound { variable, is_low, value, claim, .. } = &self.derived[at];
        let (low, high) = rounded_inwards(*value);
        let quantity = self.quantity(component, small, *variable)?;
        let range = match (claim.is_some_and(|(_, is_exact)| is_exact), is_low) {
            (true, _) => Range { low, high },
            (false, true) => Range { low, high: OPEN },
            (false, false) => Range { low: 0, high },
        };
        Some(Fact { quantity, range })
    }

    fn quantity(
        &self,
        component: &Component<'_>,
        small: &SubProblem,
        variable: u32,
    ) -> Option<JointQuantity> {
        let (quantity, day, is_remainder) = self.system.quantity_of(variable)?;
        let key = small.network.quantities[quantity as usize];
        let entities = component.entities;
        Some(JointQuantity {
            events: entities.units.events(entities.unit(key)),
            measure: entities.measure(key),
            population: entities.population(key),
            is_remainder,
            period: entities.period(key),
            day: day.filter(|day| *day != i32::MAX).map(Day::from_number),
        })
    }
}

/// Rounds a value outwards if its denominator is large, so that numbers stay within 128 bits. The bound only gets
/// looser. `None` for a high bound above all figures.
fn rounded_outwards(value: Rational, is_low: bool) -> Option<Rational> {
    const MAX_DENOMINATOR: i128 = 1 << 20;
    let most = Rational::from_integer(i64::MAX.into());
    if value > most {
        return is_low.then_some(most);
    }
    if *value.denom() <= MAX_DENOMINATOR {
        return Some(value);
    }
    let scaled = value.checked_mul(&Rational::from_integer(MAX_DENOMINATOR))?;
    let scaled = if is_low { scaled.floor() } else { scaled.ceil() };
    Some(scaled / Rational::from_integer(MAX_DENOMINATOR))
}

/// Rounds a value inwards to thousandths, as a low and as a high bound.
fn rounded_inwards(value: Rational) -> (i64, i64) {
    let fits = |value: Rational| i64::try_from(value.to_integer()).unwrap_or(OPEN);
    (fits(value.ceil()), fits(value.floor()))
}
