//! Clashes within one question: within each party's own statements, then between parties.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::apart::{Line, Wanted, widest};
use super::choices::LowestItems;
use super::spans::Spans;
use super::statements::Reader;
use super::sweep::positions;
use super::time::is_over_time;
use super::{Answer, Clash, Marked, Nature, Said, Slot, Statement, choices, denials};
use crate::document::MeasureType;
use crate::figure::{OPEN, Range};
use crate::finding::Gap;
use crate::graph::Graph;
use crate::id::{ActorId, ClaimId, Id as _, QuestionId};
use crate::model::{ChoiceItem, Claim, Model, Value};
use crate::period::{Day, Period};

/// Everything on one question that cannot hold together, or misleads.
pub(super) fn within_question(reader: &Reader<'_>, question: QuestionId) -> Vec<Clash> {
    let statements = reader.statements(question);
    let sweep = Sweep { reader, question };
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

struct Sweep<'a> {
    reader: &'a Reader<'a>,
    question: QuestionId,
}

impl Sweep<'_> {
    fn model(&self) -> &Model {
        self.reader.model
    }

    /// The clashes of each party whose own statements cannot all hold, superseded ones included.
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
                if set.len() > 1 { set } else { denials::reversed(self.reader.graph, some, false) }
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
        // Some two were said at different times: one had ended before another began.
        let ended = claims.iter().filter_map(|claim| claim.said.last).min();
        let begun = claims.iter().filter_map(|claim| claim.said.first).max();
        if matches!((ended, begun), (Some(ended), Some(begun)) if ended < begun) {
            return Nature::OverTime;
        }
        let one_speaker = claims.windows(2).all(|pair| pair[0].by == pair[1].by);
        let one_source = claims.windows(2).all(|pair| pair[0].source == pair[1].source);
        if one_speaker && !one_source { Nature::Reports } else { Nature::Within }
    }

    /// One party asserts what another denies, by a response, a stance, a no or a zero.
    fn denied(&self, current: &[&Statement]) -> Vec<Clash> {
        let found =
            certain_first(current, |some| denials::reversed(self.reader.graph, some, true), |_| false);
        self.clashes(&found, current, |_| Nature::Denial)
    }

    /// Answers of several parties that exclude each other.
    fn between_parties(&self, current: &[&Statement]) -> Vec<Clash> {
        let asserted: Vec<&Statement> = current.iter().copied().filter(|s| !self.is_bare_denial(s)).collect();
        let found = certain_first(
            &asserted,
            |some| self.unless_rounded_between(self.between(self.largest_clash(some), some), some),
            |set| self.is_rounding(set),
        );
        self.clashes(&found, &asserted, |named| self.nature_between(named))
    }

    /// Exact figures of two parties for different days of a toll that grows, so close that the later may be
    /// the earlier one, rounded: the closest such pair.
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

    /// Whether a statement only denies, so that what it clashes with is told as a denial.
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
        let ended = named.iter().map(|statement| statement.slot.last).min();
        let begun = named.iter().map(|statement| statement.slot.first).max();
        if ended < begun {
            Nature::Drop
        } else if named.iter().all(|statement| !statement.slot.settled) {
            Nature::Unsettled
        } else {
            Nature::Figures
        }
    }

    /// Usual ranges that do not meet where the hard ranges do, at one time: at most one for a question.
    fn usual(&self, current: &[&Statement]) -> Option<Clash> {
        let is_scale = self.model().measure_of(self.question).kind == MeasureType::Scale;
        let last = if is_scale { self.last_words(current) } else { FxHashMap::default() };
        let mut lines: Vec<(&Statement, Range, Range)> = Vec::new();
        for &statement in current {
            if let Said::Line(hard, usual) = statement.said
                && !self.has_later_word(statement, &last)
            {
                lines.push((statement, hard, usual));
            }
        }
        let [low, high] = misleading_pair(&lines)?.map(|at| lines[at].0);
        Some(self.clash(Nature::Usual, &[low, high], current, low.certain && high.certain))
    }

    /// For each party the statement that it said last, and the last of those that say something else, each with the
    /// first day on which that may have been.
    fn last_words<'s>(&self, current: &[&'s Statement]) -> FxHashMap<ActorId, Vec<(Day, &'s Said)>> {
        let mut last: FxHashMap<ActorId, Vec<(Day, &Said)>> = FxHashMap::default();
        for &statement in current {
            let Some(day) = self.said_last(statement).first else { continue };
            let known = last.entry(statement.party).or_default();
            match known.iter_mut().find(|(_, said)| **said == statement.said) {
                Some(known) => known.0 = known.0.max(day),
                None => known.push((day, &statement.said)),
            }
            known.sort_by_key(|&(day, _)| Reverse(day));
            known.truncate(2);
        }
        last
    }

    /// Whether the party of a step has said another step since: both may hold, but the later is its word now.
    fn has_later_word(&self, statement: &Statement, last: &FxHashMap<ActorId, Vec<(Day, &Said)>>) -> bool {
        let words = last.get(&statement.party).into_iter().flatten();
        let said = self.said_last(statement).last;
        words.into_iter().any(|&(day, word)| *word != statement.said && said.is_some_and(|said| said < day))
    }

    /// When a statement was last said.
    fn said_last(&self, statement: &Statement) -> Period {
        let answer = statement.answers.last().copied().unwrap_or(statement.first());
        self.model().claim(self.model().answers.claim[answer.index()]).said
    }

    /// A largest set of statements of which every two exclude each other; one or none where all can hold.
    fn largest_clash<'s>(&self, statements: &[&'s Statement]) -> Vec<&'s Statement> {
        if self.model().measure_of(self.question).kind == MeasureType::Choice {
            return self.apart(statements);
        }
        let lines: Vec<(&Statement, Range)> = statements
            .iter()
            .filter_map(|&statement| statement.hard().map(|hard| (statement, hard)))
            .collect();
        if is_over_time(self.model(), self.question) {
            return self.apart_over_time(&lines);
        }
        let ranges: Vec<Range> = lines.iter().map(|(_, range)| *range).collect();
        positions(&ranges).openers.into_iter().map(|at| lines[at].0).collect()
    }

    /// Answers to a single choice that are not one answer, taken in the order of time. Those with others
    /// inside them are left to those others: a wide answer may tell two narrow ones apart from nothing.
    fn apart<'s>(&self, statements: &[&'s Statement]) -> Vec<&'s Statement> {
        if !self.model().measure_of(self.question).single {
            return Vec::new();
        }
        let mut narrow = Chosen::new(self.reader.graph);
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

    /// Figures that grow: a low end holds from its day on, a high end up to its day. The statements are swept
    /// as they bind at the day of the widest broken bound.
    fn apart_over_time<'s>(&self, lines: &[(&'s Statement, Range)]) -> Vec<&'s Statement> {
        let Some(day) = self.broken_at(lines) else { return Vec::new() };
        let binding = lines
            .iter()
            .filter(|(statement, _)| !day.is_before(statement.slot) && self.binds(statement, day));
        let binding: Vec<(&Statement, Range)> = binding
            .map(|&(statement, range)| {
                let high = if statement.slot.is_before(day) { OPEN } else { range.high };
                (statement, Range { low: range.low, high })
            })
            .collect();
        let ranges: Vec<Range> = binding.iter().map(|(_, range)| *range).collect();
        positions(&ranges).openers.into_iter().map(|at| binding[at].0).collect()
    }

    /// Whether a statement says anything of a day: one of figures that rise and fall does so only of its own.
    fn binds(&self, statement: &Statement, day: Slot) -> bool {
        !self.model().measure_of(self.question).varies || statement.slot.meets(day)
    }

    /// The day at which a high end lies furthest below an earlier or equal low end; below a low end of the
    /// same day, for figures that rise and fall.
    fn broken_at(&self, lines: &[(&Statement, Range)]) -> Option<Slot> {
        let varies = self.model().measure_of(self.question).varies;
        let extremes = Extremes::of(lines.iter().map(|(statement, range)| (statement.slot, *range)));
        let mut highs: BTreeMap<Slot, i64> = BTreeMap::new();
        for (statement, range) in lines {
            let high = highs.entry(statement.slot).or_insert(OPEN);
            *high = range.high.min(*high);
        }
        let gaps =
            highs.iter().map(|(&slot, &high)| (extremes.low_at(slot, varies).saturating_sub(high), slot));
        gaps.max().filter(|(gap, _)| *gap > 0).map(|(_, slot)| slot)
    }

    /// A set that holds a clash between parties: the one found or, where that is all of one party, the first
    /// statement of another that clashes with some of it.
    fn between<'s>(&self, found: Vec<&'s Statement>, all: &[&'s Statement]) -> Vec<&'s Statement> {
        if found.len() < 2 || found.iter().any(|statement| statement.party != found[0].party) {
            return found;
        }
        let clashes = self.joining(Nature::Figures, &found);
        let other = all.iter().copied().find(|other| other.party != found[0].party && clashes(other));
        let pairs = other.into_iter().flat_map(|other| found.iter().map(move |&own| [own, other]));
        pairs.map(|pair| self.largest_clash(&pair)).find(|pair| pair.len() > 1).unwrap_or_default()
    }

    /// A set of statements of one party; where its outermost are one figure, rounded, the two furthest apart
    /// that are not, if any are.
    fn unless_rounded<'s>(&self, set: Vec<&'s Statement>, all: &[&'s Statement]) -> Vec<&'s Statement> {
        if !self.is_rounding(&set) {
            return set;
        }
        self.widest(all, Wanted { between: false, rounded: false }).map_or(set, Vec::from)
    }

    /// The same between parties: what one party says at variance with itself is told apart, so it makes no
    /// disagreement of figures that otherwise round to each other.
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
        let between = Wanted { between: true, rounded: false };
        match self.widest(all, between) {
            Some(_) if are_apart && self.widest(&set, between).is_some() => set,
            Some(pair) => pair.into(),
            None if self.widest(&set, Wanted { between: false, ..between }).is_none() => set,
            None => self.widest(all, Wanted { rounded: true, ..between }).map_or(set, Vec::from),
        }
    }

    /// The two statements furthest apart of those wanted, the lower first.
    fn widest<'s>(&self, statements: &[&'s Statement], wanted: Wanted) -> Option<[&'s Statement; 2]> {
        let (on_line, lines): (Vec<&Statement>, Vec<Line<'_>>) = statements
            .iter()
            .filter_map(|&statement| self.line(statement).map(|line| (statement, line)))
            .unzip();
        let varies = self.model().measure_of(self.question).varies;
        Some(widest(&lines, varies, wanted)?.map(|at| on_line[at]))
    }

    /// A statement on a line. A denial was rounded from nothing.
    fn line(&self, statement: &Statement) -> Option<Line<'_>> {
        let figure = match &self.model().answers.value[statement.first().index()] {
            Value::Figure(figure) if !statement.is_denial => Some(figure),
            _ => None,
        };
        statement.hard().map(|hard| Line { party: statement.party, slot: statement.slot, hard, figure })
    }

    /// Whether the outermost of the statements are one figure, rounded. Those named are chosen so that this
    /// says it of all that were searched: see [`Self::unless_rounded`].
    fn is_rounding(&self, named: &[&Statement]) -> bool {
        let ends = outermost(named).map(|ends| ends.map(|statement| self.line(statement)));
        matches!(ends, Some([Some(low), Some(high)]) if low.rounds_to(&high))
    }

    /// The clashes of sets found. Of two the first is sure and mild: nothing hedged stands beside it.
    fn clashes(
        &self,
        found: &[(Vec<&Statement>, bool)],
        all: &[&Statement],
        nature: impl Fn(&[&Statement]) -> Nature,
    ) -> Vec<Clash> {
        let beside = |certain: bool| -> Vec<&Statement> {
            let is_apart = certain && found.len() > 1;
            all.iter().copied().filter(|statement| statement.certain || !is_apart).collect()
        };
        let told = |(named, certain): &(Vec<&Statement>, bool)| {
            self.clash(nature(named), named, &beside(*certain), *certain)
        };
        found.iter().map(told).collect()
    }

    fn clash(&self, nature: Nature, named: &[&Statement], all: &[&Statement], certain: bool) -> Clash {
        let named_claims: FxHashSet<ClaimId> =
            named.iter().map(|statement| self.claim_of(statement)).collect();
        let joins = self.joining(nature, named);
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

    /// A test of whether another statement clashes with one of those named, in the same manner.
    fn joining<'n>(
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
        let lines = named.iter().filter_map(|one| one.hard().map(|hard| (one.slot, hard)));
        let extremes = Extremes::of(lines);
        let chosen = OtherAnswers::new(graph, named.iter().filter_map(|one| one.choice()));
        Box::new(move |other| match (other.hard(), other.choice()) {
            (Some(hard), _) => {
                extremes.low_at(other.slot, varies) > hard.high
                    || extremes.high_at(other.slot, varies) < hard.low
            }
            (None, Some(items)) => chosen.hold_another(items),
            (None, None) => false,
        })
    }

    fn claim_of(&self, statement: &Statement) -> ClaimId {
        self.model().answers.claim[statement.first().index()]
    }
}

