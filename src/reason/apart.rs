//! The two answers on a line that lie furthest apart, those that are one figure, rounded, left aside.
//!
//! Whether a lower figure rounds to a higher one depends on how far apart they are and on the last digits of
//! both. Of lower figures with one last digit the lowest is the first that no longer does, so it stands for all
//! of them: each figure is held against as many as there are last digits, and pairs are never listed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Slot;
use super::spans::Spans;
use crate::figure::{Figure, ONE, OPEN, Range, within_rounding};
use crate::id::ActorId;

/// An answer on a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) party: ActorId,
    pub(super) slot: Slot,
    pub(super) hard: Range,
    /// The figure, where it is one that may have been rounded.
    pub(super) figure: Option<&'a Figure>,
}

impl Line<'_> {
    /// Whether two lines are one figure, rounded.
    pub(super) fn rounds_to(&self, other: &Self) -> bool {
        matches!((self.figure, other.figure), (Some(a), Some(b)) if within_rounding(a, b))
    }

    fn kind(&self) -> Kind {
        let exact = self.figure.filter(|figure| figure.hard.is_exact());
        exact.map(|figure| {
            let fraction = if figure.timed { 0 } else { figure.hard.low.rem_euclid(ONE) };
            (figure.step, fraction)
        })
    }
}

/// The last digit of an exact figure, and what it has behind the point: two figures that have this in common
/// are either no less than one apart or of one value, so that nothing lies between those that differ by one.
type Kind = Option<(i64, i64)>;

/// Which two lines are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Wanted {
    /// Only lines of two parties.
    pub(super) between: bool,
    /// Those that are one figure, rounded, as well.
    pub(super) rounded: bool,
}

/// The lower and the higher of the two lines furthest apart that exclude each other; among equals those given
/// first. A low end binds at its own time and, unless figures `vary`, after it.
pub(super) fn widest(lines: &[Line<'_>], varies: bool, wanted: Wanted) -> Option<[usize; 2]> {
    let mut by_slot: BTreeMap<Slot, (Lowest, Vec<usize>)> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let (lowest, members) = by_slot.entry(line.slot).or_default();
        lowest.add(lines, line.kind(), at);
        members.push(at);
    }
    let mut lowest: Spans<Lowest> = Spans::new(by_slot.keys().copied());
    for (&slot, (own, _)) in &by_slot {
        lowest.add(slot, |lowest| lowest.join(lines, own));
    }
    let found = by_slot.iter().filter_map(|(&slot, (_, members))| {
        // A low end binds from its day on: a line of that day or later may lie too low.
        let bound = if varies { slot } else { Slot { last: i32::MAX, ..slot } };
        let bound: Vec<&Lowest> = lowest.overlapping(bound).filter(|lowest| !lowest.0.is_empty()).collect();
        let furthest = |&high: &usize| {
            bound.iter().filter_map(|lowest| lowest.furthest(lines, high, wanted)).max_by_key(rank)
        };
        members.iter().filter_map(furthest).max_by_key(rank)
    });
    found.max_by_key(rank).map(|(_, low, high)| [low, high])
}

/// How far two lines are apart, the lower and the higher.
type Found = (i64, usize, usize);

fn rank(&(gap, low, high): &Found) -> impl Ord + use<> {
    (gap, Reverse((low, high)))
}

/// For each kind the line with the lowest high end, and the lowest of another party.
#[derive(Default)]
struct Lowest(FxHashMap<Kind, Vec<usize>>);

