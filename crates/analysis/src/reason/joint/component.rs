//! One component: the claims that are connected by constraints, as bounds and ratios, with an index of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashSet;

use super::bounds::{Bound, Ratio, StatedValue, stated};
use super::exact::SubProblem;
use super::network::{Entities, Network, QuantityKey};
use super::system::BoundSet;
use super::work::WorkBudget;
use crate::id::{ActorId, AnswerId, Id as _, QuestionId, SourceId};
use crate::model::{Claim, Value};
use crate::reason::statements::StatementReader;
use gainsay_reading::figure::OPEN;

/// A set of connected quantities with all bounds and ratios that claims give for them.
pub(super) struct Component<'a> {
    pub(super) reader: &'a StatementReader<'a>,
    pub(super) entities: &'a Entities<'a>,
    pub(super) network: Network,
    /// Sorted by day, then low before high bounds, then by quantity and value. Among equal bounds, the one to name
    /// comes first.
    pub(super) bounds: Vec<Bound>,
    pub(super) ratios: Vec<Ratio>,
    /// The remaining budget. Smaller components made from this one share it.
    pub(super) work: Arc<WorkBudget>,
    index: OnceLock<ComponentIndex>,
}

/// Tables for lookups. They are built only when needed, because most components contain no conflict.
pub(super) struct ComponentIndex {
    /// The ranks of all populations.
    pub(super) populations: Vec<u32>,
    /// Whether the network has the same populations for each event, measure and time.
    pub(super) has_same_populations: bool,
    /// The indexes of the bounds, sorted by quantity, low bounds first.
    by_quantity: Vec<u32>,
    /// The bounds and ratios of each answer. Indexes from the number of bounds on are ratios.
    by_answer: Vec<(AnswerId, u32)>,
    /// For each ratio, the first ratio with the same content.
    pub(super) first_equal_ratio: Vec<u32>,
}

impl<'a> Component<'a> {
    /// Builds the component of some questions. `None` if nothing in it can clash.
    pub(super) fn new(
        reader: &'a StatementReader<'a>,
        entities: &'a Entities<'a>,
        questions: &[QuestionId],
    ) -> Option<Self> {
        let mut figures: Vec<(QuantityKey, Bound)> = Vec::new();
        let mut ratios: Vec<(QuantityKey, QuantityKey, Ratio)> = Vec::new();
        let mut at_least: Vec<(QuantityKey, Bound)> = Vec::new();
        let mut claims = 0;
        for answer in questions.iter().flat_map(|&question| reader.model.answers_to(question)) {
            let stated = stated(reader, entities, answer);
            claims += usize::from(stated.is_some());
            match stated {
                Some(StatedValue::Figure { key, range, days, is_denial, is_at_least }) => {
                    let bound =
                        |is_low, day, value| Bound { quantity: 0, is_low, day, value, answer, usual: false };
                    if range.low > 0 {
                        figures.push((key, bound(true, days.first, range.low)));
                    }
                    if range.high != OPEN {
                        let day = if is_denial { i32::MAX } else { days.last };
                        figures.push((key, bound(false, day, range.high)));
                    }
                    if is_at_least {
                        at_least.push((key, Bound { usual: true, ..bound(false, days.last, range.low) }));
                    }
                }
                Some(StatedValue::Ratio { own, base, low, high, day }) => {
                    ratios.push((own, base, Ratio { own: 0, base: 0, low, high, day, answer }));
                }
                None => {}
            }
        }
        let changes: FxHashSet<_> =
            ratios.iter().filter_map(|(.., ratio)| change_key(reader, ratio.answer)).collect();
        at_least.retain(|(_, bound)| changes.contains(&speaker_key(reader, bound.answer)));
        figures.append(&mut at_least);
        let is_on_several_quantities = figures.windows(2).any(|pair| pair[0].0 != pair[1].0);
        let is_compared =
            questions.first().is_some_and(|&id| entities.is_on_beside_series(reader.model.question(id)));
        if !is_on_several_quantities && ratios.is_empty() && !is_compared {
            return None;
        }
        let mut asked: Vec<QuantityKey> = figures.iter().map(|(key, _)| *key).collect();
        asked.extend(ratios.iter().flat_map(|&(own, base, _)| [own, base]));
        asked.sort_unstable();
        asked.dedup();
        let network = Network::closed_over(entities, asked);
        if network.constraints.is_empty() && ratios.is_empty() && !is_compared {
            return None;
        }
        let quantity = |key| network.find(key).unwrap_or(0);
        let mut bounds: Vec<Bound> =
            figures.into_iter().map(|(key, bound)| Bound { quantity: quantity(key), ..bound }).collect();
        let place = |bound: &Bound| (bound.day, !bound.is_low, bound.quantity, bound.value);
        let rank = |bound: &Bound| (Reverse(reader.naming_rank(bound.answer)), bound.usual);
        bounds.sort_unstable_by(|a, b| place(a).cmp(&place(b)).then_with(|| rank(a).cmp(&rank(b))));
        let ratios = ratios.into_iter().map(|(own, base, ratio)| Ratio {
            own: quantity(own),
            base: quantity(base),
            ..ratio
        });
        let ratios = ratios.collect();
        Some(Self::from_network(reader, entities, network, bounds, ratios, Arc::new(WorkBudget::new(claims))))
    }

