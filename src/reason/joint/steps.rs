//! From the claims of a set to the clash, one sum at a time, each to be checked with a pencil.
//!
//! The ends of the set are carried along the rows, upwards first, then both ways, until some quantity would
//! have to be more than it can be; what led there is told in that order. Values are fractions here; only words
//! round.

use num_rational::Ratio as Fraction;
use num_traits::{CheckedAdd as _, CheckedDiv as _, CheckedMul as _, Zero as _};

use super::ends::End;
use super::exact::Small;
use super::network::{Key, Reason};
use super::search::{Found, Part};
use super::system::{Origin, Set, System};
use crate::figure::{OPEN, Range};
use crate::id::{AnswerId, Id as _, MeasureId, PopulationId, SubjectId};
use crate::period::{Day, Period};

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
struct Carried {
    unknown: u32,
    is_low: bool,
    value: Number,
    /// The row and the ends it was carried from; none for an end of a claim.
    by: Option<(usize, Vec<usize>)>,
    /// The end of a claim it is, by its place, and whether that figure is exact.
    claim: Option<(usize, bool)>,
}

/// How far the claims of a part carry one end of a quantity, with the claims it took.
pub(super) struct Reached {
    /// The quantity.
    pub(super) key: Key,
    /// Whether it is a least, else a greatest value.
    pub(super) is_low: bool,
    /// The value, in thousandths.
    pub(super) value: Number,
    /// The claims.
    pub(super) set: Set,
    /// The steps to it.
    pub(super) steps: Vec<Step>,
}

/// How far some claims carry each quantity in the end, both ways; nothing where they clash among themselves.
pub(super) fn reach(part: &Part<'_>, set: &Set) -> Vec<Reached> {
    let small = Small::new(part, set, false);
    let system = small.system(part.frame);
    let mut carrying = Carrying::new(part, &system, &small);
    if carrying.run().is_some() {
        return Vec::new();
    }
    let mut reached = Vec::new();
    for (cell, &key) in small.network.cells.iter().enumerate() {
        let unknown = system.last(cell as u32);
        for (is_low, end) in [(true, carrying.low[unknown]), (false, carrying.high[unknown])] {
            let Some(at) = end else { continue };
            let steps = carrying.told(part, &small, &[at]);
            let set = carrying.claims(set, at);
            reached.push(Reached { key, is_low, value: carrying.carried[at].value, set, steps });
        }
    }
    reached
}

/// The steps of a set, and the quantity at which it clashes; none where they are too many or too large to tell.
pub(super) fn steps(part: &Part<'_>, found: &Found, rests: bool) -> Vec<Step> {
    let small = Small::new(part, &found.set, rests);
    let system = small.system(part.frame);
    let mut carrying = Carrying::new(part, &system, &small);
    let Some([low, high]) = carrying.run() else { return Vec::new() };
    carrying.told(part, &small, &[low, high])
}

/// A clash that carrying both ways finds among many shares and changes: the ends and ratios it took, by their
/// places, and for each end how far it would have to give way, where it is a chain from one to another.
pub(super) fn carried_clash(part: &Part<'_>, set: &Set) -> Option<(Set, Vec<i64>)> {
    let small = Small::new(part, set, false);
    let system = small.system(part.frame);
    let mut carrying = Carrying::new(part, &system, &small);
    let [low, high] = carrying.run()?;
    let places =
        Set { ends: (0..set.ends.len() as u32).collect(), ratios: (0..set.ratios.len() as u32).collect() };
    let own = [low, high].map(|at| carrying.claims(&places, at));
    let all = carrying.claims_of(&places, &[low, high]);
    let passed = carrying.carried[low].value / carrying.carried[high].value.max(Number::new(1, 1000));
    let give = |&at: &u32| {
        let end = small.ends[at as usize];
        let value = Number::from_integer(end.value.into());
        let alone = own.iter().all(|side| side.ends.contains(&at));
        let to = match (end.is_low, alone) {
            (_, true) => Number::zero(),
            (true, _) => value / passed,
            (false, _) => value.checked_mul(&passed).unwrap_or(value),
        };
        let apart = if to > value { to - value } else { value - to };
        i64::try_from(apart.ceil().to_integer()).unwrap_or(OPEN)
    };
    let gives = all.ends.iter().map(give).collect();
    Some((all, gives))
}

struct Carrying<'s> {
    system: &'s System<'s>,
    carried: Vec<Carried>,
    low: Vec<Option<usize>>,
    high: Vec<Option<usize>>,
}

impl<'s> Carrying<'s> {
    fn new(part: &Part<'_>, system: &'s System<'s>, small: &Small) -> Self {
        let mut carrying = Self {
            system,
            carried: Vec::new(),
            low: vec![None; system.unknowns],
            high: vec![None; system.unknowns],
        };
        for (at, end) in small.ends.iter().enumerate() {
            let ranges = part.reader.model.answers.value[end.answer.index()].ranges();
            let is_exact = end.usual || ranges.is_some_and(|(hard, _)| hard.is_exact());
            carrying.learn_end(end, at, is_exact);
            if is_exact {
                // The other end of an exact figure makes for rounder sums.
                let slot = part.reader.slots[end.answer.index()];
                let day = if end.is_low { slot.last } else { slot.first };
                carrying.learn_end(&End { is_low: !end.is_low, day, ..*end }, at, true);
            }
        }
        carrying
    }

