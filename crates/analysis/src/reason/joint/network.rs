//! The quantities of a component and the constraints between them.
//!
//! A *quantity* is the number that a question asks for, even if nobody answers the question. The network has the
//! quantities with answers and the wholes above them, parts before wholes, so that propagation goes from lower to
//! higher indexes. A *constraint* compares a whole with the sum of some parts: at least, exactly, or at most.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use rustc_hash::FxHashSet;

use super::cliques::{self, PopulationSum};
use super::units::{UnitRole, Units};
use crate::document::MeasureType;
use crate::graph::Graph;
use crate::id::{Id as _, MeasureId, PopulationId, SubjectId};
use crate::model::{Base, Model, Question, Value};
use crate::reason::time::Finality;
use gainsay_reading::figure::Counting;
use gainsay_reading::period::Period;

/// Facts about events, measures, populations and periods that all components share, and the order in which parts and
/// wholes come.
pub(super) struct Entities<'a> {
    pub(super) model: &'a Model,
    pub(super) graph: &'a Graph,
    pub(super) units: Units,
    populations: PartsFirst<PopulationId>,
    measures: PartsFirst<MeasureId>,
    /// For each measure the sums that it is part of (`sums`) and the measures that it is the sum of (`summands`).
    sums: Vec<Vec<MeasureId>>,
    summands: Vec<Vec<MeasureId>>,
    /// All periods of questions and changes, sorted.
    periods: Vec<Period>,
    finality: Finality,
    /// The pairs of series that are `beside` each other, each once. Such series count the same thing.
    pub(super) beside: Vec<(SubjectId, SubjectId)>,
    beside_series: FxHashSet<SubjectId>,
    /// The number of quantities that each network can have in addition to [`MAX_QUANTITIES_PER_ASKED`].
    free_quantities: usize,
}

/// Ids in an order in which parts come before wholes, and the rank of each id in it.
struct PartsFirst<I> {
    ids: Vec<I>,
    rank: Vec<u32>,
}

impl<I: crate::id::Id> PartsFirst<I> {
    fn new<K: Ord>(count: usize, key: impl Fn(I) -> K) -> Self {
        let mut ids: Vec<I> = (0..count).map(I::new).collect();
        ids.sort_by_key(|&id| (key(id), id));
        let mut rank = vec![0; count];
        for (at, id) in ids.iter().enumerate() {
            rank[id.index()] = at as u32;
        }
        Self { ids, rank }
    }
}

/// The identity of a quantity, as ranks in the orders of [`Entities`]. Parts come before their wholes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct QuantityKey {
    /// The rank of the event or tie.
    unit: u32,
    /// The rank of the period plus one, or 0 without a period. For measures that can rise and fall, the day.
    moment: u32,
    /// The rank of the measure.
    measure: u32,
    /// The rank of the population plus one, or 0 without a population.
    population: u32,
}

/// Moments near this number are days, small ones are periods. There are far fewer periods and days than this.
const FIRST_DAY: u32 = 1 << 31;

impl QuantityKey {
    /// The same quantity for another unit, given by its rank.
    pub(super) fn with_unit(self, unit: u32) -> Self {
        Self { unit, ..self }
    }

    /// The same quantity for the unit of another quantity.
    pub(super) fn with_unit_of(self, other: Self) -> Self {
        self.with_unit(other.unit)
    }

    /// The rank of the unit.
    pub(super) fn unit_rank(self) -> u32 {
        self.unit
    }

    /// Whether it belongs to a unit, given by its rank.
    pub(super) fn has_unit(self, unit: u32) -> bool {
        self.unit == unit
    }

    /// Whether another quantity has the same unit, measure and time.
    pub(super) fn differs_only_in_population(self, other: Self) -> bool {
        (self.unit, self.moment, self.measure) == (other.unit, other.moment, other.measure)
    }

    /// The rank of the population plus one, or 0.
    pub(super) fn population_rank(self) -> u32 {
        self.population
    }

    /// The same quantity for another population, given as by [`Self::population_rank`].
    pub(super) fn with_population(self, population: u32) -> Self {
        Self { population, ..self }
    }
}

