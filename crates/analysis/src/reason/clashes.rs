//! Clashes within one question: first among the statements of each party, then between parties.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::choices::LowestItems;
use super::extremes::{ComparedRange, PairFilter, widest_gap};
use super::spans::DaySpans;
use super::statements::StatementReader;
use super::sweep::positions;
use super::time::is_over_time;
use super::{ChoiceAnswer, Clash, Content, MarkedItems, Nature, Statement, ValidDays, choices, denials};
use crate::document::MeasureType;
use crate::finding::Gap;
use crate::graph::Graph;
use crate::id::{ActorId, ClaimId, Id as _, QuestionId};
use crate::model::{ChoiceItem, Claim, Model, Value};
use gainsay_reading::figure::{OPEN, Range};
use gainsay_reading::period::{Day, Period};

/// All clashes within a question, including misleading pairs.
pub(super) fn within_question(reader: &StatementReader<'_>, question: QuestionId) -> Vec<Clash> {
    let statements = reader.statements(question);
    let sweep = QuestionSearch { reader, question };
    let mut clashes = sweep.within_parties(&statements);
    let current: Vec<&Statement> = statements.iter().filter(|statement| statement.current).collect();
    clashes.extend(sweep.denied(&current));
    let between = sweep.between_parties(&current);
    if between.is_empty() {
        clashes.extend(sweep.rounded_over_time(&current));
    }
    clashes.extend(between);
    clashes.extend(sweep.usual(&current));
    clashes
}

struct QuestionSearch<'a> {
    reader: &'a StatementReader<'a>,
    question: QuestionId,
}

