//! Series that stand beside each other: what one gives for a period, stated or implied, against the other.
//!
//! Nothing is carried from one series to another; each is carried through by itself, and then the ends are
//! compared.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::ends::{End, Ratio};
use super::network::{Frame, Key};
use super::search::{Found, Part};
use super::steps::{Number, Reached, Step, reach, steps};
use super::system::Set;
use super::told::statement;
use crate::document::{Certainty, SubjectKind};
use crate::finding::Gap;
use crate::id::{AnswerId, Id as _, QuestionId, SubjectId};
use crate::model::Model;
use crate::reason::statements::Reader;
use crate::reason::{Clash, Joint, Nature, Statement};

/// The least of each cell of a series, with the part it stands in.
type Least = FxHashMap<Key, (usize, Reached)>;

/// The clashes between series that stand beside each other.
pub(super) fn clashes(reader: &Reader<'_>, frame: &Frame<'_>, parts: &[Part<'_>]) -> Vec<Clash> {
    let pairs = frame.beside.as_slice();
    if pairs.is_empty() {
        return Vec::new();
    }
    // What is without a hedge is compared first, then all.
    let looks = [true, false].map(|certain| Look::new(reader, frame, parts, certain));
    let mut clashes: Vec<Clash> = Vec::new();
    for &(one, other) in pairs {
        let places = [one, other].map(|series| frame.units.place[series.index()]);
        let cells = looks.iter().flat_map(|look| look.least.keys().copied());
        let mut keys: Vec<Key> =
            cells.filter(|key| places.iter().any(|&place| key.is_about(place))).collect();
        keys.sort_unstable_by_key(|key| (key.about(0), *key));
        keys.dedup();
        let of_pair = keys.into_iter().filter_map(|key| {
            let beside = if key.is_about(places[0]) { places[1] } else { places[0] };
            looks.iter().find_map(|look| look.compare(key, key.about(beside)))
        });
        clashes.extend(smallest(of_pair.collect()));
    }
    clashes
}

/// What the series come to by the claims of one look.
struct Look<'a> {
    reader: &'a Reader<'a>,
    frame: &'a Frame<'a>,
    parts: &'a [Part<'a>],
    /// The claims of each part on a series that stands beside another.
    sets: FxHashMap<usize, Set>,
    /// The part in which each cell stands.
    at: FxHashMap<Key, usize>,
    least: Least,
}