impl Statement {
    /// The ids of an answer to a choice.
    fn choice(&self) -> Option<&[ChoiceItem]> {
        match &self.said {
            Said::Choice(items) => Some(items),
            _ => None,
        }
    }

    /// The claim by which the statement is named.
    pub fn claim<'m>(&self, model: &'m Model) -> &'m Claim {
        model.claim(model.answers.claim[self.first().index()])
    }

    fn first_said(&self, model: &Model) -> impl Ord + use<> {
        (self.claim(model).said_on(), model.answers.claim[self.first().index()])
    }
}

fn is_figure(kind: MeasureType) -> bool {
    matches!(kind, MeasureType::Count | MeasureType::Amount)
}

/// The statements with the lowest and with the highest figure; none where some are on no line.
fn outermost<'s>(statements: &[&'s Statement]) -> Option<[&'s Statement; 2]> {
    if statements.iter().any(|statement| statement.hard().is_none()) {
        return None;
    }
    let low = statements.iter().min_by_key(|statement| statement.hard().map(|range| range.low))?;
    let high = statements.iter().max_by_key(|statement| statement.hard().map(|range| range.high))?;
    Some([low, high])
}

/// Runs a search on the statements that stand without a hedge and, where that finds nothing or only what is
/// mild, on all of them for more. Says of each set found whether it stands without a hedge.
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
        let of_all = search(statements);
        if found[0].0.len() < 2 || !is_mild(&of_all) {
            found.push((of_all, false));
        }
    }
    found.retain(|(set, _)| set.len() > 1);
    found
}

