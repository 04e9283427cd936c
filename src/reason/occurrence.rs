//! What follows from an event having occurred: an event that did not has only zeros, nobody responsible, no
//! target and no part that occurred.
//!
//! "No event" is one broken bound, however much is told of the event and of its parts: it is told once, by the
//! greatest figure, else by what was said first. Everything told of a part is also listed with the nearest
//! denial alone, so that a long chain of denied events lists nothing twice.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::statements::{Named, Reader, each_set_once, first_of, is_denial, said};
use super::{Clash, Nature, Said};
use crate::document::{MeasureType, SubjectKind};
use crate::graph::{Marks, Nearest};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, MeasureId, QuestionId, SubjectId};
use crate::model::Model;
use crate::period::Day;

/// What a question of an event asks for that only an event that occurred has.
///
/// Not the rest: dates, places, mediators, durations, ranks and outcomes are announced of what never comes
/// about. Nor `began-with`: it tells which event came first and is planned like a date; whether that event
/// occurred is asked of that event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sign {
    /// How many.
    Count,
    /// Who did it, or what was hit.
    Choice,
    /// Whether it occurred.
    Occurred,
}

/// Tells the sign that questions ask for.
pub(super) struct Signs<'a> {
    model: &'a Model,
    occurred: Option<MeasureId>,
    choices: [Option<MeasureId>; 2],
}

impl<'a> Signs<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let find = |name: &str, kind| model.measures.find(name).filter(|&id| model.measures[id].kind == kind);
        let choices = ["target", "responsible"].map(|name| find(name, MeasureType::Choice));
        Self { model, occurred: find("occurred", MeasureType::YesNo), choices }
    }

    pub(super) fn of(&self, question: QuestionId) -> Option<Sign> {
        let question = self.model.question(question);
        let measure = Some(question.measure);
        if self.model.subjects[question.subject].kind != SubjectKind::Event {
            None
        } else if measure == self.occurred {
            Some(Sign::Occurred)
        } else if self.choices.contains(&measure) {
            Some(Sign::Choice)
        } else {
            (self.model.measures[question.measure].kind == MeasureType::Count).then_some(Sign::Count)
        }
    }
}

/// An answer that bears on whether an event occurred.
#[derive(Clone, Copy)]
struct Told {
    answer: AnswerId,
    party: ActorId,
    certain: bool,
    /// The least it can mean; nothing where it is no figure.
    figure: i64,
    said: (Day, ClaimId),
}

impl Told {
    fn rank(&self) -> impl Ord + use<> {
        (self.figure, Reverse((self.said, self.answer)))
    }
}

/// The answer to name, and the one to name of any other party.
#[derive(Clone, Copy, Default)]
struct Foremost([Option<Told>; 2]);

impl Foremost {
    fn add(&mut self, told: Told) {
        let [first, second] = &mut self.0;
        match first {
            Some(known) if known.rank() >= told.rank() => {
                if known.party != told.party && second.is_none_or(|second| second.rank() < told.rank()) {
                    *second = Some(told);
                }
            }
            Some(known) if known.party == told.party => *first = Some(told),
            _ => (*second, *first) = (*first, Some(told)),
        }
    }

    fn all(&self) -> impl Iterator<Item = Told> + use<> {
        self.0.into_iter().flatten()
    }
}

/// The foremost answers without a hedge, and the foremost of all.
#[derive(Clone, Copy, Default)]
struct Best {
    certain: Foremost,
    any: Foremost,
}

impl Best {
    fn add(&mut self, told: Told) {
        self.any.add(told);
        if told.certain {
            self.certain.add(told);
        }
    }

    fn join(&mut self, other: &Self) {
        other.certain.all().for_each(|told| self.certain.add(told));
        other.any.all().for_each(|told| self.any.add(told));
    }
}

