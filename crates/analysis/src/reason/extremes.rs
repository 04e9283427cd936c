//! Finds the two answers to a question with the widest gap between their ranges, not counting figures that
//! are the same number rounded.
//!
//! Whether a lower figure is a higher one rounded depends on the gap between them and on the last digits of
//! both. Among the lower figures with the same last digit, the lowest is the first that no longer fits, so it
//! represents all of them. Each figure is therefore compared with one figure for each last digit, and pairs
//! are never listed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::ValidDays;
use super::spans::DaySpans;
use crate::id::ActorId;
use gainsay_reading::figure::{Figure, ONE, OPEN, Range, within_rounding};

/// An answer with a range, prepared for comparison.
#[derive(Clone, Copy, Debug)]
pub(super) struct ComparedRange<'a> {
    pub(super) party: ActorId,
    pub(super) days: ValidDays,
    pub(super) hard: Range,
    /// The figure, if it may have been rounded.
    pub(super) figure: Option<&'a Figure>,
}

impl ComparedRange<'_> {
    /// Whether the two are the same figure, rounded.
    pub(super) fn rounds_to(&self, other: &Self) -> bool {
        matches!((self.figure, other.figure), (Some(a), Some(b)) if within_rounding(a, b))
    }

    fn rounding_class(&self) -> RoundingClass {
        let exact = self.figure.filter(|figure| figure.hard.is_exact());
        exact.map(|figure| {
            let fraction = if figure.timed { 0 } else { figure.hard.low.rem_euclid(ONE) };
            (figure.step, fraction)
        })
    }
}

/// The last digit of an exact figure and its decimals. Two figures of the same class differ by at least one
/// or are equal, so no third figure of the class is between two that differ by one.
type RoundingClass = Option<(i64, i64)>;

/// Which pairs are searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct PairFilter {
    /// Only pairs of two different parties.
    pub(super) across_parties: bool,
    /// Also pairs that are the same figure, rounded.
    pub(super) include_rounded: bool,
}

/// The indexes of the lower and the higher answer of the widest gap; of equal gaps, the one given first. A
/// low end applies on its own days and, unless figures `vary`, on all later days.
pub(super) fn widest_gap(
    lines: &[ComparedRange<'_>],
    varies: bool,
    wanted: PairFilter,
) -> Option<[usize; 2]> {
    let mut by_days: BTreeMap<ValidDays, (LowestByClass, Vec<usize>)> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let (lowest, members) = by_days.entry(line.days).or_default();
        lowest.add(lines, line.rounding_class(), at);
        members.push(at);
    }
    let mut lowest: DaySpans<LowestByClass> = DaySpans::new(by_days.keys().copied());
    for (&days, (own, _)) in &by_days {
        lowest.add(days, |lowest| lowest.join(lines, own));
    }
    let found = by_days.iter().filter_map(|(&days, (_, members))| {
        // A low end applies from its day on, so an answer for that day or a later one may be too low.
        let bound = if varies { days } else { ValidDays { last: i32::MAX, ..days } };
        let bound: Vec<&LowestByClass> =
            lowest.overlapping(bound).filter(|lowest| !lowest.0.is_empty()).collect();
        let furthest = |&high: &usize| {
            bound.iter().filter_map(|lowest| lowest.furthest(lines, high, wanted)).max_by_key(gap_rank)
        };
        members.iter().filter_map(furthest).max_by_key(gap_rank)
    });
    found.max_by_key(gap_rank).map(|(_, low, high)| [low, high])
}

/// The gap between two answers, the index of the lower and that of the higher.
type GapPair = (i64, usize, usize);

fn gap_rank(&(gap, low, high): &GapPair) -> impl Ord + use<> {
    (gap, Reverse((low, high)))
}

/// For each class, the answer with the lowest high end, and the lowest of another party.
#[derive(Default)]
struct LowestByClass(FxHashMap<RoundingClass, Vec<usize>>);

