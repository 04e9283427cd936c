//! Series that stand beside each other: what one gives for a period, stated or implied, against the other.
//!
//! Nothing is carried from one series to another; each is carried through by itself, and then the ends are
//! compared.

use std::collections::BTreeSet;

use num_traits::One as _;
use rustc_hash::FxHashMap;

use super::ends::End;
use super::network::{Frame, Key};
use super::part::Part;
use super::search::Found;
use super::steps::{Number, Reach, STEPS_TO_TELL, Step, steps};
use super::system::Set;
use super::told::Statements;
use crate::document::{Certainty, SubjectKind};
use crate::finding::Gap;
use crate::id::{AnswerId, Id as _, QuestionId, SubjectId};
use crate::model::Model;
use crate::reason::statements::StatementReader;
use crate::reason::{Clash, Joint, Nature, Statement};

/// Of series with more ends, shares and changes than this, only those are looked at that led to the figures compared.
const MAX_CLAIMS: usize = 100;

/// The clashes between series that stand beside each other.
pub(super) fn clashes(reader: &StatementReader<'_>, frame: &Frame<'_>, parts: &[Part<'_>]) -> Vec<Clash> {
    let pairs = frame.beside.as_slice();
    if pairs.is_empty() {
        return Vec::new();
    }
    // What is without a hedge is compared first, then all.
    let looks = [true, false].map(|certain| Look::new(reader, frame, parts, certain));
    let mut by_unit: FxHashMap<u32, Vec<Key>> = FxHashMap::default();
    for key in looks.iter().flat_map(|look| look.at.keys()) {
        by_unit.entry(key.unit_place()).or_default().push(*key);
    }
    let mut statements = Statements::default();
    let mut clashes: Vec<Clash> = Vec::new();
    for &(one, other) in pairs {
        let places = [one, other].map(|series| frame.units.place[series.index()]);
        let mut keys: Vec<Key> =
            places.iter().filter_map(|place| by_unit.get(place)).flatten().copied().collect();
        keys.sort_unstable_by_key(|key| (key.about(0), *key));
        keys.dedup();
        let of_pair = keys.into_iter().filter_map(|key| {
            let beside = if key.is_about(places[0]) { places[1] } else { places[0] };
            looks.iter().find_map(|look| look.compare(key, key.about(beside), &mut statements))
        });
        clashes.extend(smallest(of_pair.collect()));
    }
    clashes
}

/// The quantities of one series, as far as its claims bound them.
struct Series<'a> {
    /// The claims.
    set: Set,
    /// How far they carry each quantity; none where the numbers grow too large.
    reach: Option<Reach<'a, 'a>>,
    /// Whether no quantity can be more or less than that.
    is_exact: bool,
}

/// What the series come to by the claims of one look.
struct Look<'a> {
    reader: &'a StatementReader<'a>,
    frame: &'a Frame<'a>,
    parts: &'a [Part<'a>],
    /// The series that are compared with another, by their parts.
    series: FxHashMap<usize, Series<'a>>,
    /// The part of each cell.
    at: FxHashMap<Key, usize>,
}

