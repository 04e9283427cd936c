//! Finds conflicts among many shares, changes and sums, one variable at a time (as in Fourier-Motzkin elimination).
//!
//! The variables are put in an order. Each constraint bounds the last of its variables by the others. A conflict
//! exists if the lowest value of a variable is above its highest value. If the constraints have no cycle, every
//! conflict is found. Bounds and ratios can be disabled and bounds enabled again; the cost depends only on what this
//! changes.

mod order;
mod reasons;
mod witness;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use num_traits::{CheckedAdd as _, CheckedDiv as _, CheckedMul as _, CheckedSub as _, Zero as _};

use super::Rational;
use super::simplex;
use super::system::{BoundSet, InfeasibleSet, RowOrigin, System};
use super::work::WorkBudget;
use gainsay_reading::figure::OPEN;

/// The sides of a variable, as array indexes.
const LOW: usize = 0;
const HIGH: usize = 1;

/// The largest denominator of a bound. It keeps numbers within 128 bits.
const MAX_DENOMINATOR: i128 = 1 << 20;

/// A bound as a *key*: a lowest value is its own key, the key of a highest value is its negative. On both sides, a
/// larger key is a tighter bound.
type BoundKey = Rational;

/// The source of a bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum BoundSource {
    /// A claimed bound, by index.
    Claim(u32),
    /// A link, by index.
    Link(u32),
    /// A link with two ratios that can hold together only if both variables are zero.
    Zero(u32),
}

/// The bounds on one side of a variable.
#[derive(Default)]
struct SideBounds {
    /// The indexes of its claimed bounds, tightest first.
    claimed: Vec<u32>,
    /// The first claimed bound that is not disabled is at this index or later.
    first: usize,
    /// The bounds that links derive, with codes: twice the index of the link, plus one for [`BoundSource::Zero`].
    derived: BTreeSet<(BoundKey, Reverse<u32>)>,
    best: Option<(BoundKey, BoundSource)>,
    /// The best bound that the links from this variable have already used.
    sent: Option<BoundKey>,
}

/// Constraints on the same variables. They bound the last variable in the order, the target.
struct VariableLink {
    target: u32,
    kind: LinkKind,
    /// The bounds that it derives for the low and the high side of the target, and whether they were rounded.
    derived: [Option<(BoundKey, bool)>; 2],
    is_zero: bool,
}

enum LinkKind {
    Pair(PairLink),
    Sum(SumLink),
}

/// Bounds one variable by multiples of another.
struct PairLink {
    other: u32,
    /// The multiples of each side with their rows. The tightest is last. Among equal ones, a row that comes from no
    /// claim is last.
    multiples: [BTreeSet<Multiple>; 2],
}

/// A factor, whether a claim states it, and its row.
type Multiple = (Rational, Reverse<(bool, u32)>);

/// A sum of variables that is not negative, or that is exactly zero.
struct SumLink {
    /// The other variables and their coefficients.
    terms: Vec<(u32, i64)>,
    /// The coefficient of the target.
    own: i64,
    /// One inequality for each row. There are two if the sum is exactly zero.
    inequalities: Vec<SumInequality>,
}

struct SumInequality {
    row: u32,
    /// Whether all signs are changed.
    is_opposite: bool,
    /// For each term its contribution to the sum, and whether it was rounded. None if the term has no bound.
    shares: Vec<Option<(BoundKey, bool)>>,
    sum: BoundKey,
    /// The number of terms without a bound.
    open: usize,
    is_disabled: bool,
}

/// The result of propagating bounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EliminationResult {
    /// The lowest value of this variable is above its highest value.
    Clash(u32),
    /// No conflict was found.
    Done,
    /// The budget is used up.
    OutOfWork,
}

/// The bounds of all variables of a system.
pub(super) struct Elimination {
    /// For each variable, its rank in the order.
    rank: Vec<u32>,
    /// The variable at each rank.
    order: Vec<u32>,
    sides: Vec<[SideBounds; 2]>,
    links: Vec<VariableLink>,
    /// The links that use each variable, with the index of its term.
    out: Vec<Vec<(u32, u32)>>,
    claimed: Vec<simplex::VariableBound>,
    is_disabled: Vec<bool>,
    /// The rows of each ratio, with the link of each row.
    rows_of_ratio: Vec<Vec<(u32, u32)>>,
    is_ratio_disabled: Vec<bool>,
    ratio_of_row: Vec<Option<u32>>,
    /// The ranks of variables whose bounds may have changed.
    waiting: BTreeSet<u32>,
    /// Whether the constraints have no cycle.
    is_acyclic: bool,
    /// The number of rounded bounds.
    rounded: usize,
    /// Whether some bound did not fit into 128 bits.
    has_overflowed: bool,
}

