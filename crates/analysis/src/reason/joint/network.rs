//! The quantities at stake in one part of a workspace that hangs together, and what must hold among them.
//!
//! A *cell* is a quantity at stake: what a question asks, whether or not anybody answers it. Only cells at or
//! above an answered one are made, parts before wholes, so that whatever is carried up goes from lower to
//! higher numbers. A *row* says that a whole is at least the sum of some parts; a closed row, that it is
//! exactly that sum.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use rustc_hash::FxHashSet;

use super::cliques::{self, Sum};
use super::units::{Share, Units};
use crate::document::MeasureType;
use crate::graph::Graph;
use crate::id::{Id as _, MeasureId, PopulationId, SubjectId};
use crate::model::{Base, Model, Question, Value};
use crate::reason::time::Finality;
use gainsay_reading::figure::Counting;
use gainsay_reading::period::Period;

/// What is the same for all parts of a workspace: in which order parts and wholes come.
pub(super) struct Frame<'a> {
    pub(super) model: &'a Model,
    pub(super) graph: &'a Graph,
    pub(super) units: Units,
    populations: Ordered<PopulationId>,
    measures: Ordered<MeasureId>,
    /// The sums of which each measure is a part, and those of which each is the sum.
    sums: Vec<Vec<MeasureId>>,
    summands: Vec<Vec<MeasureId>>,
    /// All periods asked for, in order.
    periods: Vec<Period>,
    finality: Finality,
    /// The pairs of series that stand beside each other, each once.
    pub(super) beside: Vec<(SubjectId, SubjectId)>,
    standing_beside: FxHashSet<SubjectId>,
    /// How many cells a network may have whoever is asked for.
    free_cells: usize,
}

/// Things in an order in which parts come before wholes.
struct Ordered<I> {
    things: Vec<I>,
    place: Vec<u32>,
}

impl<I: crate::id::Id> Ordered<I> {
    fn by<K: Ord>(count: usize, key: impl Fn(I) -> K) -> Self {
        let mut things: Vec<I> = (0..count).map(I::new).collect();
        things.sort_by_key(|&thing| (key(thing), thing));
        let mut place = vec![0; count];
        for (at, thing) in things.iter().enumerate() {
            place[thing.index()] = at as u32;
        }
        Self { things, place }
    }
}

/// What a cell is, in places of the frame's orders; parts come before their wholes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Key {
    /// The place of the event or tie.
    unit: u32,
    /// The place of the period, after 0 for none; or the day, for what rises and falls.
    moment: u32,
    /// The place of the measure.
    measure: u32,
    /// The place of the population, after 0 for none.
    population: u32,
}

/// Days are told from periods by lying around this number; there are far fewer periods, and far fewer days
/// than this in all years that are read.
const FIRST_DAY: u32 = 1 << 31;

impl Key {
    /// The same asked of another unit, by its place.
    pub(super) fn about(self, unit: u32) -> Self {
        Self { unit, ..self }
    }

    /// The same asked of the unit of another.
    pub(super) fn beside(self, other: Self) -> Self {
        self.about(other.unit)
    }

    /// The place of the unit it is asked of.
    pub(super) fn unit_place(self) -> u32 {
        self.unit
    }

    /// Whether it is asked of a unit, by its place.
    pub(super) fn is_about(self, unit: u32) -> bool {
        self.unit == unit
    }

    /// Whether another is asked of the same event, measure and time.
    pub(super) fn is_fellow(self, other: Self) -> bool {
        (self.unit, self.moment, self.measure) == (other.unit, other.moment, other.measure)
    }

    /// The place of who is counted.
    pub(super) fn population_place(self) -> u32 {
        self.population
    }

    /// The same of others, by their place.
    pub(super) fn of(self, population: u32) -> Self {
        Self { population, ..self }
    }
}

