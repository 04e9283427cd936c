//! Relations of an analysis: parts of wholes, speakers of parties, claims of speakers, findings of pairs of parties.
//!
//! Built once per snapshot, so that a page does not search the whole analysis.

use std::collections::BTreeMap;
use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

use gainsay_analysis::dispute::summary::{self, Opposition};
use gainsay_analysis::finding::{Grade, Omitted};
use gainsay_analysis::graph::{Marks, Nesting};
use gainsay_analysis::id::{ActorId, ClaimId, FileId, Id, QuestionId, SourceId, SubjectId};
use gainsay_analysis::model::Model;
use gainsay_analysis::workspace::Analysis;

/// Lists of values by key, each in the order of ids.
#[derive(Debug)]
struct MultiMap<K, V>(FxHashMap<K, Vec<V>>);

impl<K: Eq + Hash, V> MultiMap<K, V> {
    fn new(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut under: FxHashMap<K, Vec<V>> = FxHashMap::default();
        for (key, value) in pairs {
            under.entry(key).or_default().push(value);
        }
        Self(under)
    }

    fn get(&self, key: &K) -> &[V] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }
}

/// The most rows about parts or speakers on all pages together: `MAX_ROWS_EACH` for each
/// event or actor, plus `MIN_ROWS_BUDGET`. If there are more, each page shows the nearest [`MAX_NEAREST`].
const MAX_ROWS_EACH: usize = 8;
const MIN_ROWS_BUDGET: usize = 10_000;

/// The parts or speakers on a page if there are too many to show all.
const MAX_NEAREST: usize = 16;

/// The number of things inside each thing, by which pages are kept short.
#[derive(Debug)]
struct Depths {
    /// For each thing, how many are inside it, without itself.
    inside: Vec<usize>,
    is_deep: bool,
}

impl Depths {
    fn new<I: Id>(nesting: &Nesting<I>, count: usize) -> Self {
        let all = Marks::new(nesting, (0..count).map(|at| (I::new(at), at)));
        let inside: Vec<usize> =
            (0..count).map(|at| all.count_inside(nesting, I::new(at)).saturating_sub(1)).collect();
        let rows: usize = inside.iter().sum();
        Self { inside, is_deep: rows > count * MAX_ROWS_EACH + MIN_ROWS_BUDGET }
    }

    /// A thing with everything inside it, each once, a whole before its parts. If there is too much, only the
    /// nearest things.
    fn reached<'a, I: Id + 'a>(&self, from: I, next: impl Fn(I) -> &'a [I]) -> Vec<I> {
        if self.is_deep { nearest(from, next) } else { reached(from, next) }
    }
}

/// Relations of an analysis.
#[derive(Debug)]
pub(super) struct AnalysisRelations {
    events: Depths,
    actors: Depths,
    parts: MultiMap<SubjectId, SubjectId>,
    asking: MultiMap<ActorId, SubjectId>,
    speakers: MultiMap<ActorId, ActorId>,
    claims: MultiMap<ActorId, ClaimId>,
    published: MultiMap<ActorId, SourceId>,
    citing: MultiMap<SourceId, SourceId>,
    silences: MultiMap<ActorId, usize>,
    fired: MultiMap<&'static str, usize>,
    lints: MultiMap<FileId, usize>,
    /// The number of findings of each grade on a file, collected or only counted.
    graded: BTreeMap<(FileId, Grade), usize>,
    /// Findings that were only counted.
    omitted: Vec<Omitted>,
    claims_in: MultiMap<FileId, ClaimId>,
    /// Pairs of parties that differ, most often first.
    pub(super) oppositions: Vec<Opposition>,
    /// The number of findings with too many parties to break down into pairs.
    pub(super) crowded: usize,
    /// Questions on a count that only one party answers, with that party.
    pub(super) one_sided: Vec<(QuestionId, ActorId)>,
    between: BTreeMap<(ActorId, ActorId), Vec<usize>>,
}

impl AnalysisRelations {
    /// Builds the relations.
    pub(super) fn new(analysis: &Analysis) -> Self {
        let model = &analysis.model;
        let disputes = analysis.disputes.iter().enumerate();
        let lints = analysis.findings.iter().enumerate().filter(|(_, finding)| finding.grade.is_lint());
        let place = |(at, finding): (usize, &gainsay_analysis::finding::Finding)| {
            finding.labels.first().map(|label| (label.location.file, at))
        };
        let (oppositions, crowded) = summary::oppositions(analysis.on_claims());
        let speaking = Nesting::new(model.actors.iter().map(|(_, row)| (row.speaks_for.as_slice(), &[][..])));
        Self {
            events: Depths::new(&analysis.graph.events, model.subjects.len()),
            actors: Depths::new(&speaking, model.actors.len()),
            parts: MultiMap::new(links(model.subjects.iter().map(|(id, row)| (row.part_of.as_slice(), id)))),
            asking: MultiMap::new(asked_parties(model)),
            speakers: MultiMap::new(links(
                model.actors.iter().map(|(id, row)| (row.speaks_for.as_slice(), id)),
            )),
            claims: MultiMap::new(known_claims(model).map(|id| (model.claim(id).by, id))),
            published: MultiMap::new(known_sources(model).map(|id| (model.sources[id].publisher, id))),
            citing: MultiMap::new(links(
                known_sources(model).map(|id| (model.sources[id].cites.as_slice(), id)),
            )),
            silences: MultiMap::new(links(disputes.map(|(at, dispute)| (dispute.silent.as_slice(), at)))),
            fired: MultiMap::new(
                analysis.findings.iter().enumerate().map(|(at, finding)| (finding.rule, at)),
            ),
            lints: MultiMap::new(lints.filter_map(place)),
            graded: graded(analysis),
            omitted: analysis.omitted.clone(),
            claims_in: MultiMap::new(known_claims(model).map(|id| (model.claim(id).location.file, id))),
            oppositions,
            crowded,
            one_sided: summary::one_sided(model, &analysis.graph),
            between: between(analysis),
        }
    }