    fn from_network(
        reader: &'a StatementReader<'a>,
        entities: &'a Entities<'a>,
        network: Network,
        bounds: Vec<Bound>,
        ratios: Vec<Ratio>,
        work: Arc<WorkBudget>,
    ) -> Self {
        Self { reader, entities, network, bounds, ratios, work, index: OnceLock::new() }
    }

    /// A component with some of the bounds and ratios, in the order of the set. Its network has only the quantities
    /// that they need.
    pub(super) fn sub_component(&self, set: &BoundSet) -> Option<Self> {
        let SubProblem { network, bounds, ratios, .. } = SubProblem::new(self, set, false)?;
        Some(Self::from_network(self.reader, self.entities, network, bounds, ratios, Arc::clone(&self.work)))
    }

    /// A copy of this component with one more bound.
    pub(super) fn with_bound(&self, key: QuantityKey, bound: Bound) -> Self {
        let mut asked = self.network.quantities.clone();
        asked.push(key);
        asked.sort_unstable();
        asked.dedup();
        let network = Network::closed_over(self.entities, asked);
        let quantity = |quantity: u32| network.find(self.network.quantities[quantity as usize]).unwrap_or(0);
        let mut bounds: Vec<Bound> =
            self.bounds.iter().map(|bound| Bound { quantity: quantity(bound.quantity), ..*bound }).collect();
        bounds.push(Bound { quantity: network.find(key).unwrap_or(0), ..bound });
        let ratios = self.ratios.iter();
        let ratios =
            ratios.map(|ratio| Ratio { own: quantity(ratio.own), base: quantity(ratio.base), ..*ratio });
        let ratios = ratios.collect();
        Self::from_network(self.reader, self.entities, network, bounds, ratios, Arc::clone(&self.work))
    }

    pub(super) fn index(&self) -> &ComponentIndex {
        self.index.get_or_init(|| ComponentIndex::new(self))
    }

    /// The indexes of the bounds on one side of a quantity.
    pub(super) fn bounds_on(&self, quantity: u32, is_low: bool) -> &[u32] {
        let place = |&at: &u32| {
            let bound = &self.bounds[at as usize];
            (bound.quantity, !bound.is_low)
        };
        let by_quantity = &self.index().by_quantity;
        let from = by_quantity.partition_point(|at| place(at) < (quantity, !is_low));
        let to = by_quantity.partition_point(|at| place(at) <= (quantity, !is_low));
        &by_quantity[from..to]
    }

    /// The bounds and ratios of a set whose answers fulfil a condition.
    pub(super) fn subset(&self, set: &BoundSet, wanted: impl Fn(AnswerId) -> bool) -> BoundSet {
        let bounds = set.bounds.iter().copied().filter(|&at| wanted(self.bounds[at as usize].answer));
        let ratios = set.ratios.iter().copied().filter(|&at| wanted(self.ratios[at as usize].answer));
        BoundSet { bounds: bounds.collect(), ratios: ratios.collect() }
    }

