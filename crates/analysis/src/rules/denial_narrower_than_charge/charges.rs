//! Charges: who is accused of which event, by whom, and whether the accused admits or denies it.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{DenialKind, Facts, NarrowDenial};
use crate::document::{Stance, SubjectKind};
use crate::graph::{Marks, Nearest};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, PopulationId, QuestionId, SubjectId};
use crate::model::{ChoiceItem, Value};
use gainsay_reading::figure::ONE;
use gainsay_reading::period::Day;

/// One charge: an event and the answers that make the charge, starting with the one that the finding quotes.
pub(super) struct Charge<'c> {
    pub(super) event: SubjectId,
    pub(super) answers: &'c [AnswerId],
}

impl Charge<'_> {
    pub(super) fn question(&self, facts: &Facts<'_>) -> QuestionId {
        facts.model.answers.question[self.answers[0].index()]
    }
}

/// An event and a party that is accused of it.
type Accused = (SubjectId, ActorId);

/// All charges of a workspace.
#[derive(Default)]
pub(super) struct Charges {
    /// The answers in which others accuse the party.
    accusations: FxHashMap<Accused, Vec<AnswerId>>,
    /// The charges that the accused admits.
    admitted: FxHashSet<Accused>,
    /// The answers in which the accused denies a charge itself.
    denied: FxHashMap<Accused, Vec<AnswerId>>,
    /// For each party, the events that it is accused of and does not admit.
    open: FxHashMap<ActorId, OpenCharges>,
    /// Events for which somebody is named as responsible.
    named: FxHashSet<SubjectId>,
    /// The same events, marked in the tree of events once all questions are read.
    named_events: Option<Marks<()>>,
    /// For each event and each of its parties, the plainest answer that asserts something about the event.
    asserted: FxHashMap<SubjectId, BTreeMap<ActorId, AnswerId>>,
}

/// The events that one party is accused of and does not admit.
struct OpenCharges {
    /// Sorted from the widest to the narrowest.
    events: Vec<SubjectId>,
    marks: Marks<()>,
}

impl Charges {
    pub(super) fn read(facts: &Facts<'_>) -> Self {
        let mut charges = Self::default();
        let model = facts.model;
        for question in model.question_ids() {
            let asked = model.question(question);
            if model.subjects[asked.subject].kind == SubjectKind::Event {
                match model.measures.name(asked.measure).as_str() {
                    "responsible" => charges.read_responsible(facts, question),
                    "occurred" => charges.read_occurred(facts, question),
                    _ => {}
                }
                charges.read_asserted(facts, question);
            }
        }
        for answers in charges.accusations.values_mut() {
            answers.sort_by_key(|&answer| by_prominence(facts, answer));
        }
        charges.read_open(facts);
        charges
    }

    fn read_responsible(&mut self, facts: &Facts<'_>, question: QuestionId) {
        let event = facts.model.question(question).subject;
        for (answer, party) in current(facts, question) {
            let Value::Choice(items) = &facts.model.answers.value[answer.index()] else { continue };
            let named: FxHashSet<ActorId> = items.iter().filter_map(|&item| party_of(facts, item)).collect();
            if facts.model.answers.stance[answer.index()] == Stance::Denies {
                if named.contains(&party) {
                    self.denied.entry((event, party)).or_default().push(answer);
                }
                continue;
            }
            self.named.insert(event);
            for accused in named {
                if accused == party {
                    self.admitted.insert((event, accused));
                } else {
                    self.accusations.entry((event, accused)).or_default().push(answer);
                }
            }
        }
    }

    /// A party that says that nothing happened denies every charge.
    fn read_occurred(&mut self, facts: &Facts<'_>, question: QuestionId) {
        let event = facts.model.question(question).subject;
        for (answer, party) in current(facts, question) {
            let Value::YesNo(yes) = facts.model.answers.value[answer.index()] else { continue };
            if yes == (facts.model.answers.stance[answer.index()] == Stance::Denies) {
                self.denied.entry((event, party)).or_default().push(answer);
            }
        }
    }

