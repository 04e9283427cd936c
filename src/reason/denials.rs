//! One party asserts what another denies: by a response, a stance, a no, or a zero against more than zero.

use super::{Marked, Said, Statement, choices};
use crate::graph::Graph;
use crate::id::ActorId;

/// Whether `denial` denies what `other` asserts: the answer lies wholly inside what is denied.
pub(super) fn denies(graph: &Graph, denial: &Statement, other: &Statement) -> bool {
    match (&denial.said, &other.said) {
        (Said::Not(denied), Said::Line(hard, _)) => denied.contains(hard),
        (Said::NotChoice(denied), Said::Choice(items)) => choices::is_denied(graph, items, denied),
        (Said::Line(left, _), Said::Line(hard, _)) => {
            denial.is_denial && !other.is_denial && !left.meets(hard) && !other.slot_is_after(denial)
        }
        _ => false,
    }
}

impl Statement {
    /// Whether this figure describes a day after that of a zero that was counted: a toll may rise from none.
    /// A denial holds whenever it was said.
    fn slot_is_after(&self, denial: &Statement) -> bool {
        !denial.is_outright && denial.slot.is_before(self.slot)
    }
}

/// The assertion said first among those denied, and the denial of it said first; empty where there is none. With
/// `between`, only a denial by another party counts. The statements are in the order of time.
pub(super) fn reversed<'s>(graph: &Graph, statements: &[&'s Statement], between: bool) -> Vec<&'s Statement> {
    let denials: Vec<&Statement> =
        statements.iter().copied().filter(|statement| may_deny(statement)).collect();
    if denials.is_empty() {
        return Vec::new();
    }
    let all = Denials::new(graph, &denials);
    let asserted = statements.iter().find(|asserted| {
        let by_another_than = between.then_some(asserted.party);
        all.deny(asserted, by_another_than)
    });
    let fits = |denial: &Statement, asserted: &Statement| !between || denial.party != asserted.party;
    let pair = asserted.and_then(|&asserted| {
        let mut denials = denials.into_iter();
        let denial = denials.find(|denial| fits(denial, asserted) && denies(graph, denial, asserted))?;
        Some(vec![asserted, denial])
    });
    pair.unwrap_or_default()
}

fn may_deny(statement: &Statement) -> bool {
    statement.is_denial || matches!(statement.said, Said::Not(_) | Said::NotChoice(_))
}

/// Denials, prepared so that one look says whether any of them denies a statement.
struct Denials<'g> {
    /// What denials of ranges deny, by low ends, reaching up to their high ends.
    ranges: Furthest,
    /// What other denials leave, by high ends and by low ends, reaching up to the last days to which they apply.
    below: Furthest,
    above: Furthest,
    /// Denied ids.
    items: Marked<'g, ActorId>,
}

impl<'g> Denials<'g> {
    fn new(graph: &'g Graph, denials: &[&Statement]) -> Self {
        let (mut ranges, mut below, mut above, mut items) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for denial in denials {
            let party = denial.party;
            match &denial.said {
                Said::Not(denied) => ranges.push((denied.low, denied.high, party)),
                Said::Line(left, _) => {
                    let until = if denial.is_outright { i64::MAX } else { denial.slot.last.into() };
                    below.push((left.high, until, party));
                    above.push((!left.low, until, party));
                }
                Said::NotChoice(denied) => items.extend(denied.iter().map(|&item| (item, party))),
                Said::Choice(_) | Said::Ratio(..) => {}
            }
        }
        let [ranges, below, above] = [ranges, below, above].map(Furthest::new);
        Self { ranges, below, above, items: Marked::new(graph, items.into_iter()) }
    }

