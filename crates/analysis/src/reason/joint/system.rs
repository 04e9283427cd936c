//! The exact test: all ends, rows, shares and changes of a part of the workspace as linear constraints.
//!
//! Carrying low ends up is exact only while nothing pushes back. Where parts are all of their whole, where a
//! figure is told as a share or a change, or where the rest of a whole matters that no population names, the
//! constraints are handed to the simplex method, which says whether they can hold, and if not which clash.

use super::ends::{End, Ratio};
use super::network::{Frame, Holds, Key, Network, Reason, Row};
use super::simplex::{self, Outcome};
use super::work::Work;
use gainsay_reading::figure::{OPEN, WHOLE};

/// A set of ends, by their places, and of shares and changes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Set {
    /// Places in the list of ends.
    pub(super) ends: Vec<u32>,
    /// Places in the list of ratios.
    pub(super) ratios: Vec<u32>,
}

impl Set {
    /// The sets of one less.
    pub(super) fn each_less(&self) -> impl Iterator<Item = Self> {
        let without_end = (0..self.ends.len()).map(|at| {
            let mut fewer = self.clone();
            fewer.ends.remove(at);
            fewer
        });
        without_end.chain((0..self.ratios.len()).map(|at| {
            let mut fewer = self.clone();
            fewer.ratios.remove(at);
            fewer
        }))
    }
}

/// What came of a test.
pub(super) enum Verdict {
    /// They can hold.
    Holds,
    /// These cannot.
    Clashes(Clashing),
    /// Too large to be searched to the end.
    Unsearched,
}

/// What cannot hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Clashing {
    /// The claims.
    pub(super) set: Set,
    /// For each end how far it would have to give way to end the clash, rounded up.
    pub(super) gives: Vec<i64>,
    /// Whether shares and changes alone lead from claim to claim.
    pub(super) by_ratios: bool,
}

/// The exact test looks at no more rows than this, and makes no more pivots than this.
const MAX_ROWS: usize = 2000;
const MAX_PIVOTS: usize = 5000;

/// A system has at most so many unknowns for each cell, end and ratio, and [`MAX_ROWS`] more. Cells and days
/// multiply where many tolls grow on many days.
const MAX_UNKNOWNS_EACH: usize = 8;

/// Why a row of the problem holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// A row of the network.
    Row(u32),
    /// A toll only rises.
    Growth,
    /// A share or a change.
    Ratio(u32),
    /// A whole is its parts and the rest; the rest of a whole holds that of its parts.
    Rest,
}

/// Constraints on the cells of a network.
pub(super) struct System {
    /// The days at which cells are told apart.
    days: Vec<i32>,
    /// The first unknown of each cell and how many it has.
    first: Vec<(u32, u32)>,
    /// Whether time matters to each cell.
    timed: Vec<bool>,
    /// The whole of each rest and its first unknown; these come after those of the cells.
    rests: Vec<(u32, u32)>,
    pub(super) unknowns: usize,
    pub(super) rows: Vec<simplex::Row>,
    pub(super) origins: Vec<Origin>,
}

impl System {
    /// The constraints of a network at the days on which something binds. Returns `None` if they are too many, or
    /// too many for the work that is left.
    pub(super) fn new(
        frame: &Frame<'_>,
        network: &Network,
        ends: &[End],
        ratios: &[Ratio],
        rests: bool,
        work: &Work,
    ) -> Option<Self> {
        let mut days: Vec<i32> = ends.iter().filter(|end| !end.is_low).map(|end| end.day).collect();
        days.extend(ratios.iter().map(|ratio| ratio.day));
        days.push(i32::MAX);
        days.sort_unstable();
        days.dedup();
        let mut system = Self {
            days,
            first: Vec::new(),
            timed: Vec::new(),
            rests: Vec::new(),
            unknowns: 0,
            rows: Vec::new(),
            origins: Vec::new(),
        };
        for &key in &network.cells {
            let settled = frame.settled(key);
            // A cell has an unknown for each day until its figures are settled, one where time does not matter.
            let own =
                settled.map_or(0, |settled| system.days.partition_point(|&day| day < settled)) as u32 + 1;
            system.timed.push(settled.is_some());
            system.first.push((system.unknowns as u32, own));
            system.unknowns += own as usize;
        }
        let size = network.cells.len() + ends.len() + ratios.len();
        work.spend(system.steps_to_build(network, rests).saturating_add(size))?;
        if system.unknowns > MAX_UNKNOWNS_EACH * size + MAX_ROWS {
            return None;
        }
        system.push_growth();
        for at in 0..network.rows.len() {
            system.push_row(network, at);
        }
        for (at, ratio) in ratios.iter().enumerate() {
            system.push_ratio(at as u32, ratio);
        }
        if rests {
            system.push_rests(network);
        }
        Some(system)
    }

