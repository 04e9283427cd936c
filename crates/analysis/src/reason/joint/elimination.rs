//! Clashes among many shares, changes and sums, found one unknown at a time.
//!
//! The unknowns of a system are put in an order, and each constraint is projected onto the last of its unknowns: what
//! the others can be bounds that one. A clash shows where a least value passes a greatest one. If no constraints form
//! a cycle, this finds every clash. Ends and ratios can be put aside and taken back; that costs what it touches.

mod order;
mod reasons;
mod witness;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use num_rational::Ratio as Fraction;
use num_traits::{CheckedAdd as _, CheckedDiv as _, CheckedMul as _, CheckedSub as _, Zero as _};

use super::simplex;
use super::system::{Clashing, Origin, Set, System};
use super::work::Work;
use gainsay_reading::figure::OPEN;

/// Fractions of 128 bits.
type Number = Fraction<i128>;

/// The two ends of an unknown, as places in arrays.
const LOW: usize = 0;
const HIGH: usize = 1;

/// Bounds have no larger denominators than this, so that they never outgrow 128 bits.
const FINE: i128 = 1 << 20;

/// A bound as a *key*: a least value itself, a greatest value with its sign changed. The larger key of a side is the
/// tighter one.
type Bound = Number;

/// Where a bound comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum By {
    /// An end, by its place.
    End(u32),
    /// A link, by its number.
    Link(u32),
    /// A link of which two ratios exclude each other for every value but zero.
    Zero(u32),
}

/// One side of an unknown.
#[derive(Default)]
struct Side {
    /// Its ends by their places, the tightest first.
    ends: Vec<u32>,
    /// The first end that is not put aside is here or later.
    first: usize,
    /// The bounds that links derive, each with twice the number of its link; plus one for [`By::Zero`].
    derived: BTreeSet<(Bound, Reverse<u32>)>,
    best: Option<(Bound, By)>,
    /// The best bound that the links out of the unknown have taken into account.
    sent: Option<Bound>,
}

/// Constraints on the same unknowns, projected onto the last of them.
struct Link {
    target: u32,
    kind: Kind,
    /// The bounds it derives for the low and the high side of the target, and whether they were rounded.
    derived: [Option<(Bound, bool)>; 2],
    is_zero: bool,
}

enum Kind {
    Pair(Pair),
    Sum(Sum),
}

/// Two unknowns; one is bounded by multiples of the other.
struct Pair {
    other: u32,
    /// The multiples of each side, with their rows; the tightest is last, and of equal ones a row that no claim states.
    multiples: [BTreeSet<Multiple>; 2],
}

/// A multiple, whether a claim states it, and its row.
type Multiple = (Number, Reverse<(bool, u32)>);

/// A sum of unknowns that is not negative.
struct Sum {
    /// The other unknowns and their coefficients.
    terms: Vec<(u32, i64)>,
    /// The coefficient of the target.
    own: i64,
    /// The row, and the row that says the opposite if the sum is exactly zero.
    inequalities: Vec<Inequality>,
}

struct Inequality {
    row: u32,
    /// Whether every coefficient has its sign changed.
    is_opposite: bool,
    /// For each term its share in the sum, and whether it was rounded; none where the term has no bound.
    shares: Vec<Option<(Bound, bool)>>,
    sum: Bound,
    /// The number of terms without a bound.
    open: usize,
    is_aside: bool,
}

/// The result of finality.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Settled {
    /// The least value of this unknown is above its greatest.
    Clash(u32),
    /// No clash was found.
    Done,
    /// No work is left.
    OutOfWork,
}

/// The bounds of all unknowns of a system.
pub(super) struct Elimination {
    /// For each unknown its place in the order.
    rank: Vec<u32>,
    /// For each place its unknown.
    order: Vec<u32>,
    sides: Vec<[Side; 2]>,
    links: Vec<Link>,
    /// The links that read each unknown, with the place of its term.
    out: Vec<Vec<(u32, u32)>>,
    ends: Vec<simplex::End>,
    is_aside: Vec<bool>,
    /// For each ratio its rows, with the link of each.
    rows_of_ratio: Vec<Vec<(u32, u32)>>,
    ratio_is_aside: Vec<bool>,
    ratio_of_row: Vec<Option<u32>>,
    /// The places of unknowns whose bounds may have changed.
    waiting: BTreeSet<u32>,
    /// Whether no constraints form a cycle.
    is_forest: bool,
    /// How many bounds are rounded.
    rounded: usize,
    /// Whether some bound did not fit into 128 bits.
    has_outgrown: bool,
}

