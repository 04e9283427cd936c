//! Places, terms and populations: their parts and wholes, and the answers that name them.

use super::{FactLine, ShowPage};
use gainsay_analysis::graph::Nesting;
use gainsay_analysis::id::{Id, PlaceId, PopulationId, Table, TermId};
use gainsay_analysis::model::{ChoiceItem, Term, Value};

impl ShowPage<'_> {
    pub(super) fn place(&mut self, id: PlaceId) {
        let facts = self.place_facts(id);
        self.sheet.facts(facts);
        self.answers_naming(ChoiceItem::Place(id));
    }

    pub(super) fn place_facts(&self, id: PlaceId) -> Vec<FactLine> {
        let mut facts = self.term_facts(&self.model.places, id);
        let here = self.model.subjects.iter().filter(|(_, subject)| subject.place.contains(&id));
        facts.push(("events", self.listed(here.map(|(subject, _)| self.model.subject_in_words(subject)))));
        facts
    }

    pub(super) fn term(&mut self, id: TermId) {
        let facts = self.term_facts(&self.model.terms, id);
        self.sheet.facts(facts);
        self.answers_naming(ChoiceItem::Term(id));
    }

    pub(super) fn population(&mut self, id: PopulationId) {
        let facts = self.population_facts(id);
        self.sheet.facts(facts);
        let counted =
            self.answers_of(|answer| self.model.question(self.question_of(answer)).population == Some(id));
        self.by_question("Who counts them", &counted);
        self.answers_naming(ChoiceItem::Population(id));
    }

    pub(super) fn population_facts(&self, id: PopulationId) -> Vec<FactLine> {
        let populations = &self.model.populations;
        let row = &populations[id];
        let edges = if row.inferred { "the desk's reading" } else { "" };
        let name = |id: PopulationId| populations[id].name.to_string();
        let parts = populations.iter().filter(|(_, other)| other.part_of.contains(&id)).map(|(part, _)| part);
        let mut facts = vec![
            ("name", row.name.to_string()),
            ("part of", self.listed(row.part_of.iter().copied().map(name))),
            ("parts", self.listed(parts.map(name))),
            ("excludes", self.excluded(populations, &self.analysis.graph.populations, id, name)),
            ("inferred", edges.to_owned()),
        ];
        facts.extend(self.defined(&row.defined));
        facts
    }

    /// The populations that do not overlap with a population, no matter which definition says so.
    fn excluded<T>(
        &self,
        table: &Table<PopulationId, T>,
        nesting: &Nesting<PopulationId>,
        id: PopulationId,
        name: impl Fn(PopulationId) -> String,
    ) -> String {
        self.listed(table.ids().filter(|&other| nesting.is_apart(id, other)).map(name))
    }

    pub(super) fn term_facts<I: Id>(&self, table: &Table<I, Term<I>>, id: I) -> Vec<FactLine> {
        let row = &table[id];
        let names = |ids: &[I]| self.listed(ids.iter().map(|&other| table[other].name.to_string()));
        let parts = table.iter().filter(|(_, other)| other.part_of.contains(&id));
        let parts: Vec<I> = parts.map(|(part, _)| part).collect();
        let mut facts = vec![
            ("name", row.name.to_string()),
            ("part of", names(&row.part_of)),
            ("parts", names(&parts)),
            ("excludes", names(&row.excludes)),
        ];
        facts.extend(self.defined(&row.defined));
        facts
    }

    /// The answers to choices that name an item.
    fn answers_naming(&mut self, item: ChoiceItem) {
        let answers = self.answers_of(|answer| {
            matches!(&self.model.answers.value[answer.index()], Value::Choice(items) if items.contains(&item))
        });
        self.by_question("Answers that name it", &answers);
    }
}
