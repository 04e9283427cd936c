//! Decides whether propagation of low bounds is enough, or whether the exact test is needed.
//!
//! A `no` is always right. A wrong `yes` only costs time.

use rustc_hash::FxHashSet;

use super::component::Component;
use super::network::{Constraint, ConstraintKind, Network, Relation};
use super::propagate::Propagation;
use super::system::BoundSet;
use crate::id::PopulationId;
use gainsay_reading::figure::OPEN;

/// The reasons for which the exact test is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExactNeeds {
    /// Whether it is needed at all.
    pub(super) any: bool,
    /// Whether remainders can matter. A remainder is the part of a population that its named parts leave.
    pub(super) remainders: bool,
}

/// If there are more sets of populations than this, remainders are assumed to matter.
const MAX_EXCLUSIVE_SETS: usize = 64;

impl Component<'_> {
    /// Whether a scope needs the exact test, given the propagation that was just run on it.
    pub(super) fn exact_needs(&self, propagation: &Propagation, scope: &BoundSet) -> ExactNeeds {
        let network = &self.network;
        let quantities = network.quantities.len();
        let mut cap = vec![OPEN; quantities];
        for bound in scope.bounds.iter().map(|&at| &self.bounds[at as usize]).filter(|bound| !bound.is_low) {
            cap[bound.quantity as usize] = cap[bound.quantity as usize].min(bound.value);
        }
        let special = network.constraints.iter().any(|constraint| constraint.relation != Relation::AtLeast)
            && {
                let own: Vec<bool> = cap.iter().map(|&cap| cap != OPEN).collect();
                self.has_effective_upper_constraint(&own, propagation, scope)
            };
        let mut needs = ExactNeeds { any: special || !scope.ratios.is_empty(), remainders: false };
        let has_sums =
            network.constraints.iter().any(|constraint| constraint.kind == ConstraintKind::Populations);
        needs.remainders = has_sums
            && (needs.any
                || self.remainders_may_matter(&caps_carried_down(network, cap, propagation), propagation));
        needs.any |= needs.remainders;
        needs
    }

    /// Whether the remainder of a population can be larger in the parts of an event than in the event.
    fn remainders_may_matter(&self, cap: &[i64], propagation: &Propagation) -> bool {
        let network = &self.network;
        let has_events = network
            .constraints
            .iter()
            .any(|constraint| matches!(constraint.kind, ConstraintKind::Events | ConstraintKind::Tie));
        if !has_events {
            return false;
        }
        let present: Vec<(u32, PopulationId)> = self.entities.populations_of(network);
        let Some(sets) = self.exclusive_sets(&present) else { return true };
        sets.iter().any(|(whole, parts)| self.remainder_may_matter(*whole, parts, cap, propagation))
    }

    /// The same for one population and some parts of it that exclude each other, given by their ranks.
    fn remainder_may_matter(
        &self,
        whole: u32,
        parts: &[u32],
        cap: &[i64],
        propagation: &Propagation,
    ) -> bool {
        let network = &self.network;
        let mut remainder = vec![0_i64; network.quantities.len()];
        let caps: Vec<Vec<i64>> = parts.iter().map(|&part| self.caps_of(whole, part, cap)).collect();
        for (quantity, key) in network.quantities.iter().enumerate() {
            if key.population_rank() != whole {
                continue;
            }
            let constraints =
                network.constraints_on(quantity as u32).map(|constraint| &network.constraints[constraint]);
            let of_parts = constraints
                .filter(|constraint| {
                    matches!(constraint.kind, ConstraintKind::Events | ConstraintKind::Tie)
                        && constraint.relation != Relation::AtMost
                })
                .map(|constraint| {
                    network
                        .parts(constraint)
                        .iter()
                        .fold(0, |sum: i64, &part| sum.saturating_add(remainder[part as usize]))
                })
                .max()
                .unwrap_or(0);
            let quantity = quantity as u32;
            let at_most = caps.iter().fold(0_i64, |sum, caps| sum.saturating_add(caps[quantity as usize]));
            let lows = parts
                .iter()
                .map(|&part| network.find(key.with_population(part)).map_or(0, |part| propagation.low(part)));
            let at_least = lows.fold(0, i64::saturating_add);
            if of_parts > 0 && of_parts.saturating_add(at_least) > cap[quantity as usize] {
                return true;
            }
            remainder[quantity as usize] = propagation.low(quantity).saturating_sub(at_most).max(of_parts);
        }
        false
    }

    /// The highest values of a part of a population, for each quantity of that population. They are carried down from
    /// larger events, even where the part has no quantity.
    fn caps_of(&self, whole: u32, part: u32, cap: &[i64]) -> Vec<i64> {
        let network = &self.network;
        let mut caps = vec![OPEN; network.quantities.len()];
        for (quantity, key) in network.quantities.iter().enumerate().rev() {
            if key.population_rank() == whole {
                let own = network.find(key.with_population(part)).map_or(OPEN, |part| cap[part as usize]);
                let constraints = network
                    .constraints_of_part(quantity as u32)
                    .iter()
                    .map(|&constraint| &network.constraints[constraint as usize]);
                let larger = constraints.filter(|constraint| {
                    matches!(constraint.kind, ConstraintKind::Events | ConstraintKind::Tie)
                        && constraint.relation != Relation::AtMost
                });
                caps[quantity] = larger.map(|constraint| caps[constraint.whole as usize]).fold(own, i64::min);
            }
        }
        caps
    }

    /// Each population with each set of its parts that exclude each other, by rank. `None` if there are too many.
    fn exclusive_sets(&self, present: &[(u32, PopulationId)]) -> Option<Vec<(u32, Vec<u32>)>> {
        let populations = &self.entities.graph.populations;
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
                if found.len() > MAX_EXCLUSIVE_SETS {
                    return None;
                }
            }
        }
        Some(found)
    }

    /// Whether some constraint limits a whole from above by its parts: each part has a high bound that does not come
    /// from this constraint.
    fn has_effective_upper_constraint(
        &self,
        own: &[bool],
        propagation: &Propagation,
        scope: &BoundSet,
    ) -> bool {
        let network = &self.network;
        let mut capped = own.to_vec();
        loop {
            let before = capped.clone();
            for quantity in (0..capped.len()).rev() {
                let constraints = network
                    .constraints_of_part(quantity as u32)
                    .iter()
                    .map(|&constraint| &network.constraints[constraint as usize]);
                capped[quantity] |= constraints.into_iter().any(|constraint| {
                    constraint.relation != Relation::AtMost && capped[constraint.whole as usize]
                });
            }
            for constraint in
                network.constraints.iter().filter(|constraint| constraint.relation != Relation::AtLeast)
            {
                capped[constraint.whole as usize] |=
                    network.parts(constraint).iter().all(|&part| capped[part as usize]);
            }
            if before == capped {
                break;
            }
        }
        let highs = scope.bounds.iter().map(|&at| &self.bounds[at as usize]).filter(|bound| !bound.is_low);
        let days: FxHashSet<i32> = highs.map(|bound| bound.day).collect();
        let is_live = |at: usize| {
            let constraint = &network.constraints[at];
            // For a toll, the same constraint can also limit the whole on another day.
            let on_days = days.len() > 1
                && self.entities.final_from(network.quantities[constraint.whole as usize]).is_some();
            let caps = |other: &Constraint, whole: u32| {
                other.relation != Relation::AtLeast
                    && other.whole == whole
                    && network.parts(other).iter().all(|&part| capped[part as usize])
            };
            let elsewhere = |part: u32| {
                own[part as usize]
                    || on_days && capped[constraint.whole as usize]
                    || network.constraints_on(part).any(|below| caps(&network.constraints[below], part))
                    || network.constraints_of_part(part).iter().any(|&other| {
                        other as usize != at
                            && network.constraints[other as usize].relation != Relation::AtMost
                            && capped[network.constraints[other as usize].whole as usize]
                    })
            };
            constraint.relation != Relation::AtLeast
                && propagation.low(constraint.whole) > 0
                && network.parts(constraint).iter().all(|&part| elsewhere(part))
        };
        (0..network.constraints.len()).any(is_live)
    }
}

/// Carries high bounds down from wholes to parts. The lowest values of the other parts are subtracted.
fn caps_carried_down(network: &Network, mut cap: Vec<i64>, propagation: &Propagation) -> Vec<i64> {
    for quantity in (0..cap.len()).rev() {
        for &at in network.constraints_of_part(quantity as u32) {
            let constraint = &network.constraints[at as usize];
            let whole = cap[constraint.whole as usize];
            if constraint.relation != Relation::AtMost && whole != OPEN {
                let others = propagation.sum(at).saturating_sub(propagation.low(quantity as u32));
                cap[quantity] = cap[quantity].min(whole.saturating_sub(others).max(0));
            }
        }
    }
    cap
}