impl Elimination {
    /// Nothing settled yet. `None` if there is not enough work left.
    pub(super) fn new(system: &System, ends: Vec<simplex::End>, ratios: usize, work: &Work) -> Option<Self> {
        let terms: usize = system.rows.iter().map(|row| row.terms.len()).sum();
        work.spend(4 * (terms + ends.len() + ratios + system.unknowns))?;
        let plan = order::Plan::new(system);
        let ratio_of_row = system.origins.iter().map(|origin| match origin {
            Origin::Ratio(ratio) => Some(*ratio),
            _ => None,
        });
        let mut elimination = Self {
            rank: plan.rank,
            order: plan.order,
            sides: (0..system.unknowns).map(|_| Default::default()).collect(),
            links: Vec::new(),
            out: vec![Vec::new(); system.unknowns],
            is_aside: vec![false; ends.len()],
            ends,
            rows_of_ratio: vec![Vec::new(); ratios],
            ratio_is_aside: vec![false; ratios],
            ratio_of_row: ratio_of_row.collect(),
            waiting: (0..system.unknowns as u32).collect(),
            is_forest: plan.is_forest,
            rounded: 0,
            has_outgrown: false,
        };
        for link in plan.links {
            elimination.add_link(link, system);
        }
        elimination.sort_ends();
        for link in 0..elimination.links.len() as u32 {
            elimination.derive(link);
        }
        Some(elimination)
    }

    /// Whether a settled system without a clash can surely hold.
    pub(super) fn is_exact(&self) -> bool {
        self.is_forest && self.rounded == 0 && !self.has_outgrown
    }

    /// Whether it is enough to carry bounds along each constraint by itself, to and fro: no constraints form a cycle, and
    /// none exclude each other for every value but zero.
    pub(super) fn is_plain(&self) -> bool {
        self.is_forest && self.links.iter().all(|link| !link.is_zero)
    }

    fn sort_ends(&mut self) {
        for (at, end) in self.ends.iter().enumerate() {
            let is_bound = if end.is_low { end.value > 0 } else { end.value != OPEN };
            if is_bound {
                self.sides[end.cell as usize][side(end.is_low)].ends.push(at as u32);
            }
        }
        let ends = &self.ends;
        for side in self.sides.iter_mut().flatten() {
            side.ends.sort_by_key(|&at| Reverse(key(&ends[at as usize])));
        }
    }

    fn add_link(&mut self, plan: order::PlannedLink, system: &System) {
        let at = self.links.len() as u32;
        let target = plan.target;
        let kind = match plan.others.as_slice() {
            [(other, _)] if plan.is_pair => Kind::Pair(self.pair(at, target, *other, &plan, system)),
            _ => Kind::Sum(self.sum(at, plan, system)),
        };
        let others: Vec<u32> = match &kind {
            Kind::Pair(pair) => vec![pair.other],
            Kind::Sum(sum) => sum.terms.iter().map(|(unknown, _)| *unknown).collect(),
        };
        for (term, &unknown) in others.iter().enumerate() {
            self.out[unknown as usize].push((at, term as u32));
        }
        self.links.push(Link { target, kind, derived: [None; 2], is_zero: false });
    }

    fn note_ratio(&mut self, row: u32, link: u32) -> bool {
        let ratio = self.ratio_of_row[row as usize];
        if let Some(ratio) = ratio {
            self.rows_of_ratio[ratio as usize].push((row, link));
        }
        ratio.is_some()
    }

    fn pair(&mut self, at: u32, target: u32, other: u32, plan: &order::PlannedLink, system: &System) -> Pair {
        let mut pair = Pair { other, multiples: Default::default() };
        for &row in &plan.rows {
            let is_claim = self.note_ratio(row, at);
            let (side, multiple) = multiple(&system.rows[row as usize], target);
            pair.multiples[side].insert((multiple, Reverse((is_claim, row))));
        }
        pair
    }

