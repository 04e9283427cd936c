//! Charges: who is accused of which event, by whom, and whether the accused admits or denies it.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Denial, Facts, Kind};
use crate::document::{Stance, SubjectKind};
use crate::figure::ONE;
use crate::graph::{Marks, Nearest};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, PopulationId, QuestionId, SubjectId};
use crate::model::{ChoiceItem, Value};
use crate::period::Day;

/// One charge, by the answers that make it, the one that names it first.
pub(super) struct Charge<'c> {
    pub(super) event: SubjectId,
    pub(super) answers: &'c [AnswerId],
}

impl Charge<'_> {
    pub(super) fn question(&self, facts: &Facts<'_>) -> QuestionId {
        facts.model.answers.question[self.answers[0].index()]
    }
}

/// An event and a party it is laid to.
type Accused = (SubjectId, ActorId);

/// All charges of a workspace.
#[derive(Default)]
pub(super) struct Charges {
    /// What others say.
    laid: FxHashMap<Accused, Vec<AnswerId>>,
    /// What the accused says.
    admitted: FxHashSet<Accused>,
    denied: FxHashMap<Accused, Vec<AnswerId>>,
    /// For each party the events that are laid to it and that it does not admit.
    open: FxHashMap<ActorId, Laid>,
    /// Events for which anybody is named; the same as marks, once all are read.
    named: FxHashSet<SubjectId>,
    named_events: Option<Marks<()>>,
    /// For each event what each of its parties asserts of it, most plainly.
    asserted: FxHashMap<SubjectId, BTreeMap<ActorId, AnswerId>>,
}

/// The events that are laid to one party.
struct Laid {
    /// The widest first.
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
        for answers in charges.laid.values_mut() {
            answers.sort_by_key(|&answer| in_order(facts, answer));
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
                    self.laid.entry((event, accused)).or_default().push(answer);
                }
            }
        }
    }

    /// Whoever says that nothing happened denies every charge.
    fn read_occurred(&mut self, facts: &Facts<'_>, question: QuestionId) {
        let event = facts.model.question(question).subject;
        for (answer, party) in current(facts, question) {
            let Value::YesNo(yes) = facts.model.answers.value[answer.index()] else { continue };
            if yes == (facts.model.answers.stance[answer.index()] == Stance::Denies) {
                self.denied.entry((event, party)).or_default().push(answer);
            }
        }
    }

    /// Keeps what the parties of an event assert of it.
    fn read_asserted(&mut self, facts: &Facts<'_>, question: QuestionId) {
        let event = facts.model.question(question).subject;
        for (answer, party) in current(facts, question) {
            if let Some(own) = plainness(facts, answer)
                && is_party(facts, event, party)
            {
                let known = self.asserted.entry(event).or_default().entry(party).or_insert(answer);
                if (own, in_order(facts, answer))
                    < (plainness(facts, *known).unwrap_or(own), in_order(facts, *known))
                {
                    *known = answer;
                }
            }
        }
    }

    fn read_open(&mut self, facts: &Facts<'_>) {
        let events = &facts.graph.events;
        let mut open: FxHashMap<ActorId, Vec<SubjectId>> = FxHashMap::default();
        for &(event, party) in self.laid.keys().filter(|accused| !self.admitted.contains(accused)) {
            open.entry(party).or_default().push(event);
        }
        let laid = |(party, mut laid): (ActorId, Vec<SubjectId>)| {
            laid.sort_unstable_by_key(|&event| (events.depth(event), event));
            let marks = Marks::new(events, laid.iter().map(|&event| (event, ())));
            (party, Laid { events: laid, marks })
        };
        self.open = open.into_iter().map(laid).collect();
        self.named_events = Some(Marks::new(events, self.named.iter().map(|&event| (event, ()))));
    }

    /// The charge that a denial is held against: on its own event, else on the smallest around it that is laid
    /// to the party, else on the widest inside it. None where the party admits the event.
    pub(super) fn met_by(&self, facts: &Facts<'_>, denial: &Denial) -> Option<Charge<'_>> {
        let Denial { party, event, .. } = *denial;
        if self.admitted.contains(&(event, party)) {
            return None;
        }
        let around = || self.laid(self.around(facts, event, party)?, party);
        if denial.kind == Kind::Responsible {
            return around();
        }
        let inside = || self.laid(self.inside(facts, event, party)?, party);
        self.laid(event, party).or_else(around).or_else(inside).or_else(|| self.unnamed(facts, denial))
    }

    /// The smallest event around another that is laid to a party.
    fn around(&self, facts: &Facts<'_>, event: SubjectId, party: ActorId) -> Option<SubjectId> {
        let events = &facts.graph.events;
        let laid = self.open.get(&party).filter(|laid| laid.marks.any_around(events, event))?;
        if laid.events.len() <= events.depth(event) as usize {
            let mut smaller = laid.events.iter().rev().copied();
            return smaller.find(|&whole| whole != event && events.is_within(event, whole));
        }
        // The way up is shorter than the list.
        let mut nearest = Nearest::new(events, |whole| self.laid(whole, party).is_some());
        nearest.of(event).iter().copied().max_by_key(|&whole| (events.depth(whole), whole))
    }

    /// The widest event inside another that is laid to a party.
    fn inside(&self, facts: &Facts<'_>, event: SubjectId, party: ActorId) -> Option<SubjectId> {
        let events = &facts.graph.events;
        let laid = self.open.get(&party).filter(|laid| laid.marks.any_inside(events, event))?;
        let mut wider = laid.events.iter().copied();
        wider.find(|&part| part != event && events.is_within(part, event))
    }

    /// What others lay to a party that does not admit it.
    fn laid(&self, event: SubjectId, party: ActorId) -> Option<Charge<'_>> {
        let answers = self.laid.get(&(event, party)).filter(|_| !self.admitted.contains(&(event, party)));
        answers.map(|answers| Charge { event, answers })
    }

    /// What another party of the event asserts of it, where nobody is named and the denial is of harm to
    /// civilians. A party that asserts something of the event itself is not taken for the accused.
    fn unnamed(&self, facts: &Facts<'_>, denial: &Denial) -> Option<Charge<'_>> {
        let event = denial.event;
        let events = &facts.graph.events;
        let is_named = |marks: &Marks<()>| marks.any_around(events, event) || marks.any_inside(events, event);
        let is_named = self.named_events.as_ref().is_some_and(is_named);
        if is_named || !denial.civilians || !is_party(facts, event, denial.party) {
            return None;
        }
        let asserted = self.asserted.get(&event).filter(|asserted| !asserted.contains_key(&denial.party))?;
        let first =
            asserted.values().min_by_key(|&&answer| (plainness(facts, answer), in_order(facts, answer)))?;
        Some(Charge { event, answers: std::slice::from_ref(first) })
    }

    /// The answers by which a party denies a charge itself.
    pub(super) fn denied_as_well(&self, charge: &Charge<'_>, party: ActorId) -> &[AnswerId] {
        self.denied.get(&(charge.event, party)).map_or(&[], Vec::as_slice)
    }
}