    /// All bounds and ratios, including usual readings.
    pub(super) fn everything(&self) -> BoundSet {
        BoundSet {
            bounds: (0..self.bounds.len() as u32).collect(),
            ratios: (0..self.ratios.len() as u32).collect(),
        }
    }

    /// All bounds and ratios whose answers fulfil a condition, without usual readings.
    pub(super) fn all(&self, wanted: impl Fn(AnswerId) -> bool) -> BoundSet {
        let is_hard = |&at: &u32| !self.bounds[at as usize].usual;
        let bounds = (0..self.bounds.len() as u32)
            .filter(is_hard)
            .filter(|&at| wanted(self.bounds[at as usize].answer));
        let ratios = (0..self.ratios.len() as u32).filter(|&at| wanted(self.ratios[at as usize].answer));
        BoundSet { bounds: bounds.collect(), ratios: ratios.collect() }
    }

    /// All bounds and ratios of some answers, without usual readings.
    pub(super) fn all_of_answers(&self, answers: &[AnswerId]) -> BoundSet {
        let by_answer = &self.index().by_answer;
        let mut set = BoundSet::default();
        for &answer in answers {
            let from = by_answer.partition_point(|(known, _)| *known < answer);
            for &(_, at) in by_answer[from..].iter().take_while(|(known, _)| *known == answer) {
                match (at as usize).checked_sub(self.bounds.len()) {
                    Some(ratio) => set.ratios.push(ratio as u32),
                    None if self.bounds[at as usize].usual => {}
                    None => set.bounds.push(at),
                }
            }
        }
        set.bounds.sort_unstable();
        set.ratios.sort_unstable();
        set
    }

    /// Extends a set so that it contains both bounds of each of its claims.
    pub(super) fn with_both_bounds(&self, set: &BoundSet) -> BoundSet {
        let mut whole = self.all_of_answers(&self.answers(set));
        whole.bounds.extend(set.bounds.iter().filter(|&&at| self.bounds[at as usize].usual));
        whole.bounds.sort_unstable();
        whole
    }

    /// The claims of each party in each source, then all claims of each party. Sets with only one answer are left out.
    pub(super) fn party_scopes(&self) -> Vec<BoundSet> {
        let mut own: BTreeMap<(u8, Option<SourceId>, ActorId), BoundSet> = BTreeMap::new();
        let mut add_to_scopes = |answer: AnswerId, put: &dyn Fn(&mut BoundSet)| {
            let claim = self.claim(answer);
            put(own.entry((0, Some(claim.source), claim.party)).or_default());
            put(own.entry((1, None, claim.party)).or_default());
        };
        for (at, bound) in self.bounds.iter().enumerate().filter(|(_, bound)| !bound.usual) {
            add_to_scopes(bound.answer, &|set| set.bounds.push(at as u32));
        }
        for (at, ratio) in self.ratios.iter().enumerate() {
            add_to_scopes(ratio.answer, &|set| set.ratios.push(at as u32));
        }
        own.into_values().filter(|set| self.answers(set).len() > 1).collect()
    }

    /// The bound to name among all bounds of a scope with the same content: without a hedge if possible, then said
    /// first, then by name.
    pub(super) fn representative(&self, at: u32, scope: &BoundSet) -> u32 {
        let place = |bound: &Bound| (bound.day, !bound.is_low, bound.quantity, bound.value);
        let own = place(&self.bounds[at as usize]);
        let from = self.bounds.partition_point(|bound| place(bound) < own) as u32;
        let mut same =
            (from..self.bounds.len() as u32).take_while(|&other| place(&self.bounds[other as usize]) == own);
        same.find(|other| scope.bounds.binary_search(other).is_ok()).unwrap_or(at)
    }

    /// The sort key by which one of several equivalent bounds is named.
    pub(super) fn naming_rank(&self, at: u32) -> impl Ord + use<> {
        Reverse(self.reader.naming_rank(self.bounds[at as usize].answer))
    }

    /// The first question that has an answer in this component.
    pub(super) fn question(&self) -> Option<QuestionId> {
        let answers =
            self.bounds.iter().map(|bound| bound.answer).chain(self.ratios.iter().map(|ratio| ratio.answer));
        answers.map(|answer| self.reader.model.answers.question[answer.index()]).min()
    }

