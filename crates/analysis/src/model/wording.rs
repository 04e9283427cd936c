//! Names, questions and answers in words for readers.

use super::{ChoiceItem, Measure, Model, Question, Value};
use crate::document::{MeasureType, PEOPLE, Stance, SubjectKind, Word as _};
use crate::id::{AnswerId, ClaimId, Id as _, QuestionId};
use gainsay_reading::figure::{self, Range};

/// A heading for a question in two parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading {
    /// `How many militants were killed?`
    pub first: String,
    /// `Air raids of 22 February 2026`
    pub then: String,
}

/// The number of ids from a long list that a sentence names; it then says how many more there are. The page
/// of the claim shows all.
pub const MAX_NAMES: usize = 32;

impl Model {
    /// The full name of a claim: `SOURCE/CLAIM`.
    pub fn claim_name(&self, claim: ClaimId) -> String {
        let claim = self.claim(claim);
        format!("{}/{}", self.sources.name(claim.source), claim.name)
    }

    /// The name of a question: `SUBJECT/MEASURE/POPULATION@PERIOD`.
    pub fn question_name(&self, question: QuestionId) -> String {
        let Question { subject, measure, population, period, .. } = self.question(question);
        let mut name = format!("{}/{}", self.subjects.name(*subject), self.measures.name(*measure));
        if let Some(population) = population {
            name = format!("{name}/{}", self.populations.name(*population));
        }
        if let Some(period) = period {
            name = format!("{name}@{period}");
        }
        name
    }

    /// A question in words: `killed, civilians, raids of 22 February 2026`. The question whether a
    /// proposition holds is named by the proposition alone.
    pub fn question_in_words(&self, question: QuestionId) -> String {
        let Question { subject, measure, population, period, .. } = self.question(question);
        let is_proposition = self.subjects[*subject].kind == SubjectKind::Proposition;
        if is_proposition && self.measures.name(*measure) == "holds" && period.is_none() {
            return self.subject_in_words(*subject);
        }
        let mut words = vec![self.measures[*measure].name.to_string()];
        let people = self.populations.find("people");
        if let Some(population) = population.filter(|&population| Some(population) != people) {
            words.push(self.populations[population].name.to_string());
        }
        words.push(self.subject_in_words(*subject));
        words.extend(period.map(|period| period.in_words()));
        words.join(", ")
    }