impl LowestByClass {
    fn add(&mut self, lines: &[ComparedRange<'_>], kind: RoundingClass, at: usize) {
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

    fn join(&mut self, lines: &[ComparedRange<'_>], other: &Self) {
        for (&kind, kept) in &other.0 {
            for &at in kept {
                self.add(lines, kind, at);
            }
        }
    }

    /// The answer furthest below another one that the filter accepts.
    fn furthest(&self, lines: &[ComparedRange<'_>], high: usize, wanted: PairFilter) -> Option<GapPair> {
        let one = &lines[high];
        let fits = |&&low: &&usize| !wanted.across_parties || lines[low].party != one.party;
        let lowest = self.0.values().filter_map(|kept| kept.iter().find(fits).copied());
        let below = lowest.filter(|&low| {
            let other = &lines[low];
            other.hard.high < one.hard.low && (wanted.include_rounded || !other.rounds_to(one))
        });
        below.map(|low| (one.hard.low.saturating_sub(lines[low].hard.high), low, high)).max_by_key(gap_rank)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::Id as _;
    use gainsay_reading::figure::{Conventions, Counting, Reading, read};

    const ANY: PairFilter = PairFilter { across_parties: false, include_rounded: false };
    const BETWEEN: PairFilter = PairFilter { across_parties: true, include_rounded: false };

    fn figure(text: &str, counting: &Counting) -> Figure {
        match read(text, counting, &Conventions::default()) {
            Ok(Reading::Figure(figure)) => figure,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn line(figure: &Figure, party: usize, days: ValidDays) -> ComparedRange<'_> {
        ComparedRange { party: ActorId::new(party), days, hard: figure.hard, figure: Some(figure) }
    }

    fn day(first: i32, last: i32) -> ValidDays {
        ValidDays { first, last, is_final: false }
    }

    /// The two figures with the widest gap; each figure is from a different party.
    fn furthest(texts: &[&str]) -> Option<[String; 2]> {
        let figures: Vec<Figure> = texts.iter().map(|text| figure(text, &Counting::Whole)).collect();
        let parties = figures.iter().enumerate();
        let lines: Vec<ComparedRange<'_>> =
            parties.map(|(party, figure)| line(figure, party, ValidDays::ALWAYS)).collect();
        widest_gap(&lines, false, BETWEEN).map(|pair| pair.map(|at| texts[at].to_owned()))
    }

    #[test]
    fn widest_gap_ignores_a_round_figure_between_two_others() {
        let pair = |low: &str, high: &str| Some([low.to_owned(), high.to_owned()]);
        assert_eq!(furthest(&["32,000", "32,230", "32,232", "32,500"]), pair("32,230", "32,500"));
        assert_eq!(furthest(&["1,018", "1,000", "1,002"]), pair("1,002", "1,018"));
        assert_eq!(furthest(&["20,289", "20,000", "20,089"]), pair("20,089", "20,289"));
        assert_eq!(furthest(&["380", "381", "383"]), pair("381", "383"));
        assert_eq!(furthest(&["1,000", "1,002", "1,003"]), None);
        assert_eq!(furthest(&["169", "170", "200"]), pair("169", "200"));
        assert_eq!(furthest(&["1,000", "at least 1,002"]), pair("1,000", "at least 1,002"));
    }

    /// Figures near a thousand with all sorts of last digits, from three parties and for a few days.
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
        fn widest_gap_is_that_of_a_search_through_all_pairs(drawn in drawn(), varies: bool, across_parties: bool, include_rounded: bool) {
            let counting = Counting::Amount { unit: None };
            let figures: Vec<Figure> = drawn.iter().map(|(text, ..)| figure(text, &counting)).collect();
            let lines: Vec<ComparedRange<'_>> = drawn
                .iter()
                .zip(&figures)
                .map(|(&(_, party, first, span), figure)| line(figure, party, day(first, first + span)))
                .collect();
            let clash = |low: &ComparedRange<'_>, high: &ComparedRange<'_>| {
                let at_one_time = if varies { low.days.overlaps(high.days) } else { !low.days.is_before(high.days) };
                let apart = high.hard.low - low.hard.high.min(high.hard.low);
                let is_wanted = (!across_parties || low.party != high.party) && (include_rounded || !low.rounds_to(high));
                (apart > 0 && at_one_time && is_wanted).then_some(apart)
            };
            let pairs = lines.iter().flat_map(|low| lines.iter().filter_map(|high| clash(low, high)));
            let found = widest_gap(&lines, varies, PairFilter { across_parties, include_rounded });
            prop_assert_eq!(found.and_then(|[low, high]| clash(&lines[low], &lines[high])), pairs.max());
            if let Some([low, high]) = found {
                prop_assert!(lines[low].hard.high < lines[high].hard.low);
            }
        }
    }

    #[test]
    fn widest_gap_across_parties_ignores_pairs_of_one_party() {
        let figures = ["1002", "1018"].map(|text| figure(text, &Counting::Whole));
        let lines: Vec<ComparedRange<'_>> =
            figures.iter().map(|figure| line(figure, 0, ValidDays::ALWAYS)).collect();
        assert_eq!(widest_gap(&lines, false, ANY), Some([0, 1]));
        assert_eq!(widest_gap(&lines, false, BETWEEN), None);
    }
}
