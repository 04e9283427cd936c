//! Clashes about whether an event occurred. An event that did not occur has only zeros, nobody responsible,
//! no target and no part that occurred.
//!
//! A denial of an event is one broken bound, no matter how much is said about the event and its parts. It is
//! reported once, with the greatest figure, or else with the claim said first. Each claim about a part is
//! listed with the nearest denial only, so that a long chain of denied events lists nothing twice.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::statements::{
    NamedStatements, StatementReader, content_of, is_denial, merge_same_claims, pair_first,
};
use super::{Clash, Content, Nature};
use crate::document::{MeasureType, SubjectKind};
use crate::graph::{Marks, Nearest};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, MeasureId, QuestionId, SubjectId};
use crate::model::Model;
use gainsay_reading::period::Day;

/// What an answer shows about an event that only an event that occurred can have.
///
/// Other measures do not count: dates, places, mediators, durations, ranks and outcomes are also announced
/// for events that never happen. `began-with` does not count either: it says which event came first and is
/// planned like a date; whether that event occurred is asked about that event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OccurrenceSign {
    /// How many.
    Count,
    /// Who did it, or what was hit.
    Choice,
    /// Whether it occurred.
    Occurred,
}

/// Finds the sign that a question asks for.
pub(super) struct OccurrenceSigns<'a> {
    model: &'a Model,
    occurred: Option<MeasureId>,
    choices: [Option<MeasureId>; 2],
}

impl<'a> OccurrenceSigns<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let find = |name: &str, kind| model.measures.find(name).filter(|&id| model.measures[id].kind == kind);
        let choices = ["target", "responsible"].map(|name| find(name, MeasureType::Choice));
        Self { model, occurred: find("occurred", MeasureType::YesNo), choices }
    }

    pub(super) fn sign(&self, question: QuestionId) -> Option<OccurrenceSign> {
        let question = self.model.question(question);
        let measure = Some(question.measure);
        if self.model.subjects[question.subject].kind != SubjectKind::Event {
            None
        } else if measure == self.occurred {
            Some(OccurrenceSign::Occurred)
        } else if self.choices.contains(&measure) {
            Some(OccurrenceSign::Choice)
        } else {
            (self.model.measures[question.measure].kind == MeasureType::Count)
                .then_some(OccurrenceSign::Count)
        }
    }
}

/// An answer that says or implies whether an event occurred.
#[derive(Clone, Copy)]
struct EventAnswer {
    id: AnswerId,
    party: ActorId,
    certain: bool,
    /// The lowest value that it can mean; 0 for answers that are not figures.
    figure: i64,
    said: (Day, ClaimId),
}

impl EventAnswer {
    fn rank(&self) -> impl Ord + use<> {
        (self.figure, Reverse((self.said, self.id)))
    }
}

/// The answer to name, and the one to name from any other party.
#[derive(Clone, Copy, Default)]
struct TopAnswers([Option<EventAnswer>; 2]);

impl TopAnswers {
    fn add(&mut self, answer: EventAnswer) {
        let [first, second] = &mut self.0;
        match first {
            Some(known) if known.rank() >= answer.rank() => {
                if known.party != answer.party && second.is_none_or(|second| second.rank() < answer.rank()) {
                    *second = Some(answer);
                }
            }
            Some(known) if known.party == answer.party => *first = Some(answer),
            _ => (*second, *first) = (*first, Some(answer)),
        }
    }

    fn all(&self) -> impl Iterator<Item = EventAnswer> + use<> {
        self.0.into_iter().flatten()
    }
}

/// The top answers without a hedge, and the top answers of all.
#[derive(Clone, Copy, Default)]
struct TopByCertainty {
    certain: TopAnswers,
    any: TopAnswers,
}

impl TopByCertainty {
    fn add(&mut self, answer: EventAnswer) {
        self.any.add(answer);
        if answer.certain {
            self.certain.add(answer);
        }
    }

    fn join(&mut self, other: &Self) {
        other.certain.all().for_each(|answer| self.certain.add(answer));
        other.any.all().for_each(|answer| self.any.add(answer));
    }
}

/// The current answers about one event.
#[derive(Default)]
struct EventRecord {
    /// Answers that deny that it occurred.
    denials: Vec<AnswerId>,
    denied: TopByCertainty,
    /// The denials by claims that deny nothing else.
    denied_alone: TopByCertainty,
    /// Answers that give figures, targets, or who did it.
    signs: Vec<AnswerId>,
    evidence: OccurrenceEvidence,
    /// Answers that say that it occurred. They are compared only with denials of its wholes, because a clash
    /// with a denial of the event itself is found within the question.
    asserted: Vec<AnswerId>,
    occurred: OccurrenceEvidence,
}

