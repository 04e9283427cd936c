//! What claims say of a quantity: the bounds of their hard ranges, each at the day on which it binds.

use super::network::{Entities, QuantityKey};
use crate::document::Stance;
use crate::id::{AnswerId, Id as _};
use crate::model::{Base, Model, Question, Value};
use crate::reason::statements::{StatementReader, content_of};
use crate::reason::{Content, ValidDays};
use gainsay_reading::figure::{Qualifier, Range};

/// One bound of one claim's hard range. A low bound binds from its day on, a high bound up to its day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bound {
    /// The quantity it is said of.
    pub(super) quantity: u32,
    /// Whether it is a least, else a greatest value.
    pub(super) is_low: bool,
    /// The day on which it binds, as days since 1970; `i32::MAX` for good.
    pub(super) day: i32,
    /// The value, in thousandths.
    pub(super) value: i64,
    /// The answer it is an bound of.
    pub(super) answer: AnswerId,
    /// Whether it is only how the figure is usually read: a change stated beside `at least 36` is taken to be
    /// worked out from 36.
    pub(super) usual: bool,
}

/// A share of or a change against another quantity: between `low` and `high` times it, in millionths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ratio {
    /// The quantity it is said of.
    pub(super) own: u32,
    /// The quantity it is measured against.
    pub(super) base: u32,
    /// The least number of times, in millionths.
    pub(super) low: i64,
    /// The greatest number of times, in millionths, or [`OPEN`].
    pub(super) high: i64,
    /// The day of both; `i32::MAX` for the final figures.
    pub(super) day: i32,
    /// The answer.
    pub(super) answer: AnswerId,
}

/// An answer as it takes part in joint reasoning, before its quantities are numbered.
pub(super) enum StatedValue {
    /// A range of a quantity.
    Figure { key: QuantityKey, range: Range, days: ValidDays, is_denial: bool, is_at_least: bool },
    /// A ratio between two quantities.
    Ratio { own: QuantityKey, base: QuantityKey, low: i64, high: i64, day: i32 },
}

/// What a current answer says, where it is a figure that bears on other questions or is told by way of one.
pub(super) fn stated(
    reader: &StatementReader<'_>,
    entities: &Entities<'_>,
    answer: AnswerId,
) -> Option<StatedValue> {
    let at = answer.index();
    if !reader.current[at] {
        return None;
    }
    let model = reader.model;
    let question = model.question(model.answers.question[at]);
    let days = reader.valid_days[at];
    let key = cell_at(model, entities, question, days)?;
    match &model.answers.value[at] {
        Value::Share(..) | Value::Change(..) => ratio(model, entities, question, key, days, answer),
        Value::Figure(figure) if model.answers.stance[at] == Stance::Asserts => {
            let is_at_least = figure.qualifier == Qualifier::AtLeast;
            Some(StatedValue::Figure { key, range: figure.hard, days, is_denial: false, is_at_least })
        }
        Value::Figure(_) => match content_of(model, answer) {
            // A denial is no count so far: it holds whenever it was said.
            Some(Content::Interval(range, _)) => {
                Some(StatedValue::Figure { key, range, days, is_denial: true, is_at_least: false })
            }
            _ => None,
        },
        _ => None,
    }
}

/// The quantity of a question; of what rises and falls the quantity of a day, none where more than one may be meant.
fn cell_at(
    model: &Model,
    entities: &Entities<'_>,
    question: &Question,
    days: ValidDays,
) -> Option<QuantityKey> {
    let key = entities.key_of(question);
    if !model.measures[question.measure].varies {
        return Some(key);
    }
    (days.first == days.last).then(|| Entities::on_day(key, days.first))
}

fn ratio(
    model: &Model,
    entities: &Entities<'_>,
    question: &Question,
    own: QuantityKey,
    days: ValidDays,
    answer: AnswerId,
) -> Option<StatedValue> {
    if model.answers.stance[answer.index()] != Stance::Asserts {
        return None;
    }
    let Question { subject, measure, population, period, .. } = *question;
    let (base, low, high, day) = match &model.answers.value[answer.index()] {
        Value::Share(share, of) => {
            (entities.key(subject, measure, Some(*of), period), share.low, share.high, days.last)
        }
        Value::Change(change, Base::Period(of)) => {
            (entities.key(subject, measure, population, Some(*of)), change.low, change.high, i32::MAX)
        }
        Value::Change(change, Base::Subject(of, in_period)) => {
            (entities.key(*of, measure, population, *in_period), change.low, change.high, i32::MAX)
        }
        _ => return None,
    };
    let base = if model.measures[measure].varies { Entities::on_day(base, days.first) } else { base };
    (base != own).then_some(StatedValue::Ratio { own, base, low, high, day })
}