impl<'a> Entities<'a> {
    /// Collects the facts of a model.
    pub(super) fn new(model: &'a Model, graph: &'a Graph, finality: Finality) -> Self {
        let mut sums = vec![Vec::new(); model.measures.len()];
        let mut summands_of = Vec::new();
        for (id, measure) in model.measures.iter() {
            let mut parts = measure.sum_of.clone();
            parts.retain(|&part| !is_circular_sum(model, part, id));
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
            populations: PartsFirst::new(model.populations.len(), |id| Reverse(graph.populations.depth(id))),
            measures: PartsFirst::new(model.measures.len(), |id| model.summands(id).len()),
            sums,
            summands: summands_of,
            periods,
            finality,
            beside_series: beside.iter().flat_map(|&(one, other)| [one, other]).collect(),
            beside,
            free_quantities: FREE_QUANTITIES,
        }
    }

    /// Divides the free quantities evenly among the networks.
    pub(super) fn divide_free_quantities(&mut self, networks: usize) {
        self.free_quantities = FREE_QUANTITIES / networks.max(1);
    }

    /// The quantity of a subject, measure, population and period.
    pub(super) fn key(
        &self,
        subject: SubjectId,
        measure: MeasureId,
        population: Option<PopulationId>,
        period: Option<Period>,
    ) -> QuantityKey {
        let period = period.and_then(|period| self.periods.binary_search(&period).ok());
        QuantityKey {
            unit: self.units.rank[subject.index()],
            moment: period.map_or(0, |at| at as u32 + 1),
            measure: self.measures.rank[measure.index()],
            population: population.map_or(0, |id| self.populations.rank[id.index()] + 1),
        }
    }

    /// Whether a question is about a series that is `beside` another.
    pub(super) fn is_on_beside_series(&self, question: &Question) -> bool {
        self.is_beside(question.subject)
    }

    /// Whether a series is `beside` another.
    pub(super) fn is_beside(&self, series: SubjectId) -> bool {
        self.beside_series.contains(&series)
    }

    /// The quantity of a question.
    pub(super) fn key_of(&self, question: &Question) -> QuantityKey {
        self.key(question.subject, question.measure, question.population, question.period)
    }

    /// The quantity on one day, for measures that can rise and fall. Quantities on different days are independent.
    pub(super) fn on_day(key: QuantityKey, day: i32) -> QuantityKey {
        QuantityKey { moment: FIRST_DAY.wrapping_add_signed(day), ..key }
    }

    /// The unit of a quantity.
    pub(super) fn unit(&self, key: QuantityKey) -> u32 {
        self.units.unit_at(key.unit)
    }

    /// The measure of a quantity.
    pub(super) fn measure(&self, key: QuantityKey) -> MeasureId {
        self.measures.ids[key.measure as usize]
    }

    /// The population of a quantity.
    pub(super) fn population(&self, key: QuantityKey) -> Option<PopulationId> {
        key.population.checked_sub(1).map(|at| self.populations.ids[at as usize])
    }

    /// The populations of a network with their ranks, as in [`QuantityKey::population_rank`].
    pub(super) fn populations_of(&self, network: &Network) -> Vec<(u32, PopulationId)> {
        let named = |rank: u32| Some((rank, self.populations.ids[rank.checked_sub(1)? as usize]));
        network.populations().into_iter().filter_map(named).collect()
    }

    /// The period of a quantity.
    pub(super) fn period(&self, key: QuantityKey) -> Option<Period> {
        key.moment.checked_sub(1).and_then(|at| self.periods.get(at as usize).copied())
    }

    /// How the parts of an event relate to their whole. Counts add up. A length of time in a part is at most that of
    /// the whole. Nothing is known about other amounts.
    fn aggregation(&self, measure: MeasureId) -> Aggregation {
        let measure = &self.model.measures[measure];
        match measure.kind {
            MeasureType::Count => Aggregation::Sums,
            MeasureType::Amount if measure.counting == Counting::TIME => Aggregation::Each,
            _ => Aggregation::Nothing,
        }
    }

    /// The day from which figures for a quantity are final. `None` if time does not matter.
    pub(super) fn final_from(&self, key: QuantityKey) -> Option<i32> {
        let events = self.units.events(self.unit(key));
        events.into_iter().filter_map(|event| self.finality.final_from(event, self.measure(key))).max()
    }

    /// The number of all parts of a whole, with or without answers.
    fn part_count(&self, key: QuantityKey, kind: ConstraintKind) -> usize {
        match kind {
            ConstraintKind::Events | ConstraintKind::Tie => {
                self.units.part_counts[self.unit(key) as usize] as usize
            }
            ConstraintKind::Measures => self.summands[self.measure(key).index()].len(),
            ConstraintKind::Populations => 0,
        }
    }

