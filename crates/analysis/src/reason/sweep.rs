//! The smallest number of points such that every range contains one of them, found with one sort.
//!
//! Ranges that overlap pairwise share a point. So the smallest set of points that pierces all ranges is the
//! smallest set of positions that holds all answers, and the ranges that opened the positions are a largest
//! set in which every two exclude each other (interval piercing; Gallai's theorem on intervals).

use gainsay_reading::figure::Range;

/// The positions of a set of ranges.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Positions {
    /// For each position, from low to high, the index of the range that names it. These ranges exclude each
    /// other.
    pub openers: Vec<usize>,
    /// For each position, a value that all its ranges contain.
    pub points: Vec<i64>,
    /// For each range, the first and the last position that it belongs to.
    pub runs: Vec<(usize, usize)>,
}

impl Positions {
    /// The indexes of the ranges that belong to a position.
    pub fn members(&self, position: usize) -> impl Iterator<Item = usize> {
        let holds = move |&(first, last): &(usize, usize)| first <= position && position <= last;
        self.runs.iter().enumerate().filter(move |(_, run)| holds(run)).map(|(at, _)| at)
    }
}

/// The smallest set of positions that holds all ranges. A position is named by the range given first among
/// equals. The last position is named by the range with the highest low end, so two positions are named by
/// the pair with the widest gap.
pub fn positions(ranges: &[Range]) -> Positions {
    let mut order: Vec<usize> = (0..ranges.len()).collect();
    order.sort_by_key(|&at| (ranges[at].high, at));
    let mut openers: Vec<usize> = Vec::new();
    let mut points: Vec<i64> = Vec::new();
    for at in order {
        if points.last().is_none_or(|&point| ranges[at].low > point) {
            openers.push(at);
            points.push(ranges[at].high);
        }
    }
    if let [.., before, _] = points.as_slice()
        && let Some(last) = openers.last_mut()
    {
        let beyond = (0..ranges.len()).filter(|&at| ranges[at].low > *before);
        *last = beyond.max_by_key(|&at| (ranges[at].low, std::cmp::Reverse(at))).unwrap_or(*last);
    }
    let runs = ranges.iter().map(|range| {
        let first = points.partition_point(|&point| point < range.low);
        let beyond = points.partition_point(|&point| point <= range.high);
        (first, beyond.max(first + 1) - 1)
    });
    Positions { runs: runs.collect(), openers, points }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_reading::figure::OPEN;

    fn range(low: i64, high: i64) -> Range {
        Range { low, high }
    }

    #[test]
    fn positions_of_the_worked_example() {
        // 10-20, 12, 15-30, 25, 40, 41+
        let ranges =
            [range(10, 20), range(12, 12), range(15, 30), range(25, 25), range(40, 40), range(41, OPEN)];
        let found = positions(&ranges);
        assert_eq!(found.openers, [1, 3, 4, 5]);
        assert_eq!(found.points[..3], [12, 25, 40]);
        assert_eq!(found.runs, [(0, 0), (0, 0), (1, 1), (1, 1), (2, 2), (3, 3)]);
    }

    #[test]
    fn positions_are_named_by_the_widest_gap_if_there_are_two() {
        let found = positions(&[range(30, OPEN), range(90, OPEN), range(5, 9), range(7, 8)]);
        assert_eq!(found.openers, [3, 1]);
    }

    #[test]
    fn positions_can_share_a_range() {
        let found = positions(&[range(5, 5), range(20, 20), range(1, 30)]);
        assert_eq!(found.runs[2], (0, 1));
        assert_eq!(found.members(1).collect::<Vec<_>>(), [1, 2]);
    }

    proptest::proptest! {
        #[test]
        fn positions_have_openers_that_exclude_each_other_and_points_in_all_ranges(
            ends in proptest::collection::vec((0_i64..60, 0_i64..20), 0..40),
        ) {
            let ranges: Vec<_> = ends.iter().map(|&(low, width)| range(low, low + width)).collect();
            let found = positions(&ranges);
            for (at, &a) in found.openers.iter().enumerate() {
                for &b in &found.openers[at + 1..] {
                    assert!(!ranges[a].meets(&ranges[b]));
                }
            }
            for (range, &(first, last)) in ranges.iter().zip(&found.runs) {
                assert!(first <= last);
                for &point in &found.points[first..=last] {
                    assert!(range.low <= point && point <= range.high);
                }
            }
        }
    }
}
