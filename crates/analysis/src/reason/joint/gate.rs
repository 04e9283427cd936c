//! When carrying low ends up is all there is to it, and when the exact test has to follow.
//!
//! Never wrong where it says that nothing more is needed; the other way round it only costs time.

use rustc_hash::FxHashSet;

use super::network::{Holds, Network, Reason, Row};
use super::part::Part;
use super::pass::Pass;
use super::system::Set;
use crate::id::PopulationId;
use gainsay_reading::figure::OPEN;

/// What the exact test is needed for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// Whether it is needed at all.
    pub(super) any: bool,
    /// Whether the rest of a whole that no population names may matter.
    pub(super) rests: bool,
}

/// More sets of populations than this are not gone through one by one: the rest is then taken to matter.
const MOST_SETS: usize = 64;

impl Part<'_> {
    /// What a scope needs beyond the pass that was just made over it.
    pub(super) fn needs(&self, pass: &Pass, scope: &Set) -> Needs {
        let network = &self.network;
        let cells = network.cells.len();
        let mut cap = vec![OPEN; cells];
        for end in scope.ends.iter().map(|&at| &self.ends[at as usize]).filter(|end| !end.is_low) {
            cap[end.cell as usize] = cap[end.cell as usize].min(end.value);
        }
        let special = network.rows.iter().any(|row| row.holds != Holds::AtLeast) && {
            let own: Vec<bool> = cap.iter().map(|&cap| cap != OPEN).collect();
            self.has_live_row(&own, pass, scope)
        };
        let mut needs = Needs { any: special || !scope.ratios.is_empty(), rests: false };
        let has_sums = network.rows.iter().any(|row| row.reason == Reason::Populations);
        needs.rests =
            has_sums && (needs.any || self.rests_may_matter(&carried_down(network, cap, pass), pass));
        needs.any |= needs.rests;
        needs
    }

    /// Whether what some populations leave of a whole may come to more in the parts of an event than in the
    /// event.
    fn rests_may_matter(&self, cap: &[i64], pass: &Pass) -> bool {
        let network = &self.network;
        let has_events = network.rows.iter().any(|row| matches!(row.reason, Reason::Events | Reason::Tie));
        if !has_events {
            return false;
        }
        let present: Vec<(u32, PopulationId)> = self.frame.populations_of(network);
        let Some(sets) = self.sets_apart(&present) else { return true };
        sets.iter().any(|(whole, parts)| self.rest_may_matter(*whole, parts, cap, pass))
    }

    /// The same of one whole and some of its parts that exclude one another, by their places.
    fn rest_may_matter(&self, whole: u32, parts: &[u32], cap: &[i64], pass: &Pass) -> bool {
        let network = &self.network;
        let mut rest = vec![0_i64; network.cells.len()];
        let caps: Vec<Vec<i64>> = parts.iter().map(|&part| self.caps_of(whole, part, cap)).collect();
        for (cell, key) in network.cells.iter().enumerate() {
            if key.population_place() != whole {
                continue;
            }
            let rows = network.rows_into(cell as u32).map(|row| &network.rows[row]);
            let of_parts = rows
                .filter(|row| {
                    matches!(row.reason, Reason::Events | Reason::Tie) && row.holds != Holds::AtMost
                })
                .map(|row| {
                    network
                        .parts(row)
                        .iter()
                        .fold(0, |sum: i64, &part| sum.saturating_add(rest[part as usize]))
                })
                .max()
                .unwrap_or(0);
            let cell = cell as u32;
            let at_most = caps.iter().fold(0_i64, |sum, caps| sum.saturating_add(caps[cell as usize]));
            let lows = parts.iter().map(|&part| network.find(key.of(part)).map_or(0, |part| pass.low(part)));
            let at_least = lows.fold(0, i64::saturating_add);
            if of_parts > 0 && of_parts.saturating_add(at_least) > cap[cell as usize] {
                return true;
            }
            rest[cell as usize] = pass.low(cell).saturating_sub(at_most).max(of_parts);
        }
        false
    }

    /// The greatest values of a part of a population at the cells of that population, carried down from larger events.
    /// The part needs no cell of its own there.
    fn caps_of(&self, whole: u32, part: u32, cap: &[i64]) -> Vec<i64> {
        let network = &self.network;
        let mut caps = vec![OPEN; network.cells.len()];
        for (cell, key) in network.cells.iter().enumerate().rev() {
            if key.population_place() == whole {
                let own = network.find(key.of(part)).map_or(OPEN, |part| cap[part as usize]);
                let rows = network.out(cell as u32).iter().map(|&row| &network.rows[row as usize]);
                let larger = rows.filter(|row| {
                    matches!(row.reason, Reason::Events | Reason::Tie) && row.holds != Holds::AtMost
                });
                caps[cell] = larger.map(|row| caps[row.whole as usize]).fold(own, i64::min);
            }
        }
        caps
    }

    /// Each whole with each set of its parts that exclude one another, by their places; none where there are too
    /// many.
    fn sets_apart(&self, present: &[(u32, PopulationId)]) -> Option<Vec<(u32, Vec<u32>)>> {
        let populations = &self.frame.graph.populations;
        let mut found: Vec<(u32, Vec<u32>)> = Vec::new();
        for &(whole, name) in present {
            let first = found.len();
            for &(part, part_name) in present {
                if part == whole || !populations.is_within(part_name, name) {
                    continue;
                }
                let is_apart = |set: &[u32]| {
                    let members = present.iter().filter(|(place, _)| set.contains(place));
                    members.into_iter().all(|&(_, other)| populations.is_apart(other, part_name))
                };
                let larger: Vec<Vec<u32>> = found[first..]
                    .iter()
                    .filter(|(_, set)| is_apart(set))
                    .map(|(_, set)| [set.as_slice(), &[part]].concat())
                    .collect();
                found.push((whole, vec![part]));
                found.extend(larger.into_iter().map(|set| (whole, set)));
                if found.len() > MOST_SETS {
                    return None;
                }
            }
        }
        Some(found)
    }

    /// Whether some row caps a whole by its parts: each of them has a high end that does not come from it.
    fn has_live_row(&self, own: &[bool], pass: &Pass, scope: &Set) -> bool {
        let network = &self.network;
        let mut capped = own.to_vec();
        loop {
            let before = capped.clone();
            for cell in (0..capped.len()).rev() {
                let rows = network.out(cell as u32).iter().map(|&row| &network.rows[row as usize]);
                capped[cell] |=
                    rows.into_iter().any(|row| row.holds != Holds::AtMost && capped[row.whole as usize]);
            }
            for row in network.rows.iter().filter(|row| row.holds != Holds::AtLeast) {
                capped[row.whole as usize] |= network.parts(row).iter().all(|&part| capped[part as usize]);
            }
            if before == capped {
                break;
            }
        }
        let highs = scope.ends.iter().map(|&at| &self.ends[at as usize]).filter(|end| !end.is_low);
        let days: FxHashSet<i32> = highs.map(|end| end.day).collect();
        let is_live = |at: usize| {
            let row = &network.rows[at];
            // The same row caps a toll on another day as well.
            let on_days = days.len() > 1 && self.frame.settled(network.cells[row.whole as usize]).is_some();
            let caps = |other: &Row, whole: u32| {
                other.holds != Holds::AtLeast
                    && other.whole == whole
                    && network.parts(other).iter().all(|&part| capped[part as usize])
            };
            let elsewhere = |part: u32| {
                own[part as usize]
                    || on_days && capped[row.whole as usize]
                    || network.rows_into(part).any(|below| caps(&network.rows[below], part))
                    || network.out(part).iter().any(|&other| {
                        other as usize != at
                            && network.rows[other as usize].holds != Holds::AtMost
                            && capped[network.rows[other as usize].whole as usize]
                    })
            };
            row.holds != Holds::AtLeast
                && pass.low(row.whole) > 0
                && network.parts(row).iter().all(|&part| elsewhere(part))
        };
        (0..network.rows.len()).any(is_live)
    }
}

/// High ends carried down from wholes to parts, less what the other parts are at least.
fn carried_down(network: &Network, mut cap: Vec<i64>, pass: &Pass) -> Vec<i64> {
    for cell in (0..cap.len()).rev() {
        for &at in network.out(cell as u32) {
            let row = &network.rows[at as usize];
            let whole = cap[row.whole as usize];
            if row.holds != Holds::AtMost && whole != OPEN {
                let others = pass.sum(at).saturating_sub(pass.low(cell as u32));
                cap[cell] = cap[cell].min(whole.saturating_sub(others).max(0));
            }
        }
    }
    cap
}