    fn sum(&mut self, at: u32, plan: order::PlannedLink, system: &System) -> Sum {
        let first = &system.rows[plan.rows[0] as usize];
        let coefficient = |row: &simplex::Row| {
            row.terms
                .iter()
                .filter(|(unknown, _)| *unknown == plan.target)
                .map(|(_, times)| times)
                .sum::<i64>()
        };
        let own = coefficient(first);
        let mut inequalities = Vec::new();
        for &row in &plan.rows {
            self.note_ratio(row, at);
            let is_opposite = coefficient(&system.rows[row as usize]) != own;
            let mut shares = Vec::with_capacity(plan.others.len());
            for &(_, times) in &plan.others {
                let is_open = (times > 0) != is_opposite;
                shares.push((!is_open).then_some((Bound::zero(), false)));
            }
            let open = shares.iter().filter(|share| share.is_none()).count();
            inequalities.push(Inequality {
                row,
                is_opposite,
                shares,
                sum: Bound::zero(),
                open,
                is_aside: false,
            });
        }
        Sum { terms: plan.others, own, inequalities }
    }

    /// Puts an end aside, or takes it back.
    pub(super) fn set_aside(&mut self, end: u32, is_aside: bool) {
        self.is_aside[end as usize] = is_aside;
        let simplex::End { cell, is_low, .. } = self.ends[end as usize];
        self.sides[cell as usize][side(is_low)].first = 0;
        self.waiting.insert(self.rank[cell as usize]);
    }

    /// Puts a ratio aside for good.
    pub(super) fn drop_ratio(&mut self, ratio: u32, system: &System) {
        self.ratio_is_aside[ratio as usize] = true;
        for (row, at) in std::mem::take(&mut self.rows_of_ratio[ratio as usize]) {
            let link = &mut self.links[at as usize];
            match &mut link.kind {
                Kind::Pair(pair) => {
                    let (side, multiple) = multiple(&system.rows[row as usize], link.target);
                    pair.multiples[side].remove(&(multiple, Reverse((true, row))));
                }
                Kind::Sum(sum) => {
                    for inequality in sum.inequalities.iter_mut().filter(|inequality| inequality.row == row) {
                        inequality.is_aside = true;
                    }
                }
            }
            self.derive(at);
        }
    }

    /// The clash at an unknown, by places of ends and ratios. `None` if there is not enough work left.
    pub(super) fn clash(&self, unknown: u32, work: &Work) -> Option<Clashing> {
        let sides = reasons::reasons(self, unknown, work)?;
        let mut set = Set::default();
        for side in &sides {
            set.ends.extend(&side.ends);
            set.ratios.extend(&side.ratios);
        }
        for places in [&mut set.ends, &mut set.ratios] {
            places.sort_unstable();
            places.dedup();
        }
        let gives = reasons::gives(self, unknown, &sides, &set.ends);
        Some(Clashing { set, gives, by_ratios: true })
    }

    /// All ends, also those that are put aside.
    pub(super) fn ends(&self) -> &[simplex::End] {
        &self.ends
    }

    /// The ends that are not put aside.
    pub(super) fn active_ends(&self) -> impl Iterator<Item = u32> {
        (0..self.ends.len() as u32).filter(|&end| !self.is_aside[end as usize])
    }

    /// Whether a row is not of a ratio that is put aside.
    pub(super) fn is_active_row(&self, row: usize) -> bool {
        self.ratio_of_row[row].is_none_or(|ratio| !self.ratio_is_aside[ratio as usize])
    }

    /// Brings all bounds up to date, up to the first clash.
    pub(super) fn settle(&mut self, work: &Work) -> Settled {
        while let Some(rank) = self.waiting.pop_first() {
            let unknown = self.order[rank as usize] as usize;
            let steps = [LOW, HIGH].map(|side| self.refresh(unknown, side)).iter().sum::<usize>();
            let is_spent = work.spend(4 + steps).is_none();
            if is_spent || self.clashes(unknown) {
                self.waiting.insert(rank);
                return if is_spent { Settled::OutOfWork } else { Settled::Clash(unknown as u32) };
            }
            let steps = [LOW, HIGH].map(|side| self.send(unknown, side)).iter().sum::<usize>();
            if work.spend(steps).is_none() {
                return Settled::OutOfWork;
            }
        }
        Settled::Done
    }

    /// Whether the least value of an unknown is above its greatest.
    fn clashes(&self, unknown: usize) -> bool {
        self.best(unknown, HIGH).zip(self.best(unknown, LOW)).is_some_and(|(high, low)| low > -high)
    }

    /// The tightest bound of a side. The least value is zero without any reason; a sum can make the greatest negative.
    fn best(&self, unknown: usize, side: usize) -> Option<Bound> {
        let least = (side == LOW).then(Bound::zero);
        self.sides[unknown][side].best.map(|(bound, _)| bound).or(least)
    }

