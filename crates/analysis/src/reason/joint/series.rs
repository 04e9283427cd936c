//! Compares series that are `beside` each other: figures of one series for a period, stated or implied, against those
//! of the other.
//!
//! Nothing is carried from one series to another. The ranges are derived for each series separately, and
//! then compared.

use std::collections::BTreeSet;

use num_traits::One as _;
use rustc_hash::FxHashMap;

use super::Rational;
use super::bounds::Bound;
use super::clash::StatementCache;
use super::component::Component;
use super::network::{Entities, QuantityKey};
use super::search::Conflict;
use super::steps::{DerivedRanges, STEPS_PER_EXPLAINED_STEP, Step, steps};
use super::system::BoundSet;
use crate::document::{Certainty, SubjectKind};
use crate::finding::Gap;
use crate::id::{AnswerId, Id as _, QuestionId, SubjectId};
use crate::model::Model;
use crate::reason::statements::StatementReader;
use crate::reason::{Clash, Joint, Nature, Statement};

/// For a series with more bounds, shares and changes than this, only the claims that led to the compared range are
/// searched.
const MAX_CLAIMS: usize = 100;

/// The clashes between series that are `beside` each other.
pub(super) fn clashes(
    reader: &StatementReader<'_>,
    entities: &Entities<'_>,
    components: &[Component<'_>],
) -> Vec<Clash> {
    let pairs = entities.beside.as_slice();
    if pairs.is_empty() {
        return Vec::new();
    }
    // Claims without a hedge are compared first, then all claims.
    let scopes = [true, false].map(|certain| SeriesScope::new(reader, entities, components, certain));
    let mut by_unit: FxHashMap<u32, Vec<QuantityKey>> = FxHashMap::default();
    for key in scopes.iter().flat_map(|scope| scope.at.keys()) {
        by_unit.entry(key.unit_rank()).or_default().push(*key);
    }
    let mut statements = StatementCache::default();
    let mut clashes: Vec<Clash> = Vec::new();
    for &(one, other) in pairs {
        let places = [one, other].map(|series| entities.units.rank[series.index()]);
        let mut keys: Vec<QuantityKey> =
            places.iter().filter_map(|place| by_unit.get(place)).flatten().copied().collect();
        keys.sort_unstable_by_key(|key| (key.with_unit(0), *key));
        keys.dedup();
        let of_pair = keys.into_iter().filter_map(|key| {
            let beside = if key.has_unit(places[0]) { places[1] } else { places[0] };
            scopes.iter().find_map(|scope| scope.compare(key, key.with_unit(beside), &mut statements))
        });
        clashes.extend(smallest(of_pair.collect()));
    }
    clashes
}

/// The ranges of the quantities of one series.
struct SeriesRanges<'a> {
    /// The claims that are used.
    set: BoundSet,
    /// The ranges that follow from them. None if they could not be derived.
    ranges: Option<DerivedRanges<'a, 'a>>,
    /// Whether these are the tightest possible ranges.
    is_exact: bool,
}

/// The ranges of all compared series, from either the certain claims or all claims.
struct SeriesScope<'a> {
    reader: &'a StatementReader<'a>,
    entities: &'a Entities<'a>,
    components: &'a [Component<'a>],
    /// The ranges of each compared series, by the index of its component.
    series: FxHashMap<usize, SeriesRanges<'a>>,
    /// The index of the component of each quantity.
    at: FxHashMap<QuantityKey, usize>,
}

