//! Answers to related questions: other populations, sums and their parts, parts of an event.

use std::cmp::Reverse;

use rustc_hash::FxHashSet;

use super::entry::{ChartEntry, EntryRole, PartyGroups};
use super::reading::AxisReading;
use crate::report::html::PageContext;
use gainsay_analysis::document::MeasureType;
use gainsay_analysis::id::{Id as _, MeasureId, QuestionId, SubjectId};
use gainsay_reading::period::Period;

/// The most answers to related questions that are drawn.
const MAX_RELATED_ANSWERS: usize = 6;

/// About how many of the nearest answers they are chosen from.
const MAX_CANDIDATES: usize = 24;

/// The answers of a related question with more than this are counted, not read, because every question related to it
/// would read them again.
const MAX_ANSWERS_READ: usize = 400;

/// The most related questions that are read.
const MAX_QUESTIONS_READ: usize = 64;

impl PageContext<'_> {
    /// Answers to related questions: first those that findings name, then the nearest. Also returns how many
    /// more answers they have.
    pub(super) fn related_answers(&self, question: QuestionId) -> (PartyGroups, usize) {
        let mut entries: Vec<ChartEntry> = Vec::new();
        let mut more = 0;
        for other in self.neighbours(question) {
            let answers = self.model().answers_to(other).len();
            if entries.len() >= MAX_CANDIDATES || answers > MAX_ANSWERS_READ {
                more += answers;
                continue;
            }
            let statements = self.analysis.reasoning.statements(self.model(), &self.analysis.graph, other);
            for one in statements.iter().filter(|one| one.current) {
                let entry = self.entry(one.main_answer(), &one.answers, EntryRole::Related, question);
                match &entry.reading {
                    Some(reading) if !reading.denied => entries.push(entry),
                    _ => more += one.answers.len(),
                }
            }
        }
        // "There were some" says less than a figure, so it comes last.
        entries.sort_by_key(|entry| entry.reading.as_ref().is_some_and(AxisReading::is_any));
        let rest = entries.split_off(entries.len().min(MAX_RELATED_ANSWERS));
        more += rest.iter().map(|entry| entry.claims.len()).sum::<usize>();
        (self.grouped(entries), more)
    }

    /// The related questions, nearest first.
    fn neighbours(&self, question: QuestionId) -> Vec<QuestionId> {
        let model = self.model();
        let asked = model.question(question);
        let mut found = self.named_with(question);
        let mut measures = vec![asked.measure];
        measures.extend(&model.measures[asked.measure].sum_of);
        let sums = model.measures.iter().filter(|(_, other)| other.sum_of.contains(&asked.measure));
        measures.extend(sums.map(|(id, _)| id));
        let nested = |other: &QuestionId| {
            let other = model.question(*other);
            let pair = asked.population.zip(other.population);
            Reverse(pair.is_none_or(|(a, b)| self.analysis.graph.populations.is_nested(a, b)))
        };
        for &measure in &measures {
            let mut family = self.populations_of(asked.subject, measure, asked.period);
            family.sort_by_key(|other| {
                (model.question(*other).population != asked.population, nested(other), *other)
            });
            found.extend(family);
        }
        if !matches!(model.measures[asked.measure].kind, MeasureType::Count | MeasureType::Amount) {
            return self.on_one_axis(question, self.named_with(question));
        }
        let near =
            self.index.relations.parts(asked.subject).iter().chain(&model.subjects[asked.subject].part_of);
        for &subject in near.take(MAX_QUESTIONS_READ) {
            let same = |other: &QuestionId| model.question(*other).population == asked.population;
            found.extend(
                model
                    .family(subject, asked.measure)
                    .map(QuestionId::new)
                    .take(MAX_QUESTIONS_READ)
                    .filter(same),
            );
        }
        self.on_one_axis(question, found)
    }

    /// The questions among `others` whose answers can share an axis with those of a question, each once, up to a limit.
    fn on_one_axis(&self, question: QuestionId, mut others: Vec<QuestionId>) -> Vec<QuestionId> {
        let mut seen: FxHashSet<QuestionId> = FxHashSet::from_iter([question]);
        others.retain(|&other| self.is_on_one_axis(question, other) && seen.insert(other));
        others.truncate(MAX_QUESTIONS_READ);
        others
    }

    /// The questions on a subject, a measure and a period, for all populations. If there are very many, the first.
    fn populations_of(
        &self,
        subject: SubjectId,
        measure: MeasureId,
        period: Option<Period>,
    ) -> Vec<QuestionId> {
        let family = self.model().family(subject, measure);
        let questions = &self.model().questions[family.clone()];
        let (mut found, mut from) = (Vec::new(), 0);
        for _ in 0..MAX_QUESTIONS_READ {
            let Some(first) = questions.get(from) else { break };
            let to = from + questions[from..].partition_point(|other| other.population == first.population);
            let at = questions[from..to].binary_search_by_key(&period, |other| other.period);
            found.extend(at.ok().map(|at| QuestionId::new(family.start + from + at)));
            from = to;
        }
        found
    }

    /// Whether answers to two questions can share an axis.
    fn is_on_one_axis(&self, question: QuestionId, other: QuestionId) -> bool {
        let [one, other] = [question, other].map(|id| self.model().measure_of(id));
        let is_alike =
            one.kind == other.kind && one.counting == other.counting && one.of_people == other.of_people;
        is_alike && one.steps == other.steps
    }

    /// The other questions that the findings and positions of a dispute name.
    fn named_with(&self, question: QuestionId) -> Vec<QuestionId> {
        let Some(dispute) = self.index.dispute(question).map(|at| &self.analysis.disputes[at]) else {
            return Vec::new();
        };
        let findings = dispute.findings.iter().map(|&at| &self.analysis.findings[at]);
        let named = findings.flat_map(|finding| finding.questions().iter().copied());
        let answers = dispute.positions.iter().flat_map(|position| &position.answers);
        let held = answers.map(|answer| self.model().answers.question[answer.index()]);
        named.chain(held).filter(|&other| other != question).take(MAX_QUESTIONS_READ).collect()
    }
}
