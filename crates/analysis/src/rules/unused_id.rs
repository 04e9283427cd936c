//! An id that nothing refers to.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::SubjectKind;
use crate::document::mention::Kind;
use crate::finding::Grade;
use crate::id::{ActorId, MeasureId, PlaceId, PopulationId, SubjectId, TermId};
use crate::model::{Base, ChoiceItem, Definition, Model, Value};
use crate::source::Location;

/// The record of this rule.
pub static RULE: Rule = Rule {
    id: "unused-id",
    grade: Grade::Warning,
    summary: "an id that nothing refers to",
    weight: Weight::File,
    scope: Scope::Uses,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
No claim uses this actor, subject, place, term, population or measure, and no other definition mentions it. It
is left over, or the claims that should use it use another id. An actor that speaks for another but makes no
claim is unused too.

The rule stays silent while some files cannot be read, because they may use the id.

Bad:

```yaml
actors: { paper: {}, minister: { speaks-for: state }, state: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { about: raid, measure: killed, value: 80, at: p2 }
```

Good:

```yaml
actors: { paper: {}, minister: { speaks-for: state }, state: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  toll: { by: minister, about: raid, measure: killed, value: 80, at: p2 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    if !facts.complete {
        return;
    }
    let model = facts.model;
    let used: FxHashSet<EntityRef> = uses(model).into_iter().map(|(_, thing)| thing).collect();
    let mut report = |word: &str, thing: EntityRef, defined: &Definition| {
        let Some(at) = defined.location().filter(|_| !used.contains(&thing)) else { return };
        let (kind, id) = thing.name(model);
        if !facts.elsewhere.uses(kind, id) {
            findings.push_lint(&RULE, at, || {
                RULE.lint(at, format!("nothing refers to the {word} `{id}`"), "defined but not used")
            });
        }
    };
    for (id, row) in model.actors.iter() {
        report("actor", EntityRef::Actor(id), &row.defined);
    }
    for (id, row) in model.subjects.iter() {
        let word = match row.kind {
            SubjectKind::Event => "event",
            SubjectKind::Proposition => "proposition",
            SubjectKind::Series => "series",
        };
        report(word, EntityRef::Subject(id), &row.defined);
    }
    for (id, row) in model.places.iter() {
        report("place", EntityRef::Place(id), &row.defined);
    }
    for (id, row) in model.terms.iter() {
        report("term", EntityRef::Term(id), &row.defined);
    }
    for (id, row) in model.populations.iter() {
        report("population", EntityRef::Population(id), &row.defined);
    }
    for (id, row) in model.measures.iter() {
        report("measure", EntityRef::Measure(id), &row.defined);
    }
}

/// A definition that claims and other definitions can refer to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EntityRef {
    /// An actor.
    Actor(ActorId),
    /// An event, a proposition or a series.
    Subject(SubjectId),
    /// A place.
    Place(PlaceId),
    /// A term.
    Term(TermId),
    /// A population.
    Population(PopulationId),
    /// A measure.
    Measure(MeasureId),
}

impl EntityRef {
    /// The kind of the definition, and its id as written.
    pub fn name(self, model: &Model) -> (Kind, &SmolStr) {
        match self {
            Self::Actor(id) => (Kind::Actor, model.actors.name(id)),
            Self::Subject(id) => (Kind::Subject, model.subjects.name(id)),
            Self::Place(id) => (Kind::Place, model.places.name(id)),
            Self::Term(id) => (Kind::Term, model.terms.name(id)),
            Self::Population(id) => (Kind::Population, model.populations.name(id)),
            Self::Measure(id) => (Kind::Measure, model.measures.name(id)),
        }
    }
}

impl From<ChoiceItem> for EntityRef {
    fn from(item: ChoiceItem) -> Self {
        match item {
            ChoiceItem::Actor(id) => Self::Actor(id),
            ChoiceItem::Place(id) => Self::Place(id),
            ChoiceItem::Event(id) => Self::Subject(id),
            ChoiceItem::Term(id) => Self::Term(id),
            ChoiceItem::Population(id) => Self::Population(id),
        }
    }
}

/// Every use of a definition by a claim or another definition, with the location of that claim or definition. The location
/// is `None` for built-in definitions.
pub fn uses(model: &Model) -> Vec<(Option<Location>, EntityRef)> {
    let mut uses = Uses(Vec::new());
    uses.by_definitions(model);
    uses.by_claims(model);
    uses.0
}

/// Collects the uses.
struct Uses(Vec<(Option<Location>, EntityRef)>);

impl Uses {
    fn add(&mut self, by: Option<Location>, things: impl IntoIterator<Item = EntityRef>) {
        self.0.extend(things.into_iter().map(|thing| (by, thing)));
    }

    fn by_definitions(&mut self, model: &Model) {
        for (_, actor) in model.actors.iter() {
            self.add(actor.defined.location(), actor.speaks_for.map(EntityRef::Actor));
        }
        for (_, source) in model.sources.iter() {
            self.add(source.defined.location(), [EntityRef::Actor(source.publisher)]);
        }
        for (_, subject) in model.subjects.iter() {
            let by = subject.defined.location();
            self.add(by, subject.parties.iter().copied().chain(subject.publisher).map(EntityRef::Actor));
            self.add(by, subject.place.iter().copied().map(EntityRef::Place));
            let others =
                [&subject.part_of, &subject.overlaps, &subject.after, &subject.apart_from, &subject.beside];
            self.add(by, others.into_iter().flatten().copied().map(EntityRef::Subject));
        }
        for (_, place) in model.places.iter() {
            let others = place.part_of.iter().chain(&place.excludes).copied();
            self.add(place.defined.location(), others.map(EntityRef::Place));
        }
        for (_, term) in model.terms.iter() {
            let others = term.part_of.iter().chain(&term.excludes).copied();
            self.add(term.defined.location(), others.map(EntityRef::Term));
        }
        for (_, population) in model.populations.iter() {
            let others = population.part_of.iter().chain(&population.excludes).copied();
            self.add(population.defined.location(), others.map(EntityRef::Population));
        }
        for (_, measure) in model.measures.iter() {
            self.add(measure.defined.location(), measure.sum_of.iter().copied().map(EntityRef::Measure));
        }
    }

    /// Uses by claims. Questions about a whole that no claim counts need no look, because its parts already name it.
    fn by_claims(&mut self, model: &Model) {
        for claim in &model.claims {
            let others = claim.via.iter().copied().chain(claim.attributes_to);
            self.add(Some(claim.location), others.chain([claim.by]).map(EntityRef::Actor));
        }
        for (at, value) in model.answers.value.iter().enumerate() {
            let by = Some(model.claim(model.answers.claim[at]).location);
            let question = model.question(model.answers.question[at]);
            self.add(by, [EntityRef::Subject(question.subject), EntityRef::Measure(question.measure)]);
            self.add(by, question.population.map(EntityRef::Population));
            match value {
                Value::Share(_, whole) => self.add(by, [EntityRef::Population(*whole)]),
                Value::Change(_, Base::Subject(base, _)) => self.add(by, [EntityRef::Subject(*base)]),
                Value::Choice(items) => self.add(by, items.iter().copied().map(EntityRef::from)),
                _ => {}
            }
        }
    }
}