    /// The direct parts of an event.
    pub(super) fn parts(&self, whole: SubjectId) -> &[SubjectId] {
        self.parts.get(&whole)
    }

    /// An event with all of its parts, each once, a whole before its parts. Only the nearest if there are too many:
    /// see [`Self::parts_inside`].
    pub(super) fn with_parts(&self, whole: SubjectId) -> Vec<SubjectId> {
        self.events.reached(whole, |id| self.parts(id))
    }

    /// The number of events inside an event, at any depth.
    pub(super) fn parts_inside(&self, whole: SubjectId) -> usize {
        self.events.inside[whole.index()]
    }

    /// The subjects on which a party is asked for a position.
    pub(super) fn asking(&self, party: ActorId) -> &[SubjectId] {
        self.asking.get(&party)
    }

    /// The actors that speak for an actor directly.
    pub(super) fn speakers(&self, actor: ActorId) -> &[ActorId] {
        self.speakers.get(&actor)
    }

    /// An actor with everyone who speaks for it, each once. Only the nearest if there are too many: see
    /// [`Self::speakers_behind`].
    pub(super) fn with_speakers(&self, actor: ActorId) -> Vec<ActorId> {
        self.actors.reached(actor, |id| self.speakers(id))
    }

    /// The number of actors that speak for an actor, directly or indirectly.
    pub(super) fn speakers_behind(&self, actor: ActorId) -> usize {
        self.actors.inside[actor.index()]
    }

    /// The claims an actor itself makes.
    pub(super) fn claims(&self, actor: ActorId) -> &[ClaimId] {
        self.claims.get(&actor)
    }

    /// The sources an actor published.
    pub(super) fn published(&self, actor: ActorId) -> &[SourceId] {
        self.published.get(&actor)
    }

    /// The sources that cite a source.
    pub(super) fn citing(&self, source: SourceId) -> &[SourceId] {
        self.citing.get(&source)
    }

    /// The indexes of disputes on which a party has no position on record.
    pub(super) fn silences(&self, party: ActorId) -> &[usize] {
        self.silences.get(&party)
    }

    /// How often a rule or lint found something.
    pub(super) fn fired(&self, rule: &'static str) -> usize {
        let omitted = self.omitted.iter().filter(|omitted| omitted.rule == rule);
        self.fired.get(&rule).len() + omitted.map(|omitted| omitted.count).sum::<usize>()
    }

    /// The number of findings of a grade on a file, collected or only counted.
    pub(super) fn graded(&self, file: FileId, grade: Grade) -> usize {
        self.graded.get(&(file, grade)).copied().unwrap_or_default()
    }

    /// The findings that were only counted, by file.
    pub(super) fn omitted(&self) -> &[Omitted] {
        &self.omitted
    }

    /// The same, of one file.
    pub(super) fn omitted_in(&self, file: FileId) -> &[Omitted] {
        let from = self.omitted.partition_point(|omitted| omitted.file < file);
        let to = self.omitted.partition_point(|omitted| omitted.file <= file);
        &self.omitted[from..to]
    }

    /// The indexes of the findings on a file.
    pub(super) fn lints(&self, file: FileId) -> &[usize] {
        self.lints.get(&file)
    }

    /// The claims in a file.
    pub(super) fn claims_in(&self, file: FileId) -> &[ClaimId] {
        self.claims_in.get(&file)
    }

    /// The indexes of the findings between two parties, or within one, most serious first.
    pub(super) fn between(&self, one: ActorId, other: ActorId) -> &[usize] {
        let pair = if one <= other { (one, other) } else { (other, one) };
        self.between.get(&pair).map_or(&[], Vec::as_slice)
    }
}