impl<'a> SeriesScope<'a> {
    fn new(
        reader: &'a StatementReader<'a>,
        entities: &'a Entities<'a>,
        components: &'a [Component<'a>],
        certain: bool,
    ) -> Self {
        let mut scope =
            Self { reader, entities, components, series: FxHashMap::default(), at: FxHashMap::default() };
        for (at, component) in components.iter().enumerate() {
            let Some(set) = claims(entities, component, certain) else { continue };
            scope.at.extend(component.network.quantities.iter().map(|&key| (key, at)));
            let ranges = DerivedRanges::new(component, set.clone());
            let is_exact =
                !component.compares_remainders() && ranges.as_ref().is_some_and(DerivedRanges::is_exact);
            scope.series.insert(at, SeriesRanges { set, ranges, is_exact });
        }
        scope
    }

    /// Compares the lowest value in one series with the highest value in the other. If they contradict each other,
    /// returns a clash with the fewest claims on both sides.
    fn compare(&self, low: QuantityKey, high: QuantityKey, statements: &mut StatementCache) -> Option<Clash> {
        let (from, to) = (*self.at.get(&low)?, *self.at.get(&high)?);
        let (component, of) = (&self.components[from], &self.components[to]);
        let ranges = self.series.get(&from)?.ranges.as_ref()?;
        let lowest = ranges.value(low, true)?;
        let series = self.series.get(&to)?;
        let most = series.ranges.as_ref().and_then(|ranges| ranges.value(high, false));
        // The rounding of bounds is far smaller than a thousandth.
        let is_below = |most: &Rational| *most - Rational::one() < lowest;
        if series.is_exact && !most.as_ref().is_some_and(is_below) {
            return None;
        }
        let own = ranges.claims(low, true);
        let first = *component.answers(&own).first()?;
        let least = ImpliedBound { key: high, is_low: true, value: floor(lowest), answer: first };
        let narrow = match (&series.ranges, most) {
            (Some(ranges), Some(_)) if is_large(&series.set) => {
                Some(of.with_both_bounds(&ranges.claims(high, false)))
            }
            _ => None,
        };
        let (above, most) = least.conflict_with(of, narrow.as_ref().unwrap_or(&series.set))?;
        let second = *of.answers(&most).first()?;
        let known = DerivedRanges::new(of, most.clone());
        let known = known.as_ref().and_then(|ranges| Some((ranges, ranges.value(high, false)?)));
        let value = known.as_ref().map_or(0, |(_, value)| floor(*value).saturating_add(1));
        let implied = ImpliedBound { key: low, is_low: false, value, answer: second };
        let (below, set) = implied.conflict_with(component, &own).unwrap_or((Vec::new(), own));
        let pair = SeriesPair { low: component, high: of, places: [low, high] };
        if pair.can_spare(&set, &most) {
            // Fewer of these claims clash elsewhere, or together with other claims.
            return None;
        }
        let steps_below = ranges.steps(low, true);
        let below = if steps_below.is_empty() { below } else { steps_below };
        let steps = match known {
            Some((ranges, _)) => [below, ranges.steps(high, false)].concat(),
            None => [below, above].concat(),
        };
        component.work.spend(STEPS_PER_EXPLAINED_STEP * steps.len())?;
        let mut named = statements_of(component, &set, statements);
        named.extend(statements_of(of, &most, statements));
        let gap = Gap::between(value.saturating_sub(1).max(0), floor(lowest));
        Some(self.clash(named, [low, high], steps, gap))
    }

    fn clash(
        &self,
        mut statements: Vec<Statement>,
        keys: [QuantityKey; 2],
        steps: Vec<Step>,
        gap: Gap,
    ) -> Clash {
        let model = self.entities.model;
        let asked = |statement: &Statement| model.answers.question[statement.main_answer().index()];
        let mut questions: Vec<QuestionId> = statements.iter().map(asked).collect();
        questions.sort_unstable();
        questions.dedup();
        // The clash belongs to the question on the compared period, if somebody answers it.
        let own = |question: &QuestionId| keys.contains(&self.entities.key_of(model.question(*question)));
        let first = questions.iter().position(own).unwrap_or(0);
        let question = questions.remove(first);
        questions.insert(0, question);
        statements.sort_by_key(|statement| (asked(statement) != question, asked(statement)));
        let named: Vec<AnswerId> = statements.iter().map(Statement::main_answer).collect();
        let witnesses = statements.iter().flat_map(|statement| statement.answers.iter().copied()).collect();
        let also = self.reader.other_claims(&named, witnesses);
        Clash {
            questions,
            nature: Nature::Series,
            certain: statements.iter().all(|statement| statement.certain),
            statements,
            also,
            gap: Some(gap),
            joint: Some(Box::new(Joint { steps, ..Joint::default() })),
            through: Vec::new(),
        }
    }
}

/// Claims on two series. The first implies more than the second allows.
struct SeriesPair<'p, 'a> {
    low: &'p Component<'a>,
    high: &'p Component<'a>,
    places: [QuantityKey; 2],
}

impl SeriesPair<'_, '_> {
    /// Whether some claim of either side is not needed, or this is not decided.
    fn can_spare(&self, lows: &BoundSet, highs: &BoundSet) -> bool {
        let can_spare = lows.each_without_one().any(|fewer| self.clash(fewer, highs))
            || highs.each_without_one().any(|fewer| self.clash(lows.clone(), &fewer));
        can_spare || self.low.work.is_spent() || self.high.work.is_spent()
    }

    /// Whether some lowest value of the one side is above what the other side allows.
    fn clash(&self, lows: BoundSet, highs: &BoundSet) -> bool {
        if self.low.work.spend(lows.bounds.len() + lows.ratios.len()).is_none() {
            return false;
        }
        let Some(ranges) = DerivedRanges::new(self.low, lows) else { return false };
        let mut implied = ranges.keys().iter().filter_map(|&own| {
            let value = floor(ranges.value(own, true)?);
            let answer = *self.low.answers(&ranges.claims(own, true)).first()?;
            Some(ImpliedBound { key: own.with_unit_of(self.places[1]), is_low: true, value, answer })
        });
        implied.any(|implied| implied.conflict_with(self.high, highs).is_some())
    }
}

