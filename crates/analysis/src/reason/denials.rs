//! Denials: one statement asserts what another denies by a response, a stance, a no, or a zero against more
//! than zero.

use super::{Content, MarkedItems, Statement, choices};
use crate::graph::Graph;
use crate::id::ActorId;

/// Whether `denial` denies what `other` asserts: the answer lies entirely within what is denied.
pub(super) fn denies(graph: &Graph, denial: &Statement, other: &Statement) -> bool {
    match (&denial.content, &other.content) {
        (Content::NotRange(denied), Content::Interval { hard, .. }) => denied.contains(hard),
        (Content::NotChoice(denied), Content::Choice(items)) => choices::is_denied(graph, items, denied),
        (Content::Interval { hard: left, .. }, Content::Interval { hard, .. }) => {
            denial.is_denial && !other.is_denial && !left.meets(hard) && !other.describes_later_day(denial)
        }
        _ => false,
    }
}

impl Statement {
    /// Whether this figure describes a later day than a counted zero, because a toll may rise from zero. An
    /// outright denial holds no matter when it was said.
    fn describes_later_day(&self, denial: &Statement) -> bool {
        !denial.is_outright && denial.days.is_before(self.days)
    }
}

/// The first assertion that is denied, and the first denial of it; empty if there is none. With `between`,
/// only denials by another party count. `statements` are in the order of time.
pub(super) fn first_denied_pair<'s>(
    graph: &Graph,
    statements: &[&'s Statement],
    between: bool,
) -> Vec<&'s Statement> {
    let denials: Vec<&Statement> =
        statements.iter().copied().filter(|statement| may_deny(statement)).collect();
    if denials.is_empty() {
        return Vec::new();
    }
    let all = DenialIndex::new(graph, &denials);
    let asserted = statements.iter().find(|asserted| {
        let except_party = between.then_some(asserted.party);
        all.any_denies(asserted, except_party)
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
    statement.is_denial || matches!(statement.content, Content::NotRange(_) | Content::NotChoice(_))
}

/// An index of denials that finds out in one lookup whether any of them denies a statement.
struct DenialIndex<'g> {
    /// The ranges that denials deny: the low end, reaching up to the high end.
    ranges: FurthestReach,
    /// The ranges that other denials leave: the high end (`below`) or the negated low end (`above`), reaching
    /// up to the last day to which the denial applies.
    below: FurthestReach,
    above: FurthestReach,
    /// Denied ids.
    items: MarkedItems<'g, ActorId>,
}

impl<'g> DenialIndex<'g> {
    fn new(graph: &'g Graph, denials: &[&Statement]) -> Self {
        let (mut ranges, mut below, mut above, mut items) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for denial in denials {
            let party = denial.party;
            match &denial.content {
                Content::NotRange(denied) => ranges.push((denied.low, denied.high, party)),
                Content::Interval { hard: left, .. } => {
                    let until = if denial.is_outright { i64::MAX } else { denial.days.last.into() };
                    below.push((left.high, until, party));
                    above.push((!left.low, until, party));
                }
                Content::NotChoice(denied) => items.extend(denied.iter().map(|&item| (item, party))),
                Content::Choice(_) | Content::Ratio(..) => {}
            }
        }
        let [ranges, below, above] = [ranges, below, above].map(FurthestReach::new);
        Self { ranges, below, above, items: MarkedItems::new(graph, items.into_iter()) }
    }

    /// Whether any of them denies a statement, not counting those by `except_party`.
    fn any_denies(&self, asserted: &Statement, except_party: Option<ActorId>) -> bool {
        let party = except_party;
        match &asserted.content {
            Content::Interval { hard, .. } => {
                let day = asserted.days.first.into();
                let is_left_out = || {
                    self.below.reach(hard.low.saturating_sub(1), day, party)
                        || self.above.reach((!hard.high).saturating_sub(1), day, party)
                };
                self.ranges.reach(hard.low, hard.high, party) || !asserted.is_denial && is_left_out()
            }
            Content::Choice(items) => items.iter().any(|&item| match party {
                Some(party) => self.items.has_other_around(item, party),
                None => self.items.has_around(item),
            }),
            Content::NotRange(_) | Content::NotChoice(_) | Content::Ratio(..) => false,
        }
    }
}

/// For each position on a line, how far anything that starts up to there reaches.
struct FurthestReach {
    /// The positions, sorted.
    at: Vec<i64>,
    /// For each position, the furthest reach up to there and the furthest of any other party.
    reach: Vec<[Option<(i64, ActorId)>; 2]>,
}

impl FurthestReach {
    /// Builds the table from positions, each with its reach and its party.
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

    /// Whether anything that starts up to a position reaches `value`, not counting `except_party`.
    fn reach(&self, up_to: i64, value: i64, except_party: Option<ActorId>) -> bool {
        let count = self.at.partition_point(|&at| at <= up_to);
        let furthest = count.checked_sub(1).map_or([None; 2], |last| self.reach[last]);
        let mut fitting = furthest.into_iter().flatten().filter(|&(_, party)| Some(party) != except_party);
        fitting.any(|(reach, _)| reach >= value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::{AnswerId, Id as _};
    use crate::reason::ValidDays;
    use gainsay_reading::figure::Range;

    fn statement(party: usize, content: Content, day: i32, is_denial: bool, is_outright: bool) -> Statement {
        Statement {
            party: ActorId::new(party),
            content,
            days: ValidDays { first: day, last: day, is_final: false },
            is_denial,
            is_outright,
            answers: Vec::new(),
            main_answer: AnswerId::new(0),
            certain: true,
            current: true,
        }
    }

    /// Statements that are a figure, a denial of a range, or the range that a denial leaves.
    fn drawn() -> impl Strategy<Value = Vec<Statement>> {
        let one = (0..3_usize, 0..8_i64, 0..4_i64, 0..4_i32, 0..3_u8, any::<bool>()).prop_map(
            |(party, low, width, day, kind, is_outright)| {
                let range = Range { low, high: low + width };
                match kind {
                    0 => statement(party, Content::Interval { hard: range, usual: range }, day, false, false),
                    1 => statement(party, Content::NotRange(range), day, true, true),
                    _ => statement(
                        party,
                        Content::Interval { hard: range, usual: range },
                        day,
                        true,
                        is_outright,
                    ),
                }
            },
        );
        proptest::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn first_denied_pair_is_the_first_of_a_search_through_all(statements in drawn(), between: bool) {
            let (model, _) = crate::model::resolve(&[], None);
            let (graph, _) = Graph::build(&model);
            let all: Vec<&Statement> = statements.iter().collect();
            let expected = all.iter().find_map(|&asserted| {
                let fits = |denial: &&&Statement| !between || denial.party != asserted.party;
                let denial = all.iter().filter(fits).find(|denial| denies(&graph, denial, asserted))?;
                Some([asserted, *denial].map(std::ptr::from_ref))
            });
            let found = first_denied_pair(&graph, &all, between);
            let found = <[&Statement; 2]>::try_from(found).ok().map(|pair| pair.map(std::ptr::from_ref));
            prop_assert_eq!(found, expected);
        }
    }
}
