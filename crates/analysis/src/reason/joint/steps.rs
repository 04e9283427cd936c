//! From the claims of a set to the clash, one sum at a time, each to be checked with a pencil.
//!
//! The ends of the set are carried along the rows, upwards first, then both ways, until some quantity would
//! have to be more than it can be; what led there is told in that order. Values are fractions here; only words
//! round.

use num_rational::Ratio as Fraction;
use num_traits::{CheckedAdd as _, CheckedDiv as _, CheckedMul as _, Zero as _};
use rustc_hash::FxHashMap;

use super::elimination::Elimination;
use super::ends::End;
use super::exact::Small;
use super::network::{Key, Reason};
use super::part::Part;
use super::search::Found;
use super::system::{Origin, Set, System};
use super::work::Work;
use crate::id::{AnswerId, Id as _, MeasureId, PopulationId, SubjectId};
use gainsay_reading::figure::{OPEN, Range};
use gainsay_reading::period::{Day, Period};

/// A quantity: what is counted or stated of whom, where and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    /// The event, or the events that share something.
    pub events: Vec<SubjectId>,
    /// What is counted.
    pub measure: MeasureId,
    /// Who is counted.
    pub population: Option<PopulationId>,
    /// Whether it is the rest of them that the others leave.
    pub rest: bool,
    /// The period, for a series.
    pub period: Option<Period>,
    /// The day, while the toll may grow.
    pub day: Option<Day>,
}

/// What a quantity comes to, in thousandths; rounded inwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// The quantity.
    pub spot: Spot,
    /// What it comes to.
    pub range: Range,
}

/// Why one quantity follows from others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Link {
    /// Parts of an event, and their whole.
    Events,
    /// Measures, and their sum.
    Measures,
    /// Populations, and one they are part of.
    Populations,
    /// A toll only rises.
    Growth,
    /// A share or a change, as this answer tells.
    Ratio(AnswerId),
}

/// One step from claims to a clash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What it starts from.
    pub from: Vec<Fact>,
    /// Why it follows.
    pub link: Link,
    /// What follows.
    pub to: Fact,
}

/// Rounds of carrying both ways; a chain of shares and changes this long is told without steps.
const ROUNDS: usize = 24;

/// Fractions of 128 bits; what outgrows them is told without steps.
pub(super) type Number = Fraction<i128>;

/// One end of a quantity, and what it follows from.
struct Bound {
    unknown: u32,
    is_low: bool,
    value: Number,
    /// The row and the ends it was carried from; none for an end of a claim.
    by: Option<(usize, Vec<usize>)>,
    /// The end of a claim it is, by its place, and whether that figure is exact.
    claim: Option<(usize, bool)>,
}

/// How far some claims carry each quantity in the end, both ways.
pub(super) struct Reach<'p, 'a> {
    part: &'p Part<'a>,
    of: Set,
    small: Small,
    carrying: Carrying,
    /// Whether nothing more can be carried.
    is_done: bool,
}

impl<'p, 'a> Reach<'p, 'a> {
    /// None where the claims clash among themselves, or where there is not enough work left.
    pub(super) fn new(part: &'p Part<'a>, of: Set) -> Option<Self> {
        let small = Small::new(part, &of, false)?;
        let system = small.system(part.frame, &part.work)?;
        let mut carrying = Carrying::new(part, system, &small);
        match carrying.run(&part.work) {
            Carried::Crossing(_) => None,
            Carried::Done => Some(Self { part, of, small, carrying, is_done: true }),
            Carried::Unfinished => Some(Self { part, of, small, carrying, is_done: false }),
        }
    }

    /// Whether no quantity can be more or less than that: nothing more can be carried, and no constraints form a cycle.
    pub(super) fn is_exact(&self) -> bool {
        let (system, ratios) = (&self.carrying.system, self.small.ratios.len());
        let elimination = || Elimination::new(system, Vec::new(), ratios, &self.part.work);
        self.is_done && elimination().is_some_and(|elimination| elimination.is_plain())
    }

    /// The quantities.
    pub(super) fn keys(&self) -> &[Key] {
        &self.small.network.cells
    }

    /// How far one end of a quantity is carried, in thousandths.
    pub(super) fn value(&self, key: Key, is_low: bool) -> Option<Number> {
        Some(self.carrying.bounds[self.bound(key, is_low)?].value)
    }

