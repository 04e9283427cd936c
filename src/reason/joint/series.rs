//! Series that stand beside each other: what one gives for a period, stated or implied, against the other.
//!
//! Nothing is carried from one series to another; each is carried through by itself, and then the ends are
//! compared.

use rustc_hash::FxHashMap;

use super::network::{Frame, Key};
use super::search::Part;
use super::steps::{Reached, reach};
use super::told::statement;
use crate::document::{Certainty, SubjectKind};
use crate::finding::Gap;
use crate::id::{AnswerId, Id as _, QuestionId, SubjectId};
use crate::model::Model;
use crate::reason::{Clash, Joint, Nature, Statement};

/// What a series comes to, by cell and end: the part it stands in, and how far its claims carry that end.
type Ends = FxHashMap<(Key, bool), (usize, Reached)>;

/// The clashes between series that stand beside each other.
pub(super) fn clashes(frame: &Frame<'_>, parts: &[Part<'_>]) -> Vec<Clash> {
    let pairs = frame.beside.as_slice();
    if pairs.is_empty() {
        return Vec::new();
    }
    // What is without a hedge is compared first, then all.
    let looks = [true, false].map(|certain| ends(frame, parts, pairs, certain));
    let mut clashes: Vec<Clash> = Vec::new();
    for &(one, other) in pairs {
        let places = [one, other].map(|series| frame.units.place[series.index()]);
        let mut keys: Vec<Key> = looks
            .iter()
            .flat_map(|ends| ends.keys())
            .map(|(key, _)| *key)
            .filter(|key| key.is_about(places[0]))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let found =
                looks.iter().find_map(|ends| compare(frame, parts, ends, [key, key.about(places[1])]));
            clashes.extend(found);
        }
    }
    clashes
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

fn ends(frame: &Frame<'_>, parts: &[Part<'_>], pairs: &[(SubjectId, SubjectId)], certain: bool) -> Ends {
    let mut places: Vec<u32> =
        pairs.iter().flat_map(|&(one, other)| [one, other]).map(|id| frame.units.place[id.index()]).collect();
    places.sort_unstable();
    places.dedup();
    let mut ends = Ends::default();
    for (at, part) in parts.iter().enumerate() {
        let concerns = |key: &Key| places.iter().any(|&place| key.is_about(place));
        if !part.network.cells.first().is_some_and(concerns) {
            continue;
        }
        let mut set = part.as_usual();
        let is_certain = |answer: AnswerId| !certain || part.claim(answer).certainty == Certainty::Certain;
        set.ends.retain(|&end| is_certain(part.ends[end as usize].answer));
        set.ratios.retain(|&ratio| is_certain(part.ratios[ratio as usize].answer));
        for reached in reach(part, &set) {
            ends.insert((reached.key, reached.is_low), (at, reached));
        }
    }
    ends
}

/// The two series on one cell, where the least of one lies above the most of the other.
fn compare(frame: &Frame<'_>, parts: &[Part<'_>], ends: &Ends, keys: [Key; 2]) -> Option<Clash> {
    let crossing = |low: Key, high: Key| {
        let pair = [ends.get(&(low, true))?, ends.get(&(high, false))?];
        (pair[0].1.value > pair[1].1.value).then_some(pair)
    };
    let [low, high] = crossing(keys[0], keys[1]).or_else(|| crossing(keys[1], keys[0]))?;
    let statements = [low, high].into_iter().flat_map(|(part, reached)| told(&parts[*part], reached));
    let mut statements: Vec<Statement> = statements.collect();
    statements.sort_by_key(|statement| frame.model.answers.question[statement.first().index()]);
    let asked = |statement: &Statement| frame.model.answers.question[statement.first().index()];
    let mut questions: Vec<QuestionId> = statements.iter().map(asked).collect();
    questions.sort_unstable();
    questions.dedup();
    // It belongs to the question on the period that is compared, where somebody answers that.
    let own = |question: &QuestionId| keys.contains(&frame.key_of(frame.model.question(*question)));
    let first = questions.iter().position(own).unwrap_or(0);
    let question = questions.remove(first);
    questions.insert(0, question);
    statements.sort_by_key(|statement| asked(statement) != question);
    let steps = [low, high].into_iter().flat_map(|(_, reached)| reached.steps.clone()).collect();
    let named: Vec<_> = statements.iter().map(|statement| claim(frame, statement.first())).collect();
    let witnesses =
        statements.iter().flat_map(|statement| &statement.answers).map(|&answer| claim(frame, answer));
    let mut also: Vec<_> = witnesses.filter(|claim| !named.contains(claim)).collect();
    also.sort_unstable();
    also.dedup();
    let end = |reached: &Reached| i64::try_from(reached.value.to_integer()).unwrap_or(i64::MAX);
    Some(Clash {
        questions,
        nature: Nature::Series,
        certain: statements.iter().all(|statement| statement.certain),
        statements,
        also,
        gap: Some(Gap::between(end(&high.1), end(&low.1))),
        joint: Some(Box::new(Joint { steps, ..Joint::default() })),
    })
}

fn claim(frame: &Frame<'_>, answer: AnswerId) -> crate::id::ClaimId {
    frame.model.answers.claim[answer.index()]
}

/// The statements an end was carried from.
fn told(part: &Part<'_>, reached: &Reached) -> Vec<Statement> {
    part.answers(&reached.set).into_iter().filter_map(|answer| statement(part, answer)).collect()
}