/// The evidence that an event occurred.
#[derive(Clone, Copy, Default)]
struct OccurrenceEvidence {
    plain: TopByCertainty,
    /// Answers to questions that a response also denies when it denies the event. A party that denies the
    /// raid and its toll at once already clashes on the question of the toll, so that clash is not repeated
    /// here.
    answered: TopByCertainty,
}

impl OccurrenceEvidence {
    fn join(&mut self, other: &Self) {
        self.plain.join(&other.plain);
        self.answered.join(&other.answered);
    }
}

/// One clash for each event that some party denies and for which there is evidence.
pub(super) fn clashes(reader: &StatementReader<'_>) -> Vec<Clash> {
    let events = disputed_events(reader);
    let denied: FxHashSet<SubjectId> =
        events.iter().filter(|(_, event)| !event.denials.is_empty()).map(|(&id, _)| id).collect();
    let mut broken: FxHashMap<SubjectId, (OccurrenceEvidence, Vec<AnswerId>)> = FxHashMap::default();
    for (&id, evidence) in &evidence_with_parts(reader, &events) {
        if denied.contains(&id) {
            broken.entry(id).or_default().0 = *evidence;
        }
    }
    let mut nearest = Nearest::new(&reader.graph.events, |event| denied.contains(&event));
    for (&id, event) in &events {
        let above = nearest.of(id);
        let evidence = if denied.contains(&id) { &[id][..] } else { &above };
        for (answers, wholes) in [(&event.signs, evidence), (&event.asserted, &above)] {
            for &whole in wholes {
                broken.entry(whole).or_default().1.extend(answers);
            }
        }
    }
    let mut named = NamedStatements::default();
    let clashes = broken
        .into_iter()
        .filter_map(|(id, (evidence, also))| clash(reader, &events[&id], &evidence, also, &mut named));
    merge_same_claims(reader, clashes.collect())
}

/// The evidence that each event occurred, from answers about it and about all its parts, without answers that
/// only say that the event itself occurred. Parts are joined before wholes, so that each path upwards is
/// followed once.
fn evidence_with_parts(
    reader: &StatementReader<'_>,
    events: &FxHashMap<SubjectId, EventRecord>,
) -> FxHashMap<SubjectId, OccurrenceEvidence> {
    let nesting = &reader.graph.events;
    let mut order = nesting.wholes_of_all(events.keys().copied());
    order.sort_by_key(|&event| (Reverse(nesting.depth(event)), event));
    let mut evidence: FxHashMap<SubjectId, OccurrenceEvidence> = FxHashMap::default();
    for id in order {
        let own = evidence.entry(id).or_default();
        let mut of_wholes = *own;
        if let Some(event) = events.get(&id) {
            own.join(&event.evidence);
            of_wholes = *own;
            of_wholes.join(&event.occurred);
        }
        for &whole in nesting.above(id) {
            evidence.entry(whole).or_default().join(&of_wholes);
        }
    }
    evidence
}

/// The current answers about each event that some party denies, and about its parts.
fn disputed_events(reader: &StatementReader<'_>) -> FxHashMap<SubjectId, EventRecord> {
    let model = reader.model;
    let signs = OccurrenceSigns::new(model);
    let mut events: FxHashMap<SubjectId, EventRecord> = FxHashMap::default();
    let mut answered: FxHashSet<QuestionId> = FxHashSet::default();
    let mut alone: FxHashMap<ClaimId, bool> = FxHashMap::default();
    let asked = || model.question_ids().filter_map(|question| Some((question, signs.sign(question)?)));
    for (question, _) in asked().filter(|(_, sign)| *sign == OccurrenceSign::Occurred) {
        for (answer, _) in
            event_answers(reader, question, OccurrenceSign::Occurred).filter(|(_, occurred)| !occurred)
        {
            let event = events.entry(model.question(question).subject).or_default();
            event.denials.push(answer.id);
            event.denied.add(answer);
            let (_, claim) = answer.said;
            let is_alone = alone.entry(claim).or_insert_with(|| {
                let denied = reader.graph.questions_of(claim).filter(|&other| denies(model, claim, other));
                let mut denied: Vec<QuestionId> = denied.collect();
                denied.sort_unstable();
                denied.dedup();
                answered.extend(denied.iter().filter(|_| denied.len() > 1));
                denied.len() == 1
            });
            if *is_alone {
                event.denied_alone.add(answer);
            }
        }
    }
    if events.is_empty() {
        return events;
    }
    let denied = Marks::new(&reader.graph.events, events.keys().map(|&event| (event, ())));
    let concerned: FxHashSet<SubjectId> =
        model.subjects.ids().filter(|&event| denied.any_around(&reader.graph.events, event)).collect();
    for (question, sign) in asked().filter(|(id, _)| concerned.contains(&model.question(*id).subject)) {
        for (answer, _) in event_answers(reader, question, sign).filter(|(_, occurred)| *occurred) {
            let event = events.entry(model.question(question).subject).or_default();
            let (answers, evidence) = match sign {
                OccurrenceSign::Occurred => (&mut event.asserted, &mut event.occurred),
                OccurrenceSign::Count | OccurrenceSign::Choice => (&mut event.signs, &mut event.evidence),
            };
            answers.push(answer.id);
            if answered.contains(&question) { &mut evidence.answered } else { &mut evidence.plain }
                .add(answer);
        }
    }
    events
}