    /// A question as a sentence without its subject, with the period if it has one: `How many militants were
    /// killed?`, `How many attacks were there in 2024?`
    pub fn question_asked(&self, question: QuestionId) -> String {
        let Question { measure, population, period, .. } = self.question(question);
        let Measure { asks, name, .. } = &self.measures[*measure];
        let asks = asks.as_deref().map_or("", |asks| asks.trim().trim_end_matches('?').trim_end());
        let mut words = if asks.is_empty() { name.to_string() } else { asks.to_owned() };
        if let Some(population) = *population {
            let who = &self.populations[population].name;
            if words.contains(PEOPLE) {
                words = words.replace(PEOPLE, who);
            } else if Some(population) != self.populations.find("people") {
                words = format!("{words}, of {who}");
            }
        }
        if let Some(period) = period {
            words = format!("{words} {}", period.when_in_words());
        }
        let mut letters = words.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}?", letters.as_str())
    }

    /// A question as a heading: the sentence, then its subject. For the question whether a proposition holds,
    /// the proposition comes first.
    pub fn question_heading(&self, question: QuestionId) -> Heading {
        let Question { subject, measure, .. } = self.question(question);
        let (asked, of) = (self.question_asked(question), self.subject_in_words(*subject));
        let is_proposition = self.subjects[*subject].kind == SubjectKind::Proposition;
        if is_proposition && self.measures.name(*measure) == "holds" {
            Heading { first: of, then: asked }
        } else {
            Heading { first: asked, then: of }
        }
    }

    /// The name of a subject, with its date if the name does not contain a year.
    pub fn subject_in_words(&self, subject: crate::id::SubjectId) -> String {
        let subject = &self.subjects[subject];
        match &subject.date {
            Some(date) if !has_year(&subject.name) => format!("{} ({})", subject.name, date.value.in_words()),
            _ => subject.name.to_string(),
        }
    }

    /// An answer in words: the value as written, with names in place of ids.
    pub fn answer_in_words(&self, answer: AnswerId) -> String {
        let at = answer.index();
        let origin = self.claim(self.answers.origin[at]);
        match &self.answers.value[at] {
            Value::Unstated => "no answer".to_owned(),
            Value::Choice(items) => {
                let shown = items.iter().take(MAX_NAMES);
                let mut names: Vec<_> = shown.map(|&item| self.item_name(item)).collect();
                if let Some(more) = items.len().checked_sub(MAX_NAMES).filter(|&more| more > 0) {
                    names.push(format!("{more} more"));
                }
                names.join(", ")
            }
            Value::Days(days) => days.in_words(),
            Value::YesNo(_) | Value::Figure(_) | Value::Share(..) | Value::Change(..) | Value::Step(..) => {
                origin.written.to_string()
            }
        }
    }

    /// Whether an answer only says that there was at least one, as `some` does.
    pub fn is_any(&self, answer: AnswerId) -> bool {
        matches!(
            &self.answers.value[answer.index()],
            Value::Figure(figure) if (1..=figure::ONE).contains(&figure.hard.low) && figure.hard.high == figure::OPEN
        )
    }

    /// The answer with its stance: `denies at least 80`, `denies it`, `neither confirms nor denies some`.
    pub fn stance_in_words(&self, answer: AnswerId) -> String {
        let words = self.answer_in_words(answer);
        match (self.answers.stance[answer.index()], &self.answers.value[answer.index()]) {
            (Stance::Asserts, _) => words,
            (Stance::Denies, Value::YesNo(true)) => "denies it".to_owned(),
            (Stance::Denies, Value::Figure(_)) if self.is_any(answer) => "denies any".to_owned(),
            (Stance::Denies, _) => format!("denies {words}"),
            (Stance::Declines, Value::Unstated) => "declines to answer".to_owned(),
            (Stance::Declines, _) => format!("neither confirms nor denies {words}"),
        }
    }

    /// The name of the entity in a choice.
    pub fn item_name(&self, item: ChoiceItem) -> String {
        match item {
            ChoiceItem::Actor(id) => self.actors[id].name.to_string(),
            ChoiceItem::Place(id) => self.places[id].name.to_string(),
            ChoiceItem::Event(id) => self.subjects[id].name.to_string(),
            ChoiceItem::Term(id) => self.terms[id].name.to_string(),
            ChoiceItem::Population(id) => self.populations[id].name.to_string(),
        }
    }

    /// A value of a measure in words: `1,034`, `5 days`.
    pub fn value_in_words(&self, measure: crate::id::MeasureId, value: i64) -> String {
        if self.measures[measure].counting == figure::Counting::TIME {
            figure::duration(value)
        } else {
            figure::number(value)
        }
    }

    /// A range of answers to a question in words: `36 and up`, `5 days`, `22 February 2026`.
    pub fn range_in_words(&self, question: QuestionId, range: Range) -> String {
        let measure = self.measure_of(question);
        match measure.kind {
            MeasureType::Amount if measure.counting == figure::Counting::TIME => {
                figure::duration_range(range)
            }
            MeasureType::Count | MeasureType::Amount => range.to_string(),
            MeasureType::YesNo => if range.low >= 1 { "yes" } else { "no" }.to_owned(),
            MeasureType::Scale => {
                let step = |at: i64| {
                    let index = usize::try_from(at - 1).ok();
                    index
                        .and_then(|index| measure.steps.get(index))
                        .map_or("none of it", |step| step.as_str())
                };
                let top = measure.steps.len() as i64;
                match (range.low, range.high) {
                    (low, high) if low == high => step(low).to_owned(),
                    (0, high) => format!("at most {}", step(high)),
                    (low, high) if high >= top => format!("at least {}", step(low)),
                    (low, high) => format!("{} to {}", step(low), step(high)),
                }
            }
            MeasureType::Date => days_in_words(range),
            MeasureType::Choice => measure.kind.word().to_owned(),
        }
    }
}

fn days_in_words(range: Range) -> String {
    use gainsay_reading::period::{Day, Period};
    let day = |at: i64| i32::try_from(at).ok().map(Day::from_number);
    Period::between(day(range.low), day(range.high)).in_words()
}

/// Whether a text contains four digits in a row, as a year does.
fn has_year(text: &str) -> bool {
    text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit))
}