impl Lowest {
    fn add(&mut self, lines: &[Line<'_>], kind: Kind, at: usize) {
        if lines[at].hard.high == OPEN {
            return;
        }
        let kept = self.0.entry(kind).or_default();
        kept.push(at);
        kept.sort_unstable_by_key(|&at| (lines[at].hard.high, at));
        let other = kept.iter().copied().find(|&other| lines[other].party != lines[kept[0]].party);
        kept.truncate(1);
        kept.extend(other);
    }

    fn join(&mut self, lines: &[Line<'_>], other: &Self) {
        for (&kind, kept) in &other.0 {
            for &at in kept {
                self.add(lines, kind, at);
            }
        }
    }

    /// The line furthest below another, of those wanted.
    fn furthest(&self, lines: &[Line<'_>], high: usize, wanted: Wanted) -> Option<Found> {
        let one = &lines[high];
        let fits = |&&low: &&usize| !wanted.between || lines[low].party != one.party;
        let lowest = self.0.values().filter_map(|kept| kept.iter().find(fits).copied());
        let below = lowest.filter(|&low| {
            let other = &lines[low];
            other.hard.high < one.hard.low && (wanted.rounded || !other.rounds_to(one))
        });
        below.map(|low| (one.hard.low.saturating_sub(lines[low].hard.high), low, high)).max_by_key(rank)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::figure::{Conventions, Counting, Reading, read};
    use crate::id::Id as _;

    const ANY: Wanted = Wanted { between: false, rounded: false };
    const BETWEEN: Wanted = Wanted { between: true, rounded: false };

    fn figure(text: &str, counting: &Counting) -> Figure {
        match read(text, counting, &Conventions::default()) {
            Ok(Reading::Figure(figure)) => figure,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn line(figure: &Figure, party: usize, slot: Slot) -> Line<'_> {
        Line { party: ActorId::new(party), slot, hard: figure.hard, figure: Some(figure) }
    }

    fn day(first: i32, last: i32) -> Slot {
        Slot { first, last, settled: false }
    }

    /// The values of the two furthest apart, one party each.
    fn furthest(texts: &[&str]) -> Option<[String; 2]> {
        let figures: Vec<Figure> = texts.iter().map(|text| figure(text, &Counting::Whole)).collect();
        let parties = figures.iter().enumerate();
        let lines: Vec<Line<'_>> = parties.map(|(party, figure)| line(figure, party, Slot::ALWAYS)).collect();
        widest(&lines, false, BETWEEN).map(|pair| pair.map(|at| texts[at].to_owned()))
    }

    #[test]
    fn a_round_figure_beside_two_others_does_not_make_them_one() {
        let pair = |low: &str, high: &str| Some([low.to_owned(), high.to_owned()]);
        assert_eq!(furthest(&["32,000", "32,230", "32,232", "32,500"]), pair("32,230", "32,500"));
        assert_eq!(furthest(&["1,018", "1,000", "1,002"]), pair("1,002", "1,018"));
        assert_eq!(furthest(&["20,289", "20,000", "20,089"]), pair("20,089", "20,289"));
        assert_eq!(furthest(&["380", "381", "383"]), pair("381", "383"));
        assert_eq!(furthest(&["1,000", "1,002", "1,003"]), None);
        assert_eq!(furthest(&["169", "170", "200"]), pair("169", "200"));
        assert_eq!(furthest(&["1,000", "at least 1,002"]), pair("1,000", "at least 1,002"));
    }

    /// Figures near a thousand, with last digits of every kind, of three parties and some days.
    fn drawn() -> impl Strategy<Value = Vec<(String, usize, i32, i32)>> {
        let whole = (950_i64..1060).prop_map(|value| value.to_string());
        let tens = (96_i64..106).prop_map(|value| (value * 10).to_string());
        let tenths = (9990_i64..10060).prop_map(|value| format!("{}.{}", value / 10, value % 10));
        let range = (980_i64..1030).prop_map(|low| format!("{low}-{}", low + 5));
        let least = (980_i64..1060).prop_map(|low| format!("at least {low}"));
        let text = prop_oneof![4 => whole, 2 => tens, 4 => tenths, 1 => range, 1 => least];
        proptest::collection::vec((text, 0..3_usize, 0..4_i32, 0..2_i32), 0..12)
    }

    proptest! {
        #[test]
        fn the_widest_of_all_pairs_is_found(drawn in drawn(), varies: bool, between: bool, rounded: bool) {
            let counting = Counting::Amount { unit: None };
            let figures: Vec<Figure> = drawn.iter().map(|(text, ..)| figure(text, &counting)).collect();
            let lines: Vec<Line<'_>> = drawn
                .iter()
                .zip(&figures)
                .map(|(&(_, party, first, span), figure)| line(figure, party, day(first, first + span)))
                .collect();
            let clash = |low: &Line<'_>, high: &Line<'_>| {
                let at_one_time = if varies { low.slot.meets(high.slot) } else { !low.slot.is_before(high.slot) };
                let apart = high.hard.low - low.hard.high.min(high.hard.low);
                let is_wanted = (!between || low.party != high.party) && (rounded || !low.rounds_to(high));
                (apart > 0 && at_one_time && is_wanted).then_some(apart)
            };
            let pairs = lines.iter().flat_map(|low| lines.iter().filter_map(|high| clash(low, high)));
            let found = widest(&lines, varies, Wanted { between, rounded });
            prop_assert_eq!(found.and_then(|[low, high]| clash(&lines[low], &lines[high])), pairs.max());
            if let Some([low, high]) = found {
                prop_assert!(lines[low].hard.high < lines[high].hard.low);
            }
        }
    }

    #[test]
    fn one_party_is_looked_at_alone_where_asked() {
        let figures = ["1002", "1018"].map(|text| figure(text, &Counting::Whole));
        let lines: Vec<Line<'_>> = figures.iter().map(|figure| line(figure, 0, Slot::ALWAYS)).collect();
        assert_eq!(widest(&lines, false, ANY), Some([0, 1]));
        assert_eq!(widest(&lines, false, BETWEEN), None);
    }
}
