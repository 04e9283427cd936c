//! How a clash across questions is told: the claims beside what each is about, the sums that lead from them
//! to the clash, and what would end it.

use super::{capped, listed};
use crate::document::{MeasureType, Stance};
use crate::figure::{ONE, OPEN, Range, WHOLE};
use crate::finding::Finding;
use crate::id::{AnswerId, ClaimId, Id as _, MeasureId, QuestionId};
use crate::model::{Question, Value};
use crate::reason::{Clash, Fact, Joint, Link, Repair, Spot, Statement, Step};
use crate::rules::{Facts, Rule};

/// What tells the quantities of one step apart.
#[derive(Clone, Copy, Default)]
struct Apart {
    events: bool,
    measure: bool,
    population: bool,
    period: bool,
    day: bool,
}

impl Facts<'_> {
    /// A finding on a clash across questions: the claim that is broken, then those against it.
    pub(in crate::rules) fn tell_across(&self, rule: &Rule, clash: &Clash) -> Finding {
        let question = clash.questions[0];
        let (broken, others) = clash.statements.split_at(1.min(clash.statements.len()));
        let against = capped(others, |statement| self.described(statement, question));
        let message = format!(
            "{}: {}, against {}",
            self.model.question_in_words(question),
            self.quotes(broken),
            listed(&against)
        );
        self.tell(rule, clash, message)
    }

    /// A statement as its source words it, with what it is about where that is not the question, and who said it.
    fn described(&self, statement: &Statement, asked: QuestionId) -> String {
        let model = self.model;
        let answer = statement.first();
        let own = model.question(model.answers.question[answer.index()]);
        let asked = model.question(asked);
        let spots = [own, asked].map(spot);
        let label = self.label_of(&spots[0], apart(&spots.each_ref().map(|spot| spot)));
        let speaker = &model.actors[self.claim(self.claim_of(answer)).by].name;
        let words = model.answer_in_words(answer);
        let label = if label.is_empty() { label } else { format!(" {label}") };
        if statement.is_outright {
            format!("a denial of `{words}`{label} ({speaker})")
        } else {
            format!("`{words}`{label} ({speaker})")
        }
    }

    /// What an answer to another question than the one asked takes away, by what tells the two apart: a
    /// denial of any civilians killed.
    pub(in crate::rules) fn denied_elsewhere(&self, answer: AnswerId, asked: QuestionId) -> String {
        let model = self.model;
        let own = model.question(model.answers.question[answer.index()]);
        let spots = [own, model.question(asked)].map(spot);
        let mut apart = apart(&spots.each_ref().map(|spot| spot));
        apart.measure = true;
        let label = self.label_of(&spots[0], apart);
        let words = model.answer_in_words(answer);
        let is_denied = model.answers.stance[answer.index()] == Stance::Denies;
        match (is_denied, model.is_any(answer)) {
            (true, true) => match label.strip_prefix("people ") {
                Some(rest) => format!("a denial of anybody {rest}"),
                None => format!("a denial of any {label}"),
            },
            (true, false) => format!("a denial of `{words}` {label}"),
            (false, _) => format!("`{words}` {label}"),
        }
    }

    /// The steps of a clash across questions, in words.
    pub(super) fn steps_across(&self, clash: &Clash) -> Vec<String> {
        let joint = clash.joint.as_deref();
        let steps = joint.map_or(&[][..], |joint| joint.steps.as_slice());
        steps.iter().map(|step| self.step(step)).collect()
    }

    fn step(&self, step: &Step) -> String {
        let spots: Vec<&Spot> = step.from.iter().chain([&step.to]).map(|fact| &fact.spot).collect();
        let apart = apart(&spots);
        let from: Vec<String> = step.from.iter().map(|fact| self.fact(fact, apart)).collect();
        let to = self.fact(&step.to, apart);
        let is_sum = step.to.range.high == OPEN && step.from.iter().all(|fact| fact.range.low > 0);
        match step.link {
            Link::Ratio(answer) => {
                let words = self.model.answer_in_words(answer);
                format!("{} and `{words}` make {to}", listed(&from))
            }
            Link::Growth if is_sum => format!("{}, so {to}: a toll only rises", listed(&from)),
            Link::Growth => format!("{}, so {to} before: a toll only rises", listed(&from)),
            _ if is_sum && from.len() == 1 => format!("{}, so {to}", listed(&from)),
            _ if is_sum => format!("{} are {to}", listed(&from)),
            _ => format!("{} leave {to}", listed(&from)),
        }
    }

    /// `at least 25 civilians`: a quantity by what tells it apart.
    fn fact(&self, fact: &Fact, apart: Apart) -> String {
        let range = self.amount(fact.spot.measure, fact.range);
        let label = self.label_of(&fact.spot, apart);
        if label.is_empty() { range } else { format!("{range} {label}") }
    }

    fn amount(&self, measure: MeasureId, range: Range) -> String {
        let is_count = self.model.measures[measure].kind == MeasureType::Count;
        let range = if is_count { inwards(range) } else { range };
        let print = |value: i64| self.model.value_in_words(measure, value);
        match (range.low, range.high) {
            (low, high) if low == high => print(low),
            (low, OPEN) => format!("at least {}", print(low)),
            (0, high) => format!("at most {}", print(high)),
            (low, high) => format!("{} to {}", print(low), print(high)),
        }
    }

    /// What a quantity is of, as far as that tells it from the others.
    fn label_of(&self, spot: &Spot, apart: Apart) -> String {
        let model = self.model;
        let mut label = Vec::new();
        if apart.population {
            label.extend(spot.population.map(|id| {
                let name = &model.populations[id].name;
                if spot.rest { format!("others of the {name}") } else { name.to_string() }
            }));
        }
        if apart.measure {
            label.push(model.measures[spot.measure].name.to_string());
        }
        if apart.events {
            let names: Vec<String> =
                spot.events.iter().map(|&event| model.subjects[event].name.to_string()).collect();
            label.push(format!("in {}", listed(&names)));
        }
        if apart.period {
            label.extend(spot.period.map(|period| format!("in {}", period.in_words())));
        }
        if apart.day {
            label.push(spot.day.map_or("in the end".to_owned(), |day| {
                format!("by {}", crate::period::Period::between(Some(day), Some(day)).in_words())
            }));
        }
        label.join(" ")
    }

    /// A claim with what it would have to reach to end a clash, the others standing as they are.
    pub(super) fn repair(&self, repair: Repair) -> String {
        let Repair { answer, is_low, to } = repair;
        let question = self.model.answers.question[answer.index()];
        let way = if is_low { "down to" } else { "up to" };
        let percent = |millionths: i64| {
            let tenths = millionths.saturating_add(500).div_euclid(1000);
            format!("{}.{}%", tenths / 10, (tenths % 10).abs())
        };
        match self.model.answers.value[answer.index()] {
            Value::Share(..) => return format!("{} {way} {}", self.quote_answer(answer), percent(to)),
            Value::Change(..) => {
                let sign = if to < WHOLE { "-" } else { "+" };
                let by = percent((to - WHOLE).abs());
                return format!("{} {way} {sign}{by}", self.quote_answer(answer));
            }
            _ => {}
        }
        let to = match (self.model.measure_of(question).kind, is_low) {
            (MeasureType::Count, true) => to.div_euclid(ONE) * ONE,
            (MeasureType::Count, false) => to.saturating_add(ONE - 1).div_euclid(ONE) * ONE,
            _ => to,
        };
        let value = self.model.value_in_words(self.model.question(question).measure, to);
        format!("{} {way} {value}", self.quote_answer(answer))
    }

    /// Further sets that clash in the same way: each with the claim that the low ends of all of them break.
    pub(super) fn further(&self, clash: &Clash, joint: &Joint) -> Vec<Vec<ClaimId>> {
        let answers = &self.model.answers;
        let is_broken = |answer: AnswerId| answers.question[answer.index()] == clash.questions[0];
        let mut repairs = joint.repairs.iter().filter(|repair| !repair.is_low).map(|repair| repair.answer);
        let broken = repairs.find(|&answer| is_broken(answer)).map(|answer| self.claim_of(answer));
        let whole = |lows: &Vec<ClaimId>| broken.into_iter().chain(lows.iter().copied()).collect();
        joint.further.iter().map(whole).collect()
    }

    /// The desk's readings between the populations of a clash.
    pub(super) fn inferred_across(&self, clash: &Clash) -> Vec<String> {
        let population =
            |answer: AnswerId| self.model.question(self.model.answers.question[answer.index()]).population;
        let Some(whole) = self.model.question(clash.questions[0]).population else { return Vec::new() };
        let parts = clash.statements.iter().filter_map(|statement| population(statement.first()));
        let mut lines: Vec<String> = parts
            .filter(|&part| part != whole && self.graph.populations.is_within(part, whole))
            .flat_map(|part| self.inferred_between(part, whole))
            .collect();
        lines.sort();
        lines.dedup();
        lines
    }
}

fn spot(question: &Question) -> Spot {
    Spot {
        events: vec![question.subject],
        measure: question.measure,
        population: question.population,
        rest: false,
        period: question.period,
        day: None,
    }
}

/// What tells some quantities apart.
fn apart(spots: &[&Spot]) -> Apart {
    let differ = |same: fn(&Spot, &Spot) -> bool| spots.windows(2).any(|pair| !same(pair[0], pair[1]));
    Apart {
        events: differ(|a, b| a.events == b.events),
        measure: differ(|a, b| a.measure == b.measure),
        population: differ(|a, b| (a.population, a.rest) == (b.population, b.rest)),
        period: differ(|a, b| a.period == b.period),
        day: differ(|a, b| a.day == b.day),
    }
}

/// A range of whole numbers, rounded inwards.
fn inwards(range: Range) -> Range {
    let low = range.low.saturating_add(ONE - 1).div_euclid(ONE).saturating_mul(ONE);
    let high = if range.high == OPEN { OPEN } else { range.high.div_euclid(ONE) * ONE };
    Range { low, high }
}