    /// The claim of an answer.
    pub(super) fn claim(&self, answer: AnswerId) -> &'a Claim {
        self.reader.model.claim(self.reader.model.answers.claim[answer.index()])
    }

    /// The answers of a set, sorted and without duplicates.
    pub(super) fn answers(&self, set: &BoundSet) -> Vec<AnswerId> {
        let bounds = set.bounds.iter().map(|&at| self.bounds[at as usize].answer);
        let mut answers: Vec<AnswerId> =
            bounds.chain(set.ratios.iter().map(|&at| self.ratios[at as usize].answer)).collect();
        answers.sort_unstable();
        answers.dedup();
        answers
    }

    /// Whether all answers of a set are given by one party.
    pub(super) fn is_of_one_party(&self, set: &BoundSet) -> bool {
        let mut parties = self.answers(set).into_iter().map(|answer| self.claim(answer).party);
        let first = parties.next();
        parties.all(|party| Some(party) == first)
    }

    /// Whether a set contains bounds on the usual reading, and for each of them a change that the same speaker states
    /// in the same source.
    pub(super) fn is_usual(&self, set: &BoundSet) -> bool {
        let usual = set.bounds.iter().map(|&at| self.bounds[at as usize]).filter(|bound| bound.usual);
        let speaks_for = |bound: &Bound| {
            let own = Some(speaker_key(self.reader, bound.answer));
            set.ratios.iter().any(|&at| change_key(self.reader, self.ratios[at as usize].answer) == own)
        };
        let mut usual = usual.peekable();
        usual.peek().is_some() && usual.all(|bound| speaks_for(&bound))
    }
}

impl ComponentIndex {
    fn new(component: &Component<'_>) -> Self {
        let populations = component.network.populations();
        let mut groups = component
            .network
            .quantities
            .chunk_by(|a, b| a.differs_only_in_population(*b))
            .map(<[QuantityKey]>::len);
        let first = groups.next();
        let has_same_populations = groups.all(|size| Some(size) == first) && first == Some(populations.len());
        let mut by_quantity: Vec<u32> = (0..component.bounds.len() as u32).collect();
        by_quantity.sort_unstable_by_key(|&at| {
            let bound = &component.bounds[at as usize];
            (bound.quantity, !bound.is_low, at)
        });
        let answers = component.bounds.iter().map(|bound| bound.answer);
        let answers = answers.chain(component.ratios.iter().map(|ratio| ratio.answer));
        let mut by_answer: Vec<(AnswerId, u32)> = answers.zip(0..).collect();
        by_answer.sort_unstable();
        let first_equal_ratio = first_equal_ratios(&component.ratios);
        Self { populations, has_same_populations, by_quantity, by_answer, first_equal_ratio }
    }
}

fn first_equal_ratios(ratios: &[Ratio]) -> Vec<u32> {
    let says = |at: u32| {
        let Ratio { own, base, low, high, day, .. } = ratios[at as usize];
        (own, base, low, high, day)
    };
    let mut order: Vec<u32> = (0..ratios.len() as u32).collect();
    order.sort_unstable_by_key(|&at| (says(at), at));
    let mut first = vec![0; ratios.len()];
    for equal in order.chunk_by(|&a, &b| says(a) == says(b)) {
        for &at in equal {
            first[at as usize] = equal[0];
        }
    }
    first
}

/// The question, the speaker and the source of an answer.
fn speaker_key(reader: &StatementReader<'_>, answer: AnswerId) -> (QuestionId, ActorId, SourceId) {
    let claim = reader.model.claim(reader.model.answers.claim[answer.index()]);
    (reader.model.answers.question[answer.index()], claim.by, claim.source)
}

/// The same for an answer that is a change; `None` for others.
fn change_key(reader: &StatementReader<'_>, answer: AnswerId) -> Option<(QuestionId, ActorId, SourceId)> {
    let is_change = matches!(reader.model.answers.value[answer.index()], Value::Change(..));
    is_change.then(|| speaker_key(reader, answer))
}