    /// Whether any of them denies a statement; only those by another party than the one given, if one is.
    fn deny(&self, asserted: &Statement, by_another_than: Option<ActorId>) -> bool {
        let party = by_another_than;
        match &asserted.said {
            Said::Line(hard, _) => {
                let day = asserted.slot.first.into();
                let is_left_out = || {
                    self.below.reach(hard.low.saturating_sub(1), day, party)
                        || self.above.reach((!hard.high).saturating_sub(1), day, party)
                };
                self.ranges.reach(hard.low, hard.high, party) || !asserted.is_denial && is_left_out()
            }
            Said::Choice(items) => items.iter().any(|&item| match party {
                Some(party) => self.items.other_around(item, party),
                None => self.items.any_around(item),
            }),
            Said::Not(_) | Said::NotChoice(_) | Said::Ratio(..) => false,
        }
    }
}

/// For each place on a line how far anything up to there reaches.
struct Furthest {
    /// Places, sorted.
    at: Vec<i64>,
    /// What reaches furthest of all up to a place, and what does so of any other party.
    reach: Vec<[Option<(i64, ActorId)>; 2]>,
}

impl Furthest {
    /// Places, each with how far it reaches and whose it is.
    fn new(mut places: Vec<(i64, i64, ActorId)>) -> Self {
        places.sort_unstable();
        let mut furthest: [Option<(i64, ActorId)>; 2] = [None; 2];
        let reach = places.iter().map(|&(_, reach, party)| {
            let [first, second] = &mut furthest;
            match first {
                Some((_, own)) if *own == party => *first = (*first).max(Some((reach, party))),
                Some((known, _)) if *known < reach => (*second, *first) = (*first, Some((reach, party))),
                Some(_) => *second = (*second).max(Some((reach, party))),
                None => *first = Some((reach, party)),
            }
            furthest
        });
        let reach = reach.collect();
        Self { at: places.into_iter().map(|(at, ..)| at).collect(), reach }
    }

    /// Whether anything up to a place reaches some value; only what is of another party than the one given.
    fn reach(&self, up_to: i64, value: i64, by_another_than: Option<ActorId>) -> bool {
        let count = self.at.partition_point(|&at| at <= up_to);
        let furthest = count.checked_sub(1).map_or([None; 2], |last| self.reach[last]);
        let mut fitting = furthest.into_iter().flatten().filter(|&(_, party)| Some(party) != by_another_than);
        fitting.any(|(reach, _)| reach >= value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::figure::Range;
    use crate::id::{AnswerId, Id as _};
    use crate::reason::Slot;

    fn statement(party: usize, said: Said, day: i32, is_denial: bool, is_outright: bool) -> Statement {
        Statement {
            party: ActorId::new(party),
            said,
            slot: Slot { first: day, last: day, settled: false },
            is_denial,
            is_outright,
            answers: Vec::new(),
            named: AnswerId::new(0),
            certain: true,
            current: true,
        }
    }

    /// A figure, a denial of a range, or what a denial leaves.
    fn drawn() -> impl Strategy<Value = Vec<Statement>> {
        let one = (0..3_usize, 0..8_i64, 0..4_i64, 0..4_i32, 0..3_u8, any::<bool>()).prop_map(
            |(party, low, width, day, kind, is_outright)| {
                let range = Range { low, high: low + width };
                match kind {
                    0 => statement(party, Said::Line(range, range), day, false, false),
                    1 => statement(party, Said::Not(range), day, true, true),
                    _ => statement(party, Said::Line(range, range), day, true, is_outright),
                }
            },
        );
        proptest::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn reversed_pair_is_the_first_of_a_search_through_all(statements in drawn(), between: bool) {
            let (model, _) = crate::model::resolve(&[], None);
            let (graph, _) = Graph::build(&model);
            let all: Vec<&Statement> = statements.iter().collect();
            let expected = all.iter().find_map(|&asserted| {
                let fits = |denial: &&&Statement| !between || denial.party != asserted.party;
                let denial = all.iter().filter(fits).find(|denial| denies(&graph, denial, asserted))?;
                Some([asserted, *denial].map(std::ptr::from_ref))
            });
            let found = reversed(&graph, &all, between);
            let found = <[&Statement; 2]>::try_from(found).ok().map(|pair| pair.map(std::ptr::from_ref));
            prop_assert_eq!(found, expected);
        }
    }
}