    /// Whether the parts of an event are declared to be complete.
    fn are_parts_complete(&self, key: QuantityKey) -> bool {
        self.units.event(self.unit(key)).is_some_and(|event| self.model.subjects[event].parts_complete)
    }

    /// The parts that make up a quantity completely: of an event with complete parts, or of a sum of measures.
    fn complete_parts_of(&self, key: QuantityKey) -> impl Iterator<Item = QuantityKey> {
        let parts = self.units.complete_parts.get(&self.unit(key)).filter(|_| self.is_additive(key));
        let parts =
            parts.into_iter().flatten().map(move |&part| key.with_unit(self.units.rank[part as usize]));
        let summands = self.summands[self.measure(key).index()].iter();
        parts
            .chain(summands.map(move |part| QuantityKey { measure: self.measures.rank[part.index()], ..key }))
    }

    /// The ranks of the measures whose sum a measure is.
    fn summands_of(&self, measure: u32) -> impl Iterator<Item = u32> {
        let summands = self.model.summands(self.measures.ids[measure as usize]);
        summands.into_iter().map(|part| self.measures.rank[part.index()])
    }

    /// Whether the parts of the event of a quantity add up to it.
    fn is_additive(&self, key: QuantityKey) -> bool {
        self.aggregation(self.measure(key)) == Aggregation::Sums
    }

    /// Whether figures of a measure for one event limit those for its wholes.
    pub(super) fn constrains_others(&self, measure: MeasureId) -> bool {
        self.aggregation(measure) != Aggregation::Nothing
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Aggregation {
    /// The parts add up to at most the whole.
    Sums,
    /// Each part is at most the whole.
    Each,
    Nothing,
}

/// Whether a sum is, at any depth, a summand of one of its own summands.
fn is_circular_sum(model: &Model, part: MeasureId, sum: MeasureId) -> bool {
    part == sum || model.summands(part).contains(&sum)
}

/// The kind of relation between a whole and its parts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum ConstraintKind {
    /// The parts are events of a larger event, or ties of events.
    Events,
    /// The part is one of several events of a tie.
    Tie,
    /// The parts are measures, and the whole is their sum.
    Measures,
    /// The parts are populations that exclude each other.
    Populations,
}

/// How the whole compares with the sum of its parts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Relation {
    /// The whole is at least the sum.
    AtLeast,
    /// The whole is exactly the sum.
    Exactly,
    /// The whole is at most the sum. This holds for ties, whose events can share something.
    AtMost,
}

/// A constraint between a whole and some parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraint {
    /// The index of the whole.
    pub(super) whole: u32,
    /// The kind of parts.
    pub(super) kind: ConstraintKind,
    /// How the whole compares with the sum of the parts.
    pub(super) relation: Relation,
    from: u32,
    to: u32,
}

/// The highest number of quantities in a network for each quantity with an answer. [`Entities::free_quantities`] come
/// on top. Long chains of events combined with long chains of populations produce many quantities. Those above the
/// limit are left out, and the report names a question.
const MAX_QUANTITIES_PER_ASKED: usize = 64;

/// The number of further quantities, divided among all networks of a workspace.
const FREE_QUANTITIES: usize = 1 << 18;

/// The quantities and constraints of one component.
#[derive(Clone, Default)]
pub(super) struct Network {
    /// The quantities, parts before wholes.
    pub(super) quantities: Vec<QuantityKey>,
    /// The constraints, sorted by whole.
    pub(super) constraints: Vec<Constraint>,
    parts: Vec<u32>,
    /// For each quantity, the index of its first constraint as a whole.
    first_by_whole: Vec<u32>,
    /// The constraints in which each quantity is a part.
    by_part: Vec<u32>,
    first_by_part: Vec<u32>,
    /// Whether some quantities or some sums of populations were left out.
    pub(super) is_truncated: bool,
}

/// Why a quantity is added to the network.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum AddedFor {
    /// It has an answer, or a share or a change refers to it.
    Asked,
    /// It is the whole of a part, which has this index.
    WholeOf(ConstraintKind, u32),
    /// It counts a larger population than a quantity that was added.
    WholePopulation,
}