    /// Rows made up for a test.
    #[cfg(test)]
    pub(super) fn of_rows(unknowns: usize, rows: Vec<simplex::Row>, origins: Vec<Origin>) -> Self {
        Self {
            days: Vec::new(),
            first: Vec::new(),
            timed: Vec::new(),
            rests: Vec::new(),
            unknowns,
            rows,
            origins,
        }
    }

    /// At most how many terms its rows have.
    fn steps_to_build(&self, network: &Network, rests: bool) -> usize {
        let days = |cell: u32| self.first[cell as usize].1 as usize;
        let terms = |row: &Row| {
            let parts = network.parts(row);
            let most = parts.iter().fold(days(row.whole), |most, &part| most.max(days(part)));
            (most + 1).saturating_mul(parts.len() + 2).saturating_mul(if rests { 4 } else { 1 })
        };
        network.rows.iter().map(terms).fold(2 * self.unknowns, usize::saturating_add)
    }

    /// Whether some ends can hold in it, and if not which clash.
    pub(super) fn test(&self, ends: &[End], work: &Work) -> Verdict {
        let ends: Vec<simplex::End> = ends.iter().map(|end| self.end(end)).collect();
        let all: Vec<u32> = (0..ends.len() as u32).collect();
        self.test_some(&ends, &all, |_| true, work)
    }

    /// The same for some ends, by their places, and some rows.
    pub(super) fn test_some(
        &self,
        ends: &[simplex::End],
        wanted: &[u32],
        is_wanted: impl Fn(usize) -> bool,
        work: &Work,
    ) -> Verdict {
        let rows: Vec<usize> = (0..self.rows.len()).filter(|&row| is_wanted(row)).collect();
        if rows.len() > MAX_ROWS || work.spend(self.rows.len()).is_none() {
            return Verdict::Unsearched;
        }
        let problem = simplex::Problem {
            cells: self.unknowns,
            ends: wanted.iter().map(|&at| ends[at as usize].clone()).collect(),
            rows: rows.iter().map(|&row| self.rows[row].clone()).collect(),
        };
        match simplex::solve(&problem, MAX_PIVOTS, work) {
            Outcome::Holds => Verdict::Holds,
            Outcome::Unfinished => Verdict::Unsearched,
            Outcome::Clashes { ends, rows: reasons } => {
                let origins: Vec<Origin> = reasons.iter().map(|&(at, _)| self.origins[rows[at]]).collect();
                let mut clashing = clashing(&problem.ends, &ends, &origins);
                clashing.set.ends.iter_mut().for_each(|at| *at = wanted[*at as usize]);
                Verdict::Clashes(clashing)
            }
        }
    }

    /// An end in the unknowns of the system.
    pub(super) fn end(&self, end: &End) -> simplex::End {
        let at = self.days.partition_point(|&day| day < end.day);
        simplex::End { cell: self.unknown(end.cell, at), is_low: end.is_low, value: end.value }
    }

    /// The unknown of a cell at a day, by the place of the day.
    fn unknown(&self, cell: u32, day: usize) -> u32 {
        let (first, days) = self.first[cell as usize];
        first + (day as u32).min(days - 1)
    }

    /// The unknown of a cell in the end.
    pub(super) fn last(&self, cell: u32) -> usize {
        let (first, days) = self.first[cell as usize];
        (first + days - 1) as usize
    }