/// So many lists are named among the answers to a single choice; further ones stand beside them as other claims that
/// clash. Single ids are all named.
const MAX_LISTS: usize = 64;

/// Statements of which every two give different answers to a single choice.
struct Chosen<'l, 's> {
    graph: &'l Graph,
    statements: Vec<&'s Statement>,
    /// The single items that are chosen.
    items: LowestItems<'l>,
    /// The lists that are chosen.
    lists: Vec<Answer<'l>>,
}

impl<'l, 's> Chosen<'l, 's> {
    fn new(graph: &'l Graph) -> Self {
        Self { graph, statements: Vec::new(), items: LowestItems::new(graph), lists: Vec::new() }
    }

    /// Adds a statement unless its answer is one already chosen, told more or less exactly or fully.
    fn add(&mut self, statement: &'s Statement, items: &'l [ChoiceItem]) {
        let answer = Answer::new(self.graph, items);
        let is_list = items.len() != 1;
        let is_chosen = |&item: &ChoiceItem| self.items.inside(item).or(self.items.around(item)).is_some();
        let is_known = is_list && self.lists.len() == MAX_LISTS
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

/// Answers to a choice, against which others are held.
struct OtherAnswers<'s> {
    graph: &'s Graph,
    items: Marked<'s, ()>,
    lists: Vec<Answer<'s>>,
}

impl<'s> OtherAnswers<'s> {
    fn new(graph: &'s Graph, answers: impl Iterator<Item = &'s [ChoiceItem]>) -> Self {
        let (single, lists): (Vec<&[ChoiceItem]>, Vec<&[ChoiceItem]>) =
            answers.partition(|items| items.len() == 1);
        let items = Marked::new(graph, single.into_iter().flatten().map(|&item| (item, ())));
        Self { graph, items, lists: lists.into_iter().map(|list| Answer::new(graph, list)).collect() }
    }