impl QuestionSearch<'_> {
    fn model(&self) -> &Model {
        self.reader.model
    }

    /// The clashes among the statements of each party, including superseded ones.
    fn within_parties(&self, statements: &[Statement]) -> Vec<Clash> {
        let mut by_party: FxHashMap<ActorId, Vec<&Statement>> = FxHashMap::default();
        for statement in statements {
            by_party.entry(statement.party).or_default().push(statement);
        }
        let mut parties: Vec<_> = by_party.into_iter().filter(|(_, own)| own.len() > 1).collect();
        parties.sort_by_key(|(party, _)| *party);
        parties.into_iter().flat_map(|(_, own)| self.within_party(&own)).collect()
    }

    fn within_party(&self, own: &[&Statement]) -> Vec<Clash> {
        let mut found = certain_first(
            own,
            |some| {
                let set = self.unless_rounded(self.largest_clash(some), some);
                if set.len() > 1 { set } else { denials::first_denied_pair(self.reader.graph, some, false) }
            },
            |set| self.is_rounding(set),
        );
        for (named, _) in &mut found {
            named.sort_by_key(|statement| statement.first_said(self.model()));
        }
        self.clashes(&found, own, |named| self.nature_within(named))
    }

    fn nature_within(&self, named: &[&Statement]) -> Nature {
        if self.is_rounding(named) {
            return Nature::Rounding;
        }
        let claims: Vec<&Claim> = named.iter().map(|statement| statement.claim(self.model())).collect();
        // Two of them were certainly said at different times.
        let ended = claims.iter().filter_map(|claim| claim.said.last).min();
        let begun = claims.iter().filter_map(|claim| claim.said.first).max();
        if matches!((ended, begun), (Some(ended), Some(begun)) if ended < begun) {
            return Nature::OverTime;
        }
        let one_speaker = claims.windows(2).all(|pair| pair[0].by == pair[1].by);
        let one_source = claims.windows(2).all(|pair| pair[0].source == pair[1].source);
        if one_speaker && !one_source { Nature::Reports } else { Nature::Within }
    }

    /// Clashes in which one party asserts what another denies by a response, a stance, a no or a zero.
    fn denied(&self, current: &[&Statement]) -> Vec<Clash> {
        let found = certain_first(
            current,
            |some| denials::first_denied_pair(self.reader.graph, some, true),
            |_| false,
        );
        self.clashes(&found, current, |_| Nature::Denial)
    }

    /// Clashes between answers of several parties that exclude each other.
    fn between_parties(&self, current: &[&Statement]) -> Vec<Clash> {
        let asserted: Vec<&Statement> = current.iter().copied().filter(|s| !self.is_bare_denial(s)).collect();
        let found = certain_first(
            &asserted,
            |some| self.unless_rounded_between(self.between(self.largest_clash(some), some), some),
            |set| self.is_rounding(set),
        );
        self.clashes(&found, &asserted, |named| self.nature_between(named))
    }

    /// The closest pair of exact figures by two parties for different days of a growing toll that may be the
    /// same figure, rounded.
    fn rounded_over_time(&self, current: &[&Statement]) -> Option<Clash> {
        if !self.model().measure_of(self.question).grows {
            return None;
        }
        let mut exact: Vec<(i64, &Statement)> = current
            .iter()
            .filter_map(|&statement| {
                statement.hard().filter(Range::is_exact).map(|range| (range.low, statement))
            })
            .collect();
        exact.sort_by_key(|(value, _)| *value);
        let values: Vec<&[(i64, &Statement)]> = exact.chunk_by(|a, b| a.0 == b.0).collect();
        let near = values.windows(2).filter_map(|pair| {
            let party = pair[0][0].1.party;
            let other = pair[1].iter().find(|(_, statement)| statement.party != party);
            let one = pair[0].iter().find(|(_, statement)| statement.party != pair[1][0].1.party);
            match (one, other) {
                (_, Some(other)) => Some([pair[0][0].1, other.1]),
                (Some(one), None) => Some([one.1, pair[1][0].1]),
                (None, None) => None,
            }
        });
        let gap = |pair: &[&Statement; 2]| {
            pair[1]
                .hard()
                .map(|range| range.low)
                .zip(pair[0].hard().map(|range| range.low))
                .map(|(high, low)| high - low)
        };
        let pair = near.filter(|pair| self.is_rounding(pair)).min_by_key(gap)?;
        Some(self.clash(Nature::Rounding, &pair, &[], pair.iter().all(|statement| statement.certain)))
    }

    /// Whether a statement is only a denial, so that its clashes are reported as denials.
    fn is_bare_denial(&self, statement: &Statement) -> bool {
        statement.is_denial && !matches!(self.model().measure_of(self.question).kind, MeasureType::Date)
    }

    fn nature_between(&self, named: &[&Statement]) -> Nature {
        if self.is_rounding(named) {
            return Nature::Rounding;
        }
        match self.model().measure_of(self.question).kind {
            MeasureType::Choice | MeasureType::Scale | MeasureType::YesNo => return Nature::Answers,
            MeasureType::Date => return Nature::Dates,
            MeasureType::Count | MeasureType::Amount => {}
        }
        let ended = named.iter().map(|statement| statement.days.last).min();
        let begun = named.iter().map(|statement| statement.days.first).max();
        if ended < begun {
            Nature::Drop
        } else if named.iter().all(|statement| !statement.days.is_final) {
            Nature::Unsettled
        } else {
            Nature::Figures
        }
    }

    /// At most one clash between two statements for the same time whose hard ranges overlap and whose usual
    /// ranges do not.
    fn usual(&self, current: &[&Statement]) -> Option<Clash> {
        let is_scale = self.model().measure_of(self.question).kind == MeasureType::Scale;
        let last = if is_scale { self.last_words(current) } else { FxHashMap::default() };
        let mut lines: Vec<(&Statement, Range, Range)> = Vec::new();
        for &statement in current {
            if let Content::Interval { hard, usual } = statement.content
                && !self.has_later_word(statement, &last)
            {
                lines.push((statement, hard, usual));
            }
        }
        let [low, high] = misleading_pair(&lines)?.map(|at| lines[at].0);
        Some(self.clash(Nature::Usual, &[low, high], current, low.certain && high.certain))
    }

    /// For each party, what it said last and the latest thing it said that differs, each with the first day
    /// on which it may have been said.
    fn last_words<'s>(&self, current: &[&'s Statement]) -> FxHashMap<ActorId, Vec<(Day, &'s Content)>> {
        let mut last: FxHashMap<ActorId, Vec<(Day, &Content)>> = FxHashMap::default();
        for &statement in current {
            let Some(day) = self.said_last(statement).first else { continue };
            let known = last.entry(statement.party).or_default();
            match known.iter_mut().find(|(_, content)| **content == statement.content) {
                Some(known) => known.0 = known.0.max(day),
                None => known.push((day, &statement.content)),
            }
            known.sort_by_key(|&(day, _)| Reverse(day));
            known.truncate(2);
        }
        last
    }

    /// Whether the party has named another step since. Both may hold, but the later one is its current
    /// answer.
    fn has_later_word(&self, statement: &Statement, last: &FxHashMap<ActorId, Vec<(Day, &Content)>>) -> bool {
        let words = last.get(&statement.party).into_iter().flatten();
        let said = self.said_last(statement).last;
        words
            .into_iter()
            .any(|&(day, word)| *word != statement.content && said.is_some_and(|said| said < day))
    }

    /// When the last answer of a statement was said.
    fn said_last(&self, statement: &Statement) -> Period {
        let answer = statement.answers.last().copied().unwrap_or(statement.main_answer());
        self.model().claim(self.model().answers.claim[answer.index()]).said
    }

    /// A largest set of statements in which every two exclude each other; one or none if all can hold.
    fn largest_clash<'s>(&self, statements: &[&'s Statement]) -> Vec<&'s Statement> {
        if self.model().measure_of(self.question).kind == MeasureType::Choice {
            return self.different_choices(statements);
        }
        let lines: Vec<(&Statement, Range)> = statements
            .iter()
            .filter_map(|&statement| statement.hard().map(|hard| (statement, hard)))
            .collect();
        if is_over_time(self.model(), self.question) {
            return self.largest_clash_over_time(&lines);
        }
        let ranges: Vec<Range> = lines.iter().map(|(_, range)| *range).collect();
        positions(&ranges).openers.into_iter().map(|at| lines[at].0).collect()
    }

    /// Answers to a single choice that all differ, taken in the order of time. Answers that contain others
    /// are added last: two narrow answers differ from each other, and a wide answer that contains both would
    /// hide that.
    fn different_choices<'s>(&self, statements: &[&'s Statement]) -> Vec<&'s Statement> {
        if !self.model().measure_of(self.question).single {
            return Vec::new();
        }
        let mut narrow = DifferentChoices::new(self.reader.graph);
        let mut wide: Vec<(&Statement, &[ChoiceItem])> = Vec::new();
        let inner = choices::wholes_of_all(self.reader.graph, statements.iter().filter_map(|s| s.choice()));
        for &statement in statements {
            let Some(items) = statement.choice() else { continue };
            if items.iter().all(|item| inner.contains(item)) {
                wide.push((statement, items));
            } else {
                narrow.add(statement, items);
            }
        }
        for (statement, items) in wide {
            narrow.add(statement, items);
        }
        narrow.statements
    }

    /// For figures that grow, a low end applies from its day on and a high end up to its day. The statements
    /// are compared as they apply on the day of the widest broken bound.
    fn largest_clash_over_time<'s>(&self, lines: &[(&'s Statement, Range)]) -> Vec<&'s Statement> {
        let Some(day) = self.day_of_widest_break(lines) else { return Vec::new() };
        let binding = lines
            .iter()
            .filter(|(statement, _)| !day.is_before(statement.days) && self.binds(statement, day));
        let binding: Vec<(&Statement, Range)> = binding
            .map(|&(statement, range)| {
                let high = if statement.days.is_before(day) { OPEN } else { range.high };
                (statement, Range { low: range.low, high })
            })
            .collect();
        let ranges: Vec<Range> = binding.iter().map(|(_, range)| *range).collect();
        positions(&ranges).openers.into_iter().map(|at| binding[at].0).collect()
    }

    /// Whether a statement applies to a day. A figure that can rise and fall applies to its own days only.
    fn binds(&self, statement: &Statement, day: ValidDays) -> bool {
        !self.model().measure_of(self.question).varies || statement.days.overlaps(day)
    }

    /// The day on which a high end is furthest below a low end for the same or an earlier day; for figures
    /// that can rise and fall, below a low end for the same day.
    fn day_of_widest_break(&self, lines: &[(&Statement, Range)]) -> Option<ValidDays> {
        let varies = self.model().measure_of(self.question).varies;
        let extremes = Extremes::new(lines.iter().map(|(statement, range)| (statement.days, *range)));
        let mut highs: BTreeMap<ValidDays, i64> = BTreeMap::new();
        for (statement, range) in lines {
            let high = highs.entry(statement.days).or_insert(OPEN);
            *high = range.high.min(*high);
        }
        let gaps =
            highs.iter().map(|(&days, &high)| (extremes.low_at(days, varies).saturating_sub(high), days));
        gaps.max().filter(|(gap, _)| *gap > 0).map(|(_, days)| days)
    }

    /// A clash between parties: the given set, or, if all of it is from one party, the first statement of
    /// another party together with a statement that it clashes with.
    fn between<'s>(&self, found: Vec<&'s Statement>, all: &[&'s Statement]) -> Vec<&'s Statement> {
        if found.len() < 2 || found.iter().any(|statement| statement.party != found[0].party) {
            return found;
        }
        let clashes = self.clash_test(Nature::Figures, &found);
        let other = all.iter().copied().find(|other| other.party != found[0].party && clashes(other));
        let pairs = other.into_iter().flat_map(|other| found.iter().map(move |&own| [own, other]));
        pairs.map(|pair| self.largest_clash(&pair)).find(|pair| pair.len() > 1).unwrap_or_default()
    }

    /// The given set of one party's statements. If its outermost figures are the same figure, rounded, the
    /// widest pair that is not, if there is one.
    fn unless_rounded<'s>(&self, set: Vec<&'s Statement>, all: &[&'s Statement]) -> Vec<&'s Statement> {
        if !self.is_rounding(&set) {
            return set;
        }
        self.widest(all, PairFilter { across_parties: false, include_rounded: false }).map_or(set, Vec::from)
    }

    /// The same between parties. The differences within one party are reported separately, so they do not
    /// count as a disagreement between figures that otherwise round to each other.
    fn unless_rounded_between<'s>(
        &self,
        set: Vec<&'s Statement>,
        all: &[&'s Statement],
    ) -> Vec<&'s Statement> {
        let Some([low, high]) = outermost(&set) else { return set };
        let are_apart = !self.is_rounding(&set);
        if are_apart && low.party != high.party {
            return set;
        }
        let between = PairFilter { across_parties: true, include_rounded: false };
        match self.widest(all, between) {
            Some(_) if are_apart && self.widest(&set, between).is_some() => set,
            Some(pair) => pair.into(),
            None if self.widest(&set, PairFilter { across_parties: false, ..between }).is_none() => set,
            None => self.widest(all, PairFilter { include_rounded: true, ..between }).map_or(set, Vec::from),
        }
    }

    /// The two statements with the widest gap that the filter accepts, the lower one first.
    fn widest<'s>(&self, statements: &[&'s Statement], filter: PairFilter) -> Option<[&'s Statement; 2]> {
        let (on_line, lines): (Vec<&Statement>, Vec<ComparedRange<'_>>) = statements
            .iter()
            .filter_map(|&statement| self.compared_range(statement).map(|line| (statement, line)))
            .unzip();
        let varies = self.model().measure_of(self.question).varies;
        Some(widest_gap(&lines, varies, filter)?.map(|at| on_line[at]))
    }

    /// The range of a statement, prepared for comparison. A denial is never a rounded figure.
    fn compared_range(&self, statement: &Statement) -> Option<ComparedRange<'_>> {
        let figure = match &self.model().answers.value[statement.main_answer().index()] {
            Value::Figure(figure) if !statement.is_denial => Some(figure),
            _ => None,
        };
        statement.hard().map(|hard| ComparedRange {
            party: statement.party,
            days: statement.days,
            hard,
            figure,
        })
    }

    /// Whether the outermost statements are the same figure, rounded. The named statements are chosen so that
    /// this answers for all that were searched: see [`Self::unless_rounded`].
    fn is_rounding(&self, named: &[&Statement]) -> bool {
        let ends = outermost(named).map(|ends| ends.map(|statement| self.compared_range(statement)));
        matches!(ends, Some([Some(low), Some(high)]) if low.rounds_to(&high))
    }

    /// One clash for each set found. If there are two, the first is certain and mild, and lists no hedged
    /// claims.
    fn clashes(
        &self,
        found: &[(Vec<&Statement>, bool)],
        all: &[&Statement],
        nature: impl Fn(&[&Statement]) -> Nature,
    ) -> Vec<Clash> {
        let others_for = |certain: bool| -> Vec<&Statement> {
            let is_apart = certain && found.len() > 1;
            all.iter().copied().filter(|statement| statement.certain || !is_apart).collect()
        };
        let clash = |(named, certain): &(Vec<&Statement>, bool)| {
            self.clash(nature(named), named, &others_for(*certain), *certain)
        };
        found.iter().map(clash).collect()
    }

    fn clash(&self, nature: Nature, named: &[&Statement], all: &[&Statement], certain: bool) -> Clash {
        let named_claims: FxHashSet<ClaimId> =
            named.iter().map(|statement| self.claim_of(statement)).collect();
        let joins = self.clash_test(nature, named);
        let joining = all.iter().copied().filter(|other| joins(other));
        let mut also: Vec<ClaimId> = named
            .iter()
            .copied()
            .chain(joining)
            .flat_map(|statement| {
                statement.answers.iter().map(|answer| self.model().answers.claim[answer.index()])
            })
            .filter(|claim| !named_claims.contains(claim))
            .collect();
        also.sort_unstable();
        also.dedup();
        Clash {
            questions: vec![self.question],
            nature,
            statements: named.iter().map(|&statement| statement.clone()).collect(),
            also,
            gap: gap(nature, named).filter(|_| is_figure(self.model().measure_of(self.question).kind)),
            certain,
            joint: None,
            through: Vec::new(),
        }
    }

    /// A test that says whether another statement clashes with one of those named, in the same way.
    fn clash_test<'n>(
        &'n self,
        nature: Nature,
        named: &'n [&'n Statement],
    ) -> Box<dyn Fn(&Statement) -> bool + 'n> {
        let graph = self.reader.graph;
        if nature == Nature::Usual {
            return Box::new(move |other| named.iter().any(|one| misleads(one, other)));
        }
        if nature == Nature::Denial || named.iter().any(|one| one.hard().is_none() && one.choice().is_none())
        {
            return Box::new(move |other| {
                named
                    .iter()
                    .any(|one| denials::denies(graph, one, other) || denials::denies(graph, other, one))
            });
        }
        let varies = self.model().measure_of(self.question).varies;
        let lines = named.iter().filter_map(|one| one.hard().map(|hard| (one.days, hard)));
        let extremes = Extremes::new(lines);
        let chosen = NamedChoices::new(graph, named.iter().filter_map(|one| one.choice()));
        Box::new(move |other| match (other.hard(), other.choice()) {
            (Some(hard), _) => {
                extremes.low_at(other.days, varies) > hard.high
                    || extremes.high_at(other.days, varies) < hard.low
            }
            (None, Some(items)) => chosen.differs_from(items),
            (None, None) => false,
        })
    }

    fn claim_of(&self, statement: &Statement) -> ClaimId {
        self.model().answers.claim[statement.main_answer().index()]
    }
}

