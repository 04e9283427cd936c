//! A claim: who says what where, how it is read, and which other answers there are.

use super::{FactLine, ShowPage};
use crate::report::text::draw_positions;
use crate::report::wording::{answer_in_full, answers_of, mark, review_status, source_in_words, speaker};
use gainsay_analysis::document::{Certainty, Form, Part, Stance, Word as _};
use gainsay_analysis::id::{AnswerId, ClaimId, Id as _};
use gainsay_analysis::model::{Claim, Value};

impl ShowPage<'_> {
    pub(super) fn claim(&mut self, id: ClaimId) {
        let claim = self.model.claim(id);
        let answers = answers_of(self.analysis, id);
        let mut facts = self.said(claim);
        facts.extend(self.asked(&answers));
        self.sheet.facts(facts);
        if claim.broken {
            self.sheet.line("  This claim cannot be read, so it answers no question: see `gainsay check`.");
        }
        self.positions(&answers);
        self.findings(&std::iter::once(id).collect(), true);
    }

    /// Speaker, date and place.
    pub(super) fn said(&self, claim: &Claim) -> Vec<FactLine> {
        let names = |actors: &[gainsay_analysis::id::ActorId]| {
            self.listed(actors.iter().map(|&actor| self.model.actors[actor].name.to_string()))
        };
        let place = claim.at.map(|at| format!(", {at}")).unwrap_or_default();
        let part = if claim.part == Part::Body { "" } else { claim.part.word() };
        let form = if claim.form == Form::Paraphrase { "" } else { claim.form.word() };
        let described = if claim.as_of == claim.said { String::new() } else { claim.as_of.in_words() };
        let certainty = if claim.certainty == Certainty::Certain { "" } else { claim.certainty.word() };
        vec![
            ("who", speaker(self.model, claim)),
            ("said", claim.said.in_words()),
            ("describes", described),
            ("source", source_in_words(self.model, claim.source) + &place),
            ("part", part.to_owned()),
            ("via", names(&claim.via)),
            ("attributed to", names(claim.attributes_to.as_slice())),
            ("form", form.to_owned()),
            ("words", claim.words.as_ref().map(|words| format!("“{}”", words.value)).unwrap_or_default()),
            ("certainty", certainty.to_owned()),
            ("note", claim.note.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("silences", self.listed(claim.allow.iter().map(|name| name.value.to_string()))),
            ("file", self.place_of(claim.location)),
        ]
    }

    /// The questions it answers, and how its answers are read.
    pub(super) fn asked(&self, answers: &[AnswerId]) -> Vec<FactLine> {
        let facts = answers.iter().flat_map(|&answer| {
            let question = self.question_of(answer);
            [
                ("asked", self.model.question_in_words(question)),
                ("answer", answer_in_full(self.model, question, answer)),
                (self.reading_of(answer), self.reading(answer)),
                ("status", self.answer_status(answer)),
            ]
        });
        facts.collect()
    }

    /// The name of the reading: for a denial, it is the denied value.
    pub(super) fn reading_of(&self, answer: AnswerId) -> &'static str {
        let is_denial = self.model.answers.stance[answer.index()] == Stance::Denies;
        if is_denial { "denied" } else { "reads as" }
    }

    /// The hard and the usual range of an answer, and the conventions it is read by.
    pub(super) fn reading(&self, answer: AnswerId) -> String {
        let at = answer.index();
        let (question, value) = (self.model.answers.question[at], &self.model.answers.value[at]);
        let Some((hard, usual)) = value.ranges() else { return String::new() };
        let mut words = self.model.range_in_words(question, hard);
        if usual != hard {
            words = format!("{words}; usually {}", self.model.range_in_words(question, usual));
        }
        if let Value::Figure(figure) = value {
            let conventions = &self.model.settings.conventions;
            let lines = figure.leaned_on.iter().filter_map(|word| conventions.describe(word));
            let lines: Vec<String> = lines.collect();
            if !lines.is_empty() {
                words = format!("{words} (by convention: {})", lines.join("; "));
            }
        }
        words
    }

    /// Whether an answer still counts as its party's position.
    pub(super) fn answer_status(&self, answer: AnswerId) -> String {
        let claim = self.model.claim(self.claim_of(answer));
        let words = match self.model.answers.stance[answer.index()] {
            _ if self.analysis.reasoning.current[answer.index()] => "",
            Stance::Declines => "declines to answer, so it is not a position",
            _ if claim.certainty == Certainty::Conditional => {
                "depends on a condition, so it clashes with nothing"
            }
            _ if self.model.answers.value[answer.index()].ranges().is_none() && !self.is_choice(answer) => "",
            _ => "replaced by a later answer of its party",
        };
        words.to_owned()
    }

    fn is_choice(&self, answer: AnswerId) -> bool {
        matches!(self.model.answers.value[answer.index()], Value::Choice(_))
    }

    /// Who else answers the questions of a claim.
    fn positions(&mut self, answers: &[AnswerId]) {
        for &answer in answers {
            let question = self.question_of(answer);
            let Some(dispute) = self.dispute(question) else { continue };
            self.sheet.line("");
            let words = self.model.question_in_words(question);
            self.sheet.graded(dispute.grade, &format!("{} {words}", mark(dispute.grade)));
            let name = self.model.question_name(question);
            let standing = review_status(self.model, dispute);
            self.sheet.faint(&format!("  {name} · {} · {standing}", dispute.grade));
            draw_positions(&mut self.sheet, self.analysis, dispute);
        }
    }
}