    /// Whether any of them is not the same answer.
    fn hold_another(&self, items: &[ChoiceItem]) -> bool {
        let answer = Answer::new(self.graph, items);
        !self.items.all_nested(items) || self.lists.iter().any(|list| !answer.is_same(list))
    }
}

/// The extreme ends of statements at each time, by which one more is held against all of them at once.
struct Extremes(Spans<Option<Range>>);

impl Extremes {
    fn of(lines: impl Iterator<Item = (Slot, Range)> + Clone) -> Self {
        let mut ends: Spans<Option<Range>> = Spans::new(lines.clone().map(|(slot, _)| slot));
        for (slot, range) in lines {
            ends.add(slot, |ends| {
                let known = ends.get_or_insert(range);
                *known = Range { low: known.low.max(range.low), high: known.high.min(range.high) };
            });
        }
        Self(ends)
    }

    /// The highest low end that binds at a time: said of that time or, for figures that grow, before it.
    fn low_at(&self, slot: Slot, varies: bool) -> i64 {
        let binding = if varies { slot } else { Slot { first: i32::MIN, ..slot } };
        self.0.overlapping(binding).flatten().map(|ends| ends.low).max().unwrap_or(i64::MIN)
    }

    /// The lowest high end that binds at a time: said of that time or, for figures that grow, after it.
    fn high_at(&self, slot: Slot, varies: bool) -> i64 {
        let binding = if varies { slot } else { Slot { last: i32::MAX, ..slot } };
        self.0.overlapping(binding).flatten().map(|ends| ends.high).min().unwrap_or(OPEN)
    }
}

/// How far apart the outermost of the statements are, where they are figures on a line.
fn gap(nature: Nature, named: &[&Statement]) -> Option<Gap> {
    let of = |range: fn(&Said) -> Option<Range>| -> Vec<Range> {
        named.iter().filter_map(|statement| range(&statement.said)).collect()
    };
    let ranges = match nature {
        Nature::Usual => of(|said| if let Said::Line(_, usual) = said { Some(*usual) } else { None }),
        Nature::Dates | Nature::Answers => return None,
        _ => of(|said| if let Said::Line(hard, _) = said { Some(*hard) } else { None }),
    };
    let low = ranges.iter().map(|range| range.low).max()?;
    let high = ranges.iter().map(|range| range.high).min()?;
    (low > high).then(|| Gap::between(high, low))
}

/// Whether two statements of one time meet hard and not usually.
fn misleads(a: &Statement, b: &Statement) -> bool {
    match (&a.said, &b.said) {
        (Said::Line(a_hard, a_usual), Said::Line(b_hard, b_usual)) => {
            a_hard.meets(b_hard) && !a_usual.meets(b_usual) && a.slot.meets(b.slot)
        }
        _ => false,
    }
}

/// Two lines that meet hard and not usually, at one time: those whose usual ranges lie furthest apart.
///
/// Against each line that asks stands the lowest usual end among those of its time whose hard ranges reach high enough.
fn misleading_pair(lines: &[(&Statement, Range, Range)]) -> Option<[usize; 2]> {
    let mut by_slot: BTreeMap<Slot, Vec<usize>> = BTreeMap::new();
    for (at, (statement, ..)) in lines.iter().enumerate() {
        by_slot.entry(statement.slot).or_default().push(at);
    }
    let mut reaching: Spans<Reaching> = Spans::new(by_slot.keys().copied());
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|&at| (Reverse(lines[at].1.high), at));
    for at in order {
        let (statement, hard, usual) = lines[at];
        reaching.add(statement.slot, |reaching| reaching.push(hard.high, (usual.high, at)));
    }
    let widest = by_slot.iter().filter_map(|(&slot, asking)| {
        let mut asking = asking.clone();
        asking.sort_by_key(|&at| (Reverse(lines[at].1.low), at));
        let mut best: Option<(i64, usize, usize)> = None;
        for high in asking {
            let (_, hard, usual) = lines[high];
            let lowest = reaching.overlapping(slot).filter_map(|reaching| reaching.lowest(hard.low)).min();
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

/// Lines with the highest hard end in front, each with the lowest usual end up to it.
#[derive(Default)]
struct Reaching(Vec<(i64, (i64, usize))>);

impl Reaching {
    /// Adds the usual end of a line, of which the hard end is no higher than any before.
    fn push(&mut self, hard: i64, usual: (i64, usize)) {
        let lowest = self.0.last().map_or(usual, |&(_, lowest)| lowest.min(usual));
        match self.0.last_mut() {
            Some(last) if last.0 == hard => last.1 = lowest,
            Some(last) if last.1 == lowest => {}
            _ => self.0.push((hard, lowest)),
        }
    }

    /// The lowest usual end among the lines whose hard ranges reach a value.
    fn lowest(&self, value: i64) -> Option<(i64, usize)> {
        let reaching = self.0.partition_point(|&(hard, _)| hard >= value);
        self.0[..reaching].last().map(|&(_, lowest)| lowest)
    }
}