impl Statement {
    /// The items, if this is an answer to a choice.
    fn choice(&self) -> Option<&[ChoiceItem]> {
        match &self.content {
            Content::Choice(items) => Some(items),
            _ => None,
        }
    }

    /// The claim by which the statement is named.
    pub fn claim<'m>(&self, model: &'m Model) -> &'m Claim {
        model.claim(model.answers.claim[self.main_answer().index()])
    }

    fn first_said(&self, model: &Model) -> impl Ord + use<> {
        (self.claim(model).said_on(), model.answers.claim[self.main_answer().index()])
    }
}

fn is_figure(kind: MeasureType) -> bool {
    matches!(kind, MeasureType::Count | MeasureType::Amount)
}

/// The statements with the lowest and the highest figure. None if some of them have no range.
fn outermost<'s>(statements: &[&'s Statement]) -> Option<[&'s Statement; 2]> {
    if statements.iter().any(|statement| statement.hard().is_none()) {
        return None;
    }
    let low = statements.iter().min_by_key(|statement| statement.hard().map(|range| range.low))?;
    let high = statements.iter().max_by_key(|statement| statement.hard().map(|range| range.high))?;
    Some([low, high])
}

/// Runs a search on the statements without a hedge. If that finds nothing, or only something mild, it runs it
/// on all statements as well. Each set found comes with whether it needs no hedged statement.
fn certain_first<'s>(
    statements: &[&'s Statement],
    search: impl Fn(&[&'s Statement]) -> Vec<&'s Statement>,
    is_mild: impl Fn(&[&'s Statement]) -> bool,
) -> Vec<(Vec<&'s Statement>, bool)> {
    let certain: Vec<&Statement> = statements.iter().copied().filter(|statement| statement.certain).collect();
    let set = search(&certain);
    let is_enough = set.len() > 1 && !is_mild(&set);
    let mut found = vec![(set, true)];
    if !is_enough && certain.len() < statements.len() {
        let found_in_all = search(statements);
        if found[0].0.len() < 2 || !is_mild(&found_in_all) {
            found.push((found_in_all, false));
        }
    }
    found.retain(|(set, _)| set.len() > 1);
    found
}

/// The number of lists that a clash on a single choice names. Further lists are added as other claims that
/// clash. Single ids are all named.
const MAX_NAMED_LISTS: usize = 64;

/// Statements that all give different answers to a single choice.
struct DifferentChoices<'l, 's> {
    graph: &'l Graph,
    statements: Vec<&'s Statement>,
    /// The items of answers with one item.
    items: LowestItems<'l>,
    /// The answers with several items.
    lists: Vec<ChoiceAnswer<'l>>,
}

impl<'l, 's> DifferentChoices<'l, 's> {
    fn new(graph: &'l Graph) -> Self {
        Self { graph, statements: Vec::new(), items: LowestItems::new(graph), lists: Vec::new() }
    }

    /// Adds a statement unless its answer is the same as one already added, given more or less exactly or
    /// completely.
    fn add(&mut self, statement: &'s Statement, items: &'l [ChoiceItem]) {
        let answer = ChoiceAnswer::new(self.graph, items);
        let is_list = items.len() != 1;
        let is_chosen = |&item: &ChoiceItem| self.items.inside(item).or(self.items.around(item)).is_some();
        let is_known = is_list && self.lists.len() == MAX_NAMED_LISTS
            || items.iter().any(is_chosen)
            || self.lists.iter().any(|list| answer.is_same(list));
        if is_known {
            return;
        }
        self.statements.push(statement);
        match items {
            [one] => self.items.mark(*one, 0),
            _ => self.lists.push(answer),
        }
    }
}

/// Answers to a choice, prepared for comparison with others.
struct NamedChoices<'s> {
    graph: &'s Graph,
    items: MarkedItems<'s, ()>,
    lists: Vec<ChoiceAnswer<'s>>,
}

impl<'s> NamedChoices<'s> {
    fn new(graph: &'s Graph, answers: impl Iterator<Item = &'s [ChoiceItem]>) -> Self {
        let (single, lists): (Vec<&[ChoiceItem]>, Vec<&[ChoiceItem]>) =
            answers.partition(|items| items.len() == 1);
        let items = MarkedItems::new(graph, single.into_iter().flatten().map(|&item| (item, ())));
        Self { graph, items, lists: lists.into_iter().map(|list| ChoiceAnswer::new(graph, list)).collect() }
    }

    /// Whether any of them is a different answer.
    fn differs_from(&self, items: &[ChoiceItem]) -> bool {
        let answer = ChoiceAnswer::new(self.graph, items);
        !self.items.are_all_nested(items) || self.lists.iter().any(|list| !answer.is_same(list))
    }
}

/// The extreme ends of statements at each time, so that another statement can be compared with all of them at
/// once.
struct Extremes(DaySpans<Option<Range>>);

impl Extremes {
    fn new(lines: impl Iterator<Item = (ValidDays, Range)> + Clone) -> Self {
        let mut ends: DaySpans<Option<Range>> = DaySpans::new(lines.clone().map(|(days, _)| days));
        for (days, range) in lines {
            ends.add(days, |ends| {
                let known = ends.get_or_insert(range);
                *known = Range { low: known.low.max(range.low), high: known.high.min(range.high) };
            });
        }
        Self(ends)
    }

    /// The highest low end that applies at a time: it describes that time or, for figures that grow, an
    /// earlier one.
    fn low_at(&self, days: ValidDays, varies: bool) -> i64 {
        let binding = if varies { days } else { ValidDays { first: i32::MIN, ..days } };
        self.0.overlapping(binding).flatten().map(|ends| ends.low).max().unwrap_or(i64::MIN)
    }

    /// The lowest high end that applies at a time: it describes that time or, for figures that grow, a later
    /// one.
    fn high_at(&self, days: ValidDays, varies: bool) -> i64 {
        let binding = if varies { days } else { ValidDays { last: i32::MAX, ..days } };
        self.0.overlapping(binding).flatten().map(|ends| ends.high).min().unwrap_or(OPEN)
    }
}

/// The gap between the outermost statements. None if they have no ranges, or are dates, steps or choices.
fn gap(nature: Nature, named: &[&Statement]) -> Option<Gap> {
    let ranges = |range: fn(&Content) -> Option<Range>| -> Vec<Range> {
        named.iter().filter_map(|statement| range(&statement.content)).collect()
    };
    let ranges = match nature {
        Nature::Usual => {
            ranges(|content| if let Content::Interval { usual, .. } = content { Some(*usual) } else { None })
        }
        Nature::Dates | Nature::Answers => return None,
        _ => ranges(|content| if let Content::Interval { hard, .. } = content { Some(*hard) } else { None }),
    };
    let low = ranges.iter().map(|range| range.low).max()?;
    let high = ranges.iter().map(|range| range.high).min()?;
    (low > high).then(|| Gap::between(high, low))
}

/// Whether two statements for the same time have hard ranges that overlap and usual ranges that do not.
fn misleads(a: &Statement, b: &Statement) -> bool {
    match (&a.content, &b.content) {
        (
            Content::Interval { hard: a_hard, usual: a_usual },
            Content::Interval { hard: b_hard, usual: b_usual },
        ) => a_hard.meets(b_hard) && !a_usual.meets(b_usual) && a.days.overlaps(b.days),
        _ => false,
    }
}

/// The two statements for the same time with the widest gap between usual ranges, among those whose hard
/// ranges overlap.
///
/// Each statement is compared with the lowest usual end among those for the same time whose hard ranges reach
/// high enough.
fn misleading_pair(lines: &[(&Statement, Range, Range)]) -> Option<[usize; 2]> {
    let mut by_days: BTreeMap<ValidDays, Vec<usize>> = BTreeMap::new();
    for (at, (statement, ..)) in lines.iter().enumerate() {
        by_days.entry(statement.days).or_default().push(at);
    }
    let mut reaching: DaySpans<ReachingRanges> = DaySpans::new(by_days.keys().copied());
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|&at| (Reverse(lines[at].1.high), at));
    for at in order {
        let (statement, hard, usual) = lines[at];
        reaching.add(statement.days, |reaching| reaching.push(hard.high, (usual.high, at)));
    }
    let widest = by_days.iter().filter_map(|(&days, asking)| {
        let mut asking = asking.clone();
        asking.sort_by_key(|&at| (Reverse(lines[at].1.low), at));
        let mut best: Option<(i64, usize, usize)> = None;
        for high in asking {
            let (_, hard, usual) = lines[high];
            let lowest = reaching.overlapping(days).filter_map(|reaching| reaching.lowest(hard.low)).min();
            let Some((end, low)) = lowest else { continue };
            let gap = usual.low.saturating_sub(end);
            if gap > 0 && best.is_none_or(|(known, ..)| gap > known) {
                best = Some((gap, low, high));
            }
        }
        best
    });
    widest.max_by_key(|&(gap, low, high)| (gap, Reverse((low, high)))).map(|(_, low, high)| [low, high])
}

/// Ranges sorted by hard high end, highest first, each with the lowest usual high end so far.
#[derive(Default)]
struct ReachingRanges(Vec<(i64, (i64, usize))>);

impl ReachingRanges {
    /// Adds the usual high end of a range whose hard high end is not higher than any before.
    fn push(&mut self, hard: i64, usual: (i64, usize)) {
        let lowest = self.0.last().map_or(usual, |&(_, lowest)| lowest.min(usual));
        match self.0.last_mut() {
            Some(last) if last.0 == hard => last.1 = lowest,
            Some(last) if last.1 == lowest => {}
            _ => self.0.push((hard, lowest)),
        }
    }

    /// The lowest usual high end among the ranges whose hard high end is at least `value`.
    fn lowest(&self, value: i64) -> Option<(i64, usize)> {
        let reaching = self.0.partition_point(|&(hard, _)| hard >= value);
        self.0[..reaching].last().map(|&(_, lowest)| lowest)
    }
}
