//! The quantities at stake in one part of a workspace that hangs together, and what must hold among them.
//!
//! A *quantity* is a quantity at stake: what a question asks, whether or not anybody answers it. Only quantities at or
//! above an answered one are made, parts before wholes, so that whatever is carried up goes from lower to
//! higher numbers. A *constraint* says that a whole is at least the sum of some parts; a closed constraint, that it is
//! exactly that sum.

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

/// What is the same for all parts of a workspace: in which order parts and wholes come.
pub(super) struct Entities<'a> {
    pub(super) model: &'a Model,
    pub(super) graph: &'a Graph,
    pub(super) units: Units,
    populations: PartsFirst<PopulationId>,
    measures: PartsFirst<MeasureId>,
    /// The sums of which each measure is a part, and those of which each is the sum.
    sums: Vec<Vec<MeasureId>>,
    summands: Vec<Vec<MeasureId>>,
    /// All periods asked for, in order.
    periods: Vec<Period>,
    finality: Finality,
    /// The pairs of series that stand beside each other, each once.
    pub(super) beside: Vec<(SubjectId, SubjectId)>,
    standing_beside: FxHashSet<SubjectId>,
    /// How many quantities a network may have whoever is asked for.
    free_quantities: usize,
}

/// Things in an order in which parts come before wholes.
struct PartsFirst<I> {
    things: Vec<I>,
    place: Vec<u32>,
}

impl<I: crate::id::Id> PartsFirst<I> {
    fn new<K: Ord>(count: usize, key: impl Fn(I) -> K) -> Self {
        let mut things: Vec<I> = (0..count).map(I::new).collect();
        things.sort_by_key(|&thing| (key(thing), thing));
        let mut place = vec![0; count];
        for (at, thing) in things.iter().enumerate() {
            place[thing.index()] = at as u32;
        }
        Self { things, place }
    }
}

/// What a quantity is, in places of the entities's orders; parts come before their wholes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct QuantityKey {
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

impl QuantityKey {
    /// The same asked of another unit, by its place.
    pub(super) fn with_unit(self, unit: u32) -> Self {
        Self { unit, ..self }
    }

    /// The same asked of the unit of another.
    pub(super) fn with_unit_of(self, other: Self) -> Self {
        self.with_unit(other.unit)
    }

    /// The place of the unit it is asked of.
    pub(super) fn unit_rank(self) -> u32 {
        self.unit
    }

    /// Whether it is asked of a unit, by its place.
    pub(super) fn has_unit(self, unit: u32) -> bool {
        self.unit == unit
    }

    /// Whether another is asked of the same event, measure and time.
    pub(super) fn differs_only_in_population(self, other: Self) -> bool {
        (self.unit, self.moment, self.measure) == (other.unit, other.moment, other.measure)
    }

    /// The place of who is counted.
    pub(super) fn population_rank(self) -> u32 {
        self.population
    }

    /// The same of others, by their place.
    pub(super) fn with_population(self, population: u32) -> Self {
        Self { population, ..self }
    }
}