/// Whether a claim denies something by an answer to a question.
fn denies(model: &Model, claim: ClaimId, question: QuestionId) -> bool {
    // The answers to a question are sorted by claim.
    let (answers, run) = (&model.answers, &model.question(question).answers);
    let (from, to) = (run.start as usize, run.end as usize);
    let first = from + answers.claim[from..to].partition_point(|&other| other < claim);
    let mut of_claim = (first..to).take_while(|&at| answers.claim[at] == claim);
    of_claim.any(|at| is_denial(model, AnswerId::new(at)))
}

/// The current answers to a question that say or imply whether its event occurred, each with `true` if it
/// did.
fn event_answers<'a>(
    reader: &'a StatementReader<'_>,
    question: QuestionId,
    sign: OccurrenceSign,
) -> impl Iterator<Item = (EventAnswer, bool)> + use<'a> {
    let current = reader.model.answers_to(question).filter(|answer| reader.current[answer.index()]);
    current.filter_map(move |answer| {
        let (figure, occurred) = match (sign, content_of(reader.model, answer)?) {
            (OccurrenceSign::Count, Content::Interval { hard, .. }) if hard.low > 0 => (hard.low, true),
            (OccurrenceSign::Occurred, Content::Interval { hard, .. }) => (0, hard.low > 0),
            (OccurrenceSign::Choice, Content::Choice(_)) => (0, true),
            _ => return None,
        };
        let claim = reader.claim_of(answer);
        let row = reader.model.claim(claim);
        let (party, said) = (row.party, (row.said_on(), claim));
        Some((EventAnswer { id: answer, party, certain: reader.is_certain(answer), figure, said }, occurred))
    })
}

/// The clash between the denials of an event and the evidence for it. It names claims without a hedge if
/// those clash, and then claims of different parties.
fn clash(
    reader: &StatementReader<'_>,
    event: &EventRecord,
    evidence: &OccurrenceEvidence,
    mut also: Vec<AnswerId>,
    named: &mut NamedStatements,
) -> Option<Clash> {
    let pair = |shown: &TopAnswers, denied: &TopAnswers| {
        let pairs = shown.all().flat_map(|answer| denied.all().map(move |denial| (answer, denial)));
        let pairs = pairs.filter(|(answer, denial)| answer.said.1 != denial.said.1);
        pairs.max_by_key(|(answer, denial)| (answer.party != denial.party, answer.rank(), denial.rank()))
    };
    let OccurrenceEvidence { plain, answered } = evidence;
    let certain = pair(&plain.certain, &event.denied.certain)
        .or_else(|| pair(&answered.certain, &event.denied_alone.certain));
    let (answer, denial) = certain
        .or_else(|| pair(&plain.any, &event.denied.any))
        .or_else(|| pair(&answered.any, &event.denied_alone.any))?;
    let two = [answer.id, denial.id];
    let [asked, denied] = two.map(|answer| reader.model.answers.question[answer.index()]);
    let statements = vec![named.statement(reader, two[0])?, named.statement(reader, two[1])?];
    let named_in = also.iter().map(|answer| reader.model.answers.question[answer.index()]);
    let questions = pair_first([denied, asked], named_in);
    also.extend(event.denials.iter().chain(&statements[0].answers));
    Some(Clash {
        questions,
        nature: Nature::Denial,
        statements,
        also: reader.other_claims(&two, also),
        gap: None,
        certain: certain.is_some(),
        through: Vec::new(),
        joint: None,
    })
}