/// What is told of one event.
#[derive(Default)]
struct Event {
    /// Who denies that it occurred.
    denials: Vec<AnswerId>,
    denied: Best,
    /// Those of them that deny nothing else.
    denied_alone: Best,
    /// Figures, targets, who did it.
    signs: Vec<AnswerId>,
    shown: Shown,
    /// Who says that it occurred. That is held against denials of its wholes only: the clash with its own is one
    /// within a question.
    asserted: Vec<AnswerId>,
    occurred: Shown,
}

/// What shows that an event occurred.
#[derive(Clone, Copy, Default)]
struct Shown {
    plain: Best,
    /// Answers to questions that a response answers together with the denial of an event: whoever denies the
    /// raid and its toll at once clashes with the toll where that is asked, and is not told again here.
    answered: Best,
}

impl Shown {
    fn join(&mut self, other: &Self) {
        self.plain.join(&other.plain);
        self.answered.join(&other.answered);
    }
}

/// Every event that somebody denies and somebody tells more of.
pub(super) fn clashes(reader: &Reader<'_>) -> Vec<Clash> {
    let events = told(reader);
    let denied: FxHashSet<SubjectId> =
        events.iter().filter(|(_, event)| !event.denials.is_empty()).map(|(&id, _)| id).collect();
    let mut broken: FxHashMap<SubjectId, (Shown, Vec<AnswerId>)> = FxHashMap::default();
    for (&id, shown) in &shown_of_wholes(reader, &events) {
        if denied.contains(&id) {
            broken.entry(id).or_default().0 = *shown;
        }
    }
    let mut nearest = Nearest::new(&reader.graph.events, |event| denied.contains(&event));
    for (&id, event) in &events {
        let above = nearest.of(id);
        let shown = if denied.contains(&id) { &[id][..] } else { &above };
        for (answers, wholes) in [(&event.signs, shown), (&event.asserted, &above)] {
            for &whole in wholes {
                broken.entry(whole).or_default().1.extend(answers);
            }
        }
    }
    let mut named = Named::default();
    let told = broken
        .into_iter()
        .filter_map(|(id, (shown, also))| clash(reader, &events[&id], &shown, also, &mut named));
    each_set_once(reader, told.collect())
}

/// What shows of each event that it occurred, by what is told of it and of all its parts; that somebody says so of the
/// event itself is left out. Parts are joined before wholes, so that each way up is walked once.
fn shown_of_wholes(reader: &Reader<'_>, events: &FxHashMap<SubjectId, Event>) -> FxHashMap<SubjectId, Shown> {
    let nesting = &reader.graph.events;
    let mut order = nesting.wholes_of_all(events.keys().copied());
    order.sort_by_key(|&event| (Reverse(nesting.depth(event)), event));
    let mut shown: FxHashMap<SubjectId, Shown> = FxHashMap::default();
    for id in order {
        let own = shown.entry(id).or_default();
        let mut of_wholes = *own;
        if let Some(event) = events.get(&id) {
            own.join(&event.shown);
            of_wholes = *own;
            of_wholes.join(&event.occurred);
        }
        for &whole in nesting.above(id) {
            shown.entry(whole).or_default().join(&of_wholes);
        }
    }
    shown
}

