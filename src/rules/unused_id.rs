//! An id that nothing refers to.

use rustc_hash::FxHashSet;

use super::{Facts, Rule, Weight};
use crate::document::SubjectKind;
use crate::finding::{Finding, Grade};
use crate::id::{ActorId, MeasureId, PlaceId, PopulationId, SubjectId, TermId};
use crate::model::{Base, Defined, Item, Model, Value};

pub(super) static RULE: Rule = Rule {
    id: "unused-id",
    grade: Grade::Warning,
    summary: "an id that nothing refers to",
    weight: Weight::File,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
An actor, subject, place, term, population or measure that no claim is made with and no other definition
mentions is left over, or the claims that should use it use another id. An actor that speaks for another and
never says anything is unused as well. While some of the files cannot be read nothing is found, since what they
use is not known.

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

fn check(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    if !facts.complete {
        return;
    }
    let model = facts.model;
    let used = Used::by(model);
    let mut report = |kind: &str, id: &str, defined: &Defined, is_used: bool| {
        if let Some(at) = defined.location().filter(|_| !is_used) {
            findings.push(RULE.lint(
                at,
                format!("nothing refers to the {kind} `{id}`"),
                "defined and not used",
            ));
        }
    };
    for (id, row) in model.actors.iter() {
        report("actor", model.actors.name(id), &row.defined, used.actors.contains(&id));
    }
    for (id, row) in model.subjects.iter() {
        let kind = match row.kind {
            SubjectKind::Event => "event",
            SubjectKind::Proposition => "proposition",
            SubjectKind::Series => "series",
        };
        report(kind, model.subjects.name(id), &row.defined, used.subjects.contains(&id));
    }
    for (id, row) in model.places.iter() {
        report("place", model.places.name(id), &row.defined, used.places.contains(&id));
    }
    for (id, row) in model.terms.iter() {
        report("term", model.terms.name(id), &row.defined, used.terms.contains(&id));
    }
    for (id, row) in model.populations.iter() {
        report("population", model.populations.name(id), &row.defined, used.populations.contains(&id));
    }
    for (id, row) in model.measures.iter() {
        report("measure", model.measures.name(id), &row.defined, used.measures.contains(&id));
    }
}

/// Every id that a claim or a definition mentions.
#[derive(Default)]
struct Used {
    actors: FxHashSet<ActorId>,
    subjects: FxHashSet<SubjectId>,
    places: FxHashSet<PlaceId>,
    terms: FxHashSet<TermId>,
    populations: FxHashSet<PopulationId>,
    measures: FxHashSet<MeasureId>,
}

impl Used {
    fn by(model: &Model) -> Self {
        let mut used = Self::default();
        used.by_definitions(model);
        used.by_claims(model);
        used
    }

    fn by_definitions(&mut self, model: &Model) {
        self.actors.extend(model.actors.iter().filter_map(|(_, actor)| actor.speaks_for));
        self.actors.extend(model.sources.iter().map(|(_, source)| source.publisher));
        for (_, subject) in model.subjects.iter() {
            self.actors.extend(subject.parties.iter().copied().chain(subject.publisher));
            self.places.extend(&subject.place);
            let others =
                [&subject.part_of, &subject.overlaps, &subject.after, &subject.apart_from, &subject.beside];
            self.subjects.extend(others.into_iter().flatten());
        }
        for (_, place) in model.places.iter() {
            self.places.extend(place.part_of.iter().chain(&place.excludes));
        }
        for (_, term) in model.terms.iter() {
            self.terms.extend(term.part_of.iter().chain(&term.excludes));
        }
        for (_, population) in model.populations.iter() {
            self.populations.extend(population.part_of.iter().chain(&population.excludes));
        }
        self.measures.extend(model.measures.iter().flat_map(|(_, measure)| &measure.sum_of));
    }

    fn by_claims(&mut self, model: &Model) {
        for claim in &model.claims {
            self.actors.insert(claim.by);
            self.actors.extend(claim.via.iter().copied().chain(claim.attributes_to));
        }
        for question in &model.questions {
            self.subjects.insert(question.subject);
            self.measures.insert(question.measure);
            self.populations.extend(question.population);
        }
        for value in &model.answers.value {
            match value {
                Value::Share(_, whole) => _ = self.populations.insert(*whole),
                Value::Change(_, Base::Subject(base, _)) => _ = self.subjects.insert(*base),
                Value::Choice(items) => items.iter().for_each(|&item| self.item(item)),
                _ => {}
            }
        }
    }

    fn item(&mut self, item: Item) {
        match item {
            Item::Actor(id) => _ = self.actors.insert(id),
            Item::Place(id) => _ = self.places.insert(id),
            Item::Event(id) => _ = self.subjects.insert(id),
            Item::Term(id) => _ = self.terms.insert(id),
            Item::Population(id) => _ = self.populations.insert(id),
        }
    }
}