impl<'a> Frame<'a> {
    /// The orders of a model.
    pub(super) fn new(model: &'a Model, graph: &'a Graph, finality: Finality) -> Self {
        let mut sums = vec![Vec::new(); model.measures.len()];
        let mut summands_of = Vec::new();
        for (id, measure) in model.measures.iter() {
            let mut parts = measure.sum_of.clone();
            parts.retain(|&part| !leads_back(model, part, id));
            parts.sort_unstable();
            parts.dedup();
            for part in &parts {
                sums[part.index()].push(id);
            }
            summands_of.push(parts);
        }
        let asked = model.questions.iter().filter_map(|question| question.period);
        let against = model.answers.value.iter().filter_map(|value| match value {
            Value::Change(_, Base::Period(period) | Base::Subject(_, Some(period))) => Some(*period),
            _ => None,
        });
        let mut periods: Vec<Period> = asked.chain(against).collect();
        periods.sort_unstable();
        periods.dedup();
        let beside = super::series::beside(model);
        Self {
            model,
            graph,
            units: Units::new(model, graph),
            populations: Ordered::by(model.populations.len(), |id| Reverse(graph.populations.depth(id))),
            measures: Ordered::by(model.measures.len(), |id| model.summands(id).len()),
            sums,
            summands: summands_of,
            periods,
            finality,
            standing_beside: beside.iter().flat_map(|&(one, other)| [one, other]).collect(),
            beside,
            free_cells: FREE_CELLS,
        }
    }

    /// Shares out the free cells among so many networks.
    pub(super) fn share_cells(&mut self, networks: usize) {
        self.free_cells = FREE_CELLS / networks.max(1);
    }

    /// The cell of a question.
    pub(super) fn key(
        &self,
        subject: SubjectId,
        measure: MeasureId,
        population: Option<PopulationId>,
        period: Option<Period>,
    ) -> Key {
        let period = period.and_then(|period| self.periods.binary_search(&period).ok());
        Key {
            unit: self.units.place[subject.index()],
            moment: period.map_or(0, |at| at as u32 + 1),
            measure: self.measures.place[measure.index()],
            population: population.map_or(0, |id| self.populations.place[id.index()] + 1),
        }
    }

    /// Whether a question is on a series that stands beside another.
    pub(super) fn stands_beside(&self, question: &Question) -> bool {
        self.is_beside(question.subject)
    }

    /// Whether a series stands beside another.
    pub(super) fn is_beside(&self, series: SubjectId) -> bool {
        self.standing_beside.contains(&series)
    }

    /// The cell of a question.
    pub(super) fn key_of(&self, question: &Question) -> Key {
        self.key(question.subject, question.measure, question.population, question.period)
    }

    /// The cell of one day, for what rises and falls: cells of different days have nothing to do with each
    /// other.
    pub(super) fn on_day(key: Key, day: i32) -> Key {
        Key { moment: FIRST_DAY.wrapping_add_signed(day), ..key }
    }

    /// The unit a cell is about.
    pub(super) fn unit(&self, key: Key) -> u32 {
        self.units.at(key.unit)
    }

    /// What is counted in a cell.
    pub(super) fn measure(&self, key: Key) -> MeasureId {
        self.measures.things[key.measure as usize]
    }

    /// Who is counted in a cell.
    pub(super) fn population(&self, key: Key) -> Option<PopulationId> {
        key.population.checked_sub(1).map(|at| self.populations.things[at as usize])
    }

    /// The populations of which somebody is counted in a network, or that hold one, with their places.
    pub(super) fn populations_of(&self, network: &Network) -> Vec<(u32, PopulationId)> {
        let named = |place: u32| Some((place, self.populations.things[place.checked_sub(1)? as usize]));
        network.populations().into_iter().filter_map(named).collect()
    }

    /// The period of a cell.
    pub(super) fn period(&self, key: Key) -> Option<Period> {
        key.moment.checked_sub(1).and_then(|at| self.periods.get(at as usize).copied())
    }

    /// Whether parts of an event add up: counts do; a span of time is only no longer than that of the whole;
    /// of other amounts nothing is known.
    fn carrying(&self, measure: MeasureId) -> Carrying {
        let measure = &self.model.measures[measure];
        match measure.kind {
            MeasureType::Count => Carrying::Sums,
            MeasureType::Amount if measure.counting == Counting::TIME => Carrying::Each,
            _ => Carrying::Nothing,
        }
    }