/// A pair for each thing and each of those it belongs to.
fn links<'a, K: Copy + 'a, V: Copy>(rows: impl Iterator<Item = (&'a [K], V)>) -> Vec<(K, V)> {
    rows.flat_map(|(keys, value)| keys.iter().map(move |&key| (key, value))).collect()
}

fn known_claims(model: &Model) -> impl Iterator<Item = ClaimId> {
    model.claim_ids().filter(|&id| !model.claim(id).later)
}

fn known_sources(model: &Model) -> impl Iterator<Item = SourceId> {
    model.sources.iter().filter(|(_, source)| !source.later).map(|(id, _)| id)
}

/// The parties whose position each subject asks for.
fn asked_parties(model: &Model) -> Vec<(ActorId, SubjectId)> {
    let mut asked: Vec<(ActorId, SubjectId)> = model
        .subjects
        .iter()
        .flat_map(|(id, row)| row.parties.iter().map(move |&actor| (model.actors[actor].party, id)))
        .collect();
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// A thing and everything reachable from it, depth first, each once.
fn reached<'a, I: Copy + Eq + Hash + 'a>(from: I, next: impl Fn(I) -> &'a [I]) -> Vec<I> {
    let mut seen: FxHashSet<I> = FxHashSet::default();
    let mut found = Vec::new();
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            found.push(id);
            open.extend(next(id).iter().rev());
        }
    }
    found
}

fn graded(analysis: &Analysis) -> BTreeMap<(FileId, Grade), usize> {
    let mut graded: BTreeMap<(FileId, Grade), usize> = BTreeMap::new();
    for finding in analysis.on_files() {
        if let Some(label) = finding.labels.first() {
            *graded.entry((label.location.file, finding.grade)).or_default() += 1;
        }
    }
    for omitted in &analysis.omitted {
        *graded.entry((omitted.file, omitted.grade)).or_default() += omitted.count;
    }
    graded
}

/// A thing and the nearest things reachable from it, each once.
fn nearest<'a, I: Copy + Eq + Hash + 'a>(from: I, next: impl Fn(I) -> &'a [I]) -> Vec<I> {
    let mut found = vec![from];
    let mut seen: FxHashSet<I> = FxHashSet::from_iter([from]);
    let mut at = 0;
    while let Some(&id) = found.get(at).filter(|_| found.len() <= MAX_NEAREST) {
        let left = 1 + MAX_NEAREST - found.len();
        found.extend(next(id).iter().copied().filter(|&id| seen.insert(id)).take(left));
        at += 1;
    }
    found
}

fn between(analysis: &Analysis) -> BTreeMap<(ActorId, ActorId), Vec<usize>> {
    let mut between: BTreeMap<(ActorId, ActorId), Vec<usize>> = BTreeMap::new();
    for (at, finding) in analysis.findings.iter().enumerate() {
        for pair in summary::opposed(finding).unwrap_or_default() {
            between.entry(pair).or_default().push(at);
        }
    }
    between
}

/// Numbers of contradictions, tensions and notes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Tally(pub(super) [usize; 3]);

impl Tally {
    /// Counts grades; those of lints are left out.
    pub(super) fn count(grades: impl IntoIterator<Item = Grade>) -> Self {
        let mut tally = Self::default();
        for grade in grades {
            if let Some(at) = Self::GRADES.iter().position(|&known| known == grade) {
                tally.0[at] += 1;
            }
        }
        tally
    }

    /// The grades counted, most serious first.
    pub(super) const GRADES: [Grade; 3] = [Grade::Contradiction, Grade::Tension, Grade::Note];

    /// How many there are in all.
    pub(super) fn all(self) -> usize {
        self.0.iter().sum()
    }

    /// `2 contradictions, 1 note`. Empty if there are none.
    pub(super) fn in_words(self) -> String {
        let some = Self::GRADES.iter().zip(self.0).filter(|&(_, count)| count > 0);
        let words = some.map(|(grade, count)| crate::report::wording::counted(count, grade.name()));
        words.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reached_visits_a_circle_once() {
        let next = |at: usize| -> &[usize] { [&[1, 2][..], &[2, 0], &[0]][at] };
        assert_eq!(reached(0, next), [0, 1, 2]);
        assert_eq!(nearest(0, next), [0, 1, 2]);
    }

    #[test]
    fn depths_cut_and_count_deep_speakers() {
        let ring = |n: usize| -> Depths {
            let next: Vec<[ActorId; 1]> = (0..n).map(|at| [ActorId::new((at + 1) % n)]).collect();
            Depths::new(&Nesting::new(next.iter().map(|next| (&next[..], &[][..]))), n)
        };
        assert!(!ring(50).is_deep);
        let deep = ring(2_000);
        assert!(deep.is_deep && deep.inside.iter().all(|&inside| inside == 1_999));
        let next: Vec<ActorId> = (0..2_000).map(|at| ActorId::new((at + 1) % 2_000)).collect();
        let shown = deep.reached(ActorId::new(7), |id| std::slice::from_ref(&next[id.index()]));
        assert_eq!(shown.len(), 1 + MAX_NEAREST);
    }

    #[test]
    fn tally_in_words_leaves_out_zeros() {
        let tally = Tally::count([Grade::Note, Grade::Contradiction, Grade::Contradiction, Grade::Error]);
        assert_eq!((tally.all(), tally.in_words()), (3, "2 contradictions, 1 note".to_owned()));
        assert_eq!(Tally::default().in_words(), "");
    }
}