    /// Finds the best bound of a side again. Returns how many ends were passed over.
    fn refresh(&mut self, unknown: usize, of: usize) -> usize {
        let side = &mut self.sides[unknown][of];
        let from = side.first;
        while side.ends.get(side.first).is_some_and(|&end| self.is_aside[end as usize]) {
            side.first += 1;
        }
        let end = side.ends.get(side.first).map(|&at| (key(&self.ends[at as usize]), By::End(at)));
        let derived = side.derived.last().map(|&(bound, Reverse(code))| {
            (bound, if code % 2 == 1 { By::Zero(code / 2) } else { By::Link(code / 2) })
        });
        side.best = match (end, derived) {
            (Some(end), Some(derived)) => Some(if end.0 >= derived.0 { end } else { derived }),
            (end, derived) => end.or(derived),
        };
        side.first - from
    }

    /// Tells the links of a side's bound if it has changed. Returns how many there are.
    fn send(&mut self, unknown: usize, of: usize) -> usize {
        let side = &mut self.sides[unknown][of];
        let bound = side.best.map(|(bound, _)| bound);
        if side.sent == bound {
            return 0;
        }
        side.sent = bound;
        let out = std::mem::take(&mut self.out[unknown]);
        for &(link, term) in &out {
            self.take_in(link, term as usize, of, bound);
        }
        let told = out.len();
        self.out[unknown] = out;
        8 * told
    }

    /// Takes a changed bound of another unknown into account.
    fn take_in(&mut self, at: u32, term: usize, of: usize, bound: Option<Bound>) {
        let link = &mut self.links[at as usize];
        match &mut link.kind {
            Kind::Pair(pair) => {
                let derived = pair.derived(of, bound, &mut self.has_outgrown);
                self.set_derived(at, of, derived);
            }
            Kind::Sum(sum) => {
                let times = sum.terms[term].1;
                for nth in 0..sum.inequalities.len() {
                    let inequality = &mut sum.inequalities[nth];
                    let is_high = (times > 0) != inequality.is_opposite;
                    if (of == HIGH) == is_high {
                        let share = share(bound, times, is_high, &mut self.has_outgrown);
                        self.rounded += share.iter().filter(|(_, rounded)| *rounded).count();
                        let before = inequality.replace(term, share, &mut self.has_outgrown);
                        self.rounded -= before.iter().filter(|(_, rounded)| *rounded).count();
                    }
                }
                self.derive(at);
            }
        }
    }

    /// Computes again how a link bounds its target.
    fn derive(&mut self, at: u32) {
        let link = &self.links[at as usize];
        match &link.kind {
            Kind::Pair(pair) => {
                let (is_zero, target) = (pair.is_zero(), link.target);
                let sent = [LOW, HIGH].map(|side| self.sides[pair.other as usize][side].sent);
                let mut has_outgrown = self.has_outgrown;
                let derived = [LOW, HIGH].map(|side| pair.derived(side, sent[side], &mut has_outgrown));
                self.has_outgrown = has_outgrown;
                if std::mem::replace(&mut self.links[at as usize].is_zero, is_zero) != is_zero {
                    let known = &mut self.sides[target as usize][HIGH].derived;
                    let zero = (Bound::zero(), Reverse(2 * at + 1));
                    if is_zero {
                        known.insert(zero);
                    } else {
                        known.remove(&zero);
                    }
                    self.waiting.insert(self.rank[target as usize]);
                }
                for side in [LOW, HIGH] {
                    self.set_derived(at, side, derived[side]);
                }
            }
            Kind::Sum(sum) => {
                let derived: Vec<(usize, Option<(Bound, bool)>)> =
                    sum.inequalities.iter().map(|inequality| sum.derived(inequality)).collect();
                for (side, derived) in derived {
                    self.set_derived(at, side, derived);
                }
            }
        }
    }

    fn set_derived(&mut self, at: u32, of: usize, derived: Option<(Bound, bool)>) {
        // A least value of zero says nothing.
        let derived = derived.filter(|(bound, _)| of == HIGH || *bound > Bound::zero());
        let link = &mut self.links[at as usize];
        let before = std::mem::replace(&mut link.derived[of], derived);
        self.rounded += usize::from(derived.is_some_and(|(_, rounded)| rounded));
        self.rounded -= usize::from(before.is_some_and(|(_, rounded)| rounded));
        if before.map(|(bound, _)| bound) == derived.map(|(bound, _)| bound) {
            return;
        }
        let known = &mut self.sides[link.target as usize][of].derived;
        if let Some((bound, _)) = before {
            known.remove(&(bound, Reverse(2 * at)));
        }
        if let Some((bound, _)) = derived {
            known.insert((bound, Reverse(2 * at)));
        }
        self.waiting.insert(self.rank[link.target as usize]);
    }
}