    /// The claims that led there.
    pub(super) fn claims(&self, key: Key, is_low: bool) -> Set {
        self.bound(key, is_low).map_or(Set::default(), |at| self.carrying.claims_of(&self.of, &[at]))
    }

    /// The steps that led there.
    pub(super) fn steps(&self, key: Key, is_low: bool) -> Vec<Step> {
        let bound = self.bound(key, is_low);
        bound.map_or(Vec::new(), |at| self.carrying.told(self.part, &self.small, &[at]))
    }

    fn bound(&self, key: Key, is_low: bool) -> Option<usize> {
        let unknown = self.carrying.system.last(self.small.network.find(key)?);
        if is_low { self.carrying.low[unknown] } else { self.carrying.high[unknown] }
    }
}

/// The steps of a set, and the quantity at which it clashes; none where they are too many or too large to tell.
pub(super) fn steps(part: &Part<'_>, found: &Found, rests: bool) -> Vec<Step> {
    try_steps(part, found, rests).unwrap_or_default()
}

fn try_steps(part: &Part<'_>, found: &Found, rests: bool) -> Option<Vec<Step>> {
    let small = Small::new(part, &found.set, rests)?;
    let system = small.system(part.frame, &part.work)?;
    let mut carrying = Carrying::new(part, system, &small);
    let Carried::Crossing(crossing) = carrying.run(&part.work) else { return None };
    let steps = carrying.told(part, &small, &crossing);
    part.work.spend(STEPS_TO_TELL * steps.len())?;
    Some(steps)
}

/// The cost of writing and showing one step of an explanation.
pub(super) const STEPS_TO_TELL: usize = 400;

/// The cost of carrying a bound along one term of a row: fractions are multiplied and divided.
const STEPS_TO_CARRY: usize = 16;

/// The result of carrying.
enum Carried {
    /// These two ends cross.
    Crossing([usize; 2]),
    /// Nothing more can be carried.
    Done,
    /// It would have taken more rounds, more work than is left, or larger numbers.
    Unfinished,
}

struct Carrying {
    system: System,
    bounds: Vec<Bound>,
    low: Vec<Option<usize>>,
    high: Vec<Option<usize>>,
}

impl Carrying {
    fn new(part: &Part<'_>, system: System, small: &Small) -> Self {
        let unknowns = system.unknowns;
        let mut carrying =
            Self { system, bounds: Vec::new(), low: vec![None; unknowns], high: vec![None; unknowns] };
        for (at, end) in small.ends.iter().enumerate() {
            let ranges = part.reader.model.answers.value[end.answer.index()].ranges();
            let is_exact = end.usual || ranges.is_some_and(|(hard, _)| hard.is_exact());
            carrying.learn_end(end, at, is_exact);
            if is_exact {
                // The other end of an exact figure makes for rounder sums.
                let days = part.reader.valid_days[end.answer.index()];
                let day = if end.is_low { days.last } else { days.first };
                carrying.learn_end(&End { is_low: !end.is_low, day, ..*end }, at, true);
            }
        }
        carrying
    }

    fn learn_end(&mut self, claimed: &End, at: usize, is_exact: bool) {
        let end = self.system.end(claimed);
        if self.learn(end.cell, end.is_low, Number::from_integer(end.value.into()), None)
            && let Some(last) = self.bounds.last_mut()
        {
            last.claim = Some((at, is_exact));
        }
    }

    /// Keeps an end where it is tighter than what is known.
    fn learn(&mut self, unknown: u32, is_low: bool, value: Number, by: Option<(usize, Vec<usize>)>) -> bool {
        let Some(value) = outwards(value, is_low) else { return false };
        let known = if is_low { &mut self.low } else { &mut self.high };
        let known = &mut known[unknown as usize];
        let tighter = match known.map(|at| self.bounds[at].value) {
            None => !is_low || !value.is_zero(),
            Some(old) if is_low => value > old,
            Some(old) => value < old,
        };
        if tighter {
            *known = Some(self.bounds.len());
            self.bounds.push(Bound { unknown, is_low, value, by, claim: None });
        }
        tighter
    }

    /// Carries until something crosses.
    fn run(&mut self, work: &Work) -> Carried {
        self.try_run(work).unwrap_or(Carried::Unfinished)
    }

