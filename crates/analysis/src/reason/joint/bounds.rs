//! The bounds that claims give for quantities, each with the days on which it holds.

use super::network::{Entities, QuantityKey};
use crate::document::Stance;
use crate::id::{AnswerId, Id as _};
use crate::model::{Base, Model, Question, Value};
use crate::reason::statements::{StatementReader, content_of};
use crate::reason::{Content, ValidDays};
use gainsay_reading::figure::{Qualifier, Range};

/// One bound of the hard range of one claim. A low bound holds from its day on, because a toll can only grow. A high
/// bound holds up to its day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bound {
    /// The index of the quantity in the network.
    pub(super) quantity: u32,
    /// Whether it is a lowest value. Otherwise it is a highest value.
    pub(super) is_low: bool,
    /// The day from which or up to which it holds, in days since 1970. `i32::MAX` means that it holds for the final
    /// figure.
    pub(super) day: i32,
    /// The value, in thousandths.
    pub(super) value: i64,
    /// The answer that gives the bound.
    pub(super) answer: AnswerId,
    /// Whether it holds only on the usual reading: a change stated together with `at least 36` is assumed to be
    /// calculated from 36.
    pub(super) usual: bool,
}

/// A share or a change: the quantity `own` is between `low` and `high` times the quantity `base`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ratio {
    /// The quantity that the claim is about.
    pub(super) own: u32,
    /// The quantity that it is compared with.
    pub(super) base: u32,
    /// The lowest factor, in millionths.
    pub(super) low: i64,
    /// The highest factor, in millionths, or [`OPEN`].
    pub(super) high: i64,
    /// The day of both figures. `i32::MAX` means the final figures.
    pub(super) day: i32,
    /// The answer that gives the ratio.
    pub(super) answer: AnswerId,
}

/// The content of an answer before its quantities have indexes.
pub(super) enum StatedValue {
    /// A range of one quantity.
    Figure { key: QuantityKey, range: Range, days: ValidDays, is_denial: bool, is_at_least: bool },
    /// A ratio of two quantities.
    Ratio { own: QuantityKey, base: QuantityKey, low: i64, high: i64, day: i32 },
}

/// The bounds or the ratio that a current answer gives. `None` for answers that do not limit a figure.
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
    let key = quantity_at(model, entities, question, days)?;
    match &model.answers.value[at] {
        Value::Share(..) | Value::Change(..) => ratio(model, entities, question, key, days, answer),
        Value::Figure(figure) if model.answers.stance[at] == Stance::Asserts => {
            let is_at_least = figure.qualifier == Qualifier::AtLeast;
            Some(StatedValue::Figure { key, range: figure.hard, days, is_denial: false, is_at_least })
        }
        Value::Figure(_) => match content_of(model, answer) {
            // A denial is not a count at one point in time, so it holds no matter when it was said.
            Some(Content::Interval { hard: range, .. }) => {
                Some(StatedValue::Figure { key, range, days, is_denial: true, is_at_least: false })
            }
            _ => None,
        },
        _ => None,
    }
}

/// The quantity of a question. A measure that can rise and fall has one quantity for each day. `None` if the answer
/// can describe several days.
fn quantity_at(
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
