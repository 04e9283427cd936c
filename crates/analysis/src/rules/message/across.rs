//! The message of a finding on a clash across questions: the claims and what each is about, the calculations that lead
//! from them to the clash, and what would settle it.

use super::{capped, listed};
use crate::document::{MeasureType, Stance};
use crate::finding::Finding;
use crate::id::{AnswerId, ClaimId, Id as _, MeasureId, QuestionId};
use crate::model::{Question, Value};
use crate::reason::{Clash, Fact, Joint, JointQuantity, Link, Repair, Statement, Step};
use crate::rules::{Facts, Rule};
use gainsay_reading::figure::{ONE, OPEN, Range, WHOLE};

/// In which respects the quantities of a step differ; only these are mentioned in words.
#[derive(Clone, Copy, Default)]
struct QuantityDifferences {
    events: bool,
    measure: bool,
    population: bool,
    period: bool,
    day: bool,
}

impl Facts<'_> {
    /// A finding on a clash across questions. It quotes the claim that the others contradict, then the others.
    pub(in crate::rules) fn joint_clash_finding(&self, rule: &Rule, clash: &Clash) -> Finding {
        let question = clash.questions[0];
        let (contradicted, others) = clash.statements.split_at(1.min(clash.statements.len()));
        let against = capped(others, |statement| self.describe_statement(statement, question));
        let message = format!(
            "{}: {}, against {}",
            self.model.question_in_words(question),
            self.quotes(contradicted),
            listed(&against)
        );
        self.clash_finding(rule, clash, message)
    }

    /// A statement in the words of its source, with its speaker, and with what it is about if that is not the question.
    fn describe_statement(&self, statement: &Statement, asked: QuestionId) -> String {
        let model = self.model;
        let answer = statement.main_answer();
        let answered = model.question(model.answers.question[answer.index()]);
        let asked = model.question(asked);
        let quantities = [answered, asked].map(quantity);
        let label =
            self.label_of(&quantities[0], differences_of(&quantities.each_ref().map(|quantity| quantity)));
        let speaker = &model.actors[self.claim(self.claim_of(answer)).by].name;
        let words = model.answer_in_words(answer);
        let label = if label.is_empty() { label } else { format!(" {label}") };
        if statement.is_outright {
            format!("a denial of `{words}`{label} ({speaker})")
        } else {
            format!("`{words}`{label} ({speaker})")
        }
    }

    /// An answer to a question other than `asked`, with the respects in which the two questions differ: "a denial of any
    /// civilians killed".
    pub(in crate::rules) fn denied_elsewhere(&self, answer: AnswerId, asked: QuestionId) -> String {
        let model = self.model;
        let answered = model.question(model.answers.question[answer.index()]);
        let quantities = [answered, model.question(asked)].map(quantity);
        let mut differences = differences_of(&quantities.each_ref().map(|quantity| quantity));
        differences.measure = true;
        let label = self.label_of(&quantities[0], differences);
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
        steps.iter().map(|step| self.step_in_words(step)).collect()
    }

    fn step_in_words(&self, step: &Step) -> String {
        let quantities: Vec<&JointQuantity> =
            step.from.iter().chain([&step.to]).map(|fact| &fact.quantity).collect();
        let differences = differences_of(&quantities);
        let from: Vec<String> = step.from.iter().map(|fact| self.fact_in_words(fact, differences)).collect();
        let to = self.fact_in_words(&step.to, differences);
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

    /// The range of a quantity and what distinguishes it from the others: `at least 25 civilians`.
    fn fact_in_words(&self, fact: &Fact, differences: QuantityDifferences) -> String {
        let range = self.range_in_words(fact.quantity.measure, fact.range);
        let label = self.label_of(&fact.quantity, differences);
        if label.is_empty() { range } else { format!("{range} {label}") }
    }

    fn range_in_words(&self, measure: MeasureId, range: Range) -> String {
        let is_count = self.model.measures[measure].kind == MeasureType::Count;
        let range = if is_count { rounded_inwards(range) } else { range };
        let print = |value: i64| self.model.value_in_words(measure, value);
        match (range.low, range.high) {
            (low, high) if low == high => print(low),
            (low, OPEN) => format!("at least {}", print(low)),
            (0, high) => format!("at most {}", print(high)),
            (low, high) => format!("{} to {}", print(low), print(high)),
        }
    }

    /// What a quantity is about, limited to the respects in which it differs from the others.
    fn label_of(&self, quantity: &JointQuantity, differences: QuantityDifferences) -> String {
        let model = self.model;
        let mut label = Vec::new();
        if differences.population {
            label.extend(quantity.population.map(|id| {
                let name = &model.populations[id].name;
                if quantity.is_remainder { format!("others of the {name}") } else { name.to_string() }
            }));
        }
        if differences.measure {
            label.push(model.measures[quantity.measure].name.to_string());
        }
        if differences.events {
            let names: Vec<String> =
                quantity.events.iter().map(|&event| model.subjects[event].name.to_string()).collect();
            label.push(format!("in {}", listed(&names)));
        }
        if differences.period {
            label.extend(quantity.period.map(|period| format!("in {}", period.in_words())));
        }
        if differences.day {
            label.push(quantity.day.map_or("in the end".to_owned(), |day| {
                format!("by {}", gainsay_reading::period::Period::between(Some(day), Some(day)).in_words())
            }));
        }
        label.join(" ")
    }

    /// A claim with the value that it would need to end a clash if all others stay the same.
    pub(super) fn repair_in_words(&self, repair: Repair) -> String {
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

    /// Further sets of claims that clash in the same way, each with the claim that all of these sets contradict.
    pub(super) fn further(&self, clash: &Clash, joint: &Joint) -> Vec<Vec<ClaimId>> {
        let answers = &self.model.answers;
        let is_contradicted = |answer: AnswerId| answers.question[answer.index()] == clash.questions[0];
        let mut repairs = joint.repairs.iter().filter(|repair| !repair.is_low).map(|repair| repair.answer);
        let contradicted =
            repairs.find(|&answer| is_contradicted(answer)).map(|answer| self.claim_of(answer));
        let whole = |lows: &Vec<ClaimId>| contradicted.into_iter().chain(lows.iter().copied()).collect();
        joint.further.iter().map(whole).collect()
    }

    /// Lines for the inferred populations between the populations of a clash.
    pub(super) fn inferred_across(&self, clash: &Clash) -> Vec<String> {
        let population =
            |answer: AnswerId| self.model.question(self.model.answers.question[answer.index()]).population;
        let Some(whole) = self.model.question(clash.questions[0]).population else { return Vec::new() };
        let parts = clash.statements.iter().filter_map(|statement| population(statement.main_answer()));
        let mut lines: Vec<String> = parts
            .filter(|&part| part != whole && self.graph.populations.is_within(part, whole))
            .flat_map(|part| self.inferred_between(part, whole))
            .collect();
        lines.sort();
        lines.dedup();
        lines
    }
}

fn quantity(question: &Question) -> JointQuantity {
    JointQuantity {
        events: vec![question.subject],
        measure: question.measure,
        population: question.population,
        is_remainder: false,
        period: question.period,
        day: None,
    }
}

/// The respects in which some quantities differ.
fn differences_of(quantities: &[&JointQuantity]) -> QuantityDifferences {
    let differ = |same: fn(&JointQuantity, &JointQuantity) -> bool| {
        quantities.windows(2).any(|pair| !same(pair[0], pair[1]))
    };
    QuantityDifferences {
        events: differ(|a, b| a.events == b.events),
        measure: differ(|a, b| a.measure == b.measure),
        population: differ(|a, b| (a.population, a.is_remainder) == (b.population, b.is_remainder)),
        period: differ(|a, b| a.period == b.period),
        day: differ(|a, b| a.day == b.day),
    }
}

/// A range rounded inwards to whole numbers.
fn rounded_inwards(range: Range) -> Range {
    let low = range.low.saturating_add(ONE - 1).div_euclid(ONE).saturating_mul(ONE);
    let high = if range.high == OPEN { OPEN } else { range.high.div_euclid(ONE) * ONE };
    Range { low, high }
}