    /// The day from which the figures of a cell are final; none where time does not matter.
    pub(super) fn settled(&self, key: Key) -> Option<i32> {
        let events = self.units.events(self.unit(key));
        events.into_iter().filter_map(|event| self.finality.final_from(event, self.measure(key))).max()
    }

    /// How many parts a whole has in all, told of or not.
    fn all_parts(&self, key: Key, reason: Reason) -> usize {
        match reason {
            Reason::Events | Reason::Tie => self.units.below[self.unit(key) as usize] as usize,
            Reason::Measures => self.summands[self.measure(key).index()].len(),
            Reason::Populations => 0,
        }
    }

    /// Whether the parts of an event are all of it.
    fn is_complete(&self, key: Key) -> bool {
        self.units.event(self.unit(key)).is_some_and(|event| self.model.subjects[event].parts_complete)
    }

    /// The parts that are all of a cell: of an event that is said to have no others, of a sum of measures.
    fn all_of(&self, key: Key) -> impl Iterator<Item = Key> {
        let parts = self.units.told_whole.get(&self.unit(key)).filter(|_| self.adds_up(key));
        let parts = parts.into_iter().flatten().map(move |&part| key.about(self.units.place[part as usize]));
        let summands = self.summands[self.measure(key).index()].iter();
        parts.chain(summands.map(move |part| Key { measure: self.measures.place[part.index()], ..key }))
    }

    /// The places of everything a measure is the sum of.
    fn summands_of(&self, measure: u32) -> impl Iterator<Item = u32> {
        let summands = self.model.summands(self.measures.things[measure as usize]);
        summands.into_iter().map(|part| self.measures.place[part.index()])
    }

    /// Whether the parts of a cell's event add up to it.
    fn adds_up(&self, key: Key) -> bool {
        self.carrying(self.measure(key)) == Carrying::Sums
    }

    /// Whether figures of a measure bear on anything but their own question.
    pub(super) fn carries(&self, measure: MeasureId) -> bool {
        self.carrying(measure) != Carrying::Nothing
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Carrying {
    /// Parts add up.
    Sums,
    /// Each part is at most the whole.
    Each,
    Nothing,
}

/// Whether a sum is, at whatever depth, a summand of one of its summands.
fn leads_back(model: &Model, part: MeasureId, sum: MeasureId) -> bool {
    part == sum || model.summands(part).contains(&sum)
}

/// Why a whole is at least the sum of its parts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Reason {
    /// The parts are events of one, or events of a tie of it.
    Events,
    /// The part is one of several events that share something.
    Tie,
    /// The parts are measures of which the whole is the sum.
    Measures,
    /// The parts are populations that exclude one another.
    Populations,
}

/// How a whole compares with the sum of its parts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Holds {
    /// It is at least the sum.
    AtLeast,
    /// It is the sum.
    Exactly,
    /// It is at most the sum: what is told of a tie.
    AtMost,
}

/// A whole and the parts it is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// The whole.
    pub(super) whole: u32,
    /// Why.
    pub(super) reason: Reason,
    /// Which way it binds.
    pub(super) holds: Holds,
    from: u32,
    to: u32,
}

/// A network has at most so many cells for each that somebody is asked for, and some more: see [`Frame::free_cells`].
/// Cells multiply where long chains of events meet long chains of populations. The rest is left out, and the report says
/// where.
const MAX_CELLS_FOR_ASKED: usize = 64;

/// So many cells more are shared out among the networks of a workspace.
const FREE_CELLS: usize = 1 << 18;

/// Cells and rows of one part of a workspace.
#[derive(Clone, Default)]
pub(super) struct Network {
    /// What each cell is, parts before wholes.
    pub(super) cells: Vec<Key>,
    /// All rows, by their wholes.
    pub(super) rows: Vec<Row>,
    parts: Vec<u32>,
    /// The first row of each whole.
    into: Vec<u32>,
    /// The rows each cell is a part of.
    out: Vec<u32>,
    first_out: Vec<u32>,
    /// Whether some cells or some sums of populations were left out.
    pub(super) cut: bool,
}

/// Why a cell is made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// Somebody answers it, or a share or a change names it.
    Asked,
    /// It holds a part; and that part's number.
    Holds(Reason, u32),
    /// It holds a population that is counted.
    Population,
}