/// All that current answers tell of each event that somebody denies, and of the parts of it.
fn told(reader: &Reader<'_>) -> FxHashMap<SubjectId, Event> {
    let model = reader.model;
    let signs = Signs::new(model);
    let mut events: FxHashMap<SubjectId, Event> = FxHashMap::default();
    let mut answered: FxHashSet<QuestionId> = FxHashSet::default();
    let mut alone: FxHashMap<ClaimId, bool> = FxHashMap::default();
    let asked = || model.question_ids().filter_map(|question| Some((question, signs.of(question)?)));
    for (question, _) in asked().filter(|(_, sign)| *sign == Sign::Occurred) {
        for (told, _) in told_in(reader, question, Sign::Occurred).filter(|(_, occurred)| !occurred) {
            let event = events.entry(model.question(question).subject).or_default();
            event.denials.push(told.answer);
            event.denied.add(told);
            let (_, claim) = told.said;
            let is_alone = alone.entry(claim).or_insert_with(|| {
                let denied = reader.graph.questions_of(claim).filter(|&other| denies(model, claim, other));
                let mut denied: Vec<QuestionId> = denied.collect();
                denied.sort_unstable();
                denied.dedup();
                answered.extend(denied.iter().filter(|_| denied.len() > 1));
                denied.len() == 1
            });
            if *is_alone {
                event.denied_alone.add(told);
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
        for (told, _) in told_in(reader, question, sign).filter(|(_, occurred)| *occurred) {
            let event = events.entry(model.question(question).subject).or_default();
            let (answers, shown) = match sign {
                Sign::Occurred => (&mut event.asserted, &mut event.occurred),
                Sign::Count | Sign::Choice => (&mut event.signs, &mut event.shown),
            };
            answers.push(told.answer);
            if answered.contains(&question) { &mut shown.answered } else { &mut shown.plain }.add(told);
        }
    }
    events
}

/// Whether a claim denies something by its answers to a question.
fn denies(model: &Model, claim: ClaimId, question: QuestionId) -> bool {
    // The answers to a question stand in the order of claims.
    let (answers, run) = (&model.answers, &model.question(question).answers);
    let (from, to) = (run.start as usize, run.end as usize);
    let first = from + answers.claim[from..to].partition_point(|&other| other < claim);
    let mut of_claim = (first..to).take_while(|&at| answers.claim[at] == claim);
    of_claim.any(|at| is_denial(model, AnswerId::new(at)))
}

/// The current answers to a question that say whether its event occurred, each with what it says.
fn told_in<'a>(
    reader: &'a Reader<'_>,
    question: QuestionId,
    sign: Sign,
) -> impl Iterator<Item = (Told, bool)> + use<'a> {
    let current = reader.model.answers_to(question).filter(|answer| reader.current[answer.index()]);
    current.filter_map(move |answer| {
        let (figure, occurred) = match (sign, said(reader.model, answer)?) {
            (Sign::Count, Said::Line(hard, _)) if hard.low > 0 => (hard.low, true),
            (Sign::Occurred, Said::Line(hard, _)) => (0, hard.low > 0),
            (Sign::Choice, Said::Choice(_)) => (0, true),
            _ => return None,
        };
        let claim = reader.claim_of(answer);
        let row = reader.model.claim(claim);
        let (party, said) = (row.party, (row.said_on(), claim));
        Some((Told { answer, party, certain: reader.is_certain(answer), figure, said }, occurred))
    })
}

/// The clash of one denied event with what is told of it: named without hedges where that clashes, then by
/// different parties.
fn clash(
    reader: &Reader<'_>,
    event: &Event,
    shown: &Shown,
    mut also: Vec<AnswerId>,
    named: &mut Named,
) -> Option<Clash> {
    let pair = |told: &Foremost, denied: &Foremost| {
        let pairs = told.all().flat_map(|told| denied.all().map(move |denial| (told, denial)));
        let pairs = pairs.filter(|(told, denial)| told.said.1 != denial.said.1);
        pairs.max_by_key(|(told, denial)| (told.party != denial.party, told.rank(), denial.rank()))
    };
    let Shown { plain, answered } = shown;
    let certain = pair(&plain.certain, &event.denied.certain)
        .or_else(|| pair(&answered.certain, &event.denied_alone.certain));
    let (told, denial) = certain
        .or_else(|| pair(&plain.any, &event.denied.any))
        .or_else(|| pair(&answered.any, &event.denied_alone.any))?;
    let two = [told.answer, denial.answer];
    let [asked, denied] = two.map(|answer| reader.model.answers.question[answer.index()]);
    let statements = vec![named.statement(reader, two[0])?, named.statement(reader, two[1])?];
    let named_in = also.iter().map(|answer| reader.model.answers.question[answer.index()]);
    let questions = first_of([denied, asked], named_in);
    also.extend(event.denials.iter().chain(&statements[0].answers));
    Some(Clash {
        questions,
        nature: Nature::Denial,
        statements,
        also: reader.others(&two, also),
        gap: None,
        certain: certain.is_some(),
        through: Vec::new(),
        joint: None,
    })
}
