//! Collects findings up to a limit. The first findings of each lint, by place, are collected; the others are only
//! counted.
//!
//! A damaged file can have a mistake in every line, and nobody reads a million findings. Which findings are collected
//! depends only on their places, never on the order in which they are pushed or merged.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use super::{Finding, Grade};
use crate::id::FileId;
use crate::source::Location;

/// The maximum number of findings to collect of each lint. Findings on claims have no limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit {
    /// The limit for one file; the first findings by place are collected.
    pub in_file: usize,
    /// The limit for all files; the first findings by path and place are collected.
    pub in_all: usize,
    /// Findings in this place are always collected.
    pub focus: Option<Location>,
}

impl Limit {
    /// No limit: memory grows with the number of mistakes.
    pub const NONE: Self = Self { in_file: usize::MAX, in_all: usize::MAX, focus: None };
}

impl Default for Limit {
    /// More than anybody reads: 1,000 in a file, 10,000 in all files.
    fn default() -> Self {
        Self { in_file: 1_000, in_all: 10_000, focus: None }
    }
}

/// The number of findings of one lint in one file that were counted but not collected.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Omitted {
    /// The file.
    pub file: FileId,
    /// The grade of the lint.
    pub grade: Grade,
    /// The id of the lint.
    pub rule: &'static str,
    /// How many there are, at least 1.
    pub count: usize,
}

/// The result of a [`Collector`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CollectedFindings {
    /// The findings on claims, in the order in which they were pushed, then the lints, by place.
    pub findings: Vec<Finding>,
    /// The findings that were only counted, sorted by file, grade and id.
    pub omitted: Vec<Omitted>,
}

impl CollectedFindings {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.omitted.is_empty()
    }

    /// How many findings there are, collected or not.
    pub fn count(&self) -> usize {
        self.findings.len() + self.omitted.iter().map(|omitted| omitted.count).sum::<usize>()
    }
}

/// The maximum length of each text of a lint, in characters. A message could quote an id that is as long as the file.
const MAX_TEXT_CHARS: usize = 1_000;

/// Collects findings up to a limit.
#[derive(Debug)]
pub struct Collector {
    limit: Limit,
    /// Findings on claims, and findings in the focus.
    unlimited: Vec<Finding>,
    groups: FxHashMap<(FileId, &'static str), LintGroup>,
    /// The totals of each lint in all files.
    totals: FxHashMap<&'static str, LintTotal>,
    count: usize,
}

/// The findings of one lint in one file.
#[derive(Debug)]
struct LintGroup {
    grade: Grade,
    findings: Vec<Finding>,
    omitted: usize,
    /// Findings after this byte are beyond the limit of a file.
    last: Option<u32>,
}

/// The findings of one lint in all files.
#[derive(Clone, Copy, Debug, Default)]
struct LintTotal {
    collected: usize,
    /// Findings after this byte of this file are beyond the limit of all files.
    last: Option<(FileId, u32)>,
}

impl Collector {
    /// An empty collector.
    pub fn new(limit: Limit) -> Self {
        Self {
            limit,
            unlimited: Vec::new(),
            groups: FxHashMap::default(),
            totals: FxHashMap::default(),
            count: 0,
        }
    }

    /// An empty collector with the same limit.
    #[must_use]
    pub fn like(&self) -> Self {
        Self::new(self.limit)
    }

    /// How many findings were pushed, collected or not.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Collects or counts a finding.
    pub fn push(&mut self, finding: Finding) {
        self.count += 1;
        match finding.labels.first().map(|label| label.location) {
            Some(at) if finding.grade.is_lint() && !self.is_in_focus(at) => self.push_lint(at, finding),
            _ => self.unlimited.push(finding),
        }
    }

    /// Collects or counts a finding of a lint with its first label at `at`. `make` is only called if the finding is
    /// collected.
    pub fn push_with(&mut self, rule: &'static str, at: Location, make: impl FnOnce() -> Finding) {
        if self.is_beyond(rule, at)
            && !self.is_in_focus(at)
            && let Some(group) = self.groups.get_mut(&(at.file, rule))
        {
            group.omitted += 1;
            self.count += 1;
        } else {
            self.push(make());
        }
    }

    /// Adds all findings and counts of another collector.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.unlimited.extend(other.unlimited);
        for ((file, rule), group) in other.groups {
            if group.omitted > 0 {
                self.group(file, rule, group.grade).omitted += group.omitted;
            }
            for finding in group.findings {
                let at = finding.labels[0].location;
                self.push_lint(at, finding);
            }
        }
    }

    /// Adds the findings and counts of a finished collector.
    pub fn merge_found(&mut self, found: CollectedFindings) {
        for omitted in found.omitted {
            self.count += omitted.count;
            self.group(omitted.file, omitted.rule, omitted.grade).omitted += omitted.count;
        }
        for finding in found.findings {
            self.push(finding);
        }
    }