    fn try_run(&mut self, work: &Work) -> Option<Carried> {
        for upwards in [true, false] {
            // Both ways, each term is carried to from all others of its row.
            let steps = |terms: usize| if upwards { terms } else { terms.saturating_mul(terms) };
            let rows = self.system.rows.iter().map(|row| steps(row.terms.len()));
            let steps = rows.fold(self.system.unknowns, usize::saturating_add);
            let rounds = ROUNDS.max(if upwards { self.system.rows.len() } else { 0 });
            for round in 1..=rounds {
                work.spend(steps.saturating_mul(STEPS_TO_CARRY))?;
                // To and fro, so that a chain is carried along at once whichever way it runs.
                let mut changed = false;
                for row in 0..self.system.rows.len() {
                    changed |= self.carry(row, upwards)?;
                }
                if !upwards && self.crossing().is_none() {
                    for row in (0..self.system.rows.len()).rev() {
                        changed |= self.carry(row, upwards)?;
                    }
                }
                if let Some(crossing) = self.crossing() {
                    return Some(Carried::Crossing(crossing));
                }
                if !changed {
                    break;
                }
                if !upwards && round == rounds {
                    return Some(Carried::Unfinished);
                }
            }
        }
        Some(Carried::Done)
    }

    /// The quantity that would have to be furthest above what it can be, the last one first.
    fn crossing(&self) -> Option<[usize; 2]> {
        let pairs = self.low.iter().zip(&self.high).rev();
        let mut crossing = pairs.filter_map(|(low, high)| Some([(*low)?, (*high)?]));
        crossing.find(|[low, high]| self.bounds[*low].value > self.bounds[*high].value)
    }