/// The answers to a question that are still their party's position, with the party.
fn current<'a>(facts: &'a Facts<'_>, question: QuestionId) -> impl Iterator<Item = (AnswerId, ActorId)> + 'a {
    let current = facts.model.answers_to(question).filter(|answer| facts.reasoning.current[answer.index()]);
    current.map(|answer| (answer, facts.claim(facts.claim_of(answer)).party))
}

/// The party an actor speaks for.
pub(super) fn party_of(facts: &Facts<'_>, item: ChoiceItem) -> Option<ActorId> {
    match item {
        ChoiceItem::Actor(actor) => Some(facts.model.actors[actor].party),
        _ => None,
    }
}

/// Whether all of a population are of another, given by its id.
pub(super) fn is_within(facts: &Facts<'_>, population: PopulationId, whole: &str) -> bool {
    let whole = facts.model.populations.find(whole);
    whole.is_some_and(|whole| facts.graph.populations.is_within(population, whole))
}

/// Whether a party is one of an event.
fn is_party(facts: &Facts<'_>, event: SubjectId, party: ActorId) -> bool {
    let mut parties = facts.model.subjects[event].parties.iter();
    parties.any(|&actor| facts.model.actors[actor].party == party)
}

/// The order in which claims name a charge or a denial: parties before outlets, then by time and name.
pub(super) fn in_order(facts: &Facts<'_>, answer: AnswerId) -> (bool, Day, ClaimId) {
    let claim = facts.claim_of(answer);
    let row = facts.claim(claim);
    (facts.model.actors[row.party].publishes, row.said_on(), claim)
}

/// How plainly an answer says that its event happened, plainest first: a yes, a target, a toll that is not one
/// of civilians alone, so that it is wider than the denial of harm to them. None where it does not.
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