    /// The cell of an unknown, the day on which it is looked at (none where it is for good), and whether it is
    /// the rest of that cell.
    pub(super) fn spot(&self, unknown: u32) -> Option<(u32, Option<i32>, bool)> {
        let rest = self.rests.partition_point(|(_, first)| *first <= unknown).checked_sub(1);
        let (cell, from) = if let Some(at) = rest {
            self.rests[at]
        } else {
            let cell = self.first.partition_point(|(first, _)| *first <= unknown).checked_sub(1)?;
            (cell as u32, self.first[cell].0)
        };
        let (_, days) = self.first[cell as usize];
        let day = unknown - from;
        Some((cell, (day + 1 < days).then(|| self.days[day as usize]), rest.is_some()))
    }

    fn push(&mut self, terms: Vec<(u32, i64)>, origin: Origin) {
        self.rows.push(simplex::Row { terms });
        self.origins.push(origin);
    }

    fn push_growth(&mut self) {
        for cell in 0..self.first.len() {
            let (first, days) = self.first[cell];
            for day in 1..days {
                self.push(vec![(first + day, 1), (first + day - 1, -1)], Origin::Growth);
            }
        }
    }

    /// A row of the network on each day on which it says something new.
    fn push_row(&mut self, network: &Network, at: usize) {
        let row = network.rows[at];
        let parts = network.parts(&row);
        let last = self.days.len() - 1;
        // From its last day on a cell has one unknown.
        let cells = parts.iter().chain([&row.whole]);
        let own = cells.map(|&cell| self.first[cell as usize].1 as usize).max().unwrap_or(1).min(last);
        let mut before: Option<Vec<u32>> = None;
        for day in (0..own).chain([last]) {
            let counts = |part: &u32| day == last || self.counts_by_day(*part, row.whole);
            let counted: Vec<u32> = parts.iter().copied().filter(counts).collect();
            let mut unknowns = vec![self.unknown(row.whole, day)];
            unknowns.extend(counted.iter().map(|&part| self.unknown(part, day)));
            if before.as_ref() == Some(&unknowns) || unknowns.len() == 1 {
                continue;
            }
            if row.holds != Holds::AtMost {
                self.push(signed(&unknowns, 1), Origin::Row(at as u32));
            }
            if row.holds != Holds::AtLeast && counted.len() == parts.len() {
                self.push(signed(&unknowns, -1), Origin::Row(at as u32));
            }
            before = Some(unknowns);
        }
    }

    /// Whether a part counts in a whole on any day: what time does not matter to is part of a toll once that is
    /// final.
    fn counts_by_day(&self, part: u32, whole: u32) -> bool {
        self.timed[part as usize] || !self.timed[whole as usize]
    }

    fn push_ratio(&mut self, at: u32, ratio: &Ratio) {
        let day = self.days.partition_point(|&day| day < ratio.day);
        let (own, base) = (self.unknown(ratio.own, day), self.unknown(ratio.base, day));
        if own == base {
            return;
        }
        self.push(vec![(own, WHOLE), (base, -ratio.low)], Origin::Ratio(at));
        if ratio.high != OPEN {
            self.push(vec![(base, ratio.high), (own, -WHOLE)], Origin::Ratio(at));
        }
    }

    /// The rest of each whole beside the parts of a sum: as much of a population as any other, with rows among
    /// events and measures of its own.
    fn push_rests(&mut self, network: &Network) {
        let mut rests: Vec<(Rest, u32)> = Vec::new();
        for row in network.rows.iter().filter(|row| row.reason == Reason::Populations) {
            let rest = Rest::of(network, row);
            let (_, days) = self.first[row.whole as usize];
            let first = self.unknowns as u32;
            self.unknowns += days as usize;
            for day in 0..days {
                let mut terms = signed(&[self.first[row.whole as usize].0 + day], 1);
                terms.extend(network.parts(row).iter().map(|&part| (self.unknown(part, day as usize), -1)));
                terms.push((first + day, -1));
                let back = terms.iter().map(|&(unknown, times)| (unknown, -times)).collect();
                self.push(terms, Origin::Rest);
                self.push(back, Origin::Rest);
            }
            self.rests.push((row.whole, first));
            rests.push((rest, first));
        }
        rests.sort_unstable();
        for row in network.rows.iter().filter(|row| row.reason != Reason::Populations) {
            self.push_rests_of(network, row, &rests);
        }
    }