impl Elimination {
    /// Builds the links. Bounds are not propagated yet. `None` if the budget is not enough.
    pub(super) fn new(
        system: &System,
        claimed: Vec<simplex::VariableBound>,
        ratios: usize,
        work: &WorkBudget,
    ) -> Option<Self> {
        let terms: usize = system.rows.iter().map(|row| row.terms.len()).sum();
        work.spend(4 * (terms + claimed.len() + ratios + system.variables))?;
        let plan = order::Plan::new(system);
        let ratio_of_row = system.origins.iter().map(|origin| match origin {
            RowOrigin::Ratio(ratio) => Some(*ratio),
            _ => None,
        });
        let mut elimination = Self {
            rank: plan.rank,
            order: plan.order,
            sides: (0..system.variables).map(|_| Default::default()).collect(),
            links: Vec::new(),
            out: vec![Vec::new(); system.variables],
            is_disabled: vec![false; claimed.len()],
            claimed,
            rows_of_ratio: vec![Vec::new(); ratios],
            is_ratio_disabled: vec![false; ratios],
            ratio_of_row: ratio_of_row.collect(),
            waiting: (0..system.variables as u32).collect(),
            is_acyclic: plan.is_acyclic,
            rounded: 0,
            has_overflowed: false,
        };
        for link in plan.links {
            elimination.add_link(link, system);
        }
        elimination.sort_claimed();
        for link in 0..elimination.links.len() as u32 {
            elimination.derive(link);
        }
        Some(elimination)
    }

    /// Whether a system without conflicts after propagation can certainly hold.
    pub(super) fn is_exact(&self) -> bool {
        self.is_acyclic && self.rounded == 0 && !self.has_overflowed
    }

    /// Whether it is enough to carry bounds along each constraint by itself, in both directions: the constraints have
    /// no cycle, and no two of them force a variable to be zero.
    pub(super) fn is_propagation_exact(&self) -> bool {
        self.is_acyclic && self.links.iter().all(|link| !link.is_zero)
    }

    fn sort_claimed(&mut self) {
        for (at, claimed) in self.claimed.iter().enumerate() {
            let is_bound = if claimed.is_low { claimed.value > 0 } else { claimed.value != OPEN };
            if is_bound {
                self.sides[claimed.variable as usize][side(claimed.is_low)].claimed.push(at as u32);
            }
        }
        let claimed = &self.claimed;
        for side in self.sides.iter_mut().flatten() {
            side.claimed.sort_by_key(|&at| Reverse(key(&claimed[at as usize])));
        }
    }

    fn add_link(&mut self, plan: order::PlannedLink, system: &System) {
        let at = self.links.len() as u32;
        let target = plan.target;
        let kind = match plan.others.as_slice() {
            [(other, _)] if plan.is_pair => LinkKind::Pair(self.pair(at, target, *other, &plan, system)),
            _ => LinkKind::Sum(self.sum(at, plan, system)),
        };
        let others: Vec<u32> = match &kind {
            LinkKind::Pair(pair) => vec![pair.other],
            LinkKind::Sum(sum) => sum.terms.iter().map(|(variable, _)| *variable).collect(),
        };
        for (term, &variable) in others.iter().enumerate() {
            self.out[variable as usize].push((at, term as u32));
        }
        self.links.push(VariableLink { target, kind, derived: [None; 2], is_zero: false });
    }

    fn note_ratio(&mut self, row: u32, link: u32) -> bool {
        let ratio = self.ratio_of_row[row as usize];
        if let Some(ratio) = ratio {
            self.rows_of_ratio[ratio as usize].push((row, link));
        }
        ratio.is_some()
    }

    fn pair(
        &mut self,
        at: u32,
        target: u32,
        other: u32,
        plan: &order::PlannedLink,
        system: &System,
    ) -> PairLink {
        let mut pair = PairLink { other, multiples: Default::default() };
        for &row in &plan.rows {
            let is_claim = self.note_ratio(row, at);
            let (side, multiple) = multiple(&system.rows[row as usize], target);
            pair.multiples[side].insert((multiple, Reverse((is_claim, row))));
        }
        pair
    }