impl<'a> Look<'a> {
    fn new(
        reader: &'a StatementReader<'a>,
        frame: &'a Frame<'a>,
        parts: &'a [Part<'a>],
        certain: bool,
    ) -> Self {
        let mut look = Self { reader, frame, parts, series: FxHashMap::default(), at: FxHashMap::default() };
        for (at, part) in parts.iter().enumerate() {
            let Some(set) = claims(frame, part, certain) else { continue };
            look.at.extend(part.network.cells.iter().map(|&key| (key, at)));
            let reach = Reach::new(part, set.clone());
            let is_exact = !part.compares_rests() && reach.as_ref().is_some_and(Reach::is_exact);
            look.series.insert(at, Series { set, reach, is_exact });
        }
        look
    }

    /// The least of one series against all that another says: what cannot hold, cut down on both sides.
    fn compare(&self, low: Key, high: Key, statements: &mut Statements) -> Option<Clash> {
        let (from, to) = (*self.at.get(&low)?, *self.at.get(&high)?);
        let (part, of) = (&self.parts[from], &self.parts[to]);
        let reach = self.series.get(&from)?.reach.as_ref()?;
        let reached = reach.value(low, true)?;
        let series = self.series.get(&to)?;
        let most = series.reach.as_ref().and_then(|reach| reach.value(high, false));
        // Bounds are rounded by far less than a thousandth.
        let is_below = |most: &Number| *most - Number::one() < reached;
        if series.is_exact && !most.as_ref().is_some_and(is_below) {
            return None;
        }
        let own = reach.claims(low, true);
        let first = *part.answers(&own).first()?;
        let least = Bound { key: high, is_low: true, value: floor(reached), answer: first };
        let narrow = match (&series.reach, most) {
            (Some(reach), Some(_)) if is_large(&series.set) => Some(of.whole(&reach.claims(high, false))),
            _ => None,
        };
        let (above, most) = least.against(of, narrow.as_ref().unwrap_or(&series.set))?;
        let second = *of.answers(&most).first()?;
        let known = Reach::new(of, most.clone());
        let known = known.as_ref().and_then(|reach| Some((reach, reach.value(high, false)?)));
        let value = known.as_ref().map_or(0, |(_, value)| floor(*value).saturating_add(1));
        let bound = Bound { key: low, is_low: false, value, answer: second };
        let (below, set) = bound.against(part, &own).unwrap_or((Vec::new(), own));
        let beside = Beside { low: part, high: of, places: [low, high] };
        if beside.can_spare(&set, &most) {
            // Fewer of these clash elsewhere, or with others in their place.
            return None;
        }
        let steps_below = reach.steps(low, true);
        let below = if steps_below.is_empty() { below } else { steps_below };
        let steps = match known {
            Some((reach, _)) => [below, reach.steps(high, false)].concat(),
            None => [below, above].concat(),
        };
        part.work.spend(STEPS_TO_TELL * steps.len())?;
        let mut named = told(part, &set, statements);
        named.extend(told(of, &most, statements));
        let gap = Gap::between(value.saturating_sub(1).max(0), floor(reached));
        Some(self.clash(named, [low, high], steps, gap))
    }

    fn clash(&self, mut statements: Vec<Statement>, keys: [Key; 2], steps: Vec<Step>, gap: Gap) -> Clash {
        let model = self.frame.model;
        let asked = |statement: &Statement| model.answers.question[statement.main_answer().index()];
        let mut questions: Vec<QuestionId> = statements.iter().map(asked).collect();
        questions.sort_unstable();
        questions.dedup();
        // It belongs to the question on the period that is compared, where somebody answers that.
        let own = |question: &QuestionId| keys.contains(&self.frame.key_of(model.question(*question)));
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

/// Claims on two series, of which the first gives more than the second allows.
struct Beside<'p, 'a> {
    low: &'p Part<'a>,
    high: &'p Part<'a>,
    places: [Key; 2],
}

impl Beside<'_, '_> {
    /// Whether some claim of either side can be spared, or that is not decided.
    fn can_spare(&self, lows: &Set, highs: &Set) -> bool {
        let can_spare = lows.each_less().any(|fewer| self.clash(fewer, highs))
            || highs.each_less().any(|fewer| self.clash(lows.clone(), &fewer));
        can_spare || self.low.work.is_spent() || self.high.work.is_spent()
    }

    /// Whether any least of the one side is past what the other allows.
    fn clash(&self, lows: Set, highs: &Set) -> bool {
        if self.low.work.spend(lows.ends.len() + lows.ratios.len()).is_none() {
            return false;
        }
        let Some(reach) = Reach::new(self.low, lows) else { return false };
        let mut bounds = reach.keys().iter().filter_map(|&own| {
            let value = floor(reach.value(own, true)?);
            let answer = *self.low.answers(&reach.claims(own, true)).first()?;
            Some(Bound { key: own.beside(self.places[1]), is_low: true, value, answer })
        });
        bounds.any(|bound| bound.against(self.high, highs).is_some())
    }
}

/// What one series comes to, held against the claims of another.
struct Bound {
    key: Key,
    is_low: bool,
    value: i64,
    answer: AnswerId,
}

impl Bound {
    /// The fewest of some claims that it clashes with, and the steps to it.
    fn against(&self, part: &Part<'_>, set: &Set) -> Option<(Vec<Step>, Set)> {
        part.network.find(self.key)?;
        let day = if self.is_low { i32::MIN } else { i32::MAX };
        let Self { is_low, value, answer, .. } = *self;
        let end = End { cell: 0, is_low, day, value, answer, usual: false };
        let with = part.of_set(set)?.with_end(self.key, end);
        let (found, _) = with.shrink(&with.as_usual(), true)?;
        let own = found.ends.iter().filter(|&&at| (at as usize) < set.ends.len());
        let kept = Set {
            ends: own.map(|&at| set.ends[at as usize]).collect(),
            ratios: found.ratios.iter().map(|&at| set.ratios[at as usize]).collect(),
        };
        let steps = steps(&with, &Found { set: found, ..Found::default() }, false);
        Some((steps, kept))
    }
}

fn is_large(set: &Set) -> bool {
    set.ends.len() + set.ratios.len() > MAX_CLAIMS
}

/// What is claimed of a series that stands beside another; none where that cannot hold by itself.
fn claims(frame: &Frame<'_>, part: &Part<'_>, certain: bool) -> Option<Set> {
    let series = frame.units.event(frame.unit(*part.network.cells.first()?))?;
    if !frame.is_beside(series) {
        return None;
    }
    let is_certain = |answer: AnswerId| !certain || part.claim(answer).certainty == Certainty::Certain;
    let set = part.part_of(&part.as_usual(), is_certain);
    if part.can_hold(&set) {
        return Some(set);
    }
    // What a series gives is then what its publisher says.
    let publisher = frame.model.subjects[series].publisher.map(|actor| frame.model.actors[actor].party);
    let own = part.part_of(&set, |answer| Some(part.claim(answer).party) == publisher);
    part.can_hold(&own).then_some(own)
}

/// A value in whole thousandths, rounded down.
fn floor(value: Number) -> i64 {
    i64::try_from(value.floor().to_integer()).unwrap_or(i64::MAX)
}

/// The pairs of series that stand beside each other, each once.
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

/// The clashes that hold no smaller one, each once.
fn smallest(clashes: Vec<Clash>) -> Vec<Clash> {
    let answers = |clash: &Clash| -> BTreeSet<AnswerId> {
        clash.statements.iter().map(Statement::main_answer).collect()
    };
    let mut by_size: Vec<(BTreeSet<AnswerId>, Clash)> =
        clashes.into_iter().map(|clash| (answers(&clash), clash)).collect();
    by_size.sort_by_key(|(named, _)| named.len());
    let mut kept: Vec<(BTreeSet<AnswerId>, Clash)> = Vec::new();
    // A set that holds another holds the first of its answers.
    let mut by_first: FxHashMap<AnswerId, Vec<usize>> = FxHashMap::default();
    for (named, clash) in by_size {
        let mut beside = named.iter().filter_map(|first| by_first.get(first)).flatten();
        if !beside.any(|&at| kept[at].0.is_subset(&named)) {
            if let Some(&first) = named.first() {
                by_first.entry(first).or_default().push(kept.len());
            }
            kept.push((named, clash));
        }
    }
    kept.into_iter().map(|(_, clash)| clash).collect()
}

/// The statements of a set.
fn told(part: &Part<'_>, set: &Set, statements: &mut Statements) -> Vec<Statement> {
    part.answers(set).into_iter().filter_map(|answer| statements.of(part, answer).cloned()).collect()
}