impl Network {
    /// The network of some quantities: all wholes above them, all parts of complete wholes, and the constraints.
    /// Quantities without an answer are left out if there are too many: see [`MAX_QUANTITIES_PER_ASKED`].
    pub(super) fn closed_over(entities: &Entities<'_>, mut asked: Vec<QuantityKey>) -> Self {
        let limit =
            asked.len().saturating_mul(MAX_QUANTITIES_PER_ASKED).saturating_add(entities.free_quantities);
        loop {
            let mut network = Self::new(entities, asked.iter().copied(), limit);
            let parts = network.quantities.iter().flat_map(|&key| entities.complete_parts_of(key));
            let missing: Vec<QuantityKey> =
                parts.filter(|&key| network.find(key).is_none()).take(limit).collect();
            if missing.is_empty() || asked.len() + missing.len() > limit {
                network.is_truncated |= !missing.is_empty();
                return network;
            }
            asked.extend(missing);
        }
    }

    /// The network of some quantities and all wholes above them.
    fn new(entities: &Entities<'_>, asked: impl Iterator<Item = QuantityKey> + Clone, limit: usize) -> Self {
        let mut network = Self::default();
        // A sum of measures connects nothing unless somebody answers it or one of its own sums.
        let mut measures: Vec<u32> = asked.clone().map(|key| key.measure).collect();
        measures.sort_unstable();
        measures.dedup();
        let summands = measures.iter().flat_map(|&at| entities.summands_of(at)).collect::<Vec<u32>>();
        measures.extend(summands);
        let mut waiting: BinaryHeap<Reverse<(QuantityKey, AddedFor)>> =
            asked.map(|key| Reverse((key, AddedFor::Asked))).collect();
        let mut group = 0;
        let mut known: Option<(Vec<PopulationId>, Vec<PopulationSum>)> = None;
        let mut parts_by_kind: Vec<(ConstraintKind, u32)> = Vec::new();
        while let Some(Reverse((key, cause))) = waiting.pop() {
            let quantity = network.quantities.len() as u32;
            parts_by_kind.clear();
            let mut next = Some(cause);
            let mut is_asked = false;
            while let Some(cause) = next {
                is_asked |= cause == AddedFor::Asked;
                if let AddedFor::WholeOf(kind, part) = cause {
                    parts_by_kind.push((kind, part));
                }
                let is_same = waiting.peek().is_some_and(|Reverse((next, _))| *next == key);
                next = if is_same { waiting.pop().map(|Reverse((_, cause))| cause) } else { None };
            }
            if is_asked || network.quantities.len() < limit {
                network.add_part_constraints(entities, quantity, key, &parts_by_kind);
                network.quantities.push(key);
                push_above(entities, quantity, key, &measures, &mut waiting);
            } else {
                network.is_truncated = true;
            }
            let is_last = waiting.peek().is_none_or(|Reverse((next, _))| {
                (next.unit, next.moment, next.measure) != (key.unit, key.moment, key.measure)
            });
            if is_last {
                network.add_population_constraints(entities, group, &mut known);
                group = network.quantities.len();
            }
        }
        network.build_index();
        network
    }

    /// The indexes of the parts of a constraint.
    pub(super) fn parts(&self, constraint: &Constraint) -> &[u32] {
        &self.parts[constraint.from as usize..constraint.to as usize]
    }

    /// The indexes of the constraints in which a quantity is the whole.
    pub(super) fn constraints_on(&self, whole: u32) -> std::ops::Range<usize> {
        self.first_by_whole[whole as usize] as usize..self.first_by_whole[whole as usize + 1] as usize
    }

    /// The indexes of the constraints in which a quantity is a part.
    pub(super) fn constraints_of_part(&self, part: u32) -> &[u32] {
        &self.by_part
            [self.first_by_part[part as usize] as usize..self.first_by_part[part as usize + 1] as usize]
    }

    /// The index of a quantity.
    pub(super) fn find(&self, key: QuantityKey) -> Option<u32> {
        self.quantities.binary_search(&key).ok().map(|at| at as u32)
    }

    /// Adds the constraints between a new quantity and the parts for which it was added.
    fn add_part_constraints(
        &mut self,
        entities: &Entities<'_>,
        whole: u32,
        key: QuantityKey,
        parts_by_kind: &[(ConstraintKind, u32)],
    ) {
        for of_kind in parts_by_kind.chunk_by(|a, b| a.0 == b.0) {
            let kind = of_kind[0].0;
            let from = self.parts.len() as u32;
            self.parts.extend(of_kind.iter().map(|(_, part)| *part));
            let to = self.parts.len() as u32;
            let each = kind == ConstraintKind::Tie
                || entities.aggregation(entities.measure(key)) == Aggregation::Each;
            if each {
                let single = (from..to).map(|at| Constraint {
                    whole,
                    kind,
                    relation: Relation::AtLeast,
                    from: at,
                    to: at + 1,
                });
                self.constraints.extend(single);
            }
            let all = (to - from) as usize == entities.part_count(key, kind);
            let relation = match kind {
                ConstraintKind::Tie if all && entities.is_additive(key) => Relation::AtMost,
                _ if each => continue,
                ConstraintKind::Events if all && entities.are_parts_complete(key) => Relation::Exactly,
                ConstraintKind::Measures if all => Relation::Exactly,
                _ => Relation::AtLeast,
            };
            self.constraints.push(Constraint { whole, kind, relation, from, to });
        }
    }