    /// Carries along one row; upwards only to the whole of a sum or the later day. None past 128 bits.
    fn carry(&mut self, row: usize, upwards: bool) -> Option<bool> {
        let terms = &self.system.rows[row].terms;
        if upwards
            && (terms[0].1 != 1 || !matches!(self.system.origins[row], Origin::Row(_) | Origin::Growth))
        {
            return Some(false);
        }
        // The most that each term can be; the sum of all, and how many have no most.
        let mut most: Vec<Option<(Number, Option<usize>)>> = Vec::with_capacity(terms.len());
        let (mut sum, mut open) = (Number::zero(), 0);
        for &(unknown, times) in terms {
            let by = if times > 0 { self.high[unknown as usize] } else { self.low[unknown as usize] };
            let value = match by {
                Some(at) => Some(self.bounds[at].value),
                None if times < 0 => Some(Number::zero()),
                None => None,
            };
            let term = match value {
                Some(value) => Some(value.checked_mul(&Number::from_integer(times.into()))?),
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
            let (unknown, times) = self.system.rows[row].terms[at];
            let others = match (&most[at], open) {
                (Some((own, _)), 0) => sum.checked_add(&-*own)?,
                (None, 1) => sum,
                _ => continue,
            };
            // times * unknown >= -others
            let value = (-others).checked_div(&Number::from_integer(times.into()))?;
            if times > 0 && value <= Number::zero() {
                continue;
            }
            let from: Vec<usize> = most
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .filter_map(|(_, most)| most.as_ref().and_then(|(_, by)| *by))
                .collect();
            changed |= self.learn(unknown, times > 0, value, Some((row, from)));
        }
        Some(changed)
    }

    /// What led to some ends, in the order in which it was made.
    fn needed(&self, to: &[usize]) -> Vec<usize> {
        let mut needed: Vec<usize> = to.to_vec();
        let mut at = 0;
        let mut seen = vec![false; self.bounds.len()];
        while let Some(&next) = needed.get(at) {
            if !std::mem::replace(&mut seen[next], true) {
                needed.extend(self.bounds[next].by.iter().flat_map(|(_, from)| from));
            }
            at += 1;
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// The steps that led to some ends.
    fn told(&self, part: &Part<'_>, small: &Small, to: &[usize]) -> Vec<Step> {
        let needed = self.needed(to);
        let first = self.first_by_ratio();
        needed.into_iter().filter_map(|at| self.step(part, small, at, &first)).collect()
    }

    /// The first bound of each side of an unknown that each ratio led to.
    fn first_by_ratio(&self) -> FxHashMap<(u32, bool, u32), usize> {
        let mut first = FxHashMap::default();
        for (at, bound) in self.bounds.iter().enumerate() {
            if let Some((row, _)) = bound.by
                && let Origin::Ratio(ratio) = self.system.origins[row]
            {
                first.entry((bound.unknown, bound.is_low, ratio)).or_insert(at);
            }
        }
        first
    }

    /// The claims that led to some ends, of those given.
    fn claims_of(&self, of: &Set, to: &[usize]) -> Set {
        let mut set = Set::default();
        for at in self.needed(to) {
            let Bound { by, claim, .. } = &self.bounds[at];
            set.ends.extend(claim.map(|(end, _)| of.ends[end]));
            if let Some((row, _)) = by
                && let Origin::Ratio(ratio) = self.system.origins[*row]
            {
                set.ratios.push(of.ratios[ratio as usize]);
            }
        }
        for places in [&mut set.ends, &mut set.ratios] {
            places.sort_unstable();
            places.dedup();
        }
        set
    }

    fn step(
        &self,
        part: &Part<'_>,
        small: &Small,
        at: usize,
        first: &FxHashMap<(u32, bool, u32), usize>,
    ) -> Option<Step> {
        let (row, from) = self.bounds[at].by.as_ref()?;
        let link = match self.system.origins[*row] {
            Origin::Row(row) => match small.network.rows[row as usize].reason {
                Reason::Events | Reason::Tie => Link::Events,
                Reason::Measures => Link::Measures,
                Reason::Populations => Link::Populations,
            },
            Origin::Rest => Link::Populations,
            Origin::Growth => Link::Growth,
            Origin::Ratio(ratio) => Link::Ratio(small.ratios[ratio as usize].answer),
        };
        let mut to = self.fact(part, small, at)?;
        if let Origin::Ratio(ratio) = self.system.origins[*row] {
            // A share or a change tells both ends at once, where both could be carried.
            let Bound { unknown, is_low, .. } = self.bounds[at];
            if let Some(&other) = first.get(&(unknown, !is_low, ratio)) {
                let (low, high) = rounded(self.bounds[other].value);
                *(if is_low { &mut to.range.high } else { &mut to.range.low }) =
                    if is_low { high } else { low };
            }
        }
        let from = from.iter().filter_map(|&at| self.fact(part, small, at)).collect();
        Some(Step { from, link, to })
    }

    fn fact(&self, part: &Part<'_>, small: &Small, at: usize) -> Option<Fact> {
        let Bound { unknown, is_low, value, claim, .. } = &self.bounds[at];
        let (low, high) = rounded(*value);
        let spot = self.spot(part, small, *unknown)?;
        let range = match (claim.is_some_and(|(_, is_exact)| is_exact), is_low) {
            (true, _) => Range { low, high },
            (false, true) => Range { low, high: OPEN },
            (false, false) => Range { low: 0, high },
        };
        Some(Fact { spot, range })
    }

    fn spot(&self, part: &Part<'_>, small: &Small, unknown: u32) -> Option<Spot> {
        let (cell, day, rest) = self.system.spot(unknown)?;
        let key = small.network.cells[cell as usize];
        let frame = part.frame;
        Some(Spot {
            events: frame.units.events(frame.unit(key)),
            measure: frame.measure(key),
            population: frame.population(key),
            rest,
            period: frame.period(key),
            day: day.filter(|day| *day != i32::MAX).map(Day::from_number),
        })
    }
}

/// A value that stays within 128 bits however often it is carried on, rounded so that the end only gets looser;
/// none for a high end beyond all figures.
fn outwards(value: Number, is_low: bool) -> Option<Number> {
    const FINE: i128 = 1 << 20;
    let most = Number::from_integer(i64::MAX.into());
    if value > most {
        return is_low.then_some(most);
    }
    if *value.denom() <= FINE {
        return Some(value);
    }
    let scaled = value.checked_mul(&Number::from_integer(FINE))?;
    let scaled = if is_low { scaled.floor() } else { scaled.ceil() };
    Some(scaled / Number::from_integer(FINE))
}

/// A value in thousandths as a low and as a high end, rounded inwards.
fn rounded(value: Number) -> (i64, i64) {
    let fits = |value: Number| i64::try_from(value.to_integer()).unwrap_or(OPEN);
    (fits(value.ceil()), fits(value.floor()))
}
