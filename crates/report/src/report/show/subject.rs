//! An event, a proposition or a series: date, place, related subjects, and the questions on it.

use super::{FactLine, ShowPage};
use crate::report::wording::{answer_in_full, without_subject};
use gainsay_analysis::id::{PlaceId, QuestionId, SubjectId};

impl ShowPage<'_> {
    pub(super) fn subject(&mut self, id: SubjectId) {
        let facts = self.subject_facts(id);
        self.sheet.facts(facts);
        let asked = self.model.question_ids().filter(|&question| self.model.question(question).subject == id);
        let rows: Vec<_> = asked.flat_map(|question| self.positions_on(question)).collect();
        if !rows.is_empty() {
            self.sheet.heading("Questions, and who answers what");
            self.sheet.table(&["", "question", "answer", "who"], rows);
        }
        let claims = self.answers_of(|answer| self.model.question(self.question_of(answer)).subject == id);
        self.findings(&claims.into_iter().map(|answer| self.claim_of(answer)).collect(), false);
    }

    /// All facts except the questions.
    pub(super) fn subject_facts(&self, id: SubjectId) -> Vec<FactLine> {
        let mut facts = self.frame(id);
        facts.extend(self.surroundings(id));
        facts.extend(self.defined(&self.model.subjects[id].defined));
        facts
    }

    /// Name, kind, date and place.
    fn frame(&self, id: SubjectId) -> Vec<FactLine> {
        let subject = &self.model.subjects[id];
        let text =
            |text: &Option<smol_str::SmolStr>| text.as_ref().map(ToString::to_string).unwrap_or_default();
        let place = |place: &PlaceId| self.model.places[*place].name.to_string();
        vec![
            ("name", subject.name.to_string()),
            ("kind", text(&subject.nature)),
            ("date", subject.date.map(|date| date.value.in_words()).unwrap_or_default()),
            ("place", self.listed(subject.place.iter().map(place))),
            (
                "publisher",
                self.listed(subject.publisher.map(|actor| self.model.actors[actor].name.to_string())),
            ),
            ("method", text(&subject.method)),
            ("territory", text(&subject.territory)),
        ]
    }

    /// Related subjects and parties.
    fn surroundings(&self, id: SubjectId) -> Vec<FactLine> {
        let subject = &self.model.subjects[id];
        let names =
            |ids: &[SubjectId]| self.listed(ids.iter().map(|&other| self.model.subject_in_words(other)));
        let parts = self.model.subjects.iter().filter(|(_, other)| other.part_of.contains(&id));
        let parts: Vec<SubjectId> = parts.map(|(part, _)| part).collect();
        let all = if subject.parts_complete { "parts, all" } else { "parts" };
        let parties = subject.parties.iter().map(|&actor| self.model.actors[actor].name.to_string());
        vec![
            ("part of", names(&subject.part_of)),
            (all, names(&parts)),
            ("overlaps", names(&subject.overlaps)),
            ("after", names(&subject.after)),
            ("beside", names(&subject.beside)),
            ("apart from", names(&subject.apart_from)),
            ("parties", self.listed(parties)),
        ]
    }

    /// A row for each position on a question, or for each answer if it is not disputed.
    pub(super) fn positions_on(&self, question: QuestionId) -> Vec<[String; 4]> {
        let mut rows = match self.dispute(question) {
            Some(dispute) => self.held(question, dispute),
            None => self.given(question),
        };
        if let Some(first) = rows.first_mut() {
            first[0] = self.mark(question);
            first[1] = without_subject(self.model, question);
        }
        rows
    }

    /// A question with its answers and the parties that give each, on one line. None if it has no answers.
    pub(super) fn answered(&self, question: QuestionId) -> Option<String> {
        let rows = self.positions_on(question);
        let answer = |(at, [.., words, who]): (usize, &[String; 4])| {
            let words = words.strip_prefix(&format!("{}: ", at + 1)).unwrap_or(words);
            format!("{words} ({who})")
        };
        let answers: Vec<String> = rows.iter().enumerate().map(answer).collect();
        let [_, asked, ..] = rows.first()?;
        Some(format!("{asked}: {}", answers.join("; ")))
    }

    fn held(&self, question: QuestionId, dispute: &gainsay_analysis::dispute::Dispute) -> Vec<[String; 4]> {
        let rows = dispute.positions.iter().enumerate().map(|(at, position)| {
            let words = answer_in_full(self.model, question, position.named_by);
            let parties = position.parties.iter().map(|&party| self.model.actors[party].name.to_string());
            [String::new(), String::new(), format!("{}: {words}", at + 1), self.listed(parties)]
        });
        rows.collect()
    }

    pub(super) fn given(&self, question: QuestionId) -> Vec<[String; 4]> {
        let mut statement: Vec<(String, Vec<String>)> = Vec::new();
        for answer in self.model.answers_to(question) {
            let words = answer_in_full(self.model, question, answer);
            let who = self.model.actors[self.model.claim(self.claim_of(answer)).party].name.to_string();
            match statement.iter_mut().find(|(known, _)| *known == words) {
                Some((_, parties)) if parties.contains(&who) => {}
                Some((_, parties)) => parties.push(who),
                None => statement.push((words, vec![who])),
            }
        }
        statement
            .into_iter()
            .map(|(words, who)| [String::new(), String::new(), words, self.listed(who)])
            .collect()
    }
}