impl Pair {
    fn derived(&self, side: usize, bound: Option<Bound>, has_outgrown: &mut bool) -> Option<(Bound, bool)> {
        let (multiple, _) = self.multiples[side].last()?;
        let multiple = if side == LOW { *multiple } else { -*multiple };
        let product = bound?.checked_mul(&multiple);
        *has_outgrown |= product.is_none();
        loosened(product?, side)
    }

    /// Whether two multiples exclude each other for every value but zero.
    fn is_zero(&self) -> bool {
        let [low, high] = &self.multiples;
        match (low.last(), high.last()) {
            (Some((low, _)), Some((high, _))) => *low > -*high,
            _ => false,
        }
    }
}

impl Sum {
    /// The side of the target that an inequality bounds.
    fn side(&self, inequality: &Inequality) -> usize {
        if (self.own > 0) == inequality.is_opposite { HIGH } else { LOW }
    }

    fn derived(&self, inequality: &Inequality) -> (usize, Option<(Bound, bool)>) {
        let side = self.side(inequality);
        if inequality.open > 0 || inequality.is_aside {
            return (side, None);
        }
        let own = Number::from_integer(i128::from(self.own).abs());
        (side, inequality.sum.checked_div(&own).and_then(|bound| loosened(bound, side)))
    }
}

impl Inequality {
    /// Replaces the share of a term. Returns the share before.
    fn replace(
        &mut self,
        term: usize,
        share: Option<(Bound, bool)>,
        has_outgrown: &mut bool,
    ) -> Option<(Bound, bool)> {
        let before = std::mem::replace(&mut self.shares[term], share);
        self.open += usize::from(share.is_none());
        self.open -= usize::from(before.is_none());
        let value = |share: Option<(Bound, bool)>| share.map_or(Bound::zero(), |(share, _)| share);
        let sum = self.sum.checked_sub(&value(before)).and_then(|sum| sum.checked_add(&value(share)));
        *has_outgrown |= sum.is_none();
        self.sum = sum.unwrap_or(self.sum);
        before
    }
}

fn side(is_low: bool) -> usize {
    if is_low { LOW } else { HIGH }
}

fn key(end: &simplex::End) -> Bound {
    let value = Number::from_integer(end.value.into());
    if end.is_low { value } else { -value }
}

/// The side of the target that a row of two terms bounds, and its multiple of the other unknown as it is sorted: of
/// upper multiples the smallest is the tightest.
fn multiple(row: &simplex::Row, target: u32) -> (usize, Number) {
    let (mut own, mut other) = (0_i128, 0_i128);
    for &(unknown, times) in &row.terms {
        *(if unknown == target { &mut own } else { &mut other }) += i128::from(times);
    }
    let multiple = Number::new(other.abs(), own.abs().max(1));
    if own > 0 { (LOW, multiple) } else { (HIGH, -multiple) }
}

/// The share of a term in a sum: its bound times the coefficient, with a denominator that others share.
fn share(bound: Option<Bound>, times: i64, is_high: bool, has_outgrown: &mut bool) -> Option<(Bound, bool)> {
    let Some(bound) = bound else { return (!is_high).then_some((Bound::zero(), false)) };
    let product = bound.checked_mul(&Number::from_integer(i128::from(times).abs()));
    *has_outgrown |= product.is_none();
    let product = product?;
    let denominator = *product.denom();
    if denominator.count_ones() == 1 && denominator <= FINE {
        return Some((product, false));
    }
    Some((rounded(product)?, true))
}

/// A bound with a small denominator that is equal or looser, and whether it was rounded. `None` if it bounds nothing.
fn loosened(bound: Bound, side: usize) -> Option<(Bound, bool)> {
    let most = Number::from_integer(i64::MAX.into());
    if bound > most {
        return Some((most, true));
    }
    if -bound > most && side == HIGH {
        return None;
    }
    if *bound.denom() <= FINE {
        return Some((bound, false));
    }
    Some((rounded(bound)?, true))
}

fn rounded(bound: Bound) -> Option<Bound> {
    Some(bound.checked_mul(&Number::from_integer(FINE))?.floor() / Number::from_integer(FINE))
}

#[cfg(test)]
mod tests;