    /// Keeps the plainest answer of each party of an event.
    fn read_asserted(&mut self, facts: &Facts<'_>, question: QuestionId) {
        let event = facts.model.question(question).subject;
        for (answer, party) in current(facts, question) {
            if let Some(rank) = plainness(facts, answer)
                && is_party(facts, event, party)
            {
                let known = self.asserted.entry(event).or_default().entry(party).or_insert(answer);
                if (rank, by_prominence(facts, answer))
                    < (plainness(facts, *known).unwrap_or(rank), by_prominence(facts, *known))
                {
                    *known = answer;
                }
            }
        }
    }

    fn read_open(&mut self, facts: &Facts<'_>) {
        let events = &facts.graph.events;
        let mut open: FxHashMap<ActorId, Vec<SubjectId>> = FxHashMap::default();
        for &(event, party) in self.accusations.keys().filter(|accused| !self.admitted.contains(accused)) {
            open.entry(party).or_default().push(event);
        }
        let tree = events;
        let sorted = |(party, mut events): (ActorId, Vec<SubjectId>)| {
            events.sort_unstable_by_key(|&event| (tree.depth(event), event));
            let marks = Marks::new(tree, events.iter().map(|&event| (event, ())));
            (party, OpenCharges { events, marks })
        };
        self.open = open.into_iter().map(sorted).collect();
        self.named_events = Some(Marks::new(events, self.named.iter().map(|&event| (event, ()))));
    }

    /// The charge that a denial answers: on its own event, else on the smallest event around it, else on the widest inside
    /// it. `None` without a charge, or if the party admits the event.
    pub(super) fn answered_by(&self, facts: &Facts<'_>, denial: &NarrowDenial) -> Option<Charge<'_>> {
        let NarrowDenial { party, event, .. } = *denial;
        if self.admitted.contains(&(event, party)) {
            return None;
        }
        let around = || self.charge(self.around(facts, event, party)?, party);
        if denial.kind == DenialKind::Responsible {
            return around();
        }
        let inside = || self.charge(self.inside(facts, event, party)?, party);
        self.charge(event, party).or_else(around).or_else(inside).or_else(|| self.unnamed(facts, denial))
    }

    /// The smallest event around another that a party is accused of.
    fn around(&self, facts: &Facts<'_>, event: SubjectId, party: ActorId) -> Option<SubjectId> {
        let events = &facts.graph.events;
        let open = self.open.get(&party).filter(|open| open.marks.any_around(events, event))?;
        if open.events.len() <= events.depth(event) as usize {
            let mut smaller = open.events.iter().rev().copied();
            return smaller.find(|&whole| whole != event && events.is_within(event, whole));
        }
        // The event has fewer events around it than the party has charges, so walk up from the event.
        let mut nearest = Nearest::new(events, |whole| self.charge(whole, party).is_some());
        nearest.of(event).iter().copied().max_by_key(|&whole| (events.depth(whole), whole))
    }

    /// The widest event inside another that a party is accused of.
    fn inside(&self, facts: &Facts<'_>, event: SubjectId, party: ActorId) -> Option<SubjectId> {
        let events = &facts.graph.events;
        let open = self.open.get(&party).filter(|open| open.marks.any_inside(events, event))?;
        let mut wider = open.events.iter().copied();
        wider.find(|&part| part != event && events.is_within(part, event))
    }

    /// The charge against a party on an event. `None` if nobody makes it or the party admits it.
    fn charge(&self, event: SubjectId, party: ActorId) -> Option<Charge<'_>> {
        let answers =
            self.accusations.get(&(event, party)).filter(|_| !self.admitted.contains(&(event, party)));
        answers.map(|answers| Charge { event, answers })
    }