/// A bound that the claims of one series imply, to be tested against another series.
struct ImpliedBound {
    key: QuantityKey,
    is_low: bool,
    value: i64,
    answer: AnswerId,
}

impl ImpliedBound {
    /// The fewest claims of a set that contradict this bound, and the steps that show it.
    fn conflict_with(&self, component: &Component<'_>, set: &BoundSet) -> Option<(Vec<Step>, BoundSet)> {
        component.network.find(self.key)?;
        let day = if self.is_low { i32::MIN } else { i32::MAX };
        let Self { is_low, value, answer, .. } = *self;
        let bound = Bound { quantity: 0, is_low, day, value, answer, usual: false };
        let with = component.sub_component(set)?.with_bound(self.key, bound);
        let (found, _) = with.shrink(&with.everything(), true)?;
        let own = found.bounds.iter().filter(|&&at| (at as usize) < set.bounds.len());
        let kept = BoundSet {
            bounds: own.map(|&at| set.bounds[at as usize]).collect(),
            ratios: found.ratios.iter().map(|&at| set.ratios[at as usize]).collect(),
        };
        let steps = steps(&with, &Conflict { set: found, ..Conflict::default() }, false);
        Some((steps, kept))
    }
}

fn is_large(set: &BoundSet) -> bool {
    set.bounds.len() + set.ratios.len() > MAX_CLAIMS
}

/// The claims on a series that is `beside` another. If they contradict each other, only those of the publisher.
/// `None` if those contradict each other too.
fn claims(entities: &Entities<'_>, component: &Component<'_>, certain: bool) -> Option<BoundSet> {
    let series = entities.units.event(entities.unit(*component.network.quantities.first()?))?;
    if !entities.is_beside(series) {
        return None;
    }
    let is_certain = |answer: AnswerId| !certain || component.claim(answer).certainty == Certainty::Certain;
    let set = component.subset(&component.everything(), is_certain);
    if component.is_surely_feasible(&set) {
        return Some(set);
    }
    // The publisher decides which figures belong to a series.
    let publisher = entities.model.subjects[series].publisher.map(|actor| entities.model.actors[actor].party);
    let own = component.subset(&set, |answer| Some(component.claim(answer).party) == publisher);
    component.is_surely_feasible(&own).then_some(own)
}

/// Rounds a value down to whole thousandths.
fn floor(value: Rational) -> i64 {
    i64::try_from(value.floor().to_integer()).unwrap_or(i64::MAX)
}

/// The pairs of series that are `beside` each other, each once.
pub(super) fn beside(model: &Model) -> Vec<(SubjectId, SubjectId)> {
    let series = model.subjects.iter().filter(|(_, subject)| subject.kind == SubjectKind::Series);
    let mut pairs: Vec<(SubjectId, SubjectId)> = series
        .flat_map(|(id, subject)| subject.beside.iter().map(move |&other| (id.min(other), id.max(other))))
        .filter(|(one, other)| one != other && model.subjects[*other].kind == SubjectKind::Series)
        .filter(|(one, _)| model.subjects[*one].kind == SubjectKind::Series)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The clashes that contain no smaller one, each once.
fn smallest(clashes: Vec<Clash>) -> Vec<Clash> {
    let answers = |clash: &Clash| -> BTreeSet<AnswerId> {
        clash.statements.iter().map(Statement::main_answer).collect()
    };
    let mut by_size: Vec<(BTreeSet<AnswerId>, Clash)> =
        clashes.into_iter().map(|clash| (answers(&clash), clash)).collect();
    by_size.sort_by_key(|(named, _)| named.len());
    let mut kept: Vec<(BTreeSet<AnswerId>, Clash)> = Vec::new();
    // A set that contains another one contains its first answer.
    let mut by_first: FxHashMap<AnswerId, Vec<usize>> = FxHashMap::default();
    for (named, clash) in by_size {
        let mut subsets = named.iter().filter_map(|first| by_first.get(first)).flatten();
        if !subsets.any(|&at| kept[at].0.is_subset(&named)) {
            if let Some(&first) = named.first() {
                by_first.entry(first).or_default().push(kept.len());
            }
            kept.push((named, clash));
        }
    }
    kept.into_iter().map(|(_, clash)| clash).collect()
}

/// The statements of a set.
fn statements_of(
    component: &Component<'_>,
    set: &BoundSet,
    statements: &mut StatementCache,
) -> Vec<Statement> {
    component
        .answers(set)
        .into_iter()
        .filter_map(|answer| statements.get(component, answer).cloned())
        .collect()
}