impl<'a> Entities<'a> {
    /// The orders of a model.
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
            standing_beside: beside.iter().flat_map(|&(one, other)| [one, other]).collect(),
            beside,
            free_quantities: FREE_QUANTITIES,
        }
    }

    /// Shares out the free quantities among so many networks.
    pub(super) fn divide_free_quantities(&mut self, networks: usize) {
        self.free_quantities = FREE_QUANTITIES / networks.max(1);
    }

    /// The quantity of a question.
    pub(super) fn key(
        &self,
        subject: SubjectId,
        measure: MeasureId,
        population: Option<PopulationId>,
        period: Option<Period>,
    ) -> QuantityKey {
        let period = period.and_then(|period| self.periods.binary_search(&period).ok());
        QuantityKey {
            unit: self.units.place[subject.index()],
            moment: period.map_or(0, |at| at as u32 + 1),
            measure: self.measures.place[measure.index()],
            population: population.map_or(0, |id| self.populations.place[id.index()] + 1),
        }
    }

    /// Whether a question is on a series that stands beside another.
    pub(super) fn is_on_beside_series(&self, question: &Question) -> bool {
        self.is_beside(question.subject)
    }

    /// Whether a series stands beside another.
    pub(super) fn is_beside(&self, series: SubjectId) -> bool {
        self.standing_beside.contains(&series)
    }

    /// The quantity of a question.
    pub(super) fn key_of(&self, question: &Question) -> QuantityKey {
        self.key(question.subject, question.measure, question.population, question.period)
    }

    /// The quantity of one day, for what rises and falls: quantities of different days have nothing to do with each
    /// other.
    pub(super) fn on_day(key: QuantityKey, day: i32) -> QuantityKey {
        QuantityKey { moment: FIRST_DAY.wrapping_add_signed(day), ..key }
    }

    /// The unit a quantity is about.
    pub(super) fn unit(&self, key: QuantityKey) -> u32 {
        self.units.unit_at(key.unit)
    }

    /// What is counted in a quantity.
    pub(super) fn measure(&self, key: QuantityKey) -> MeasureId {
        self.measures.things[key.measure as usize]
    }

    /// Who is counted in a quantity.
    pub(super) fn population(&self, key: QuantityKey) -> Option<PopulationId> {
        key.population.checked_sub(1).map(|at| self.populations.things[at as usize])
    }

    /// The populations of which somebody is counted in a network, or that hold one, with their places.
    pub(super) fn populations_of(&self, network: &Network) -> Vec<(u32, PopulationId)> {
        let named = |place: u32| Some((place, self.populations.things[place.checked_sub(1)? as usize]));
        network.populations().into_iter().filter_map(named).collect()
    }

    /// The period of a quantity.
    pub(super) fn period(&self, key: QuantityKey) -> Option<Period> {
        key.moment.checked_sub(1).and_then(|at| self.periods.get(at as usize).copied())
    }

    /// Whether parts of an event add up: counts do; a span of time is only no longer than that of the whole;
    /// of other amounts nothing is known.
    fn aggregation(&self, measure: MeasureId) -> Aggregation {
        let measure = &self.model.measures[measure];
        match measure.kind {
            MeasureType::Count => Aggregation::Sums,
            MeasureType::Amount if measure.counting == Counting::TIME => Aggregation::Each,
            _ => Aggregation::Nothing,
        }
    }

    /// The day from which the figures of a quantity are final; none where time does not matter.
    pub(super) fn final_from(&self, key: QuantityKey) -> Option<i32> {
        let events = self.units.events(self.unit(key));
        events.into_iter().filter_map(|event| self.finality.final_from(event, self.measure(key))).max()
    }

    /// How many parts a whole has in all, told of or not.
    fn part_count(&self, key: QuantityKey, kind: ConstraintKind) -> usize {
        match kind {
            ConstraintKind::Events | ConstraintKind::Tie => {
                self.units.part_counts[self.unit(key) as usize] as usize
            }
            ConstraintKind::Measures => self.summands[self.measure(key).index()].len(),
            ConstraintKind::Populations => 0,
        }
    }

    /// Whether the parts of an event are all of it.
    fn are_parts_complete(&self, key: QuantityKey) -> bool {
        self.units.event(self.unit(key)).is_some_and(|event| self.model.subjects[event].parts_complete)
    }

    /// The parts that are all of a quantity: of an event that is said to have no others, of a sum of measures.
    fn complete_parts_of(&self, key: QuantityKey) -> impl Iterator<Item = QuantityKey> {
        let parts = self.units.complete_parts.get(&self.unit(key)).filter(|_| self.is_additive(key));
        let parts =
            parts.into_iter().flatten().map(move |&part| key.with_unit(self.units.place[part as usize]));
        let summands = self.summands[self.measure(key).index()].iter();
        parts.chain(
            summands.map(move |part| QuantityKey { measure: self.measures.place[part.index()], ..key }),
        )
    }

    /// The places of everything a measure is the sum of.
    fn summands_of(&self, measure: u32) -> impl Iterator<Item = u32> {
        let summands = self.model.summands(self.measures.things[measure as usize]);
        summands.into_iter().map(|part| self.measures.place[part.index()])
    }

    /// Whether the parts of a quantity's event add up to it.
    fn is_additive(&self, key: QuantityKey) -> bool {
        self.aggregation(self.measure(key)) == Aggregation::Sums
    }

    /// Whether figures of a measure bear on anything but their own question.
    pub(super) fn constrains_others(&self, measure: MeasureId) -> bool {
        self.aggregation(measure) != Aggregation::Nothing
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Aggregation {
    /// Parts add up.
    Sums,
    /// Each part is at most the whole.
    Each,
    Nothing,
}

/// Whether a sum is, at whatever depth, a summand of one of its summands.
fn is_circular_sum(model: &Model, part: MeasureId, sum: MeasureId) -> bool {
    part == sum || model.summands(part).contains(&sum)
}

/// Why a whole is at least the sum of its parts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum ConstraintKind {
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
pub(super) enum Relation {
    /// It is at least the sum.
    AtLeast,
    /// It is the sum.
    Exactly,
    /// It is at most the sum: what is told of a tie.
    AtMost,
}

/// A whole and the parts it is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraint {
    /// The whole.
    pub(super) whole: u32,
    /// Why.
    pub(super) kind: ConstraintKind,
    /// Which way it binds.
    pub(super) relation: Relation,
    from: u32,
    to: u32,
}