impl Network {
    /// The cells at or above some, with all parts of what its parts are all of, and the rows among them; without some
    /// of those that nobody is asked for where there are too many: see [`MAX_CELLS_FOR_ASKED`].
    pub(super) fn whole(frame: &Frame<'_>, mut asked: Vec<Key>) -> Self {
        let limit = asked.len().saturating_mul(MAX_CELLS_FOR_ASKED).saturating_add(frame.free_cells);
        loop {
            let mut network = Self::new(frame, asked.iter().copied(), limit);
            let parts = network.cells.iter().flat_map(|&key| frame.all_of(key));
            let missing: Vec<Key> = parts.filter(|&key| network.find(key).is_none()).take(limit).collect();
            if missing.is_empty() || asked.len() + missing.len() > limit {
                network.cut |= !missing.is_empty();
                return network;
            }
            asked.extend(missing);
        }
    }

    /// The cells at or above some, and the rows among them.
    fn new(frame: &Frame<'_>, asked: impl Iterator<Item = Key> + Clone, limit: usize) -> Self {
        let mut network = Self::default();
        // A sum that nobody is asked for holds nothing together.
        let mut measures: Vec<u32> = asked.clone().map(|key| key.measure).collect();
        measures.sort_unstable();
        measures.dedup();
        let summands = measures.iter().flat_map(|&at| frame.summands_of(at)).collect::<Vec<u32>>();
        measures.extend(summands);
        let mut waiting: BinaryHeap<Reverse<(Key, Cause)>> =
            asked.map(|key| Reverse((key, Cause::Asked))).collect();
        let mut group = 0;
        let mut known: Option<(Vec<PopulationId>, Vec<Sum>)> = None;
        let mut held: Vec<(Reason, u32)> = Vec::new();
        while let Some(Reverse((key, cause))) = waiting.pop() {
            let cell = network.cells.len() as u32;
            held.clear();
            let mut next = Some(cause);
            let mut is_asked = false;
            while let Some(cause) = next {
                is_asked |= cause == Cause::Asked;
                if let Cause::Holds(reason, part) = cause {
                    held.push((reason, part));
                }
                let is_same = waiting.peek().is_some_and(|Reverse((next, _))| *next == key);
                next = if is_same { waiting.pop().map(|Reverse((_, cause))| cause) } else { None };
            }
            if is_asked || network.cells.len() < limit {
                network.hold(frame, cell, key, &held);
                network.cells.push(key);
                push_above(frame, cell, key, &measures, &mut waiting);
            } else {
                network.cut = true;
            }
            let is_last = waiting.peek().is_none_or(|Reverse((next, _))| {
                (next.unit, next.moment, next.measure) != (key.unit, key.moment, key.measure)
            });
            if is_last {
                network.sums(frame, group, &mut known);
                group = network.cells.len();
            }
        }
        network.index();
        network
    }

    /// The parts of a row.
    pub(super) fn parts(&self, row: &Row) -> &[u32] {
        &self.parts[row.from as usize..row.to as usize]
    }

    /// The rows of a whole, by number.
    pub(super) fn rows_into(&self, whole: u32) -> std::ops::Range<usize> {
        self.into[whole as usize] as usize..self.into[whole as usize + 1] as usize
    }

    /// The rows a cell is a part of, by number.
    pub(super) fn out(&self, part: u32) -> &[u32] {
        &self.out[self.first_out[part as usize] as usize..self.first_out[part as usize + 1] as usize]
    }

    /// The cell that is something.
    pub(super) fn find(&self, key: Key) -> Option<u32> {
        self.cells.binary_search(&key).ok().map(|at| at as u32)
    }