    /// What a row says of cells it says of their rests.
    fn push_rests_of(&mut self, network: &Network, row: &Row, rests: &[(Rest, u32)]) {
        let whole = network.cells[row.whole as usize];
        let from = rests.partition_point(|(rest, _)| rest.whole < whole);
        let own: Vec<&(Rest, u32)> =
            rests[from..].iter().take_while(|(rest, _)| rest.whole == whole).collect();
        for (rest, first) in own {
            let of_part = |&part: &u32| {
                let of = Rest { whole: network.cells[part as usize], parts: rest.parts.clone() };
                rests.binary_search_by(|(known, _)| known.cmp(&of)).ok().map(|at| (part, rests[at].1))
            };
            let parts: Vec<(u32, u32)> = network.parts(row).iter().filter_map(of_part).collect();
            let days = self.first[row.whole as usize].1;
            for day in 0..days {
                let last = day + 1 == days;
                let mut unknowns = vec![first + day];
                unknowns.extend(parts.iter().filter_map(|&(part, first)| {
                    let own = self.first[part as usize].1;
                    (last || self.counts_by_day(part, row.whole)).then_some(first + day.min(own - 1))
                }));
                let all = unknowns.len() == network.parts(row).len() + 1;
                if row.holds != Holds::AtMost && unknowns.len() > 1 {
                    self.push(signed(&unknowns, 1), Origin::Rest);
                }
                if row.holds != Holds::AtLeast && all {
                    self.push(signed(&unknowns, -1), Origin::Rest);
                }
            }
        }
    }
}

/// The rest of a whole beside some of its populations.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Rest {
    whole: Key,
    /// The populations beside which it is the rest.
    parts: Vec<u32>,
}

impl Rest {
    fn of(network: &Network, row: &Row) -> Self {
        let mut parts: Vec<u32> =
            network.parts(row).iter().map(|&part| network.cells[part as usize].population_place()).collect();
        parts.sort_unstable();
        Self { whole: network.cells[row.whole as usize], parts }
    }
}

/// The clash of some ends, each taken so many times, with rows of these origins.
fn clashing(ends: &[simplex::End], found: &[(usize, u128)], origins: &[Origin]) -> Clashing {
    let signed = |&(at, times): &(usize, u128)| {
        let times = i128::try_from(times).unwrap_or(i128::MAX);
        let product = i128::from(ends[at].value).saturating_mul(times);
        if ends[at].is_low { product } else { -product }
    };
    let excess = found.iter().map(signed).fold(0, i128::saturating_add);
    let give = |times: u128| {
        let times = i128::try_from(times).unwrap_or(i128::MAX).max(1);
        i64::try_from(excess.saturating_add(times - 1) / times).unwrap_or(OPEN)
    };
    let of_ratios = origins.iter().filter_map(|origin| match origin {
        Origin::Ratio(ratio) => Some(*ratio),
        _ => None,
    });
    let mut ratios: Vec<u32> = of_ratios.collect();
    ratios.sort_unstable();
    ratios.dedup();
    Clashing {
        set: Set { ends: found.iter().map(|&(at, _)| at as u32).collect(), ratios },
        gives: found.iter().map(|&(_, times)| give(times)).collect(),
        by_ratios: origins.iter().all(|origin| matches!(origin, Origin::Ratio(_))),
    }
}

/// The first unknown less the others, or the other way round.
fn signed(unknowns: &[u32], sign: i64) -> Vec<(u32, i64)> {
    unknowns.iter().enumerate().map(|(at, &unknown)| (unknown, if at == 0 { sign } else { -sign })).collect()
}