    fn sum(&mut self, at: u32, plan: order::PlannedLink, system: &System) -> SumLink {
        let first = &system.rows[plan.rows[0] as usize];
        let coefficient = |row: &simplex::LinearRow| {
            row.terms
                .iter()
                .filter(|(variable, _)| *variable == plan.target)
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
                shares.push((!is_open).then_some((BoundKey::zero(), false)));
            }
            let open = shares.iter().filter(|share| share.is_none()).count();
            inequalities.push(SumInequality {
                row,
                is_opposite,
                shares,
                sum: BoundKey::zero(),
                open,
                is_disabled: false,
            });
        }
        SumLink { terms: plan.others, own, inequalities }
    }

    /// Disables a claimed bound, or enables it again.
    pub(super) fn set_disabled(&mut self, claimed: u32, is_disabled: bool) {
        self.is_disabled[claimed as usize] = is_disabled;
        let simplex::VariableBound { variable, is_low, .. } = self.claimed[claimed as usize];
        self.sides[variable as usize][side(is_low)].first = 0;
        self.waiting.insert(self.rank[variable as usize]);
    }

    /// Removes a ratio for good.
    pub(super) fn drop_ratio(&mut self, ratio: u32, system: &System) {
        self.is_ratio_disabled[ratio as usize] = true;
        for (row, at) in std::mem::take(&mut self.rows_of_ratio[ratio as usize]) {
            let link = &mut self.links[at as usize];
            match &mut link.kind {
                LinkKind::Pair(pair) => {
                    let (side, multiple) = multiple(&system.rows[row as usize], link.target);
                    pair.multiples[side].remove(&(multiple, Reverse((true, row))));
                }
                LinkKind::Sum(sum) => {
                    for inequality in sum.inequalities.iter_mut().filter(|inequality| inequality.row == row) {
                        inequality.is_disabled = true;
                    }
                }
            }
            self.derive(at);
        }
    }

    /// The conflict at a variable. `None` if the budget is not enough.
    pub(super) fn clash(&self, variable: u32, work: &WorkBudget) -> Option<InfeasibleSet> {
        let sides = reasons::reasons(self, variable, work)?;
        let mut set = BoundSet::default();
        for side in &sides {
            set.bounds.extend(&side.bounds);
            set.ratios.extend(&side.ratios);
        }
        for places in [&mut set.bounds, &mut set.ratios] {
            places.sort_unstable();
            places.dedup();
        }
        let relaxations = reasons::relaxations(self, variable, &sides, &set.bounds);
        Some(InfeasibleSet { set, relaxations, by_ratios: true })
    }

    /// All claimed bounds, including disabled ones.
    pub(super) fn claimed_bounds(&self) -> &[simplex::VariableBound] {
        &self.claimed
    }

    /// The claimed bounds that are not disabled.
    pub(super) fn active_bounds(&self) -> impl Iterator<Item = u32> {
        (0..self.claimed.len() as u32).filter(|&claimed| !self.is_disabled[claimed as usize])
    }

    /// Whether a row does not come from a removed ratio.
    pub(super) fn is_active_row(&self, row: usize) -> bool {
        self.ratio_of_row[row].is_none_or(|ratio| !self.is_ratio_disabled[ratio as usize])
    }

    /// Updates all bounds, in order, until the first conflict.
    pub(super) fn propagate(&mut self, work: &WorkBudget) -> EliminationResult {
        while let Some(rank) = self.waiting.pop_first() {
            let variable = self.order[rank as usize] as usize;
            let steps = [LOW, HIGH].map(|side| self.refresh(variable, side)).iter().sum::<usize>();
            let is_spent = work.spend(4 + steps).is_none();
            if is_spent || self.clashes(variable) {
                self.waiting.insert(rank);
                return if is_spent {
                    EliminationResult::OutOfWork
                } else {
                    EliminationResult::Clash(variable as u32)
                };
            }
            let steps = [LOW, HIGH].map(|side| self.notify_links(variable, side)).iter().sum::<usize>();
            if work.spend(steps).is_none() {
                return EliminationResult::OutOfWork;
            }
        }
        EliminationResult::Done
    }

    /// Whether the lowest value of a variable is above its highest value.
    fn clashes(&self, variable: usize) -> bool {
        self.best(variable, HIGH).zip(self.best(variable, LOW)).is_some_and(|(high, low)| low > -high)
    }

    /// The tightest bound of a side. The lowest value is at least zero. A sum can make the highest value negative.
    fn best(&self, variable: usize, side: usize) -> Option<BoundKey> {
        let least = (side == LOW).then(BoundKey::zero);
        self.sides[variable][side].best.map(|(bound, _)| bound).or(least)
    }

    /// Determines the best bound of a side again. Returns the number of disabled bounds that were skipped.
    fn refresh(&mut self, variable: usize, of: usize) -> usize {
        let side = &mut self.sides[variable][of];
        let from = side.first;
        while side.claimed.get(side.first).is_some_and(|&claimed| self.is_disabled[claimed as usize]) {
            side.first += 1;
        }
        let claimed =
            side.claimed.get(side.first).map(|&at| (key(&self.claimed[at as usize]), BoundSource::Claim(at)));
        let derived = side.derived.last().map(|&(bound, Reverse(code))| {
            (bound, if code % 2 == 1 { BoundSource::Zero(code / 2) } else { BoundSource::Link(code / 2) })
        });
        side.best = match (claimed, derived) {
            (Some(claimed), Some(derived)) => Some(if claimed.0 >= derived.0 { claimed } else { derived }),
            (claimed, derived) => claimed.or(derived),
        };
        side.first - from
    }

    /// Updates the links from one side of a variable if its best bound has changed. Returns the cost.
    fn notify_links(&mut self, variable: usize, of: usize) -> usize {
        let side = &mut self.sides[variable][of];
        let bound = side.best.map(|(bound, _)| bound);
        if side.sent == bound {
            return 0;
        }
        side.sent = bound;
        let out = std::mem::take(&mut self.out[variable]);
        for &(link, term) in &out {
            self.update_link(link, term as usize, of, bound);
        }
        let count = out.len();
        self.out[variable] = out;
        8 * count
    }

    /// Uses a changed bound of another variable in a link.
    fn update_link(&mut self, at: u32, term: usize, of: usize, bound: Option<BoundKey>) {
        let link = &mut self.links[at as usize];
        match &mut link.kind {
            LinkKind::Pair(pair) => {
                let derived = pair.derived(of, bound, &mut self.has_overflowed);
                self.set_derived(at, of, derived);
            }
            LinkKind::Sum(sum) => {
                let times = sum.terms[term].1;
                for nth in 0..sum.inequalities.len() {
                    let inequality = &mut sum.inequalities[nth];
                    let is_high = (times > 0) != inequality.is_opposite;
                    if (of == HIGH) == is_high {
                        let share = share(bound, times, is_high, &mut self.has_overflowed);
                        self.rounded += share.iter().filter(|(_, rounded)| *rounded).count();
                        let before = inequality.replace(term, share, &mut self.has_overflowed);
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
            LinkKind::Pair(pair) => {
                let (is_zero, target) = (pair.is_zero(), link.target);
                let sent = [LOW, HIGH].map(|side| self.sides[pair.other as usize][side].sent);
                let mut has_overflowed = self.has_overflowed;
                let derived = [LOW, HIGH].map(|side| pair.derived(side, sent[side], &mut has_overflowed));
                self.has_overflowed = has_overflowed;
                if std::mem::replace(&mut self.links[at as usize].is_zero, is_zero) != is_zero {
                    let known = &mut self.sides[target as usize][HIGH].derived;
                    let zero = (BoundKey::zero(), Reverse(2 * at + 1));
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
            LinkKind::Sum(sum) => {
                let derived: Vec<(usize, Option<(BoundKey, bool)>)> =
                    sum.inequalities.iter().map(|inequality| sum.derived(inequality)).collect();
                for (side, derived) in derived {
                    self.set_derived(at, side, derived);
                }
            }
        }
    }

    fn set_derived(&mut self, at: u32, of: usize, derived: Option<(BoundKey, bool)>) {
        // A lowest value of zero is always known.
        let derived = derived.filter(|(bound, _)| of == HIGH || *bound > BoundKey::zero());
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

impl PairLink {
    fn derived(
        &self,
        side: usize,
        bound: Option<BoundKey>,
        has_overflowed: &mut bool,
    ) -> Option<(BoundKey, bool)> {
        let (multiple, _) = self.multiples[side].last()?;
        let multiple = if side == LOW { *multiple } else { -*multiple };
        let product = bound?.checked_mul(&multiple);
        *has_overflowed |= product.is_none();
        loosened(product?, side)
    }

    /// Whether the tightest multiples can hold together only if both variables are zero.
    fn is_zero(&self) -> bool {
        let [low, high] = &self.multiples;
        match (low.last(), high.last()) {
            (Some((low, _)), Some((high, _))) => *low > -*high,
            _ => false,
        }
    }
}

impl SumLink {
    /// The side of the target that an inequality bounds.
    fn side(&self, inequality: &SumInequality) -> usize {
        if (self.own > 0) == inequality.is_opposite { HIGH } else { LOW }
    }

    fn derived(&self, inequality: &SumInequality) -> (usize, Option<(BoundKey, bool)>) {
        let side = self.side(inequality);
        if inequality.open > 0 || inequality.is_disabled {
            return (side, None);
        }
        let own = Rational::from_integer(i128::from(self.own).abs());
        (side, inequality.sum.checked_div(&own).and_then(|bound| loosened(bound, side)))
    }
}

impl SumInequality {
    /// Replaces the contribution of a term. Returns the previous one.
    fn replace(
        &mut self,
        term: usize,
        share: Option<(BoundKey, bool)>,
        has_overflowed: &mut bool,
    ) -> Option<(BoundKey, bool)> {
        let before = std::mem::replace(&mut self.shares[term], share);
        self.open += usize::from(share.is_none());
        self.open -= usize::from(before.is_none());
        let value = |share: Option<(BoundKey, bool)>| share.map_or(BoundKey::zero(), |(share, _)| share);
        let sum = self.sum.checked_sub(&value(before)).and_then(|sum| sum.checked_add(&value(share)));
        *has_overflowed |= sum.is_none();
        self.sum = sum.unwrap_or(self.sum);
        before
    }
}

fn side(is_low: bool) -> usize {
    if is_low { LOW } else { HIGH }
}

fn key(claimed: &simplex::VariableBound) -> BoundKey {
    let value = Rational::from_integer(claimed.value.into());
    if claimed.is_low { value } else { -value }
}

/// The side of the target that a row with two terms bounds, and the multiple of the other variable. Upper multiples
/// are negated, so that the largest is the tightest on both sides.
fn multiple(row: &simplex::LinearRow, target: u32) -> (usize, Rational) {
    let (mut own, mut other) = (0_i128, 0_i128);
    for &(variable, times) in &row.terms {
        *(if variable == target { &mut own } else { &mut other }) += i128::from(times);
    }
    let multiple = Rational::new(other.abs(), own.abs().max(1));
    if own > 0 { (LOW, multiple) } else { (HIGH, -multiple) }
}

/// The contribution of a term to a sum: its bound times the coefficient. It is rounded unless its denominator is a small
/// power of two, so that sums of contributions keep a small denominator.
fn share(
    bound: Option<BoundKey>,
    times: i64,
    is_high: bool,
    has_overflowed: &mut bool,
) -> Option<(BoundKey, bool)> {
    let Some(bound) = bound else { return (!is_high).then_some((BoundKey::zero(), false)) };
    let product = bound.checked_mul(&Rational::from_integer(i128::from(times).abs()));
    *has_overflowed |= product.is_none();
    let product = product?;
    let denominator = *product.denom();
    if denominator.count_ones() == 1 && denominator <= MAX_DENOMINATOR {
        return Some((product, false));
    }
    Some((rounded(product)?, true))
}

/// Rounds a bound outwards if its denominator is large, and says whether it did. `None` if the result has no effect.
fn loosened(bound: BoundKey, side: usize) -> Option<(BoundKey, bool)> {
    let most = Rational::from_integer(i64::MAX.into());
    if bound > most {
        return Some((most, true));
    }
    if -bound > most && side == HIGH {
        return None;
    }
    if *bound.denom() <= MAX_DENOMINATOR {
        return Some((bound, false));
    }
    Some((rounded(bound)?, true))
}

fn rounded(bound: BoundKey) -> Option<BoundKey> {
    Some(
        bound.checked_mul(&Rational::from_integer(MAX_DENOMINATOR))?.floor()
            / Rational::from_integer(MAX_DENOMINATOR),
    )
}

#[cfg(test)]
mod tests;