    /// The collected findings, and the counts of the others.
    pub fn finish(mut self) -> CollectedFindings {
        for group in self.groups.values_mut() {
            group.cut(self.limit.in_file);
        }
        let mut collected: FxHashMap<&'static str, usize> = FxHashMap::default();
        for ((_, rule), group) in &self.groups {
            *collected.entry(rule).or_default() += group.findings.len();
        }
        let in_all = self.limit.in_all;
        for (rule, _) in collected.into_iter().filter(|(_, count)| *count > in_all) {
            self.cut_in_all(rule);
        }
        let omitted = self.groups.iter().filter(|(_, group)| group.omitted > 0);
        let mut omitted: Vec<Omitted> = omitted
            .map(|(&(file, rule), group)| Omitted { file, grade: group.grade, rule, count: group.omitted })
            .collect();
        omitted.sort_unstable();
        let mut lints: Vec<Finding> = self.groups.into_values().flat_map(|group| group.findings).collect();
        lints.sort_by(by_place);
        let mut findings = self.unlimited;
        findings.append(&mut lints);
        CollectedFindings { findings, omitted }
    }

    fn is_in_focus(&self, at: Location) -> bool {
        self.limit.focus.is_some_and(|focus| contains(focus, at))
    }

    fn group(&mut self, file: FileId, rule: &'static str, grade: Grade) -> &mut LintGroup {
        self.groups.entry((file, rule)).or_insert_with(|| LintGroup {
            grade,
            findings: Vec::new(),
            omitted: 0,
            last: None,
        })
    }

    /// Whether a finding of a lint at a place is beyond one of the limits.
    fn is_beyond(&self, rule: &'static str, at: Location) -> bool {
        let is_beyond_group = |group: &LintGroup| group.last.is_some_and(|last| at.span.start > last);
        let is_beyond_total =
            |total: &LintTotal| total.last.is_some_and(|last| (at.file, at.span.start) > last);
        self.groups.get(&(at.file, rule)).is_some_and(is_beyond_group)
            || self.totals.get(rule).is_some_and(is_beyond_total)
    }

    fn push_lint(&mut self, at: Location, mut finding: Finding) {
        let Limit { in_file, in_all, .. } = self.limit;
        let rule = finding.rule;
        let is_beyond = self.is_beyond(rule, at);
        let group = self.group(at.file, rule, finding.grade);
        if is_beyond {
            group.omitted += 1;
            return;
        }
        let before = group.findings.len();
        finding.shorten(MAX_TEXT_CHARS);
        group.findings.push(finding);
        // Cutting only at twice the limit makes the cost of each finding constant.
        if group.findings.len() >= in_file.saturating_mul(2) {
            group.cut(in_file);
        }
        let after = group.findings.len();
        let total = self.totals.entry(rule).or_default();
        total.collected = (total.collected + after).saturating_sub(before);
        if total.collected >= in_all.saturating_mul(2) {
            self.cut_in_all(rule);
        }
    }

    /// Removes all findings of a lint beyond the limit of all files, and counts them instead.
    fn cut_in_all(&mut self, rule: &'static str) {
        let Limit { in_file, in_all, .. } = self.limit;
        let of_rule = self.groups.iter_mut().filter(|((_, other), _)| *other == rule);
        let mut groups: Vec<(FileId, &mut LintGroup)> =
            of_rule.map(|(&(file, _), group)| (file, group)).collect();
        groups.sort_unstable_by_key(|(file, _)| *file);
        let mut total = LintTotal::default();
        for (file, group) in groups {
            let left = in_all - total.collected;
            if left == 0 && total.last.is_none() {
                total.last = Some((file, 0));
            }
            group.cut(in_file.min(left));
            total.collected += group.findings.len();
        }
        self.totals.insert(rule, total);
    }
}

impl LintGroup {
    /// Keeps the first `max` findings by place, and counts the others.
    fn cut(&mut self, max: usize) {
        if self.findings.len() <= max {
            return;
        }
        self.omitted += self.findings.len() - max;
        if max == 0 {
            self.findings = Vec::new();
            return;
        }
        self.findings.select_nth_unstable_by(max - 1, by_place);
        self.findings.truncate(max);
        self.last = self
            .findings
            .last()
            .and_then(|finding| finding.labels.first())
            .map(|label| label.location.span.start);
    }
}

fn contains(outer: Location, inner: Location) -> bool {
    outer.file == inner.file && outer.span.holds(inner.span)
}