impl<'a> Look<'a> {
    fn new(reader: &'a Reader<'a>, frame: &'a Frame<'a>, parts: &'a [Part<'a>], certain: bool) -> Self {
        let mut look = Self {
            reader,
            frame,
            parts,
            sets: FxHashMap::default(),
            at: FxHashMap::default(),
            least: Least::default(),
        };
        for (at, part) in parts.iter().enumerate() {
            let Some(set) = claims(frame, part, certain) else { continue };
            look.at.extend(part.network.cells.iter().map(|&key| (key, at)));
            let lows = reach(part, &set).into_iter().filter(|reached| reached.is_low);
            look.least.extend(lows.map(|reached| (reached.key, (at, reached))));
            look.sets.insert(at, set);
        }
        look
    }

    /// The least of one series against all that another says: what cannot hold, cut down on both sides.
    fn compare(&self, low: Key, high: Key) -> Option<Clash> {
        let (from, reached) = self.least.get(&low)?;
        let to = *self.at.get(&high)?;
        let of = &self.parts[to];
        let first = *self.parts[*from].answers(&reached.set).first()?;
        let least = Bound { key: high, is_low: true, value: floor(reached.value), answer: first };
        let (above, most) = least.against(of, self.sets.get(&to)?)?;
        let second = *of.answers(&most).first()?;
        let known = reach(of, &most).into_iter().find(|end| end.key == high && !end.is_low);
        let value = known.as_ref().map_or(0, |end| floor(end.value).saturating_add(1));
        let bound = Bound { key: low, is_low: false, value, answer: second };
        let (below, set) =
            bound.against(&self.parts[*from], &reached.set).unwrap_or((Vec::new(), reached.set.clone()));
        let below = if reached.steps.is_empty() { below } else { reached.steps.clone() };
        let steps = match known {
            Some(end) => [below, end.steps].concat(),
            None => [below, above].concat(),
        };
        let beside = Beside { low: &self.parts[*from], high: of, places: [low, high] };
        if beside.can_spare(&set, &most) {
            // Fewer of these clash elsewhere, or with others in their place.
            return None;
        }
        let mut statements = told(&self.parts[*from], &set);
        statements.extend(told(of, &most));
        let gap = Gap::between(value.saturating_sub(1).max(0), floor(reached.value));
        Some(self.clash(statements, [low, high], steps, gap))
    }

    fn clash(&self, mut statements: Vec<Statement>, keys: [Key; 2], steps: Vec<Step>, gap: Gap) -> Clash {
        let model = self.frame.model;
        let asked = |statement: &Statement| model.answers.question[statement.first().index()];
        let mut questions: Vec<QuestionId> = statements.iter().map(asked).collect();
        questions.sort_unstable();
        questions.dedup();
        // It belongs to the question on the period that is compared, where somebody answers that.
        let own = |question: &QuestionId| keys.contains(&self.frame.key_of(model.question(*question)));
        let first = questions.iter().position(own).unwrap_or(0);
        let question = questions.remove(first);
        questions.insert(0, question);
        statements.sort_by_key(|statement| (asked(statement) != question, asked(statement)));
        let named: Vec<AnswerId> = statements.iter().map(Statement::first).collect();
        let witnesses = statements.iter().flat_map(|statement| statement.answers.iter().copied()).collect();
        let also = self.reader.others(&named, witnesses);
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
    /// Whether some claim of either side can be spared.
    fn can_spare(&self, lows: &Set, highs: &Set) -> bool {
        lows.each_less().any(|fewer| self.clash(&fewer, highs))
            || highs.each_less().any(|fewer| self.clash(lows, &fewer))
    }

    /// Whether any least of the one side is past what the other allows.
    fn clash(&self, lows: &Set, highs: &Set) -> bool {
        let reached = reach(self.low, lows).into_iter().filter(|reached| reached.is_low);
        let mut bounds = reached.filter_map(|reached| {
            let answer = *self.low.answers(&reached.set).first()?;
            let key = reached.key.beside(self.places[1]);
            Some(Bound { key, is_low: true, value: floor(reached.value), answer })
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
        let cell = part.network.find(self.key)?;
        let mut ends: Vec<End> = set.ends.iter().map(|&at| part.ends[at as usize]).collect();
        let ratios: Vec<Ratio> = set.ratios.iter().map(|&at| part.ratios[at as usize]).collect();
        let day = if self.is_low { i32::MIN } else { i32::MAX };
        let Self { is_low, value, answer, .. } = *self;
        ends.push(End { cell, is_low, day, value, answer, usual: false });
        let with = part.with(ends, ratios);
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
    let answers =
        |clash: &Clash| -> BTreeSet<AnswerId> { clash.statements.iter().map(Statement::first).collect() };
    let mut by_size: Vec<(BTreeSet<AnswerId>, Clash)> =
        clashes.into_iter().map(|clash| (answers(&clash), clash)).collect();
    by_size.sort_by_key(|(named, _)| named.len());
    let mut kept: Vec<(BTreeSet<AnswerId>, Clash)> = Vec::new();
    for (named, clash) in by_size {
        if !kept.iter().any(|(known, _)| known.is_subset(&named)) {
            kept.push((named, clash));
        }
    }
    kept.into_iter().map(|(_, clash)| clash).collect()
}

/// The statements of a set.
fn told(part: &Part<'_>, set: &Set) -> Vec<Statement> {
    part.answers(set).into_iter().filter_map(|answer| statement(part, answer)).collect()
}