    /// Adds the constraints among the populations of one event and measure. Their quantities begin at `group`.
    fn add_population_constraints(
        &mut self,
        entities: &Entities<'_>,
        group: usize,
        known: &mut Option<(Vec<PopulationId>, Vec<PopulationSum>)>,
    ) {
        if self.quantities.len() - group < 2 {
            return;
        }
        let present: Vec<PopulationId> =
            self.quantities[group..].iter().filter_map(|&key| entities.population(key)).collect();
        if known.as_ref().is_none_or(|(of, _)| *of != present) {
            let (sums, is_truncated) = cliques::sums(&entities.graph.populations, &present);
            self.is_truncated |= is_truncated;
            *known = Some((present, sums));
        }
        for sum in known.iter().flat_map(|(_, sums)| sums) {
            let from = self.parts.len() as u32;
            self.parts.extend(sum.parts.iter().map(|&part| (group + part) as u32));
            let (whole, to) = ((group + sum.whole) as u32, self.parts.len() as u32);
            self.constraints.push(Constraint {
                whole,
                kind: ConstraintKind::Populations,
                relation: Relation::AtLeast,
                from,
                to,
            });
        }
    }

    fn build_index(&mut self) {
        self.constraints.sort_by_key(|constraint| constraint.whole);
        let quantities = self.quantities.len();
        self.first_by_whole = vec![0; quantities + 1];
        self.first_by_part = vec![0; quantities + 1];
        for constraint in &self.constraints {
            self.first_by_whole[constraint.whole as usize + 1] += 1;
            for &part in &self.parts[constraint.from as usize..constraint.to as usize] {
                self.first_by_part[part as usize + 1] += 1;
            }
        }
        for at in 0..quantities {
            self.first_by_whole[at + 1] += self.first_by_whole[at];
            self.first_by_part[at + 1] += self.first_by_part[at];
        }
        let mut next = self.first_by_part.clone();
        // An event of a tie is a part in two constraints: one by itself and one for the whole tie.
        self.by_part = vec![0; self.first_by_part[quantities] as usize];
        for (at, constraint) in self.constraints.iter().enumerate() {
            for &part in &self.parts[constraint.from as usize..constraint.to as usize] {
                self.by_part[next[part as usize] as usize] = at as u32;
                next[part as usize] += 1;
            }
        }
    }

    /// The ranks of the populations in the network, sorted.
    pub(super) fn populations(&self) -> Vec<u32> {
        let found: BTreeSet<u32> = self.quantities.iter().map(|key| key.population).collect();
        found.into_iter().collect()
    }
}

/// Requests the quantities directly above one.
fn push_above(
    entities: &Entities<'_>,
    quantity: u32,
    key: QuantityKey,
    measures: &[u32],
    waiting: &mut BinaryHeap<Reverse<(QuantityKey, AddedFor)>>,
) {
    let measure = entities.measure(key);
    if entities.constrains_others(measure) {
        for &(unit, share) in entities.units.above(entities.unit(key)) {
            let above = QuantityKey { unit: entities.units.rank[unit as usize], ..key };
            let kind = if share == UnitRole::Tied { ConstraintKind::Tie } else { ConstraintKind::Events };
            waiting.push(Reverse((above, AddedFor::WholeOf(kind, quantity))));
        }
    }
    for sum in &entities.sums[measure.index()] {
        let above = QuantityKey { measure: entities.measures.rank[sum.index()], ..key };
        if measures.contains(&above.measure) {
            waiting.push(Reverse((above, AddedFor::WholeOf(ConstraintKind::Measures, quantity))));
        }
    }
    if let Some(population) = entities.population(key) {
        for whole in &entities.model.populations[population].part_of {
            let above = QuantityKey { population: entities.populations.rank[whole.index()] + 1, ..key };
            if above > key {
                waiting.push(Reverse((above, AddedFor::WholePopulation)));
            }
        }
    }
}