    /// The rows in which a new cell holds the parts that asked for it.
    fn hold(&mut self, frame: &Frame<'_>, whole: u32, key: Key, held: &[(Reason, u32)]) {
        for of_reason in held.chunk_by(|a, b| a.0 == b.0) {
            let reason = of_reason[0].0;
            let from = self.parts.len() as u32;
            self.parts.extend(of_reason.iter().map(|(_, part)| *part));
            let to = self.parts.len() as u32;
            let each = reason == Reason::Tie || frame.carrying(frame.measure(key)) == Carrying::Each;
            if each {
                let single =
                    (from..to).map(|at| Row { whole, reason, holds: Holds::AtLeast, from: at, to: at + 1 });
                self.rows.extend(single);
            }
            let all = (to - from) as usize == frame.all_parts(key, reason);
            let holds = match reason {
                Reason::Tie if all && frame.adds_up(key) => Holds::AtMost,
                _ if each => continue,
                Reason::Events if all && frame.is_complete(key) => Holds::Exactly,
                Reason::Measures if all => Holds::Exactly,
                _ => Holds::AtLeast,
            };
            self.rows.push(Row { whole, reason, holds, from, to });
        }
    }

    /// The rows among the populations of one event and measure, the cells from `group` on.
    fn sums(&mut self, frame: &Frame<'_>, group: usize, known: &mut Option<(Vec<PopulationId>, Vec<Sum>)>) {
        if self.cells.len() - group < 2 {
            return;
        }
        let present: Vec<PopulationId> =
            self.cells[group..].iter().filter_map(|&key| frame.population(key)).collect();
        if known.as_ref().is_none_or(|(of, _)| *of != present) {
            let (sums, cut) = cliques::sums(&frame.graph.populations, &present);
            self.cut |= cut;
            *known = Some((present, sums));
        }
        for sum in known.iter().flat_map(|(_, sums)| sums) {
            let from = self.parts.len() as u32;
            self.parts.extend(sum.parts.iter().map(|&part| (group + part) as u32));
            let (whole, to) = ((group + sum.whole) as u32, self.parts.len() as u32);
            self.rows.push(Row { whole, reason: Reason::Populations, holds: Holds::AtLeast, from, to });
        }
    }

    fn index(&mut self) {
        self.rows.sort_by_key(|row| row.whole);
        let cells = self.cells.len();
        self.into = vec![0; cells + 1];
        self.first_out = vec![0; cells + 1];
        for row in &self.rows {
            self.into[row.whole as usize + 1] += 1;
            for &part in &self.parts[row.from as usize..row.to as usize] {
                self.first_out[part as usize + 1] += 1;
            }
        }
        for at in 0..cells {
            self.into[at + 1] += self.into[at];
            self.first_out[at + 1] += self.first_out[at];
        }
        let mut next = self.first_out.clone();
        // Parts of a tie stand in a row each and in one together.
        self.out = vec![0; self.first_out[cells] as usize];
        for (at, row) in self.rows.iter().enumerate() {
            for &part in &self.parts[row.from as usize..row.to as usize] {
                self.out[next[part as usize] as usize] = at as u32;
                next[part as usize] += 1;
            }
        }
    }

    /// The places of all populations of which somebody is counted, and of all they are part of.
    pub(super) fn populations(&self) -> Vec<u32> {
        let found: BTreeSet<u32> = self.cells.iter().map(|key| key.population).collect();
        found.into_iter().collect()
    }
}

/// Asks for the cells directly above one.
fn push_above(
    frame: &Frame<'_>,
    cell: u32,
    key: Key,
    measures: &[u32],
    waiting: &mut BinaryHeap<Reverse<(Key, Cause)>>,
) {
    let measure = frame.measure(key);
    if frame.carries(measure) {
        for &(unit, share) in frame.units.above(frame.unit(key)) {
            let above = Key { unit: frame.units.place[unit as usize], ..key };
            let reason = if share == Share::Tied { Reason::Tie } else { Reason::Events };
            waiting.push(Reverse((above, Cause::Holds(reason, cell))));
        }
    }
    for sum in &frame.sums[measure.index()] {
        let above = Key { measure: frame.measures.place[sum.index()], ..key };
        if measures.contains(&above.measure) {
            waiting.push(Reverse((above, Cause::Holds(Reason::Measures, cell))));
        }
    }
    if let Some(population) = frame.population(key) {
        for whole in &frame.model.populations[population].part_of {
            let above = Key { population: frame.populations.place[whole.index()] + 1, ..key };
            if above > key {
                waiting.push(Reverse((above, Cause::Population)));
            }
        }
    }
}
