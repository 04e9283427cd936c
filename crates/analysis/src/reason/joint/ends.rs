//! What claims say of a cell: the ends of their hard ranges, each at the day on which it binds.

use super::network::{Frame, Key};
use crate::document::Stance;
use crate::id::{AnswerId, Id as _};
use crate::model::{Base, Model, Question, Value};
use crate::reason::statements::{StatementReader, content_of};
use crate::reason::{Content, ValidDays};
use gainsay_reading::figure::{Qualifier, Range};

/// One end of one claim's hard range. A low end binds from its day on, a high end up to its day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct End {
    /// The cell it is said of.
    pub(super) cell: u32,
    /// Whether it is a least, else a greatest value.
    pub(super) is_low: bool,
    /// The day on which it binds, as days since 1970; `i32::MAX` for good.
    pub(super) day: i32,
    /// The value, in thousandths.
    pub(super) value: i64,
    /// The answer it is an end of.
    pub(super) answer: AnswerId,
    /// Whether it is only how the figure is usually read: a change stated beside `at least 36` is taken to be
    /// worked out from 36.
    pub(super) usual: bool,
}

/// A share of or a change against another cell: between `low` and `high` times it, in millionths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ratio {
    /// The cell it is said of.
    pub(super) own: u32,
    /// The cell it is measured against.
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

/// An answer as it takes part in joint reasoning, before its cells are numbered.
pub(super) enum Stated {
    /// A range of a cell.
    Figure { key: Key, range: Range, days: ValidDays, is_denial: bool, is_at_least: bool },
    /// A ratio between two cells.
    Ratio { own: Key, base: Key, low: i64, high: i64, day: i32 },
}

/// What a current answer says, where it is a figure that bears on other questions or is told by way of one.
pub(super) fn stated(reader: &StatementReader<'_>, frame: &Frame<'_>, answer: AnswerId) -> Option<Stated> {
    let at = answer.index();
    if !reader.current[at] {
        return None;
    }
    let model = reader.model;
    let question = model.question(model.answers.question[at]);
    let days = reader.valid_days[at];
    let key = cell_at(model, frame, question, days)?;
    match &model.answers.value[at] {
        Value::Share(..) | Value::Change(..) => ratio(model, frame, question, key, days, answer),
        Value::Figure(figure) if model.answers.stance[at] == Stance::Asserts => {
            let is_at_least = figure.qualifier == Qualifier::AtLeast;
            Some(Stated::Figure { key, range: figure.hard, days, is_denial: false, is_at_least })
        }
        Value::Figure(_) => match content_of(model, answer) {
            // A denial is no count so far: it holds whenever it was said.
            Some(Content::Interval(range, _)) => {
                Some(Stated::Figure { key, range, days, is_denial: true, is_at_least: false })
            }
            _ => None,
        },
        _ => None,
    }
}

/// The cell of a question; of what rises and falls the cell of a day, none where more than one may be meant.
fn cell_at(model: &Model, frame: &Frame<'_>, question: &Question, days: ValidDays) -> Option<Key> {
    let key = frame.key_of(question);
    if !model.measures[question.measure].varies {
        return Some(key);
    }
    (days.first == days.last).then(|| Frame::on_day(key, days.first))
}

fn ratio(
    model: &Model,
    frame: &Frame<'_>,
    question: &Question,
    own: Key,
    days: ValidDays,
    answer: AnswerId,
) -> Option<Stated> {
    if model.answers.stance[answer.index()] != Stance::Asserts {
        return None;
    }
    let Question { subject, measure, population, period, .. } = *question;
    let (base, low, high, day) = match &model.answers.value[answer.index()] {
        Value::Share(share, of) => {
            (frame.key(subject, measure, Some(*of), period), share.low, share.high, days.last)
        }
        Value::Change(change, Base::Period(of)) => {
            (frame.key(subject, measure, population, Some(*of)), change.low, change.high, i32::MAX)
        }
        Value::Change(change, Base::Subject(of, in_period)) => {
            (frame.key(*of, measure, population, *in_period), change.low, change.high, i32::MAX)
        }
        _ => return None,
    };
    let base = if model.measures[measure].varies { Frame::on_day(base, days.first) } else { base };
    (base != own).then_some(Stated::Ratio { own, base, low, high, day })
}