/// The order of lints: by place, then by grade, rule and text.
pub fn by_place(one: &Finding, other: &Finding) -> Ordering {
    let head = |finding: &Finding| {
        let place = finding.labels.first().map(|label| label.location);
        (place, finding.grade, finding.rule)
    };
    head(one)
        .cmp(&head(other))
        .then_with(|| one.message.cmp(&other.message))
        .then_with(|| one.labels.cmp(&other.labels))
        .then_with(|| one.notes.cmp(&other.notes))
        .then_with(|| one.help.cmp(&other.help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;
    use crate::lint;
    use crate::source::Span;

    fn lint_at(file: usize, byte: usize) -> Finding {
        let location = Location { file: FileId::new(file), span: Span::new(byte, byte + 1) };
        lint::UNKNOWN_KEY.at(location, format!("key {byte}"), "")
    }

    fn places(found: &CollectedFindings) -> Vec<(usize, u32)> {
        let place = |finding: &Finding| finding.labels[0].location;
        found
            .findings
            .iter()
            .map(|finding| (place(finding).file.index(), place(finding).span.start))
            .collect()
    }

    fn counted(found: &CollectedFindings) -> Vec<(usize, usize)> {
        found.omitted.iter().map(|omitted| (omitted.file.index(), omitted.count)).collect()
    }

    const SMALL: Limit = Limit { in_file: 3, in_all: 5, focus: None };

    #[test]
    fn collector_keeps_the_first_by_place_in_any_order() {
        for order in [[5, 1, 9, 3, 7, 2, 8, 6, 4, 0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]] {
            let mut collector = Collector::new(SMALL);
            for byte in order {
                collector.push(lint_at(0, byte));
            }
            assert_eq!(collector.count(), 10);
            let found = collector.finish();
            assert_eq!(places(&found), [(0, 0), (0, 1), (0, 2)]);
            assert_eq!(counted(&found), [(0, 7)]);
        }
    }

    #[test]
    fn push_with_does_not_make_findings_beyond_the_limit() {
        let mut collector = Collector::new(SMALL);
        let mut made = 0;
        for byte in 0..1_000 {
            let finding = lint_at(0, byte);
            collector.push_with(finding.rule, finding.labels[0].location, || {
                made += 1;
                finding
            });
        }
        assert_eq!(made, 6);
        assert_eq!(counted(&collector.finish()), [(0, 997)]);
    }

    #[test]
    fn limit_of_all_files_keeps_the_first_files() {
        let mut collector = Collector::new(SMALL);
        for file in [3, 0, 2, 1] {
            let mut of_file = Collector::new(SMALL);
            for byte in (0..4).rev() {
                of_file.push(lint_at(file, byte));
            }
            collector.merge(of_file);
        }
        assert_eq!(collector.count(), 16);
        let found = collector.finish();
        assert_eq!(places(&found), [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]);
        assert_eq!(counted(&found), [(0, 1), (1, 2), (2, 4), (3, 4)]);
        assert_eq!(found.count(), 16);
    }

    #[test]
    fn focus_is_always_collected() {
        let focus = Location { file: FileId::new(0), span: Span::new(8, 10) };
        let mut collector = Collector::new(Limit { focus: Some(focus), ..SMALL });
        for byte in 0..100 {
            collector.push(lint_at(0, byte));
        }
        let found = collector.finish();
        assert_eq!(places(&found), [(0, 8), (0, 9), (0, 0), (0, 1), (0, 2)]);
        assert_eq!(counted(&found), [(0, 95)]);
    }

    #[test]
    fn findings_on_claims_have_no_limit() {
        let mut collector = Collector::new(SMALL);
        for _ in 0..50 {
            collector.push(Finding::new("denied", Grade::Contradiction, "one denies another"));
        }
        assert_eq!(collector.finish().findings.len(), 50);
    }

    proptest::proptest! {
        #[test]
        fn collector_does_not_depend_on_order_or_merging(pushed in proptest::collection::vec((0_usize..5, 0_usize..40), 0..120), cut in 0_usize..120) {
            let mut one = Collector::new(SMALL);
            let (mut left, mut right) = (Collector::new(SMALL), Collector::new(SMALL));
            for (at, &(file, byte)) in pushed.iter().enumerate() {
                one.push(lint_at(file, byte));
                if at < cut { left.push(lint_at(file, byte)) } else { right.push(lint_at(file, byte)) }
            }
            right.merge(left);
            let one = one.finish();
            assert_eq!(one, right.finish());
            let mut all: Vec<(usize, u32)> = pushed.iter().map(|&(file, byte)| (file, byte as u32)).collect();
            all.sort_unstable();
            let mut in_file = [0; 5];
            all.retain(|&(file, _)| { in_file[file] += 1; in_file[file] <= SMALL.in_file });
            all.truncate(SMALL.in_all);
            assert_eq!(places(&one), all);
            assert_eq!(one.count(), pushed.len());
        }
    }
}