/// A network has at most so many quantities for each that somebody is asked for, and some more: see [`Entities::free_cells`].
/// Cells multiply where long chains of events meet long chains of populations. The rest is left out, and the report says
/// where.
const MAX_QUANTITIES_PER_ASKED: usize = 64;

/// So many quantities more are shared out among the networks of a workspace.
const FREE_QUANTITIES: usize = 1 << 18;

/// Cells and constraints of one part of a workspace.
#[derive(Clone, Default)]
pub(super) struct Network {
    /// What each quantity is, parts before wholes.
    pub(super) quantities: Vec<QuantityKey>,
    /// All constraints, by their wholes.
    pub(super) constraints: Vec<Constraint>,
    parts: Vec<u32>,
    /// The first constraint of each whole.
    first_by_whole: Vec<u32>,
    /// The constraints each quantity is a part of.
    by_part: Vec<u32>,
    first_by_part: Vec<u32>,
    /// Whether some quantities or some sums of populations were left out.
    pub(super) is_truncated: bool,
}

/// Why a quantity is made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum AddedFor {
    /// Somebody answers it, or a share or a change names it.
    Asked,
    /// It relation a part; and that part's number.
    Relation(ConstraintKind, u32),
    /// It relation a population that is counted.
    WholePopulation,
}

impl Network {
    /// The quantities at or above some, with all parts of what its parts are all of, and the constraints among them; without some
    /// of those that nobody is asked for where there are too many: see [`MAX_CELLS_FOR_ASKED`].
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

    /// The quantities at or above some, and the constraints among them.
    fn new(entities: &Entities<'_>, asked: impl Iterator<Item = QuantityKey> + Clone, limit: usize) -> Self {
        let mut network = Self::default();
        // A sum that nobody is asked for relation nothing together.
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
                if let AddedFor::Relation(kind, part) = cause {
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

    /// The parts of a constraint.
    pub(super) fn parts(&self, constraint: &Constraint) -> &[u32] {
        &self.parts[constraint.from as usize..constraint.to as usize]
    }

    /// The constraints of a whole, by number.
    pub(super) fn constraints_on(&self, whole: u32) -> std::ops::Range<usize> {
        self.first_by_whole[whole as usize] as usize..self.first_by_whole[whole as usize + 1] as usize
    }

    /// The constraints a quantity is a part of, by number.
    pub(super) fn constraints_of_part(&self, part: u32) -> &[u32] {
        &self.by_part
            [self.first_by_part[part as usize] as usize..self.first_by_part[part as usize + 1] as usize]
    }

    /// The quantity that is something.
    pub(super) fn find(&self, key: QuantityKey) -> Option<u32> {
        self.quantities.binary_search(&key).ok().map(|at| at as u32)
    }

    /// The constraints in which a new quantity relation the parts that asked for it.
    fn add_part_constraints(
        &mut self,
        entities: &Entities<'_>,
        whole: u32,
        key: QuantityKey,
        parts_by_kind: &[(ConstraintKind, u32)],
    ) {
        for of_reason in parts_by_kind.chunk_by(|a, b| a.0 == b.0) {
            let kind = of_reason[0].0;
            let from = self.parts.len() as u32;
            self.parts.extend(of_reason.iter().map(|(_, part)| *part));
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

    /// The constraints among the populations of one event and measure, the quantities from `group` on.
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
        // Parts of a tie stand in a constraint each and in one together.
        self.by_part = vec![0; self.first_by_part[quantities] as usize];
        for (at, constraint) in self.constraints.iter().enumerate() {
            for &part in &self.parts[constraint.from as usize..constraint.to as usize] {
                self.by_part[next[part as usize] as usize] = at as u32;
                next[part as usize] += 1;
            }
        }
    }

    /// The places of all populations of which somebody is counted, and of all they are part of.
    pub(super) fn populations(&self) -> Vec<u32> {
        let found: BTreeSet<u32> = self.quantities.iter().map(|key| key.population).collect();
        found.into_iter().collect()
    }
}

/// Asks for the quantities directly above one.
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
            let above = QuantityKey { unit: entities.units.place[unit as usize], ..key };
            let kind = if share == UnitRole::Tied { ConstraintKind::Tie } else { ConstraintKind::Events };
            waiting.push(Reverse((above, AddedFor::Relation(kind, quantity))));
        }
    }
    for sum in &entities.sums[measure.index()] {
        let above = QuantityKey { measure: entities.measures.place[sum.index()], ..key };
        if measures.contains(&above.measure) {
            waiting.push(Reverse((above, AddedFor::Relation(ConstraintKind::Measures, quantity))));
        }
    }
    if let Some(population) = entities.population(key) {
        for whole in &entities.model.populations[population].part_of {
            let above = QuantityKey { population: entities.populations.place[whole.index()] + 1, ..key };
            if above > key {
                waiting.push(Reverse((above, AddedFor::WholePopulation)));
            }
        }
    }
}