    fn learn_end(&mut self, claimed: &End, at: usize, is_exact: bool) {
        let end = self.system.end(claimed);
        if self.learn(end.cell, end.is_low, Number::from_integer(end.value.into()), None)
            && let Some(last) = self.carried.last_mut()
        {
            last.claim = Some((at, is_exact));
        }
    }

    /// Keeps an end where it is tighter than what is known.
    fn learn(&mut self, unknown: u32, is_low: bool, value: Number, by: Option<(usize, Vec<usize>)>) -> bool {
        let Some(value) = outwards(value, is_low) else { return false };
        let known = if is_low { &mut self.low } else { &mut self.high };
        let known = &mut known[unknown as usize];
        let tighter = match known.map(|at| self.carried[at].value) {
            None => !is_low || !value.is_zero(),
            Some(old) if is_low => value > old,
            Some(old) => value < old,
        };
        if tighter {
            *known = Some(self.carried.len());
            self.carried.push(Carried { unknown, is_low, value, by, claim: None });
        }
        tighter
    }

    /// Carries until something crosses: the two ends that do.
    fn run(&mut self) -> Option<[usize; 2]> {
        for upwards in [true, false] {
            for _ in 0..ROUNDS.max(if upwards { self.system.rows.len() } else { 0 }) {
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
                    return Some(crossing);
                }
                if !changed {
                    break;
                }
            }
        }
        None
    }

    /// The quantity that would have to be furthest above what it can be, the last one first.
    fn crossing(&self) -> Option<[usize; 2]> {
        let pairs = self.low.iter().zip(&self.high).rev();
        let mut crossing = pairs.filter_map(|(low, high)| Some([(*low)?, (*high)?]));
        crossing.find(|[low, high]| self.carried[*low].value > self.carried[*high].value)
    }

    /// Carries along one row; upwards only to the whole of a sum or the later day. None past 128 bits.
    fn carry(&mut self, row: usize, upwards: bool) -> Option<bool> {
        let system = self.system;
        let terms = &system.rows[row].terms;
        if upwards && (terms[0].1 != 1 || !matches!(system.origins[row], Origin::Row(_) | Origin::Growth)) {
            return Some(false);
        }
        // The most that each term can be; the sum of all, and how many have no most.
        let mut most: Vec<Option<(Number, Option<usize>)>> = Vec::with_capacity(terms.len());
        let (mut sum, mut open) = (Number::zero(), 0);
        for &(unknown, times) in terms {
            let by = if times > 0 { self.high[unknown as usize] } else { self.low[unknown as usize] };
            let value = match by {
                Some(at) => Some(self.carried[at].value),
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
        for (at, &(unknown, times)) in terms.iter().enumerate().take(if upwards { 1 } else { terms.len() }) {
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
        let mut seen = vec![false; self.carried.len()];
        while let Some(&next) = needed.get(at) {
            if !std::mem::replace(&mut seen[next], true) {
                needed.extend(self.carried[next].by.iter().flat_map(|(_, from)| from));
            }
            at += 1;
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// The steps that led to some ends.
    fn told(&self, part: &Part<'_>, small: &Small, to: &[usize]) -> Vec<Step> {
        self.needed(to).into_iter().filter_map(|at| self.step(part, small, at)).collect()
    }

    /// The claims that led to an end, of those given.
    fn claims(&self, of: &Set, to: usize) -> Set {
        self.claims_of(of, &[to])
    }

    fn claims_of(&self, of: &Set, to: &[usize]) -> Set {
        let mut set = Set::default();
        for at in self.needed(to) {
            let Carried { by, claim, .. } = &self.carried[at];
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

    fn step(&self, part: &Part<'_>, small: &Small, at: usize) -> Option<Step> {
        let (row, from) = self.carried[at].by.as_ref()?;
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
        if matches!(link, Link::Ratio(_)) {
            self.widen(at, *row, &mut to.range);
        }
        let from = from.iter().filter_map(|&at| self.fact(part, small, at)).collect();
        Some(Step { from, link, to })
    }

    /// A share or a change tells both ends at once, where both could be carried.
    fn widen(&self, at: usize, row: usize, range: &mut Range) {
        let Carried { unknown, is_low, .. } = self.carried[at];
        let same = |other: &&Carried| {
            let origin = other.by.as_ref().map(|(row, _)| self.system.origins[*row]);
            other.unknown == unknown && other.is_low != is_low && origin == Some(self.system.origins[row])
        };
        if let Some(other) = self.carried.iter().find(same) {
            let (low, high) = rounded(other.value);
            if is_low { range.high = high } else { range.low = low }
        }
    }

    fn fact(&self, part: &Part<'_>, small: &Small, at: usize) -> Option<Fact> {
        let Carried { unknown, is_low, value, claim, .. } = &self.carried[at];
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