    /// If nobody is named as responsible and the denial is of harm to civilians: the plainest answer of another
    /// party of the event that asserts something about it. A party that asserts something about the event itself does not count as accused.
    fn unnamed(&self, facts: &Facts<'_>, denial: &NarrowDenial) -> Option<Charge<'_>> {
        let event = denial.event;
        let events = &facts.graph.events;
        let is_named = |marks: &Marks<()>| marks.any_around(events, event) || marks.any_inside(events, event);
        let is_named = self.named_events.as_ref().is_some_and(is_named);
        if is_named || !denial.civilians || !is_party(facts, event, denial.party) {
            return None;
        }
        let asserted = self.asserted.get(&event).filter(|asserted| !asserted.contains_key(&denial.party))?;
        let first = asserted
            .values()
            .min_by_key(|&&answer| (plainness(facts, answer), by_prominence(facts, answer)))?;
        Some(Charge { event, answers: std::slice::from_ref(first) })
    }

    /// The answers in which a party denies a charge itself.
    pub(super) fn outright_denials(&self, charge: &Charge<'_>, party: ActorId) -> &[AnswerId] {
        self.denied.get(&(charge.event, party)).map_or(&[], Vec::as_slice)
    }
}

/// The current answers to a question, each with its party.
fn current<'a>(facts: &'a Facts<'_>, question: QuestionId) -> impl Iterator<Item = (AnswerId, ActorId)> + 'a {
    let current = facts.model.answers_to(question).filter(|answer| facts.reasoning.current[answer.index()]);
    current.map(|answer| (answer, facts.claim(facts.claim_of(answer)).party))
}

/// The party that an actor speaks for; `None` for an item that is not an actor.
pub(super) fn party_of(facts: &Facts<'_>, item: ChoiceItem) -> Option<ActorId> {
    match item {
        ChoiceItem::Actor(actor) => Some(facts.model.actors[actor].party),
        _ => None,
    }
}

/// Whether a population is part of another one, given by its id.
pub(super) fn is_within(facts: &Facts<'_>, population: PopulationId, whole: &str) -> bool {
    let whole = facts.model.populations.find(whole);
    whole.is_some_and(|whole| facts.graph.populations.is_within(population, whole))
}

/// Whether a party is among the parties of an event.
fn is_party(facts: &Facts<'_>, event: SubjectId, party: ActorId) -> bool {
    let mut parties = facts.model.subjects[event].parties.iter();
    parties.any(|&actor| facts.model.actors[actor].party == party)
}

/// The key by which the quoted answer is chosen: parties before outlets, then by date and claim.
pub(super) fn by_prominence(facts: &Facts<'_>, answer: AnswerId) -> (bool, Day, ClaimId) {
    let claim = facts.claim_of(answer);
    let row = facts.claim(claim);
    (facts.model.actors[row.party].publishes, row.said_on(), claim)
}

/// How plainly an answer says that its event happened: 0 for a yes, 1 for a target, 2 for a toll that does not count only
/// civilians, because such a toll is wider than a denial of harm to civilians. `None` if it does not say so.
fn plainness(facts: &Facts<'_>, answer: AnswerId) -> Option<u8> {
    let model = facts.model;
    let question = model.question(model.answers.question[answer.index()]);
    let denies = model.answers.stance[answer.index()] == Stance::Denies;
    match (model.measures.name(question.measure).as_str(), &model.answers.value[answer.index()]) {
        ("occurred", Value::YesNo(yes)) => (*yes != denies).then_some(0),
        ("target", Value::Choice(items)) => {
            let is_of_things = !items.iter().any(|item| matches!(item, ChoiceItem::Population(_)));
            (is_of_things && !denies).then_some(1)
        }
        (_, value) => {
            let civilians = model.populations.find("civilians")?;
            let population = question.population.filter(|&population| population != civilians)?;
            let is_wider = facts.graph.populations.is_within(civilians, population);
            let counts = value.ranges().is_some_and(|(hard, _)| hard.low >= ONE);
            (is_wider && counts && !denies).then_some(2)
        }
    }
}
